"""index.read.ocr with the real engine: what it reads on pages that were printed and scanned."""

import io
import sys
from typing import Any

import numpy as np
import pytest
from pdf_writer import Show, column
from printed_pages import PrintedPage, Scanner, as_file, has_fonts, scanned_pdf
from repository import ROOT

from index.errors import UnreadableError
from index.read.image import picture_of
from index.read.ocr import PageImage, RecognisedPage, RecognisedPages, is_installed
from index.read.pdf import picture_of_page
from index.read.pdf.recognised_glyphs import flat_text, glyphs_of
from index.read.pdf.text_layer import Limits, lay_out

pytestmark = [
    pytest.mark.skipif(not is_installed(), reason="text recognition is not installed"),
    pytest.mark.skipif(not has_fonts(), reason="no Chinese fonts to print pages in"),
]
BODY = (
    "本报讯（记者 林亦舟）听潮桥重建工程昨日完工，总投资3260万元，双向四车道，日均通行2.8万辆次。"
    "区交通委负责人说：“旧桥建于1978年，桥面窄，早晚高峰总是堵。”新桥两侧设了人行道和非机动车道"
)
MORE = (
    "白鹭湿地公园二期昨日建成开放，新增观鸟台12处、科普步道3公里，市民凭身份证可以免费入园参观游览。"
    "据介绍，公园全年监测到鸟类168种，比上年增加9种，群众满意率达到97.5%，是全区最大的城市湿地"
)
HEAD = "听潮桥重建完工"
SMALL = PrintedPage(
    (Show(60, 30, 22, HEAD, font="hei"), *column(60, 70, BODY, 10, 14), *column(220, 70, MORE, 10, 14)),
    "",
    {},
    (400.0, 200.0),
)


def read(page: PrintedPage = SMALL, scanner: Scanner | None = None, turns: int = 0) -> RecognisedPage:
    from index.read.ocr.recognition import recognise

    picture = picture_of((scanner or Scanner()).scan(page), 0)
    return recognise(PageImage(np.ascontiguousarray(np.rot90(picture.gray, turns)), picture.points_per_pixel))


def printed(page: PrintedPage) -> list[str]:
    return sorted("".join(show.text.split()) for show in page.shows)


def read_lines(page: RecognisedPage) -> list[str]:
    return sorted("".join(line.text.split()) for line in page.lines)


@pytest.mark.parametrize(
    "scanner",
    [Scanner(), Scanner(150, 0.9, 0.2, 8), Scanner(300, -0.6, paper=220, ink=70)],
    ids=["straight", "coarse", "fine"],
)
def test_each_line_is_read_as_it_is_printed_and_found_where_it_stands(scanner: Scanner) -> None:
    page = read(scanner=scanner)
    assert read_lines(page) == printed(SMALL)
    (head,) = (line for line in page.lines if line.text == HEAD)
    assert head.corners[0] == pytest.approx(60, abs=6)
    assert head.corners[2] - head.corners[0] == pytest.approx(22 * len(HEAD), rel=0.05)
    assert min(head.sure) > 90
    assert head.places == sorted(head.places)


def test_small_type_on_a_large_sheet_is_looked_for_in_bands() -> None:
    tops = [y + step for y in (30, 330, 620, 900) for step in (0, 15, 30)]
    shows = [Show(60 + 900 * (row % 2), top, 10, BODY[5 * row : 5 * row + 16]) for row, top in enumerate(tops)]
    sheet = PrintedPage(tuple(shows), "", {}, (2400.0, 1200.0))
    assert read_lines(read(sheet, Scanner(dpi=150))) == printed(sheet)


def test_blanks_between_names_are_shown() -> None:
    assert any("记者 林亦舟" in line.text for line in read().lines)


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_sheet_that_lies_on_its_side_or_its_head_is_turned(turns: int) -> None:
    page = read(turns=turns)
    assert page.turns == 4 - turns
    assert read_lines(page) == printed(SMALL)


@pytest.mark.parametrize("step", [22.5, 27.0])
def test_a_headline_that_runs_downwards_is_read_from_top_to_bottom(step: float) -> None:
    head = [Show(360, 30 + step * row, 22, char, font="hei") for row, char in enumerate("湿地公园开放")]
    page = read(PrintedPage((*SMALL.shows[1:], *head), "", {}, (400.0, 200.0)))
    glyphs = glyphs_of(page)
    layer = lay_out([(glyphs, flat_text(glyphs), False, [])], 1, RecognisedPages(b""), Limits())
    assert "湿地公园开放" in layer.text.split("\n")


def test_a_picture_without_text_has_no_lines() -> None:
    from index.read.ocr.recognition import recognise

    shade = np.tile(np.linspace(0, 255, 400, dtype=np.uint8), (300, 1))
    assert recognise(PageImage(shade, 1.0)).lines == []


def test_a_page_of_a_pdf_is_drawn_as_fine_as_its_picture() -> None:
    scan = Scanner(dpi=150).scan(SMALL)
    picture = picture_of_page(scanned_pdf(scan, scan, dpi=150), 1)
    height, width = picture.gray.shape
    assert (width, height) == (pytest.approx(400 / 72 * 150, abs=2), pytest.approx(200 / 72 * 150, abs=2))
    assert picture.points_per_pixel == pytest.approx(72 / 150, rel=0.01)


def image(mode: str = "L", size: tuple[int, int] = (300, 200)) -> Any:
    from PIL import Image

    return Image.new(mode, size, 1 if mode == "1" else None)


def test_pages_of_a_tif_are_counted_and_taken_each_for_itself() -> None:
    held = io.BytesIO()
    image().save(held, "TIFF", save_all=True, append_images=[image(size=(120, 90)), image("1", (60, 40))])
    assert [picture_of(held.getvalue(), page).gray.shape for page in range(3)] == [(200, 300), (90, 120), (40, 60)]
    with pytest.raises(UnreadableError, match="damaged"):
        picture_of(held.getvalue(), 3)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA", "I;16"])
def test_pictures_of_any_depth_are_grey(mode: str) -> None:
    gray = picture_of(as_file(image(mode), "PNG", 200), 0).gray
    assert gray.dtype.name == "uint8"
    assert gray.shape == (200, 300)


def test_a_resolution_that_no_scanner_states_is_not_believed() -> None:
    assert picture_of(as_file(image(), "PNG", 200), 0).points_per_pixel == pytest.approx(0.36, rel=0.01)
    assert picture_of(as_file(image(), "PNG", 72), 0).points_per_pixel == pytest.approx(1000 / 300)


def test_a_picture_that_would_fill_the_memory_is_refused_unopened() -> None:
    data = as_file(image("1", (20_000, 10_000)), "PNG", 200)
    with pytest.raises(UnreadableError, match="20,000 × 10,000") as caught:
        picture_of(data, 0)
    assert caught.value.reason == "too_large"


def test_nothing_is_loaded_of_it_before_a_page_is_recognised() -> None:
    import subprocess

    script = "import sys, index.build, rag.cli; print(*{'cv2', 'rapidocr', 'PIL'} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == ""
