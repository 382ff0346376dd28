"""A completion → drafts: its statements one by one, without their markers, as soon as each is complete.

Also how a statement looks in the answer: its markers put back, gaps of typesetting closed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_WORD = r"(?:ID|片段|资料|来源|引用|参考|文献|passages?|sources?|citations?|refs?|docs?)\s*[:：#]?\s*"
_NUMBERS = rf"\d{{1,3}}(?:\s*[,，、;；~～–-]\s*(?:\^|{_WORD})?\d{{1,3}})*"
_SQUARE = re.compile(rf"[\[［【]+\s*\^?(?:{_WORD})?({_NUMBERS})\s*[\]］】]+", re.IGNORECASE)
_ROUND = rf"[（(]\s*(?:见|据|参见|see )?\s*{_WORD}({_NUMBERS})\s*[）)]"
_MARKER = re.compile(rf"{_SQUARE.pattern}|{_ROUND}", re.IGNORECASE)
_MARKERS = re.compile(rf"(?:{_MARKER.pattern})(?:\s*[、,，]\s*(?:{_MARKER.pattern}))*", re.IGNORECASE)
_OPEN = re.compile(r"[\[［【][^\]］】]{0,40}$")
_OPEN_ROUND = re.compile(r"[（(][^）)]{0,40}$")
_RANGE = re.compile(r"(\d+)\s*[~～–-]\s*(\d+)")
MAX_MARKER_RANGE = 50
"""Numbers that a marker such as [1-8] may stand for."""
_ENUMERATOR = re.compile(r"\s*(?:[-*•·]\s*)?(?:\d{1,2}[.)、）]|[（(]\d{1,2}[）)])\s*(?!\d)|\s*[-*•·#]+\s+")
# A Latin full stop ends a statement unless it belongs to a figure, to an ellipsis or to the number of a list's item.
_DONE = re.compile(
    r"[。！？!?；;]|\n|(?:(?<=[^\d\s.][^\s.])|(?<=[%\]］】])|(?<=\d{3})|(?<=\S \d\d)|(?<=\S \d)|(?<=\d\.\d))\.(?=\s|$|[\[［【])"
)
_ENDED = re.compile(r"(?:[。！？!?；;….]|：|:)[”’\"』」）)\]］】*_\s]*$")
_DANGLING = re.compile(
    r"(?:[，、,：:（(“《\d.]|[的了和及与比较为是在由从到至达以将被把对向并且而等共约近超其该各每]"
    r"|\b(?:the|an?|of|and|or|to|in|on|at|by|for|from|with|than|that|which|was|were|is|are|has|have|had|will|be))\s*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ModelStatement:
    """One statement of a completion before verification.

    Args:
        text: without its markers, ends trimmed.
        markers: passage numbers it points to, ascending.
        tail: white space that followed it (a line break is kept as one).
    """

    text: str
    markers: tuple[int, ...]
    tail: str

    @property
    def claim(self) -> str:
        """The text without the number or dash of a list's item, and without brackets around a year."""
        bare = _ENUMERATOR.sub("", self.text, count=1) if _ENUMERATOR.match(self.text) else self.text
        return re.sub(r"\[(\d{4})\](?=年)", r"\1", bare)

    @property
    def is_whole(self) -> bool:
        """Whether the sentence was ended by a mark, so that it is no fragment of a longer one."""
        return _ENDED.search(self.text) is not None

    @property
    def is_ended(self) -> bool:
        """Whether it ends in a full stop or its like; a colon before a list is none."""
        return self.is_whole and self.text.rstrip('”’"』」）)*_ ')[-1:] not in ("：", ":")

    @property
    def is_open(self) -> bool:
        """Whether nothing says that it is over: no mark, no marker, no line's end, and it is no item of a list."""
        return not (self.is_whole or self.markers or self.tail or _ENUMERATOR.match(self.text))

    @property
    def is_dangling(self) -> bool:
        """Whether it breaks off where no sentence ends: 优良天数265天，比, The park covers."""
        return not self.is_whole and _DANGLING.search(self.text) is not None and not (self.markers or self.tail)


class StatementSplitter:
    """Cuts a stream of text into statements as they are completed.

    A statement is complete when its sentence has ended and something other than a marker follows.
    """

    def __init__(self) -> None:
        self._buffer = ""

    def feed(self, piece: str) -> Iterator[ModelStatement]:
        """Take the next piece of the completion and yield the statements that it completes."""
        self._buffer += piece
        while (cut := self._find_cut()) is not None:
            done, self._buffer = self._buffer[:cut], self._buffer[cut:]
            yield from _drafts(done)

    def finish(self) -> Iterator[ModelStatement]:
        """Yield what is left."""
        done, self._buffer = self._buffer, ""
        yield from _drafts(done)

    def _find_cut(self) -> int | None:
        for match in _DONE.finditer(self._buffer):
            before = (self._buffer, 0, match.start())
            if match.group() in ";；" and (_OPEN.search(*before) or _OPEN_ROUND.search(*before)):
                continue  # it separates two numbers of a marker
            place = match.end()
            while True:
                follow = re.match(r"[\s”’\"』」）)]*", self._buffer[place:])
                assert follow is not None
                marker = _SQUARE.match(self._buffer, place + follow.end())
                if not marker:
                    break
                place = marker.end()
            rest = self._buffer[place:].lstrip()
            if _OPEN.match(rest):
                return None  # may still become a marker of this statement
            if rest and rest[0] not in '”’"』」）)':
                return len(self._buffer) - len(rest)
        return None


def _drafts(text: str) -> Iterator[ModelStatement]:
    markers: list[int] = []
    while found := list(_MARKERS.finditer(text)):  # again: what is left around one may form another
        for run in found:
            for match in _MARKER.finditer(run.group()):
                markers += _numbers(match.group(1) or match.group(2))
        text = _MARKERS.sub("", text)
    bare = re.sub(r"[（(]\s*[）)]|^\s*[、,，]+|[ \t]+(?=[。，；！？.,;!?])", "", text)
    stripped = bare.strip()
    if stripped:
        yield ModelStatement(stripped, tuple(sorted(set(markers))), "\n" if "\n" in bare[len(bare.rstrip()) :] else "")


def _numbers(listed: str) -> Iterator[int]:
    """The numbers of one marker, those of a range included: 1, 3-5."""
    yield from map(int, re.findall(r"\d+", listed))
    for first, last in _RANGE.findall(listed):
        yield from range(int(first), min(int(last), int(first) + MAX_MARKER_RANGE) + 1)
