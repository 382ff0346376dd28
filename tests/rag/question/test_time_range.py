"""rag.question.time_range and rag.question.freshness: what a question says about time.

cases/questions_time.json holds questions that an editor can extend. Asked `on` a day (2024-12-31 unless told), a question
`asks` about a time, or `names` one that only names something: a day, month or year, or a range "2020 to 2022". `spans`
counts the expressions asked about; `target`, `guess`, `latest` and `changing` say what else holds, and are false where
they are missing. `fails` says why a case that should pass does not yet.
"""

import time
from calendar import monthrange
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from repository import read_cases

from index.records import PartialDate
from rag.generation.answer_builder import show_interpreted
from rag.question.analysis import analyse_question
from rag.question.freshness import mentions_latest, volatility
from rag.question.time_range import TimeRange, day_in_china, drop_asked, parse_time_range
from rag.records import Query

CASES = read_cases("questions_time")
TODAY = PartialDate("2024-12-31")


def parameters() -> list[Any]:
    return [
        pytest.param(
            case, id=case["question"], marks=[pytest.mark.xfail(reason=case["fails"])] if "fails" in case else []
        )
        for case in CASES
    ]


def first_and_last(dates: str) -> tuple[str, str]:
    """The days of "2022-08" or "2020 to 2022"."""
    first, _, last = dates.partition(" to ")
    last = last or first
    if len(last) < 10:
        year, month = int(last[:4]), int(last[5:] or 12)
        last = f"{year}-{month:02d}-{monthrange(year, month)[1]}"
    return (first + "-01-01")[:10], last


def asked(question: str, today: PartialDate = TODAY) -> TimeRange:
    time_range = parse_time_range(question, today)
    assert time_range is not None, question
    assert time_range.constrains_time, question
    return time_range


def test_there_are_questions_of_every_kind() -> None:
    assert len(CASES) >= 120
    assert {case["group"] for case in CASES if case.get("changing")} > {"Holders of offices", "Figures that change"}


@pytest.mark.parametrize("case", parameters())
def test_the_time_a_question_asks_about_is_found(case: dict[str, Any]) -> None:
    time_range = parse_time_range(case["question"], PartialDate(case.get("on", TODAY.value)))
    expected = case.get("asks") or case.get("names")
    assert (time_range and (time_range.first, time_range.last)) == (first_and_last(expected) if expected else None)
    assert bool(time_range and time_range.constrains_time) == ("asks" in case)
    assert bool(time_range and time_range.is_guessed) == case.get("guess", False)
    if time_range and "spans" in case:
        assert len(time_range.asked) == case["spans"]
    if time_range and time_range.constrains_time:
        # Whether a plan is meant shows in the words, so only the cases that say so must have it.
        assert time_range.is_target or not case.get("target")


@pytest.mark.parametrize("case", parameters())
def test_whether_the_newest_is_wanted_is_heard(case: dict[str, Any]) -> None:
    today = PartialDate(case.get("on", TODAY.value))
    assert analyse_question(case["question"], today=today).wants_latest == case.get("latest", False)


@pytest.mark.parametrize("case", parameters())
def test_what_changes_with_time_is_told_from_what_happened_once(case: dict[str, Any]) -> None:
    today = PartialDate(case.get("on", TODAY.value))
    assert analyse_question(case["question"], today=today).is_changing == case.get("changing", False)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("云汀区区委书记是谁", "holder"),
        ("2019年云汀区区委书记是谁", "holder"),  # the office changes hands, whatever the year asked about
        ("常住人口多少", "figure"),
        ("服务中心电话是多少", "contact"),
        ("图书馆几点关门", "hours"),
        ("门票多少钱", "price"),
        ("居住证怎么申请", "rule"),
        ("目前依赖哪些线路", "present"),
        ("大桥什么时候通车", None),
    ],
)
def test_a_change_has_a_reason(question: str, kind: str | None) -> None:
    assert analyse_question(question, today=TODAY).volatility == kind


@pytest.mark.parametrize(
    ("question", "expressions"),
    [
        ("请问2022年8月新开了几条线", ["2022年8月"]),
        ("2019年和2023年相比", ["2019年", "2023年"]),
        ("請問22年8月開了幾條線，去年呢", ["22年8月", "去年"]),  # spelled out for reading, shown as typed
        ("从2024Q1到现在的2023 GDP", ["2024Q1", "2023"]),
        ("2022.8的水质", ["2022.8"]),
        ("how many firms since 2021?", ["since 2021"]),
    ],
)
def test_the_expressions_are_shown_as_typed(question: str, expressions: list[str]) -> None:
    assert [question[span.start : span.end] for span in asked(question).asked] == expressions


