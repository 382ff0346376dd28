import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from index.records import PartialDate
from rag.errors import EvaluationError, EvaluationNotFoundError
from rag.evaluation.questions import Form, Question, read_questions
from rag.records import Message

FULL = {
    "id": "s1",
    "question": "云汀区有多少个社区？",
    "lang": "zh",
    "type": "factoid",
    "answers": ["46个", 46],
    "gold_docs": ["d1", "d2"],
    "group": "g",
    "must_include": ["46"],
    "must_include_any": [["社区", "居委会"]],
    "must_not_include": ["64"],
    "evidence": [{"file": "一版.txt", "quote": "全区46个社区", "alts": [{"file": "二版.txt", "quote": "46个居委会"}]}],
    "reference": "全区有46个社区。",
}


def read(tmp_path: Path, *rows: Any, name: str = "questions.jsonl") -> list[Question]:
    path = tmp_path / name
    data = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode()
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return read_questions(path)


@pytest.mark.parametrize("name", ["questions.jsonl", "questions.jsonl.gz"])
def test_every_field_of_a_question_is_read(tmp_path: Path, name: str) -> None:
    assert read(tmp_path, FULL, name=name) == [
        Question(
            id="s1",
            text="云汀区有多少个社区？",
            group="g",
            lang="zh",
            type="factoid",
            answers=("46个", "46"),
            gold_docs=("d1", "d2"),
            reference="全区有46个社区。",
            must_include=("46",),
            must_include_any=(("社区", "居委会"),),
            must_not_include=("64",),
            evidence=((Form("全区46个社区", ("一版.txt",)), Form("46个居委会", ("二版.txt",))),),
        )
    ]


def test_a_bare_question_gets_its_place_as_id_and_its_language_from_its_text(tmp_path: Path) -> None:
    first, second = read(tmp_path, {"question": "谁是区长？"}, {"question": "Who is the district head?"})
    assert (first.id, first.group, first.lang) == ("#1", "#1", "zh")
    assert (second.id, second.lang, second.answerable) == ("#2", "en", True)


def test_names_of_ragas_are_taken_where_ours_are_missing(tmp_path: Path) -> None:
    ragas = {
        "user_input": "湿地公园多大？",
        "retrieved_contexts": ["…"],
        "retrieved_context_ids": ["x"],
        "reference_contexts": ["规划面积62公顷"],
        "reference_context_ids": [7, "d8"],
        "reference": "62公顷",
        "response": None,
    }
    question = read(tmp_path, [ragas], name="export.json")[0]
    assert (question.text, question.answers, question.gold_docs) == ("湿地公园多大？", ("62公顷",), ("7", "d8"))
    assert question.evidence == ((Form("规划面积62公顷", ("7", "d8")),),)
    assert read(tmp_path, ragas | {"question": "另一问？"})[0].text == "另一问？"


def test_the_last_turn_of_a_conversation_is_the_question(tmp_path: Path) -> None:
    turns = [
        {"role": "user", "content": "区长是谁？"},
        {"role": "assistant", "content": "江怀瑾。"},
        {"role": "user", "content": "那书记呢？"},
    ]
    question = read(tmp_path, {"turns": turns, "question": "那书记呢？"})[0]
    assert question.text == "那书记呢？"
    assert question.history == (Message("user", "区长是谁？"), Message("assistant", "江怀瑾。"))
    ragas = [
        {"type": "human", "content": "区长是谁？"},
        {"type": "ai", "content": "江。"},
        {"type": "human", "content": "他？"},
    ]
    assert [turn.role for turn in read(tmp_path, {"user_input": ragas})[0].history] == ["user", "assistant"]


def test_evidence_without_a_file_comes_from_the_gold_documents(tmp_path: Path) -> None:
    question = read(tmp_path, {"question": "几户？", "gold_docs": ["d1"], "evidence": "共检查154户"})[0]
    assert question.evidence == ((Form("共检查154户", ("d1",)),),)


def test_an_open_question_says_so_with_null_and_a_filter_is_read_as_dates(tmp_path: Path) -> None:
    rows = [{"question": "甲？", "answerable": None, "from": "2021-09", "to": None}, {"question": "乙？"}]
    first, second = read(tmp_path, *rows)
    assert (first.is_open, first.answerable, first.first, first.last) == (True, True, PartialDate("2021-09"), None)
    assert (second.is_open, second.first) == (False, None)


def test_an_adversarial_item_may_ask_nothing(tmp_path: Path) -> None:
    item = {"question": "", "category": "empty", "expect": "拒答", "expect_refusal": True}
    question = read(tmp_path, item)[0]
    assert (question.is_adversarial, question.expects_refusal, question.type) == (True, True, "empty")


def test_only_the_first_questions_are_read_where_a_limit_is_given(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text('{"question": "一？"}\n\n{"question": "二？"}\nbroken', "utf-8")
    assert [question.text for question in read_questions(path, limit=2)] == ["一？", "二？"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"question": "甲？"}\n\n{"question"', ["q.jsonl:3", "not JSON", "one whole object on one line"]),
        ('[{"question": "甲？"}, {"question": 3}]', ["item 2", '"question"', "not empty"]),
        ("[1]", ["item 1", "not an object"]),
        ("[1", ["not JSON", "mend the array"]),
        ('{"question": " "}', ["q.jsonl:1", '"question"', "not empty"]),
        ('{"id": "a", "question": "甲？"}\n{"_id": "a", "question": "乙？"}', ["q.jsonl:2", '"a"', "q.jsonl:1"]),
        ('{"question": "甲？", "answers": [null]}', ['"answers"']),
        ('{"question": "甲？", "gold_docs": {"d1": 1}}', ['"gold_docs"']),
        ('{"question": "甲？", "must_include_any": "甲"}', ['"must_include_any"']),
        ('{"question": "甲？", "answerable": "no"}', ['"answerable"', "true or false"]),
        ('{"question": "甲？", "evidence": [{"file": "f.txt"}]}', ['"evidence"', "quote"]),
        ('{"question": "甲？", "from": "neulich"}', ['"from"', "a date"]),
        ('{"question": "甲？", "evidence": 3}', ['"evidence"']),
        ('{"question": "甲？", "turns": [{"role": "assistant", "content": "乙"}]}', ['"turns"', "last"]),
        ('{"question": "甲？", "turns": [{"role": "robot", "content": "乙"}]}', ['"turns"', "role"]),
        ("\n \n", ["no question"]),
    ],
)
def test_bad_input_is_told_with_its_place(tmp_path: Path, text: str, words: list[str]) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text(text, "utf-8")
    with pytest.raises(EvaluationError) as caught:
        read_questions(path)
    for word in words:
        assert word in str(caught.value)


def test_a_file_that_is_missing_damaged_or_not_utf8_is_told(tmp_path: Path) -> None:
    with pytest.raises(EvaluationNotFoundError, match="no such file"):
        read_questions(tmp_path / "gone.jsonl")
    (tmp_path / "q.jsonl.gz").write_bytes(b"\x1f\x8b\x08 and no more")
    with pytest.raises(EvaluationError, match="damaged gzip"):
        read_questions(tmp_path / "q.jsonl.gz")
    (tmp_path / "gbk.jsonl").write_bytes('{"question": "谁？"}'.encode("gb18030"))
    with pytest.raises(EvaluationError, match=r"gbk.jsonl:1: not JSON in UTF-8"):
        read_questions(tmp_path / "gbk.jsonl")
    with pytest.raises(EvaluationError, match="cannot be read"):
        read_questions(tmp_path)
