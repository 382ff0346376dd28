"""tests/training/ranking_loss.py: the loss that weights are learnt with, and what is learnt."""

import numpy as np
import pytest
from ranking_loss import Floats, Sample, Signs, fit, make_sample, without
from scipy.optimize import approx_fprime

from rag.retrieval.features import FUSION


def made(seed: int = 3, telling: int | None = None, questions: int = 60, features: int = 3) -> Sample:
    """Questions of four documents with one or two chunks; the first is gold, and high in the feature `telling`."""
    random = np.random.default_rng(seed)
    values: list[Floats] = []
    documents: list[list[str]] = []
    for _question in range(questions):
        ids = [f"d{number}" for number in range(4) for _chunk in range(random.integers(1, 3))]
        table = random.normal(size=(len(ids), features))
        if telling is not None:
            table[:, telling] += [3.0 if doc == "d0" else 0.0 for doc in ids]
        values.append(table)
        documents.append(ids)
    return make_sample("made", values, documents, [{"d0"}] * questions, random.uniform(0, 1, questions).tolist())


def learnt(sample: Sample) -> Floats:
    return fit([sample], FUSION, Signs())


@pytest.mark.parametrize("seed", range(4))
def test_the_gradient_is_that_of_finite_differences(seed: int) -> None:
    sample = made(seed)
    weights = np.random.default_rng(seed).normal(size=sample.features.shape[1:])
    _loss, gradient = sample.loss(weights)

    def loss(at: Floats) -> float:
        return sample.loss(at)[0]

    expected = approx_fprime(weights, loss, 1e-6)
    np.testing.assert_allclose(gradient, expected, atol=1e-4)


def test_the_loss_is_the_mean_surprise_at_the_gold_document() -> None:
    # Two documents; the second has two chunks, of which the better counts.
    sample = make_sample("made", [np.array([[1.0], [0.5], [0.0]])], [["gold", "other", "other"]], [{"gold"}], [1.0])
    loss, _gradient = sample.loss(np.array([2.0, 9.0]))  # coverage 1: the second half is silent
    assert loss == pytest.approx(np.log((np.exp(2) + np.exp(1)) / np.exp(2)))


def test_a_question_whose_gold_was_not_found_teaches_nothing() -> None:
    table = [np.array([[1.0], [0.0]])] * 2
    alone = make_sample("made", table[:1], [["a", "b"]], [{"a"}], [0.5])
    beside = make_sample("made", table, [["a", "b"], ["a", "b"]], [{"a"}, {"c"}], [0.5, 0.5])
    for weights in (np.array([1.0, 2.0]), np.array([-3.0, 0.5])):
        assert beside.loss(weights)[0] == pytest.approx(alone.loss(weights)[0])
        np.testing.assert_allclose(beside.loss(weights)[1], alone.loss(weights)[1])


@pytest.mark.parametrize("telling", [0, 2])
def test_the_feature_that_tells_gold_gets_the_greatest_weight(telling: int) -> None:
    weights = learnt(made(5, telling))
    assert weights[:3].argmax() == telling
    assert weights[telling] > 2 * abs(np.delete(weights[:3], telling)).max()


def test_learnt_weights_rank_better_than_none() -> None:
    train, other = made(5, 1), made(6, 1)
    ranks = other.ranks(learnt(train))
    assert (ranks == 1).mean() > 0.7 > (other.ranks(-learnt(train)) == 1).mean()
    assert other.loss(learnt(train))[0] < other.loss(np.zeros(6))[0]


def test_weights_for_the_archive_s_own_words_can_be_kept() -> None:
    sample = made(5, 1)
    kept = np.array([0.5, -1.25, 3.0])  # whatever their signs
    weights = fit([sample], FUSION, Signs(), kept)
    np.testing.assert_allclose(weights[:3], kept)
    assert sample.loss(weights)[0] < sample.loss(np.concatenate([kept, np.zeros(3)]))[0]


def test_a_feature_that_never_varies_gets_no_weight() -> None:
    silenced = without(made(5, 1), 2)
    weights = learnt(silenced)
    assert weights[2] == weights[5] == 0
    assert weights[1] != 0
    assert not silenced.features[:, [2, 5]].any()


def test_ranks_count_the_documents_above_the_best_gold_one() -> None:
    # By their best chunks: c 3, a 2, b 1.
    features = np.array([[2.0], [1.0], [0.0], [3.0]])
    ids = ["a", "b", "c", "c"]
    golds = [{"b"}, {"a", "b"}, {"c"}, {"not among them"}]
    sample = make_sample("made", [features] * 4, [ids] * 4, golds, [1.0] * 4)
    assert sample.ranks(np.array([1.0, 0.0])).tolist() == [3, 2, 1, 10**6]


def test_the_second_half_of_the_weights_counts_where_the_words_are_unknown() -> None:
    table = [np.array([[1.0], [0.0]])]
    for coverage, rank in ((1.0, 1), (0.0, 2)):
        sample = make_sample("made", table, [["gold", "other"]], [{"gold"}], [coverage])
        assert sample.ranks(np.array([1.0, -2.0])).tolist() == [rank]
