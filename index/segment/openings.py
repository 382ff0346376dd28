"""How a text's first and last words tell where it stands in an article: at its beginning, further down, or in mid-sentence.

Three learnt tables of short strings, each with the log-odds that it adds (tests/training/train_segmentation.py).
"""

from collections.abc import Sequence
from functools import cache

from index.segment.trees import learnt

FIRST_CHARACTERS = 24
"""The first clause or two: 近日，记者从…获悉 opens an article, 他还表示 and 此外 go on with one."""
MIDDLE_CHARACTERS = 8
"""The first words: no sentence begins with 的美食 or 和魅力."""
PREFIXES = (1, 2, 3, 4)


def opening_grams(text: str, characters: int = FIRST_CHARACTERS) -> list[str]:
    """Return a text's first one to four characters, each marked by ^, and the pairs among its first ones."""
    head = text[:characters]
    pairs = (head[place : place + 2] for place in range(len(head) - 1))
    return list(dict.fromkeys([*("^" + head[:size] for size in PREFIXES), *pairs]))


def middle_grams(text: str) -> list[str]:
    """Return the strings at a text's beginning that tell whether a sentence begins there."""
    return opening_grams(text, MIDDLE_CHARACTERS)


def ending_grams(text: str) -> list[str]:
    """Return a text's last one to four characters, each marked by $, and the pairs among its last ones."""
    tail = text[-MIDDLE_CHARACTERS:]
    pairs = (tail[place : place + 2] for place in range(len(tail) - 1))
    return list(dict.fromkeys([*(tail[-size:] + "$" for size in PREFIXES), *pairs]))


@cache
def _weights(name: str) -> dict[str, float]:
    return dict(learnt()[name])


def opening_score(text: str) -> float:
    """Return the log-odds that a text begins an article rather than a paragraph further down, both being as frequent."""
    return _sum("openings", opening_grams(text))


def middle_score(text: str) -> float:
    """Return the log-odds that a text begins in mid-sentence rather than with one, both being as frequent."""
    return _sum("middles", middle_grams(text))


def ending_score(text: str) -> float:
    """Return the log-odds that a text breaks off in mid-sentence rather than at a clause's end, both being as frequent."""
    return _sum("endings", ending_grams(text))


def _sum(name: str, grams: Sequence[str]) -> float:
    weights = _weights(name)
    return sum([weights.get(gram, 0.0) for gram in grams])
