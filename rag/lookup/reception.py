"""A question as it is typed → as it is to be answered, or already answered: read, made self-contained, its names as printed.

typed ─ typed lookups ─► rewrite: self-contained ─► without preamble, names as printed ─► lookups ─► passages
"""

from dataclasses import dataclass, replace
from pathlib import Path

from index.store.generations import Generation
from rag.evidence.grounding import Ground
from rag.generation.composition import Composition, Line
from rag.generation.messages import corrected, which_name
from rag.llm.protocol import ChatModel
from rag.lookup.inquiry import Inquiry
from rag.lookup.lookups import ask_again, look_up, look_up_typed
from rag.question.analysis import QuestionAnalysis, analyse_question
from rag.question.catchwords import complete_catchwords
from rag.question.conversation.followup import make_standalone
from rag.question.conversation.rewrite import rewrite
from rag.question.language import detect_language
from rag.question.preamble import strip_preamble
from rag.records import Query
from rag.retrieval.retriever import Retriever
from rag.retrieval.spelling.speller import Speller, Spelling
from rag.single_flight import search_in_thread


@dataclass(frozen=True, slots=True)
class Received:
    """A question, ready to be answered.

    Args:
        query: with its names as they are printed.
        analysis: of its question made self-contained.
        note: the service's own words that the answer begins with: which name it takes the typed one for.
        found: the answer, where it needs no passages.
    """

    query: Query
    analysis: QuestionAnalysis
    note: str = ""
    found: Composition | None = None


@dataclass(frozen=True, slots=True)
class Reception:
    """Receives the questions to one generation.

    Args:
        ground: finds what an answer to another question can stand on.
        prompts_dir: an operator's own templates.
    """

    generation: Generation
    retriever: Retriever
    ground: Ground
    speller: Speller
    prompts_dir: Path | None = None

    async def receive(self, query: Query, chat: ChatModel | None) -> Received:
        """Return the question ready to be answered.

        Args:
            chat: rewrites follow-ups; rules do where it is None.
        """
        inquiry = self._inquiry(query, query.text, has_llm=chat is not None)
        if found := await search_in_thread(look_up_typed, inquiry):
            return Received(query, inquiry.analysis, found=found)
        question = await rewrite(query, chat, self.generation.lexicon, self.prompts_dir)
        return await search_in_thread(self._receive, query, question, chat is not None)

    def _receive(self, query: Query, question: str, has_llm: bool) -> Received:
        """The question made self-contained, without what is said around it and with its names as printed."""
        spelling = self._spell(question)
        spelt = replace(query, text=spelling.text) if query.text == question else query
        inquiry = self._inquiry(spelt, spelling.text, has_llm=has_llm)
        found = _ask_which(spelling, inquiry) if spelling.choices else look_up(inquiry)
        note = corrected(spelling.names, inquiry.language) if spelling.is_changed else ""
        return Received(spelt, inquiry.analysis, note, found)

    def warm_up(self) -> None:
        """Make what is made once: the speller's table, the listing of all articles, the dictionaries of the analysis."""
        self.speller.warm_up()
        question = "资料库收录了多少篇文章？"
        look_up(self._inquiry(Query(question), question, has_llm=False))

    def again(self, query: Query) -> Composition | None:
        """Return what code says to a question that was asked before; None where it is refused."""
        question = self._spell(make_standalone(query, self.generation.lexicon)).text
        return ask_again(replace(self._inquiry(query, question, has_llm=False), again=None))

    def _spell(self, question: str) -> Spelling:
        """A question without what is said around it, its names as printed."""
        return self.speller.correct(complete_catchwords(strip_preamble(question)))

    def _inquiry(self, query: Query, question: str, *, has_llm: bool) -> Inquiry:
        analysis = analyse_question(question, self.generation.lexicon, query.today)
        language = detect_language(query.text)
        found_in = self.generation, self.retriever
        return Inquiry(query, analysis, language, *found_in, has_llm, self.ground, self.again)


def _ask_which(spelling: Spelling, inquiry: Inquiry) -> Composition:
    """Which of several printed names is meant."""
    which = Line(which_name(spelling.names, inquiry.language))
    return Composition((which,), "refused", spelling.choices, refusal="unclear")
