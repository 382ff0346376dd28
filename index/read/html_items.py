"""Headlines of a page that no tag makes headings: set alike, each over text of its own."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from index.read.html_lines import Line
from index.read.html_tree import MAX_LOOKED_UP, Element
from index.read.html_weights import is_prose

MAX_HEADLINE_CHARS: Final = 60
LINES_TO_TEXT: Final = 6  # day, names, a kicker may stand between
HEADING_TAGS: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_ENDS: Final = ("。", "；", "，", "：", ";", ",", "！", "？")


def set_like(title: Element | None, lines: Sequence[Line]) -> frozenset[int]:
    """Return the ids of the blocks that share the headline's tag and classes, where its tag makes it no heading."""
    if title is None or title.tag in HEADING_TAGS or not _classes(title):
        return frozenset()
    return frozenset(id(line.block) for line in lines if _is_short(line) and _look(line.block) == _look(title))


def headlines_of_items(lines: Sequence[Line]) -> frozenset[int]:
    """Return the ids of the blocks that head parts of a page which stand side by side, are set alike, and have text each."""
    groups: dict[object, list[Element]] = {}
    for at, line in enumerate(lines):
        if not _is_short(line) or line.block.tag in HEADING_TAGS or not _classes(line.block):
            continue
        part = next((one for one in _parts(line.block) if _begins(one, lines, at)), None)
        if part is not None:
            key = (id(part.parent), _look(part), _look(line.block))
            groups.setdefault(key, []).append(line.block)
    best = max(groups.values(), key=len, default=[])
    return frozenset(map(id, best)) if len(best) > 1 else frozenset()


def _begins(part: Element, lines: Sequence[Line], at: int) -> bool:
    """Whether a part of a page begins with a line, and running text follows in it."""
    if at and _is_in(lines[at - 1], part):
        return False
    for line in islice(lines, at + 1, at + 1 + LINES_TO_TEXT):
        if not _is_in(line, part):
            return False
        if is_prose(line):
            return True
    return False


def _is_in(line: Line, part: Element) -> bool:
    return line.block is part or any(above is part for above in islice(line.block.above(), MAX_LOOKED_UP))


def _parts(block: Element) -> Iterator[Element]:
    """The two elements about a block that may be the part it heads."""
    for above, _number in zip(block.above(), range(2), strict=False):
        if above.tag in ("div", "section", "li", "article", "dd", "td"):
            yield above


def _is_short(line: Line) -> bool:
    return line.kind == "text" and line.size <= MAX_HEADLINE_CHARS and not line.linked and not line.text.endswith(_ENDS)


def _look(element: Element) -> tuple[str, tuple[str, ...]]:
    return element.tag, _classes(element)


def _classes(element: Element) -> tuple[str, ...]:
    return tuple(element.attributes.get("class", "").split())
