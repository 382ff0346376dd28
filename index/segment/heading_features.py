"""The features of each heading being a line of an article's headline, or a sub-heading lifted out of its body."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.segment.blocks import Block
from index.segment.roles import SECTION
from index.segment.topic_similarity import LEAD_CHARACTERS, Floats, TopicSimilarity, best_of_others, find_grams

NEIGHBOUR_SHARE = 0.4
"""How much the character pairs of the line above or below count beside a line's own."""
HEADING_FEATURES = (
    "share",
    "similarity",
    "lead over other articles",
    "leant similarity",
    "leant lead",
    "best similarity anywhere",
    "first paragraph",
    "best later paragraph",
    "place of the best paragraph",
    "later over first",
    "directly before",
    "text below is its own",
    "text above is its own",
    "text above ends it",
    "articles between",
    "stands before",
    "place in stack",
    "lines in stack",
    "lines below in stack",
    "order",
    "stacks per article",
    "stack is above text",
    "doubled",
    "size",
    "two parts",
    "blocks",
    "section",
    "articles",
    "article size",
    "article begins clearly",
    "paragraphs",
    "sub-headings in it",
    "another heading's similarity",
    "rank for the article",
    "stack's similarity",
    "stack's lead",
    "another stack directly before",
    "grams",
    "asks",
    "opened above",
    "continued",
    "beside its continuation line",
    "sub-headings beside it",
    "in the order of their sections",
    "to the sub-heading above",
    "to the sub-heading below",
    "paragraphs a section",
    "longest stretch",
    "longest stretch is in the lead",
)
SECTION_SHARE, LEAD_OFF = 0.6, 0.3
"""A sub-heading has this share of its rare character pairs in a later paragraph, and so much more than in the first one."""
NO_SECTION = 7
"""Paragraphs to the next sub-heading that is printed in its place, where there is none or none as near."""
STRETCH_SIMILARITY = 0.4
"""Similarity from which a heading is looked for word by word in an article."""


@dataclass(frozen=True, slots=True)
class Span:
    """An article's running text.

    Args:
        places: of its blocks on the page, in reading order.
        text: theirs.
        sections: numbers of the places over which a sub-heading is printed.
    """

    places: tuple[int, ...]
    text: str
    sections: tuple[int, ...] = ()


