"""index.search.vector_index: FAISS against numpy."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import IndexCorruptError, IndexMismatchError
from index.files import NewFiles
from index.records import Float32
from index.search.vector_index import VECTORS, VectorIndex


def unit_rows(count: int, dim: int = 16, seed: int = 7) -> Float32:
    rows = np.random.default_rng(seed).normal(size=(count, dim))
    unit: Float32 = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return unit


ROWS = unit_rows(200)
QUERIES = unit_rows(5, seed=8)


@pytest.fixture(scope="module")
def index() -> VectorIndex:
    return VectorIndex.build(ROWS)


@pytest.mark.parametrize("query", QUERIES)
def test_the_best_rows_and_their_scores_are_those_of_numpy(index: VectorIndex, query: Float32) -> None:
    expected = ROWS @ query
    best = index.search(query, 10)
    assert best.tolist() == np.argsort(-expected)[:10].tolist()
    np.testing.assert_allclose(index.scores(query, best), expected[best], atol=1e-6)


@settings(deadline=None)
@given(st.integers(1, 30), st.sets(st.integers(0, 199), max_size=60), st.integers(0, 4))
def test_a_filter_leaves_the_best_k_of_the_allowed_rows(
    index: VectorIndex, k: int, rows: set[int], number: int
) -> None:
    allowed = np.zeros(len(ROWS), np.bool_)
    allowed[list(rows)] = True
    scores = np.where(allowed, ROWS @ QUERIES[number], -np.inf)
    found = index.search(QUERIES[number], k, allowed)
    assert found.tolist() == np.argsort(-scores)[: min(k, len(rows))].tolist()


def test_one_allowed_row_far_from_the_query_is_found_among_many(index: VectorIndex) -> None:
    worst = int(np.argmin(ROWS @ QUERIES[0]))
    allowed = np.arange(len(ROWS)) == worst
    assert index.search(QUERIES[0], 5, allowed).tolist() == [worst]


@pytest.mark.parametrize("size", [1, 7, 8, 9])  # rows beside a byte's end in the bitmap
def test_the_last_row_of_an_index_of_any_size_can_be_filtered_for(size: int) -> None:
    allowed = np.arange(size) == size - 1
    assert VectorIndex.build(ROWS[:size]).search(QUERIES[0], 3, allowed).tolist() == [size - 1]


def test_more_rows_than_there_are_gives_all(index: VectorIndex) -> None:
    assert sorted(index.search(QUERIES[0], 10_000)) == list(range(len(ROWS)))


def test_vectors_come_back_as_they_were_put_in(index: VectorIndex) -> None:
    np.testing.assert_array_equal(index.vectors([3, 199, 3]), ROWS[[3, 199, 3]])
    assert index.vectors([]).shape == (0, 16)
    assert (len(index), index.dim) == (200, 16)


@pytest.mark.parametrize("query", QUERIES)
def test_the_distribution_is_that_of_all_scores(index: VectorIndex, query: Float32) -> None:
    scores = (ROWS @ query).astype(np.float64)
    assert index.distribution(query) == pytest.approx((scores.mean(), scores.std()), abs=1e-6)


def test_the_distribution_over_one_vector_has_no_width() -> None:
    assert VectorIndex.build(ROWS[:1]).distribution(ROWS[0]) == pytest.approx((1, 0), abs=1e-3)


@pytest.mark.parametrize("query", [unit_rows(1, 17)[0], unit_rows(1, 15)[0], QUERIES])
def test_a_query_of_another_shape_is_a_mismatch(index: VectorIndex, query: Float32) -> None:
    with pytest.raises(IndexMismatchError, match="dimension 16"):
        index.search(query, 3)
    with pytest.raises(IndexMismatchError, match="dimension 16"):
        index.scores(query, [0])


def test_an_index_is_the_same_after_saving_and_opening(index: VectorIndex, tmp_path: Path) -> None:
    index.save(NewFiles(tmp_path))
    opened = VectorIndex.open(tmp_path)
    assert (len(opened), opened.dim) == (200, 16)
    np.testing.assert_array_equal(opened.vectors(range(200)), ROWS)
    for query in QUERIES:
        assert opened.search(query, 10).tolist() == index.search(query, 10).tolist()
        assert opened.distribution(query) == index.distribution(query)


@pytest.mark.parametrize("damage", [b"", b"not an index", None])
def test_a_file_that_faiss_cannot_read_is_corrupt(index: VectorIndex, tmp_path: Path, damage: bytes | None) -> None:
    index.save(NewFiles(tmp_path))
    whole = (tmp_path / VECTORS).read_bytes()
    (tmp_path / VECTORS).write_bytes(whole[: len(whole) // 2] if damage is None else damage)
    with pytest.raises(IndexCorruptError, match=VECTORS):
        VectorIndex.open(tmp_path)


def test_a_missing_file_is_corrupt(tmp_path: Path) -> None:
    with pytest.raises(IndexCorruptError, match=VECTORS):
        VectorIndex.open(tmp_path)
