"""tests/training/calibrate_answers.py: what it fits. On numbers made up here, no archive."""

from typing import cast

import numpy as np
import pytest
from calibrate_answers import (
    ANSWERABLE_SHARE,
    Asked,
    Floats,
    area,
    chances,
    cross_validated,
    draw,
    fit_logistic,
    fit_ranking,
    told,
    weigh,
)

from rag.evidence.sentence_ranking import READING_FEATURES, SentenceFeatures
from rag.retrieval.retriever import Retrieval

TRUE = np.array([2.0, 0.5, -1.0])
"""Two features and a constant."""


def drawn(seed: int, count: int = 4000) -> tuple[Floats, Floats]:
    """Features on different scales, and answers drawn with the probability that the true weights give."""
    random = np.random.default_rng(seed)
    rows = random.normal(size=(count, 2)) * [1.0, 4.0] + [0.5, -2.0]
    return rows, (random.uniform(size=count) < chances(rows, TRUE)).astype(float)


def test_the_weights_that_answers_were_drawn_with_are_found_again_but_for_what_the_penalty_takes() -> None:
    rows, right = drawn(1)
    found = fit_logistic(rows, right, np.ones(len(rows)))
    assert found[:2] == pytest.approx(TRUE[:2], rel=0.35)
    assert area(chances(rows, found), right) == pytest.approx(area(chances(rows, TRUE), right), abs=0.01)


def test_a_feature_that_never_varies_does_no_harm() -> None:
    rows, right = drawn(2)
    found = fit_logistic(np.c_[rows, np.ones(len(rows))], right, np.ones(len(rows)))
    assert np.isfinite(found).all()


def test_what_counts_more_moves_the_constant() -> None:
    rows, right = drawn(3)
    even = fit_logistic(rows, right, np.ones(len(rows)))
    rightly = fit_logistic(rows, right, np.where(right > 0, 5.0, 1.0))
    assert chances(rows, rightly).mean() > chances(rows, even).mean()


def test_the_answerable_get_their_share_of_the_weight() -> None:
    answerable = np.array([True] * 10 + [False] * 70)
    counts = weigh(answerable)
    assert counts[answerable].sum() / counts.sum() == pytest.approx(ANSWERABLE_SHARE)


def test_a_row_is_judged_by_what_was_learnt_on_the_other_folds() -> None:
    rows = np.array([[0.0], [1.0]] * 10)
    right = np.array([0.0, 1.0] * 10)
    folds = np.arange(20) // 2 % 5
    right[folds == 0] = [1.0, 0.0] * 2  # one fold contradicts the others
    found = cross_validated(rows, right, np.ones(20), folds)
    assert found[1] > 0.5 > found[0]


def test_the_ranking_finds_which_column_tells() -> None:
    random = np.random.default_rng(4)
    asked = []
    for _question in range(60):
        table = random.normal(size=(8, len(READING_FEATURES)))
        right = table[:, 1] == table[:, 1].max()
        nothing = cast(Retrieval, None), cast(SentenceFeatures, None)
        asked.append(Asked({}, "", *nothing, table, right, frozenset()))
    weights = fit_ranking(asked)
    assert weights[1] > 5 * max(weights[0], weights[2], 0.01)


def test_the_area_is_one_where_all_right_ones_are_first_and_half_where_chance_decides() -> None:
    right = np.array([0.0, 0.0, 1.0, 1.0])
    assert area(np.array([0.1, 0.2, 0.3, 0.4]), right) == 1.0
    assert area(np.array([0.4, 0.3, 0.2, 0.1]), right) == 0.0


def test_the_line_tells_both_kinds_of_mistake() -> None:
    line = told(
        "set", np.array([0.9, 0.1, 0.9, 0.1]), np.array([1.0, 0, 0, 0]), np.array([True, True, False, False]), 4
    )
    assert "right 0.500 refused 0.500, unanswerable refused 0.500" in line


def test_the_curve_is_an_image_with_a_point_for_every_tenth() -> None:
    image = draw(np.linspace(0.01, 0.99, 50), np.ones(50))
    assert image.startswith("<svg")
    assert image.count("<circle") == 10
