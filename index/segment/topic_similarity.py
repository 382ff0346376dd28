"""What a page's blocks are about: shared character pairs and words, rare ones weighing more; a small assignment."""

import itertools
import math
import re
import zlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from index.language.memo import memoise

Grams = frozenset[str]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
WORD = 1 << 44
"""Marks the numbers of Latin words apart from those of Han pairs, which take 42 bits."""
LEAD_CHARACTERS = 160
LEAD_SHARE = 0.35
"""A news headline repeats the lead more than the rest; share of its similarity that the lead decides."""

_RUNS = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+|[A-Za-z0-9.]+")
_LATIN = re.compile(r"[A-Za-z0-9.]+")
_LATIN_STOP = frozenset(
    "a an and are as at be been by for from had has have he her his in into is it its more not of on or said she than "  # noqa: SIM905
    "that the their them they this to was were which who will with".split()
)


@memoise(1024)
def find_grams(text: str) -> Grams:
    """Return the pairs of neighbouring Han characters, and the Latin words and numbers, that a text holds."""
    grams: set[str] = set()
    for run in _RUNS.findall(text):
        if run[0] < "\u3000":
            grams.update(_words(run))
        else:
            grams.update(map("".join, itertools.pairwise(run)))
    return frozenset(grams)


def share_of(text: str, body: str) -> float:
    """Return the share, 0–1, of a text's grams that a body has, whether rare or not; 0 of a text without any."""
    codes = gram_codes(text)
    return _places_among(codes, gram_codes(body)).size / codes.size if codes.size else 0.0


def _places_among(codes: Ints, known: Ints) -> Ints:
    """Return the places, among known codes in order, of the codes that are there."""
    places = known.searchsorted(codes)
    places[places == known.size] = 0
    return places[known[places] == codes] if known.size else places[:0]


@memoise(1024)
def gram_codes(text: str) -> Ints:
    """Return the grams of a text as sorted numbers, each once: for Han pairs both code points, for words a checksum."""
    if "\n" in text:  # a body's paragraphs are asked for by themselves, too
        return _distinct(np.concatenate([gram_codes(line) for line in text.split("\n")]))
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.int64)
    is_han = (points >= 0x3400) & (points <= 0x9FFF) & ~((points > 0x4DBF) & (points < 0x4E00))
    pairs = (points[:-1] << 21 | points[1:])[is_han[:-1] & is_han[1:]]
    words = [zlib.crc32(word.encode()) for word in _words(text)]
    return _distinct(np.concatenate([pairs, np.array(words, np.int64) | WORD]))


def _distinct(codes: Ints) -> Ints:
    codes.sort()
    return codes[np.concatenate([[True], codes[1:] != codes[:-1]])] if codes.size else codes


def _words(text: str) -> list[str]:
    found = (run.casefold().strip(".") for run in _LATIN.findall(text))
    return [word for word in found if word and word not in _LATIN_STOP]


