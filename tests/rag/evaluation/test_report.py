"""The report's folder and its page, in a real browser."""

import json
import re
import shutil
from pathlib import Path

import pytest
from passages import made_passage

from rag.evaluation.answers import Asked
from rag.evaluation.metrics import first_rank, score_ranking
from rag.evaluation.questions import Form, Question
from rag.evaluation.report.page import MAX_CARDS
from rag.evaluation.report.plots import latency_bins, rank_bins
from rag.evaluation.report.write import write_answers_report, write_retrieval_report
from rag.evaluation.retrieval import Found, rank_documents
from rag.evaluation.scoring import Cited, Reply, score_reply
from rag.evaluation.summary import Row, summarise
from rag.records import Message, Passage

HOSTILE = "公交车<script>alert(1)</script>\x00几点&amp;发车？"


def passage(rank: int, doc_id: str, text: str = "柳岸菜市场完成改造。") -> Passage:
    title = "菜市场<i>改造</i>"
    return made_passage(
        text,
        doc_id,
        rank,
        score=6.0 - rank,
        bm25=12.5,
        title=title,
        date="2022-11-11",
        newspaper="云汀报",
        source="c.jsonl",
    )


def found(name: str, ranking: str, type_: str = "when") -> Found:
    question = Question(name, HOSTILE, name, "zh", type_, answers=("五点半",), gold_docs=("g",))
    scores = {key: (value, 1.0) for key, value in score_ranking("g", ranking).items()}
    row = Row(name, question.text, name, type_, "zh", scores)
    passages = tuple(passage(rank, doc_id) for rank, doc_id in enumerate(ranking, 1))
    return Found(question, tuple(ranking), first_rank("g", ranking), passages, row)


def retrieval_page(folder: Path, *results: Found) -> Path:
    result = summarise("retrieval", [each.row for each in results], {"corpus": "c.jsonl", "LLM": None})
    return write_retrieval_report(folder, result, results, {"g": "十八路公交车延长至石桥镇"})


@pytest.fixture
def page(tmp_path: Path) -> Path:
    return retrieval_page(
        tmp_path / "new" / "report", found("q1", "g", "who"), *(found(f"q{n}", "agb") for n in "2345")
    )


@pytest.fixture
def answers_page(tmp_path: Path) -> Path:
    history = (Message("user", "新校区在哪？"), Message("assistant", "石桥。"))
    evidence = ((Form("可容纳学生一千二百人", ("一版.txt",)),),)
    question = Question(
        "a1", "能容纳多少人？", "a1", "zh", "how_many", history, must_include=("1200",), evidence=evidence
    )
    cited = Cited("一版.txt", "一版.txt", "新校区启用<b>", in_article=True, in_file=False, title="新学校")
    wrong = Reply("a1", "新校区启用<b>。", False, "answered", (cited,), latency_ms=1234.5, problem="timeout")
    right = Reply("a2", "没有。", True, "refused", latency_ms=7)
    unknown = Question("a2", "2035年呢？", "a2", "en", "unanswerable", answerable=False)
    asked = []
    for each, reply in ((question, wrong), (unknown, right)):
        scored = score_reply(each, reply)
        asked.append(Asked(each, reply, scored.row, scored.why))
    return write_answers_report(tmp_path, summarise("answers", [each.row for each in asked], {}), asked)


def test_the_folder_has_the_result_every_question_and_the_page(page: Path) -> None:
    assert sorted(path.name for path in page.parent.iterdir()) == ["questions.jsonl", "report.html", "summary.json"]
    summary = json.loads((page.parent / "summary.json").read_text("utf-8"))
    assert summary["parts"][0]["figures"]["hit@1"]["value"] == 0.2
    rows = [json.loads(line) for line in (page.parent / "questions.jsonl").read_text("utf-8").splitlines()]
    assert [(row["id"], row["rank"], row["doc_ids"][0]) for row in rows][:2] == [("q1", 1, "g"), ("q2", 2, "a")]
    assert rows[1]["passages"][0]["text"] == "柳岸菜市场完成改造。"
    assert rows[1]["measures"]["MRR@10"] == 0.5


@pytest.mark.parametrize("name", ["page", "answers_page"])
def test_the_page_needs_nothing_from_anywhere(name: str, request: pytest.FixtureRequest) -> None:
    html = request.getfixturevalue(name).read_text("utf-8")
    assert not re.search(r"https?:|//|<script|<link|<img|@import|url\(|src=|href=", html)
    assert "default-src 'none'" in html


