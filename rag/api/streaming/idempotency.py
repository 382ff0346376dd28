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

KEPT_ANSWERS = 256
"""With the candidates of each, some 20 kB an answer: 5 MB."""
KEPT_S = 600.0


@dataclass(frozen=True, slots=True)
class Mark:
    """What makes a request the same one again; another body under the same id is another question.

    Args:
        caller: whose request it is, e.g. the name of its key; "" where nobody is told apart.
        request_id: as the client sent it.
        digest: of route and body.
    """

    caller: str
    request_id: str
    digest: bytes


def mark_request(request_id: str | None, path: str, body: bytes, caller: str = "") -> Mark | None:
    """Return the mark of a request, or None for one that brought no id and so cannot be repeated."""
    if request_id is None:
        return None
    return Mark(caller, request_id, hashlib.sha256(path.encode() + b"\0" + body).digest())


class Replay:
    """Finished answers by their requests' marks, the oldest dropped first; belongs to one event loop.

    Args:
        kept_answers: at most so many.
        kept_s: seconds that an answer is kept.
        clock: seconds, for tests.
    """

    def __init__(
        self, kept_answers: int = KEPT_ANSWERS, kept_s: float = KEPT_S, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._kept_answers = kept_answers
        self._kept_s = kept_s
        self._clock = clock
        self._generation = ""
        self._kept: OrderedDict[Mark, tuple[float, tuple[Event, ...]]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    async def events(
        self, answering: AsyncGenerator[Event, None], generation: str, mark: Mark | None
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
            if mark and mark in self._kept:
                for event in self._kept[mark][1]:
                    yield event
                return
            async for event in answering:
                if mark:
                    played.append(event)
                    # Before it is sent: it is the sending that may fail.
                    if isinstance(event, Done):
                        self._keep(mark, generation, played)
                yield event

    def _forget(self, generation: str) -> None:
        """Drop what is too old, and everything of another generation."""
        if generation != self._generation:
            self._kept.clear()
            self._generation = generation
        oldest = self._clock() - self._kept_s
        while self._kept and next(iter(self._kept.values()))[0] < oldest:
            self._kept.popitem(last=False)

    def _keep(self, mark: Mark, generation: str, played: list[Event]) -> None:
        # Of two that ran side by side the first one stays; an answer that a swap overtook is not kept at all.
        if generation == self._generation and mark not in self._kept:
            self._kept[mark] = (self._clock(), tuple(played))
            if len(self._kept) > self._kept_answers:
                self._kept.popitem(last=False)
