"""Best candidates → passages: reprints take one place, no article crowds out the others."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter

from rag.features import Candidate

PER_ARTICLE = 4
"""Passages of one article before others get their turn; the rest fills up what stays free."""
SAME_TEXT = 0.8
"""Share of 8-character pieces that another article has, from which a passage is taken for the same report reprinted."""
PIECE = 8


def fold_reprints(ranked: Iterable[Candidate], limit: int) -> list[tuple[Candidate, tuple[str, ...]]]:
    """Return up to `limit` candidates, best first, each with the doc ids of the reprints that it stands for.

    A reprint is a passage whose text another article, already chosen, has nearly all of; also where the two papers
    cut it differently, and so its chunks fall elsewhere.
    """
    chosen: list[tuple[int, Candidate, list[str]]] = []
    waiting: list[tuple[int, Candidate, list[str]]] = []
    reprints_of: dict[str, list[str]] = {}
    doc_of: dict[str, str] = {}
    holders: dict[str, list[str]] = {}  # piece → chosen articles that have it
    for place, candidate in enumerate(ranked):
        if len(chosen) == limit:
            break
        article = candidate.article
        original = None if article.id in reprints_of else _original(candidate, holders)
        if original is not None:
            if article.doc_id not in {*reprints_of[original], doc_of[original]}:
                reprints_of[original].append(article.doc_id)
            continue
        if article.id not in reprints_of:
            reprints_of[article.id], doc_of[article.id] = [], article.doc_id
            for piece in _pieces(article.text):
                holders.setdefault(piece, []).append(article.id)
        of_article = sum(other.article.id == article.id for _place, other, _reprints in chosen)
        (chosen if of_article < PER_ARTICLE else waiting).append((place, candidate, reprints_of[article.id]))
    chosen += waiting[: limit - len(chosen)]
    return [(candidate, tuple(reprints)) for _place, candidate, reprints in sorted(chosen, key=itemgetter(0))]


def _original(candidate: Candidate, holders: Mapping[str, Sequence[str]]) -> str | None:
    """Return the chosen article that has nearly all of the passage's text, too; None where there is none."""
    pieces = _pieces(candidate.text)
    shared = Counter(article_id for piece in pieces for article_id in holders.get(piece, ()))
    return next((name for name, count in shared.most_common(1) if count >= SAME_TEXT * len(pieces)), None)


def _pieces(text: str) -> set[str]:
    compact = "".join(text.split())
    return {compact[place : place + PIECE] for place in range(len(compact) - PIECE + 1)}
