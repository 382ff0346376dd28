"""Tables and lists of newspaper pages: they stay in their article, a row a line, and headlines that look alike are none."""

from itertools import pairwise

import pytest

from index.records import Article, Document
from index.segment import DOUBTFUL, split_articles
from index.segment.cells import cell_gaps, cells_of

PARK = "本报讯（记者 林亦舟）白鹭湿地公园昨日建成开放，公园占地六十二公顷，市民可以免费入园。"
BRIDGE = "本报讯（通讯员 简知宁）望津桥今年启动重建，新桥全长412米，双向四车道。"
LEAD = "本报讯（记者 苏见清）区水务局昨天公布各镇街雨污分流的情况，全年分两次抽查。"
LED = "本报讯（记者 苏见清）区民政局昨天公布办法，具体如下："
SOURCE = "云汀报_2024-06-03_03版.txt"


def articles(text: str) -> list[Article]:
    return split_articles(Document(SOURCE, SOURCE, text, "page"))


def page(lead: str, rows: str, gap: str = "\n\n") -> list[Article]:
    """Three articles; the rows stand under the second one's lead, `gap` before and behind them."""
    parts = ["湿地公园建成开放", PARK, "各镇街雨污分流情况公布", lead]
    return articles("\n\n".join(parts) + gap + rows + gap + "望津桥启动重建\n\n" + BRIDGE)


TABLE = "镇街\t完成率\t排名\n青石街道\t96.2%\t1\n南渡镇\t91.5%\t2\n东里镇\t\t3"
TABLES = {
    "tabs": TABLE,
    "full-width blanks": "镇街　完成率　排名\n青石街道　96.2%　1\n南渡镇　91.5%　2",
    "aligned by blanks": "镇街      完成率   排名\n青石街道  96.2%    1\n南渡镇    91.5%    2",
    "single blanks": "镇街 完成率 排名\n青石街道 96.2% 1\n南渡镇 91.5% 2",
    "rules": "| 镇街 | 完成率 | 排名 |\n|---|---|---|\n| 青石街道 | 96.2% | 1 |\n| 南渡镇 | 91.5% | 2 |",
    "a box": "┌───┬───┬──┐\n│镇街│完成率│排名│\n├───┼───┼──┤\n│青石街道│96.2%│1│\n│南渡镇│91.5%│2│\n└───┴───┴──┘",
    "commas": "镇街,完成率,排名\n青石街道,96.2%,1\n南渡镇,91.5%,2",
}


@pytest.mark.parametrize("gap", ["\n", "\n\n"])
@pytest.mark.parametrize("form", TABLES)
def test_a_table_stays_in_its_article_with_tabs_between_the_cells(form: str, gap: str) -> None:
    _first, second, third = page(LEAD, TABLES[form], gap)
    assert second.text.startswith(LEAD + "\n镇街\t完成率\t排名\n青石街道\t96.2%\t1\n南渡镇\t91.5%\t2")
    assert (third.title, third.text, third.kicker) == ("望津桥启动重建", BRIDGE, None)
    assert (second.noise, second.subheads, second.captions) == ((), (), ())
    assert form == "tabs" or "table_row" in {fix.kind for fix in second.fixes}


def test_an_empty_cell_stays_empty_at_the_ends_of_a_row_too() -> None:
    _first, second, _third = page(LEAD, "\t户数\t得分\n青石街道\t\t96\n南渡镇\t880\t")
    assert second.text.split("\n")[1:] == ["\t户数\t得分", "青石街道\t\t96", "南渡镇\t880\t"]


def test_every_cell_says_where_it_stands_in_the_file() -> None:
    rows = "镇街　完成率\n青石街道　96.2%\n南渡镇　91.5%"
    text = "各镇街雨污分流情况公布\n\n" + LEAD + "\n\n" + rows
    (article,) = articles(text)
    place = article.text.index("91.5%")
    (one,) = (one for one in article.origin if one.start <= place < one.end)
    start = one.source_start + place - one.start
    assert text[start : start + 5] == "91.5%"
    assert all(before.end == after.start for before, after in pairwise(article.origin))


LISTS = {
    "names": "魏长庚\n林知远\n白若溪",
    "names with their units": "青石街道魏长庚\n南渡镇林知远\n东里镇白若溪",
    "names in brackets": "魏长庚（青石街道）\n林知远（南渡镇）\n白若溪（东里镇）",
    "schools": "青石小学\n南渡实验学校\n东里中学",
    "steps": "1. 带身份证到社区登记\n2. 填写养老金申请表\n3. 社保所五个工作日内审核",
    "steps in Chinese numbers": "第一步：带身份证到社区登记\n第二步：填写养老金申请表\n第三步：等待审核结果",
    "steps that end": "①带身份证到社区登记；\n②填写养老金申请表；\n③社保所五个工作日内审核。",
    "prizes": "一等奖（2名）\n魏长庚、林知远\n二等奖（3名）\n白若溪、唐以宁、贺云帆",
    "keys": "时间：6月8日9时\n地点：区文化馆一楼\n报名电话：63520017",
    "bullets": "• 户口簿复印件\n• 两张一寸照片\n• 社保卡",
}


