"""index.read: tables as text, Rich Text, saved web pages, and what is said of the kinds that stay unread."""

from email.message import EmailMessage
from pathlib import Path

import pytest

from index.errors import UnreadableError
from index.read import SUFFIXES, SourceFile, find_files, read_file
from index.read.delimited import read_delimited
from index.read.html import read_webpage
from index.read.markdown import read_markdown
from index.read.mhtml import read_archived_page
from index.read.rtf import read_rich_text
from index.read.unread_kinds import UNREAD_KINDS
from index.records import Document

TABLE = "街道\t家数\t占比\n松桥\t9\t12.5%\n柳渡\t11\t15%"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "，"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_the_delimiter_and_the_encoding_of_a_table_are_found(delimiter: str, encoding: str) -> None:
    assert read_delimited("a.csv", TABLE.replace("\t", delimiter).encode(encoding)).text == TABLE


def test_quoted_cells_captions_and_notes_are_read() -> None:
    data = '各街道统计表,,\n街道,"说明, 一","行\n二"\n松桥,"他说""好""",3\n,,\n注：截至五月,,\n'
    assert (
        read_delimited("a.csv", data.encode()).text
        == '各街道统计表\n街道\t说明, 一\t行 二\n松桥\t他说"好"\t3\n注：截至五月'
    )
    assert read_delimited("a.csv", "sep=|\n甲|乙,丙\n丁|戊,己\n".encode()).text == "甲\t乙,丙\n丁\t戊,己"


def test_a_table_without_end_is_refused() -> None:
    with pytest.raises(UnreadableError, match="table"):
        read_delimited("a.csv", b"," * 1_000_000)


def test_rich_text_in_code_pages_and_unicode_is_read() -> None:
    data = (
        rb"{\rtf1\ansi\ansicpg936\deff0{\fonttbl{\f0\fcharset134 SimSun;}{\f1\fcharset0 Arial;}}{\colortbl;}{\*\generator x;}"
        rb"\f0 \'d4\'c6\'cd\'a1\f1\'c7\'f8{\pict 0102}\u-30000?\par 10{\super 2}\{m\}\line{\v hidden}{\strike old}\u20154?new\par"
        rb"\trowd\intbl \'d4\'c6\cell 1\par 2\cell\row\trowd\intbl a\cell b\cell\row\pard end{\footnote note}.\par}"
    )
    assert read_rich_text("a.rtf", data).text == "云汀区諐\n10²{m}\n人new\n云\t1 2\na\tb\nend（注：note）."


def test_rich_text_that_nests_without_end_is_refused() -> None:
    with pytest.raises(UnreadableError, match="deeply"):
        read_rich_text("a.rtf", b"{" * 100_000)


@pytest.mark.parametrize("charset", ["utf-8", "gb2312"])
def test_the_page_in_a_saved_page_is_read(charset: str) -> None:
    page = EmailMessage()
    page["Subject"] = "x"
    page.set_content(
        "<html><body><h1>松桥通车</h1><p>松桥昨日通车，全长六百米。</p></body></html>", subtype="html", charset=charset
    )
    page.make_related()
    page.add_related(b"\x89PNG", "image", "png")
    document = read_archived_page("a.mhtml", page.as_bytes())
    assert (document.title, document.text) == ("松桥通车", "松桥昨日通车，全长六百米。")


def test_a_saved_page_without_a_page_is_refused() -> None:
    with pytest.raises(UnreadableError, match="none in it"):
        read_archived_page("a.mht", b"Content-Type: text/plain\n\nx")


def test_a_page_with_server_side_includes_is_read_as_a_page(tmp_path: Path) -> None:
    path = tmp_path / "a.shtml"
    path.write_text('<!--#include file="x"--><p>松桥昨日通车。</p>', "utf-8")
    (outcome,) = read_file(SourceFile(path, path.name))
    assert isinstance(outcome, Document)
    assert outcome.text == "松桥昨日通车。"


def test_each_kind_that_stays_unread_has_a_remedy_of_its_own(tmp_path: Path) -> None:
    assert not UNREAD_KINDS.keys() & SUFFIXES.keys()
    for suffix in (".xls", ".dps", ".vsd", ".jpg", ".mp3", ".zip", ".ceb"):
        (tmp_path / f"a{suffix}").write_bytes(b"x")
    _files, rejected = find_files([tmp_path])
    assert len({one.remedy for one in rejected}) >= 6
    assert all(one.source in one.message for one in rejected)


def test_a_row_with_more_or_fewer_cells_keeps_their_number() -> None:
    rows = "路名\t户数\t人数\n松桥路\t1\t240\t3600\n柳渡路\t860"
    assert read_delimited("a.csv", rows.replace("\t", ",").encode()).text == rows
    cells = [[f"<td>{cell}</td>" for cell in row.split("\t")] for row in rows.split("\n")]
    table = "".join(f"<tr>{''.join(row)}</tr>" for row in cells)
    page = f"<h1>各路户数公布</h1><p>区统计局昨天公布各路户数，共三条路。</p><table>{table}</table>"
    assert read_webpage("a.html", page.encode()).text.endswith(rows)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("街道 | 家数\n:-- | --:\n松桥 | 9", "街道\t家数\n松桥\t9"),
        ("| 街道 | 家数 |\n|---|---|\n| **松桥** | 9<br>家 |", "街道\t家数\n松桥\t9 家"),
        ("| 街道 | 家数 |\n| 松桥 | 甲\\|乙 |", "街道\t家数\n松桥\t甲|乙"),
        ("热线：1234 | 传真：5678\n邮编：100000", "热线：1234 | 传真：5678\n邮编：100000"),
    ],
)
def test_a_table_of_markdown_is_one_with_tabs(text: str, shown: str) -> None:
    assert read_markdown("a.md", f"前言。\n\n{text}\n".encode()).text == f"前言。\n\n{shown}\n"
