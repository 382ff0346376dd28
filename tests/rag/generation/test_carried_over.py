"""rag.generation.carried_over: figures and days of English reports in Chinese, exactly."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.records import PartialDate
from rag.facts.quantities import find_figures
from rag.generation.carried_over import carry_over

WRITTEN = PartialDate("2020-06-15")


def carried(sentence: str, words: str, counted: str | None = None) -> str | None:
    start = sentence.index(words)
    return carry_over(sentence, start, start + len(words), WRITTEN, counted)


@pytest.mark.parametrize(
    ("sentence", "words", "chinese"),
    [
        ("GDP was 102.33 billion yuan.", "102.33 billion yuan", "1023.3亿元"),
        ("It rose 7.1 percent.", "7.1 percent", "7.1%"),
        ("It came to 670 million dollars.", "670 million dollars", "6.7亿美元"),
        ("The site has 1.12 million square metres.", "1.12 million square metres", "112万平方米"),
        ("It covers 277 acres.", "277", "277英亩"),
        ("They traced nearly 200,000 people.", "200,000 people", "近20万人"),
        ("It moves about 18,000 tonnes a day.", "18,000 tonnes", "约1.8万吨"),
        ("There are over 1,500 managers.", "1,500", "超过1500"),
        ("Some 23,601 cars crossed.", "23,601", "约23601"),
        ("It opened on 16 May 1988.", "16 May 1988", "1988年5月16日"),
        ("It was shut on 13 June.", "13 June", "6月13日"),
        ("In May 2022 it closed.", "May 2022", "2022年5月"),
        ("It has grown since 2021.", "2021", "2021年"),
        ("It is the 8th fair.", "8th", "第8"),
        ("Six operators were trained.", "Six", "6"),
    ],
)
def test_a_figure_and_a_day_are_said_as_in_chinese(sentence: str, words: str, chinese: str) -> None:
    assert carried(sentence, words) == chinese


def test_what_measures_nothing_is_counted_as_the_question_counts() -> None:
    assert carried("It planned 160 major projects.", "160", "个") == "160个"
    assert carried("It cost 160 yuan.", "160 yuan", "个") == "160元"


def test_where_no_figure_stands_nothing_is_carried_over() -> None:
    assert carried("It is open to all.", "open") is None
    assert carried("It opens at 8 am.", "8 am") is None


@given(st.integers(1, 10**13))
def test_no_digit_is_lost(amount: int) -> None:
    said = carried(f"It cost {amount:,} yuan in all.", f"{amount:,} yuan")
    assert said is not None
    assert find_figures(said)[0].amount == Fraction(amount)
