"""Names of periods → their first and last day: quarters, thirds of a month, five-year plans, festivals.

What the words mean here, where usage is loose: 年初 January and February, 年中 June and July, 年底 and 年末 December;
月初 the 1st to the 10th, 月底 and 月末 the 21st to the end; 冬季 December to February of the next year; a school year
runs from September to August.
"""

import datetime
import re
from calendar import monthrange
from dataclasses import dataclass

from index.language.memo import memoise
from index.records import PartialDate

Days = tuple[datetime.date, datetime.date]
day_of = datetime.date
ONE_DAY = datetime.timedelta(days=1)

_DIGITS = {digit: value for value, digit in enumerate("〇一二三四五六七八九")} | {"○": 0, "零": 0, "O": 0, "两": 2, "兩": 2, "正": 1, "首": 1}  # fmt: skip
_PARTS_OF_YEAR = {
    "上半年": (1, 6), "下半年": (7, 12), "初": (1, 2), "中": (6, 7), "底": (12, 12), "末": (12, 12),
    "春": (3, 5), "夏": (6, 8), "秋": (9, 11), "冬": (12, 14),
}  # fmt: skip
_PARTS_OF_MONTH = {"初": (1, 10), "上旬": (1, 10), "中旬": (11, 20), "中": (11, 20), "下旬": (21, 31), "底": (21, 31), "末": (21, 31)}  # fmt: skip
_SOLAR_FESTIVALS = {
    "元旦": (1, 1), "妇女节": (3, 8), "三八": (3, 8), "植树节": (3, 12), "劳动节": (5, 1), "五一": (5, 1),
    "青年节": (5, 4), "五四": (5, 4), "儿童节": (6, 1), "六一": (6, 1), "建党节": (7, 1), "七一": (7, 1),
    "建军节": (8, 1), "八一": (8, 1), "教师节": (9, 10), "国庆": (10, 1), "十一": (10, 1), "圣诞": (12, 25),
}  # fmt: skip
_LUNAR_FESTIVALS = {"春节": (1, 1), "元宵": (1, 15), "端午": (5, 5), "七夕": (7, 7), "中秋": (8, 15), "重阳": (9, 9)}
# Opening days of the party's congresses, and founding days that 以来 counts from.
_ERAS = {
    "十六大": (2002, 11, 8), "十七大": (2007, 10, 15), "十八大": (2012, 11, 8), "十九大": (2017, 10, 18),
    "二十大": (2022, 10, 16), "改革开放": (1978, 12, 18), "新中国成立": (1949, 10, 1), "建国": (1949, 10, 1),
    "建党": (1921, 7, 1),
}  # fmt: skip
ERAS = tuple(_ERAS)
FESTIVALS = tuple(sorted([*_SOLAR_FESTIVALS, *_LUNAR_FESTIVALS, "清明", "除夕"], key=len, reverse=True))


@dataclass(frozen=True, slots=True)
class Reference:
    """The day, month or year that relative expressions are counted from.

    Args:
        first, last: the days it can mean.
        knows_month, knows_day: how much of it is known.
    """

    first: datetime.date
    last: datetime.date
    knows_month: bool
    knows_day: bool

    @property
    def year(self) -> int:
        """The reference's year, always known."""
        return self.first.year

    @property
    def middle(self) -> datetime.date:
        """A day to measure distances from."""
        return self.first + (self.last - self.first) // 2


@memoise(64)
def reference_of(date: PartialDate) -> Reference:
    """Return the days that the date can mean."""
    year, month, day = (int(part) for part in (date.value + "-01-01")[:10].split("-"))
    first, last = (days_of_year(year), days_of_month(year, month), (day_of(year, month, day),) * 2)[
        ("year", "month", "day").index(date.precision)
    ]
    return Reference(first, last, date.precision != "year", date.precision == "day")


def number_of(word: str) -> int:
    """Return the value of digits of any width, of Chinese digits in a row (二〇二三) or of a numeral below 100 (二十三)."""
    if word.isdecimal():
        return int(word)
    if "十" not in word:
        return int("".join(str(_DIGITS[digit]) if digit in _DIGITS else digit for digit in word))
    tens, _, ones = word.partition("十")
    return 10 * (number_of(tens) if tens else 1) + (number_of(ones) if ones else 0)


def days_of_year(year: int) -> Days:
    """Return the first and last day of a year."""
    return day_of(year, 1, 1), day_of(year, 12, 31)


def days_of_month(year: int, month: int) -> Days:
    """Return the first and last day of a month."""
    return day_of(year, month, 1), day_of(year, month, monthrange(year, month)[1])


