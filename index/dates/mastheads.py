"""Mastheads and folio lines anywhere in a file: which lines are one, and what it states of the text beside it.

A bare date is none (it signs notices, too) without a weekday, page or name beside it; nor is the number of a page that
a guide to the issue names.
"""

import itertools
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from index.dates.masthead_lines import MastheadLine, read_masthead_line
from index.records import PartialDate

CLUSTER_GAP = 3
"""Newlines between two lines of one masthead: two blank lines at most."""
CLUSTER_LINES = 8
GUIDE_LINES = 14
GUIDE_CHARACTERS = 18
_GUIDE = re.compile(r"导读|今日看点|本期看点|内容提要|版面索引|^目\s{0,4}录$|要目")
_NAME_ABOVE = re.compile(r"[\u4e00-\u9fff]{2,8}|[A-Z][A-Za-z ]{2,24}")
_FOLIO_NUMBER = re.compile(r"[-—–·• ]{0,3}([A-Z]?\d{1,3})[-—–·• ]{0,3}")


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of a text: `text[start:end]`, with the newlines before it."""

    start: int
    end: int
    text: str
    gap: int


@dataclass(frozen=True, slots=True)
class Masthead:
    """A masthead or folio line, and what it states; None where it does not.

    Args:
        lines: that it is printed in, at least one, in the text's order.
        dated_by: the words that state the date, where those of an earlier masthead do.
        is_false: as MastheadLine.
    """

    lines: tuple[TextLine, ...]
    date: PartialDate | None = None
    page: str | None = None
    newspaper: str | None = None
    is_false: bool = False
    dated_by: str = ""
    day: str | None = None

    @property
    def start(self) -> int:
        """Offset of its first character in the text."""
        return self.lines[0].start

    @property
    def end(self) -> int:
        """Offset after its last character."""
        return self.lines[-1].end

    @property
    def words(self) -> str:
        """Its lines as they stand there."""
        return " ".join(" ".join(line.text.split()) for line in self.lines)


def text_lines(text: str, start: int = 0, end: int | None = None) -> list[TextLine]:
    """Return the lines of a slice of a text that are not blank, white space at their ends left out."""
    found: list[TextLine] = []
    at, gap = start, 0
    for raw in re.split(r"[\n\f]", text[start:end]):
        bare = raw.strip()
        if bare:
            first = at + raw.index(bare[0])
            found.append(TextLine(first, first + len(bare), bare, gap))
            gap = 0
        gap += 1
        at += len(raw) + 1
    return found


def find_mastheads(lines: Sequence[TextLine]) -> list[Masthead]:
    """Return the mastheads among the lines of a text, in its order.

    Lines that stand together are one; page numbers that a guide to the issue prints beside its headlines are none.
    """
    read = [read_masthead_line(line.text) for line in lines]
    clusters = list(_clusters(lines, read))
    names = _names_above(lines, clusters)
    found: list[Masthead] = []
    for cluster in clusters:
        first = cluster[0] - (cluster[0] in names)
        masthead = _masthead(lines, [(number, known) for number in cluster if (known := read[number])], first)
        if masthead and not (masthead.date is None and _is_in_guide(lines, cluster[0])):
            found.append(masthead)
    return _without_pointers(lines, found)


def _clusters(lines: Sequence[TextLine], read: Sequence[MastheadLine | None]) -> Iterator[list[int]]:
    """Yield the numbers of the lines that stand together; a second date, or page, begins another masthead."""
    cluster: list[int] = []
    date = page = None
    for number, known in enumerate(read):
        ends = known is None or (cluster and (lines[number].gap > CLUSTER_GAP or len(cluster) >= CLUSTER_LINES))
        if known and cluster and not ends:
            ends = bool(
                (known.date and date and known.date != date)
                or known.day
                or (known.page and page and known.page != page)
            )
        if ends and cluster:
            yield cluster
            cluster, date, page = [], None, None
        if known:
            cluster.append(number)
            date, page = date or known.date, page or known.page
    if cluster:
        yield cluster


def _masthead(lines: Sequence[TextLine], known: Sequence[tuple[int, MastheadLine]], first: int) -> Masthead | None:
    """Put the lines of a cluster together; None where they are too little for a masthead."""
    parts = [part for _number, part in known]
    date = next((part.date for part in parts if part.date), None)
    page = next((part.page for part in parts if part.page), None)
    paper = next((part.newspaper for part in parts if part.newspaper), None)
    is_false = date is None and any(part.is_false for part in parts)
    supported = any(part.supports_date for part in parts) or page or paper
    if not ((date or is_false) and supported) and not (page and (paper or any(part.is_named_page for part in parts))):
        return None
    last = max(number for number, _part in known)
    if paper is None and first < known[0][0]:
        paper = lines[first].text if lines[first].text.startswith("今日") else None
    day = next((part.day for part in parts if part.day), None) if date is None else None
    return Masthead(tuple(lines[first : last + 1]), date, page, paper, is_false, day=day)


def _names_above(lines: Sequence[TextLine], clusters: Sequence[Sequence[int]]) -> frozenset[int]:
    """First lines of clusters above which a newspaper's name stands that does not look like one (今日云汀, 云汀之窗).

    It is the same short line each time, or stands on top of the file.
    """
    above = [cluster[0] for cluster in clusters if cluster[0] and lines[cluster[0]].gap <= 2]
    short = [n for n in above if _NAME_ABOVE.fullmatch(lines[n - 1].text)]
    texts = [lines[n - 1].text for n in short]
    everywhere, over = Counter(line.text for line in lines), Counter(texts)
    return frozenset(
        n
        for n, text in zip(short, texts, strict=True)
        if n == 1 or text.startswith("今日") or over[text] == everywhere[text] > 1
    )


def _is_in_guide(lines: Sequence[TextLine], number: int) -> bool:
    """Whether a line stands in a guide to the issue's pages: its heading is above, and no running text between."""
    for line in reversed(lines[max(0, number - GUIDE_LINES) : number]):
        if _GUIDE.search(line.text) and len(line.text) <= GUIDE_CHARACTERS:
            return True
        if len(line.text) > 2 * GUIDE_CHARACTERS or line.text.endswith("。"):
            return False
    return False


