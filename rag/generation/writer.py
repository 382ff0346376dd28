"""Messages → the LLM's verified statements, as events, in its order; what fails is mended in its place, or rejected.

completion ─ statement by statement ─ verifier ─► StatementQueue ─► events
                                        ▲            │ failed
                                        └── reply ◄──┴ a short request of its own (mending), while the completion goes on
"""

import asyncio
import logging
import re
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import replace

from rag.errors import ChatModelError
from rag.generation.answer_builder import AnswerBuilder
from rag.generation.checking import StatementChecker
from rag.generation.cohesion import is_lead_in
from rag.generation.completion import CHARACTERS_PER_TOKEN, MAX_ABSENCES, Completion, Progress, is_readable
from rag.generation.mending import REPLY_CHARACTERS, build_request, may_help, read_reply
from rag.generation.messages import not_mentioned
from rag.generation.prompt import NOT_FOUND, Prompt
from rag.generation.scope import Scope
from rag.generation.service_words import without_service_words
from rag.generation.statement_queue import Checked, Place, StatementQueue
from rag.llm.protocol import ChatModel
from rag.records import Event, Language, Message, Timings, Usage
from rag.verification.absence import says_nothing_found
from rag.verification.archive import Archive
from rag.verification.citations import Quote
from rag.verification.statements import ModelStatement, StatementSplitter
from rag.verification.verifier import Verdict

log = logging.getLogger(__name__)
MAX_MENDED = 5
"""Statements of an answer that are mended; where more fail, the completion is no answer, and the others are struck."""
MENDED_AT_ONCE = 2
"""Requests of one answer at the same time: what is said after a statement waits until it is mended, and an LLM that takes one
request at a time only puts the second behind the first."""
MAX_MENDING_SHARE = 1 / 4
"""Share of the time for an answer that one request may take: what holds waits behind it."""
MIN_LEFT_S = 0.5
"""Time that must be left for a request."""
GRACE_S = 0.5
"""Time behind that for an answer in which what the LLM said last is still held against the reports."""
_WORD = re.compile(r"\w")


