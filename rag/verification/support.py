"""Whether sentences of a passage support a statement: claim by claim, what is missing or told differently there.

What strikes a statement is exact: a figure, a unit, a date, a name, an office, a denial. What may be so and need not is a
doubt, which the learnt judgement weighs (rag.verification.judgement).
"""

from collections.abc import Iterator

from rag.facts.contacts import find_contacts
from rag.facts.planted import find_planted
from rag.verification.check_names import (
    find_misattributed_names,
    find_unsupported_names,
    find_unsupported_offices,
    find_unsupported_words,
)
from rag.verification.check_polarity import find_polarity_reversals
from rag.verification.check_quantities import find_unsupported_figures
from rag.verification.claims import Claims, Days
from rag.verification.comparison import BETTER_FIT_MARGIN, Comparison

DOUBTS = ("figure_of_something_else", "figure_of_another_time", "date_of_something_else")
"""Kinds of problems that are told by which words fit better, and so may be wrong."""


def find_problems(pair: Comparison) -> list[str]:
    """Return why sentences do not support a statement, as "kind" or "kind:words"; [] where they do as far as rules can tell."""
    checks = [_find_intrusions, find_unsupported_figures, _find_unsupported_dates, find_unsupported_words]
    if pair.same_language:
        checks += [
            find_unsupported_names,
            find_misattributed_names,
            find_unsupported_offices,
            find_polarity_reversals,
        ]
    return list(dict.fromkeys(problem for check in checks for problem in check(pair)))


def is_doubt(problem: str) -> bool:
    """Whether a problem is one that may be none."""
    return problem.partition(":")[0] in DOUBTS


def _find_intrusions(pair: Comparison) -> Iterator[str]:
    """Commands, marks of a conversation, and where it sends its reader, unless that is printed."""
    if find_planted(pair.claim.text) or find_planted(pair.quote_context.text):
        yield "instruction"
    contacts = find_contacts(pair.claim.text)
    printed = {contact.key for contact in find_contacts(pair.quote_context.text)} if contacts else set()
    for contact in contacts:
        if contact.kind == "disguised_link" or not any(contact.key in known for known in printed):
            yield f"link:{contact.text}"


def _find_unsupported_dates(pair: Comparison) -> Iterator[str]:
    """Dates that are neither the passage's, its head's or the newspaper's, nor a longer time around one of those."""
    known = [*pair.quote_context.claims.days, *pair.quote_context.head.days]
    issued = [pair.quote_context.issued] if pair.quote_context.issued else []
    for day in pair.claim.days:
        exact = any(
            (day.first, day.last) == (other.first, other.last) or _is_same_part(pair, day, other) for other in known
        )
        around = not day.is_range and any(day.covers(other) or _is_end_of(day, other) for other in [*known, *issued])
        words = pair.claim.text[day.start : day.end]
        if _is_last_year(pair, day):
            continue
        if not (exact or around or (day.is_range and _has_ends(day, known))) or not _has_year(pair, day):
            yield f"date_not_in_passage:{words}"
        elif pair.same_language and not day.compared and _is_of_something_else(pair, day):
            yield f"date_of_something_else:{words}"


def _is_last_year(pair: Comparison, day: Days) -> bool:
    """Whether it is what something is compared with: 比上年同期多15天, which the passage may call 同比."""
    words, behind = pair.claim.text[day.start : day.end], pair.claim.text[day.end : day.end + 2]
    return words in ("上年", "去年", "上一年") and (day.compared or behind == "同期")


def _is_same_part(pair: Comparison, day: Days, other: Days) -> bool:
    """Whether both are the beginning or the end of the same month or year: 3月底, 3月末."""
    words = pair.claim.text[day.start : day.end]
    return words[-1:] in tuple("底末初") and day.last == other.last and day.first[:7] == other.first[:7]


def _is_end_of(day: Days, other: Days) -> bool:
    """Whether a day, or a month, is where a printed stretch of time begins or ends."""
    return other.is_range and (day.first == other.first or day.last == other.last)


def _has_ends(day: Days, known: list[Days]) -> bool:
    """Whether a stretch of time is put together of dates, and none that is printed begins or ends alike otherwise."""
    begins = [other for other in known if day.first == other.first]
    ends = [other for other in known if day.last == other.last]
    return bool(begins and ends) and not any(other.is_range for other in begins + ends)


def _has_year(pair: Comparison, day: Days) -> bool:
    """Whether the year that a date states is known; where the newspaper has no date, it must be printed."""
    printed = pair.quote_context.claims.text + pair.quote_context.head.text
    return pair.quote_context.issued is not None or day.yearless or day.first[:4] in printed


def _is_of_something_else(pair: Comparison, day: Days) -> bool:
    """Whether what a date is said of is told of another date of the article rather than of its own."""
    near = pair.claim.terms(*pair.claim.clause_of(day.start))
    total = pair.total_weight(near)
    sources = (pair.quote_context.claims, pair.quote_context.head)
    fits = [(other, _fit(pair, near, claims, other)) for claims in sources for other in claims.days]
    own = [fit for other, fit in fits if day.covers(other)]
    rivals = [fit for other, fit in fits if not day.covers(other) and _length(day) == _length(other)]
    return bool(own and rivals and total) and max(rivals) > max(own) + BETTER_FIT_MARGIN * total


def _length(day: Days) -> tuple[bool, bool]:
    """Whether it is a single day, and within a month: only dates of one kind are told one for another."""
    return day.first == day.last, day.first[:7] == day.last[:7]


def _fit(pair: Comparison, near: frozenset[str], claims: Claims, day: Days) -> float:
    return pair.total_weight(near & claims.terms(*claims.sentence_of(day.start)))
