"""index.dates: the issue's date as stated or inferred, and the date expressions of a text.

cases/dates.json holds cases that an editor can extend. `expressions`: `text` read `on` a day, month or year (or on no
known date) gives `finds`, in order: "去年8月 = 2022-08 relative". A date there is a day, a month or a year, or a range
"2022-08-30 to 2022-09-28"; `relative` says that the issue's date was needed. `issues`: the `texts` of a page give `date`.
`fails` says why a case that should pass does not yet.
"""

import datetime
import time
from calendar import monthrange
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from repository import read_cases

from index.dates import find_dates, infer_issue_date, read_issue
from index.read.stated_dates import parse_date
from index.records import DateSpan, PartialDate

CASES = read_cases("dates")


def parameters(cases: Sequence[dict[str, Any]], name: str) -> list[Any]:
    return [
        pytest.param(case, id=case[name], marks=[pytest.mark.xfail(reason=case["fails"])] if "fails" in case else [])
        for case in cases
    ]


def first_and_last(date: str) -> tuple[str, str]:
    """The days of "2022-08" or "2022-08-30 to 2022-09-28"."""
    first, _, last = date.partition(" to ")
    last = last or first
    if len(last) < 10:
        year, month = int(last[:4]), int(last[5:] or 12)
        last = f"{year}-{month:02d}-{monthrange(year, month)[1]}"
    return (first + "-01-01")[:10], last


def expected(line: str) -> tuple[str, str, str, bool]:
    expression, date = line.rsplit(" = ", 1)
    return expression, *first_and_last(date.removesuffix(" relative")), date.endswith(" relative")


def found(text: str, reference: PartialDate | None) -> list[tuple[str, str, str, bool]]:
    return [(text[s.start : s.end], s.first, s.last, s.relative) for s in find_dates(text, reference)]


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
        ("f20230705e_c3.txt", None),  # figures within letters: a name that a machine made
        ("2a7b20230705ff.txt", None),
        ("9e1c2023-0705-4b7c-9a1b-0123456789ab.txt", None),
        ("abcd2023-0705-4b7c-9a1b-0123456789ab.txt", None),
        ("2023-07-05/f20231105e.txt", "2023-07-05"),
        ("ytrb20230705A02.txt", "2023-07-05"),  # the paper's code before it, the page behind it
        ("t20230705_4711.html", "2023-07-05"),
        ("20230705T083000.txt", "2023-07-05"),
        ("20230705b.txt", "2023-07-05"),
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
        ("云汀报\n星期二 2023年6月6日", "2023-06-06"),
        ("云汀报\n2023年6月6日\n第1234期 今日4版", "2023-06-06"),
        ("云汀报 2023年6月6日 星期二 农历癸卯年四月十九 第1234期", "2023-06-06"),
        ("二〇二三年六月六日 星期二", "2023-06-06"),
        ("二〇二三年六月六日", "2023-06-06"),
        ("云汀报\n癸卯年四月十九", "2023-06-06"),  # 19th of the fourth lunar month
        ("农历癸卯年闰二月初一", "2023-03-22"),
        ("癸丑年十三月初一", None),
        ("甲丑年四月十九", None),  # stems and branches step together: there is no such year
        ("Yunting Daily\nTuesday, June 6, 2023", "2023-06-06"),
        ("Tuesday 6 June 2023 | Issue 12", "2023-06-06"),
        ("2023年6月6日 星期三", None),  # the calendar says Tuesday
        ("Wednesday, June 6, 2023", None),
        ("2023年6月6日湿地公园开园", None),  # a headline
        ("湿地公园2023年6月6日至9日开放", None),
    ],
)
def test_a_masthead_dates_the_page_where_the_path_does_not(text: str, date: str | None) -> None:
    assert read_issue("page.txt", text).date == (PartialDate(date) if date else None)


@pytest.mark.parametrize(
    ("source", "text", "evidence"),
    [
        ("云汀报_2020-05-19_01版.txt", "", "文件名“2020-05-19”"),
        ("2020-05-19/01版.txt", "", "文件夹“2020-05-19”"),
        ("2020/05/要闻.txt", "", "文件夹“2020/05”"),
        ("a.txt", "2023年6月6日 星期二\n本报讯", "报头“2023年6月6日 星期二”"),
        ("a.txt", "癸卯年四月十九", "报头“癸卯年四月十九”（农历）"),
        ("a.txt", "本报讯", None),
    ],
)
def test_an_issue_says_what_states_its_date(source: str, text: str, evidence: str | None) -> None:
    assert read_issue(source, text).evidence == evidence


