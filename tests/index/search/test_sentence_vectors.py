"""index.search.sentence_vectors: the sentences' embeddings in eight bits, kept, updated, read back."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
from hypothesis import given, settings
from hypothesis import strategies as st

from index.files import NewFiles
from index.records import Float32
from index.search.sentence_vectors import SentenceVectors

DIM = 384


def unit_rows(count: int, seed: int, dim: int = DIM) -> Float32:
    rows = np.random.default_rng(seed).normal(size=(count, dim)).astype(np.float32)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def counted(*counts: int) -> npt.NDArray[np.int64]:
    return np.array(counts, np.int64)


def all_of(held: SentenceVectors, chunks: int) -> list[Float32]:
    return [held.of(row) for row in range(chunks)]


def test_eight_bits_keep_cosines_to_a_thousandth() -> None:
    vectors, queries = unit_rows(200, 1), unit_rows(20, 2)
    held = SentenceVectors.build(vectors, counted(150, 0, 50))
    kept = np.concatenate(all_of(held, 3))
    changes = np.abs(kept @ queries.T - vectors @ queries.T)
    assert np.quantile(changes, 0.95) < 1e-3
    assert changes.max() < 2e-3


def test_eight_bits_keep_the_length_to_three_digits() -> None:
    held = SentenceVectors.build(unit_rows(50, 3), counted(50))
    np.testing.assert_allclose(np.linalg.norm(held.of(0), axis=1), 1, atol=1e-3)


def test_a_vector_of_zeros_stays_one() -> None:
    held = SentenceVectors.build(np.zeros((1, DIM), np.float32), counted(1))
    assert held.of(0).tolist() == [[0.0] * DIM]


def test_every_chunk_has_its_own_sentences_and_no_other() -> None:
    vectors = unit_rows(6, 4)
    held = SentenceVectors.build(vectors, counted(2, 0, 3, 1))
    assert [len(held.of(row)) for row in range(4)] == [2, 0, 3, 1]
    for row, (first, last) in enumerate([(0, 2), (2, 2), (2, 5), (5, 6)]):
        np.testing.assert_allclose(held.of(row), vectors[first:last], atol=1e-3)


COUNTS = st.lists(st.integers(0, 4), min_size=1, max_size=8)


@settings(deadline=None, max_examples=50)
@given(COUNTS, st.data())
def test_an_update_gives_what_building_all_gives(counts: list[int], data: st.DataObject) -> None:
    kept = data.draw(st.lists(st.integers(-1, len(counts) - 1), max_size=10))
    new_counts = [data.draw(st.integers(0, 4)) for row in kept if row < 0]
    old, new = unit_rows(sum(counts), 5, 16), unit_rows(sum(new_counts), 6, 16)
    parts, fresh = np.split(old, np.cumsum(counts)[:-1]), iter(np.split(new, np.cumsum(new_counts)[:-1]))
    now = [parts[row] if row >= 0 else next(fresh) for row in kept]
    updated = SentenceVectors.build(old, counted(*counts)).updated(
        np.array(kept, np.int64), SentenceVectors.build(new, counted(*new_counts))
    )
    anew = SentenceVectors.build(
        np.concatenate([np.empty((0, 16), np.float32), *now]), counted(*(len(part) for part in now))
    )
    for row in range(len(kept)):
        np.testing.assert_array_equal(updated.of(row), anew.of(row))
    np.testing.assert_array_equal(updated.mean(), anew.mean())


def test_what_was_saved_opens_the_same_and_can_be_updated(tmp_path: Path) -> None:
    built = SentenceVectors.build(unit_rows(5, 7), counted(3, 0, 2))
    built.save(NewFiles(tmp_path))
    opened = SentenceVectors.open(tmp_path)
    for row in range(3):
        np.testing.assert_array_equal(opened.of(row), built.of(row))
    nothing = SentenceVectors.build(np.empty((0, DIM), np.float32), counted())
    np.testing.assert_array_equal(opened.updated(counted(2, 0), nothing).of(0), built.of(2))


def test_the_codes_stay_on_disk_until_they_are_read(tmp_path: Path) -> None:
    SentenceVectors.build(unit_rows(5, 8), counted(5)).save(NewFiles(tmp_path))
    assert isinstance(SentenceVectors.open(tmp_path)._codes.base, np.memmap)


def test_an_archive_without_a_single_sentence_is_kept_and_opened(tmp_path: Path) -> None:
    built = SentenceVectors.build(np.empty((0, DIM), np.float32), counted(0, 0))
    built.save(NewFiles(tmp_path))
    opened = SentenceVectors.open(tmp_path)
    assert opened.of(1).shape == (0, DIM)
    assert not opened.mean().any()
    assert opened.mean().shape == (DIM,)


def test_the_mean_is_that_of_all_vectors_however_many() -> None:
    few = unit_rows(11, 9, 16)
    many = np.tile(few, (6000, 1))  # more than are added up at once
    for vectors in (few, many):
        held = SentenceVectors.build(vectors, counted(len(vectors)))
        np.testing.assert_allclose(held.mean(), held.of(0).astype(np.float64).mean(axis=0), atol=1e-4)
        np.testing.assert_allclose(held.mean(), few.mean(axis=0), atol=5e-3)
