"""Composition of the online side: Query → Answer, as a stream of events.

question → ground: passages, evidence → refuse?  → LLM, statement by statement verified → Answer
                                                 ↘ extracted sentences ───────────────↗
"""

import functools
import logging
import time
import uuid
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from contextlib import aclosing
from copy import copy
from dataclasses import dataclass, field, replace
from pathlib import Path

from index.embedding.embedder import Embedder
from index.records import Article
from index.store.generations import Generation
from rag.config import default_cache_dir
from rag.errors import FallbackReason
from rag.evidence.grounding import Grounder, Grounding, ungrounded
from rag.generation.answer_builder import AnswerBuilder, AnswerContent, as_of, show_interpreted
from rag.generation.extractive import compose
from rag.generation.markers import tidy
from rag.generation.messages import introduce_quote, match_script, refusal_message
from rag.generation.nearest import nearest_quotes, quote_of
from rag.generation.prompt import Prompt, build_prompt
from rag.generation.writer import Completion, LlmAnswerWriter
from rag.llm.protocol import ChatModel
from rag.question.conversation.rewrite import rewrite
from rag.question.language import writes_traditional
from rag.question.limits import QuestionLimits
from rag.question.time_range import day_in_china
from rag.reader.bundled import BundledReader
from rag.reader.readings import PassageReader
from rag.records import Answer, Citation, Done, Event, Generator, Passage, Query, Refusal, Retrieved, Status, Timings
from rag.retrieval.retriever import Retriever
from rag.single_flight import SingleFlightCache
from rag.verification.citations import Quote, make_citation

log = logging.getLogger(__name__)
Articles = Mapping[str, Article]
FindGrounding = Callable[[Query, str, Timings], Grounding]
"""(query, the question understandable alone, timings) → what its answer can stand on."""
MAX_CORRECTION_SHARE = 1 / 8
"""At most this share of the LLM's context is kept free for one more turn, beside what the turn needs."""


@dataclass(frozen=True, slots=True)
class AnswerOptions:
    """What an operator sets.

    Args:
        context_tokens, answer_tokens: of the LLM.
        prompts_dir: own templates.
        cache_dir: where the English dictionary is kept; None makes it anew in every process.
        limits: of a question and the conversation that it brings along.
        wrong_answer_cost: what a wrong answer costs, where a false refusal costs 1.
    """

    context_tokens: int = 8192
    answer_tokens: int = 800
    prompts_dir: Path | None = None
    cache_dir: Path | None = None
    limits: QuestionLimits = field(default_factory=QuestionLimits)
    wrong_answer_cost: float = 0.5


@dataclass(frozen=True, slots=True)
class _Asked:
    """One question on its way through the stages.

    Args:
        started: seconds of time.perf_counter when it came.
        timings: gets the milliseconds of each stage.
    """

    query: Query
    grounding: Grounding
    is_traditional: bool
    started: float
    timings: Timings

    @property
    def articles(self) -> Articles:
        """Those of all that was found, by id."""
        return self.grounding.retrieval.articles

    def builder(self) -> AnswerBuilder:
        """An empty answer."""
        return AnswerBuilder(self.articles, is_traditional=self.is_traditional)


