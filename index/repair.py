"""Damaged page text → lines that are paragraphs or headings, every change explained.

One pure function per fault; each returns the new text and the Fixes that lead to it. This is the thin set that
the first line needs: hard wraps and headlines printed twice on one line.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from index.records import Fix

_ENDS_SENTENCE = re.compile(r"[。！？!?…；;：:][”’\"』」）)》]*$|[。！？][”’\"』」）)]|[^A-Z]\.[”\"’)]?$|[）)]$")
_STARTS_PIECE = re.compile(r"本报讯|本报记者|[（(][上下][接转]|编者按|[▼▲◀▶■●◆]")
_STARTS_UNIT = re.compile(r"[年月日时点分秒个万亿元吨米人名件户次项家处岁届号度%％℃]")
_LATIN_END = re.compile(r"[A-Za-z][,'’”\"-]?$|[a-z]{2}\.$")
_DIGIT_END = re.compile(r"[\d.]$")
MIN_COLUMN = 12.0
"""Narrower than any newspaper column seen (17 characters); what is shorter is a headline or a caption."""
UNWRAPPED = 60.0
"""Wider than any newspaper column seen (30 characters): a line like this holds a whole paragraph."""
RAGGED = 6.0
"""A full line of Latin words falls short by the word that did not fit: a dozen half-width letters."""
NEIGHBOURS = 4
INDENT = 2.0
"""Width of the indent that dumps drop in front of a paragraph's first line."""
SLACK = 1.6
"""A full line falls short of its column by at most one Han character and a half-width one."""


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    text: str
    width: float


def rejoin_lines(text: str) -> tuple[str, tuple[Fix, ...]]:
    """Undo hard wraps: every line of the result is a whole paragraph, a headline or the like.

    A line goes on in the next one when it fills its column and its sentence is open, or when a number would
    be torn from its unit. The column's width is learnt from the lines around it, since it changes within a page;
    after a full line that ends a sentence, the next line tells: one that is as wide is not indented, so goes on.
    """
    lines = _measure(text)
    joined: list[str] = []
    fixes: list[Fix] = []
    alone = True  # the previous line stands at the start of its paragraph
    for number, line in enumerate(lines):
        previous = lines[number - 1] if number else None
        if previous is None or not _goes_on(lines, number - 1, starts_paragraph=alone):
            joined.append(line.text)
            alone = True
            continue
        alone = False
        glue = _glue(previous.text, line.text)
        gap = previous.start + len(previous.text)
        before = text[gap : line.start]
        if glue == "-":  # a Latin word hyphenated at the line's end
            joined[-1] = joined[-1][:-1] + line.text
            fixes.append(Fix("hyphenation", gap - 1, "-" + before, ""))
        else:
            joined[-1] += glue + line.text
            fixes.append(Fix("hard_wrap", gap, before, glue))
    return "\n".join(joined), tuple(fixes)


def undouble_headlines(text: str) -> tuple[str, tuple[Fix, ...]]:
    """Keep one copy of a line that is the same text printed twice (A A)."""
    lines = text.split("\n")
    fixes: list[Fix] = []
    start = 0
    for number, line in enumerate(lines):
        single = _half(line)
        if single:
            fixes.append(Fix("doubled_headline", start, line, single))
            lines[number] = single
        start += len(line) + 1
    return "\n".join(lines), tuple(fixes)


def _half(line: str) -> str | None:
    compact = re.sub(r"\s", "", line)
    length = len(compact) // 2
    if len(compact) % 2 or length < 4 or length > 40 or compact[:length] != compact[length:]:
        return None
    seen = 0
    for place, character in enumerate(line):
        if not character.isspace():
            seen += 1
            if seen == length:
                return line[: place + 1].strip()
    return None


def _measure(text: str) -> list[_Line]:
    lines = []
    start = 0
    for raw in re.split(r"[\n\f]", text):
        stripped = raw.strip()
        if stripped:
            lines.append(_Line(start + raw.index(stripped[0]), stripped, _width(stripped)))
        start += len(raw) + 1
    return lines


def _width(text: str) -> float:
    """Width in Han characters: a half-width character counts one half."""
    return sum(1.0 if unicodedata.east_asian_width(character) in "WFA" else 0.5 for character in text)


def _goes_on(lines: Sequence[_Line], number: int, *, starts_paragraph: bool) -> bool:
    line, after = lines[number], lines[number + 1]
    if _STARTS_PIECE.match(after.text):
        return False
    if _DIGIT_END.search(line.text) and _STARTS_UNIT.match(after.text):
        return True
    ends = bool(_ENDS_SENTENCE.search(line.text))
    if line.width > UNWRAPPED:
        return not ends
    is_latin = bool(_LATIN_END.search(line.text))
    slack = RAGGED if is_latin else SLACK + (INDENT if starts_paragraph else 0)
    columns = [column for column in _columns(lines, number) if -slack <= line.width - column <= SLACK]
    if not ends:
        return bool(columns)
    return any(line.width > column - SLACK and after.width > column - SLACK / 2 for column in columns)


def _columns(lines: Sequence[_Line], number: int) -> list[float]:
    """Widths of the columns that the line may stand in: what at least two lines before or after it fill."""
    columns = []
    for side in (lines[max(0, number - NEIGHBOURS) : number], lines[number + 1 : number + 1 + NEIGHBOURS]):
        widths = [other.width for other in side if MIN_COLUMN <= other.width <= UNWRAPPED]
        slack = RAGGED if _LATIN_END.search(lines[number].text) else SLACK
        alike = [[other for other in widths if abs(other - width) <= slack] for width in widths]
        widest = max(alike, key=lambda group: (len(group), max(group)), default=[])
        if len(widest) > 1:
            columns.append(max(widest))
    return columns


def _glue(left: str, right: str) -> str:
    """What stands between two joined lines: nothing in Chinese, a space or a dropped hyphen in Latin text."""
    if re.search(r"[A-Za-z]-$", left) and re.match(r"[a-z]", right):
        return "-"
    return " " if re.search(r"[A-Za-z0-9,.;:)”\"]$", left) and re.match(r"[A-Za-z0-9(“\"]", right) else ""
