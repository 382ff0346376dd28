"""Rankings of chunks → rankings of documents; two rankings → one."""

from collections.abc import Hashable, Iterable, Sequence
from typing import TypeVar

from benchmarks.material import RUN_DOCUMENTS

Item = TypeVar("Item", bound=Hashable)

RRF_K = 60
"""Cormack, Clarke & Büttcher 2009: 1 / (60 + rank), ranks from 1."""


def fuse_ranks(rankings: Iterable[Sequence[Item]], k: int = RRF_K) -> list[Item]:
    """Return the items of all rankings, best first, by the sum of 1 / (k + rank).

    Items of equal sums stand in the order in which the rankings bring them.
    """
    scores: dict[Item, float] = {}
    for ranking in rankings:
        for rank, item in enumerate(ranking, start=1):
            scores[item] = scores.get(item, 0.0) + 1 / (k + rank)
    return sorted(scores, key=lambda item: -scores[item])


def documents_of(chunks: Iterable[str], limit: int = RUN_DOCUMENTS) -> list[str]:
    """Return the first `limit` documents of a ranking of chunks, each where its best chunk stands.

    Args:
        chunks: for every chunk, best first, the id of its document.
    """
    return list(dict.fromkeys(chunks))[:limit]
