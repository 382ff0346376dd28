"""Office files made up for the tests, from raw XML: what Word, Excel, PowerPoint and OFD programs write, no more."""

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
M = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()


def relations(targets: Sequence[tuple[str, str]]) -> str:
    """Return a part with relationships r1, r2 … of these kinds to these targets."""
    items = "".join(
        f'<Relationship Id="r{number}" Type="{RELATION}{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    )
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{items}</Relationships>'
    )


def package(main: str, parts: Mapping[str, str | bytes]) -> bytes:
    """Return an Office file whose main part has this name."""
    return zipped({"[Content_Types].xml": "<Types/>", "_rels/.rels": relations([("officeDocument", main)]), **parts})


def paragraph(text: str, properties: str = "", look: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr>{look}</w:rPr><w:t>{text}</w:t></w:r></w:p>"


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(text)}</w:tc>"


def table(*rows: Sequence[str]) -> str:
    return "<w:tbl>" + "".join(f"<w:tr>{''.join(row)}</w:tr>" for row in rows) + "</w:tbl>"


def word(body: str, main: str = "word/document.xml", **parts: str) -> bytes:
    """Return a Word file.

    Args:
        parts: kind of relationship → content: styles, numbering, footnotes, endnotes, header; r1, r2 … in this order.
    """
    folder, _slash, name = main.rpartition("/")
    return package(main, {
        main: f"<w:document {W} {R} {M}><w:body>{body}</w:body></w:document>",
        f"{folder}/_rels/{name}.rels": relations([(kind, f"{kind}.xml") for kind in parts]),
        **{f"{folder}/{kind}.xml": content for kind, content in parts.items()},
    })  # fmt: skip


def workbook(
    sheets: Mapping[str, str], strings: str = "", styles: str = "", states: Mapping[str, str] | None = None
) -> bytes:
    """Return a workbook.

    Args:
        sheets: name → what its part holds inside `<worksheet>`.
        states: name → "hidden".
    """
    targets = [("worksheet", f"sheet{number}.xml") for number in range(1, len(sheets) + 1)]
    named = "".join(
        f'<sheet name="{name}" sheetId="{number}" r:id="r{number}" state="{(states or {}).get(name, "visible")}"/>'
        for number, name in enumerate(sheets, start=1)
    )
    return package("xl/workbook.xml", {
        "xl/workbook.xml": f"<workbook {S} {R}><sheets>{named}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": relations([*targets, ("sharedStrings", "strings.xml"), ("styles", "styles.xml")]),
        "xl/strings.xml": f"<sst {S}>{strings}</sst>",
        "xl/styles.xml": f"<styleSheet {S}>{styles}</styleSheet>",
        **{f"xl/sheet{number}.xml": f"<worksheet {S}>{inside}</worksheet>"
           for number, inside in enumerate(sheets.values(), start=1)},
    })  # fmt: skip


def rows(*lines: Sequence[str | float]) -> str:
    """Return a sheet's rows of texts and numbers; "" is a cell that is not there."""
    out = []
    for number, line in enumerate(lines, start=1):
        cells = []
        for column, value in enumerate(line):
            place = f'r="{chr(ord("A") + column)}{number}"'
            if isinstance(value, str):
                cells.append(f'<c {place} t="inlineStr"><is><t>{value}</t></is></c>' if value else "")
            else:
                cells.append(f"<c {place}><v>{value}</v></c>")
        out.append(f'<row r="{number}">{"".join(cells)}</row>')
    return f"<sheetData>{''.join(out)}</sheetData>"


def slides(*contents: str, notes: str = "") -> bytes:
    """Return a presentation of slides with these shapes; the first has these notes."""
    spaces = (
        'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
        f'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" {R}'
    )
    shown = "".join(f'<p:sldId r:id="r{number}"/>' for number in range(1, len(contents) + 1))
    targets = [("slide", f"slides/slide{number}.xml") for number in range(1, len(contents) + 1)]
    return package("ppt/presentation.xml", {
        "ppt/presentation.xml": f"<p:presentation {spaces}><p:sldIdLst>{shown}</p:sldIdLst></p:presentation>",
        "ppt/_rels/presentation.xml.rels": relations(targets),
        "ppt/slides/_rels/slide1.xml.rels": relations([("notesSlide", "../notes1.xml")] if notes else []),
        "ppt/notes1.xml": f"<p:notes {spaces}>{notes}</p:notes>",
        **{f"ppt/slides/slide{number}.xml": f"<p:sld {spaces} {shape}</p:sld>" if shape.startswith("show")
           else f"<p:sld {spaces}>{shape}</p:sld>" for number, shape in enumerate(contents, start=1)},
    })  # fmt: skip


def shape(*lines: str, kind: str = "body") -> str:
    texts = "".join(line if line.startswith("<a:p>") else f"<a:p><a:r><a:t>{line}</a:t></a:r></a:p>" for line in lines)
    return f'<p:sp><p:nvSpPr><p:nvPr><p:ph type="{kind}"/></p:nvPr></p:nvSpPr><p:txBody>{texts}</p:txBody></p:sp>'


