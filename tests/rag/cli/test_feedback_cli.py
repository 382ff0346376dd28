"""`wenju feedback` as an administrator runs it."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import anyio
import pytest
from api_server import AIR

from index.embedding.embedder import Embedder
from index.store import Generation
from rag.answer import Answerer
from rag.api.runtime.instrumentation import Instrumentation
from rag.api.runtime.metrics import Metrics
from rag.api.streaming.idempotency import IdempotencyCache
from rag.cli import main
from rag.config import Settings, load_settings
from rag.evaluation.questions import read_questions
from rag.records import Done, Query
from rag.service.feedback.pending import PendingRatings
from rag.service.feedback.ratings import Quoted, RateableAnswer, rate
from rag.service.feedback.store import FeedbackStore

Captured = pytest.CaptureFixture[str]
QUOTED = Quoted("a1.0", "a1", "三版.txt", "三版.txt", ("三版.txt",), "总投资4.6亿元")


@pytest.fixture(autouse=True)
def store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, cache_dir: Path) -> FeedbackStore:
    """The file that the command reads, not made yet, in a folder without a .env."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WENJU_CACHE_DIR", str(cache_dir))
    monkeypatch.setenv("WENJU_FEEDBACK_DB", str(tmp_path / "feedback.sqlite"))
    return FeedbackStore(tmp_path / "feedback.sqlite")


def keep(store: FeedbackStore, identity: str, *, caller: str = "", rated: str = "", **fields: Any) -> str:
    """Keep a rating and return its id."""
    of = RateableAnswer(
        identity, "大桥投资多少？", fields.pop("rewritten", None), fields.pop("first", None), None,
        fields.pop("status", "answered"), None, "4.6亿元[1]。", "000001-aa", "extractive", None, None, (QUOTED,), ("a1.0",),
    )  # fmt: skip
    rating = rate(of, helpful=fields.pop("helpful", True), caller=caller, **fields)
    store.keep(replace(rating, rated=rated or rating.rated))
    return rating.id


def exported(captured: Captured, *options: str) -> list[Any]:
    assert main(["feedback", "export", *options]) == 0
    return [json.loads(line) for line in captured.readouterr().out.splitlines()]


def test_a_helpful_answer_becomes_a_question_with_its_evidence(store: FeedbackStore, capsys: Captured) -> None:
    keep(store, "q", first="2021-09", comment="很好")
    (line,) = exported(capsys)
    assert (line["_id"], line["question"], line["answerable"]) == ("q", "大桥投资多少？", True)
    assert line["evidence"] == [{"file": "三版.txt", "quote": "总投资4.6亿元"}]
    assert line["gold_docs"] == ["三版.txt"]
    assert (line["helpful"], line["reason"], line["comment"]) == (True, None, "很好")
    assert (line["answer"], line["generation"], line["prompt_version"]) == ("4.6亿元[1]。", "000001-aa", None)
    assert (line["from"], line["to"]) == ("2021-09", None)


def test_a_helpful_refusal_is_a_question_that_cannot_be_answered(store: FeedbackStore, capsys: Captured) -> None:
    keep(store, "q", status="refused")
    (line,) = exported(capsys)
    assert (line["answerable"], line["evidence"], line["gold_docs"]) == (False, [], [])


@pytest.mark.parametrize("helpful", [True, False])
def test_of_related_reports_nobody_knows_whether_one_of_them_answers(
    store: FeedbackStore, capsys: Captured, helpful: bool
) -> None:
    keep(store, "q", status="related", helpful=helpful)
    (line,) = exported(capsys)
    assert (line["status"], line["answerable"], line["evidence"], line["gold_docs"]) == ("related", None, [], [])
    assert main(["feedback", "list"]) == 0
    assert "\trelated\t" in capsys.readouterr().out


def test_of_an_unhelpful_answer_nobody_knows_what_is_right(store: FeedbackStore, capsys: Captured) -> None:
    keep(store, "q", helpful=False, reason="wrong_citation")
    (line,) = exported(capsys)
    assert (line["answerable"], line["evidence"], line["gold_docs"]) == (None, [], [])
    assert (line["reason"], line["cited"][0]["quote"]) == ("wrong_citation", "总投资4.6亿元")


def test_a_question_that_was_rewritten_is_exported_as_it_stands_alone(store: FeedbackStore, capsys: Captured) -> None:
    keep(store, "q", rewritten="云汀河大桥投资多少？")
    (line,) = exported(capsys)
    assert (line["question"], line["asked"]) == ("云汀河大桥投资多少？", "大桥投资多少？")


def test_an_answer_that_two_have_rated_gives_two_questions_of_one_group(
    store: FeedbackStore, capsys: Captured, tmp_path: Path
) -> None:
    keep(store, "q", caller="press")
    keep(store, "q", caller="office", helpful=False)
    assert main(["feedback", "export", "--out", "new/export.jsonl"]) == 0
    questions = read_questions(tmp_path / "new" / "export.jsonl")
    assert [(question.id, question.group, question.is_open) for question in questions] == [
        ("q", "q", False),
        ("q#2", "q", True),
    ]
    assert capsys.readouterr().out == ""


