"""index.read: real files on disk → Documents, or Rejected with a reason."""

import gzip
import io
import json
import os
import string
import sys
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from index.read import SourceFile, find_files, read_file
from index.read.decode import MIN_USUAL_SHARE, NULS
from index.read.mojibake import is_strange
from index.read.stated_dates import parse_date
from index.read.usual_characters import usual_share
from index.records import NOTES, Document, Rejected

NEWS = "云汀区公布夏季河道水质督查的整改方案。\n新建停车泊位684个，先供接送学生的车辆使用。\n"
NEWS_TRADITIONAL = (
    "豐臺區公開第二輪北京市生態環境保護督察整改方案。\n新建停車泊位685個，優先為接送考生的車輛提供服務。\n"
)
# Each reason's file: what is written under which name.
BAD_FILES: dict[str, tuple[str, bytes, str]] = {
    "empty file": ("a.txt", b"", "empty"),
    "blank file": ("a.txt", "\ufeff \n\u3000\n".encode(), "empty"),
    "NUL bytes": ("a.txt", b"\x7fELF\x02\x01\x01\x00\x00" * 9, "binary"),
    "control characters": ("a.txt", b"\x01\x02\x03\x04abc" * 9, "binary"),
    "bytes of no encoding": ("a.txt", bytes(range(0x80, 0x100)) * 4, "encoding"),
    "UTF-8 with one broken byte": ("a.txt", NEWS.encode() + b"\xff" + NEWS.encode(), "encoding"),
    "false UTF-16 mark": ("a.txt", b"\xff\xfe\x00\xd8\x41\x00", "encoding"),
    "PDF as text": ("a.txt", b"%PDF-1.7\n...", "wrong_suffix"),
    "ZIP as text": ("a.txt", b"PK\x03\x04....", "wrong_suffix"),
    "old Word file as docx": ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99, "wrong_suffix"),
    "text as PDF": ("a.pdf", NEWS.encode(), "wrong_suffix"),
    "text as docx": ("a.docx", NEWS.encode(), "wrong_suffix"),
    "text as gz": ("a.txt.gz", NEWS.encode(), "wrong_suffix"),
    "image as corpus": ("a.jsonl", b"\x89PNG\r\n\x1a\n\0\0", "wrong_suffix"),
    "UTF-16 corpus": ("a.jsonl", "{}\n".encode("utf-16"), "encoding"),
    "binary corpus": ("a.jsonl", b"\x00\x01\x02\n" * 99, "binary"),
    "empty corpus": ("a.jsonl", b"\n\n", "empty"),
    "truncated PDF": ("a.pdf", b"%PDF-1.7\n1 0 obj\n<< /Type", "corrupt"),
    "truncated docx": ("a.docx", b"PK\x03\x04" + b"\x14" * 40, "corrupt"),
    "truncated gz": ("a.txt.gz", gzip.compress(NEWS.encode() * 99)[:60], "corrupt"),
    "damaged gz": ("a.txt.gz", gzip.compress(NEWS.encode())[:-8] + b"\0" * 8, "corrupt"),
    "gz bomb": ("a.txt.gz", gzip.compress(b"\0" * (65 << 20)), "too_large"),
    "gz bomb with one line": ("a.jsonl.gz", gzip.compress(b" " * (30 << 20)), "too_large"),
    "broken JSON": ("a.json", b'[{"text": "a"},\n {"text": }]', "broken_json"),
    "nested JSON": ("a.json", b"[" * 100_000, "broken_json"),
    "JSON without objects": ("a.json", b'"text"', "bad_record"),
    "title without text": ("a.md", b"---\ndate: 2024\n---\n# Title\n", "no_text"),
    "page without text": ("a.html", b"<nav>menu</nav><script>x()</script>", "no_text"),
    "page nested too deeply": ("a.html", b"<div>" * 100_000 + b"x", "too_large"),
    "page with styles left open": (
        "a.html",
        b"".join(b"<font size=%d>" % n for n in range(900)) + b"<p>x" * 90_000,
        "too_large",
    ),
    "page with a million tags": ("a.html", b"<p>" * 1_000_000, "too_large"),
    "page with an endless tag": ("a.html", b"<p " + b"a b c " * 90_000 + b">", "too_large"),
}


