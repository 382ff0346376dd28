"""Runs cut where another article begins although nothing printed parts the two: told by what the paragraphs speak of.

A report without a dateline, a notice or the rest of an article that was cut may follow the text above in the same column.
Each place between two paragraphs of a run is scored by how much of the one's vocabulary is found on the other side
(lexical cohesion, Hearst 1997), by headings that speak of one side only, by how the paragraph below begins, and by the
lines. The cuts are many: linking undoes those that mean nothing.
"""

import itertools
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from index.repair.hard_wraps import UNWRAPPED
from index.segment.blocks import Block, heading_stacks
from index.segment.going_on import NOWHERE, going_on
from index.segment.openings import middle_score, opening_score
from index.segment.runs import Run
from index.segment.topic_similarity import Ints, TopicSimilarity, cosines, row_cosines
from index.segment.topic_vectors import Singles, directions, sums_of
from index.segment.trees import Floats, trees

SEAM_FEATURES = (
    "cohesion 1",
    "cohesion 2",
    "cohesion all",
    "below elsewhere",
    "above elsewhere",
    "heading below",
    "heading on all below",
    "heading above",
    "heading of both",
    "opening",
    "opening, cohesion",
    "middle",
    "size above",
    "size below",
    "all above",
    "all below",
    "rank",
    "last line short",
    "last line known",
    "indented",
    "full",
    "column",
    "column known",
    "unwrapped",
    "gap",
    "frame",
    "closed",
    "quoted",
    "marked",
    "fresh above",
    "listing",
    "near 1",
    "near 2",
    "near all",
    "near elsewhere",
    "goes on",
    "goes on elsewhere",
    "cut above",
)
SEAM_SCORE = -2.0
"""Log-odds from which a run is cut: at one chance in eight linking is asked, which sees the whole page."""
LEAST_ARTICLE = 40
"""Characters of what is an article without a mark: the last line of a report (区领导一同参加) is shorter, a notice longer."""
MOST_BLOCKS = 200
"""More paragraphs are not held against each other: a file of endless short lines."""
SHORTFALL = 2.5
"""Han characters by which a paragraph's last line falls short of its column so that it is plainly the last."""
_MARKS = frozenset("■□●○◆◇▲△▼★☆◎※")


def part_runs(blocks: Sequence[Block], runs: Sequence[Run]) -> list[Run]:
    """Return the runs, those cut in which another article may begin; under one headline alone none does."""
    if len(list(heading_stacks(blocks))) <= 1:
        return list(runs)
    places, rows = seam_features(blocks, runs)
    if not places:
        return list(runs)
    scores = dict(zip(places, trees("seams", SEAM_FEATURES).scores(rows).tolist(), strict=True))
    found: list[Run] = []
    for run in runs:
        first = 0
        parts: list[Run] = []
        for number in range(1, len(run.places)):
            is_signature = blocks[run.places[number]].role == "signature"  # ends what stands above it
            above = sum(len(blocks[place].text) for place in run.places[first:number])
            rest = sum(len(blocks[place].text) for place in run.places[number:])
            if scores[run.places[number]] > SEAM_SCORE and not is_signature and min(above, rest) >= LEAST_ARTICLE:
                parts.append(_slice(run, first, number, scores))
                first = number
        parts.append(_slice(run, first, len(run.places), scores))
        found += parts
    return found


def _slice(run: Run, first: int, end: int, scores: dict[int, float]) -> Run:
    whole = len(run.places)
    last = replace(run, places=run.places[first:end], is_signed=run.is_signed and end == whole)
    if not first:
        return last
    return Run(last.places, is_signed=last.is_signed, seam=scores[run.places[first]])


