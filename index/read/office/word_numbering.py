"""Automatic numbers of a Word file's paragraphs, as Word shows them: 一、, （二）, 3.1, •."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, Final

from index.read.list_numbers import write_number
from index.read.office.package import IN_FALLBACK, whole_number
from index.read.office.word_styles import OFF, VALUE, Styles, W

LIST_LEVELS: Final = 9
_PLACEHOLDER: Final = re.compile(r"%([1-9])")
# After these no blank follows: the mark itself keeps the distance.
_FULL_WIDTH_END: Final = re.compile(r"[\u3001\u3002\uff09\uff0e\uff1a\u2474-\u249b]\Z")
_BULLET: Final = "•"
_OTHER_BULLETS: Final = frozenset("●○■□◆◇★☆▲△▪◎※√–—-")


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of a list is numbered (ECMA-376, Part 1, 17.9).

    Args:
        restarts_after: number of the level whose next item starts this one anew; 0 for never; None for any above it.
    """

    start: int = 1
    form: str = "decimal"
    text: str = ""
    restarts_after: int | None = None
    is_legal: bool = False
    follows: str = "tab"


@dataclass(slots=True)
class Numbering:
    """The lists of a file, counting on with each paragraph that is asked for.

    Args:
        root: of the part with the lists; None where a file has none.
    """

    root: Any
    styles: Styles
    _abstract: dict[str, Any] = field(default_factory=dict)
    _lists: dict[str, Any] = field(default_factory=dict)
    _plain: dict[str, list[Level]] = field(default_factory=dict)
    _levels: dict[str, tuple[str, list[Level]]] = field(default_factory=dict)
    _counts: dict[str, list[int | None]] = field(default_factory=dict)
    _begun: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Enter the lists."""
        if self.root is not None:
            key = f"{W}abstractNumId"
            self._abstract = {item.get(key) or "": item for item in self.root.findall(f"{W}abstractNum")}
            self._lists = {item.get(f"{W}numId") or "": item for item in self.root.findall(f"{W}num")}

    def level_of(self, list_id: str | None, style_id: str) -> int:
        """Return the level that a list ties to a paragraph style; 0 where it ties none."""
        abstract = self._abstract_of(list_id or "")[1]
        for item in _level_items(abstract):
            tied = item.find(f"{W}pStyle")
            if tied is not None and tied.get(VALUE) == style_id:
                return min(whole_number(item.get(f"{W}ilvl"), 0), LIST_LEVELS - 1)
        return 0

    def next(self, list_id: str, level: int) -> str:
        """Count one item on and return its mark with what parts it from the text; "" where none is shown."""
        if list_id not in self._levels:
            self._levels[list_id] = self._read(list_id)
        abstract_id, levels = self._levels[list_id]
        if not levels:
            return ""
        counts = self._counts.setdefault(abstract_id, [None] * LIST_LEVELS)
        self._start_anew(list_id, counts)
        before = counts[level]
        counts[level] = levels[level].start if before is None else before + 1
        for deeper in range(level + 1, LIST_LEVELS):
            after = levels[deeper].restarts_after
            if after is None or (after and level < after):
                counts[deeper] = None
        for above in range(level):
            if counts[above] is None:
                counts[above] = levels[above].start
        return _shown(levels, counts, level)

    def _start_anew(self, list_id: str, counts: list[int | None]) -> None:
        """Where a list that shares its levels with another has starts of its own, it begins with them."""
        if list_id in self._begun:
            return
        self._begun.add(list_id)
        for change in self._lists[list_id].findall(f"{W}lvlOverride"):
            if change.find(f"{W}startOverride") is not None:
                level = whole_number(change.get(f"{W}ilvl"), 0)
                if level < LIST_LEVELS:
                    counts[level] = None

    def _abstract_of(self, list_id: str) -> tuple[str, Any]:
        """Return a list's levels, by way of the style that it borrows them from."""
        for _step in range(4):
            item = self._lists.get(list_id)
            reference = item.find(f"{W}abstractNumId") if item is not None else None
            abstract_id = (reference.get(VALUE) or "") if reference is not None else ""
            abstract = self._abstract.get(abstract_id)
            link = abstract.find(f"{W}numStyleLink") if abstract is not None else None
            borrowed = self.styles.of(link.get(VALUE)).numbering[0] if link is not None else None
            if borrowed is None:
                return abstract_id, abstract
            list_id = borrowed
        return "", None

    def _read(self, list_id: str) -> tuple[str, list[Level]]:
        abstract_id, abstract = self._abstract_of(list_id)
        if abstract is None:
            return "", []
        if abstract_id not in self._plain:
            plain = [Level(form="none")] * LIST_LEVELS
            for item in _level_items(abstract):
                plain[min(whole_number(item.get(f"{W}ilvl"), 0), LIST_LEVELS - 1)] = _level(item)
            self._plain[abstract_id] = plain
        levels = list(self._plain[abstract_id])
        for change in self._lists[list_id].findall(f"{W}lvlOverride"):
            number = min(whole_number(change.get(f"{W}ilvl"), 0), LIST_LEVELS - 1)
            own, start = change.find(f"{W}lvl"), change.find(f"{W}startOverride")
            level = _level(own) if own is not None else levels[number]
            if start is not None:
                level = replace(level, start=whole_number(start.get(VALUE), 1))
            levels[number] = level
        return abstract_id, levels


def _level_items(abstract: Any) -> Iterator[Any]:
    """Yield the levels of a list; no more than there can be, since many lists may share them."""
    yield from islice(abstract.iterchildren(f"{W}lvl"), LIST_LEVELS) if abstract is not None else ()


def _level(item: Any) -> Level:
    def value(name: str, default: str) -> str:
        found = item.find(f"{W}{name}")
        return default if found is None else found.get(VALUE) or ""

    restart, legal = item.find(f"{W}lvlRestart"), item.find(f"{W}isLgl")
    form = item.find(f"{IN_FALLBACK}/{W}numFmt")
    return Level(
        whole_number(value("start", "1"), 1),
        value("numFmt", "decimal") if form is None else form.get(VALUE) or "decimal",
        value("lvlText", "")[:40],
        None if restart is None else whole_number(restart.get(VALUE), 0),
        legal is not None and (legal.get(VALUE) or "1") not in OFF,
        value("suff", "tab"),
    )


def _shown(levels: list[Level], counts: list[int | None], level: int) -> str:
    own = levels[level]
    if own.form == "bullet":
        # Symbol fonts draw theirs with letters and with characters of private use.
        return f"{own.text if own.text in _OTHER_BULLETS else _BULLET} " if own.text else ""

    def number(match: re.Match[str]) -> str:
        place = int(match[1]) - 1
        form = "decimal" if own.is_legal else levels[place].form
        return write_number(counts[place] or 0, form) if place <= level else ""

    mark = _PLACEHOLDER.sub(number, own.text).strip()
    if not mark or own.follows == "nothing" or _FULL_WIDTH_END.search(mark):
        return mark
    return f"{mark} "
