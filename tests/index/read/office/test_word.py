"""index.read.office.word: what Word shows of a .docx is read, and nothing that it hides."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from office_files import M, R, W, cell, package, paragraph, relations, table, word, workbook, zipped

from index.errors import UnreadableError
from index.read import SourceFile, read_file
from index.read.list_numbers import write_number
from index.read.office import read_word
from index.records import Document, Rejected

STYLES = f"""<w:styles {W}>
<w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val="21"/></w:rPr></w:rPrDefault></w:docDefaults>
<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="t"><w:name w:val="Title"/></w:style>
<w:style w:type="paragraph" w:styleId="h1"><w:name w:val="heading 1"/><w:basedOn w:val="a"/></w:style>
<w:style w:type="paragraph" w:styleId="own"><w:name w:val="云汀正文标题"/><w:basedOn w:val="h1"/></w:style>
<w:style w:type="paragraph" w:styleId="li"><w:name w:val="List"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="toc"><w:name w:val="toc 1"/></w:style>
<w:style w:type="character" w:styleId="gone"><w:name w:val="Hidden"/><w:rPr><w:vanish/></w:rPr></w:style>
</w:styles>"""


def level(number: int, form: str, text: str, more: str = "") -> str:
    return f'<w:lvl w:ilvl="{number}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/>{more}</w:lvl>'


def numbering(levels: Sequence[str], overrides: str = "") -> str:
    return (
        f'<w:numbering {W}><w:abstractNum w:abstractNumId="7">{"".join(levels)}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>'
        f'<w:num w:numId="2"><w:abstractNumId w:val="7"/>{overrides}</w:num></w:numbering>'
    )


def item(text: str, depth: int = 0, list_id: int = 1) -> str:
    return paragraph(text, f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{list_id}"/></w:numPr>')


def read(body: str, **parts: str) -> Document:
    return read_word("a.docx", word(body, **parts))


def run(text: str, look: str = "") -> str:
    return f"<w:r><w:rPr>{look}</w:rPr><w:t>{text}</w:t></w:r>"


def test_struck_hidden_and_deleted_text_is_left_out_and_counted() -> None:
    hidden_style, not_struck = '<w:rStyle w:val="gone"/>', '<w:strike w:val="0"/>'
    body = (
        f"<w:p>{run('总投资')}{run('2980', '<w:strike/>')}{run('3100', '<w:dstrike/>')}{run('3260万元')}"
        f"{run('内部口径', '<w:vanish/>')}{run('秘密', hidden_style)}"
        f"<w:del><w:r><w:delText>旧</w:delText></w:r></w:del><w:ins>{run('。')}</w:ins>{run('完', not_struck)}</w:p>"
    )
    document = read(body, styles=STYLES)
    assert document.text == "总投资3260万元。完"
    assert document.metadata == {"left_out": "2 hidden, 2 struck out"}


def test_a_paragraph_whose_end_is_deleted_goes_on_in_the_next_one() -> None:
    first = f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{run('桥长')}</w:p>"
    assert read(f"{first}{paragraph('638米。')}").text == "桥长638米。"


def test_a_list_whose_numbers_old_programs_do_not_know_is_numbered_as_they_would() -> None:
    mc = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    newer = '<mc:Choice Requires="w14"><w:numFmt w:val="custom" w:format="001, 002"/></mc:Choice>'
    known = '<mc:Fallback><w:numFmt w:val="decimalZero"/></mc:Fallback>'
    lists = numbering(
        [
            f'<w:lvl w:ilvl="0"><mc:AlternateContent {mc}>{newer}{known}</mc:AlternateContent>'
            '<w:lvlText w:val="%1."/></w:lvl>'
        ]
    )
    assert read(item("甲") + item("乙"), numbering=lists).text == "01. 甲\n02. 乙"


def test_a_reading_above_a_character_is_left_out() -> None:
    ruby = f"<w:r><w:ruby><w:rubyPr/><w:rt>{run('biàn')}</w:rt><w:rubyBase>{run('汴')}</w:rubyBase></w:ruby></w:r>"
    assert read(f"<w:p>{ruby}{run('河')}</w:p>").text == "汴河"


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("<m:r><m:t>96.5%</m:t></m:r>", "96.5%"),
        ("<m:f><m:num><m:r><m:t>达标户</m:t></m:r></m:num><m:den><m:r><m:t>总户</m:t></m:r></m:den></m:f>", "达标户/总户"),
        ("<m:f><m:num><m:r><m:t>a+b</m:t></m:r></m:num><m:den><m:r><m:t>2a</m:t></m:r></m:den></m:f>", "(a+b)/(2a)"),
        ("<m:sSup><m:e><m:r><m:t>10</m:t></m:r></m:e><m:sup><m:r><m:t>-3</m:t></m:r></m:sup></m:sSup>", "10⁻³"),
        ("<m:sSup><m:e><m:r><m:t>e</m:t></m:r></m:e><m:sup><m:r><m:t>x+y</m:t></m:r></m:sup></m:sSup>", "e^(x+y)"),
        ("<m:rad><m:deg/><m:e><m:r><m:t>x+1</m:t></m:r></m:e></m:rad>", "√(x+1)"),
        ('<m:nary><m:naryPr><m:chr m:val="∑"/></m:naryPr><m:sub><m:r><m:t>i=1</m:t></m:r></m:sub><m:sup><m:r><m:t>n</m:t></m:r></m:sup>'
         "<m:e><m:r><m:t>x</m:t></m:r></m:e></m:nary>", "∑(i=1, n)x"),
        ('<m:d><m:dPr><m:begChr m:val="["/><m:endChr m:val="]"/></m:dPr><m:e><m:r><m:t>x</m:t></m:r></m:e></m:d>', "[x]"),
    ],
)  # fmt: skip
def test_an_equation_is_read_as_a_line(inside: str, expected: str) -> None:
    assert read(f"<w:p>{run('为')}<m:oMath>{inside}</m:oMath>{run('。')}</w:p>").text == f"为{expected}。"


def test_raised_figures_stay_raised_and_lowered_ones_stand_in_line() -> None:
    up, down = '<w:vertAlign w:val="superscript"/>', '<w:vertAlign w:val="subscript"/>'
    body = f"<w:p>{run('10')}{run('2', up)}{run('公顷CO')}{run('2', down)}{run('1')}{run('st', up)}{run('2')}{run('k', up)}</w:p>"
    assert read(body).text == "10²公顷CO21st2^k"


def test_lists_are_numbered_as_word_shows_them() -> None:
    lists = numbering(
        [level(0, "chineseCountingThousand", "%1、"), level(1, "chineseCounting", "（%2）"), level(2, "decimal", "%3.")]
    )
    body = (
        item("甲")
        + item("乙", 1)
        + item("丙", 1)
        + item("丁", 2)
        + item("戊")
        + item("己", 1)
        + item("", 1)
        + item("庚", 1)
    )
    assert read(body, numbering=lists).text.split("\n") == [
        "一、甲", "（一）乙", "（二）丙", "1. 丁", "二、戊", "（一）己", "（三）庚",
    ]  # fmt: skip


def test_a_list_with_a_start_of_its_own_begins_anew_and_another_goes_on() -> None:
    levels = [level(0, "decimal", "%1."), level(1, "decimal", "%1.%2", "<w:isLgl/>")]
    again = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>'
    body = item("甲") + item("乙", 1) + item("丙", 0, 2) + item("丁", 0, 2)
    assert read(body, numbering=numbering(levels, again)).text == "1. 甲\n1.1 乙\n5. 丙\n6. 丁"
    assert read(body, numbering=numbering(levels)).text == "1. 甲\n1.1 乙\n2. 丙\n3. 丁"


def test_a_style_numbers_its_paragraphs_and_bullets_are_marks() -> None:
    body = paragraph("甲", '<w:pStyle w:val="li"/>') + paragraph("乙", '<w:pStyle w:val="li"/>')
    assert read(body, styles=STYLES, numbering=numbering([level(0, "bullet", "\uf0b7")])).text == "• 甲\n• 乙"
    assert read(body, styles=STYLES, numbering=numbering([level(0, "decimal", "第%1条")])).text == "第1条 甲\n第2条 乙"


def test_a_hidden_item_is_not_counted() -> None:
    hidden = f'<w:p><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>{run("隐", "<w:vanish/>")}</w:p>'
    body = item("甲") + hidden + item("乙")
    assert read(body, numbering=numbering([level(0, "decimal", "%1.")])).text == "1. 甲\n2. 乙"


@pytest.mark.parametrize(
    ("number", "form", "expected"),
    [
        (10, "chineseCounting", "十"), (11, "chineseCounting", "十一"), (20, "chineseCounting", "二十"),
        (105, "chineseCounting", "一百零五"), (110, "chineseCounting", "一百一十"), (1010, "chineseCounting", "一千零一十"),
        (12, "chineseLegalSimplified", "壹拾贰"), (4, "upperRoman", "IV"), (1999, "lowerRoman", "mcmxcix"),
        (28, "lowerLetter", "bb"), (3, "ideographTraditional", "丙"), (7, "decimalEnclosedCircleChinese", "⑦"),
        (21, "decimalEnclosedCircle", "㉑"), (3, "decimalZero", "03"), (2, "none", ""), (5, "unheard-of", "5"), (123456, "upperRoman", "123456"),
    ],
)  # fmt: skip
def test_numbers_are_written_in_words_formats(number: int, form: str, expected: str) -> None:
    assert write_number(number, form) == expected


def test_merged_cells_say_their_value_in_each_row_and_column() -> None:
    begin, goes_on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    body = table(
        [cell("街道"), cell("数量", '<w:gridSpan w:val="2"/>')],
        [cell("松桥", begin), cell("4"), cell("9")],
        [cell("", goes_on), cell("6"), cell("")],
    )
    assert read(body).text == "街道\t数量\t数量\n松桥\t4\t9\n松桥\t6\t"


def test_rows_of_one_cell_stand_above_and_under_their_table() -> None:
    whole = '<w:gridSpan w:val="2"/>'
    body = table(
        [cell("各街道统计表", whole)],
        [cell("街道"), cell("家")],
        [cell("松桥"), cell("9")],
        [cell("注：截至五月", whole)],
    )
    assert read(body).text == "各街道统计表\n街道\t家\n松桥\t9\n注：截至五月"


def test_a_cells_lines_become_one_and_a_table_in_it_follows() -> None:
    inner = table([cell("甲"), cell("1")], [cell("乙"), cell("2")])
    body = table([f"<w:tc>{paragraph('上')}{paragraph('下')}{inner}</w:tc>", cell("右")], [cell("末"), cell("尾")])
    assert read(body).text == "上 下\t右\n末\t尾\n甲\t1\n乙\t2"


def test_a_table_of_one_cell_is_a_frame_around_paragraphs() -> None:
    assert read(table([f"<w:tc>{paragraph('第一段。')}{paragraph('第二段。')}</w:tc>"])).text == "第一段。\n第二段。"


def test_notes_follow_the_paragraph_or_the_table_that_refers_to_them() -> None:
    notes = f'<w:footnotes {W}><w:footnote w:id="2">{paragraph("标准为480元。")}</w:footnote></w:footnotes>'
    ends = f'<w:endnotes {W}><w:endnote w:id="2">{paragraph("见附件。")}</w:endnote></w:endnotes>'
    body = (
        f'<w:p>{run("经费10")}<w:r><w:footnoteReference w:id="2"/></w:r>{run("万元。")}</w:p>{paragraph("次段。")}'
        f'<w:tbl><w:tr><w:tc><w:p>{run("甲")}<w:r><w:endnoteReference w:id="2"/></w:r></w:p></w:tc>{cell("1")}</w:tr>'
        f"<w:tr>{cell('乙')}{cell('2')}</w:tr></w:tbl>"
    )
    assert read(body, footnotes=notes, endnotes=ends).text == (
        "经费10万元。\n注：标准为480元。\n次段。\n甲\t1\n乙\t2\n注：见附件。"
    )


def test_headers_are_beside_the_text_not_in_it() -> None:
    header = f"<w:hdr {W}>{paragraph('云汀报　2024年5月8日 星期三　02版')}</w:hdr>"
    body = paragraph("正文。") + '<w:sectPr><w:headerReference r:id="r1"/></w:sectPr>'
    document = read(body, header=header)
    assert (document.text, document.masthead) == ("正文。", "云汀报　2024年5月8日 星期三　02版")


def test_of_a_field_the_result_is_read_and_of_a_placeholder_nothing() -> None:
    def mark(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    field = f"{mark('begin')}<w:r><w:instrText>DATE</w:instrText></w:r>{run('内')}{mark('separate')}{run('5月8日')}{mark('end')}"
    holder = (
        f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{run('单击此处输入文字')}</w:sdtContent></w:sdt>"
    )
    control = f"<w:sdt><w:sdtContent>{run('开工')}</w:sdtContent></w:sdt>"
    assert read(f"<w:p>{field}{holder}{control}</w:p>").text == "5月8日开工"


def test_a_table_of_contents_is_left_out_and_told() -> None:
    body = paragraph("甲村通路 1", '<w:pStyle w:val="toc"/>') + paragraph("甲村昨日通路。")
    document = read(body, styles=STYLES)
    assert (document.text, document.metadata) == ("甲村昨日通路。", {"left_out": "1 table of contents"})


def test_headings_are_told_by_style_outline_and_looks() -> None:
    body = (
        paragraph("云汀报") + paragraph("甲村通路", '<w:pStyle w:val="own"/>') + paragraph("甲村昨日通路，全长三公里，村民出行更加方便。")
        + paragraph("乙村通水", '<w:outlineLvl w:val="0"/>') + paragraph("乙村昨日通水。" * 9)
        + paragraph("丙村通电", '<w:jc w:val="center"/>') + paragraph("丙村昨日通电。" * 9)
        + paragraph("丁村通网", "", "<w:b/>") + paragraph("丁村昨日通网。" * 9)
        + paragraph("戊村通气", "", '<w:sz w:val="32"/>') + paragraph("戊村昨日通气。" * 9)
        + paragraph("（图为戊村）", '<w:jc w:val="center"/>')
    )  # fmt: skip
    document = read(body, styles=STYLES)
    assert document.title == "甲村通路"
    assert [(one.level, one.kind, document.text[one.start : one.end]) for one in document.headings] == [
        (1, "marked", ""), (1, "marked", "乙村通水"), (7, "styled", "丙村通电"), (7, "styled", "丁村通网"), (7, "styled", "戊村通气"),
    ]  # fmt: skip
    assert document.headings[0].start == len("云汀报\n")


def test_a_strict_file_and_a_main_part_of_another_name_are_read() -> None:
    strict = word(paragraph("甲")).decode("latin-1")
    assert "oclc" not in strict
    old, new = (
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
    data = zipped({
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": relations([("officeDocument", "word/d.xml")]).replace(
            "http://schemas.openxmlformats.org/officeDocument/2006/", "http://purl.oclc.org/ooxml/officeDocument/"),
        "word/d.xml": f"<w:document {W.replace(old, new)}><w:body>{paragraph('严格')}</w:body></w:document>",
    })  # fmt: skip
    assert read_word("a.docx", data).text == "严格"
    assert read_word("a.docx", word(paragraph("另名"), main="doc/main2.xml")).text == "另名"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (workbook({"甲": ""}), "a workbook (.xlsx)"),
        (zipped({"META-INF/container.xml": "<a/>"}), "an e-book (.epub)"),
        (zipped({"a.txt": "甲"}), "another kind of ZIP archive"),
    ],
    ids=["workbook", "e-book", "archive"],
)
def test_what_is_no_word_file_is_named(data: bytes, said: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        read_word("a.docx", data)
    assert caught.value.reason == "wrong_suffix"
    assert said in caught.value.message
    assert (".xlsx" in caught.value.remedy) == ("xlsx" in said)


def test_a_file_that_declares_entities_is_refused() -> None:
    document = (
        f'<!DOCTYPE d [<!ENTITY x "哈">]><w:document {W} {R} {M}><w:body>{paragraph("&x;")}</w:body></w:document>'
    )
    with pytest.raises(UnreadableError, match="DTD"):
        read_word("a.docx", package("w.xml", {"w.xml": document}))


@pytest.mark.parametrize(
    "text",
    [
        "??????（?? ???）????????????????45?，??????870??。",
        "鏈姤璁紙璁拌€呬箶鍗楃诞锛夌櫧娌欏ぇ妗ユ槰澶╄捣灏侀棴妫€淇紝涓烘湡45澶┿€?",
    ],
)
def test_text_that_a_wrong_conversion_damaged_is_refused_in_word_files_too(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(word(paragraph(text)))
    (found,) = read_file(SourceFile(path, "a.docx"))
    assert isinstance(found, Rejected)
    assert found.reason == "encoding"


def test_a_form_is_the_tables_it_is_made_of() -> None:
    def wide(text: str, columns: int) -> str:
        return cell(text, f'<w:gridSpan w:val="{columns}"/>')

    body = table(
        [wide("申请人情况", 12)],
        [wide("姓名", 3), wide("沈禾", 3), wide("性别", 2), wide("女", 4)],
        [wide("籍贯", 3), wide("", 3), wide("民族", 2), wide("汉族", 4)],
        [wide("工作经历", 12)],
        [wide("起止时间", 5), wide("单位", 7)],
        [wide("2019年起", 5), wide("松桥小学", 7)],
    )
    assert read(body).text == (
        "申请人情况\n姓名\t沈禾\t性别\t女\n籍贯\t\t民族\t汉族\n工作经历\n起止时间\t单位\n2019年起\t松桥小学"
    )


def test_a_row_of_one_cell_between_rows_of_the_same_columns_is_in_their_table_once() -> None:
    body = table(
        [cell("学校"), cell("学位"), cell("班级")],
        [cell("城区学校", '<w:gridSpan w:val="3"/>')],
        [cell("松桥小学"), cell("720"), cell("16")],
    )
    assert read(body).text == "学校\t学位\t班级\n城区学校\t\t\n松桥小学\t720\t16"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("一、\t工作目标", "一、 工作目标"),
        ("1.2.2\t办理流程", "1.2.2 办理流程"),
        ("（3）\t携带证件", "（3） 携带证件"),
        ("\t首行用制表符缩进。", "首行用制表符缩进。"),
        ("1.\t松桥\t20", "1.\t松桥\t20"),
        ("1\t松桥", "1\t松桥"),
    ],
)
def test_a_tab_behind_a_typed_number_or_before_a_paragraph_parts_no_cells(typed: str, shown: str) -> None:
    runs = "</w:t><w:tab/><w:t>".join(typed.split("\t"))
    assert read(paragraph("上文。") + paragraph(runs)).text == f"上文。\n{shown}"


def test_sections_with_headers_of_different_days_are_told_apart_in_the_text() -> None:
    headers = {
        name: f"<w:hdr {W}>{paragraph(day)}</w:hdr>"
        for name, day in (("header", "云汀报 2024年5月8日"), ("header2", "云汀报 2024年5月15日"))
    }
    section = '<w:sectPr><w:headerReference r:id="r{}"/></w:sectPr>'
    body = (
        paragraph("泵站昨天完工。") + paragraph("", section.format(1)) + paragraph("学校昨天开工。") + section.format(2)
    )
    parts = {"word/document.xml": f"<w:document {W} {R}><w:body>{body}</w:body></w:document>"}
    parts |= {f"word/{name}.xml": content for name, content in headers.items()}
    parts["word/_rels/document.xml.rels"] = relations([("header", f"{name}.xml") for name in headers])
    document = read_word("a.docx", package("word/document.xml", parts))
    assert document.text == "云汀报 2024年5月8日\n泵站昨天完工。\n云汀报 2024年5月15日\n学校昨天开工。"
    assert document.masthead == ""


def test_a_header_that_all_sections_share_is_beside_the_text() -> None:
    section = '<w:sectPr><w:headerReference r:id="r1"/></w:sectPr>'
    body = paragraph("泵站昨天完工。") + paragraph("", section) + paragraph("学校昨天开工。") + "<w:sectPr/>"
    document = read(body, header=f"<w:hdr {W}>{paragraph('云汀报 2024年5月8日')}</w:hdr>")
    assert (document.text, document.masthead) == ("泵站昨天完工。\n学校昨天开工。", "云汀报 2024年5月8日")
