"""How well a passage fits the time that a question asks about, as features for reranking; and which one is newer.

All features are in [0, 1]. What is not known weighs neither way: an undated article is `printed` .5.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from index.dates import find_dates
from index.dates.named_periods import reference_of
from index.records import Article, DateSpan, PartialDate
from rag.question.time_range import TimeRange

NEUTRAL = 0.5
NEXT_ISSUE_DAYS = 3
"""A weekly or daily paper's report of a day is printed this soon after it."""
TIMELY_DAYS = 45
"""A month, a quarter or a half is reported on within this time after its end."""
ANNUAL_REPORT_DAYS = 90
"""A year's figures are printed from January to March of the next."""
AFTERMATH_DAYS = 365
"""Later than that, a period is looked back on only now and then."""
ANNOUNCED_DAYS = 30
"""What happens in a period is announced this long before it."""
FORESEEN_DAYS = 366
"""What is planned for a time is printed from a year before it on, and some of it up to five years."""
FORESEEN_AT_MOST_DAYS = 5 * 365
TOO_EARLY_DAYS = 548
"""A report printed a year and a half before a period began does not tell of it."""
SAMPLED_DAYS = 13
"""Days at which a date known to the month or year is weighed."""
FADING_YEARS = 3.0
"""Recency falls to a third in this time, so that one article of 1998 does not make all newer ones look alike."""


@dataclass(frozen=True, slots=True)
class Timeliness:
    """How well a passage fits a period.

    Args:
        printed: whether its article was printed when the period would be reported on; .5 where that is not known, or
            where the period only names something.
        mentioned: whether the passage states a date of the period; 1 for the same days, less for coarser or finer ones.
        mentioned_in_article: the same of the whole article, its title included.
        contradiction: whether it speaks of other periods of the same kind only, or was printed long before.
    """

    printed: float
    mentioned: float
    mentioned_in_article: float
    contradiction: float


def score_timeliness(time_range: TimeRange, article: Article, start: int, end: int) -> Timeliness:
    """Return how well the passage `article.text[start:end]` fits the period.

    A year that had to be guessed (7月24日) halves what is held against a passage.
    """
    inside = [span for span in article.dates if span.start >= start and span.end <= end]
    here = max((_fit(asked, span) for asked in time_range.spans for span in inside), default=0.0)
    anywhere = max((_fit(asked, span) for asked in time_range.spans for span in article.dates), default=0.0)
    if anywhere < 1 and article.title:
        titled = find_dates(article.title, article.date)
        anywhere = max((_fit(asked, span) for asked in time_range.spans for span in titled), default=anywhere)
    if not time_range.constrains_time:
        return Timeliness(NEUTRAL, here, max(here, anywhere), 0.0)
    printed = _printed(time_range, article.date)
    against = max(_speaks_of_others(time_range, inside, here, printed), _is_too_early(time_range, article.date))
    if time_range.is_guessed:
        printed, against = (printed + NEUTRAL) / 2, against / 2
    return Timeliness(printed, here, max(here, anywhere), against)


def score_recency(dates: Sequence[PartialDate | None]) -> tuple[float, ...]:
    """Return for each candidate's date how new it is among them: 0 the oldest, 1 the newest, .5 undated.

    All .5 where there is nothing to tell apart. A date known to the month or year counts by its middle.
    """
    days = [reference_of(known).middle.toordinal() if known else None for known in dates]
    dated = [day for day in days if day is not None]
    if not dated or min(dated) == max(dated):
        return (NEUTRAL,) * len(days)
    oldest = _freshness(max(dated) - min(dated))
    return tuple(NEUTRAL if day is None else (_freshness(max(dated) - day) - oldest) / (1 - oldest) for day in days)


def _freshness(age_days: int) -> float:
    return math.exp(-age_days / (365.25 * FADING_YEARS))


