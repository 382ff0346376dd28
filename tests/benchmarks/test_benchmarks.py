import json
import re
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from benchmarks import compare_all, plain, rank
from benchmarks.cached import CachedEmbedder
from benchmarks.fusion import documents_of, fuse_ranks
from benchmarks.material import (
    BIGRAMS,
    BadMaterialError,
    Question,
    read_corpus,
    read_questions,
    read_run,
    write_run,
)
from benchmarks.score import estimate, score_run
from index.embedding.embedder import Embedder, EmbedderSpec
from index.records import Float32

CORPUS: list[dict[str, str | None]] = [
    {"_id": "ferry", "title": "望津古渡", "text": "望津渡始设于明万历十二年，起初只有木船两条，渡夫四人。"},
    {"_id": "tea", "title": "", "text": "青坞镇今年采秋茶三百七十斤，茶农把茶叶送到镇里的车间炒制。"},
    {"_id": "bridge", "title": "澜江二桥", "text": "澜江二桥全长一千二百米，双向六车道，去年十月通车。"},
    {"_id": "school", "title": None, "text": "云汀区第三小学新建教学楼，九月开学时有学生八百人。"},
]
QUESTIONS = [
    {"_id": "q1", "question": "望津渡起初有几条木船？", "gold_docs": ["ferry"], "group": "ferry"},
    {"_id": "q2", "question": "青坞镇采了多少斤秋茶？", "gold_docs": ["tea"]},
    {"_id": "q3", "question": "澜江二桥全长多少米？", "gold_docs": ["bridge", "ferry"]},
]
FRAMEWORKS = [module for module, (_pipelines, packages) in compare_all.FAMILIES.items() if packages]


def question(name: str, gold: str, group: str | None = None) -> Question:
    return Question(name, f"{name}？", frozenset({gold}), group or name)


def written(path: Path, lines: Sequence[object]) -> Path:
    path.write_text("".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines), "utf-8")
    return path


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return written(tmp_path / "corpus.jsonl", CORPUS)


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    return written(tmp_path / "questions.jsonl", QUESTIONS)


