"""Values that flow through the offline side: Document → Article → Chunk.

All are frozen: a stage returns new values and never changes the ones it was given. All offsets count
Unicode code points (Python `str` indices), 0-based, end exclusive.
"""

import calendar
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

Float32 = npt.NDArray[np.float32]

DatePrecision = Literal["day", "month", "year"]
Layout = Literal["page", "framed", "prose", "record"]
"""page: a dump of a newspaper page, hard-wrapped, several articles. framed: a page whose type sizes and places are
known (PDF), so its frames are in reading order. prose: paragraphs are lines already (html, docx, md). record: one
article whose fields are known (a corpus line), taken over as it is."""


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date known to the day, the month or the year.

    Args:
        value: "YYYY-MM-DD", "YYYY-MM" or "YYYY".
    """

    value: str

    @property
    def precision(self) -> DatePrecision:
        """How much of the date is known, told by its length."""
        return {4: "year", 7: "month", 10: "day"}[len(self.value)]  # type: ignore[return-value]

    @property
    def first_day(self) -> int:
        """First day it can mean, as the integer YYYYMMDD."""
        return int((self.value + "-01-01")[:10].replace("-", ""))

    @property
    def last_day(self) -> int:
        """Last day it can mean, as the integer YYYYMMDD."""
        if self.precision == "day":
            return self.first_day
        year, month = int(self.value[:4]), int(self.value[5:] or 12)
        return year * 10_000 + month * 100 + calendar.monthrange(year, month)[1]


@dataclass(frozen=True, slots=True)
class Frame:
    """A text frame of a page whose geometry is known: lines of one type size in one column.

    Args:
        start, end: its lines in the document's text, without the newline after the last one.
        size_pt: type size in points.
        box: left, top, right, bottom in points from the page's top left corner.
        page: 0-based page of the file.
        is_watermark: it lies over the page, askew or over other frames, and is no part of any article.
    """

    start: int
    end: int
    size_pt: float
    box: tuple[float, float, float, float]
    page: int
    is_watermark: bool = False


NOTES = "notes"
"""Key of a document's metadata: what of it was damaged and put right, or left out, each in words."""
HeadingKind = Literal["marked", "styled", "article"]
"""marked: the file says that it is a heading (h2, "##", Word's heading styles). styled: it is only set like one: a short
paragraph all bold, or centred, or larger. article: no line, but the place where an `<article>` element begins."""


@dataclass(frozen=True, slots=True)
class Heading:
    """What a file marks or sets as a heading.

    Args:
        start, end: its line or lines in the document's text, without the last newline. Equal where the heading was taken
            out of the text, being the document's title, and at the beginning of an `<article>`: then `start` is where
            the text under it begins.
        level: 1 to 6 as marked; 0 for Word's style Title; 7 for a styled one; 0 for an article.
    """

    start: int
    end: int
    level: int
    kind: HeadingKind = "marked"


