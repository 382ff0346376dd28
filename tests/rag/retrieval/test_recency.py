"""rag.retrieval.recency: how well a passage fits the time that a question asks about, and which of several is newer."""

import time
from dataclasses import astuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.dates import find_dates
from index.records import Article, PartialDate
from rag.question.time_range import TimeRange, parse_time_range
from rag.retrieval.recency import Timeliness, score_recency, score_timeliness

TODAY = PartialDate("2024-12-31")


def period_of(question: str) -> TimeRange:
    time_range = parse_time_range(question, TODAY)
    assert time_range is not None, question
    return time_range


def article_of(text: str, printed: str | None, title: str | None = None) -> Article:
    day = PartialDate(printed) if printed else None
    return Article("a1", "云汀报.txt", "a1", 0, text, title=title, date=day, dates=find_dates(text, day))


def score(question: str, text: str, printed: str | None, title: str | None = None) -> Timeliness:
    article = article_of(text, printed, title)
    return score_timeliness(period_of(question), article, 0, len(article.text))


def printed_score(question: str, printed: str | None) -> float:
    return score(question, "湖水清。", printed).printed


@pytest.mark.parametrize("day", ["2022-08-01", "2022-08-31", "2022-09-02", "2022-08"])
def test_an_article_printed_in_the_period_or_the_issue_after_it_fits(day: str) -> None:
    assert printed_score("2022年8月植树多少", day) >= 0.9


def test_the_longer_after_the_period_it_was_printed_the_less_it_fits() -> None:
    days = ["2022-08-20", "2022-09-10", "2022-10-10", "2022-12-30", "2023-06-30", "2024-06-30"]
    scores = [printed_score("2022年8月植树多少", day) for day in days]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] == 1
    assert scores[2] >= 0.5  # within 45 days
    assert scores[-1] == 0


def test_a_year_is_reported_on_until_the_end_of_march() -> None:
    assert printed_score("2022年植树多少", "2023-03-30") >= 0.5
    assert printed_score("2022年12月植树多少", "2023-03-30") < 0.5
    assert printed_score("2022年植树多少", "2023-01-10") > printed_score("2022年植树多少", "2023-03-10")


def test_what_was_printed_before_the_period_hardly_tells_of_it() -> None:
    assert printed_score("2022年8月植树多少", "2022-07-01") == 0
    assert 0 < printed_score("2022年8月植树多少", "2022-07-30") < 1  # announced


def test_what_was_planned_was_printed_before() -> None:
    assert printed_score("到2026年植树多少", "2025-03-01") == 1
    assert 0.3 <= printed_score("到2030年植树多少", "2024-12-01") < 1
    assert score("到2030年植树多少", "湖水清。", "2019-01-01").contradiction == 0
    assert score("2030年植树多少", "湖水清。", "2019-01-01").contradiction == 0  # ahead of the day of asking


def test_an_undated_article_is_neutral() -> None:
    assert printed_score("2022年8月植树多少", None) == 0.5
    assert score("2022年8月植树多少", "湖水清。", None).contradiction == 0


def test_an_issue_known_to_the_year_is_no_argument_against_a_month_of_it() -> None:
    assert printed_score("2022年8月植树多少", "2022") >= 0.5
    assert printed_score("2022年8月植树多少", "2020") < 0.2


@pytest.mark.parametrize(
    ("question", "text", "mentioned"),
    [
        ("2019年植树多少", "2019年，全区植树4万株。", 1.0),
        ("2019年植树多少", "去年，全区植树4万株。", 1.0),  # the issue is of 2020
        ("2019年植树多少", "2019年3月12日，植树一天。", 0.6),
        ("2019年植树多少", "2019年上半年植树2万株。", 0.8),
        ("2019年8月植树多少", "2019年植树4万株。", 0.3),
        ("2019年8月植树多少", "2019年7月至9月植树1万株。", 0.5),
        ("2019年8月30日植树多少", "2019年8月植树300株。", 0.5),
        ("2019年上半年植树多少", "2019年5月至10月植树。", 0.4),
        ("2019年植树多少", "2020年植树5万株。", 0.0),
        ("2019年植树多少", "全区植树4万株。", 0.0),
        ("2018年至今植树多少", "2018年以来，植树9万株。", 1.0),  # each until its own day
        ("截至2019年底植树多少", "2019年植树4万株。", 0.8),
        ("2019年和2023年相比", "2023年植树6万株。", 1.0),
        ("《2019年公报》说了什么", "2019年植树4万株。", 1.0),
    ],
)
def test_a_passage_that_states_a_date_of_the_period_fits_by_its_precision(
    question: str, text: str, mentioned: float
) -> None:
    assert score(question, text, "2020-06-06").mentioned == pytest.approx(mentioned)


def test_only_what_the_passage_itself_says_counts_for_it() -> None:
    article = article_of("2019年植树4万株。2020年植树5万株。", "2021-01-05")
    time_range = period_of("2019年植树多少")
    first, second = (
        score_timeliness(time_range, article, 0, 11),
        score_timeliness(time_range, article, 11, len(article.text)),
    )
    assert (first.mentioned, second.mentioned) == (1, 0)
    assert first.mentioned_in_article == second.mentioned_in_article == 1
    assert first.contradiction == 0
    assert second.contradiction > 0.9


