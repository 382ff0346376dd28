"""A page's tree → its lines as a reader sees them: paragraphs, headings, items with their numbers, rows of tables."""

import re
from dataclasses import dataclass
from typing import Final

from index.read.html_formulas import END, LOWERED, RAISED, SCRIPT_MARKS, formula, written
from index.read.html_lists import Lists
from index.read.html_styles import style_of
from index.read.html_tables import is_data, read_rows
from index.read.html_tree import Element
from index.read.html_unseen import STRUCK
from index.records import STYLED_LEVEL

BLOCKS: Final = frozenset(
    re.findall(
        r"\w+",
        "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure "
        "footer form h1 h2 h3 h4 h5 h6 header hr legend li main menu nav ol p pre search section summary table tbody td "
        "tfoot th thead tr ul",
    )
)
_WIDE: Final = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60\U00020000-\U0003ffff"
# A line break in the source between two Chinese characters shows as nothing (CSS Text 3, 4.1.3), else as a space.
_BREAK_IN_CHINESE: Final = re.compile(rf"(?<=[{_WIDE}])[ \t]*[\n\f][ \t\n\f]*(?=[{_WIDE}])")
_BLANKS: Final = re.compile(r"[ \t\n\f]+")
_NOT_GLUED: Final = re.compile(rf"(?<=[0-9A-Za-z.%]){STRUCK}(?=[0-9A-Za-z])")
_LEVELS: Final = {f"h{level}": level for level in range(1, 7)}
_BOLD: Final = frozenset({"b", "strong"})
_LARGE: Final = re.compile(r"(?:1[89]|[2-4]\d)(?:\.\d+)?px|(?:1[5-9]|[2-3]\d)(?:\.\d+)?pt|x-large|xx-large|[56]")
_LABEL_END: Final = ("：", ":", "？", "?")
MAX_HEADING_CHARS: Final = 60


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page.

    Args:
        block: the element that ends it; of a table's row the table.
        linked: how many of its characters, blanks not counted, are links.
        size: how many characters it has, blanks not counted.
        level: of a heading 1 to 6, of a paragraph that looks like one STYLED_LEVEL, else 0.
        kind: "text", "row" of a table, "caption" of a table.
    """

    text: str
    block: Element
    linked: int
    size: int
    level: int = 0
    kind: str = "text"


class _Writer:
    """Gathers the pieces of a line, and the lines."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.block = Element("body")
        self.links = 0
        self.bold = 0
        self.preformatted = 0
        self.items: list[Element] = []
        self._lists = Lists()
        self._pieces: list[str] = []
        self._linked = self._bold = 0
        self._term: Line | None = None

    def write(self, text: str) -> None:
        if STRUCK not in text:
            text = SCRIPT_MARKS.sub("", text)
        if not self.preformatted:
            text = _BLANKS.sub(" ", _BREAK_IN_CHINESE.sub("", text))
        self._pieces.append(text)
        if self.links or self.bold:
            size = len("".join(text.split()))
            self._linked += size if self.links else 0
            self._bold += size if self.bold else 0

    def mark(self, mark: str) -> None:
        self._pieces.append(mark)

    def end(self, level: int = 0) -> None:
        """End the line that was begun, if any."""
        if not self._pieces:
            return
        text = "".join(self._pieces)
        linked, bold = self._linked, self._bold
        self._pieces.clear()
        self._linked = self._bold = 0
        for part in text.split("\n") if self.preformatted else (text,):
            self._add(part, linked, bold, level)

    def _add(self, text: str, linked: int, bold: int, level: int) -> None:
        text = line_of(text, is_kept=bool(self.preformatted))
        if not text:
            return
        size = len("".join(text.split()))
        if self.items:
            item = self.items[-1]
            self.items[-1] = Element("")  # the mark stands before the first line of an item
            if item.tag == "li":
                text = self._lists.mark(item, text) + text
        is_large = bold >= size or _is_large(self.block)
        if not level and is_large and self.block.tag in ("p", "div", "center") and size <= MAX_HEADING_CHARS:
            is_item = self.block.is_within("li", "td", "th", "figcaption", "dd", "dt")
            level = STYLED_LEVEL if not is_item and not text.endswith(("。", "；", "，", "：", ";", ",")) else 0
        if self.block.tag == "dd" and (term := self._term) is not None and self.lines and self.lines[-1] is term:
            joint = "" if term.text.endswith(_LABEL_END) else "："
            text, linked, size = term.text + joint + text, term.linked + linked, term.size + size
            self.lines.pop()
        line = Line(text, self.block, min(linked, size), size, level)
        self._term = line if self.block.tag == "dt" else None
        self.lines.append(line)

    def rows(self, table: Element) -> None:
        for child in table.children:
            if not isinstance(child, str) and child.tag == "caption":
                self._whole(child, table, "caption")
        for row in read_rows(table, _cell):
            size = len("".join(row.line.split()))
            if size:
                self.lines.append(Line(row.line, table, min(row.linked, size), size, 0, "row"))

    def _whole(self, element: Element, block: Element, kind: str) -> None:
        text, linked = _cell(element)
        if text:
            self.lines.append(Line(text, block, linked, len("".join(text.split())), 0, kind))


