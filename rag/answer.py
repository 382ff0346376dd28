"""Composition of the online side: Query → Answer, as a stream of events.

question → looked up whole? ────────────────────────────────────────────────────────────→ Answer
        ↘ ground: passages, evidence → refuse?  → LLM, statement by statement verified ──↗
                                                 ↘ extracted sentences ──────────────────↗
"""

import functools
import logging
import time
from collections.abc import AsyncGenerator, Hashable, Iterator, Mapping
from contextlib import aclosing
from copy import copy
from dataclasses import replace

from index.embedding.embedder import Embedder
from index.records import Article
from index.store.generations import Generation
from rag.config import default_cache_dir
from rag.errors import FallbackReason
from rag.evidence.ambiguity import find_offer
from rag.evidence.bilingual import BilingualGrounder
from rag.evidence.grounding import Ground, Grounding, ungrounded
from rag.evidence.settlement import Settlement, settle
from rag.generation.asked import Asked
from rag.generation.asking_back import ask_back
from rag.generation.completion import Completion
from rag.generation.composition import Composition
from rag.generation.context import choose_context
from rag.generation.extractive import compose
from rag.generation.markers import tidy
from rag.generation.messages import introduce_quote, match_script, refusal_message
from rag.generation.nearest import nearest_questions, nearest_quotes, quote_of
from rag.generation.options import AnswerOptions
from rag.generation.prompt import Prompt, frame_prompt
from rag.generation.scope import scope_of
from rag.generation.tabled import compose_tabled, has_tables
from rag.generation.to_the_point import once_to_the_point
from rag.generation.writer import LlmAnswerWriter
from rag.generation.yes_no import say_settled, unless_contrary
from rag.llm.protocol import ChatModel
from rag.lookup.reception import Reception
from rag.lookup.same_matter import ground_in_talk
from rag.question.analysis import QuestionAnalysis
from rag.question.conversation.history import read_turns
from rag.question.conversation.offers import Offer
from rag.question.language import detect_language, shown_plainly, writes_traditional
from rag.question.time_range import day_in_china
from rag.question.yes_no import read_yes_no
from rag.reader.bundled import BundledReader
from rag.reader.readings import PassageReader
from rag.records import Answer, Citation, Done, Event, Generator, Query, Refusal, Retrieved, Status, Timings
from rag.retrieval.foreign import tongues_of
from rag.retrieval.retriever import Retriever
from rag.retrieval.spelling.speller import Speller
from rag.single_flight import SingleFlightCache, search_in_thread
from rag.verification.archive import archive_of
from rag.verification.citations import Quote, make_citation

log = logging.getLogger(__name__)
Articles = Mapping[str, Article]


