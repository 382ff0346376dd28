"""index.dates: what names, folders and mastheads state of an issue."""

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.dates import read_issue
from index.read.stated import parse_date
from index.records import PartialDate


@pytest.mark.parametrize(
    ("source", "date"),
    [
        ("云汀报_2020-05-19_01版.txt", "2020-05-19"),
        ("丰台时报20230705第2版.txt", "2023-07-05"),
        ("丰台时报2023年7月5日02版.pdf", "2023-07-05"),
        ("丰台时报2023年07月05日.docx", "2023-07-05"),
        ("fengtai_2023.7.5.txt", "2023-07-05"),
        ("fengtai_2023_07_05_A1.txt", "2023-07-05"),
        ("2023/07/05/要闻.txt", "2023-07-05"),
        ("2023/0705/要闻.txt", "2023-07-05"),
        ("2023/2023-07-05/02.txt", "2023-07-05"),
        ("2022-01-01/2023-07-05.txt", "2023-07-05"),  # the name is closer to the page than the folder
        ("2023-07-05/2023-02-30.txt", "2023-07-05"),  # what is no date does not hide one
        ("2024-02-29.txt", "2024-02-29"),
        ("2023/7/要闻.txt", "2023-07"),
        ("丰台时报2023年7月合订本.txt", "2023-07"),
        ("丰台时报2023-12.txt", "2023-12"),
        ("2023-02-29.txt", "2023-02"),  # no such day, yet the month stands
        ("20230229.txt", None),
        ("20231301.txt", None),
        ("2023-13-05.txt", None),
        ("1899-05-05.txt", None),
        ("120230705.txt", None),  # part of a longer number
        ("202307051.txt", None),
        ("丰台时报2023.txt", None),  # a lone year in a name may be anything
        ("page.txt", None),
        ("", None),
    ],
)
def test_the_date_of_an_issue_is_the_one_its_path_states(source: str, date: str | None) -> None:
    assert read_issue(source, "").date == (PartialDate(date) if date else None)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("丰台时报\n2023年7月5日 星期三\n第27期", "2023-07-05"),
        ("2023 年 7 月 5 日  星期三", "2023-07-05"),
        ("2023年2月30日 星期三", None),
        ("0000年7月5日 星期三", None),
        ("会议于2023年7月5日召开。", None),  # no weekday: running text
        ("字" * 400 + "2023年7月5日 星期三", None),  # too far down for a masthead
    ],
)
def test_a_masthead_dates_the_page_where_the_path_does_not(text: str, date: str | None) -> None:
    assert read_issue("page.txt", text).date == (PartialDate(date) if date else None)


def test_the_path_overrules_the_masthead() -> None:
    assert read_issue("20200519.txt", "2023年7月5日 星期三").date == PartialDate("2020-05-19")


@pytest.mark.parametrize(
    ("source", "page"),
    [
        ("云汀报_2020-05-19_01版.txt", "01"),
        ("丰台时报20230705第2版.txt", "2"),
        ("丰台时报/第 12 版.txt", "12"),
        ("丰台时报_A03版.txt", "A03"),
        ("丰台时报第三版.txt", "三"),
        ("丰台时报第十二版.txt", "十二"),
        ("Yunting-Daily_2023-06-09_p1.txt", "1"),
        ("Yunting Daily 2023-06-09 P12.txt", "12"),
        ("丰台时报20230705.txt", None),
        ("复印版.txt", None),
        ("p123.txt", None),
    ],
)
def test_the_page_is_read_from_the_name(source: str, page: str | None) -> None:
    assert read_issue(source, "").page == page


@pytest.mark.parametrize(
    ("source", "newspaper"),
    [
        ("云汀报_2020-05-19_01版.txt", "云汀报"),
        ("丰台时报20230705第2版.txt", "丰台时报"),
        ("北京日报/2023/07/05.txt", "北京日报"),
        ("今晚报/a.txt", "今晚报"),
        ("羊城晚报_1.txt", "羊城晚报"),
        ("Yunting-Daily_2023-06-09_p1.txt", "Yunting Daily"),
        ("Global Times 2023-06-09.txt", "Global Times"),
        ("工作报告2023.txt", None),
        ("a.txt", None),
    ],
)
def test_the_newspaper_is_read_from_the_name_or_folder(source: str, newspaper: str | None) -> None:
    assert read_issue(source, "").newspaper == newspaper


@pytest.mark.parametrize(
    ("field", "value", "precision"),
    [
        ("2023-07-05", "2023-07-05", "day"),
        ("2023/7/5", "2023-07-05", "day"),
        ("20230705", "2023-07-05", "day"),
        (" 2023年7月5日 ", "2023-07-05", "day"),
        ("2023-07-05T08:00:00Z", "2023-07-05", "day"),
        ("2023-07", "2023-07", "month"),
        ("2023年7月", "2023-07", "month"),
        ("2023/7", "2023-07", "month"),
        ("2023", "2023", "year"),
        ("2023年", "2023", "year"),
    ],
)
def test_a_field_gives_its_date_with_the_precision_it_has(field: str, value: str, precision: str) -> None:
    date = parse_date(field)
    assert date == PartialDate(value)
    assert date.precision == precision


@pytest.mark.parametrize("field", ["", "unknown", "20231340", "5", "2523", "July 2023"])
def test_a_field_without_a_date_gives_none(field: str) -> None:
    assert parse_date(field) is None


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [("2023-07-05", 20230705, 20230705), ("2023-02", 20230201, 20230231), ("2023", 20230101, 20231231)],
)
def test_a_partial_date_spans_the_days_it_can_mean(value: str, first: int, last: int) -> None:
    assert (PartialDate(value).first_day, PartialDate(value).last_day) == (first, last)


@settings(deadline=None)
@given(
    st.dates(datetime.date(1900, 1, 1), datetime.date(2099, 12, 31)),
    st.sampled_from(["%Y-%m-%d", "%Y%m%d", "%Y年%m月%d日", "%Y/%m/%d"]),
)
def test_every_day_is_read_in_every_spelling(day: datetime.date, spelling: str) -> None:
    expected = PartialDate(day.isoformat())
    assert parse_date(day.strftime(spelling)) == expected
    assert read_issue(f"丰台时报{day.strftime(spelling)}_02版.txt", "").date == expected


@settings(deadline=None)
@given(st.text(), st.text())
def test_any_path_and_text_is_read_without_an_exception(source: str, text: str) -> None:
    read_issue(source, text)
    parse_date(text)


@settings(deadline=None)
@given(st.text(alphabet="0123456789年月日-/.星期三 版第p_报"))
def test_whatever_is_read_as_a_date_is_one(text: str) -> None:
    for date in (parse_date(text), read_issue(text, text).date):
        if date:
            datetime.date.fromisoformat((date.value + "-01-01")[:10])
