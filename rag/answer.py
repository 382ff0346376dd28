"""Composition of the online side: Query → Answer, as a stream of events.

question → ground: passages, evidence → refuse?  → LLM, statement by statement verified → Answer
                                                 ↘ extracted sentences ───────────────↗
"""

import datetime
import functools
import logging
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from copy import copy
from dataclasses import dataclass, replace
from pathlib import Path

from index.embedding.embedder import Embedder
from index.language.sentences import split_sentences
from index.records import Article
from index.store.generations import Generation
from rag.errors import QuestionError
from rag.evidence.grounding import Ground, find_ground, no_ground
from rag.evidence.sentence_ranking import Evidence
from rag.generation.answer_builder import AnswerDraft
from rag.generation.extractive import compose
from rag.generation.markers import tidy
from rag.generation.messages import frame, in_kind, refusal_message
from rag.generation.prompt import build_prompt
from rag.generation.writer import Outcome, Writer
from rag.llm.protocol import ChatModel
from rag.question.conversation.rewrite import rewrite
from rag.question.language import writes_traditional
from rag.records import Answer, Citation, Done, Event, Generator, Passage, Query, Refusal, Retrieved, Status, Timings
from rag.retrieval.rerankers import CrossEncoderReranker
from rag.retrieval.retriever import Retriever
from rag.single_flight import SingleFlightCache
from rag.verification.citations import Quote, make_citation

log = logging.getLogger(__name__)
Articles = Mapping[str, Article]
NEAREST = 3
"""Articles that a refusal names as the nearest."""
LEAST_KEPT_FOR_CORRECTION = 8
"""At most this part of the LLM's context is kept free for one more turn, beside what the turn needs."""


@dataclass(frozen=True, slots=True)
class AnswerOptions:
    """What an operator sets.

    Args:
        context_tokens, answer_tokens: of the LLM.
        prompts_dir: own templates.
        cache_dir: where the English dictionary is kept; None makes it anew in every process.
        max_history_turns, max_history_characters: of the conversation that a question brings along.
        wrong_answer_cost: what a wrong answer costs, where a false refusal costs 1.
    """

    context_tokens: int = 8192
    answer_tokens: int = 800
    prompts_dir: Path | None = None
    cache_dir: Path | None = None
    max_question_characters: int = 2000
    max_history_turns: int = 40
    max_history_characters: int = 100_000
    wrong_answer_cost: float = 0.5


@dataclass(slots=True)
class _Task:
    """One question on its way through the stages, with what they leave behind."""

    query: Query
    started: float
    timings: Timings
    draft: AnswerDraft
    written: Outcome
    prompt_version: str | None = None
    is_partial: bool = False
    is_conflicting: bool = False