@pytest.mark.parametrize(
    ("question", "reaches"), [("今年以来", True), ("2019年至今", True), ("2024年", True), ("2023年", False), ("去年", False)]
)  # fmt: skip
def test_a_period_tells_whether_it_lasts_until_today(question: str, reaches: bool) -> None:
    assert asked(question + "植树多少", PartialDate("2024-06-15")).reaches_today is reaches


@pytest.mark.parametrize(("today", "year"), [("2024", "2023"), ("2024-03", "2023"), ("2020-02-29", "2019")])
def test_the_day_of_asking_may_be_known_in_part(today: str, year: str) -> None:
    assert asked("去年植树多少", PartialDate(today)).first == f"{year}-01-01"


def test_what_is_planned_is_a_target_and_what_was_is_none() -> None:
    assert asked("到2030年森林覆盖率达到多少").is_target
    assert asked("2025年底前完成多少").is_target
    assert not asked("2021年森林覆盖率达到多少").is_target
    assert not asked("到2022年8月是什么职务").is_target
    assert not asked("2021年《发展规划》发布了吗").is_target  # the word is in a title


@pytest.mark.parametrize(
    ("question", "first", "last", "shown"),
    [
        ("2022年8月的水质", None, None, ("2022-08-01", "2022-08-31")),
        ("2022年8月的水质", "2021", None, ("2021", None)),
        ("2022年8月的水质", None, "2023-05", (None, "2023-05")),
        ("《2022年报告》的水质", None, None, (None, None)),
        ("水质", None, None, (None, None)),
    ],
)
def test_the_users_filter_is_shown_before_the_period_asked_about(
    question: str, first: str | None, last: str | None, shown: tuple[str | None, str | None]
) -> None:
    query = Query(question, first=PartialDate(first) if first else None, last=PartialDate(last) if last else None)
    interpreted = show_interpreted(query, parse_time_range(question, TODAY))
    assert (interpreted["from"], interpreted["to"]) == shown
    assert interpreted["rewritten_question"] is None


def test_a_rewritten_question_is_shown_where_it_differs() -> None:
    assert show_interpreted(Query("那水质呢"), None, "云汀区水质")["rewritten_question"] == "云汀区水质"
    assert show_interpreted(Query("水质"), None, "水质")["rewritten_question"] is None


PIECES = ("2022", "22年", "8月", "年", "Q1", ".8", "08年", "春节", "去年", "《", "》", "“", "”", "到", "-", " ", "in ", "March ", "現在", "今天", "周六", "成立于", "的", "書記是誰", "底", "1899", "2099", "9", "以前", "之后", "before ", "after ", "0001年1月1日")  # fmt: skip


@settings(deadline=None, max_examples=600)
@given(
    st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=10).map("".join)),
    st.sampled_from(["2024-12-31", "2024-02-29", "2024-06", "2024", "0001-01-01", "9999-12-31"]),
)
def test_any_question_is_read_and_its_spans_lie_within_it(question: str, today: str) -> None:
    time_range = parse_time_range(question, PartialDate(today))
    mentions_latest(question)
    if time_range is None:
        return
    assert time_range.first <= time_range.last
    assert time_range.spans
    for span in (*time_range.asked, *time_range.named):
        assert 0 <= span.start < span.end <= len(question)
        assert span.first <= span.last


@pytest.mark.benchmark
def test_a_question_is_read_in_a_third_of_a_millisecond() -> None:
    questions = [case["question"] for case in CASES]
    readings = [analyse_question(question) for question in questions]
    start = time.perf_counter()
    for question, analysis in zip(questions, readings, strict=True):
        parse_time_range(question, TODAY)
        mentions_latest(question)
        volatility(
            question, answer_type=analysis.answer_type, is_list=analysis.is_list, names_office=bool(analysis.offices)
        )
    assert (time.perf_counter() - start) / len(questions) < 0.0003


