"""What can be printed in several ways → one spelling, as tokens that a text has besides its words.

三十六 and 36, 1,043 and 1043, 百分之二十二 and 22%, 八月十二日 and 8 月 12 日 and 2023-08-12, [2023]5号 and （二〇二三）第5号.
The tokens come in addition, never instead: a word that happens to hold a numeral stays what it is.
"""

import re
from collections.abc import Iterator

from index.language.numerals import DIGITS, Number, numeral_value, scan_numbers

_HAN_DIGIT = "".join(DIGITS)
_YEAR = rf"(?:\d{{4}}|[{_HAN_DIGIT}]{{4}})"
_MONTH = r"1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九]"
_DAY = r"[12]\d|3[01]|0?[1-9]|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九]"
_MONTH_BEFORE = re.compile(rf"(?:(?<!\d)({_YEAR})年)?(?<![\d.十])({_MONTH})$")
_DAY_BEHIND = re.compile(rf"({_DAY})[日号]")
_ISO_DATE = re.compile(r"(\d{4})([-./])(1[0-2]|0?[1-9])(?:\2(3[01]|[12]\d|0?[1-9]))?(?![./\-]*\d)")
_DOCUMENT = re.compile(rf"[〔\[(【]({_YEAR})年?[〕\])】]第?(\d{{1,5}}|[{_HAN_DIGIT}十百]{{1,6}})号")
_BEFORE_BRACKET = re.compile(r"[\u4e00-\u9fff]{2,6}$")
_IN_FIGURES = tuple("0123456789./-")
_ISSUER = "发办函字文规复任通令告批秘"
"""Last characters of the abbreviation of an office and its kind of document: 京政发, 国办函."""
_CODE = re.compile(r"(?<![a-z])([a-z]{1,5}(?:/[a-z]{1,3})?) ?(\d++(?>(?:\.\d++)?))(-(?:19|20)\d{2})?(?!\.*\d)")
_RANGE = re.compile(r"(?<![a-z0-9.\-])(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)(?![a-z0-9\-]|\.\d)")
_DASHES = re.compile(r"(?<=[a-z0-9])[‐‑‒–—―−﹣~](?=[a-z0-9])")


def unify(folded: str) -> str:
    """One dash between Latin letters and figures, whatever it was; lengths stay."""
    return folded if folded.isascii() else _DASHES.sub("-", folded)


def find_spellings(folded: str) -> Iterator[str]:
    """Yield the tokens of a text in which width, script and case are folded already, as often as it has them."""
    for number in scan_numbers(folded):
        yield from _of_number(number, folded)
    yield from _of_dates(folded)
    if "号" in folded:
        yield from _of_documents(folded)
    if "/" in folded or "-" in folded:
        yield from _of_codes(folded)


def _of_number(number: Number, folded: str) -> Iterator[str]:
    printed = folded[number.start : number.end]
    if number.unit in ("%", "‰"):
        yield number.text
    if number.value != printed.rstrip("%‰ "):  # as printed it is a term anyway
        yield number.value


def _of_dates(folded: str) -> Iterator[str]:
    place = folded.find("月")
    while place >= 0:
        if before := _MONTH_BEFORE.search(folded, max(0, place - 8), place):
            day = _DAY_BEHIND.match(folded, place + 1)
            yield from _of_date(before.group(1), before.group(2), day and day.group(1))
        place = folded.find("月", place + 1)
    for match in _ISO_DATE.finditer(folded):
        year, mark, month, day_of_month = match.groups()
        # 2023.7 may be a figure.
        if (mark == "-" or day_of_month) and folded[match.start() - 1 : match.start()] not in _IN_FIGURES:
            yield year
            yield from _of_date(year, month, day_of_month)


def _of_date(year: str | None, month: str, day: str | None) -> Iterator[str]:
    plain = _plain(month)
    yield f"{plain}月"
    if year:
        yield f"{_plain(year)}年{plain}月"
    if day:
        yield f"{plain}月{_plain(day)}日"


def _of_documents(folded: str) -> Iterator[str]:
    for match in _DOCUMENT.finditer(folded):
        year, number = match.groups()
        name = f"〔{_plain(year)}〕{_plain(number)}号"
        yield name
        before = _BEFORE_BRACKET.search(folded, max(0, match.start() - 6), match.start())
        if before and before[0][-1] in _ISSUER:
            # Where the abbreviation begins is not marked: 根据京政发〔2023〕5号. So every one that it may be.
            yield from (before[0][-length:] + name for length in range(2, len(before[0]) + 1))


def _of_codes(folded: str) -> Iterator[str]:
    for match in _CODE.finditer(folded):
        letters, digits, year = match.groups()
        if "/" in letters or year:
            yield letters + digits
            if year and "/" in letters:
                yield letters + digits + year
    for match in _RANGE.finditer(folded):
        yield from match.groups()


def _plain(figure: str) -> str:
    value = int(figure) if figure.isdecimal() else numeral_value(figure)
    return figure if value is None else str(value)
