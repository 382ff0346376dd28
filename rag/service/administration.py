"""Documents added and withdrawn while the service runs: one building process at a time, then its generation is served."""

import logging
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
import msgspec

from index import errors
from index.build.jobs import BuildJob, Failure, Outcome
from index.errors import IndexBusyError, IndexingError, UnknownDocumentError
from index.records import spellings
from index.store import Generation
from index.store.documents import posted_sources
from index.store.generations import generations_back
from index.store.ledger import Ledger, read_ledger
from index.store.withdraw import describe_unknown
from rag.config import Settings
from rag.service.live_index import LiveIndex

log = logging.getLogger(__name__)
MAX_WAITING = 3
"""Requests that wait for the one whose build is running; the next one is told to come back."""
BUILD_DEADLINE_S = 1800.0
"""How long a posted build may take. At 20,000 articles it takes half a minute, or a quarter of an hour if all are read anew."""
WRITER_WAIT_S = 5.0
"""How long a build waits for another process, such as `wenju index`, that writes the same index."""


@dataclass(frozen=True, slots=True)
class Held:
    """One file of the index, or a document that is withdrawn.

    Args:
        state: "served", or "withdrawn".
        posted: whether it came by HTTP; withdrawing it removes it.
        articles: that begin in it.
        first, last: the dates of its articles, as they are known: "YYYY-MM-DD", "YYYY-MM" or "YYYY"; None where unknown.
    """

    source: str
    state: str
    posted: bool = False
    articles: int = 0
    rejected: int = 0
    first: str | None = None
    last: str | None = None


@dataclass(frozen=True, slots=True)
class Holdings:
    """A page of what the index holds, by name.

    Args:
        total: of all pages.
        next: what the next page begins after; None on the last one.
    """

    documents: list[Held]
    total: int
    next: str | None
    index_generation: str


class Administration:
    """Adds, withdraws and lists documents for the routes.

    Args:
        settings: index folder, model, dictionary.
        live: what follows the generations that are published.
        max_waiting: requests that may wait for the one whose build is running.
        writer_wait_s: how long a build waits for another process that writes the same index.
        build_deadline_s: how long a build may take before it is ended.
    """

    def __init__(
        self,
        settings: Settings,
        live: LiveIndex,
        *,
        max_waiting: int = MAX_WAITING,
        writer_wait_s: float = WRITER_WAIT_S,
        build_deadline_s: float = BUILD_DEADLINE_S,
    ) -> None:
        self._max_waiting = max_waiting
        self._writer_wait_s = writer_wait_s
        self._build_deadline_s = build_deadline_s
        self._settings = settings
        self._live = live
        self._builds = anyio.CapacityLimiter(1)

    async def add(self, documents: Sequence[dict[str, Any]]) -> Outcome:
        """Keep what can be read of the documents; return when they are served.

        Raises:
            IndexBusyError: too many wait, or another process writes the index.
            IndexingError: building failed; nothing is changed.
        """
        return await self._build(documents=list(documents))

    async def withdraw(self, source: str) -> Outcome:
        """Take a document out; return when nothing here answers from it any more.

        Raises:
            UnknownDocumentError: there is none of this name.
            UnreadableError: it cannot be taken out by itself.
            IndexBusyError, IndexingError: see `add`.
        """
        await self._live.refresh()  # another worker may have added it just now
        generation = (await self._live.answerer()).generation
        await anyio.to_thread.run_sync(self._check_known, source, generation)
        return await self._build(withdraw=source)

    async def holdings(self, after: str, limit: int) -> Holdings:
        """Return a page of the index's files and of what is withdrawn, by name.

        Args:
            after: the name after which it begins; empty for the first page.
        """
        generation = (await self._live.answerer()).generation
        return await anyio.to_thread.run_sync(self._page, generation, after, limit)

    async def _build(self, **what: Any) -> Outcome:
        queue = self._builds.statistics()
        if queue.borrowed_tokens and queue.tasks_waiting >= self._max_waiting:
            raise IndexBusyError("the index is being built, and others wait already: try again in a moment")
        # Own limiter: a build would otherwise keep a thread from answering. Not abandoned when its client leaves.
        outcome = await anyio.to_thread.run_sync(self._run, what, limiter=self._builds)
        if outcome.failure:
            raise _error_of(outcome.failure)
        if outcome.generation:
            await self._live.refresh(again=True)
            if self._live.error:
                raise IndexingError(
                    f"generation {outcome.generation} was built and cannot be served: {self._live.error}"
                )
        return outcome

    def _run(self, what: Mapping[str, Any]) -> Outcome:
        settings = self._settings
        dictionary = str(settings.dictionary.absolute()) if settings.dictionary else None
        places = (str(settings.index_dir.absolute()), str(settings.cache_dir.absolute()))
        order = BuildJob(
            *places,
            settings.embedding_model,
            dictionary,
            self._writer_wait_s,
            **what,
            deadline_s=self._build_deadline_s,
        )
        # The folder that this package is imported from, so that the process runs the code that the service runs. A
        # session of its own: Ctrl-C stops the service, and lets a build come to its end.
        done = subprocess.run(  # our own interpreter and module; what was posted goes through stdin
            [sys.executable, "-m", "index.build.worker"],
            input=msgspec.json.encode(order),
            capture_output=True,
            cwd=Path(__file__).parents[2],
            start_new_session=True,
            check=False,
        )
        try:
            return msgspec.json.decode(done.stdout, type=Outcome)
        except msgspec.MsgspecError:
            log.error("the building process ended with %s: %s", done.returncode, done.stderr.decode("utf-8", "replace"))
            raise IndexingError(
                f"the building process ended unexpectedly ({done.returncode}; below 0: killed by this signal, 9 often for "
                f"want of memory); the log has what it said, and the index is as it was"
            ) from None

    def _check_known(self, source: str, generation: Generation) -> None:
        """Say at once that there is no such document: a process that builds would say it after a second."""
        catalogue, ledger = generation.catalogue, self._ledger_of(generation)
        known = {*catalogue.files(), *ledger.posted, *ledger.withdrawn.names}
        if not any(it in known or catalogue.sources_of(it) for it in spellings(source)):
            raise UnknownDocumentError(describe_unknown(source, sorted(known)))

    def _ledger_of(self, generation: Generation) -> Ledger:
        """What a generation knows of: a worker that lags behind lists what it answers from."""
        if generation.ledger is None and generation.manifest.settings.get("withdrawn"):  # an earlier version's
            return read_ledger(self._settings.index_dir, generations_back(self._settings.index_dir))
        return generation.ledger or Ledger()

    def _page(self, generation: Generation, after: str, limit: int) -> Holdings:
        files, ledger = generation.catalogue.files(), self._ledger_of(generation)
        posted = posted_sources(generation, ledger)
        # What is withdrawn and was posted since is there: once.
        names = sorted({*files, *ledger.withdrawn.names})
        page = [name for name in names if name > after][: limit + 1]
        held = []
        for name in page[:limit]:
            if name not in files:
                held.append(Held(name, "withdrawn"))
                continue
            articles, first, last = generation.catalogue.held(name)
            dates = (first.value if first else None, last.value if last else None)
            held.append(Held(name, "served", name in posted, articles, files[name].rejected, *dates))
        following = page[limit - 1] if len(page) > limit else None
        return Holdings(held, len(names), following, generation.manifest.generation)


def _error_of(failure: Failure) -> IndexingError:
    """The error that the building process met."""
    if failure.code:
        return errors.UnreadableError(failure.code, failure.message, failure.remedy)
    kind = getattr(errors, failure.kind, IndexingError)
    return kind(failure.message)
