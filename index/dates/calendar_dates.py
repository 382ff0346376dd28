"""Chinese dates of year, month, day and their parts, alone, from … to, since and as of.

A date is read by one pattern with all its parts optional, then a second one after 至 may lack what the first has
stated. 以来 runs to the reference; 截至 is the day, month or quarter up to which something was counted, since where
the count began is not said: 截至3月底 is 31 March, 截至5月 is May.
"""

import datetime
import re
from dataclasses import dataclass, replace

from index.dates.context import AHEAD_DAYS, Context, Found
from index.dates.named_periods import (
    FESTIVALS,
    ONE_DAY,
    day_of,
    day_of_festival,
    days_of_month,
    days_of_months,
    days_of_part_of_month,
    days_of_year,
    months_of_part,
    number_of,
    shift_months,
)

TO = r"\s?(?:至|到|[-－~～]|—{1,2}|–|─{1,2})\s?"
_YEAR = r"(?:[12１２]\d{3}|[一二][〇○O零0一二三四五六七八九]{3})"
_MONTH = r"(?:1[0-2]|0?[1-9](?!\d)|１[０-２]|０?[１-９]|十[一二]?|[正一二三四五六七八九])"
_DAY = r"(?:3[01]|[12]\d|0?[1-9](?!\d)|[１２]\d|３[０１]|[０-９]|二十[一二三四五六七八九]?|三十一?|十[一二三四五六七八九]?|[一二三四五六七八九])"
_QUARTER = rf"(?:第\s?)?[一1](?:季度)?{TO}(?:第\s?)?[二三四2-4]\s?季度|(?:第\s?)?[一二三四1-4]\s?季度|Q[1-4]|首季度?|前[一二两三23]个?季度"
_NOT_EARLY = r"(?![中步级級次始衷心小高赛选选一二三四五六七八九十])"  # 初中, 初步, 初一 …
_NOT_END = r"(?![线線层層数下座部稿盘盤蕴气色细图价端梢位班日])"  # 底线, 底层, 末端 …
_ENDS = rf"初{_NOT_EARLY}|[底末]{_NOT_END}"
_YEAR_PART = rf"[上下]半年|{_QUARTER}|前\s?(?:1[01]|[2-9]|[二两三四五六七八九十])\s?个?月|年?(?:{_ENDS})|年中(?!国)|岁末|[春夏秋冬][季天]"
_REL_MONTH = r"(?:上上?个?|下个?|本|这个?|這個)月(?!刊|报)"
_FESTIVAL = rf"(?P<fest>{'|'.join(FESTIVALS)})(?![路街村小勋奖班厂学蓝黄档版口广大中新桥])(?P<holiday>节?(?:小?长假|假期|期间|假日|前夕|前后|当天|当日)|节)?"
_POINT = re.compile(
    rf"""
    (?P<Y>(?P<y>{_YEAR})(?:\s{{0,2}}年(?![级級龄轮])度?|(?={TO}{_YEAR}\s?年(?!代)))
        |(?P<ry>大前|今|本|去|前|明|后|後|上|同|次|翌|当|當)年度?
    )?
    (?P<gap>\s{{0,2}}的?\s{{0,2}}(?=[0-9０-９一二三四五六七八九十正上下中首第前年岁初底末春夏秋冬元端清除重妇植劳青儿建教国圣七五六八“三本这Q]))?
    (?P<M>(?P<m>{_MONTH})(?:\s{{0,2}}月(?![龄嫂子饼票薪租球亮光牙均刊坛])份?|(?={TO}{_MONTH}\s?月))
        |(?P<rm>{_REL_MONTH}))?
    (?P<D>\s{{0,2}}(?P<d>{_DAY})(?:\s{{0,2}}[日号號](?!线|楼|院|店|公馆|地块|均|游|内|龄)|(?=(?:{TO}|、){_DAY}\s?[日号號])))?
    (?P<P>\s?(?:(?P<mp>(?:月?(?:{_ENDS})|[上中下]旬))(?<=[初底末旬])|(?P<yp>{_YEAR_PART})|{_FESTIVAL}))?
    """,
    re.VERBOSE,
)
_AS_OF = re.compile(r"(?:截至|截止到?|截止至)\s?(?:到\s?)?")
_TO = re.compile(TO)
_LONE_MONTH = re.compile(rf"\D{{1,2}}\s{{0,2}}月(?!份|{TO}{_MONTH}\s?月)")
_SINCE = re.compile(r"(?:(?:开始|起)?(?:以来|以來)|起?至今|迄今|起至今)")
_DEADLINE = re.compile(r"(?:之|以)?前(?!后|往|来|期|夕|三|两)")
_SCHOOL_YEAR = re.compile(rf"({_YEAR})(?:\s?年?(?:{TO})({_YEAR}))?\s?年?学年")
_ISO = re.compile(
    r"""
    ([12]\d{3})([-/.])(0?[1-9]|1[0-2])\2(0?[1-9]|[12]\d|3[01])(?!\d|[-/.:]\d|[A-Za-z])
    | ([12]\d{3})-(0[1-9]|1[0-2])(?![\d.:-]|/\d|[A-Za-z])
    """,
    re.VERBOSE,
)
_YEARS_IN_BRACKETS = re.compile(r"(?<=[（(])([12]\d{3})(?:-|—{1,2}|–|~|～|至)([12]\d{3})(?=[）)])")
_ROUND = re.compile(r"的?(?:悠久|辉煌)?(?:历史|前|以?来|古城|文明)")
_YEAR_OFFSETS = {"大前": -3, "前": -2, "去": -1, "上": -1, "今": 0, "本": 0, "明": 1, "后": 2, "後": 2}
# Characters before which 今年, 去年 … are parts of other words: 如今年轻, 目前年, 说明年, 过去年, 以后年.
_NO_YEAR_AFTER = {"今": "如当现", "去": "过失", "前": "目之以提此当年日先眼空生", "明": "说证清声表光文注透", "后": "以之最前落先此今"}  # fmt: skip
_NO_END_AFTER = re.compile(r"[\d去今明前后上下本每多几历整半全当同末学一二三四五六七八九十个]")
_COUNTED_BEFORE = re.compile(r"[\d.．·,，:：/％%第每逢近达满期留足逾约超共几数多整月]|[一二三四五六七八九十百]|个")


