"""index.lexical: BM25 against its formula, and the folder it is kept in."""

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.lexical import LexicalIndex

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
    built.save(folder)
    opened = LexicalIndex.open(folder, len(archive))
    for query in (["甲"], ["乙", "丙", "乙"], ["没有"]):
        np.testing.assert_array_equal(opened.scores(query), built.scores(query))
        np.testing.assert_array_equal(opened.idf(query), built.idf(query))


def test_an_archive_without_a_single_term_finds_nothing_and_says_so(tmp_path: Path) -> None:
    LexicalIndex.build([[], []]).save(tmp_path)
    opened = LexicalIndex.open(tmp_path, 2)
    assert opened.scores(["公园"]).tolist() == [0, 0]
    assert not opened.known(["公园"]).any()
    assert opened.coverage(["公园"]) == 0


def test_an_opened_index_is_mapped_not_read(tmp_path: Path) -> None:
    LexicalIndex.build(ARCHIVE).save(tmp_path)
    opened = LexicalIndex.open(tmp_path, len(ARCHIVE))
    assert isinstance(opened._impacts, np.memmap)