@pytest.mark.parametrize(
    ("text", "newspaper", "page"),
    [
        ("云汀报\n2023年6月6日 星期二\n02版 要闻", "云汀报", "02"),
        ("云 汀 报\n第三版", "云汀报", "三"),
        ("Yunting Daily\nTuesday, June 6, 2023", "Yunting Daily", None),
        ("立功喜报\n本报讯", None, None),
        ("（上接01版）\n本报讯 据云汀报报道", None, None),
    ],
)
def test_a_masthead_names_the_newspaper_and_the_page(text: str, newspaper: str | None, page: str | None) -> None:
    issue = read_issue("a.txt", text)
    assert (issue.newspaper, issue.page) == (newspaper, page)


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
    [
        ("2023-07-05", 20230705, 20230705),
        ("2023-02", 20230201, 20230228),
        ("2024-02", 20240201, 20240229),
        ("2023-06", 20230601, 20230630),
        ("2023", 20230101, 20231231),
    ],
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


def test_there_are_cases_enough() -> None:
    assert len(CASES["expressions"]) >= 400
    assert sum(not case["finds"] for case in CASES["expressions"]) >= 80


@pytest.mark.parametrize("case", parameters(CASES["expressions"], "text"))
def test_expressions_are_found_and_resolved(case: dict[str, Any]) -> None:
    reference = PartialDate(case["on"]) if "on" in case else None
    assert found(case["text"], reference) == [expected(line) for line in case["finds"]]


@pytest.mark.parametrize("case", parameters([case for case in CASES["expressions"] if "fails" not in case], "text"))
def test_expressions_are_found_within_a_sentence_too(case: dict[str, Any]) -> None:
    reference = PartialDate(case["on"]) if "on" in case else None
    before, after = "（记者 苏见清）；", "。云汀区"
    assert found(before + case["text"] + after, reference) == [expected(line) for line in case["finds"]]


@pytest.mark.parametrize("case", parameters(CASES["issues"], "name"))
def test_a_page_is_dated_from_its_text(case: dict[str, Any]) -> None:
    inferred = infer_issue_date(case["texts"])
    assert (inferred.date.value if inferred else None) == case["date"]


def test_what_an_issue_was_dated_by_is_quoted() -> None:
    inferred = infer_issue_date(["本报讯 4月3日，会议召开。今年是党的二十大精神开局之年。"])
    assert inferred is not None
    assert "“4月3日”" in inferred.evidence
    assert "“今年是党的二十大精神开局之年”" in inferred.evidence


@pytest.mark.parametrize(
    ("day", "text", "date"),
    [
        ("2023-01-01", "昨天", "2022-12-31"),
        ("2024-03-01", "昨天", "2024-02-29"),
        ("2024-02-29", "去年2月28日", "2023-02-28"),
        ("2023-12-31", "明天", "2024-01-01"),
        ("2023-01-02", "上周日", "2023-01-01"),
    ],
)
def test_the_ends_of_months_and_years_are_crossed(day: str, text: str, date: str) -> None:
    assert [span.first for span in find_dates(text, PartialDate(day))] == [date]


@settings(deadline=None, max_examples=300)
@given(st.dates(datetime.date(1990, 1, 1), datetime.date(2060, 12, 31)), st.integers(-40, 20))
def test_a_day_near_the_issue_gets_the_year_that_is_near(issue: datetime.date, days: int) -> None:
    day = issue + datetime.timedelta(days=days)
    (span,) = find_dates(f"{day.month}月{day.day}日", PartialDate(issue.isoformat()))
    assert (span.first, span.last, span.relative) == (day.isoformat(), day.isoformat(), True)


@settings(deadline=None, max_examples=300)
@given(
    st.dates(datetime.date(1900, 1, 1), datetime.date(2099, 12, 31)),
    st.sampled_from(
        ["{0}年{1}月{2}日", "{0}-{1:02d}-{2:02d}", "{0}/{1}/{2}", "{0} 年 {1} 月 {2} 日", "{0}年{1:02d}月{2:02d}号"]
    ),
)
def test_every_full_date_is_found_without_a_reference(day: datetime.date, spelling: str) -> None:
    text = spelling.format(day.year, day.month, day.day)
    assert found(f"于{text}，", None) == [(text, day.isoformat(), day.isoformat(), False)]


