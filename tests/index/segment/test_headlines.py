"""index.segment.headlines: which headline belongs to which article, and what of it is kicker or deck."""

import pytest
from typeset import wrapped

from index.segment.block_context import find_blocks
from index.segment.blocks import Block, mend_page
from index.segment.heading_features import Span
from index.segment.headlines import (
    Headline,
    compose_headline,
    find_lifted,
    in_reading_order,
    match_headings,
)
from index.segment.topic_similarity import TopicSimilarity

PARK = "本报讯（记者 林亦舟）白鹭湿地公园昨日建成开放，占地六十二公顷，观鸟屋有三座，步道长九公里，市民可以免费入园，每天限额两万人，节假日须提前预约。"
BRIDGE = "本报讯（通讯员 简知宁）望津桥今年启动重建，新桥全长四百一十二米，双向四车道，两侧各设四米宽的人行道和自行车道，计划后年年底通车。"
SCHOOL = "本报讯（记者 苏见清）区实验小学南渡校区开工建设，设计二十四个教学班，可以容纳九百六十名学生，操场下面是家长接送中心。"
BODIES = {"park": PARK, "bridge": BRIDGE, "school": SCHOOL}


def headlines_of(*lines: str) -> dict[str, Headline]:
    """The headline of each body on a page; "park", "bridge" and "school" stand for the bodies."""
    rows = [
        row for line in lines for row in (wrapped(BODIES[line], [21.0], may_tear=False) if line in BODIES else [line])
    ]
    blocks = find_blocks(mend_page("\n".join(rows)))
    names = [line for line in lines if line in BODIES]
    spans = [Span((place,), block.text.text) for place, block in enumerate(blocks) if block.role == "text"]
    assert [span.text for span in spans] == [BODIES[name] for name in names]
    headings = [place for place, block in enumerate(blocks) if block.role == "heading"]
    matches = match_headings(blocks, spans, headings, TopicSimilarity([span.text for span in spans]))
    assert [match.place for match in matches] == headings
    return {
        name: compose_headline(blocks, [match for match in matches if match.article == number], spans[number])
        for number, name in enumerate(names)
    }


def titles_of(*lines: str) -> dict[str, str | None]:
    return {name: headline.title for name, headline in headlines_of(*lines).items()}


def test_a_headline_over_its_body_is_its_own() -> None:
    found = titles_of("湿地公园建成开放", "park", "望津桥启动重建", "bridge")
    assert found == {"park": "湿地公园建成开放", "bridge": "望津桥启动重建"}


def test_a_headline_under_its_body_is_its_own() -> None:
    found = titles_of("park", "湿地公园建成开放", "bridge", "望津桥启动重建")
    assert found == {"park": "湿地公园建成开放", "bridge": "望津桥启动重建"}


def test_two_headlines_behind_two_bodies_in_the_other_order_find_their_own() -> None:
    found = titles_of("park", "bridge", "望津桥启动重建", "湿地公园建成开放")
    assert found == {"park": "湿地公园建成开放", "bridge": "望津桥启动重建"}


def test_three_headlines_on_top_find_their_bodies() -> None:
    found = titles_of("实验小学南渡校区开工", "湿地公园建成开放", "望津桥启动重建", "park", "bridge", "school")
    assert found == {"park": "湿地公园建成开放", "bridge": "望津桥启动重建", "school": "实验小学南渡校区开工"}


def test_four_lines_on_top_are_two_headlines_of_two_lines() -> None:
    found = titles_of("湿地公园建成开放", "市民可以免费入园", "望津桥启动重建", "新桥双向四车道", "park", "bridge")
    assert found == {"park": "湿地公园建成开放 市民可以免费入园", "bridge": "望津桥启动重建 新桥双向四车道"}


def test_a_headline_far_from_its_body_is_its_own() -> None:
    assert titles_of("望津桥启动重建", "park", "school", "bridge")["bridge"] == "望津桥启动重建"


def test_a_headline_that_says_nothing_of_the_page_stays_over_the_body_below_it() -> None:
    assert titles_of("park", "寻常巷陌里的旧时光", "school") == {"park": None, "school": "寻常巷陌里的旧时光"}


def test_a_line_above_a_headline_that_says_little_of_the_body_is_its_kicker() -> None:
    found = headlines_of("全区生态修复又添新景", "白鹭湿地公园建成开放", "park")
    assert found["park"] == Headline("白鹭湿地公园建成开放", "全区生态修复又添新景", None)