def seam_features(blocks: Sequence[Block], runs: Sequence[Run]) -> tuple[list[int], Floats]:
    """Return the places of the paragraphs that have one above in their run, and (paragraphs, features) of each."""
    texts = [place for run in runs for place in run.places]
    inner = [place for run in runs for place in run.places[1:]]
    if not inner or len(texts) > MOST_BLOCKS:
        return [], np.zeros((0, len(SEAM_FEATURES)))
    starts = [0, *itertools.accumulate(len(run.places) for run in runs)]
    slices = list(itertools.starmap(slice, itertools.pairwise(starts)))
    down = np.array([row for own in slices for row in range(own.start + 1, own.stop)], np.intp)
    topics = TopicSimilarity([blocks[place].text.text for place in texts])
    columns = (
        *_cohesion(topics, slices, down),
        *_headings(blocks, topics, slices, down),
        *_forms(blocks, texts, runs, slices, down),
        *_learnt(blocks, texts, slices, down),
        np.repeat(
            [float(blocks[run.places[0]].cut is not None) for run in runs], [len(run.places) - 1 for run in runs]
        ),
    )
    rows = np.array(columns, np.float64).T
    opening, near = rows[:, SEAM_FEATURES.index("opening")], rows[:, SEAM_FEATURES.index("cohesion 2")]
    rows[:, SEAM_FEATURES.index("opening, cohesion")] = opening * (1 - np.minimum(1.0, 3 * near))
    return inner, rows


def _cohesion(topics: TopicSimilarity, slices: Sequence[slice], down: Ints) -> list[Floats]:
    """How much of what stands above is spoken of below, next to the place and in all of the run, and elsewhere."""
    weights = topics.shared_weights()
    above = np.concatenate([np.maximum.accumulate(weights[own]) for own in slices])
    below = np.concatenate([np.maximum.accumulate(weights[own][::-1])[::-1] for own in slices])
    elsewhere = cosines(weights, np.array([weights[own].max(axis=0) for own in slices]))
    for number, own in enumerate(slices):
        elsewhere[own, number] = 0.0
    others = elsewhere.max(axis=1)
    upmost = np.concatenate([np.maximum.accumulate(others[own]) for own in slices])
    firsts, ends = _bounds(slices, down)
    up = down - 1
    two_up = np.maximum(weights[up], weights[np.maximum(up - 1, firsts)])
    two_down = np.maximum(weights[down], weights[np.minimum(down + 1, ends - 1)])
    return [
        row_cosines(weights[up], weights[down]),
        row_cosines(two_up, two_down),
        row_cosines(above[up], below[down]),
        others[down],
        upmost[up],
    ]


def _bounds(slices: Sequence[slice], down: Ints) -> tuple[Ints, Ints]:
    """Where the run of each paragraph begins and ends."""
    sizes = [own.stop - own.start for own in slices]
    firsts, ends = (np.repeat(edges, sizes) for edges in zip(*((own.start, own.stop) for own in slices), strict=True))
    return firsts[down], ends[down]


def _learnt(blocks: Sequence[Block], texts: Sequence[int], slices: Sequence[slice], down: Ints) -> list[Floats]:
    """How near by learnt vectors the text above is to that below, as in _cohesion, and how plainly it goes on there and elsewhere."""
    sums = sums_of([blocks[place].text.text for place in texts])
    up = down - 1
    above = np.concatenate([np.cumsum(sums[own], axis=0) for own in slices])
    below = np.concatenate([np.cumsum(sums[own][::-1], axis=0)[::-1] for own in slices])
    firsts, ends = _bounds(slices, down)
    two_up = sums[up] + np.where((up > firsts)[:, None], sums[np.maximum(up - 1, 0)], 0)
    two_down = sums[down] + np.where((down + 1 < ends)[:, None], sums[np.minimum(down + 1, len(sums) - 1)], 0)
    wholes = directions(np.array([sums[own].sum(axis=0) for own in slices]))
    elsewhere = directions(below)[down] @ wholes.T
    number = np.concatenate([np.full(own.stop - own.start, n) for n, own in enumerate(slices)])[down]
    elsewhere[np.arange(len(down)), number] = -1.0
    network = going_on()
    tails = network.ends([blocks[texts[row]].text.text for row in up])
    heads = network.beginnings([blocks[texts[row]].text.text for row in down])
    open_tails = network.ends([blocks[place].text.text for place in texts if blocks[place].is_open])
    own = network.along(tails, heads)
    return [
        _products(sums[up], sums[down]),
        _products(two_up, two_down),
        _products(above[up], below[down]),
        elsewhere.max(axis=1).astype(np.float64),
        own,
        network.log_odds(open_tails, heads).max(axis=0, initial=NOWHERE) - own,
    ]