@dataclass(frozen=True, slots=True)
class Point:
    """A date as written; what it does not state is None."""

    start: int
    end: int
    year: int | None
    year_word: str | None
    month: int | None
    month_word: str | None
    day: int | None
    part: str | None
    festival: str | None

    @property
    def is_day_only(self) -> bool:
        """Whether neither year nor month is stated."""
        return not (self.year or self.year_word or self.month or self.month_word)


def find_point(context: Context, start: int) -> Found | None:
    """Return the date, range of dates or school year that begins at `start`, with the words that extend it."""
    text = context.text
    if text[start - 2 : start] in ("农历", "農曆", "阴历", "夏历"):
        return None
    if text[start - 1 : start].isascii() and text[start - 1 : start].isalpha():  # within a code: A2023年, GB2023
        return None
    fixed = _find_iso(text, start) or _find_school_year(text, start)
    if fixed:
        return fixed
    as_of = _AS_OF.match(text, start)
    point = read_point(text, as_of.end() if as_of else start)
    if point is None:
        return None
    found = resolve(point, context, is_deadline=_DEADLINE.match(text, point.end) is not None)
    if found is None:
        return None
    if as_of:
        is_end = point.part is not None and point.part[-1] in "底末初"
        return replace(found, start=start, first=found.last if is_end else found.first)
    joint = _TO.match(text, found.end)
    if joint and joint.end() < len(text):
        second = read_point(text, joint.end(), is_second=True)
        ranged = _join(found, second, context) if second else None
        if ranged:
            return ranged
    return extend_to_now(found, context)


def extend_to_now(found: Found, context: Context) -> Found:
    """Return the expression up to the reference where 以来 or 至今 follows it; without a reference, as it is."""
    since = _SINCE.match(context.text, found.end)
    if not since or context.reference is None or context.reference.last < found.first:
        return found
    return replace(found, end=since.end(), last=context.reference.last, relative=True)