def read(path: Path) -> list[Document | Rejected]:
    return list(read_file(SourceFile(path, path.name)))


def read_bytes(folder: Path, name: str, data: bytes) -> Document | Rejected:
    path = folder / name
    path.write_bytes(data)
    (outcome,) = read(path)
    return outcome


def read_good(folder: Path, name: str, data: bytes | str) -> Document:
    outcome = read_bytes(folder, name, data.encode() if isinstance(data, str) else data)
    assert isinstance(outcome, Document), outcome
    return outcome


def read_bad(folder: Path, name: str, data: bytes) -> Rejected:
    outcome = read_bytes(folder, name, data)
    assert isinstance(outcome, Rejected), outcome
    assert outcome.source == name
    assert outcome.message.startswith(name)
    assert outcome.remedy
    return outcome


def word_bytes(*, heading: str | None = "区政府发布新方案") -> bytes:
    word = docx.Document()
    word.core_properties.title = "模板"
    word.add_paragraph("本报讯")
    if heading:
        word.add_heading(heading, level=1)
    word.add_paragraph("第一段。")
    table = word.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "车位", "685个"
    word.add_paragraph("第二段。")
    out = io.BytesIO()
    word.save(out)
    return out.getvalue()


def zip_bytes(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return out.getvalue()


@contextmanager
def as_somebody_else() -> Iterator[None]:
    """Root may read everything: let the system check the rights of "nobody" instead."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


# Finding files


def test_a_folder_is_walked_sorted_and_hidden_files_are_left_out(tmp_path: Path) -> None:
    for name in ("b.txt", "a/c.html", "a/notes.md", ".git/x.txt", ".hidden.txt", "a/.DS_Store", "D.TXT"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    files, rejected = find_files([tmp_path])
    assert [file.source for file in files] == ["D.TXT", "a/c.html", "a/notes.md", "b.txt"]
    assert rejected == []


def test_a_missing_path_and_an_unknown_suffix_are_rejected_with_what_to_do(tmp_path: Path) -> None:
    for name in ("a.xls", "b.pdf.gz", "c.qqq"):
        (tmp_path / name).write_text("x")
    files, rejected = find_files([tmp_path, tmp_path / "gone"])
    assert files == []
    assert [item.reason for item in rejected] == ["unsupported", "unsupported", "unsupported", "not_found"]
    assert ".xlsx" in rejected[0].remedy
    assert "unpack" in rejected[1].remedy
    assert ".jsonl.gz" in rejected[2].remedy


def test_equal_names_under_two_folders_are_told_apart_by_their_folders(tmp_path: Path) -> None:
    paths = [tmp_path / "2023" / "bao", tmp_path / "2024" / "bao", tmp_path / "else"]
    for path in paths:
        path.mkdir(parents=True)
        (path / "01.txt").write_text("x")
    (paths[2] / "02.txt").write_text("x")
    files, _ = find_files(paths)
    assert [file.source for file in files] == ["2023/bao/01.txt", "2024/bao/01.txt", "else/01.txt", "02.txt"]


def test_a_file_reached_twice_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    (tmp_path / "b.txt").symlink_to(tmp_path / "a.txt")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    files, rejected = find_files([tmp_path, tmp_path / "a.txt", tmp_path])
    assert [file.source for file in files] == ["a.txt"]
    assert rejected == []


def test_a_link_that_leaves_the_folder_is_rejected(tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "s.txt").write_text("x")
    root = tmp_path / "root"
    root.mkdir()
    (root / "file.txt").symlink_to("../secret/s.txt")
    (root / "folder").symlink_to("../secret", target_is_directory=True)
    (root / "circle.txt").symlink_to("circle.txt")
    files, rejected = find_files([root])
    assert files == []
    assert {item.source: item.reason for item in rejected} == dict.fromkeys(
        ("file.txt", "folder", "circle.txt"), "symlink"
    )


@pytest.mark.skipif(sys.platform != "linux", reason="other systems keep names as Unicode")
def test_a_file_name_in_gbk_is_decoded(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode("头版.txt".encode("gbk"))).write_text("x")
    files, _ = find_files([tmp_path])
    assert [file.source for file in files] == ["头版.txt"]
    assert isinstance(next(read_file(files[0])), Document)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems keep one form of a name only")
def test_a_name_is_one_in_both_of_unicodes_forms_and_case_and_width_make_two(tmp_path: Path) -> None:
    (tmp_path / "caf\u00e9.txt").write_text("composed")
    (tmp_path / "cafe\u0301.txt").write_text("taken apart")
    (tmp_path / "re\u0301gion").mkdir()
    for name in ("re\u0301gion/e\u0301te\u0301.txt", "Caf\u00e9.txt", "ｃafe.txt", "cafe.txt"):
        (tmp_path / name).write_text("x")
    files, rejected = find_files([tmp_path])
    assert {file.source for file in files} == {
        "caf\u00e9.txt", "r\u00e9gion/\u00e9t\u00e9.txt", "Caf\u00e9.txt", "ｃafe.txt", "cafe.txt",
    }  # fmt: skip
    assert [item.reason for item in rejected] == ["same_name"]
    (read,) = [read_file(file) for file in files if file.source == "caf\u00e9.txt"]
    assert [item.text for item in read if isinstance(item, Document)] == ["composed"]


def test_an_unreadable_file_and_folder_are_rejected(tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir()
    (tmp_path / "a.txt").write_text("x")
    for folder in (tmp_path, *list(tmp_path.parents)[:3]):
        folder.chmod(0o755)
    (tmp_path / "a.txt").chmod(0)
    (tmp_path / "locked").chmod(0)
    with as_somebody_else():
        files, rejected = find_files([tmp_path])
        (outcome,) = read_file(files[0])
    (tmp_path / "locked").chmod(0o755)
    assert [(item.source, item.reason) for item in rejected] == [("locked", "unreadable")]
    assert isinstance(outcome, Rejected)
    assert outcome.reason == "unreadable"


def test_pipes_folders_and_vanished_files_do_not_block_or_raise(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "folder.txt").mkdir()
    reasons = [read(tmp_path / name)[0] for name in ("pipe.txt", "folder.txt", "gone.txt", "a.odt")]
    assert [item.reason for item in reasons if isinstance(item, Rejected)] == [
        "not_a_file",
        "not_a_file",
        "not_found",
        "unsupported",
    ]


# Text and its encoding


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030", "gbk", "big5hkscs"],
)
def test_chinese_text_is_read_in_the_encodings_that_archives_hold(tmp_path: Path, encoding: str) -> None:
    text = NEWS_TRADITIONAL if encoding == "big5hkscs" else NEWS
    document = read_good(tmp_path, "a.txt", text.replace("\n", "\r\n").encode(encoding))
    assert document.text == text
    assert (document.layout, document.doc_id, document.title) == ("page", "a.txt", None)


def test_traditional_text_in_gb18030_and_utf16_is_read(tmp_path: Path) -> None:
    for encoding in ("gb18030", "utf-16-be"):
        assert read_good(tmp_path, "a.txt", NEWS_TRADITIONAL.encode(encoding)).text == NEWS_TRADITIONAL


@pytest.mark.parametrize("name", ["page.txt", "page.md"])
@pytest.mark.parametrize("mark", ["\u2028", "\u2029", "\x85", "\x0b", "\r", "\r\n"])
def test_whatever_ends_a_line_is_read_as_its_end(tmp_path: Path, name: str, mark: str) -> None:
    document = read_good(tmp_path, name, mark.join(["湿地公园开园", "", "本报讯 湿地公园昨日开园。"]))
    assert document.text == "湿地公园开园\n\n本报讯 湿地公园昨日开园。"


def test_western_text_with_its_quotes_is_read(tmp_path: Path) -> None:
    text = "The mayor said the city “won’t wait”. The café in the old town hall will stay open until May."
    assert read_good(tmp_path, "a.txt", text.encode("cp1252")).text == text


def test_right_and_wrong_decodings_lie_far_apart() -> None:
    wrong = [
        NEWS.encode("gb18030").decode("big5hkscs", "ignore"),
        NEWS_TRADITIONAL.encode("big5hkscs").decode("gb18030", "ignore"),
        NEWS.encode().decode("gb18030", "ignore"),
    ]
    assert max(map(usual_share, wrong)) < MIN_USUAL_SHARE - 0.1
    assert min(map(usual_share, (NEWS, NEWS_TRADITIONAL))) > MIN_USUAL_SHARE + 0.2


@pytest.mark.parametrize(("name", "data", "reason"), BAD_FILES.values(), ids=BAD_FILES.keys())
def test_a_bad_file_is_rejected_with_its_reason(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    start_s = time.process_time()
    assert read_bad(tmp_path, name, data).reason == reason
    assert time.process_time() - start_s < 10


@pytest.mark.parametrize(
    ("name", "mib"), [("a.txt", 65), ("a.pdf", 65), ("a.html", 17), ("a.json", 65), ("a.jsonl", 4097)]
)
def test_a_file_over_its_limit_is_rejected_unread(tmp_path: Path, name: str, mib: int) -> None:
    with (tmp_path / name).open("wb") as file:
        file.truncate(mib << 20)
    (outcome,) = read(tmp_path / name)
    assert isinstance(outcome, Rejected)
    assert outcome.reason == "too_large"


SLOW_DISK = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=300)
PRINTED = st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("\n\t"))
CHINESE = st.text(st.sampled_from(sorted(set(NEWS) | set(string.ascii_letters))), min_size=1)


@SLOW_DISK
@given(
    data=st.binary()
    | st.tuples(PRINTED, st.sampled_from(["gb18030", "utf-16", "big5"])).map(lambda p: p[0].encode(p[1], "ignore"))
)
def test_any_bytes_give_one_outcome(tmp_path: Path, data: bytes) -> None:
    for suffix in (".txt", ".md", ".html", ".json"):
        read_bytes(tmp_path, f"a{suffix}", data)


@SLOW_DISK
@given(text=PRINTED)
def test_any_text_that_does_not_look_damaged_survives_utf8(tmp_path: Path, text: str) -> None:
    assume(not any(map(is_strange, text.split("\n"))) and "??" not in text and "\ufffd" not in text and "<" not in text)
    assume("&" not in text)
    outcome = read_bytes(tmp_path, "a.txt", text.encode())
    if text.removeprefix("\ufeff").strip() and not text.startswith("PK\x03"):
        assert isinstance(outcome, Document)
        assert outcome.text == text.removeprefix("\ufeff")


@SLOW_DISK
@given(text=CHINESE, encoding=st.sampled_from(["gb18030", "utf-16", "utf-16-le", "utf-16-be"]))
def test_any_chinese_text_survives_its_encodings(tmp_path: Path, text: str, encoding: str) -> None:
    # A heading line in front: some lone characters read well in two encodings, and nothing can tell.
    text = NEWS + text
    assert read_good(tmp_path, "a.txt", text.encode(encoding)).text == text


# Markdown and web pages


def test_markdown_takes_title_and_date_from_front_matter_or_heading(tmp_path: Path) -> None:
    front = '---\ntitle: "新方案"\nDate: 2024-05-01\nauthor: 张三\n---\n# 新方案\n\n正文。\n\n# 另一则\n'
    document = read_good(tmp_path, "a.md", front)
    assert (document.title, document.text, document.layout) == ("新方案", "正文。\n\n# 另一则\n", "prose")
    assert document.date is not None
    assert (document.date.value, document.metadata) == ("2024-05-01", {"author": "张三"})
    other = read_good(tmp_path, "b.md", "---\ntitle: 甲\n---\n# 乙\n正文")
    assert (other.title, other.text) == ("甲", "# 乙\n正文")
    rules = read_good(tmp_path, "c.md", "---\n正文。\n---\n# 题 #\n")
    assert (rules.title, rules.text) == ("题", "---\n正文。\n---\n")


PAGE = """<!doctype html><html><head><meta charset="{charset}"><title>新方案_丰台报</title>
<meta property="og:title" content="分享标题"><meta name="PubDate" content="2024-05-02 08:00">
<style>p {{}}</style></head><body><header><h1>丰台报</h1></header><nav>首页</nav>
<article><header><h1>新<b>方案</b></h1><p>记者 张三</p></header><div>第一<b>段</b>落，换
行。<br>第二行 a
b</div><table><tr><td>车位</td><td>685个</td></tr></table><aside>广告</aside></article>
<form>登录</form><footer>版权</footer><script>var a = "<p>no</p>";</script></body></html>"""


def test_a_page_becomes_its_visible_lines(tmp_path: Path) -> None:
    document = read_good(tmp_path, "a.html", PAGE.format(charset="utf-8"))
    assert document.text == "第一段落，换行。\n第二行 a b\n车位\t685个"
    assert document.byline == ("记者 张三",)
    left_out = {"furniture": 4, "menus and other articles": 7}
    assert document.metadata == {"stated": "记者 张三", "left_out": left_out}
    assert (document.title, document.date and document.date.value) == ("新方案", "2024-05-02")


def test_preformatted_text_keeps_its_lines_and_pictures_in_the_page_do_no_harm(tmp_path: Path) -> None:
    picture = f'<img src="data:image/png;base64,{"A" * 99_999}">'
    assert read_good(tmp_path, "a.html", f"{picture}<pre>甲\n乙</pre>丙\n丁").text == "甲\n乙\n丙丁"


@pytest.mark.parametrize(
    ("html", "title", "date"),
    [
        ('<title>甲</title><header><h1>报</h1></header><meta property="og:title" content="乙"><p>x', "乙", None),
        ("<title>甲</title><p>x", "甲", None),
        ('<h1>甲</h1><time datetime="2024-05-01T08:00:00Z">x</time><p>x', "甲", "2024-05-01"),
        (
            '<meta property="article:published_time" content="2024-05-01"><meta name=date content=2020><p>x',
            None,
            "2024-05-01",
        ),
        ('<meta name="date" content="昨天"><p>x', None, None),
    ],
)
def test_title_and_date_of_a_page_come_from_its_markup(
    tmp_path: Path, html: str, title: str | None, date: str | None
) -> None:
    document = read_good(tmp_path, "a.htm", html)
    assert (document.title, document.date and document.date.value) == (title, date)


@pytest.mark.parametrize(("charset", "encoding"), [("gb2312", "gb18030"), ("big5", "big5hkscs"), ("gb2312", "utf-8")])
def test_the_charset_of_a_page_is_honoured_unless_it_lies(tmp_path: Path, charset: str, encoding: str) -> None:
    text = NEWS_TRADITIONAL if charset == "big5" else NEWS
    html = f'<meta http-equiv="Content-Type" content="text/html; charset={charset}"><p>{text}'
    assert read_good(tmp_path, "a.html", html.encode(encoding)).text == text.replace("\n", "")


# Word


def test_a_word_file_gives_paragraphs_and_tables_in_order(tmp_path: Path) -> None:
    document = read_good(tmp_path, "a.docx", word_bytes())
    assert document.text == "本报讯\n第一段。\n车位\t685个\n第二段。"
    assert (document.title, document.date, document.layout) == ("区政府发布新方案", None, "prose")
    assert read_good(tmp_path, "b.docx", word_bytes(heading=None)).title is None


def test_tracked_insertions_and_text_boxes_are_read_and_deletions_are_not(tmp_path: Path) -> None:
    word = docx.Document()
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    word.element.body.insert(
        0,
        parse_xml(
            f"<w:p {space}><w:r><w:t>甲</w:t></w:r><w:ins><w:r><w:t>乙</w:t></w:r></w:ins>"
            "<w:del><w:r><w:delText>丙</w:delText><w:t>丙</w:t></w:r></w:del>"
            "<w:r><w:pict><w:txbxContent><w:p><w:r><w:t>框</w:t></w:r></w:p></w:txbxContent></w:pict></w:r></w:p>"
        ),
    )
    word.save(str(tmp_path / "a.docx"))
    (outcome,) = read(tmp_path / "a.docx")
    assert isinstance(outcome, Document)
    assert outcome.text == "甲乙\n框"


def test_hostile_packages_are_refused_before_they_are_unpacked(tmp_path: Path) -> None:
    bomb = zip_bytes({"word/document.xml": b" " * (25 << 20)})
    crowd = zip_bytes({f"word/{n}": b"" for n in range(2_001)})
    media = zip_bytes({"word/document.xml": b"x", "word/media/1.bmp": b"\0" * (129 << 20)})
    for data in (bomb, crowd, media):
        assert read_bad(tmp_path, "a.docx", data).reason == "too_large"
    assert read_bad(tmp_path, "a.docx", zip_bytes({"xl/workbook.xml": b"x"})).reason == "wrong_suffix"


def test_entities_in_a_word_file_are_not_expanded(tmp_path: Path) -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    doctype = f'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY l0 "ha">{laughs}]>'
    parts: dict[str, bytes] = {}
    with zipfile.ZipFile(io.BytesIO(word_bytes())) as package:
        for name in package.namelist():
            parts[name] = package.read(name)
    body = parts["word/document.xml"].decode().replace("第一段。", "&x;&l9;")
    parts["word/document.xml"] = body.replace("<w:document", doctype + "<w:document", 1).encode()
    outcome = read_bytes(tmp_path, "a.docx", zip_bytes(parts))
    assert "root:" not in str(outcome)
    assert "haha" not in str(outcome)


# Corpus files


def lines_of(*records: object) -> bytes:
    return b"".join(item if isinstance(item, bytes) else json.dumps(item).encode() + b"\n" for item in records)


def read_corpus(folder: Path, data: bytes, name: str = "c.jsonl") -> list[tuple[int | None, str]]:
    """Line and id of each document, line and reason of each rejected line."""
    (folder / name).write_bytes(data)
    return [(item.line, item.doc_id if isinstance(item, Document) else item.reason) for item in read(folder / name)]


def test_a_corpus_line_is_taken_over_with_its_fields(tmp_path: Path) -> None:
    record = {
        "_id": "n1",
        "title": "",
        "text": "甲\r\n乙",
        "date": "2023-07-31T23:43",
        "page": 3,
        "url": "u",
        "tag": [1],
    }
    document = read_good(tmp_path, "c.jsonl", lines_of(record))
    assert (document.doc_id, document.title, document.text, document.layout) == ("n1", None, "甲\n乙", "record")
    assert document.date is not None
    assert document.date.value == "2023-07-31"
    assert (document.page, document.url, document.line, document.metadata) == ("3", "u", 1, {"tag": [1]})


def test_each_bad_line_is_rejected_alone_and_the_rest_goes_on(tmp_path: Path) -> None:
    good = {"_id": "a", "text": "甲"}
    data = b"\xef\xbb\xbf" + lines_of(
        good, b'{"_id": "b", "text": \n', b"\n", good, b'{"text": "\xff"}\n', {"text": " "}, {"text": 5}, [1],
        {"_id": {}, "text": "x"}, {"text": "乙"}, b'{"_id": 7, "text": "c"}',
    )  # fmt: skip
    expected = [
        (1, "a"), (2, "broken_json"), (4, "duplicate_id"), (5, "encoding"), (6, "no_text"), (7, "no_text"),
        (8, "bad_record"), (9, "bad_record"), (10, "c.jsonl#10"), (11, "7"),
    ]  # fmt: skip
    assert read_corpus(tmp_path, data) == expected
    assert read_corpus(tmp_path, gzip.compress(data), "c.jsonl.gz") == [
        (line, value.replace("jsonl", "jsonl.gz")) for line, value in expected
    ]


def test_a_broken_line_is_told_with_line_and_column(tmp_path: Path) -> None:
    rejected = read_bad(tmp_path, "c.jsonl", '{"text": "甲乙", x}'.encode())
    assert rejected.message.startswith("c.jsonl, line 1: broken JSON at column 16")
    assert "one line" in rejected.remedy


def test_a_line_that_is_no_utf8_is_told_with_its_column(tmp_path: Path) -> None:
    (tmp_path / "c.jsonl").write_bytes('{"text": "甲'.encode() + b'\xff"}\n')
    (outcome,) = read(tmp_path / "c.jsonl")
    assert isinstance(outcome, Rejected)
    assert outcome.message == "c.jsonl, line 1: not UTF-8 at column 12"


def test_a_line_of_ten_megabytes_is_rejected_and_the_next_is_read(tmp_path: Path) -> None:
    data = lines_of({"text": "a"}, b'{"text": "' + b"x" * (10 << 20) + b'"}\n', {"text": "b"})
    assert read_corpus(tmp_path, data) == [(1, "c.jsonl#1"), (2, "too_large"), (3, "c.jsonl#3")]


def test_a_corpus_cut_off_keeps_its_whole_lines(tmp_path: Path) -> None:
    data = gzip.compress(lines_of(*({"_id": str(n), "text": os.urandom(99).hex()} for n in range(999))))
    outcomes = read_corpus(tmp_path, data[: len(data) // 2], "c.jsonl.gz")
    assert outcomes[-1][1] == "corrupt"
    assert outcomes[:-1] == [(n + 1, str(n)) for n in range(len(outcomes) - 1)]
    assert len(outcomes) > 100


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"text": "甲"}', [(1, "c.json")]),
        ('[{"_id": "a", "text": "甲"},\n\n {"text": "乙"}, {"_id": "a", "text": "x"}]', [(1, "a"), (3, "c.json#2"), (3, "duplicate_id")]),
        ('{"name": "x",\n "documents": [\n{"text": "甲"}, 5,\n{"text": ""}]}', [(3, "c.json#1"), (3, "bad_record"), (4, "no_text")]),
        ('{"documents": 3, "text": "甲"}', [(1, "c.json")]),
    ],
)  # fmt: skip
def test_a_json_file_holds_one_object_a_list_or_documents(
    tmp_path: Path, text: str, expected: list[tuple[int, str]]
) -> None:
    assert read_corpus(tmp_path, text.encode(), "c.json") == expected
    assert read_corpus(tmp_path, text.encode("utf-16"), "c.json") == expected


def test_an_impossible_date_stays_in_the_metadata(tmp_path: Path) -> None:
    document = read_good(tmp_path, "c.jsonl", lines_of({"text": "a", "date": "2023-02-30"}))
    assert (document.date, document.metadata) == (
        None,
        {"date": "2023-02-30", "notes": ["the date '2023-02-30' could not be read"]},
    )


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("2024-05-01", "2024-05-01"), ("2024/5/1", "2024-05-01"), ("2024.5.1", "2024-05-01"), ("2024-05", "2024-05"),
        ("2024年5月1日", "2024-05-01"), ("2024年5月", "2024-05"), ("2024年", "2024"), ("2024", "2024"), (2024, "2024"),
        ("20240501", "2024-05-01"), ("2024-05-01T23:59:59+08:00", "2024-05-01"), ("2024年5月1日 08:30", "2024-05-01"),
        (" 2024-05-01 08:30:00 ", "2024-05-01"), ("2024-13-01", None), ("2023-02-29", None), ("0000-01-01", None),
        ("999999", None), ("昨天", None), ("2024-05-01x", None), ("", None), (None, None), (True, None), ([], None),
    ],
)  # fmt: skip
def test_dates_are_read_as_they_are_commonly_written(stated: object, expected: str | None) -> None:
    found = parse_date(stated)
    assert (found.value if found else None) == expected


def test_heavy_packages_are_not_imported_before_they_are_needed() -> None:
    import subprocess

    code = "import sys, index.read; print([m for m in ('pypdfium2', 'docx', 'selectolax', 'lxml', 'charset_normalizer') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "[]\n"


def test_a_readme_in_a_folder_is_passed_over_with_a_word_but_read_when_named(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text("# 说明\n本文件夹有五个版面。", "utf-8")
    files, rejected = find_files([tmp_path])
    assert files == []
    assert [(item.source, item.reason) for item in rejected] == [("README.md", "about_folder")]
    assert [file.source for file in find_files([readme])[0]] == ["README.md"]


LONG_NEWS = NEWS * 4


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_stray_nul_and_a_foreign_byte_do_not_lose_a_page(tmp_path: Path, encoding: str) -> None:
    data = LONG_NEWS.encode(encoding)
    end = data.index(b"\n") + 1
    document = read_good(tmp_path, "a.txt", data[:end] + b"\0" + data[end:])
    assert (document.text, document.metadata[NOTES]) == (LONG_NEWS, [NULS])
    document = read_good(tmp_path, "b.txt", data[:end] + b"\xff\n" + data[end:])
    assert document.text.replace("\ufffd\n", "") == LONG_NEWS
    assert "1 damaged characters" in str(document.metadata[NOTES])


def test_what_systems_leave_in_folders_is_passed_over(tmp_path: Path) -> None:
    for name in ("Thumbs.db", "desktop.ini", "a.txt"):
        (tmp_path / name).write_bytes(b"\xd0\xcf")
    files, rejections = find_files([tmp_path])
    assert ([file.source for file in files], rejections) == (["a.txt"], [])
