"""Which run goes on from which: bodies that were cut in two find their rest, all at once.

Every run either begins an article or goes on from the end of another one, and every end goes on in one run
at most. The options are scored by how the page was printed and by what the texts are about; the trees were learnt on
generated pages (tests/training/train_segmentation.py), and the assignment with the greatest total wins.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.segment.blocks import Block
from index.segment.link_features import LINK_FEATURES, OPTION_FEATURES, OWN_FEATURES, link_rows, own_rows
from index.segment.page_runs import PageRuns, measure_page
from index.segment.runs import Run
from index.segment.topic_similarity import Floats, assign
from index.segment.trees import trees

MOST_RUNS = 100
"""Runs of a page: a full one has some forty. Where there are more, text goes on as it is printed: each would be held
against each other, for a file of endless short lines again and again."""
SIGNED, BYLINED_BEFORE = OWN_FEATURES.index("signed, parted"), OWN_FEATURES.index("bylined before")
_LINKED = np.array([name != "own" for name in OWN_FEATURES], np.float64)
CAPTION_BETWEEN = 1.0
"""Log-odds that text gains for going on below a picture's caption: generated pages print few captions inside a column."""
UNMARKED = 2.0
"""Log-odds that a beginning without a mark loses: whole articles in print have more turns than the generated pages'."""
SIGNED_APART = 1.0
"""Log-odds that a signed text under a heading gains for beginning an article behind one that names its reporter: generated
pages sign one report in twenty, and no commentary."""
ELSEWHERE = -8.0
"""Log-odds of an option that is not looked at: text goes on elsewhere than below itself only where something ends."""


@dataclass(frozen=True, slots=True)
class Link:
    """How a run was understood.

    Args:
        after: the run it goes on from; None where it begins an article.
        score: of this option.
        margin: by how much the next best option scores less; how sure this is.
    """

    after: int | None
    score: float
    margin: float


def link_runs(blocks: Sequence[Block], runs: Sequence[Run]) -> list[Link]:
    """Tell for each run which one it goes on from, all at once; of more than MOST_RUNS, each from the one above."""
    if not runs:
        return []
    if len(runs) > MOST_RUNS:
        return [Link(None if run.is_fresh or not row else row - 1, 0.0, 0.0) for row, run in enumerate(runs)]
    count = len(runs)
    scores = _score_options(measure_page(blocks, runs))
    links = []
    for row, column in enumerate(assign(scores)):
        score = float(scores[row, column])
        scores[row, column] = -np.inf
        links.append(Link(column if column < count else None, score, score - float(scores[row].max())))
    return _without_cycles(links)


def pairs_of(seen: PageRuns) -> list[tuple[int, int]]:
    """Return the pairs (before, row) of which the second may go on from the first."""
    count = len(seen.runs)
    # Text goes on elsewhere than below itself only where its sentence is open, or something ends its group or run.
    may_go_on = [before for before in range(count) if seen.is_open[before] or seen.ends_group(before)]
    return [
        (before, row)
        for row, run in enumerate(seen.runs)
        if not run.is_fresh
        for before in sorted({row - 1, *may_go_on} - {row, -1})
    ]


def _score_options(seen: PageRuns) -> Floats:
    """Return (runs, 2 runs): log-odds of each run going on from each other one, then on the diagonal of beginning an article."""
    count = len(seen.runs)
    scores = np.full((count, 2 * count), 10 * ELSEWHERE)
    pairs = pairs_of(seen)
    own = own_rows(seen)
    rows = np.concatenate([np.pad(own, ((0, 0), (0, len(LINK_FEATURES)))), option_rows(seen, own, pairs)])
    found = trees("links", OPTION_FEATURES).scores(rows)
    for row, run in enumerate(seen.runs):
        doubt = 0.0 if run.seam is None else UNMARKED
        apart = SIGNED_APART * own[row, SIGNED] * own[row, BYLINED_BEFORE]
        scores[row, count + row] = 0.0 if run.is_fresh else found[row] - doubt + apart
    for (before, row), score in zip(pairs, found[count:], strict=True):
        run = seen.runs[row]
        parted = run.headings or run.continuation_lines or run.has_banner or not run.has_captions
        goes_on = before == row - 1 and not parted
        scores[row, before] = score + (CAPTION_BETWEEN if goes_on else 0.0)
    return scores


def option_rows(seen: PageRuns, own: Floats, pairs: Sequence[tuple[int, int]]) -> Floats:
    """Return (pairs, features): of the run itself, but that it does not begin an article, and of the link."""
    rows = np.array([row for _before, row in pairs], np.intp)
    return np.concatenate([own[rows] * _LINKED, link_rows(seen, pairs)], axis=1)


def _without_cycles(links: Sequence[Link]) -> list[Link]:
    """Open a ring of runs that go on from each other at its first one in print."""
    kept = list(links)
    for start in range(len(kept)):
        seen = {start}
        place = kept[start].after
        while place is not None and place not in seen:
            seen.add(place)
            place = kept[place].after
        if place == start:
            first = min(seen)
            kept[first] = Link(None, kept[first].score, 0.0)
    return kept


def chain(links: Sequence[Link]) -> list[list[int]]:
    """Return the articles as runs in reading order, the articles in the order in which they begin."""
    successors = {link.after: row for row, link in enumerate(links) if link.after is not None}
    chains = []
    for row, link in enumerate(links):
        if link.after is None:
            run = [row]
            while run[-1] in successors:
                run.append(successors[run[-1]])
            chains.append(run)
    return chains
