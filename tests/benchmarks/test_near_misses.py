"""benchmarks.near_misses: what an archive has left when all that answers is taken out of it."""

import json
from pathlib import Path
from typing import Any

from benchmarks.near_misses import split_archive

DOCUMENTS = [
    {"_id": "gold", "title": "望津桥通车", "text": "望津桥全长四百一十二米，昨日通车。"},
    {"_id": "again", "title": "", "text": "记者在现场看到，全长412米的望津桥已经通车。"},
    {"_id": "near", "title": "听潮桥动工", "text": "听潮桥全长三百米，明年通车。"},
    {"_id": "far", "title": "", "text": "今年采秋茶412斤。"},
]
QUESTIONS = [
    {"_id": "q1", "question": "望津桥全长多少米？", "answers": ["412米"], "gold_docs": ["gold"], "group": "bridge"},
    {"_id": "q2", "question": "没有答案的问题？", "answers": [], "gold_docs": []},
]


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_what_answers_is_taken_away_and_what_comes_near_stays(tmp_path: Path) -> None:
    for name, objects in (("corpus", DOCUMENTS), ("questions", QUESTIONS)):
        text = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in objects)
        (tmp_path / f"{name}.jsonl").write_text(text, "utf-8")
    out = tmp_path / "pair"
    assert split_archive(tmp_path / "corpus.jsonl", tmp_path / "questions.jsonl", out) == (4, 2)
    assert [one["_id"] for one in lines(out / "answering.jsonl")] == ["gold", "again", "near", "far"]
    assert [one["_id"] for one in lines(out / "near-misses.jsonl")] == ["near", "far"], (
        "the answer in other words is gone"
    )
    (with_gold,), (without,) = (lines(out / f"{name}.questions.jsonl") for name in ("answering", "near-misses"))
    assert (with_gold["answerable"], with_gold["answers"]) == (True, ["412米"])
    assert (without["answerable"], "answers" in without) == (False, False)
    assert with_gold["group"] == without["group"] == "bridge"
