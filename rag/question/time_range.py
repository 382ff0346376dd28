"""What a question says about time: the days it asks about, and the dates that merely name something.

Dates are found by index.dates, counted from the day of asking. In a question some spellings are dates that would be
none in an article (22年8月, 2024Q1, "the 2019 report"), and many dates say nothing about the time asked about: those of
titles and event names (《…“十四五”规划》, 2022年冬奥会), of origins (成立于1958年的…), of what recurs (每年3月5日).
"""

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone

from index.dates import find_dates
from index.dates.named_periods import FESTIVALS, reference_of, shift_months
from index.language.normalise import simplify
from index.language.vocabulary import class_of, measure_words
from index.records import DateSpan, PartialDate

CHINA = timezone(timedelta(hours=8))  # without summer time since 1991; no time zone database is needed
# At most so long, so that a question of unclosed marks is read in linear time.
_QUOTED = re.compile(
    r"《[^》]{0,80}》|〈[^〉]{0,80}〉|“[^”]{0,80}”|「[^」]{0,80}」|『[^』]{0,80}』|‘[^’]{0,80}’|\"[^\"]{2,60}\""
)
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_FESTIVAL = "|".join(FESTIVALS)
# An expression whose year find_dates guessed: it states a month, a day, a quarter or a half, and no year by any word.
_NO_YEAR = re.compile(
    rf"(?:截[至止]到?|since )?\s?(?:(?:\d{{1,2}}|[正一二三四五六七八九十]{{1,3}})\s?[月日号]|[上下]半年|第?[一二三四1-4]\s?季度|"
    rf"首季度|前\w{{1,2}}季度|{_MONTHS}|\d{{1,2}}(?:st|nd|rd|th)? (?:of )?(?:{_MONTHS}))",
    re.IGNORECASE,
)
# What a date that stands in it is merely called by: games and fairs, editions, school years of entry.
_EVENT_AFTER = re.compile(
    r"\s?年?度?的?(?:北京|东京|巴黎|杭州|成都)?(?>[冬夏]?残?奥运?会?|亚残?运会?|大运会|世界杯|世博会|园博会|花博会|全运会|青奥会|军运会|欧洲杯|亚洲杯)(?!期间|时|举办|开幕|闭幕)"
    r"|\s?年?(?:版|款|级|届(?!时))| (?:(?:summer|winter) )?(?:olympic|paralympic|asian games|world cup|edition)",
    re.IGNORECASE,
)
_ORIGIN = r"(?:成立|始建|创建|创办|创立|建成|建立|修建|兴建|落成|组建|开业|通车|出生|诞生|出版|发表)"
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
# A bare year is a date in a question, unless it counts, numbers or codes something.
_BARE_YEAR = re.compile(
    r"(?<![\w.,，#〔\[（(:：/+\-])((?:19|20)\d\d)(?:\s?[-–—~～至到]\s?((?:19|20)\d\d))?"
    r"(?![\d年%％]|[.,/:\-]\d|\s?[个人名位户家元万亿亩米吨辆台套平公千克度份号栋楼次路部字条件项多余间所座天]|[A-Za-z]"
    r"|\s(?:people|residents|households|yuan|dollars|met(?:er|re)s|square|tons|cases|units|companies|students|trees|homes|jobs|new)\b)",
    re.ASCII,
)
# Spellings of questions, and what index.dates reads: 2024Q1, 2022夏天 → 2024年Q1; 2022.8 → 2022年8月; 22年8月, 08年, 98年.
_SPELLINGS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(rf"(?<![\d.])((?:19|20)\d\d)\s?(?=Q[1-4]|[上下]半年|第?[一二三四]季度|[春夏秋冬][天季]|(?:{_FESTIVAL})|\d{{1,2}}月)"), r"\1年"),
    (re.compile(r"(?<![\d.])((?:19|20)\d\d)[./](0?[1-9]|1[0-2])(?=$|[的，,。？?、\s到至—~])"), r"\1年\2月"),
    (re.compile(r"(?<![\d.第近满每])(\d\d)年(?=\s?\d{1,2}月|[底初末春夏秋冬]|[上下]半年|第?[一二三四]季度|(?:的|那)?(?:时候|会儿)|冬?奥)"), r"CC\1年"),
    (re.compile(r"(?<![\d.第近满每])([09]\d)年(?!代|[的来前内后]|以|期|级|\d)"), r"CC\1年"),
)  # fmt: skip


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
    text, origin = _spell_out(question, today)
    quotes = [(match.start(), match.end()) for match in _QUOTED.finditer(text)]
    found = _with_bare_years(text, find_dates(text, today))
    now = reference_of(today)
    found = [_settle_year(text, span, found, now.last) for span in found]
    found = [span for span in found if _is_meant(text, span)]
    if not found:
        return None
    asked = tuple(span for span in found if not _is_name(text, span, quotes))
    spans = asked or tuple(found)
    first, last = min(span.first for span in spans), max(span.last for span in spans)
    return TimeRange(
        first,
        last,
        tuple(_at_origin(span, origin) for span in asked),
        tuple(_at_origin(span, origin) for span in found if span not in asked),
        is_guessed=bool(asked) and all(_lacks_year(text, span) and span.relative for span in asked),
        is_target=any(_is_target(text, span, quotes, now.last) for span in asked),
        reaches_today=bool(asked) and last >= now.first.isoformat(),
    )


