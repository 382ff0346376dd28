"""What an answer can stand on, found before a word is written: passages, evidence, or why to refuse."""

from dataclasses import dataclass, replace

from index.store import Generation
from rag.extract import Evidence, find_evidence
from rag.question import Reading, detect_language, read_question
from rag.records import Query, RefusalReason, Timings
from rag.refuse import find_refusal, keep_dated, keep_placed
from rag.retrieve import Retrieval, Retriever


@dataclass(frozen=True, slots=True)
class Ground:
    """The basis of one answer.

    Args:
        question: what was searched for: the question as typed, or made self-contained where it refers back.
        evidence: sentences that may answer, best first.
        refusal: set when the question must be refused.
    """

    question: str
    reading: Reading
    retrieval: Retrieval
    evidence: tuple[Evidence, ...]
    refusal: RefusalReason | None


def find_ground(query: Query, question: str, retriever: Retriever, generation: Generation, timings: Timings) -> Ground:
    """Retrieve for the query, weigh the sentences found, decide whether they suffice.

    Args:
        question: the query's, understandable without its history; the answer is in the language of the one typed.
    """
    reading = replace(read_question(question, generation.lexicon), language=detect_language(query.text))
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
