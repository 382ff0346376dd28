"""One spelling for what is written in many ways, so that an answer can be searched for a fact.

百分之22.2 is 22.2%, 二十七项 is 27项, 3.8万 is 38000, Feb 22, 2023 is 2023年2月22日, 晚上9点半 is 21:30; and 685 is not in 1685.
For comparing only.
"""

import calendar
import datetime
import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal

from index.dates import find_dates
from index.language.memo import memoise
from index.language.normalise import normalise, simplify
from index.records import DateSpan, PartialDate

_MARKS = str.maketrans("", "", "“”‘’\"'「」『』《》〈〉`*")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_PERCENT = re.compile(r"(?<!\s)\s*+(?:percent\b|per\s++cent\b)")
_OF_A_HUNDRED = re.compile(r"百分之\s*([\d.]+|[零〇一二两三四五六七八九十百点]+)")
_SPACED_DIGITS = re.compile(r"(?<![\d.])\d(?: \d)+(?![\d.])")
_SPACES = re.compile(r"(?<=[a-z])\s+(?=[a-z])|(?<=\d)\s+(?=\d)|\s+")
_DIGITS = {character: number for number, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10**4, "亿": 10**8}
_NUMERAL = re.compile(
    r"[零〇一二两三四五六七八九十百千万亿]{2,}|[一二两三四五六七八九十](?=[个名人家项次条件位座所处种户辆届年月日天岁点时])"
)
_MYRIAD_FIGURE = re.compile(r"(?<!\d)(\d++(?:\.\d++)?)([万亿]+)")
_CLOCK = re.compile(
    r"(上午|早上|清晨|早|中午|下午|傍晚|晚上|晚|夜间)?(?<!\d)(\d{1,2})(?:[点时](?![间候])|:)(?:(\d{2})分?|(半))?([ap]\.?m\b\.?)?"
    r"|(?<!\d)(\d{1,2})([ap]\.?m\b\.?)"
)
_AFTERNOON = ("下午", "傍晚", "晚上", "晚", "夜间")
_STATED_DAY = re.compile(r"\d\s*月|月\s*\d|[A-Za-z]{3,}|\d[-/.]\d")
_SHORT_RANGE = re.compile(
    r"(?<!\d)(\d{4}[-/.])(\d{1,2}[-/.]\d{1,2})\s*(?:至|到|~|-|–|—|to)\s*(\d{1,2}[-/.]\d{1,2})(?![-/.\d])"
)
_ANY_YEAR = PartialDate("2000-12-31")
"""Reference for days without a year; what is counted from it, such as 昨天, states no day of the calendar and is left out."""


def contains(text: str, wanted: str) -> bool:
    """Whether the text says what is wanted, in any spelling; a number only whole, a Latin word from its beginning."""
    dates = _whole_date(wanted)
    return any(
        _occurs(form, said)
        for needle, said in zip(_spellings(wanted), _spellings(text), strict=True)
        for form in (needle.partition("\n")[0], *dates)
    )


@memoise(512)
def _spellings(text: str) -> tuple[str, str]:
    """Return the text folded, and folded with its numerals as figures; after a newline each, its dates and times."""
    folded = _fold(text)
    figures = _in_figures(folded)
    said = [*_dates(text), *_times(figures)]
    return "\n".join([folded, *said]), "\n".join([figures, *said])


def _fold(text: str) -> str:
    folded = _THOUSANDS.sub("", normalise(text).translate(_MARKS))
    folded = _OF_A_HUNDRED.sub(lambda match: f"{_percent(match[1])}%", _PERCENT.sub("%", folded))
    folded = _SPACED_DIGITS.sub(lambda match: match[0].replace(" ", ""), folded)  # figures set wide: 2 0 2 3
    return _SPACES.sub(lambda match: " " if _parts(match) else "", folded)


def _parts(match: re.Match[str]) -> bool:
    """Whether the space keeps two words or two figures apart; between others it means nothing."""
    before, after = match.string[match.start() - 1 : match.start()], match.string[match.end() : match.end() + 1]
    return (before.isdigit() and after.isdigit()) or (
        before.isascii() and before.isalpha() and after.isascii() and after.isalpha()
    )


