"""index.dates.mastheads, masthead_lines: which lines are a masthead, and what they state."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.dates.masthead_lines import read_masthead_line
from index.dates.mastheads import combine_folio, find_mastheads, text_lines
from index.records import PartialDate

DAY = "2024-03-07"  # a Thursday


@pytest.mark.parametrize(
    ("line", "date", "page", "newspaper"),
    [
        ("云汀报 2024年3月7日 星期四 第2版", DAY, "2", "云汀报"),
        ("云汀报2024年3月7日星期四第2版", DAY, "2", "云汀报"),
        ("2024-03-07 A02", DAY, "A02", None),
        ("2024-03-07 A02 要闻", DAY, "A02", None),
        ("云汀报 | 要闻 | 2024.03.07 | 02", DAY, "02", "云汀报"),
        ("02 要闻 2024年3月7日 星期四 责任编辑：张三 版式：李四 校对：王五", DAY, "02", None),
        ("01 头版 2024年3月7日 星期四", DAY, "01", None),
        ("第02版：要闻", None, "02", None),
        ("第十二版", None, "12", None),
        ("头版", None, "1", None),
        ("云汀报", None, None, "云汀报"),
        ("２０２４年３月７日　星期四　第２版", DAY, "2", None),
        ("2024 年 3 月 7 日 星期四", DAY, None, None),
        ("二〇二四年三月七日 星期四 第三版", DAY, "3", None),
        ("农历甲辰年正月廿七", DAY, None, None),
        ("Yunting Daily  Thursday, March 7, 2024  Page 2", DAY, "2", "Yunting Daily"),
        ("==== 云汀报 2024年3月7日 第2版 ====", DAY, "2", "云汀报"),
        ("【云汀报 2024-03-07 第02版】", DAY, "02", "云汀报"),
        ("# 云汀报 2024年3月7日 第2版", DAY, "2", "云汀报"),
        ("日期：2024-03-07 版次：02", DAY, "02", None),
        ("2024年3月7日 星期四 晴 气温8-15℃", DAY, None, None),
        ("2024年3月7日 星期五 第2版", None, "2", None),  # it was a Thursday
    ],
)
def test_a_line_of_a_masthead_is_read(line: str, date: str | None, page: str | None, newspaper: str | None) -> None:
    found = read_masthead_line(line)
    assert found is not None
    assert (found.date, found.page, found.newspaper) == (PartialDate(date) if date else None, page, newspaper)


@pytest.mark.parametrize(
    "line",
    [
        "2024年3月7日，区委召开全会",
        "2024年3月7日 区委召开全会",
        "2024年3月7日 星期四 区委召开全会并举行扩大会议",
        "2024年3月7日至3月9日",
        "（原载《云汀报》2024年3月7日第2版）",
        "来源：云汀报 2024年3月7日",
        "（下转02版）",
        "上接01版",
        "松桥小学扩建开工 02版",
        "区里召开年度情况通报",
        "3月7日 星期四",
        "投资3260万元",
        "本书共64版",
        "主办：中共云汀区委宣传部",
        "云汀报社",
    ],
)
def test_a_headline_a_sentence_and_a_pointer_are_no_masthead(line: str) -> None:
    assert read_masthead_line(line) is None


def mastheads(text: str) -> list[tuple[str | None, str | None, str | None]]:
    return [
        (found.date.value if found.date else None, found.page, found.newspaper)
        for found in find_mastheads(text_lines(text))
    ]


BODY = "本报讯（记者 林亦舟）松桥小学扩建工程昨天开工，计划投资1.9亿元，新增学位720个。"


def test_lines_that_stand_together_are_one_masthead() -> None:
    assert mastheads(f"云汀报\n2024年3月7日 星期四\n\n第1版\n\n{BODY}") == [(DAY, "1", "云汀报")]


def test_a_name_that_is_repeated_above_the_dates_is_the_newspapers() -> None:
    text = f"云汀之窗\n2024年3月7日 星期四\n{BODY}\n云汀之窗\n2024年3月8日 星期五\n{BODY}"
    found = find_mastheads(text_lines(text))
    assert [masthead.words for masthead in found] == ["云汀之窗 2024年3月7日 星期四", "云汀之窗 2024年3月8日 星期五"]


def test_a_bare_date_under_a_notice_is_none() -> None:
    assert mastheads(f"{BODY}\n云汀区水务局\n2024年3月7日\n{BODY}") == []


def test_pages_that_a_guide_names_are_none() -> None:
    guide = "今日导读\n松桥小学扩建开工\n02版\n柳渡街道举办邻里节\n03版"
    text = f"云汀报\n2024年3月7日 星期四\n第1版\n\n{guide}\n\n{BODY}\n\n第2版\n\n{BODY}"
    assert mastheads(text) == [(DAY, "1", "云汀报"), (None, "2", None)]


def test_a_date_with_a_false_weekday_is_believed_by_nobody_and_still_begins_a_page() -> None:
    found = find_mastheads(text_lines("云汀报 2024年3月7日 星期日 第1版"))
    assert [(one.date, one.page, one.is_false) for one in found] == [(None, "1", True)]


def test_a_bare_number_in_the_margin_is_the_page_beside_a_date_only() -> None:
    dated, alone = combine_folio(text_lines("2\n要闻\n2024年3月7日 星期四")), combine_folio(text_lines("2\n要闻"))
    assert dated is not None
    assert (dated.page, alone) == ("2", None)


@given(st.text("年月日版第报星期四云汀2024-0371 A\n　：·", max_size=120))
def test_mastheads_are_lines_of_their_text_in_its_order(text: str) -> None:
    found = find_mastheads(text_lines(text))
    ends = [0]
    for masthead in found:
        for line in masthead.lines:
            assert text[line.start : line.end] == line.text
            assert line.start >= ends[-1]
            ends.append(line.end)
