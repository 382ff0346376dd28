"""rag.retrieval.deduplicate: reprints take one place, no article crowds out the others."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.records import Article, PartialDate
from index.store.catalogue import StoredChunk
from rag.retrieval.deduplicate import PER_ARTICLE, SAME_TEXT, merge_duplicates
from rag.retrieval.features import Candidate

FIRST = "望津渡的石阶重新铺好，共计一百二十级，青石取自上游的采石场，匠人用了四个月。"
SECOND = "渡口的老灯塔也修缮一新，塔高九米，灯光可以照到对岸的芦苇滩，夜里行船不再摸黑。"
THIRD = "区文化馆在渡口旁设了陈列室，展出船工捐来的橹、缆绳、账本，每周二至周日免费开放。"
OTHER = "青坞镇的梨园今年收成好，合作社把梨子装箱，沿着新修的县道送到省城的批发市场去卖。"


def article_of(name: str, text: str, doc_id: str | None = None) -> Article:
    return Article(name, f"{name}.txt", doc_id or name, 0, text)


def slice_of(article: Article, part: str, row: int = 0) -> Candidate:
    start = article.text.index(part)
    chunk = StoredChunk(row, f"{article.id}.{row}", article.id, row, start, start + len(part), "")
    nothing, no_terms = np.empty(0, np.float32), np.empty(0, np.float32)
    return Candidate(chunk, article, 0.5, 0.5, 1.0, 0.5, 0.5, nothing, no_terms)


def folded(*candidates: Candidate, limit: int = 10) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(kept.article.id, kept.text, also_in) for kept, also_in in merge_duplicates(candidates, limit)]


REPORT = article_of("report", FIRST + SECOND + THIRD)
SHORT = article_of("short", SECOND)
SHORT_OTHER = article_of("other", OTHER)


def test_a_short_reprint_of_a_long_report_is_named_and_takes_no_place() -> None:
    assert folded(slice_of(REPORT, REPORT.text), slice_of(SHORT, SECOND)) == [("report", REPORT.text, ("short",))]


def test_it_is_folded_too_where_another_chunk_of_the_long_report_was_chosen() -> None:
    assert folded(slice_of(REPORT, FIRST), slice_of(SHORT, SECOND)) == [("report", FIRST, ("short",))]


def test_the_long_report_after_its_short_reprint_adds_only_what_is_new() -> None:
    ranked = [slice_of(SHORT, SECOND), slice_of(REPORT, SECOND), slice_of(REPORT, THIRD, 1)]
    assert folded(*ranked) == [("short", SECOND, ("report",)), ("report", THIRD, ())]


def test_a_passage_that_says_much_more_than_the_reprint_before_it_is_not_lost() -> None:
    ranked = [slice_of(SHORT, SECOND), slice_of(REPORT, REPORT.text)]
    assert [name for name, _text, _also in folded(*ranked)] == ["short", "report"]


def test_a_reprint_with_other_spacing_and_a_closing_line_is_one() -> None:
    again = article_of("again", FIRST.replace("，", "，\n ") + "本报转载")
    assert folded(slice_of(REPORT, FIRST), slice_of(again, again.text)) == [("report", FIRST, ("again",))]


def test_every_paper_that_has_it_again_is_named_once_in_the_order_found() -> None:
    papers = [article_of(name, FIRST + SECOND) for name in ("b", "c")]
    ranked = [slice_of(REPORT, REPORT.text), *(slice_of(paper, part) for part in (FIRST, SECOND) for paper in papers)]
    assert folded(*ranked) == [("report", REPORT.text, ("b", "c"))]


def test_different_articles_that_share_a_paragraph_both_take_a_place() -> None:
    own, others = article_of("own", FIRST + SECOND), article_of("others", SECOND + OTHER + THIRD)
    kept = folded(slice_of(own, own.text), slice_of(others, others.text))
    assert kept == [("own", own.text, ()), ("others", others.text, ())]


def test_chunks_of_one_article_are_no_reprints_of_each_other() -> None:
    assert len(folded(slice_of(REPORT, FIRST + SECOND), slice_of(REPORT, SECOND, 1))) == 2


@pytest.mark.parametrize("text", ["免费开放", "茶"])
def test_a_text_too_short_to_compare_is_kept(text: str) -> None:
    first, second = article_of("first", THIRD + text), article_of("second", text)
    assert len(folded(slice_of(first, first.text), slice_of(second, text))) == 2


NUMERALS = "一二三四五六七八九十"


def crowded() -> tuple[list[Candidate], Candidate]:
    """The chunks of an article that has more than its share, and a worse one of another article."""
    crowd = article_of("many", "".join(f"第{numeral}号码头边新种了{numeral}棵柳树。" for numeral in NUMERALS))
    parts = [slice_of(crowd, f"{part}。", row) for row, part in enumerate(crowd.text.split("。")[:-1])]
    return parts, slice_of(article_of("other", OTHER), OTHER)


def test_no_article_has_more_places_than_its_share_while_others_wait() -> None:
    parts, other = crowded()
    kept = folded(*parts, other, limit=PER_ARTICLE + 1)
    assert [name for name, _text, _also in kept] == ["many"] * PER_ARTICLE + ["other"]


def test_what_stays_free_is_filled_in_the_order_of_the_ranking() -> None:
    parts, other = crowded()
    kept = folded(*parts, other, limit=PER_ARTICLE + 2)
    assert [text for _name, text, _also in kept] == [*(part.text for part in parts[: PER_ARTICLE + 1]), OTHER]


@given(
    st.lists(st.tuples(st.integers(0, 3), st.sampled_from([FIRST, SECOND, THIRD, OTHER])), max_size=12),
    st.integers(1, 8),
)
def test_of_articles_with_the_same_text_the_first_stands_for_all(places: list[tuple[int, str]], limit: int) -> None:
    articles = [article_of(f"a{number}", FIRST + SECOND + THIRD + OTHER) for number in range(4)]
    ranked = [slice_of(articles[number], part, row) for row, (number, part) in enumerate(places)]
    kept = merge_duplicates(ranked, limit)
    assert len(kept) == min(limit, sum(number == places[0][0] for number, _part in places))
    for candidate, also_in in kept:
        assert candidate.article.doc_id not in also_in
        assert len(set(also_in)) == len(also_in)


def test_nothing_found_is_nothing_folded() -> None:
    assert folded() == []


def test_a_text_printed_twice_on_one_page_is_no_reprint_of_another_document() -> None:
    first, again = article_of("first", SECOND, "page"), article_of("again", SECOND, "page")
    assert folded(slice_of(first, SECOND), slice_of(again, SECOND)) == [("first", SECOND, ())]


@given(st.lists(st.text("渡口石阶 ", max_size=60), min_size=1, max_size=4), st.text("渡口石阶 ", max_size=30))
def test_a_reprint_is_what_has_nearly_all_runs_of_eight_characters(texts: list[str], part: str) -> None:
    def pieces(text: str) -> set[str]:
        compact = "".join(text.split())
        return {compact[place : place + 8] for place in range(len(compact) - 7)}

    chosen = [article_of(f"a{number}", text + "。") for number, text in enumerate(texts)]
    asked = article_of("asked", part + "！")
    found = merge_duplicates([*(slice_of(one, "。") for one in chosen), slice_of(asked, asked.text)], 10)
    mine = pieces(asked.text)
    is_reprint = bool(mine) and any(len(mine & pieces(one.text)) >= SAME_TEXT * len(mine) for one in chosen)
    assert ("asked" not in {kept.article.id for kept, _also_in in found}) == is_reprint


def dated(article: Article) -> Article:
    return replace(article, date=PartialDate("2024-05-08"))


def test_a_dated_original_is_chosen_in_the_place_of_its_undated_copy() -> None:
    original, copy = dated(REPORT), article_of("副本", REPORT.text)
    ranked = [slice_of(copy, REPORT.text), slice_of(SHORT_OTHER, OTHER), slice_of(original, REPORT.text)]
    assert folded(*ranked) == [("report", REPORT.text, ("副本",)), ("other", OTHER, ())]


def test_each_passage_of_an_undated_copy_gives_way_to_the_originals() -> None:
    original, copy = dated(REPORT), article_of("副本", REPORT.text)
    ranked = [slice_of(copy, FIRST), slice_of(copy, THIRD, 1), slice_of(original, THIRD, 1), slice_of(original, FIRST)]
    assert folded(*ranked) == [("report", FIRST, ("副本",)), ("report", THIRD, ("副本",))]


def test_an_undated_copy_behind_the_original_is_folded_into_it() -> None:
    ranked = [slice_of(dated(REPORT), REPORT.text), slice_of(article_of("副本", REPORT.text), REPORT.text)]
    assert folded(*ranked) == [("report", REPORT.text, ("副本",))]


def test_of_two_dated_reports_the_better_one_stays() -> None:
    ranked = [slice_of(dated(REPORT), REPORT.text), slice_of(dated(article_of("again", REPORT.text)), REPORT.text)]
    assert folded(*ranked) == [("report", REPORT.text, ("again",))]
