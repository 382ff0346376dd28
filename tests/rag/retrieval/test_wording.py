"""What the reader is asked of a passage."""

import pytest
from passages import made_passage

from index.records import PartialDate
from index.store.generations import Generation
from rag.question.analysis import analyse_question
from rag.retrieval.wording import wording_of


@pytest.mark.parametrize(
    ("question", "date", "text", "asked"),
    [
        ("早市2023年7月31日上市量多少？", "2023-07-31", "今天，早市上市量是2万吨。", "早市今天上市量多少？"),
        ("早市2023年7月31日上市量多少？", "2023-08-01", "昨天，早市上市量是2万吨。", "早市昨天上市量多少？"),
        ("早市2023年7月31日上市量多少？", "2023-08-02", "昨天，早市上市量是2万吨。", "早市上市量多少？"),
        ("早市2023年7月31日上市量多少？", "2023-07-31", "2023年7月31日，早市……", "早市2023年7月31日上市量多少？"),
        ("早市7月31日上市量多少？", "2023-07-31", "今天，早市上市量是2万吨。", "早市今天上市量多少？"),
        ("早市7月31日上市量多少？", "2023-07-30", "今天，早市上市量是2万吨。", "早市7月31日上市量多少？"),
    ],
)
def test_a_report_of_the_day_asked_about_is_asked_in_its_own_words(
    town: Generation, question: str, date: str, text: str, asked: str
) -> None:
    analysis = analyse_question(question, town.lexicon, PartialDate("2024-01-01"))
    assert wording_of(analysis, town)(made_passage(text, date=date)) == asked
