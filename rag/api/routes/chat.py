"""The OpenAI-compatible routes: any program that knows an OpenAI client can ask."""

from typing import Any

import anyio.to_thread
from litestar import Request, Response, get, post
from litestar.datastructures import State
from litestar.exceptions import NotFoundException
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, JSONBody
from litestar.response import Stream

from index.language.token_count import count_tokens
from rag.api.ask import start_answer
from rag.api.openai.annotations import completion_of
from rag.api.openai.chunks import ChatChunkEncoder
from rag.api.openai.messages import conversation_text, params_of_chat, read_conversation
from rag.api.openai.schemas import MODEL, ChatCompletion, ChatRequest, Model, ModelList
from rag.config import Settings


@post(
    "/v1/chat/completions",
    status_code=200,
    tags=["OpenAI"],
    responses={
        200: ResponseSpec(ChatCompletion, generate_examples=False, description="The completion, or its chunks.")
    },
)
async def complete_chat(
    data: JSONBody[ChatRequest], request: Request[Any, Any, Any], state: State
) -> Response[ChatCompletion] | Stream:
    """Answer the user's last message, after what user and assistant said before it.

    System and developer messages are no instructions to this service, and no other field of the request changes how it
    answers, `wenju` ({"from", "to", "top_k"}) excepted. Citations are in `annotations` and, whole, in `wenju` beside
    them; the whole Answer is in `wenju` of the completion or of the stream's last chunk. A refusal is content like any;
    where there are reports on the matter, they follow it line by line.
    """
    settings: Settings = state.settings
    with params_of_chat():
        answering = await start_answer(
            read_conversation(data, settings.top_k, settings.max_history_turns), request, state
        )
    model, origin = data.model or MODEL, str(request.base_url).rstrip("/")
    is_counted = not data.stream or bool(data.stream_options and data.stream_options.include_usage)
    prompt_tokens = await anyio.to_thread.run_sync(count_tokens, conversation_text(data)) if is_counted else None
    if data.stream:
        return answering.stream(ChatChunkEncoder(model, origin, answering.generation, prompt_tokens))
    return Response(completion_of(await answering.answer(), model, origin, prompt_tokens or 0))


@get("/v1/models", tags=["OpenAI"])
async def list_models() -> ModelList:
    """Return the one model that there is."""
    return ModelList([Model()])


@get("/v1/models/{model_id:str}", tags=["OpenAI"])
async def show_model(model_id: FromPath[str]) -> Model:
    """Return the model of this name."""
    if model_id != MODEL:
        raise NotFoundException(f"no model {model_id[:200]!r}: there is {MODEL!r}; a question may name any")
    return Model()


ROUTES = [complete_chat, list_models, show_model]