@dataclass(frozen=True, slots=True)
class Document:
    """One source as read: a whole file, or one line of a corpus file.

    Args:
        source: name of the file as citations show it: its path below the folder that was given, with "/".
        doc_id: the corpus line's `_id`; else `source`.
        text, layout: decoded text, lines ended by LF, nothing repaired yet; how it relates to articles, see Layout.
        title, date, newspaper, page, url, byline: what the file or the line states; None where it states nothing.
        frames: layout "framed" only: the frames that the text consists of, in reading order.
        headings: layout "prose" only: its headings and beginnings of articles in the text's order, as its markup has them.
        masthead: lines of its page headers and footers, no part of the text; they may name newspaper, date and page.
        unsure: start, end and probability, in per cent, of characters recognised on a picture that may be others.
        line, metadata: of a corpus line: its place, from 1 on; its further keys, and what readers noted.
    """

    source: str
    doc_id: str
    text: str
    layout: Layout
    title: str | None = None
    date: PartialDate | None = None
    newspaper: str | None = None
    page: str | None = None
    url: str | None = None
    byline: tuple[str, ...] = ()
    frames: tuple[Frame, ...] = ()
    headings: tuple[Heading, ...] = ()
    masthead: str = ""
    unsure: tuple[tuple[int, int, int], ...] = ()
    line: int | None = None
    metadata: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rejected:
    """An input that could not be read, and why. `line` is set where one line of a file was at fault."""

    source: str
    line: int | None
    reason: str
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Fix:
    """One change that repair made.

    Args:
        kind: name of the fault, e.g. "hard_wrap", "doubled_headline".
        start: offset of `before` in the text that the repair function was given; in an Article, in its document (of a
            continued article's second part: in that part's document).
        before: the damaged characters.
        after: what replaced them.
    """

    kind: str
    start: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class DateSpan:
    """A date expression in a text and the days it means: `text[start:end]`.

    Args:
        start, end: offsets into the text.
        first, last: first and last day meant, both inclusive, as "YYYY-MM-DD".
        relative: whether the issue's date was needed to understand it (去年8月, 3月27日 without a year).
    """

    start: int
    end: int
    first: str
    last: str
    relative: bool


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a slice of an article's text stands in its document: `text[start:end]` ← `source_text[source_start:source_end]`.

    Where both are equally long, character by character; else the whole slice for the whole (a repaired mark, or the
    newline that parts two paragraphs for whatever stood between them).

    Args:
        source: the document, where it is not the article's own `source` (the other page of a continued article).
    """

    start: int
    end: int
    source_start: int
    source_end: int
    source: str | None = None


BesideKind = Literal["kicker", "deck", "caption"]
"""A line over the headline (引题), one under it (副题), the text of a picture."""


@dataclass(frozen=True, slots=True)
class Beside:
    """A text printed beside an article's running text.

    Args:
        origin: where its characters stand in the document, counted in `text`; empty where that is not known.
        start: where it stands in the article's text, as a paragraph at the end, once the article is in an index; None
            before, and where the running text says it anyway.
    """

    kind: BesideKind
    text: str
    origin: tuple[Origin, ...] = ()
    start: int | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """One newspaper item. `text` is in reading order with its sub-headings in place; the title is not in it.

    In an index, kicker, deck and captions stand behind the running text, so that they are found and can be cited.

    Args:
        beside: kicker, deck and captions, in this order, each with its place.
        date_evidence: what the date was read or inferred from, in words.
        dates: the date expressions of `text`, in its order.
        noise: what stood in or beside it and is no part of it: continuation lines (下转02版), banners, page furniture.
        origin: where its characters stand in the document, in the text's order, without gaps.
        confidence: 0–1, how sure the segmenter is of its bounds, order and headline; 1 where nothing was to decide.
        decisions: why it looks as it does, in words, doubts included.
    """

    id: str
    source: str
    doc_id: str
    ordinal: int
    text: str
    title: str | None = None
    kicker: str | None = None
    deck: str | None = None
    subheads: tuple[str, ...] = ()
    byline: tuple[str, ...] = ()
    date: PartialDate | None = None
    newspaper: str | None = None
    page: str | None = None
    url: str | None = None
    continued_from: str | None = None
    continued_to: str | None = None
    captions: tuple[str, ...] = ()
    beside: tuple[Beside, ...] = ()
    noise: tuple[str, ...] = ()
    date_evidence: str | None = None
    dates: tuple[DateSpan, ...] = ()
    origin: tuple[Origin, ...] = ()
    confidence: float = 1.0
    decisions: tuple[str, ...] = ()
    fixes: tuple[Fix, ...] = ()
    metadata: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stored slice of an article: `article.text[start:end] == text`.

    Args:
        id: "<article id>.<ordinal>".
        header: title, date and newspaper of the article, embedded and indexed with the text but no part of it; on further
            lines the caption and the head rows of the table that the chunk begins in.
        size_tokens: tokens of `text`, counted by index.language.token_count.
    """

    id: str
    article_id: str
    ordinal: int
    start: int
    end: int
    text: str
    header: str
    size_tokens: int

    @property
    def indexed_text(self) -> str:
        """What is embedded and indexed of it."""
        return indexed_text(self.header, self.text)


OfficeState = Literal["", "acting", "then", "former"]
"""How a text qualifies an office: 代区长; 时任; 原, 前, 曾任."""
OfficeChange = Literal["", "elected", "appointed", "removed"]
"""What a text says happened with it: 当选; 任命, 担任; 免去, 辞去, 不再担任."""


@dataclass(frozen=True, slots=True)
class OfficeHolding:
    """An office that an article says a person holds, held, gets or loses: `article.text[start:end]` says it.

    Args:
        start, end: of the words that carry it, from the unit or the person to the other of the two.
        unit: what it is an office of, in one form: 云汀区 of its head, 云汀区委, 云汀区生态环境局, 青石街道. Where the text
            leaves the territory to the reader (区委书记), `territory` is "" and the unit begins with its level: 区委, 区.
        office: 区长, 副书记, 主任.
        territory: district, town or city that the unit is of, where the article tells; "" where it does not.
        mentioned: places that the article names, for a unit whose territory it leaves open.
        named: the one territory of the unit's level among them; "" where there is none, or are several.
    """

    start: int
    end: int
    unit: str
    office: str
    person: str
    state: OfficeState = ""
    change: OfficeChange = ""
    territory: str = ""
    mentioned: tuple[str, ...] = ()
    named: str = ""


def indexed_text(header: str, text: str) -> str:
    """What is embedded and indexed of a chunk: the header on its own line, then the text."""
    return f"{header}\n{text}" if header else text


def composed(name: str) -> str:
    """Return a document's name as it is kept and shown: macOS writes é as e and an accent, others as one character."""
    return unicodedata.normalize("NFC", name)


def spellings(name: str) -> tuple[str, ...]:
    """Return the forms in which an index may have a document's name: as given, composed, taken apart."""
    return tuple(dict.fromkeys((name, composed(name), unicodedata.normalize("NFD", name))))
