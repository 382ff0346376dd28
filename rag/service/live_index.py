"""Settings → the parts of the online side, for the command line and the HTTP service alike."""

import asyncio
import logging
import time
from typing import TYPE_CHECKING

import anyio
import anyio.to_thread

from index.embedding.embedder import Embedder, load_embedder
from index.errors import IndexingError, IndexNotFoundError
from index.store import current_folder, open_generation
from rag.answer import Answerer
from rag.config import Settings
from rag.records import Query
from rag.retrieval.rerankers import CrossEncoderReranker

if TYPE_CHECKING:
    pass
from rag.service.factory import answer_options, chat_model, cross_encoder

log = logging.getLogger(__name__)
LOOK_EVERY_S = 0.5
"""How often it is looked whether another generation was published; reading one short file costs nothing."""
LEAST_PAUSE_S = 0.01
REOPEN_AFTER_S = 30.0
"""A generation that could not be opened is tried again after this: checking a large one takes a second of a core."""


class LiveIndex:
    """The answerer over the generation that is current now; follows a newly published one without a restart.

    A request keeps the answerer that it was given, so none mixes two generations; the old one is closed when the
    last request that holds it is done. The new one is opened beside requests, none of which waits for it. One that is
    corrupt is logged, told by `fault`, and not taken.

    Args:
        settings: index folder, embedding model, LLM.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._embedder: Embedder | None = None
        self._cross_encoder: CrossEncoderReranker | None = None
        self._chat = chat_model(settings)
        self._answerer: Answerer | None = None
        self._error: IndexingError | None = None
        self._refused: tuple[str, float] = ("", 0.0)
        self._lock = anyio.Lock()

    @property
    def fault(self) -> str | None:
        """Why the generation that was published last is not the one that is served; None where it is."""
        return str(self._error) if self._error else None

    @property
    def has_llm(self) -> bool:
        """Whether an LLM writes the answers."""
        return self._chat is not None

    async def answerer(self) -> Answerer:
        """Return the answerer for this request.

        Raises:
            IndexNotFoundError: nothing is published yet.
            IndexingError: what is published cannot be opened, and there is no earlier one in use.
        """
        if self._answerer is None and self._error is None:
            await self.look()
        if self._answerer is None:
            error = self._error or IndexNotFoundError("")
            raise type(error)(str(error))  # a new one: an exception that several tasks raise gathers their tracebacks
        return self._answerer

    async def follow(self) -> None:
        """Look for a newly published generation, for ever."""
        while True:
            await asyncio.sleep(max(LOOK_EVERY_S, LEAST_PAUSE_S))
            try:
                await self.look()
            except Exception:  # whatever it is, requests go on with what is open, and the next look may do better
                log.exception("looking for another generation failed")

    async def look(self, *, again: bool = False) -> None:
        """Take over the generation that is current now; what is wrong with it is told by `fault`.

        Args:
            again: also where it could not be opened a moment ago.
        """
        async with self._lock:
            try:
                name = current_folder(self._settings.index_dir).name
                if self._answerer and name == self._answerer.generation.manifest.generation:
                    self._error = None
                    return
                refused, at = self._refused
                if self._answerer and not again and name == refused and time.monotonic() - at < REOPEN_AFTER_S:
                    return
                self._refused = (name, time.monotonic())
                answerer = await anyio.to_thread.run_sync(self._open)
            except IndexingError as error:
                if self.fault != str(error):
                    log.error("%s: %s", f"keeping {self._served}" if self._answerer else "nothing to serve", error)
                self._error = error
                return
            self._answerer, self._error = answerer, None
            log.info("serving generation %s", self._served)

    async def aclose(self) -> None:
        """Close the LLM's connections."""
        if self._chat:
            await self._chat.aclose()

    @property
    def _served(self) -> str | None:
        return self._answerer.generation.manifest.generation if self._answerer else None

    def _open(self) -> Answerer:
        if self._embedder is None:
            self._embedder = load_embedder(self._settings.embedding_model, self._settings.cache_dir)
            self._cross_encoder = cross_encoder(self._settings)
        generation = open_generation(self._settings.index_dir, embedder=self._embedder.spec)
        answerer = Answerer(generation, self._embedder, self._chat, answer_options(self._settings), self._cross_encoder)
        answerer.retriever.retrieve(Query("丰收"))  # a self-query: what cannot answer it must not serve
        return answerer
