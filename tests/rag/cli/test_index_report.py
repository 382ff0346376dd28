"""rag.cli.index_report: the gravest first, all of it in a file, nothing silent."""

import csv
import json
from pathlib import Path

import pytest

from index.store.generations import CURRENT
from rag.cli import main

PAGE = "湿地公园建成开放\n\n　　本报讯（记者 林亦舟）白鹭湿地公园昨日建成开放，公园占地六十二公顷，市民可以免费入园。\n"
Captured = pytest.CaptureFixture[str]


def folder_of_pictures(folder: Path) -> Path:
    folder.mkdir()
    (folder / "云汀报_2023-04-06_01版.txt").write_text(PAGE, "utf-8")
    for number in range(30):
        (folder / f"照片{number:02}.jpg").write_bytes(b"\xff\xd8\xff")
    (folder / "云汀报_2023-04-06_02版.txt").write_bytes(bytes(range(256)) * 20)
    return folder


def test_the_damaged_page_is_shown_before_thirty_pictures(capsys: Captured, tmp_path: Path) -> None:
    pages = folder_of_pictures(tmp_path / "pages")
    assert main(["index", str(pages), "--index-dir", str(tmp_path / "index")]) == 0
    lines = capsys.readouterr().err.splitlines()
    rejected = [line for line in lines if line.startswith("  rejected ")]
    assert "02版.txt" in rejected[0]
    assert any("unsupported 30" in line for line in lines)
    assert any("--report" in line for line in lines)


@pytest.mark.parametrize("suffix", [".jsonl", ".tsv"])
def test_the_report_has_all(capsys: Captured, tmp_path: Path, suffix: str) -> None:
    pages, report = folder_of_pictures(tmp_path / "pages"), tmp_path / f"report{suffix}"
    assert main(["index", str(pages), "--index-dir", str(tmp_path / "index"), "--report", str(report)]) == 0
    capsys.readouterr()
    text = report.read_text("utf-8")
    notes = (
        [json.loads(line) for line in text.splitlines()]
        if suffix == ".jsonl"
        else list(csv.DictReader(text.splitlines(), dialect="excel-tab"))
    )
    assert len(notes) == 31
    assert set(notes[0]) >= {"file", "page", "article_id", "kind", "reason", "remedy"}
    assert notes[0]["file"].endswith("02版.txt")
    assert {note["kind"] for note in notes} == {"rejected"}


def test_a_report_of_nothing_kept_is_written_too(capsys: Captured, tmp_path: Path) -> None:
    pages, report = tmp_path / "pages", tmp_path / "report.jsonl"
    pages.mkdir()
    (pages / "照片.jpg").write_bytes(b"\xff\xd8\xff")
    assert main(["index", str(pages), "--index-dir", str(tmp_path / "index"), "--report", str(report)]) == 5
    assert "rejected 照片.jpg" in capsys.readouterr().err
    assert json.loads(report.read_text("utf-8"))["reason"] == "unsupported"


def test_a_report_file_without_a_format_is_refused_before_the_work(capsys: Captured, tmp_path: Path) -> None:
    pages = folder_of_pictures(tmp_path / "pages")
    assert (
        main(["index", str(pages), "--index-dir", str(tmp_path / "index"), "--report", str(tmp_path / "report")]) == 2
    )
    assert ".tsv" in capsys.readouterr().err
    assert not (tmp_path / "index" / CURRENT).exists()


def test_an_index_within_the_archive_is_skipped_with_a_word_and_a_second_run_publishes_nothing(
    capsys: Captured, tmp_path: Path
) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "云汀报_2023-04-06_01版.txt").write_text(PAGE, "utf-8")
    told = []
    for _run in range(2):
        assert main(["index", str(pages), "--index-dir", str(pages / "ix")]) == 0
        told.append(capsys.readouterr().err)
    assert "rejected ix: index_folder" in told[0]
    assert told[0].splitlines()[0] == told[1].splitlines()[0] == "read 2 = kept 1 + rejected 1 documents"
    assert len([path for path in (pages / "ix" / "generations").iterdir() if path.name[0] != "."]) == 1


def test_what_a_page_hides_and_what_was_put_right_is_told(capsys: Captured, tmp_path: Path) -> None:
    pages, report = tmp_path / "pages", tmp_path / "report.jsonl"
    pages.mkdir()
    body = "<p>白鹭湿地公园昨日建成开放，公园占地六十二公顷，市民可以免费入园。</p>"
    hidden = "<p style='display:none'>这一段没有人看得见，因为它是藏起来的。</p>"
    (pages / "a.html").write_text(f"<html><body><h1>湿地公园建成开放</h1>{body}{hidden}</body></html>", "utf-8")
    (pages / "b.txt").write_text(f"{body}<br>\n", "utf-8")
    assert main(["index", str(pages), "--index-dir", str(tmp_path / "index"), "--report", str(report)]) == 0
    told = capsys.readouterr().err
    assert "left out of a.html: hidden " in told
    assert "warning b.txt: HTML tags were taken out" in told
    kinds = {(note["file"], note["kind"]) for note in map(json.loads, report.read_text("utf-8").splitlines())}
    assert {("a.html", "left_out"), ("b.txt", "warning")} <= kinds