def heading_rows(
    blocks: Sequence[Block],
    articles: Sequence[Span],
    units: Sequence[Sequence[int]],
    topics: TopicSimilarity,
) -> Floats:
    """Return (units, articles, features).

    Args:
        units: places of the headings, those of one line of a headline together.
        topics: of the articles' texts.
    """
    texts = ["".join(blocks[place].text.text for place in unit) for unit in units]
    count, width = len(units), len(articles)
    rows = np.zeros((count, width, len(HEADING_FEATURES)))
    if not count or not width:
        return rows
    similarity = np.array([topics.similarities(text) for text in texts])
    sizes = np.array([len(find_grams(text)) for text in texts], np.float64)
    stacks = _stacks(units)
    leant = _leant(units, similarity, sizes)
    ahead, leant_ahead = similarity - best_of_others(similarity), leant - best_of_others(leant)
    paragraphs = _paragraph_shares(blocks, articles, texts)
    places = paragraphs[:, :, 3]
    is_section = (paragraphs[:, :, 1] >= SECTION_SHARE) & (paragraphs[:, :, 1] - paragraphs[:, :, 0] > LEAD_OFF)
    to_above, to_below = _to_sections(articles, places)
    stretches = _stretches(texts, articles, similarity)
    is_text = [number for number, block in enumerate(blocks) if block.role in _TEXT_ROLES]
    owner = {place: number for number, article in enumerate(articles) for place in article.places}
    starts = [article.places[0] for article in articles]
    order = np.argsort(np.argsort(starts))
    bounds = sorted((min(article.places), max(article.places)) for article in articles)
    firsts, lasts = [first for first, _last in bounds], sorted(last for _first, last in bounds)
    numbers = np.arange(width)
    below, above = [], []
    for unit in units:
        at = bisect_left(is_text, unit[-1])
        below.append(is_text[at] if at < len(is_text) else None)
        at = bisect_left(is_text, unit[0])
        above.append(is_text[at - 1] if at else None)
    stack_total = stacks[-1] + 1
    directly = np.array([[place is not None and place == start for start in starts] for place in below])
    continued = find_continued(blocks, articles)
    for row, unit in enumerate(units):
        own_below = owner.get(below[row]) if below[row] is not None else None  # type: ignore[arg-type]
        own_above = owner.get(above[row]) if above[row] is not None else None  # type: ignore[arg-type]
        same = [other for other in range(count) if stacks[other] == stacks[row] and other != row]
        strangers = [other for other in range(count) if stacks[other] != stacks[row]]
        position = sum(other < row for other in same)
        head = blocks[unit[0]]
        features: list[npt.ArrayLike] = [
            topics.shares(texts[row]),
            similarity[row],
            ahead[row],
            leant[row],
            leant_ahead[row],
            similarity[row].max(),
            paragraphs[row, :, 0],
            paragraphs[row, :, 1],
            paragraphs[row, :, 2],
            paragraphs[row, :, 1] - paragraphs[row, :, 0],
            directly[row],
            numbers == own_below,
            numbers == own_above,
            [above[row] == article.places[-1] for article in articles],
            [
                min(_between(firsts, lasts, unit[0], min(article.places), max(article.places)), 8)
                for article in articles
            ],
            [unit[0] < start for start in starts],
            min(position, 5),
            min(len(same) + 1, 6),
            min(len(same) - position, 5),
            np.clip(stacks[row] - order, -6, 6),
            min(stack_total / width, 3.0),
            below[row] is not None and below[row] == unit[-1] + 1 + len(same) - position,
            head.doubled,
            min(sum(len(blocks[place].text) for place in unit), 40) / 10,
            " " in texts[row],
            min(len(unit), 5),
            bool(SECTION.search(texts[row])),
            min(width, 20) / 10,
            [min(len(article.text), 1500) / 500 for article in articles],
            [blocks[article.places[0]].is_fresh for article in articles],
            [min(len(article.places), 12) / 4 for article in articles],
            [min(len(article.sections), 4) for article in articles],
            similarity[strangers].max(axis=0) if strangers else 0.0,
            np.minimum((similarity > similarity[row]).sum(axis=0), 5),
            similarity[same].max(axis=0) if same else 0.0,
            ahead[same].max(axis=0) if same else 0.0,
            directly[strangers].any(axis=0) if strangers else 0.0,
            min(sizes[row], 20) / 5,
            texts[row][-1] in "？！?!",
            above[row] is not None and blocks[above[row]].is_open,  # type: ignore[index]
            continued,
            [is_continued and _stands_beside_line(blocks, unit) for is_continued in continued],
            np.minimum(is_section[same].sum(axis=0), 4) if same else 0.0,
            _in_order(row, same, places, is_section),
            to_above[row],
            to_below[row],
            [min(len(article.places) / (len(article.sections) + 1), 8) for article in articles],
            stretches[row, :, 0],
            stretches[row, :, 1],
        ]
        for column, values in enumerate(features):
            rows[row, :, column] = values
    return rows


_TEXT_ROLES = ("text", "signature", "byline", "listing")


def _stands_beside_line(blocks: Sequence[Block], unit: Sequence[int]) -> bool:
    """Whether a line such as 上接01版 stands right above or below a heading."""
    beside = [place for place in (unit[0] - 1, unit[-1] + 1) if 0 <= place < len(blocks)]
    return any(blocks[place].role == "continuation" for place in beside)


def find_continued(blocks: Sequence[Block], articles: Sequence[Span]) -> list[bool]:
    """Return for each article whether a line 上接01版 is its own: the nearest one's that begins by no word of its own."""
    partial = [number for number, article in enumerate(articles) if not blocks[article.places[0]].is_fresh]
    found = [False] * len(articles)
    for place, block in enumerate(blocks):
        if partial and block.role == "continuation" and "上" in block.text.text[:3]:
            found[min(partial, key=lambda n: min(abs(place - other) for other in articles[n].places))] = True
    return found


def _stacks(units: Sequence[Sequence[int]]) -> list[int]:
    """Return for each heading the number of its stack: those printed below one another."""
    found: list[int] = []
    for number, unit in enumerate(units):
        goes_on = number and units[number - 1][-1] == unit[0] - 1
        found.append((found[-1] if found else 0) + (0 if goes_on or not number else 1))
    return found


