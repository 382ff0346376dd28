"""Chinese numerals with what they count, in English: 第八届 is 8th and eighth, 三年 three years and 3 years."""

import re

from index.language.numerals import numeral_value

_NUMERAL = re.compile(r"(第?)([一二两三四五六七八九十百千\d]+)([\u4e00-\u9fff]?)")
_NUMBERS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_ORDINALS = [
    "zeroth",
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
]
_ORDINAL = re.compile(r"\A\d+(?:st|nd|rd|th)")
_COUNTED_UNITS = {"年": "year", "月": "month", "天": "day", "日": "day", "周": "week", "人": "people", "元": "yuan"}


def spell_number(word: str) -> list[str]:
    """Return the ways to say a numeral with what it counts; nothing of what is none."""
    match = _NUMERAL.fullmatch(word)
    value = None if match is None else int(match[2]) if match[2].isdecimal() else numeral_value(match[2])
    if match is None or value is None or (value == 1 and not match[1]):  # 一首 says no more than "a"
        return []
    if match[1]:
        ending = "th" if value % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
        return [*_ORDINALS[value : value + 1], f"{value}{ending}"]
    unit = _COUNTED_UNITS.get(match[3], "")
    return [f"{spelled} {unit}".strip() for spelled in (*_NUMBERS[value : value + 1], str(value))]


def is_ordinal(phrase: str) -> bool:
    """Whether a phrase is an ordinal in figures, which is a term of its own: 8th."""
    return _ORDINAL.fullmatch(phrase) is not None
