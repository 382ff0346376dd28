"""Terms → BM25 index; query terms → scores. Five arrays on disk, opened memory-mapped; updatable.

What a term adds to a chunk's score is computed at indexing, as bm25s does it (Lù 2024, arXiv:2407.03618; the tests hold
both to the same numbers), so that a query is a sum of columns. Frequencies are stored beside the impacts, so that the
next generation takes over a chunk without cutting its text into terms again.
"""

import hashlib
import math
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.errors import IndexCorruptError
from index.files import REPAIR, NewFiles, load_array
from index.records import Float32

K1 = 1.2
B = 0.75
"""K1, B: Lucene's defaults; Robertson & Zaragoza 2009 give 1.2-2 and 0.5-0.8 as good for most collections."""

PARTS = ("keys", "starts", "rows", "counts", "impacts")
MAX_COUNT = np.iinfo(np.uint16).max
KEPT_HASHES = 16_384
"""Terms whose hash an index keeps, 150 bytes each: a question asks a dozen times for the same ones."""


@dataclass(frozen=True, slots=True)
class Hits:
    """Where one thing is that may be said in several ways.

    Args:
        scores: (n,) BM25, as if all its alternatives were one term.
        certainty: (n,) how certainly each chunk says it, 0 to 1.
        idf: how telling it is.
    """

    scores: Float32
    certainty: Float32
    idf: float


@dataclass(frozen=True, slots=True)
class _Postings:
    """Which term is how often in which row. Columns of equal length; `terms` are places in the sorted `keys`."""

    keys: npt.NDArray[np.uint64]
    terms: npt.NDArray[np.int64]
    rows: npt.NDArray[np.int32]
    counts: npt.NDArray[np.uint16]


