"""Figures in a text → their value, whether printed as 36, ３６, 三十六, 1.2万 or 百分之二十二.

Only what is a figure beyond doubt: 十四五, 二十大, 三农, 千万 (by all means) or 一网通办 have none, 五六个 (five or six) is
no fifty-six, and 22个百分点 is not 22%.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from index.language.memo import memoise_text
from index.language.vocabulary import divisions, measure_words, pattern_of

Unit = Literal["", "%", "‰", "百分点"]

DIGITS = {character: value for value, group in enumerate(("〇零○", "一壹", "二两贰", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")) for character in group}  # fmt: skip
_STEPS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_SECTIONS = {"万": 10_000, "亿": 100_000_000}
_SECTION = "".join(_SECTIONS)
_STEP = "".join(_STEPS)
_DIGIT = "".join(DIGITS)
_HAN = f"[{_DIGIT}{_STEP}{_SECTION}]"
# Character for character, so that places stay: marks and digits of full width, traditional forms.
_FOLDED = str.maketrans("﹪−億萬兩點個幾數餘來壹貳", "%-亿万两点个几数余来壹二") | {
    0xFF01 + place: 0x21 + place for place in range(94)
}

# What is counted, measured or ordered: behind a lone 三 or 十 it tells a figure from a word (三农, 十足).
_COUNTED = pattern_of(measure_words(without=("loose",)) | divisions("counted"))
_ARABIC = r"(?<![\d.A-Za-z])(?:\d{1,3}(?:,\d{3})+(?![\d])|\d+)(?:\.\d+)?(?!\.?\d)"
_FIGURE = re.compile(
    rf"(?P<share>(?P<whole>百|千|万|{_HAN}{{1,9}})分之(?P<part>{_ARABIC}|{_HAN}+(?:点[{_DIGIT}]+)?))"
    rf"|(?P<arabic>{_ARABIC})(?P<scale>[百千万亿]{{0,3}})(?P<more>\d+千|\d+百)?"
    rf"|(?P<han>{_HAN}+(?:点[{_DIGIT}]+(?![{_DIGIT}十分刻])[{_SECTION}]*)?)"
)
_UNIT = re.compile(r"\s?(?P<percent>%|percent\b|per cent\b)|\s?(?P<permille>‰)|(?P<points>个?百分点)")
_MEASURE = re.compile(r"[瓦米克卡伏帕赫焦字]")
"""千瓦, 千米, 千克: there 千 belongs to the unit."""
_COUNTER = re.compile(rf"(?:余|多|来)?{_COUNTED}")
_TENTHS = re.compile(r"成(?P<half>[一二三四五六七八九])?(?=以上|以下|左右|多|的|[^\u4e00-\u9fff]|$)")
# 五 and 大 behind a figure make a five-year plan or a congress.
_PLAN = re.compile(
    r"十[一二三四五六七]五(?![十百千万亿点%个名家项人年月日])|[一二三四五六七八九十]{1,9}大(?!型|量|批|于|概|约|楼|桥)"
)
LONGEST_FIGURE = 64
"""Characters of a figure: what is longer is a code or a run without an end, and Python computes with no such number."""
_WHOLES = {"百": 100, "千": 1000, "万": 10_000}


@dataclass(frozen=True, slots=True)
class Number:
    """A figure as it stands in a text.

    Args:
        value: canonical: "36", "22.2", "12000", "1/3"; no separators, no needless zeros.
        unit: a per cent and a percentage point are never the same.
        start, end: characters of the text given.
    """

    value: str
    unit: Unit
    start: int
    end: int

    @property
    def text(self) -> str:
        """Value and unit, the same for every spelling: "22%", "12000", "1/3"."""
        return self.value + self.unit

    @property
    def amount(self) -> Fraction:
        """The value to compute with: 0.5 and 1/2 are equal."""
        return Fraction(self.value)


def find_numbers(text: str) -> list[Number]:
    """Return the figures of a text from left to right, whatever they are written in."""
    return list(_found(text))


@memoise_text
def _found(text: str) -> tuple[Number, ...]:
    return tuple(scan_numbers(text.translate(_FOLDED)))


def scan_numbers(text: str) -> Iterator[Number]:
    """Yield the figures of a text in which width and script are folded already."""
    plans = {match.start() for match in _PLAN.finditer(text)}
    for match in _FIGURE.finditer(text):
        if match.end() - match.start() > LONGEST_FIGURE:
            continue
        if match.group("arabic"):
            number = _of_arabic(match, text)
        elif match.group("share"):
            number = _of_share(match)
        else:
            number = None if match.start() in plans else _of_han(match, text)
        if number:
            yield number


def numeral_value(numeral: str) -> int | None:
    """Value of a numeral in Chinese characters, None when it is none: 三百零五 305, 二〇二三 2023, 五六 None."""
    if not numeral or len(numeral) > LONGEST_FIGURE:
        return None
    if all(character in DIGITS for character in numeral):
        value = int("".join(str(DIGITS[character]) for character in numeral))
        # 五六 is about five or six, 三三两两 a few; a year is read out digit by digit, and so is 三〇一.
        is_year = len(numeral) == 4 and 1800 < value < 2200
        return value if len(numeral) == 1 or is_year or (len(numeral) > 2 and set(numeral) & set("〇零○")) else None
    return _stepped(numeral)


def _stepped(numeral: str) -> int | None:
    total = 0
    for section, size in (("亿", 100_000_000), ("万", 10_000)):
        place = numeral.rfind(section)
        if place < 0:
            continue
        before = numeral_value(numeral[:place]) if size > 10_000 else _below_ten_thousand(numeral[:place])
        if before is None:
            return None
        rest = numeral[place + 1 :]
        total += before * size
        if len(rest) == 1 and rest in DIGITS:  # 一万二 is 12,000
            return total + DIGITS[rest] * size // 10
        numeral = rest
    if not numeral:
        return total
    rest_value = _below_ten_thousand(numeral)
    return None if rest_value is None else total + rest_value


def _below_ten_thousand(numeral: str) -> int | None:
    total, digit, last, spoken = 0, None, 10_000, False
    for character in numeral:
        if character in _STEPS:
            step = _STEPS[character]
            if step >= last or (digit is None and (step > 10 or (total and not spoken))) or digit == 0:
                return None
            total += (1 if digit is None else digit) * step
            last, digit, spoken = step, None, False
        elif character not in DIGITS or (digit and digit > 0) or (digit == 0 and DIGITS[character] == 0):
            return None
        else:
            spoken = spoken or DIGITS[character] == 0
            digit = DIGITS[character] or (0 if not total and len(numeral) == 1 else None)
    if digit is None:
        return total if total or numeral in DIGITS else None
    shortened = last > 10 and last < 10_000 and not spoken  # 三百五 is 350
    return total + digit * (last // 10 if shortened else 1)


def _of_arabic(match: "re.Match[str]", text: str) -> Number | None:
    start, end = match.start(), match.end("arabic")
    digits, scale = match.group("arabic"), match.group("scale")
    value = digits.replace(",", "") if "," in digits else digits
    if scale and scale[-1] == "千" and _MEASURE.match(text, match.end("scale")):
        scale = scale[:-1]
    if scale.startswith("百") and text.startswith("分", match.start("scale") + 1):
        scale = ""  # 5百分点
    if scale:
        factor = 1
        for character in scale:
            factor *= _STEPS.get(character) or _SECTIONS[character]
        amount = Decimal(value) * factor
        end += len(scale)
        if (more := match.group("more")) and scale == "万":
            amount += int(more[:-1]) * _STEPS[more[-1]]
            end = match.end("more")
        value = _plain(amount)
    elif "." in value or value[0] == "0":
        value = _plain(Decimal(value))
    unit, end = _unit_at(text, end)
    return Number(value, unit, start, end)


def _of_share(match: "re.Match[str]") -> Number | None:
    """百分之, 千分之, 三分之 with what follows."""
    share, part = match.group("whole"), match.group("part")
    whole = _WHOLES.get(share) or numeral_value(share)
    value = "100" if part == "百" else _amount(part)
    if value is None or not whole:
        return None
    if whole in (100, 1000):
        return Number(value, "%" if whole == 100 else "‰", match.start(), match.end())
    return None if "." in value else Number(f"{value}/{whole}", "", match.start(), match.end())


def _of_han(match: "re.Match[str]", text: str) -> Number | None:
    """A figure in Chinese numerals; None for what is a word or may be one."""
    numeral, start, end = match.group("han"), match.start(), match.end()
    before = text[start - 1] if start else ""
    if before and before in "数几好上成":  # 数十, 上千
        return None
    unit, last = _unit_at(text, end)
    if not unit and numeral in DIGITS and (tenths := _TENTHS.match(text, end)):
        return Number(f"{DIGITS[numeral]}{DIGITS[tenths.group('half') or '零']}", "%", start, tenths.end())
    if not unit and _is_word(numeral, before, _COUNTER.match(text, end) is not None):
        return None
    if numeral[-1] == "千" and _MEASURE.match(text, end):
        numeral, last = numeral[:-1], end - 1
    value = _amount(numeral) if numeral else None
    return Number(value, unit, start, last) if value else None


def _is_word(numeral: str, before: str, counts: bool) -> bool:
    if numeral == "一":
        return before != "第" or not counts  # 一个 is more often "a" than "one"
    if numeral == "十万" or (len(numeral) <= 2 and (numeral in DIGITS or numeral[0] in _STEP)):
        return not counts  # 三农, 十五, 十万火急
    return False


def _amount(numeral: str) -> str | None:
    """Canonical value of a figure in either script, with its decimals."""
    if numeral[0].isascii():
        return _plain(Decimal(numeral.replace(",", "")))
    whole, point, decimals = numeral.partition("点")
    value = numeral_value(whole)
    if value is None or not point:
        return None if value is None else str(value)
    bare = decimals.rstrip(_SECTION)
    factor = 1
    for character in decimals[len(bare) :]:
        factor *= _SECTIONS[character]
    return _plain(Decimal(f"{value}.{''.join(str(DIGITS[character]) for character in bare)}") * factor)


def _unit_at(text: str, place: int) -> tuple[Unit, int]:
    match = _UNIT.match(text, place)
    if not match:
        return "", place
    if match.group("percent"):
        return "%", match.end()
    return ("‰" if match.group("permille") else "百分点"), match.end()


def _plain(amount: Decimal) -> str:
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text.lstrip("0") or "0"
