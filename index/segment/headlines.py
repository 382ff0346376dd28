"""Which headline belongs to which article: by topic first, by place where topics leave it open, all at once."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.language.terms import cuts_word
from index.repair.lines import lacks_bracket
from index.segment.blocks import Block
from index.segment.heading_features import HEADING_FEATURES, Span, heading_rows
from index.segment.topic_similarity import TopicSimilarity, assign
from index.segment.trees import trees

LINE_COSTS = (-3.0, 0.0, 0.5, 1.0, 2.0, 4.0)
"""Log-odds that the first, second … line given to an article loses: every article has a headline, few have four lines.

The first was chosen among 0 to -4 on 120 pages that were not learnt from."""
BESIDE_LINE = 2.0
"""Log-odds that a heading beside 上接01版 gains for the article that goes on there: newspapers print the headline again at
that line, generated pages print the line anywhere."""
LIFTED = 0.7
"""Log-odds that a sub-heading printed elsewhere gains: left out it is lost, in the wrong article it is one line too many. On
200 pages that were not learnt from joins gained .012 by it, exact articles lost .001."""
LIFTED_SHARE = 0.5
MAIN_SHARE = 0.3
"""A line of a headline has at least this share of the similarity of its best line; else it is kicker or deck."""
VERTICAL_COLUMNS = 4
SIMILARITY = HEADING_FEATURES.index("similarity")
BESIDE = HEADING_FEATURES.index("beside its continuation line")
# Verbs that want an object: a column of a vertical headline that ends in one is not its last one.
_WANTS_OBJECT = re.compile(
    r"(?:喜获|荣获|获评|获得|获|入选|摘得|斩获|夺得|打造|助力|迎来|走进|成为|实现|评为|的|在|与|和|为|将|把|被|对|向)$"
)
_QUOTED_VERTICALLY = re.compile(r"[『』]")


@dataclass(frozen=True, slots=True)
class Match:
    """A heading given to an article, or to none.

    Args:
        place: of the heading among the page's blocks.
        article: its number; None for a banner.
        similarity: share of its weighted character pairs that the article has, 0–1.
        margin: by how many log-odds the next best article would have been worse.
        is_lifted: it is no headline but a sub-heading that was printed away from its paragraph.
    """

    place: int
    article: int | None
    similarity: float
    margin: float
    is_lifted: bool = False


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
    units = find_units(blocks, headings, "\n".join(span.text for span in spans))
    if not spans:
        return [Match(place, None, 0.0, 0.0) for unit in units for place in unit]
    count, width = len(units), len(spans)
    rows = heading_rows(blocks, spans, units, topics)
    flat = rows.reshape(count * width, -1)
    score, lifted = (
        trees(name, HEADING_FEATURES).scores(flat).reshape(count, width) for name in ("headings", "lifted")
    )
    score, lifted = score + BESIDE_LINE * rows[:, :, BESIDE], lifted + LIFTED
    slots = np.concatenate([score - cost for cost in LINE_COSTS], axis=1)
    # What is no line of any headline is a sub-heading or a banner, as many as there are.
    otherwise = np.tile(np.maximum(lifted.max(axis=1), 0.0)[:, None], (1, count))
    matches = []
    for row, (unit, column) in enumerate(zip(units, assign(np.concatenate([slots, otherwise], axis=1)), strict=True)):
        is_line = column < slots.shape[1]
        best = column % width if is_line else int(lifted[row].argmax())
        options = (score if is_line else lifted)[row]
        article = best if is_line or options[best] > 0 else None
        others = np.append(np.delete(score[row], best), 0.0).max()
        share = 0.0 if article is None else float(rows[row, article, SIMILARITY])
        margin = float(options[best] - others) if article is not None else float(-score[row].max())
        matches += [
            Match(place, article, share, margin, is_lifted=article is not None and not is_line) for place in unit
        ]
    return matches


def find_units(blocks: Sequence[Block], headings: Sequence[int], bodies: str) -> list[list[int]]:
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
    texts = [in_reading_order(blocks[line.place].text.text, body) for line in lines]
    # The columns of a vertical headline may be two lines, too.
    turned = len(texts) == 2 and _seams(texts[::-1], body) > _seams(texts, body)
    return compose_lines(texts[::-1] if turned else texts, body)


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
    """How much of the body goes on over the breaks between the parts: two and two characters, or two and one."""
    return sum(
        (left[-before:] + right[:after]) in body
        for left, right in itertools.pairwise(parts)
        for before, after in ((2, 2), (2, 1), (1, 2))
    )


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