class CountingEmbedder:
    """The bundled model, and how many texts it was given."""

    def __init__(self, inner: Embedder) -> None:
        self._inner = inner
        self.texts: list[str] = []

    @property
    def spec(self) -> EmbedderSpec:
        return self._inner.spec

    def embed_queries(self, texts: Sequence[str]) -> Float32:
        self.texts += texts
        return self._inner.embed_queries(texts)

    def embed_passages(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Float32:
        self.texts += texts
        return self._inner.embed_passages(texts, progress)


def test_ranks_are_fused_as_in_a_worked_example() -> None:
    # a 1/61 = .0164, b 1/62 + 1/61 = .0325, c 1/63 = .0159, d 1/62 = .0161
    assert fuse_ranks([["a", "b", "c"], ["b", "d"]]) == ["b", "a", "d", "c"]


def test_a_small_k_lets_first_ranks_decide() -> None:
    # k = 0: a and d 1 + 1/4, b 1/2 + 1/2, c 1/3 + 1/3. k = 60: b and c, second and third in both, 2/62 and 2/63.
    rankings = [["a", "b", "c", "d"], ["d", "b", "c", "a"]]
    assert fuse_ranks(rankings, k=0) == ["a", "d", "b", "c"]
    assert fuse_ranks(rankings) == ["b", "a", "d", "c"]


def test_a_document_stands_where_its_best_chunk_stands() -> None:
    assert documents_of(["b", "a", "b", "c", "a", "d"], limit=3) == ["b", "a", "c"]


def test_hits_and_reciprocal_ranks_are_those_of_a_worked_example() -> None:
    asked = [question("q1", "x"), question("q2", "x"), question("q3", "x"), question("q4", "x")]
    run = {"q1": ["x", "y"], "q2": ["a", "b", "c", "x"], "q3": [*"abcdefghij", "x"]}
    assert score_run(asked, run).tolist() == [[1, 1, 1], [0, 1, 0.25], [0, 0, 0], [0, 0, 0]]


def test_intervals_draw_whole_groups() -> None:
    right, wrong = [1.0, 1.0, 1.0], [0.0, 0.0, 0.0]
    scores = np.array([right] * 20 + [wrong] * 20)
    alone = estimate([question(f"q{number}", "x") for number in range(40)], scores)[0]
    together = estimate([question(f"q{number}", "x", f"g{number // 20}") for number in range(40)], scores)[0]
    assert (alone.mean, together.mean) == (0.5, 0.5)
    assert 0.3 < alone.low < 0.4 < 0.6 < alone.high < 0.7
    assert (together.low, together.high) == (0, 1)  # two groups: all right, or all wrong


def test_equal_scores_leave_no_interval() -> None:
    assert str(estimate([question("q1", "x"), question("q2", "y")], np.ones((2, 1)))[0]) == "1.000 [1.000, 1.000]"


def test_bigrams_overlap_and_latin_words_stay_whole() -> None:
    assert re.findall(BIGRAMS, "望津渡a3路，pm2.5") == ["望津", "津渡", "a3", "pm2", "5"]


def test_a_document_is_its_title_and_its_text(corpus: Path) -> None:
    texts = {text.doc_id: text.text for text in read_corpus(corpus)}
    assert list(texts) == ["ferry", "tea", "bridge", "school"]
    assert texts["ferry"] == f"望津古渡\n{CORPUS[0]['text']}"
    assert texts["tea"] == CORPUS[1]["text"]


def test_a_broken_corpus_stops_with_the_line(tmp_path: Path) -> None:
    broken = tmp_path / "corpus.jsonl"
    broken.write_text('{"_id": "a", "text": "甲"}\n{"_id": "b"}\n', "utf-8")
    with pytest.raises(BadMaterialError, match=r'line 2: "text" is missing'):
        read_corpus(broken)
    with pytest.raises(BadMaterialError, match="nowhere"):
        read_corpus(tmp_path / "nowhere.jsonl")


def test_ragas_names_are_read_and_a_lone_question_is_its_own_group(tmp_path: Path) -> None:
    path = written(tmp_path / "q.jsonl", [{"id": 7, "user_input": "谁？", "reference_context_ids": ["a", "b"]}])
    assert read_questions(path) == [Question("7", "谁？", frozenset({"a", "b"}), "7")]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([{"_id": "a", "question": "谁？"}], r'line 1: "_id", "question" and "gold_docs"'),
        ([{"_id": "a", "question": "谁？", "gold_docs": ["d"]}] * 2, r'line 2: _id "a" was used above'),
        ([], "no question"),
    ],
)
def test_bad_questions_stop_with_the_reason(tmp_path: Path, lines: list[object], message: str) -> None:
    with pytest.raises(BadMaterialError, match=message):
        read_questions(written(tmp_path / "q.jsonl", lines))


def test_a_run_is_read_as_it_was_written(tmp_path: Path) -> None:
    run = {"q1": ["甲", "乙"], "q2": []}
    write_run(tmp_path / "deep" / "run.jsonl", run)
    assert read_run(tmp_path / "deep" / "run.jsonl") == run


def test_a_text_is_embedded_once_even_by_another_process(embedder: Embedder, tmp_path: Path) -> None:
    first = CountingEmbedder(embedder)
    vectors = CachedEmbedder(tmp_path, first).embed_passages(["渡口", "茶园", "渡口"])
    assert sorted(first.texts) == ["渡口", "茶园"]
    second = CountingEmbedder(embedder)
    again = CachedEmbedder(tmp_path, second)
    np.testing.assert_array_equal(again.embed_passages(["茶园", "渡口"]), vectors[[1, 0]])
    assert second.texts == []
    assert again.computed == 0
    np.testing.assert_allclose(vectors[:2], embedder.embed_passages(["渡口", "茶园"]), atol=1e-6)


def test_a_question_and_a_passage_of_the_same_words_keep_their_own_vectors(embedder: Embedder, tmp_path: Path) -> None:
    cached = CachedEmbedder(tmp_path, embedder)
    passage, query = cached.embed_passages(["渡口"])[0], cached.embed_queries(["渡口"])[0]
    np.testing.assert_allclose(query, embedder.embed_queries(["渡口"])[0], atol=1e-6)
    assert not np.allclose(passage, query)


