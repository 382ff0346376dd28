"""index.search.lexical_index: BM25 against its formula, and the folder it is kept in."""

import math
from collections.abc import Sequence
from pathlib import Path

import bm25s
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.files import NewFiles
from index.search.lexical_index import MAX_COUNT, PARTS, LexicalIndex

ARCHIVE = [["湿地", "公园", "湿地"], ["公园", "开放"], [], ["大桥", "通车", "大桥", "大桥", "公园"], ["大桥"]]


def reference(archive: Sequence[Sequence[str]], query: Sequence[str], k1: float = 1.2, b: float = 0.75) -> list[float]:
    """BM25, Robertson & Zaragoza 2009, eq. 3.15, with the idf of Lucene."""
    average = sum(map(len, archive)) / len(archive)
    scores = []
    for text in archive:
        score = 0.0
        for term in query:
            frequency = text.count(term)
            holding = sum(term in other for other in archive)
            idf = math.log(1 + (len(archive) - holding + 0.5) / (holding + 0.5))
            if frequency:
                score += idf * frequency * (k1 + 1) / (frequency + k1 * (1 - b + b * len(text) / average))
        scores.append(score)
    return scores


@pytest.mark.parametrize("query", [["公园"], ["大桥", "通车"], ["湿地", "湿地", "开放"], ["公园", "没有"], []])
def test_scores_are_those_of_the_formula(query: list[str]) -> None:
    np.testing.assert_allclose(LexicalIndex.build(ARCHIVE).scores(query), reference(ARCHIVE, query), rtol=1e-6)


def test_one_way_to_say_it_scores_as_the_term_does() -> None:
    index = LexicalIndex.build(ARCHIVE)
    for term in ("公园", "大桥"):
        hits = index.find_any([([term], 1.0)])
        np.testing.assert_allclose(hits.scores, reference(ARCHIVE, [term]), rtol=1e-6)
        np.testing.assert_array_equal(hits.certainty, [term in text for text in ARCHIVE])
        assert hits.idf == pytest.approx(float(index.idf([term])[0]))


def test_terms_that_say_it_together_are_found_where_all_are() -> None:
    hits = LexicalIndex.build(ARCHIVE).find_any([(["公园", "大桥"], 0.5)])
    assert hits.certainty.tolist() == [0, 0, 0, 0.5, 0]
    # 大桥 is the rarer one (as rare as 公园 would do: both are in two or three), and counts by how often it is there.
    alone = LexicalIndex.build(ARCHIVE).find_any([(["大桥"], 1.0)])
    assert hits.scores[3] / hits.idf == pytest.approx(0.5 * alone.scores[3] / alone.idf)


def test_a_chunk_that_says_it_in_two_ways_has_the_more_certain_one_and_a_thing_said_often_tells_less() -> None:
    index = LexicalIndex.build(ARCHIVE)
    sure, unsure = index.find_any([(["大桥"], 1.0)]), index.find_any([(["大桥"], 1.0), (["公园"], 0.4)])
    np.testing.assert_allclose(unsure.certainty, [0.4, 0.4, 0, 1, 1])
    assert unsure.idf < sure.idf
    assert unsure.idf == pytest.approx(math.log(1 + (5 - 2.8 + 0.5) / (2.8 + 0.5)))
    np.testing.assert_allclose(unsure.scores[3:] / unsure.idf, sure.scores[3:] / sure.idf, rtol=1e-5)


def test_what_is_nowhere_has_no_hits() -> None:
    index = LexicalIndex.build(ARCHIVE)
    for nowhere in ([(["没有"], 1.0)], [(["公园", "没有"], 1.0)], []):
        hits = index.find_any(nowhere)
        assert not hits.scores.any()
        assert not hits.certainty.any()
    assert LexicalIndex.build([]).frequency(["公园"]).tolist() == [0]


TERMS = st.lists(st.sampled_from("甲乙丙丁戊己庚辛"), max_size=12)


@settings(deadline=None)
@given(st.lists(TERMS, min_size=1, max_size=12).filter(lambda archive: any(archive)), TERMS)
def test_scores_of_any_archive_are_those_of_the_formula(archive: list[list[str]], query: list[str]) -> None:
    scores = LexicalIndex.build(archive).scores(query)
    np.testing.assert_allclose(scores, reference(archive, query), rtol=1e-5)


