"""What the reader is asked of a passage: the question as a report of that day and place would put it.

丰台区2023年7月31日上市量多少 ─┬─ 全区 for home ─► of a passage that states the year: as it is
                             ├─ of a report of that day that says 今天, or of the next one that says 昨天: in its words
                             └─ of any other: without the date, which rules check
"""

import datetime
import re
from collections.abc import Callable

from index.store.generations import Generation
from rag.question.analysis import QuestionAnalysis
from rag.question.time_range import TimeRange, drop_asked, put_in_place
from rag.records import Passage
from rag.retrieval.home import without_home

_OF_ITS_DAY = ((0, re.compile(r"今[天日晚早晨]"), "今天"), (1, re.compile(r"昨[天日晚]"), "昨天"))
"""Days between the day told of and the report, what such a report calls the day, and how the reader is asked about it."""


def wording_of(analysis: QuestionAnalysis, generation: Generation) -> Callable[[Passage], str]:
    """Return passage → what the reader is asked of it."""

    def at_home(text: str) -> str:
        return without_home(text, analysis.names, generation)

    asked = at_home(analysis.text)
    time_range = analysis.time_range
    if time_range is None or not time_range.constrains_time:
        return lambda _passage: asked
    undated = asked if time_range.is_guessed else at_home(drop_asked(analysis.text, time_range)) or asked
    years = [f"{span.first[:4]}年" for span in time_range.asked]

    def read_as(passage: Passage) -> str:
        if not time_range.is_guessed and any(year in passage.text for year in years):
            return asked
        called = _called(passage, time_range)
        return at_home(put_in_place(analysis.text, time_range, called)) if called else undated

    return read_as


def _called(passage: Passage, time_range: TimeRange) -> str | None:
    """What a report calls the one day that is asked about, printed on it or on the next: 今天, 昨天; None where it does not."""
    if len(time_range.asked) != 1 or time_range.first != time_range.last or passage.date_precision != "day":
        return None
    assert passage.date
    printed = datetime.date.fromisoformat(passage.date)
    for days, words, called in _OF_ITS_DAY:
        told = (printed - datetime.timedelta(days)).isoformat()
        is_day = told[5:] == time_range.first[5:] if time_range.is_guessed else told == time_range.first
        if is_day and words.search(passage.text):
            return called
    return None