class Answerer:
    """Answers questions from one generation of the index. Thread-safe; owns nothing that it is given.

    Args:
        generation: opened index.
        embedder: the model that the generation was built with.
        chat: the LLM, or None for extractive answers.
        options: see AnswerOptions.
        cross_encoder: reads the best passages once more, where the operator named one.
    """

    def __init__(
        self,
        generation: Generation,
        embedder: Embedder,
        chat: ChatModel | None = None,
        options: AnswerOptions | None = None,
        cross_encoder: CrossEncoderReranker | None = None,
    ) -> None:
        self.generation = generation
        self._options = options or AnswerOptions()
        self.retriever = Retriever(generation, embedder, cross_encoder, self._options.cache_dir)
        self._chat = chat
        self._grounds: SingleFlightCache[Ground] = SingleFlightCache()

    def without_llm(self) -> "Answerer":
        """Return the same answerer, but one that always extracts."""
        extracting = copy(self)
        extracting._chat = None
        return extracting

    def cache_sizes(self) -> dict[str, int]:
        """Return name of cache → entries, for /metrics."""
        return {"groundings": len(self._grounds)}

    async def answer(self, query: Query) -> Answer:
        """Return the whole Answer.

        Raises:
            QuestionError: the question or its history is too long, or its date range is empty.
        """
        async with aclosing(self.events(query)) as events:
            async for event in events:
                if isinstance(event, Done):
                    return event.answer
        raise AssertionError("the last event is always Done")

    async def events(self, query: Query) -> AsyncGenerator[Event, None]:
        """Yield Retrieved, then Delta and Cited as statements are verified, at last Done.

        The deltas joined are the answer, unless it is a refusal: a statement that code could not verify is never sent.

        Raises:
            QuestionError: see `answer`.
        """
        self.check(query)
        draft = AnswerDraft(is_traditional=writes_traditional(query))
        task = _Task(query, time.perf_counter(), Timings(), draft, Outcome())
        if not query.text.strip():
            yield self._refuse(task, no_ground(query, "unclear"))
            return
        question = await rewrite(query, self._chat, self.generation.lexicon, self._options.prompts_dir)
        cost = self._options.wrong_answer_cost
        find = functools.partial(find_ground, query, question, self.retriever, self.generation, task.timings, cost)
        day = datetime.date.today()  # 去年 is another year tomorrow
        ground = await self._grounds.get((query, question, day), find)
        articles = ground.retrieval.articles
        yield Retrieved([_cite(passage.rank, _whole(passage), articles) for passage in ground.retrieval.passages])
        if ground.refusal and not (self._chat and ground.is_doubtful):
            yield self._refuse(task, ground)
            return
        if self._chat:
            async with aclosing(self._generate(task, ground, self._chat)) as events:
                async for event in events:
                    yield event
            found_nothing = task.written.found_nothing
            if (found_nothing or ground.refusal) and not task.draft.statements:
                yield self._refuse(task, replace(ground, refusal="not_found"), by_llm=found_nothing)
                return
        by_llm = bool(task.draft.statements)
        if not by_llm:
            for event in self._extract(task, ground):
                yield event
        yield self._finish(task, ground, by_llm=by_llm)

    def check(self, query: Query) -> None:
        """Raise QuestionError when the question or its conversation is too long, or its date range is empty."""
        limit = self._options.max_question_characters
        if len(query.text) > limit:
            raise QuestionError(
                f"the question has {len(query.text)} characters, at most {limit} are read: shorten it",
                param="question",
                code="too_long",
            )
        self._check_history(query)
        if query.first and query.last and query.first.first_day > query.last.last_day:
            raise QuestionError(
                f"the date range {query.first.value} to {query.last.value} is empty: swap its ends",
                param="from",
                code="bad_range",
            )

    def _check_history(self, query: Query) -> None:
        turns, characters = len(query.history), sum(len(message.content) for message in query.history)
        most_turns, most_characters = self._options.max_history_turns, self._options.max_history_characters
        if turns > most_turns or characters > most_characters:
            raise QuestionError(
                f"the history has {turns} turns and {characters} characters, at most {most_turns} and {most_characters} "
                "are read: leave out the oldest",
                param="history",
                code="too_long",
            )

    async def _generate(self, task: _Task, ground: Ground, chat: ChatModel) -> AsyncGenerator[Event, None]:
        """Have the LLM write, yield what holds."""
        started = time.perf_counter()
        options = self._options
        spare = min(options.answer_tokens, options.context_tokens // LEAST_KEPT_FOR_CORRECTION)
        prompt = build_prompt(
            ground.question,
            ground.retrieval.passages,
            ground.reading.language,
            budget_tokens=options.context_tokens - options.answer_tokens - spare,
            prompts_dir=options.prompts_dir,
        )
        task.prompt_version = prompt.version
        task.timings.stages["prompt"] = _milliseconds(started)
        writer = Writer(
            chat,
            prompt,
            ground.reading.language,
            task.draft,
            ground.retrieval.articles,
            task.timings,
            answer_tokens=options.answer_tokens,
        )
        task.written = writer.outcome
        async with aclosing(writer.write(self.generation.lexical, self.generation.lexicon)) as events:
            async for event in events:
                yield event

    def _extract(self, task: _Task, ground: Ground) -> list[Event]:
        """Answer with the best sentences as they were printed."""
        events: list[Event] = []
        composition = compose(ground, self.generation)
        task.is_partial, task.is_conflicting = composition.is_partial, composition.is_conflicting
        for number, line in enumerate(composition.lines):
            if number:
                events += task.draft.say("\n")
            events += (
                self._quote(task, line.text, line.evidence, ground) if line.evidence else task.draft.say(line.text)
            )
        return events

    def _quote(self, task: _Task, text: str, evidence: Evidence, ground: Ground) -> list[Event]:
        quote = Quote(evidence.passage, evidence.start, evidence.end, evidence.text)
        return list(task.draft.add(text, (quote,), ground.retrieval.articles))

    def _refuse(self, task: _Task, ground: Ground, *, by_llm: bool = False) -> Done:
        assert ground.refusal is not None
        message = refusal_message(ground.refusal, ground.reading, ground.retrieval.period, self.generation.days)
        message = in_kind(message, is_traditional=task.draft.is_traditional)
        task.draft.say(message)
        if ground.correction:
            task.draft.say("\n")
            self._quote(task, frame(tidy(ground.correction.text), ground.reading.language), ground.correction, ground)
        first_of = {passage.article_id: passage for passage in reversed(ground.retrieval.passages)}
        best = sorted(first_of.values(), key=lambda passage: passage.rank)[:NEAREST]
        articles = ground.retrieval.articles
        nearest = tuple(_cite(number + 1, _opening(passage), articles) for number, passage in enumerate(best))
        return self._finish(task, ground, by_llm=by_llm, refusal=Refusal(ground.refusal, message, nearest))

    def _finish(self, task: _Task, ground: Ground, *, by_llm: bool, refusal: Refusal | None = None) -> Done:
        reason = task.written.failure
        if self._chat is None:
            reason = "no_llm"
        elif reason is None and not by_llm and not refusal:
            reason = "unsupported"  # the LLM replied, and nothing it said could be verified
        status: Status = "partial" if by_llm and (reason or task.draft.struck or task.written.is_cut) else "answered"
        if not by_llm and not refusal:
            status = "conflicting" if task.is_conflicting else "partial" if task.is_partial else "answered"
        name = self._chat.name if by_llm and self._chat else None
        task.timings.stages["total"] = _milliseconds(task.started)
        answer = task.draft.finish(
            task.query,
            ground,
            "refused" if refusal else status,
            Generator("llm", name, reason, task.prompt_version) if by_llm else Generator("extractive", None, reason),
            refusal=refusal,
            usage=task.written.usage,
            timings=task.timings.stages,
            index_generation=self.generation.manifest.generation,
            removed_markers=task.written.removed_markers,
        )
        return Done(answer)


def _milliseconds(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 2)


def _cite(number: int, quote: Quote, articles: Articles) -> Citation:
    return make_citation(number, quote, articles[quote.passage.article_id])


def _whole(passage: Passage) -> Quote:
    return Quote(passage, passage.start, passage.end, passage.text)


def _opening(passage: Passage) -> Quote:
    """The passage's first sentence, to recognise it by."""
    _start, end = split_sentences(passage.text)[0]
    text = passage.text[:end].rstrip()
    return Quote(passage, passage.start, passage.start + len(text), text)
