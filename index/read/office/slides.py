"""Presentations (.pptx) → Document: slides in order, each with title, text, tables and notes."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from index.errors import UnreadableError
from index.read.list_numbers import write_number
from index.read.office.equations import M, read_equation
from index.read.office.package import FALLBACK, RELATIONSHIPS, Package, Relation, left_out_of, whole_number
from index.read.office.raised import raise_text
from index.read.table_lines import cell_text, check_size, lines_of
from index.records import Document, Heading

_P: Final = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_A: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
MAX_SLIDES: Final = 1_000
_TITLES: Final = frozenset({"title", "ctrTitle"})
_FURNITURE: Final = frozenset({"dt", "ftr", "sldNum", "hdr"})
# DrawingML's names of numbered lists → format and mark (ECMA-376, Part 1, 20.1.10.61).
_NUMBERED: Final = {
    "arabicPeriod": ("decimal", "{}. "), "arabicParenR": ("decimal", "{}) "), "arabicParenBoth": ("decimal", "({}) "),
    "ea1ChsPeriod": ("chineseCounting", "{}、"), "ea1ChsPlain": ("chineseCounting", "{} "),
    "ea1JpnChsDbPeriod": ("chineseCounting", "{}．"), "circleNumDbPlain": ("decimalEnclosedCircle", "{} "),
    "alphaLcPeriod": ("lowerLetter", "{}. "), "alphaUcPeriod": ("upperLetter", "{}. "),
    "alphaLcParenR": ("lowerLetter", "{}) "), "alphaUcParenR": ("upperLetter", "{}) "),
    "romanUcPeriod": ("upperRoman", "{}. "), "romanLcPeriod": ("lowerRoman", "{}. "), "arabicPlain": ("decimal", "{} "),
}  # fmt: skip


def read_slides(source: str, data: bytes) -> Document:
    """Return what is shown on the slides, in their order, and the speaker's notes as lines "备注：…".

    The first slide's title is the document's and is not repeated in the text. Struck-out text and hidden slides are
    left out; `metadata` counts them as "left_out". Dates, footers and numbers of slides are no text.

    Raises:
        UnreadableError: wrong_suffix, encrypted, too_large, corrupt, no_text.
        Exception: what zipfile or lxml raise on a damaged file.
    """
    package = Package(data, "slides")
    relations = package.relations(package.main)
    lines: list[str] = []
    headings: list[Heading] = []
    left_out: Counter[str] = Counter()
    title: str | None = None
    place = 0
    for number, item in enumerate(package.tree(package.main).iter(f"{_P}sldId")):
        if number >= MAX_SLIDES:
            raise UnreadableError("too_large", f"more than {MAX_SLIDES:,} slides", "split it")
        relation = relations.get(item.get(f"{RELATIONSHIPS}id") or "")
        root = package.tree(relation.target) if relation else None
        if root is None or relation is None:
            continue
        if root.get("show") in ("0", "false"):
            left_out["hidden slide"] += 1
            continue
        heading, own = _read_slide(root, left_out)
        own += _notes(package, package.relations(relation.target), left_out)
        if heading and title is None:
            title = heading
            headings.append(Heading(place, place, 1))
        elif heading:
            headings.append(Heading(place, place + len(heading), 2))
            own = [heading, *own]
        lines += own
        place += sum(len(line) + 1 for line in own)
    text = "\n".join(lines)
    if not text:
        raise UnreadableError(
            "no_text", "there is no text on its slides (pictures only?)", "run text recognition (OCR) first"
        )
    headings = [one for one in headings if one.end <= len(text)]
    return Document(
        source, source, text, "prose", title=title, headings=tuple(headings), metadata=left_out_of(left_out)
    )


def _read_slide(root: Any, left_out: Counter[str]) -> tuple[str, list[str]]:
    """Return a slide's title and its other lines."""
    title, lines = "", []
    for shape in _shapes(root):
        if shape.tag == f"{_A}tbl":
            lines += _table(shape, left_out)
            continue
        placeholder = shape.find(f"{_P}nvSpPr/{_P}nvPr/{_P}ph")
        kind = placeholder.get("type") if placeholder is not None else None
        body = shape.find(f"{_P}txBody")
        if kind in _FURNITURE or body is None:
            continue
        own = list(_paragraphs(body, left_out))
        if kind in _TITLES and not title:
            title = " ".join(own)
        else:
            lines += own
    return title, lines


