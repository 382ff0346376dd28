"""tests/training/train_sentence_ranker.py: how it reads its questions."""

import json
from pathlib import Path
from typing import Any

import pytest
from train_sentence_ranker import answers, read_lines, squeeze, write_small


@pytest.mark.parametrize(
    ("line", "sentence", "expected"),
    [
        ({"answers": ["412米"]}, "新桥全长 412 米。", True),
        ({"answers": ["412米"]}, "新桥全长426米。", False),
        ({"answers": ["412 metres"], "answers_zh": ["412米"]}, "新桥全长412米。", True),
        ({"answers": ["3.5%"]}, "下降了3.5%。", True),
        ({"answers": ["3.5%"]}, "下降了35%。", False),
        ({"answers": [""]}, "新桥。", False),
        ({"answers": [], "evidence": "新桥，全长412米"}, "新桥全长412米，很宽。", True),
        ({"answers": ["412米"], "evidence": "旧桥全长300米。"}, "新桥全长412米。", False),
    ],
)
def test_a_sentence_answers_when_it_has_an_answer_or_the_evidence(
    line: dict[str, Any], sentence: str, expected: bool
) -> None:
    assert answers(line, sentence) is expected


def test_marks_and_spaces_make_no_difference() -> None:
    assert squeeze("“新 橋”，412米！") == squeeze("新桥412米")


def test_questions_that_need_their_context_are_left_out_and_the_order_is_always_the_same(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    lines = [{"_id": str(n), "gold_docs": [f"d{n % 3}"], "context_bound": n % 4 == 0} for n in range(12)]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    read = read_lines(path)
    assert {line["_id"] for line in read} == {line["_id"] for line in lines if not line["context_bound"]}
    assert read == read_lines(path)
    assert {line["gold_docs"][0] for line in read_lines(path, {"d1"})} == {"d1"}


def test_the_small_archive_has_only_documents_that_are_asked_about(tmp_path: Path) -> None:
    corpus, questions = tmp_path / "corpus.jsonl", tmp_path / "questions.jsonl"
    corpus.write_text("".join(json.dumps({"_id": f"d{n}"}) + "\n" for n in range(5)), "utf-8")
    questions.write_text(json.dumps({"_id": "q", "gold_docs": ["d1", "d3"]}) + "\n", "utf-8")
    path, ids = write_small(corpus, questions, tmp_path)
    assert ids == {"d1", "d3"}
    assert [json.loads(line)["_id"] for line in path.read_text("utf-8").splitlines()] == ["d1", "d3"]
