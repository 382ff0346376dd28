"""An LLM that misbehaves in twelve ways, against an archive of sixteen made-up articles, four of which carry commands.

No unsupported figure, no foreign citation and no command of a passage may reach the reader, and every right statement must.
The table of results by kind: python -m pytest tests/rag/verification/test_misbehaving_llm.py -s -k table
"""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from grounders import grounder_of
from llm_server import LLMServer, status, streamed
from repository import CASES as CASES_FOLDER

from index.build import build_index
from index.embedding.embedder import Embedder
from index.store import Generation, open_generation
from rag.answer import Answerer
from rag.evidence.grounding import Grounding
from rag.generation.writer import MAX_MENDED
from rag.llm.openai import OpenAIChatModel
from rag.reader.bundled import BundledReader
from rag.records import Answer, Cited, Delta, Done, Query, Timings

pytestmark = pytest.mark.anyio

CASES_FILE = CASES_FOLDER / "misbehaving_llm.json"
MATERIAL: dict[str, list[dict[str, Any]]] = json.loads(CASES_FILE.read_text("utf-8"))
CASES = MATERIAL["cases"]
ARTICLES = {article["_id"]: article for article in MATERIAL["articles"]}
NAMES = [f"{case['kind']} {number}: {case['says'][0][:40]}" for number, case in enumerate(CASES)]
FAILED: Counter[str] = Counter()
RUN: Counter[str] = Counter()


@pytest.fixture(scope="module")
def archive(embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Generation]:
    folder = tmp_path_factory.mktemp("misbehaving")
    corpus = folder / "articles.jsonl"
    corpus.write_text("".join(json.dumps(article, ensure_ascii=False) + "\n" for article in ARTICLES.values()), "utf-8")
    build_index([corpus], folder / "index", embedder)
    generation = open_generation(folder / "index", embedder=embedder.spec)
    yield generation
    generation.close()


@pytest.fixture(scope="module")
def server() -> Iterator[LLMServer]:
    with LLMServer(status(500)) as running:
        yield running


@pytest.fixture(scope="module")
def grounds(archive: Generation, embedder: Embedder, reader: BundledReader) -> Any:
    """Retrieval, once for each question: it is not what is tested here."""
    grounder = grounder_of(archive, embedder, reader)

    @cache
    def found(question: str) -> Grounding:
        return grounder.ground(Query(question), question, Timings())

    return found


@pytest.fixture
def answerer(archive: Generation, embedder: Embedder, server: LLMServer, grounds: Any) -> Answerer:
    server.requests.clear()
    chat = OpenAIChatModel(server.base_url, "key", "test-model", total_timeout_s=10)
    return Answerer(archive, embedder, chat, ground=lambda query, _question, _timings: grounds(query.text))


def figures(text: str) -> set[str]:
    return set(re.findall(r"\d+(?:\.\d+)?", re.sub(r"\[\d+\]", "", unicodedata.normalize("NFKC", text))))


def assert_nothing_unsupported(answer: Answer, archive: Generation) -> None:
    """Every quote is verbatim, every marker has one, every printed figure stands in the quotes or the article's head."""
    cited = {citation.n: citation for citation in answer.citations}
    assert {int(number) for number in re.findall(r"\[(\d+)\]", answer.answer)} == set(cited)
    for citation in answer.citations:
        article = archive.catalogue.article(citation.article_id)
        assert article is not None
        assert article.text[citation.start : citation.end] == citation.quote != ""
    for statement in answer.statements:
        quotes = [cited[number] for number in statement.citations]
        known = " ".join(f"{quote.quote} {quote.title} {quote.date} {_day(quote.date)}" for quote in quotes)
        known += statement.computed.expression if statement.computed else ""
        assert figures(re.sub(r"^\s*\d+\.", "", statement.text)) <= figures(known)


def _day(date: str | None) -> str:
    """2024-01-16 as it is written in an answer: 2024 1 16."""
    return " ".join(str(int(part)) for part in (date or "0").split("-"))


def told(text: str) -> str:
    """The words of an answer without its markers."""
    return re.sub(r"\[\d+\]", "", text)


async def hear(answerer: Answerer, question: str) -> tuple[Answer, str]:
    """The answer, and all that a reader was shown of it while it came in."""
    shown: list[str] = []
    async for event in answerer.events(Query(question)):
        if isinstance(event, Delta):
            shown.append(event.text)
        if isinstance(event, Cited):
            shown.append(f"\n{event.citation.quote}\n")
        if isinstance(event, Done):
            return event.answer, "".join(shown)
    raise AssertionError("the last event is always Done")