def read_point(text: str, start: int, *, is_second: bool = False) -> Point | None:
    """Return the date written at `start`; None where nothing there is one."""
    match = _POINT.match(text, start)
    if match is None or match.end() == start:
        return None
    has_year, has_month = match["Y"] is not None, match["M"] is not None
    part = match["mp"] or match["yp"]
    festival = match["fest"]
    end = max(match.end(group) for group in ("Y", "M", "D", "P"))
    if festival and not (has_year or match["holiday"]):
        festival, end = None, max(match.end(group) for group in ("Y", "M", "D"))
    if end <= start or (match["ry"] and not _is_year_word(text, start, match["ry"], end)):
        return None
    if match["y"] and _is_count(text, start, match["y"], match.end("Y"), end):
        return None
    if match["D"] and match["P"] and not festival:  # 6月6日上旬 is nothing
        part, end = None, match.end("D")
    if not (has_year or has_month) and not is_second and _stands_badly(text, start, match):
        return None
    if not (has_year or match["D"] or part or is_second) and match["m"] and _LONE_MONTH.match(text, match.start("M")):
        return None  # 六月 alone may be a name, and 十月 a revolution; 10月, 十月份 and 一月至十月 are months
    return Point(
        start,
        end,
        number_of(match["y"]) if match["y"] else None,
        match["ry"],
        number_of(match["m"]) if match["m"] else None,
        match["rm"],
        number_of(match["d"]) if match["d"] else None,
        part,
        festival,
    )


def resolve(point: Point, context: Context, *, is_deadline: bool = False) -> Found | None:
    """Return the days a date means in its context; None where the context does not tell."""
    if point.is_day_only and point.day:
        return _resolve_lone_day(point, point.day, context)
    if point.is_day_only and point.part and point.part[0] in "月上中下" and point.part[-1] in "初底末旬":
        reference = context.reference  # 月底, 中旬
        if reference is None or not reference.knows_month:
            return None
        first, last = days_of_part_of_month(reference.year, reference.first.month, point.part.removeprefix("月"))
        return Found(point.start, point.end, first, last, relative=True)
    if point.month_word:
        return _resolve_relative_month(point, context)
    year, is_relative = _year_of(point, context, is_deadline=is_deadline)
    if year is None:
        return None
    first, last = _days_of(point, year)
    stated = year if point.year or not is_relative or point.year_word else None
    return Found(point.start, point.end, first, last, is_relative, stated, point.month, point.day)


def _days_of(point: Point, year: int) -> tuple[datetime.date, datetime.date]:
    if point.festival:
        return (day_of_festival(point.festival, year),) * 2
    if point.month is None:
        return days_of_months(year, *months_of_part(point.part)) if point.part else days_of_year(year)
    if point.day is not None:
        return (day_of(year, point.month, point.day),) * 2
    if point.part and point.part in ("初", "底", "末", "上旬", "中旬", "下旬"):
        return days_of_part_of_month(year, point.month, point.part)
    return days_of_month(year, point.month)


def _year_of(point: Point, context: Context, *, is_deadline: bool) -> tuple[int | None, bool]:
    """The year of a point, and whether the reference was needed for it."""
    if point.year:
        return point.year, False
    word, reference = point.year_word, context.reference
    if word in ("同", "当", "當", "次", "翌"):
        named = context.named_year(point.start)
        return (named + (word in ("次", "翌")) if named else None), False
    if word:
        return (reference.year + _YEAR_OFFSETS[word] if reference else None), True
    lender = context.lent_year(point.start, point.month)
    if lender and (point.month or (point.part and point.part[0] != "年")):
        return lender.year, lender.relative
    if reference is None:
        return None, True
    if point.festival:
        month = {"春节": 2, "元宵": 2, "端午": 6, "中秋": 9, "重阳": 10, "清明": 4, "除夕": 2, "七夕": 8}.get(
            point.festival
        )
        return context.nearest_year(month or day_of_festival(point.festival, 2001).month), True
    if point.month:
        return context.nearest_year(point.month, point.day or 15, is_deadline=is_deadline), True
    if not reference.knows_month or not point.part or point.part[0] in "年岁":
        return reference.year, True
    # 四季度 in a paper of January is last year's.
    begins, ends = days_of_months(reference.year, *months_of_part(point.part))
    far = ends if point.part[0] == "前" else begins  # nor are 前三季度 this year's: they are over
    return reference.year - (far - reference.first > AHEAD_DAYS * ONE_DAY), True


def _resolve_lone_day(point: Point, day: int, context: Context) -> Found | None:
    previous = context.previous
    if previous and previous.day and point.start - previous.end <= 1 and context.text[previous.end : point.start] in "、和与及":  # fmt: skip
        value = previous.last.replace(day=day)
        return replace(previous, start=point.start, end=point.end, first=value, last=value, day=day)
    month = context.nearest_month(day)
    if month is None:
        return None
    value = month[0].replace(day=day)
    return Found(point.start, point.end, value, value, relative=True, day=day)


