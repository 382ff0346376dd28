"""Bootstrap intervals: questions about the same text are drawn together, whole groups at a time.

Questions about one text stand or fall together, so drawing single questions would give intervals that are too narrow
(Field & Welsh 2007, cluster bootstrap). Every figure is a sum over questions divided by a sum over questions, or a
quantile; of a pair of results the same draws are used, so their difference is paired.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Float64 = npt.NDArray[np.float64]

BOOTSTRAP_SAMPLES = 2000
SEED = 7
LOW, HIGH = 0.025, 0.975
_BATCH = 250
"""Samples multiplied at a time: the counts are kept as 16-bit integers, the product needs floats."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with its 95 % interval.

    Args:
        n: questions that it was computed from.
    """

    value: float
    low: float
    high: float
    n: int


class Bootstrap:
    """Samples of whole groups.

    The draws are those of `random.Random(seed).choices(range(groups), k=groups)`, so that anyone can repeat them with
    the standard library; numpy continues the same Mersenne twister, only faster.

    Args:
        groups: the group of each question, in the questions' order.
    """

    def __init__(self, groups: Sequence[str], *, samples: int = BOOTSTRAP_SAMPLES, seed: int = SEED) -> None:
        number = {name: place for place, name in enumerate(dict.fromkeys(groups))}
        self._groups = len(number)
        self._group_of = np.array([number[name] for name in groups], np.int64)
        self._counts = draw_counts(self._groups, samples, seed)

    def ratios(self, numerators: Float64, denominators: Float64) -> Float64:
        """Return (samples, m): sum of numerators over sum of denominators in each sample, NaN where that is 0/0.

        Args:
            numerators, denominators: (questions, m).
        """
        above, below = (self._by_group(values) for values in (numerators, denominators))
        with np.errstate(divide="ignore", invalid="ignore"):
            parts = [
                (counts @ above) / (counts @ below)
                for start in range(0, len(self._counts), _BATCH)
                for counts in (self._counts[start : start + _BATCH].astype(np.float64),)
            ]
        return np.concatenate(parts)

    def quantiles(self, values: Float64, share: float) -> Float64:
        """Return (samples,): the smallest value that `share` of each sample's questions do not exceed."""
        order = np.argsort(values, kind="stable")
        reached = np.cumsum(self._counts[:, self._group_of[order]].astype(np.int64), axis=1)
        places = (reached >= share * reached[:, -1:]).argmax(axis=1)
        return np.asarray(values[order][places], np.float64)

    def _by_group(self, values: Float64) -> Float64:
        sums = np.zeros((self._groups, values.shape[1]))
        np.add.at(sums, self._group_of, values)
        return sums


def draw_counts(groups: int, samples: int, seed: int) -> npt.NDArray[np.int16]:
    """Return (samples, groups): how often each group was drawn."""
    _version, state, _gauss = random.Random(seed).getstate()  # noqa: S311, no secret
    twister = np.random.RandomState()
    twister.set_state(("MT19937", np.array(state[:-1], np.uint32), state[-1], 0, 0.0))
    counts = np.empty((samples, groups), np.int16)
    for sample in range(samples):
        drawn = np.floor(twister.random_sample(groups) * groups).astype(np.int64)
        counts[sample] = np.bincount(drawn, minlength=groups)
    return counts


def interval(value: float, distribution: Float64, n: int) -> Interval:
    """Return the value between the 2.5 % and 97.5 % points of its samples; samples without a value are left out."""
    known = np.sort(distribution[~np.isnan(distribution)])
    if not len(known):
        return Interval(value, value, value, n)
    low, high = known[int(LOW * len(known))], known[min(len(known) - 1, int(HIGH * len(known)))]
    return Interval(value, float(low), float(high), n)


def quantile(values: Float64, share: float) -> float:
    """Return the smallest value that `share` of the values do not exceed."""
    return float(np.sort(values)[max(0, int(np.ceil(share * len(values))) - 1)])
