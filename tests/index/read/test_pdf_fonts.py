"""index.read.pdf: a PDF whose fonts are not embedded is read alike on every machine, from what the file states."""

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from font_writer import write_font
from named_fonts import FONTS
from news_pdf import NEWS_FRAMES, NEWS_PAGE, frames_of
from pdf_writer import Show, write_pdf

from index.read.pdf import read_pdf
from index.read.pdf.stand_in import FACES, face_of, stand_in, standard_widths
from index.read.pdf.text_layer import Layer, Limits, read_layer

SIZE = 10.0
LEFT, TOP = 40.0, 50.0

# Starts PDFium anew with its fonts in the given folders only, none at all, or ("-") where the system has them.
CHILD = """
import sys, ctypes
folders, own = sys.argv[2:], sys.argv[1] == "own"
import pypdfium2, pypdfium2.raw as pdfium
if folders != ["-"]:
    pdfium.FPDF_DestroyLibrary()
    paths = (ctypes.POINTER(ctypes.c_char) * (len(folders) + 1))()
    kept = [ctypes.create_string_buffer(folder.encode()) for folder in folders]
    for place, folder in enumerate(kept):
        paths[place] = ctypes.cast(folder, ctypes.POINTER(ctypes.c_char))
    pdfium.FPDF_InitLibraryWithConfig(pdfium.FPDF_LIBRARY_CONFIG(version=2, m_pUserFontPaths=paths))
import msgspec
from index.read.pdf import page_glyphs, text_layer
if not own:
    page_glyphs.use_stand_ins = lambda: None
out = []
for data in msgspec.msgpack.decode(sys.stdin.buffer.read(), type=list[bytes]):
    try:
        out.append(text_layer.read_layer(data, text_layer.Limits()))
    except text_layer.UnreadableError:
        out.append(text_layer.Layer())
sys.stdout.buffer.write(msgspec.msgpack.encode(out))
"""


def read_on_a_machine(fonts: Sequence[str], pdfs: Sequence[bytes], stand_ins: bool = True) -> list[Layer]:
    """Read PDFs in a new process whose PDFium looks for the machine's fonts in the given folders."""
    command = [sys.executable, "-c", CHILD, "own" if stand_ins else "machine's", *fonts]
    done = subprocess.run(command, input=msgspec.msgpack.encode(pdfs), capture_output=True, check=True)
    return msgspec.msgpack.decode(done.stdout, type=list[Layer])


def places(name: str) -> list[float]:
    """Return where each character of a font's sample begins along its line, and where the last one ends."""
    at = [TOP if FONTS[name].is_vertical else LEFT]
    for char in FONTS[name].sample:
        at.append(at[-1] + FONTS[name].width(char) * SIZE / 1000)
    return at


def whole(name: str) -> list[Show]:
    return [Show(LEFT, TOP, SIZE, FONTS[name].sample, font=name)]


def apart(name: str) -> list[Show]:
    """Return the sample with each character as a text object of its own, where the font's widths put it."""
    shows = zip(FONTS[name].sample, places(name), strict=False)
    if FONTS[name].is_vertical:
        return [Show(LEFT, at, SIZE, char, font=name) for char, at in shows]
    return [Show(at, TOP, SIZE, char, font=name) for char, at in shows]


@pytest.fixture(scope="module")
def pdfs() -> list[bytes]:
    """Every font in a line and character by character, and a page of three articles."""
    return [
        write_pdf(NEWS_PAGE),
        *(write_pdf(whole(name)) for name in FONTS),
        *(write_pdf(apart(name)) for name in FONTS),
    ]


@pytest.fixture
def odd_fonts(tmp_path: Path) -> str:
    """A folder with fonts of the names that the PDFs use, in which every character is wide, high and hangs over."""
    names = (
        "STSong-Light",
        "SimSun",
        "SimHei",
        "KaiTi_GB2312",
        "Helvetica",
        "Arial",
        "Times-Roman",
        "Calibri",
        "Xyzzy",
    )
    for number, name in enumerate(names):
        write_font(tmp_path / f"{number}.ttf", name)
    return str(tmp_path)


