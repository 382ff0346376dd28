"""Messages → the LLM's verified statements, as events; what fails is asked for once more, then rejected.

completion, statement by statement → quotes found: sent at once
                                   ↘ not: kept with its problems → one more turn → verified: sent; else rejected
"""

import asyncio
import functools
import logging
import re
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import TypeVar

import anyio
import anyio.to_thread
from anyio.lowlevel import RunVar

from index.language.terms import Lexicon
from index.search.lexical_index import LexicalIndex
from rag.errors import ChatModelError, FallbackReason
from rag.generation.answer_builder import AnswerBuilder, AnswerContent
from rag.generation.prompt import NOT_FOUND, Prompt, build_correction
from rag.llm.protocol import ChatModel
from rag.question.language import detect_language
from rag.records import Event, Language, RejectedStatement, Timings, Usage
from rag.verification.statements import ModelStatement, StatementSplitter
from rag.verification.verifier import Verdict, Verifier

log = logging.getLogger(__name__)
T = TypeVar("T")
MAX_REPEATS = 3
"""Times that the LLM may say again what it has said before it is stopped."""
MAX_CORRECTED = 8
"""Statements that one more turn may correct: where more fail, the completion is no answer."""
MIN_LEFT_S = 0.5
"""Time that must be left for one more turn."""
_judging: RunVar[anyio.CapacityLimiter] = RunVar("judging")
"""Lets one statement be judged at a time, of all questions of an event loop: more threads would only wait for each other's
lock. A limiter belongs to its event loop, and a process may have several (rag.engine)."""
_WORDS = re.compile(r"[A-Za-z]{2,}")
_ENGLISH = re.compile(r"\b[A-Za-z]+ [a-z]{2,} [a-z]{2,}")
_HAN = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Completion:
    """What the LLM has written, and what became of it; the last thing that a writer yields.

    Args:
        model, prompt_version: who was asked, and how.
        content: the statements that hold.
        rejected: those that do not and were not corrected, each once.
        failure: why it ended early, or never began.
        usage: tokens of all turns.
        found_nothing: the LLM said that the passages do not answer.
        removed_markers: markers that pointed to no passage.
    """

    model: str
    prompt_version: str
    content: AnswerContent
    rejected: tuple[RejectedStatement, ...]
    failure: FallbackReason | None
    usage: Usage | None
    found_nothing: bool
    removed_markers: int

    @property
    def is_whole(self) -> bool:
        """Whether it came to its end and nothing of it was rejected."""
        is_cut = self.usage is not None and self.usage.cut
        return not (self.failure or self.rejected or is_cut)


@dataclass(slots=True)
class _Progress:
    """What is known of a completion while it comes in.

    Args:
        ended: it puts full stops, so that a last sentence without one is half a sentence.
        failed: statements that were not verified, with their problems.
    """

    failure: FallbackReason | None = None
    usage: Usage | None = None
    found_nothing: bool = False
    repeats: int = 0
    removed_markers: int = 0
    ended: bool = False
    said: str = ""
    failed: list[tuple[ModelStatement, tuple[str, ...]]] = field(default_factory=list)

    @property
    def is_cut(self) -> bool:
        """Whether the LLM had to stop in the middle of its answer."""
        return self.usage is not None and self.usage.cut

    def rejected(self) -> tuple[RejectedStatement, ...]:
        """What failed and was not corrected: each statement once, with its problems."""
        distinct = {draft.text: problems for draft, problems in self.failed}
        return tuple(RejectedStatement(text, problems) for text, problems in distinct.items())


