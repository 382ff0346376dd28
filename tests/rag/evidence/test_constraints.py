"""rag.evidence.constraints: evidence of the right place, the right time and the right kind."""

from collections.abc import Callable

import pytest
from archive import Lines

from index.embedding.embedder import Embedder
from index.records import PartialDate
from index.store import Generation
from rag.evidence.constraints import (
    filter_by_holder,
    filter_by_place,
    filter_by_time,
    has_asked_kind,
    reported_in,
)
from rag.evidence.sentence_ranking import CandidateSentence, find_evidence
from rag.question.time_range import TimeRange, parse_time_range
from rag.records import Query
from rag.retrieval.home import is_home
from rag.retrieval.retriever import Retrieval, Retriever

TODAY = PartialDate("2023-12-31")
# A page a year; the last one has no date of its own.
PAGES: Lines = [
    {"_id": page, "title": "植树", "date": date, "text": text}
    for page, date, text in (
        ("2020", "2020-06-01", "区长陆承安主持会议。今年全区植树1000株。4月17日开工的苗圃建成。"),
        ("2021", "2021-06-01", "区长沈若兰主持会议。去年全区植树1001株，明年计划植树3003株。今年全区植树2002株。"),
        ("2022", "2022-06-01", "会议通报了植树情况。2019年全区植树999株。今年植树较2018年增加五成。副区长叶知非参加会议。"),
        ("undated", None, "2018年全区植树888株，区长钟离主持会议。"),
    )
]  # fmt: skip
# Reports from the archive's own district, most of which do not name it, and one from elsewhere.
DISTRICT: Lines = [
    *(
        {"_id": f"home{number}", "title": "云汀区植树", "date": "2022-06-01", "text": f"我区第{number}苗圃建成，云汀区植树{number}00株。"}
        for number in range(1, 4)
    ),
    *(
        {"_id": f"bare{number}", "title": "植树", "date": "2022-06-01", "text": f"全区第{number}林场植树{number}50株。"}
        for number in range(4, 14)
    ),
    {"_id": "abroad", "title": "北京市植树", "date": "2022-06-01", "text": "北京市植树90000株。"},
]  # fmt: skip


class Asked:
    """A question to an archive, with all its sentences."""

    def __init__(self, question: str, generation: Generation, embedder: Embedder) -> None:
        query = Query(question, top_k=20, today=TODAY)
        self.retrieval: Retrieval = Retriever(generation, embedder).retrieve(query)
        self.ranked: list[CandidateSentence] = find_evidence(self.retrieval, generation.lexical, generation.lexicon)


@pytest.fixture(scope="module")
def trees(make_archive: Callable[[Lines], Generation]) -> Generation:
    return make_archive(PAGES)


@pytest.fixture(scope="module")
def district(make_archive: Callable[[Lines], Generation]) -> Generation:
    return make_archive(DISTRICT)


@pytest.fixture
def dated(trees: Generation, embedder: Embedder) -> Callable[[str], set[str]]:
    """The sentences that are left for a question's time, of all sentences of the pages."""

    def keep(question: str) -> set[str]:
        asked = Asked(question, trees, embedder)
        assert len(asked.ranked) == 11, "all of them are looked at"
        return {evidence.text for evidence in filter_by_time(asked.ranked, asked.retrieval, trees)}

    return keep


@pytest.fixture
def placed(district: Generation, embedder: Embedder) -> Callable[[str], set[str]]:
    """The documents that are left for a question's places."""

    def keep(question: str) -> set[str]:
        asked = Asked(question, district, embedder)
        kept = filter_by_place(asked.ranked, asked.retrieval, district)
        return {evidence.passage.doc_id for evidence in kept}

    return keep


# ---- time


def test_without_a_time_all_evidence_is_kept(dated: Callable[[str], set[str]]) -> None:
    assert len(dated("全区植树多少株？")) == 11


def test_a_year_keeps_its_own_articles_and_what_later_ones_say_of_last_year(dated: Callable[[str], set[str]]) -> None:
    kept = dated("2020年全区植树多少株？")
    assert {"今年全区植树1000株。", "去年全区植树1001株，明年计划植树3003株。"} <= kept
    assert not kept & {"今年全区植树2002株。", "2019年全区植树999株。", "2018年全区植树888株，区长钟离主持会议。"}


def test_next_year_is_the_year_after_its_article(dated: Callable[[str], set[str]]) -> None:
    assert "去年全区植树1001株，明年计划植树3003株。" in dated("2022年全区植树多少株？")


def test_a_sentence_that_states_the_year_is_kept_whenever_it_was_printed(dated: Callable[[str], set[str]]) -> None:
    kept = dated("2019年全区植树多少株？")
    assert "2019年全区植树999株。" in kept
    assert not kept & {"今年全区植树1000株。", "今年全区植树2002株。"}


def test_a_sentence_that_states_another_year_is_left_out_of_its_own_articles_year(
    dated: Callable[[str], set[str]],
) -> None:
    assert "2019年全区植树999株。" not in dated("2022年全区植树多少株？")


def test_a_year_that_is_only_compared_with_is_not_the_time_of_the_sentence(dated: Callable[[str], set[str]]) -> None:
    assert "今年植树较2018年增加五成。" in dated("2022年全区植树增加多少？")