def test_a_failure_shows_what_was_wanted_and_what_came_first(page: Path) -> None:
    html = page.read_text("utf-8")
    assert "Gold document not first (4)" in html
    assert "公交车&lt;script&gt;alert(1)&lt;/script&gt;几点&amp;amp;发车？" in html
    assert "菜市场&lt;i&gt;改造&lt;/i&gt;" in html
    for text in (
        "type=who",
        "十八路公交车延长至石桥镇",
        "Answer: 五点半",
        "gold at rank 2",
        "score 5.00, cosine 0.800, BM25 12.5",
    ):
        assert text in html


def test_a_wrong_answer_shows_what_was_expected_quoted_and_why_it_is_wrong(answers_page: Path) -> None:
    html = answers_page.read_text("utf-8")
    assert "Something is wrong (1)" in html
    assert "新校区启用&lt;b&gt;。" in html
    for text in (
        "问 新校区在哪？",
        "lacks 1200",
        "not cited: 可容纳学生一千二百人",
        "says all of: 1200",
        "NOT as printed",
        "timeout",
        "latency p95, ms: 1234 ",
    ):
        assert text in html


def test_of_very_many_failures_the_page_shows_the_worst_and_says_how_many_more(tmp_path: Path) -> None:
    many = [found(f"q{number}", "ag" if number else "ab") for number in range(MAX_CARDS + 3)]
    html = retrieval_page(tmp_path, *many).read_text("utf-8")
    assert html.count("<article") == MAX_CARDS
    assert html.index("gold not among the 2 documents found") < html.index("gold at rank 2")
    assert "3 more are in questions.jsonl" in html


def test_reprints_stand_right_after_what_they_repeat() -> None:
    class Folded:
        def __init__(self, doc_id: str, *also_in: str) -> None:
            self.doc_id, self.also_in = doc_id, also_in

    folded = [Folded("a", "b"), Folded("c"), Folded("a", "d"), Folded("b")]
    assert rank_documents(folded) == ("a", "b", "c", "d")  # type: ignore[arg-type]
    assert rank_documents([passage(1, "x"), passage(2, "y"), passage(3, "x")]) == ("x", "y")


def test_ranks_and_latencies_fall_into_bins() -> None:
    assert rank_bins([1, 1, 2, 5, 6, 10, 11, 20, 21, None]) == [
        ("1", 2),
        ("2", 1),
        ("3", 0),
        ("4–5", 1),
        ("6–10", 2),
        ("11–20", 2),
        ("later", 1),
        ("not found", 1),
    ]
    bins = latency_bins([60, 99.9, 100, 450, 60_000])
    assert bins[:4] == [("<50", 0), ("<100", 2), ("<200", 1), ("<500", 1)]
    assert bins[-1] == ("≥30 s", 1)


@pytest.mark.slow
def test_the_pages_are_drawn_in_a_browser(page: Path, answers_page: Path) -> None:
    pytest.importorskip("playwright", reason="playwright is not installed: pip install -e .[test]")
    from page_server import launched

    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        pytest.skip("no chromium or google-chrome on the PATH: install one")
    with launched(chromium) as browser:
        shown = browser.new_page()
        noted: list[str] = []
        shown.on("request", lambda request: noted.append(request.url))
        shown.on("console", lambda message: noted.append(message.text))
        shown.on("pageerror", lambda error: noted.append(str(error)))
        for path, width in ((page, 1100), (answers_page, 390)):
            shown.set_viewport_size({"width": width, "height": 900})
            shown.goto(path.as_uri())
            assert shown.evaluate("document.documentElement.scrollWidth <= innerWidth")
            assert shown.locator("article").first.is_visible()
        assert noted == [page.as_uri(), answers_page.as_uri()]
        shown.goto(page.as_uri())
        assert shown.locator("article h3").first.inner_text() == HOSTILE.replace("\x00", "")
        bars = [
            box["width"]
            for box in (bar.bounding_box() for bar in shown.locator("svg").first.locator(".bar").all())
            if box
        ]
        assert bars[0] == pytest.approx(0.2 * bars[3], rel=0.02)  # hit@1 .2, hit@20 1