def days_of_months(year: int, first: int, last: int) -> Days:
    """Return the days from one month of a year to another; months past 12 are the next year's."""
    ends = days_of_month(year + (last - 1) // 12, (last - 1) % 12 + 1)
    return day_of(year + (first - 1) // 12, (first - 1) % 12 + 1, 1), ends[1]


_FROM_QUARTER = re.compile(r"第?\s?[一1](?:季度)?\D{1,4}?([二三四2-4])\s?季度")
"""一至三季度."""


def shift_months(day: datetime.date, months: int) -> datetime.date:
    """Return the day as many months later, or the last of a month that is too short."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return day_of(years, month + 1, min(day.day, monthrange(years, month + 1)[1]))


def months_of_part(part: str) -> tuple[int, int]:
    """Return the first and last month of a part of a year: 上半年, 第一季度, Q1, 前三季度, 前5个月, 年底, 夏季, a lone 初."""
    word = part.removeprefix("年").removeprefix("岁")
    if word[:1] in "春夏秋冬":
        word = word[0]
    if word in _PARTS_OF_YEAR:
        return _PARTS_OF_YEAR[word]
    if quarters := _FROM_QUARTER.fullmatch(word):
        return 1, 3 * number_of(quarters[1])
    number = number_of(word.strip("第前季度个個月份Q "))
    if "月" in word:
        return 1, number
    return (1 if word[0] == "前" else 3 * number - 2), 3 * number


def days_of_part_of_month(year: int, month: int, part: str) -> Days:
    """Return the days of 上旬, 中旬, 下旬, 初, 底 or 末 of a month."""
    first, last = _PARTS_OF_MONTH[part]
    end = monthrange(year, month)[1]
    return day_of(year, month, first), day_of(year, month, min(last, end))


def days_of_plan(number: int) -> Days:
    """Return the five years of a five-year plan: 14 → 2021 to 2025. The first two began in 1953 and 1958."""
    start = {1: 1953, 2: 1958}.get(number, 1951 + 5 * number)
    return day_of(start, 1, 1), day_of(start + 4, 12, 31)


def start_of_era(name: str) -> datetime.date:
    """Return the day from which 党的二十大以来, 改革开放以来 … count."""
    return day_of(*_ERAS[name])


def day_of_festival(name: str, year: int) -> datetime.date:
    """Return the day of a festival in a (Gregorian) year.

    Raises:
        ValueError: the lunar calendar is known for 1900–2100 only.
    Source: borax for lunar dates and 清明; it agrees with the astronomical sxtwl on 994 of the 995 festivals 1901–2099.
    """
    if name in _SOLAR_FESTIVALS:
        return day_of(year, *_SOLAR_FESTIVALS[name])
    from borax.calendars.lunardate import LunarDate, TermUtils

    if not 1901 <= year <= 2099:
        raise ValueError(f"no lunar calendar for {year}")
    if name == "清明":
        term: datetime.date = TermUtils.nth_term_day(year, 6)
        return term
    month, day = _LUNAR_FESTIVALS.get(name, (1, 1))
    festival: datetime.date = LunarDate(year, month, day).to_solar_date()
    return festival - ONE_DAY if name == "除夕" else festival


_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
FIRST_LUNAR_YEAR = 1984
"""甲子, from which the sixty names of years are counted here: 癸卯 is 2023 and not 1963."""


def day_of_lunar(year: str, month: str, day: str, *, is_leap: bool) -> datetime.date:
    """Return the day that a masthead gives as 癸卯年四月十九, in the cycle of 1984 to 2043.

    Raises:
        ValueError: there is no such year name, month or day.
    """
    from borax.calendars.lunardate import LunarDate

    offset = next(n for n in range(60) if _STEMS[n % 10] + _BRANCHES[n % 12] == year or n == 59)
    if _STEMS[offset % 10] + _BRANCHES[offset % 12] != year:
        raise ValueError(f"{year} names no year")
    number = number_of(day.removeprefix("初").replace("廿", "二十"))
    months = {"冬": 11, "腊": 12}.get(month) or number_of(month)
    date: datetime.date = LunarDate(FIRST_LUNAR_YEAR + offset, months, number, int(is_leap)).to_solar_date()
    return date


def count_days(first: str, last: str) -> int:
    """Return how many days there are from one to another, as "YYYY-MM-DD", both counted."""
    return (datetime.date.fromisoformat(last) - datetime.date.fromisoformat(first)).days + 1
