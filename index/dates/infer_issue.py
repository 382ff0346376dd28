"""When an undated page was printed, weighed from what its text says of dates.

The latest year that the text speaks of as past or present is the only candidate: plans (到2025年, 2023年底前) date
nothing, and history is older. How much each clue says for it is a weight; too little in all gives None, since a wrong
date is worse than none. Then the latest day or month that the text reports on, in that year, gives the month.
"""

import datetime
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise

from index.dates.context import Context, Found
from index.dates.find import scan
from index.dates.named_periods import (
    FESTIVALS,
    ONE_DAY,
    day_of_festival,
    days_of_plan,
    days_of_year,
    number_of,
    reference_of,
)
from index.records import PartialDate

YEAR_NEEDED = 4.0
YEAR_NEEDED_ON_PAGE = 3.0
PAGE_CHARACTERS = 2500
PAGE_TEXTS = 3
"""The latest year of a whole page is mostly its own, that of one article often only its story's."""
AGREEMENT = 1.5
MONTH_NEEDED = 2.0
NEWS_WEIGHT = 2.0
LATER_ALLOWED = 1.0
"""A year after the candidate may be mentioned once in passing: not every plan is worded as one."""
REPORT_LAG = 2 * ONE_DAY
"""A district paper reports an event one to six days later, so one of 30 August stands in a September issue."""
RECENT = 45 * ONE_DAY
BEFORE_FESTIVAL = 6 * ONE_DAY
EARLIEST_YEAR = 1949
HEAD_CHARACTERS = 40

_AHEAD = re.compile(
    r"""
    (?:将|拟|预计|计划|力争|争取|确保|目标|到|至|有望|定于|(?<!截)止|by|until|will|plan\w*)\s?
    (?:于|在|从|自)?[^，。；！\n\d]{0,8}$
    """,
    re.VERBOSE,
)
_AHEAD_AFTER = re.compile(r"(?:之|以)?前(?!后)|[^，。；\n]{0,8}(?:将(?!军)|拟|预计|力争|有望)|\s{1,4}will\b")
# A year's agenda is drawn up in it or just before it: it says for the year only what a plan says.
_AGENDA = re.compile(r"[^，。；\n]{0,8}(?:行动计划|工作计划|工作要点|重点任务|重点工作|工作方案)")
_WEEKDAY = re.compile(r"\s{0,3}[（(]?\s?(?:星期|周|礼拜)([一二三四五六日天])")
_RUNNING = re.compile("[，。；]|[于在至到将]")
_SINCE = re.compile("以来|以來")
_OWN_YEAR = re.compile(r"[12]\d{3}|[一二][〇○零一二三四五六七八九]{3}")
_WRAP = re.compile(r"(?<=[\u4e00-\u9fff0-9，、“（])\s*\n\s*(?=[\u4e00-\u9fff0-9”“）])")
_WELCOMED = re.compile(rf"(?:喜?迎|庆祝?)[“\"]?({'|'.join(FESTIVALS)})")
_IS = re.compile(r"\s?是[^，。；\n]{0,40}(?:周年|之年)")
_THIS_YEAR = re.compile(
    r"""
    (?:今年|(?P<y>20\d\d)年)是[^。；\n]{0,40}?
    (?:
        [“"]?(?P<plan>十[一二三四五六七]五)[”"]?[^，。；、\n]{0,12}?(?P<edge>开局|收官)之年
        | 党的(?P<congress>十[八九]大|二十大)[^，。；、\n]{0,12}?(?P<when>开局|召开)之年
    )
    """,
    re.VERBOSE,
)
_CONGRESS_YEARS = {"十八大": 2012, "十九大": 2017, "二十大": 2022}
_ANNIVERSARIES = {
    "新中国成立": 1949, "中华人民共和国成立": 1949, "建国": 1949, "中国共产党成立": 1921, "建党": 1921, "改革开放": 1978, "建军": 1927,
    "抗战爆发": 1937, "抗日战争爆发": 1937, "七七事变": 1937, "卢沟桥事变": 1937, "抗战胜利": 1945, "抗日战争胜利": 1945,
    "香港回归": 1997, "澳门回归": 1999, "五四运动": 1919, "抗美援朝出国作战": 1950, "共青团成立": 1922, "建团": 1922,
}  # fmt: skip
_ANNIVERSARY = re.compile(
    rf"({'|'.join(_ANNIVERSARIES)})(?:祖国)?\s?(\d{{2,3}}|[一二三四五六七八九]?十[一二三四五六七八九]?)\s?周年"
)
_DATELINE = re.compile(r"(?:电|讯)\s?[（(]?|本报讯|新华社|中新[网社]|记者[^，。]{0,12}$")


