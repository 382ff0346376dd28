"""A statement beside a stretch of a passage: what is compared, and how much the words that both have weigh."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from rag.facts.quantities import Figure
from rag.verification.claims import Claims, Days

BETTER_FIT_MARGIN = 0.2
"""Share of a clause's terms by which another clause must fit better before a figure, a date or a deed counts as that one's."""
TotalWeight = Callable[[frozenset[str]], float]
"""Sums up what terms weigh by idf."""


@dataclass(frozen=True, slots=True)
class QuoteContext:
    """A stretch of a passage, `claims.text[start:end]`, with what the passage's head says.

    Args:
        head: title, newspaper and date of the passage's article, as text.
        issued: the days of the article's date; None where unknown.
    """

    claims: Claims
    start: int
    end: int
    head: Claims
    issued: Days | None

    @property
    def text(self) -> str:
        """The stretch itself."""
        return self.claims.text[self.start : self.end]

    @property
    def figures(self) -> list[Figure]:
        """The figures in the stretch."""
        return [figure for figure in self.claims.figures if self.start <= figure.start < self.end]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A statement and the stretch that it is held against.

    Args:
        claim: of the statement, its days counted from the same date as the passage's.
        same_language: of statement and passage; else there are no terms to compare.
    """

    claim: Claims
    quote_context: QuoteContext
    total_weight: TotalWeight
    same_language: bool

    @property
    def known(self) -> str:
        """Letters and figures of the passage and its head, folded."""
        return self.quote_context.claims.folded + "\n" + self.quote_context.head.folded

    def is_inside(self, place: int) -> bool:
        """Whether a place of the passage lies in the stretch."""
        return self.quote_context.start <= place < self.quote_context.end


def weight_of_distinct(weights: Mapping[str, float]) -> TotalWeight:
    """The sum of what terms weigh, for terms that `weights` has."""
    return lambda terms: sum([weights.get(term, 0.0) for term in terms])  # a list is twice as fast as a generator
