"""Bytes → text, for files whose encoding nobody wrote down.

A wrong guess is worse than none: it would be indexed and quoted. So a guess counts only where what comes out
is made of the characters that Chinese newspapers print.
"""

import codecs
import re
from dataclasses import dataclass
from typing import Final

from index.errors import UnreadableError
from index.read.mojibake import undo_mojibake
from index.read.usual_characters import NOT_PRINTED_ASCII, SAMPLE_CHARS, usual_share

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16 LE, whose mark begins it
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
# What pages and editors call an encoding → its codec. Each is read as its superset, as browsers do
# (encoding.spec.whatwg.org): pages labelled gb2312 hold GBK characters.
_LABELS: Final = {
    **dict.fromkeys(("utf-8", "utf8"), "utf-8"),
    **dict.fromkeys(("gb2312", "gb_2312-80", "gbk", "gb18030", "x-gbk", "chinese", "cp936"), "gb18030"),
    **dict.fromkeys(("big5", "big5-hkscs", "x-x-big5", "cp950"), "big5hkscs"),
    **dict.fromkeys(("iso-8859-1", "latin1", "us-ascii", "windows-1252"), "cp1252"),
}
_CONTROLS: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_LINE_ENDS: Final = dict.fromkeys((0x0B, 0x85, 0x2028, 0x2029), "\n")