def test_verdict_and_date_choose_what_is_exported(store: FeedbackStore, capsys: Captured) -> None:
    keep(store, "old", rated="2025-12-30T08:00:00+00:00")
    keep(store, "new", rated="2026-01-02T08:00:00+00:00", helpful=False)
    assert [line["_id"] for line in exported(capsys, "--helpful")] == ["old"]
    assert [line["_id"] for line in exported(capsys, "--unhelpful")] == ["new"]
    assert [line["_id"] for line in exported(capsys, "--since", "2026")] == ["new"]
    assert [line["_id"] for line in exported(capsys)] == ["old", "new"]


def test_the_table_has_a_line_for_each_rating(store: FeedbackStore, capsys: Captured) -> None:
    identity = keep(store, "q", helpful=False, reason="missing", comment="少了\x1b[31m一半\n" + "长" * 60)
    assert main(["feedback", "list"]) == 0
    out, err = capsys.readouterr()
    (line,) = out.splitlines()
    assert line.split("\t")[1:6] == ["-", "missing", "answered", identity, "大桥投资多少？"]
    assert "\x1b" not in line
    assert line.endswith("…")
    assert "1 rated answers, 0 of them helpful" in err


def test_ratings_are_deleted_by_id_date_and_source(store: FeedbackStore, capsys: Captured) -> None:
    keep(store, "old", rated="2025-12-30T08:00:00+00:00")
    first, _second = keep(store, "1"), keep(store, "2")
    for options in (["--before", "2026"], ["--id", first], ["--source", "三版.txt"]):
        assert main(["feedback", "delete", *options]) == 0
        assert "1 ratings deleted" in capsys.readouterr().err
    assert list(store.ratings()) == []


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["list"], 4, "no feedback yet"),
        (["export"], 4, "no feedback yet"),
        (["delete", "--before", "2020"], 4, "no feedback yet"),
    ],
)
def test_without_a_file_the_command_says_so(arguments: list[str], code: int, words: str, capsys: Captured) -> None:
    assert main(["feedback", *arguments]) == code
    assert words in capsys.readouterr().err


def test_an_id_that_is_not_there_a_damaged_file_and_feedback_switched_off_have_their_exit_codes(
    store: FeedbackStore, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(store, "q")
    assert main(["feedback", "delete", "--id", "none-such"]) == 4
    assert "none-such" in capsys.readouterr().err
    store.path.write_bytes(b"no database at all" * 50)
    assert main(["feedback", "list"]) == 5
    assert "move it away" in capsys.readouterr().err
    monkeypatch.setenv("WENJU_FEEDBACK_DB", "none")
    assert main(["feedback", "export"]) == 3
    assert "WENJU_FEEDBACK_DB" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments", [[], ["delete"], ["list", "--since", "neulich"], ["list", "--helpful", "--unhelpful"]]
)
def test_what_is_written_wrongly_is_a_usage_error(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as leaving:
        main(["feedback", *arguments])
    assert leaving.value.code == 2


def test_the_file_lies_in_the_index_folder_unless_another_is_named(tmp_path: Path) -> None:
    index = {"WENJU_INDEX_DIR": str(tmp_path)}
    settings = load_settings(index, None)
    assert settings.feedback_file == tmp_path / "feedback.sqlite"
    assert replace(settings, index_dir=tmp_path / "b").feedback_file == tmp_path / "b" / "feedback.sqlite"
    assert load_settings(index | {"WENJU_FEEDBACK_DB": "none"}, None).feedback_file is None
    assert load_settings(index | {"WENJU_FEEDBACK_DB": "/srv/f.sqlite"}, None).feedback_file == Path("/srv/f.sqlite")


async def ask_and_rate(generation: Generation, embedder: Embedder, store: FeedbackStore) -> None:
    """Ask as the routes do, and rate what came."""
    verdicts = {AIR: True, "云汀区2030年的PM2.5年均浓度目标是多少？": True, "2021年的区委书记是谁？": False}
    recent = PendingRatings(60)
    watch = Instrumentation(Metrics(), recent, IdempotencyCache())
    for question, helpful in verdicts.items():
        asking = watch.events(Answerer(generation, embedder), Query(question), None, lambda: None)
        events = [event async for event in asking]
        assert isinstance(events[-1], Done)
        found = recent.find(events[-1].answer.id)
        assert found
        store.keep(rate(found, helpful=helpful))
    recent.close()


def test_what_was_asked_and_rated_is_asked_again_by_the_evaluation(
    sample: Generation,
    embedder: Embedder,
    base: Settings,
    store: FeedbackStore,
    capsys: Captured,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    anyio.run(ask_and_rate, sample, embedder, store)
    monkeypatch.setenv("WENJU_INDEX_DIR", str(base.index_dir))
    assert main(["feedback", "export", "--out", "rated.jsonl"]) == 0
    capsys.readouterr()
    assert main(["eval", "answers", "rated.jsonl", "--no-llm", "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    summed = [
        tuple(sum(row["measures"].get(name, (0, 0))[place] for row in result["rows"]) for place in (0, 1))
        for name in ("accuracy_unanswerable", "citation_precision", "citation_recall", "false_refusal_rate")
    ]
    quotes = len(json.loads((tmp_path / "rated.jsonl").read_text("utf-8").splitlines()[0])["evidence"])
    # The one that is not helpful says nothing of refusals.
    assert summed == [(1, 1), (quotes, quotes), (quotes, quotes), (0, 1)]
