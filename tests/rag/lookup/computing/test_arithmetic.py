"""What comes out of figures, exactly and as it is printed."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.facts.quantities import Figure, find_figures
from rag.lookup.computing.arithmetic import difference, share, show_number, total


def figure(text: str) -> Figure:
    return find_figures(text)[0]


@pytest.mark.parametrize(
    ("first", "second", "value", "expression"),
    [
        ("1043家", "658家", "385家", "1043−658=385家"),
        ("18866.43亿元", "18753亿元", "113.43亿元", "18866.43亿−18753亿=113.43亿元"),
        ("7,726.70万元", "5,700.07万元", "2026.63万元", "7726.7万−5700.07万=2026.63万元"),
        ("1.2万人", "800人", "11200人", "12000−800=11200人"),
        ("6.5%", "5.1%", "1.4个百分点", "6.5−5.1=1.4个百分点"),
    ],
)
def test_a_difference_is_exact_in_the_printed_unit(first: str, second: str, value: str, expression: str) -> None:
    reckoned = difference(figure(first), figure(second))
    assert reckoned
    assert (reckoned.value, reckoned.expression, reckoned.sign) == (value, expression, 1)


def test_a_sum_shows_its_terms() -> None:
    reckoned = total([figure("8.6万人"), figure("4.2万人")])
    assert reckoned
    assert (reckoned.value, reckoned.expression) == ("12.8万人", "8.6万+4.2万=12.8万人")


def test_a_share_is_rounded_and_says_so() -> None:
    reckoned = share(figure("393家"), figure("658家"))
    assert reckoned
    assert (reckoned.value, reckoned.expression, reckoned.is_rounded) == ("59.7%", "393÷658≈59.7%", True)


def test_what_measures_different_things_is_not_reckoned() -> None:
    assert difference(figure("30公里"), figure("20吨")) is None
    assert total([figure("30%"), figure("20%")]) is None
    assert share(figure("658家"), figure("393家")) is None


def test_what_follows_from_about_so_much_is_about_so_much() -> None:
    reckoned = difference(figure("150余家"), figure("143家"))
    assert reckoned
    assert reckoned.is_rounded


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_a_difference_is_the_same_both_ways_but_for_its_sign(first: int, second: int) -> None:
    one, other = (
        difference(figure(f"{first}家"), figure(f"{second}家")),
        difference(figure(f"{second}家"), figure(f"{first}家")),
    )
    assert one
    assert other
    assert (one.value, one.sign) == (f"{abs(first - second)}家", -other.sign)


@given(st.lists(st.integers(0, 10**6), min_size=2, max_size=4))
def test_a_sum_is_what_its_terms_add_up_to(values: list[int]) -> None:
    reckoned = total([figure(f"{value}人") for value in values])
    assert reckoned
    assert reckoned.value == f"{sum(values)}人"


@given(st.decimals(0, 10**6, places=3))
def test_a_number_is_shown_without_needless_zeros(value: object) -> None:
    shown = show_number(Fraction(str(value)))
    assert Fraction(shown) == Fraction(str(value))
    assert "." not in shown or shown[-1] not in "0."
