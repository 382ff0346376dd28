"""What is known of a page's runs before they are linked: what each speaks of, and what the others and the headings do."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.segment.blocks import Block
from index.segment.going_on import going_on
from index.segment.openings import middle_score, opening_score
from index.segment.runs import Run, text_of
from index.segment.topic_similarity import Floats, TopicSimilarity, cosines
from index.segment.topic_vectors import Singles, directions, sums_of

PLAIN_CHANGE = 4.0
"""A column that is wider or narrower by so many Han characters is another frame."""


@dataclass(frozen=True, slots=True)
class PageRuns:
    """What is known of a page's runs before they are linked.

    Args:
        texts: of the runs.
        groups: runs printed one after the other.
        group_of: the group of each run.
        is_open: whether the last sentence of each goes on somewhere else.
        begun_above: for each the last one above it that begins an article by its own word.
        group_similarity, lead: (runs, groups), how much each speaks of the same as a group, by itself and beside the others.
        cohesion: (runs, runs), how much two of them speak of the same.
        chain_cohesion: (runs, runs), how much each speaks of the same as all of another's group up to that one.
        heading_similarity: (headings, runs), how much of each heading a run has, its lead above all.
        heading_number: of a heading's place, its row there.
        openings, middles: how much each begins as articles do, and in mid-sentence.
        goes_on: (runs, runs), how plainly the end of each goes on in the beginning of each (going_on.py).
        topic: (runs, runs), how near two of them are by learnt vectors (topic_vectors.py), and chain_topic: (runs, runs), each to all of
            another's group up to that one.
    """

    blocks: Sequence[Block]
    runs: Sequence[Run]
    texts: Sequence[str]
    topics: TopicSimilarity
    groups: Sequence[Sequence[int]]
    group_of: Sequence[int]
    is_open: Sequence[bool]
    begun_above: Sequence[int | None]
    group_similarity: Floats
    lead: Floats
    cohesion: Floats
    chain_cohesion: Floats
    heading_similarity: Floats
    heading_number: dict[int, int]
    openings: Sequence[float]
    middles: Sequence[float]
    goes_on: Floats
    topic: Floats
    chain_topic: Floats

    @property
    def last_begun(self) -> int | None:
        """The last run that begins an article by its own word."""
        return next((row for row in reversed(range(len(self.runs))) if self.runs[row].is_fresh), None)

    def ends_group(self, row: int) -> bool:
        """Whether a run is the last one of its group."""
        return row == self.groups[self.group_of[row]][-1]


def measure_page(blocks: Sequence[Block], runs: Sequence[Run]) -> PageRuns:
    """Return what the options are scored by."""
    texts = [text_of(blocks, run) for run in runs]
    topics = TopicSimilarity(texts)
    groups = _groups(runs)
    group_similarity = topics.group_similarities(groups)
    weights = topics.shared_weights()
    cohesion = cosines(weights, weights)
    np.fill_diagonal(cohesion, 0.0)
    sums = sums_of(texts)
    aims = directions(sums)
    topic = (aims @ aims.T).astype(np.float64)
    np.fill_diagonal(topic, 0.0)
    network = going_on()
    headings = [place for place, block in enumerate(blocks) if block.role == "heading"]
    begun = [row if run.is_fresh else -1 for row, run in enumerate(runs)]
    above = [-1, *itertools.accumulate(begun, max)]
    return PageRuns(
        blocks,
        runs,
        texts,
        topics,
        groups,
        group_of=[number for number, group in enumerate(groups) for _row in group],
        is_open=[blocks[run.places[-1]].is_open for run in runs],
        begun_above=[row if row >= 0 else None for row in above[:-1]],
        group_similarity=group_similarity,
        lead=_lead_over_others(group_similarity),
        cohesion=cohesion,
        chain_cohesion=_chain_cohesion(weights, groups),
        heading_similarity=np.array([topics.similarities(blocks[place].text.text) for place in headings]).reshape(
            len(headings), len(runs)
        ),
        heading_number={place: number for number, place in enumerate(headings)},
        openings=[opening_score(text) for text in texts],
        middles=[middle_score(text) for text in texts],
        goes_on=network.log_odds(network.ends(texts), network.beginnings(texts)),
        topic=topic,
        chain_topic=_chain_topic(sums, aims, groups),
    )


def _chain_topic(sums: Singles, aims: Singles, groups: Sequence[Sequence[int]]) -> Floats:
    chains = np.concatenate([np.cumsum(sums[list(group)], axis=0) for group in groups])
    found: Floats = (aims @ directions(chains).T).astype(np.float64)
    return found


def _chain_cohesion(weights: Floats, groups: Sequence[Sequence[int]]) -> Floats:
    chains = np.concatenate([np.maximum.accumulate(weights[list(group)], axis=0) for group in groups])
    return cosines(weights, chains)


def _lead_over_others(group_similarity: Floats) -> Floats:
    """Return (runs, groups): by how much a run is closer to a group than to its closest other one, -1 to 1."""
    ranked = np.sort(np.pad(group_similarity, ((0, 0), (1, 0))), axis=1)  # 0 where there is no other
    closest, next_closest = ranked[:, -1:], ranked[:, -2:-1]
    others = np.where(group_similarity == closest, next_closest, closest)
    return (group_similarity - others) / (group_similarity + others + 0.1)


def _groups(runs: Sequence[Run]) -> list[list[int]]:
    """Runs printed one after the other, up to the next plain mark of an article's end or beginning."""
    groups: list[list[int]] = []
    for row, run in enumerate(runs):
        parted = run.has_doubled or run.continuation_lines or run.column_change > PLAIN_CHANGE
        parted = parted or (run.seam is not None and run.seam > 0)
        if run.is_fresh or not groups or parted or runs[row - 1].is_signed:
            groups.append([])
        groups[-1].append(row)
    return groups
