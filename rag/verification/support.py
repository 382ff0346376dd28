"""Whether a stretch of a passage supports a statement: claim by claim, what is missing or told differently there."""

from collections.abc import Iterator

from rag.facts.prompt_injection import find_links, is_prompt_injection
from rag.question.language import detect_language
from rag.verification.check_names import (
    find_unsupported_names,
    find_unsupported_nouns,
    find_unsupported_offices,
    find_unsupported_words,
)
from rag.verification.check_polarity import find_polarity_reversals
from rag.verification.check_quantities import find_unsupported_figures
from rag.verification.claims import Claims, Days
from rag.verification.comparison import BETTER_FIT_MARGIN, Comparison, QuoteContext, TotalWeight

MIN_PASSAGE_SHARE = 0.25
"""Share of a clause's terms that the whole passage must have: what it lacks was added."""
MIN_CLAUSE_TERMS = 6
"""Terms of a clause that is long enough to be added to."""


def find_problems(claim: Claims, quote_context: QuoteContext, total_weight: TotalWeight) -> list[str]:
    """Return why a stretch does not support a statement, [] where it does as far as rules can tell.

    Args:
        claim: of the statement, its days counted from the same date as the passage's.
        total_weight: sums up what terms weigh by idf.
    """
    pair = Comparison(
        claim, quote_context, total_weight, detect_language(claim.text) == detect_language(quote_context.text)
    )
    checks = [_find_intrusions, find_unsupported_figures, _find_unsupported_dates, find_unsupported_words]
    if pair.same_language:
        checks += [
            find_unsupported_names,
            find_unsupported_offices,
            find_unsupported_nouns,
            find_polarity_reversals,
            _find_added,
        ]
    return list(dict.fromkeys(problem for check in checks for problem in check(pair)))


def _find_intrusions(pair: Comparison) -> Iterator[str]:
    """Commands and links, of a statement and of a passage that plants them."""
    if is_prompt_injection(pair.claim.text) or is_prompt_injection(pair.quote_context.text):
        yield "instruction"
    yield from (f"link:{link}" for link in find_links(pair.claim.text) if link not in pair.quote_context.text)


def _find_unsupported_dates(pair: Comparison) -> Iterator[str]:
    """Dates that are neither the passage's, its head's or the newspaper's, nor a longer time around one of those."""
    known = [*pair.quote_context.claims.days, *pair.quote_context.head.days]
    issued = [pair.quote_context.issued] if pair.quote_context.issued else []
    for day in pair.claim.days:
        exact = any((day.first, day.last) == (other.first, other.last) for other in known)
        around = not day.is_range and any(day.covers(other) for other in [*known, *issued])
        words = pair.claim.text[day.start : day.end]
        if not (exact or around or (day.is_range and _has_ends(day, known))) or not _has_year(pair, day):
            yield f"date_not_in_passage:{words}"
        elif pair.same_language and not day.compared and _is_of_something_else(pair, day):
            yield f"date_of_something_else:{words}"


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


def _find_added(pair: Comparison) -> Iterator[str]:
    """Clauses made of words that the passage lacks."""
    known = pair.quote_context.claims.terms() | pair.quote_context.head.terms()
    for start, end in pair.claim.clauses:
        terms = pair.claim.terms(start, end)
        if len(terms) > MIN_CLAUSE_TERMS and pair.total_weight(terms & known) < MIN_PASSAGE_SHARE * pair.total_weight(
            terms
        ):
            yield f"not_in_passage:{pair.claim.text[start:end].strip()}"
