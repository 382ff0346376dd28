"""rag.generation.answer_builder: what stands between statements, their markers, and the calculations behind them."""

import pytest
from built_answer import BEFORE, EXPRESSION, LAST_YEAR, builder, computed_content
from statements import empty_builder, quote_of

from rag.records import Cited, Computed, Delta

QUOTES = [quote_of("南浦大桥全长638米。")]


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        ("桥已通车。", "2023年通车。", "桥已通车[1]。2023年通车[1]。"),
        ("桥已通车。", "PM2.5下降。", "桥已通车[1]。PM2.5下降[1]。"),
        ("桥已通车", "全长638米。", "桥已通车[1]全长638米[1]。"),
        ("桥已通车", "2023年通车。", "桥已通车[1] 2023年通车[1]。"),
        ("The bridge is open.", "2023 was the year.", "The bridge is open[1]. 2023 was the year[1]."),
        ("The bridge is open.", "“Nanpu” is its name.", "The bridge is open[1]. “Nanpu” is its name[1]."),
    ],
)
def test_english_sentences_are_parted_by_a_space_and_chinese_ones_by_none(first: str, second: str, joined: str) -> None:
    build = empty_builder()
    build.append_statement(first, QUOTES)
    build.append_statement(second, QUOTES)
    assert build.content().text == joined


def test_a_line_of_its_own_begins_behind_whatever_was_said() -> None:
    build = empty_builder()
    build.append_statement("- 全长638米。", QUOTES, on_new_line=True)
    build.append_statement("- 双向六车道。", QUOTES, on_new_line=True)
    build.append_statement("- 总投资5.7亿元。", QUOTES, "\n", on_new_line=True)
    build.append_statement("- 已通车。", QUOTES, on_new_line=True)
    assert build.content().text == "- 全长638米[1]。\n- 双向六车道[1]。\n- 总投资5.7亿元[1]。\n- 已通车[1]。"


def test_two_quotes_of_one_place_are_one_marker() -> None:
    build = empty_builder()
    build.append_statement("全长638米。", QUOTES * 2)
    assert build.content().text == "全长638米[1]。"


def test_what_announces_others_needs_no_quote() -> None:
    build = empty_builder()
    build.append_statement("主要措施包括：", [], "\n")
    build.append_statement("1. 全长638米。", QUOTES, on_new_line=True)
    content = build.content()
    assert content.text == "主要措施包括：\n1. 全长638米[1]。"
    assert [statement.citations for statement in content.statements] == [(), (1,)]


def test_a_repetition_is_known_in_either_script() -> None:
    build = empty_builder(is_traditional=True)
    build.append_statement("大桥已经通车。", QUOTES)
    assert build.content().text == "大橋已經通車[1]。"
    assert build.repeats("大桥已经通车", QUOTES)
    assert not build.repeats("大桥没有通车", QUOTES)


def test_a_computed_statement_carries_its_expression_and_the_numbers_of_the_quotes_it_is_from() -> None:
    first, computed, last = computed_content().statements
    assert computed.computed == Computed(EXPRESSION, (1, 2))
    assert computed.computed.terms == computed.citations
    assert (first.computed, last.computed) == (None, None)


def test_the_expression_is_no_part_of_the_answer() -> None:
    content = computed_content()
    assert content.text == "去年全区有托育机构469家[1]。比前年多191家[1][2]。\n前年有278家[2]。"
    assert all(content.text[each.start : each.end] == each.text for each in content.statements)


def test_an_expression_is_written_in_the_characters_of_the_question() -> None:
    build = builder(is_traditional=True)
    build.append_statement("多了1.2万家。", [LAST_YEAR, BEFORE], "", "3.5\u22122.3=1.2万家")
    (statement,) = build.content().statements
    assert statement.computed == Computed("3.5\u22122.3=1.2萬家", (1, 2))


def test_a_quote_that_is_cited_again_keeps_its_number_and_is_told_once() -> None:
    build = builder()
    events = [
        *build.append_statement("有469家。", [LAST_YEAR]),
        *build.append_statement("前年有278家。", [BEFORE, LAST_YEAR]),
    ]
    assert [event.citation.n for event in events if isinstance(event, Cited)] == [1, 2]
    assert [event.text for event in events if isinstance(event, Delta)] == ["有469家[1]。", "前年有278家[2][1]。"]
