"""A completion → drafts: its statements one by one, without their markers, as soon as each is complete.

Whatever an LLM writes, and however it comes in pieces, it takes time in proportion to its length: what is kept is bounded, and
no pattern looks at a character again and again.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

MAX_STATEMENT_CHARACTERS = 600
"""Of a statement: three times what a long sentence of a newspaper has. What is longer is cut there, and never shown."""
MAX_PENDING_CHARACTERS = 2 * MAX_STATEMENT_CHARACTERS
"""Of a completion that no statement has ended in yet, with markers and blanks; what goes on after them is dropped."""
MAX_MARKERS = 50
"""Passages that one statement may point to, and numbers that a marker such as [1-8] may stand for."""
# Possessive throughout: nothing that follows could begin with what was taken, and going back would take time in its square.
_WORD = r"(?:ID|片段|资料|来源|引用|参考|文献|passages?|sources?|citations?|refs?|docs?)\s*+[:：#]?\s*+"
_NUMBERS = rf"\d{{1,3}}+(?>(?:\s*+[,，、;；~～–-]\s*+(?:\^|{_WORD})?\d{{1,3}}+)*)"
_SQUARE = re.compile(rf"(?<![\[［【])[\[［【]++\s*+\^?(?:{_WORD})?({_NUMBERS})\s*+[\]］】]++", re.IGNORECASE)
_ROUND = rf"[（(]\s*+(?:见|据|参见|see )?\s*+{_WORD}({_NUMBERS})\s*+[）)]"
_MARKER = re.compile(rf"{_SQUARE.pattern}|{_ROUND}", re.IGNORECASE)
_MARKERS = re.compile(rf"(?:{_MARKER.pattern})(?>(?:\s*+[、,，]\s*+(?:{_MARKER.pattern}))*)", re.IGNORECASE)
_OPENED = 40
"""Characters behind a bracket within which it may become a marker's."""
_OPEN = re.compile(rf"[\[［【][^\]］】]{{0,{_OPENED}}}$")
_OPEN_ROUND = re.compile(rf"[（(][^）)]{{0,{_OPENED}}}$")
_CLOSING = '”’"』」）)'
_FOLLOW = re.compile(rf"[\s{_CLOSING}]*+")
_BEGINNING = re.compile(rf"(?>(?:\s|{_SQUARE.pattern})*)", re.IGNORECASE)
"""Blanks and markers that no statement stands before."""
_SPACE = re.compile(r"\s*+")
_GAPS = re.compile(r"[（(]\s*+[）)]|^\s*+[、,，]+|(?<![ \t])[ \t]++(?=[。，；！？.,;!?])")
"""What a marker that is taken out leaves behind."""
_RANGE = re.compile(r"(?<!\d)(\d++)\s*+[~～–-]\s*+(\d++)")
_ENUMERATOR = re.compile(r"\A\s*+(?:(?:[-*•·]\s*+)?(?:\d{1,2}[.)、）]|[（(]\d{1,2}[）)])(?!\d)\s*+|[-*•·#]++\s++)")
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
        text: without its markers, ends trimmed; of one that is too long, its beginning.
        markers: passage numbers it points to, ascending, MAX_MARKERS at most.
        tail: white space that followed it (a line break is kept as one).
        is_too_long: it has more than MAX_STATEMENT_CHARACTERS.
    """

    text: str
    markers: tuple[int, ...]
    tail: str
    is_too_long: bool = False

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

    # _pending: what no statement was made of yet; _searched: where its end may be; _end: behind the markers of one that was found
    # there, where what follows has to tell more; _head: the beginning of a statement that is too long, the rest of it is pending.

    def __init__(self) -> None:
        self._pending = self._head = ""
        self._searched = 0
        self._end: int | None = None

    def feed(self, piece: str) -> Iterator[ModelStatement]:
        """Take the next piece of the completion and yield the statements that it completes."""
        for start in range(0, len(piece), MAX_STATEMENT_CHARACTERS):
            self._pending += piece[start : start + MAX_STATEMENT_CHARACTERS]
            while (cut := self._find_cut()) is not None:
                yield from self._take(cut)
            if len(self._pending) <= MAX_PENDING_CHARACTERS:
                continue
            if self._end is not None:  # blanks and markers without end are behind it
                yield from self._take(self._end)
            elif not self._head and (begins := _past(_BEGINNING, self._pending, 0)):
                self._pending, self._searched = self._pending[begins:], 0
            else:
                self._head = self._head or self._pending[:MAX_PENDING_CHARACTERS]
                self._pending, self._searched = "", 0

    def finish(self) -> Iterator[ModelStatement]:
        """Yield what is left."""
        yield from self._take(len(self._pending))

    def _take(self, cut: int) -> Iterator[ModelStatement]:
        head, done, self._pending = self._head, self._pending[:cut], self._pending[cut:]
        self._head, self._searched, self._end = "", 0, None
        yield from _drafts(head, done) if head else _drafts(done)

    def _find_cut(self) -> int | None:
        """Where the next statement ends; None where what is pending does not tell yet."""
        text = self._pending
        while match := _DONE.search(text, self._searched):
            window = (text, max(0, match.start() - _OPENED - 1), match.start())
            if match.group() in ";；" and (_OPEN.search(*window) or _OPEN_ROUND.search(*window)):
                self._searched, self._end = match.end(), None  # it separates two numbers of a marker
                continue
            if match.start() > self._searched:
                self._searched, self._end = match.start(), None
            self._end = place = self._end or match.end()
            while marker := _SQUARE.match(text, _past(_FOLLOW, text, place)):
                self._end, place = place, marker.end()
            if place < len(text):
                self._end = place
            follows = _past(_FOLLOW, text, place)
            if follows == len(text) or _OPEN.match(text, follows):
                return None  # what comes next may be of its last marker, or another one
            begins = _past(_SPACE, text, place)
            if text[begins] not in _CLOSING:
                return begins
            self._searched, self._end = match.end(), None  # a sentence of what is quoted, which goes on
        self._searched, self._end = len(text), None
        return None


def _past(run: re.Pattern[str], text: str, place: int) -> int:
    """Where a run ends that begins at a place, which may be empty."""
    match = run.match(text, place)
    return match.end() if match else place


def _drafts(text: str, dropped: str | None = None) -> Iterator[ModelStatement]:
    """The statement of a stretch, if it has one.

    Args:
        dropped: how a statement that is too long goes on; None of others.
    """
    markers: dict[int, None] = {}
    while found := list(_MARKERS.finditer(text)):  # again: what is left around one may form another
        for run in found:
            for match in _MARKER.finditer(run.group()):
                markers |= dict.fromkeys(_numbers(match.group(1) or match.group(2)))
        text = _MARKERS.sub("", text)
    bare = _GAPS.sub("", text)
    stripped = bare.strip()
    behind = bare if dropped is None else dropped
    tail = "\n" if "\n" in behind[len(behind.rstrip()) :] else ""
    is_too_long = dropped is not None or len(stripped) > MAX_STATEMENT_CHARACTERS
    if stripped:
        shown = f"{stripped[:MAX_STATEMENT_CHARACTERS]}…" if is_too_long else stripped
        yield ModelStatement(shown, tuple(sorted(list(markers)[:MAX_MARKERS])), tail, is_too_long)


def _numbers(listed: str) -> Iterator[int]:
    """The numbers of one marker, those of a range included: 1, 3-5."""
    yield from map(int, re.findall(r"\d+", listed))
    for first, last in _RANGE.findall(listed):
        yield from range(int(first), min(int(last), int(first) + MAX_MARKERS) + 1)
