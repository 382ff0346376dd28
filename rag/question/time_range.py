"""What a question says about time: the days it asks about, and the dates that merely name something.

Dates are found by index.dates, counted from the day of asking. In a question some spellings are dates that would be
none in an article (22年8月, 2024Q1, "the 2019 report"), and many dates say nothing about the time asked about: those of
titles and event names (《…“十四五”规划》, 2022年冬奥会), of origins (成立于1958年的…), of what recurs (每年3月5日).
"""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import compress

from index.dates import find_dates
from index.dates.calendar_dates import TO
from index.dates.named_periods import reference_of, shift_months
from index.language.vocabulary import class_of, measure_words
from index.read.stated_dates import CHINA
from index.records import DateSpan, PartialDate
from rag.question.time_spellings import FESTIVAL_NAME, at_origin, spell_out

BEGINNING = "0001-01-01"
"""First day of a time that has only an end: 1997年以前. The first that there is (datetime)."""
# At most so long, so that a question of unclosed marks is read in linear time.
_QUOTED = re.compile(
    r"《[^》]{0,80}》|〈[^〉]{0,80}〉|“[^”]{0,80}”|「[^」]{0,80}」|『[^』]{0,80}』|‘[^’]{0,80}’|\"[^\"]{2,60}\""
)
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
# An expression whose year find_dates guessed: it states a month, a day, a quarter or a half, and no year by any word.
_NO_YEAR = re.compile(
    rf"(?:截[至止]到?|since )?\s?(?:(?:\d{{1,2}}|[正一二三四五六七八九十]{{1,3}})(?:{TO}\d{{1,2}})?\s?[月日号]|[上下]半年|第?[一二三四1-4]\s?季度|"
    rf"首季度|前\w{{1,2}}季度|前\s?\w{{1,2}}\s?个?月|{_MONTHS}|\d{{1,2}}(?:st|nd|rd|th)? (?:of )?(?:{_MONTHS}))",
    re.IGNORECASE,
)
# What a date that stands in it is merely called by: games and fairs, editions, school years of entry.
_EVENT_AFTER = re.compile(
    r"\s?年?度?的?(?:北京|东京|巴黎|杭州|成都)?(?>[冬夏]?残?奥运?会?|亚残?运会?|大运会|世界杯|世博会|园博会|花博会|全运会|青奥会|军运会|欧洲杯|亚洲杯)(?!期间|时|举办|开幕|闭幕)"
    r"|\s?年?(?:版|款|级|届(?!时))| (?:(?:summer|winter) )?(?:olympic|paralympic|asian games|world cup|edition)",
    re.IGNORECASE,
)
_ORIGIN = r"(?:成立|始建|创建|创办|创立|建成|建立|修建|兴建|落成|组建|开业|通车|出生|诞生|出版|发表)"
# 开厅两年来 is counted from the opening, whenever that was, and not from the day of asking.
_SINCE_EVENT = re.compile(
    rf"(?:{_ORIGIN}|开[\u4e00-\u9fff]|运[营行]|实施|启[用动]|上[线任岗市]|投[用产运]|入[驻职]|揭牌|挂牌|推行|试点|合并|搬迁)$"
)
_LASTED = re.compile(r"[\d〇零一二两三四五六七八九十]{1,8}(?:多|余)?(?:周?年|个多?月|天|周)[以之]?来")
_ORIGIN_BEFORE = re.compile(rf"(?:{_ORIGIN}|[始新]?建|生)[于在自]$")
_ORIGIN_AFTER = re.compile(rf"(?:就|才|便)?(?:{_ORIGIN}|[建修盖生])(?:成|立|造)?的(?!是|时候|有|吗|$|[?？])")
_ORIGIN_ENGLISH = re.compile(
    r"\b(?:the|an?|this|that) (?:[\w'-]+ ){1,4}(?<!was )(?<!were )(?<!been )(?:founded|established|built|born|opened|completed|created) (?:back )?in (?:the )?$",
    re.IGNORECASE,
)
_PASSIVE = re.compile(r"\b(?:was|were|been|got)\b[^,?]{0,60}$|\bhow many\b", re.IGNORECASE)
_GENERAL = class_of(measure_words("general"))
_ASKS_WHICH = re.compile(rf"哪些|哪几|哪一?[{_GENERAL}]|有几|几[{_GENERAL}]|多少[{_GENERAL}人]|谁")
_RECURS_BEFORE = re.compile(r"(?:每年|每逢|历年|每到|每月|哪一?年|\bevery |\beach )的?$", re.IGNORECASE)
_THAT_YEAR = re.compile(r"[当那同该]年")
_WEEKDAY = re.compile(r"(?:周|星期|礼拜)[一二三四五六日天末]")
_PLAN_NAME = re.compile(r"(?:规划|计划)[”」』]?$|five-year plan$", re.IGNORECASE)
_DURING = re.compile(r"\b(?:during|in|over|under|throughout|for) $", re.IGNORECASE)
_TODAY = re.compile(r"今[天日晚早晨]|today", re.IGNORECASE)
_OF_THE_DAY = re.compile(r"[早晚日]报|报纸|新闻|天气|气温|限行|刊|版面|下雨|newspaper|news|weather", re.IGNORECASE)
_TARGET = re.compile(
    r"预计|将(?:要|在|会|于|达|有|举[办行]|建|完成|新增|开|投|实[现施]|增|成为|推)|计划|目标|力争|[拟须]|规划|争取|届时|\bwill\b|\bplan(?:s|ned)?\b|\btargets?\b|\bexpect|\baim|\bgoal",
    re.IGNORECASE,
)
_DEADLINE_AFTER = re.compile(r"前(?![后期往三两二四五])")
_DEADLINE_BEFORE = re.compile(r"(?:^|[，,。；;\s])(?:到|至)$|\bby (?:the )?(?:end of )?$", re.IGNORECASE)
# What bounds a time on one side only. 年底以前 lasts until the end itself.
_UNTIL_AFTER = re.compile(r"\s?[以之]前")
_UNTIL_BEFORE = re.compile(r"\b(?:before|prior to) (?:the )?(?:year )?$", re.IGNORECASE)
_FROM_AFTER = re.compile(r"\s?[以之]后")
_FROM_BEFORE = re.compile(r"\bafter (?:the )?(?:year )?$", re.IGNORECASE)
_AN_END = re.compile(r"[底末]$|^(?:the )?end\b", re.IGNORECASE)
# A bare year is a date in a question, unless it counts, numbers or codes something.
_BARE_YEAR = re.compile(
    r"(?<![\w.,，#〔\[（(:：/+\-])((?:19|20)\d\d)(?:\s?[-–—~～至到]\s?((?:19|20)\d\d))?"
    r"(?![\d年%％]|[.,/:\-]\d|\s?[个人名位户家元万亿亩米吨辆台套平公千克度份号栋楼次路部字条件项多余间所座天]|[A-Za-z]"
    r"|\s(?:people|residents|households|yuan|dollars|met(?:er|re)s|square|tons|cases|units|companies|students|trees|homes|jobs|new)\b)",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class TimeRange:
    """The time that a question speaks of.

    Args:
        first, last: first and last day of all of `spans`, inclusive, as "YYYY-MM-DD".
        asked: the expressions that bound the time asked about, in order; several where the question compares.
            Offsets into the question as typed.
        named: the expressions that only name something: they may help to find it, and say nothing about when.
        is_guessed: no expression asked states its year, so the one nearest before the day of asking was taken.
        is_target: what is planned for the time is asked, so what was printed before it may answer.
        reaches_today: the time asked about lasts until the day of asking or beyond.
    """

    first: str
    last: str
    asked: tuple[DateSpan, ...]
    named: tuple[DateSpan, ...]
    is_guessed: bool
    is_target: bool
    reaches_today: bool

    @property
    def constrains_time(self) -> bool:
        """Whether it bounds the time asked about; else its dates only name something."""
        return bool(self.asked)

    @property
    def has_no_beginning(self) -> bool:
        """Whether all time before some day is asked about, of which a newspaper tells that was printed later."""
        return self.first == BEGINNING

    @property
    def spans(self) -> tuple[DateSpan, ...]:
        """The expressions that count: those asked about, else those that name something."""
        return self.asked or self.named


def day_in_china(now: datetime | None = None) -> date:
    """Return the day of asking: the one in China at a moment, by default this one, wherever the server's clock is set.

    A container's clock is mostly set to UTC, where 今年 would be last year until eight in the morning of New Year's Day.
    """
    return (now or datetime.now(UTC)).astimezone(CHINA).date()


def parse_time_range(question: str, today: PartialDate) -> TimeRange | None:
    """Return the time that a question speaks of; None where it states no date.

    Args:
        question: as typed, in Chinese of either script or English.
        today: the day of asking, from which 去年 and "last March" are counted.
    """
    text, origin = spell_out(question, today)
    found = _with_bare_years(text, find_dates(text, today))
    if not found:
        return None
    now = reference_of(today)
    whole = _Whole.of(text)
    found = _settle_years(text, found, now.last)
    found = [span for span in found if _is_meant(whole, span)]
    if not found:
        return None
    names = [_is_name(whole, span) for span in found]
    asked = tuple(span for span, is_name in zip(found, names, strict=True) if not is_name)
    named = tuple(span for span, is_name in zip(found, names, strict=True) if is_name)
    is_guessed = bool(asked) and all(_lacks_year(text, span) and span.relative for span in asked)
    is_target = any(_is_target(whole, span, now.last) for span in asked)
    if not is_target:  # a plan's 2023年之前 is its deadline
        asked = tuple(_opened(text, span, now.last) for span in asked)
    spans = asked or named
    first, last = min(span.first for span in spans), max(span.last for span in spans)
    return TimeRange(
        first,
        last,
        tuple(at_origin(span, origin) for span in asked),
        tuple(at_origin(span, origin) for span in named),
        is_guessed=is_guessed,
        is_target=is_target,
        reaches_today=bool(asked) and last >= now.first.isoformat(),
    )


def drop_asked(question: str, time_range: TimeRange) -> str:
    """Return the question as typed without the expressions of the time asked about."""
    return put_in_place(question, time_range, "")


def put_in_place(question: str, time_range: TimeRange, words: str) -> str:
    """Return the question as typed with words in the place of each expression of the time asked about."""
    for span in sorted(time_range.asked, key=lambda span: -span.start):
        question = question[: span.start] + words + question[span.end :]
    return question


def blank_quotes(text: str) -> str:
    """Return the text, equally long, with titles and quotations blanked: their words are not the asker's."""
    return _QUOTED.sub(lambda match: " " * len(match.group()), text)


def _with_bare_years(text: str, spans: tuple[DateSpan, ...]) -> list[DateSpan]:
    starts, ends = [span.start for span in spans], [span.end for span in spans]
    found: list[DateSpan] = []
    kept = [True] * len(spans)
    for match in _BARE_YEAR.finditer(text):
        last = match[2] or match[1]
        first, past = bisect_right(ends, match.start()), bisect_left(starts, match.end())  # the spans that overlap it
        is_part = all(match.start() <= span.start and span.end <= match.end() for span in spans[first:past])
        if match[2] and match[1] <= last and is_part:  # "2021 to 2023", of which find_dates may have read the end
            kept[first:past] = [False] * (past - first)
        elif first < past or match[2]:
            continue
        found.append(DateSpan(match.start(), match.end(), f"{match[1]}-01-01", f"{last}-12-31", relative=False))
    return sorted([*compress(spans, kept), *found], key=lambda span: span.start)


def _lacks_year(text: str, span: DateSpan) -> bool:
    return span.relative and _NO_YEAR.match(text, span.start, span.end) is not None


def _settle_years(text: str, spans: list[DateSpan], today: date) -> list[DateSpan]:
    """Give a month without a year the one year that the question states, else the last one that is not ahead."""
    lacking = [_lacks_year(text, span) for span in spans]
    if not any(lacking):
        return spans
    stated = {
        span.first[:4]
        for span, lacks in zip(spans, lacking, strict=True)
        if not lacks and span.first[:4] == span.last[:4]
    }
    may_be_ahead = _TARGET.search(text) is not None
    settled = []
    for span, lacks in zip(spans, lacking, strict=True):
        first, last = date.fromisoformat(span.first), date.fromisoformat(span.last)
        begins = last if first.month < last.month else first  # 1-10月 are told of when they are over
        years = int(*stated) - first.year if len(stated) == 1 else -(begins > today and not may_be_ahead)
        moved = (
            (shift_months(first, 12 * years).isoformat(), shift_months(last, 12 * years).isoformat()) if lacks else ()
        )
        settled.append(replace(span, first=moved[0], last=moved[1]) if moved else span)
    return settled


def _is_meant(whole: "_Whole", span: DateSpan) -> bool:
    """Whether an expression is a date at all: 今天 mostly says "nowadays", 每年3月5日 and 周六几点开门 are no one day's."""
    text = whole.text
    if _TODAY.match(text, span.start, span.end):
        return whole.is_of_the_day and not text.startswith(("头条", "说法"), span.end)
    if _LASTED.match(text, span.start, span.end) and _SINCE_EVENT.search(text[max(0, span.start - 4) : span.start]):
        return False
    if _THAT_YEAR.match(text, max(0, span.start - 2), span.end) or _THAT_YEAR.match(text, span.start, span.end):
        return False  # the year of what was spoken of, not of the day of asking
    if _WEEKDAY.match(text, span.start, span.end):
        return text.find("了", span.end) >= 0
    return _RECURS_BEFORE.search(text[max(0, span.start - 8) : span.start]) is None


def _opened(text: str, span: DateSpan, today: date) -> DateSpan:
    """An expression with 以前 or "after" beside it, and the time that they mean together; any other as it is."""
    before, after = text[max(0, span.start - 24) : span.start], text[span.end : span.end + 3]
    is_end = _AN_END.search(text[span.start : span.end]) is not None
    first, last = date.fromisoformat(span.first), date.fromisoformat(span.last)
    if first > date.min and (beside := _UNTIL_AFTER.match(after) or _UNTIL_BEFORE.search(before)):
        until = last if is_end else first - timedelta(1)
        opened = replace(span, first=BEGINNING, last=until.isoformat())
    elif (beside := _FROM_AFTER.match(after) or _FROM_BEFORE.search(before)) and last < today:
        opened = replace(span, first=(last + timedelta(1)).isoformat(), last=today.isoformat())
    else:
        return span
    if beside.re in (_UNTIL_AFTER, _FROM_AFTER):
        return replace(opened, end=span.end + beside.end())
    return replace(opened, start=span.start - len(beside[0]))


def _is_name(whole: "_Whole", span: DateSpan) -> bool:
    """Whether an expression names something instead of saying which time is asked about."""
    text = whole.text
    before, after = text[max(0, span.start - 80) : span.start], text[span.end : span.end + 24]
    expression = text[span.start : span.end]
    start, end = whole.quote_at(span.start)
    if start < span.start and span.end < end and end - start > len(expression) + 3:
        return True
    if span.relative and re.match(FESTIVAL_NAME, expression):  # every year has one
        return True
    if _EVENT_AFTER.match(after) or after.startswith(("同期", "的同期")):
        return True
    if _PLAN_NAME.search(expression) and not after.startswith(("期", "时期")):
        return _DURING.search(before) is None
    return _is_origin(whole, before, after)


def _is_origin(whole: "_Whole", before: str, after: str) -> bool:
    if _ORIGIN_BEFORE.search(before):
        return after.startswith("的")
    if _ORIGIN_AFTER.match(after):
        return not whole.asks_which
    return _ORIGIN_ENGLISH.search(before) is not None and _PASSIVE.search(before) is None


def _is_target(whole: "_Whole", span: DateSpan, today: date) -> bool:
    text = whole.text
    if span.first > today.isoformat() or _DEADLINE_AFTER.match(text, span.end):
        return True
    if _DEADLINE_BEFORE.search(text[max(0, span.start - 20) : span.start]) and text[span.end : span.end + 1] not in tuple("是时已了"):  # fmt: skip
        return True
    return any(not span.start <= place < span.end for place in whole.targets)


@dataclass(frozen=True, slots=True)
class _Whole:
    """What the whole question tells of each date in it: its quotations, where it speaks of what is to be, what it asks."""

    text: str
    quotes: list[tuple[int, int]]
    targets: list[int]
    is_of_the_day: bool
    asks_which: bool

    @staticmethod
    def of(text: str) -> "_Whole":
        quotes = [match.span() for match in _QUOTED.finditer(text)]
        targets = [match.start() for match in _TARGET.finditer(blank_quotes(text))]
        return _Whole(text, quotes, targets, _OF_THE_DAY.search(text) is not None, _ASKS_WHICH.search(text) is not None)

    def quote_at(self, place: int) -> tuple[int, int]:
        """Return (start, end) of the last quotation that begins at a place or before it; (0, 0) where none does."""
        before = bisect_right(self.quotes, (place, len(self.text)))
        return self.quotes[before - 1] if before else (0, 0)
