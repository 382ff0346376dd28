"""Fonts that a PDF names and does not carry, as office programs write them, with the widths that the file states."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from index.read.pdf.stand_in import standard_widths

SAMPLE: Final = "区政府今日公布茶农合作社名单共12户"
"""A line that every Chinese font here can show: characters of GB 2312's first level and digits."""
LATIN: Final = "Egret Park, opened 12 May."
_DESCRIPTOR: Final = (
    "/FontDescriptor << /Type /FontDescriptor /FontName /{name} /Flags 4 /FontBBox [0 -200 1000 900] /ItalicAngle 0 "
    "/Ascent 880 /Descent -120 /CapHeight 700 /StemV 80 >>"
)
_GB1: Final = "/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >>"
_OWN: Final = "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>"


@dataclass(frozen=True)
class Font:
    """A font of a PDF.

    Args:
        dictionary: its PDF dictionary; `{stream}` stands for a reference to the stream.
        encode: a text → its codes in a string of the page.
        width: a character → its width in thousandths of the type size, as the dictionary states it.
        stream: dictionary entries and content of a stream that the font has, or None.
        sample: a line that it can show.
        is_vertical: lines run downwards; `width` is the way down then.
    """

    dictionary: str
    encode: Callable[[str], bytes]
    width: Callable[[str], int]
    stream: str | None = None
    sample: str = SAMPLE
    is_vertical: bool = False


def cid_gb1(char: str) -> int:
    """Return a character's number in Adobe-GB1 (Adobe Technical Note 5079): ASCII, or GB 2312's first level."""
    if char.isascii():
        return ord(char) - 31
    row, cell = char.encode("gb2312")
    assert 0xB0 <= row <= 0xD7
    return 940 + 94 * (row - 0xB0) + cell - 0xA1


def _cids(text: str) -> bytes:
    return b"".join(cid_gb1(char).to_bytes(2) for char in text)


def _ucs2(text: str) -> bytes:
    return text.encode("utf-16-be")


def _gbk(text: str) -> bytes:
    return text.encode("gbk")


def _latin(text: str) -> bytes:
    return text.encode("cp1252")


def _standard(name: str) -> Callable[[str], int]:
    return lambda char: standard_widths()[name][char]


def _always(width: int) -> Callable[[str], int]:
    return lambda _char: width


def _halves(latin: int = 500, other: int = 1000) -> Callable[[str], int]:
    return lambda char: latin if char.isascii() else other


def _type0(name: str, encoding: str, metrics: str, collection: str = _GB1, kind: int = 0, more: str = "") -> str:
    return (
        f"<< /Type /Font /Subtype /Type0 /BaseFont /{name} /Encoding /{encoding} {more} /DescendantFonts [ << /Type /Font "
        f"/Subtype /CIDFontType{kind} /BaseFont /{name} {collection} {metrics} {_DESCRIPTOR.format(name=name)} >> ] >>"
    )


def _simple(name: str, more: str = "", kind: str = "TrueType") -> str:
    return f"<< /Type /Font /Subtype /{kind} /BaseFont /{name} /Encoding /WinAnsiEncoding {more} >>"


def _stepped(char: str) -> int:
    """Return widths that no font has, so that only the file can have told them."""
    return 350 + 70 * (ord(char) % 7)


def _to_unicode(texts: str) -> str:
    pairs = "\n".join(f"<{ord(char) ^ 0x5A5A:04x}> <{ord(char):04x}>" for char in sorted(set(texts)))
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def\n"
        f"1 begincodespacerange <0000> <ffff> endcodespacerange\n{len(set(texts))} beginbfchar\n{pairs}\nendbfchar\n"
        "endcmap CMapName currentdict /CMap defineresource pop end end"
    )


def _scrambled(text: str) -> bytes:
    return b"".join((ord(char) ^ 0x5A5A).to_bytes(2) for char in text)


_STEPS: Final = f"/FirstChar 32 /LastChar 126 /Widths [{' '.join(str(_stepped(chr(code))) for code in range(32, 127))}]"

FONTS: Final[Mapping[str, Font]] = {
    "song": Font(_type0("STSong-Light", "UniGB-UCS2-H", "/DW 1000 /W [1 95 500]"), _ucs2, _halves()),
    "song in UTF-16": Font(_type0("STSong-Light", "UniGB-UTF16-H", "/DW 1000 /W [1 95 500]"), _ucs2, _halves()),
    "kai in GBK": Font(_type0("KaiTi_GB2312", "GBK-EUC-H", "/DW 1000 /W [814 939 500]", kind=2), _gbk, _halves()),
    "fangsong in GB 2312": Font(_type0("FangSong_GB2312", "GB-EUC-H", "/W [814 939 500]", kind=2), _gbk, _halves()),
    "hei in GBK, proportional": Font(_type0("SimHei", "GBKp-EUC-H", "/W [1 95 556]", kind=2), _gbk, _halves(556)),
    "song by numbers": Font(_type0("SimSun", "Identity-H", "/W [1 [500 500] 3 95 500]", kind=2), _cids, _halves()),
    "song set narrow": Font(
        _type0("STSong-Light", "UniGB-UCS2-H", "/DW 1000 /W [1 95 400 940 7702 800]"), _ucs2, _halves(400, 800)
    ),
    "song of one width": Font(_type0("STSong-Light", "UniGB-UCS2-H", "/DW 900"), _ucs2, _always(900)),
    "song without widths": Font(_type0("STSong-Light", "UniGB-UCS2-H", ""), _ucs2, _always(1000)),
    "own codes": Font(
        _type0("SimSun", "Identity-H", "/DW 1000", _OWN, 2, "/ToUnicode {stream}"),
        _scrambled,
        _always(1000),
        f"\n{_to_unicode(SAMPLE)}",
    ),
    "own glyphs": Font(
        _type0("SimSun", "UniGB-UCS2-H", "/DW 1000 /W [1 95 500] /CIDToGIDMap {stream}", kind=2),
        _ucs2,
        _halves(),
        f"/Filter /ASCIIHexDecode\n{'fff1' * 30000}>",
    ),
    "宋体 as a simple font": Font(_simple("#CB#CE#CC#E5"), _gbk, _halves()),
    "sans": Font(
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>", _latin, _standard("Helvetica"), sample=LATIN
    ),
    "times": Font(_simple("Times-Roman", kind="Type1"), _latin, _standard("Times-Roman"), sample=LATIN),
    "courier": Font(_simple("CourierNew,Bold"), _latin, _always(600), sample=LATIN),
    "unheard of, without widths": Font(_simple("Xyzzy"), _latin, _standard("Helvetica"), sample=LATIN),
    "arial with widths": Font(_simple("ArialMT", _STEPS), _latin, _stepped, sample=LATIN),
    "calibri with widths": Font(_simple("Calibri", _STEPS), _latin, _stepped, sample=LATIN),
    "times with widths": Font(_simple("Times-Roman", _STEPS, "Type1"), _latin, _stepped, sample=LATIN),
    "song, downwards": Font(
        _type0("STSong-Light", "UniGB-UCS2-V", "/DW 1000 /W [1 95 500]"), _ucs2, _always(1000), is_vertical=True
    ),
    "song, downwards and spaced": Font(
        _type0("STSong-Light", "UniGB-UCS2-V", "/DW2 [880 -1200] /W2 [940 2000 -1100 500 880]"),
        _ucs2,
        lambda char: 1100 if 940 <= cid_gb1(char) <= 2000 else 1200,
        is_vertical=True,
    ),
}
