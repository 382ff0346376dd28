"""Numbers of a workbook's cells as the workbook shows them: dates, percentages, decimals, thousands."""

import datetime
import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Final

# ECMA-376, Part 1, 18.8.30; 27 to 58 are those of Chinese Excel.
BUILT_IN: Final = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 14: "yyyy-mm-dd", 15: "d-mmm-yy",
    16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss",
    22: "yyyy-mm-dd h:mm", 27: 'yyyy"年"m"月"', 28: 'm"月"d"日"', 29: 'm"月"d"日"', 30: "m-d-yy",
    31: 'yyyy"年"m"月"d"日"', 32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"', 36: 'yyyy"年"m"月"', 37: "#,##0",
    38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 45: "mm:ss", 46: "h:mm:ss", 47: "mm:ss", 50: 'yyyy"年"m"月"',
    51: 'm"月"d"日"', 52: 'yyyy"年"m"月"', 53: 'm"月"d"日"', 54: 'm"月"d"日"', 55: 'yyyy"年"m"月"', 57: 'yyyy"年"m"月"',
    58: 'm"月"d"日"',
}  # fmt: skip
_EPOCH: Final = datetime.datetime(1899, 12, 30)  # Excel takes 1900 for a leap year: right from March 1900 on
_EPOCH_1904: Final = datetime.datetime(1904, 1, 1)
_LAST_SERIAL: Final = 2_958_465  # 9999-12-31
_MAX_CODE_CHARS: Final = 200
# Words in quotes, escaped characters, and what is not shown: colours, conditions, padding, fill.
_TOKEN: Final = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|\[\$(?P<sign>[^\[\]\-]*+)[^\[\]]*+\]|\[(?P<span>h+|m+|s+)\]|\[[^\[\]]*+\]|_.|\*.'
    r"|(?P<ampm>AM/PM|A/P|上午/下午)|(?P<part>y+|m+|d+|h+|s+|a{3,4})|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_DATE_PARTS: Final = re.compile(r'"[^"]*"|\\.|\[(?!h+\]|m+\]|s+\])[^\[\]]*+\]', re.IGNORECASE)
_PATTERN: Final = re.compile(r"[0#?,]*(?:\.[0#?]*,*)?[%‰]?")
_WEEKDAYS: Final = "一二三四五六日"


def is_date_format(code: str) -> bool:
    """Whether a format shows its number as a day or a time."""
    rest = _DATE_PARTS.sub("", code[:_MAX_CODE_CHARS]).partition(";")[0].lower()
    return "general" not in rest and any(mark in rest for mark in ("y", "m", "d", "h", "s", "aaa"))


def show_number(raw: str, code: str, *, from_1904: bool = False) -> str:
    """Return a cell's number as its format shows it; the number itself where the format is not understood.

    Args:
        raw: the number as the file has it: "0.875".
        code: format code: "0.0%", "yyyy-mm-dd", "" or "General" for none.
        from_1904: days are counted from 1904 on.
    """
    try:
        number = Decimal(raw)
    except InvalidOperation:
        return raw
    if not number.is_finite() or abs(number.adjusted()) > 300:
        return raw
    code = code[:_MAX_CODE_CHARS]
    if is_date_format(code):
        return _date(number, code.partition(";")[0], from_1904) or _general(number)
    if code in ("", "@") or "general" in code.lower() or "/" in code or "E" in code:
        return _general(number)
    return _figures(number, code)


def _general(number: Decimal) -> str:
    """Eleven figures as Excel shows them, so that 0.1+0.2 is 0.3; whole numbers up to 15 figures."""
    if number == number.to_integral_value() and number.adjusted() < 15:
        return str(int(number))
    rounded = f"{number:.10g}" if abs(number) < 1 else f"{number:.11g}"
    return f"{Decimal(rounded):f}".rstrip("0").rstrip(".") if number.adjusted() < 15 else rounded