# Where nothing announces them these may as well be headlines.
LIKE_HEADLINES = ("schools", "names with their units")


@pytest.mark.parametrize(
    ("kind", "lead"),
    [(kind, lead) for kind in LISTS for lead in (LEAD, LED) if lead == LED or kind not in LIKE_HEADLINES],
)
def test_a_list_stays_in_its_article_one_item_a_line(kind: str, lead: str) -> None:
    _first, second, third = page(lead, LISTS[kind])
    assert second.text == lead + "\n" + LISTS[kind]
    assert (third.title, third.kicker, third.noise) == ("望津桥启动重建", None, ())


def test_a_timetable_is_a_table_and_two_columns_of_names_are() -> None:
    _first, second, _third = page(LED, "首班车 6:30\n末班车 21:00\n发车间隔 8分钟")
    assert second.text.endswith("\n首班车\t6:30\n末班车\t21:00\n发车间隔\t8分钟")
    _first, second, _third = page(LEAD, "魏长庚　林知远　白　溪\n唐以宁　贺云帆　简知宁")
    assert second.text.endswith("\n魏长庚\t林知远\t白溪\n唐以宁\t贺云帆\t简知宁")


def test_an_item_over_two_lines_is_one_item() -> None:
    rows = "1.申请人持身份证、户口簿到户籍所在地社\n区居委会提出申请\n2.社区居委会在五个工作日内完成初审并公\n示三天"
    _first, second, _third = page(LEAD, rows)
    items = ["1.申请人持身份证、户口簿到户籍所在地社区居委会提出申请", "2.社区居委会在五个工作日内完成初审并公示三天"]
    assert second.text.split("\n")[1:] == items


def test_the_caption_the_unit_and_the_note_of_a_table_stay_with_it() -> None:
    rows = "表1　各镇街完成率\n单位：%\n镇街　完成率\n青石街道　96.2\n南渡镇　91.5\n注：数据截至五月底"
    _first, second, _third = page(LEAD, rows)
    assert second.text.split("\n")[1:] == [
        "表1　各镇街完成率",
        "单位：%",
        "镇街\t完成率",
        "青石街道\t96.2",
        "南渡镇\t91.5",
        "注：数据截至五月底",
    ]


def test_the_text_below_a_table_is_of_the_same_article() -> None:
    _first, second, _third = page(LEAD, TABLE + "\n区水务局表示，年底前全部完成改造。")
    assert second.text.endswith("东里镇\t\t3\n区水务局表示，年底前全部完成改造。")


def test_a_table_goes_on_over_a_page_break() -> None:
    _first, second, _third = page(LEAD, "镇街\t得分\n青石街道\t96\n— 3 —\n\f南渡镇\t91\n东里镇\t88")
    assert second.text.endswith("\n镇街\t得分\n青石街道\t96\n南渡镇\t91\n东里镇\t88")


def test_a_list_under_a_headline_of_its_own_is_an_article() -> None:
    text = "\n\n".join(
        [
            "湿地公园建成开放",
            PARK,
            "12路公交车时刻调整",
            "首班车 6:30\n末班车 21:00\n间隔 8分钟",
            "望津桥启动重建",
            BRIDGE,
        ]
    )
    _first, second, _third = articles(text)
    assert (second.title, second.text) == ("12路公交车时刻调整", "首班车\t6:30\n末班车\t21:00\n间隔\t8分钟")


def test_a_heading_that_may_be_a_caption_or_a_headline_stays_with_the_text_above_and_is_doubtful() -> None:
    _first, second, _third = page(LEAD, "抽查结果\n镇街　得分\n青石街道　96\n南渡镇　91")
    assert second.text.endswith("抽查结果\n镇街\t得分\n青石街道\t96\n南渡镇\t91")
    assert second.confidence < DOUBTFUL
    assert any("抽查结果" in decision for decision in second.decisions)


def test_a_headline_then_its_table_then_its_text_are_one_article() -> None:
    text = "\n".join(["湿地公园建成开放", PARK, "雨污分流得分榜公布", "镇街　得分\n青石街道　96\n南渡镇　91", LEAD])
    _first, second = articles(text)
    assert (second.title, second.text) == ("雨污分流得分榜公布", "镇街\t得分\n青石街道\t96\n南渡镇\t91\n" + LEAD)


@pytest.mark.parametrize(
    "headlines",
    [
        ["凝心聚力谋发展　真抓实干谱新篇", "立足新起点　展现新作为"],
        ["今年植树1200亩", "明年再植1500亩"],
        ["湿地公园建成", "白鹭归来筑巢", "市民免费入园"],
    ],
)
def test_headlines_that_look_alike_are_no_rows(headlines: list[str]) -> None:
    (article,) = articles("\n".join([*headlines, "", PARK]))
    assert article.text == PARK


