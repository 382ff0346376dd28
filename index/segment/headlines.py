"""Which headline belongs to which article: by topic first, by place where topics leave it open, all at once."""

import itertools
import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.language.terms import cuts_word
from index.repair.lines import lacks_bracket
from index.segment.blocks import Block
from index.segment.topic_similarity import Floats, TopicSimilarity, assign, find_grams

LINE_WEIGHTS = (0.25, 0.0, -0.1, -0.2, -0.3, -0.4)
"""What the first, second … line given to an article is worth: every article has a headline, few have four lines."""
UNPLACED = 0.12
"""Score of a heading that is given to no article: a column's banner."""
DIRECTLY_BEFORE = 0.2
DIRECTLY_AFTER = 0.16
PER_ARTICLE_BETWEEN = 0.02
NEIGHBOUR_SHARE = 0.4
"""How much the character pairs of the line above or below count beside a line's own."""
LIFTED_SHARE = 0.5
MAIN_SHARE = 0.3
"""A line of a headline has at least this share of the similarity of its best line; else it is kicker or deck."""
VERTICAL_COLUMNS = 4
# Verbs that want an object: a column of a vertical headline that ends in one is not its last one.
_WANTS_OBJECT = re.compile(
    r"(?:喜获|荣获|获评|获得|获|入选|摘得|斩获|夺得|打造|助力|迎来|走进|成为|实现|评为|的|在|与|和|为|将|把|被|对|向)$"
)
_QUOTED_VERTICALLY = re.compile(r"[『』]")


