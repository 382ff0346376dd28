"""How an article's first words differ from those of a paragraph further down: a learnt table of short strings."""

from functools import cache

from index.segment.trees import learnt

OPENING_CHARACTERS = 24
"""The first clause or two: 近日，记者从…获悉 opens an article, 他还表示 and 此外 go on with one."""
PREFIXES = (1, 2, 3, 4)


def opening_grams(text: str) -> list[str]:
    """Return a text's first one to four characters, each marked by ^, and the pairs among its first ones."""
    head = text[:OPENING_CHARACTERS]
    return [*("^" + head[:size] for size in PREFIXES), *(head[place : place + 2] for place in range(len(head) - 1))]


@cache
def _weights() -> dict[str, float]:
    return dict(learnt()["openings"])


def opening_score(text: str) -> float:
    """Return the log-odds that a text begins an article rather than a paragraph further down, both being as frequent."""
    weights = _weights()
    return sum([weights.get(gram, 0.0) for gram in dict.fromkeys(opening_grams(text))])
