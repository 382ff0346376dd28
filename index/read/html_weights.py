"""How much the lines and parts of a page tell for being its article: sentences and tables do, links and furniture do not."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from index.read.html_lines import Line
from index.read.html_names import is_furniture, leads_elsewhere
from index.read.html_tree import Element

# From a line's first mark on: from each one on, a line of colons would be read as often as it has colons.
_SENTENCE: Final = re.compile(r"[。！？；]|^[^，、：\n]*[，、：][^，、\n]*[，、]|[.!?](?:\s|\Z)|, ", re.MULTILINE)
_DATED: Final = re.compile(
    r"[（(\[【]?(?:(?:19|20)\d\d[-/.年])?\d{1,2}[-/.月]\d{1,2}日?(?:\s\d{1,2}:\d\d)?[）)\]】]?\Z"
)
_FILES: Final = re.compile(
    r"\.(?:docx?|wps|pdf|xlsx?|et|csv|zip|rar|7z|pptx?|ofd|txt|jpg|png)\b|download|attach", re.IGNORECASE
)
BARE_DATE: Final = re.compile(
    r"\W{0,3}(?:(?:19|20)\d\d[-/.年])?\d{1,2}[-/.月]\d{1,2}日?(?:\s\d{1,2}:\d\d(?::\d\d)?)?\W{0,3}|\d{1,2}(?:分钟|小时|天)前"
)
MIN_FEED_ENTRIES: Final = 3
MIN_PROSE_CHARS: Final = 12
MAX_LINKED: Final = 0.5
MAX_SHORT_CHARS: Final = 15
_ROW_WEIGHT: Final = 0.7
_SHORT_WEIGHT: Final = 0.25
_MAX_NODES: Final = 200


@dataclass(frozen=True, slots=True)
class Shown:
    """A page's lines, what each of them weighs, and its elements in the page's order."""

    lines: Sequence[Line]
    weights: Sequence[float]
    entries: Sequence[bool]
    elements: Sequence[Element]


class Weights:
    """How much of a page's matter each element holds, and how much of its text is links."""

    def __init__(self, shown: Shown, skipped: frozenset[int]) -> None:
        own: dict[int, list[float]] = {}
        for line, weight, is_one in zip(shown.lines, shown.weights, shown.entries, strict=True):
            place = id(line.block)
            sums = own.setdefault(place, [0.0, 0, 0, 0, 0])
            sums[0] += 0 if place in skipped else weight
            sums[1] += line.size
            sums[2] += line.linked
            sums[3] += 1
            sums[4] += is_one
        for element in reversed(shown.elements):
            if element.parent is not None and (here := own.get(id(element))) is not None:
                above = own.setdefault(id(element.parent), [0.0, 0, 0, 0, 0])
                for number, value in enumerate(here):
                    above[number] += value
        nothing = [0.0, 0, 0, 0, 0]
        self._sums, self._nothing = own, nothing

    def weight(self, element: Element) -> float:
        """Return how much text that counts stands in an element."""
        return self._sums.get(id(element), self._nothing)[0]

    def linked(self, element: Element) -> float:
        """Return how many characters of an element are links."""
        return self._sums.get(id(element), self._nothing)[2]

    def is_feed(self, element: Element) -> bool:
        """Tell of titles of other articles, with dates or links, each perhaps with its beginning."""
        sums = self._sums.get(id(element), self._nothing)
        return sums[4] >= MIN_FEED_ENTRIES and 3 * sums[4] >= sums[3]

    def is_linked(self, element: Element) -> bool:
        """Tell whether most of an element's text is links."""
        sums = self._sums.get(id(element), self._nothing)
        return sums[2] > MAX_LINKED * sums[1]


def is_prose(line: Line) -> bool:
    """Tell whether a line reads like text: sentences, hardly any of it links."""
    own = line.size - line.linked
    return own >= MIN_PROSE_CHARS and line.linked <= MAX_LINKED * line.size and bool(_SENTENCE.search(line.text))


def weight_of(line: Line) -> float:
    """Return how much a line tells for an article where it stands."""
    if is_furniture(line.text) or line.linked > MAX_LINKED * line.size:
        return 0.0
    own = line.size - line.linked
    if line.kind == "row":
        return _ROW_WEIGHT * own
    return float(own) if is_prose(line) else _SHORT_WEIGHT * own


def is_entry(line: Line) -> bool:
    """Tell of one line of a list of other articles: a link, or a title with its date."""
    if line.kind != "text" or line.level in range(1, 4):
        return False
    if "。" in line.text and line.size > MAX_SHORT_CHARS:
        return False
    if leads_elsewhere(line.text) and line.linked and not _offers_files(line):
        return True
    if line.block.tag == "li" and line.size < 80 and _DATED.search(line.text) and not _SENTENCE.search(line.text):
        return len(line.text) > 16
    return line.linked > 0.7 * line.size and not _offers_files(line)


def _offers_files(line: Line) -> bool:
    if "附件" in line.text or _FILES.search(line.text):
        return True
    below = islice(line.block.elements(), _MAX_NODES)
    return any(_FILES.search(element.attributes.get("href", "")) for element in below if element.tag == "a")


def measure(body: Element, lines: Sequence[Line]) -> Shown:
    """Return a page's lines with what each of them weighs, and the elements below its body."""
    is_dated = [is_entry(line) or BARE_DATE.fullmatch(line.text) is not None for line in lines]
    return Shown(lines, [weight_of(line) for line in lines], is_dated, [*islice(body.elements(), 1, None)])
