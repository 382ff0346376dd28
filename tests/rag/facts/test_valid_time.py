"""rag.facts.valid_time: when what a sentence says holds."""

import pytest

from index.records import Article, PartialDate
from rag.facts.valid_time import validity_date
from rag.generation.messages import show_date

ARTICLE = Article("a", "a.txt", "a", 0, "正文", date=PartialDate("2023-05-12"))
SENTENCES = [
    ("截至2022年底，常住人口为45万人。", "2022-12-31"),
    ("截至4月底，共受理诉求615件。", "2023-04-30"),
    ("全区检修渔船312艘。", "2023-05-12"),
    ("计划2025年10月建成通车。", "2023-05-12"),  # not over when it was printed
    ("常住人口比2020年增加3万人。", "2023-05-12"),  # only compared with
    ("植树面积较2018年扩大。", "2023-05-12"),
    ("2021年植树1000棵，2022年植树1200棵。", "2022-12-31"),
    ("", "2023-05-12"),
]


@pytest.mark.parametrize(("sentence", "day"), SENTENCES)
def test_a_sentence_holds_for_the_last_day_that_was_over_when_it_was_printed(sentence: str, day: str) -> None:
    assert validity_date(sentence, ARTICLE) == day


def test_nothing_tells_when_an_undated_article_holds() -> None:
    assert validity_date("截至2022年底，常住人口为45万人。", Article("a", "a.txt", "a", 0, "正文")) is None


@pytest.mark.parametrize(
    ("date", "chinese", "english"),
    [("2023-06-16", "2023年6月16日", "16 June 2023"), ("2023-12", "2023年12月", "December 2023"), ("2023", "2023年", "2023")],
)  # fmt: skip
def test_a_date_is_written_as_readers_write_it_to_the_precision_known(date: str, chinese: str, english: str) -> None:
    assert show_date(PartialDate(date), english=False) == chinese
    assert show_date(PartialDate(date), english=True) == english