def test_a_line_below_a_headline_that_says_little_of_the_body_is_its_deck() -> None:
    found = headlines_of("白鹭湿地公园建成开放", "全区生态修复又添新景", "park")
    assert found["park"] == Headline("白鹭湿地公园建成开放", None, "全区生态修复又添新景")


def test_a_line_printed_apart_from_the_headline_is_its_kicker() -> None:
    found = headlines_of("白鹭湿地公园建成开放", "park", "湿地公园观鸟屋有三座", "bridge", "望津桥启动重建")
    assert found["park"] == Headline("白鹭湿地公园建成开放", "湿地公园观鸟屋有三座", None)
    assert found["bridge"].title == "望津桥启动重建"


def test_an_article_without_a_line_has_no_headline() -> None:
    assert headlines_of("park")["park"] == Headline(None, None, None)


def test_lines_that_the_body_joins_are_joined_without_a_gap() -> None:
    assert titles_of("白鹭湿地公园建", "成开放步道九公里", "park")["park"] == "白鹭湿地公园建成开放步道九公里"


def test_nothing_to_match_gives_nothing() -> None:
    assert match_headings([], [], [], TopicSimilarity([])) == []


def test_headings_on_a_page_without_a_body_are_given_to_none() -> None:
    blocks: list[Block] = find_blocks(mend_page("望津桥启动重建\n湿地公园建成开放"))
    assert [match.article for match in match_headings(blocks, [], [0, 1], TopicSimilarity([]))] == [None, None]


def test_a_match_says_how_much_of_the_line_the_body_has_and_by_how_much_it_leads() -> None:
    rows = [row for body in (PARK, BRIDGE) for row in wrapped(body, [21.0], may_tear=False)]
    blocks = find_blocks(mend_page("\n".join(["望津桥启动重建", *rows])))
    (match,) = match_headings(blocks, [Span((1,), PARK), Span((2,), BRIDGE)], [0], TopicSimilarity([PARK, BRIDGE]))
    assert match.article == 1
    assert match.similarity > 0.8
    assert match.margin > 0.5


@pytest.mark.parametrize(
    ("title", "body", "ordered"),
    [
        ("『最美湿地』称号 白鹭公园喜获", "白鹭公园", "白鹭公园喜获『最美湿地』称号"),
        ("建成开放 白鹭湿地公园", "白鹭湿地公园建成开放，", "白鹭湿地公园建成开放"),
        ("免费入园 建成开放 白鹭湿地公园", "白鹭湿地公园建成开放免费入园", "白鹭湿地公园建成开放免费入园"),
        ("白鹭湿地公园 建成开放", "白鹭湿地公园建成开放，", "白鹭湿地公园 建成开放"),
        ("一块石碑 两百年灯火", "望津渡口的石碑", "一块石碑 两百年灯火"),
        ("老站长的日记", "老站长", "老站长的日记"),
    ],
)
def test_the_pieces_of_a_vertical_headline_are_put_in_reading_order(title: str, body: str, ordered: str) -> None:
    assert in_reading_order(title, body) == ordered


LEAD = "本报讯（记者 林亦舟）白鹭湿地公园昨日建成开放，占地六十二公顷，市民可以免费入园。"
HIDES = "三座观鸟屋立在水边，从窗口可以望见白鹭的窝，最近的只有三十米，孩子们看得入神。"
HELPERS = "志愿者在步道入口劝导游客不要喧哗，每个周末有二十名志愿者轮班，多数是中学生。"
PARAGRAPHS = [LEAD, HIDES, HELPERS]


def test_sub_headings_in_a_stack_are_told_from_the_headline() -> None:
    assert find_lifted(["白鹭湿地公园建成开放", "三座观鸟屋立在水边", "志愿者劝导游客"], PARAGRAPHS) == [1, 2]


def test_one_line_that_speaks_of_a_section_is_no_stack() -> None:
    assert find_lifted(["白鹭湿地公园建成开放", "三座观鸟屋立在水边"], PARAGRAPHS) == []


def test_lines_against_the_order_of_their_sections_are_no_stack() -> None:
    assert find_lifted(["志愿者劝导游客", "三座观鸟屋立在水边"], PARAGRAPHS) == []


def test_a_body_of_two_paragraphs_has_no_lifted_sub_headings() -> None:
    assert find_lifted(["三座观鸟屋立在水边", "志愿者劝导游客"], PARAGRAPHS[:2]) == []
