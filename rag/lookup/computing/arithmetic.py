"""Figures → what is reckoned of them, exactly, in the unit that they are printed in."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from rag.facts.quantities import Figure, is_compatible

_SCALES = (("万亿", 10**12), ("亿", 10**8), ("万", 10**4))
_NUMBER = re.compile(r"(?P<digits>[\d.,]+)(?P<scale>万亿|亿|万|千|百)?")
_APPROXIMATE = re.compile(r"[余多来]")
MAX_PLACES = 6
SHARE_PLACES = 1
"""Of a share that does not come out even."""


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What comes out.

    Args:
        value: with its unit, as it is said: 385家, 113.43亿元, 59.7%.
        expression: as it is shown: 1043−658=385家.
        sign: of a difference: 1 where the first figure is the greater one, -1 where it is the smaller one, 0.
        is_rounded: value is only about so much, because a figure is.
    """

    value: str
    expression: str
    sign: int = 1
    is_rounded: bool = False


@dataclass(frozen=True, slots=True)
class _Measure:
    """A scale and a unit in which figures are shown."""

    scale_word: str
    scale: int
    unit: str
    factor: Fraction

    def show(self, base: Fraction) -> str:
        return show_number(base / self.factor / self.scale)


def difference(first: Figure, second: Figure, per: str = "") -> Reckoned | None:
    """Return by how much two figures are apart; None where they measure different things, or nothing is known of one.

    Args:
        per: what both are measured per, as it is printed: /立方米.
    """
    if not is_compatible(first.unit, second.unit):
        return None
    measure = _measure((first, second))
    larger, smaller = (first, second) if first.base >= second.base else (second, first)
    unit = "个百分点" if first.unit == "%" else measure.unit + per
    value = measure.show(larger.base - smaller.base) + measure.scale_word + unit
    expression = f"{_term(larger, measure)}−{_term(smaller, measure)}={value}"
    sign = (first.base > second.base) - (first.base < second.base)
    return Reckoned(value, expression, sign, _is_rounded((first, second)))


def total(figures: Sequence[Figure]) -> Reckoned | None:
    """Return the sum of figures; None where they measure different things, or are shares."""
    first, *others = figures
    if first.unit in ("%", "‰", "百分点") or not all(is_compatible(first.unit, other.unit) for other in others):
        return None
    measure = _measure(figures)
    value = measure.show(sum((figure.base for figure in figures), Fraction(0))) + measure.scale_word + measure.unit
    expression = "+".join(_term(figure, measure) for figure in figures) + f"={value}"
    return Reckoned(value, expression, 1, _is_rounded(figures))


def share(part: Figure, whole: Figure) -> Reckoned | None:
    """Return how much of the whole a part is; None where it cannot be one."""
    if not is_compatible(part.unit, whole.unit) or part.unit in ("%", "‰") or not 0 < part.base <= whole.base:
        return None
    measure = _measure((part, whole))
    percent = part.base * 100 / whole.base
    rounded = round(percent, SHARE_PLACES)
    mark = "=" if rounded == percent else "≈"
    value = f"{show_number(rounded)}%"
    return Reckoned(value, f"{_term(part, measure)}÷{_term(whole, measure)}{mark}{value}", 1, mark == "≈")


def show_number(value: Fraction) -> str:
    """Return a number as it is printed, with the places that it has, at most MAX_PLACES; exactly, however long it is."""
    scaled = round(value * 10**MAX_PLACES)
    whole, rest = divmod(abs(scaled), 10**MAX_PLACES)
    places = f"{rest:0{MAX_PLACES}d}".rstrip("0")
    return f"{'-' if scaled < 0 else ''}{whole}{'.' if places else ''}{places}"


def _measure(figures: Sequence[Figure]) -> _Measure:
    """The unit of the first figure, and the scale of the greatest one that all can be shown in."""
    first = figures[0]
    words = [scale_of(figure) for figure in figures]
    unit = unit_text(first)
    factor = first.base / first.amount if first.amount else Fraction(1)
    alike = all(unit_text(figure) == unit for figure in figures)
    if not alike and first.unit in ("count", "people", "visits", ""):
        unit = next((unit_text(figure) for figure in figures if unit_text(figure)), "")
    scale_word, scale = min(words, key=lambda word: word[1])
    return _Measure(scale_word, scale, unit, factor)


def scale_of(figure: Figure) -> tuple[str, int]:
    """Return 万 or 亿 with its size, as a figure is printed with it."""
    match = _NUMBER.match(figure.text)
    word = match["scale"] if match else None
    return next(((name, size) for name, size in _SCALES if name == word), ("", 1))


def unit_text(figure: Figure) -> str:
    """Return the unit of a figure as printed: 家 of 1043家, 亿元 without the 亿."""
    match = _NUMBER.match(figure.text)
    behind = figure.text[match.end() :] if match else re.sub(r"^[〇零一二两三四五六七八九十百千万亿]+", "", figure.text)
    return _APPROXIMATE.sub("", behind).strip()


def _term(figure: Figure, measure: _Measure) -> str:
    return measure.show(figure.base) + measure.scale_word


def _is_rounded(figures: Sequence[Figure]) -> bool:
    return any(figure.bound or _APPROXIMATE.search(figure.text) for figure in figures)
