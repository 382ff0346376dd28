"""Glyphs of pages, of a PDF or recognised → Document: each page decides for itself whether its text layer is used."""

import time
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import msgspec

from index.errors import UnreadableError
from index.read.ocr import RECOGNISE, RecognisedPage, RecognisedPages
from index.read.pdf.blocks import Block, make_blocks
from index.read.pdf.grids import find_grids, put_in_lanes
from index.read.pdf.lines import Glyph, make_lines
from index.read.pdf.page_glyphs import PAGE_BREAK, ReadPage, is_placed, open_pdf, read_page
from index.read.pdf.reading_order import reading_order
from index.read.pdf.recognised_glyphs import find_unsure, flat_text, glyphs_of
from index.read.pdf.rules import Rule
from index.read.pdf.scanned import SCAN
from index.read.pdf.tables import take_tables
from index.read.pdf.trust import distrust
from index.read.pdf.watermarks import mark_overprints, part_slanted
from index.records import NOTES, Document, Frame

MAX_GLYPHS: Final = 60_000  # on one page; a broadsheet full of small type has 25,000
MAX_PAGES: Final = 2_000  # a bound year of a daily with five to six pages; a 100,000-page file is an attack
RECOGNISED_TEXT: Final = "its text was recognised"
LEFT_OUT: Final = "left out, "
MIN_BODY_CHARS: Final = 100  # of which a page's body is told
MAX_TEXT_CHARS: Final = 32 << 20
MAX_ORDERING_S: Final = (
    20.0  # of CPU time, of the 25 s that index.build allows; what takes longer to order is read flat
)


_Frame = tuple[int, int, float, tuple[float, float, float, float], int, bool]
"""start, end, size_pt, box, page, is_watermark."""


class Limits(msgspec.Struct, frozen=True):
    """What of one file is read. None of them means anything for a real issue."""

    pages: int = MAX_PAGES
    text_chars: int = MAX_TEXT_CHARS
    ordering_s: float = MAX_ORDERING_S


class Layer(msgspec.Struct, omit_defaults=True):
    """A file's text.

    Args:
        text: pages parted by form feeds.
        frames: start, end, size_pt, box, page, is_watermark of each; None where the geometry cannot be used.
        notes: what was left out, in words.
        unsure: start, end and probability, in per cent, of what recognition is not sure of.
    """

    text: str = ""
    frames: list[_Frame] | None = None
    notes: list[str] = []
    unsure: list[tuple[int, int, int]] = []


def read_pdf(source: str, data: bytes, recognised: RecognisedPages | None = None) -> Document:
    """Return the text in reading order; pages are parted by a form feed, an empty page is kept as such.

    Each page decides for itself: one whose text layer tells what it prints is read from that, a picture of a page, and
    one that tells other characters, from what text recognition found on it. What is left unread is noted.

    Layout "framed": frames are parted by a blank line, each printed line is one line. Where glyphs have no usable
    places (all on one spot, no size), the text is in the file's own order and the layout "page".

    The title in the metadata is mostly the name of a layout file, so it is not used.

    Raises:
        UnreadableError: encrypted, too_large (pages or text), no_text (scans that are not recognised), encoding (no page
            tells its characters), corrupt.
        UnrecognisedError: pages are to be recognised first.
    """
    return document_of(source, read_layer(data, Limits(), recognised))


def document_of(source: str, layer: Layer) -> Document:
    """Return a file's text as a document."""
    metadata = {NOTES: layer.notes} if layer.notes else {}
    if layer.frames is None:
        return Document(source, source, layer.text, "page", metadata=metadata)
    frames = tuple(Frame(*frame) for frame in layer.frames)
    return Document(source, source, layer.text, "framed", frames=frames, metadata=metadata, unsure=tuple(layer.unsure))


def read_layer(data: bytes, limits: Limits, recognised: RecognisedPages | None = None) -> Layer:
    """Return a PDF's text in reading order with its frames, or in the file's order without.

    Raises:
        UnreadableError: encrypted, too_large (pages or text), no_text, encoding, corrupt.
        UnrecognisedError: pages are to be recognised first.
    """
    document = open_pdf(data)
    pages = (read_page(document, number) for number in range(len(document)))
    return lay_out(pages, len(document), recognised or RecognisedPages(data), limits)


def lay_out(pages: Iterable[ReadPage], count: int, recognised: RecognisedPages, limits: Limits) -> Layer:
    """Return the text of pages in reading order.

    Args:
        pages: what each shows.
        count: how many they are.
    Raises:
        UnreadableError: too_large, no_text, encoding.
        UnrecognisedError: pages are to be recognised first.
    """
    if count > limits.pages:
        raise UnreadableError("too_large", f"{count:,} pages, allowed are {limits.pages:,}", "split it, e.g. by issue")
    layer = _Layer(until_s=time.process_time() + limits.ordering_s)
    flat: list[str] = []
    unsure: list[tuple[int, int, int]] = []
    pictured: dict[tuple[str, str], list[int]] = {}
    pictures: set[int] = set()
    is_told = False  # by a page that is no picture, or was recognised
    size, reason = 0, "no_text"
    for number, (glyphs, text, is_picture, rules) in enumerate(pages):
        glyphs, page, why = told_glyphs(glyphs, number, recognised, is_picture=is_picture)
        if why:
            reason = reason if why == SCAN else "encoding"
            pictures.add(number)
            how = LEFT_OUT + recognised.problem(number) if page is None else RECOGNISED_TEXT
            pictured.setdefault((why, how), []).append(number + 1)
            text = flat_text(glyphs)
        size += len(text)
        if size > limits.text_chars:
            raise UnreadableError("too_large", "its text is longer than any issue's", "split it, e.g. by issue")
        flat.append(text)
        is_told = is_told or (bool(text.strip()) and not (why and page is None))
        if not recognised.missing:
            first, start = len(layer.pieces), layer.size
            layer.add(glyphs, rules, number)
            unsure += find_unsure(page, "".join(layer.pieces[first:]), start) if page else []
    recognised.check()
    if not is_told:
        raise _nothing_read(reason, count, pictured)
    notes = [f"{_pages(numbers)}: {why}; {how}" for (why, how), numbers in pictured.items()]
    if not layer.is_usable:
        return Layer(text=PAGE_BREAK.join(flat), notes=notes)
    frames = _with_equal_bodies(layer.frames, pictures)
    return Layer(text="".join(layer.pieces), frames=frames, notes=notes, unsure=unsure)


