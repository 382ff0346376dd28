"""A small learnt scorer: features → log-odds, by boosted regression trees (Friedman 2001) that a JSON file holds.

The trees are learnt by tests/training/train_segmentation.py.
"""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
WEIGHTS_FILE = "weights.json"


class Trees:
    """Scores rows of features; all trees are walked at once, a level at a time.

    Args:
        weights: "features" (names in order), "base" (log-odds before any tree), and of all trees' nodes "feature",
            "threshold", "left", "right" (numbers of nodes; a leaf's is its own) and "value" (0 but at leaves), besides
            "roots" and "depth" of the deepest.
    """

    def __init__(self, weights: Mapping[str, Any]) -> None:
        self.features: tuple[str, ...] = tuple(weights["features"])
        self._base = float(weights["base"])
        self._depth = int(weights["depth"])
        self._roots = np.array(weights["roots"], np.intp)
        self._feature = np.array(weights["feature"], np.intp)
        self._threshold = np.array(weights["threshold"], np.float64)
        self._children = np.array([weights["right"], weights["left"]], np.intp).T.ravel()
        self._value = np.array(weights["value"], np.float64)

    def scores(self, rows: Floats) -> Floats:
        """Return (rows,) log-odds for (rows, features)."""
        count, width = rows.shape
        flat = rows.ravel()
        starts = (np.arange(count) * width)[:, None]
        nodes = np.broadcast_to(self._roots, (count, len(self._roots)))
        for _level in range(self._depth):
            goes_left = flat[starts + self._feature[nodes]] <= self._threshold[nodes]
            nodes = self._children[2 * nodes + goes_left]
        scores: Floats = self._value[nodes].sum(axis=1) + self._base
        return scores


@cache
def learnt() -> dict[str, Any]:
    """Return what is learnt for this room: by its name, trees or a table."""
    found: dict[str, Any] = json.loads(resources.files(__package__).joinpath(WEIGHTS_FILE).read_text(encoding="utf-8"))
    return found


@cache
def trees(name: str, features: Sequence[str]) -> Trees:
    """Return learnt trees.

    Raises:
        ValueError: they were learnt on other features than those that the code computes.
    """
    found = Trees(learnt()[name])
    if found.features != tuple(features):
        raise ValueError(f"{WEIGHTS_FILE}: {name} was learnt on other features; learn it anew (tests/training)")
    return found
