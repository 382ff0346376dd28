"""Composition of the online side: Query → Answer | refusal, as a stream of events.

question → retrieve → evidence → refuse?  → LLM, statement by statement verified → Answer
                                          ↘ extracted sentences ───────────────↗
"""

import functools
import logging
import time
import uuid
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import anyio.to_thread

from index.embed import Embedder
from index.store import Generation
from rag.cite import Draft, Quote, StatementSplitter, Verifier, make_citation, put_marker, tidy
from rag.errors import ChatModelError, FallbackReason, QuestionError
from rag.extract import Evidence, find_evidence, select_evidence
from rag.prompt import NOT_FOUND, build_prompt
from rag.question import Reading, read_question
from rag.records import (
    Answer,
    Citation,
    Cited,
    Delta,
    Done,
    Event,
    Generator,
    Passage,
    Query,
    Refusal,
    RefusalReason,
    Retrieved,
    Statement,
    Status,
    Struck,
    Timings,
    Usage,
)
from rag.refuse import find_refusal, keep_dated
from rag.retrieve import Retrieval, Retriever
from rag.wording import frame, refusal_message

if TYPE_CHECKING:
    from rag.llm import ChatModel  # imports httpx, which an extractive answer does without

log = logging.getLogger(__name__)
T = TypeVar("T")
NEAREST = 3


@dataclass(frozen=True, slots=True)
class AnswerOptions:
    """What an operator sets: tokens of the LLM's context and answer, own templates, length of a question."""

    context_tokens: int = 8192
    answer_tokens: int = 800
    prompts_dir: Path | None = None
    max_question_characters: int = 2000


@dataclass(slots=True)
class _Draft:
    """The answer while it is written: text so far, with its statements and citations."""

    text: str = ""
    statements: list[Statement] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    struck: list[Struck] = field(default_factory=list)

    def add(self, text: str, quote: Quote, tail: str = "") -> Iterator[Event]:
        """Append a verified statement and yield what a listener must hear."""
        known = next((c for c in self.citations if (c.article_id, c.start, c.end) == _place(quote)), None)
        citation = known or make_citation(len(self.citations) + 1, quote)
        if not known:
            self.citations.append(citation)
            yield Cited(citation)
        marked = put_marker(text, citation.n)
        gap = "" if not self.text or self.text.endswith("\n") or not marked[0].isascii() else " "
        start = len(self.text) + len(gap)
        self.text += gap + marked + tail
        self.statements.append(Statement(marked, start, start + len(marked), (citation.n,), "verified"))
        yield Delta(gap + marked + tail)


@dataclass(frozen=True, slots=True)
class _Ground:
    """What the answer can stand on: found before a word is written."""

    reading: Reading
    retrieval: Retrieval
    evidence: tuple[Evidence, ...]
    refusal: RefusalReason | None


