"""Word files (.docx) → Document."""

import posixpath
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final

from index.errors import UnreadableError
from index.read.office.package import FALLBACK, Package, left_out_of
from index.read.office.word_margins import Margins, read_margins
from index.read.office.word_numbering import Numbering
from index.read.office.word_runs import HIDDEN, RunReader, Shown, style_id
from index.read.office.word_styles import VALUE, Style, Styles, W, is_centred, outline_level, read_numbering
from index.read.office.word_tables import is_frame, read_grid
from index.read.table_lines import lines_of
from index.records import STYLED_LEVEL, Document, Heading

STYLED_CHARACTERS: Final = 60
"""A paragraph that is only set like a heading has no more."""
_LARGER: Final = 1.15  # of the body's type size
_NO_HEADING: Final = re.compile(
    r"[。；，、;,]\Z|\A[（(【\[]?(?:图|表|附件|注|资料来源|来源|记者|通讯员|本报|摄影|责编|编辑)|[记者摄]\s?[）)]\Z|\A[\W\d_]*\Z"
)
_TYPED_NUMBER: Final = re.compile(
    r"\A(第[\d一二三四五六七八九十]{1,3}[章节条]|[（(]?[\d一二三四五六七八九十]{1,3}(?:[.．]\d{1,3}){0,5}[)）、.．]|\d{1,3}(?:[.．]\d{1,3}){1,5}|[•●○■□◆▪·]) ?\t+(?=[^\t]+\Z)"
)
"""A number that was typed, with a tab behind it and no other: the line is no table's."""
_CONTENTS: Final = "table of contents"
_CONTENTS_STYLE: Final = re.compile(r"(?:toc|目录)\s*\d")
_NOT_READ: Final = frozenset({f"{W}del", f"{W}moveFrom", f"{W}sectPr", f"{W}tblPr", f"{W}sdtPr", f"{W}pPr"})


@dataclass(slots=True)
class _Line:
    """A line of the body; `level` is that of a heading, STYLED_LEVEL where it may be one by its looks."""

    text: str
    level: int | None = None
    size: int = 0


@dataclass(slots=True)
class _Story:
    """What reading a file needs to know, and what it has found so far."""

    styles: Styles
    numbering: Numbering
    runs: RunReader
    notes: dict[tuple[str, str], Any]
    lines: list[_Line] = field(default_factory=list)
    sizes: Counter[int] = field(default_factory=Counter)
    waiting: list[tuple[str, str]] = field(default_factory=list)  # notes to come after the paragraph or the table
    begun: list[str] = field(default_factory=list)  # text of paragraphs whose ends are hidden

    def read(self, block: Any) -> None:
        """Add the lines of a paragraph, a table, or whatever encloses them."""
        if block.tag == f"{W}p":
            self._paragraph(block)
            self._add_notes()
        elif block.tag == f"{W}tbl" and not is_frame(block):
            self._table(block)
        elif block.tag not in _NOT_READ and block.tag != FALLBACK:
            gallery = block.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery") if block.tag == f"{W}sdt" else None
            if gallery is not None and gallery.get(VALUE) == "Table of Contents":
                self.runs.left_out[_CONTENTS] += 1
                return
            for inner in block:
                self.read(inner)

    def _paragraph(self, paragraph: Any) -> None:
        own_style = style_id(paragraph) or self.styles.default_paragraph
        style = self.styles.of(own_style)
        hidden = self.runs.left_out[HIDDEN]
        shown = self.runs.read(paragraph, style)
        is_hidden = self.runs.left_out[HIDDEN] > hidden and not shown.text.strip()
        self.waiting += shown.notes
        if shown.hides_mark:
            self.begun.append(shown.text)
        elif _CONTENTS_STYLE.fullmatch(style.name):
            self.runs.left_out[_CONTENTS] += bool(shown.text.strip()) and not self.runs.left_out[_CONTENTS]
        else:
            text, self.begun = "".join([*self.begun, shown.text]), []
            mark = "" if is_hidden else self._mark(paragraph, own_style, style)
            self._add(paragraph, style, shown, text, mark)
        for box in shown.boxes:
            for inner in box:
                self.read(inner)

    def _mark(self, paragraph: Any, own_style: str, style: Style) -> str:
        stated = read_numbering(paragraph.find(f"{W}pPr"))
        list_id = stated[0] or style.numbering[0]
        if list_id is None or list_id == "0":
            return ""
        level = stated[1] if stated[1] is not None else style.numbering[1]
        if level is None:
            level = self.numbering.level_of(list_id, own_style)
        return self.numbering.next(list_id, level)

    def _add(self, paragraph: Any, style: Style, shown: Shown, text: str, mark: str) -> None:
        lines = [line.rstrip().lstrip("\t") for line in text.replace("\xad", "").split("\n")]  # indented by tabs
        body = "\n".join(_TYPED_NUMBER.sub(r"\1 ", line, count=1) for line in lines if line.strip())
        if not body:
            return
        properties = paragraph.find(f"{W}pPr")
        stated = outline_level(properties)
        level = style.heading if stated is None else stated or None
        for (_is_bold, size), count in shown.characters.items():
            self.sizes[size] += count
        size = min((size for _is_bold, size in shown.characters), default=0)
        is_marked = bool(read_numbering(properties)[0] or style.numbering[0])
        if level is None and not is_marked and "\t" not in body and _may_head(body):
            is_bold = bool(shown.characters) and all(bold for bold, _size in shown.characters)
            if is_bold or is_centred(properties, style.is_centred):
                level = STYLED_LEVEL
        self.lines.append(_Line(mark + body, level, 0 if is_marked else size))

    def _table(self, table: Any) -> None:
        nested: list[Any] = []
        grid = read_grid(table, lambda cell: self._cell(cell, nested))
        self.lines += [_Line(line) for line in lines_of(grid.rows, grid.whole, is_grid=True)]
        for inner in nested:
            self._table(inner)
        self._add_notes()

    def _cell(self, cell: Any, nested: list[Any]) -> str:
        """Return a cell's text; a table in it that is more than a line is left for after this one."""
        outer, self.lines = self.lines, []
        pending = list(cell)[::-1]
        while pending:
            block = pending.pop()
            if block.tag == f"{W}p":
                self._paragraph(block)
            elif block.tag == f"{W}tbl" and not is_frame(block) and len(block.findall(f"{W}tr")) > 1:
                nested.append(block)
            elif block.tag not in _NOT_READ and block.tag != FALLBACK:
                pending += list(block)[::-1]
        found, self.lines = self.lines, outer
        return " ".join(line.text for line in found)

    def _add_notes(self) -> None:
        while self.waiting:
            note = self.notes.pop(self.waiting.pop(0), None)
            if note is not None:
                before, self.lines = self.lines, []
                for block in note:
                    self.read(block)
                text = " ".join(" ".join(line.text.split()) for line in self.lines)
                self.lines = [*before, _Line(f"注：{text}")] if text else before


