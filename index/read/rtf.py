"""Rich Text files (.rtf) → Document. They name characters of code pages, and Unicode beside them."""

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from index.errors import UnreadableError
from index.read.office.raised import raise_text
from index.read.table_lines import cell_text, lines_of
from index.records import Document

MAX_GROUPS: Final = 1_000  # open at once; Word writes some tens
_TOKEN: Final = re.compile(
    rb"\\(?:([a-zA-Z]{1,32})(-?\d{1,10})? ?|'([0-9a-fA-F]{2})|([^a-zA-Z]))|([{}])|[\r\n]+|([^\\{}\r\n]+)"
)
# A list's mark, which a tab parts from its text.
_LIST_MARK: Final = re.compile(
    r"\A\s*+([\d一二三四五六七八九十]{1,6}[.、．)）]|[（(][\d一二三四五六七八九十]{1,4}[)）]|[•·●■])\t"
)
# Destinations that hold no text of the page.
_PASSED_OVER: Final = frozenset(
    b"colortbl stylesheet info pict object themedata colorschememapping datastore latentstyles listtable "
    b"listoverridetable rsidtbl generator xmlnstbl fldinst header headerl headerr headerf footer footerl footerr "
    b"footerf objdata nonshppict bkmkstart bkmkend pgptbl mmathPr filetbl revtbl private template passwordhash".split()
)
# Windows' character sets of fonts → code pages.
_CHARSETS: Final = {
    0: "cp1252",
    77: "mac-roman",
    128: "cp932",
    129: "cp949",
    134: "gb18030",
    136: "big5hkscs",
    204: "cp1251",
}
_CODE_PAGES: Final = {936: "gb18030", 950: "big5hkscs"}
_MARKS: Final = {
    b"par": "\n", b"line": "\n", b"sect": "\n", b"page": "\n", b"tab": "\t", b"emdash": "—", b"endash": "–",
    b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”", b"bullet": "•", b"~": " ", b"_": "-",
    b"emspace": " ", b"enspace": " ", b"\\": "\\", b"{": "{", b"}": "}",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _State:
    """What holds within a group; `unicode_skip` is how many characters follow each of Unicode for old programs."""

    is_passed_over: bool = False
    is_font_table: bool = False
    is_hidden: bool = False
    is_struck: bool = False
    is_raised: bool = False
    is_note: bool = False
    encoding: str = "cp1252"
    unicode_skip: int = 1


_SWITCHES: Final[dict[bytes, Callable[[_State, bool], _State]]] = {
    b"fonttbl": lambda state, _is_on: replace(state, is_font_table=True),
    b"v": lambda state, is_on: replace(state, is_hidden=is_on),
    **dict.fromkeys((b"strike", b"striked", b"deleted"), lambda state, is_on: replace(state, is_struck=is_on)),
    b"super": lambda state, is_on: replace(state, is_raised=is_on),
    **dict.fromkeys((b"sub", b"nosupersub"), lambda state, _is_on: replace(state, is_raised=False)),
}


@dataclass(slots=True)
class _Reader:
    """Reads the tokens in their order."""

    state: _State = _State()
    stack: list[_State] = field(default_factory=list)
    fonts: dict[int, str] = field(default_factory=dict)
    font: int = 0
    in_table: bool = False
    base: str = "cp1252"
    skip: int = 0
    high: int = 0  # the first half of a surrogate pair
    bytes_held: bytearray = field(default_factory=bytearray)
    pieces: list[str] = field(default_factory=list)
    row: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def read(self, data: bytes) -> list[str]:
        """Return the lines of a file."""
        for token in _TOKEN.finditer(data):
            word, number, code, sign, brace, plain = token.groups()
            if code or plain:
                self._bytes(bytes([int(code, 16)]) if code else plain)
                continue
            if sign == b"*":
                self.state = replace(self.state, is_passed_over=True)
            elif brace or word or sign:
                self._flush()
                self._group(brace) if brace else self._word(word or sign, int(number) if number else None)
        self._flush()
        self._end_line()
        self._end_table()
        return self.lines

    def _group(self, brace: bytes) -> None:
        if brace == b"}":
            if self.state.is_note and self.stack and not self.stack[-1].is_note:
                self._add("）")
            self.state = self.stack.pop() if self.stack else _State()
            return
        self.stack.append(self.state)
        if len(self.stack) > MAX_GROUPS:
            raise UnreadableError("too_large", "its groups lie within each other too deeply", "save it as .docx")

    def _word(self, word: bytes, number: int | None) -> None:
        if word in _PASSED_OVER:
            self.state = replace(self.state, is_passed_over=True)
        elif word in _SWITCHES:
            self.state = _SWITCHES[word](self.state, number != 0)
        elif word == b"plain":
            self.state = replace(self.state, is_hidden=False, is_struck=False, is_raised=False, encoding=self.base)
        elif word in (b"ansicpg", b"f", b"fcharset"):
            self._font(word, number or 0)
        elif word in (b"u", b"uc"):
            self._unicode(word, number or 0)
        elif word in _MARKS:
            self._add(_MARKS[word])
        else:
            self._structure(word)

    def _structure(self, word: bytes) -> None:
        """Take up what sets notes and tables."""
        if word == b"footnote":
            self._add("（注：")
            self.state = replace(self.state, is_note=True)
        elif word in (b"trowd", b"intbl", b"pard"):
            self.in_table = word != b"pard"
        elif word in (b"cell", b"nestcell"):
            self.row.append(cell_text("".join(self.pieces)))
            self.pieces.clear()
        elif word in (b"row", b"nestrow"):
            self.rows.append(self.row)
            self.row = []

    def _font(self, word: bytes, number: int) -> None:
        if word == b"ansicpg":
            self.base = _codec(_CODE_PAGES.get(number, f"cp{number}"))
            self.state = replace(self.state, encoding=self.base)
        elif word == b"f":
            self.font = number
            self.state = replace(self.state, encoding=self.fonts.get(number, self.base))
        elif self.state.is_font_table and number in _CHARSETS:
            # Latin fonts are declared so also in Chinese files, whose own code page then holds.
            self.fonts[self.font] = self.base if number == 0 else _CHARSETS[number]

    def _unicode(self, word: bytes, number: int) -> None:
        if word == b"uc":
            self.state = replace(self.state, unicode_skip=max(0, min(number, 9)))
            return
        code = number % 65536
        self.skip = self.state.unicode_skip
        if 0xD800 <= code < 0xDC00:
            self.high = code
        elif 0xDC00 <= code < 0xE000:
            self._add(chr(0x10000 + ((self.high - 0xD800) << 10) + code - 0xDC00) if self.high else "")
            self.high = 0
        else:
            self._add(chr(code))

    def _bytes(self, data: bytes) -> None:
        left = max(0, self.skip - len(data))
        self.bytes_held += data[self.skip :]
        self.skip = left

    def _flush(self) -> None:
        """Decode the bytes that were held until a character of two of them is whole."""
        if self.bytes_held:
            self._add(self.bytes_held.decode(self.state.encoding, "replace"))
            self.bytes_held.clear()
        self.skip = 0

    def _add(self, text: str) -> None:
        state = self.state
        if state.is_passed_over or state.is_font_table or state.is_hidden or state.is_struck:
            return
        text = raise_text(text) if state.is_raised else text
        for place, line in enumerate(text.split("\n")):
            if place:
                if self.in_table or self.state.is_note:
                    self.pieces.append(" ")
                else:
                    self._end_line()
            if line:
                self.pieces.append(line)

    def _end_line(self) -> None:
        line = _LIST_MARK.sub(r"\1 ", "".join(self.pieces).strip(" "))
        self.pieces.clear()
        if line.strip():
            self._end_table()
            self.lines.append(line)

    def _end_table(self) -> None:
        if self.rows:
            width = max(map(len, self.rows))
            self.lines += lines_of(self.rows, {n for n, row in enumerate(self.rows) if len(row) == 1 and width > 1})
            self.rows = []


def read_rich_text(source: str, data: bytes) -> Document:
    """Return paragraphs and tables, a line each; hidden, deleted and struck-out text is left out.

    Raises:
        UnreadableError: wrong_suffix, too_large, no_text.
    """
    lines = [line for line in _Reader().read(data) if line.strip()]
    if not lines:
        raise UnreadableError("no_text", "there is no text in it (pictures only?)", "run text recognition (OCR) first")
    return Document(source, source, "\n".join(lines), "prose")


def _codec(name: str) -> str:
    try:
        return codecs.lookup(name).name
    except LookupError:
        return "cp1252"
