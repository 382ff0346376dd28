"""Word files (.docx) → Document. The only importer of python-docx."""

import io
import zipfile
from collections.abc import Iterator
from typing import Any, Final

from index.errors import UnreadableError
from index.records import Document

MAX_ENTRIES: Final = 2_000  # parts of the package; a long report with its pictures has some hundreds
MAX_UNPACKED_BYTES: Final = 128 << 20  # all parts, which python-docx loads into memory
MAX_XML_BYTES: Final = 24 << 20  # the XML parts: their trees take 5 to 10 times their size
MAIN_PART: Final = "word/document.xml"
TITLE_STYLES: Final = frozenset({"title", "heading 1", "标题", "标题 1", "标题1"})

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_INLINE: Final = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
# Deleted and moved-away text of tracked changes; a text box's copy for old programs; layout settings (their
# tab stops are called "tab" too).
_PASSED_OVER: Final = frozenset({f"{_W}del", f"{_W}moveFrom", f"{_W}pPr", f"{_W}rPr", _FALLBACK})


def read_word(source: str, data: bytes) -> Document:
    """Return paragraphs and tables in document order, a line each; cells are parted by tabs.

    The first paragraph in a title or heading 1 style gives the title and is not repeated in the text. Text
    boxes follow the paragraph they are anchored in. The file's date of creation is no date of the article.

    Raises:
        UnreadableError: wrong_suffix, encrypted, too_large, no_text.
        Exception: what zipfile, lxml or python-docx raise on a damaged file.
    """
    _check_package(data)
    import docx

    word = docx.Document(io.BytesIO(data))
    title_ids = {style.style_id for style in word.styles if (style.name or "").strip().lower() in TITLE_STYLES}
    title: str | None = None
    lines: list[str] = []
    for block in word.element.body:
        found = list(_lines(block))
        if title is None and block.tag == f"{_W}p" and _style_id(block) in title_ids:
            title = " ".join(" ".join(found).split()) or None
            found = [] if title else found
        lines.extend(found)
    text = "\n".join(lines).strip("\n")
    if not text.strip():
        raise UnreadableError("no_text", "there is no text in it (pictures only?)", "run text recognition (OCR) first")
    return Document(source, source, text, "prose", title=title)


def check_container(data: bytes) -> None:
    """Refuse an encrypted Word file, which is no ZIP archive but an old Office container around one.

    Raises:
        UnreadableError: encrypted.
    """
    if data.startswith(b"\xd0\xcf\x11\xe0") and "EncryptedPackage".encode("utf-16-le") in data:
        raise UnreadableError("encrypted", "a password is needed to read it", "save it without a password")


def _check_package(data: bytes) -> None:
    """Look at the archive's table of contents before anything is unpacked.

    The sizes there can be lied about, but zipfile never unpacks more of an entry than its stated size.
    Nested archives are never opened.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        entries = package.infolist()
    if len(entries) > MAX_ENTRIES:
        raise UnreadableError("too_large", f"{len(entries):,} parts, allowed are {MAX_ENTRIES:,}", "save it again")
    unpacked = sum(entry.file_size for entry in entries)
    xml = sum(entry.file_size for entry in entries if entry.filename.lower().endswith((".xml", ".rels")))
    if unpacked > MAX_UNPACKED_BYTES or xml > MAX_XML_BYTES:
        raise UnreadableError(
            "too_large",
            f"unpacks to {unpacked >> 20:,} MiB ({xml >> 20:,} MiB of it text), "
            f"allowed are {MAX_UNPACKED_BYTES >> 20} MiB ({MAX_XML_BYTES >> 20} MiB)",
            "split it, or take the pictures out",
        )
    if MAIN_PART not in {entry.filename for entry in entries}:
        raise UnreadableError(
            "wrong_suffix",
            "the suffix promises a Word document (.docx), the content is another kind of ZIP archive",
            "unpack it, or save it as .docx",
        )
    if any(entry.flag_bits & 1 for entry in entries):
        raise UnreadableError("encrypted", "a password is needed to read it", "save it without a password")


def _lines(block: Any) -> Iterator[str]:
    """Yield the lines of a paragraph, a table, or whatever encloses them (content controls, tracked changes)."""
    if block.tag == f"{_W}p":
        boxes: list[Any] = []
        yield "".join(_inline(block, boxes))
        for box in boxes:
            for inner in box:
                yield from _lines(inner)
    elif block.tag == f"{_W}tr":
        # Cells may sit in content controls; those of a table inside a cell belong to that table's rows.
        cells = (cell for cell in block.iter(f"{_W}tc") if next(cell.iterancestors(f"{_W}tr")) is block)
        yield "\t".join(" ".join(line for line in _enclosed(cell) if line) for cell in cells)
    elif block.tag not in _PASSED_OVER:
        yield from _enclosed(block)


def _enclosed(block: Any) -> Iterator[str]:
    for inner in block:
        yield from _lines(inner)


def _inline(node: Any, boxes: list[Any]) -> Iterator[str]:
    """Yield the text of a paragraph's runs; text boxes are gathered in `boxes`.

    Not python-docx's `paragraph.text`: it leaves out inserted text of tracked changes and content controls.
    """
    for inner in node:
        if inner.tag == f"{_W}t":
            yield inner.text or ""
        elif inner.tag == f"{_W}txbxContent":
            boxes.append(inner)
        elif inner.tag in _INLINE:
            yield _INLINE[inner.tag]
        elif inner.tag not in _PASSED_OVER:
            yield from _inline(inner, boxes)


def _style_id(paragraph: Any) -> str | None:
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    return None if style is None else style.get(f"{_W}val")