@pytest.mark.slow
@pytest.mark.parametrize("pipeline", plain.PIPELINES)
def test_a_plain_pipeline_finds_what_was_asked_for(
    pipeline: str, corpus: Path, questions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = tmp_path / "run.jsonl"
    arguments = [str(corpus), str(questions), "--run", str(run), "--pipeline", pipeline]
    assert rank.main(None, plain.PIPELINES, arguments) == 0
    found = read_run(run)
    assert {name: ids[0] for name, ids in found.items()} == {"q1": "ferry", "q2": "tea", "q3": "bridge"}
    assert all(len(set(ids)) == len(ids) for ids in found.values())
    measured = json.loads(capsys.readouterr().out)
    assert (measured["pipeline"], measured["documents"], measured["questions"]) == (pipeline, 4, 3)


def test_an_index_that_is_not_there_is_told(
    corpus: Path, questions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [str(corpus), str(questions), "--run", str(tmp_path / "run.jsonl"), "--pipeline", "dense"]
    assert rank.main(None, plain.PIPELINES, [*arguments, "--index-dir", str(tmp_path / "none")]) == 5
    assert "no index in" in capsys.readouterr().err


def test_bigrams_and_words_are_the_two_halves_of_our_terms() -> None:
    assert plain.bigrams_of("澜江二桥 GDP") == ["_澜江", "_江二", "_二桥", "_gdp"]
    assert all(not word.startswith("_") for word in plain.words_of("澜江二桥 GDP"))
    assert "gdp" in plain.words_of("澜江二桥 GDP")


@pytest.mark.slow
def test_the_table_compares_all_that_could_run(
    corpus: Path, questions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    runs, cache = tmp_path / "runs", tmp_path / "cache"
    arguments = [str(corpus), str(questions), "--runs", str(runs), "--name", "made-up", "--cache", str(cache)]
    assert compare_all.main([*arguments, "--only", "wenju", "bm25-words"]) == 0
    printed = capsys.readouterr().out
    assert "3 questions in 3 groups" in printed
    assert "| wenju | 1.000 [1.000, 1.000] | 1.000 [1.000, 1.000] | 1.000 [1.000, 1.000] |  |" in printed
    assert re.search(r"\| bm25-words \|.*\| \+0.000 \[\+0.000, \+0.000\] \|", printed)
    assert read_run(runs / "made-up-wenju.jsonl")["q1"][0] == "ferry"


def test_a_difference_that_leaves_out_nought_is_marked() -> None:
    asked = [question(f"q{number}", "x") for number in range(30)]
    measured = {"chunks": 1, "build_s": 0.1, "ask_ms": 0.1, "peak_mib": 1}
    rows = [
        compare_all.Row("wenju", np.ones((30, 3)), measured),
        compare_all.Row("worse", np.tile([0.0, 1.0, 0.5], (30, 1)), measured),
    ]
    lines = compare_all.table(asked, rows).splitlines()
    assert [line.split(" | ")[0] for line in lines[2:]] == ["| wenju", "| worse"]
    assert "-1.000 [-1.000, -1.000] *" in lines[3]


@pytest.mark.slow
def test_a_pipeline_that_fails_is_told_and_the_others_go_on(
    corpus: Path, questions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [str(corpus), str(questions), "--runs", str(tmp_path / "runs"), "--index-dir", str(tmp_path / "none")]
    assert compare_all.main([*arguments, "--only", "dense"]) == 1
    assert "dense: no index in" in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.parametrize("module", FRAMEWORKS)
def test_a_framework_finds_what_was_asked_for(module: str, corpus: Path, questions: Path, tmp_path: Path) -> None:
    pipelines, packages = compare_all.FAMILIES[module]
    if missing := [name for name in packages if find_spec(name) is None]:
        pytest.skip(f"{', '.join(missing)} not installed: see tests/benchmarks/__init__.py")
    arguments = [str(corpus), str(questions), "--runs", str(tmp_path / "runs"), "--name", "x", "--only", *pipelines]
    assert compare_all.main(arguments) == 0
    for pipeline in pipelines:
        found = read_run(tmp_path / "runs" / f"x-{pipeline}.jsonl")
        assert {name: ids[0] for name, ids in found.items()} == {"q1": "ferry", "q2": "tea", "q3": "bridge"}
