import json
from importlib import resources
from typing import Any

import anyio
import pytest

from index.embedding.embedder import Embedder
from index.store import Generation
from rag.answer import Answerer
from rag.records import Query

SAMPLE = resources.files("rag") / "sample"
QUESTIONS: list[dict[str, Any]] = json.loads((SAMPLE / "questions.json").read_text("utf-8"))
TRUTH: list[dict[str, Any]] = json.loads((SAMPLE / "truth.json").read_text("utf-8"))
GB18030 = "云汀报_2021-09-03_01版.txt"
RIGHT_WITHOUT_LLM = 18
"""Of the 24 questions; a floor, one below what was measured when it was set."""


def compact(text: str) -> str:
    return "".join(text.split())


def page_text(sample: Generation, source: str) -> str:
    return compact("".join(f"{article.title or ''}{article.text}" for article in sample.catalogue.articles_of(source)))


def test_the_sample_ships_with_its_pages_questions_and_truth() -> None:
    pages = [page.name for page in (SAMPLE / "pages").iterdir()]
    assert len(pages) == 12
    assert len(QUESTIONS) == 24
    assert len({question["id"] for question in QUESTIONS}) == 24
    assert len(TRUTH) >= 12
    assert {piece["file"] for article in TRUTH for piece in article["pieces"]} == set(pages)


def test_the_demo_asks_for_a_figure_a_person_and_something_unknown() -> None:
    demo = [question for question in QUESTIONS if question["demo"]]
    assert [question["answerable"] for question in demo] == [True, True, False]


def test_every_page_is_in_the_index(sample: Generation) -> None:
    counts = sample.manifest.counts
    assert (counts.read, counts.kept, counts.rejected) == (12, 12, 0)


@pytest.mark.parametrize("question", [q for q in QUESTIONS if q["answerable"]], ids=lambda question: question["id"])
def test_what_an_answer_must_say_stands_on_its_page(sample: Generation, question: dict[str, Any]) -> None:
    text = page_text(sample, question["file"]).replace("PM_{2.5}", "PM2.5")
    for part in question["must_include"]:
        assert compact(part) in text, part


def test_the_page_in_gb18030_is_read(sample: Generation) -> None:
    raw = (SAMPLE / "pages" / GB18030).read_bytes()
    with pytest.raises(UnicodeDecodeError):
        raw.decode("utf-8")
    text = page_text(sample, GB18030)
    assert "区委书记顾砚舟" in text
    assert "\ufffd" not in text


@pytest.mark.slow
def test_most_questions_come_out_right_without_an_llm(sample: Generation, embedder: Embedder) -> None:
    answerer = Answerer(sample, embedder)

    async def is_right(question: dict[str, Any]) -> bool:
        answer = await answerer.answer(Query(question["question"]))
        if not question["answerable"]:
            return answer.is_refused
        said = compact(answer.answer + "".join(citation.quote for citation in answer.citations))
        return all(compact(part) in said for part in question["must_include"])

    async def all_right() -> dict[str, bool]:
        return {question["id"]: await is_right(question) for question in QUESTIONS}

    right = anyio.run(all_right)
    wrong = [name for name, is_so in right.items() if not is_so]
    assert sum(right.values()) >= RIGHT_WITHOUT_LLM, f"wrong: {', '.join(wrong)}"
