"""Scanned pages: which they are, what is said of them, and how what was recognised on them becomes text."""

from pathlib import Path

import msgspec
import pytest
from pdf_writer import Show, write_pdf
from printed_pages import print_page
from recognised import keep_page, recognised
from scanned_pdf import A4, pdf_of

from index.errors import UnreadableError
from index.read import Recognition, SourceFile, UnrecognisedError, read_file
from index.read.ocr import INSTALL, RECOGNISE, RecognisedLine, RecognisedPage, RecognisedPages, is_installed
from index.read.ocr.kept_pages import keep, prune, read_kept
from index.read.pdf import read_pdf
from index.read.pdf.recognised_glyphs import flat_text, glyphs_of
from index.read.pdf.text_layer import Limits, lay_out
from index.records import NOTES, Document
from index.segment import DOUBTFUL, split_articles

GREY = bytes([200]) * 10_000
TEXT = [Show(60, 80 + 15 * row, 10, "云汀区今日公布听潮桥重建的工期和费用。") for row in range(8)]
FOLIO = [Show(60, 30, 8, "云汀报 2024年5月8日 第2版")]
REMEDY = RECOGNISE if is_installed() else INSTALL


def read_with(folder: Path, data: bytes) -> Document:
    return read_pdf("a.pdf", data, RecognisedPages(data, Recognition(str(folder))))


def laid_out(page: RecognisedPage) -> str:
    glyphs = glyphs_of(page)
    return lay_out([(glyphs, flat_text(glyphs), False, [])], 1, RecognisedPages(b""), Limits()).text


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_a_scan_is_rejected_with_what_makes_it_readable() -> None:
    with pytest.raises(UnreadableError, match="pages 1–2: a picture of a page") as caught:
        read_pdf("a.pdf", pdf_of(GREY, GREY))
    assert (caught.value.reason, caught.value.remedy) == ("no_text", REMEDY)
    assert INSTALL.endswith('pip install "wenju[ocr]"')


def test_a_line_of_the_archive_over_a_picture_makes_it_no_page_with_text() -> None:
    with pytest.raises(UnreadableError, match="page 1: a picture of a page"):
        read_pdf("a.pdf", pdf_of(GREY, over=FOLIO))


def test_of_a_mixed_file_the_pages_with_text_are_kept_and_the_others_named() -> None:
    document = read_pdf("a.pdf", pdf_of(TEXT, GREY, TEXT, GREY))
    assert document.text.count("听潮桥") == 16
    assert document.metadata[NOTES] == [f"pages 2, 4: a picture of a page (a scan); left out, {REMEDY}"]


def test_text_over_a_picture_that_is_not_recognised_is_read_beside_pages_with_text() -> None:
    words = [Show(60, 90, 12, "图上为改造后的松桥小学操场。")]
    document = read_pdf("a.pdf", pdf_of(TEXT, GREY, over=words))
    assert words[0].text in document.text
    assert document.metadata[NOTES] == [f"page 2: a picture of a page (a scan); left out, {REMEDY}"]


@pytest.mark.parametrize(
    "data",
    [pdf_of(GREY, over=TEXT), pdf_of([*FOLIO], GREY, share=0.3), write_pdf(FOLIO)],
    ids=["text", "small", "none"],
)
def test_a_page_with_text_or_a_small_picture_is_no_scan(data: bytes) -> None:
    assert NOTES not in read_pdf("a.pdf", data).metadata


def test_pages_that_are_not_recognised_yet_are_asked_for_all_at_once(tmp_path: Path) -> None:
    data = pdf_of(GREY, TEXT, GREY)
    if is_installed():
        with pytest.raises(UnrecognisedError) as caught:
            read_with(tmp_path, data)
        assert caught.value.pages == (0, 2)
    else:
        assert INSTALL in str(read_with(tmp_path, data).metadata[NOTES])


def test_a_page_that_could_not_be_recognised_is_named_with_the_reason() -> None:
    data = pdf_of(TEXT, GREY)
    recognition = Recognition("nowhere", {1: "it takes too long"})
    notes = read_pdf("a.pdf", data, RecognisedPages(data, recognition)).metadata[NOTES]
    why = "it takes too long" if is_installed() else INSTALL
    assert notes == [f"page 2: a picture of a page (a scan); left out, {why}"]