def drop_asked(question: str, time_range: TimeRange) -> str:
    """Return the question as typed without the expressions of the time asked about."""
    for span in sorted(time_range.asked, key=lambda span: -span.start):
        question = question[: span.start] + question[span.end :]
    return question


def blank_quotes(text: str) -> str:
    """Return the text, equally long, with titles and quotations blanked: their words are not the asker's."""
    return _QUOTED.sub(lambda match: " " * len(match.group()), text)


def _spell_out(question: str, today: PartialDate) -> tuple[str, list[int] | None]:
    """The question in simplified characters and full spellings; for each character its place as typed, if any moved."""
    text = simplify(question)
    if len(text) != len(question):  # no such pair of characters is known, and offsets matter more than spellings
        text = question
    origin: list[int] | None = None
    for pattern, spelling in _SPELLINGS:
        place = 0
        while match := pattern.search(text, place):
            full = match.expand(spelling)
            if full.startswith("CC"):
                full = ("20" if int(match[1]) <= reference_of(today).year % 100 + 1 else "19") + full[2:]
            origin = origin or list(range(len(text)))
            places = [origin[match.start()]] * (len(full) - 1) + [origin[match.end() - 1]]
            origin = origin[: match.start()] + places + origin[match.end() :]
            text = text[: match.start()] + full + text[match.end() :]
            place = match.start() + len(full)
    return text, origin


def _at_origin(span: DateSpan, origin: list[int] | None) -> DateSpan:
    return replace(span, start=origin[span.start], end=origin[span.end - 1] + 1) if origin else span


def _with_bare_years(text: str, spans: tuple[DateSpan, ...]) -> list[DateSpan]:
    found = list(spans)
    for match in _BARE_YEAR.finditer(text):
        last = match[2] or match[1]
        overlapping = [span for span in found if span.start < match.end() and match.start() < span.end]
        is_part = all(match.start() <= span.start and span.end <= match.end() for span in overlapping)
        if match[2] and match[1] <= last and is_part:  # "2021 to 2023", of which find_dates may have read the end
            found = [span for span in found if span not in overlapping]
        elif overlapping or match[2]:
            continue
        found.append(DateSpan(match.start(), match.end(), f"{match[1]}-01-01", f"{last}-12-31", relative=False))
    return sorted(found, key=lambda span: span.start)


def _lacks_year(text: str, span: DateSpan) -> bool:
    return span.relative and _NO_YEAR.match(text, span.start, span.end) is not None


def _settle_year(text: str, span: DateSpan, others: list[DateSpan], today: date) -> DateSpan:
    """Give a month without a year the one year that the question states, else the last one that is not ahead."""
    if not _lacks_year(text, span):
        return span
    stated = {other.first[:4] for other in others if other.first[:4] == other.last[:4] and not _lacks_year(text, other)}
    first, last = date.fromisoformat(span.first), date.fromisoformat(span.last)
    if len(stated) == 1:
        years = int(stated.pop()) - first.year
    else:
        years = -1 if first > today and not _TARGET.search(text) else 0
    moved = (shift_months(first, 12 * years).isoformat(), shift_months(last, 12 * years).isoformat())
    return replace(span, first=moved[0], last=moved[1])


def _is_meant(text: str, span: DateSpan) -> bool:
    """Whether an expression is a date at all: 今天 mostly says "nowadays", 每年3月5日 and 周六几点开门 are no one day's."""
    if _TODAY.match(text, span.start, span.end):
        return _OF_THE_DAY.search(text) is not None and not text.startswith(("头条", "说法"), span.end)
    if _THAT_YEAR.match(text, max(0, span.start - 2), span.end) or _THAT_YEAR.match(text, span.start, span.end):
        return False  # the year of what was spoken of, not of the day of asking
    if _WEEKDAY.match(text, span.start, span.end):
        return "了" in text[span.end :]
    return _RECURS_BEFORE.search(text[max(0, span.start - 8) : span.start]) is None


def _is_name(text: str, span: DateSpan, quotes: list[tuple[int, int]]) -> bool:
    """Whether an expression names something instead of saying which time is asked about."""
    before, after = text[max(0, span.start - 80) : span.start], text[span.end : span.end + 24]
    expression = text[span.start : span.end]
    if any(start < span.start and span.end < end and end - start > len(expression) + 3 for start, end in quotes):
        return True
    if span.relative and re.match(_FESTIVAL, expression):  # every year has one
        return True
    if _EVENT_AFTER.match(after) or after.startswith(("同期", "的同期")):
        return True
    if _PLAN_NAME.search(expression) and not after.startswith(("期", "时期")):
        return _DURING.search(before) is None
    return _is_origin(text, before, after)


def _is_origin(text: str, before: str, after: str) -> bool:
    if _ORIGIN_BEFORE.search(before):
        return after.startswith("的")
    if _ORIGIN_AFTER.match(after):
        return _ASKS_WHICH.search(text) is None
    return _ORIGIN_ENGLISH.search(before) is not None and _PASSIVE.search(before) is None


def _is_target(text: str, span: DateSpan, quotes: list[tuple[int, int]], today: date) -> bool:
    if span.first > today.isoformat() or _DEADLINE_AFTER.match(text, span.end):
        return True
    if _DEADLINE_BEFORE.search(text[max(0, span.start - 20) : span.start]) and text[span.end : span.end + 1] not in tuple("是时已了"):  # fmt: skip
        return True
    return any(
        not any(start <= match.start() < end for start, end in quotes) and not span.start <= match.start() < span.end
        for match in _TARGET.finditer(text)
    )
