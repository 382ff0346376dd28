"""rag.retrieval.linear_model: two sets of weights, mixed by how foreign a question is."""

import numpy as np
import pytest

from rag.retrieval.linear_model import Weights


@pytest.mark.parametrize(("coverage", "expected"), [(1.0, [1, 2]), (0.0, [10, 20])])
def test_foreign_weights_count_where_the_archive_knows_no_word(coverage: float, expected: list[float]) -> None:
    weights = Weights(np.array([1, 2], np.float32), np.array([10, 20], np.float32))
    assert weights.score(np.eye(2, dtype=np.float32), coverage).tolist() == expected