class LlmAnswerWriter:
    """Has the LLM answer one question, and lets through what its passages say.

    Args:
        chat: the LLM.
        prompt: messages and the passages in them.
        language: of the question; a statement in another one is not an answer to it.
        scope: what the question confines its answer to; a mended statement must keep to it.
        is_told: whether the archive tells something, asked where the LLM says that the reports do not; takes a while.
        builder: empty; takes the verified statements.
        timings: gets llm, llm_first_token and verify in milliseconds.
        answer_tokens: of one completion.
    """

    def __init__(
        self,
        chat: ChatModel,
        prompt: Prompt,
        language: Language,
        scope: Scope,
        is_told: Callable[[str], Awaitable[bool]],
        builder: AnswerBuilder,
        timings: Timings,
        *,
        answer_tokens: int,
    ) -> None:
        self._progress = Progress(left=answer_tokens * CHARACTERS_PER_TOKEN)
        self._chat = chat
        self._prompt = prompt
        self._language = language
        self._scope = scope
        self._is_told = is_told
        self._builder = builder
        self._stages = timings.stages
        self._checker = StatementChecker(language, timings)
        self._answer_tokens = answer_tokens
        self._queue = StatementQueue(builder, self._start_mending)
        self._at_once = asyncio.Semaphore(MENDED_AT_ONCE)
        self._events: asyncio.Queue[Event | None] = asyncio.Queue()
        self._started = 0.0
        self._is_poisoned = (
            False  # whether a passage had something planted: then "nothing found" may be said on command
        )

    async def write(self, archive: Archive, question: str) -> AsyncGenerator[Event | Completion, None]:
        """Yield the events of the statements that hold, as soon as all before them is decided; last the Completion.

        It ends GRACE_S after the time that the LLM has for an answer, with what was verified until then. Closing it early ends
        all requests.

        Args:
            archive: what statements are compared with besides the passages.
            question: what is asked.
        """
        self._started = time.perf_counter()
        self._is_poisoned = any(archive.planted(passage) for passage in self._prompt.used)
        self._checker.prepare(self._prompt.used, archive, question)
        writing = asyncio.create_task(self._write())
        writing.add_done_callback(lambda _task: self._events.put_nowait(None))
        try:
            while (event := await self._events.get()) is not None:
                yield event
            writing.result()  # raises what went wrong in it
        finally:
            self._checker.close()
            writing.cancel()
            await asyncio.wait((writing,))
        yield self._complete()

    def _complete(self) -> Completion:
        progress, rejected, content = self._progress, self._queue.rejected(), self._builder.content()
        log.info(
            "LLM %s: %d statements stand, %d struck, %d asked for again",
            *(self._chat.name, len(content.statements), len(rejected), progress.asked),
        )
        return Completion(
            self._chat.name,
            self._prompt.version,
            content,
            rejected,
            progress.failure,
            progress.all_usage(),
            not self._is_poisoned
            and (
                progress.found_nothing
                or 0 < progress.taken_back == len(rejected)
                or (progress.absences > 0 and not content.statements)
            ),
            progress.removed_markers,
            progress.is_cut,
            progress.absences,
        )

    async def _write(self) -> None:
        try:
            async with asyncio.timeout(self._chat.total_timeout_s + GRACE_S), asyncio.TaskGroup() as self._mending:
                try:
                    await self._read_completion()
                except ChatModelError as error:
                    log.warning("LLM: %s: %s", error.reason, error)
                    self._progress.failure = error.reason
        except TimeoutError:
            log.warning("LLM %s: what it said could not all be verified in time", self._chat.name)
            self._progress.failure = "timeout"
            self._send(self._queue.close())
        self._stages["llm"] = _milliseconds(self._started)

    async def _read_completion(self) -> None:
        """Verify each statement as soon as it is whole."""
        progress, splitter = self._progress, StatementSplitter()
        async with aclosing(self._chat.stream(self._prompt.messages, max_tokens=self._answer_tokens)) as pieces:
            async for piece in pieces:
                if isinstance(piece, Usage):
                    progress.usage = piece
                    continue
                self._stages["llm_first_token"] = self._stages["llm_first_token"] or _milliseconds(self._started)
                read, progress.left = piece[: progress.left], progress.left - len(piece)
                for statement in splitter.feed(read):
                    await self._take(statement)
                    if progress.is_over:
                        break
                if progress.is_over:
                    break  # small models can go round in circles until the tokens run out
        for statement in () if progress.is_cut else splitter.finish():  # then the last sentence is half a sentence
            await self._take(statement)

    async def _take(self, statement: ModelStatement) -> None:
        """Verify one statement and put it in its place."""
        progress = self._progress
        progress.taken += 1
        if not is_readable(statement.text):
            progress.failure = "bad_reply"
            return
        if NOT_FOUND in statement.text or says_nothing_found(statement.claim):
            progress.found_nothing = True
            return
        statement = replace(statement, text=without_service_words(statement.text))
        if not _WORD.search(statement.claim):
            return  # a rule between paragraphs, or nothing
        ranks = {passage.rank for passage in self._prompt.used}
        progress.removed_markers += sum(marker not in ranks for marker in statement.markers)
        if statement.claim in progress.said:
            progress.repeats += 1
            return
        if not is_lead_in(statement.text):  # 时间： may announce something of each of several things
            progress.said.add(statement.claim)
        verdict = await self._checker.check(statement)
        if verdict.absence:
            statement, verdict = await self._as_absence(statement, verdict.absence)
        self._checker.expects_ends = self._checker.expects_ends or statement.is_ended
        self._send(self._queue.add(statement, verdict))

    async def _as_absence(self, statement: ModelStatement, what: str) -> tuple[ModelStatement, Verdict]:
        """What the LLM says that the reports do not tell, in the service's words; struck where the archive tells it."""
        self._progress.searched += 1
        if self._progress.searched > MAX_ABSENCES or await self._is_told(what):
            return statement, Verdict((), ("told_after_all",))
        self._progress.absences += 1
        return replace(statement, text=not_mentioned(what, self._language), markers=()), Verdict((), absence=what)

    def _start_mending(self, place: Place) -> bool:
        """Ask for a statement again where that can help, beside whatever else is going on."""
        nearest = self._nearest(place.first)
        left_s = self._chat.total_timeout_s - (time.perf_counter() - self._started)
        if self._progress.asked >= MAX_MENDED or left_s < MIN_LEFT_S:
            return False
        if nearest is None or not may_help(place.first.statement.text, place.problems):
            return False
        self._progress.asked += 1
        self._mending.create_task(self._mend(place, nearest))
        return True

    def _nearest(self, checked: Checked) -> Quote | None:
        """The stretch that carries a statement or comes nearest to it, else the beginning of the passage that it points to."""
        if found := checked.verdict.quote or checked.verdict.nearest:
            return found
        pointed = (passage for passage in self._prompt.used if passage.rank in checked.statement.markers)
        return next((Quote(passage, passage.start, passage.start, "") for passage in pointed), None)

    async def _mend(self, place: Place, nearest: Quote) -> None:
        """Ask for a statement again, and put what the LLM says then in its place if it holds."""
        first = place.first.statement
        async with self._at_once:
            said = await self._ask(build_request(first, place.problems, nearest, self._language))
        self._progress.taken_back += NOT_FOUND in said
        mended = []
        for statement in read_reply(said, first, place.problems, nearest) if is_readable(said) else ():
            verdict = await self._checker.check(statement)
            if verdict.absence:
                statement, verdict = await self._as_absence(statement, verdict.absence)
            if not verdict.problems:
                mended.append(Checked(statement, verdict))
        text = " ".join(checked.statement.text for checked in mended)
        quotes = [quote for checked in mended for quote in checked.verdict.quotes]
        if mended and not self._scope.keeps(first.text, text, quotes):
            mended = []
        self._send(self._queue.settle(place, mended))

    async def _ask(self, messages: Sequence[Message]) -> str:
        """What the LLM says; "" where it fails, takes too long, or is cut."""
        said = ""
        total_s = self._chat.total_timeout_s
        left_s = min(total_s - (time.perf_counter() - self._started), total_s * MAX_MENDING_SHARE)
        try:
            async with (
                asyncio.timeout(left_s),
                aclosing(self._chat.stream(messages, max_tokens=self._answer_tokens)) as pieces,
            ):
                async for piece in pieces:
                    if isinstance(piece, Usage):
                        self._progress.mending_usage.append(piece)
                        said = "" if piece.cut else said
                    elif len(said) < REPLY_CHARACTERS:
                        said += piece[:REPLY_CHARACTERS]
                    else:
                        break
        except (ChatModelError, TimeoutError) as error:
            log.warning("LLM, asked to mend a statement: %s", error or "no reply in time")
            return ""
        return said

    def _send(self, events: Sequence[Event]) -> None:
        for event in events:
            self._events.put_nowait(event)


def _milliseconds(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 2)