class Answerer:
    """Answers questions from one generation of the index. Thread-safe; owns nothing that it is given.

    Args:
        generation: opened index.
        embedder: the model that the generation was built with.
        chat: the LLM, or None for extractive answers.
        options: see AnswerOptions.
        reader: tells which of the best passages answer, and where; the bundled one where None.
        ground: finds what an answer can stand on; a Grounder over the generation where None.
    """

    def __init__(
        self,
        generation: Generation,
        embedder: Embedder,
        chat: ChatModel | None = None,
        options: AnswerOptions | None = None,
        reader: PassageReader | None = None,
        ground: FindGrounding | None = None,
    ) -> None:
        self.generation = generation
        self._options = options or AnswerOptions()
        reader = reader or BundledReader(self._options.cache_dir or default_cache_dir())
        self.retriever = Retriever(generation, embedder, reader, self._options.cache_dir)
        self._chat = chat
        self._ground = ground or Grounder(self.retriever, generation, self._options.wrong_answer_cost).ground
        self._grounds: SingleFlightCache[Grounding] = SingleFlightCache()

    def without_llm(self) -> "Answerer":
        """Return the same answerer, but one that always extracts."""
        extracting = copy(self)
        extracting._chat = None
        return extracting

    def cache_sizes(self) -> dict[str, int]:
        """Return name of cache → entries, for /metrics."""
        return {"groundings": len(self._grounds), **self.generation.cache_sizes()}

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
        started, timings = time.perf_counter(), Timings()
        is_traditional = writes_traditional(query)
        if not query.text.strip():
            yield self._refuse(_Asked(query, ungrounded(query, "unclear"), is_traditional, started, timings))
            return
        grounding = await self._find(query, timings)
        asked = _Asked(query, grounding, is_traditional, started, timings)
        yield Retrieved(
            [_cite(passage.rank, _whole(passage), asked.articles) for passage in grounding.retrieval.passages]
        )
        completion: Completion | None = None
        if self._chat and (not grounding.refusal or grounding.is_doubtful):
            async with aclosing(self._generate(asked, self._chat)) as events:
                async for event in events:
                    if isinstance(event, Completion):
                        completion = event
                    else:
                        yield event
        if completion and completion.content.statements:
            yield self._finish_written(asked, completion)
        elif completion and (completion.found_nothing or grounding.refusal):
            yield self._refuse(replace(asked, grounding=replace(grounding, refusal="not_found")), completion)
        elif grounding.refusal:
            yield self._refuse(asked)
        else:
            for event in self._extract(asked, completion):
                yield event

    async def _find(self, query: Query, timings: Timings) -> Grounding:
        """What the answer can stand on; found once where the same is asked at the same time."""
        question = await rewrite(query, self._chat, self.generation.lexicon, self._options.prompts_dir)
        find = functools.partial(self._ground, query, question, timings)
        day = day_in_china()  # 去年 is another year tomorrow
        return await self._grounds.get((query, question, day), find)

    def check(self, query: Query) -> None:
        """Raise QuestionError when the question or its conversation is too long, or its date range is empty."""
        self._options.limits.check(query)

    def _prompt(self, grounding: Grounding) -> Prompt:
        """The messages for the LLM; some of its context is kept free for one more turn."""
        options = self._options
        spare = min(options.answer_tokens, int(options.context_tokens * MAX_CORRECTION_SHARE))
        return build_prompt(
            grounding.analysis.text,
            grounding.retrieval.passages,
            grounding.language,
            budget_tokens=options.context_tokens - options.answer_tokens - spare,
            prompts_dir=options.prompts_dir,
        )

    async def _generate(self, asked: _Asked, chat: ChatModel) -> AsyncGenerator[Event | Completion, None]:
        """Have the LLM write, yield what holds, last what was written."""
        started = time.perf_counter()
        prompt = self._prompt(asked.grounding)
        asked.timings.stages["prompt"] = _milliseconds(started)
        writer = LlmAnswerWriter(
            chat,
            prompt,
            asked.grounding.language,
            asked.builder(),
            asked.timings,
            answer_tokens=self._options.answer_tokens,
        )
        async with aclosing(writer.write(self.generation.lexical, self.generation.lexicon)) as events:
            async for event in events:
                yield event

    def _finish_written(self, asked: _Asked, completion: Completion) -> Done:
        """The LLM's answer: whatever of it holds."""
        status: Status = "answered" if completion.is_whole else "partial"
        return _finish(asked, completion.content, status, _llm(completion), self._index_generation, completion)

    def _extract(self, asked: _Asked, completion: Completion | None) -> Iterator[Event]:
        """Answer with the best sentences as they were printed."""
        builder = asked.builder()
        composition = compose(asked.grounding, self.generation)
        for number, line in enumerate(composition.lines):
            if number:
                yield from builder.append_message("\n")
            if line.evidence:
                yield from builder.append_statement(line.text, [quote_of(line.evidence)])
            else:
                yield from builder.append_message(line.text)
        # An LLM that replied and did not fail has said nothing that could be verified.
        reason: FallbackReason = (completion.failure or "unsupported") if completion else "no_llm"
        generator = Generator("extractive", None, reason)
        yield _finish(asked, builder.content(), composition.status, generator, self._index_generation, completion)

    def _refuse(self, asked: _Asked, completion: Completion | None = None) -> Done:
        """A refusal with its reason and the nearest articles; the LLM's own where it found nothing in them.

        Where reports on the matter were found, it names these, and says that they need not answer.
        """
        grounding, builder = asked.grounding, asked.builder()
        assert grounding.refusal is not None
        status: Status = "related" if grounding.is_related else "refused"
        message = refusal_message(
            grounding.refusal,
            grounding.language,
            grounding.analysis,
            self.generation.days,
            is_related=grounding.is_related,
        )
        message = match_script(message, is_traditional=asked.is_traditional)
        builder.append_message(message)
        if grounding.correction:
            builder.append_message("\n")
            said = introduce_quote(tidy(grounding.correction.text), grounding.language)
            builder.append_statement(said, [quote_of(grounding.correction)])
        nearest = tuple(_cite(n, quote, asked.articles) for n, quote in enumerate(nearest_quotes(grounding), 1))
        refusal = Refusal(grounding.refusal, message, nearest)
        if completion and completion.found_nothing:
            generator = _llm(completion)
        else:
            reason = completion.failure if completion else None if self._chat else "no_llm"
            generator = Generator("extractive", None, reason)
        return _finish(asked, builder.content(), status, generator, self._index_generation, completion, refusal)

    @property
    def _index_generation(self) -> str:
        return self.generation.manifest.generation


def _finish(
    asked: _Asked,
    content: AnswerContent,
    status: Status,
    generator: Generator,
    index_generation: str,
    completion: Completion | None,
    refusal: Refusal | None = None,
) -> Done:
    """The whole Answer; `completion` is what an LLM said, whether or not it became the content."""
    asked.timings.stages["total"] = _milliseconds(asked.started)
    analysis = asked.grounding.analysis
    answer = Answer(
        id=uuid.uuid4().hex,
        question=asked.query.text,
        status=status,
        refusal=refusal,
        answer=content.text,
        statements=content.statements,
        citations=content.citations,
        as_of=as_of(content.citations, asked.articles),
        generator=generator,
        interpreted=show_interpreted(asked.query, analysis.time_range, analysis.text),
        timings_ms=dict(asked.timings.stages),
        usage=completion.usage.counts() if completion and completion.usage else None,
        index_generation=index_generation,
        struck=completion.rejected if completion else (),
        removed_markers=completion.removed_markers if completion else 0,
    )
    return Done(answer)


def _llm(completion: Completion) -> Generator:
    return Generator("llm", completion.model, completion.failure, completion.prompt_version)


def _milliseconds(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 2)


def _cite(number: int, quote: Quote, articles: Articles) -> Citation:
    return make_citation(number, quote, articles[quote.passage.article_id])


def _whole(passage: Passage) -> Quote:
    return Quote(passage, passage.start, passage.end, passage.text)