def test_idf_falls_with_the_number_of_chunks_that_have_the_term() -> None:
    idf = LexicalIndex.build(ARCHIVE).idf(["没有", "湿地", "大桥", "公园"])
    expected = [math.log(1 + (5 - n + 0.5) / (n + 0.5)) for n in (0, 1, 2, 3)]
    np.testing.assert_allclose(idf, expected, rtol=1e-6)
    assert idf.dtype == np.float32


def test_terms_that_are_nowhere_are_unknown_and_score_nothing() -> None:
    index = LexicalIndex.build(ARCHIVE)
    assert index.known(["公园", "没有", ""]).tolist() == [True, False, False]
    assert not index.scores(["没有", "也没有"]).any()


@settings(deadline=None)
@given(st.lists(TERMS, max_size=10), st.lists(st.sampled_from("甲乙丙丁壬")), st.data())
def test_presence_is_whether_each_chunk_has_each_term(
    archive: list[list[str]], terms: list[str], data: st.DataObject
) -> None:
    rows = data.draw(st.lists(st.integers(0, len(archive) - 1), max_size=12)) if archive else []
    found = LexicalIndex.build(archive).presence(terms, np.array(rows, np.int64))
    assert found.shape == (len(terms), len(rows))
    assert found.tolist() == [[term in archive[row] for row in rows] for term in terms]


def test_coverage_is_the_known_share_weighted_by_idf() -> None:
    index = LexicalIndex.build(ARCHIVE)
    known, unknown = index.idf(["湿地", "没有"]).tolist()
    assert index.coverage(["湿地", "没有", "湿地"]) == pytest.approx(known / (known + unknown))
    assert index.coverage(["湿地", "大桥"]) == pytest.approx(1)
    assert index.coverage(["bridge"]) == 0
    assert index.coverage([]) == 0


@settings(deadline=None)
@given(st.lists(TERMS, max_size=8))
def test_any_index_is_the_same_after_saving_and_opening(
    tmp_path_factory: pytest.TempPathFactory, archive: list[list[str]]
) -> None:
    folder = tmp_path_factory.mktemp("lexical")
    built = LexicalIndex.build(archive)
    built.save(NewFiles(folder))
    opened = LexicalIndex.open(folder, len(archive))
    for query in (["甲"], ["乙", "丙", "乙"], ["没有"]):
        np.testing.assert_array_equal(opened.scores(query), built.scores(query))
        np.testing.assert_array_equal(opened.idf(query), built.idf(query))


def test_an_archive_without_a_single_term_finds_nothing_and_says_so(tmp_path: Path) -> None:
    LexicalIndex.build([[], []]).save(NewFiles(tmp_path))
    opened = LexicalIndex.open(tmp_path, 2)
    assert opened.scores(["公园"]).tolist() == [0, 0]
    assert not opened.known(["公园"]).any()
    assert opened.coverage(["公园"]) == 0


def test_an_opened_index_is_mapped_not_read(tmp_path: Path) -> None:
    LexicalIndex.build(ARCHIVE).save(NewFiles(tmp_path))
    opened = LexicalIndex.open(tmp_path, len(ARCHIVE))
    assert isinstance(opened._impacts.base, np.memmap)


def same(first: LexicalIndex, second: LexicalIndex) -> bool:
    return all(np.array_equal(getattr(first, f"_{part}"), getattr(second, f"_{part}")) for part in PARTS)


@settings(deadline=None)
@given(st.lists(TERMS, min_size=1, max_size=8), st.data())
def test_an_updated_index_is_the_index_built_anew(archive: list[list[str]], data: st.DataObject) -> None:
    kept = data.draw(st.lists(st.integers(-1, len(archive) - 1), max_size=10))
    new = [data.draw(TERMS) for row in kept if row < 0]
    waiting = iter(new)
    now = [archive[row] if row >= 0 else next(waiting) for row in kept]
    updated = LexicalIndex.build(archive).updated(np.array(kept, np.int64), new)
    assert updated.size == len(now)
    assert same(updated, LexicalIndex.build(now))


