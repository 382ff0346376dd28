"""index.segment.blocks: paragraphs of a page → pieces with a role."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typeset import wrapped

from index.segment.block_context import find_blocks
from index.segment.blocks import Block, mend_page, takes_up
from index.segment.roles import CONTINUATION_LINE, byline_of, is_heading

NEWS = "本报讯（记者 林亦舟）白鹭湿地公园昨日建成开放。公园占地六十二公顷，以鸟类栖息地恢复为主，设保育区、恢复区和游览区，市民可以免费入园，每天限额两万人。"
BRIDGE = "重建期间老桥封闭，公交车改走桐阳路，施工单位在桥下搭设临时钢便桥，供行人和骑车人通行。旧桥的石栏杆编号后存放，新桥建成后安放在桥头绿地。"
SCHOOL = "南渡镇近三年新增常住人口近两万人，现有的两所小学平均班额已达四十七人，家长每天往返城区接送，最远的要走十四公里，新校区建成后可以就近入学。"


def column(text: str, width: float = 21) -> list[str]:
    return wrapped(text, [float(width)], may_tear=False)


def pieces_of(*blocks: str | list[str]) -> list[Block]:
    lines = [line for block in blocks for line in ([block] if isinstance(block, str) else block)]
    return find_blocks(mend_page("\n".join(lines)))


def roles(*blocks: str | list[str]) -> list[tuple[str, str]]:
    return [(block.role, block.text.text) for block in pieces_of(*blocks)]


def role_of_first(*blocks: str | list[str]) -> str:
    return pieces_of(*blocks)[0].role


def role_between(line: str) -> str:
    """The role of a line that stands between two paragraphs."""
    found = roles(column(NEWS), "", line, "", column(BRIDGE, 26))
    return next(role for role, text in found if text == line)


@pytest.mark.parametrize(
    "line",
    [
        "白鹭湿地公园建成开放",
        "“民声快办”上线首周",
        "你家的灯亮了吗？",
        "灯亮了！",
        "一、指导思想",
        "望津古渡：一块石碑",
    ],
)
def test_a_line_without_a_sentence_is_a_heading(line: str) -> None:
    assert roles(line, column(NEWS))[0] == ("heading", line)


@pytest.mark.parametrize(
    "line", ["三月至七月禁止船只进入。", "一是抓产业；二是抓生态；", "会议指出，", "“还有船吗？”", "……"]
)
def test_a_line_with_a_sentence_or_a_quotation_is_text(line: str) -> None:
    assert role_between(line) == "text"


def test_a_line_longer_than_any_headline_is_text() -> None:
    assert roles("望" * 46)[0][0] == "text"
    assert roles("望" * 45)[0][0] == "heading"


@pytest.mark.parametrize(
    "line",
    [
        "图为孩子们在石阶上编小鱼。", "▼池春和在查看百叶箱。", "▲新桥效果图（区交通局供图）", "葛一帆/摄", "本报记者 葛一帆 摄",
        "孩子们在编小鱼。葛一帆 摄", "孩子们在编小鱼。 葛一帆 摄", "冬日的石阶（葛一帆摄）", "区档案馆供图", "图①：渡口的石阶。",
        "资料图片", "Photo by Wen Bochuan",
    ],
)  # fmt: skip
def test_a_pictures_words_and_its_credit_are_a_caption(line: str) -> None:
    assert [role for role, _text in roles(column(NEWS), line)][-1] == "caption"


@pytest.mark.xfail(reason="a credit that is all of a line in brackets is looked for without a gap in it")
def test_a_credit_in_brackets_on_a_line_of_its_own_is_a_caption() -> None:
    assert role_between("（葛一帆 摄）") == "caption"


def test_the_narrow_lines_of_a_caption_with_a_pointer_are_one() -> None:
    found = roles("▼池春和在查看百叶", "箱，身后是新建的", "气象站。", "葛一帆/摄", column(NEWS))
    assert found == [("caption", "▼池春和在查看百叶箱，身后是新建的气象站。"), ("caption", "葛一帆/摄"), ("text", NEWS)]


def test_a_sentence_that_breaks_into_another_one_is_a_caption() -> None:
    lines = column(BRIDGE + SCHOOL)
    found = roles(column(NEWS), lines[:3], " 孩子们在看白鹭。", lines[3:], column(SCHOOL), column(SCHOOL))
    assert ("caption", "孩子们在看白鹭。") in found


def test_a_short_section_between_two_sub_headings_is_text() -> None:
    section = "三座观鸟屋立在水边，步道长九公里，从观鸟屋的窗口可以望见白鹭的窝。"
    found = roles(column(NEWS), "三座观鸟屋", column(section), "志愿者劝导游客", column(SCHOOL))
    assert ("text", section) in found


@pytest.mark.parametrize(
    ("line", "way", "page"),
    [
        ("（下转03版）", "下", "03"), ("(下转03版)", "下", "03"), ("下转03版", "下", "03"), ("（下转 03 版）", "下", "03"),
        ("（上接一版）", "上", "一"), ("（上接第01版）", "上", "01"), ("(上接A2版)", "上", "A2"), ("【下转第十二版】", "下", "十二"),
    ],
)  # fmt: skip
def test_a_jump_line_says_where_the_article_goes_on_or_comes_from(line: str, way: str, page: str) -> None:
    (role, text), *_rest = roles(line, column(NEWS))
    found = CONTINUATION_LINE.fullmatch(text)
    assert role == "continuation"
    assert found
    assert (found["way"], found["page"]) == (way, page)


@pytest.mark.parametrize("jump", ["（下转03版）", "(下转03版)"])
def test_a_jump_line_at_a_paragraphs_end_is_parted_from_it(jump: str) -> None:
    assert roles(column(NEWS + jump)) == [("text", NEWS), ("continuation", "（下转03版）")]


def test_a_jump_line_at_a_paragraphs_beginning_is_parted_from_it() -> None:
    assert roles("（上接01版）" + BRIDGE) == [("continuation", "（上接01版）"), ("text", BRIDGE)]


def test_a_jump_line_at_a_paragraphs_end_ends_it_before_the_next_one() -> None:
    lines = column(NEWS)
    found = roles(lines[:-1], lines[-1] + "（下转03版）", column(BRIDGE))
    assert found == [("text", NEWS), ("continuation", "（下转03版）"), ("text", BRIDGE)]


def test_a_jump_in_words_inside_a_sentence_stays_in_it() -> None:
    text = "编辑部说明：长篇报道一般在版末注明（下转03版）字样，读者可以翻到该版接着往下读，标题会再印一次。"
    assert roles(text) == [("text", text)]


@pytest.mark.parametrize("line", ["（作者系区档案馆馆员 闻人庆）", "（闻人庆）", "（区教育局供稿）"])
def test_who_wrote_it_in_brackets_under_a_text_is_its_signature(line: str) -> None:
    assert roles(column(NEWS), line) == [("text", NEWS), ("signature", line)]


def test_an_office_and_the_day_under_a_notice_sign_it() -> None:
    found = roles(column(BRIDGE), "云汀区交通局", "2021年1月15日", "白鹭湿地公园建成开放", column(NEWS))
    assert found[1:3] == [("signature", "云汀区交通局"), ("signature", "2021年1月15日")]


def test_an_office_that_does_something_is_a_heading() -> None:
    assert roles(column(BRIDGE), "云汀区交通局启用办事大厅", column(SCHOOL))[1][0] == "heading"


def test_an_office_over_running_text_is_a_heading() -> None:
    assert roles(column(BRIDGE), "云汀区图书馆", column(SCHOOL + "云汀区图书馆"))[1][0] == "heading"


@pytest.mark.parametrize(
    "line",
    [
        "本报记者 苏见清",
        "记者 苏见清 通讯员 卓小满",
        "■本报记者 苏见清",
        "By Cai Suyin",
        "通讯员 卓小满 报道",
        "作者：闻人庆",
    ],
)
def test_an_author_on_a_line_of_its_own_is_a_byline(line: str) -> None:
    assert roles("白鹭湿地公园建成开放", line, column(BRIDGE))[1] == ("byline", line)


@pytest.mark.parametrize(
    "line",
    [
        "2021年1月15日 星期五", "责编 苏见清 校对 卓小满", "第03版", "A2 要闻", "要闻", "03版 综合", "投稿邮箱：a@b.example",
        "新闻热线：12345",
    ],
)  # fmt: skip
def test_what_belongs_to_the_page_is_its_folio(line: str) -> None:
    assert roles(line, "白鹭湿地公园建成开放", column(NEWS))[0] == ("furniture", line)


@pytest.mark.parametrize("banner", ["民生关注", "社区故事", "文化副刊"])
def test_a_columns_banner_is_no_heading(banner: str) -> None:
    assert role_between(banner) == "furniture"


def test_a_sub_heading_that_the_text_speaks_of_is_no_banner() -> None:
    assert role_between("临时钢便桥") == "heading"


@pytest.mark.parametrize(
    "opening",
    [
        "本报讯（记者 苏见清）今日立冬。", "本报讯 今日立冬。", "本报记者 苏见清 报道，今日立冬。", "新华社北京1月15日电 今日立冬。",
        "编者按：今日立冬。", "开栏的话：今日立冬。", "By our staff reporter", "Yunting (Xinhua) -- Winter.",
    ],
)  # fmt: skip
def test_an_article_begins_by_its_own_word(opening: str) -> None:
    (block,) = pieces_of(opening)
    assert block.is_fresh


def test_an_editors_note_in_lenticular_brackets_begins_by_its_own_word() -> None:
    (block,) = pieces_of("【编者按】新年伊始，本报推出专栏。")
    assert block.is_fresh


@pytest.mark.parametrize("text", ["今日立冬。", "记者从区里获悉，今日立冬。", "区里的通讯员说，今日立冬。"])
def test_other_text_does_not_begin_by_its_own_word(text: str) -> None:
    (block,) = pieces_of(text)
    assert not block.is_fresh


def test_a_piece_is_open_where_its_sentence_goes_on_elsewhere() -> None:
    lines = column(BRIDGE)
    (block,) = pieces_of(lines[:3])
    assert block.is_open
    (whole,) = pieces_of(lines)
    assert not whole.is_open


@pytest.mark.xfail(reason="two full lines without a full stop are as long as a headline may be")
def test_two_full_lines_of_running_text_are_text_though_their_sentence_is_open() -> None:
    assert role_of_first(column(BRIDGE)[:2]) == "text"


def test_the_first_line_of_a_paragraph_is_indented_and_that_of_a_rest_full() -> None:
    (block,) = pieces_of(column(BRIDGE))
    assert block.first_line == "indented"
    (rest,) = pieces_of([BRIDGE[:25], BRIDGE[25:50], BRIDGE[50:]])
    assert rest.first_line == "full"
    (line,) = pieces_of("三月至七月禁止船只进入。")
    assert line.first_line == "unknown"


def test_a_piece_carries_the_fixes_that_made_it_with_starts_in_the_document() -> None:
    page = "\n".join(["白鹭湿地公园建成开放", *column(BRIDGE)])
    for block in find_blocks(mend_page(page)):
        for fix in block.fixes:
            assert fix.kind == "hard_wrap"
            assert page[fix.start : fix.start + len(fix.before)] == fix.before == "\n"


def test_a_doubled_heading_is_known_as_one() -> None:
    heading, text = pieces_of("湿地公园建成开放湿地公园建成开放", column(NEWS))
    assert (heading.text.text, heading.doubled, text.doubled) == ("湿地公园建成开放", True, False)


@pytest.mark.parametrize(
    ("text", "byline"),
    [
        ("本报讯（记者 苏见清）昨日。", ("记者 苏见清",)),
        ("本报讯（记者苏见清）昨日。", ("记者 苏见清",)),
        ("本报讯（记者 苏见清 通讯员 卓小满 简知宁）昨日。", ("记者 苏见清", "通讯员 卓小满", "通讯员 简知宁")),
        ("本报讯（本报记者 苏见清、林亦舟）昨日。", ("记者 苏见清", "记者 林亦舟")),
        ("本报讯 (通讯员 简知宁) 连日来。", ("通讯员 简知宁",)),
        ("■本报记者 苏见清 林亦舟", ("记者 苏见清", "记者 林亦舟")),
        ("作者：闻人庆", ("作者 闻人庆",)),
        ("By Cai Suyin", ("Cai Suyin",)),
        ("本报讯 今天立冬。", ()),
        ("望津桥重建", ()),
        pytest.param(
            "本报讯（记者 苏见清 摄影报道）昨日。",
            ("记者 苏见清",),
            marks=pytest.mark.xfail(reason="摄影报道 in one word is taken for a name"),
        ),
    ],
)
def test_the_byline_names_each_author_with_the_word_before(text: str, byline: tuple[str, ...]) -> None:
    assert byline_of(text) == byline


@pytest.mark.parametrize(
    ("before", "after", "least"),
    [
        ("审议通过了《云汀区关于补齐短板", "的若干规定》，决定施行。", 3.0),
        ("总投资达到3", "亿元，同比增长。", 3.0),
        ("介绍了全区空气质", "量连年改善的情况。", 2.0),
        ("会议指出", "，要先治水后造景。", 3.0),
    ],
)
def test_a_rest_takes_up_the_bracket_the_number_or_the_word_that_was_torn(
    before: str, after: str, least: float
) -> None:
    assert takes_up(before, after) >= least


def test_a_text_that_begins_by_a_day_takes_up_nothing() -> None:
    assert takes_up("会议还决定了", "1月15日，望津桥启动重建。") < 0


@pytest.mark.parametrize(("line", "heading"), [("鸟儿回来了", True), ("鸟儿回来了。", False), ("（闻人庆）", False)])
def test_a_line_of_prose_is_a_heading_by_its_form(line: str, heading: bool) -> None:
    assert is_heading(line) == heading


BITS = st.sampled_from(
    [
        "白鹭湿地公园", "（下转03版）", "(上接一版)", "▼池春和", "葛一帆 摄", "。", "，", "\n", "\n\n", " ", "\u3000", "本报讯",
        "（", "）", "《", "》", "记 者", "老站长的日记老站长的日记", "PM_{2.5}", "责编 甲", "民生关注", "2021年1月15日", "交通局",
        "resi-", "dents", "\f",
    ]
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(BITS, max_size=20).map("".join) | st.text())
def test_the_pieces_hold_every_printed_character_of_the_page_once(text: str) -> None:
    page = mend_page(text)
    blocks = find_blocks(page)
    kept = Counter("".join("".join(block.text.text for block in blocks).split()))
    for block in blocks:
        for fix in block.fixes:
            kept.update("".join(fix.before.split()))
            kept.subtract("".join(fix.after.split()))
    assert +kept == Counter("".join(page.text.text.split()))
    assert all(block.text.text == block.text.text.strip() != "" for block in blocks)
