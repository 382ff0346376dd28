"""A statement in another language than the passages: its words by glossary and dictionary, its names by their sound.

English statement ─ translation ─► concepts, each with the ways in which the archive says it ─┐
└ figures, dates, what stands in Chinese in brackets ───────────────────────┴─► sentences that have them
"""

import re
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from index.language.terms import Lexicon
from rag.facts.quantities import Figure
from rag.retrieval.translation.concepts import QueryTranslation
from rag.verification.alignment import DAY_WEIGHT, FIGURE_WEIGHT, MAX_SLIPS, Evidence, Float64, Place, best_together
from rag.verification.check_marks import MARKS
from rag.verification.check_quantities import states_figure
from rag.verification.claims import Claims, Days, fold

Translate = Callable[[str], QueryTranslation]
"""English text → what it says in the archive's words."""
SAID = 0.5
"""Certainty from which on a sentence says a concept."""
_PRINTED = re.compile(r"[\u4e00-\u9fff]{2,}")
CROSS_LANGUAGE_FEATURES = (
    "covered",  # share of the statement, by weight, that the sentences have
    "first_covered",
    "sentences",
    "least",  # the least certainty of a weighty concept
    "missing",  # weighty concepts that no sentence has
    "imported",  # share that only the rest of their passages has
    "names",  # share of its names that the sentences have
    "names_missing",  # that none of their passages has
    "unknown",  # share of its words that no dictionary has
    "together_in_clause",  # share of the pairs of concepts that one clause has
    "together_with_subject",
    "figures",
    "days",
    "characters",
    "parts",
    *(f"{how}_{kind}" for kind in MARKS for how in ("added", "lost")),
    "borne_out",
    "borne_out_bare",
)


class ForeignStatement:
    """A statement by what it says in the passages' language.

    Args:
        claims: its own.
        translation: of it.
        lexicon: makes terms as the archive's were made.
    """

    def __init__(self, claims: Claims, translation: QueryTranslation, lexicon: Lexicon) -> None:
        self.claims = claims
        self.translation = translation
        self._lexicon = lexicon
        days = [day for day in claims.days if not day.compared]
        self._days = days
        self.weights: Float64 = np.array(
            [concept.weight for concept in translation.concepts]
            + [FIGURE_WEIGHT] * len(claims.figures)
            + [DAY_WEIGHT] * len(days),
            np.float64,
        )

    def on(self, claims: Claims) -> "ForeignStatement":
        """The same statement, its days counted from another date."""
        return ForeignStatement(claims, self.translation, self._lexicon)

    def presence(self, text: str, figures: Sequence[Figure], days: Sequence[Days]) -> list[float]:
        """Return (parts,) how certainly a stretch has each part, 0 to 1."""
        terms = frozenset(self._lexicon.distinct_terms(text))
        return [
            *(concept.certainty_in(terms) for concept in self.translation.concepts),
            *(
                float(any(mine.equals(other) and states_figure(mine, other) for other in figures))
                for mine in self.claims.figures
            ),
            *(float(any(mine.covers(other) for other in days)) for mine in self._days),
        ]

    def missing_originals(self, known: str, is_home: Callable[[str], bool]) -> Iterator[str]:
        """Yield what is printed in Chinese in the statement, as in brackets behind a name, and not in the passages.

        Args:
            known: text of the passage and its head.
        """
        folded = fold(known)
        yield from (
            printed
            for printed in _PRINTED.findall(self.claims.text)
            if fold(printed) not in folded and not is_home(printed)
        )

    def _missing_names(self, known: str) -> int:
        """How many romanised names a text does not have; the archive's own district need not be named."""
        terms = frozenset(self._lexicon.distinct_terms(known))
        named = (concept for concept in self.translation.concepts if concept.is_name)
        return sum(not concept.certainty_in(terms) for concept in named) + sum(
            " " in word for word in self.translation.absent
        )

    def features(self, evidence: Evidence, read: tuple[float, float]) -> Float64:
        """Return the features in the order of CROSS_LANGUAGE_FEATURES.

        Args:
            read: log odds of the reader, with what stands before the sentences, and without.
        """
        covered, count = evidence.covered, len(self.translation.concepts)
        total = float(self.weights.sum()) or 1.0
        concepts = covered[:count]
        weighty = self.weights[:count] >= self.weights[:count].max(initial=0.0) / 2
        figures = covered[count : count + len(self.claims.figures)]
        days = covered[count + len(self.claims.figures) :]
        names = np.array([concept.is_name for concept in self.translation.concepts], bool)
        passages = np.array(
            [self.presence(place.source.parsed.text, place.source.claims.figures, place.source.claims.days) for place in evidence.places]
        ).max(axis=0)  # fmt: skip
        told = "\n".join(place.text for place in evidence.places)
        words = count + len(self.translation.absent) + len(self.translation.unknown)
        marks = [
            value
            for pattern in MARKS.values()
            for mine, theirs in [(pattern.search(self.claims.text) is not None, pattern.search(told) is not None)]
            for value in (float(mine and not theirs), float(theirs and not mine))
        ]
        values = [
            float(covered @ self.weights) / total,
            evidence.gains[0],
            len(evidence.places),
            float(concepts[weighty].min(initial=1.0)),
            min(float((concepts[weighty] < SAID).sum()), MAX_SLIPS),
            float(np.maximum(passages - covered, 0) @ self.weights) / total,
            float(concepts[names].mean()) if names.any() else 1.0,
            min(self._missing_names("\n".join(place.source.parsed.text for place in evidence.places)), MAX_SLIPS),
            (words - count) / words if words else 1.0,
            *self._together(evidence.places),
            float(figures.mean()) if len(figures) else 1.0,
            float(days.mean()) if len(days) else 1.0,
            len(self.claims.text) / 100,
            min(len(self.weights), 20) / 10,
            *marks,
            *read,
        ]
        return np.array(values, np.float64)

    def _together(self, places: Sequence[Place]) -> tuple[float, float]:
        """Shares of the pairs of parts that one clause has, and one clause with its subject."""
        clauses = [
            (place.source.parsed, number, place.source.parsed.clauses[number])
            for place in places
            for number in place.source.parsed.clauses_of(place.sentence)
        ]
        shares = []
        for with_subject in (False, True):
            columns = [
                self.presence((parsed.reaches if with_subject else parsed.own)[number], *parsed.values_of(clause))
                for parsed, number, clause in clauses
            ]
            table = np.array(columns).T if columns else np.zeros((len(self.weights), 1))
            both = best_together(table)
            weights = np.outer(self.weights, self.weights)
            np.fill_diagonal(weights, 0.0)
            shares.append(float((both * weights).sum() / weights.sum()) if weights.sum() else 1.0)
        return shares[0], shares[1]
