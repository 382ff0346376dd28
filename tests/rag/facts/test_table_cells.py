"""rag.facts.table_cells: the asked row and column, and none where the question asks for something else."""

import pytest

from index.language.tables import find_tables
from rag.facts.table_cells import cells_of, find_asked_cells
from rag.question.analysis import analyse_question

RATES = "各街道一季度垃圾分类参与情况\n街道\t户数\t参与率（%）\n云岭街道\t9210\t91.3\n溪头街道\t8764\t88.6\n榆园街道\t6655\t79.8\n合计\t24629\t86.9"
PLACES = "街道\t设施\t数量（家）\n云岭街道\t助餐点\t9\n云岭街道\t图书馆\t3\n溪头街道\t助餐点\t11"
TURNED = "单位：亿元\n指标\t一季度\t二季度\n财政收入\t31.2\t35.8\n财政支出\t52.4\t60.1"
TREES = "镇\t计划\t计划\t完成\t完成\n镇\t面积（亩）\t株数（株）\t面积（亩）\t株数（株）\n云岭镇\t120\t2400\t130\t2610\n溪头镇\t80\t1600\t78\t1550"
NAMES = "姓名\t所在社区\t工作年限\n简知宁\t望津社区\t12年\n苏见清\t南渡社区\t8年"
LEAGUE = "名次\t队伍\t胜负\t积分\n1\t云岭队\t9\t1\t27\n2\t溪头队\t5\t5\t15"
TIMES = "云岭站\t首班6:10\t末班21:30\n溪头站\t首班6:25\t末班21:45"
ABOUT = "云汀区公布垃圾分类、养老设施、财政和植树情况"


def told(table: str, question: str) -> list[str]:
    (found,) = find_tables(table)
    lead = table[slice(*found.lead)] if found.lead else ""
    asked = find_asked_cells(analyse_question(question), found, f"{lead}\n{ABOUT}", "云汀报")
    if asked is None:
        return []
    return [
        f"{' '.join(row.said(column) for column in asked.labels)}/{name}/{value}"
        for row in asked.rows
        for name, value, _cell in cells_of(asked, row)
    ]


@pytest.mark.parametrize(
    ("table", "question", "cells"),
    [
        (RATES, "榆园街道的参与率是多少？", ["榆园街道/参与率/79.8%"]),
        (RATES, "榆园的垃圾分类参与率是多少？", ["榆园街道/参与率/79.8%"]),
        (RATES, "云岭街道有多少户？", ["云岭街道/户数/9210"]),
        (RATES, "哪个街道的参与率最高？", ["云岭街道/参与率/91.3%"]),
        (RATES, "哪个街道户数最少？", ["榆园街道/户数/6655"]),
        (RATES, "一共有多少户？", ["合计/户数/24629"]),
        (RATES, "云岭街道和溪头街道的参与率分别是多少？", ["云岭街道/参与率/91.3%", "溪头街道/参与率/88.6%"]),
        (PLACES, "云岭街道助餐点有几家？", ["云岭街道 助餐点/数量/9家"]),
        (PLACES, "云岭街道的图书馆有多少家？", ["云岭街道 图书馆/数量/3家"]),
        (TURNED, "二季度财政收入是多少？", ["财政收入/二季度/35.8亿元"]),
        (TREES, "溪头镇完成植树面积是多少？", ["溪头镇/完成 面积/78亩"]),
        (TREES, "云岭镇植树多少亩？", ["云岭镇/计划 面积/120亩", "云岭镇/完成 面积/130亩"]),
        (NAMES, "简知宁是哪个社区的？", ["简知宁/所在社区/望津社区"]),
        (TIMES, "溪头站的末班是几点？", ["溪头站/末班/21:45"]),
    ],
)
def test_a_question_on_a_row_and_a_column_gets_their_cell(table: str, question: str, cells: list[str]) -> None:
    assert told(table, question) == cells


@pytest.mark.parametrize(
    ("table", "question"),
    [
        (RATES, "云岭街道的满意率是多少？"),
        (RATES, "枫林街道的参与率是多少？"),
        (RATES, "榆园社区的参与率是多少？"),
        (RATES, "二季度云岭街道的参与率是多少？"),
        (RATES, "参与率是多少？"),
        (PLACES, "溪头街道的图书馆有几家？"),
        (PLACES, "云岭街道有多少户？"),
        (PLACES, "云岭街道的助餐点有多少平方米？"),
        (TURNED, "三季度财政收入是多少？"),
        (TURNED, "十二季度财政收入是多少？"),
        (NAMES, "林亦舟是哪个社区的？"),
        (LEAGUE, "溪头队的积分是多少？"),
        (LEAGUE, "哪个队的积分最高？"),
    ],
)
def test_another_row_column_or_measure_gets_none(table: str, question: str) -> None:
    assert told(table, question) == []