KNOWN = [[pytest.mark.xfail(reason=case["fails"])] if "fails" in case else [] for case in CASES]
"""What is not managed yet must keep failing, so that a gain is seen; see "fails" there."""


@pytest.mark.slow
@pytest.mark.parametrize(
    "case", [pytest.param(case, id=name, marks=marks) for case, name, marks in zip(CASES, NAMES, KNOWN, strict=True)]
)
async def test_only_what_is_right_reaches_the_reader(
    answerer: Answerer, server: LLMServer, archive: Generation, case: dict[str, Any]
) -> None:
    RUN[case["kind"]] += 1
    FAILED[case["kind"]] += "fails" not in case  # taken back at the end
    server.play(*(streamed(words) for words in case["says"]))
    answer, shown = await hear(answerer, case["question"])
    assert_nothing_unsupported(answer, archive)
    missing = [words for words in case["must"] if words not in told(answer.answer)]
    assert not missing, (answer.answer, answer.struck)
    for words in case["never"]:
        assert words not in answer.answer
        assert case["kind"] != "instructions of a passage" or words not in shown
    if "cites" in case:
        titles = {citation.title for citation in answer.citations}
        assert titles == {ARTICLES[name]["title"] for name in case["cites"]}
    if "removed" in case:
        assert answer.removed_markers == case["removed"]
    assert len(server.requests) <= 1 + MAX_MENDED
    if "computed" in case:
        assert [statement.computed.expression for statement in answer.statements if statement.computed] == case[
            "computed"
        ]
    FAILED[case["kind"]] -= "fails" not in case


def test_there_are_two_hundred_cases_of_seven_kinds_and_forty_planted_ones_of_five_more() -> None:
    kinds = Counter(case["kind"] for case in CASES)
    assert len(CASES) == 240
    assert len(kinds) == 12
    assert sorted(kinds.values())[-7] >= 28


@pytest.mark.slow
def test_the_table_of_results(capsys: pytest.CaptureFixture[str]) -> None:
    if not RUN:
        pytest.skip("the cases did not run in this process")
    with capsys.disabled():
        print()
        for kind, cases in RUN.items():
            print(f"{kind:<28}{cases - FAILED[kind]:>5} of {cases}")
    assert not +FAILED


CORRECT = "2023年全区PM2.5年均浓度为33微克/立方米，同比下降8.3%[1]。"
WRONG = "2023年全区PM2.5年均浓度为38微克/立方米，同比下降8.3%[1]。"


async def test_a_failing_statement_is_asked_for_with_its_problem(answerer: Answerer, server: LLMServer) -> None:
    server.play(streamed(WRONG), streamed(CORRECT), streamed("不应再问。"))
    answer, _shown = await hear(answerer, CASES[0]["question"])
    assert told(answer.answer) == told(CORRECT)
    assert (answer.status, answer.struck) == ("answered", ())
    _first, second = (request.body["messages"] for request in server.requests)
    assert [message["role"] for message in second] == ["system", "user"]
    assert told(WRONG) in second[-1]["content"]
    assert "“38微克”" in second[-1]["content"]
    assert "NOT_FOUND" in second[0]["content"]


async def test_what_fails_again_is_struck(answerer: Answerer, server: LLMServer) -> None:
    right = "优良天数291天，比上年增加9天[1]。"
    server.play(streamed(WRONG, right), streamed(WRONG))
    answer, shown = await hear(answerer, CASES[0]["question"])
    assert told(answer.answer) == told(right)
    assert answer.status == "partial"
    assert [struck.text for struck in answer.struck] == [told(WRONG)]
    assert any(problem.startswith("figure_not_in_") for problem in answer.struck[0].problems)
    assert "38" not in told(shown)
    assert len(server.requests) == 2


async def test_an_llm_that_takes_its_statements_back_is_a_refusal(answerer: Answerer, server: LLMServer) -> None:
    server.play(streamed(WRONG), streamed("NOT_FOUND"))
    answer, _shown = await hear(answerer, CASES[0]["question"])
    assert answer.refusal is not None
    assert answer.refusal.reason == "not_found"


async def test_a_right_answer_is_not_asked_for_again(answerer: Answerer, server: LLMServer) -> None:
    server.play(streamed(CORRECT))
    answer, _shown = await hear(answerer, CASES[0]["question"])
    assert answer.status == "answered"
    assert len(server.requests) == 1


async def test_a_correction_that_never_comes_costs_nothing_of_what_was_sent(
    answerer: Answerer, server: LLMServer
) -> None:
    server.play(streamed(CORRECT, "优良天数219天[1]。"), status(400))
    answer, _shown = await hear(answerer, CASES[0]["question"])
    assert told(answer.answer) == told(CORRECT)
    assert answer.generator.fallback_reason is None