class TopicSimilarity:
    """The bodies of a page as sets of grams, weighted by how few bodies share a gram (idf, Spärck Jones 1972).

    Args:
        bodies: texts to tell apart, e.g. the runs of running text of one page.
    """

    def __init__(self, bodies: Sequence[str]) -> None:
        codes = [gram_codes(body) for body in bodies]
        self._grams = _distinct(np.concatenate([np.zeros(0, np.int64), *codes]))
        self._bodies = self._matrix(codes)
        self._texts = bodies
        self._leads: Floats | None = None
        self._shared = self._bodies.sum(axis=0)
        # A gram that no body has counts like one that a single body has.
        self._rare = math.log(1 + len(bodies))
        self._weights = np.log1p(len(bodies) / np.maximum(self._shared, 1.0))
        self._known: dict[str, Floats] = {}

    def _places(self, codes: Ints) -> Ints:
        """Columns of the grams that some body has."""
        return _places_among(codes, self._grams)

    def _matrix(self, codes: Sequence[Ints]) -> Floats:
        matrix = np.zeros((len(codes), self._grams.size))
        for row, own in enumerate(codes):
            matrix[row, self._places(own)] = 1.0
        return matrix

    def share(self, text: str, body: int) -> float:
        """Return the share, 0–1, of a text's weighted grams that one body has."""
        return float(self.shares(text)[body])

    def shares(self, text: str) -> Floats:
        """Return (bodies,): the share, 0–1, of a text's weighted grams that each body has."""
        places, weights, total = self._weighed(text)
        found: Floats = self._bodies[:, places] @ weights / total
        return found

    def shared_weights(self) -> Floats:
        """Return (bodies, grams): the weights of the grams that at least two bodies share, 0 where a body lacks one."""
        kept = self._shared > 1
        weighted: Floats = self._bodies[:, kept] * self._weights[kept]
        return weighted

    def union_share(self, text: str, bodies: Sequence[int]) -> float:
        """Return the share, 0–1, of a text's weighted grams that some of these bodies has."""
        places, weights, total = self._weighed(text)
        union = self._bodies[np.ix_(np.array(bodies, np.int64), places)].max(axis=0, initial=0.0)
        return float(union @ weights) / total

    def similarities(self, text: str) -> Floats:
        """Return (bodies,): the share, 0–1, of a headline's weighted grams that each body has, its lead above all."""
        if text not in self._known:
            if self._leads is None:
                self._leads = self._matrix([gram_codes(body[:LEAD_CHARACTERS]) for body in self._texts])
            places, weights, total = self._weighed(text)
            body, lead = (matrix[:, places] @ weights / total for matrix in (self._bodies, self._leads))
            self._known[text] = (1 - LEAD_SHARE) * body + LEAD_SHARE * lead
        return self._known[text]

    def _weighed(self, text: str) -> tuple[Ints, Floats, float]:
        """Return the columns of a text's grams that some body has, their weights, and the weight of all its grams."""
        codes = gram_codes(text)
        places = self._places(codes)
        weights = self._weights[places]
        return places, weights, float(weights.sum()) + self._rare * (codes.size - places.size) or 1.0

    def group_similarities(self, groups: Sequence[Sequence[int]]) -> Floats:
        """Return (bodies, groups): how much a body speaks of the same as the others of a group, 0–1.

        Cosine of the weighted grams that at least two bodies share, so that its length alone brings a body nothing.

        Args:
            groups: numbers of bodies; a body is left out of its own group.
        """
        kept = self._shared > 1
        weights = self._bodies[:, kept] * self._weights[kept]
        lengths = np.linalg.norm(weights, axis=1)
        similar = np.zeros((len(weights), len(groups)))
        for column, group in enumerate(groups):
            union = weights[list(group)].max(axis=0, initial=0.0)
            scale = lengths * np.linalg.norm(union)
            similar[:, column] = weights @ union / np.where(scale, scale, 1.0)
            for row in group:  # a body is compared with the others only
                others = [other for other in group if other != row]
                similar[row, column] = cosine(weights[row], weights[others].max(axis=0)) if others else 0.0
        return similar


def best_of_others(values: Floats, least: float = 0.0) -> Floats:
    """Return (rows, columns): in each row the greatest of the other columns' values, the least where there is none."""
    ranked = np.sort(np.pad(values, ((0, 0), (2, 0)), constant_values=least), axis=1)
    best, second = ranked[:, -1:], ranked[:, -2:-1]
    others: Floats = np.where(values == best, second, best)
    return others


def cosines(left: Floats, right: Floats) -> Floats:
    """Return (left rows, right rows): the cosine of each two rows, 0 where one of them is all zero."""
    lengths = np.linalg.norm(left, axis=1)[:, None] * np.linalg.norm(right, axis=1)
    found: Floats = left @ right.T / np.where(lengths, lengths, 1.0)
    return found


def row_cosines(left: Floats, right: Floats) -> Floats:
    """Return (rows,): the cosine of each row of the one with the same row of the other."""
    lengths = np.sqrt((left * left).sum(axis=1) * (right * right).sum(axis=1))
    found: Floats = (left * right).sum(axis=1) / np.where(lengths, lengths, 1.0)
    return found


def cosine(left: Floats, right: Floats) -> float:
    """Return the cosine of two rows, 0 where one of them is all zero."""
    lengths = float(np.linalg.norm(left) * np.linalg.norm(right))
    return float(left @ right) / lengths if lengths else 0.0


def assign(scores: npt.NDArray[np.float64]) -> list[int]:
    """Return for each row the column of the one-to-one assignment with the greatest total score.

    Args:
        scores: (rows, columns), rows <= columns.
    Source: linear sum assignment, Crouse 2016, as in scipy.
    """
    from scipy.optimize import linear_sum_assignment

    rows, columns = linear_sum_assignment(scores, maximize=True)
    return [int(column) for _row, column in sorted(zip(rows, columns, strict=True))]
