"""rag.verification.said_rows and check_rows: what an LLM says of a table is held against its rows, each with its columns' names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.facts.planted import find_planted
from rag.records import Passage
from rag.verification.archive import Archive
from rag.verification.said_rows import say_rows
from rag.verification.statements import ModelStatement
from rag.verification.verifier import Verifier

TABLES = {
    "pumps": "云汀区汛期泵站运行情况如下。\n泵站\t开机时间（小时）\t排水量（万立方米）\n北河泵站\t126\t340\n青坞泵站\t98\t215\n榆园泵站\t41\t77\n"
    "区水务局提醒，沿河居民注意安全。",
    "buses": "新开通的三条微循环公交线路如下：\n线路\t首班车\t末班车\t配车\n专12路\t6:00\t21:30\t8\n专15路\t6:20\t22:00\t5\n专18路\t5:50\t20:40\t11",
    "prices": "平价菜摊昨日价格（单位：元/斤）\n品种\t批发价\t零售价\n白菜\t0.62\t0.95\n土豆\t1.10\t1.58\n西红柿\t2.35\t3.20",
    # Four names over five cells: which is of which column cannot be told.
    "league": "全区龙舟联赛昨天收官，最终积分如下。\n名次\t队伍\t胜负\t积分\n1\t青坞队\t9\t1\t27\n3\t北河队\t5\t5\t15\n4\t榆园队\t4\t6\t12",
    "classes": "区教委公布各校扩班情况。\n学校\t新增班数\t新增人数\n东河小学\t4\t160\n实验小学\t8\t320",
}
RIGHT = [
    ("pumps", "北河泵站开机126小时，排水量340万立方米。"),
    ("pumps", "青坞泵站的排水量为215万立方米。"),
    ("pumps", "榆园泵站开机时间为41小时。"),
    ("buses", "专12路的首班车为6:00，末班车为21:30。"),
    ("buses", "专15路配车5辆。"),
    pytest.param(
        "prices",
        "白菜的零售价为0.95元/斤。",
        marks=pytest.mark.xfail(reason="the judgement gives it .18 of the .3 that it takes"),
    ),
    ("prices", "西红柿批发价为2.35元/斤，零售价为3.20元/斤。"),
    ("classes", "实验小学新增8个班，新增320人。"),
]
WRONG = [
    ("league", "北河队的积分为5分。"),
    ("league", "青坞队积分1分。"),
    ("league", "榆园队积6分。"),
    ("pumps", "北河泵站排水量215万立方米。"),
    ("pumps", "青坞泵站开机126小时。"),
    ("pumps", "榆园泵站排水量为41万立方米。"),
    ("pumps", "北河泵站开机340小时。"),
    ("buses", "专12路的末班车为22:00。"),
    ("buses", "专15路的首班车为5:50。"),
    ("prices", "白菜的零售价为1.58元/斤。"),
    ("prices", "土豆的零售价为3.20元/斤。"),
    ("classes", "东河小学新增320人。"),
    ("classes", "东河小学新增4人。"),
    ("classes", "实验小学新增320个班。"),
]


def passage(name: str) -> Passage:
    text = TABLES[name]
    return Passage(
        rank=1,
        score=1.0,
        cosine=0.8,
        bm25=1.0,
        chunk_id=f"{name}.0",
        article_id=name,
        doc_id=name,
        title=None,
        date="2024-05-08",
        date_precision="day",
        newspaper="云汀报",
        source="云汀报_2024-05-08_01版.txt",
        page="01",
        url=None,
        text=text,
        start=0,
        end=len(text),
    )


@pytest.mark.parametrize(("table", "statement"), WRONG)
def test_what_stands_in_another_row_or_column_is_struck(town_archive: Archive, table: str, statement: str) -> None:
    assert not Verifier([passage(table)], town_archive).verify(ModelStatement(statement, (1,), "")).quotes


@pytest.mark.parametrize(("table", "statement"), RIGHT)
def test_what_a_row_says_is_carried_by_the_printed_row(town_archive: Archive, table: str, statement: str) -> None:
    quotes = Verifier([passage(table)], town_archive).verify(ModelStatement(statement, (1,), "")).quotes
    assert any("\t" in quote.text for quote in quotes)
    assert all(TABLES[table][quote.start : quote.end] == quote.text for quote in quotes)


CELLS = st.text(st.sampled_from("北河泵站126.5万小时（）% "), min_size=1, max_size=6).filter(
    lambda cell: bool(cell.strip())
)
LINES = st.lists(st.lists(CELLS, min_size=1, max_size=4).map("\t".join), max_size=6).map("\n".join)


@given(LINES)
def test_every_stretch_of_a_said_text_is_printed_where_it_says(text: str) -> None:
    said = say_rows(text, find_planted(text))
    assert said.printed_span(0, len(said.text)) == (0, len(text))
    for row in said.rows:
        assert said.printed_span(row.start, row.end) == (row.row.start, row.row.end)
    outside = [place for place in range(len(said.text)) if not any(row.start <= place < row.end for row in said.rows)]
    for place in outside:
        start, end = said.printed_span(place, place + 1)
        assert text[start:end] == said.text[place] or said.text[place] == " "
