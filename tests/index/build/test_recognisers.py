"""Scanned pages on their way into the index: recognised in processes under limits, kept, taken over, forgotten."""

import sys
from pathlib import Path

import pytest
from pdf_writer import Show, column
from printed_pages import PrintedPage, Scanner, has_fonts, scanned_pdf
from quick_embedder import QuickEmbedder

from index.build import build_index
from index.build.outcomes import FileContents
from index.build.readers import Scans, read_contents
from index.build.recognisers import RECOGNISER_BYTES, Recognisers, recognisers_at_once
from index.build.recognising_process import PageLimits
from index.read import SourceFile
from index.read.ocr import is_installed
from index.records import NOTES

BODY = (
    "本报讯（记者 林亦舟）听潮桥重建工程昨日完工，总投资3260万元，双向四车道，日均通行2.8万辆次。"
    "区交通委负责人说，旧桥建于1978年，桥面窄，早晚高峰总是堵。新桥两侧设了人行道和非机动车道。"
)
MORE = "本报讯 白鹭湿地公园二期昨日建成开放，新增观鸟台12处、科普步道3公里，市民凭身份证可以免费入园参观游览。"
PAGE, NEXT = (
    PrintedPage((Show(60, 30, 22, head, font="hei"), *column(60, 70, body, 10, 24)), "", {}, (400.0, 200.0))
    for head, body in (("听潮桥重建完工", BODY), ("湿地公园二期开放", MORE))
)
needs_engine = [
    pytest.mark.skipif(not is_installed(), reason="text recognition is not installed"),
    pytest.mark.skipif(not has_fonts(), reason="no Chinese fonts to print pages in"),
]


def scan_file(folder: Path, name: str = "a.jpg") -> SourceFile:
    first, second = (Scanner(dpi=150).scan(page) for page in (PAGE, NEXT))
    (folder / name).write_bytes(scanned_pdf(first, second, dpi=150) if name.endswith("pdf") else first)
    return SourceFile(folder / name, name)


def read(file: SourceFile, folder: Path | None = None) -> tuple[FileContents, list[tuple[int, int]]]:
    """What comes of a file, and what was said of its pages."""
    told: list[tuple[int, int]] = []
    (contents,) = read_contents([file], scans=Scans(folder, lambda done, total: told.append((done, total))))
    return contents, told


def test_no_more_pages_are_recognised_at_a_time_than_memory_has_room_for() -> None:
    assert 1 <= recognisers_at_once() <= 8
    if sys.platform == "linux":
        free = next(line for line in Path("/proc/meminfo").read_text().splitlines() if line.startswith("MemAvailable"))
        assert (recognisers_at_once() - 1) * RECOGNISER_BYTES < int(free.split()[1]) << 10


class TestWithTheEngine:
    pytestmark = needs_engine

    def test_a_scan_becomes_an_article_and_its_pages_are_kept_for_the_next_time(self, tmp_path: Path) -> None:
        file, kept = scan_file(tmp_path, "a.pdf"), tmp_path / "kept"
        contents, told = read(file, kept)
        article, other = contents.articles
        assert other.title == "湿地公园二期开放"
        assert article.title == "听潮桥重建完工"
        assert article.byline == ("记者 林亦舟",)
        assert "总投资3260万元，双向四车道，日均通行2.8万辆次。" in article.text
        assert article.metadata[NOTES] == ["pages 1–2: a picture of a page (a scan); its text was recognised"]
        assert told[0] == (0, 2)
        assert told[-1] == (2, 2)
        again, told = read(file, kept)
        assert (again, told) == (contents, [])

    def test_what_a_stopped_run_had_recognised_is_not_recognised_again(self, tmp_path: Path) -> None:
        file, kept = scan_file(tmp_path, "a.pdf"), tmp_path / "kept"
        whole, _told = read(file, kept)
        sorted(kept.iterdir())[0].unlink()
        contents, told = read(file, kept)
        assert contents == whole
        assert told == [(0, 1), (1, 1)]

    def test_a_page_that_takes_too_long_costs_only_itself(self, tmp_path: Path) -> None:
        file = scan_file(tmp_path)
        slow = Recognisers(tmp_path / "kept", limits=PageLimits(wall_s=0.02))
        try:
            assert "takes more than" in slow.recognise(file, [0])[0]
        finally:
            slow.close()
        assert not (tmp_path / "kept").exists()

    def test_a_page_that_takes_too_much_memory_is_told(self, tmp_path: Path) -> None:
        file = scan_file(tmp_path)
        small = Recognisers(tmp_path / "kept", limits=PageLimits(memory_bytes=16 << 20))
        try:
            assert "memory" in (problem := small.recognise(file, [0])[0]) or "MiB" in problem
        finally:
            small.close()

    def test_a_photograph_is_rejected_mildly(self, tmp_path: Path) -> None:
        blank = PrintedPage((), "", {}, (200.0, 150.0))
        (tmp_path / "a.jpg").write_bytes(Scanner(dpi=150).scan(blank))
        contents, _told = read(SourceFile(tmp_path / "a.jpg", "a.jpg"))
        assert [(one.reason, one.remedy) for one in contents.rejections] == [("picture", "leave it out")]

    def test_an_index_keeps_pages_as_long_as_it_has_their_files(self, tmp_path: Path) -> None:
        pages = tmp_path / "pages"
        pages.mkdir()
        scan_file(pages, "a.jpg")
        (pages / "b.txt").write_text("湿地公园开放\n\n白鹭湿地公园昨日建成开放，市民可以免费参观。\n", "utf-8")
        build_index([pages], tmp_path / "index", QuickEmbedder())
        assert len(list((tmp_path / "index" / ".recognised").iterdir())) == 1
        told: list[str] = []
        build_index(
            [pages], tmp_path / "index", QuickEmbedder(), progress=lambda stage, _done, _total: told.append(stage)
        )
        assert "recognise" not in told
        (pages / "a.jpg").unlink()
        build_index([pages], tmp_path / "index", QuickEmbedder())
        assert not (tmp_path / "index" / ".recognised").exists()
