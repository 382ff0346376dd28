"""Terms → BM25 index; query terms → scores. Four arrays on disk, opened memory-mapped.

Source: BM25 with the idf of Lucene, idf = ln(1 + (N - df + 0.5) / (df + 0.5)), and the impacts computed at
indexing (the eager scoring of bm25s, Lù 2024, arXiv:2407.03618), so that a query is a sum of columns. Our own
lines rather than that library: its import (scipy) costs a sixth of a second of a two-second answer, and it
wants the vocabulary as a dict in memory.
"""

import hashlib
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.records import Float32

K1 = 1.2
B = 0.75
"""K1, B: Lucene's defaults; Robertson & Zaragoza 2009 give 1.2-2 and 0.5-0.8 as good for most collections."""

PARTS = ("keys", "starts", "rows", "impacts")


class LexicalIndex:
    """BM25 over n chunks.

    Args:
        keys: (terms,) uint64, hashes of the terms, sorted.
        starts: (terms + 1,) int64, where each term's postings begin.
        rows: (postings,) int32, chunk rows.
        impacts: (postings,) float32, what the term adds to that row's score.
        size: number of chunks.
    """

    def __init__(
        self,
        keys: npt.NDArray[np.uint64],
        starts: npt.NDArray[np.int64],
        rows: npt.NDArray[np.int32],
        impacts: Float32,
        size: int,
    ) -> None:
        self._keys, self._starts, self._rows, self._impacts = keys, starts, rows, impacts
        self.size = size

    @classmethod
    def build(cls, texts_terms: Iterable[Sequence[str]]) -> "LexicalIndex":
        """Index the terms of each chunk, in row order."""
        vocabulary: dict[str, int] = {}
        # Arrays, not lists: 20,000 articles have thirty million postings, four bytes each instead of forty.
        terms, rows, counts = array("i"), array("i"), array("i")
        lengths: list[int] = []
        for row, text_terms in enumerate(texts_terms):
            lengths.append(len(text_terms))
            for term, count in Counter(text_terms).items():
                terms.append(vocabulary.setdefault(term, len(vocabulary)))
                rows.append(row)
                counts.append(count)
        size = len(lengths)
        keys = np.fromiter((_key(term) for term in vocabulary), np.uint64, len(vocabulary))
        order_of_keys = np.argsort(keys)
        place = np.empty_like(order_of_keys)
        place[order_of_keys] = np.arange(len(keys))
        term_of = place[np.asarray(terms)] if terms else np.empty(0, np.int64)
        row_of = np.array(rows, np.int32)
        frequency = np.array(counts, np.float64)
        document_frequency = np.bincount(term_of, minlength=len(keys))
        length = np.array(lengths, np.float64)
        relative = length / length.mean() if size and length.sum() else np.ones(size)
        impact = _idf(document_frequency, size)[term_of] * frequency * (K1 + 1)
        impact /= frequency + K1 * (1 - B + B * relative[row_of])
        order = np.argsort(term_of, kind="stable")
        starts = np.concatenate([[0], np.cumsum(document_frequency)]).astype(np.int64)
        return cls(keys[order_of_keys], starts, row_of[order], impact[order].astype(np.float32), size)

    def save(self, folder: Path) -> None:
        """Write the arrays as lexical_<part>.npy."""
        for part in PARTS:
            np.save(folder / f"lexical_{part}.npy", getattr(self, f"_{part}"))

    @classmethod
    def open(cls, folder: Path, size: int) -> "LexicalIndex":
        """Open what `save` wrote, memory-mapped."""
        keys, starts, rows, impacts = (_load(folder / f"lexical_{part}.npy") for part in PARTS)
        return cls(keys, starts, rows, impacts, size)

    def scores(self, terms: Sequence[str]) -> Float32:
        """Return (n,) BM25 scores of every chunk, >= 0; a term counts as often as the query has it."""
        total = np.zeros(self.size, np.float32)
        for term, count in Counter(terms).items():
            first, last = self._postings(term)
            total[self._rows[first:last]] += count * self._impacts[first:last]
        return total

    def idf(self, terms: Sequence[str]) -> Float32:
        """Return (len(terms),) how telling each term is in this archive; a term that is nowhere tells most."""
        return _idf(self.frequency(terms), self.size).astype(np.float32)

    def known(self, terms: Sequence[str]) -> npt.NDArray[np.bool_]:
        """Return (len(terms),) whether any chunk has the term."""
        return self.frequency(terms) > 0

    def frequency(self, terms: Sequence[str]) -> npt.NDArray[np.int64]:
        """Return (len(terms),) in how many chunks each term is."""
        return np.array([last - first for first, last in map(self._postings, terms)], np.int64)

    def coverage(self, terms: Sequence[str]) -> float:
        """Share of the query's distinct terms, weighted by idf, that occur in the archive at all: 0 to 1.

        Low for a question in another language than the archive's: then the lexical scores say little.
        """
        distinct = list(dict.fromkeys(terms))
        weights = self.idf(distinct)
        total = float(weights.sum())
        return float(weights[self.known(distinct)].sum()) / total if total else 0.0

    def _postings(self, term: str) -> tuple[int, int]:
        key = np.uint64(_key(term))
        place = int(np.searchsorted(self._keys, key))
        if place == len(self._keys) or self._keys[place] != key:
            return 0, 0
        return int(self._starts[place]), int(self._starts[place + 1])


def _load(path: Path) -> npt.NDArray[Any]:
    try:
        return np.load(path, mmap_mode="r")  # type: ignore[no-any-return]
    except ValueError:  # an empty array cannot be mapped: an archive without a single word
        return np.load(path)  # type: ignore[no-any-return]


def _key(term: str) -> int:
    # 64 bits: two of a million terms share a hash with probability 3e-8; the cost would be one odd ranking.
    return int.from_bytes(hashlib.blake2b(term.encode(), digest_size=8).digest(), "little")


def _idf(document_frequency: npt.NDArray[np.int64], size: int) -> npt.NDArray[np.float64]:
    return np.log1p((size - document_frequency + 0.5) / (document_frequency + 0.5))
