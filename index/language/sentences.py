"""Splits text into sentences, and finds places where it must not be cut."""

import re
from collections import deque
from collections.abc import Iterator

from index.language.memo import memoise_text
from index.language.tables import find_rows

# A sentence ends after its mark and the closing quotes and brackets that belong to it. A semicolon ends one
# too: newspapers string figures together with them, and each part can stand as a quote by itself.
# The Latin full stop ends one only before a space and a capital or quote, so that 22.2 and U.S. survive.
_END = re.compile(
    # What closes a tag or a turn of a conversation ends one as well: no newspaper prints it, and what follows is another's.
    r"(?:[。！？；!?…]+|(?<=[^\sA-Z.][^\s.])\.(?=\s+[\"“‘(]?[A-Z0-9])|;(?=\s))[”’\"』」）》)\]]*[ \t]*|\n+"
    r"|</[^<>\s]{1,40}>+[ \t]*|<[|｜][^<>\n]{1,40}[|｜]>[ \t]*|\[/\w{1,20}\][ \t]*|```[ \t]*"
)
_CLOSERS = {"《": "》", "〈": "〉", "（": "）)", "(": "）)"}  # scans mix the widths of round brackets

# Never cut inside these: numbers with their separators and units, Latin words, 《titles》.
_ATOM = re.compile(
    r"《[^《》\n]{1,60}》|〔\d{4}〕\s*\d+\s*号"
    r"|\d[\d,.，．:：/—–~～-]*\d?\s*(?:%|‰|％|℃|[年月日号时点分秒个万亿元吨米人名件户次项家处平公立千百微毫克])*"
    r"|[A-Za-z][A-Za-z'’-]*"
)

_DATELINE = re.compile(r"\A\s*本报讯\s*+(?:[（(][^（）()]{0,60}[）)])?\s*")
MIN_CHARACTERS = 6
UNCLOSED_CHARACTERS = 200
MAX_NESTED = 32
"""Brackets within brackets that are told apart; nobody prints as many."""


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Return the (start, end) of each sentence; together they are the whole text, in order.

    No split inside 《》 and （） that close on the same line, nor inside a row of a table.
    """
    return list(_split(text))


@memoise_text
def _split(text: str) -> tuple[tuple[int, int], ...]:
    bounds = []
    start = read = 0
    awaited: deque[str] = deque(maxlen=MAX_NESTED)  # closing brackets of the sentence up to `read`
    rows = deque(find_rows(text))
    for match in _END.finditer(text):
        end = match.end()
        while rows and rows[0][1] <= match.start():
            rows.popleft()
        if rows and rows[0][0] < end < rows[0][1]:
            continue  # a row of a table is one sentence, whatever its cells say
        if "\n" not in match.group():
            _follow_brackets(text[read : match.start()], awaited)
            read = match.start()
            if awaited and _closes(text, match.start(), awaited):
                continue
        bounds.append((start, end))
        start = read = end
        awaited.clear()
    if start < len(text):
        bounds.append((start, len(text)))
    return tuple(bounds)


def find_content_sentences(text: str) -> list[tuple[int, int]]:
    """Return (start, end) of each sentence that can say something: trimmed, datelines off, MIN_CHARACTERS or more."""
    return list(_statements(text))


@memoise_text
def _statements(text: str) -> tuple[tuple[int, int], ...]:
    spans = []
    for start, end in split_sentences(text):
        sentence = text[start:end]
        dateline = _DATELINE.match(sentence)
        first = start + (dateline.end() if dateline else len(sentence) - len(sentence.lstrip()))
        last = start + len(sentence.rstrip())
        if last - first >= MIN_CHARACTERS:
            spans.append((first, last))
    return tuple(spans)


def _follow_brackets(text: str, awaited: deque[str]) -> None:
    """Add the closing brackets that the text waits for, and take off those that it has."""
    for character in text:
        if character in _CLOSERS:
            awaited.append(_CLOSERS[character])
        elif awaited and character in awaited[-1]:
            awaited.pop()


def _closes(text: str, position: int, awaited: deque[str]) -> bool:
    """Whether one of the awaited brackets stands on the rest of the line; one unclosed for so long binds no further."""
    rest = text[position : position + UNCLOSED_CHARACTERS].partition("\n")[0]
    return any(character in closers for closers in set(awaited) for character in rest)


def find_atoms(text: str) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of the stretches of at least two characters that a cut must not fall into."""
    for match in _ATOM.finditer(text):
        if match.end() - match.start() > 1:
            yield match.span()