def _without_pointers(lines: Sequence[TextLine], found: Sequence[Masthead]) -> list[Masthead]:
    """Leave out numbers of pages that stand in a list with nothing between them, and come again over the pages."""
    kept: list[Masthead] = []
    places = [line.start for line in lines]
    pages = Counter(masthead.page for masthead in found)
    for masthead, after in itertools.zip_longest(found, found[1:]):
        if after is None or masthead.date or masthead.newspaper or masthead.is_false or pages[masthead.page] < 2:
            kept.append(masthead)
            continue
        between = lines[bisect_left(places, masthead.end) : bisect_left(places, after.start)]
        if sum(len(line.text) for line in between) > 2 * GUIDE_CHARACTERS:
            kept.append(masthead)
    return kept


def combine_folio(lines: Sequence[TextLine]) -> Masthead | None:
    """Return what the lines in a page's margins state together, wherever they stand there; None where it is too little.

    A bare number there is the page's where a date or the newspaper's name stands there, too.
    """
    known = [(number, read) for number, line in enumerate(lines) if (read := read_masthead_line(line.text))]
    dated = next((read for _number, read in known if read.date), None)
    # What is stated beside the date is believed first, and only one date counts.
    known.sort(key=lambda item: item[1] is not dated)
    known = [item for item in known if not (item[1].date and dated and item[1].date != dated.date)]
    if known and not any(read.page for _number, read in known):
        numbers = [(n, found[1]) for n, line in enumerate(lines) if (found := _FOLIO_NUMBER.fullmatch(line.text))]
        known += [(n, MastheadLine(page=page)) for n, page in numbers[:1]]
    known = known[:CLUSTER_LINES]
    places = sorted(number for number, _read in known)
    masthead = _masthead(lines, known, places[0]) if known else None
    if masthead is None:
        return None
    return replace(masthead, lines=tuple(lines[number] for number in places))
