"""What a lookup is given, and what it is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from index.store.generations import Generation
from rag.evidence.grounding import Ground
from rag.generation.composition import Composition
from rag.question.analysis import QuestionAnalysis
from rag.records import Language, Query
from rag.retrieval.retriever import Retriever

AskAgain = Callable[[Query], Composition | None]
"""Answers another question without an LLM, as code would: for what points at an answer given before; None where it is refused."""


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A question, with all that it may be looked up in.

    Args:
        query: as it was typed, with its conversation and its date filter.
        analysis: of the question made self-contained.
        language: of the answer: the one in which the question was typed.
        generation: the index that it is asked of.
        retriever: searches it.
        has_llm: whether an LLM writes what is left to passages.
        ground: finds what an answer to another question can stand on; None where none is tried.
        again: asks an earlier question of the conversation anew, which remembers texts only; None where nothing can be.
    """

    query: Query
    analysis: QuestionAnalysis
    language: Language
    generation: Generation
    retriever: Retriever
    has_llm: bool = False
    ground: Ground | None = None
    again: AskAgain | None = None

    @property
    def question(self) -> str:
        """The question, able to stand alone."""
        return self.analysis.text


class Lookup(Protocol):
    """Answers one kind of question."""

    def __call__(self, inquiry: Inquiry) -> Composition | None:
        """Return the answer; None where the question is of another kind, or nothing certain is known."""
        ...
