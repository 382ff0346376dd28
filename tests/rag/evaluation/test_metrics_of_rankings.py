import math
import random
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.evaluation.intervals import BOOTSTRAP_SAMPLES, SEED, Bootstrap, draw_counts, interval, quantile
from rag.evaluation.metrics import NAMES, first_rank, score_ranking
from rag.evaluation.summary import Row, summarise

# question → (group, gold documents, ranking); three groups and a question of its own that was not answered
WORKED = {
    "q1": ("g1", "a", "ab"),
    "q2": ("g1", "b", "abbc"),
    "q3": ("g2", "cd", "xcyd"),
    "q4": ("g2", "e", "abcdfghijklmnopqrste"),
    "q5": ("g2", "f", "abcdef"),
    "q6": ("g3", "ghi", "hxi"),
    "q7": ("q7", "a", ""),
}
# What the definitions and random.Random(7) give for them with the standard library alone: mean, low, high.
FIGURES = {
    "hit@1": (0.2857142857142857, 0.0, 0.75),
    "hit@5": (0.5714285714285714, 0.25, 1.0),
    "hit@10": (0.7142857142857143, 0.3333333333333333, 1.0),
    "hit@20": (0.8571428571428571, 0.4, 1.0),
    "recall@1": (0.19047619047619047, 0.0, 0.4444444444444444),
    "recall@5": (0.5238095238095238, 0.16666666666666666, 0.8888888888888888),
    "recall@10": (0.6666666666666667, 0.3333333333333333, 0.8888888888888888),
    "recall@20": (0.8095238095238095, 0.3333333333333333, 1.0),
    "MRR@10": (0.4523809523809524, 0.16666666666666666, 0.8333333333333334),
    "nDCG@10": (0.47742513707439244, 0.17597952225853367, 0.7782826142018641),
}


def rows(types: Sequence[str | None] = (None,) * 7) -> list[Row]:
    return [
        Row(name, name, group, type_, "zh", {key: (value, 1) for key, value in score_ranking(gold, ranking).items()})
        for (name, (group, gold, ranking)), type_ in zip(WORKED.items(), types, strict=True)
    ]


# ---- metrics


def test_a_ranking_worked_by_hand() -> None:
    scores = score_ranking(["a", "b", "c"], ["x", "b", "y", "z", "w", "c"])
    assert tuple(scores) == NAMES
    assert [scores[f"hit@{k}"] for k in (1, 5, 10, 20)] == [0, 1, 1, 1]
    assert [scores[f"recall@{k}"] for k in (1, 5, 10, 20)] == [0, 1 / 3, 2 / 3, 2 / 3]
    assert scores["MRR@10"] == 1 / 2
    best = 1 + 1 / math.log2(3) + 1 / math.log2(4)
    assert scores["nDCG@10"] == pytest.approx((1 / math.log2(3) + 1 / math.log2(7)) / best)


def test_nothing_past_the_tenth_rank_counts_for_reciprocal_rank_and_gain() -> None:
    scores = score_ranking(["gold"], [*map(str, range(10)), "gold"])
    assert (scores["hit@10"], scores["hit@20"], scores["MRR@10"], scores["nDCG@10"]) == (0, 1, 0, 0)


def test_a_document_counts_at_its_first_rank() -> None:
    assert score_ranking(["b"], ["a", "a", "a", "a", "a", "b"])["hit@5"] == 1
    assert score_ranking(["a", "b"], ["a", "a"])["recall@5"] == 1 / 2
    assert first_rank(["b"], ["a", "a", "b"]) == 2
    assert first_rank(["b"], ["a"]) is None


# ---- intervals


def test_figures_and_intervals_are_those_of_the_standard_library() -> None:
    whole = summarise("retrieval", rows(), {}).parts[0]
    assert (whole.name, whole.questions, whole.groups) == ("all", 7, 4)
    for name, expected in FIGURES.items():
        found = whole.figures[name]
        assert (found.value, found.low, found.high) == pytest.approx(expected, abs=1e-12)
        assert found.n == 7


@pytest.mark.parametrize("groups", [1, 2, 7, 400])
def test_the_draws_are_those_of_the_standard_library(groups: int) -> None:
    generator = random.Random(SEED)
    counts = draw_counts(groups, 20, SEED)
    for sample in counts:
        drawn = generator.choices(range(groups), k=groups)
        assert sample.tolist() == [drawn.count(group) for group in range(groups)]


def test_every_type_and_language_has_its_own_figures() -> None:
    result = summarise("retrieval", rows(["who", "who", "when", "when", None, None, "who"]), {})
    assert [(part.name, part.questions) for part in result.parts] == [
        ("all", 7),
        ("type=when", 2),
        ("type=who", 3),
        ("lang=zh", 7),
    ]
    assert result.parts[1].figures["hit@5"].value == 1 / 2
    assert result.parts[3].figures == result.parts[0].figures


def test_groups_are_drawn_whole() -> None:
    # Two questions of one group, one right and one wrong: however often it is drawn, half of them are right.
    values = np.array([[1.0], [0.0]])
    assert set(Bootstrap(["a", "a"]).ratios(values, np.ones((2, 1)))[:, 0]) == {0.5}
    assert set(Bootstrap(["a", "b"]).ratios(values, np.ones((2, 1)))[:, 0]) == {0.0, 0.5, 1.0}


def test_the_same_seed_draws_the_same_and_another_seed_does_not() -> None:
    groups = [str(number) for number in range(9)]
    values, ones = np.arange(9.0)[:, None], np.ones((9, 1))
    first, again, other = (Bootstrap(groups, seed=seed).ratios(values, ones) for seed in (7, 7, 8))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1), st.sampled_from("abcdefghij")), min_size=1, max_size=30))
def test_an_interval_lies_within_its_samples_and_contains_their_middle(drawn: list[tuple[float, str]]) -> None:
    values, groups = np.array([value for value, _group in drawn])[:, None], [group for _value, group in drawn]
    samples = Bootstrap(groups, samples=200).ratios(values, np.ones_like(values))[:, 0]
    found = interval(float(values.mean()), samples, len(drawn))
    assert values.min() - 1e-12 <= found.low <= np.median(samples) <= found.high <= values.max() + 1e-12


def test_an_interval_contains_the_mean_of_many_questions() -> None:
    generator = random.Random(1)
    values = np.array([float(generator.random() < 0.7) for _ in range(200)])[:, None]
    samples = Bootstrap([str(number) for number in range(200)]).ratios(values, np.ones_like(values))[:, 0]
    found = interval(float(values.mean()), samples, 200)
    assert found.low < found.value < found.high
    # The normal approximation of a proportion's interval (Wald).
    deviation = math.sqrt(found.value * (1 - found.value) / 200)
    assert found.high - found.low == pytest.approx(2 * 1.96 * deviation, rel=0.1)


def test_samples_without_a_value_are_left_out() -> None:
    numerators, denominators = np.array([[1.0], [0.0]]), np.array([[1.0], [0.0]])
    samples = Bootstrap(["a", "b"]).ratios(numerators, denominators)[:, 0]
    assert np.isnan(samples).any()
    found = interval(1.0, samples, 1)
    assert (found.low, found.high) == (1.0, 1.0)


def test_a_quantile_is_a_value_that_occurred() -> None:
    values = np.array([30.0, 10.0, 20.0, 40.0])
    assert [quantile(values, share) for share in (0.25, 0.5, 0.95)] == [10, 20, 40]
    drawn = Bootstrap(list("abcd")).quantiles(values, 0.5)
    assert len(drawn) == BOOTSTRAP_SAMPLES
    assert set(drawn) == {10, 20, 30, 40}
