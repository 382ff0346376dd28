"""Numbers as lists write them: 3 → 3, iii, c, 三, 叁, 丙, ③."""

from collections.abc import Callable
from typing import Final

_CHINESE: Final = "零一二三四五六七八九"
_LEGAL: Final = "零壹贰叁肆伍陆柒捌玖"
_STEMS: Final = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES: Final = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN: Final = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
MAX_LIST_NUMBER: Final = 9_999  # beyond it every format is written in figures


def write_number(number: int, form: str) -> str:
    """Return a number of a list in one of Word's formats (w:numFmt), which others take over; in figures where the format is not known.

    Source: ECMA-376, Part 1, 17.18.59 ST_NumberFormat.
    """
    writer = _WRITERS.get(form)
    return writer(number) if writer and 0 < number <= MAX_LIST_NUMBER else "" if form == "none" else str(number)


def _in_words(digits: str, units: str) -> Callable[[int], str]:
    def write(number: int) -> str:
        figures = str(number)
        pieces: list[str] = []
        for place, figure in zip(range(len(figures) - 1, -1, -1), figures, strict=True):
            if figure != "0":
                pieces.append(digits[int(figure)] + units[place])
            elif pieces and pieces[-1] != digits[0]:
                pieces.append(digits[0])
        words = "".join(pieces).rstrip(digits[0])
        return words[1:] if words.startswith(f"一{units[1]}") else words

    return write


def _digit_by_digit(number: int) -> str:
    return "".join("〇" if figure == "0" else _CHINESE[int(figure)] for figure in str(number))


def _roman(number: int) -> str:
    written = ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        written += letters * count
    return written


def _letters(number: int) -> str:
    times, place = divmod(number - 1, 26)
    return chr(ord("a") + place) * min(times + 1, 9)


def _cycle(marks: str) -> Callable[[int], str]:
    return lambda number: marks[(number - 1) % len(marks)]


def _enclosed(first: int, most: int) -> Callable[[int], str]:
    return lambda number: chr(first + number - 1) if number <= most else str(number)


def _circled(number: int) -> str:
    start = 0x2460 if number <= 20 else 0x3251 - 20 if number <= 35 else 0x32B1 - 35
    return chr(start + number - 1) if number <= 50 else str(number)


_COUNTING: Final = _in_words(_CHINESE, "\0十百千")
_LEGAL_COUNTING: Final = _in_words(_LEGAL, "\0拾佰仟")
_WRITERS: Final[dict[str, Callable[[int], str]]] = {
    **dict.fromkeys(
        ("chineseCounting", "chineseCountingThousand", "taiwaneseCounting", "taiwaneseCountingThousand",
         "japaneseCounting", "ideographDigital"),
        lambda number: _COUNTING(number).replace("\0", ""),
    ),
    **dict.fromkeys(("taiwaneseDigital", "japaneseDigitalTenThousand"), _digit_by_digit),
    **dict.fromkeys(
        ("chineseLegalSimplified", "ideographLegalTraditional", "japaneseLegal"),
        lambda number: _LEGAL_COUNTING(number).replace("\0", ""),
    ),
    "ideographTraditional": _cycle(_STEMS),
    "ideographZodiac": _cycle(_BRANCHES),
    "upperRoman": lambda number: _roman(number).upper(),
    "lowerRoman": _roman,
    "upperLetter": lambda number: _letters(number).upper(),
    "lowerLetter": _letters,
    "decimalZero": lambda number: f"{number:02d}",
    "decimalFullWidth": lambda number: str(number).translate({ord("0") + n: ord("０") + n for n in range(10)}),
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "decimalEnclosedParen": _enclosed(0x2474, 20),
    "decimalEnclosedFullstop": _enclosed(0x2488, 20),
    "ideographEnclosedCircle": _enclosed(0x3280, 10),
}  # fmt: skip
