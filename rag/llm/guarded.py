"""An LLM that is not asked while it is known to fail: questions are then answered without it, at once."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator, Sequence
from time import monotonic

from rag.errors import ChatModelError, FallbackReason
from rag.llm.breaker import FAILURES_WITHIN_S, MAX_FAILURES, OUTAGES, CircuitBreaker
from rag.llm.openai import OpenAIChatModel
from rag.records import Message, Usage

TRIAL_EVERY_S = 10.0
"""Between two requests that only try whether it answers again."""

logger = logging.getLogger(__name__)


class GuardedChatModel:
    """A model behind a circuit breaker (rag.llm.breaker), for one event loop.

    Whether it answers again is tried by requests of its own, for one token: no reader waits for a trial, and it is known
    that it does before the next one asks.

    Args:
        model: closed with this one.
        trial_every_s: a trial that waits for its token does not put off the next: a server may have lost the first.
    """

    def __init__(self, model: OpenAIChatModel, *, trial_every_s: float = TRIAL_EVERY_S) -> None:
        self.name = model.name
        self.total_timeout_s = model.total_timeout_s
        self._model = model
        # One reader at a time must be enough to find out that it does not answer, however long each waits.
        self._breaker = CircuitBreaker(max(FAILURES_WITHIN_S, MAX_FAILURES * model.first_token_timeout_s))
        self._trial_every_s = trial_every_s
        self._recovering: asyncio.Task[None] | None = None

    @property
    def outage(self) -> FallbackReason | None:
        """Why the LLM is not asked now; None while it is."""
        return self._breaker.outage.error.reason if self._breaker.outage else None

    async def aclose(self) -> None:
        """End the trials, and wait until all connections are closed."""
        if self._recovering:
            self._recovering.cancel()
            await asyncio.wait((self._recovering,))
        await self._model.aclose()

    async def probe(self) -> str:
        """See OpenAIChatModel.probe; asks whether or not it is known to fail."""
        return await self._model.probe()

    async def stream(self, messages: Sequence[Message], *, max_tokens: int) -> AsyncGenerator[str | Usage, None]:
        """See OpenAIChatModel.stream; raises at once, with the reason of the last failure, while it is known to fail."""
        period, started, has_text = self._breaker.begin(), monotonic(), False
        try:
            async with contextlib.aclosing(self._model.stream(messages, max_tokens=max_tokens)) as pieces:
                async for piece in pieces:
                    has_text = True
                    yield piece
        except ChatModelError as error:
            is_long = has_text and monotonic() - started >= self.total_timeout_s  # it still wrote: no outage
            if error.reason in OUTAGES and not is_long and self._breaker.failed(period, error):
                logger.warning(
                    "LLM %s: failed %d times in a row and is not asked, but for a trial every %g s; at last: %s: %s",
                    *(self.name, MAX_FAILURES, self._trial_every_s, error.reason, error),
                )
                self._recovering = asyncio.create_task(self._recover(), name="LLM trials")
            raise
        self._breaker.succeeded(period)

    async def _recover(self) -> None:
        """Try again and again, until a trial is answered."""
        answered = asyncio.Event()
        trials: set[asyncio.Task[None]] = set()
        try:
            while not await _is_set_within(self._trial_every_s, answered):
                trial = asyncio.create_task(self._try(answered), name="LLM trial")
                trials.add(trial)
                trial.add_done_callback(trials.discard)
        finally:
            for trial in trials:
                trial.cancel()
        logger.warning("LLM %s: answers again, after %.0f s", self.name, self._breaker.recovered())

    async def _try(self, answered: asyncio.Event) -> None:
        try:
            await self._model.ask_for_token()
        except ChatModelError as error:
            logger.info("LLM %s: a trial failed: %s: %s", self.name, error.reason, error)
            if error.reason in OUTAGES:
                return
        answered.set()


async def _is_set_within(seconds: float, event: asyncio.Event) -> bool:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)
    return event.is_set()
