"""A figure or a day of an English report, carried over into Chinese by code: 102.33 billion yuan → 1023.3亿元, 16 May 1988 → 1988年5月16日.

Exactly: what cannot be said exactly in Chinese units is not said, and the printed words stand beside it in any case.
"""

import calendar
import re
from fractions import Fraction

from index.dates import find_dates
from index.language.vocabulary import measure_words, pattern_of
from index.records import DateSpan, PartialDate
from rag.facts.quantities import Figure, find_figures
from rag.generation.messages import show_date

MAX_DECIMALS = 6
MYRIAD, HUNDRED_MILLION = 10**4, 10**8
_UNITS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(rf"(?:{english})$", re.IGNORECASE), chinese)
    for english, chinese in (
        (r"per ?cent|%", "%"),
        (r"us dollars?|dollars?", "美元"),
        (r"yuan|rmb", "元"),
        (r"square[ -]kilomet(?:re|er)s?", "平方公里"),
        (r"square[ -]met(?:re|er)s?", "平方米"),
        (r"cubic[ -]met(?:re|er)s?", "立方米"),
        (r"kilomet(?:re|er)s?|km", "公里"),
        (r"met(?:re|er)s?", "米"),
        (r"hectares?", "公顷"),
        (r"mu", "亩"),
        (r"acres?", "英亩"),
        (r"tons?|tonnes?", "吨"),
        (r"kilograms?|kg", "公斤"),
        (r"micrograms?", "微克"),
        (r"hours?", "小时"),
        (r"minutes?", "分钟"),
        (r"days?", "天"),
        (r"weeks?", "周"),
        (r"months?", "个月"),
        (r"years?", "年"),
        (r"people|persons", "人"),
        (r"times", "倍"),
    )
)
_COUNTER = re.compile(pattern_of(measure_words("count")))
_ACRES = re.compile(r" (acres?)\b", re.IGNORECASE)
# What stands before a figure and says how exactly it is meant.
_BOUNDS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(rf"\b(?:{english}) $", re.IGNORECASE), chinese)
    for english, chinese in (
        (r"nearly|almost|close to", "近"),
        (r"about|some|around|roughly|approximately", "约"),
        (r"more than|over|exceed(?:s|ed|ing)?", "超过"),
        (r"at least|no less than", "至少"),
        (r"less than|under|below|fewer than", "不到"),
        (r"up to|at most", "最多"),
    )
)


def carry_over(
    sentence: str, start: int, end: int, written: PartialDate | None, counted: str | None = None
) -> str | None:
    """Return in Chinese the figure or the day that stands at these characters of an English sentence; None where none does.

    Args:
        written: the date of its article, from which "last May" is counted.
        counted: what the question counts in, such as 个, for a figure that measures nothing.
    """
    dates = find_dates(sentence, written)
    for span in dates:
        if span.start < end and start < span.end:
            return _say_days(span, sentence)
    for figure in find_figures(sentence, [(span.start, span.end) for span in dates]):
        if figure.start < end and start < figure.end:
            said = _say_figure(figure, sentence, counted)
            return said and _bound(sentence[: figure.start]) + said
    return None


def _bound(before: str) -> str:
    return next((chinese for pattern, chinese in _BOUNDS if pattern.search(before)), "")


def _say_figure(figure: Figure, sentence: str, counted: str | None) -> str | None:
    if figure.unit in ("clock", "label"):
        return None
    printed = sentence[figure.start : figure.end]
    if figure.unit == "%":
        return _decimal(figure.amount, "%")
    if figure.unit == "order":
        return f"第{figure.amount}" if figure.amount.denominator == 1 else None
    acres = _ACRES.match(sentence, figure.end)
    unit = "英亩" if acres else next((chinese for pattern, chinese in _UNITS if pattern.search(printed)), "")
    if figure.unit == "dollars":
        unit = "美元"
    if not unit and counted and figure.unit in ("", "count") and _COUNTER.fullmatch(counted):
        unit = counted
    return _decimal(figure.amount, unit)


def _decimal(amount: Fraction, unit: str) -> str | None:
    """An amount in 亿 or 万 where that is shorter than its digits, exactly; None where no decimal is it."""
    for scale, name in ((HUNDRED_MILLION, "亿"), (MYRIAD, "万"), (1, "")):
        if unit in ("年", "%") and name:
            continue
        digits = _digits(amount / scale)
        if digits is None:
            continue
        if name and (amount < scale or len(digits) + 1 > len(str(int(amount)))):
            continue
        return digits + name + unit
    return None


def _digits(value: Fraction) -> str | None:
    scaled = value * 10**MAX_DECIMALS
    if scaled.denominator != 1:
        return None
    whole, part = divmod(int(scaled), 10**MAX_DECIMALS)
    return f"{whole}.{part:06d}".rstrip("0").rstrip(".")


def _say_days(span: DateSpan, sentence: str) -> str | None:
    """The day, month or year of an expression, or its first and last day; without the year where it states none."""
    first, last = PartialDate(span.first), PartialDate(span.last)
    year = first.value[:4]
    if first.value == last.value:
        said = show_date(first, english=False)
    elif first.value.endswith("-01-01") and last.value == f"{year}-12-31":
        said = f"{year}年"
    elif first.value[:7] == last.value[:7] and first.value.endswith("-01") and _ends_month(last.value):
        said = show_date(PartialDate(first.value[:7]), english=False)
    else:
        said = f"{show_date(first, english=False)}至{show_date(last, english=False)}"
    is_stated = year in sentence[span.start : span.end]
    return said if is_stated else said.replace(f"{year}年", "") or said


def _ends_month(day: str) -> bool:
    year, month, number = map(int, day.split("-"))
    return number == calendar.monthrange(year, month)[1]