def test_what_was_recognised_stands_where_its_page_is(tmp_path: Path) -> None:
    data = pdf_of(TEXT, GREY, TEXT, over=FOLIO)
    page = recognised([Show(60, 120 + 20 * row, 14, "白鹭湿地公园昨日开放，") for row in range(12)], A4)
    keep_page(tmp_path, data, 1, page)
    document = read_with(tmp_path, data)
    first, second, third = document.text.split("\f")
    assert (first.count("听潮桥"), third.count("听潮桥"), second.count("白鹭湿地公园")) == (8, 8, 12)
    assert "第2版" in second, "what the text layer says besides is kept"
    assert {frame.size_pt for frame in document.frames if frame.page == 1} > {10.0}, (
        "its body is as large as the others"
    )
    assert document.metadata[NOTES] == ["page 2: a picture of a page (a scan); its text was recognised"]


@pytest.mark.parametrize("number", [0, 1, 6, 8, 11])
def test_lines_of_a_sheet_that_lies_askew_come_in_the_order_of_its_stories(number: int) -> None:
    page = print_page(5, number)
    for degrees in (0.0, -0.9, 0.7):
        scan = laid_out(recognised(page.shows, page.size, degrees, jitter_pt=0.25, seed=number))
        assert squeezed(scan) == squeezed(page.text), degrees


def test_a_line_that_runs_downwards_is_one() -> None:
    head = RecognisedLine("湿地公园开放", [300, 60, 330, 60, 330, 240, 300, 240], [100] * 6, [])
    page = recognised([Show(60, 80 + 15 * row, 10, "白鹭湿地公园昨日建成开放，") for row in range(10)], A4)
    assert "湿地公园开放" in laid_out(RecognisedPage(*A4, [*page.lines, head])).split("\n")


def test_characters_that_recognition_is_not_sure_of_are_kept_and_make_the_article_doubtful(tmp_path: Path) -> None:
    data = pdf_of(GREY)
    page = recognised([Show(60, 60, 20, "听潮桥今日通车"), *TEXT], A4)
    sure = [40 if char == "潮" else 100 for char in TEXT[0].text]
    lines = [msgspec.structs.replace(one, sure=sure) if one.text == TEXT[0].text else one for one in page.lines]
    keep_page(tmp_path, data, 0, RecognisedPage(*A4, lines))
    (article,) = split_articles(read_with(tmp_path, data))
    assert article.text.count("听潮桥") == 8
    assert article.confidence < DOUBTFUL
    (said,) = (one for one in article.decisions if "not sure" in one)
    assert said.count("区今日公布听【潮】桥重建的工期 40%") == 5
    assert said.endswith("and 3 more")


def test_marks_are_never_doubtful(tmp_path: Path) -> None:
    data = pdf_of(GREY)
    page = recognised(TEXT, A4)
    lines = [msgspec.structs.replace(one, sure=[100] * (len(one.text) - 1) + [30]) for one in page.lines]
    keep_page(tmp_path, data, 0, RecognisedPage(*A4, lines))
    assert read_with(tmp_path, data).unsure == ()


def test_kept_pages_are_those_of_the_same_file_and_the_same_rules(tmp_path: Path) -> None:
    page = recognised(TEXT, A4)
    digest = "ab" * 32
    keep(tmp_path, digest, 3, msgspec.json.encode(page))
    assert read_kept(tmp_path, digest, 3) == page
    assert read_kept(tmp_path, digest, 4) is None
    assert read_kept(tmp_path, "cd" * 32, 3) is None
    keep(tmp_path, digest, 3, msgspec.json.encode(msgspec.structs.replace(page, version=0)))
    assert read_kept(tmp_path, digest, 3) is None
    keep(tmp_path, digest, 3, b'{"width": 3, "lines": [[')
    assert read_kept(tmp_path, digest, 3) is None


def test_pages_of_files_that_are_gone_are_not_kept(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    for digest in ("ab" * 32, "cd" * 32):
        keep(folder, digest, 0, b"{}")
    (folder / "left over").write_bytes(b"")
    prune(folder, {"ab" * 32})
    assert [path.name for path in folder.iterdir()] == ["ab" * 32 + "-0.json"]
    prune(folder, set())
    assert not folder.exists()


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.jpeg", "a.tif", "a.TIFF"])
def test_a_picture_that_is_none_is_rejected(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("云汀报")
    (outcome,) = read_file(SourceFile(tmp_path / name, name))
    assert getattr(outcome, "reason", "") == "wrong_suffix"


@pytest.mark.skipif(is_installed(), reason="text recognition is installed")
def test_without_text_recognition_a_picture_is_passed_over_with_the_command_that_installs_it(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"\xff\xd8\xff\xe0" + b"\0" * 100)
    (outcome,) = read_file(SourceFile(tmp_path / "a.jpg", "a.jpg"))
    assert (getattr(outcome, "reason", ""), getattr(outcome, "remedy", "")) == ("unsupported", INSTALL)
