"""Where in its article a sub-heading stood that was printed elsewhere: what it speaks of, and that sections are even."""

import itertools
from collections.abc import Sequence

import numpy as np

from index.repair.lines import is_open
from index.segment.heading_features import NO_SECTION, longest_stretch
from index.segment.topic_similarity import Floats, TopicSimilarity
from index.segment.trees import trees

LONGEST_SECTION = 5
UNEVEN, MORE_UNEVEN = 1.8, 0.6
"""Log-odds lost by a section that is a paragraph longer or shorter than the article's sections are supposed to be, and by each
further paragraph; chosen, as the next, on 200 pages that were not learnt from. The last section may be shorter."""
ON_TOP = 8.0
"""Log-odds that the top of what goes on from another page gains for one of its sub-headings: newspapers break an article off
at a section's end, generated pages anywhere."""
PARTED = 1.0
"""Log-odds lost where two sub-headings stand in another order than they were printed in."""
SECTION_FEATURES = (
    "share two above",
    "share above",
    "share",
    "share second",
    "share third",
    "words above",
    "words",
    "words second",
    "words third",
    "words fourth",
    "best words before",
    "best words behind",
    "best words in section",
    "best paragraph",
    "best words",
    "number",
    "from the end",
    "to the heading above",
    "to the heading below",
    "printed sections",
    "paragraphs a section",
    "headings",
    "printed in place",
    "off its even place",
    "characters",
    "paragraph's size",
    "size above",
    "is lead",
    "above is open",
)


def section_rows(
    headings: Sequence[str], paragraphs: Sequence[str], printed: Sequence[int], *, has_lead: bool
) -> Floats:
    """Return (headings, paragraphs, features): of each heading standing over each paragraph.

    Args:
        headings: of one article, printed elsewhere, in print order.
        paragraphs: the article's.
        printed: numbers of the paragraphs over which a sub-heading is printed in its place, in order.
        has_lead: whether the first paragraph opens the article by its own word.
    """
    count, length = len(headings), len(paragraphs)
    topics = TopicSimilarity(paragraphs)
    shares = np.array([topics.shares(heading) for heading in headings]).reshape(count, length)
    words = np.array(
        [[longest_stretch(one, text) / len(one.replace(" ", "")) for text in paragraphs] for one in headings]
    ).reshape(count, length)
    best, order = words.max(axis=1), np.arange(length)
    padded_shares, padded = np.pad(shares, ((0, 0), (2, 3))), np.pad(words, ((0, 0), (2, 4)))
    before = np.maximum.accumulate(np.pad(words, ((0, 0), (1, 0))), axis=1)[:, :-1]
    behind = np.maximum.accumulate(words[:, ::-1], axis=1)[:, ::-1]
    above = [
        max((place for place in printed if place < number), default=number - NO_SECTION) for number in range(length)
    ]
    below = [
        min((place for place in printed if place > number), default=number + NO_SECTION) for number in range(length)
    ]
    steps = np.diff(printed)
    parts = count + len(printed)
    each = max(length - 1, 1) / parts
    ends = [min(end, number + 3, length) for number, end in enumerate(below)]
    in_section = np.array([words[:, number:end].max(axis=1) for number, end in enumerate(ends)]).T
    sizes = np.array([len(text) for text in paragraphs], np.float64)
    # Where each would stand, in print order, if all sections had as much text.
    even = 1 + each * (np.linspace(0, parts - 1, count) if printed else np.arange(count))
    rows = np.zeros((count, length, len(SECTION_FEATURES)))
    features = [
        padded_shares[:, :-5],
        padded_shares[:, 1:-4],
        shares,
        padded_shares[:, 3:-2],
        padded_shares[:, 4:-1],
        padded[:, 1:-5],
        words,
        padded[:, 3:-3],
        padded[:, 4:-2],
        padded[:, 5:-1],
        before,
        behind,
        in_section,
        np.clip(words.argmax(axis=1)[:, None] - order, -5, 5),
        best[:, None],
        np.minimum(order, 12),
        np.minimum(length - order, 12),
        np.minimum(order - np.array(above), NO_SECTION),
        np.minimum(np.array(below) - order, NO_SECTION),
        float(np.median(steps)) if steps.size else 0.0,
        min(each, 8.0),
        min(count, 5),
        min(len(printed), 5),
        np.clip(even[:, None] - order, -8, 8),
        np.array([min(len(heading), 20) for heading in headings])[:, None],
        np.minimum(sizes, 300) / 50,
        np.minimum(np.pad(sizes, (1, 0))[:-1], 300) / 50,
        has_lead & (order == 0),
        np.array([number > 0 and is_open(paragraphs[number - 1]) for number in range(length)]),
    ]
    for column, values in enumerate(features):
        rows[:, :, column] = values
    return rows


