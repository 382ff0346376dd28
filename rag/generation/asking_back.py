"""The clarifying question as an answer: which of the readings is meant, each with the complete question to go on with."""

from rag.generation.composition import Composition, Line
from rag.question.conversation.offers import Offer
from rag.question.conversation.replies import questions_of
from rag.records import Language


def ask_back(offer: Offer, question: str, language: Language) -> Composition:
    """Return a refusal that asks which reading of a question is meant.

    Args:
        question: able to stand alone.
    """
    return Composition((Line(offer.ask(language)),), "refused", questions_of(offer, question), refusal="unclear")
