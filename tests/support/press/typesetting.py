"""Paragraphs set in lines of a column, with kinsoku; headlines over one or more lines, and vertical ones."""

import re
from dataclasses import dataclass, replace
from random import Random
from typing import Literal

from press.newsroom import Part, Story

Role = Literal["headline", "kicker", "deck", "label", "body", "subhead", "caption", "jump", "advert", "noise"]

_NEVER_FIRST = frozenset("，。、；：？！”’）》』」〉%％·,.;:?!)")
_NEVER_LAST = frozenset("“‘（《『「〈(")
_WHOLE = re.compile(r"[0-9A-Za-z.%+/-]+|.", re.DOTALL)
_LONGEST_WHOLE = 12
"""Characters of a Latin word or number that are kept together; longer ones are broken, without a hyphen."""


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line.

    Args:
        story: number of its story on the page; -1 for what belongs to none.
        order: its place in the story's reading order.
        ends: it is the last line of its paragraph.
        first: it is the first line of its paragraph, and set with an indent.
    """

    text: str
    role: Role
    story: int
    order: int = 0
    ends: bool = True
    first: bool = False


def width_of(text: str) -> float:
    """Width in ems: a Chinese character is 1, a Latin letter, digit or space a half."""
    return sum(0.5 if ord(c) < 0x2E80 and c not in "“”‘’…—·" else 1.0 for c in text)


def _units(text: str) -> list[str]:
    found: list[str] = []
    for match in _WHOLE.finditer(text):
        unit = match.group()
        found += [unit[i : i + _LONGEST_WHOLE] for i in range(0, len(unit), _LONGEST_WHOLE)]
    return found


def set_paragraph(text: str, ems: float, indent: float) -> list[str]:
    """Break a paragraph into lines of at most `ems` (one more for a closing mark that hangs)."""
    lines, line, used = [], "", indent
    for unit in _units(text):
        width = width_of(unit)
        hangs = unit in _NEVER_FIRST and used + width <= ems + 1
        if line and used + width > ems and not hangs:
            carried = ""
            while line and (line[-1] in _NEVER_LAST or (unit in _NEVER_FIRST and not carried)) and len(line) > 1:
                carried, line = line[-1] + carried, line[:-1]
            lines.append(line)
            line, used = carried, width_of(carried)
        line, used = line + unit, used + width
    return [*lines, line] if line else lines


def fill_last_line(
    parts: tuple[Part, ...], following: tuple[Part, ...], ems: float
) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """Move the end of a cut paragraph between a block and the next, so that the block ends with a full line.

    With nothing following, the rest of its last line is on another page.
    """
    last = parts[-1]
    if not last.cut:
        return parts, following
    rest = following[0].text if following else ""
    indent = 0.0 if last.follows else 2.0
    own = len(set_paragraph(last.text, ems, indent))
    lines = set_paragraph(last.text + rest, ems, indent)
    kept = own if len(lines) > own else max(1, own - 1)
    filled = (*parts[:-1], replace(last, text="".join(lines[:kept])))
    if not following:
        return filled, following
    return filled, (replace(following[0], text="".join(lines[kept:])), *following[1:])


def set_block(story: int, parts: tuple[Part, ...], first_order: int, ems: float) -> list[Line]:
    """Set a text block's parts, lifted headings left out. `first_order` is the order of its first part."""
    lines = []
    for number, part in enumerate(parts, first_order):
        if part.lifted:
            continue
        if part.role == "rows":
            texts = part.text.split("\n")
        else:
            texts = set_paragraph(part.text, ems, 0.0 if part.follows or part.role == "subhead" else 2.0)
        for row, text in enumerate(texts):
            lines.append(
                Line(
                    text.strip(" "), "subhead" if part.role == "subhead" else "body", story, number * 10_000 + row,
                    part.role == "rows" or row == len(texts) - 1, row == 0 and part.role == "body" and not part.follows,
                )
            )  # fmt: skip
    return [line for line in lines if line.text]


def set_headline(story: int, text: str, role: Role, ems: float, rng: Random) -> tuple[Line, ...]:
    """Set a headline in one line, or over two or three where the box is narrow for its large type."""
    room = max(8.0, ems / rng.choice((1.0, 1.3, 1.8)))
    if len(text) < 8 or (width_of(text) <= room and rng.random() < 0.9):
        return (Line(text, role, story),)
    count = 3 if width_of(text) > 2 * room else 2
    if " " in text and count == 2:
        pieces = text.split(" ", 1)
    else:
        size = -(-len(text) // count)
        pieces = [text[i : i + size] for i in range(0, len(text), size)]
    return tuple(Line(p.strip(), role, story, n, n == len(pieces) - 1) for n, p in enumerate(pieces) if p.strip())


def set_vertical(story: int, text: str, rng: Random) -> tuple[Line, ...]:
    """Set a vertical headline: a character a line, or its two columns read from the left, the second first."""
    upright = text.replace("“", "『").replace("”", "』")
    if rng.random() < 0.5:
        letters = [c for c in upright if c != " "]
        return tuple(Line(c, "headline", story, n, n == len(letters) - 1) for n, c in enumerate(letters))
    half = (len(upright) + 1) // 2
    first, second = upright[:half].strip(), upright[half:].strip()
    return (Line(f"{second} {first}" if rng.random() < 0.7 else f"{second}\n{first}", "headline", story),)


def first_orders(story: Story) -> list[int]:
    """Return for each text block of a story the order of its first part."""
    found, total = [], 0
    for parts in story.blocks:
        found.append(total)
        total += len(parts)
    return found
