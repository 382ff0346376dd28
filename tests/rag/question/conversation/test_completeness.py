"""rag.question.conversation.completeness: which questions an LLM need not be asked to complete."""

from typing import Any

import pytest
from repository import read_cases

from index.language.terms import Lexicon
from rag.question.conversation.completeness import is_complete
from rag.records import Message, Query

CASES: dict[str, Any] = read_cases("followups")
LEXICON = Lexicon()


def complete(question: str, *turns: str) -> bool:
    history = tuple(Message("assistant" if place % 2 else "user", text) for place, text in enumerate(turns))
    return is_complete(Query(question, history), LEXICON)


@pytest.mark.parametrize("case", CASES["subjectless"], ids=lambda case: case["question"])
def test_a_question_without_its_subject_is_not_complete_and_with_it_is(case: dict[str, Any]) -> None:
    assert not complete(case["question"], *case["turns"])
    assert complete(case["completed"], *case["turns"])


@pytest.mark.parametrize("question", CASES["standalone"])
def test_a_question_that_names_its_subject_is_complete(question: str) -> None:
    """Where the conversation has a noun of the question, it may go on about it: one of the four has PM2.5."""
    told = [complete(question, *before) for before in CASES["before"]]
    assert sum(told) >= (0 if question in CASES["unclear"] else len(told) - 1)


@pytest.mark.parametrize("question", CASES["unclear"])
def test_what_may_be_about_anything_is_for_the_llm(question: str) -> None:
    assert question in CASES["standalone"]
    assert not complete(question, *CASES["before"][1])


@pytest.mark.parametrize(
    ("question", "is_about_it"),
    [
        ("督察报告是哪天正式反馈的？", True),
        ("疏浚方案是哪天正式反馈的？", False),
        ("区长是谁？", False),
        ("谢谢，明白了", False),
        ("你能做什么？", False),
    ],
)
def test_a_noun_goes_on_about_the_conversation_only_where_it_was_said(question: str, is_about_it: bool) -> None:
    said = ("2022年的督察有什么结果？", "督察组反馈了督察报告[1]。")
    assert complete(question, *said) != is_about_it


@pytest.mark.parametrize(
    ("question", "is_known"),
    [
        ("How large is 丽泽?", True),
        ("How large is the Egret Park?", True),
        ("What's the phone number?", False),
        ("How much was spent in March 2023?", False),
    ],
)
def test_an_english_question_is_complete_with_a_name(question: str, *, is_known: bool) -> None:
    assert complete(question, "When did the Wangjin Bridge open?", "In 2023[1].") == is_known


def test_a_name_in_front_of_the_asking_words_is_a_subject_whether_or_not_it_was_said() -> None:
    assert complete("丽泽有多少家企业？", "丽泽的楼宇有多少座？", "丽泽有21座[1]。")
