"""`wenju eval` as a user runs it: a small corpus, the sample's questions."""

import json
import re
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from llm_server import LLMServer, closed_port_url, streamed

from index.embedding.embedder import Embedder
from rag.cli import main

Captured = pytest.CaptureFixture[str]
SAMPLE = resources.files("rag") / "sample" / "questions.json"
CORPUS: list[dict[str, Any]] = [
    {
        "_id": "bridge",
        "title": "大桥通车",
        "text": "云汀河大桥全长812米，于2021年9月通车，总投资4.6亿元。",
        "date": "2021-09-30",
    },
    {
        "_id": "library",
        "title": "图书馆开馆",
        "text": "区图书馆新馆开馆，藏书62万册，每周二至周日九点开门。",
        "date": "2022-03-01",
    },
    {
        "_id": "wetland",
        "title": "湿地公园",
        "text": "白鹭湿地公园栖息鸟类一百二十三种，其中白鹭数量最多。",
        "date": "2023-05-01",
    },
    {
        "_id": "market",
        "title": "菜市场改造",
        "text": "柳岸菜市场完成改造，摊位由八十个增至一百一十个。",
        "date": "2022-11-11",
    },
    {
        "_id": "school",
        "title": "新学校",
        "text": "石桥小学新校区启用，可容纳学生一千二百人。<script>alert(1)</script>",
        "date": None,
    },
    {
        "_id": "bus",
        "title": "公交调整",
        "text": "十八路公交车延长至石桥镇，首班车早上五点半发车。",
        "date": "2020-01-05",
    },
]
QUESTIONS: list[dict[str, Any]] = [
    {"_id": "q1", "question": "云汀河大桥有多长？", "gold_docs": ["bridge"], "group": "b", "type": "how_long"},
    {"_id": "q2", "question": "云汀河大桥投资多少？", "gold_docs": ["bridge"], "group": "b", "type": "how_much"},
    {"_id": "q3", "question": "区图书馆新馆藏书多少册？", "gold_docs": ["library"], "type": "how_much"},
    {"_id": "q4", "question": "How many pupils does the new school of Shiqiao hold?", "gold_docs": ["school"]},
    {"_id": "q5", "question": "十八路公交车首班车几点发车？", "gold_docs": ["market"], "answers": ["五点半"]},
]


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, cache_dir: Path, embedder: Embedder) -> None:
    """A folder without a .env, and a cache of its own that has the bundled model."""
    own = tmp_path / "cache"
    own.mkdir()
    (own / "models").symlink_to(cache_dir / "models")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WENJU_CACHE_DIR", str(own))


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return written(tmp_path / "corpus.jsonl", CORPUS)


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    return written(tmp_path / "questions.jsonl", QUESTIONS)


