"""rag.retrieval.linear_model: weights of features, mixed by how foreign a question is."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.retrieval.linear_model import Weights, out_of_vocabulary_share, read_weights

WEIGHTS = Weights(np.array([1.0, 0.0], np.float32), np.array([0.0, 2.0], np.float32))


def test_a_question_in_the_archives_words_is_scored_by_the_native_weights() -> None:
    features = np.array([[3.0, 5.0], [1.0, 1.0]], np.float32)
    assert WEIGHTS.score(features, 1.0).tolist() == [3, 1]
    assert WEIGHTS.score(features, 0.5).tolist() == [3, 1]


def test_a_question_of_which_no_word_is_known_is_scored_by_the_foreign_ones() -> None:
    assert WEIGHTS.score(np.array([[3.0, 5.0]], np.float32), 0.0).tolist() == [10]


def test_between_them_both_count() -> None:
    assert WEIGHTS.score(np.array([[4.0, 5.0]], np.float32), 0.25).tolist() == pytest.approx([2 + 5])


def test_no_candidates_have_no_scores() -> None:
    scores = WEIGHTS.score(np.empty((0, 2), np.float32), 0.7)
    assert scores.shape == (0,)
    assert scores.dtype == np.float32


@given(st.floats(0, 1), st.floats(0, 1))
def test_the_more_words_are_known_the_less_foreign_a_question_is(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert 1 >= out_of_vocabulary_share(low) >= out_of_vocabulary_share(high) >= 0


def test_weights_learnt_with_other_features_are_not_read() -> None:
    with pytest.raises(AssertionError, match="other features"):
        read_weights("rag.evidence", "sentence", ("around", "centred_cosine"))
