"""Best candidates → passages: reprints take one place, no article crowds out the others."""

from collections.abc import Iterable, Mapping
from operator import itemgetter

import numpy as np
import numpy.typing as npt

from index.language.memo import memoise
from rag.retrieval.features import Candidate

PER_ARTICLE = 4
"""Passages of one article before others get their turn; the rest fills up what stays free."""
SAME_TEXT = 0.8
"""Share of 8-character pieces that another article has, from which a passage is taken for the same report reprinted."""
SHINGLE_CHARACTERS = 8
KEPT_SHINGLES = 512
"""Texts whose pieces are kept for the next question: of an article 12 kB, so 6 MB."""
_FACTOR = np.uint64(0x9E3779B97F4A7C15)
"""Odd and large (of Fibonacci hashing, Knuth 6.4), so that different pieces share a number by a chance of 2⁻⁶⁴ only."""
Shingles = npt.NDArray[np.uint64]


def merge_duplicates(ranked: Iterable[Candidate], limit: int) -> list[tuple[Candidate, tuple[str, ...]]]:
    """Return up to `limit` candidates, best first, each with the doc ids of the reprints that it stands for.

    A reprint is a passage whose text another article, already chosen, has nearly all of; also where the two papers
    cut it differently, and so its chunks fall elsewhere.
    """
    chosen: list[tuple[int, Candidate, list[str]]] = []
    waiting: list[tuple[int, Candidate, list[str]]] = []
    reprints_of: dict[str, list[str]] = {}
    doc_of: dict[str, str] = {}
    shingles_of: dict[str, Shingles] = {}  # of the chosen articles
    for place, candidate in enumerate(ranked):
        if len(chosen) == limit:
            break
        article = candidate.article
        original = None if article.id in reprints_of else _original(_shingles(candidate.text), shingles_of)
        if original is not None:
            if article.doc_id not in {*reprints_of[original], doc_of[original]}:
                reprints_of[original].append(article.doc_id)
            continue
        if article.id not in reprints_of:
            reprints_of[article.id], doc_of[article.id] = [], article.doc_id
            shingles_of[article.id] = _shingles(article.text)
        of_article = sum(other.article.id == article.id for _place, other, _reprints in chosen)
        (chosen if of_article < PER_ARTICLE else waiting).append((place, candidate, reprints_of[article.id]))
    chosen += waiting[: limit - len(chosen)]
    return [(candidate, tuple(reprints)) for _place, candidate, reprints in sorted(chosen, key=itemgetter(0))]


def _original(shingles: Shingles, shingles_of: Mapping[str, Shingles]) -> str | None:
    """Return the chosen article that has nearly all pieces of a passage, too; None where there is none."""
    if not len(shingles):
        return None
    # Whoever has nearly all of them has one of these: a look at a fifth is enough to leave out most articles.
    probe = shingles[: len(shingles) - int(SAME_TEXT * len(shingles)) + 1]
    shared = {
        article_id: _count_shared(shingles, others)
        for article_id, others in shingles_of.items()
        if _count_shared(probe, others)
    }
    best = max(shared, key=shared.__getitem__, default=None)
    return best if best is not None and shared[best] >= SAME_TEXT * len(shingles) else None


def _count_shared(shingles: Shingles, others: Shingles) -> int:
    """How many of the pieces are among the others."""
    if not len(others):
        return 0
    places = np.minimum(np.searchsorted(others, shingles), len(others) - 1)
    return int(np.count_nonzero(others[places] == shingles))


@memoise(KEPT_SHINGLES)
def _shingles(text: str) -> Shingles:
    """(n,) the distinct runs of SHINGLE_CHARACTERS characters of a text without its white space, as numbers, ascending."""
    compact = "".join(text.split())
    characters = np.frombuffer(compact.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    count = max(0, len(characters) - SHINGLE_CHARACTERS + 1)
    numbers = np.zeros(count, np.uint64)
    for place in range(SHINGLE_CHARACTERS):
        numbers = numbers * _FACTOR + characters[place : place + count]
    return np.unique(numbers)