MAX_CONTROL_SHARE: Final = 0.1  # dumps carry a stray control character here and there; machine data are full of them
# Share of usual characters among the non-ASCII ones. Simplified and traditional news have 0.97 and more,
# GB18030 read as Big5 (or the reverse) 0.6 at most: tests/index/read/test_read.py measures both.
MIN_USUAL_SHARE: Final = 0.75
MIN_CUT_BYTES: Final = 16  # of a text of which one character may be cut off
MAX_NUL_SHARE: Final = 0.05
MAX_BAD_SHARE: Final = 0.01  # of characters inside a text that no encoding has
MIN_CHINESE_CHARS: Final = 30
SURE_USUAL_SHARE: Final = 0.95
NULS: Final = "its NUL characters were left out"
_OF_CHINESE: Final = ("utf-8", "gb18030", "big5hkscs")
CUT_OFF: Final = "its last character is cut off and was left out"


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file's text.

    Args:
        notes: what of it was damaged and put right or left out, in words.
    """

    text: str
    notes: tuple[str, ...] = ()


def decode(data: bytes, declared: str | None = None) -> str:
    """Return the text of a file, as `decode_file` does, without its notes."""
    return decode_file(data, declared).text


def decode_file(data: bytes, declared: str | None = None) -> Decoded:
    """Return the text of a file: its mark (BOM) stripped, every newline a line feed, wrong readings undone, else untouched.

    Tried in this order, each strictly: the mark; the declared encoding; UTF-8; the best of UTF-16 without a
    mark, GB18030 and Big5, where it is plausible; what charset-normalizer finds. A character cut off at the end is left out, and so are a few NULs; a few bytes that are no
    character are shown as the replacement character.

    Args:
        data: the whole file.
        declared: encoding that the file itself names (HTML's meta charset); a false claim is passed over.

    Raises:
        UnreadableError: empty, binary, encoding (bytes that are no text in any encoding known here, or text that was
            damaged by a wrong conversion).
    """
    notes: list[str] = []
    bare = _without_stray_nuls(data)
    notes += [NULS] if len(bare) < len(data) else []
    data = bare
    cut = _cut_utf8(data)
    try:
        text = _utf8(cut) if cut else None
        text = _read(data, declared) if text is None else text
        notes += [CUT_OFF] if cut else []
    except UnreadableError as error:
        text = _read_damaged(data, declared, error, notes)
    undone = undo_mojibake(text)
    text = undone.text
    notes += [undone.note] if undone.note else []
    controls = len(_CONTROLS.findall(text[:SAMPLE_CHARS]))
    if "\0" in text or controls > MAX_CONTROL_SHARE * len(text[:SAMPLE_CHARS]):
        raise _binary()
    if not text.strip():
        raise UnreadableError("empty", "there is no text in it", "leave it out, or export it again")
    return Decoded(text.replace("\r\n", "\n").replace("\r", "\n"), tuple(notes))


def _read(data: bytes, declared: str | None) -> str:
    text = _marked(data)
    if text is None:
        text = _declared(data, declared) or _utf8(data)
    return _guessed(data) if text is None else text


def _cut_utf8(data: bytes) -> bytes | None:
    """Return UTF-8 without the character that is cut off at its end; None where none is, or it is no UTF-8."""
    bare = data.rstrip(b"\r\n\t ")
    try:
        bare.decode("utf-8")
    except UnicodeDecodeError as error:
        is_tail = error.reason == "unexpected end of data" and error.start >= MIN_CUT_BYTES
        return data[: error.start] if is_tail and not data[: error.start].isascii() else None
    return None


def _without_stray_nuls(data: bytes) -> bytes:
    """Return a file without its few NUL characters, where the rest of it is Chinese text; else as it is."""
    count = data.count(0)
    if not count or count > MAX_NUL_SHARE * len(data) or any(data.startswith(mark) for mark, _encoding in _BOMS[1:5]):
        return data
    bare = data.replace(b"\0", b"")
    texts = (_strictly(bare, encoding) for encoding in _OF_CHINESE)
    return bare if any(text and is_chinese(text) for text in texts) else data


def _read_damaged(data: bytes, declared: str | None, error: UnreadableError, notes: list[str]) -> str:
    """Read a file of which a byte at the end or a few inside are no characters; what was done is added to the notes.

    Raises:
        UnreadableError: the same as before, where that does not help.
    """
    try:
        text, note = _read_cut(data, declared, error), CUT_OFF
    except UnreadableError:
        replaced = (data.decode(encoding, "replace") for encoding in _OF_CHINESE)
        best = min(replaced, key=lambda one: one.count("\ufffd"))
        count = best.count("\ufffd")
        if error.reason != "encoding" or count > MAX_BAD_SHARE * len(best) or not is_chinese(best):
            raise
        text, note = best, f"{count} damaged characters are shown as \ufffd"
    notes.append(note)
    return text


def is_chinese(text: str) -> bool:
    """Whether a text has Chinese characters enough to be judged, and they are such as newspapers print."""
    sample = text[:SAMPLE_CHARS].replace("\ufffd", "")
    return (
        sum("\u4e00" <= char <= "\u9fff" for char in sample) >= MIN_CHINESE_CHARS
        and usual_share(sample) >= SURE_USUAL_SHARE
    )


def _read_cut(data: bytes, declared: str | None, error: UnreadableError) -> str:
    """Read a file without the byte that is left of a cut character of Big5, GBK or UTF-16.

    Raises:
        UnreadableError: the same as before, where that does not help.
    """
    bare = data.rstrip(b"\r\n\t ")
    if error.reason not in ("encoding", "binary") or len(bare) < MIN_CUT_BYTES:
        raise error
    for length in (len(data) - 1, len(bare) - 1):
        try:
            return _read(data[:length], declared)
        except UnreadableError:
            continue
    raise error


def end_lines(text: str) -> str:
    """Return a text in which whatever ends a line in print is a line feed; its length stays.

    Source of the characters: UAX 14, classes BK and NL, without the form feed, which ends a page. Not for JSON, where
    they may stand inside a string.
    """
    return text.translate(_LINE_ENDS)


def _marked(data: bytes) -> str | None:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(encoding)
            except UnicodeDecodeError as error:
                raise _undecodable(f"marked as {encoding}, but byte {len(mark) + error.start} is not") from error
    return None


def _declared(data: bytes, label: str | None) -> str | None:
    encoding = _LABELS.get(label.lower()) if label else None
    text = _strictly(data, encoding) if encoding else None
    # A page converted to UTF-8 often keeps its old "gb2312" label, and decodes without an error, to rubbish.
    if text is None or (encoding in ("gb18030", "big5hkscs") and usual_share(text) < MIN_USUAL_SHARE):
        return None
    return text


def _utf8(data: bytes) -> str | None:
    # A NUL is valid UTF-8, but in text it only occurs as half of a UTF-16 character.
    return None if b"\0" in data else _strictly(data, "utf-8")


def _guessed(data: bytes) -> str:
    has_nul = b"\0" in data
    candidates = ["utf-16-le", "utf-16-be"] if len(data) % 2 == 0 else []
    if not has_nul:
        candidates = ["gb18030", "big5hkscs", *candidates]
    texts = [text for encoding in candidates if (text := _strictly(data, encoding)) is not None]
    if texts:
        best = max(texts, key=usual_share)
        if usual_share(best) >= MIN_USUAL_SHARE:
            return best
    if has_nul:
        raise _binary()
    text = _detected(data)
    if text is None:
        raise _undecodable(_where_utf8_breaks(data))
    return text


def _detected(data: bytes) -> str | None:
    """Ask charset-normalizer for what a Chinese archive holds seldom: Western, Japanese and Korean pages."""
    from charset_normalizer import from_bytes  # slow to import, seldom needed

    sample = data[:SAMPLE_CHARS]
    best = from_bytes(sample, cp_isolation=["cp1252", "cp932", "euc_jp", "cp949"], threshold=0.1).best()
    if best is None:
        return None
    # Nearly any bytes are letters in a single-byte encoding: believe it only where most of the text is ASCII.
    if best.encoding == "cp1252" and len(NOT_PRINTED_ASCII.findall(str(best))) > 0.3 * len(sample):
        return None
    return _strictly(data, best.encoding)


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _where_utf8_breaks(data: bytes) -> str:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return f"no encoding fits (UTF-8 breaks at byte {error.start}, GB18030, Big5 and UTF-16 give no readable text)"
    return "no encoding fits"


def _undecodable(message: str) -> UnreadableError:
    return UnreadableError("encoding", message, "save it as UTF-8 and look at the place named for damage")


def _binary() -> UnreadableError:
    return UnreadableError("binary", "it holds machine data, not text", "export the text from the program that made it")
