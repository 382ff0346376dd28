import re
import time
from collections.abc import Iterator
from contextlib import aclosing

import pytest
from real_llm import real_llm

from index.embedding.embedder import Embedder
from index.store import Generation
from rag.answer import Answerer
from rag.generation.options import AnswerOptions
from rag.llm.openai import OpenAIChatModel
from rag.records import Delta, Done, Query, Retrieved

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def address() -> Iterator[tuple[str, str]]:
    with real_llm() as running:
        yield running


@pytest.mark.slow
async def test_a_real_llm_answers_an_english_question_in_the_contracts_form(
    sample: Generation, embedder: Embedder, address: tuple[str, str]
) -> None:
    base_url, name = address
    # The model is small and reads some hundred tokens a second here: few passages, a short answer.
    options = AnswerOptions(context_tokens=800, answer_tokens=40)
    started = time.monotonic()
    async with OpenAIChatModel(base_url, "", name, first_token_timeout_s=40, total_timeout_s=50) as chat:
        answerer = Answerer(sample, embedder, chat, options)
        query = Query("When did the new Wangjin Bridge open to traffic?", top_k=1)
        async with aclosing(answerer.events(query)) as stream:
            events = [event async for event in stream]
    seconds = time.monotonic() - started

    assert isinstance(events[0], Retrieved)
    assert isinstance(events[-1], Done)
    answer = events[-1].answer
    if answer.refusal is None:
        assert "".join(event.text for event in events if isinstance(event, Delta)) == answer.answer
        assert answer.citations
    for citation in answer.citations:
        article = sample.catalogue.article(citation.article_id)
        assert article is not None
        assert article.text[citation.start : citation.end] == citation.quote
    assert set(map(int, re.findall(r"\[(\d+)\]", answer.answer))) == {citation.n for citation in answer.citations}
    # A model of this size may say nothing that holds: then the answer is extracted, and says why.
    assert answer.generator.kind == "llm" or answer.refusal or answer.generator.fallback_reason == "unsupported"
    assert (answer.timings_ms["llm_first_token"] or 0) > 0
    assert (answer.timings_ms["llm"] or 0) >= (answer.timings_ms["llm_first_token"] or 0)
    assert answer.usage is None or answer.usage["completion_tokens"] <= 40  # None where its repetitions were cut short
    assert seconds < 60
