"""Which run goes on from which: bodies that were cut in two find their rest, all at once.

Every run either begins an article or goes on from the end of another one, and every end goes on in one run
at most. The options are scored by how the page was printed and by what the texts are about; the weights were learnt on
generated pages (tests/training/train_segment_links.py), and the assignment with the greatest total wins.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.segment.blocks import Block
from index.segment.link_features import link_features, measure_page, own_features
from index.segment.runs import Run
from index.segment.topic_similarity import assign

MOST_RUNS = 100
"""Runs of a page: a full one has some forty. Where there are more, text goes on as it is printed: each would be held
against each other, for a file of endless short lines again and again."""
LINK_WEIGHTS = {
    "backwards": -4.15,
    "closed, full": 0.42,
    "group similarity": 1.63,
    "far": -1.05,
    "far, between": -3.55,
    "inside": -0.88,
    "lead": 1.51,
    "near": 1.16,
    "near, banner": -3.94,
    "near, captions": -1.14,
    "near, column": -0.11,
    "near, doubled": -2.64,
    "near, heading": 0.41,
    "near, headings": -0.97,
    "near, headline": -5.21,
    "near, continuation line": -2.44,
    "near, plain": 0.38,
    "near, titled": -0.51,
    "open, begins": -0.98,
    "open, closes": 0.8,
    "open, far": 2.08,
    "open, full": 0.07,
    "open, heading": -2.08,
    "open, indented": -1.01,
    "open, near": 2.08,
    "open, taken up": 1.44,
    "own": -0.11,
    "own apart": 1.0,
    "own banner": -0.72,
    "own column": 0.16,
    "own first": 1.05,
    "own indented": -0.98,
    "own continuation line": 1.6,
    "own lines": 0.14,
    "own notice": 1.2,
    "own resumes": -0.49,
    "own signed": 1.43,
    "own signed, bylined before": 0.68,
    "own signed, later": 0.34,
    "own signed, plain": 1.39,
    "own size": 0.54,
    "signed": -3.36,
}


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
    seen = measure_page(blocks, runs)
    count = len(runs)
    # Text goes on elsewhere than below itself only where its sentence is open, or something plainly ends its group.
    may_go_on = [before for before in range(count) if seen.is_open[before] or seen.ends_group(before)]
    scores = np.full((count, 2 * count), -1e3)
    for row, run in enumerate(runs):
        if run.is_fresh:
            scores[row, count + row] = 0.0
            continue
        scores[row, count + row] = _weighted(own_features(seen, row))
        for before in {row - 1, *may_go_on} - {row, -1}:
            scores[row, before] = _weighted(link_features(seen, before, row))
    links = []
    for row, column in enumerate(assign(scores)):
        score = float(scores[row, column])
        scores[row, column] = -np.inf
        links.append(Link(column if column < count else None, score, score - float(scores[row].max())))
    return _without_cycles(links)


def _weighted(features: dict[str, float]) -> float:
    return sum([LINK_WEIGHTS.get(name, 0.0) * value for name, value in features.items() if value])


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
