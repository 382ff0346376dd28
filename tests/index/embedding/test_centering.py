"""index.embedding.centering: half of what embeddings have in common is taken off them."""

from pathlib import Path

import numpy as np
import pytest

from index.embedding.centering import REMOVED_SHARE, EmbeddingCentering, mean_of, read_typical_questions
from index.embedding.embedder import Embedder
from index.files import NewFiles
from index.store import Generation
from rag.question.language import detect_language


def made(**questions: list[float]) -> EmbeddingCentering:
    means = {language: np.array(values, np.float32) for language, values in questions.items()}
    return EmbeddingCentering(means, np.array([1, 0, 0], np.float32), np.array([0, 1, 0], np.float32))


def test_half_of_the_mean_is_taken_off_and_the_length_is_one_again() -> None:
    centering = made(zh=[0.0, 0.0, 1.0])
    vector = np.array([0.6, 0.0, 0.8], np.float32)
    rest = vector - np.array([0.0, 0.0, REMOVED_SHARE])
    np.testing.assert_allclose(centering.centre_question(vector, "zh"), rest / np.linalg.norm(rest), rtol=1e-6)


def test_questions_chunks_and_sentences_each_have_their_own_mean() -> None:
    centering = made(zh=[0.0, 0.0, 1.0], en=[0.0, 0.0, -1.0])
    vector = np.array([0.0, 0.0, 1.0], np.float32)
    assert centering.centre_question(vector, "en").tolist() == pytest.approx([0, 0, 1])
    assert centering.centre_chunks(vector[None])[0, 0] < 0
    assert centering.centre_sentences(vector[None])[0, 1] < 0
    assert centering.centre_chunks(vector[None])[0, 1] == centering.centre_sentences(vector[None])[0, 0] == 0


def test_a_vector_that_is_nothing_but_the_half_mean_gives_zeros_and_no_nan() -> None:
    half = np.array([[REMOVED_SHARE, 0, 0]], np.float32)
    assert made(zh=[0.0, 0.0, 1.0]).centre_chunks(half).tolist() == [[0, 0, 0]]


def test_a_chunk_without_sentences_is_no_error() -> None:
    assert made(zh=[0.0, 0.0, 1.0]).centre_sentences(np.empty((0, 3), np.float32)).shape == (0, 3)


def test_what_was_saved_opens_the_same(tmp_path: Path) -> None:
    centering = made(zh=[0.1, 0.2, 0.3], en=[0.3, 0.2, 0.1])
    centering.save(NewFiles(tmp_path))
    opened = EmbeddingCentering.open(tmp_path)
    vector = np.array([0.6, 0.0, 0.8], np.float32)
    for language in ("zh", "en"):
        np.testing.assert_array_equal(
            opened.centre_question(vector, language), centering.centre_question(vector, language)
        )
    np.testing.assert_array_equal(opened.centre_chunks(vector[None]), centering.centre_chunks(vector[None]))
    np.testing.assert_array_equal(opened.centre_sentences(vector[None]), centering.centre_sentences(vector[None]))


def test_the_centre_of_a_generation_is_that_of_its_own_vectors(sample: Generation, embedder: Embedder) -> None:
    count = sample.manifest.counts.chunks
    sentences = np.concatenate([sample.sentences.of(row) for row in range(count)])
    typical = {name: mean_of(embedder.embed_queries(asked)) for name, asked in read_typical_questions().items()}
    own = EmbeddingCentering(typical, mean_of(sample.vectors.vectors(range(count))), mean_of(sentences))
    vector = sample.vectors.vectors([0])
    np.testing.assert_allclose(sample.centering.centre_chunks(vector), own.centre_chunks(vector), atol=1e-5)
    np.testing.assert_allclose(sample.centering.centre_sentences(vector), own.centre_sentences(vector), atol=1e-5)
    for language in ("zh", "en"):
        kept, anew = (centering.centre_question(vector[0], language) for centering in (sample.centering, own))
        np.testing.assert_allclose(kept, anew, atol=1e-5)


def test_the_typical_questions_are_questions_in_the_languages_that_are_told_apart() -> None:
    typical = read_typical_questions()
    assert set(typical) == {"zh", "en"}
    for language, questions in typical.items():
        assert len(set(questions)) == len(questions) >= 5
        assert {detect_language(question) for question in questions} == {language}
