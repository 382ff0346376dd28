"""Enumerations that run through an article: 一是 … 五是, 第一 … 第三, （一） … （四）, over paragraphs and chunks."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.language.numerals import numeral_value
from index.language.sentences import split_sentences

_HAN = "一二三四五六七八九十"
# Families of item marks; each gives the item's number.
_FAMILIES: tuple[re.Pattern[str], ...] = (
    re.compile(rf"[\s“]{{0,4}}([{_HAN}]{{1,3}})是(?!否)"),
    re.compile(rf"[\s“]{{0,4}}第([{_HAN}]{{1,3}})(?:[，、,：:是]|个?方面)"),
    re.compile(rf"[\s“]{{0,4}}其([{_HAN}])[，、,是]?"),
    re.compile(rf"[\s“]{{0,4}}[（(]([{_HAN}]{{1,3}}|\d{{1,2}})[）)]"),
    re.compile(rf"[\s“]{{0,4}}([{_HAN}]{{1,3}})、"),
    re.compile(r"[\s“]{0,4}(\d{1,2})[.．、](?!\d)"),
    re.compile(r"[\s“]{0,4}([①②③④⑤⑥⑦⑧⑨⑩])"),
)
_FIRST = ("一", "1", "①")
_COLON = re.compile(r"[：:]")
_IN_WORDS = ("首先", "其次", "再次")
LAST = -1
"""Number of 最后, whatever number comes before it."""
MAX_SENTENCES_BETWEEN = 12
"""Sentences that an item may have before the next one begins."""


@dataclass(frozen=True, slots=True)
class Enumeration:
    """Items in their order.

    Args:
        lead: (start, end) of the sentence before the first item; None where it opens the text.
        items: (start, end) of the first sentence of each item.
    """

    lead: tuple[int, int] | None
    items: tuple[tuple[int, int], ...]

    @property
    def end(self) -> int:
        """Where the last item's first sentence ends."""
        return self.items[-1][1]

    def covers(self, start: int) -> bool:
        """Whether a sentence that starts there is its lead or stands within it."""
        first = self.lead[0] if self.lead else self.items[0][0]
        return first <= start < self.end


def find_enumerations(text: str) -> list[Enumeration]:
    """Return the enumerations of an article's text that have two items or more."""
    sentences = [trimmed(text, start, end) for start, end in split_sentences(text)]
    sentences = [span for span in sentences if span[0] < span[1]]
    found = []
    for family in _FAMILIES:
        found += list(_runs(sentences, [_number(family, text, span) for span in sentences]))
    words = [
        LAST
        if text.startswith("最后", start)
        else next((n for n, word in enumerate(_IN_WORDS, 1) if text.startswith(word, start)), 0)
        for start, _ in sentences
    ]
    found += list(_runs(sentences, words))
    return sorted(found, key=lambda run: run.items[0][0])


def _number(family: re.Pattern[str], text: str, span: tuple[int, int]) -> int:
    match = family.match(text, span[0], span[1]) or _after_colon(family, text, span)
    if not match:
        return 0
    if match[1] in "①②③④⑤⑥⑦⑧⑨⑩":
        return "①②③④⑤⑥⑦⑧⑨⑩".index(match[1]) + 1
    return int(match[1]) if match[1].isdigit() else numeral_value(match[1]) or 0


def _after_colon(family: re.Pattern[str], text: str, span: tuple[int, int]) -> re.Match[str] | None:
    """The mark of the first item where the sentence that leads to it has it too: 原因有三：一是沙尘多；"""
    for colon in _COLON.finditer(text, *span):
        match = family.match(text, colon.end(), span[1])
        if match and match[1] in _FIRST:
            return match
    return None


def _runs(sentences: Sequence[tuple[int, int]], numbers: Sequence[int]) -> Iterator[Enumeration]:
    """Yield the runs 1, 2, 3 … of the sentences' numbers."""
    run: list[int] = []
    for place, number in enumerate(numbers):
        if not number:
            continue
        if run and number in (len(run) + 1, LAST) and place - run[-1] <= MAX_SENTENCES_BETWEEN:
            run.append(place)
            continue
        if len(run) > 1:
            yield _enumeration(sentences, run)
        run = [place] if number == 1 else []
    if len(run) > 1:
        yield _enumeration(sentences, run)


def _enumeration(sentences: Sequence[tuple[int, int]], run: Sequence[int]) -> Enumeration:
    lead = sentences[run[0] - 1] if run[0] else None
    return Enumeration(lead, tuple(sentences[place] for place in run))


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return where a stretch of a text begins and ends without the white space at its ends."""
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())
