"""index.read.office.old_word: .doc and .wps, and what else bears these suffixes."""

import pytest
from office_files import compound, old_word, paragraph, word

from index.errors import UnreadableError
from index.read.office import read_old_word


def test_paragraphs_fields_and_breaks_are_read() -> None:
    body = "云汀区通水\r全长\x13 PAGE \x14三\x15公里。\x0b次行\x1f。\x0c下页\r"
    assert read_old_word("a.doc", old_word(body)).text == "云汀区通水\n全长三公里。\n次行。\n下页"


def test_struck_out_text_is_left_out() -> None:
    assert read_old_word("a.wps", old_word("总投资2980万3260万元\r", hidden=(3, 8))).text == "总投资3260万元"


def test_rows_of_a_table_are_lines() -> None:
    rows = ["街道\x07家\x07\x07", "松桥\r东\x07\x07\x07"]
    body = f"表前\r{''.join(rows)}表后\r"
    ends = [3 + len(rows[0]), 3 + len(rows[0]) + len(rows[1])]
    document = read_old_word("a.doc", old_word(body, in_table=[(3, ends[0]), (ends[0], ends[1])]))
    assert document.text == "表前\n街道\t家\n松桥 东\t\n表后"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (word(paragraph("甲")), "甲"),
        (rb"{\rtf1\ansi\ansicpg936 \'bc\'d7}", "甲"),
        ("<html><body><p>甲乙丙丁</p></body></html>".encode(), "甲乙丙丁"),
    ],
    ids=["docx", "rtf", "html"],
)
def test_another_format_of_this_suffix_is_read_as_what_it_is(data: bytes, text: str) -> None:
    assert read_old_word("a.doc", data).text == text


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (old_word("甲\r", flags=0x0300), "encrypted"),
        (old_word("\r"), "no_text"),
        (compound({"Workbook": b"x"}), "wrong_suffix"),
        (compound({"WordDocument": b"x"}), "corrupt"),
        (old_word("甲\r")[:700], "wrong_suffix"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 2000, "corrupt"),
        (b"plain", "wrong_suffix"),
    ],
    ids=["password", "empty", "workbook", "cut main stream", "cut file", "noise", "text"],
)
def test_what_cannot_be_read_is_refused_with_its_reason(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        read_old_word("a.doc", data)
    assert caught.value.reason == reason
