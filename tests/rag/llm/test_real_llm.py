import contextlib
from collections.abc import Iterator

import pytest
from real_llm import real_llm

from rag.llm.openai import OpenAIChatModel
from rag.records import Message, Usage

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[str, str]]:
    with real_llm() as address:
        yield address


async def test_a_real_server_streams_an_answer_and_counts_its_tokens(server: tuple[str, str]) -> None:
    base_url, name = server
    question = [Message("system", "Answer in one sentence."), Message("user", "What is the capital of France?")]
    async with (
        OpenAIChatModel(base_url, "", name, first_token_timeout_s=60, idle_timeout_s=60) as model,
        contextlib.aclosing(model.stream(question, max_tokens=24)) as stream,
    ):
        *pieces, usage = [piece async for piece in stream]
    assert all(isinstance(piece, str) for piece in pieces)
    assert len(pieces) > 3, "streamed, not sent in one piece"
    assert "".join(map(str, pieces)).strip()
    assert isinstance(usage, Usage)
    assert 0 < usage.completion_tokens <= 24
    assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens


@pytest.mark.slow
async def test_a_real_server_that_is_cut_off_answers_the_next_question(server: tuple[str, str]) -> None:
    base_url, name = server
    async with OpenAIChatModel(base_url, "", name, first_token_timeout_s=60, idle_timeout_s=60) as model:
        async with contextlib.aclosing(model.stream([Message("user", "Count to 1000.")], max_tokens=2000)) as stream:
            assert await anext(stream)
        answer = [piece async for piece in model.stream([Message("user", "Say hello.")], max_tokens=8)]
    assert answer


async def test_a_real_server_is_probed(server: tuple[str, str]) -> None:
    base_url, name = server
    async with OpenAIChatModel(base_url, "", name) as model:
        assert (await model.probe()).endswith(f"offers {name}")
