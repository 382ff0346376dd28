"""rag.question.yes_no: which questions are answered with yes or no, and what they ask about."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from repository import read_cases

from index.language.normalise import traditionalise
from rag.question.yes_no import read_yes_no

CASES: dict[str, list[Any]] = read_cases("yes_no")


@pytest.mark.parametrize("case", CASES["asked"], ids=lambda case: case["question"])
def test_what_is_asked_about_is_put_as_a_statement(case: dict[str, Any]) -> None:
    found = read_yes_no(case["question"])
    assert found is not None
    assert found.statement == case["statement"]
    assert found.is_negated == case["negated"]


@pytest.mark.parametrize("question", CASES["other"])
def test_what_asks_for_more_or_for_nothing_is_no_question_for_yes_or_no(question: str) -> None:
    assert read_yes_no(question) is None


@pytest.mark.parametrize("case", CASES["asked"], ids=lambda case: case["question"])
def test_the_script_changes_nothing(case: dict[str, Any]) -> None:
    assert read_yes_no(traditionalise(case["question"])) == read_yes_no(case["question"])


@given(st.text("听潮桥是不是否有没有吗吧对能可以了过，。？ isdthe'", max_size=40))
def test_whatever_is_typed_the_statement_is_no_longer_than_the_question(text: str) -> None:
    found = read_yes_no(text)
    assert found is None or len(found.statement) <= len(text)
