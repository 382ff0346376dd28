"""index.language.numerals: figures, whatever they are written in. cases/numerals.json: text → values with their unit."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from repository import read_cases

from index.language.numerals import find_numbers, numeral_value

CASES = read_cases("numerals")
_DIGITS = "零一二三四五六七八九"


def spelt(value: int) -> str:
    """A whole number below 10^12 in Chinese numerals, as a newspaper prints it."""
    for size, name in ((10**8, "亿"), (10**4, "万"), (1000, "千"), (100, "百"), (10, "十")):
        if value >= size:
            head, rest = divmod(value, size)
            gap = "零" if 0 < rest < size // 10 else ""
            return spelt(head) + name + gap + (spelt(rest) if rest else "")
    return _DIGITS[value]


def test_there_are_cases_enough_and_many_of_them_are_no_figures() -> None:
    assert len(CASES) >= 100
    assert sum(not case["numbers"] for case in CASES) >= 30


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"])
def test_figures_are_found_with_value_and_unit_and_words_are_left_alone(case: dict[str, Any]) -> None:
    assert [number.text for number in find_numbers(case["text"])] == case["numbers"]


@given(st.integers(min_value=1, max_value=10**12 - 1))
def test_every_numeral_has_the_value_that_was_spelt(value: int) -> None:
    assert numeral_value(spelt(value)) == value


@given(st.integers(min_value=21, max_value=10**8 - 1).filter(lambda value: value % 10**4))
def test_a_spelt_figure_before_its_measure_is_the_same_as_the_printed_one(value: int) -> None:
    assert [number.value for number in find_numbers(f"新增{spelt(value)}户居民")] == [str(value)]


@pytest.mark.parametrize("numeral", ["", "五六", "三三两两", "十千", "百", "二百三百", "三十四十", "零零", "万亿"])
def test_what_is_no_numeral_has_no_value(numeral: str) -> None:
    assert numeral_value(numeral) is None


def test_places_are_those_of_the_text_as_it_was_given() -> None:
    text = "约２２.２％的居民，另有１,０４３户、叁億元"
    found = find_numbers(text)
    assert [text[number.start : number.end] for number in found] == ["２２.２％", "１,０４３", "叁億"]
    assert [number.text for number in found] == ["22.2%", "1043", "300000000"]


def test_amounts_can_be_compared_across_spellings() -> None:
    (half,) = find_numbers("二分之一")
    (decimal,) = find_numbers("0.50")
    assert half.amount == decimal.amount == Fraction(1, 2)
    assert half.value != decimal.value


@settings(deadline=None)
@given(st.text(alphabet="〇零一二两三十百千万亿点分之第成多个年月日号0123456789.,%％ 大五"))
def test_any_text_gives_figures_in_order_that_can_be_computed_with(text: str) -> None:
    place = 0
    for number in find_numbers(text):
        assert place <= number.start < number.end <= len(text)
        assert number.amount >= 0
        assert number.unit in {"", "%", "‰", "百分点"}
        place = number.end
