"""A request repeated under its id → the Answer that it has been given already.

A client whose connection broke cannot know whether its question was answered. If it repeats the request with the same
`X-Request-ID`, the events of the finished answer are played to it again: the same Answer, and the LLM is asked once.

A repeat that comes while the first one still runs is answered anew. The first one's client has gone, so its answer ends as
soon as that is noticed, within a second; a repeat that waited for it would wait for what is being stopped.

What is kept is kept in memory only, of this process (another worker answers anew), for ten minutes, and only of requests
that brought an id: others cannot be repeated. Nothing outlives a generation of the index: what has been withdrawn must not
come back from here.
"""

import hashlib
import time
from collections import OrderedDict
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass

from rag.records import Done, Event

MAX_KEPT_ANSWERS = 256
"""With the candidates of each, some 20 kB an answer: 5 MB."""
MAX_AGE_S = 600.0


@dataclass(frozen=True, slots=True)
class IdempotencyKey:
    """What makes a request the same one again; another body under the same id is another question.

    Args:
        caller: whose request it is, e.g. the name of its key; "" where nobody is told apart.
        request_id: as the client sent it.
        digest: of route and body.
    """

    caller: str
    request_id: str
    digest: bytes


def idempotency_key(request_id: str | None, path: str, body: bytes, caller: str = "") -> IdempotencyKey | None:
    """Return the key of a request, or None for one that brought no id and so cannot be repeated."""
    if request_id is None:
        return None
    return IdempotencyKey(caller, request_id, hashlib.sha256(path.encode() + b"\0" + body).digest())


class IdempotencyCache:
    """Finished answers by their requests' keys, the oldest dropped first; belongs to one event loop.

    Args:
        max_answers: at most so many.
        max_age_s: seconds that an answer is kept.
        clock: seconds, for tests.
    """

    def __init__(
        self,
        max_answers: int = MAX_KEPT_ANSWERS,
        max_age_s: float = MAX_AGE_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._max_answers = max_answers
        self._max_age_s = max_age_s
        self._clock = clock
        self._generation = ""
        self._kept: OrderedDict[IdempotencyKey, tuple[float, tuple[Event, ...]]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def cache_sizes(self) -> dict[str, int]:
        """Return the answers that are kept, for /metrics."""
        return {"idempotency_answers": len(self._kept)}

    async def events(
        self, answering: AsyncGenerator[Event, None], generation: str, key: IdempotencyKey | None
    ) -> AsyncGenerator[Event, None]:
        """Yield the events of the answer: played again where the request was answered before, else as they are made.

        Args:
            answering: Answerer.events; not begun where they are played again.
            generation: of the index, that it answers from.
        Raises:
            QuestionError: see Answerer.events.
        """
        self._forget(generation)
        played: list[Event] = []
        async with aclosing(answering):
            if key and key in self._kept:
                for event in self._kept[key][1]:
                    yield event
                return
            async for event in answering:
                if key:
                    played.append(event)
                    # Before it is sent: it is the sending that may fail.
                    if isinstance(event, Done):
                        self._keep(key, generation, played)
                yield event

    def _forget(self, generation: str) -> None:
        """Drop what is too old, and everything of another generation."""
        if generation != self._generation:
            self._kept.clear()
            self._generation = generation
        oldest = self._clock() - self._max_age_s
        while self._kept and next(iter(self._kept.values()))[0] < oldest:
            self._kept.popitem(last=False)

    def _keep(self, key: IdempotencyKey, generation: str, played: list[Event]) -> None:
        # Of two that ran side by side the first one stays; an answer that a swap overtook is not kept at all.
        if generation == self._generation and key not in self._kept:
            self._kept[key] = (self._clock(), tuple(played))
            if len(self._kept) > self._max_answers:
                self._kept.popitem(last=False)
