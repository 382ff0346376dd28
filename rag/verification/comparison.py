"""A statement beside the sentences of a passage that may carry it: what is compared, and how much words weigh."""

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
    """Stretches of a passage, with what the passage's head says.

    Args:
        claims: of the whole passage.
        stretches: (start, end) of each in the passage, in order.
        head: title, newspaper and date of the passage's article, as text.
        issued: the days of the article's date; None where unknown.
    """

    claims: Claims
    stretches: tuple[tuple[int, int], ...]
    head: Claims
    issued: Days | None

    @property
    def text(self) -> str:
        """The stretches, one a line."""
        return "\n".join(self.claims.text[start:end] for start, end in self.stretches)

    @property
    def figures(self) -> list[Figure]:
        """The figures in the stretches."""
        return [figure for figure in self.claims.figures if self.has(figure.start)]

    def has(self, place: int) -> bool:
        """Whether a place of the passage lies in one of the stretches."""
        return any(start <= place < end for start, end in self.stretches)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A statement and the stretches that it is held against.

    Args:
        claim: of the statement, its days counted from the same date as the passage's.
        same_language: of statement and passage; else there are no terms to compare.
        is_home: whether a name is of the archive's own district, which its articles seldom name.
        computed: figures of the statement that were computed from others, by place: the stretches need not have them.
    """

    claim: Claims
    quote_context: QuoteContext
    total_weight: TotalWeight
    same_language: bool
    is_home: Callable[[str], bool]
    computed: frozenset[int] = frozenset()

    @property
    def known(self) -> str:
        """Letters and figures of the passage and its head, folded."""
        return self.quote_context.claims.folded + "\n" + self.quote_context.head.folded

    def is_inside(self, place: int) -> bool:
        """Whether a place of the passage lies in the stretches."""
        return self.quote_context.has(place)


def weight_of_distinct(weights: Mapping[str, float]) -> TotalWeight:
    """The sum of what terms weigh, for terms that `weights` has."""
    return lambda terms: sum([weights.get(term, 0.0) for term in terms])  # a list is twice as fast as a generator