def _leant(units: Sequence[Sequence[int]], similarity: Floats, sizes: Floats) -> Floats:
    """Let each line lean on the lines printed with it, the more so the less it says itself: they mostly belong together."""
    leant = similarity * sizes[:, None]
    total = sizes.copy()
    for row, other in ((a, b) for a in range(len(units)) for b in (a - 1, a + 1) if 0 <= b < len(units)):
        if abs(units[row][0] - units[other][-1]) == 1 or abs(units[row][-1] - units[other][0]) == 1:
            leant[row] += NEIGHBOUR_SHARE * similarity[other] * sizes[other]
            total[row] += NEIGHBOUR_SHARE * sizes[other]
    found: Floats = leant / np.maximum(total, 1.0)[:, None]
    return found


def _paragraph_shares(blocks: Sequence[Block], articles: Sequence[Span], texts: Sequence[str]) -> Floats:
    """Return (headings, articles, 4): the share of a heading in the first paragraph, in the best later one, and where that stands:

    as a share of the paragraphs, and its number.
    """
    places = [place for article in articles for place in article.places]
    topics = TopicSimilarity([blocks[place].text.text for place in places])
    shares = np.array([topics.shares(text) for text in texts])
    found = np.zeros((len(texts), len(articles), 4))
    first = 0
    for number, article in enumerate(articles):
        own = shares[:, first : first + len(article.places)]
        first += len(article.places)
        found[:, number, 0] = own[:, 0]
        if own.shape[1] > 1:
            found[:, number, 1] = own[:, 1:].max(axis=1)
            found[:, number, 3] = 1 + own[:, 1:].argmax(axis=1)
            found[:, number, 2] = found[:, number, 3] / own.shape[1]
    return found


def _to_sections(articles: Sequence[Span], places: Floats) -> tuple[Floats, Floats]:
    """Return (headings, articles) twice: from the paragraph with most of a heading to the sub-headings printed above and below."""
    above, below = np.full(places.shape, float(NO_SECTION)), np.full(places.shape, float(NO_SECTION))
    for column, article in enumerate(articles):
        for first in article.sections:
            gap = places[:, column] - first
            above[:, column] = np.where(gap >= 0, np.minimum(above[:, column], gap), above[:, column])
            below[:, column] = np.where(gap < 0, np.minimum(below[:, column], -gap), below[:, column])
    return above, below


def _in_order(row: int, same: Sequence[int], places: Floats, is_section: npt.NDArray[np.bool_]) -> npt.ArrayLike:
    """Return (articles,): how many of the sub-headings beside a heading speak of sections in the order of print, less the others."""
    if not same:
        return 0.0
    signs: Floats = np.where(np.array(same) > row, 1.0, -1.0)[:, None]
    ordered = np.sign((places[same] - places[row]) * signs) * is_section[same]
    found: Floats = np.clip(ordered.sum(axis=0), -3, 3)
    return found


def _stretches(texts: Sequence[str], articles: Sequence[Span], similarity: Floats) -> Floats:
    """Return (headings, articles, 2): the share of a heading that its longest stretch takes which an article has, and in its lead.

    Where little is alike there is none to be looked for.
    """
    found = np.zeros((len(texts), len(articles), 2))
    for row, column in zip(*np.nonzero(similarity > STRETCH_SIMILARITY), strict=True):
        text, body = texts[row], articles[column].text
        size = longest_stretch(text, body)
        found[row, column] = size / len(text.replace(" ", "")), longest_stretch(text, body[:LEAD_CHARACTERS]) >= size
    return found


def longest_stretch(text: str, body: str) -> int:
    """How many characters the longest stretches have that a body has, too: one of each part of a text, parted by gaps."""
    return sum(_longest(part, body) for part in text.split(" "))


def _longest(text: str, body: str) -> int:
    low, high = 0, len(text)
    while low < high:
        size = (low + high + 1) // 2
        if any(text[first : first + size] in body for first in range(len(text) - size + 1)):
            low = size
        else:
            high = size - 1
    return low


def _between(firsts: Sequence[int], lasts: Sequence[int], place: int, first: int, last: int) -> int:
    """How many articles begin between a heading and an article printed below it, or end between it and one above it."""
    begun = bisect_left(firsts, first) - bisect_left(firsts, place)
    ended = bisect_left(lasts, place) - bisect_left(lasts, last)
    return max(0, begun) + max(0, ended - 1)
