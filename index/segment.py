"""Document → Articles. The simple splitter: a piece of a page begins where the paper says 本报讯.

Headlines stand apart from their bodies on these pages, so the headlines between two bodies are given to the
article of the page that shares most of their characters, the neighbours first.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.dates import read_issue
from index.records import Article, Document, Fix
from index.repair import rejoin_lines, undouble_headlines

_DATELINE = re.compile(r"本报讯|本报记者\s|By our (?:staff )?reporter|\([A-Z][A-Za-z ]+\) ?[—-]")
_BYLINE = re.compile(r"^本报讯\s*[（(]\s*((?:记者|通讯员|特约)[^（）()]{1,40})[）)]")
_JUMP = re.compile(r"^[（(]?\s*([上下])[接转]\s*([0-9A-Z]{1,3}|[一二三四五六七八九十]{1,2})\s*版\s*[）)]?$")
_CAPTION = re.compile(r"^[▼▲◀▶]|(?:^|[\s）。])\S{1,8}\s*[/／]?\s*摄\s*[）)]?$")
_ENDS = re.compile(r"[。！？!?；;…：:，,]$|[。！？][”’\"』」）)]+$|(?<![A-Z])\.[”\"’)]?$")
_BRACKETED = re.compile(r"^[（(].*[）)]$")
_AUTHOR = re.compile(r"^By ([A-Z][\w.]+(?: [A-Z][\w.]+){1,3})$")
HEADLINE_CHARACTERS = 45
SHARED = 0.5
"""A headline goes to an article that is not its neighbour when the article has half of its character pairs."""


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    is_heading: bool


@dataclass(slots=True)
class _Piece:
    """One article while it is put together."""

    lines: list[str]
    titles: list[str]
    subheads: list[str]
    captions: list[str]
    continued_from: str | None = None
    continued_to: str | None = None


def split_articles(document: Document) -> list[Article]:
    """Return the articles of a document, in page order; a corpus line is taken over untouched."""
    if document.layout == "record":
        return [_article(document, 0, document.text, title=document.title, fixes=())]
    text = document.text
    fixes: tuple[Fix, ...] = ()
    if document.layout == "page":
        text, wraps = rejoin_lines(text)
        text, doubles = undouble_headlines(text)
        fixes = (*wraps, *doubles)
    lines = _classify(text)
    pieces = _split(lines) if document.layout == "page" else [_whole(lines)]
    return [
        _finish(document, number, piece, fixes if number == 0 else ())
        for number, piece in enumerate(piece for piece in pieces if piece.lines or piece.captions or piece.titles)
    ]


def _classify(text: str) -> list[_Line]:
    lines = [line.strip() for line in text.split("\n")]
    return [_Line(line, _is_heading(line)) for line in lines if line]


def _is_heading(line: str) -> bool:
    return (
        len(line) <= HEADLINE_CHARACTERS * (1 if re.search(r"[\u4e00-\u9fff]", line) else 2)
        and not _ENDS.search(line)
        and not _JUMP.match(line)
        and not _CAPTION.search(line)
        and not _DATELINE.match(line)
        and not _BRACKETED.match(line)
    )


def _whole(lines: Sequence[_Line]) -> _Piece:
    return _Piece([line.text for line in lines], [], [line.text for line in lines if line.is_heading], [])


def _split(lines: Sequence[_Line]) -> list[_Piece]:
    """Cut at datelines; without any, at headings that a body follows."""
    has_datelines = any(_DATELINE.match(line.text) for line in lines)
    starts = [number for number, line in enumerate(lines) if _starts(lines, number, has_datelines)]
    pieces: list[_Piece] = []
    loose: list[tuple[int, str]] = []  # headlines that stand between bodies, with the piece that follows them
    pending: list[_Line] = []
    if not starts or not all(line.is_heading for line in lines[: starts[0]]):
        pieces.append(_Piece([], [], [], []))
    for number, line in enumerate(lines):
        if number in starts:
            loose += [(len(pieces), heading.text) for heading in pending]
            pending = []
            pieces.append(_Piece([], [], [], []))
        if line.is_heading:
            pending.append(line)
            continue
        if pieces[-1].lines:
            _take_subheads(pieces[-1], pending)
        else:  # on top of a piece: headlines, of whichever article
            loose += [(len(pieces) - 1, heading.text) for heading in pending]
        pending = []
        _take(pieces[-1], line.text)
    loose += [(len(pieces), heading.text) for heading in pending]
    _place_headlines(pieces, loose)
    return pieces


def _starts(lines: Sequence[_Line], number: int, has_datelines: bool) -> bool:
    if has_datelines:
        return bool(_DATELINE.match(lines[number].text))
    return not lines[number].is_heading and number > 0 and lines[number - 1].is_heading


def _take_subheads(piece: _Piece, headings: Sequence[_Line]) -> None:
    for heading in headings:
        piece.lines.append(heading.text)
        piece.subheads.append(heading.text)


def _take(piece: _Piece, line: str) -> None:
    jump = _JUMP.match(line)
    if jump and jump.group(1) == "上":
        piece.continued_from = f"{jump.group(2)}版"
    elif jump:
        piece.continued_to = f"{jump.group(2)}版"
    elif _CAPTION.search(line) and len(line) <= HEADLINE_CHARACTERS:
        piece.captions.append(line)
    else:
        piece.lines.append(line)


def _place_headlines(pieces: Sequence[_Piece], loose: Sequence[tuple[int, str]]) -> None:
    """Give each loose headline to the piece that shares most of its character pairs; else to the next one."""
    bodies = [_pairs("".join(piece.lines)) for piece in pieces]
    for following, headline in loose:
        pairs = _pairs(headline)
        shared = [len(pairs & body) / len(pairs) if pairs else 0.0 for body in bodies]
        near = [number for number in (following, following - 1) if 0 <= number < len(pieces)]
        best = max(range(len(pieces)), key=lambda number: (shared[number] + (0.1 if number in near else 0.0), -number))
        target = best if shared[best] >= SHARED or not near else near[0]
        pieces[target].titles.append(headline)


def _pairs(text: str) -> set[str]:
    compact = re.sub(r"\W", "", text)
    return {compact[place : place + 2] for place in range(len(compact) - 1)}


def _finish(document: Document, number: int, piece: _Piece, fixes: tuple[Fix, ...]) -> Article:
    byline = _BYLINE.match(piece.lines[0]) if piece.lines else None
    authors = [match.group(1) for title in piece.titles if (match := _AUTHOR.match(title))]
    titles = [title for title in piece.titles if not _AUTHOR.match(title)]
    text = "\n".join(piece.lines or piece.captions or piece.titles)
    article = _article(document, number, text, title=" ".join(titles) or document.title, fixes=fixes)
    return replace(
        article,
        subheads=tuple(piece.subheads),
        byline=(*([byline.group(1).strip()] if byline else []), *authors),
        captions=tuple(piece.captions),
        continued_from=piece.continued_from,
        continued_to=piece.continued_to,
    )


def _article(document: Document, number: int, text: str, *, title: str | None, fixes: tuple[Fix, ...]) -> Article:
    issue = read_issue(document.source, document.text)
    # The id follows from what the article is and says, so that an unchanged article keeps it in every generation.
    identity = "\0".join((document.source, document.doc_id, str(number), title or "", text))
    return Article(
        id=hashlib.sha256(identity.encode()).hexdigest()[:16],
        source=document.source,
        doc_id=document.doc_id,
        ordinal=number,
        text=text,
        title=title,
        date=document.date or issue.date,
        newspaper=document.newspaper or issue.newspaper,
        page=document.page or issue.page,
        url=document.url,
        fixes=fixes,
        metadata=document.metadata,
    )
