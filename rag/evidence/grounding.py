"""What an answer can stand on, found before a word is written: passages, evidence, or why to refuse."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.records import PartialDate
from index.store.generations import Generation
from rag.evidence.constraints import reported_in
from rag.evidence.decision import Decision, asks_for_opinion, decide
from rag.evidence.sentence_ranking import PASSAGES_READ, CandidateSentence, find_evidence
from rag.question.analysis import QuestionAnalysis, analyse_question
from rag.question.conversation.followup import prepend_topic
from rag.question.decompose import SubQuestion, restrict_time_range, split_question
from rag.question.language import detect_language
from rag.question.time_range import drop_asked
from rag.records import Passage, Query, RefusalReason, Timings
from rag.retrieval.retriever import Retrieval, Retriever

WRONG_COST = 0.5
"""What a wrong answer costs, where a false refusal costs 1: what that gives on dev questions: rag/evidence/README.md."""


@dataclass(frozen=True, slots=True)
class GroundedPart:
    """One thing that is asked, and what was found for it.

    Args:
        decision: whether it can be answered, and from which sentences.
    """

    question: str
    analysis: QuestionAnalysis
    retrieval: Retrieval
    decision: Decision


@dataclass(frozen=True, slots=True)
class Grounding:
    """The basis of one answer.

    Args:
        question: what was searched for: the question as typed, or made self-contained where it refers back.
        analysis: of the whole question.
        retrieval: passages of all parts, numbered anew; articles of all.
        parts: what is asked, one by one; mostly one.
        refusal: set when nothing of it can be answered.
        correction: for a false premise, what the archive says instead.
    """

    question: str
    analysis: QuestionAnalysis
    retrieval: Retrieval
    parts: tuple[GroundedPart, ...]
    refusal: RefusalReason | None
    correction: CandidateSentence | None = None

    @property
    def is_doubtful(self) -> bool:
        """Whether it is refused only because no sentence is likely enough to answer: an LLM may read more out of them."""
        return self.refusal is not None and any(part.decision.is_doubtful for part in self.parts)


def ground_question(
    query: Query,
    question: str,
    retriever: Retriever,
    generation: Generation,
    timings: Timings,
    wrong_cost: float = WRONG_COST,
) -> Grounding:
    """Retrieve for the query and what it consists of, weigh the sentences found, decide whether they suffice.

    Args:
        question: the query's, understandable without its history; the answer is in the language of the one typed.
        wrong_cost: what a wrong answer costs, where a false refusal costs 1.
    """
    grounding = _find(query, question, retriever, generation, timings, wrong_cost)
    if grounding.refusal in ("not_found", "out_of_range"):
        behind = prepend_topic(query, generation.lexicon)
        if behind and behind != question:
            again = _find(query, behind, retriever, generation, Timings(), wrong_cost)
            return grounding if again.refusal else again
    return grounding


def _find(
    query: Query, question: str, retriever: Retriever, generation: Generation, timings: Timings, wrong_cost: float
) -> Grounding:
    analysis = replace(analyse_question(question, generation.lexicon), language=detect_language(query.text))
    wide = replace(query, text=question, top_k=max(query.top_k, PASSAGES_READ))
    whole = retriever.retrieve(wide, timings, use_cross_encoder=True)
    if asks_for_opinion(question, generation):
        return Grounding(question, analysis, whole, (), "not_allowed")
    asked = split_question(question, whole.period)
    found = (
        [whole]
        if len(asked) == 1
        else [retriever.retrieve(replace(wide, text=part.question), use_cross_encoder=True) for part in asked]
    )
    parts = tuple(_weigh(part, one, generation, wrong_cost) for part, one in zip(asked, found, strict=True))
    parts = tuple(_retry_within_time_range(part, wide, retriever, generation, wrong_cost) for part in parts)
    retrieval = _merged(whole, [part.retrieval for part in parts], query.top_k)
    first = parts[0].decision
    refusal = first.refusal if all(part.decision.refusal for part in parts) else None
    return Grounding(question, analysis, retrieval, parts, refusal, first.correction if refusal else None)


def _weigh(asked: SubQuestion, retrieval: Retrieval, generation: Generation, wrong_cost: float) -> GroundedPart:
    question = asked.question
    analysis = analyse_question(question, generation.lexicon)
    retrieval = replace(retrieval, period=restrict_time_range(retrieval.period, question))
    ranked = find_evidence(question, analysis, retrieval, generation.lexical, generation.lexicon)
    if asked.topic:
        ranked = [one for one in ranked if asked.topic in one.text] or ranked
    return GroundedPart(
        question, analysis, retrieval, decide(question, analysis, retrieval, ranked, generation, wrong_cost)
    )


def _retry_within_time_range(
    part: GroundedPart, query: Query, retriever: Retriever, generation: Generation, wrong_cost: float
) -> GroundedPart:
    """The part as it was found, or where nothing answers, as it is found among what was printed in its time alone.

    A date in a question draws what states that date, also where the answer stands in a report of those days without it.
    """
    period = part.retrieval.period
    if not part.decision.refusal or period is None or not period.bounds or query.first or query.last:
        return part
    bare = drop_asked(part.question, period)
    first, last = reported_in(period)
    again = replace(query, text=bare, first=PartialDate(first), last=PartialDate(last))
    retrieval = replace(retriever.retrieve(again), period=period)
    second = _weigh(SubQuestion(bare), retrieval, generation, wrong_cost)
    return replace(second, question=part.question) if not second.decision.refusal else part


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
        centred_cosine={chunk_id: near for one in every for chunk_id, near in one.centred_cosine.items()},
    )


def ungrounded(query: Query, refusal: RefusalReason) -> Grounding:
    """The basis of a refusal that needed no search."""
    said = " ".join(message.content for message in query.history)
    return Grounding(query.text, analyse_question(said or "？"), Retrieval((), {}, {}, None, 0.0, 0.0), (), refusal)