def test_a_pdf_is_read_alike_with_and_without_fonts_on_the_machine(pdfs: list[bytes], odd_fonts: str) -> None:
    without = read_on_a_machine([], pdfs)
    assert all(reply.frames for reply in without)
    for fonts in ([odd_fonts], ["-"]):
        assert msgspec.msgpack.encode(read_on_a_machine(fonts, pdfs)) == msgspec.msgpack.encode(without)


def test_the_machines_fonts_would_show_in_what_is_read(pdfs: list[bytes], odd_fonts: str) -> None:
    # So that the test above can fail: PDFium alone finds the odd fonts, and drops what it has no font for.
    without, odd = (read_on_a_machine(fonts, pdfs, stand_ins=False) for fonts in ([], [odd_fonts]))
    assert without != odd
    printed = sum(len(font.sample) for font in FONTS.values())
    assert sum(len("".join(reply.text.split())) for reply in without[-len(FONTS) :]) < printed // 2


@pytest.mark.parametrize("name", FONTS)
def test_characters_stand_where_the_file_puts_them(name: str) -> None:
    font, at = FONTS[name], places(name)
    reply = read_layer(write_pdf(whole(name)), Limits())
    assert (reply.text, len(reply.frames or [])) == (font.sample, 1)
    assert reply.frames
    box = reply.frames[0][3]
    if font.is_vertical:  # the place of a line is its first character's top, half an em left of it its side
        assert (box[0], box[2]) == (LEFT - SIZE / 2, LEFT + SIZE / 2)
        # The last character is taken to be one em high.
        last = font.width(font.sample[-1]) * SIZE / 1000
        assert box[3] - box[1] == pytest.approx(at[-1] - at[0] - last + SIZE, abs=0.1)
    else:
        assert box == pytest.approx((LEFT, TOP, at[-1], TOP + SIZE), abs=0.1)


@pytest.mark.parametrize("name", FONTS)
def test_characters_shown_one_by_one_make_the_same_line(name: str) -> None:
    line, singles = (read_layer(write_pdf(shows(name)), Limits()) for shows in (whole, apart))
    assert singles == line


@pytest.mark.parametrize("name", ["song in UTF-16", "kai in GBK", "hei in GBK, proportional", "宋体 as a simple font"])
def test_a_page_in_another_font_has_the_same_articles(name: str) -> None:
    page = [replace(show, font=name) for show in NEWS_PAGE]
    assert frames_of(read_pdf("a.pdf", write_pdf(page))) == NEWS_FRAMES


def test_a_lone_blank_is_no_text() -> None:
    # As with an embedded font, whose blank has no outline: blanks between columns must not join them.
    shows = [Show(LEFT, TOP, SIZE, "甲村修路"), Show(LEFT + 42, TOP, SIZE, " "), Show(LEFT + 47, TOP, SIZE, "乙镇种茶")]
    assert frames_of(read_pdf("a.pdf", write_pdf(shows))) == frames_of(
        read_pdf("a.pdf", write_pdf([shows[0], shows[2]]))
    )


@pytest.mark.parametrize(
    ("name", "face"),
    [
        ("Helvetica", "Helvetica"),
        ("Helvetica-Oblique", "Helvetica"),
        ("Helvetica-BoldOblique", "Helvetica-Bold"),
        ("Times-BoldItalic", "Times-BoldItalic"),
        ("Courier-BoldOblique", "Courier"),
        ("仿宋".encode("gbk").decode("latin-1"), "Helvetica"),
        ("", "Helvetica"),
    ],
)
def test_each_font_has_a_face_to_stand_in_for_it(name: str, face: str) -> None:
    assert FACES[face_of(name)] == face


def test_the_stand_in_has_the_widths_of_the_standard_fonts() -> None:
    # Printed in the tables of Adobe's Core 14 AFM files.
    widths = standard_widths()
    assert [widths["Helvetica"][char] for char in "AWi.€—"] == [667, 944, 222, 278, 556, 1000]
    assert [widths["Times-Roman"][char] for char in "AWi.€—"] == [722, 944, 278, 250, 500, 1000]
    assert {len(face) for face in widths.values()} == {216}
    assert set(widths["Courier"].values()) == {600}


def test_the_stand_in_is_the_same_at_every_call_and_small() -> None:
    data, offsets = stand_in()
    assert stand_in() is stand_in()
    assert len(data) < 4 << 20
    assert len(offsets) == len(FACES)
