"""Analysis of a question → what it has reckoned, in either language."""

from rag.question.analysis import QuestionAnalysis
from rag.question.calculation.chinese import read_chinese
from rag.question.calculation.english import read_english
from rag.question.calculation.records import Calculation


def read_calculation(analysis: QuestionAnalysis) -> Calculation | None:
    """Return what a question has reckoned; None where it asks for a figure that is to be found, or for something else.

    Args:
        analysis: of the question, able to stand alone.
    """
    return read_english(analysis) if analysis.language == "en" else read_chinese(analysis)