def ofd(*pages: str) -> bytes:
    """Return an OFD file of pages with these text objects."""
    space = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    listed = "".join(f'<ofd:Page ID="{number}" BaseLoc="Pages/{number}.xml"/>' for number in range(len(pages)))
    return zipped({
        "OFD.xml": f"<ofd:OFD {space}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {space}><ofd:Pages>{listed}</ofd:Pages></ofd:Document>",
        **{f"Doc_0/Pages/{number}.xml": f"<ofd:Page {space}><ofd:Content><ofd:Layer>{page}</ofd:Layer></ofd:Content></ofd:Page>"
           for number, page in enumerate(pages)},
    })  # fmt: skip


def ofd_text(x: float, y: float, text: str, size: float = 5) -> str:
    return (
        f'<ofd:TextObject Boundary="{x} {y} 100 6" Size="{size}"><ofd:TextCode X="0" Y="4" DeltaX="g {len(text) - 1} {size}">'
        f"{text}</ofd:TextCode></ofd:TextObject>"
    )


def compound(streams: Mapping[str, bytes]) -> bytes:
    """Return a compound file ([MS-CFB]) of these streams, each in sectors of its own."""
    sector = 512
    end, free = 0xFFFFFFFE, 0xFFFFFFFF
    contents = [data.ljust(max(4096, -(-len(data) // sector) * sector), b"\0") for data in streams.values()]
    table: list[int] = [0xFFFFFFFD, end]  # this table itself, then the directory (four entries in a sector)
    entries = [_entry("Root Entry", 5, end, 0)]
    for (name, _data), content in zip(streams.items(), contents, strict=True):
        first, count = len(table), len(content) // sector
        table += [*range(first + 1, first + count), end]
        entries.append(_entry(name, 2, first, len(content)))
    assert len(table) <= 128
    assert len(entries) <= 4
    header = struct.pack(
        "<8s16sHHHHH6x9I",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"",
        0x3E,
        3,
        0xFFFE,
        9,
        6,
        0,
        1,
        1,
        0,
        4096,
        end,
        0,
        end,
        0,
    )
    header = header[:76] + struct.pack("<109I", 0, *[free] * 108)
    directory = b"".join(entries).ljust(sector, b"\0")
    return header + struct.pack("<128I", *table, *[free] * (128 - len(table))) + directory + b"".join(contents)


def _entry(name: str, kind: int, first: int, size: int) -> bytes:
    encoded = (name + "\0").encode("utf-16-le")
    return encoded.ljust(64, b"\0") + struct.pack("<HBB48xIQ", len(encoded), kind, 1, first, size)


def old_word(
    body: str, hidden: tuple[int, int] | None = None, flags: int = 0x0200, in_table: Sequence[tuple[int, int]] = ()
) -> bytes:
    """Return a .doc ([MS-DOC]) with one piece of Unicode text.

    Args:
        hidden: characters from, to: struck out.
        in_table: stretches of characters that are a row of a table, its end mark included.
    """
    start = 0x600
    text = body.encode("utf-16-le")
    main = bytearray(start)
    struct.pack_into("<HH", main, 0, 0xA5EC, 0x00C1)
    struct.pack_into("<H", main, 10, flags)
    struct.pack_into("<I", main, 0x4C, len(body))
    main += text
    main += bytes(-len(main) % 512)
    pages = b""
    piece = struct.pack("<II", 0, len(body)) + struct.pack("<HIH", 0, start, 0)
    clx = b"\x02" + struct.pack("<I", len(piece)) + piece
    struct.pack_into("<II", main, 0x1A2, 0, len(clx))
    tables = clx
    if hidden:
        bounds = [start, start + 2 * hidden[0], start + 2 * hidden[1], start + len(text)]
        block = bytearray(struct.pack("<4I", *bounds) + bytes([0, 200, 0]))
        block = block.ljust(400, b"\0") + bytearray(b"\x03\x37\x08\x01")  # sprmCFStrike, on
        pages += bytes(block.ljust(511, b"\0") + b"\x03")
        plex = struct.pack("<3I", start, start + len(text), len(main) // 512)
        struct.pack_into("<II", main, 0xFA, len(tables), len(plex))
        tables += plex
    if in_table:
        bounds, marks = [start], b""
        for first, last in in_table:
            bounds += [start + 2 * first, start + 2 * last - 2, start + 2 * last]
            marks += bytes(13) + bytes([200]).ljust(13, b"\0") + bytes([220]).ljust(13, b"\0")
        bounds.append(start + len(text))
        marks += bytes(13)
        block = bytearray(struct.pack(f"<{len(bounds)}I", *bounds) + marks)
        block = block.ljust(400, b"\0") + bytearray(b"\x03\0\0\x16\x24\x01")  # cb, istd, sprmPFInTable, on
        block = block.ljust(440, b"\0") + bytearray(b"\0\x04\0\0\x16\x24\x01\x17\x24\x01")  # and sprmPFTtp, on
        place = (len(main) + len(pages)) // 512
        pages += bytes(block.ljust(511, b"\0") + bytes([len(bounds) - 1]))
        plex = struct.pack("<3I", start, start + len(text), place)
        struct.pack_into("<II", main, 0x102, len(tables), len(plex))
        tables += plex
    return compound({"WordDocument": bytes(main) + pages, "1Table": tables})
