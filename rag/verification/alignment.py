"""A statement laid beside passages: which of their sentences have its words.

The sentences are chosen greedily, as a set is covered: first the one that has most of the statement by idf, then what adds most.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rag.facts.quantities import Figure
from rag.verification.claims import Days
from rag.verification.passages import Source
from rag.verification.words import Word

MAX_SENTENCES = 4
"""Sentences that may carry a statement together."""
MIN_GAIN = 0.1
"""Share of the statement, by weight, that a further sentence must add."""
UNMARKED_COST = 0.06
"""Share by which a sentence must be better whose passage the statement does not point to."""
NEIGHBOUR_BONUS = 0.03
"""Share by which a sentence may be worse that stands beside one already chosen: both make one quote."""
FIGURE_WEIGHT = 6.0
DAY_WEIGHT = 4.0
"""What a figure and a date weigh, as idf: as much as a word that one chunk in four hundred has, or in fifty."""
PART_OF_WORD = 0.7
"""What the pairs of characters of a longer word count together, where it does not stand there as a whole."""
SAME_CHARACTERS = 0.35
"""What the characters of a word of two count, each by itself: 存在 of 仍存."""
MAX_SLIPS = 2
"""What a count of slips is cut to: two are as bad as three."""
Float64 = npt.NDArray[np.float64]
Weigh = Callable[[Sequence[str]], npt.NDArray[np.floating]]
"""Words → idf of each."""


@dataclass(frozen=True, slots=True)
class Place:
    """A sentence of a passage, by number."""

    source: Source
    sentence: int

    @property
    def span(self) -> tuple[int, int]:
        """(start, end) in the passage, its rows said."""
        return self.source.parsed.sentences[self.sentence]

    @property
    def text(self) -> str:
        """The sentence."""
        return self.source.said.text[slice(*self.span)]


@dataclass(frozen=True, slots=True)
class Evidence:
    """The sentences chosen for a statement, the best first.

    Args:
        covered: (parts,) how far the best of them has each word or other part of the statement, 0 to 1.
        gains: share of the statement that each added.
    """

    places: tuple[Place, ...]
    covered: Float64
    gains: tuple[float, ...]

    @property
    def sources(self) -> tuple[Source, ...]:
        """The passages that they are from, in the order of the best sentence of each."""
        return tuple(dict.fromkeys(place.source for place in self.places))

    def in_order(self) -> list[Place]:
        """The sentences as they stand, passage by passage."""
        rank = {source: number for number, source in enumerate(self.sources)}
        return sorted(self.places, key=lambda place: (rank[place.source], place.sentence))


class Alignment:
    """What of a statement the sentences of passages have.

    Args:
        weights: (parts,) what each word, or other part, of the statement weighs.
        sources: the passages.
        markers: ranks of those that the statement points to.
        presence: a sentence → how far it has each part, 0 to 1.
    """

    def __init__(
        self,
        weights: Float64,
        sources: Sequence[Source],
        markers: Sequence[int],
        presence: Callable[[Place], Sequence[float]],
    ) -> None:
        self.weights = weights
        self.total = float(weights.sum()) or 1.0
        self._places = [Place(source, number) for source in sources for number in source.told]
        self._rows = np.array([presence(place) for place in self._places]).reshape(len(self._places), len(weights))
        self._costs = np.array(
            [UNMARKED_COST * (bool(markers) and place.source.passage.rank not in markers) for place in self._places]
        )

    def choose(self, sources: Iterable[Source] | None = None) -> Evidence:
        """Return the sentences that have most of the statement together.

        Args:
            sources: only sentences of these; None: of all.
        """
        allowed = None if sources is None else set(sources)
        usable = np.array([allowed is None or place.source in allowed for place in self._places], bool)
        current = np.zeros(len(self.weights))
        chosen: list[int] = []
        gains: list[float] = []
        while len(chosen) < MAX_SENTENCES and usable.any():
            added = (np.maximum(self._rows, current) - current) @ self.weights / self.total
            beside = np.array([any(_are_neighbours(place, self._places[one]) for one in chosen) for place in self._places])  # fmt: skip
            scores = np.where(usable, added - self._costs + NEIGHBOUR_BONUS * beside, -np.inf)
            best = int(scores.argmax())
            if chosen and added[best] < MIN_GAIN:
                break
            chosen.append(best)
            gains.append(float(added[best]))
            usable[best] = False
            current = np.maximum(current, self._rows[best])
        return Evidence(tuple(self._places[one] for one in chosen), current, tuple(gains))

    def add(self, evidence: Evidence, place: Place) -> Evidence:
        """Return the evidence with a sentence more, that has what is named and not told."""
        row = self._rows[self._places.index(place)]
        return Evidence((*evidence.places, place), np.maximum(evidence.covered, row), (*evidence.gains, 0.0))

    def best_places(self, count: int) -> list[Place]:
        """Return the sentences that have most of the statement, each by itself."""
        order = np.argsort(-(self._rows @ self.weights / self.total - self._costs), kind="stable")
        return [self._places[one] for one in order[:count]]

    def best_sources(self, count: int) -> list[Source]:
        """Return the passages of the sentences that have most of the statement, each once."""
        return list(dict.fromkeys(place.source for place in self.best_places(len(self._places))))[:count]


def presences(words: Iterable[Word], folded: str, figures: Sequence[Figure], days: Sequence[Days]) -> list[float]:
    """Return how far a stretch has each word, 0 to 1.

    Args:
        folded: its text in one script, width and case.
        figures, days: those that stand in it.
    """
    return [_presence(word, folded, figures, days) for word in words]


def best_together(table: Float64) -> Float64:
    """Return (words, words) how far one column of (words, columns) has both of two words, the best one; in little memory."""
    both = np.zeros((len(table), len(table)))
    for column in table.T:
        np.maximum(both, np.minimum.outer(column, column), out=both)
    return both


def word_weights(words: Sequence[Word], weigh: Weigh) -> Float64:
    """Return (words,) what each word of a statement weighs."""
    idf = weigh([word.key for word in words])
    fixed = {"figure": FIGURE_WEIGHT, "day": DAY_WEIGHT}
    return np.array([fixed.get(word.kind, weight) for word, weight in zip(words, idf, strict=True)], np.float64)


def _presence(word: Word, folded: str, figures: Sequence[Figure], days: Sequence[Days]) -> float:
    if word.figure:
        return 1.0 if any(word.figure.is_told_by(other) for other in figures) else float(word.key in folded)
    if word.days:
        return float(any(word.days.covers(other) for other in days))
    if word.key in folded:
        return 1.0
    if len(word.key) == 2:
        return SAME_CHARACTERS * sum(character in folded for character in word.key) / 2
    pairs = [word.key[place : place + 2] for place in range(len(word.key) - 1)]
    return PART_OF_WORD * sum(pair in folded for pair in pairs) / len(pairs) if pairs else 0.0


def _are_neighbours(one: Place, other: Place) -> bool:
    return one.source is other.source and abs(one.sentence - other.sentence) == 1
