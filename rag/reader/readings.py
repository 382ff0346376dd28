"""What a reader makes of a passage, and what a reader is: the bundled model, an operator's cross-encoder, a rerank server."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from index.records import Float32

MAX_SPAN_TOKENS = 48
"""Of an answer; nine of ten in the training data are shorter than 24."""
MAX_READ_PASSAGES = 8
"""Passages that a reader reads for one question at most."""


def _nothing() -> Float32:
    return np.empty(0, np.float32)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader makes of one passage.

    Args:
        odds: log odds that the passage answers the question.
        borne_out: log odds that it bears the statement out, where that was asked; 0 of a reader that cannot tell.
        spans: (start, end) in the passage of each token read, in characters; none of a reader that gives no places.
        starts, ends: (n,) probability of each token to begin or end the answer, given that there is one.
    """

    odds: float
    borne_out: float = 0.0
    spans: tuple[tuple[int, int], ...] = ()
    starts: Float32 = field(default_factory=_nothing)
    ends: Float32 = field(default_factory=_nothing)

    def share(self, start: int, end: int) -> float:
        """Return the probability that the answer stands in these characters, given that there is one; 1 without places."""
        if not self.spans:
            return 1.0
        inside = [place for place, (first, last) in enumerate(self.spans) if start <= first and last <= end]
        return float(np.sqrt(self.starts[inside].sum() * self.ends[inside].sum()))

    def best_span(self, start: int, end: int) -> tuple[int, int] | None:
        """Return the likeliest answer within these characters of the passage, as (start, end); None without a place."""
        inside = [place for place, (first, last) in enumerate(self.spans) if start <= first < last <= end]
        if not inside:
            return None
        products = np.triu(np.outer(self.starts[inside], self.ends[inside]))
        products -= np.triu(products, MAX_SPAN_TOKENS)
        first, last = np.unravel_index(int(products.argmax()), products.shape)
        return self.spans[inside[int(first)]][0], self.spans[inside[int(last)]][1]


class PassageReader(Protocol):
    """Question and passages → readings. Thread-safe."""

    @property
    def limit(self) -> int:
        """Passages that it has time to read for one question; at most MAX_READ_PASSAGES."""

    def read(self, question: str, passages: Sequence[str]) -> Iterator[Reading]:
        """Yield the reading of each passage in turn, so that the caller can stop when one says enough.

        Raises:
            RerankerError: it cannot be asked.
        """