def _figures(number: Decimal, code: str) -> str:
    sections = code.split(";")
    section = sections[0]
    sign = "-" if number < 0 else ""
    if number < 0 and len(sections) > 1 and sections[1]:
        section, sign = sections[1], ""
    elif number == 0 and len(sections) > 2 and sections[2]:
        section = sections[2]
    pieces: list[tuple[bool, str]] = []  # (is it of the pattern, characters)
    for token in _TOKEN.finditer(section):
        words = next((token[name] for name in ("quoted", "escaped", "sign", "part", "ampm") if token[name]), None)
        if words is not None:
            pieces.append((False, words))
        elif token["other"]:
            pieces.append((token["other"] in "0#?.,%‰", token["other"]))
    pattern = "".join(text for is_pattern, text in pieces if is_pattern)
    if not pattern or not _PATTERN.fullmatch(pattern) or not any(mark in pattern for mark in "0#?"):
        return "".join(text for _is, text in pieces).strip() if pieces and not pattern else _general(number)
    shown = sign + _by_pattern(abs(number), pattern)
    if sign and not shown.strip("-0.,%"):
        shown = shown[1:]
    first = next(place for place, (is_pattern, _text) in enumerate(pieces) if is_pattern)
    before = "".join(text for is_pattern, text in pieces[:first] if not is_pattern)
    after = "".join(text for is_pattern, text in pieces[first:] if not is_pattern)
    return (before + shown + after).strip()


def _by_pattern(number: Decimal, pattern: str) -> str:
    share = {"%": 100, "‰": 1000}.get(pattern[-1], 1)
    figures = pattern.rstrip("%‰")
    thousands = len(figures) - len(figures.rstrip(","))  # each comma at the end divides by a thousand
    whole, _point, decimals = figures.rstrip(",").partition(".")
    number = number * share / Decimal(1000) ** thousands
    rounded = number.quantize(Decimal(1).scaleb(-len(decimals)), ROUND_HALF_UP) if number.adjusted() < 25 else number
    text = f"{rounded:,f}" if "," in whole else f"{rounded:f}"
    optional = len(decimals) - len(decimals.rstrip("#?"))
    while optional and text.endswith("0") and "." in text:
        text, optional = text[:-1], optional - 1
    before, point, rest = text.rstrip(".").partition(".")
    return before.rjust(whole.count("0"), "0") + point + rest + (pattern[-1] if share > 1 else "")


def _date(number: Decimal, code: str, from_1904: bool) -> str | None:
    if not 0 <= number <= _LAST_SERIAL:
        return None
    moment = (_EPOCH_1904 if from_1904 else _EPOCH) + datetime.timedelta(seconds=round(float(number) * 86_400))
    tokens = list(_TOKEN.finditer(code))
    is_half = any(token["ampm"] for token in tokens)
    pieces: list[str] = []
    last = ""
    for place, token in enumerate(tokens):
        part = (token["part"] or "").lower()
        if token["span"]:
            pieces.append(str(int(number * {"h": 24, "m": 1440, "s": 86_400}[token["span"][0].lower()])))
            last = token["span"][0].lower()
        elif part:
            later = next((other["part"][0].lower() for other in tokens[place + 1 :] if other["part"]), "")
            is_minute = part[0] == "m" and (last == "h" or later == "s")
            pieces.append(_part(moment, part, is_minute=is_minute, is_half=is_half))
            last = part[0]
        elif token["ampm"]:
            pieces.append(
                ("上午", "下午")[moment.hour >= 12] if "上" in token["ampm"] else ("AM", "PM")[moment.hour >= 12]
            )
        else:
            pieces.append(next((token[name] for name in ("quoted", "escaped", "sign", "other") if token[name]), ""))
    return "".join(pieces).strip()


def _part(moment: datetime.datetime, part: str, *, is_minute: bool, is_half: bool) -> str:
    wide = len(part) > 1
    if part[0] == "y":
        return f"{moment.year}" if len(part) > 2 else f"{moment.year % 100:02d}"
    if part[0] == "a" or (part[0] == "d" and len(part) > 2):
        return ("星期" if len(part) > 3 else "周") + _WEEKDAYS[moment.weekday()]
    if part[0] == "m" and not is_minute and len(part) > 2:
        return f"{moment.month}月"
    hour = (moment.hour % 12 or 12) if is_half else moment.hour
    value = {"m": moment.minute if is_minute else moment.month, "d": moment.day, "h": hour, "s": moment.second}[part[0]]
    return f"{value:02d}" if wide else str(value)