def test_where_to_read_on_and_who_made_the_page_are_no_rows() -> None:
    text = "\n".join(["湿地公园建成开放", PARK, "", "区两会开幕　02版", "新鸟种现身　03版", "桥梁动工　04版"])
    assert articles(text)[0].text == PARK
    text = "\n".join(["湿地公园建成开放", PARK, "", "责任编辑：王小川　版式：李大江", "校对：苏见清　美编：贺云帆"])
    assert articles(text)[0].text == PARK


HEADED = {
    "two words of one character": ("名次　队伍　胜　负　积分", ["名次", "队伍", "胜", "负", "积分"]),
    "words spaced out": ("序　号　队　　伍　胜场　负场　积　分", ["序号", "队伍", "胜场", "负场", "积分"]),
    "single blanks": ("名次 队伍 胜 负 积分", ["名次", "队伍", "胜", "负", "积分"]),
}


@pytest.mark.parametrize("form", HEADED)
def test_letters_side_by_side_are_as_many_cells_as_the_rows_below_have(form: str) -> None:
    head, cells = HEADED[form]
    blank = " " if form == "single blanks" else "　"
    rows = [("1", "柳川队", "9", "1", "27"), ("2", "东门队", "7", "3", "21"), ("3", "北门队", "5", "5", "15")]
    _first, second, _third = page(LEAD, "\n".join([head, *(blank.join(row) for row in rows)]))
    assert second.text.split("\n")[1:] == ["\t".join(row) for row in (cells, *rows)]


@pytest.mark.parametrize("leader", ["……", "．．．．", " ······ ", "————", "-----"])
def test_leaders_part_the_cells_of_a_table(leader: str) -> None:
    rows = [
        ("青石站", "首班6:10", "末班21:30"),
        ("南渡站", "首班6:25", "末班21:45"),
        ("东里站", "首班6:40", "末班22:05"),
    ]
    _first, second, _third = page(LEAD, "\n".join(leader.join(row) for row in rows))
    assert second.text.split("\n")[1:] == ["\t".join(row) for row in rows]


TORN: dict[str, list[tuple[str, ...]]] = {
    "a head and figures": [
        ("停车场", "开放时间", "泊位"),
        ("税务所", "18:00至次日8:00", "64"),
        ("文化站", "19:00起", "38"),
    ],
    "figures without a head": [("甲票", "180元"), ("乙票", "120元"), ("学生票", "60元")],
    "names": [("片区", "网格员"), ("一号片区", "魏长庚"), ("二号片区", "林知远")],
}


@pytest.mark.parametrize("gap", ["\n", "\n\n"])
@pytest.mark.parametrize("form", TORN)
def test_a_table_with_a_cell_on_each_line_gets_its_rows_back(form: str, gap: str) -> None:
    rows = "\n".join("\n".join(row) for row in TORN[form])
    _first, second, third = page(LEAD, rows, gap)
    assert second.text.split("\n")[1:] == ["\t".join(row) for row in TORN[form]]
    assert (third.title, third.kicker, third.noise) == ("望津桥启动重建", None, ())


def test_a_notice_of_days_and_streets_is_an_article_under_its_head() -> None:
    notice = "停水通知\n\n6月8日9:00—15:00\n青石路、东里巷\n6月9日13:00—18:00\n南渡小区"
    _first, second, third, last = page(LEAD, notice)
    assert second.text == LEAD
    assert third.title == "停水通知"
    assert third.text == "6月8日9:00—15:00\t青石路、东里巷\n6月9日13:00—18:00\t南渡小区"
    assert (last.title, last.kicker, last.noise) == ("望津桥启动重建", None, ())


@pytest.mark.parametrize(
    "contact", ["联系电话：6352-0017", "咨询热线：6352-0017", "联系人：\n魏长庚", "联系人：魏长庚\n联系电话：6352-0017"]
)
def test_whom_to_ask_stays_with_the_article_above(contact: str) -> None:
    _first, second, third = page(LEAD, contact)
    assert second.text.replace("\t", "\n") == LEAD + "\n" + contact
    assert (second.noise, third.kicker) == ((), None)


@pytest.mark.parametrize("own", ["新闻热线：6352-0017", "本报地址：青石路8号\n邮编：200000"])
def test_how_to_reach_the_newspaper_is_no_article(own: str) -> None:
    found = articles(f"湿地公园建成开放\n\n{PARK}\n\n望津桥启动重建\n\n{BRIDGE}\n\n{own}")
    assert [article.text for article in found] == [PARK, BRIDGE]


def test_a_blank_cell_between_rules_is_a_cell() -> None:
    assert cells_of("table", "| 商业 | 2960 |      | 3015 |") == ["商业", "2960", "", "3015"]
    assert [gap[2] for gap in cell_gaps("table", ["| 商业 | 2960 |   | 3015 |"])[0]] == ["", "\t", "\t", "\t", ""]