def _products(left: Singles, right: Singles) -> Floats:
    found: Floats = (directions(left) * directions(right)).sum(axis=1).astype(np.float64)
    return found


def _headings(blocks: Sequence[Block], topics: TopicSimilarity, slices: Sequence[slice], down: Ints) -> list[Floats]:
    """How much more a heading speaks of one side than of the other and of all else, and how much one speaks of both."""
    headings = [block.text.text for block in blocks if block.role == "heading"]
    if not headings:
        return [np.zeros(len(down))] * 4
    shares = np.array([topics.shares(text) for text in headings])
    above = np.concatenate([np.maximum.accumulate(shares[:, own], axis=1) for own in slices], axis=1)
    below = np.concatenate([np.maximum.accumulate(shares[:, own][:, ::-1], axis=1)[:, ::-1] for own in slices], axis=1)
    outside = np.concatenate(
        [
            np.repeat(np.delete(shares, own, axis=1).max(axis=1, initial=0.0)[:, None], own.stop - own.start, axis=1)
            for own in slices
        ],
        axis=1,
    )[:, down]
    up, all_down, next_down = above[:, down - 1], below[:, down], shares[:, down]
    return [
        (next_down - np.maximum(up, outside)).max(axis=0, initial=0.0),
        (all_down - np.maximum(up, outside)).max(axis=0, initial=0.0),
        (up - np.maximum(all_down, outside)).max(axis=0, initial=0.0),
        np.minimum(up, all_down).max(axis=0, initial=0.0),
    ]


def _forms(
    blocks: Sequence[Block], texts: Sequence[int], runs: Sequence[Run], slices: Sequence[slice], down: Ints
) -> list[Floats]:
    """How the paragraph below begins, how long both are, and how the lines stand."""
    gap = float(np.median([blocks[texts[row]].paragraph.lines[0].gap for row in down]))
    found: list[tuple[float, ...]] = []
    for run, own in zip(runs, slices, strict=True):
        sizes = [len(blocks[place].text) for place in run.places]
        done, opened = 0, 0.0
        for number in range(1, own.stop - own.start):
            up, low = blocks[run.places[number - 1]], blocks[run.places[number]]
            done += sizes[number - 1]
            text = low.text.text
            opening = opening_score(text)
            lines, first = up.paragraph.lines, low.paragraph.lines[0]
            full, column = up.paragraph.column, low.paragraph.column
            wrapped = len(lines) > 1 and full <= UNWRAPPED
            known = wrapped and len(low.paragraph.lines) > 1
            found.append(
                (
                    opening,
                    0.0,  # with its cohesion: see seam_features
                    middle_score(text),
                    min(sizes[number - 1], 400) / 200,
                    min(sizes[number], 400) / 200,
                    min(done, 1000) / 500,
                    min(sum(sizes) - done, 1000) / 500,
                    opening - opened,
                    wrapped and lines[-1].width < full - SHORTFALL,
                    wrapped,
                    low.first_line == "indented",
                    low.first_line == "full",
                    min(abs(full - column), 6.0) if known else 0.0,
                    known,
                    column > UNWRAPPED,
                    min(max(first.gap - gap, -2.0), 3.0),
                    first.opens_frame,
                    not up.is_open,
                    text[0] in "“‘",
                    text[0] in _MARKS,
                    run.is_fresh,
                    "listing" in (up.role, low.role),
                )
            )
            opened = max(opened, opening)
    return list(np.array(found, np.float64).T)
