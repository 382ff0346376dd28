"""Keeps what was read in a text: the passages of an archive are read again and again, by one question after the other.

Only for pure functions of a text. What is kept is bounded twice: so many results, of texts no longer than a passage, the
least lately used leaving first. Safe for several threads: at worst two of them compute the same at the same time.
"""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Concatenate, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

MAX_TEXT_CHARACTERS = 600
"""Characters of the longest text whose result is kept: a chunk with its title. Articles and files pass by."""
TEXTS = 16_384
"""Results kept: the sentences of two to three thousand chunks, about two hundred questions' worth. Memory: tests/benchmarks/README.md."""


def memoise_text(count: int = TEXTS) -> Callable[[Callable[Concatenate[str, P], T]], Callable[Concatenate[str, P], T]]:
    """Return a decorator that keeps the last results of a function of a text and of values that can be hashed.

    Whoever gets a result must not change it, so let the function return a tuple, a string or a frozen value.

    Args:
        count: results kept at most.
    """

    def decorate(read: Callable[Concatenate[str, P], T]) -> Callable[Concatenate[str, P], T]:
        kept: Callable[..., T] = lru_cache(count)(read)

        @wraps(read)
        def look(text: str, /, *others: P.args, **options: P.kwargs) -> T:
            if len(text) > MAX_TEXT_CHARACTERS:
                return read(text, *others, **options)
            return kept(text, *others, **options)

        return look

    return decorate
