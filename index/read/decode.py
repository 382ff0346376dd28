"""Bytes → text, for files whose encoding nobody wrote down.

A wrong guess is worse than none: it would be indexed and quoted. So a guess counts only where what comes out
is made of the characters that Chinese newspapers print.
"""

import codecs
import re
from functools import cache
from typing import Final

from index.errors import UnreadableError

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
_NOT_PRINTED_ASCII: Final = re.compile("[^\t\n\x0b\x0c\r -~]")
_LINE_ENDS: Final = dict.fromkeys((0x0B, 0x85, 0x2028, 0x2029), "\n")

MAX_CONTROL_SHARE: Final = 0.1  # dumps carry a stray control character here and there; machine data are full of them
# Share of usual characters among the non-ASCII ones. Simplified and traditional news have 0.97 and more,
# GB18030 read as Big5 (or the reverse) 0.6 at most: tests/index/read/test_read.py measures both.
MIN_USUAL_SHARE: Final = 0.75
SAMPLE_CHARS: Final = 1 << 16  # enough to judge by; a file is one encoding throughout


def decode(data: bytes, declared: str | None = None) -> str:
    """Return the text of a file: its mark (BOM) stripped, every newline a line feed, else untouched.

    Tried in this order, each strictly: the mark; the declared encoding; UTF-8; the best of UTF-16 without a
    mark, GB18030 and Big5, where it is plausible; what charset-normalizer finds.

    Args:
        data: the whole file.
        declared: encoding that the file itself names (HTML's meta charset); a false claim is passed over.

    Raises:
        UnreadableError: empty, binary, encoding (bytes that are no text in any encoding known here).
    """
    text = _marked(data)
    if text is None:
        text = _declared(data, declared) or _utf8(data)
    if text is None:
        text = _guessed(data)
    controls = len(_CONTROLS.findall(text[:SAMPLE_CHARS]))
    if "\0" in text or controls > MAX_CONTROL_SHARE * len(text[:SAMPLE_CHARS]):
        raise _binary()
    if not text.strip():
        raise UnreadableError("empty", "there is no text in it", "leave it out, or export it again")
    return text.replace("\r\n", "\n").replace("\r", "\n")


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
    if best.encoding == "cp1252" and len(_NOT_PRINTED_ASCII.findall(str(best))) > 0.3 * len(sample):
        return None
    return _strictly(data, best.encoding)


def usual_share(text: str) -> float:
    """Return which share of a text's non-ASCII characters Chinese newspapers print, in [0, 1]; 1 where it has none.

    ASCII is left out since it reads the same in every encoding that competes.
    """
    judged = _NOT_PRINTED_ASCII.findall(text[:SAMPLE_CHARS])
    return sum(map(_usual().__contains__, judged)) / len(judged) if judged else 1.0


@cache  # one for the process: a table of 12,000 characters that never changes
def _usual() -> frozenset[str]:
    """Return the characters that the standards rank as frequent, with their punctuation.

    Source: level 1 of GB 2312-80 (rows 16–55, 3,755 characters) and of Big5 (0xA440–0xC67E, 5,401), symbols of
    GB 2312 rows 1–3 and Big5 0xA1–0xA2. Kana and Greek are left out: Big5 read as GB18030 turns into them.
    """
    trails = range(0x40, 0xFF)
    gb_leads = [*range(0xA1, 0xA4), *range(0xB0, 0xD8)]
    big5_leads = [0xA1, 0xA2, *range(0xA4, 0xC7)]
    letters = {chr(code) for code in (*range(0xA0, 0x180), *range(0x2010, 0x2028))}
    gb = {bytes((lead, trail)).decode("gb2312", "ignore") for lead in gb_leads for trail in trails}
    big5 = {bytes((lead, trail)).decode("big5", "ignore") for lead in big5_leads for trail in trails}
    return frozenset(letters | {char for char in gb | big5 if len(char) == 1 and ord(char) > 0x7F} | {"\u3000", "〇"})


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
