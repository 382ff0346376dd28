"""Files that try to take a reader's time, memory or secrets: name → content, each made anew, made up for these tests.

`size` 1 gives the short forms; 10 gives them ten times as large.
"""

import gzip
import io
import json
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable

import office_files as office

SECRET = "金库暗号四一九"
"""Stands in a file that no folder given holds; hostile files point at it."""
BODY = "南渡桥今日通车，全长八百三十六米，市民可以免费通行。"

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" Type='
    '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="{}"/></Relationships>'
)


def paragraphs(inside: str, before: str = "") -> str:
    return f"{before}<w:document {_W}><w:body>{inside}</w:body></w:document>"


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def word(document: str | bytes, parts: Iterable[tuple[str, bytes]] = (), target: str = "word/document.xml") -> bytes:
    """Return a Word file with this main part."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", _TYPES)
        package.writestr("_rels/.rels", _RELATIONS.format(target))
        package.writestr("word/document.xml", document)
        for name, data in parts:
            package.writestr(name, data)
    return out.getvalue()


def overlapping(entries: int) -> bytes:
    """Return a Word file whose table of contents names one packed part many times: small packed, large unpacked."""
    whole = word(paragraphs(paragraph("字" * 200_000)))
    start = whole.index(b"PK\x01\x02")
    end = whole.index(b"PK\x05\x06")
    directory = whole[start:end]
    last = directory[directory.rindex(b"PK\x01\x02") :]
    renamed = [last.replace(b"word/document.xml", b"word/d%07d.xml" % number) for number in range(entries)]
    directory += b"".join(renamed)
    tail = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 3 + entries, 3 + entries, len(directory), start, 0)
    return whole[:start] + directory + tail


def lying(stated: int) -> bytes:
    """Return a Word file whose main part is longer than its table of contents says."""
    data = bytearray(word(paragraphs(paragraph("字" * 300_000))))
    entry = data.rindex(b"PK\x01\x02", 0, data.rindex(b"word/document.xml"))
    data[entry + 24 : entry + 28] = struct.pack("<I", stated)
    return bytes(data)


def pdf(*objects: bytes, trailer: bytes = b"<< /Root 1 0 R >>") -> bytes:
    """Return a PDF of these objects, numbered from 1."""
    out, places = bytearray(b"%PDF-1.6\n"), []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(out + b"trailer\n%b\nstartxref\n%d\n%%%%EOF\n" % (trailer, table))


def stream(data: bytes, filters: bytes = b"/FlateDecode", more: bytes = b"") -> bytes:
    return b"<< /Length %d /Filter %b %b >>\nstream\n%b\nendstream" % (len(data), filters, more, data)


CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
ONE_PAGE = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
PAGE = (
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
    b"/Resources << /Font << /F 5 0 R >> /XObject << /X 6 0 R >> >> >>"
)
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
HELLO = b"BT /F 12 Tf 50 700 Td (bridge opened) Tj ET"


def page_of(contents: bytes, *more: bytes, page: bytes = PAGE, font: bytes = FONT) -> bytes:
    """Return a PDF of one page with this stream of contents."""
    return pdf(CATALOG, ONE_PAGE, page, contents, font, *more)


def packed(data: bytes, times: int = 1) -> bytes:
    for _ in range(times):
        data = zlib.compress(data, 9)
    return data


def lzw(blanks: int) -> bytes:
    """Return LZW data that unpack to so many blanks: ever longer runs, the codes of 9 to 12 bits, then cleared."""
    bits: list[tuple[int, int]] = [(256, 9)]
    made, code, width = 0, 258, 9
    bits.append((32, width))
    made, run = 1, 1
    while made < blanks:
        bits.append((code, width))
        run += 1
        made += run
        code += 1
        width = 9 if code < 511 else 10 if code < 1023 else 11 if code < 2047 else 12
        if code >= 4093:
            bits += [(256, 12), (32, 9)]
            made, run, code, width = made + 1, 1, 258, 9
    bits.append((257, width))
    number = 0
    out = bytearray()
    held = 0
    for value, size in bits:
        number = (number << size) | value
        held += size
        while held >= 8:
            held -= 8
            out.append(number >> held & 255)
            number &= (1 << held) - 1
    return bytes(out + bytes([number << (8 - held) & 255]))


def line_of(name: str) -> bytes:
    return json.dumps({"_id": name, "text": BODY}).encode() + b"\n"


def hostile_office_files(n: int, entity: str, laughs: str) -> dict[str, Callable[[], bytes]]:
    """Return name → what makes a Word file, workbook, presentation or page that is after the reader's time or memory."""
    levels = f'<w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/><w:lvlText w:val="{"%1" * 9999}"/></w:lvl>' * 300
    merged = '<mergeCell ref="A1:XFD1048576"/>' * 40_000
    wide = f'<c r="XFD1"><v>1</v></c>{"<c/>" * 300_000 * n}'
    diagonal = "".join(
        f'<row r="{i}"><c r="{chr(65 + i % 26)}{chr(65 + i // 26 % 26)}{i}"/></row>' for i in range(9000)
    )
    filled = f'<row r="1"><c r="A1" t="inlineStr"><is><t>{"字" * 20_000}</t></is></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    spans = '<w:tr><w:tc><w:tcPr><w:gridSpan w:val="9999"/></w:tcPr><w:p/></w:tc></w:tr>' * 20_000 * n
    long_cell = f"<w:tc>{paragraph('字' * 60_000)}</w:tc>" + "<w:tc><w:p/></w:tc>"
    down = "<w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc><w:tc><w:p/></w:tc></w:tr>" * 20_000
    return {
        "spans.docx": lambda: office.word(f"<w:tbl>{spans}</w:tbl>"),
        "long cell in each row.docx": lambda: office.word(f"<w:tbl><w:tr>{long_cell}</w:tr>{down}</w:tbl>"),
        "ends hidden.docx": lambda: office.word(
            f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{paragraph('字')}</w:p>" * 30_000 * n
        ),
        "lists.docx": lambda: office.word(
            "".join(
                f'<w:p><w:pPr><w:numPr><w:numId w:val="{i}"/></w:numPr></w:pPr><w:r><w:t>字</w:t></w:r></w:p>'
                for i in range(6000)
            ),
            numbering=f'<w:numbering {office.W}><w:abstractNum w:abstractNumId="1">{levels}</w:abstractNum>'
            + "".join(f'<w:num w:numId="{i}"><w:abstractNumId w:val="1"/></w:num>' for i in range(6000))
            + "</w:numbering>",
        ),
        "styles in a circle.docx": lambda: office.word(
            office.paragraph("字", '<w:pStyle w:val="a"/>'),
            styles=f'<w:styles {office.W}><w:style w:styleId="a"><w:basedOn w:val="b"/></w:style>'
            '<w:style w:styleId="b"><w:basedOn w:val="a"/></w:style></w:styles>',
        ),
        "note of itself.docx": lambda: office.word(
            '<w:p><w:r><w:footnoteReference w:id="1"/></w:r></w:p>' + paragraph(BODY),
            footnotes=f'<w:footnotes {office.W}><w:footnote w:id="1"><w:p><w:r><w:t>注</w:t><w:footnoteReference w:id="1"/>'
            "</w:r></w:p></w:footnote></w:footnotes>",
        ),
        "deep equation.docx": lambda: office.word("<w:p><m:oMath>" + "<m:e>" * 200 + "</m:e>" * 200 + "</m:oMath></w:p>"),
        "laughs.xlsx": lambda: office.package("xl/workbook.xml", {
            "xl/workbook.xml": f'<!DOCTYPE d [<!ENTITY l0 "哈">{laughs}]><workbook {office.S}><a>&l9;</a></workbook>'
        }),
        "laughs in a sheet.xlsx": lambda: _with_sheet(f'<!DOCTYPE d [<!ENTITY l0 "哈">{laughs}]>', "&l9;"),
        "entity in a sheet.xlsx": lambda: _with_sheet(entity, "&x;"),
        "empty columns.xlsx": lambda: office.workbook({"a": f'<sheetData><row r="1">{wide}</row></sheetData>'}),
        "diagonal.xlsx": lambda: office.workbook({"a": f"<sheetData>{diagonal.replace('/></row>', '><v>1</v></c></row>')}</sheetData>"}),
        "merged whole.xlsx": lambda: office.workbook({"a": f"<sheetData>{filled}</sheetData><mergeCells>{merged}</mergeCells>"}),
        "hundred thousand merges.xlsx": lambda: office.workbook({"a": f"<sheetData>{filled}</sheetData><mergeCells>{merged * 3}</mergeCells>"}),
        "hidden columns.xlsx": lambda: office.workbook({
            "a": "<cols>" + '<col min="2" max="3" hidden="1"/>' * 50_000 + "</cols><sheetData>"
            + "".join(f'<row r="{i}"><c r="A{i}"><v>{i}</v></c></row>' for i in range(1, 9000 * n)) + "</sheetData>"
        }),
        "sheet bomb.xlsx": lambda: office.workbook({"a": " " * 30_000_000}),
        "many sheets.xlsx": lambda: office.workbook({f"s{i}": office.rows(["字", i]) for i in range(900)}),
        "a program.xlsx": lambda: b"PK\3\4" + bytes(9000),
        "slides in a circle.pptx": lambda: office.slides(*[office.shape("字")] * 2).replace(b"slide2", b"slide1"),
        "deep groups.pptx": lambda: office.slides("<p:grpSp>" * 200 + office.shape(BODY) + "</p:grpSp>" * 200),
        "many shapes.pptx": lambda: office.slides(office.shape("字") * 30_000 * n),
        "texts.ofd": lambda: office.ofd(office.ofd_text(1, 1, "字") * 40_000 * n),
        "numbers.ofd": lambda: office.ofd(
            f'<ofd:TextObject Boundary="1e99 -1 nan 1" Size="1e-300"><ofd:TextCode DeltaX="{"g 999999 9 " * 9999}">字</ofd:TextCode></ofd:TextObject>'
        ),
        "pages in a circle.ofd": lambda: office.ofd("").replace(b"Pages/0.xml", b"Document.xml"),
        "chain in a circle.doc": lambda: _circle(office.old_word(BODY)),
        "noise.doc": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + random.Random(3).randbytes(200_000),
        "length that lies.doc": lambda: office.old_word(BODY).replace(struct.pack("<I", len(BODY)), b"\xff\xff\xff\x7f"),
        "groups.rtf": lambda: b"{\\rtf1 " + b"{" * 500_000 * n,
        "words.rtf": lambda: b"{\\rtf1 " + b"\\b\\i0 " * 200_000 * n + b"x}",
        "picture.rtf": lambda: b"{\\rtf1{\\pict " + b"0f" * 4_000_000 + b"}" + b"bridge opened}",
        "cells.csv": lambda: b"a," * 300_000 * n + b"b",
        "quote left open.csv": lambda: b'a,b\n"' + b"x,\n" * 400_000 * n,
        "rows.csv": lambda: "甲,乙\n".encode() * 60_000 * n,
        "parts.mht": lambda: b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\nContent-Type: text/plain\n\nx\n" * 50_000,
        "deep parts.mht": lambda: b"".join(
            b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (i, i) for i in range(2000)
        ),
    }  # fmt: skip


