"""rag.cli.render: what a person reads on the terminal about an answer and what was checked of it."""

from dataclasses import replace

import pytest
from built_answer import EXPRESSION, answer_of, computed_content

from rag.cli.render import show_answer
from rag.generation.answer_builder import AnswerContent
from rag.records import Answer, Computed, Refusal

QUOTES = "   核对：引文与原文逐字一致"
SUPPORTED = "   核对：带编号的各句均有引文支持（程序核对）"
EXTRACTED = "   核对：带编号的各句摘自报道原文"
COMPOSED = "   核对：带编号的各句据报道整理"
WRITTEN = answer_of(computed_content())


def lines_of(answer: Answer) -> list[str]:
    return show_answer(answer).split("\n")


def checks_of(answer: Answer) -> list[str]:
    return [line for line in lines_of(answer) if line.startswith("   核对：")]


def test_that_quotes_are_verbatim_and_that_sentences_are_supported_are_told_apart() -> None:
    assert checks_of(WRITTEN) == [QUOTES, SUPPORTED]


def test_of_sentences_of_the_newspaper_nothing_more_is_said_than_that_they_are() -> None:
    content = computed_content()
    printed = tuple(
        replace(statement, text=f"{content.citations[0].quote}[1]", citations=(1,), computed=None)
        for statement in content.statements
    )
    assert checks_of(answer_of(content, kind="extractive", reason="no_llm", statements=printed)) == [QUOTES, EXTRACTED]


def test_what_code_reckoned_or_put_into_words_is_not_said_to_be_printed() -> None:
    assert checks_of(answer_of(computed_content(), kind="extractive", reason="no_llm")) == [QUOTES, COMPOSED]


def test_what_was_left_out_is_counted() -> None:
    struck = "   核对：大模型写的2句话未得到引文支持，已略去"
    assert checks_of(answer_of(computed_content(), struck=2)) == [QUOTES, SUPPORTED, struck]
    fallen_back = answer_of(computed_content(), kind="extractive", reason="unsupported", struck=2)
    assert checks_of(fallen_back) == [QUOTES, COMPOSED, struck]


def test_a_statement_in_doubt_takes_the_support_of_the_others_away() -> None:
    first, *others = computed_content().statements
    doubted = (replace(first, support="unsupported", problems=("figure:469",)), *others)
    assert checks_of(answer_of(computed_content(), statements=doubted)) == [QUOTES, "   核对：1句未得到引文支持"]


def test_a_refusal_was_not_checked_whatever_it_quotes_against_what_was_taken_for_granted() -> None:
    assert checks_of(replace(WRITTEN, status="refused", refusal=Refusal("false_premise", WRITTEN.answer))) == []


def test_a_calculation_stands_under_the_line_of_its_statement_with_what_it_is_from() -> None:
    first, computed, last = computed_content().statements
    shown = answer_of(
        computed_content(), statements=(first, computed, replace(last, computed=Computed("300\u221222=278家", (2,))))
    )
    assert lines_of(shown)[1:5] == [
        "答 去年全区有托育机构469家[1]。比前年多191家[1][2]。",
        f"   计算：{EXPRESSION} [1][2]",
        "前年有278家[2]。",
        "   计算：300\u221222=278家 [2]",
    ]


@pytest.mark.parametrize(
    ("kind", "reason", "words"),
    [
        ("llm", "timeout", "   （大模型中断：timeout；回答可能不完整）"),
        ("extractive", "timeout", "   （未用大模型的答复：timeout；以上摘自原文）"),
    ],
)
def test_an_answer_that_the_llm_began_is_not_said_to_be_the_newspapers(kind: str, reason: str, words: str) -> None:
    assert lines_of(answer_of(computed_content(), kind=kind, reason=reason))[-1] == words


def test_a_refusal_after_a_failure_of_the_llm_quotes_nothing() -> None:
    refused = replace(answer_of(AnswerContent(), kind="extractive", reason="timeout"), refusal=Refusal("not_found", "没有找到。"))  # fmt: skip
    assert lines_of(refused)[-1] == "   （未用大模型的答复：timeout）"


def test_of_the_services_own_words_only_the_quotes_are_said_to_be_checked_and_questions_to_go_on_with_follow() -> None:
    fixed = replace(answer_of(computed_content(), kind="extractive"), status="fixed", choices=("下一页",))
    assert checks_of(fixed) == [QUOTES]
    assert lines_of(fixed)[-1] == "   ▸ 下一页"