def _shapes(node: Any) -> Iterator[Any]:
    """Yield the shapes with text and the tables, in the order in which they lie, those of groups in their place."""
    for child in node:
        if child.tag in (f"{_P}sp", f"{_A}tbl"):
            yield child
        elif child.tag != FALLBACK:
            yield from _shapes(child)


def _paragraphs(body: Any, left_out: Counter[str]) -> Iterator[str]:
    counts: dict[int, int] = {}
    for paragraph in body.findall(f"{_A}p"):
        for line in (text for text in _text(paragraph, left_out).split("\n") if text.strip()):
            yield f"{_mark(paragraph, counts)}{cell_text(line)}"


def _mark(paragraph: Any, counts: dict[int, int]) -> str:
    properties = paragraph.find(f"{_A}pPr")
    level = properties.get("lvl", "0") if properties is not None else "0"
    depth = int(level) if level in "012345678" else 0
    numbered = properties.find(f"{_A}buAutoNum") if properties is not None else None
    for deeper in [other for other in counts if other > depth or (numbered is None and other == depth)]:
        del counts[deeper]
    if numbered is None:
        return ""
    counts[depth] = counts[depth] + 1 if depth in counts else whole_number(numbered.get("startAt"), 1)
    form, mark = _NUMBERED.get(numbered.get("type") or "", ("decimal", "{}. "))
    return mark.format(write_number(counts[depth], form))


def _text(paragraph: Any, left_out: Counter[str]) -> str:
    pieces = []
    for part in paragraph.iter(f"{_A}r", f"{_A}fld", f"{_A}br", f"{M}oMath"):
        look, text = part.find(f"{_A}rPr"), part.findtext(f"{_A}t") or ""
        if part.tag == f"{_A}br":
            pieces.append("\n")
        elif part.tag == f"{M}oMath":
            pieces.append(read_equation(part))
        elif look is not None and look.get("strike", "noStrike") != "noStrike":
            left_out["struck out"] += bool(text.strip())
        else:
            raised = look.get("baseline", "0") if look is not None else "0"
            pieces.append(raise_text(text) if not raised.startswith("-") and raised.strip("0%") else text)
    return "".join(pieces)


def _table(table: Any, left_out: Counter[str]) -> list[str]:
    rows: list[list[str]] = []
    whole: set[int] = set()
    cells = characters = 0
    for number, row in enumerate(table.findall(f"{_A}tr")):
        line: list[str] = []
        widest = 0
        for cell in row.findall(f"{_A}tc"):
            body = cell.find(f"{_A}txBody")
            own = cell_text(" ".join(_paragraphs(body, left_out))) if body is not None else ""
            if cell.get("hMerge") in ("1", "true") and line:
                own = line[-1]
            elif cell.get("vMerge") in ("1", "true") and rows and len(line) < len(rows[-1]):
                own = rows[-1][len(line)]
            widest = max(widest, whole_number(cell.get("gridSpan"), 1))
            line.append(own)
        cells, characters = cells + len(line), characters + sum(map(len, line))
        check_size(cells, characters)
        if widest >= len(line) > 1:
            whole.add(number)
        rows.append(line)
    return lines_of(rows, whole, is_grid=True)


def _notes(package: Package, relations: dict[str, Relation], left_out: Counter[str]) -> list[str]:
    target = next((one.target for one in relations.values() if one.kind == "notesSlide"), "")
    root = package.tree(target)
    lines: list[str] = []
    for shape in _shapes(root) if root is not None else ():
        placeholder = shape.find(f"{_P}nvSpPr/{_P}nvPr/{_P}ph")
        body = shape.find(f"{_P}txBody")
        if placeholder is not None and placeholder.get("type") == "body" and body is not None:
            lines += _paragraphs(body, left_out)
    return [f"备注：{line}" for line in lines]