def _with_sheet(doctype: str, text: str) -> bytes:
    """Return a workbook whose sheet begins with this document type."""
    sheet = f'<worksheet {office.S}><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>甲{text}</t></is></c></row></sheetData></worksheet>'
    return office.package("xl/workbook.xml", {
        "xl/workbook.xml": f'<workbook {office.S} {office.R}><sheets><sheet name="a" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": office.relations([("worksheet", "s.xml")]),
        "xl/s.xml": doctype + sheet,
    })  # fmt: skip


def _circle(data: bytes) -> bytes:
    """Return a compound file whose every sector is followed by the third."""
    return data[:512] + struct.pack("<I", 3) * 128 + data[1024:]


def hostile_files(secret_url: str, size: int = 1) -> dict[str, Callable[[], bytes]]:
    """Return name → what makes the file.

    Args:
        secret_url: of the file with the secret.
        size: 1 for the short forms.
    """
    n = size
    noise = random.Random(17)
    entity = f'<!DOCTYPE d [<!ENTITY x SYSTEM "{secret_url}">]>'
    laughs = "".join(f'<!ENTITY l{level + 1} "{f"&l{level};" * 10}">' for level in range(9))
    return {
        # Word
        "entity of a file.docx": lambda: word(paragraphs(paragraph("甲&x;乙"), entity)),
        "parameter entity.docx": lambda: word(
            paragraphs(paragraph("甲"), f'<!DOCTYPE d [<!ENTITY % p SYSTEM "{secret_url}"> %p;]>')
        ),
        "entity in UTF-16.docx": lambda: word(
            ('<?xml version="1.0" encoding="UTF-16"?>' + paragraphs(paragraph("甲&x;乙"), entity)).encode("utf-16")
        ),
        "laughs.docx": lambda: word(paragraphs(paragraph("&l9;"), f'<!DOCTYPE d [<!ENTITY l0 "哈">{laughs}]>')),
        "quadratic entity.docx": lambda: word(
            paragraphs(paragraph("&a;" * 1000 * n), f'<!DOCTYPE d [<!ENTITY a "{"哈" * 20_000}">]>')
        ),
        "deep runs.docx": lambda: word(paragraphs("<w:p>" * 5000 * n + "</w:p>" * 5000 * n)),
        "deep tables.docx": lambda: word(paragraphs("<w:tbl><w:tr><w:tc>" * 400 + "</w:tc></w:tr></w:tbl>" * 400)),
        "nested text boxes.docx": lambda: word(
            paragraphs("<w:p><w:txbxContent>" * 100 + paragraph("深") + "</w:txbxContent></w:p>" * 100)
        ),
        "flat bomb.docx": lambda: word(paragraphs(paragraph("字" * 9_000_000))),
        "picture bomb.docx": lambda: word(paragraphs(paragraph("字")), [("word/media/a.png", bytes(140 << 20))]),
        "too many parts.docx": lambda: word(paragraphs(paragraph("字")), ((f"p/{i}", b"") for i in range(2100))),
        "many paragraphs.docx": lambda: word(paragraphs(paragraph("段") * 60_000 * n)),
        "names that climb.docx": lambda: word(paragraphs(paragraph(BODY)), [("../../climbed.txt", b"x")]),
        "overlapping parts.docx": lambda: overlapping(300),
        "size that lies.docx": lambda: lying(100),
        "zip in zip.docx": lambda: word(paragraphs(paragraph(BODY)), [("word/a.zip", word("x"))]),
        "main part elsewhere.docx": lambda: word(paragraphs(paragraph("字")), target=secret_url),
        "main part above.docx": lambda: word(paragraphs(paragraph("字")), target="../../../secret.txt"),
        "cut.docx": lambda: word(paragraphs(paragraph(BODY)))[:-30],
        "no parts.docx": lambda: b"PK\x05\x06" + bytes(18),
        "attributes.docx": lambda: word(paragraphs("<w:p " + " ".join(f"a{i}='1'" for i in range(50_000 * n)) + "/>")),
        **hostile_office_files(n, entity, laughs),
        # gzip
        "bomb.txt.gz": lambda: gzip.compress(bytes(40_000_000 * n), 9),
        "bomb.html.gz": lambda: gzip.compress(b"<p>" * 8_000_000, 9),
        "bomb of lines.jsonl.gz": lambda: gzip.compress(b"\n" * 30_000_000, 9),
        "one long line.jsonl.gz": lambda: gzip.compress(b"x" * 30_000_000 * n, 9),
        "gzip in gzip.txt.gz": lambda: gzip.compress(gzip.compress(BODY.encode())),
        "many members.txt.gz": lambda: gzip.compress(b"") * 20_000 * n + gzip.compress(BODY.encode()),
        "tail.txt.gz": lambda: gzip.compress(BODY.encode()) + b"tail" * 50,
        "cut.txt.gz": lambda: gzip.compress(BODY.encode() * 500)[:-9],
        "wrong sum.txt.gz": lambda: gzip.compress(BODY.encode())[:-8] + b"\1" * 8,
        "no gzip.txt.gz": lambda: BODY.encode(),
        # PDF
        "flate bomb.pdf": lambda: page_of(stream(packed(b" " * 100_000_000 * n))),
        "flate chain.pdf": lambda: page_of(
            stream(packed(b" " * 40_000_000, 3), b"[/FlateDecode /FlateDecode /FlateDecode]")
        ),
        "lzw bomb.pdf": lambda: page_of(stream(lzw(3_000_000 * n), b"/LZWDecode")),
        "run length chain.pdf": lambda: page_of(
            stream(packed(b"\x81 " * 1_000_000 * n + b"\x80"), b"[/FlateDecode /RunLengthDecode]")
        ),
        "hex chain.pdf": lambda: page_of(stream(b"20" * 500_000 + b">", b"[" + b"/ASCIIHexDecode " * 40 + b"]")),
        "unknown filters.pdf": lambda: page_of(stream(b"x", b"[" + b"/FlateDecode " * 3000 + b"]")),
        "text bomb.pdf": lambda: page_of(
            stream(packed(b"BT /F 1 Tf " + b"(abcdefgh) Tj 1 0 Td " * 600_000 * n + b"ET"))
        ),
        "tiny texts.pdf": lambda: page_of(stream(packed(b"BT /F 1 Tf 9 9 Td (a) Tj ET " * 20_000 * n))),
        "pages in a circle.pdf": lambda: pdf(
            CATALOG, b"<< /Type /Pages /Kids [2 0 R 3 0 R] /Count 2 >>", PAGE, stream(packed(HELLO)), FONT
        ),
        "parent in a circle.pdf": lambda: page_of(stream(packed(HELLO)), page=PAGE.replace(b"2 0 R", b"3 0 R", 1)),
        "count that lies.pdf": lambda: pdf(
            CATALOG, b"<< /Type /Pages /Kids [3 0 R] /Count 99999999 >>", PAGE, stream(packed(HELLO)), FONT
        ),
        "very many pages.pdf": lambda: pdf(
            CATALOG,
            b"<< /Type /Pages /Count 50000 /Kids [" + b"3 0 R " * 50_000 + b"] >>",
            PAGE,
            stream(packed(HELLO)),
            FONT,
        ),
        "form in itself.pdf": lambda: page_of(
            stream(packed(b"/X Do")),
            stream(
                packed(b"/X Do /X Do"),
                more=b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 6 0 R >> >>",
            ),
        ),
        "table in a circle.pdf": lambda: (
            b"%PDF-1.4\nxref\n0 1\n0000000000 65535 f \ntrailer\n<< /Prev 9 /Root 1 0 R >>\nstartxref\n9\n%%EOF"
        ),
        "table stream in a circle.pdf": lambda: pdf(
            stream(packed(bytes(40)), more=b"/Type /XRef /Size 9 /W [1 2 1] /Root 1 0 R /Prev 9"), CATALOG
        ),
        "object stream of itself.pdf": lambda: page_of(
            stream(packed(b"6 0 7 0"), more=b"/Type /ObjStm /N 99999999 /First 7 /Extends 4 0 R")
        ),
        "deep arrays.pdf": lambda: page_of(stream(packed(HELLO)), b"[" * 100_000 * n),
        "deep dictionaries.pdf": lambda: page_of(stream(packed(HELLO)), b"<< /A " * 50_000 * n),
        "deep states.pdf": lambda: page_of(stream(packed(b"q " * 500_000 * n + HELLO))),
        "sheet of any size.pdf": lambda: page_of(stream(packed(HELLO)), page=PAGE.replace(b"595 842", b"1e38 1e38")),
        "picture of any size.pdf": lambda: page_of(
            stream(packed(b"/X Do")),
            stream(packed(bytes(9)), more=b"/Subtype /Image /Width 2000000000 /Height 2000000000 /BitsPerComponent 8"),
        ),
        "inline picture.pdf": lambda: page_of(
            stream(packed(b"BI /W 99999 /H 99999 /BPC 8 /CS /G ID " + bytes(200_000) + b" EI " + HELLO))
        ),
        "map of characters.pdf": lambda: page_of(
            stream(packed(HELLO)),
            stream(packed(b"1 begincodespacerange <00> <ff> endcodespacerange\n" + b"<00> <ffff> <0000>\n" * 300_000)),
            font=FONT.replace(b">>", b"/ToUnicode 6 0 R >>"),
        ),
        "head only.pdf": lambda: b"%PDF-1.7\n",
        "noise.pdf": lambda: b"%PDF-1.7\n" + noise.randbytes(200_000),
        "cut.pdf": lambda: page_of(stream(packed(HELLO)))[:300],
        # web pages
        "deep.html": lambda: b"<div>" * 100_000 * n + BODY.encode(),
        "styles left open.html": lambda: b"<b><i><u><s>" * 200 + f"<p>{BODY}".encode() * 5000 * n,
        "attributes.html": lambda: b"<p " + b"a=1 " * 500_000 * n + b">x</p>",
        "attributes of many.html": lambda: b"<p a=1 b=2 c=3 d=4>x" * 190_000,
        "entities.html": lambda: b"<p>" + b"&amp;&nbsp;&#x3400;" * 60_000 * n,
        "comments left open.html": lambda: b"<!--" * 500_000,
        "angles.html": lambda: b"<" * 1_000_000 * n,
        "tables.html": lambda: b"<table><tr><td>" * 10_000 * n,
        "forms in forms.html": lambda: b"<form><select><option><button>" * 20_000 + BODY.encode(),
        "drawings.html": lambda: b"<svg><foreignObject><math><mtext>" * 5000 + BODY.encode(),
        "picture inside.html": lambda: f"<p>{BODY}</p><img src='data:{'A' * 5_000_000}'>".encode(),
        "scripts.html": lambda: b"<script>" + b"</script " * 300_000 + BODY.encode(),
        "charset that lies.html": lambda: f"<meta charset=utf-7><p>{BODY}</p>".encode(),
        # JSON
        "deep.json": lambda: b"[" * 500_000 * n,
        "deep objects.jsonl": lambda: b'{"_id": "a", "text": ' + b'{"a":' * 50_000 + b"1" + b"}" * 50_001,
        "large number.jsonl": lambda: b'{"_id": ' + b"9" * 100_000 + b', "text": "x"}\n',
        "endless number.jsonl": lambda: b'{"_id": "a", "text": "x", "n": 1e999999}\n',
        "large number beside.jsonl": lambda: f'{{"_id": "a", "text": "{BODY}", "n": {"7" * 60}}}\n'.encode(),
        "same key.jsonl": lambda: f'{{"_id": "a", "text": "甲", "text": "{BODY}"}}\n'.encode(),
        "half a pair.jsonl": lambda: b'{"_id": "a", "text": "\\ud83d"}\n',
        "very many keys.jsonl": lambda: json.dumps({"text": BODY, **{f"k{i}": i for i in range(100_000)}}).encode(),
        "long line.jsonl": lambda: b'{"_id": "a", "text": "' + b"x" * (5 << 20) + b'"}\n' + line_of("b"),
        "NUL.jsonl": lambda: line_of("a") + b"\0" * 100_000 + b"\n",
        "one object.json": lambda: b'{"text": "' + BODY.encode() * 20_000 * n + b'"}',
        # text
        "one character a line.txt": lambda: "短\n".encode() * 30_000 * n,
        "one line.txt": lambda: "这里没有任何标点".encode() * 20_000 * n,
        "newlines.txt": lambda: b"\n" * 3_000_000 * n,
        "wide blanks.txt": lambda: "\u3000".encode() * 500_000 * n,
        "digits.txt": lambda: b"1" * 200_000 * n,
        "days.txt": lambda: "2023年1月1日".encode() * 8_000 * n,
        "brackets.txt": lambda: "（《".encode() * 50_000 * n,
        "marks on a letter.txt": lambda: (BODY + "e" + "\u0301" * 200_000 * n).encode(),
        "marks of direction.txt": lambda: ("\u202e\u2066" * 100_000 * n + BODY).encode(),
        "invalid UTF-8.txt": lambda: BODY.encode() * 100 + b"\xff\xfe\xc0\x80" * 1000,
        "UTF-16 of odd length.txt": lambda: b"\xff\xfe" + BODY.encode("utf-16-le") + b"\x01",
        "two encodings.txt": lambda: BODY.encode("gb18030") * 2000 + BODY.encode() * 2000,
        "NUL.txt": lambda: BODY.encode() + b"\0" * 1_000_000,
        "noise.txt": lambda: noise.randbytes(1_000_000 * n),
        "a zip.txt": lambda: word(paragraphs(paragraph(BODY))),
        "a pdf.txt": lambda: page_of(stream(packed(HELLO))),
        "a zip after a pdf.pdf": lambda: page_of(stream(packed(HELLO))) + word(paragraphs(paragraph(BODY))),
        "a pdf before a zip.docx": lambda: page_of(stream(packed(HELLO))) + word(paragraphs(paragraph(BODY))),
        "a program.pdf": lambda: b"MZ" + noise.randbytes(3000),
        "front matter.md": lambda: b"---\n" + b"a: b\n" * 50_000 * n + b"---\n" + BODY.encode(),
        "quotes in quotes.md": lambda: b">" * 50_000 * n + b"\n" + b"- " * 20_000 + b"\n" + b"`" * 50_000,
        "headings.md": lambda: b"# " * 100_000 * n + b"\n" + BODY.encode(),
    }