def test_an_index_can_be_updated_after_saving_and_opening_again_and_again(tmp_path: Path) -> None:
    LexicalIndex.build(ARCHIVE).save(NewFiles(tmp_path))
    opened = LexicalIndex.open(tmp_path, len(ARCHIVE))
    without = opened.updated(np.array([3, 0]), [])
    assert same(without, LexicalIndex.build([ARCHIVE[3], ARCHIVE[0]]))
    assert same(
        without.updated(np.array([1, -1, 0]), [["开放"]]), LexicalIndex.build([ARCHIVE[0], ["开放"], ARCHIVE[3]])
    )


@settings(deadline=None)
@given(st.lists(st.lists(TERMS, min_size=1, max_size=3), max_size=6))
def test_the_index_of_groups_is_that_of_their_terms_together(groups: list[list[list[str]]]) -> None:
    chunks = [terms for group in groups for terms in group]
    numbers = np.repeat(np.arange(len(groups), dtype=np.int32), [len(group) for group in groups])
    together = [[term for terms in group for term in terms] for group in groups]
    assert same(LexicalIndex.build(chunks).grouped(numbers), LexicalIndex.build(together))


def test_an_update_needs_the_terms_of_every_new_chunk() -> None:
    with pytest.raises(ValueError, match="zip"):
        LexicalIndex.build(ARCHIVE).updated(np.array([0, -1, -1]), [["开放"]])


def test_an_index_of_an_earlier_version_answers_and_says_that_it_cannot_be_updated(tmp_path: Path) -> None:
    LexicalIndex.build(ARCHIVE).save(NewFiles(tmp_path))
    (tmp_path / "lexical_counts.npy").unlink()
    opened = LexicalIndex.open(tmp_path, len(ARCHIVE))
    np.testing.assert_allclose(opened.scores(["公园"]), reference(ARCHIVE, ["公园"]), rtol=1e-6)
    assert not opened.is_updatable
    with pytest.raises(ValueError, match="keeps no frequencies"):
        opened.updated(np.arange(5), [])
    with pytest.raises(ValueError, match="keeps no frequencies"):
        opened.grouped(np.arange(5, dtype=np.int32))


def test_a_term_more_frequent_than_can_be_kept_counts_as_the_most(tmp_path: Path) -> None:
    index = LexicalIndex.build([["年"] * (MAX_COUNT + 5), ["月"]])
    assert same(index, LexicalIndex.build([["年"] * MAX_COUNT, ["月"]]))


def scored_by_the_library(archive: list[list[str]], query: list[str], dtype: str = "float32") -> np.ndarray:
    vocabulary = {term: number for number, term in enumerate("甲乙丙丁戊己庚辛")}
    whole = bm25s.BM25(k1=1.2, b=0.75, method="atire", idf_method="lucene", dtype=dtype)
    whole.nonoccurrence_array = None
    ids = [[vocabulary[term] for term in text] for text in archive]
    whole.scores = whole.build_index_from_ids(list(vocabulary.values()), ids, show_progress=False)
    return np.asarray(whole.get_scores_from_ids([vocabulary[term] for term in query]))


@settings(deadline=None, max_examples=25)
@given(st.lists(TERMS, min_size=2, max_size=10).filter(lambda archive: any(archive)), TERMS.filter(bool))
def test_scores_are_those_of_the_library_when_it_does_all_of_it_alone(
    archive: list[list[str]], query: list[str]
) -> None:
    expected = scored_by_the_library(archive, query)
    np.testing.assert_allclose(LexicalIndex.build(archive).scores(query), expected, rtol=1e-5)


@settings(deadline=None, max_examples=25)
@given(st.lists(TERMS, min_size=2, max_size=10).filter(lambda archive: any(archive)))
def test_what_a_term_adds_is_the_library_s_number_to_the_last_bit(archive: list[list[str]]) -> None:
    index = LexicalIndex.build(archive)
    for term in "甲乙丙丁戊己庚辛":
        expected = scored_by_the_library(archive, [term], "float64").astype(np.float32)
        np.testing.assert_array_equal(index.scores([term]), expected)
