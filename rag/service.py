"""Settings → the parts of the online side, for the command line and the HTTP service alike."""

import functools
import logging
import time
from typing import TYPE_CHECKING

import anyio
import anyio.to_thread

from index.embed import Embedder, load_embedder
from index.errors import IndexingError, IndexNotFoundError
from index.store import current_folder, open_generation
from rag.answer import Answerer, AnswerOptions
from rag.config import Settings
from rag.records import Query
from rag.rerank import LIGHT, CrossEncoderReranker

if TYPE_CHECKING:
    from rag.llm import OpenAIChatModel

log = logging.getLogger(__name__)
LOOK_EVERY_S = 1.0
"""How often a request looks whether another generation was published."""


def chat_model(settings: Settings) -> "OpenAIChatModel | None":
    """Return the LLM that the settings name, or None; its owner closes it."""
    if not settings.openai_base_url or not settings.openai_model:
        return None
    from rag.llm import OpenAIChatModel

    return OpenAIChatModel(
        settings.openai_base_url,
        settings.openai_api_key or "",
        settings.openai_model,
        connect_timeout_s=settings.llm_connect_timeout_s,
        first_token_timeout_s=settings.llm_first_token_timeout_s,
        idle_timeout_s=settings.llm_idle_timeout_s,
        total_timeout_s=settings.llm_total_timeout_s,
    )


def cross_encoder(settings: Settings) -> CrossEncoderReranker | None:
    """Return the cross-encoder that the settings name, or None where they say "light".

    Raises:
        RerankerError: it cannot be loaded, or is too slow.
    """
    if settings.reranker == LIGHT:
        return None
    return CrossEncoderReranker(settings.reranker, settings.reranker_budget_ms)


def answer_options(settings: Settings) -> AnswerOptions:
    """Return what the answerer needs of the settings."""
    return AnswerOptions(
        context_tokens=settings.llm_context_tokens,
        answer_tokens=settings.llm_answer_tokens,
        prompts_dir=settings.prompts_dir,
        cache_dir=settings.cache_dir,
        max_question_characters=settings.max_question_characters,
        max_history_turns=settings.max_history_turns,
        max_history_characters=settings.max_history_characters,
        wrong_answer_cost=settings.wrong_answer_cost,
    )


class LiveIndex:
    """The answerer over the generation that is current now; follows a newly published one without a restart.

    A request keeps the answerer that it was given, so none mixes two generations; the old one is closed when the
    last request that holds it is done. A new generation that is corrupt is logged and not taken.

    Args:
        settings: index folder, embedding model, LLM.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._embedder: Embedder | None = None
        self._cross_encoder: CrossEncoderReranker | None = None
        self._chat = chat_model(settings)
        self._answerer: Answerer | None = None
        self._served = ""
        self._looked = float("-inf")
        self._lock = anyio.Lock()

    async def answerer(self) -> Answerer:
        """Return the answerer for this request.

        Raises:
            IndexNotFoundError: nothing is published yet.
            IndexingError: what is published cannot be opened, and there is no earlier one in use.
        """
        async with self._lock:
            if time.monotonic() - self._looked >= LOOK_EVERY_S:
                self._looked = time.monotonic()
                await self._follow()
            if self._answerer is None:
                raise IndexNotFoundError(f"no index in {self._settings.index_dir} yet: make one with: wenju index PATH")
            return self._answerer

    async def aclose(self) -> None:
        """Close the LLM's connections."""
        if self._chat:
            await self._chat.aclose()

    async def _follow(self) -> None:
        try:
            name = current_folder(self._settings.index_dir).name
            if name == self._served:
                return
            self._answerer = await anyio.to_thread.run_sync(functools.partial(self._open))
            self._served = name
            log.info("serving generation %s", name)
        except IndexingError as error:
            if self._answerer is None:
                raise
            log.error("keeping generation %s: %s", self._served, error)

    def _open(self) -> Answerer:
        if self._embedder is None:
            self._embedder = load_embedder(self._settings.embedding_model, self._settings.cache_dir)
            self._cross_encoder = cross_encoder(self._settings)
        generation = open_generation(self._settings.index_dir, embedder=self._embedder.spec)
        answerer = Answerer(generation, self._embedder, self._chat, answer_options(self._settings), self._cross_encoder)
        answerer.retriever.retrieve(Query("丰收"))  # a self-query: what cannot answer it must not serve
        return answerer
