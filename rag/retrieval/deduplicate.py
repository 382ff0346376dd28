"""Best candidates → passages: reprints take one place, no article crowds out the others."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

import numpy as np
import numpy.typing as npt

from index.language.memo import memoise
from index.records import Article
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


@dataclass(slots=True)
class _Chosen:
    """A candidate that is chosen, its place in the ranking, and the doc ids of the reprints that it stands for."""

    place: int
    candidate: Candidate
    reprints: list[str]


def merge_duplicates(ranked: Iterable[Candidate], limit: int) -> list[tuple[Candidate, tuple[str, ...]]]:
    """Return up to `limit` candidates, best first, each with the doc ids of the reprints that it stands for.

    A reprint is a passage whose text another article, already chosen, has nearly all of; also where the two papers
    cut it differently, and so its chunks fall elsewhere. Of an undated copy, or one dated to the month
    only, and its dated original the original is chosen, in the place of the better of the two: its citation says when.
    """
    chosen: list[_Chosen] = []
    waiting: list[_Chosen] = []
    reprints_of: dict[str, list[str]] = {}
    doc_of: dict[str, str] = {}
    shingles_of: dict[str, Shingles] = {}  # of the chosen articles
    copies: dict[str, str] = {}  # dated original → the undated copy that was chosen before it
    precision_of: dict[str, int] = {}
    for place, candidate in enumerate(ranked):
        if len(chosen) == limit:
            break
        article = candidate.article
        shingles = _shingles(candidate.text)
        original = None if article.id in reprints_of else _original(shingles, shingles_of)
        if original is not None and _precision(article) > precision_of[original]:
            copies[article.id] = original
            reprints_of[article.id] = [doc_of[original], *reprints_of.pop(original)]
            shingles_of.pop(original)
            original = None
        elif original is not None:
            if article.doc_id not in {*reprints_of[original], doc_of[original]}:
                reprints_of[original].append(article.doc_id)
            continue
        if article.id not in shingles_of:
            reprints_of.setdefault(article.id, [])
            doc_of[article.id], precision_of[article.id] = article.doc_id, _precision(article)
            shingles_of[article.id] = _shingles(article.text)
        reprints = reprints_of[article.id]
        copy = _copied(shingles, copies.get(article.id), [*chosen, *waiting])
        if copy:
            copy.candidate, copy.reprints = candidate, reprints
            continue
        of_article = sum(other.candidate.article.id == article.id for other in chosen)
        (chosen if of_article < PER_ARTICLE else waiting).append(_Chosen(place, candidate, reprints))
    chosen += waiting[: limit - len(chosen)]
    return [(one.candidate, tuple(one.reprints)) for one in sorted(chosen, key=attrgetter("place"))]


def _precision(article: Article) -> int:
    """How much is known of the day an article was printed; 0 for nothing."""
    return len(article.date.value) if article.date else 0


def _copied(shingles: Shingles, copy: str | None, chosen: Sequence[_Chosen]) -> _Chosen | None:
    """Return the passage of an undated copy that says what a passage of the original says."""
    if copy is None:
        return None
    of_copy = [one for one in chosen if one.candidate.article.id == copy]
    same = (
        one for one in of_copy if _count_shared(shingles, _shingles(one.candidate.text)) >= SAME_TEXT * len(shingles)
    )
    return next(same, None)


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