class Answerer:
    """Answers questions from one generation of the index. Thread-safe; owns nothing that it is given.

    Args:
        generation, embedder: opened index, and the model that it was built with.
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
        ground: Ground | None = None,
    ) -> None:
        self.generation = generation
        self._options = options or AnswerOptions()
        cache_dir = self._options.cache_dir or default_cache_dir()
        bundled = BundledReader(cache_dir)
        self._load_reader = functools.partial(bundled.bears_out, "丰收", "丰收")
        self.retriever = Retriever(generation, embedder, reader or bundled, self._options.cache_dir)
        self.archive = archive_of(generation, bundled.bears_out, self.retriever.translate)
        self._chat = chat
        tongues = functools.cache(functools.partial(tongues_of, self.retriever))
        found_in = self.retriever, generation, self.archive, self._options.wrong_answer_cost
        self._ground = ground or BilingualGrounder(*found_in, tongues=tongues).ground
        speller = Speller(generation, cache_dir)
        self._grounds: SingleFlightCache[Grounding] = SingleFlightCache()
        here = functools.partial(_find_here, self._grounds, self._ground)
        self._reception = Reception(generation, self.retriever, here, speller, self._options.prompts_dir)

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
        query = shown_plainly(query)
        self.check(query)
        started, timings = time.perf_counter(), Timings()
        is_traditional = writes_traditional(query)
        name = self.generation.manifest.generation

        def ask(analysis: QuestionAnalysis, articles: Articles, note: str = "") -> Asked:
            return Asked(query, analysis, articles, is_traditional, started, timings, name, note)

        if not query.text.strip():
            nothing = ungrounded(query, "unclear")
            yield self._refuse(ask(nothing.analysis, {}), nothing)
            return
        received = await self._reception.receive(query, self._chat)
        found = received.found
        if found and (found := found.without_planted(found.articles)):
            yield Retrieved([_cite(number, quote, found.articles) for number, quote in enumerate(found.quotes, 1)])
            asked = ask(received.analysis, found.articles, received.note)
            for told in self._tell(asked, found, None if self._chat else "no_llm"):
                yield told
            return
        lexicon, again = self.generation.lexicon, self._reception.again
        grounding = await ground_in_talk(self._find, again, received.query, received.analysis.text, timings, lexicon)
        asked = ask(grounding.analysis, grounding.retrieval.articles, received.note)
        passages = grounding.retrieval.passages
        yield Retrieved([_cite(it.rank, Quote(it, it.start, it.end, it.text), asked.articles) for it in passages])
        async with aclosing(self._answer(asked, grounding)) as events:
            async for event in events:
                yield event

    async def _answer(self, asked: Asked, grounding: Grounding) -> AsyncGenerator[Event, None]:
        """Yield the answer to what passages were retrieved for: the LLM's, else what code says."""
        # No other question waits for a thread here: what was found goes to the LLM while others are still looked for.
        is_asked = read_yes_no(grounding.analysis.text) is not None
        settled = await search_in_thread(settle, grounding, self.archive) if is_asked else None
        if settled and settled.is_settled:
            grounding = replace(grounding, refusal=None, correction=None)
        is_tabled = not is_asked and has_tables(grounding)
        tabled = await search_in_thread(compose_tabled, grounding, self.generation) if is_tabled else None
        offer = None if settled or tabled else find_offer(grounding, self.generation.lexicon)
        completion: Completion | None = None
        reason: FallbackReason | None = None if self._chat else "no_llm"
        if self._chat and not (offer or tabled) and (not grounding.refusal or grounding.is_doubtful):
            reason = "unsupported"  # an LLM that replies and does not fail has said nothing that could be verified
            async with aclosing(unless_contrary(self._generate(asked, grounding, self._chat), settled)) as events:
                async for event in events:
                    if isinstance(event, Completion):
                        completion, reason = event, event.failure or reason
                    else:
                        yield event
        if completion and completion.content.statements:
            status: Status = "answered" if completion.is_whole else "partial"
            yield asked.finish(completion.content, status, completion.generator, completion)
            return
        if completion and (completion.found_nothing or grounding.refusal):
            grounding = replace(grounding, refusal="not_found")
        elif settled and not settled.is_settled:
            grounding = replace(grounding, refusal=grounding.refusal or "not_found")
        composed = tabled or self._compose(grounding, settled, offer)
        if composed and not (composed := composed.without_planted(asked.articles)):
            grounding = replace(grounding, refusal="not_found")
        refused = [] if composed else [self._refuse(asked, grounding, completion)]
        for event in self._tell(asked, composed, reason, completion) if composed else refused:
            yield event

    def _compose(self, grounding: Grounding, settled: Settlement | None, offer: Offer | None) -> Composition | None:
        """What code says: yes or no, which reading is meant, quotes; None where nothing can be said."""
        if settled and settled.is_settled:
            return say_settled(settled, grounding)
        if offer:
            return ask_back(offer, grounding.analysis.text, grounding.language)
        return None if settled or grounding.refusal else compose(grounding, self.generation)

    async def _find(self, query: Query, question: str, timings: Timings) -> Grounding:
        """What the answer can stand on; found once, also where the same is asked at the same time."""
        return await self._grounds.get(_key(query, question), functools.partial(self._ground, query, question, timings))

    def warm_up(self) -> None:
        """Make what the first question would have to wait for; a service does before it serves."""
        self.retriever.retrieve(Query("丰收"))
        self._reception.warm_up()
        self._load_reader()

    def check(self, query: Query) -> None:
        """Raise QuestionError when the question or its conversation is too long, or its date range is empty."""
        self._options.limits.check(query)

    def _prompt(self, asked: Asked, grounding: Grounding) -> Prompt:
        """The messages for the LLM."""
        budget_tokens = self._options.context_tokens - self._options.answer_tokens
        frame = frame_prompt(
            grounding.analysis.text,
            grounding.language,
            budget_tokens=budget_tokens,
            turns=read_turns(asked.query.history),
            prompts_dir=self._options.prompts_dir,
        )
        passages = choose_context(grounding, budget_tokens - frame.tokens, frame.overhead_of)
        return frame.fill(passages, self.archive.planted)

    async def _generate(
        self, asked: Asked, grounding: Grounding, chat: ChatModel
    ) -> AsyncGenerator[Event | Completion, None]:
        """Have the LLM write, yield what holds, last what was written."""
        started = time.perf_counter()
        prompt = self._prompt(asked, grounding)
        asked.timings.record("prompt", started)
        writer = LlmAnswerWriter(
            chat,
            prompt,
            grounding.language,
            scope_of(asked.analysis, self.generation),
            functools.partial(self._is_told, asked.query),
            asked.builder(),
            asked.timings,
            answer_tokens=self._options.answer_tokens,
        )
        written = writer.write(self.archive, asked.analysis.text)
        asked_for = [part.analysis for part in grounding.parts]
        async with aclosing(once_to_the_point(written, asked_for, self.generation.lexicon)) as events:
            opening = asked.opening()
            async for event in events:
                while opening and not isinstance(event, Completion):
                    yield opening.pop(0)
                yield event

    async def _is_told(self, query: Query, what: str) -> bool:
        """Whether a search for exactly that finds an answer."""
        mark = "?" if detect_language(what) == "en" else "？"
        alone = replace(query, text=what + mark, history=())
        return not (await self._find(alone, alone.text, Timings())).refusal

    def _tell(
        self, asked: Asked, told: Composition, reason: FallbackReason | None, completion: Completion | None = None
    ) -> Iterator[Event]:
        """Answer with what code has put together.

        Args:
            reason: why no LLM wrote it; None where none was to.
        """
        yield from asked.opening()
        builder = asked.builder()
        for number, line in enumerate(told.lines):
            if number:
                yield from builder.append_message("\n")
            if line.quotes:
                yield from builder.append_statement(line.text, line.quotes, expression=line.expression)
            else:
                yield from builder.append_message(line.text)
        content = builder.content()
        refusal = Refusal(told.refusal, content.text) if told.refusal else None
        generator = Generator("extractive", None, reason)
        yield asked.finish(content, told.status, generator, completion, refusal=refusal, choices=told.choices)

    def _refuse(self, asked: Asked, grounding: Grounding, completion: Completion | None = None) -> Done:
        """A refusal with its reason and the nearest articles; the LLM's own where it found nothing in them.

        Where reports on the matter were found, it names these, and says that they need not answer.
        """
        builder = asked.builder()
        assert grounding.refusal
        status: Status = "related" if grounding.is_related else "refused"
        message = refusal_message(
            grounding.refusal,
            grounding.language,
            grounding.analysis,
            self.generation.days,
            is_related=grounding.is_related,
            is_open=read_yes_no(grounding.analysis.text) is not None,
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
            generator = completion.generator
        else:
            generator = Generator(
                "extractive", None, completion.failure if completion else None if self._chat else "no_llm"
            )
        choices = nearest_questions(grounding, self.generation.days)
        return asked.finish(builder.content(), status, generator, completion, refusal=refusal, choices=choices)


def _key(query: Query, question: str) -> Hashable:
    return query, question, day_in_china()  # 去年 is another year tomorrow


def _find_here(
    grounds: SingleFlightCache[Grounding], ground: Ground, query: Query, question: str, timings: Timings
) -> Grounding:
    """What an answer can stand on, for a lookup; kept for the passages, which are asked where the lookup says nothing."""
    return grounds.get_here(_key(query, question), functools.partial(ground, query, question, timings))


def _cite(number: int, quote: Quote, articles: Articles) -> Citation:
    return make_citation(number, quote, articles[quote.passage.article_id])
