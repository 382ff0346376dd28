"""How plainly one text goes on in another, wherever the two are printed: told by the characters on both sides of the break.

A small learnt network (tests/training/train_going_on.py) reads the last characters of the one and the first of the
other, each by itself, into a vector; the product of two vectors is how much more often the one goes on in the other than
in any text (pointwise mutual information, learnt by telling the true rest of a text from the rests of others; van den
Oord et al. 2018). So all ends of a page are held against all beginnings at once.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Singles = npt.NDArray[np.float32]
Floats = npt.NDArray[np.float64]
FILE = "going_on.npz"
SPAN = 24
"""Characters on each side of a break that are read: of the farther ones only which there are."""
IN_ORDER = 8
"""Characters next to the break that are read in their order."""
PADDING, UNKNOWN = 0, 1
NOWHERE = -12.0
"""Log-odds of going on where there is nothing to go on in."""
_TAIL = 3 * SPAN
"""Characters of which the white space is taken away to have SPAN."""
_FOLDED = str.maketrans(",;:?!()%", "，；：？！（）％")


class GoingOn:
    """The learnt network.

    Args:
        held: "characters" (code points; those of the rows of "embedding" from the third on), "bias", and for each side
            ("end_", "beginning_") an "embedding" (characters, size) of bytes with its "scale" (size,), and the layers
            "pair", "near", "far" and "out" with "pair_bias", "near_bias" and "out_bias".
    """

    def __init__(self, held: Mapping[str, npt.NDArray[np.generic]]) -> None:
        self._row_of = np.full(1 << 16, UNKNOWN, np.int64)
        codes = np.asarray(held["characters"], np.int64)
        self._row_of[codes] = np.arange(2, 2 + len(codes))
        self._row_of[0] = PADDING
        self._sides = [_Side(held, side) for side in ("end_", "beginning_")]
        self._bias = float(held["bias"])

    def ends(self, texts: Sequence[str]) -> Singles:
        """Return (texts, size): what each leads on to."""
        return self._sides[0].read(self._rows([folded(text[-_TAIL:])[-SPAN:][::-1] for text in texts]))

    def beginnings(self, texts: Sequence[str]) -> Singles:
        """Return (texts, size): what each goes on from."""
        return self._sides[1].read(self._rows([folded(text[:_TAIL])[:SPAN] for text in texts]))

    def log_odds(self, ends: Singles, beginnings: Singles) -> Floats:
        """Return (ends, beginnings): how much more likely each goes on in each than in any text, as a logarithm."""
        found: Floats = (ends @ beginnings.T + self._bias).astype(np.float64)
        return found

    def along(self, ends: Singles, beginnings: Singles) -> Floats:
        """Return (rows,): how much more likely each end goes on in the beginning of the same row than in any text."""
        found: Floats = ((ends * beginnings).sum(axis=1) + self._bias).astype(np.float64)
        return found

    def _rows(self, texts: Sequence[str]) -> Ints:
        padded = "".join([text.ljust(SPAN, "\0") for text in texts])
        points = np.frombuffer(padded.encode("utf-32-le", "surrogatepass"), np.uint32).reshape(len(texts), SPAN)
        return self._row_of[np.minimum(points, len(self._row_of) - 1)]


class _Side:
    """One side of the network: the characters next to the break in pairs, the others as a mean."""

    def __init__(self, held: Mapping[str, npt.NDArray[np.generic]], side: str) -> None:
        def layer(name: str) -> Singles:
            return np.asarray(held[side + name], np.float32)

        self._embedding = layer("embedding") * layer("scale")
        size = self._embedding.shape[1]
        self._first, self._second = (self._embedding @ part for part in (layer("pair")[:size], layer("pair")[size:]))
        self._first += layer("pair_bias")
        self._near, self._far, self._out = layer("near"), layer("far"), layer("out")
        self._near_bias, self._out_bias = layer("near_bias"), layer("out_bias")

    def read(self, rows: Ints) -> Singles:
        """Return (texts, size) for (texts, SPAN) rows of the embedding, those next to the break first."""
        near = rows[:, :IN_ORDER]
        pairs = np.maximum(self._first[near[:, :-1]] + self._second[near[:, 1:]], 0.0)
        far = self._embedding[rows].mean(axis=1) @ self._far
        hidden = np.maximum(pairs.reshape(len(rows), len(self._near)) @ self._near + far + self._near_bias, 0.0)
        found: Singles = hidden @ self._out + self._out_bias
        return found


@cache
def weights() -> dict[str, npt.NDArray[np.generic]]:
    """Return what was learnt from the news."""
    with resources.files(__package__).joinpath(FILE).open("rb") as file, np.load(file) as held:
        return dict(held)


@cache
def going_on() -> GoingOn:
    """Return the learnt network."""
    return GoingOn(weights())


def folded(text: str) -> str:
    """Return a text without white space, its marks in one width."""
    return "".join(text.split()).translate(_FOLDED)
