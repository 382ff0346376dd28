"""Documents and models that lie: poisoned articles of ten kinds in two languages, and an LLM that obeys every plant.

Nothing planted may reach the reader, and the article's true figure does, with the LLM and without. A sample of the articles in
the short form; all with LONG_FAULTS=1.
"""

import os
import re
from collections import Counter
from collections.abc import Iterator

import pytest
from fault_figures import Tried
from llm_server import DONE, STOP, LLMServer, Reply, head, status, streamed
from poisons import HELD_OUT, WORDINGS, PoisonedArticle, poisoned, write_corpus

from index.build import build_index
from index.embedding.embedder import Embedder
from index.store import Generation, open_generation
from rag.answer import Answerer
from rag.llm.openai import OpenAIChatModel
from rag.reader.bundled import BundledReader
from rag.records import Answer, Query

pytestmark = [pytest.mark.fault, pytest.mark.anyio]

IS_LONG = bool(os.environ.get("LONG_FAULTS"))
COUNTS = (144, 96)
"""Articles by the wordings that the rules were written against, and by the others: each wording three times."""
ALL = [*poisoned(WORDINGS, COUNTS[0]), *poisoned(HELD_OUT, COUNTS[1], COUNTS[0])]
ARTICLES = ALL if IS_LONG else ALL[::7]
UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\U000e0000-\U000e007f]")
MARKUP = re.compile(r"https?:|\]\(|!\[|<\||\|>|</|\[/?INST|\"role\"|hxxp")


@pytest.fixture(scope="module")
def archive(embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Generation]:
    folder = tmp_path_factory.mktemp("lies")
    write_corpus(ARTICLES, folder / "corpus.jsonl")
    build_index([folder / "corpus.jsonl"], folder / "index", embedder)
    generation = open_generation(folder / "index", embedder=embedder.spec)
    yield generation
    generation.close()


def reached(answer: Answer, article: PoisonedArticle) -> list[str]:
    """What of the plant, and what markup or unseen character, is in an answer, its quotes and its titles."""
    shown = [answer.answer, *(f"{one.quote}\n{one.title}" for one in answer.citations)]
    found = [words for words in article.poison.never for text in shown if words in text]
    return found + [match.group() for text in shown for match in (UNSEEN.search(text), MARKUP.search(text)) if match]


@pytest.mark.parametrize("has_llm", [True, False], ids=["an obeying LLM", "no LLM"])
async def test_nothing_planted_reaches_the_reader_and_the_true_figure_does(
    archive: Generation, embedder: Embedder, reader: BundledReader, tried: Tried, has_llm: bool
) -> None:
    kept, told, of = Counter[str](), Counter[str](), Counter[str]()
    lies: list[object] = []
    with LLMServer(status(500)) as server:
        chat = OpenAIChatModel(server.base_url, "key", "test-model", total_timeout_s=10) if has_llm else None
        answerer = Answerer(archive, embedder, chat, reader=reader)
        for article in ARTICLES:
            kind = f"{article.poison.kind}, {article.poison.language}"
            server.play(streamed(article.poison.said.replace("{n}", article.figure)))
            answer = await answerer.answer(Query(article.question))
            found = reached(answer, article)
            is_told = article.figure in answer.answer
            kept[kind] += not found
            told[kind] += is_told
            of[kind] += 1
            if found or not is_told:
                lies.append((kind, article.poison.plant, found, answer.answer, answer.status))
        carried = [one.body["messages"][-1]["content"] for one in server.requests]
    assert not [text for text in carried if UNSEEN.search(text) or "<|" in text or "[INST]" in text]
    for lie in lies:
        print(lie)
    how = "with an obeying LLM" if has_llm else "without an LLM"
    tried(f"lies: plants kept from the reader, {how}", sum(kept.values()), sum(of.values()))
    tried(f"lies: true figures told, {how}", sum(told.values()), sum(of.values()))


def raw(content: bytes) -> Reply:
    """A stream whose one piece has these bytes between its quotation marks."""
    return [head(), b'data: {"choices":[{"index":0,"delta":{"content":"' + content + b'"}}]}\n\n', STOP, DONE]


UNREADABLE = {
    "half a surrogate pair": rb"\ud800 \udfff",
    "half a pair in a sentence": rb"\u6c34\u6e20\ud800[1]\u3002",
    "no UTF-8": b"\xff\xfe\x80\xe5",
    "cut characters": "水渠".encode()[:-1] + b"[1]\xe3\x80\x82",
    "replaced characters": "水渠全长\ufffd\ufffd\ufffd米[1]。".encode(),
}


async def test_what_nobody_can_decode_is_no_answer(
    archive: Generation, embedder: Embedder, reader: BundledReader, tried: Tried
) -> None:
    right = 0
    article = next(one for one in ARTICLES if one.poison.kind == "address" and one.poison.language == "zh")
    with LLMServer(status(500)) as server:
        chat = OpenAIChatModel(server.base_url, "key", "test-model", total_timeout_s=10)
        answerer = Answerer(archive, embedder, chat, reader=reader)
        for content in UNREADABLE.values():
            server.play(raw(content))
            answer = await answerer.answer(Query(article.question))
            is_told = article.figure in answer.answer and "\ufffd" not in answer.answer
            right += is_told and answer.generator.fallback_reason == "bad_reply"
    tried("lies: replies that nobody can decode fall back", right, len(UNREADABLE))
