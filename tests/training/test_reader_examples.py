"""tests/training/reader_examples.py: rows about an article made up here → examples whose places and labels are right."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reader_examples import LONGEST_PASSAGE, Example, ExampleMaker, cut, read_examples, read_lines, write_examples

SENTENCES = [
    "6月12日，望津桥改造工程完工，桥面由双向两车道拓宽为四车道。",
    "工程总投资3200万元，由云汀区城建集团施工。",
    "桥下的非机动车道仍在施工，预计8月底开放。",
    "区交通委主任周启航表示，早高峰通行时间缩短了一半。",
] * 3
TEXT = "".join(f"{sentence[:-1]}（{number}）。" for number, sentence in enumerate(SENTENCES))
ARTICLES = {"a": {"text": TEXT, "date": "2023-06-16T09:00"}}
QUESTION = {
    "t": "q",
    "article": "a",
    "question": "2023年望津桥改造投了多少钱？",
    "answer": "3200万元",
    "evidence": ["工程总投资3200万元，由云汀区城建集团施工（1）。"],
}
TRUE = {"t": "s", "article": "a", "statement": "桥的改造总投资3200万元。", "evidence": QUESTION["evidence"]}


def made(row: dict[str, Any], seed: int = 1) -> list[Example]:
    return list(ExampleMaker(ARTICLES, seed).from_row(row))


def bare(passage: str) -> str:
    return passage.replace("\n", "")


@given(seed=st.integers(0, 3000))
def test_the_answer_is_where_the_example_says_whatever_was_done_to_the_passage(seed: int) -> None:
    [right, *_wrong] = made(QUESTION, seed)
    assert right.label
    assert right.answer
    assert bare(right.passage[slice(*right.answer)]) == "3200万元"


@given(seed=st.integers(0, 3000))
def test_what_does_not_answer_lacks_the_evidence(seed: int) -> None:
    for wrong in made(QUESTION, seed)[1:]:
        assert not wrong.label
        assert wrong.answer is None
        assert "施工（1）" not in bare(wrong.passage)


@pytest.mark.parametrize(
    ("row", "task", "label"),
    [
        (QUESTION, "answers", True),
        ({**QUESTION, "t": "y", "question": "桥下的非机动车道开放了吗？", "yes": False}, "answers", True),
        ({"t": "n", "article": "a", "question": "望津桥的设计单位是哪家？", "why": ""}, "answers", False),
        (TRUE, "bears_out", True),
        ({**TRUE, "t": "w", "statement": "总投资2300万元。", "error": "figure"}, "bears_out", False),
    ],
)
def test_each_kind_of_row_asks_its_own_question(row: dict[str, Any], task: str, label: bool) -> None:
    [first, *_more] = made(row)
    assert (first.task, first.label, first.article) == (task, label, "a")


def test_evidence_that_is_not_in_the_article_makes_no_example() -> None:
    assert made({**QUESTION, "evidence": ["没有这一句。"]}) == []


def test_a_corrupted_statement_comes_with_the_true_one_beside_it() -> None:
    maker = ExampleMaker({"a": {"text": f"{TEXT}去年投资1100万元。", "date": None}}, 1)
    found = list(maker.corrupted(TRUE))
    assert {one.label for one in found} == {True, False}
    assert [one.query for one in found if one.label] == [TRUE["statement"]]


def test_a_question_about_another_year_is_not_answered() -> None:
    [other] = ExampleMaker(ARTICLES, 1).other_time(QUESTION)
    assert not other.label
    assert other.query != QUESTION["question"]
    assert other.query.endswith("年望津桥改造投了多少钱？")


def test_a_question_of_a_set_is_read_in_the_slice_that_has_its_answer() -> None:
    line = {"question": "谁说早高峰通行时间缩短了？", "answers": ["周启航"], "gold_docs": ["d"]}
    documents = {"d": {"_id": "d", "title": "桥", "text": TEXT, "date": None}}
    [one] = ExampleMaker(ARTICLES, 1).from_question(line, documents)
    assert one.answer
    assert bare(one.passage[slice(*one.answer)]) == "周启航"
    assert list(ExampleMaker(ARTICLES, 1).from_question({**line, "answers": ["无此人"]}, documents)) == []


@given(text=st.text("水利工程。！？；，\n1", max_size=2000))
def test_slices_are_whole_and_none_is_too_long(text: str) -> None:
    slices = cut(text)
    assert all(0 < end - start <= LONGEST_PASSAGE for start, end in slices)
    assert all(first[1] <= second[0] for first, second in pairwise(slices))
    covered = "".join(text[start:end] for start, end in slices)
    assert "".join(covered.split()) == "".join(text.split())


def test_examples_come_back_as_they_were_written(tmp_path: Path) -> None:
    examples = [*made(QUESTION), *made(TRUE)]
    write_examples(examples, tmp_path / "examples.jsonl")
    assert read_examples(tmp_path / "examples.jsonl") == examples
    (tmp_path / "lines.jsonl").write_text(json.dumps({"a": 1}) + "\n", "utf-8")
    assert read_lines(tmp_path / "lines.jsonl") == [{"a": 1}]
