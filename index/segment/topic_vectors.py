"""What texts are about, as vectors learnt from the news: two stretches of one report are near each other although they share no word.

Beside the character pairs that two texts share (topic_similarity.py): rain is near flood. A pair's vector is that of its
bucket (feature hashing, Weinberger et al. 2009), a text's the sum of its pairs'; learnt by telling the stretches of one
report from those of others (tests/training/train_going_on.py).
"""

from collections.abc import Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

from index.segment.going_on import weights
from index.segment.topic_similarity import gram_codes

Singles = npt.NDArray[np.float32]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
BUCKET_BITS = 14
_MIXER = np.uint64(0x9E3779B97F4A7C15)
"""The golden ratio of 64 bits: multiplying by it spreads numbers evenly (Knuth, TAOCP 3, 6.4)."""


def sums_of(texts: Sequence[str]) -> Singles:
    """Return (texts, size): the sums of the vectors of each text's character pairs, of which those of several texts may be added."""
    codes = [gram_codes(text) for text in texts]
    table = _table()
    found = np.zeros((len(texts), table.shape[1]), np.float32)
    filled = [number for number, own in enumerate(codes) if own.size]
    if filled:
        starts = np.cumsum([0, *(codes[number].size for number in filled[:-1])])
        rows = table[buckets(np.concatenate([codes[number] for number in filled]))]
        found[filled] = np.add.reduceat(rows, starts, axis=0)
    return found


def directions(sums: Singles) -> Singles:
    """Return rows of length 1; of all zeros where a text has no pair."""
    lengths = np.maximum(np.sqrt((sums * sums).sum(axis=1, keepdims=True)), 1e-9)
    found: Singles = (sums / lengths).astype(np.float32)
    return found


def buckets(codes: Ints) -> Ints:
    """Return the rows of the table that pairs have."""
    return ((codes.astype(np.uint64) * _MIXER) >> np.uint64(64 - BUCKET_BITS)).astype(np.int64)


@cache
def _table() -> Singles:
    found: Singles = weights()["topics"].astype(np.float32) * weights()["topics_scale"].astype(np.float32)
    return found
