"""What a question has reckoned: the operation, and the figures that it needs."""

from dataclasses import dataclass
from typing import Literal

from index.records import DateSpan

Operation = Literal["difference", "greater", "beside", "sum", "share", "change", "listed"]
"""beside: shown side by side; change: from what and to what one sentence tells, listed: the sum of what one sentence lists; these two
have one term."""
MOST_TERMS = 4
"""Each of them is searched for and read."""


@dataclass(frozen=True, slots=True)
class Term:
    """One figure that is needed.

    Args:
        question: asks for it alone: 2017年丰台加装了多少部电梯.
        label: what tells it from the others, as the question has it: 2017年, 男运动员.
        own: its words that not all terms have; "" where its time alone tells it from the others.
        shared: what all terms have: what is counted or measured, and of whom.
        time: when it is of, where the question says so of this term alone.
    """

    question: str
    label: str
    own: str = ""
    shared: str = ""
    time: DateSpan | None = None


@dataclass(frozen=True, slots=True)
class Calculation:
    """What is to be reckoned.

    Args:
        terms: in the order of the question; of a difference the first is what is said to be more, or the earlier time's.
        unit: what is counted or measured, where the question says so: 家, 亿元.
        time: that all terms are of, where the question states one.
        is_of_changes: whether the terms are sizes of changes themselves: 汽油比柴油多提高多少.
        word: how the question calls the difference or the order: 增加, 多, 高; "" where it leaves that open.
    """

    operation: Operation
    terms: tuple[Term, ...]
    unit: str | None
    word: str = ""
    time: DateSpan | None = None
    is_of_changes: bool = False

    def time_of(self, term: Term) -> DateSpan | None:
        """When a term's figure must be of."""
        return term.time or self.time

    @property
    def is_of_times(self) -> bool:
        """Whether one quantity is asked for at several times."""
        return all(term.time for term in self.terms)
