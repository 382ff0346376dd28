"""The page behind a quote: the pictures of the pages that an article stands on, and where its text is printed on them."""

import os
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import anyio.to_thread
import msgspec

from index.build.page_views import CHANGED, GONE, IndexedFile, picture_of_page, places_of_page
from index.build.pipeline import RECOGNISED
from index.errors import PageViewError
from index.files import sha256
from index.provenance import SHEETS, Slice, find_slices
from index.read import PagePlaces
from index.records import Article
from index.store import Generation
from rag.single_flight import SingleFlightCache

PICTURES_KEPT = 32
"""Kept; a page of a newspaper takes 0.5 to 2 MB."""
LAYOUTS_KEPT = 64
ON_PAGE_SHARE = 0.8
"""Of a quote's characters, so many are on the page where they are looked for, unless its file was read by other rules."""


class QuoteBoxes(msgspec.Struct, frozen=True):
    """Where a part of an article is printed on a page.

    Args:
        n: which of the article's pages, from 1 on, in the order of its file: the number that its picture is asked by.
        source: the file.
        page_of_file: from 1 on.
        width, height: of the page, in points.
        boxes: left, top, right, bottom of each printed line of it, as shares of the page's width and height, 0 to 1.
    """

    n: int
    source: str
    page_of_file: int
    width: float
    height: float
    boxes: list[tuple[float, float, float, float]]


class ArticleBoxes(msgspec.Struct, frozen=True):
    """Where `text[start:end]` of an article is printed: `quote`, on the pages that it stands on, in its order."""

    article_id: str
    start: int
    end: int
    quote: str
    pages: list[QuoteBoxes]


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A page of a file that an article stands on, and where its text begins in the document."""

    source: str
    page_of_file: int
    start: int


class PageViews:
    """Has pages shown by processes of their own, and keeps them for the next reader; nothing of it is on disk.

    What an article is withdrawn with is found by nobody any more, since each request names an article of the index.
    """

    def __init__(self) -> None:
        self._pictures: SingleFlightCache[bytes] = SingleFlightCache(PICTURES_KEPT)
        self._places: SingleFlightCache[PagePlaces] = SingleFlightCache(LAYOUTS_KEPT)

    def cache_sizes(self) -> Mapping[str, int]:
        """Return what is kept, for /metrics."""
        return {"page_pictures": len(self._pictures), "page_places": len(self._places)}

    async def picture(self, generation: Generation, article: Article, n: int) -> bytes:
        """Return the picture of the article's n-th page, from 1, as PNG.

        Raises:
            PageViewError: it has no such page, or the file is gone or changed.
        """
        sheets = _sheets_of(article)
        if not 1 <= n <= len(sheets):
            raise PageViewError("no_page", f"the article stands on {len(sheets)} pages of files that have pictures")
        sheet = sheets[n - 1]
        file = await self._file(generation, sheet.source)
        places = await self._places_on(file, sheet)
        key, page = (file.sha256, sheet.page_of_file), sheet.page_of_file - 1
        return await self._pictures.get(key, lambda: picture_of_page(file, page, places.turns))

    async def boxes(self, generation: Generation, article: Article, start: int, end: int) -> ArticleBoxes:
        """Return where `article.text[start:end]` is printed.

        Raises:
            PageViewError: nobody knows, or the file is gone or changed.
        """
        sheets = _sheets_of(article)
        if not sheets:
            raise PageViewError("no_page", "the article's file has no pages with places: it is no PDF and no scan")
        found: dict[_Sheet, list[tuple[Slice, int, int]]] = {}
        for piece in find_slices(article, start, end):
            for sheet, first, last in _on_sheets(sheets, piece):
                found.setdefault(sheet, []).append((piece, first, last))
        files = {source: await self._file(generation, source) for source in {sheet.source: None for sheet in found}}
        pages = []
        for sheet, slices in found.items():
            places = await self._places_on(files[sheet.source], sheet)
            _check_text(article, places, slices)
            boxes = [box for _piece, first, last in slices for box in _boxes(places, first, last)]
            number = sheets.index(sheet) + 1
            pages.append(
                QuoteBoxes(number, sheet.source, sheet.page_of_file, places.width, places.height, _merged(boxes))
            )
        return ArticleBoxes(article.id, start, end, article.text[start:end], pages)

    async def _places_on(self, file: IndexedFile, sheet: _Sheet) -> PagePlaces:
        key = (file.sha256, sheet.page_of_file)
        return await self._places.get(key, lambda: places_of_page(file, sheet.page_of_file - 1))

    async def _file(self, generation: Generation, source: str) -> IndexedFile:
        record = await anyio.to_thread.run_sync(generation.catalogue.file, source)
        if record is None:
            raise PageViewError("source_gone", f"{source} is no file of the index any more: ask again")
        index_dir = generation.folder.parents[1]
        file = IndexedFile(index_dir / _path_of(record.path), record.sha256, index_dir / RECOGNISED)
        await anyio.to_thread.run_sync(_require, file)
        return file


def _path_of(text: str) -> Path:
    """The path of a file as the catalogue has it (index.store.withdrawals.path_text)."""
    try:
        return Path(os.fsdecode(text.encode("utf-8")))
    except UnicodeError:
        return Path(text)


def _require(file: IndexedFile) -> None:
    """Ask for the file that was indexed, also where a page of it is kept: who took it away wants it shown no more.

    Raises:
        PageViewError: source_gone, source_changed.
    """
    try:
        digest = sha256(file.path)
    except OSError as error:
        raise PageViewError("source_gone", GONE) from error
    if digest != file.sha256:
        raise PageViewError("source_changed", CHANGED)


def _sheets_of(article: Article) -> list[_Sheet]:
    """The pages of files that an article stands on, its own file's first."""
    known = article.metadata.get(SHEETS)
    if not isinstance(known, Mapping):
        return []
    sources = sorted(known, key=lambda source: source != article.source)
    return [_Sheet(source, page, start) for source in sources for page, start in known[source]]


