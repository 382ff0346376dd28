"""index.embedding.centering: half of what embeddings have in common is taken off them."""

from pathlib import Path

import numpy as np
import pytest

from index.embedding.centering import SHARE, EmbeddingCentering, mean_of, read_typical_questions
from index.embedding.embedder import Embedder
from index.store import Generation
from rag.question.language import detect_language


def made(**questions: list[float]) -> EmbeddingCentering:
    means = {language: np.array(values, np.float32) for language, values in questions.items()}
    return EmbeddingCentering(means, np.array([1, 0, 0], np.float32), np.array([0, 1, 0], np.float32))


def test_half_of_the_mean_is_taken_off_and_the_length_is_one_again() -> None:
    centre = made(zh=[0.0, 0.0, 1.0])
    vector = np.array([0.6, 0.0, 0.8], np.float32)
    rest = vector - np.array([0.0, 0.0, SHARE])
    np.testing.assert_allclose(centre.question(vector, "zh"), rest / np.linalg.norm(rest), rtol=1e-6)


def test_questions_chunks_and_sentences_each_have_their_own_mean() -> None:
    centre = made(zh=[0.0, 0.0, 1.0], en=[0.0, 0.0, -1.0])
    vector = np.array([0.0, 0.0, 1.0], np.float32)
    assert centre.question(vector, "en").tolist() == pytest.approx([0, 0, 1])
    assert centre.chunks(vector[None])[0, 0] < 0
    assert centre.sentences(vector[None])[0, 1] < 0
    assert centre.chunks(vector[None])[0, 1] == centre.sentences(vector[None])[0, 0] == 0


def test_a_vector_that_is_nothing_but_the_half_mean_gives_zeros_and_no_nan() -> None:
    half = np.array([[SHARE, 0, 0]], np.float32)
    assert made(zh=[0.0, 0.0, 1.0]).chunks(half).tolist() == [[0, 0, 0]]


def test_a_chunk_without_sentences_is_no_error() -> None:
    assert made(zh=[0.0, 0.0, 1.0]).sentences(np.empty((0, 3), np.float32)).shape == (0, 3)


def test_what_was_saved_opens_the_same(tmp_path: Path) -> None:
    centre = made(zh=[0.1, 0.2, 0.3], en=[0.3, 0.2, 0.1])
    centre.save(tmp_path)
    opened = EmbeddingCentering.open(tmp_path)
    vector = np.array([0.6, 0.0, 0.8], np.float32)
    for language in ("zh", "en"):
        np.testing.assert_array_equal(opened.question(vector, language), centre.question(vector, language))
    np.testing.assert_array_equal(opened.chunks(vector[None]), centre.chunks(vector[None]))
    np.testing.assert_array_equal(opened.sentences(vector[None]), centre.sentences(vector[None]))


def test_the_centre_of_a_generation_is_that_of_its_own_vectors(sample: Generation, embedder: Embedder) -> None:
    count = sample.manifest.counts.chunks
    sentences = np.concatenate([sample.sentences.of(row) for row in range(count)])
    typical = {name: mean_of(embedder.embed_queries(asked)) for name, asked in read_typical_questions().items()}
    own = EmbeddingCentering(typical, mean_of(sample.vectors.vectors(range(count))), mean_of(sentences))
    vector = sample.vectors.vectors([0])
    np.testing.assert_allclose(sample.centre.chunks(vector), own.chunks(vector), atol=1e-5)
    np.testing.assert_allclose(sample.centre.sentences(vector), own.sentences(vector), atol=1e-5)
    for language in ("zh", "en"):
        kept, anew = (centre.question(vector[0], language) for centre in (sample.centre, own))
        np.testing.assert_allclose(kept, anew, atol=1e-5)


def test_the_typical_questions_are_questions_in_the_languages_that_are_told_apart() -> None:
    typical = read_typical_questions()
    assert set(typical) == {"zh", "en"}
    for language, questions in typical.items():
        assert len(set(questions)) == len(questions) >= 5
        assert {detect_language(question) for question in questions} == {language}