def told_glyphs(
    glyphs: list[Glyph], number: int, recognised: RecognisedPages, *, is_picture: bool
) -> tuple[list[Glyph], RecognisedPage | None, str]:
    """Return the glyphs by which a page is read, what was recognised on it, and why it had to be; "" where it had not.

    What a picture of a page has as text is read where nothing was recognised, too.
    """
    untold = distrust(glyphs)
    if not untold and not is_picture:
        return glyphs, None, ""
    page = recognised.find(number)
    known = [] if untold else glyphs
    return glyphs_of(page, known) if page else known, page, untold or SCAN


def blocks_of(glyphs: list[Glyph], rules: Sequence[Rule]) -> list[Block]:
    """Return a page's blocks in reading order."""
    grids = find_grids(rules)
    upright, slanted = part_slanted(put_in_lanes(glyphs, grids))
    tables, lines = take_tables(mark_overprints([*make_lines(upright), *slanted]), grids)
    return reading_order(make_blocks(lines, tables))


def _nothing_read(reason: str, count: int, pictured: Mapping[tuple[str, str], Sequence[int]]) -> UnreadableError:
    left_out = {f"{_pages(numbers)}: {why}": how for (why, how), numbers in pictured.items() if how != RECOGNISED_TEXT}
    if not left_out:
        return UnreadableError("no_text", f"none of its {count} pages has a text layer (a scan?)", RECOGNISE)
    return UnreadableError(reason, "; ".join(left_out), next(iter(left_out.values())).removeprefix(LEFT_OUT))


def _with_equal_bodies(frames: Sequence[_Frame], pictures: Collection[int]) -> list[_Frame]:
    """Return the frames with the sizes on pictures such that their bodies are as large as on the file's other pages.

    How large a picture is printed is told by whoever scanned it, and often wrong.
    """
    sizes: dict[int, Counter[float]] = {}
    for start, end, size, _box, page, _is_watermark in frames:
        sizes.setdefault(page, Counter())[size] += end - start
    bodies = {page: max(found, key=lambda size: found[size]) for page, found in sizes.items()}
    weights: Counter[float] = Counter()
    for page, found in sizes.items():
        if page not in pictures or set(sizes) <= set(pictures):
            weights[bodies[page]] += found.total()
    usual = max(weights, key=lambda size: weights[size], default=0.0)
    return [
        (start, end, round(size * usual / bodies[page], 1), box, page, is_watermark)
        if page in pictures and sizes[page].total() >= MIN_BODY_CHARS
        else (start, end, size, box, page, is_watermark)
        for start, end, size, box, page, is_watermark in frames
    ]


def _pages(numbers: Sequence[int]) -> str:
    """Return pages in words: "page 2", "pages 2, 5–9"."""
    spans: list[list[int]] = []
    for number in sorted(numbers):
        if spans and number == spans[-1][-1] + 1:
            spans[-1][1:] = [number]
        else:
            spans.append([number])
    return f"page{'s' * (len(numbers) > 1)} {', '.join('–'.join(map(str, span)) for span in spans)}"


@dataclass(slots=True)
class _Layer:
    """The text of pages in reading order: lines of a frame on lines, frames parted by a blank line, pages by a break.

    Args:
        until_s: the process's CPU time after which ordering is given up.
        is_usable: False after a page whose glyphs have no places or cannot be ordered; the rest is not ordered then.
    """

    until_s: float
    is_usable: bool = True
    pieces: list[str] = field(default_factory=list)
    frames: list[_Frame] = field(default_factory=list)
    size: int = 0

    def add(self, glyphs: list[Glyph], rules: Sequence[Rule], page: int) -> None:
        """Add the next page."""
        if page:
            self._write(PAGE_BREAK)
        self.is_usable = (
            self.is_usable and len(glyphs) <= MAX_GLYPHS and time.process_time() <= self.until_s and is_placed(glyphs)
        )
        if not self.is_usable:
            return
        try:
            blocks = blocks_of(glyphs, rules)
        except RecursionError:  # a page that can be cut a thousand times, each time into one piece and the rest
            self.is_usable = False
            return
        for place, block in enumerate(blocks):
            if place:
                self._write("\n\n")
            start = self.size
            self._write("\n".join(block.text_lines()))
            box = (round(block.x0, 1), round(block.y0, 1), round(block.x1, 1), round(block.y1, 1))
            self.frames.append((start, self.size, round(block.size, 1), box, page, block.is_watermark))

    def _write(self, text: str) -> None:
        self.pieces.append(text)
        self.size += len(text)
