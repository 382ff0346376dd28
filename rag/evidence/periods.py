"""Whether a figure is told of the very period that is asked about: the half-year's is not the year's, nor this year's the last one's."""

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from index.dates import find_dates
from index.dates.named_periods import count_days, shift_months
from index.records import Article, DateSpan
from rag.evidence.sentence_ranking import CandidateSentence
from rag.facts.valid_time import is_compared_with
from rag.question.analysis import QuestionAnalysis

MIN_PERIOD_DAYS = 28
"""From a month on a time is a period of which totals are told; a day is one on which something is so."""
MAX_EVENT_DAYS = 31
"""Up to a month, a time in a longer one may be that of what happened, and need not be one of a total."""
SAME_LENGTH = 1.35
"""Ratio of lengths up to which two periods are alike: 1—10月 and ten months of a calendar, a quarter of 90 days and one of 92."""
SINCE_DAYS = 31
"""Days before a period's end from which on its total may be printed: December's reports tell the year's."""
_SINCE = re.compile(r"以来|至今|迄今|到目前")
_NOW = re.compile(r"此时|目前|当前|现在|如今|眼下")
"""What is so when the article is printed, whatever other time was spoken of before."""


def of_asked_period(
    ranked: Sequence[CandidateSentence], analysis: QuestionAnalysis, articles: Mapping[str, Article]
) -> list[CandidateSentence]:
    """Return the sentences but those that tell a figure of a longer, shorter or other period, or of another day, than the one asked about.

    Which period a sentence tells of is the last one that it, or its passage before it, states; where none is stated, or it tells of
    now, its article must have been printed when the period was over.
    """
    time_range = analysis.time_range
    if analysis.answer_type != "number" or time_range is None or not time_range.constrains_time:
        return list(ranked)
    if len(time_range.asked) == 1 and count_days(time_range.asked[0].first, time_range.asked[0].last) == 1:
        day = time_range.asked[0].first[5:]
        return [one for one in ranked if _may_be_of_day(day, one, articles[one.passage.article_id])]
    asked = [span for span in time_range.asked if count_days(span.first, span.last) >= MIN_PERIOD_DAYS]
    if len(asked) != 1 or time_range.has_no_beginning:
        return list(ranked)

    is_open = _SINCE.search(analysis.text) is not None

    def is_of_it(sentence: CandidateSentence) -> bool:
        article = articles[sentence.passage.article_id]
        # “十四五”以来 lasts until the day of printing in an article, and until that of asking in a question.
        if is_open and any(span.first == asked[0].first for span in _periods(sentence.text, article)):
            return True
        period = _last_before(article, asked[0]) if time_range.is_guessed else asked[0]
        return period is None or _is_of(period, sentence, article, is_target=time_range.is_target)

    return [sentence for sentence in ranked if is_of_it(sentence)]


def _last_before(article: Article, asked: DateSpan) -> DateSpan | None:
    """A period without its year, 1—10月, in the last year in which an article can tell of it; None where it has no date."""
    if article.date is None:
        return None
    first, last = (datetime.date.fromisoformat(day) for day in (asked.first, asked.last))
    over = int((last - datetime.timedelta(days=SINCE_DAYS)).isoformat()[5:].replace("-", ""))
    years = article.date.last_day // 10_000 - last.year - (article.date.last_day % 10_000 < over)
    moved = (shift_months(day, 12 * years).isoformat() for day in (first, last))
    return replace(asked, first=next(moved), last=next(moved))


def _may_be_of_day(day: str, sentence: CandidateSentence, article: Article) -> bool:
    """Whether a sentence states a day only if it is the one asked about, as "MM-DD", of whatever year."""
    days = {span.first[5:] for span in _periods(sentence.text, article) if count_days(span.first, span.last) == 1}
    return not days or day in days


def _is_of(asked: DateSpan, sentence: CandidateSentence, article: Article, *, is_target: bool) -> bool:
    own = _periods(sentence.text, article)
    if count_days(asked.first, asked.last) > MAX_EVENT_DAYS:
        # What is told of quarters beside one of their months is a total of theirs.
        longer = [span for span in own if count_days(span.first, span.last) > MAX_EVENT_DAYS]
        own = longer or own
    if any(_is_same(asked, span) for span in own):
        return True
    if any(count_days(span.first, span.last) >= MIN_PERIOD_DAYS for span in own):
        return False
    passage = f"{article.title or ''}\n{sentence.passage.text}"
    if own:  # a day outside it, on which what is called by it may be told: a vote of 2025 on the year 2024
        return any(_is_same(asked, span) for span in _periods(passage, article))
    before = sentence.passage.text[: max(0, sentence.start - sentence.passage.start)]
    told = [] if _NOW.search(sentence.text) else _periods(before, article)[-1:]
    if told:
        return _is_same(asked, told[0])
    if article.date is None or is_target:
        return True
    over = datetime.date.fromisoformat(asked.last) - datetime.timedelta(days=SINCE_DAYS)
    return article.date.last_day >= int(over.isoformat().replace("-", ""))


def _periods(text: str, article: Article) -> list[DateSpan]:
    """The periods and days that a text states, in order; what it compares with left out."""
    return [
        span
        for span in find_dates(text, article.date)
        if span.first and not is_compared_with(text, span.start) and not text.startswith("同期", span.end)
    ]


def _is_same(asked: DateSpan, told: DateSpan) -> bool:
    """Whether what is told of one time is told of the other: of a period as long at the same time, or of a month or day in it."""
    overlaps = told.first <= asked.last and asked.first <= told.last
    if not overlaps:
        return False
    lengths = sorted((count_days(asked.first, asked.last), count_days(told.first, told.last)))
    return lengths[1] <= SAME_LENGTH * lengths[0] or count_days(told.first, told.last) <= MAX_EVENT_DAYS