def _fit(asked: DateSpan, stated: DateSpan) -> float:
    """How well a stated date speaks of the one asked; 0 where they share no day. ISO dates compare as strings."""
    if stated.last < asked.first or asked.last < stated.first:
        return 0.0
    if stated.first == asked.first and (stated.last == asked.last or (asked.relative and stated.relative)):
        return 1.0  # the same days; 2022年2月以来 lasts until each one's own day
    if stated.last == asked.last and _grain(asked) == 0:
        return 0.8  # 截至2022年底 for what is said of 2022
    if asked.first <= stated.first and stated.last <= asked.last:
        return 0.8 - 0.1 * max(0, _grain(asked) - _grain(stated) - 1)
    if stated.first <= asked.first and asked.last <= stated.last:  # coarser: 2022年 for August 2022
        return 0.5 if _grain(stated) - _grain(asked) <= 1 else 0.3
    return 0.4


def _grain(span: DateSpan) -> int:
    """0 a day, 1 within a month, 2 within a year, 3 a year, 4 longer."""
    if span.first == span.last:
        return 0
    if span.first[:4] != span.last[:4]:
        return 4
    if span.first[5:] == "01-01" and span.last[5:] == "12-31":
        return 3
    return 1 if span.first[5:7] == span.last[5:7] else 2


def _printed(time_range: TimeRange, issue: PartialDate | None) -> float:
    if issue is None:
        return NEUTRAL
    known = reference_of(issue)
    length = (known.last - known.first).days
    days = {known.first + timedelta(days=length * step // (SAMPLED_DAYS - 1)) for step in range(SAMPLED_DAYS)}
    spans = [(date.fromisoformat(span.first), date.fromisoformat(span.last)) for span in time_range.asked]
    scores = [max(_printed_on(day, first, last, time_range.is_target) for first, last in spans) for day in days]
    mean = sum(scores) / len(scores)
    # 2022 is no argument against August 2022.
    return max(mean, NEUTRAL) if max(scores) == 1 else mean


def _printed_on(day: date, first: date, last: date, is_target: bool) -> float:
    """What the day of printing says for a period: 1 in it, less the longer after, little before unless it was planned."""
    before, after = (first - day).days, (day - last).days - NEXT_ISSUE_DAYS
    if before > 0:
        if not is_target:
            return _falling(before, ANNOUNCED_DAYS, 0.6, 0.2) if before <= ANNOUNCED_DAYS else 0.0
        return 1.0 if before <= FORESEEN_DAYS else _falling(before - FORESEEN_DAYS, FORESEEN_AT_MOST_DAYS, 1.0, 0.3)
    if after <= 0:
        return 1.0
    is_year = (first.month, first.day, last.month, last.day) == (1, 1, 12, 31)
    window = ANNUAL_REPORT_DAYS if is_year else TIMELY_DAYS
    if after <= window:
        return _falling(after, window, 1.0, 0.5)
    return _falling(after - window, AFTERMATH_DAYS, 0.5, 0.0)


def _falling(days: int, over_days: int, high: float, low: float) -> float:
    return max(low, high - (high - low) * days / over_days)


def _speaks_of_others(time_range: TimeRange, inside: Sequence[DateSpan], here: float, printed: float) -> float:
    """1 where the passage states other periods as fine as the one asked, and no day of it.

    Less where those are finer only (asked 2019, says 6 March 2020), and where the issue is of the period itself: it may
    state nothing because it means its own time.
    """
    if here > 0 or not inside:
        return 0.0
    finest = min(_grain(span) for span in time_range.asked)
    coarsest = max(_grain(span) for span in time_range.asked)
    grains = [_grain(span) for span in inside]
    if any(finest <= grain <= coarsest for grain in grains):
        against = 1.0
    elif any(grain < finest for grain in grains):
        against = 0.6
    else:
        return 0.0
    return against * (1 - printed / 2)


def _is_too_early(time_range: TimeRange, issue: PartialDate | None) -> float:
    if issue is None or time_range.is_target:
        return 0.0
    before = (date.fromisoformat(time_range.first) - reference_of(issue).last).days - ANNOUNCED_DAYS
    return min(1.0, max(0.0, before / TOO_EARLY_DAYS))
