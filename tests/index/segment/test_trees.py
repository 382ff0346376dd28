"""index.segment.trees: scores by boosted trees, and what stands in weights.json."""

import math

import numpy as np
import pytest

from index.segment.heading_features import HEADING_FEATURES
from index.segment.line_cuts import CUT_FEATURES
from index.segment.line_roles import LINE_FEATURES
from index.segment.link_features import OPTION_FEATURES
from index.segment.seams import SEAM_FEATURES
from index.segment.trees import Trees, learnt, trees

WEIGHTS = {
    "features": ["length", "gap"],
    "base": 0.5,
    "depth": 2,
    "roots": [0, 5],
    "feature": [0, 1, 0, 0, 0, 0],
    "threshold": [2.0, 1.0, 0.0, 0.0, 0.0, 0.0],
    "left": [1, 3, 2, 3, 4, 5],
    "right": [2, 4, 2, 3, 4, 5],
    "value": [0.0, 0.0, 4.0, 1.0, 2.0, 10.0],
}
"""Length up to 2: by the gap, up to 1 one, else two; a longer one four. A second tree adds ten to all."""


@pytest.mark.parametrize(
    ("row", "score"),
    [((2.0, 1.0), 11.5), ((2.0, 1.1), 12.5), ((2.1, 0.0), 14.5), ((-5.0, -5.0), 11.5), ((math.inf, 0.0), 14.5)],
)
def test_the_leaves_that_a_row_comes_to_are_summed(row: tuple[float, float], score: float) -> None:
    assert Trees(WEIGHTS).scores(np.array([row])).tolist() == [score]


def test_many_rows_are_scored_as_each_by_itself() -> None:
    rows = np.random.default_rng(0).normal(0, 3, (50, 2))
    found = Trees(WEIGHTS)
    assert found.scores(rows).tolist() == [float(found.scores(row[None])[0]) for row in rows]


def test_no_rows_have_no_scores() -> None:
    assert Trees(WEIGHTS).scores(np.zeros((0, 2))).shape == (0,)


@pytest.mark.parametrize(
    ("name", "features"),
    [
        ("lines", LINE_FEATURES),
        ("cuts", CUT_FEATURES),
        ("seams", SEAM_FEATURES),
        ("links", OPTION_FEATURES),
        ("headings", HEADING_FEATURES),
        ("lifted", HEADING_FEATURES),
    ],
)
def test_what_was_learnt_was_learnt_on_the_features_that_the_code_computes(
    name: str, features: tuple[str, ...]
) -> None:
    found = trees(name, features)
    assert np.isfinite(found.scores(np.zeros((1, len(features))))).all()


def test_trees_that_were_learnt_on_other_features_are_refused() -> None:
    with pytest.raises(ValueError, match="learn it anew"):
        trees("seams", ("length",))


def test_the_tables_of_strings_hold_strings_and_weights() -> None:
    for name in ("openings", "middles", "endings"):
        assert all(gram and math.isfinite(weight) for gram, weight in learnt()[name].items())
