"""index.read.office.slides and ofd: slides and fixed pages."""

import pytest
from office_files import ofd, ofd_text, shape, slides, zipped

from index.errors import UnreadableError
from index.read.office import read_ofd, read_slides


def test_slides_come_in_order_with_titles_numbers_tables_and_notes() -> None:
    numbered = '<a:p><a:pPr><a:buAutoNum type="ea1ChsPeriod"/></a:pPr><a:r><a:t>{}</a:t></a:r></a:p>'
    struck = '<a:p><a:r><a:rPr strike="sngStrike"/><a:t>旧</a:t></a:r><a:r><a:t>新</a:t></a:r></a:p>'
    cells = "<a:tr><a:tc{}><a:txBody><a:p><a:r><a:t>{}</a:t></a:r></a:p></a:txBody></a:tc><a:tc><a:txBody><a:p><a:r><a:t>{}</a:t></a:r></a:p></a:txBody></a:tc></a:tr>"
    grid = (
        "<a:tbl>"
        + cells.format("", "街道", "家")
        + cells.format("", "松桥", "4")
        + cells.format(' vMerge="1"', "", "9")
        + "</a:tbl>"
    )
    data = slides(
        shape("通水工程", kind="ctrTitle") + shape("全长三公里。") + shape("5", kind="sldNum"),
        shape("进度", kind="title") + shape(numbered.format("甲"), numbered.format("乙"), struck) + grid,
        'show="0">' + shape("底稿"),
        notes=shape("先讲总投资。"),
    )
    document = read_slides("a.pptx", data)
    assert document.title == "通水工程"
    assert document.text == "全长三公里。\n备注：先讲总投资。\n进度\n一、甲\n二、乙\n新\n街道\t家\n松桥\t4\n松桥\t9"
    assert [document.text[one.start : one.end] for one in document.headings] == ["", "进度"]
    assert document.metadata == {"left_out": "1 hidden slide, 1 struck out"}


def test_slides_of_pictures_are_refused() -> None:
    with pytest.raises(UnreadableError, match="no text"):
        read_slides("a.pptx", slides("<p:pic/>"))


def test_the_lines_of_fixed_pages_come_from_top_to_bottom() -> None:
    first = ofd_text(20, 40, "第二行。") + ofd_text(20, 20, "松桥") + ofd_text(31, 20, "街道") + ofd_text(90, 20, "9家")
    document = read_ofd("a.ofd", ofd(first, ofd_text(20, 20, "次页")))
    assert (document.text, document.layout) == ("松桥街道\t9家\n第二行。\f次页", "page")


def test_a_protected_or_scanned_page_is_refused_with_the_reason() -> None:
    with pytest.raises(UnreadableError, match="password"):
        read_ofd("a.ofd", zipped({"OFD.xml": "<a/>", "Encryptions.xml": "<a/>"}))
    with pytest.raises(UnreadableError, match="scanned"):
        read_ofd("a.ofd", ofd(""))