@dataclass(frozen=True, slots=True)
class InferredDate:
    """When a page was printed, as its text tells it.

    Args:
        date: to the day only where the text prints the day with its weekday; else to the month or year.
        evidence: what it was inferred from, with the expressions quoted.
    """

    date: PartialDate
    evidence: str


@dataclass(frozen=True, slots=True)
class _Clue:
    """An expression and how much it says for a year.

    Args:
        is_strong: whether it is used of the current year; any number of past days alone may be a court case's.
        is_plan: whether it lies ahead of the issue.
    """

    quote: str
    year: int
    weight: float
    is_strong: bool = False
    is_plan: bool = False


@dataclass(frozen=True, slots=True)
class _Report:
    """A day that the text reports on: `weight` says how surely it lies shortly before the issue."""

    day: datetime.date
    weight: float
    quote: str
    states_year: bool


def infer_issue_date(texts: Sequence[str]) -> InferredDate | None:
    """Return when the page was printed whose articles, or whole text, are given; None where they do not tell."""
    printed = _weekday_date("\n".join(texts))
    text = "\n".join(_WRAP.sub("", text) for text in texts)
    spans = scan(Context(text, None))
    is_page = len(texts) >= PAGE_TEXTS or len(text) >= PAGE_CHARACTERS
    clues = [*_wording_clues(text), *(clue for span in spans for clue in _clues_of(text, span))]
    past = [clue for clue in clues if not clue.is_plan]
    if printed and printed[0].year >= max((clue.year for clue in past), default=0):
        return InferredDate(PartialDate(printed[0].isoformat()), f"正文印有“{printed[1]}”，星期与日历相符")
    for year in sorted({clue.year for clue in past}, reverse=True):
        if sum(clue.weight for clue in past if clue.year > year) > LATER_ALLOWED:
            return None
        inferred = _weigh(text, year, [clue for clue in clues if clue.year == year], is_page=is_page)
        if inferred:
            return inferred
    return None


def _weigh(text: str, year: int, clues: list[_Clue], *, is_page: bool) -> InferredDate | None:
    """The date in the candidate year, if its clues and the days reported in it carry it."""
    reports = _reports(text, year)
    # What articles open with is news; a later day further down may be a plan.
    news = [report for report in reports if report.weight >= NEWS_WEIGHT] or reports
    latest = max((report.day for report in news), default=None)
    near = [report for report in reports if latest and abs(latest - report.day) <= RECENT]
    if latest and _is_later_years(latest, news, reports):
        return None
    # A day or month printed with its year, shortly before a day printed without one, dates the latter.
    agree = any(r.states_year and latest and r.day <= latest for r in near) and any(
        not r.states_year and r.weight >= 1 for r in near
    )
    needed = YEAR_NEEDED_ON_PAGE if is_page else YEAR_NEEDED
    if sum(clue.weight for clue in clues) + AGREEMENT * agree < needed or not (
        agree or any(c.is_strong for c in clues)
    ):
        return None
    told = _listed(clue.quote for clue in sorted(clues, key=lambda clue: -clue.weight))
    if latest is None or sum(report.weight for report in near) < MONTH_NEEDED:
        return InferredDate(PartialDate(f"{year:04d}"), f"年份据{told}")
    month = PartialDate(f"{latest + REPORT_LAG:%Y-%m}")
    return InferredDate(month, f"年份据{told}；月份据{_listed(r.quote for r in sorted(near, key=lambda r: (-r.weight, r.day)))}")  # fmt: skip


def _is_later_years(latest: datetime.date, news: Sequence[_Report], reports: Sequence[_Report]) -> bool:
    """Whether the news is, or may be, of a later year than the candidate.

    News of August under a year that the text knows until December is; news of December and January is of two years.
    """
    months = {report.day.month for report in news if report.weight >= NEWS_WEIGHT and not report.states_year}
    if not months:
        return False
    is_turn = max(months) >= 11 and min(months) <= 2 and not months & set(range(3, 11))
    return is_turn or any(report.states_year and report.day > latest + RECENT for report in reports)


def _listed(quotes: Iterable[str]) -> str:
    return "、".join(f"“{quote}”" for quote in list(dict.fromkeys(quotes))[:4])


def _quoted(expression: str) -> str:
    return re.sub(r"\s+", "", expression)


def _weekday_date(text: str) -> tuple[datetime.date, str] | None:
    """A full date with its weekday in a line of its own, as mastheads have it: the latest that the calendar confirms."""
    found: list[tuple[datetime.date, str]] = []
    for above, line in pairwise(["", *text.split("\n")]):
        if len(line) <= HEAD_CHARACTERS and _WEEKDAY.search(line):
            found += _weekdays_in(f"{above}\n{line}" if len(above) <= HEAD_CHARACTERS else line)
    return max(found, default=None)


