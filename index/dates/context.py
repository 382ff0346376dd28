"""What a date expression leans on: the reference's date, and the expression before it in the text."""

import datetime
import re
from calendar import isleap
from dataclasses import dataclass, replace

from index.dates.named_periods import ONE_DAY, Days, Reference, day_of, days_of_month, shift_months
from index.language.memo import memoise

_SENTENCE_END = re.compile(r"[。！？!?\n]")
REFERENCE_CHARACTERS = 200
"""An expression lends its year to one at most this many characters after it."""
DAYS_AHEAD = 75
"""A month without a year is next year's only when it begins this soon: papers of November and December announce January."""
AHEAD_DAYS = 200
"""Days from which on what begins, or a total from January on that ends, in this year's time is told of last year's."""
SAME_YEAR_BONUS_DAYS = 60
FUTURE_WEIGHT = 1.3
PAST_DEADLINE_WEIGHT = 3.0
"""With these, the year of 9月 in a paper of June is its own, that of 11月 in a paper of February the one before."""


@dataclass(frozen=True, slots=True)
class Found:
    """A date expression `text[start:end]` and the days it means.

    Args:
        year: the year as stated, or lent by the expression before; None where the reference gave it.
        month, day: as far as the expression names them.
    """

    start: int
    end: int
    first: datetime.date
    last: datetime.date
    relative: bool
    year: int | None = None
    month: int | None = None
    day: int | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """The text, the reference, and the expression before, whose year and month may be meant again."""

    text: str
    reference: Reference | None
    previous: Found | None = None

    def after(self, found: Found) -> "Context":
        """The context of what follows an expression."""
        return replace(self, previous=found)

    def lent_year(self, start: int, month: int | None) -> Found | None:
        """Return the expression before if its year is also that of a month-day at `start`, which states none.

        It is within a sentence, unless the month runs backwards (2022年8月…，3月5日 is another year's); a year alone
        needs a comma after it (1936年，…). A month long past lends its year beyond the sentence, within the paragraph.
        """
        previous = self.previous
        if previous is None or previous.year is None or start - previous.end > REFERENCE_CHARACTERS:
            return None
        between = self.text[previous.end : start]
        ends = _SENTENCE_END.search(between)
        is_past = self.reference is not None and previous.year < self.reference.year - 1
        if "\n" in between or (ends and not (is_past and previous.month)):
            return None
        if previous.month is None:
            is_frame = between[:1] in ("，", ",", "、") or between.startswith("的")
            return previous if is_past or is_frame or self.reference is None else None
        return previous if is_past or month is None or month >= previous.month else None

    def named_year(self, start: int) -> int | None:
        """Return the year that 同年, 次年 or 当年 at `start` points back to."""
        previous = self.previous
        if previous is None or start - previous.end > REFERENCE_CHARACTERS or "\n" in self.text[previous.end : start]:
            return None
        return previous.year

    def nearest_year(self, month: int, day: int = 15, *, is_deadline: bool = False) -> int | None:
        """Return the year that puts a month and day nearest to the reference and not far after it."""
        if self.reference is None:
            return None
        return (
            _nearest_year(self.reference, month, day, is_deadline)
            if self.reference.knows_month
            else self.reference.year
        )

    def begun(self, found: Found, month: int | None, day: int | None) -> Found:
        """Return the beginning of 1至10月 in a paper of November, which is over though next January is the nearer one.

        Args:
            found: the beginning, as it would be read alone.
            month, day: of the end, as far as it names them.
        """
        now = self.reference
        if found.year or not now or found.first <= now.last or not 0 < (found.month or 0) < (month or 0):
            return found
        years = min(0, (self.nearest_year(month or 12, day or 15) or now.year) - found.first.year)
        return replace(found, first=shift_months(found.first, 12 * years), last=shift_months(found.last, 12 * years))

    def over(self, first: Found, last: Found) -> tuple[Found, Found]:
        """Return the ends of a time from January on without a year, last year's where they are far ahead of the reference."""
        now = self.reference
        if not now or not first.relative or not now.knows_month or last.last - now.first <= AHEAD_DAYS * ONE_DAY:
            return first, last
        return tuple(  # type: ignore[return-value]
            replace(found, first=shift_months(found.first, -12), last=shift_months(found.last, -12))
            for found in (first, last)
        )

    def nearest_month(self, day: int) -> Days | None:
        """Return the month in which a day of the month is nearest to the reference and hardly after it."""
        reference = self.reference
        if reference is None or not reference.knows_month:
            return None
        if not reference.knows_day:
            return days_of_month(reference.year, reference.first.month)
        this = reference.first.replace(day=1)
        months = [shift_months(this, step) for step in (0, -1, -2, 1)]
        long_enough = [month for month in months if days_of_month(month.year, month.month)[1].day >= day]

        def strangeness(month: datetime.date) -> float:
            ahead = (month.replace(day=day) - reference.first).days
            return ahead * 1.5 if ahead > 0 else -ahead

        best = min(long_enough, key=strangeness)
        return days_of_month(best.year, best.month)


@memoise(4096)
def _nearest_year(reference: Reference, month: int, day: int, is_deadline: bool) -> int:
    def strangeness(year: int) -> float:
        # A 29 February counts as the 28th here, so that every year can be weighed.
        ahead = (day_of(year, month, min(day, 28)) - reference.middle).days
        if year > reference.year and not 0 <= ahead <= DAYS_AHEAD:
            return float("inf")
        weight = FUTURE_WEIGHT if ahead > 0 else PAST_DEADLINE_WEIGHT if is_deadline else 1.0
        return abs(ahead) * weight - (SAME_YEAR_BONUS_DAYS if year == reference.year else 0)

    years = [reference.year, reference.year - 1, reference.year + 1]
    if (month, day) == (2, 29):
        years = [year for year in years if isleap(year)] or years
    return min(years, key=strangeness)
