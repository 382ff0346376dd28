"""Text that was once read in a wrong encoding: put right where that can be done exactly, else refused.

Rubbish would be indexed and quoted. What is undone must come back character for character, and as plausible Chinese;
what is lost (锟斤拷, ????, �) cannot be. Clean text stays: a single damaged character, a quoted ???, a French name.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from index.errors import UnreadableError
from index.language.deceptive_characters import reveal
from index.read.usual_characters import SAMPLE_CHARS, is_usual

# Encodings that text is taken for by mistake, and those that Chinese text really has.
_WIDE: Final = ("gb18030", "big5hkscs", "cp932")
_NARROW: Final = ("cp1252", "latin-1", "mac_roman", "cp437", "cp850", "cp1251")
_TAKEN_FOR: Final = (*_NARROW, *_WIDE)
# Capital letters of Russian have the bytes of Chinese characters: such a reading of Russian proves nothing.
_ONLY_UTF8: Final = frozenset({"cp1251"})
_MEANT: Final = ("utf-8", "gb18030", "big5hkscs")
MAX_ROUNDS: Final = 3  # a file is damaged by each program that it goes through; three is rare already
MIN_HAN: Final = 2
MIN_HAN_RARE: Final = 12
MIN_DAMAGED_CHARS: Final = 12  # six characters in GBK
MIN_LINE_CHARS: Final = 3  # of a line beyond ASCII, from which it is judged by itself
STRANGE_SHARE: Final = 0.3  # of a line's printed characters beyond ASCII that are no Chinese ones; French has some 0.05
USUAL_SHARE: Final = 0.8  # of the Chinese characters that newspapers print; wrongly read ones have 0.6 at most
RARE_SHARE: Final = 0.6
SYMBOL_SHARE: Final = 0.2  # of Latin rubbish: what no language writes in its words (¶ ¡ Ð ¼ ‰); Vietnamese has 0
LEFT_SHARE: Final = 0.02  # of the text that may stay rubbish beside what is put right
LOST_SHARE: Final = 0.01  # of replacement characters
LOST_CHARS: Final = 5
QUESTION_MARKS_SHARE: Final = 0.1  # of characters in runs of ??
QUESTION_MARKS: Final = 8
KUNJINKAO_SHARE: Final = 0.03
KUNJINKAO: Final = 3
BOXES: Final = 20
BOXES_SHARE: Final = 0.4
HANGUL_BESIDE_SHARE: Final = 0.15  # of Korean syllables that have a Chinese character beside them; in Korean names 0

_HAN: Final = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]")
_HANGUL: Final = re.compile("[\uac00-\ud7a3]")
_HANGUL_BESIDE_HAN: Final = re.compile(
    "[\uac00-\ud7a3](?=[\u4e00-\u9fff\uf900-\ufaff])|(?<=[\u4e00-\u9fff\uf900-\ufaff])[\uac00-\ud7a3]"
)
_WIDE_MARKS: Final = re.compile("[\u2014\u2018\u2019\u201c\u201d\u2026\u00b7\u3000-\u303f\uff00-\uff65]")
_BOX: Final = re.compile("[\u25a1\u25af\u2b1c]")
_LETTER: Final = re.compile("[A-Za-z]")
_PRINTED: Final = re.compile(r"\S")
_RUN_OF_MARKS: Final = re.compile(r"\?{2,}")
# What words of no language hold: controls, symbols of Latin-1 and of code pages. × ÷ ° § ± · and quotes are printed in Chinese text.
_SYMBOLS: Final = re.compile(
    "[\x80-\x9f\u00a1-\u00a6\u00a8-\u00af\u00b2-\u00b6\u00b8-\u00bf\u0192\u02c6\u02dc\u2020-\u2022\u2030\u2039\u203a\u20ac\u2122\u2202-\u22ff\u2500-\u25a0\ufb01\ufb02\uf8ff\uff61-\uff9f\u0402-\u040f\u0452-\u045f\u0490\u0491]"
)
_CONTROL: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffd\ue000-\uf8ff]")
# cp1252 leaves five bytes open; browsers and most programs read them as the controls of Latin-1.
_OPEN_BYTES: Final = frozenset("\x81\x8d\x8f\x90\x9d")
_KINDS: Final = {
    "gb18030": "GBK",
    "big5hkscs": "Big5",
    "utf-8": "UTF-8",
    "latin-1": "Latin-1",
    "cp1252": "Windows-1252",
}


@dataclass(frozen=True, slots=True)
class Undone:
    """A text put right.

    Args:
        note: what was undone, in words; "" where nothing was.
    """

    text: str
    note: str = ""


def undo_mojibake(text: str) -> Undone:
    """Return a text with wrong readings undone, line by line where only some lines are damaged.

    Raises:
        UnreadableError: encoding (it is damaged by a wrong conversion, and cannot be put right exactly).
    """
    if text.isascii() and not _RUN_OF_MARKS.search(text):
        return Undone(text)
    strange = [line for line in text[:SAMPLE_CHARS].split("\n") if is_strange(line)]
    undone, note = text, ""
    way = _best_way(strange)
    if way:
        lines = [_undone_line(line, way) for line in text.split("\n")]
        left = sum(len(line) for line, is_whole in lines if not is_whole)
        if left > LEFT_SHARE * len(text):
            raise _damaged("it was read in a wrong encoding, and parts of it got lost")
        undone = "\n".join(line for line, _is_whole in lines)
        note = f"text that had been read as {_named(way)} was put right"
    _refuse_rubbish(undone)
    return Undone(undone, note)


def is_strange(line: str) -> bool:
    """Whether a line looks as if it had been read in a wrong encoding.

    Most of it is beyond ASCII and no Chinese, or its Chinese characters are such as nobody prints.
    """
    if line.isascii():
        return False
    printed = len(_PRINTED.findall(line))
    beyond = sum(not char.isascii() for char in line if not char.isspace() or char in "\x85\xa0")
    han = _HAN.findall(line)
    others = beyond - len(han) - len(_WIDE_MARKS.findall(line))
    if others >= MIN_LINE_CHARS and others > STRANGE_SHARE * printed and len(han) < beyond / 2:
        return True
    rare = sum(not is_usual(char) for char in han)
    return rare >= MIN_LINE_CHARS and rare > (1 - RARE_SHARE) * len(han)


def is_plausible(text: str) -> bool:
    """Whether a text reads as Chinese: of its characters beyond ASCII most are such as newspapers print."""
    han = _HAN.findall(text)
    if len(han) < MIN_HAN or _CONTROL.search(text):
        return False
    beyond = [char for char in text if not char.isascii() and not char.isspace()]
    known = sum(is_usual(char) for char in beyond)
    return known >= USUAL_SHARE * len(beyond) and 2 * len(han) > len(beyond) - len(_WIDE_MARKS.findall(text))


_Way = tuple[tuple[str, str], ...]
"""Steps that undo a damage: each text is written in the first encoding and read in the second."""


def _best_way(lines: list[str]) -> _Way | None:
    """Return the steps that put most of the lines right; the shortest of these."""
    sample = lines[:40]
    votes: Counter[_Way] = Counter()
    for line in sample:
        votes.update(_ways(line))
    if (
        sum(not char.isascii() for line in sample for char in line) < MIN_DAMAGED_CHARS
    ):  # may come out as Chinese by chance
        votes = Counter({way: count for way, count in votes.items() if way[0][1] == "utf-8"})
    seen = sum(len(_HAN.findall(line)) for line in sample)
    if seen < MIN_HAN_RARE:  # a few rare characters may be a list of names
        votes = Counter({way: count for way, count in votes.items() if way[0][0] not in _WIDE or way[-1][1] == "utf-8"})
    best = max(votes, key=lambda way: (votes[way], -len(way), -_order(way)), default=None)
    return best if best and 2 * votes[best] > len(sample) else None


def _order(way: _Way) -> int:
    return sum(_TAKEN_FOR.index(taken_for) + len(_TAKEN_FOR) * _MEANT.index(meant) for taken_for, meant in way)


def _ways(line: str) -> Iterator[_Way]:
    """Yield the ways that make a line plausible Chinese."""
    han, beyond = len(_HAN.findall(line)), sum(not char.isascii() and not char.isspace() for char in line)
    takers = (*(_NARROW if 2 * han < beyond else ()), *(_WIDE if 5 * han > beyond else ()))
    known: list[tuple[_Way, str]] = [((), line)]
    for _round in range(MAX_ROUNDS):
        further: list[tuple[_Way, str]] = []
        for way, text in known:
            for taken_for in takers:
                for meant, after in _readings(text, taken_for):
                    if is_plausible(after) and not is_strange(after):
                        yield (*way, (taken_for, meant))
                    elif meant == "utf-8":  # only UTF-8 is damaged more than once
                        further.append(((*way, (taken_for, meant)), after))
        known = further[:4]


def _readings(text: str, taken_for: str) -> Iterator[tuple[str, str]]:
    """Yield what a text may have been; what is UTF-8 is nothing else, since no other bytes are by chance."""
    for meant in _MEANT:
        after = None if taken_for == meant else _reread(text, taken_for, meant)
        if after is not None and after != text:
            yield meant, after
            if meant == "utf-8":
                return
        if taken_for in _ONLY_UTF8:
            return


def _reread(text: str, taken_for: str, meant: str) -> str | None:
    """Write a text in the encoding that it was taken for, and read it in the one that was meant; None where it cannot be."""
    try:
        return _bytes_of(text, taken_for).decode(meant)
    except UnicodeError:
        return None


def _bytes_of(text: str, encoding: str) -> bytes:
    if encoding != "cp1252" or _OPEN_BYTES.isdisjoint(text):
        return text.encode(encoding)
    return b"".join(char.encode("latin-1" if char in _OPEN_BYTES else encoding) for char in text)


def _undone_line(line: str, way: _Way) -> tuple[str, bool]:
    """Return a line put right, or as it is; and whether it is whole, and not rubbish that something of got lost."""
    if line.isascii():
        return line, True
    undone: str | None = line
    for taken_for, meant in way:
        undone = _reread(undone, taken_for, meant) if undone is not None else None
    is_chinese = way[0][0] in _WIDE
    if undone is not None and not _CONTROL.search(undone) and (is_chinese or is_strange(line) or not _HAN.search(line)):
        return undone, True
    return line, not (is_strange(line) or (is_chinese and way[-1][1] != "utf-8"))


def _named(way: _Way) -> str:
    return ", and that as ".join(
        f"{_KINDS.get(taken, taken)} though it was {_KINDS[meant]}" for taken, meant in reversed(way)
    )


def _damaged(what: str) -> UnreadableError:
    return UnreadableError(
        "encoding",
        f"the text is damaged by a wrong conversion (乱码): {what}",
        "export it again from the program that made it, as UTF-8; this file cannot be put right",
    )


def refuse_damaged(text: str) -> None:
    """Refuse a text of a file that is no text itself: it cannot be put right, since its headings are known by their places.

    Raises:
        UnreadableError: encoding.
    """
    if undo_mojibake(text).note:
        raise _damaged("it was read in a wrong encoding")


def _refuse_rubbish(text: str) -> None:
    """Refuse what is damaged for good.

    Raises:
        UnreadableError: encoding.
    """
    sample = text[: 4 * SAMPLE_CHARS]
    printed = len(_PRINTED.findall(sample)) or 1
    tests: tuple[tuple[str, Callable[[str, int], bool]], ...] = (
        ("its characters were replaced by 锟斤拷", _is_kunjinkao),
        ("its characters were replaced by question marks", _is_question_marks),
        ("its characters were replaced by �", _is_replaced),
        ("its characters were replaced by □", _is_boxes),
        ("it was read as Korean", _is_korean_rubbish),
        ("it was read in a wrong encoding, and parts of it got lost", _is_rubbish),
    )
    for what, is_so in tests:
        if is_so(sample, printed):
            raise _damaged(what)


def _is_kunjinkao(text: str, printed: int) -> bool:
    count = text.count("锟斤拷")
    return count >= KUNJINKAO and 3 * count > KUNJINKAO_SHARE * printed


def _is_question_marks(text: str, printed: int) -> bool:
    runs = [len(run) for run in _RUN_OF_MARKS.findall(text)]
    letters, han = len(_LETTER.findall(text)), len(_HAN.findall(text))
    return sum(runs) >= QUESTION_MARKS and sum(runs) > max(QUESTION_MARKS_SHARE * printed, letters, han / 3)


def _is_replaced(text: str, printed: int) -> bool:
    count = text.count("\ufffd")
    return count >= LOST_CHARS and count > LOST_SHARE * printed


def _is_boxes(text: str, printed: int) -> bool:
    """Whether a font without the characters was printed; a form has boxes to tick between words."""
    count = len(_BOX.findall(text))
    return count >= BOXES and count > BOXES_SHARE * printed


def _is_korean_rubbish(text: str, printed: int) -> bool:
    """Whether syllables of Korean stand among Chinese characters, as GBK does that is read so; Korean parts words by blanks."""
    syllables = len(_HANGUL.findall(text))
    is_much = syllables >= MIN_DAMAGED_CHARS and syllables > LEFT_SHARE * printed
    return is_much and len(_HANGUL_BESIDE_HAN.findall(text)) > HANGUL_BESIDE_SHARE * syllables


def _is_rubbish(text: str, printed: int) -> bool:
    """Whether more than a little of a text is rubbish that could not be put right."""
    rubbish = 0
    rare = seen = 0
    for line in text.split("\n"):
        if line.isascii():
            continue
        han = _HAN.findall(line)
        seen += len(han)
        rare += sum(not is_usual(char) for char in han)
        beyond = [char for char in line if not char.isascii() and not char.isspace()]
        symbols = len(_SYMBOLS.findall(line))
        own = len(_PRINTED.findall(line))
        letters = sum(unicodedata.category(char)[0] == "L" for char in beyond)
        if (
            len(beyond) > STRANGE_SHARE * own
            and symbols > SYMBOL_SHARE * len(beyond)
            and len(han) < len(beyond) / 4
            and letters + symbols >= len(beyond) / 2
            and symbols >= MIN_LINE_CHARS
            and letters >= MIN_LINE_CHARS
            and not reveal(line).isascii()  # Latin words in letters of other scripts are read as they look
        ):
            rubbish += own
    if seen >= 4 * MIN_LINE_CHARS and rare > (1 - RARE_SHARE) * seen and seen > printed / 4:
        return True
    return rubbish > max(LEFT_SHARE * printed, MIN_DAMAGED_CHARS)