@pytest.mark.timed
@pytest.mark.parametrize(
    "piece", ["2022", "22年", "2022.8", "《", "“", "多少", "今", "是谁", "有多少", "who is ", "founded in "]
)
def test_a_hostile_question_takes_no_long(piece: str) -> None:
    question = piece * (20_000 // len(piece))
    start = time.perf_counter()
    parse_time_range(question, TODAY)
    mentions_latest(question)
    volatility(question, answer_type="other", is_list=False, names_office=False)
    assert time.perf_counter() - start < 3


@pytest.mark.parametrize(
    ("question", "newest"),
    [
        ("区图书馆馆长是谁？", True),  # holds until another does
        ("Who is the mayor?", True),
        ("最近老街有什么活动？", True),  # says so, whatever is asked for
        ("望津桥目前修到哪里了？", True),
        ("2021年区图书馆馆长是谁？", False),
        ("2021年底，目前的馆长是谁？", False),  # 目前 of a time that is over
        ("望津桥是哪一年通车的？", False),
        ("谁设计了望津桥？", False),
        ("？？", False),
        ("", False),
    ],
)
def test_the_newest_is_asked_for_by_saying_so_or_by_asking_for_what_changes(question: str, newest: bool) -> None:
    assert analyse_question(question, today=TODAY).prefers_newest is newest


@pytest.mark.parametrize(
    ("moment", "day"),
    [("2025-12-31T15:59:59+00:00", "2025-12-31"), ("2025-12-31T16:00:00+00:00", "2026-01-01"), ("2026-01-01T07:00:00+08:00", "2026-01-01")],
)  # fmt: skip
def test_the_day_of_asking_is_the_one_in_china_whatever_the_servers_time_zone(moment: str, day: str) -> None:
    assert day_in_china(datetime.fromisoformat(moment)).isoformat() == day


def test_a_time_without_a_beginning_is_shown_by_its_end_and_taken_off_whole() -> None:
    question = "渡口在1997年以前叫什么"
    time_range = asked(question)
    assert time_range.has_no_beginning
    shown = show_interpreted(Query(question), time_range)
    assert (shown["from"], shown["to"]) == (None, "1996-12-31")
    assert drop_asked(question, time_range) == "渡口在叫什么"
    assert drop_asked("the ferry before 1997", asked("the ferry before 1997")) == "the ferry "


@pytest.mark.parametrize(
    ("question", "period"),
    [
        ("2023年1—10月植树多少棵", "2023-01 to 2023-10"),
        ("2023年一至十月植树多少棵", "2023-01 to 2023-10"),
        ("2023年1~10月份植树多少棵", "2023-01 to 2023-10"),
        ("2023.1-10月植树多少棵", "2023-01 to 2023-10"),
        ("23年1-10月植树多少棵", "2023-01 to 2023-10"),
        ("2023年前10个月植树多少棵", "2023-01 to 2023-10"),
        ("2023年头三个月植树多少棵", "2023-01 to 2023-03"),
        ("2023年1-3季度植树多少棵", "2023-01 to 2023-09"),
        ("2023年一至二季度植树多少棵", "2023-01 to 2023-06"),
        ("2023年H1植树多少棵", "2023-01 to 2023-06"),
        ("2023H2植树多少棵", "2023-07 to 2023-12"),
        ("’23年植树多少棵", "2023"),
        ("二〇二三年植树多少棵", "2023"),
        ("本世纪初植树多少棵", "2000 to 2009"),
    ],
)
def test_periods_are_read_however_they_are_spelt(question: str, period: str) -> None:
    time_range = asked(question)
    assert (time_range.first, time_range.last) == first_and_last(period)
    assert question[time_range.asked[0].start : time_range.asked[-1].end] in question.removesuffix("植树多少棵")


def test_months_without_a_year_are_the_last_ones_and_never_next_years() -> None:
    for day, year in (("2026-11-30", 2026), ("2026-02-10", 2025), ("2026-12-31", 2026)):
        time_range = asked("1-10月植树多少棵", PartialDate(day))
        assert (time_range.first, time_range.last) == (f"{year}-01-01", f"{year}-10-31")
        assert time_range.is_guessed


@pytest.mark.parametrize("question", ["H1N1疫苗打了多少针", "H2O是什么", "头发剪了多短", "从三到五个问题里选几个"])
def test_what_only_looks_like_a_period_is_none(question: str) -> None:
    assert parse_time_range(question, TODAY) is None


@pytest.mark.parametrize(
    "question", ["诊所开诊两年来接待了多少人", "听潮桥通车三年来车流多少", "早市运行三个月来有多少摊位"]
)
def test_what_is_counted_from_an_event_is_not_counted_from_today(question: str) -> None:
    assert parse_time_range(question, TODAY) is None


@pytest.mark.parametrize("question", ["近两年来植树多少棵", "青屿区三年来植树多少棵", "过去两年来新开了几所学校"])
def test_the_years_up_to_today_are(question: str) -> None:
    assert asked(question).last == TODAY.value
