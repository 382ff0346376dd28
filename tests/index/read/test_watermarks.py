"""index.read.pdf.watermarks: what is printed askew or over the text is kept apart from it."""

import pytest
from pdf_writer import Show, column, write_pdf

from index.read.pdf import read_pdf
from index.records import Document

TEXT = "云汀区昨日公布河道整治的进展，全年完成八条河道，沿岸新建步道十二公里，居民可以沿河步行到湿地公园。"
HEAD = Show(40, 40, 24, "河道整治完成八条")
BODY = column(40, 80, TEXT)


def marked(document: Document) -> list[str]:
    return [document.text[frame.start : frame.end] for frame in document.frames if frame.is_watermark]


def unmarked(document: Document) -> str:
    return "\n".join(document.text[frame.start : frame.end] for frame in document.frames if not frame.is_watermark)


@pytest.mark.parametrize("turn", [-60, -45, -20, 20, 30, 45, 60])
def test_a_text_askew_is_a_watermark(turn: float) -> None:
    document = read_pdf("a.pdf", write_pdf([HEAD, *BODY, Show(60, 300, 40, "内部资料严禁外传", turn)]))
    assert marked(document) == ["内部资料严禁外传"]
    assert unmarked(document).split() == [HEAD.text, *(show.text for show in BODY)]


def test_a_text_tiled_askew_is_a_watermark_however_short() -> None:
    tiles = [Show(40 + 90 * x, 60 + 60 * y, 12, "样张", 30) for x in range(4) for y in range(4)]
    document = read_pdf("a.pdf", write_pdf([*tiles[:8], HEAD, *BODY, *tiles[8:]]))
    assert marked(document) == ["样张"] * 16
    assert "样" not in unmarked(document)


def test_large_type_over_several_lines_is_a_watermark() -> None:
    document = read_pdf("a.pdf", write_pdf([HEAD, *BODY, Show(50, 85, 36, "严禁外传")]))
    assert marked(document) == ["严禁外传"]


def test_a_text_tiled_upright_over_the_lines_is_a_watermark() -> None:
    tiles = [Show(60 + 200 * x, 84 + 70 * y, 10, "云汀发布", 0) for x in range(2) for y in range(3)]
    document = read_pdf("a.pdf", write_pdf([HEAD, *BODY, *tiles]))
    assert marked(document) == ["云汀发布"] * 6


@pytest.mark.parametrize("turn", [0, 90, 270])
def test_a_text_along_the_edges_is_none(turn: float) -> None:
    document = read_pdf("a.pdf", write_pdf([HEAD, *BODY, Show(400, 300, 24, "新桥明年通车", turn)]))
    assert marked(document) == []


def test_a_value_that_many_rows_have_is_none() -> None:
    rows = [Show(40 + 100 * x, 80 + 20 * y, 10, "已经完成") for x in range(2) for y in range(6)]
    assert marked(read_pdf("a.pdf", write_pdf([HEAD, *rows]))) == []