@dataclass(frozen=True, slots=True)
class Span:
    """An article's running text: its blocks' places on the page, in reading order, and the text itself."""

    places: tuple[int, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Match:
    """A heading given to an article, or to none.

    Args:
        place: of the heading among the page's blocks.
        article: its number; None for a banner.
        similarity: share of its weighted character pairs that the article has, 0–1.
        margin: how much worse the next best article would have been.
    """

    place: int
    article: int | None
    similarity: float
    margin: float


@dataclass(frozen=True, slots=True)
class Headline:
    """The lines over an article, told apart; each is None where there is none."""

    title: str | None
    kicker: str | None
    deck: str | None


def match_headings(
    blocks: Sequence[Block], spans: Sequence[Span], headings: Sequence[int], topics: TopicSimilarity
) -> list[Match]:
    """Give each free heading to the article that it belongs to, by the assignment with the greatest total score.

    Args:
        blocks: of the page.
        spans: its articles.
        headings: places of the headings that belong to no body.
        topics: of the spans' texts.
    """
    if not headings:
        return []
    units = _units(blocks, headings, "\n".join(span.text for span in spans))
    texts = ["".join(blocks[place].text.text for place in unit) for unit in units]
    similarity = np.array([topics.similarities(text) for text in texts]).reshape(len(units), len(spans))
    near = np.array(_nearness(blocks, spans, units))
    score = _leant(texts, units, similarity) + near.reshape(similarity.shape)
    width = len(spans)
    slots = np.concatenate([score + bonus for bonus in LINE_WEIGHTS], axis=1) if width else np.zeros((len(units), 0))
    none = np.full((len(units), len(units)), UNPLACED)
    columns = assign(np.concatenate([slots, none], axis=1))
    matches = []
    for row, (unit, column) in enumerate(zip(units, columns, strict=True)):
        article = column % width if column < slots.shape[1] else None
        if article is None:
            margin, share = UNPLACED - float(score[row].max(initial=0.0)), 0.0
        else:
            others = np.delete(score[row], article)
            margin = float(score[row, article] - others.max()) if others.size else 1.0
            share = float(similarity[row, article])
        matches += [Match(place, article, share, margin) for place in unit]
    return matches


def _units(blocks: Sequence[Block], headings: Sequence[int], bodies: str) -> list[list[int]]:
    """Join lines of one headline that breaks inside a phrase of some body, a word or a bracket."""
    units: list[list[int]] = []
    for place in headings:
        if units and units[-1][-1] == place - 1:
            before, after = blocks[place - 1].text.text, blocks[place].text.text
            if _runs_on(before, after, bodies) or (lacks_bracket(before) and not lacks_bracket(before + after)):
                units[-1].append(place)
                continue
        units.append([place])
    return units


def _leant(texts: Sequence[str], units: Sequence[Sequence[int]], similarity: Floats) -> Floats:
    """Let each line lean on the lines printed with it, the more so the less it says itself: they mostly belong together."""
    sizes = np.array([len(find_grams(text)) for text in texts], np.float64)
    leant = similarity * sizes[:, None]
    total = sizes.copy()
    for row, other in ((a, b) for a in range(len(units)) for b in (a - 1, a + 1) if 0 <= b < len(units)):
        if abs(units[row][0] - units[other][-1]) == 1 or abs(units[row][-1] - units[other][0]) == 1:
            leant[row] += NEIGHBOUR_SHARE * similarity[other] * sizes[other]
            total[row] += NEIGHBOUR_SHARE * sizes[other]
    return leant / np.maximum(total, 1.0)[:, None]


def _nearness(blocks: Sequence[Block], spans: Sequence[Span], units: Sequence[Sequence[int]]) -> list[list[float]]:
    """Return for each heading how near it is printed to each article, as a bonus."""
    starts = sorted(span.places[0] for span in spans)
    bounds = [(min(span.places), max(span.places)) for span in spans]
    found = []
    for unit in units:
        place = unit[0]
        after = next((number for number in range(unit[-1] + 1, len(blocks)) if _is_text(blocks[number])), None)
        before = next((number for number in range(place - 1, -1, -1) if _is_text(blocks[number])), None)
        near = []
        for span, (first, last) in zip(spans, bounds, strict=True):
            if after == first == span.places[0]:
                near.append(DIRECTLY_BEFORE)
            elif before in span.places and after not in span.places:
                near.append(DIRECTLY_AFTER)
            else:
                begun = bisect_left(starts, first) - bisect_right(starts, place)
                begun_above = bisect_left(starts, place) - bisect_right(starts, last)
                near.append(-PER_ARTICLE_BETWEEN * min(max(0, begun) + max(0, begun_above), 8))
        found.append(near)
    return found


def _is_text(block: Block) -> bool:
    return block.role in ("text", "signature", "byline", "listing")


def compose_headline(blocks: Sequence[Block], matches: Sequence[Match], span: Span) -> Headline:
    """Tell headline, kicker and deck apart, as far as that can be told without type sizes.

    Lines printed together that all speak of the article are one headline of several lines. A line before them that
    says little of it is the kicker, one behind them the deck; what is printed elsewhere is a kicker too.
    """
    if not matches:
        return Headline(None, None, None)
    groups: list[list[Match]] = []
    for match in matches:
        if groups and match.place == groups[-1][-1].place + 1:
            groups[-1].append(match)
        else:
            groups.append([match])
    main = max(groups, key=lambda group: max(line.similarity for line in group) + 0.05 * _adjoins(group, span))
    best = max(line.similarity for line in main)
    chosen = [number for number, line in enumerate(main) if line.similarity >= MAIN_SHARE * best]
    title = main[chosen[0] : chosen[-1] + 1]
    kickers = [line for group in groups if group is not main for line in group] + main[: chosen[0]]
    return Headline(
        title=_compose(blocks, title, span.text),
        kicker=_compose(blocks, kickers, span.text),
        deck=_compose(blocks, main[chosen[-1] + 1 :], span.text),
    )


def _adjoins(group: Sequence[Match], span: Span) -> bool:
    own = set(span.places)
    return group[-1].place + 1 in own or group[0].place - 1 in own


def _compose(blocks: Sequence[Block], lines: Sequence[Match], body: str) -> str | None:
    return compose_lines([in_reading_order(blocks[line.place].text.text, body) for line in lines], body)


def compose_lines(lines: Sequence[str], body: str) -> str | None:
    """Join the lines of a headline: without a gap where a word or a phrase of the body goes on over the break."""
    composed: str | None = None
    for line in lines:
        if composed is None:
            composed = line
            continue
        goes_on = not _seam(composed, line).isascii() and _runs_on(composed, line, body)
        composed += line if goes_on else f" {line}"
    return composed


def in_reading_order(title: str, body: str) -> str:
    """Put the columns of a vertical headline right: its columns run from right to left, dumps print them the other way.

    Its order is wrong when more of its seams are in the body the other way round; or, with the quotation marks of
    vertical setting, when the last column wants an object and the first one does not.
    """
    parts = title.split(" ")
    if len(parts) < 2:
        return title
    turned = parts[::-1]
    upright = bool(
        _QUOTED_VERTICALLY.search(title) and _WANTS_OBJECT.search(parts[-1]) and not _WANTS_OBJECT.search(parts[0])
    )
    if upright or (len(parts) <= VERTICAL_COLUMNS and _seams(turned, body) > _seams(parts, body)):
        return "".join(turned)
    return title


def _seams(parts: Sequence[str], body: str) -> int:
    return sum(_seam(left, right) in body for left, right in itertools.pairwise(parts))


def _runs_on(before: str, after: str, body: str) -> bool:
    """Whether a word, or a phrase of the body, goes on over the break between two lines."""
    return _seam(before, after) in body or cuts_word(before[-4:], after[:4])


def _seam(before: str, after: str) -> str:
    return before[-2:] + after[:2]


def find_lifted(lines: Sequence[str], paragraphs: Sequence[str]) -> list[int]:
    """Return the places among a headline's lines of sub-headings that were lifted out of the body, in print order.

    A headline speaks of the lead, a sub-heading of a section further down; at least two of them, in the order of
    their sections, tell that from a kicker or a deck.
    """
    if len(paragraphs) < 3 or len(lines) < 2:
        return []
    weights = TopicSimilarity(paragraphs)
    found: list[tuple[int, int]] = []
    for place, line in enumerate(lines):
        shares = [weights.share(line, number) for number in range(len(paragraphs))]
        section = max(range(1, len(paragraphs)), key=lambda number: shares[number])
        if shares[section] >= LIFTED_SHARE and shares[0] <= LIFTED_SHARE * shares[section]:
            found.append((place, section))
    while found and any(later[1] < earlier[1] for earlier, later in itertools.pairwise(found)):
        found.pop(0)
    return [place for place, _section in found] if len(found) > 1 else []


def place_subheads(subheads: Sequence[str], paragraphs: Sequence[str], *, has_lead: bool) -> list[int]:
    """Return for each sub-heading lifted out of a body the paragraph that it stands over, in growing order.

    Each heads a section from its paragraph up to the next one's. The sections in which the sub-headings find most of
    their character pairs win, what they find in the section's first paragraph counting double.

    Args:
        has_lead: the first paragraph is a lead, over which no sub-heading stands; else the first one stands there.
    """
    grams = [find_grams(subhead) for subhead in subheads]
    bodies = [find_grams(paragraph) for paragraph in paragraphs]
    count, length = len(subheads), len(paragraphs)

    def found(number: int, first: int, last: int) -> float:
        section: set[str] = set().union(*bodies[first:last])
        size = len(grams[number]) or 1
        return (len(grams[number] & section) + len(grams[number] & bodies[first])) / size

    best: dict[tuple[int, int], tuple[float, list[int]]] = {}
    for number in reversed(range(count)):
        for first in range(number, length):
            ends = [length] if number == count - 1 else list(range(first + 1, length))
            options = [
                (found(number, first, last) + rest[0], [first, *rest[1]])
                for last in ends
                if (rest := best.get((number + 1, last), (0.0, []) if number == count - 1 else None)) is not None
            ]
            if options:
                best[number, first] = max(options, key=lambda option: option[0])
    starts = range(1, length) if has_lead else range(1)
    candidates = [best[0, first] for first in starts if (0, first) in best]
    return max(candidates, key=lambda option: option[0])[1] if candidates else [0] * count
