"""Keeps what was read in a text: the passages of an archive are read again and again, by one question after the other.

Only for pure functions. What is kept is bounded twice: so many results, of texts no longer than a passage, the least lately
used leaving first. Each table belongs to a `Memo`: a lexicon has one of its own, and `TEXTS` has what depends on the text
alone. Safe for several threads: at worst two of them compute the same at the same time.
"""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

MAX_TEXT_CHARACTERS = 600
"""Characters of the longest text whose result is kept: a chunk with its title. Articles and files pass by."""
MAX_TEXTS = 4096
"""Results kept: the sentences of some six hundred chunks, about fifty questions' worth. They are soon full: four times as many
still grew after two hours of questions (tests/benchmarks/README.md)."""


class Memo:
    """The results that one owner keeps, a table for each function; they go when the owner does."""

    def __init__(self) -> None:
        self._tables: dict[Callable[..., Any], tuple[Callable[..., Any], Callable[[], int], Callable[[], None]]] = {}

    def of(self, read: Callable[P, T], count: int) -> Callable[P, T]:
        """Return a function with its last results kept here: the same table whenever it is asked for.

        Whoever gets a result must not change it, so let the function return a tuple, a string or a frozen value.

        Args:
            read: a pure function of values that can be hashed.
            count: results kept at most.
        """
        known = self._tables.get(read)
        if known is None:
            kept = lru_cache(count)(read)
            known = self._add(read, wraps(read)(kept), kept)
        return known[0]

    def of_text(
        self, read: Callable[Concatenate[str, P], T], count: int = MAX_TEXTS
    ) -> Callable[Concatenate[str, P], T]:
        """Return a function of a text as `of` does; results of texts over MAX_TEXT_CHARACTERS are not kept."""
        known = self._tables.get(read)
        if known is None:
            kept = lru_cache(count)(read)

            @wraps(read)
            def look(text: str, /, *others: P.args, **options: P.kwargs) -> T:
                if len(text) > MAX_TEXT_CHARACTERS:
                    return read(text, *others, **options)
                return kept(text, *others, **options)  # type: ignore[arg-type]  # hashed by lru_cache, which says so

            known = self._add(read, look, kept)
        return known[0]

    def _add(self, read: Callable[..., Any], look: Callable[..., Any], kept: Any) -> Any:
        table = look, lambda: kept.cache_info().currsize, kept.cache_clear
        return self._tables.setdefault(read, table)  # that of the thread that came first

    def cache_sizes(self) -> dict[str, int]:
        """Return the results kept now of each function, by module.function: {"sentences.split": 3}."""
        sizes: dict[str, int] = {}
        for read, (_look, size, _clear) in list(self._tables.items()):
            name = f"{read.__module__.rpartition('.')[2]}.{read.__qualname__.rpartition('.')[2].lstrip('_')}"
            sizes[name] = sizes.get(name, 0) + size()
        return sizes

    def clear(self) -> None:
        """Forget all results."""
        for _look, _size, clear in list(self._tables.values()):
            clear()


TEXTS = Memo()
"""Results that depend on a text alone. No generation's own: the texts of the next one are mostly the same."""


def memoise(count: int) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Return a decorator that keeps the last results of a function in TEXTS; see `Memo.of`."""
    return lambda read: TEXTS.of(read, count)


def memoise_text(read: Callable[Concatenate[str, P], T]) -> Callable[Concatenate[str, P], T]:
    """Keep the last results of a function of a text in TEXTS; see `Memo.of_text`. A decorator."""
    return TEXTS.of_text(read)
