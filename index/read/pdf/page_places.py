"""Where the characters of a page's text stand on it: what `text_layer` makes of the page, with the box of each."""

from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from index.errors import UnreadableError
from index.read.ocr import RecognisedPages
from index.read.pdf.blocks import Block
from index.read.pdf.lines import Line
from index.read.pdf.page_glyphs import open_pdf, page_size, read_page
from index.read.pdf.text_layer import blocks_of, told_glyphs

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in points from the page's top left corner."""
NOT_THERE: Final = UnreadableError("not_there", "the file has no such page", "index it again")


class PlacedLine(msgspec.Struct, frozen=True, array_like=True):
    """A printed line in a page's text: `text[start : start + len(boxes)]`; a cell that stands in several rows is several.

    Args:
        boxes: of each character; None for a blank that only a gap shows.
    """

    start: int
    boxes: list[Box | None]


class PagePlaces(msgspec.Struct, frozen=True):
    """A page's text, as it stands in its document, and where its characters are printed.

    Args:
        width, height: of the page as it is shown, in points.
        turns: by how many quarter turns, counter-clockwise, its picture is turned to be read.
    """

    text: str
    width: float
    height: float
    lines: list[PlacedLine]
    turns: int = 0


def places_on(data: bytes, number: int, recognised: RecognisedPages) -> PagePlaces:
    """Return the places on a page of a PDF, from 0.

    Raises:
        UnreadableError: encrypted, corrupt, not_there.
    """
    document = open_pdf(data)
    if not number < len(document):
        raise NOT_THERE
    glyphs, _flat, is_picture, rules = read_page(document, number)
    glyphs, page, _why = told_glyphs(glyphs, number, recognised, is_picture=is_picture)
    width, height = (page.width, page.height) if page else page_size(document, number)
    text, lines = _placed(blocks_of(glyphs, rules))
    return PagePlaces(text, width, height, lines, page.turns if page else 0)


def places_on_picture(number: int, recognised: RecognisedPages) -> PagePlaces:
    """Return the places on a page of an image file, from 0.

    Raises:
        UnreadableError: not_there: nothing was recognised on it.
    """
    glyphs, page, _why = told_glyphs([], number, recognised, is_picture=True)
    if page is None:
        raise NOT_THERE
    text, lines = _placed(blocks_of(glyphs, []))
    return PagePlaces(text, page.width, page.height, lines, page.turns)


def _placed(blocks: Iterable[Block]) -> tuple[str, list[PlacedLine]]:
    """Return the text of blocks as `text_layer` writes it, and its printed lines."""
    pieces: list[str] = []
    lines: list[PlacedLine] = []
    size = 0
    for place, block in enumerate(blocks):
        for number, row in enumerate(block.text_rows()):
            for piece in ["\n" if number else "\n\n" if place else "", *row]:
                text = piece if isinstance(piece, str) else piece.text
                if not isinstance(piece, str) and piece.glyphs:
                    lines.append(PlacedLine(size, list(_boxes(piece))))
                pieces.append(text)
                size += len(text)
    return "".join(pieces), lines


def _boxes(line: Line) -> Iterator[Box | None]:
    """Yield the box of each character of a line; those of a ligature share one."""
    place = 0
    for glyph in line.glyphs:
        if line.text[place : place + 1] == " ":
            yield None
            place += 1
        left, top, right, bottom = (round(value, 1) for value in glyph.box)
        yield from [(left, top, right, bottom)] * len(glyph.char)
        place += len(glyph.char)
