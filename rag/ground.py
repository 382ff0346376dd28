"""What an answer can stand on, found before a word is written: passages, evidence, or why to refuse."""

from dataclasses import dataclass, replace

from index.store import Generation
from rag.extract import Evidence, find_evidence
from rag.question import Reading, drop_years, read_question, refers_back
from rag.records import Query, RefusalReason, Timings
from rag.refuse import find_refusal, keep_dated, keep_placed
from rag.retrieve import Retrieval, Retriever


@dataclass(frozen=True, slots=True)
class Ground:
    """The basis of one answer.

    Args:
        question: what was searched for: the question as typed, or with the one before where it refers back.
        evidence: sentences that may answer, best first.
        refusal: set when the question must be refused.
    """

    question: str
    reading: Reading
    retrieval: Retrieval
    evidence: tuple[Evidence, ...]
    refusal: RefusalReason | None


def find_ground(query: Query, retriever: Retriever, generation: Generation, timings: Timings) -> Ground:
    """Retrieve for the query, weigh the sentences found, decide whether they suffice."""
    question = standalone_question(query)
    reading = read_question(question, generation.lexicon)
    retrieval = retriever.retrieve(replace(query, text=question), timings, closely=True)
    ranked = find_evidence(reading, retrieval, generation.lexical)
    placed = keep_placed(reading, ranked, retrieval, generation)
    dated = keep_dated(reading, placed, retrieval, generation)
    refusal = find_refusal(reading, retrieval, dated, generation)
    return Ground(question, reading, retrieval, tuple(dated), refusal)


def no_ground(query: Query, refusal: RefusalReason) -> Ground:
    """The basis of a refusal that needed no search."""
    said = " ".join(message.content for message in query.history)
    return Ground(query.text, read_question(said or "？"), Retrieval((), {}, {}, None, 0.0, 0.0), (), refusal)


def standalone_question(query: Query) -> str:
    """Put the user's previous question in front of one that refers back to it, so that both are searched for."""
    earlier = [message.content for message in query.history if message.role == "user" and message.content.strip()]
    if not earlier or not refers_back(query.text):
        return query.text
    # 那2020年呢？ asks for another year than the question before.
    before = drop_years(earlier[-1]) if read_question(query.text).years else earlier[-1]
    return f"{before} {query.text}"