def read_word(source: str, data: bytes) -> Document:
    """Return paragraphs and tables in document order, a line each; cells are parted by tabs.

    What Word shows is read: list numbers, values of merged cells in each row and column, equations as a line, text
    boxes after the paragraph they are anchored in, foot- and endnotes as lines "注：…" after the one that refers to
    them. Not read is what it marks as no longer valid or hides: deletions, struck-out and hidden text, the readings
    above characters; `metadata` counts it as "left_out". Headers and footers are in `masthead`.

    The first paragraph in a title or heading 1 style gives the title and is not repeated in the text. The file's date
    of creation is no date of the article. Where sections have headers of different days, these stand above their text.

    Raises:
        UnreadableError: wrong_suffix, encrypted, too_large, corrupt, no_text.
        Exception: what zipfile or lxml raise on a damaged file.
    """
    package = Package(data, "word")
    relations = {one.kind: one.target for one in package.relations(package.main).values()}
    styles = Styles(package.tree(relations.get("styles", "")))
    story = _story(package, relations, styles)
    body = package.tree(package.main).find(f"{W}body")
    margins = _margins(package, body, styles)
    for number, block in enumerate(body if body is not None else ()):
        story.lines += [_Line(line) for line in margins.before.get(number, ())]
        story.read(block)
    rest = "".join(story.begun).strip()
    lines = story.lines + ([_Line(rest)] if rest else [])
    title, text, headings = _compose(lines, story.sizes)
    if not text.strip():
        raise UnreadableError("no_text", "there is no text in it (pictures only?)", "run text recognition (OCR) first")
    return Document(
        source,
        source,
        text,
        "prose",
        title=title,
        headings=tuple(headings),
        masthead=margins.text,
        metadata=left_out_of(story.runs.left_out),
    )


def _story(package: Package, relations: dict[str, str], styles: Styles) -> _Story:
    notes: dict[tuple[str, str], Any] = {}
    for kind in ("footnote", "endnote"):
        root = package.tree(relations.get(f"{kind}s", ""))
        for note in root.findall(f"{W}{kind}") if root is not None else ():
            notes[kind, note.get(f"{W}id") or ""] = note
    return _Story(styles, Numbering(package.tree(relations.get("numbering", "")), styles), RunReader(styles), notes)


def _compose(lines: list[_Line], sizes: Counter[int]) -> tuple[str | None, str, list[Heading]]:
    """Return title, text and headings."""
    body_size = sizes.most_common(1)[0][0] if sizes else 0
    title: str | None = None
    texts: list[str] = []
    headings: list[Heading] = []
    place = 0
    for line in lines:
        level = line.level
        if level is None and body_size and line.size > _LARGER * body_size and _may_head(line.text):
            level = STYLED_LEVEL
        if title is None and level in (0, 1):
            title = " ".join(line.text.split()) or None
            headings.append(Heading(place, place, level))
            continue
        end = place + len(line.text)
        if level is not None:
            headings.append(Heading(place, end, level, "styled" if level == STYLED_LEVEL else "marked"))
        texts.append(line.text)
        place = end + 1
    text = "\n".join(texts)
    return title, text, [one for one in headings if one.end <= len(text)]


def _may_head(text: str) -> bool:
    return len(text) <= STYLED_CHARACTERS and "\t" not in text and not _NO_HEADING.search(text)


def _margins(package: Package, body: Any, styles: Styles) -> Margins:
    relations = package.relations(package.main)

    def read(identifier: str) -> list[str]:
        relation = relations.get(identifier)
        root = package.tree(posixpath.normpath(relation.target)) if relation else None
        story = _Story(styles, Numbering(None, styles), RunReader(styles), {})
        if root is not None:
            story.read(root)
        return [line.text for line in story.lines]

    return read_margins(body, read)
