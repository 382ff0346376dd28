"""Figures that may be reckoned together: the same quantity, in units that agree, of times that can be compared."""

import re
from collections.abc import Sequence
from itertools import pairwise

from index.dates.named_periods import count_days
from index.records import DateSpan
from rag.lookup.computing.figures import Told, is_asked_unit, per_of
from rag.question.calculation.records import Calculation
from rag.verification.bindings import counts_alike

SHORTEST, LONGEST = 0.7, 1.5
"""Of the time asked about: how long a time may be that a figure is told of."""
FULLY_BOUND = 0.8
"""Share of its own words beside a figure, from which on it may be reckoned with one of another article."""
_QUALIFIERS = tuple(
    re.compile(words)
    for words in (
        r"预计|计划|目标|力争|拟|将[于在达要超建新完]|规划|有望|预期|预测|起拍|起始",
        r"新增|新设|净增|新引进|新签|增加",
        r"日均|月均|年均|人均|户均|平均",
        r"同比|环比|增速|增幅|增长率|降幅",
        r"(?<!不)合格率|占比|占",
    )
)
"""Words of one kind each; a figure told with one of them is no figure told without."""


def do_agree(told: Sequence[Told]) -> bool:
    """Whether figures, one a term, are the same quantity of what was asked, so that they may be put side by side."""
    first = told[0]
    return (
        len({one.place for one in told}) == len(told)
        and all(is_asked_unit(other.figure, first.figure.unit) for other in told[1:])
        and all(counts_alike(first.figure, other.figure) for other in told[1:])
        and len({per_of(one) for one in told}) == 1
        and (all(one.figure.unit for one in told) or len({one.sentence.start for one in told}) == 1)
        and not any(_is_reprint(one, other) for one, other in pairwise(told))
    )


def can_be_reckoned(calculation: Calculation, told: Sequence[Told]) -> bool:
    """Whether they may also be subtracted or added: planned and done, or a year and a half-year, may not."""
    if calculation.operation != "share" and not _are_qualified_alike(calculation, told):
        return False
    if calculation.operation == "share" and told[0].article.id != told[1].article.id:
        return False
    if not calculation.is_of_times:
        return _are_of_one_time(told)
    lengths = {_length_class(term.time.first, term.time.last) for term in calculation.terms if term.time}
    return len(lengths) == 1


def fits_time(told: Told, time: DateSpan | None) -> bool:
    """Whether a figure is of the time asked about, and not of a part of it only, nor of a longer one."""
    return time is None or _lasts_as_asked(told, time)


def _is_reprint(one: Told, other: Told) -> bool:
    """Whether two articles tell of one figure: what is the same number is hardly another thing's."""
    return one.figure.base == other.figure.base and one.article.id != other.article.id


def _own_clause(told: Told) -> str:
    start, _end = told.claims.clause_of(told.figure.start)
    return told.claims.text[start : told.figure.start]


def _are_qualified_alike(calculation: Calculation, told: Sequence[Told]) -> bool:
    for words in _QUALIFIERS:
        marked = [words.search(_own_clause(one)) is not None for one in told]
        asked = [words.search(term.label) is not None for term in calculation.terms]
        if len(set(marked)) > 1 and not any(asked):
            return False
    return True


def _are_of_one_time(told: Sequence[Told]) -> bool:
    """Whether two things' figures are told for the same time, as far as the sentences say, or stand in one sentence."""
    first = told[0]
    for other in told[1:]:
        if other.article.id == first.article.id:
            continue
        if not all(one.is_seen and one.boundness >= FULLY_BOUND for one in (first, other)):
            return False
        mine, theirs = _latest(first), _latest(other)
        if mine is None or theirs is None or mine[:4] != theirs[:4]:
            return False
    return True


def _latest(told: Told) -> str | None:
    if told.days:
        return max(day.last for day in told.days)
    return told.article.date.value if told.article.date else None


def _lasts_as_asked(told: Told, time: DateSpan) -> bool:
    asked = count_days(time.first, time.last)
    overlapping = [day for day in told.days if day.first <= time.last and time.first <= day.last]
    lengths = [count_days(day.first, day.last) for day in overlapping]
    return not lengths or any(length <= 2 or SHORTEST * asked <= length <= LONGEST * asked for length in lengths)


def _length_class(first: str, last: str) -> int:
    """Years, halves, quarters, months and days apart."""
    length = count_days(first, last)
    return next(place for place, most in enumerate((2, 16, 45, 100, 200, 10**6)) if length <= most)
