"""What an answer can stand on, found before a word is written: passages, evidence, or why to refuse."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from index.records import PartialDate
from index.store.generations import Generation
from rag.evidence.answerability import known_share
from rag.evidence.constraints import reported_in
from rag.evidence.decision import Decision, decide
from rag.evidence.sentence_ranking import RANKED_PASSAGES, CandidateSentence, find_evidence
from rag.question.analysis import QuestionAnalysis, analyse_question
from rag.question.conversation.followup import prepend_topic
from rag.question.decompose import SubQuestion, restrict_time_range, split_question
from rag.question.language import detect_language
from rag.question.time_range import drop_asked
from rag.records import Language, Passage, Query, RefusalReason, Timings
from rag.retrieval.retriever import Retrieval, Retriever
from rag.verification.archive import Archive

WRONG_COST = 0.5
"""What a wrong answer costs, where a false refusal costs 1: what that gives on dev questions: rag/evidence/README.md."""
RELATED_COVERAGE = 0.25
"""Share of what is asked, weighted by idf, from which on a sentence with its passage and title is on the matter.

In the sample, questions for what the reports on a thing do not tell have .38 to .71; the sample's questions asked of the
tests' other district, where nothing is on their matter, at most .2.
"""


@dataclass(frozen=True, slots=True)
class GroundedPart:
    """One thing that is asked, and what was found for it.

    Args:
        question: as it was asked.
        retrieval: what was found; its analysis is of the part alone.
        decision: whether it can be answered, and from which sentences.
    """

    question: str
    retrieval: Retrieval
    decision: Decision

    @property
    def analysis(self) -> QuestionAnalysis:
        """What the part asks for."""
        return self.retrieval.analysis

    @property
    def on_the_matter(self) -> tuple[CandidateSentence, ...]:
        """Those sentences of the evidence that, with passage and title, have much of what is asked; best first."""
        known = known_share(self.retrieval)
        return tuple(one for one in self.decision.evidence if one.context_coverage * known >= RELATED_COVERAGE)


@dataclass(frozen=True, slots=True)
class Grounding:
    """The basis of one answer.

    Args:
        language: of the answer: the one in which the question was typed.
        retrieval: passages of all parts, numbered anew; articles of all; the analysis of the whole question.
        parts: what is asked, one by one; mostly one.
        refusal: set when nothing of it can be answered.
        correction: for a false premise, what the archive says instead.
    """

    language: Language
    retrieval: Retrieval
    parts: tuple[GroundedPart, ...]
    refusal: RefusalReason | None
    correction: CandidateSentence | None = None

    @property
    def analysis(self) -> QuestionAnalysis:
        """The whole question: as typed, or made self-contained where it refers back."""
        return self.retrieval.analysis

    @property
    def is_doubtful(self) -> bool:
        """Whether nothing certain speaks against an answer, and no sentence is likely enough to be one: an LLM may read more."""
        return self.refusal is not None and any(part.decision.is_doubtful for part in self.parts)

    @property
    def is_related(self) -> bool:
        """Whether no sentence is likely enough to answer, and the best one of the right time, place and persons is on the matter."""
        return self.refusal == "not_found" and any(
            part.on_the_matter and part.on_the_matter[0] is part.decision.evidence[0] for part in self.parts
        )


Ground = Callable[[Query, str, Timings], Grounding]
"""(query, its question able to stand alone, gets the milliseconds) → what an answer can stand on."""


@dataclass(frozen=True, slots=True)
class Grounder:
    """Finds what answers can stand on, in one generation.

    Args:
        archive: what question and answer are held against, as statements are, beside the passages.
        wrong_cost: what a wrong answer costs, where a false refusal costs 1.
    """

    retriever: Retriever
    generation: Generation
    archive: Archive
    wrong_cost: float = WRONG_COST

    def ground(self, query: Query, question: str, timings: Timings) -> Grounding:
        """Retrieve for the query and what it consists of, rank the sentences found, decide whether they suffice.

        Args:
            question: the query's, understandable without its history; the answer is in the language of the one typed.
            timings: gets the milliseconds of the retrieval.
        """
        grounding = self._ground(query, question, timings)
        if grounding.refusal in ("not_found", "out_of_range"):
            topical = prepend_topic(query, self.generation.lexicon)
            if topical and topical != question:
                again = self._ground(query, topical, Timings())
                return grounding if again.refusal else again
        return grounding

    def _ground(self, query: Query, question: str, timings: Timings) -> Grounding:
        language = detect_language(query.text)
        wide = replace(query, text=question, top_k=max(query.top_k, RANKED_PASSAGES))
        analysis = self._analyse(question, query)
        asked = () if analysis.wants_opinion else split_question(question, analysis.time_range)
        # Reading is most of the time: where several things are asked, what is found for each of them is read.
        is_all_that_is_asked = any(part.question == analysis.text for part in asked)
        whole = self.retriever.retrieve(wide, analysis, timings, reads=is_all_that_is_asked)
        if analysis.wants_opinion:
            return Grounding(language, whole, (), "not_allowed")
        parts = tuple(self._ground_part(part, wide, whole) for part in asked)
        retrieval = _merged(whole, [part.retrieval for part in parts], query.top_k)
        first = parts[0].decision
        refusal = first.refusal if all(part.decision.refusal for part in parts) else None
        return Grounding(language, retrieval, parts, refusal, first.correction if refusal else None)

    def _ground_part(self, asked: SubQuestion, query: Query, whole: Retrieval) -> GroundedPart:
        """One thing that is asked; where it is all that is, `whole` has been found for it."""
        if asked.question == whole.analysis.text:
            found = whole
        else:
            analysis = self._analyse(asked.question, query)
            found = self.retriever.retrieve(replace(query, text=asked.question), analysis, reads=True)
        time_range = restrict_time_range(found.analysis.time_range, asked.question)
        part = self._decide(asked, replace(found, analysis=replace(found.analysis, time_range=time_range)))
        return self._retry_within_time_range(part, query)

    def _ranked(self, retrieval: Retrieval) -> list[CandidateSentence]:
        return find_evidence(retrieval, self.generation.lexical, self.generation.lexicon)

    def _decide(self, asked: SubQuestion, retrieval: Retrieval) -> GroundedPart:
        ranked = self._ranked(retrieval)
        if asked.topic:
            ranked = [one for one in ranked if asked.topic in one.text] or ranked
        decision = decide(retrieval, ranked, self.generation, self.archive, self.wrong_cost)
        return GroundedPart(asked.question, retrieval, decision)

    def _retry_within_time_range(self, part: GroundedPart, query: Query) -> GroundedPart:
        """The part as it was found, or where nothing answers, as it is found among what was printed in its time alone.

        A date in a question draws what states that date, also where the answer stands in a report of those days without it.
        """
        time_range = part.analysis.time_range
        if (
            not part.decision.refusal
            or time_range is None
            or not time_range.constrains_time
            or query.first
            or query.last
        ):
            return part
        bare = drop_asked(part.question, time_range)
        analysis = self._analyse(bare, query)
        first, last = reported_in(time_range)
        again = replace(query, text=bare, first=PartialDate(first), last=PartialDate(last))
        found = self.retriever.retrieve(again, analysis, reads=True)
        dated = replace(analysis, time_range=restrict_time_range(time_range, bare))
        second = self._decide(SubQuestion(bare), replace(found, analysis=dated))
        return replace(second, question=part.question) if not second.decision.refusal else part

    def _analyse(self, question: str, query: Query) -> QuestionAnalysis:
        return analyse_question(question, self.generation.lexicon, query.today)


def _merged(whole: Retrieval, parts: Sequence[Retrieval], count: int) -> Retrieval:
    """The passages of all, the best of each first, as one retrieval of at most `count` passages."""
    lists = [*(part.passages for part in parts), whole.passages]
    in_turn = [passages[rank] for rank in range(max(map(len, lists))) for passages in lists if rank < len(passages)]
    distinct: dict[str, Passage] = {}
    for passage in in_turn:
        distinct.setdefault(passage.chunk_id, passage)
    passages = tuple(replace(passage, rank=rank) for rank, passage in enumerate(list(distinct.values())[:count], 1))
    every = [whole, *parts]
    return replace(
        whole,
        passages=passages,
        articles={article_id: article for one in every for article_id, article in one.articles.items()},
        sentence_cosines={chunk_id: cosines for one in every for chunk_id, cosines in one.sentence_cosines.items()},
    )


def ungrounded(query: Query, refusal: RefusalReason) -> Grounding:
    """The basis of a refusal that needed no search, in the language of the conversation."""
    said = " ".join(message.content for message in query.history)
    nothing = Retrieval(analyse_question(query.text), (), {}, {}, 0.0, 0.0)
    return Grounding(detect_language(said), nothing, (), refusal)
