"""The printed lines of a page: where they stand, how wide they are, whether their sentence goes on."""

import re
from dataclasses import dataclass

KERNING = 0.35
"""A line loses this much text for each space that justifies it."""
FRAME_SHARE = 0.1
"""Extractors that put a blank before a frame's first line do so on few lines; on more of them it is an indent."""
ENDING = 8
"""A sentence's mark and what closes after it are among its last characters."""
_NEWLINES = re.compile(r"[\n\f]")
_CLOSED = re.compile(r"[。！？!?…][”’\"』」）)》\]]*$|(?:[^\sA-Z.][^\s.]|\s\d+)\.[”\"’)]?$")
_LAST_MARKS = '。！？!?….”’"』」）)》]'  # one of which a closed text ends in, whatever else
_BRACKET = re.compile(r"[（）()]")
_SPACED_HAN = re.compile(
    r"(?<=[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef“”]) +(?=[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef“”])"
)
_PAIRS = {"《": "》", "（": "）", "“": "”", "「": "」", "『": "』"}
# What East Asian Width (UAX 11) calls narrow or half-width, as far as newspapers print it.
_HALF_WIDTH = re.compile(r"[\x20-\x7e\xa0-\xa3\xa5\xa6\xc0-\u02ff\uff61-\uffdc]")


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line.

    Args:
        start, end: its place in the page's text, white space at its ends left out.
        text: `page[start:end]`.
        width: in Han characters, the spaces that justify it left out.
        spaces: how many those are.
        gap: newlines before it.
        opens_frame: a blank before it marks, on this page, where another frame begins.
    """

    start: int
    end: int
    text: str
    width: float
    spaces: int
    gap: int
    opens_frame: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines that are one paragraph of running text, or one line of a headline or the like."""

    lines: tuple[Line, ...]

    @property
    def start(self) -> int:
        """Offset of its first character in the page's text."""
        return self.lines[0].start

    @property
    def end(self) -> int:
        """Offset after its last character."""
        return self.lines[-1].end

    @property
    def column(self) -> float:
        """Width of the column it is set in: that of its widest line."""
        return max(line.width for line in self.lines)


def measure_lines(text: str, base: int = 0) -> list[Line]:
    """Return the printed lines of a text, white space at their ends left out.

    Args:
        text: a page's, or a slice of it.
        base: offset of the text in its page, which the lines' places count in.
    """
    found = []
    start, gap = base, 0
    for raw in _NEWLINES.split(text):
        stripped = raw.strip()
        if stripped:
            found.append((start + raw.index(stripped[0]), stripped, gap, raw[0] == " "))
            gap = 0
        gap += 1
        start += len(raw) + 1
    # On more lines than that a blank is the indent of a paragraph, not the mark of a frame.
    marks = sum(blank for *_line, blank in found) <= FRAME_SHARE * len(found)
    return [_measured(first, line, gap, blank and marks) for first, line, gap, blank in found]


def _measured(start: int, text: str, gap: int, opens_frame: bool) -> Line:
    bare, spaces = _SPACED_HAN.subn("", text) if " " in text else (text, 0)
    return Line(start, start + len(text), text, measure(bare), spaces, gap, opens_frame)


def measure(text: str) -> float:
    """Width in Han characters: a half-width character counts one half."""
    return len(text) - len(_HALF_WIDTH.findall(text)) / 2


def is_closed(text: str) -> bool:
    """Whether the text ends a sentence."""
    if text[-1:] not in _LAST_MARKS:
        return False
    if _CLOSED.search(text[-ENDING:]):
        return True
    return text[-1:] in "）)" and text[0] in "（(" and not _BRACKET.search(text[1:-1])


def is_open(text: str) -> bool:
    """Whether the text's last sentence goes on somewhere else: it has no end, and announces nothing."""
    return not is_closed(text) and text[-1] not in "：:；;"


def lacks_bracket(text: str) -> str:
    """Return the closing brackets and quotation marks that the text waits for, in order; "" when none."""
    awaited: list[str] = []
    for character in text[-200:]:
        if character in _PAIRS:
            awaited.append(_PAIRS[character])
        elif character in awaited:
            while awaited.pop() != character:
                pass
    return "".join(reversed(awaited))