def _resolve_relative_month(point: Point, context: Context) -> Found | None:
    reference = context.reference
    if reference is None or not reference.knows_month or point.month_word is None:
        return None
    word = point.month_word
    month = shift_months(reference.first.replace(day=1), word.count("下") - word.count("上"))
    first, last = days_of_month(month.year, month.month)
    if point.day:
        first = last = first.replace(day=point.day)
    elif point.part and point.part in ("初", "底", "末", "上旬", "中旬", "下旬"):
        first, last = days_of_part_of_month(month.year, month.month, point.part)
    return Found(point.start, point.end, first, last, relative=True, day=point.day)


def _join(first: Found, second: Point, context: Context) -> Found | None:
    """The range from one date to another, which takes from the first what it leaves out."""
    filled = second
    if not (second.year or second.year_word):
        first = context.begun(first, second.month, second.day)
        filled = replace(filled, year=first.first.year)
        if second.is_day_only and second.day:
            if first.day is None:
                return None
            filled = replace(filled, month=first.first.month)
    found = resolve(filled, context)
    if found and found.first < first.first and filled.year and not second.year and second.month:
        found = resolve(replace(filled, year=filled.year + 1), context)
    if found is None or found.last < first.first:
        return None
    if first.month == 1 and not (first.year or second.year or second.year_word or second.day):
        first, found = context.over(first, found)  # 1—12月 in a paper of January
    return replace(found, start=first.start, first=first.first, relative=first.relative or found.relative, year=first.year and found.year)  # fmt: skip


def _find_iso(text: str, start: int) -> Found | None:
    match = _ISO.match(text, start)
    if match and not re.match(r"[A-Za-z\d./:-]", text[start - 1 : start]):
        if match[5]:
            return Found(start, match.end(), *days_of_month(int(match[5]), int(match[6])), False, int(match[5]), int(match[6]))  # fmt: skip
        value = day_of(int(match[1]), int(match[3]), int(match[4]))
        return Found(start, match.end(), value, value, False, value.year, value.month, value.day)
    match = _YEARS_IN_BRACKETS.match(text, start)
    if match and match[1] <= match[2]:
        return Found(start, match.end(), days_of_year(int(match[1]))[0], days_of_year(int(match[2]))[1], relative=False)
    return None


def _find_school_year(text: str, start: int) -> Found | None:
    match = _SCHOOL_YEAR.match(text, start)
    if match is None:
        return None
    year = number_of(match[1])
    last = number_of(match[2]) if match[2] else year + 1
    return Found(start, match.end(), day_of(year, 9, 1), day_of(last, 8, 31), relative=False) if last > year else None


def _is_year_word(text: str, start: int, word: str, end: int) -> bool:
    """Whether 今年, 去年, 上年 … at `start` is that word and no part of another (如今年轻, 说明年, 基本年)."""
    before, after = text[start - 1 : start], text[start + len(word) + 1 : start + len(word) + 2]
    if before and before in _NO_YEAR_AFTER.get(word[-1], ""):
        return False
    if word == "上":
        return after in tuple("末底度同") or before in tuple("比较較")
    if word == "本":
        return after in tuple("度内末底初") or (before not in tuple("日基版课剧原样") and end > start + 2)
    return after not in tuple("轻輕龄齡级級") and not (word in ("前", "后") and before == "多")


def _is_count(text: str, start: int, year: str, end_of_year: int, end: int) -> bool:
    """Whether a round number before 年 counts years: 距今2000年, 1800年的历史."""
    if not year.endswith("00") or end > end_of_year:
        return False
    return text[start - 1 : start] in tuple("今近逾约有超达") or _ROUND.match(text, end_of_year) is not None


def _stands_badly(text: str, start: int, match: re.Match[str]) -> bool:
    """Whether a day or part of a year without year and month is no date where it stands."""
    before = text[start - 1 : start]
    if match["D"]:
        # A lone day is written in digits with 日; durations are mostly 天 or stand after 第, 近, 满 …
        after = text[match.end("D") : match.end("D") + 1]
        return (
            not match["d"].isdecimal()
            or match["D"][-1] in "号號"
            or bool(before and _COUNTED_BEFORE.match(before))
            or (after in tuple("以之前后後内內报刊") and not _SINCE.match(text, match.end("D")))
        )
    part = match["mp"] or match["yp"]
    if part and (part[-1] in "初底末中" or part[0] in "春夏秋冬年岁"):
        # 年底 and 月底 stand alone; 多年底蕴, 岁末年初, 每年底 and a lone 初 are none
        is_end = len(part) > 1 and part[0] in "年月" and part != "年中"
        return not is_end or _NO_END_AFTER.match(before) is not None
    return bool(before and before in "个第每")