def _on_sheets(sheets: Sequence[_Sheet], piece: Slice) -> Iterator[tuple[_Sheet, int, int]]:
    """Yield the pages that a slice of a file stands on, with start and end in the page's text."""
    of_file = [sheet for sheet in sheets if sheet.source == piece.source]
    starts = [sheet.start for sheet in of_file]
    for number in range(max(0, bisect_right(starts, piece.source_start) - 1), len(of_file)):
        sheet = of_file[number]
        stop = starts[number + 1] if number + 1 < len(of_file) else piece.source_end
        first, last = max(piece.source_start, sheet.start), min(piece.source_end, stop)
        if first >= last and sheet.start >= piece.source_end:
            return
        if first < last:
            yield sheet, first - sheet.start, last - sheet.start


def _check_text(article: Article, places: PagePlaces, slices: Sequence[tuple[Slice, int, int]]) -> None:
    """Compare what stands on the page with the article: a file may be read otherwise by now.

    Raises:
        PageViewError: source_changed.
    """
    same = total = 0
    for piece, first, last in slices:
        if piece.end - piece.start == last - first:
            said = zip(article.text[piece.start : piece.end], places.text[first:last].ljust(last - first), strict=True)
            pairs = [(one, other) for one, other in said if not one.isspace()]
            same += sum(one == other for one, other in pairs)
            total += len(pairs)
    if same < ON_PAGE_SHARE * total:
        raise PageViewError("source_changed", "the file was indexed by other rules than it is read by now: index again")


def _boxes(places: PagePlaces, first: int, last: int) -> Iterator[tuple[float, float, float, float]]:
    """Yield the box around the characters `text[first:last]` of a page on each printed line, in shares of the page."""
    begin = max(0, bisect_right(places.lines, first, key=lambda line: line.start) - 1)
    for line in places.lines[begin:]:
        if line.start >= last:
            return
        within = line.boxes[max(0, first - line.start) : last - line.start]
        printed = [box for box in within if box]
        if printed:
            lefts, tops, rights, bottoms = zip(*printed, strict=True)
            yield (
                _share(min(lefts), places.width),
                _share(min(tops), places.height),
                _share(max(rights), places.width),
                _share(max(bottoms), places.height),
            )


def _merged(boxes: Sequence[tuple[float, float, float, float]]) -> list[tuple[float, float, float, float]]:
    """Join boxes that follow one another on one printed line: a mark that was mended stands between them."""
    merged: list[tuple[float, float, float, float]] = []
    for box in boxes:
        last = merged[-1] if merged else None
        if last and abs(last[1] - box[1]) < 0.002 and abs(last[3] - box[3]) < 0.002 and 0 <= box[0] - last[2] < 0.01:
            merged[-1] = (last[0], min(last[1], box[1]), box[2], max(last[3], box[3]))
        elif box != last:
            merged.append(box)
    return merged


def _share(value: float, whole: float) -> float:
    return round(min(max(value / whole, 0.0), 1.0), 4) if whole > 0 else 0.0
