"""Linear weights of features, learnt on dev questions and shipped as JSON; mixed by how foreign a question is."""

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt

from index.records import Float32

IN_LANGUAGE_COVERAGE = 0.5
WEIGHTS_FILE = "weights.json"
"""Beside the modules of the room that has learnt them."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Linear weights of features, in two sets that are mixed by the question's foreignness.

    Of a question in another language than the archive's, the lexical features say less and the dense ones more.

    Args:
        in_language, cross_language: (features,) float32.
    """

    in_language: Float32
    cross_language: Float32

    def score(self, features: Float32, coverage: float) -> Float32:
        """Return (n,) the weighted sums of (n, features)."""
        share = out_of_vocabulary_share(coverage)
        return np.asarray(features @ ((1 - share) * self.in_language + share * self.cross_language), np.float32)


def out_of_vocabulary_share(coverage: float) -> float:
    """How far a question is from being asked in the archive's words: 0 from half of its terms on, 1 where none is known.

    Chinese questions to a Chinese archive have a coverage of .45 (of a few pages) to .95, English ones below .2.
    """
    return max(0.0, 1 - coverage / IN_LANGUAGE_COVERAGE)


@cache
def read_weights(package: str, key: str, names: tuple[str, ...]) -> Weights:
    """Return the weights of a stage.

    Args:
        package: whose WEIGHTS_FILE file has them, such as "rag.retrieval".
        key: of the stage in it.
        names: of the features, in the order in which they are computed.
    """
    values = json.loads((resources.files(package) / WEIGHTS_FILE).read_text("utf-8"))[key]
    assert list(values) == list(names), (
        f"{WEIGHTS_FILE} of {package} was learnt with other features: see tests/training"
    )
    table = np.array([values[name] for name in names], np.float32)
    return Weights(table[:, 0], table[:, 1])


@cache
def read_logistic(
    package: str | None, key: str, names: tuple[str, ...], file: str = WEIGHTS_FILE
) -> npt.NDArray[np.float64]:
    """Return the weights of a logistic regression, (names + 1,) or (names + 1, columns), the constant last.

    Args:
        package: whose file has them, such as "rag.evidence".
        key: of the regression in it.
        names: of the features, in the order in which they are computed.
    """
    assert package
    values = json.loads((resources.files(package) / file).read_text("utf-8"))[key]
    assert list(values) == [*names, "constant"], (
        f"{file} of {package} was learnt with other features: see tests/training"
    )
    return np.array(list(values.values()), np.float64)
