"""Page headers and footers of a Word file: one for all of it, or of each section its own, as in issues bound together."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from index.read.office.package import RELATIONSHIPS
from index.read.office.word_styles import W

_DAY: Final = re.compile(
    r"(?:\d{4}|[〇○零一二三四五六七八九]{4})\s?[-/.年]\s?(?:\d{1,2}|[一二三四五六七八九十]{1,2})\s?[-/.月]\s?(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
)


@dataclass(frozen=True, slots=True)
class Margins:
    """What stands in a file's page headers and footers.

    Args:
        text: lines of those that hold for the whole file, each once.
        before: number of a block of the body → lines of the header or footer that tell which day's the section is that
            begins there; only where sections tell of different days.
    """

    text: str
    before: dict[int, list[str]]


def read_margins(body: Any, read: Callable[[str], Sequence[str]]) -> Margins:
    """Return the page headers and footers that the sections of a file show.

    Args:
        body: None where there is none.
        read: id of the relation to a header or footer → its lines.
    """
    sections = list(_sections(body)) if body is not None else []
    shown: list[tuple[int, list[str]]] = []
    known: dict[str, list[str]] = {}
    held: dict[tuple[str, str], str] = {}  # a section without a header of a kind goes on with the one before
    for start, properties in sections:
        for kind in ("header", "footer"):
            for reference in properties.iter(f"{W}{kind}Reference"):
                held[kind, reference.get(f"{W}type") or "default"] = reference.get(f"{RELATIONSHIPS}id") or ""
        lines: dict[str, None] = {}
        for _kind, relation in sorted(held.items(), key=lambda item: item[0][0], reverse=True):
            if relation not in known:
                known[relation] = list(read(relation))
            lines.update(dict.fromkeys(known[relation]))
        shown.append((start, list(lines)))
    days = [[line for line in lines if _DAY.search(line)] for _start, lines in shown]
    if len({tuple(own) for own in days if own}) < 2:
        return Margins("\n".join(dict.fromkeys(line for _start, lines in shown for line in lines)), {})
    kept = dict.fromkeys(line for _start, lines in shown for line in lines if not _DAY.search(line))
    before = {start: own for (start, _lines), own, last in zip(shown, days, [[], *days], strict=False) if own != last}
    return Margins("\n".join(kept), {start: own for start, own in before.items() if own})


def _sections(body: Any) -> Sequence[tuple[int, Any]]:
    """The number of the block that each section begins with, and the section's properties, which stand at its end."""
    found: list[tuple[int, Any]] = []
    start = 0
    for number, block in enumerate(body):
        properties = block if block.tag == f"{W}sectPr" else block.find(f"{W}pPr/{W}sectPr")
        if properties is not None:
            found.append((start, properties))
            start = number + 1
    return found