class LexicalIndex:
    """BM25 over n chunks.

    Args:
        keys: (terms,) uint64, hashes of the terms, sorted.
        starts: (terms + 1,) int64, where each term's postings begin.
        rows: (postings,) int32, chunk rows, ascending within a term.
        counts: (postings,) uint16, how often the row has the term; None in an index of an earlier version.
        impacts: (postings,) float32, what the term adds to that row's score.
        size: number of chunks.
    """

    def __init__(
        self,
        keys: npt.NDArray[np.uint64],
        starts: npt.NDArray[np.int64],
        rows: npt.NDArray[np.int32],
        counts: npt.NDArray[np.uint16] | None,
        impacts: Float32,
        size: int,
    ) -> None:
        self._keys, self._starts, self._rows, self._counts, self._impacts = keys, starts, rows, counts, impacts
        self.size = size
        self._hash = lru_cache(KEPT_HASHES)(_hash)

    def cache_sizes(self) -> dict[str, int]:
        """Return name of cache → entries, for /metrics."""
        return {"lexical_index.hash": self._hash.cache_info().currsize}

    @classmethod
    def build(cls, texts_terms: Iterable[Sequence[str]]) -> "LexicalIndex":
        """Index the terms of each chunk, in row order."""
        postings, size = _count(enumerate(texts_terms))
        return cls._of(_sorted(postings), size)

    def updated(self, reused_rows: npt.NDArray[np.int64], new_terms: Iterable[Sequence[str]]) -> "LexicalIndex":
        """Return the index that `build` would give, from the terms of the new chunks alone.

        Args:
            reused_rows: (n,) for each row of the new index, this index's row of the same text, or -1 for a new chunk.
            new_terms: the terms of the new chunks, in the order of their rows.
        Raises:
            ValueError: this index keeps no frequencies (see `is_updatable`).
        """
        if self._counts is None:
            raise ValueError("this index keeps no frequencies: build it from the terms of all chunks")
        new, _count_of_new = _count(zip(np.flatnonzero(reused_rows < 0).tolist(), new_terms, strict=True))
        return type(self)._of(_sorted(_merge(self._taken(reused_rows), new)), len(reused_rows))

    def grouped(self, groups: npt.NDArray[np.int32]) -> "LexicalIndex":
        """Return the index over groups of chunks, such as articles, as `build` would from their terms together.

        Args:
            groups: (n,) number of each chunk's group, ascending from 0 without a gap.
        Raises:
            ValueError: this index keeps no frequencies (see `is_updatable`).
        """
        if self._counts is None:
            raise ValueError("this index keeps no frequencies: build it from the terms of all chunks")
        terms = np.repeat(np.arange(len(self._keys)), np.diff(self._starts))
        owners = groups[self._rows]
        first = np.flatnonzero(np.diff(terms << 32 | owners, prepend=-1))
        counts = np.add.reduceat(self._counts, first, dtype=np.int64) if len(first) else np.empty(0, np.int64)
        capped = np.asarray(np.minimum(counts, MAX_COUNT), np.uint16)
        postings = _Postings(np.asarray(self._keys), terms[first], owners[first].astype(np.int32), capped)
        return type(self)._of(postings, int(groups[-1]) + 1 if len(groups) else 0)

    @property
    def is_updatable(self) -> bool:
        """Whether it keeps the frequencies that an update needs."""
        return self._counts is not None

    @classmethod
    def _of(cls, postings: _Postings, size: int) -> "LexicalIndex":
        terms, rows, counts = postings.terms, postings.rows, postings.counts
        document_frequencies = np.bincount(terms, minlength=len(postings.keys))
        used = document_frequencies > 0
        starts = np.concatenate([[0], np.cumsum(document_frequencies[used])]).astype(np.int64)
        impacts = _impacts(document_frequencies, terms, rows, counts, size)
        return cls(postings.keys[used], starts, rows, counts, impacts, size)

    def _taken(self, reused_rows: npt.NDArray[np.int64]) -> _Postings:
        """Return the postings of the rows that stay, under their new row numbers."""
        assert self._counts is not None
        by_row = np.argsort(self._rows, kind="stable")
        ends = np.cumsum(np.bincount(self._rows, minlength=self.size))
        lengths = np.diff(ends, prepend=0)
        new_rows = np.flatnonzero(reused_rows >= 0)
        old_rows = reused_rows[new_rows]
        sizes = lengths[old_rows]
        # For each new row in turn: the places of its old row's postings in by_row.
        within = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        places = by_row[np.repeat(ends[old_rows] - sizes, sizes) + within]
        terms = np.repeat(np.arange(len(self._keys)), np.diff(self._starts))
        rows = np.repeat(new_rows, sizes).astype(np.int32)
        return _Postings(np.asarray(self._keys), terms[places], rows, self._counts[places])

    def save(self, files: NewFiles, name: str = "lexical", *, updatable: bool = True) -> None:
        """Write the arrays as <name>_<part>.npy; the frequencies only where an update will need them."""
        for part in PARTS:
            if part != "counts" or updatable:
                files.add_array(f"{name}_{part}.npy", getattr(self, f"_{part}"))

    @classmethod
    def open(cls, folder: Path, size: int, name: str = "lexical") -> "LexicalIndex":
        """Open what `save` wrote, memory-mapped.

        Raises:
            IndexCorruptError: a file is missing or damaged, or they do not belong together.
        """
        keys, starts, rows, impacts = (load_array(folder / f"{name}_{part}.npy") for part in PARTS if part != "counts")
        path = folder / f"{name}_counts.npy"
        counts = load_array(path) if path.exists() else None
        lengths = {len(rows), len(impacts), *starts[-1:].tolist(), *([] if counts is None else [len(counts)])}
        if len(starts) != len(keys) + 1 or lengths != {len(rows)}:
            raise IndexCorruptError(f"{folder}: the arrays {name}_*.npy do not belong together; {REPAIR}")
        return cls(keys, starts, rows, counts, impacts, size)

    def scores(self, terms: Sequence[str]) -> Float32:
        """Return (n,) BM25 scores of every chunk, >= 0; a term counts as often as the query has it."""
        total = np.zeros(self.size, np.float32)
        for term, count in Counter(terms).items():
            first, last = self._postings(term)
            total[self._rows[first:last]] += count * self._impacts[first:last]
        return total

    def find_any(self, alternatives: Iterable[tuple[Sequence[str], float]]) -> Hits:
        """Return where any of several ways to say one thing is.

        Args:
            alternatives: terms that a chunk must have all of, with how certain it is that they say it, 0 to 1.
        Source: Pirkola (SIGIR 1998), alternatives as one term; Darwish & Oard (SIGIR 2003), weighted by how certain
            they are. The best alternative counts instead of the sum, since translations of one word stand beside each other.
        """
        saturation, certainty_of = np.zeros(self.size, np.float32), np.zeros(self.size, np.float32)
        for terms, certainty in alternatives:
            rows, values = self._saturation(terms)
            saturation[rows] = np.maximum(saturation[rows], certainty * values)
            certainty_of[rows] = np.maximum(certainty_of[rows], certainty)
        idf = float(self._idf(float(certainty_of.sum())))
        return Hits(idf * saturation, certainty_of, idf)

    def _saturation(self, terms: Sequence[str]) -> tuple[npt.NDArray[np.int32], Float32]:
        """Return the rows that have all the terms, and what BM25 makes of the rarest one's frequency there."""
        spans = sorted(map(self._postings, dict.fromkeys(terms)), key=lambda span: span[1] - span[0])
        first, last = spans[0]
        rows, impacts = self._rows[first:last], self._impacts[first:last]
        values = impacts / np.float32(self._idf(last - first))
        for first, last in spans[1:]:
            places = np.searchsorted(self._rows[first:last], rows)
            places = np.minimum(places, last - first - 1)
            is_there = self._rows[first:last][places] == rows
            rows, values = rows[is_there], values[is_there]
        return rows, values

    def idf(self, terms: Sequence[str]) -> Float32:
        """Return (len(terms),) how telling each term is in this archive; a term that is nowhere tells most."""
        return np.asarray(self._idf(self.frequency(terms)), np.float32)

    def known(self, terms: Sequence[str]) -> npt.NDArray[np.bool_]:
        """Return (len(terms),) whether any chunk has the term."""
        return self.frequency(terms) > 0

    def frequency(self, terms: Sequence[str]) -> npt.NDArray[np.int64]:
        """Return (len(terms),) in how many chunks each term is."""
        if not len(self._keys):
            return np.zeros(len(terms), np.int64)
        keys = np.fromiter(map(self._hash, terms), np.uint64, len(terms))
        places = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
        return np.where(self._keys[places] == keys, self._starts[places + 1] - self._starts[places], 0)

    def presence(self, terms: Sequence[str], rows: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """Return (len(terms), len(rows)) whether each chunk has each term."""
        found = np.zeros((len(terms), len(rows)), np.bool_)
        for number, (first, last) in enumerate(map(self._postings, terms)):
            holding = self._rows[first:last]
            if len(holding):
                places = np.minimum(np.searchsorted(holding, rows), len(holding) - 1)
                found[number] = holding[places] == rows
        return found

    def coverage(self, terms: Sequence[str]) -> float:
        """Share of the query's distinct terms, weighted by idf, that occur in the archive at all: 0 to 1.

        Low for a question in another language than the archive's: then the lexical scores say little.
        """
        distinct = list(dict.fromkeys(terms))
        weights = self.idf(distinct)
        total = float(weights.sum())
        return float(weights[self.known(distinct)].sum()) / total if total else 0.0

    def _idf(self, frequency: npt.NDArray[np.int64] | float) -> Any:
        return np.log1p((self.size - frequency + 0.5) / (frequency + 0.5))

    def _postings(self, term: str) -> tuple[int, int]:
        key = np.uint64(self._hash(term))
        place = int(np.searchsorted(self._keys, key))
        if place == len(self._keys) or self._keys[place] != key:
            return 0, 0
        return int(self._starts[place]), int(self._starts[place + 1])


def _count(texts_terms: Iterable[tuple[int, Sequence[str]]]) -> tuple[_Postings, int]:
    """Return the postings of (row, terms of its chunk), and how many there were."""
    vocabulary: dict[str, int] = {}
    # Arrays, not lists: 20,000 articles have fourteen million postings, four bytes each instead of forty.
    terms, rows, counts = array("i"), array("i"), array("H")
    size = 0
    for row, text_terms in texts_terms:
        size += 1
        for term, count in Counter(text_terms).items():
            terms.append(vocabulary.setdefault(term, len(vocabulary)))
            rows.append(row)
            counts.append(min(count, MAX_COUNT))
    hashes = np.fromiter(map(_hash, vocabulary), np.uint64, len(vocabulary))
    keys, place = np.unique(hashes, return_inverse=True)
    term_of = place[np.asarray(terms, np.int64)]
    return _Postings(keys, term_of, np.array(rows, np.int32), np.array(counts, np.uint16)), size


def _sorted(postings: _Postings) -> _Postings:
    """By term, then by row."""
    order = np.argsort(postings.terms << 32 | postings.rows)
    return _Postings(postings.keys, postings.terms[order], postings.rows[order], postings.counts[order])


def _merge(first: _Postings, second: _Postings) -> _Postings:
    keys = np.union1d(first.keys, second.keys)
    return _Postings(
        keys,
        np.concatenate([np.searchsorted(keys, part.keys)[part.terms] for part in (first, second)]),
        np.concatenate([first.rows, second.rows]),
        np.concatenate([first.counts, second.counts]),
    )


def _impacts(
    document_frequencies: npt.NDArray[np.int64],
    terms: npt.NDArray[np.int64],
    rows: npt.NDArray[np.int32],
    counts: npt.NDArray[np.uint16],
    size: int,
) -> Float32:
    """What each posting adds to its row's score, (postings,): idf as Lucene has it, times saturation times k1 + 1.

    Source: Kamphuis et al., ECIR 2020, compare the variants; `math.log` on the few distinct frequencies gives the same
        bits on every machine, which numpy's logarithm does not.
    """
    if not len(terms):
        return np.empty(0, np.float32)
    frequencies, place = np.unique(document_frequencies, return_inverse=True)
    idf = np.array([math.log(1 + (size - n + 0.5) / (n + 0.5)) for n in frequencies.tolist()])[place]
    lengths = np.bincount(rows, weights=counts, minlength=size)
    tf = counts.astype(np.float64)
    saturation = tf * (K1 + 1) / (tf + K1 * (1 - B + B * lengths[rows] / lengths.mean()))
    return np.asarray(idf[terms] * saturation, np.float32)


def _hash(term: str) -> int:
    # 64 bits: two of a million terms share a hash with probability 3e-8; the cost would be one odd ranking.
    return int.from_bytes(hashlib.blake2b(term.encode(), digest_size=8).digest(), "little")