def _percent(figure: str) -> str:
    if figure[0].isdigit():
        return figure
    whole, _point, decimals = figure.partition("点")
    number = _number(whole)
    return f"{number}.{''.join(str(_DIGITS.get(d, '')) for d in decimals)}" if decimals else str(number)


def _in_figures(text: str) -> str:
    written = _NUMERAL.sub(lambda match: str(number) if (number := _number(match[0])) is not None else match[0], text)
    return _MYRIAD_FIGURE.sub(_expanded, written)


def _expanded(match: re.Match[str]) -> str:
    value = Decimal(match[1])
    for unit in match[2]:
        value *= _MYRIADS[unit]
    return format(value.quantize(Decimal(1)) if value == value.to_integral_value() else value, "f")


def _number(numeral: str) -> int | None:
    """Return the number that Chinese numerals write; None where they write none, as 十五五 does."""
    if all(character in _DIGITS for character in numeral):
        return int("".join(str(_DIGITS[character]) for character in numeral))  # 二〇二三
    total = section = digit = 0
    last_unit = 10_000
    for character in numeral:
        if character in _DIGITS:
            if digit:
                return None
            digit = _DIGITS[character]
        elif character in _UNITS:
            if _UNITS[character] >= last_unit:
                return None
            last_unit = _UNITS[character]
            section += (digit or 1) * last_unit
            digit = 0
        else:
            total = (total + section + digit) * _MYRIADS[character]
            section, digit, last_unit = 0, 0, 10_000
    return total + section + digit or None


def _dates(text: str) -> Iterator[str]:
    """Yield every day and month that the text states: 2023年2月22日, without a year 2月22日, 2023年2月."""
    readable = _SHORT_RANGE.sub(r"\1\2至\1\3", simplify(unicodedata.normalize("NFKC", text)))
    for span in find_dates(readable, _ANY_YEAR):
        yield from _rendered(span, readable)


def _rendered(span: DateSpan, text: str) -> Iterator[str]:
    first, last = (datetime.date.fromisoformat(day) for day in (span.first, span.last))
    if not _STATED_DAY.search(text[span.start : span.end]):
        return
    if first.day == 1 and last == last.replace(day=calendar.monthrange(last.year, last.month)[1]) and first != last:
        if not span.relative and (first.year, first.month) == (last.year, last.month):
            yield f"{first.year}年{first.month}月"
        return
    for day in dict.fromkeys((first, last)):
        yield f"{'' if span.relative else f'{day.year}年'}{day.month}月{day.day}日"


def _whole_date(wanted: str) -> tuple[str, ...]:
    """The date that the whole of a wanted string is, else none."""
    readable = simplify(unicodedata.normalize("NFKC", wanted)).strip()
    spans = find_dates(readable, _ANY_YEAR)
    if len(spans) == 1 and spans[0].end - spans[0].start == len(readable):
        rendered = tuple(_rendered(spans[0], readable))
        return rendered if len(rendered) == 1 else ()
    return ()


def _times(text: str) -> Iterator[str]:
    for match in _CLOCK.finditer(text):
        hour, minute = int(match[2] or match[6]), 30 if match[4] else int(match[3] or 0)
        mark = match[5] or match[7] or ""
        if mark.startswith("a") and hour == 12:
            hour = 0
        elif hour < 12 and (match[1] in _AFTERNOON or mark.startswith("p")):
            hour += 12
        if hour < 25 and minute < 60:
            yield f"{hour}:{minute:02}"


def _occurs(needle: str, text: str) -> bool:
    pattern = re.escape(needle)
    if needle[:1].isdigit():
        pattern = r"(?<!\d)(?<!\d[.:])" + pattern
    elif needle[:1].isascii() and needle[:1].isalpha():
        pattern = r"(?<![a-z])" + pattern
    if needle[-1:].isdigit():
        pattern += r"(?!\d|[.:]\d)"
        if needle.isdigit() and len(needle) < 3:
            pattern += "(?![日月号])"  # a small number is not the day of a date
    return bool(needle) and re.search(pattern, text) is not None
