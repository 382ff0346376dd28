"""Best candidates → passages: reprints take one place, no article crowds out the others."""

from collections.abc import Iterable, Sequence
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
    whole: dict[str, set[str]] = {}
    for place, candidate in enumerate(ranked):
        if len(chosen) == limit:
            break
        original = _original(candidate, chosen, whole)
        if original is not None:
            if candidate.article.doc_id not in original:
                original.append(candidate.article.doc_id)
            continue
        if sum(other.article.id == candidate.article.id for _place, other, _reprints in chosen) >= PER_ARTICLE:
            waiting.append((place, candidate, []))
            continue
        chosen.append((place, candidate, []))
    chosen += waiting[: limit - len(chosen)]
    return [(candidate, tuple(reprints)) for _place, candidate, reprints in sorted(chosen, key=itemgetter(0))]


def _original(
    candidate: Candidate, chosen: Sequence[tuple[int, Candidate, list[str]]], whole: dict[str, set[str]]
) -> list[str] | None:
    """The reprints of the chosen passage whose article has this passage's text too; None where there is none."""
    pieces = _pieces(candidate.text)
    for _place, other, reprints in chosen:
        if other.article.id == candidate.article.id or not pieces:
            continue
        held = whole.setdefault(other.article.id, _pieces(other.article.text))
        if len(pieces & held) >= SAME_TEXT * len(pieces):
            return reprints
    return None


def _pieces(text: str) -> set[str]:
    compact = "".join(text.split())
    return {compact[place : place + PIECE] for place in range(len(compact) - PIECE + 1)}