class Answerer:
    """Answers questions from one generation of the index. Thread-safe; owns nothing that it is given.

    Args:
        generation: opened index.
        embedder: the model that the generation was built with.
        chat: the LLM, or None for extractive answers.
        options: see AnswerOptions.
    """

    def __init__(
        self,
        generation: Generation,
        embedder: Embedder,
        chat: "ChatModel | None" = None,
        options: AnswerOptions | None = None,
    ) -> None:
        self.generation = generation
        self._embedder = embedder
        self._chat = chat
        self._options = options or AnswerOptions()
        self.retriever = Retriever(generation, embedder)

    async def answer(self, query: Query) -> Answer:
        """Return the whole Answer.

        Raises:
            QuestionError: the question is too long, or its date range is empty.
        """
        async with aclosing(self.events(query)) as events:
            async for event in events:
                if isinstance(event, Done):
                    return event.answer
        raise AssertionError("the last event is always Done")

    async def events(self, query: Query) -> AsyncGenerator[Event, None]:
        """Yield Retrieved, then Delta and Cited as statements are verified, at last Done.

        The deltas joined are the answer: a statement that code could not verify is never sent.

        Raises:
            QuestionError: see `answer`.
        """
        started = time.perf_counter()
        timings = Timings()
        self.check(query)
        if not query.text.strip():
            reading = read_question(" ".join(message.content for message in query.history) or "？")
            yield self._refuse(query, _Ground(reading, _NOTHING, (), "unclear"), timings, started)
            return
        ground = await _in_thread(functools.partial(self._find_ground, query, timings))
        yield Retrieved([make_citation(p.rank, _whole(p)) for p in ground.retrieval.passages])
        if ground.refusal:
            yield self._refuse(query, ground, timings, started)
            return
        draft = _Draft()
        reason: FallbackReason | None = "no_llm"
        usage: Usage | None = None
        if self._chat:
            outcome = _Outcome()
            async with aclosing(self._generate(query, ground, draft, timings, outcome)) as events:
                async for event in events:
                    yield event
            reason, usage = outcome.failure, outcome.usage
            if outcome.found_nothing and not draft.statements:
                yield self._refuse(query, replace(ground, refusal="not_found"), timings, started, written=True)
                return
        by_llm = bool(draft.statements)
        if not by_llm:
            for event in await _in_thread(functools.partial(self._extract, ground, draft, timings)):
                yield event
        generator = Generator(
            "llm" if by_llm else "extractive",
            self._chat.name if by_llm and self._chat else None,
            reason if reason or by_llm else "unsupported",
        )
        status: Status = "partial" if by_llm and (reason or draft.struck) else "answered"
        yield Done(self._finish(query, ground, draft, status, generator, timings, started, usage))

    def check(self, query: Query) -> None:
        """Raise QuestionError when the question is too long or its date range is empty."""
        limit = self._options.max_question_characters
        if len(query.text) > limit:
            raise QuestionError(
                f"the question has {len(query.text)} characters, at most {limit} are read: shorten it",
                param="question",
                code="too_long",
            )
        if query.first and query.last and query.first.first_day > query.last.last_day:
            raise QuestionError(
                f"the date range {query.first.value} to {query.last.value} is empty: swap its ends",
                param="from",
                code="bad_range",
            )

    def _find_ground(self, query: Query, timings: Timings) -> _Ground:
        reading = read_question(query.text)
        retrieval = self.retriever.retrieve(query, timings)
        started = time.perf_counter()
        ranked = find_evidence(query.text, reading, retrieval.passages, self.generation.lexical, self._embedder)
        dated = keep_dated(reading, ranked, retrieval, self.generation)
        refusal = find_refusal(reading, retrieval, dated, self.generation)
        timings.stages["rerank"] = _milliseconds(started)
        return _Ground(reading, retrieval, tuple(dated), refusal)

    async def _generate(
        self, query: Query, ground: _Ground, draft: _Draft, timings: Timings, outcome: "_Outcome"
    ) -> AsyncGenerator[Event, None]:
        """Stream the LLM's completion, verify each statement as it is complete, yield what holds."""
        assert self._chat is not None
        started = time.perf_counter()
        prompt = build_prompt(
            query.text,
            ground.retrieval.passages,
            ground.reading.language,
            budget_tokens=self._options.context_tokens - self._options.answer_tokens,
            prompts_dir=self._options.prompts_dir,
        )
        verifier = await _in_thread(functools.partial(Verifier, prompt.used, self.generation.lexical))
        timings.stages["prompt"] = _milliseconds(started)
        splitter = StatementSplitter()
        started = time.perf_counter()
        stream = self._chat.stream(prompt.messages, max_tokens=self._options.answer_tokens)
        try:
            async with aclosing(stream) as pieces:
                async for piece in pieces:
                    if isinstance(piece, Usage):
                        outcome.usage = piece
                        continue
                    if timings.stages["llm_first_token"] is None:
                        timings.stages["llm_first_token"] = _milliseconds(started)
                    for done in splitter.feed(piece):
                        for event in await self._take(done, verifier, draft, timings, outcome):
                            yield event
            cut = outcome.usage is not None and outcome.usage.cut  # then the last sentence is half a sentence
            for done in () if cut else splitter.finish():
                for event in await self._take(done, verifier, draft, timings, outcome):
                    yield event
        except ChatModelError as error:
            log.warning("LLM: %s: %s", error.reason, error)
            outcome.failure = error.reason
        timings.stages["llm"] = _milliseconds(started)

    async def _take(
        self, done: Draft, verifier: Verifier, draft: _Draft, timings: Timings, outcome: "_Outcome"
    ) -> list[Event]:
        if NOT_FOUND in done.text:
            outcome.found_nothing = True
            return []
        started = time.perf_counter()
        verdict = await _in_thread(functools.partial(verifier.verify, done))
        timings.stages["verify"] = round((timings.stages["verify"] or 0) + _milliseconds(started), 2)
        if verdict.quote is None:
            draft.struck.append(Struck(done.text, verdict.problems))
            return []
        return list(draft.add(done.text, verdict.quote, done.tail))

    def _extract(self, ground: _Ground, draft: _Draft, timings: Timings) -> list[Event]:
        started = time.perf_counter()
        events: list[Event] = []
        for evidence in select_evidence(ground.evidence):
            quote = Quote(evidence.passage, evidence.start, evidence.end, evidence.text)
            events += draft.add(frame(tidy(evidence.text), ground.reading.language), quote, "\n")
        draft.text = draft.text.rstrip("\n")
        events[-1] = Delta(events[-1].text.rstrip("\n")) if isinstance(events[-1], Delta) else events[-1]
        timings.stages["verify"] = _milliseconds(started)
        return events

    def _refuse(
        self, query: Query, ground: _Ground, timings: Timings, started: float, *, written: bool = False
    ) -> Done:
        assert ground.refusal is not None
        message = refusal_message(ground.refusal, ground.reading, self.generation.days)
        first_of = {passage.article_id: passage for passage in reversed(ground.retrieval.passages)}
        best = sorted(first_of.values(), key=lambda passage: passage.rank)[:NEAREST]
        nearest = tuple(make_citation(number + 1, _opening(passage)) for number, passage in enumerate(best))
        reason: FallbackReason | None = None if self._chat else "no_llm"
        generator = Generator(
            "llm" if written else "extractive", self._chat.name if written and self._chat else None, reason
        )
        answer = self._finish(query, ground, _Draft(text=message), "refused", generator, timings, started, None)
        return Done(replace(answer, refusal=Refusal(ground.refusal, message, nearest)))

    def _finish(
        self,
        query: Query,
        ground: _Ground,
        draft: _Draft,
        status: Status,
        generator: Generator,
        timings: Timings,
        started: float,
        usage: Usage | None,
    ) -> Answer:
        timings.stages["total"] = _milliseconds(started)
        article_of = ground.retrieval.articles
        for citation in draft.citations:  # the promise of the whole service, checked once more before it leaves
            assert article_of[citation.article_id].text[citation.start : citation.end] == citation.quote
        return Answer(
            id=uuid.uuid4().hex,
            question=query.text,
            status=status,
            refusal=None,
            answer=draft.text,
            statements=tuple(draft.statements),
            citations=tuple(draft.citations),
            as_of=max((citation.date for citation in draft.citations if citation.date), default=None),
            generator=generator,
            interpreted={
                "from": query.first.value if query.first else None,
                "to": query.last.value if query.last else None,
                "rewritten_question": None,
            },
            timings_ms=dict(timings.stages),
            usage=_counts(usage),
            index_generation=self.generation.manifest.generation,
            struck=tuple(draft.struck),
        )


@dataclass(slots=True)
class _Outcome:
    """What became of the LLM's completion besides its statements."""

    failure: FallbackReason | None = None
    usage: Usage | None = None
    found_nothing: bool = False


_NOTHING = Retrieval((), {}, 0.0, 0.0)


async def _in_thread(work: Callable[[], T]) -> T:
    """Run CPU work off the event loop."""
    return await anyio.to_thread.run_sync(work)


def _milliseconds(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 2)


def _counts(usage: Usage | None) -> dict[str, int] | None:
    if usage is None:
        return None
    return {
        "prompt_tokens": usage.prompt_tokens,
        "completion_tokens": usage.completion_tokens,
        "total_tokens": usage.total_tokens,
    }


def _place(quote: Quote) -> tuple[str, int, int]:
    return quote.passage.article_id, quote.start, quote.end


def _whole(passage: Passage) -> Quote:
    return Quote(passage, passage.start, passage.end, passage.text)


def _opening(passage: Passage) -> Quote:
    """The passage's beginning, to recognise it by."""
    from index.sentences import split_sentences

    _start, end = split_sentences(passage.text)[0]
    text = passage.text[:end].rstrip()
    return Quote(passage, passage.start, passage.start + len(text), text)
