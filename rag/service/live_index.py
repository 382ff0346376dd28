"""The answerer over the index that is current now: a newly published generation is taken over without a restart."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

import anyio
import anyio.to_thread

from index.embedding.embedder import Embedder, load_embedder
from index.errors import IndexCorruptError, IndexingError, IndexNotFoundError
from index.store import Generation, current_folder, current_name, open_generation
from rag.answer import Answerer
from rag.config import Settings
from rag.errors import FallbackReason
from rag.reader.readings import PassageReader
from rag.service.factory import answer_options, chat_model, passage_reader

if TYPE_CHECKING:
    from rag.llm.guarded import GuardedChatModel

log = logging.getLogger(__name__)
REFRESH_EVERY_S = 0.5
"""How often the service asks whether another generation was published; reading one short file costs nothing."""
MIN_PAUSE_S = 0.01
REOPEN_AFTER_S = 30.0
"""A generation that could not be opened is tried again after this: checking a large one takes a second of a core."""


class LiveIndex:
    """The answerer over the generation that is current now; follows a newly published one without a restart.

    A request keeps the answerer that it was given, so none mixes two generations; the old one is closed when the
    last request that holds it is done. The new one is opened beside requests, none of which waits for it. One that is
    corrupt is logged, told by `error`, and not taken: what is served stays, and at a start the one before is taken.

    Args:
        settings: index folder, embedding model, LLM.
        refresh_every_s: how often `follow` refreshes, at least MIN_PAUSE_S apart.
        open_index: opens and checks the generation of a folder that is current.
        make_answerer: puts the parts together.
        make_chat: the LLM that the settings name.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        refresh_every_s: float = REFRESH_EVERY_S,
        open_index: Callable[..., Generation] = open_generation,
        make_answerer: Callable[..., Answerer] = Answerer,
        make_chat: Callable[[Settings], "GuardedChatModel | None"] = chat_model,
    ) -> None:
        self._settings = settings
        self._refresh_every_s = max(refresh_every_s, MIN_PAUSE_S)
        self._open_index = open_index
        self._make_answerer = make_answerer
        self._embedder: Embedder | None = None
        self._reader: PassageReader | None = None
        self._chat = make_chat(settings)
        self._answerer: Answerer | None = None
        self._error: IndexingError | None = None
        self._refused: tuple[str, float] = ("", 0.0)
        self._lock = anyio.Lock()

    @property
    def error(self) -> str | None:
        """Why the generation that was published last is not the one that is served; None where it is."""
        return str(self._error) if self._error else None

    @property
    def has_llm(self) -> bool:
        """Whether an LLM writes the answers."""
        return self._chat is not None

    @property
    def llm_outage(self) -> FallbackReason | None:
        """Why the LLM is not asked now, though there is one; None while it is."""
        return self._chat.outage if self._chat else None

    @property
    def asks_llm(self) -> bool:
        """Whether the next question would be put to an LLM."""
        return self.has_llm and self.llm_outage is None

    def cache_sizes(self) -> Mapping[str, int]:
        """Return what the answerer and its generation keep, for /metrics; nothing while there is none."""
        answerer = self._answerer
        return answerer.cache_sizes() if answerer else {}

    async def answerer(self) -> Answerer:
        """Return the answerer for this request.

        Raises:
            IndexNotFoundError: nothing is published yet.
            IndexingError: what is published cannot be opened, and there is no earlier one in use.
        """
        if self._answerer is None and self._error is None:
            await self.refresh()
        if self._answerer is None:
            error = self._error or IndexNotFoundError("")
            raise type(error)(str(error))  # a new one: an exception that several tasks raise gathers their tracebacks
        return self._answerer

    async def follow(self) -> None:
        """Refresh again and again, for ever."""
        while True:
            await asyncio.sleep(self._refresh_every_s)
            try:
                await self.refresh()
            except Exception:  # whatever it is, requests go on with what is open, and the next time may do better
                log.exception("refreshing the index failed")

    async def refresh(self, *, again: bool = False) -> None:
        """Take over the generation that is current now; what is wrong with it is told by `error`.

        Args:
            again: also where it could not be opened a moment ago.
        """
        async with self._lock:
            try:
                with suppress(IndexCorruptError):
                    current_folder(self._settings.index_dir)  # says that there is no index before a model is loaded
                name = current_name(self._settings.index_dir)
                if self._answerer and name == self._answerer.generation.manifest.generation:
                    self._error = None
                    return
                refused, at = self._refused
                if self._answerer and not again and name == refused and time.monotonic() - at < REOPEN_AFTER_S:
                    return
                self._refused = (name, time.monotonic())
                answerer = await anyio.to_thread.run_sync(self._open)
            except IndexingError as error:
                if self.error != str(error):
                    log.error("%s: %s", f"keeping {self._served}" if self._answerer else "nothing to serve", error)
                self._error = error
                return
            self._answerer, self._error = answerer, answerer.generation.damage
            if self._error:
                log.error("serving generation %s, the one before: %s", self._served, self._error)
            else:
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
            self._reader = passage_reader(self._settings)
        fall_back = self._answerer is None  # else what is served will do
        generation = self._open_index(self._settings.index_dir, embedder=self._embedder.spec, fall_back=fall_back)
        options = answer_options(self._settings)
        answerer = self._make_answerer(generation, self._embedder, self._chat, options, self._reader)
        answerer.warm_up()  # searches, too: what cannot do it must not serve
        return answerer
