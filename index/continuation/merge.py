"""Puts the parts of a continued article together: one text, with the places of both parts kept."""

from collections.abc import Mapping
from dataclasses import replace

from index.continuation.pair_features import REPEATED_TITLE, repeats, stated_day
from index.provenance import SHEETS
from index.records import Article, Beside, Origin
from index.repair.lines import is_open
from index.segment.blocks import takes_up

PAGES = "pages"
"""Key of a joined article's metadata: source → page number of the other files that it comes from."""


def append_part(whole: Article, part: Article, certainty: float, reasons: str) -> Article:
    """Return the article with the part's text behind its own.

    A headline of the part's own becomes the sub-heading that it mostly is; one printed again is noise.

    Args:
        certainty: how sure it is that the two belong together, 0–1.
        reasons: why, in words.
    """
    goes_on = is_open(whole.text) and takes_up(whole.text, part.text) > 0 and not _opens_with_heading(part)
    is_section = bool(part.title and whole.title) and not goes_on and repeats(part.title, whole) < REPEATED_TITLE
    gap = "\n"
    if goes_on:
        gap = " " if (whole.text[-1] + part.text[0]).isascii() else ""
    glue = f"\n{part.title}\n" if is_section else gap
    shift = len(whole.text) + len(glue)
    source = part.source if part.source != whole.source else None
    unused = (part.title if whole.title and not is_section else None, part.kicker, part.deck)
    dated = part if stated_day(part) and not stated_day(whole) else whole
    pages: dict[str, object] = {PAGES: _pages_of(whole) | {part.source: part.page}} if source else {}
    if sheets := _sheets_of(whole, part):
        pages[SHEETS] = sheets
    return replace(
        whole,
        text=whole.text + glue + part.text,
        title=whole.title or part.title,
        subheads=(*whole.subheads, *((part.title,) if is_section and part.title else ()), *part.subheads),
        byline=whole.byline or part.byline,
        date=dated.date or part.date,
        date_evidence=dated.date_evidence if dated.date else part.date_evidence,
        newspaper=whole.newspaper or part.newspaper,
        captions=(*whole.captions, *part.captions),
        beside=(*whole.beside, *(_of_page(item, source) for item in part.beside)),
        noise=(*whole.noise, *(text for text in unused if text), *part.noise),
        dates=(*whole.dates, *(replace(d, start=d.start + shift, end=d.end + shift) for d in part.dates)),
        origin=_origin(whole, part, glue, source),
        confidence=round(min(whole.confidence, part.confidence) * certainty, 2),
        decisions=(
            *whole.decisions,
            f"continued with page {part.page or 'unknown'} ({part.source}), {int(100 * certainty)}% sure: {reasons}",
            *part.decisions,
        ),
        fixes=(*whole.fixes, *part.fixes),
        metadata={**whole.metadata, **pages},
    )


def _opens_with_heading(part: Article) -> bool:
    return bool(part.subheads) and part.text.startswith(part.subheads[0] + "\n")


def _of_page(beside: Beside, source: str | None) -> Beside:
    """What was printed beside a part, with the other file that it stands in."""
    return replace(beside, origin=tuple(replace(o, source=o.source or source) for o in beside.origin))


def _origin(whole: Article, part: Article, glue: str, source: str | None) -> tuple[Origin, ...]:
    """Origins of both; the glue stands for nothing, at the end of what is before it."""
    if not whole.origin or not part.origin:
        return ()
    end, last = len(whole.text), whole.origin[-1]
    shift = end + len(glue)
    seam = (Origin(end, shift, last.source_end, last.source_end, last.source),) if glue else ()
    rest = (replace(o, start=o.start + shift, end=o.end + shift, source=o.source or source) for o in part.origin)
    return (*whole.origin, *seam, *rest)


def _sheets_of(*articles: Article) -> dict[str, list[list[int]]]:
    """The pages of all their files that articles stand on."""
    sheets: dict[str, list[list[int]]] = {}
    for article in articles:
        known = article.metadata.get(SHEETS)
        for source, found in known.items() if isinstance(known, Mapping) else ():
            sheets[source] = sorted(
                sheets.get(source, []) + [sheet for sheet in found if sheet not in sheets.get(source, [])]
            )
    return sheets


def _pages_of(article: Article) -> dict[str, str | None]:
    """The other files that a joined article comes from, with the page of each."""
    known = article.metadata.get(PAGES)
    return dict(known) if isinstance(known, Mapping) else {}