def _is_large(block: Element) -> bool:
    """Tell whether a paragraph is all of one part that is larger than the rest, or is so itself."""
    for _depth in range(4):
        style = style_of(block)
        size = style.get("font-size") or (block.attributes.get("size", "") if block.tag == "font" else "")
        if size and _LARGE.match(size):
            return True
        parts = [child for child in block.children if not isinstance(child, str) or child.strip()]
        if len(parts) != 1 or isinstance(parts[0], str):
            return False
        block = parts[0]
    return False


def line_of(text: str, *, is_kept: bool = False) -> str:
    """Return a line's text: raised and lowered text written out, blanks run together unless kept."""
    if STRUCK in text:
        text = _NOT_GLUED.sub(" ", text).replace(STRUCK, "")
    if RAISED in text or LOWERED in text:
        text = written(text)
    return text.rstrip() if is_kept else re.sub(" {2,}", " ", text).strip(" \t")


def _cell(cell: Element) -> tuple[str, int]:
    """Return a cell's text on one line, and how many of its characters are links."""
    lines = read_lines(cell)
    return " ".join(" ".join(line.text.split()) for line in lines), sum(line.linked for line in lines)


def text_of(element: Element) -> str:
    """Return an element's text on one line."""
    return _cell(element)[0]


def read_lines(root: Element) -> list[Line]:
    """Return the lines below an element, in the page's order.

    Blocks and `<br>` end lines. A table of data is a line for each row, cells parted by tabs, merged values repeated.
    A term of a definition list stands before its first definition, parted by a colon.
    """
    writer = _Writer()
    writer.block = root
    # A stack instead of recursion: pages may nest deeper than Python's calls.
    pending: list[tuple[Element | str, bool]] = [(child, False) for child in reversed(root.children)]
    while pending:
        item, leaving = pending.pop()
        if isinstance(item, str):
            writer.write(item)
        elif leaving:
            _leave(writer, item)
        elif item.tag == "br":
            writer.mark("\n") if writer.preformatted else writer.end()
        elif item.tag == "math":
            writer.mark(formula(item))
        elif item.tag == "table" and is_data(item):
            writer.end(_LEVELS.get(writer.block.tag, 0))
            writer.rows(item)
        else:
            _enter(writer, item)
            pending.append((item, True))
            pending.extend((child, False) for child in reversed(item.children))
    writer.end(_LEVELS.get(root.tag, 0))
    return writer.lines


def _enter(writer: _Writer, element: Element) -> None:
    tag = element.tag
    if tag in BLOCKS:
        writer.end(_LEVELS.get(writer.block.tag, 0))
        writer.block = element
        writer.preformatted += tag == "pre"
        if tag == "li":
            writer.items.append(element)
    elif tag == "a":
        writer.links += 1
    elif tag in _BOLD:
        writer.bold += 1
    elif tag == "sup":
        writer.mark(RAISED)
    elif tag == "sub":
        writer.mark(LOWERED)


def _leave(writer: _Writer, element: Element) -> None:
    tag = element.tag
    if tag in BLOCKS:
        writer.end(_LEVELS.get(tag, 0))
        writer.preformatted -= tag == "pre"
        writer.block = next((above for above in element.above() if above.tag in BLOCKS), element)
        if tag == "li" and writer.items:
            writer.items.pop()
    elif tag == "a":
        writer.links -= 1
    elif tag in _BOLD:
        writer.bold -= 1
    elif tag in ("sup", "sub"):
        writer.mark(END)
