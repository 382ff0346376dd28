"""index.read.office.workbook: sheets as the tables that Excel shows."""

import pytest
from office_files import rows, workbook

from index.errors import UnreadableError
from index.read.office import read_workbook
from index.read.office.number_formats import show_number
from index.records import Document


def read(sheets: dict[str, str], **more: object) -> Document:
    return read_workbook("a.xlsx", workbook(sheets, **more))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("raw", "code", "shown"),
    [
        ("45420", "yyyy-mm-dd", "2024-05-08"), ("45420", 'yyyy"年"m"月"d"日";@', "2024年5月8日"), ("45420.5", "yyyy/m/d h:mm", "2024/5/8 12:00"),
        ("45420", "[$-804]aaaa", "星期三"), ("0.5", "h:mm AM/PM", "12:00 PM"), ("1.5", "[h]:mm", "36:00"), ("0.000694", "mm:ss", "01:00"),
        ("0.875", "0.0%", "87.5%"), ("0.1", "0%", "10%"), ("1234567.891", "#,##0.00", "1,234,567.89"), ("3260", '0"万元"', "3260万元"),
        ("-5", "0.0;[Red](0.0)", "(5.0)"), ("-5", "0", "-5"), ("0.30000000000000004", "General", "0.3"), ("2.5", "0", "3"),
        ("1234567", "0.0,", "1234.6"), ("7", "000", "007"), ("3", '"第"0"名"', "第3名"), ("12345678901234", "", "12345678901234"),
        ("1.5", "# ?/?", "1.5"), ("abc", "0", "abc"), ("1e400", "0.00", "1e400"), ("99999999", "yyyy-mm-dd", "99999999"), ("0.05", "#.##", "0.05"),
        ("5", "¥#,##0", "¥5"), ("0", "0;-0;;@", "0"),
    ],
)  # fmt: skip
def test_a_number_is_shown_as_its_format_says(raw: str, code: str, shown: str) -> None:
    assert show_number(raw, code) == shown


def test_a_sheet_is_a_table_under_its_caption() -> None:
    document = read({"统计": rows(["各街道助餐点"], ["街道", "家"], ["松桥", 9], ["柳渡", 11], ["注：截至五月"])})
    assert document.title == "各街道助餐点"
    assert document.text == "街道\t家\n松桥\t9\n柳渡\t11\n注：截至五月"


def test_each_of_several_sheets_has_its_name_above_it() -> None:
    document = read({"养老": rows(["街道", "家"], ["松桥", 4]), "助餐": rows(["街道", "家"], ["松桥", 9])})
    assert document.title == "养老"
    assert document.text == "街道\t家\n松桥\t4\n助餐\n街道\t家\n松桥\t9"
    told = [(one.kind, document.text[one.start : one.end]) for one in document.headings]
    assert told == [("article", ""), ("marked", ""), ("article", ""), ("marked", "助餐")]
    assert document.headings[2].start == document.headings[3].start


def test_merged_cells_say_their_value_in_each_that_they_cover() -> None:
    inside = rows(["街道", "2024年", ""], ["松桥", 4, 9], ["", 6, 7]) + (
        '<mergeCells><mergeCell ref="B1:C1"/><mergeCell ref="A2:A3"/></mergeCells>'
    )
    assert read({"表": inside}).text == "街道\t2024年\t2024年\n松桥\t4\t9\n松桥\t6\t7"


def test_what_is_hidden_or_struck_out_is_left_out_and_counted() -> None:
    inside = '<cols><col min="3" max="3" hidden="1"/></cols>' + rows(
        ["街道", "家", "密"], ["松桥", 9, 1], ["柳渡", 8, 1]
    ).replace('<row r="3"', '<row r="3" hidden="1"')
    styles = "<fonts><font/><font><strike/></font></fonts><cellXfs><xf fontId='0'/><xf fontId='1'/></cellXfs>"
    struck = inside.replace('<c r="B2">', '<c r="B2" s="1">')
    document = read({"表": struck, "底稿": rows(["内部"])}, styles=styles, states={"底稿": "hidden"})
    assert document.text == "街道\t家\n松桥\t"
    assert document.metadata == {"left_out": "1 hidden row, 1 hidden sheet, 1 struck-out cell"}


def test_strings_formulas_and_dates_are_read_as_saved() -> None:
    strings = "<si><t>街道</t></si><si><r><rPr><strike/></rPr><t>旧</t></r><r><t>新</t></r><rPh><t>xin</t></rPh></si>"
    styles = "<cellXfs><xf/><xf numFmtId='14'/></cellXfs>"
    cells = (
        '<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row><row r="2"><c r="A2" s="1"><v>45420</v></c>'
        '<c r="B2"><f>SUM(C1:C9)</f><v>12</v></c><c r="C2" t="str"><f>A1</f><v>合</v></c><c r="D2" t="b"><v>1</v></c></row></sheetData>'
    )
    assert read({"表": cells}, strings=strings, styles=styles).text == "街道\t新\t\t\n2024-05-08\t12\t合\tTRUE"


def test_empty_columns_and_far_cells_take_no_room() -> None:
    cells = '<sheetData><row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>2</v></c></row><row r="1048576"><c r="B1048576"><v>3</v></c></row></sheetData>'
    merged = '<mergeCells><mergeCell ref="C1:XFC1"/></mergeCells>'
    assert read({"表": cells + merged}).text == "1\t2\n3"


def test_a_table_that_would_fill_the_memory_is_refused() -> None:
    def letters(column: int) -> str:
        return chr(65 + column // 676 % 26) + chr(65 + column // 26 % 26) + chr(65 + column % 26)

    diagonal = "".join(f'<row r="{n}"><c r="{letters(n)}{n}"><v>1</v></c></row>' for n in range(1, 2000))
    with pytest.raises(UnreadableError, match="table"):
        read({"表": f"<sheetData>{diagonal}</sheetData>"})
    merges = '<mergeCell ref="A1:A1048576"/>' * 60_000
    with pytest.raises(UnreadableError, match="merged"):
        read({"表": f"{rows(['甲'])}<mergeCells>{merges}</mergeCells>"})


def test_a_book_without_text_is_refused() -> None:
    with pytest.raises(UnreadableError, match="no visible sheet"):
        read({"表": "<sheetData/>"})
