"""What begins in a stretch of a text, and in which stretch a place lies: by bisection, so that a text is gone through once."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter
from typing import Protocol, TypeVar


class Placed(Protocol):
    """What begins at a place of a text."""

    @property
    def start(self) -> int:
        """Its first character."""


AnyPlaced = TypeVar("AnyPlaced", bound=Placed)
_START = attrgetter("start")


def stretch_of(ends: Sequence[int], place: int, length: int) -> tuple[int, int]:
    """Return (start, end) of the stretch that holds a place.

    Args:
        ends: of the stretches, ascending; each begins where the one before it ends.
        length: of the text: where the last one ends.
    """
    number = bisect_right(ends, place)
    return ends[number - 1] if number else 0, ends[number] if number < len(ends) else length


def beginning_in(items: Sequence[AnyPlaced], start: int, end: int) -> Sequence[AnyPlaced]:
    """Return those that begin from start on and before end.

    Args:
        items: by their start, ascending.
    """
    return items[bisect_left(items, start, key=_START) : bisect_left(items, end, key=_START)]


def mentions(names: Iterable[str], text: str) -> dict[str, list[int]]:
    """Return where each name begins in a text, in the order of the names; those of one name do not overlap."""
    found: dict[str, list[int]] = {name: [] for name in names if name}
    for place, name in _occurrences(found.keys(), text):
        places = found[name]
        if not places or place >= places[-1] + len(name):
            places.append(place)
    return found


def _occurrences(names: Iterable[str], text: str) -> Iterator[tuple[int, str]]:
    """Every name at every place: names of one length are looked up at once."""
    by_length: dict[int, set[str]] = {}
    for name in names:
        by_length.setdefault(len(name), set()).add(name)
    for size, alike in by_length.items():
        firsts = {name[:1] for name in alike}
        for place in range(len(text) - size + 1):
            if text[place] in firsts and text[place : place + size] in alike:
                yield place, text[place : place + size]