def test_an_undated_page_is_kept_when_it_states_the_year(dated: Callable[[str], set[str]]) -> None:
    undated = "2018年全区植树888株，区长钟离主持会议。"
    assert undated in dated("2018年全区植树多少株？")
    assert undated not in dated("2021年全区植树多少株？")


def test_a_year_that_nothing_states_leaves_nothing(dated: Callable[[str], set[str]]) -> None:
    assert dated("2035年全区植树多少株？") == set()


def test_two_years_keep_the_evidence_of_both(dated: Callable[[str], set[str]]) -> None:
    assert {"今年全区植树1000株。", "今年全区植树2002株。"} <= dated("2020年和2021年全区植树多少株？")


def test_a_day_without_its_year_leaves_nothing_out(dated: Callable[[str], set[str]]) -> None:
    assert len(dated("4月17日开工的苗圃建成了吗？")) == 11


def test_a_day_with_its_year_is_found_where_the_report_leaves_the_year_out(dated: Callable[[str], set[str]]) -> None:
    kept = dated("2020年4月17日开工的苗圃建成了吗？")
    assert "4月17日开工的苗圃建成。" in kept
    assert "今年全区植树2002株。" not in kept


def test_who_held_an_office_is_told_by_what_was_printed_then(dated: Callable[[str], set[str]]) -> None:
    kept = dated("2021年的区长是谁？")
    assert "区长沈若兰主持会议。" in kept
    assert not kept & {"区长陆承安主持会议。", "2018年全区植树888株，区长钟离主持会议。"}


def test_a_year_whose_digits_typesetting_spaced_is_found(sample: Generation, embedder: Embedder) -> None:
    asked = Asked("2022年全区高中阶段学校招生录取查询何时开通？", sample, embedder)  # printed as 2 0 2 2 年
    kept = filter_by_time(asked.ranked, asked.retrieval, sample)
    assert any("招生录取查询" in evidence.text for evidence in kept)


def period_of(question: str) -> TimeRange:
    time_range = parse_time_range(question, TODAY)
    assert time_range is not None
    return time_range


def test_a_year_is_reported_on_from_its_first_day_into_the_next_spring() -> None:
    first, last = reported_in(period_of("2021年植树多少？"))
    assert first == "2021-01-01"
    assert "2022-03-01" <= last < "2022-06-01"


# ---- places


def test_a_question_without_a_place_keeps_all(placed: Callable[[str], set[str]]) -> None:
    assert len(placed("植树多少株？")) == 14


def test_a_place_keeps_what_names_it(placed: Callable[[str], set[str]]) -> None:
    assert placed("北京市植树多少株？") == {"abroad"}


def test_a_place_that_no_article_names_leaves_nothing(placed: Callable[[str], set[str]]) -> None:
    assert placed("上海市植树多少株？") == set()


def test_all_the_places_must_be_named(placed: Callable[[str], set[str]]) -> None:
    assert placed("北京市和上海市植树多少株？") == set()


def test_the_archives_own_district_goes_without_saying(placed: Callable[[str], set[str]], district: Generation) -> None:
    assert {"bare4", "home1"} <= placed("云汀区植树多少株？")
    assert is_home("云汀区", district)
    assert not is_home("上海市", district)
    assert not is_home("", district)


# ---- kind


@pytest.mark.parametrize(
    ("question", "kept", "dropped"),
    [
        ("区长是谁？", "区长沈若兰主持会议。", "副区长叶知非参加会议。"),
        ("副区长是谁？", "副区长叶知非参加会议。", "区长沈若兰主持会议。"),
        ("区长是谁？", "区长陆承安主持会议。", "今年全区植树1000株。"),
    ],
)
def test_asked_who_holds_an_office_only_a_name_beside_it_is_kept(
    trees: Generation, embedder: Embedder, question: str, kept: str, dropped: str
) -> None:
    asked = Asked(question, trees, embedder)
    found = [evidence.text for evidence in filter_by_holder(asked.ranked, asked.retrieval.analysis)]
    assert kept in found
    assert dropped not in found


@pytest.mark.parametrize("question", ["介绍一下植树情况。", "为什么植树？", "全区植树多少株？"])
def test_what_asks_for_no_office_keeps_all(trees: Generation, embedder: Embedder, question: str) -> None:
    asked = Asked(question, trees, embedder)
    assert filter_by_holder(asked.ranked, asked.retrieval.analysis) == asked.ranked


@pytest.mark.parametrize(
    ("question", "has", "lacks"),
    [
        ("全区植树多少株？", "今年全区植树1000株。", "会议通报了植树情况。"),
        ("苗圃什么时候建成？", "4月17日开工的苗圃建成。", "会议通报了植树情况。"),
        ("为什么植树？", "会议通报了植树情况。", None),
    ],
)
def test_a_sentence_has_a_figure_or_a_day_where_one_is_asked_for(
    trees: Generation, embedder: Embedder, question: str, has: str, lacks: str | None
) -> None:
    asked = Asked(question, trees, embedder)
    kinds = {
        evidence.text: has_asked_kind(evidence, asked.retrieval.analysis, trees.lexicon) for evidence in asked.ranked
    }
    assert kinds[has]
    assert lacks is None or not kinds[lacks]
