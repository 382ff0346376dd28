"""Runs cut where another article begins although nothing printed parts the two: told by what the paragraphs speak of.

A report without a dateline, a notice or the rest of an article that was cut may follow the text above in the same column.
Each place between two paragraphs of a run is scored by how much of the one's vocabulary is found on the other side
(lexical cohesion, Hearst 1997), by headings that speak of one side only, by how the paragraph below begins, and by the
lines. The cuts are many: linking undoes those that mean nothing.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from index.repair.hard_wraps import UNWRAPPED
from index.segment.blocks import Block
from index.segment.trees import Floats, trees
from index.segment.openings import opening_score
from index.segment.runs import Run
from index.segment.topic_similarity import TopicSimilarity, cosine, cosines

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
)
SEAM_SCORE = -2.0
"""Log-odds from which a run is cut: at one chance in eight linking is asked, which sees the whole page."""
MOST_BLOCKS = 200
"""More paragraphs are not held against each other: a file of endless short lines."""
_MARKS = frozenset("■□●○◆◇▲△▼★☆◎※")


def part_runs(blocks: Sequence[Block], runs: Sequence[Run]) -> list[Run]:
    """Return the runs, those cut in which another article may begin."""
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
            if scores[run.places[number]] > SEAM_SCORE and not is_signature:
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
    topics = TopicSimilarity([blocks[place].text.text for place in texts])
    weights = topics.shared_weights()
    headings = [block.text.text for block in blocks if block.role == "heading"]
    shares = np.array([topics.shares(text) for text in headings]).reshape(len(headings), len(texts))
    openings = {place: opening_score(blocks[place].text.text) for place in inner}
    starts = np.cumsum([0, *(len(run.places) for run in runs)])
    unions = np.array([weights[a:b].max(axis=0) for a, b in zip(starts, starts[1:], strict=False)])
    elsewhere = cosines(weights, unions)
    gap = float(np.median([blocks[place].paragraph.lines[0].gap for place in inner]))
    rows = []
    for number, (run, start) in enumerate(zip(runs, starts, strict=False)):
        end = start + len(run.places)
        if len(run.places) < 2:
            continue
        own = weights[start:end]
        above = np.maximum.accumulate(own, axis=0)
        below = np.maximum.accumulate(own[::-1], axis=0)[::-1]
        others = np.delete(elsewhere[start:end], number, axis=1).max(axis=1, initial=0.0)
        outside = np.delete(shares, slice(start, end), axis=1).max(axis=1, initial=0.0)
        opened = 0.0
        for k in range(1, len(run.places)):
            up, down = blocks[run.places[k - 1]], blocks[run.places[k]]
            two_up, two_down = own[max(0, k - 2) : k].max(axis=0), own[k : k + 2].max(axis=0)
            cohesion = cosine(own[k - 1], own[k]), cosine(two_up, two_down), cosine(above[k - 1], below[k])
            head_up = shares[:, start : start + k].max(axis=1)
            head_down, head_next = shares[:, start + k : end].max(axis=1), shares[:, start + k]
            opening = openings[run.places[k]]
            lines = up.paragraph.lines
            full = max(line.width for line in lines)
            wrapped = len(lines) > 1 and full <= UNWRAPPED
            known = wrapped and len(down.paragraph.lines) > 1
            rows.append(
                [
                    *cohesion,
                    float(others[k]),
                    float(others[:k].max()),
                    float((head_next - np.maximum(head_up, outside)).max(initial=0.0)),
                    float((head_down - np.maximum(head_up, outside)).max(initial=0.0)),
                    float((head_up - np.maximum(head_down, outside)).max(initial=0.0)),
                    float(np.minimum(head_up, head_down).max(initial=0.0)),
                    opening,
                    opening * (1 - min(1.0, 3 * cohesion[1])),
                    min(len(up.text), 400) / 200,
                    min(len(down.text), 400) / 200,
                    min(sum(len(blocks[place].text) for place in run.places[:k]), 1000) / 500,
                    min(sum(len(blocks[place].text) for place in run.places[k:]), 1000) / 500,
                    opening - opened,
                    float(wrapped and lines[-1].width < full - 2.5),
                    float(wrapped),
                    float(down.first_line == "indented"),
                    float(down.first_line == "full"),
                    min(abs(full - down.paragraph.column), 6.0) if known else 0.0,
                    float(known),
                    float(down.paragraph.column > UNWRAPPED),
                    float(np.clip(down.paragraph.lines[0].gap - gap, -2, 3)),
                    float(down.paragraph.lines[0].opens_frame),
                    float(not up.is_open),
                    float(down.text.text[0] in "“‘"),
                    float(down.text.text[0] in _MARKS),
                    float(run.is_fresh),
                    float("listing" in (up.role, down.role)),
                ]
            )
            opened = max(opened, opening)
    return inner, np.array(rows)