def test_a_title_speaks_for_its_article() -> None:
    scores = score("2019年植树多少", "植树4万株。", "2020-01-05", "2019年植树四万株")
    assert (scores.mentioned, scores.mentioned_in_article) == (0, 1)


@pytest.mark.parametrize(
    ("question", "text", "printed", "contradiction"),
    [
        ("2019年植树多少", "2020年植树5万株。", None, 0.75),  # undated: half of what it may owe to its issue is open
        ("2019年植树多少", "2020年植树5万株。", "2024-06-06", 1.0),
        ("2019年植树多少", "2018年植树5万株。", "2019-06-06", 0.5),  # it may mean its own year beside
        ("2019年植树多少", "2020年3月6日植树。", "2024-06-06", 0.6),
        ("2019年植树多少", "2020年植树5万株，2019年4万株。", "2024-06-06", 0.0),
        ("2019年8月植树多少", "2020年8月植树。", "2024-06-06", 1.0),
        ("2019年8月植树多少", "2010年建园。", "2024-06-06", 0.0),  # a year beside says nothing of a month
        ("2019年植树多少", "植树5万株。", "2024-06-06", 0.0),
        ("2019年和2023年相比", "2021年植树5万株。", "2024-06-06", 0.8),
        ("《2019年公报》说了什么", "2020年植树5万株。", "2024-06-06", 0.0),  # the year only names it
    ],
)
def test_a_passage_of_other_periods_only_contradicts(
    question: str, text: str, printed: str | None, contradiction: float
) -> None:
    assert score(question, text, printed).contradiction == pytest.approx(contradiction, abs=0.06)


def test_an_article_printed_years_before_contradicts() -> None:
    scores = [
        score("2022年植树多少", "湖水清。", day).contradiction for day in ("2019-01-01", "2021-05-01", "2021-12-15")
    ]
    assert scores[0] == 1
    assert 0 < scores[1] < 1
    assert scores[2] == 0


def test_a_guessed_year_halves_what_is_held_against_a_passage() -> None:
    guessed, stated = "7月24日淹了哪里", "2024年7月24日淹了哪里"
    text, day = "2023年7月24日，积水。", "2023-07-25"
    assert score(guessed, text, day).contradiction == score(stated, text, day).contradiction / 2 > 0
    assert score(guessed, text, day).printed == 0.25


def test_a_period_that_only_names_something_says_nothing_of_when() -> None:
    scores = score("2022年冬奥会场馆在哪", "2022年冬奥会场馆在湖边。", "2015-01-01")
    assert astuple(scores) == (0.5, 1, 1, 0)


def dates(*values: str | None) -> list[PartialDate | None]:
    return [PartialDate(value) if value else None for value in values]


def test_recency_runs_from_the_oldest_to_the_newest() -> None:
    oldest, undated, middle, newest = score_recency(dates("2019-01-01", None, "2022", "2024-03-05"))
    assert (oldest, undated, newest) == (0, 0.5, 1)
    assert 0 < middle < 1


@pytest.mark.parametrize("values", [[], [None], ["2020"], ["2020-06-01", "2020-06-01", None]])
def test_where_nothing_tells_candidates_apart_all_are_as_recent(values: list[str | None]) -> None:
    assert score_recency(dates(*values)) == (0.5,) * len(values)


def test_one_very_old_article_does_not_make_the_newer_ones_alike() -> None:
    _oldest, older, newer = score_recency(dates("1998-01-01", "2022-01-01", "2024-01-01"))
    assert newer - older > 0.3


DAYS = st.dates().map(lambda day: day.isoformat())
PARTIAL = st.one_of(st.none(), st.tuples(DAYS, st.sampled_from([4, 7, 10])).map(lambda pair: pair[0][: pair[1]]))


@settings(deadline=None, max_examples=300)
@given(
    st.sampled_from(["2019年", "2022年8月", "去年和今年", "截至3月底", "到2030年", "《2019年报》", "since 2021"]),
    st.lists(st.sampled_from(["2019年", "2020年3月", "昨天", "今年以来", "，", "到2030年", "。"]), max_size=8).map(
        "".join
    ),
    PARTIAL,
)
def test_every_feature_lies_between_0_and_1(question: str, text: str, printed: str | None) -> None:
    assert all(0 <= feature <= 1 for feature in astuple(score(question, text, printed)))


@settings(deadline=None, max_examples=200)
@given(st.lists(PARTIAL, max_size=9))
def test_newer_is_never_less_recent(values: list[str | None]) -> None:
    scores = score_recency(dates(*values))
    assert all(0 <= one <= 1 for one in scores)
    days = sorted((value, one) for value, one in zip(values, scores, strict=True) if value and len(value) == 10)
    assert [one for _day, one in days] == sorted(one for _day, one in days)


@pytest.mark.benchmark
def test_a_passage_is_scored_in_a_fifth_of_a_millisecond() -> None:
    article = article_of("2021年3月5日，云汀区植树。去年植树4万株，2019年3万株。" * 20, "2021-03-08", "2019年植树记")
    periods = [period_of(question) for question in ("2019年植树多少", "2022年8月植树多少", "去年和前年相比")]
    for time_range in periods:
        score_timeliness(time_range, article, 0, 300)
    start = time.perf_counter()
    for _ in range(100):
        for time_range in periods:
            score_timeliness(time_range, article, 0, 300)
    assert (time.perf_counter() - start) / 300 < 0.0002
