"""OFD files (GB/T 33190-2016), the national standard's fixed pages → Document: the printed lines of each page."""

import itertools
import math
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from index.errors import UnreadableError
from index.read.office.package import Package
from index.records import Document

O: Final = "{http://www.ofdspec.org/2016}"  # noqa: E741 – as the standard's own examples abbreviate it
MAX_PAGES: Final = 2_000
MAX_TEXT_OBJECTS: Final = 200_000
_SAME_LINE: Final = 0.5  # of the type size: baselines that are nearer stand in one line
_GAP: Final = 1.5  # type sizes between two pieces of a line that are cells of a table, not words


@dataclass(frozen=True, slots=True)
class _Piece:
    """A text object: left edge, right edge, baseline and type size in millimetres."""

    left: float
    right: float
    base: float
    size: float
    text: str


def read_ofd(source: str, data: bytes) -> Document:
    """Return the lines of the pages from top to bottom, pages ended by form feeds; distant pieces of a line are parted by tabs.

    Raises:
        UnreadableError: wrong_suffix, encrypted, too_large, corrupt, no_text.
        Exception: what zipfile or lxml raise on a damaged file.
    """
    package = Package(data, "ofd")
    if any(name.rpartition("/")[2] == "Encryptions.xml" for name in package.names):
        raise UnreadableError("encrypted", "a password or key is needed to read it", "save it without protection")
    pages: list[str] = []
    objects = 0
    for root in package.tree(package.main).iter(f"{O}DocRoot"):
        for pieces in _pages(package, _place("", root.text or "")):
            objects += len(pieces)
            if len(pages) >= MAX_PAGES or objects > MAX_TEXT_OBJECTS:
                raise UnreadableError(
                    "too_large", f"more than {MAX_PAGES:,} pages or {MAX_TEXT_OBJECTS:,} texts", "split it"
                )
            pages.append("\n".join(_lines(pieces)))
    text = "\f".join(page for page in pages if page)
    if not text.strip():
        raise UnreadableError("no_text", "there is no text in it (scanned pages?)", "run text recognition (OCR) first")
    return Document(source, source, text, "page")


def _pages(package: Package, name: str) -> Iterator[list[_Piece]]:
    root = package.tree(name)
    if root is None:
        return
    templates = {
        item.get("ID"): list(_pieces(package.tree(_place(name, item.get("BaseLoc") or ""))))
        for item in list(root.iter(f"{O}TemplatePage"))[:50]
    }
    for item in root.iter(f"{O}Page"):
        page = package.tree(_place(name, item.get("BaseLoc") or ""))
        if page is not None:
            used = [templates.pop(one.get("TemplateID"), []) for one in page.findall(f"{O}Template")]
            yield [*(piece for pieces in used for piece in pieces), *_pieces(page)]


def _place(part: str, location: str) -> str:
    location = location.strip()
    name = location if location.startswith("/") else posixpath.join(posixpath.dirname(part), location)
    return posixpath.normpath(name).lstrip("/")


def _pieces(page: Any) -> Iterator[_Piece]:
    for item in page.iter(f"{O}TextObject") if page is not None else ():
        if item.get("Visible") in ("false", "0"):
            continue
        box = _numbers(item.get("Boundary")) + [0.0] * 4
        matrix = _numbers(item.get("CTM"))
        scale = abs(matrix[3]) if len(matrix) == 6 and matrix[3] else 1.0
        size = (_numbers(item.get("Size")) or [4.0])[0] * scale or 4.0
        for code in item.findall(f"{O}TextCode"):
            text = "".join(code.itertext()).strip("\r\n")
            if text.strip():
                x, y = ((_numbers(code.get(axis)) or [0.0])[0] * scale for axis in "XY")
                advance = sum(_deltas(code.get("DeltaX"), len(text))) * scale
                right = box[0] + x + (advance + size if advance else _width(text) * size)
                yield _Piece(box[0] + x, right, box[1] + y, size, text)


def _deltas(stated: str | None, count: int) -> list[float]:
    """Return the advances of a text: plain numbers, or "g 5 3.2" for five of the same."""
    found: list[float] = []
    words = iter((stated or "").split()[: 3 * count + 3])
    for word in words:
        if word == "g":
            times, value = next(words, "0"), next(words, "0")
            found += (_numbers(value) or [0.0]) * min(int(times) if times.isdecimal() and len(times) < 7 else 0, count)
        else:
            found += _numbers(word)
    return found[:count]


def _width(text: str) -> float:
    return sum(0.5 if character.isascii() else 1.0 for character in text)


def _numbers(text: str | None) -> list[float]:
    found = [float(word) for word in re.findall(r"-?\d{1,9}(?:\.\d{1,9})?|-?\.\d{1,9}", (text or "")[:200])]
    return [number for number in found if math.isfinite(number)]


def _lines(pieces: list[_Piece]) -> list[str]:
    lines: list[list[_Piece]] = []
    for piece in sorted(pieces, key=lambda one: (one.base, one.left)):
        if lines and piece.base - lines[-1][0].base < _SAME_LINE * min(piece.size, lines[-1][0].size):
            lines[-1].append(piece)
        else:
            lines.append([piece])
    return [_line(sorted(line, key=lambda one: one.left)) for line in lines]


def _line(pieces: list[_Piece]) -> str:
    text = pieces[0].text
    for before, piece in itertools.pairwise(pieces):
        gap = (piece.left - before.right) / piece.size
        text += (
            "\t" if gap > _GAP else " " if gap > 0.3 and before.text[-1:].isascii() and piece.text[:1].isascii() else ""
        ) + piece.text
    return text
