"""A Chinese question as an English reader is asked it: its words, as a passage has them, behind an asking word."""

import re
from dataclasses import dataclass

from index.language.terms import characters_of
from rag.question.analysis import QuestionAnalysis
from rag.retrieval.translation.concepts import Concept, QueryTranslation

_COUNTS = re.compile(r"多少|几")
_HOW = re.compile(r"多([长大高远久宽深重])|多少?长?时间")
_ADJECTIVES = {
    "长": "long",
    "大": "large",
    "高": "high",
    "远": "far",
    "久": "long",
    "宽": "wide",
    "深": "deep",
    "重": "heavy",
}
_WRITTEN = re.compile(r"[A-Za-z0-9]+(?:[.\-,][A-Za-z0-9]+)*")
_ASKED = {
    "date": "When",
    "number": "How many",
    "person": "Who",
    "office": "What position",
    "place": "Where",
    "reason": "Why",
    "organisation": "Which organization",
    "other": "What",
}


@dataclass(frozen=True, slots=True)
class EnglishQuestion:
    """A Chinese question as English articles may put it.

    Args:
        translation: its concepts; `Concept.english` is the Chinese word.
        wordings: in the question's order, each word's concept where the archive has it, and how it is said else.
        asks: the asking words.
    """

    translation: QueryTranslation
    wordings: tuple[tuple[Concept | None, str], ...]
    asks: str

    def asked_of(self, passage: str) -> str:
        """Return the question in a passage's own words, as far as it has them: what an English reader is asked."""
        written = {word.lower().replace(",", ""): word for word in _WRITTEN.findall(passage)}
        said = [self._said(concept, default, written) for concept, default in self.wordings]
        return f"{self.asks} {' '.join(filter(None, said))}?"

    def _said(self, concept: Concept | None, default: str, written: dict[str, str]) -> str:
        if concept is None:
            return default
        held = [
            (certainty, -place, way)
            for place, (way, certainty) in enumerate(concept.translations)
            if all(characters_of(term) in written for term in way)
        ]
        if not held:
            return default
        return " ".join(written[characters_of(term)] for term in max(held)[2])


def asking_words(analysis: QuestionAnalysis) -> str:
    """Return the English words that ask for what a question asks for."""
    kind = analysis.answer_type
    if kind == "number" and (how := _HOW.search(analysis.text)):
        return f"How {_ADJECTIVES.get(how[1] or '', 'long')}"
    if kind == "number" and not _COUNTS.search(analysis.text):
        return "What"
    return _ASKED[kind]


def without_how(text: str) -> str:
    """Return a Chinese text without 多长 and the like, which the asking words say."""
    return _HOW.sub(" ", text)
