"""rag.evidence.numbered_items: the item of a list that a question asks for by its number."""

import pytest

from rag.evidence.numbered_items import asked_item
from rag.question.analysis import analyse_question


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("供热服务承诺第二项是什么？", 2),
        ("防汛工作第三项要求是什么？", 3),
        ("办证的第4步怎么做？", 4),
        ("文明养犬倡议第一条说了什么？", 1),
        ("通知的第十二个方面要求是什么？", 12),
        ("第三条地铁线路哪天开通？", None),
        ("第二届邻里节在哪里举行？", None),
        ("第三项目部的经理是谁？", None),
        ("供热服务承诺有哪些？", None),
    ],
)
def test_a_number_is_that_of_an_item_where_the_item_is_asked_for(question: str, number: int | None) -> None:
    assert asked_item(analyse_question(question)) == number