def place_sections(
    headings: Sequence[str],
    paragraphs: Sequence[str],
    printed: Sequence[int],
    *,
    has_lead: bool,
    is_continued: bool = False,
) -> list[int]:
    """Return for each sub-heading printed away from its paragraph the number of the paragraph that it stands over.

    All at once: trees score what each speaks of, the sections of an article are about as long as each other, and no
    two sub-headings stand over one paragraph. Over a lead stands none.

    Args:
        headings, paragraphs, printed, has_lead: as of section_rows.
        is_continued: the article goes on from another page.
    """
    count, length = len(headings), len(paragraphs)
    taken = {*printed, 0} if has_lead else set(printed)
    free = [number for number in range(length) if number not in taken]
    if not free:
        return [0] * count
    rows = section_rows(headings, paragraphs, printed, has_lead=has_lead)
    scores = trees("sections", SECTION_FEATURES).scores(rows.reshape(count * length, -1)).reshape(count, length)
    scores[:, 0] += ON_TOP * is_continued
    if len(free) < count:
        return [free[int(row[free].argmax())] for row in scores]
    return best_places(scores, free, printed)


def best_places(scores: Floats, free: Sequence[int], printed: Sequence[int]) -> list[int]:
    """Return for each heading the number of its paragraph, by the greatest total of scores less what is uneven.

    Args:
        scores: (headings, paragraphs) log-odds, the headings in print order.
        free: numbers of the paragraphs that one may stand over, in order, as many as headings at least.
        printed: numbers of the paragraphs over which a sub-heading is printed.
    """
    in_print = list(range(len(scores)))
    by_score = sorted(in_print, key=lambda row: int(scores[row, free].argmax()))
    found: list[tuple[float, list[int]]] = []
    for order in [in_print] if by_score == in_print else [in_print, by_score]:
        cost = PARTED * sum(after < first for first, after in itertools.pairwise(order))
        for size in range(1, LONGEST_SECTION + 1):
            total, places = _walk(scores[order], frozenset(free), frozenset(printed), size)
            found.append((total - cost, [place for _row, place in sorted(zip(order, places, strict=True))]))
    return max(found)[1]


def _walk(scores: Floats, free: frozenset[int], printed: frozenset[int], size: int) -> tuple[float, tuple[int, ...]]:
    """Return the best total, and the places in growing order, where sections are supposed to have `size` paragraphs.

    Paragraph after paragraph, over which a sub-heading is printed, or the next one is put, or none stands.
    """
    count, length = scores.shape
    # (sub-headings put, where the section began; -1 before any) → the best total, and where they were put
    states: dict[tuple[int, int], tuple[float, tuple[int, ...]]] = {(0, -1): (0.0, ())}
    for number in range(length):
        made: dict[tuple[int, int], tuple[float, tuple[int, ...]]] = {}
        for (put, first), (total, places) in states.items():
            ended = total - _uneven(number - first - size) if first >= 0 else total
            options = [((put, number), (ended, places))] if number in printed else [((put, first), (total, places))]
            if number in free and put < count:
                options.append(((put + 1, number), (ended + float(scores[put, number]), (*places, number))))
            for state, option in options:
                made[state] = max(made.get(state, option), option)
        states = made
    return max(
        (total - _uneven(max(length - first - size, 0)), places)
        for (put, first), (total, places) in states.items()
        if put == count
    )


def _uneven(paragraphs: int) -> float:
    """Log-odds lost by a section with so many paragraphs more or fewer than supposed."""
    return UNEVEN + MORE_UNEVEN * (abs(paragraphs) - 1) if paragraphs else 0.0