class LlmAnswerWriter:
    """Has the LLM answer one question, and lets through what its passages say.

    Args:
        chat: the LLM.
        prompt: messages and the passages in them.
        language: of the question; a statement in another one is not an answer to it.
        builder: empty; takes the verified statements.
        timings: gets llm, llm_first_token and verify in milliseconds.
        answer_tokens: of one completion.
    """

    def __init__(
        self,
        chat: ChatModel,
        prompt: Prompt,
        language: Language,
        builder: AnswerBuilder,
        timings: Timings,
        *,
        answer_tokens: int,
    ) -> None:
        self._progress = _Progress()
        self._chat = chat
        self._prompt = prompt
        self._language = language
        self._builder = builder
        self._stages = timings.stages
        self._answer_tokens = answer_tokens

    async def write(self, lexical: LexicalIndex, lexicon: Lexicon) -> AsyncGenerator[Event | Completion, None]:
        """Yield the events of the verified statements, those of the first turn while it comes in; last the Completion.

        Args:
            lexical, lexicon: the archive's, by which statements are compared with passages.
        """
        # While the LLM reads the passages: its first statement is a second away, and reading them takes us 5 to 30 ms.
        making = functools.partial(Verifier, self._prompt.used, lexical, lexicon)
        verifier = asyncio.create_task(_in_thread(making))
        try:
            async with aclosing(self._write(verifier)) as events:
                async for event in events:
                    yield event
        finally:
            verifier.cancel()
        progress = self._progress
        yield Completion(
            self._chat.name,
            self._prompt.version,
            self._builder.content(),
            progress.rejected(),
            progress.failure,
            progress.usage,
            progress.found_nothing,
            progress.removed_markers,
        )

    async def _write(self, verifier: "asyncio.Task[Verifier]") -> AsyncGenerator[Event, None]:
        started = time.perf_counter()
        try:
            async with aclosing(self._stream(verifier, started)) as events:
                async for event in events:
                    yield event
            if self._may_correct(started):
                asked, before = len(self._progress.failed), len(self._builder)
                for draft in await self._correct(started):
                    for event in await self._take(draft, verifier):
                        yield event
                if len(self._progress.failed) == asked <= len(self._builder) - before:
                    self._progress.failed.clear()  # each of them was said again, and rightly
        except ChatModelError as error:
            log.warning("LLM: %s: %s", error.reason, error)
            self._progress.failure = error.reason
        self._stages["llm"] = _milliseconds(started)

    async def _stream(self, verifier: "asyncio.Task[Verifier]", started: float) -> AsyncGenerator[Event, None]:
        """The first completion: each statement is verified as soon as it is whole."""
        progress, splitter = self._progress, StatementSplitter()
        async with aclosing(self._chat.stream(self._prompt.messages, max_tokens=self._answer_tokens)) as pieces:
            async for piece in pieces:
                if isinstance(piece, Usage):
                    progress.usage = piece
                    continue
                progress.said += piece
                self._stages["llm_first_token"] = self._stages["llm_first_token"] or _milliseconds(started)
                for draft in splitter.feed(piece):
                    for event in await self._take(draft, verifier):
                        yield event
                if progress.repeats >= MAX_REPEATS:
                    break  # small models can go round in circles until the tokens run out
        for draft in () if progress.is_cut else splitter.finish():  # then the last sentence is half a sentence
            for event in await self._take(draft, verifier):
                yield event

    async def _take(self, draft: ModelStatement, making: "asyncio.Task[Verifier]") -> list[Event]:
        """Verify one statement; it joins the answer, or is kept with its problems."""
        progress = self._progress
        if NOT_FOUND in draft.text:
            progress.found_nothing = True
            return []
        verifier = await asyncio.shield(making)  # a cancelled statement must not cancel what the next one waits for
        progress.removed_markers += sum(marker not in verifier.ranks for marker in draft.markers)
        started = time.perf_counter()
        verdict = await _in_thread(functools.partial(self._judge, draft, verifier))
        progress.ended = progress.ended or draft.is_ended
        self._stages["verify"] = round((self._stages["verify"] or 0) + _milliseconds(started), 2)
        if self._builder.contains(draft.text):
            progress.repeats += 1
            return []
        if verdict.problems:
            progress.failed.append((draft, verdict.problems))
            return []
        return self._builder.append_statement(draft.text, verdict.quotes, draft.tail)

    def _judge(self, draft: ModelStatement, verifier: Verifier) -> Verdict:
        """The verifier's verdict, and none in the statement's favour where it is in another language than the question."""
        if _is_foreign(draft.text, self._language):
            return Verdict((), ("wrong_language",))
        verdict = verifier.verify(draft)
        if draft.is_dangling or (self._progress.ended and draft.is_open) or (verdict.problems and not draft.is_whole):
            return Verdict((), ("unfinished", *verdict.problems))
        return verdict

    def _may_correct(self, started: float) -> bool:
        """Whether one more turn is worth it: something failed, and there is time."""
        progress = self._progress
        is_round = progress.repeats >= MAX_REPEATS or progress.is_cut
        left_s = self._chat.total_timeout_s - (time.perf_counter() - started)
        return 0 < len(progress.failed) <= MAX_CORRECTED and not is_round and left_s > MIN_LEFT_S

    async def _correct(self, started: float) -> list[ModelStatement]:
        """Name the problems to the LLM and return what it says then; nothing where it fails or takes too long."""
        progress = self._progress
        failed = [(draft.text, problems) for draft, problems in progress.failed]
        messages = build_correction(self._prompt, progress.said, failed, self._language)
        said: list[str] = []
        with anyio.move_on_after(self._chat.total_timeout_s - (time.perf_counter() - started)):
            try:
                async with aclosing(self._chat.stream(messages, max_tokens=self._answer_tokens)) as pieces:
                    async for piece in pieces:
                        if isinstance(piece, Usage):
                            progress.usage = _add(progress.usage, piece)
                        else:
                            said.append(piece)
            except ChatModelError as error:
                log.warning("LLM, asked to correct: %s: %s", error.reason, error)
                return []
        splitter = StatementSplitter()
        return [*splitter.feed("".join(said)), *splitter.finish()]


def _is_foreign(text: str, language: Language) -> bool:
    """Whether a statement is in another language than the question; figures and codes alone are in none."""
    if len(_WORDS.findall(text)) < 2 and not _HAN.search(text):
        return False
    if language == "zh" and _ENGLISH.search(text):
        return True  # Here is the answer: 2023年…
    return detect_language(text) != language


def _add(first: Usage | None, second: Usage) -> Usage:
    if first is None:
        return second
    return Usage(
        first.prompt_tokens + second.prompt_tokens,
        first.completion_tokens + second.completion_tokens,
        first.total_tokens + second.total_tokens,
        first.cut,
    )


async def _in_thread(work: Callable[[], T]) -> T:
    """Run CPU work off the event loop, and never behind whole questions: a statement takes two milliseconds."""
    try:
        limiter = _judging.get()
    except LookupError:
        limiter = anyio.CapacityLimiter(1)
        _judging.set(limiter)
    return await anyio.to_thread.run_sync(work, limiter=limiter)


def _milliseconds(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 2)