def written(path: Path, rows: Sequence[Any]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return path


def run(*arguments: object) -> int:
    return main(["eval", *map(str, arguments)])


def lines(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


# ---- retrieval


@pytest.mark.slow
def test_retrieval_is_measured_and_a_second_run_embeds_nothing(
    corpus: Path, questions: Path, tmp_path: Path, capsys: Captured
) -> None:
    assert (
        run("retrieval", corpus, questions, "--run", tmp_path / "new" / "run.jsonl", "--report", tmp_path / "report")
        == 0
    )
    out, err = capsys.readouterr()
    assert "6 embedded now" in err
    assert "5 questions in 4 groups" in out
    assert re.search(r"^hit@1 +0\.800 \[0\.\d+, 1\.000\]$", out, re.MULTILINE)
    assert "type=how_much (2)" in out
    assert "lang=en (1)" in out
    rankings = lines(tmp_path / "new" / "run.jsonl")
    assert [ranking["_id"] for ranking in rankings] == ["q1", "q2", "q3", "q4", "q5"]
    assert all(sorted(ranking["doc_ids"]) == sorted(line["_id"] for line in CORPUS) for ranking in rankings)
    assert rankings[0]["doc_ids"][0] == "bridge"

    assert run("retrieval", corpus, questions, "--json", "--limit", "2") == 0
    out, err = capsys.readouterr()
    assert "0 embedded now" in err
    result = json.loads(out)
    assert result["parts"][0]["questions"] == 2
    assert result["parts"][0]["figures"]["MRR@10"]["value"] == 1
    assert [row["id"] for row in result["rows"]] == ["q1", "q2"]

    (tmp_path / "two.json").write_text(out, "utf-8")
    assert run("compare", tmp_path / "report", tmp_path / "two.json") == 0
    out = capsys.readouterr().out
    assert "2 common questions in 1 groups; left out: 3 of the first and 0 of the second result" in out


@pytest.mark.parametrize(
    ("corpus_lines", "question", "code", "words"),
    [
        (CORPUS, {"question": "桥？", "gold_docs": ["tunnel"]}, 5, ["tunnel", "not in", "corpus.jsonl"]),
        (CORPUS, {"_id": "x9", "question": "桥？"}, 5, ["x9", "gold_docs"]),
        (CORPUS, {"_id": "x9", "question": "桥？", "gold_docs": []}, 5, ["x9", "gold_docs"]),
        ([*CORPUS, CORPUS[0]], QUESTIONS[0], 5, ["line 7", "bridge", "used above"]),
        ([*CORPUS, ["no object"]], QUESTIONS[0], 5, ["line 7"]),
        (None, QUESTIONS[0], 4, ["no such corpus"]),
    ],
)
def test_material_that_does_not_fit_together_is_told_before_anything_is_embedded(
    tmp_path: Path, capsys: Captured, corpus_lines: Any, question: Any, code: int, words: list[str]
) -> None:
    corpus = tmp_path / "corpus.jsonl"
    if corpus_lines is not None:
        written(corpus, corpus_lines)
    assert run("retrieval", corpus, written(tmp_path / "q.jsonl", [question])) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert "Traceback" not in err
    for word in words:
        assert word in err
    assert not (tmp_path / "cache" / "evaluation").exists()


def test_two_evaluations_of_one_corpus_do_not_write_at_once(
    corpus: Path, questions: Path, tmp_path: Path, capsys: Captured
) -> None:
    from filelock import FileLock

    assert run("retrieval", corpus, questions, "-n", "1") == 0
    capsys.readouterr()
    folder = next((tmp_path / "cache" / "evaluation").iterdir())
    with corpus.open("a", encoding="utf-8") as file:
        file.write('{"_id": "new", "text": "新的一行。"}\n')
    with FileLock(folder / ".lock"):
        assert run("retrieval", corpus, questions) == 3
    assert "another evaluation is building the index" in capsys.readouterr().err


@pytest.mark.slow
def test_a_damaged_index_in_the_cache_is_built_anew(
    corpus: Path, questions: Path, tmp_path: Path, capsys: Captured
) -> None:
    assert run("retrieval", corpus, questions, "-n", "1") == 0
    for path in (tmp_path / "cache" / "evaluation").rglob("manifest.json"):
        path.write_text("{", "utf-8")
    capsys.readouterr()
    assert run("retrieval", corpus, questions, "-n", "1") == 0
    assert "6 embedded now" in capsys.readouterr().err


# ---- answers


@pytest.fixture
def _sample_index(monkeypatch: pytest.MonkeyPatch, sample_index_dir: Path) -> None:
    monkeypatch.setenv("WENJU_INDEX_DIR", str(sample_index_dir))


@pytest.mark.slow
@pytest.mark.usefixtures("_sample_index")
def test_the_samples_questions_are_answered_and_scored(tmp_path: Path, capsys: Captured, sample_pages: Path) -> None:
    with resources.as_file(SAMPLE) as path:
        assert (
            run("answers", path, "-n", 12, "--predictions", tmp_path / "p.jsonl", "--report", tmp_path / "r", "--json")
            == 0
        )
    result = json.loads(capsys.readouterr().out)
    figures = result["parts"][0]["figures"]
    assert figures["accuracy"]["n"] == 12
    assert figures["accuracy"]["value"] > 0.6
    assert figures["verbatim_article"]["value"] == figures["verbatim_printed"]["value"] == 1
    assert figures["refusal_f1"]["value"] > 0.5
    assert figures["latency_p95_ms"]["value"] >= figures["latency_p50_ms"]["value"] > 0
    assert json.loads((tmp_path / "r" / "summary.json").read_text("utf-8")) == result

    predictions = lines(tmp_path / "p.jsonl")
    assert len(predictions) == 12
    assert all(list(each) == ["id", "answer", "refused", "citations", "status"] for each in predictions)
    quotes = [(quote["source"], quote["quote"]) for each in predictions for quote in each["citations"]]
    assert len(quotes) > 8
    for source, quote in quotes:
        raw = (sample_pages / source).read_bytes()
        text = raw.decode("utf-8") if source != "云汀报_2021-09-03_01版.txt" else raw.decode("gb18030")
        assert "".join(quote.split()) in "".join(text.split())
    rows = lines(tmp_path / "r" / "questions.jsonl")
    wrong = 12 - round(12 * figures["accuracy"]["value"])
    assert sum(bool(row["why_wrong"]) for row in rows) >= wrong, "each wrong reply says why"
    assert all(row["reply"]["answer"] for row in rows)


@pytest.mark.usefixtures("_sample_index")
def test_the_configured_llm_answers_and_judges(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    path = written(
        tmp_path / "q.jsonl", [{"id": "a", "question": "2020年云汀区PM2.5年均浓度是多少？", "answers": ["42微克"]}]
    )
    said = streamed("2020年全区PM2.5年均浓度为42微克/立方米，同比下降12.5%[1]。")
    with LLMServer(said, streamed('{"faithful": [true], "correct": true}')) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        monkeypatch.setenv("OPENAI_MODEL", "m")
        assert run("answers", path, "--judge", "--json") == 0
        assert len(server.requests) == 2
    result = json.loads(capsys.readouterr().out)
    figures = result["parts"][0]["figures"]
    assert [figures[name]["value"] for name in ("accuracy", "faithfulness", "correctness", "judge_failures")] == [
        1,
        1,
        1,
        0,
    ]
    assert result["facts"]["judge"].startswith("m, judge-zh-")


@pytest.mark.slow
@pytest.mark.usefixtures("_sample_index")
def test_a_judge_that_cannot_be_reached_is_an_error_and_no_figure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    path = written(
        tmp_path / "q.jsonl", [{"id": "a", "question": "2020年云汀区PM2.5年均浓度是多少？", "answers": ["42微克"]}]
    )
    monkeypatch.setenv("OPENAI_BASE_URL", closed_port_url())
    monkeypatch.setenv("OPENAI_MODEL", "m")
    assert run("answers", path, "--no-llm", "--judge") == 6
    out, err = capsys.readouterr()
    assert "accuracy, all" in out
    assert "faithfulness" not in out
    assert "the judge failed on 1 of 1 answers" in err
    assert "no answer could be judged" in err


@pytest.mark.slow
@pytest.mark.usefixtures("_sample_index")
def test_adversarial_items_of_every_kind_are_asked(tmp_path: Path, capsys: Captured) -> None:
    items: list[dict[str, Any]] = [
        {"id": "a", "question": "", "category": "empty", "expect_refusal": True},
        {"id": "b", "question": "区" * 5000, "category": "long"},
        {
            "id": "c",
            "question": "2021年的云汀区区委书记是谁？<img src=x>",
            "category": "html",
            "must_not_include": ["<img"],
        },
    ]
    path = written(tmp_path / "q.jsonl", [{"expect": "…", "must_not_include": [], **item} for item in items])
    assert run("answers", path, "--report", tmp_path / "r") == 0
    out = capsys.readouterr().out
    assert re.search(r"free of what must not be said +1\.000", out)
    assert re.search(r"refused or not as expected +1\.000", out)
    assert "accuracy" not in out
    assert [row["reply"]["status"] for row in lines(tmp_path / "r" / "questions.jsonl")][:2] == ["refused", "error"]


def test_a_judge_without_an_llm_is_told(tmp_path: Path, capsys: Captured, questions: Path) -> None:
    assert run("answers", questions, "--judge") == 3
    assert "OPENAI_BASE_URL" in capsys.readouterr().err


def test_a_report_that_cannot_be_written_is_told_before_the_work(
    corpus: Path, questions: Path, tmp_path: Path, capsys: Captured
) -> None:
    assert run("retrieval", corpus, questions, "--report", corpus) == 1
    assert "corpus.jsonl" in capsys.readouterr().err
    assert not (tmp_path / "cache" / "evaluation").exists()


def test_without_an_index_there_are_no_answers(tmp_path: Path, capsys: Captured, questions: Path) -> None:
    assert run("answers", questions, "--index-dir", tmp_path / "none") == 4
    assert "wenju index" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments", [[], ["retrieval"], ["retrieval", "c", "q", "--limit", "0"], ["answers", "q", "-n", "x"]]
)
def test_a_wrong_command_line_is_a_usage_error(arguments: list[str], capsys: Captured) -> None:
    with pytest.raises(SystemExit) as leaving:
        run(*arguments)
    assert leaving.value.code == 2
    assert "usage: wenju eval" in capsys.readouterr().err