def _weekdays_in(text: str) -> Iterator[tuple[datetime.date, str]]:
    """The full dates of two lines that the calendar confirms: their weekdays may stand below them."""
    for span in scan(Context(text, None)):
        weekday = _WEEKDAY.match(text, span.end)
        if not (span.day and span.first == span.last and weekday and _states_year(text, span)):
            continue
        start, end = text.rfind("\n", 0, span.start) + 1, text.find("\n", span.end)
        line = text[start : end if end >= 0 else None]
        is_right = "一二三四五六日".index(weekday[1].replace("天", "日")) == span.first.weekday()
        if is_right and not _RUNNING.search(line):
            yield span.first, _quoted(text[span.start : weekday.end()])


def _is_ahead(text: str, span: Found) -> bool:
    return bool(_AHEAD.search(text[max(0, span.start - 16) : span.start]) or _AHEAD_AFTER.match(text, span.end))


def _wording_clues(text: str) -> Iterator[_Clue]:
    """今年是十四五开局之年, 2023年是抗战爆发86周年: wordings that only fit one year."""
    for match in _THIS_YEAR.finditer(text):
        if match["plan"]:
            year = days_of_plan(number_of(match["plan"][:-1]))[match["edge"] == "收官"].year
        else:
            year = _CONGRESS_YEARS[match["congress"]] + (match["when"] == "开局")
        yield _Clue(_quoted(match.group()), year, 4.0, is_strong=True)
    for match in _ANNIVERSARY.finditer(text):
        yield _Clue(_quoted(match.group()), _ANNIVERSARIES[match[1]] + number_of(match[2]), 2.0, is_strong=True)


def _clues_of(text: str, span: Found) -> Iterator[_Clue]:
    """What one expression says for a year, if it states it itself."""
    year, days = span.last.year, (span.last - span.first).days
    if not _states_year(text, span) or year < EARLIEST_YEAR:
        return
    quote = _quoted(text[span.start : span.end])
    if text.startswith("截", span.start):
        # Counted up to the year's end, it was reported in the next.
        is_last_day = (span.last.month, span.last.day) == (12, 31)
        yield _Clue(quote, year + is_last_day, 1.0 if is_last_day else 2.5, is_strong=not is_last_day)
    elif span.first.year != year:
        yield _Clue(quote, span.first.year, 0.5)
    elif _is_ahead(text, span) or (days > 360 and _AGENDA.match(text, span.end)):
        yield _Clue(quote, year, 1.5, is_plan=True)
    elif _IS.match(text, span.end) and days > 360:
        yield _Clue(quote + "是", year, 2.0, is_strong=True)
    elif span.day:
        yield _Clue(quote, year, 1.0)
    elif span.month and days < 32:
        yield _Clue(quote, year, 0.5)
    elif days < 360:
        is_edge = quote[-1] in "初底末"
        yield _Clue(quote, year, 0.5 if is_edge else 1.5, is_strong=not is_edge)
    else:
        since = _SINCE.match(text, span.end)
        yield _Clue(quote, year, 1.5 if since else 0.7, is_strong=bool(since))


def _states_year(text: str, span: Found) -> bool:
    return span.year is not None and _OWN_YEAR.search(text, span.start, span.end) is not None


def _reports(text: str, year: int) -> list[_Report]:
    """The days of a year that the text reports on: not those of other years, not plans, not parts of the year."""
    first, last = days_of_year(year)
    reports = []
    for span in scan(Context(text, reference_of(PartialDate(f"{year:04d}")))):
        if span.first < first or span.last > last or _is_ahead(text, span):
            continue
        quote, own = _quoted(text[span.start : span.end]), _states_year(text, span)
        if quote.startswith("截"):
            # Counts up to a month's end are reported in the next month.
            reports.append(_Report(min(span.last + ONE_DAY - REPORT_LAG, last - REPORT_LAG), 1.5, quote, own))
        elif span.day:
            before = text[max(0, span.start - HEAD_CHARACTERS) : span.start]
            is_head = "\n" in before or span.start <= HEAD_CHARACTERS
            opens = is_head or _DATELINE.search(before[-16:]) or text.startswith("电", span.end)
            weight = 0.7 if own else NEWS_WEIGHT if opens else 1.0
            day = span.last if (span.last - span.first).days < 10 else span.first
            reports.append(_Report(day, weight, quote, own))
        elif span.month and (span.last - span.first).days < 32:
            reports.append(_Report(span.first, 0.5, quote, own))
    for match in _WELCOMED.finditer(text):
        with suppress(ValueError):
            reports.append(
                _Report(day_of_festival(match[1], year) - BEFORE_FESTIVAL, 1.0, _quoted(match.group()), False)
            )
    return reports
