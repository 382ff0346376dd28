"""index.repair.hard_wraps: printed lines → paragraphs, by the column's width and by whether the sentence goes on."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typeset import wrapped

from index.repair.hard_wraps import find_paragraphs, rejoin_lines
from index.repair.lines import is_closed, lacks_bracket, measure, measure_lines

PARK = "湿地公园的观鸟屋有三座，步道长九公里。三月至七月鸟类繁殖，保育区禁止一切船只进入，志愿者在步道入口劝导游客不要喧哗。"
BRIDGE = "重建期间老桥封闭，公交车改走桐阳路，施工单位在桥下搭设临时钢便桥，供行人和骑车人通行。旧桥的石栏杆编号后存放，新桥建成后安放在桥头绿地。"
SCHOOL = "南渡镇近三年新增常住人口近两万人，现有的两所小学平均班额已达四十七人，家长每天往返城区接送，最远的要走十四公里，新校区建成后可以就近入学。"
NEWS = "本报讯（记者 林亦舟）白鹭湿地公园昨日建成开放。公园占地六十二公顷，以鸟类栖息地恢复为主，设保育区、恢复区和游览区，市民可以免费入园，每天限额两万人。"
ENGLISH = [
    "Foreign residents of Yunting can now use the",
    "district's Quick Response hotline in",
    "English. The service, run by the",
    "Government Service Bureau from its centre",
    "at 18 Huxin Road, started on June 5 and is",
    "open from 8 am to 8 pm every day.",
]


def column(text: str, *widths: float) -> list[str]:
    """The lines of a paragraph, the first one indented; words and numbers stay whole."""
    return wrapped(text, [float(width) for width in widths], may_tear=False)


def paragraphs(*lines: str) -> list[str]:
    joined, _fixes = rejoin_lines("\n".join(lines))
    return [line for line in joined.split("\n") if line]


def spaced(lines: list[str]) -> list[str]:
    """A blank line after every line."""
    return [part for line in lines for part in (line, "")]


@pytest.mark.parametrize("width", [12, 13, 14, 16, 17, 18, 20, 22, 24, 26, 28, 30])
def test_two_paragraphs_of_any_column_come_back(width: int) -> None:
    assert paragraphs(*column(BRIDGE, width), *column(SCHOOL, width)) == [BRIDGE, SCHOOL]


@pytest.mark.parametrize("width", [12, 13, 14, 16, 18, 20, 22, 24, 26, 28, 30])
def test_a_blank_line_after_every_line_parts_no_paragraph(width: int) -> None:
    assert paragraphs(*spaced(column(BRIDGE, width) + column(SCHOOL, width))) == [BRIDGE, SCHOOL]


def test_blank_lines_after_paragraphs_part_them_even_where_the_last_line_is_full() -> None:
    first, second = ["甲" * 20, "乙" * 20, "丙" * 19 + "。"], ["丁" * 20, "戊" * 20, "己" * 5 + "。"]
    assert paragraphs(*first, "", *second) == ["".join(first), "".join(second)]


def test_a_paragraph_that_begins_with_a_full_line_goes_on_from_a_full_line_that_ends_a_sentence() -> None:
    lines = ["甲" * 18, "乙" * 20, "丙" * 19 + "。", "丁" * 20, "戊" * 20, "己" * 5 + "。"]
    assert paragraphs(*lines) == ["".join(lines)]


def test_a_missing_indent_begins_a_paragraph_behind_a_full_line() -> None:
    first, second = ["甲" * 18, "乙" * 20, "丙" * 19 + "。"], ["丁" * 18, "戊" * 20, "己" * 5 + "。"]
    assert paragraphs(*first, *second) == ["".join(first), "".join(second)]


@pytest.mark.parametrize("width", [16, 20])
def test_a_last_line_as_wide_as_an_indented_one_ends_its_paragraph(width: int) -> None:
    assert paragraphs(*column(NEWS, width), *column(SCHOOL, width)) == [NEWS, SCHOOL]


@pytest.mark.xfail(reason="three lines of which two end a sentence do not tell their column")
def test_a_first_line_that_ends_a_sentence_in_a_paragraph_of_three_lines_goes_on() -> None:
    assert paragraphs(*column(PARK, 21)) == [PARK]


@pytest.mark.parametrize("widths", [(17, 17, 17, 17, 25), (26, 26, 26, 17), (18, 18, 24, 24, 20)])
def test_a_column_that_changes_its_width_inside_a_sentence_goes_on(widths: tuple[int, ...]) -> None:
    assert paragraphs(*column(BRIDGE + PARK, *widths)) == [BRIDGE + PARK]


def test_two_columns_of_different_widths_are_two_paragraphs() -> None:
    assert paragraphs(*column(PARK, 26), *column(BRIDGE, 17)) == [PARK, BRIDGE]


@pytest.mark.parametrize("headline", ["白鹭湿地公园开放", "白鹭湿地公园环湖步道昨日向全区市民免费开放"])
def test_a_headline_stands_apart_even_where_it_fills_the_column(headline: str) -> None:
    assert paragraphs(headline, *column(BRIDGE, 21)) == [headline, BRIDGE]


def test_a_headline_in_two_lines_stays_in_two() -> None:
    lines = ["区人大常委会举行会议", "听取学前教育情况报告"]
    assert paragraphs(*lines, *column(NEWS, 21)) == [*lines, NEWS]


@pytest.mark.xfail(reason="only the wider of the two lines is asked whether it is a column's")
def test_a_headline_broken_inside_a_word_is_whole() -> None:
    first, second = "区六届人大六次会议听取和审议区政府关于学前教", "育情况的报告"
    assert paragraphs(first, second, *column(NEWS, 21)) == [first + second, NEWS]


def test_a_heading_between_two_paragraphs_stands_apart() -> None:
    assert paragraphs(*column(BRIDGE, 21), "鸟儿回来了", *column(SCHOOL, 21)) == [BRIDGE, "鸟儿回来了", SCHOOL]


def test_a_caption_that_breaks_into_a_sentence_stands_apart() -> None:
    lines = column(BRIDGE, 21)
    found = paragraphs(*lines[:2], "图为施工现场。", *lines[2:])
    assert found == ["".join(lines[:2]), "图为施工现场。", "".join(lines[2:])]


def test_a_line_that_holds_a_whole_paragraph_is_one() -> None:
    assert paragraphs(PARK * 2, BRIDGE * 2) == [PARK * 2, BRIDGE * 2]


def test_a_long_line_whose_sentence_is_open_goes_on() -> None:
    whole = PARK * 2
    assert paragraphs(whole[:95], whole[95:], BRIDGE * 2) == [whole, BRIDGE * 2]


def test_a_jump_line_ends_a_paragraph_in_mid_sentence() -> None:
    lines = column(BRIDGE, 21)
    assert paragraphs(*lines[:2], "（下转03版）", *column(SCHOOL, 21)) == ["".join(lines[:2]), "（下转03版）", SCHOOL]


@pytest.mark.parametrize("opening", ["本报讯（记者 苏见清）", "编者按：", "▼", "新华社北京1月15日电 "])
def test_a_news_item_begins_on_its_own_line_even_behind_an_open_sentence(opening: str) -> None:
    lines = column(BRIDGE, 21)
    assert paragraphs(*lines[:2], opening + "今日立冬。") == ["".join(lines[:2]), opening + "今日立冬。"]


def test_ragged_english_lines_are_joined_by_spaces() -> None:
    assert paragraphs(*ENGLISH) == [" ".join(ENGLISH)]


def test_blank_lines_part_english_paragraphs() -> None:
    second = [
        "Six operators have been trained for the",
        "line. Common questions in a two-month",
        "trial concerned parking.",
    ]
    assert paragraphs(*ENGLISH, "", *second) == [" ".join(ENGLISH), " ".join(second)]


def test_a_short_last_line_ends_an_english_paragraph() -> None:
    second = [
        "Six operators have been trained for the",
        "line. Common questions in a two-month",
        "trial concerned parking.",
    ]
    lines = [*ENGLISH, *second]
    assert paragraphs(*spaced(lines)) == [" ".join(ENGLISH), " ".join(second)]


def test_a_blank_before_a_line_marks_a_frame_that_ends_the_paragraph_above() -> None:
    lines = column(BRIDGE, 21)
    page = [*lines[:2], " " + SCHOOL[:21], *[SCHOOL[21:42], SCHOOL[42:]], *column(PARK, 21), *column(NEWS, 21)]
    assert paragraphs(*page)[:2] == ["".join(lines[:2]), " " + SCHOOL]


def test_a_blank_before_many_lines_is_an_indent_and_marks_no_frame() -> None:
    lines = measure_lines("\n".join([" 甲" * 3, "乙", " 丙", "丁"]))
    assert [line.opens_frame for line in lines] == [False] * 4


def test_a_blank_before_few_lines_marks_frames() -> None:
    lines = measure_lines("\n".join([" 甲", *["乙"] * 19]))
    assert [line.opens_frame for line in lines] == [True, *[False] * 19]


def test_lines_that_stand_alone_are_joined_with_no_other() -> None:
    text = "\n".join(column(BRIDGE, 21))
    second = text.index("\n") + 1
    first, alone, *_rest = find_paragraphs(text, {second})
    assert [len(first.lines), len(alone.lines)] == [1, 1]


def test_a_line_knows_its_place_its_width_and_the_newlines_before_it() -> None:
    text = "　　甲乙A\n\n 丙 丁 \n"
    first, second = measure_lines(text)
    assert (first.text, first.start, first.end, first.width, first.gap) == ("甲乙A", 2, 5, 2.5, 0)
    assert (second.text, second.width, second.spaces, second.gap) == ("丙 丁", 2.0, 1, 2)
    assert text[second.start : second.end] == second.text


@pytest.mark.parametrize(("text", "width"), [("", 0), ("公园", 2), ("2.5", 1.5), ("，。", 2), ("PM", 1), ("“甲”", 3)])
def test_a_half_width_character_counts_one_half(text: str, width: float) -> None:
    assert measure(text) == width


@pytest.mark.parametrize(
    "text", ["灯亮了。", "“灯亮了。”", "灯亮了！", "（灯亮了。）", "The lamp is lit.", "（闻人庆）", "灯亮了…"]
)
def test_a_sentence_is_closed_by_its_mark_and_what_closes_behind_it(text: str) -> None:
    assert is_closed(text)


@pytest.mark.parametrize("text", ["灯亮了", "灯亮了，", "灯亮了（三盏）", "“灯亮了”", "signed by A.", "共12"])
def test_a_sentence_without_its_mark_is_open(text: str) -> None:
    assert not is_closed(text)


@pytest.mark.parametrize(
    ("text", "awaited"),
    [("《云汀志", "》"), ("（据《云汀报", "》）"), ("“灯亮了”", ""), ("》甲", ""), ("“《甲", "》”")],
)
def test_open_brackets_wait_for_their_closing_ones(text: str, awaited: str) -> None:
    assert lacks_bracket(text) == awaited


@settings(deadline=None)
@given(st.text(alphabet="甲乙，。 \n\f\u3000A1-（）《", max_size=200) | st.text())
def test_the_paragraphs_hold_every_printed_line_once_in_order(text: str) -> None:
    lines = measure_lines(text)
    assert [line for paragraph in find_paragraphs(text) for line in paragraph.lines] == lines
    assert all(text[line.start : line.end] == line.text != "" for line in lines)
    assert "".join("".join(line.text for line in lines).split()) == "".join(text.split())


@settings(deadline=None)
@given(st.integers(14, 30), st.lists(st.sampled_from([BRIDGE, SCHOOL]), min_size=1, max_size=5), st.booleans())
def test_no_line_of_running_text_is_left_alone_in_mid_sentence(width: int, texts: list[str], blank: bool) -> None:
    lines = [line for text in texts for line in column(text, width)]
    for found in paragraphs(*(spaced(lines) if blank else lines)):
        assert is_closed(found)
