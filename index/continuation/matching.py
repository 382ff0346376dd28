"""Chooses which articles are joined, all of an issue at once, and joins them."""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from index.continuation.merge import append_part
from index.continuation.pair_features import PairScore, find_pairs
from index.records import Article
from index.segment.topic_similarity import assign

Pair = tuple[int, int]
PairScores = Mapping[Pair, PairScore]

CLEAR_MARGIN = 0.3
"""Points by which a pair must be better than the next best way to join or part the articles."""
MAX_ASSIGNED_PAIRS = 2000
"""Pairs that are assigned all at once. Of more, in a folder of many thousand files without dates, only those are taken
that are the best for both parts."""


@dataclass(frozen=True, slots=True)
class JoinedArticle:
    """An article and the rows of the parts that it was joined of, in reading order; of one that was not, its own row."""

    article: Article
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Step:
    """The step from one article to the next, with how sure it is, 0–1."""

    to: int
    certainty: float
    reasons: str


class _Rivals:
    """The pairs that have a first or second part in common with a pair, itself among them."""

    def __init__(self, evidence: PairScores) -> None:
        self.by_first: dict[int, list[Pair]] = defaultdict(list)
        self.by_second: dict[int, list[Pair]] = defaultdict(list)
        for pair in evidence:
            self.by_first[pair[0]].append(pair)
            self.by_second[pair[1]].append(pair)

    def of(self, pair: Pair) -> list[Pair]:
        return self.by_first[pair[0]] + self.by_second[pair[1]]


def is_continued(article: Article) -> bool:
    """Whether an article says that it goes on, or began, on another page."""
    return bool(article.continued_from or article.continued_to)


def join_continued(articles: Sequence[Article]) -> list[JoinedArticle]:
    """Join the articles that say 下转…版 with those that say 上接…版, through any number of pages.

    A joined article is its first part with the others' text after it: it keeps the first part's id, title, source,
    page and `continued_to` as printed; `continued_from` is the first part's own, mostly None. `origin` names the file of
    each later slice, `metadata["pages"]` the page of that file; `fixes` of later parts count in their own files.

    Args:
        articles: of all files, in their order; those that are on one page only need not be among them.
    Returns:
        the joined articles and those without a partner, in the order of their first parts.
    """
    evidence = dict(find_pairs(articles))
    steps = _choose(evidence)
    later = {step.to for step in steps.values()}
    joined: dict[int, JoinedArticle] = {}
    done: set[int] = set()
    for first in (*(row for row in range(len(articles)) if row not in later), *sorted(later)):
        if first in done:
            continue  # reached from its first part; what is left after these goes round in a ring
        run = [first]
        while run[0] not in later and run[-1] in steps:
            run.append(steps[run[-1]].to)
        done.update(run)
        article = _join([articles[row] for row in run], [steps[row] for row in run[:-1]])
        joined[first] = JoinedArticle(article, tuple(run))
    return [joined[first] for first in sorted(joined)]


def _choose(evidence: PairScores) -> dict[int, _Step]:
    """Return the steps of the best assignment that are clearly better than any other use of their parts."""
    rivals = _Rivals(evidence)
    chosen = {first: second for group in _components(evidence, rivals) for first, second in _assigned(group, evidence)}
    owners = {second: first for first, second in chosen.items()}
    steps = {}
    for pair in chosen.items():
        margin = _margin(pair, chosen, owners, evidence, rivals)
        if margin >= CLEAR_MARGIN:
            steps[pair[0]] = _Step(pair[1], 1 - 0.4 * math.exp(-margin), evidence[pair].reasons)
    return steps


def _components(evidence: PairScores, rivals: _Rivals) -> Iterator[list[Pair]]:
    """Yield the pairs in groups that share no article in the same part: each can be decided by itself."""
    left = dict.fromkeys(evidence)
    while left:
        group = [next(iter(left))]
        del left[group[0]]
        for pair in group:
            for other in rivals.of(pair):
                if other in left:
                    del left[other]
                    group.append(other)
        if len(group) <= MAX_ASSIGNED_PAIRS:
            yield group
            continue
        for pair in group:
            if all(evidence[pair].score >= evidence[other].score for other in rivals.of(pair)):
                yield [pair]


def _assigned(group: Sequence[Pair], evidence: PairScores) -> list[Pair]:
    """Return the pairs of the assignment with the greatest total; a part may stay by itself, which scores nothing."""
    firsts = {first: row for row, first in enumerate(sorted({first for first, _second in group}))}
    seconds = {second: column for column, second in enumerate(sorted({second for _first, second in group}))}
    scores = np.full((len(firsts), len(seconds) + len(firsts)), -1e3)
    scores[:, len(seconds) :] = 0.0
    for first, second in group:
        scores[firsts[first], seconds[second]] = evidence[first, second].score
    columns = assign(scores)
    return [pair for pair in group if columns[firsts[pair[0]]] == seconds[pair[1]]]


def _margin(
    pair: Pair, chosen: Mapping[int, int], owners: Mapping[int, int], evidence: PairScores, rivals: _Rivals
) -> float:
    """Return by how much the total falls at least when a chosen pair is given up for another one, or for none.

    The other one takes its part from the pair that has it, whose other part takes what has become free, if it can.
    """
    first, second = pair
    best = 0.0
    for other in rivals.of(pair):
        gain = evidence[other].score
        if other[0] == first and other[1] != second:
            owner = owners.get(other[1])
            if owner is not None:
                gain -= evidence[owner, other[1]].score
                gain += max(0.0, evidence[owner, second].score) if (owner, second) in evidence else 0.0
        elif other[1] == second and other[0] != first:
            taken = chosen.get(other[0])
            if taken is not None:
                gain -= evidence[other[0], taken].score
                gain += evidence[first, taken].score if (first, taken) in evidence else 0.0
        else:
            continue
        best = max(best, gain)
    return evidence[pair].score - best


def _join(parts: Sequence[Article], steps: Sequence[_Step]) -> Article:
    whole = parts[0]
    for part, step in zip(parts[1:], steps, strict=True):
        whole = append_part(whole, part, step.certainty, step.reasons)
    if len(parts) > 1 and parts[-1].continued_to:
        on = f"goes on on {parts[-1].continued_to}, which was not found"
        whole = replace(whole, decisions=(*whole.decisions, on))
    return whole
