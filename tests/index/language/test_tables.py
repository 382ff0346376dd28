"""index.language.tables: which lines are a table, what its rows are called, how a row is said."""

import pytest

from index.language.sentences import find_content_sentences, split_sentences
from index.language.tables import find_tables, unit_of

PLAIN = "各街道参与情况\n街道\t户数（户）\t参与率（%）\n云岭街道\t9210\t91.3\n溪头街道\t8764\t88.6\n合计\t17974\t90.0"
MERGED = "街道\t设施\t数量（家）\n云岭街道\t助餐点\t9\n云岭街道\t图书馆\t3\n溪头街道\t助餐点\t11"
TWO_HEADS = (
    "镇\t计划\t计划\t完成\t完成\n镇\t面积（亩）\t株数（株）\t面积（亩）\t株数（株）\n云岭镇\t120\t2400\t130\t2610"
)
TURNED = "单位：亿元\n指标\t2022年\t2023年\n财政收入\t31.2\t35.8\n增速（%）\t6.4\t7.2"
NAMES = "姓名\t所在社区\n简知宁\t望津社区\n苏见清\t南渡社区"
NUMBERED = "序号\t街道\t参与率\n1\t云岭街道\t91%\n2\t溪头街道\t88%"


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            PLAIN,
            [
                "云岭街道：户数 9210户，参与率 91.3%",
                "溪头街道：户数 8764户，参与率 88.6%",
                "合计：户数 17974户，参与率 90.0%",
            ],
        ),
        (MERGED, ["云岭街道 助餐点：数量 9家", "云岭街道 图书馆：数量 3家", "溪头街道 助餐点：数量 11家"]),
        (TWO_HEADS, ["云岭镇：计划 面积 120亩，计划 株数 2400株，完成 面积 130亩，完成 株数 2610株"]),
        (TURNED, ["财政收入：2022年 31.2亿元，2023年 35.8亿元", "增速（%）：2022年 6.4%，2023年 7.2%"]),
        (NAMES, ["简知宁：所在社区 望津社区", "苏见清：所在社区 南渡社区"]),
        (NUMBERED, ["云岭街道：参与率 91%", "溪头街道：参与率 88%"]),
    ],
    ids=["plain", "merged", "two heads", "turned", "names", "numbered"],
)
def test_a_row_is_said_with_what_its_columns_are_called(text: str, rows: list[str]) -> None:
    (table,) = find_tables(f"前面的话。\n{text}\n后面的话。")
    said = [table.say(row).replace("计划 面积", "计划 面积") for row in table.rows]
    assert said == [row.replace("计划面积", "计划 面积") for row in rows]


def test_the_caption_belongs_to_the_table_and_a_sentence_before_it_does_not() -> None:
    text = f"前面的话。\n{PLAIN}"
    (table,) = find_tables(text)
    assert table.lead
    assert text[slice(*table.lead)] == "各街道参与情况"
    (bare,) = find_tables(f"前面的话。\n{NAMES}")
    assert bare.lead is None


def test_a_line_with_a_tab_alone_is_no_table() -> None:
    assert find_tables("\t本报讯 望津桥重建。\n第二段没有制表符。\n第三段\t也不是表。") == ()


def test_a_row_is_one_sentence_whatever_its_cells_say() -> None:
    text = "项目\t内容\n开放时间\t周一至周五。周末闭馆；节假日照常\n电话\t63520017转2"
    sentences = [text[start:end].strip() for start, end in split_sentences(text)]
    assert sentences == text.split("\n")
    assert len(find_content_sentences(text)) == 2  # the head says too little


@pytest.mark.parametrize(
    ("name", "unit"),
    [("参与率（%）", "%"), ("增速(±%)", "%"), ("金额（单位：万元）", "万元"), ("桥梁（含人行桥）", "")],
)
def test_a_unit_is_read_from_the_name_of_a_column(name: str, unit: str) -> None:
    assert unit_of(name) == unit


def test_hostile_tabs_are_read_in_linear_time() -> None:
    text = "\t" * 50_000 + "\n" + "a\tb\n" * 5_000
    assert len(find_tables(text)) == 1


def test_a_row_with_more_or_fewer_cells_than_the_head_has_none_of_its_names() -> None:
    (table,) = find_tables("名次\t队伍\t积分\n1\t柳川队\t5\t17\n东门队\t14\n3\t北门队\t10")
    assert [table.say(row) for row in table.rows] == ["1，柳川队，5，17", "东门队，14", "北门队：名次 3，积分 10"]
    assert [row.said(2) for row in table.rows] == ["", "", "10"]


def test_what_all_cells_of_a_column_begin_with_names_it() -> None:
    (table,) = find_tables("柳川站\t首班6:10\t末班21:30\n东门站\t首班6:25\t末班21:45")
    assert table.columns == ("", "首班", "末班")
    assert [table.say(row) for row in table.rows] == ["柳川站：首班 6:10，末班 21:30", "东门站：首班 6:25，末班 21:45"]


def test_a_head_of_two_lines_without_the_cells_that_span_columns_is_filled_up() -> None:
    (table,) = find_tables("项目\t房源\t租金\n\t一居\t两居\n安和苑\t120\t85\t32\n槐柳家园\t96\t41\t29\n")
    assert table.columns == ("项目", "房源 一居", "房源 两居", "租金")
    assert [table.say(row) for row in table.rows] == [
        "安和苑：房源 一居 120，房源 两居 85，租金 32",
        "槐柳家园：房源 一居 96，房源 两居 41，租金 29",
    ]