PIECES = (
    "2023", "年", "6", "月", "30", "日", "至", "-", "—", "今年", "去年", "上", "下", "半年", "季度", "初", "底", "截至", "以来", "近", "三",
    "十四五", "“", "”", "期间", "周", "星期", "个", "天", "前", "来", "世纪", "80年代", "春节", "国庆节", "期间", "正月", "学年", "，", "。", "\n",
    " ", "二〇二三", "一", "十", "五", "旬", "中", "同年", "June", " 6, ", "last ", "March", "since ", "Q1 ", "the ", "1990s", "０", "９",
)  # fmt: skip
TEXTS = st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
REFERENCES = st.sampled_from(["2023-06-06", "2024-02-29", "2023-01-01", "2023-12-31", "2023-06", "2023", "0001-01-01", "9999-12-31", None])  # fmt: skip


@pytest.mark.slow
@settings(deadline=None, max_examples=1500)
@given(TEXTS, REFERENCES)
def test_spans_are_within_the_text_in_order_and_dates(text: str, reference: str | None) -> None:
    end = 0
    for span in find_dates(text, PartialDate(reference) if reference else None):
        assert isinstance(span, DateSpan)
        assert end <= span.start < span.end <= len(text)
        assert datetime.date.fromisoformat(span.first) <= datetime.date.fromisoformat(span.last)
        assert reference or not span.relative
        end = span.end


@settings(deadline=None, max_examples=300)
@given(st.lists(TEXTS, max_size=4))
def test_an_inferred_date_is_a_date_with_evidence(texts: list[str]) -> None:
    inferred = infer_issue_date(texts)
    if inferred:
        datetime.date.fromisoformat((inferred.date.value + "-01-01")[:10])
        assert inferred.evidence


HOSTILE = (
    "1", "2023", "1-", "2023年", "二〇二三", "十", "今", "“十四五", "周一", "8月至", "2023至", "8月30日", "8 月 ", "1年", "June 6 ", "the ",
    "０", "近三年", "截至", "-", "\u3000",
)  # fmt: skip


def seconds(text: str) -> float:
    start = time.perf_counter()
    find_dates(text, PartialDate("2023-08-01"))
    return time.perf_counter() - start


@pytest.mark.slow
@pytest.mark.parametrize("piece", HOSTILE)
def test_time_is_linear_in_a_hostile_text(piece: str) -> None:
    short, long = piece * (25_000 // len(piece)), piece * (100_000 // len(piece))
    once = min(seconds(short) for _ in range(3))
    # A quarter of a second for noise: several suites may share the processor.
    assert min(seconds(long) for _ in range(3)) < 6 * once + 0.25


@pytest.mark.slow
def test_an_issue_is_inferred_from_a_hostile_page_in_time() -> None:
    start = time.process_time()
    infer_issue_date(["2023年6月" * 15_000, "今年是“" * 10_000, "（" * 50_000, "\n" * 100_000, "2023年是" * 10_000])
    assert time.process_time() - start < 5


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ("云汀报　2024年5月8日 星期三　02版 要闻", ("2024-05-08", "云汀报", "02")),
        ("2024-05-08　要闻\n内部资料", ("2024-05-08", None, None)),
        ("2024年5月8日\n2024年5月9日", (None, None, None)),
        ("2019年3月1日修订", (None, None, None)),
        ("2024年5月　总第7期", (None, None, None)),
        ("", (None, None, None)),
    ],
)
def test_a_page_header_dates_a_document_that_states_no_date_itself(
    headers: str, expected: tuple[str | None, str | None, str | None]
) -> None:
    issue = read_issue("a.docx", "正文昨日开始。", headers)
    assert (issue.date.value if issue.date else None, issue.newspaper, issue.page) == expected
    assert (issue.evidence or "").startswith("页眉") == (expected[0] is not None)
    own = read_issue("2023-01-02.docx", "正文。", headers)
    assert own.date is not None
    assert own.date.value == "2023-01-02"
