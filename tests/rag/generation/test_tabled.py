"""rag.generation.tabled: what a table says, of the time asked about."""

from dataclasses import replace

import pytest
from archive import found_in
from passages import made_passage

from index.records import Article, PartialDate
from index.store.generations import Generation
from rag.evidence.grounding import Grounding
from rag.generation.tabled import compose_tabled

TABLE = "全区回顾2023年的工作。\n各街道办件情况\n街道\t办件量（件）\n柳渡街道\t9210\n松桥街道\t8840"
ASKED = "柳渡街道2023年办件量是多少？"


def told(town: Generation, day: str) -> list[str]:
    article = Article("a", "a.txt", "a", 0, TABLE, title="政务服务", date=PartialDate(day))
    found = replace(found_in(ASKED, [article]), passages=(made_passage(TABLE, "a", date=day),))
    composed = compose_tabled(Grounding("zh", found, (), None), town)
    return [line.text for line in composed.lines] if composed else []


@pytest.mark.parametrize("day", ["2023-06-01", "2023-12-30", "2024-01-15", "2024-03-20"])
def test_a_table_of_the_time_asked_about_or_reported_soon_after_is_told(town: Generation, day: str) -> None:
    (line,) = told(town, day)
    assert "办件量9210件" in line


@pytest.mark.parametrize("day", ["2022-12-30", "2024-06-01"])
def test_a_table_of_another_time_is_not_told(town: Generation, day: str) -> None:
    assert told(town, day) == []
