"""rag.evidence.periods: figures are told of the very period that is asked about."""

import pytest
from passages import made_passage

from index.language.sentences import find_content_sentences
from index.records import Article, PartialDate
from rag.evidence.periods import of_asked_period
from rag.evidence.sentence_ranking import CandidateSentence
from rag.question.analysis import analyse_question

TODAY = PartialDate("2025-06-30")


def ranked_of(text: str) -> list[CandidateSentence]:
    passage = made_passage(text)
    return [
        CandidateSentence(
            passage, number, start, end, text[start:end], 1.0, 0.1, 0.5, 0.5, 1.0, 0.5, 0.0, (), frozenset(), 0.5
        )
        for number, (start, end) in enumerate(find_content_sentences(text))
    ]


@pytest.mark.parametrize(
    ("question", "text", "is_told"),
    [
        ("2025年上半年工业总产值增长多少？", "一季度，工业总产值增长8.1%，3月增长9.4%。", False),
        ("2025年一季度工业总产值增长多少？", "一季度，工业总产值增长8.1%，3月增长9.4%。", True),
        ("2025年3月工业总产值增长多少？", "一季度，工业总产值增长8.1%，3月增长9.4%。", True),
        ("“十四五”以来累计新增就业多少人？", "“十四五”以来，全区累计新增就业13.5万人。", True),
    ],
)
def test_a_figure_is_told_of_the_period_that_is_asked_about(question: str, text: str, is_told: bool) -> None:
    date = PartialDate("2023-01-22" if "十四五" in text else "2025-04-23")
    articles = {"a": Article("a", "a.txt", "a", 0, text, date=date)}
    found = of_asked_period(ranked_of(text), analyse_question(question, today=TODAY), articles)
    assert bool(found) is is_told
