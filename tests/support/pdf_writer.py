"""Writes small PDFs with real places and sizes: enough of the format for pages of text, and no package."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from named_fonts import FONTS

WIDTH, HEIGHT = 645.0, 900.0  # points; four columns of 130 in tests
BASELINE_EM = 0.88


@dataclass(frozen=True)
class Show:
    """One line of text shown at a place.

    Args:
        x, y: left and top of the line in points from the page's top left corner.
        turn: degrees, counter-clockwise, around its left end on the baseline.
        font: one of `named_fonts`: "song" for Chinese (Latin at half an em), "sans" for Helvetica.
        stretch: its width, in its natural one.
        is_invisible: it is not painted, as text over a scan.
    """

    x: float
    y: float
    size: float
    text: str
    turn: float = 0.0
    font: str = "song"
    stretch: float = 1.0
    is_invisible: bool = False


@dataclass(frozen=True)
class Stroke:
    """A straight line between two places; as a box, the outline of the rectangle between them; filled, that rectangle."""

    x0: float
    y0: float
    x1: float
    y1: float
    shape: Literal["line", "box", "filled"] = "line"


def column(x: float, y: float, text: str, size: float = 10.0, chars: int = 13, lead: float = 1.4) -> list[Show]:
    """Return a text broken into lines of `chars` full-width characters; "\\n" begins a paragraph, set in by two."""
    lines: list[tuple[float, str]] = []
    for paragraph in text.split("\n"):
        indent = 2 if "\n" in text else 0
        lines.append((indent * size, paragraph[: chars - indent]))
        rest = paragraph[chars - indent :]
        lines += [(0.0, rest[at : at + chars]) for at in range(0, len(rest), chars)]
    return [Show(x + indent, y + size * lead * row, size, line) for row, (indent, line) in enumerate(lines)]


def printed(shows: Iterable[Show]) -> str:
    """Return the lines of a column as a reader copies them."""
    return "\n".join(show.text for show in shows)


def write_pdf(*pages: Sequence[Show | Stroke], size: tuple[float, float] = (WIDTH, HEIGHT), rotate: int = 0) -> bytes:
    """Return a PDF of the given pages. Each line is one text object, in the order given."""
    named_ones = (show.font for shows in pages for show in shows if isinstance(show, Show))
    fonts = list(dict.fromkeys(["song", "sans", *named_ones]))
    first = 3 + 2 * len(fonts)  # each font has two objects, the second for a stream
    named = " ".join(f"/F{number} {3 + 2 * number} 0 R" for number in range(len(fonts)))
    kids = " ".join(f"{first + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
    ]
    for number, name in enumerate(fonts):
        objects.append(FONTS[name].dictionary.replace("{stream}", f"{4 + 2 * number} 0 R"))
        entries, _, content = (FONTS[name].stream or "").partition("\n")
        objects.append(f"<< /Length {len(content)} {entries} >>\nstream\n{content}\nendstream")
    for number, shows in enumerate(pages):
        stream = "\n".join(
            _drawn(show, size[1]) if isinstance(show, Stroke) else _operators(show, size[1], fonts.index(show.font))
            for show in shows
        )
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {size[0]} {size[1]}] /Rotate {rotate} "
            f"/Contents {first + 2 * number + 1} 0 R /Resources << /Font << {named} >> >> >>"
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    return assemble(objects)


def assemble(objects: Sequence[str]) -> bytes:
    """Return a PDF of numbered objects, the first of which is the catalogue."""
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    end = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
    return out + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{end}".encode()


def _drawn(stroke: Stroke, height: float) -> str:
    x0, y0, x1, y1 = stroke.x0, height - stroke.y0, stroke.x1, height - stroke.y1
    if stroke.shape == "line":
        return f"0.5 w {x0:.2f} {y0:.2f} m {x1:.2f} {y1:.2f} l S"
    return f"0.5 w {x0:.2f} {y1:.2f} {x1 - x0:.2f} {y0 - y1:.2f} re {'f' if stroke.shape == 'filled' else 'S'}"


def _operators(show: Show, height: float, font: int) -> str:
    data = FONTS[show.font].encode(show.text).hex()
    cos, sin = math.cos(math.radians(show.turn)), math.sin(math.radians(show.turn))
    place = f"{cos:.5f} {sin:.5f} {-sin:.5f} {cos:.5f} {show.x:.2f} {height - show.y - BASELINE_EM * show.size:.2f}"
    how = f"3 Tr {100 * show.stretch:.2f} Tz " if show.is_invisible else ""
    return f"BT {how}/F{font} {show.size} Tf {place} Tm <{data}> Tj ET"
