"""Document → Articles: composition of what tells a page's blocks apart and puts those of an article together."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.language.deceptive_characters import DECEPTIVE, reveal
from index.provenance import SHEETS
from index.records import NOTES, Article, Document, Fix
from index.repair import show_plainly
from index.segment.assemble import DOUBTFUL, Draft, finish, finish_without_body
from index.segment.block_context import find_blocks
from index.segment.blocks import Block, Page, mend_page, takes_up
from index.segment.heading_features import Span, find_continued
from index.segment.headlines import Match, compose_headline, match_headings
from index.segment.issues import PAGE_BREAK, Issues, date_document
from index.segment.line_cuts import cut_paragraphs
from index.segment.linking import Link, chain, link_runs
from index.segment.page_breaks import PAGE_END
from index.segment.pdf_frames import split_frames
from index.segment.prose import split_prose
from index.segment.record import read_record
from index.segment.revise import (
    free_foreign_headings,
    give_lines_over,
    heads_of_sections,
    part_briefs,
    part_by_headlines,
    place_lifted,
)
from index.segment.runs import Run, find_runs
from index.segment.seams import part_runs
from index.segment.topic_similarity import TopicSimilarity
from index.segment.unsure import with_unsure

__all__ = ["DOUBTFUL", "split_articles"]

SHEET_BLOCKS = 160
"""Blocks that are looked at together. A full newspaper page has about 80; more are parted where an article begins."""
PAGE_HEAD_BLOCKS = 8
"""Blocks at a page's beginning among which its first text is looked for: lines of its masthead come before."""
CAPTION_SIMILARITY = 0.3
LABEL_CHARACTERS = 4
UNCLEAR = 0.75
UNTITLED = 0.85
UNFINISHED = 0.6


def split_articles(document: Document) -> list[Article]:
    """Return the articles of a document, in page order; of a corpus line only deceptive characters are mended.

    Where mastheads part the document into pages and issues, each article has the date and page of its own.
    """
    stated = _shown_plainly(document)
    issues = date_document(stated)
    if document.layout == "record":
        text, fixes = show_plainly(document.text)
        articles = [read_record(stated, issues, text)]
    elif document.layout == "prose":
        text, fixes = show_plainly(document.text)
        articles = split_prose(stated, issues, text)
    else:
        page = mend_page(document.text)
        page = replace(page, mastheads=issues.masthead_lines(page.text))
        fixes = page.fixes
        is_framed = document.layout == "framed"
        articles = split_frames(stated, issues, page) if is_framed else split_page(issues, page)
    articles = with_unsure(document, articles)
    articles = _with_deceptive(articles, [fix for fix in fixes if fix.kind in DECEPTIVE])
    return _with_notes(stated, _with_sheets(document, articles))


def _with_sheets(document: Document, articles: list[Article]) -> list[Article]:
    """The articles of a file whose geometry is known, each with the pages of the file that it stands on."""
    if document.layout != "framed":
        return articles
    starts = [0, *(place + 1 for place, char in enumerate(document.text) if char == PAGE_BREAK)]

    def sheets(article: Article) -> list[list[int]]:
        origins = [*article.origin, *(one for beside in article.beside for one in beside.origin)]
        pages = {
            page
            for one in origins
            for page in range(bisect_right(starts, one.source_start), bisect_right(starts, one.source_end) + 1)
        }
        return [[page, starts[page - 1]] for page in sorted(pages)]

    return [
        replace(article, metadata={**article.metadata, SHEETS: {article.source: sheets(article)}})
        for article in articles
    ]


def _with_notes(document: Document, articles: list[Article]) -> list[Article]:
    """The articles, each with what its file's reader said of damages among its decisions."""
    notes = document.metadata.get(NOTES)
    if not isinstance(notes, list):
        return articles
    said = tuple(str(note) for note in notes)
    return [replace(article, decisions=(*said, *article.decisions)) for article in articles]


def _shown_plainly(document: Document) -> Document:
    """The document with what it states of itself free of deceptive characters."""
    title, newspaper = (value and reveal(value) for value in (document.title, document.newspaper))
    metadata = {name: reveal(value) if isinstance(value, str) else value for name, value in document.metadata.items()}
    byline = tuple(map(reveal, document.byline))
    return replace(document, title=title, newspaper=newspaper, byline=byline, metadata=metadata)


def _with_deceptive(articles: list[Article], fixes: Sequence[Fix]) -> list[Article]:
    """The articles, each with the fixes of deceptive characters that stand in or before it and that no block has."""
    known = {(fix.start, fix.kind) for article in articles for fix in article.fixes}
    missing = [fix for fix in fixes if (fix.start, fix.kind) not in known]
    if not articles or not missing:
        return articles
    ends = sorted((max((one.source_end for one in article.origin), default=0), n) for n, article in enumerate(articles))
    found: list[list[Fix]] = [[] for _article in articles]
    for fix in missing:
        found[ends[min(bisect_left(ends, (fix.start, 0)), len(ends) - 1)][1]].append(fix)
    return [
        replace(article, fixes=tuple(sorted((*article.fixes, *more), key=lambda fix: (fix.start, fix.kind))))
        for article, more in zip(articles, found, strict=True)
    ]


def split_page(issues: Issues, page: Page) -> list[Article]:
    """Return the articles of a page, or several, of which only the lines are known."""
    articles: list[Article] = []
    for sheet in _sheets(issues, page, find_blocks(page)):
        articles += _split_sheet(issues, page, cut_paragraphs(page, sheet), len(articles))
    return articles


def _sheets(issues: Issues, page: Page, blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Yield the blocks in sheets that are matched within themselves, so that the work grows with the text's length.

    A form feed or a masthead ends a sheet, unless a sentence goes on over it on the next page of the same issue.
    """
    sheet: list[Block] = []
    for place, block in enumerate(blocks):
        if sheet and _ends_sheet(issues, page, sheet, blocks[place : place + PAGE_HEAD_BLOCKS]):
            yield sheet
            sheet = []
        if len(sheet) >= SHEET_BLOCKS and (block.is_fresh or len(sheet) >= 2 * SHEET_BLOCKS):
            heading = len(sheet)
            while heading > 1 and sheet[heading - 1].role == "heading":
                heading -= 1
            heading = heading if heading > 1 else len(sheet)  # headings alone belong to no article that begins here
            yield sheet[:heading]
            sheet = sheet[heading:]
        sheet.append(block)
    if sheet:
        yield sheet


def _ends_sheet(issues: Issues, page: Page, sheet: Sequence[Block], coming: Sequence[Block]) -> bool:
    """Whether another page begins, and no sentence goes on over its beginning."""
    above = next((block for block in reversed(sheet) if not block.is_folio), None)
    if coming[0].is_folio or above is None:  # what stands on the page's edge is looked past
        return False
    between = page.text.text[above.paragraph.end : coming[0].paragraph.start]
    places = above.text.starts[0], coming[0].text.starts[0]
    if issues.parts_issues(*places):
        return True
    if PAGE_END in between and not issues.mastheads:
        return not above.is_open
    if not issues.turns_page(*places) and PAGE_END not in between:
        return False
    last = next((block for block in reversed(sheet) if block.role not in ("furniture", "caption")), None)
    first = next((block for block in coming if block.role not in ("furniture", "caption")), None)
    goes_on = last and first and last.is_open and first.role == "text" and not first.is_fresh
    return not (goes_on and last and first and takes_up(last.text.text, first.text.text) > 0)


def draft_articles(blocks: Sequence[Block]) -> tuple[list[Draft], list[Span], TopicSimilarity, list[int]]:
    """Return a sheet's articles without their headlines, their running text, what it is about, and the places of the free headings."""
    runs = part_runs(blocks, find_runs(blocks))
    links = link_runs(blocks, runs)
    drafts = [_draft(blocks, runs, links, numbers) for numbers in chain(links)]
    spans = [_span(blocks, draft) for draft in drafts]
    topics = TopicSimilarity([span.text for span in spans])
    free_foreign_headings(blocks, drafts, topics)
    taken = {place for draft in drafts for place in draft.subheads}
    return drafts, spans, topics, [n for n, block in enumerate(blocks) if block.role == "heading" and n not in taken]


def _split_sheet(issues: Issues, page: Page, blocks: Sequence[Block], first: int) -> list[Article]:
    drafts, spans, topics, free = draft_articles(blocks)
    loose: list[int] = []
    lifted: list[list[Match]] = [[] for _draft in drafts]
    for match in match_headings(blocks, spans, free, topics):
        is_label = _is_label(blocks[match.place]) and match.similarity < CAPTION_SIMILARITY
        if match.article is None or is_label:
            loose.append(match.place)
        elif match.is_lifted:
            lifted[match.article].append(match)
        else:
            drafts[match.article].matches.append(match)
    for draft, own, is_continued in zip(drafts, lifted, find_continued(blocks, spans), strict=True):
        heads = heads_of_sections(blocks, draft, own, loose, is_continued=is_continued)
        place_lifted(blocks, draft, heads, is_continued=is_continued)
    give_lines_over(blocks, drafts, loose)
    parted = [part for draft in drafts for one in part_by_headlines(blocks, draft) for part in part_briefs(blocks, one)]
    if len(parted) > len(drafts):
        drafts, spans = parted, [_span(blocks, draft) for draft in parted]
        topics = TopicSimilarity([span.text for span in spans])
    _give_rest(blocks, drafts, topics, loose)
    if not drafts:
        return [finish_without_body(issues, page, blocks, first)] if blocks else []
    articles = []
    for number, (draft, span) in enumerate(zip(drafts, spans, strict=True)):
        headline = compose_headline(blocks, draft.matches, span)
        _explain_headline(blocks, draft)
        articles.append(finish(issues, page, blocks, draft, headline, first + number))
    return articles


def _explain_headline(blocks: Sequence[Block], draft: Draft) -> None:
    for match in draft.matches:
        draft.decisions.append(
            f"headline “{blocks[match.place].text.text}”: {match.similarity:.0%} of its rare character pairs are in this "
            f"body, {match.margin:+.2f} against the next article"
        )
    if draft.matches:
        draft.confidence *= min(1.0, 0.8 + 0.1 * max(0.0, max(match.margin for match in draft.matches)))
    else:
        draft.confidence *= UNTITLED
        draft.decisions.append("no headline on the page speaks of it")
    last = blocks[draft.places[-1]]
    if last.is_open and not any("下" in blocks[place].text.text[:4] for place in draft.continuation_lines):
        draft.confidence *= UNFINISHED
        draft.decisions.append("its last sentence is open")


def _draft(blocks: Sequence[Block], runs: Sequence[Run], links: Sequence[Link], numbers: Sequence[int]) -> Draft:
    draft = Draft([])
    for number in numbers:
        run, link = runs[number], links[number]
        if link.after is not None:
            draft.confidence *= _certainty(link.margin)
            how = "directly" if link.after == number - 1 else f"past {abs(number - link.after) - 1} other stretches"
            draft.decisions.append(
                f"goes on {how} with “{blocks[run.places[0]].text.text[:12]}…” (score {link.score:.2f}, margin {link.margin:.2f})"
            )
            if link.after == number - 1:  # what parted the two was no headline
                draft.subheads.update(run.headings)
                draft.places += run.headings
        elif not run.is_fresh:
            draft.confidence *= _certainty(link.margin)
            draft.decisions.append(f"begins without a dateline (score {link.score:.2f}, margin {link.margin:.2f})")
        elif blocks[run.places[0]].role == "listing":
            draft.decisions.append("a table or list under a headline of its own")
        else:
            draft.decisions.append("begins with a dateline")
        is_cut = link.after == number - 1 and blocks[run.places[0]].cut is not None  # the paragraph was one after all
        if is_cut or (link.after is not None and blocks[runs[link.after].places[-1]].is_open):
            draft.resumed.add(run.places[0])
        draft.places += run.places
        doubts = [blocks[place].doubt for place in run.places if blocks[place].doubt]
        draft.confidence *= UNCLEAR if doubts else 1.0
        draft.decisions += doubts
    return draft


def _certainty(margin: float) -> float:
    return min(1.0, max(0.4, 0.65 + 0.35 * margin))


def _span(blocks: Sequence[Block], draft: Draft) -> Span:
    places = tuple(place for place in draft.places if place not in draft.subheads)
    heads = [number for number, place in enumerate(draft.places) if place in draft.subheads]
    sections = tuple(dict.fromkeys(head - before for before, head in enumerate(heads)))
    return Span(places, "\n".join(blocks[place].text.text for place in places), sections)


def _is_label(block: Block) -> bool:
    """Whether a heading off the topic is a picture's label (改造前, 改造后): printed in outline, a word or two."""
    return block.doubled and len(block.text) <= LABEL_CHARACTERS


def _give_rest(blocks: Sequence[Block], drafts: Sequence[Draft], topics: TopicSimilarity, loose: Sequence[int]) -> None:
    """Give captions, continuation lines, page furniture and banners to the article that they belong to or stand beside."""
    if not drafts:
        return
    owners = {place: number for number, draft in enumerate(drafts) for place in draft.places}
    for place, block in enumerate(blocks):
        if block.role == "caption" or (place in loose and _is_label(block)):
            similarity = topics.similarities(block.text.text)
            best = int(similarity.argmax())
            number = best if similarity[best] >= CAPTION_SIMILARITY else _nearest(owners, place)
            drafts[number].captions.append(place)
        elif block.role == "continuation":
            number = _continued(blocks, drafts, owners, place)
            drafts[number].continuation_lines.append(place)
        elif block.role == "furniture" or place in loose:
            drafts[_nearest(owners, place)].noise.append(place)


def _nearest(owners: dict[int, int], place: int) -> int:
    return owners[min(owners, key=lambda other: (abs(other - place), other))]


def _continued(blocks: Sequence[Block], drafts: Sequence[Draft], owners: dict[int, int], place: int) -> int:
    """The article that a continuation line belongs to: one that begins by its own word goes on from no other page."""
    if "上" in blocks[place].text.text[:3]:
        partial = {other: number for other, number in owners.items() if not blocks[drafts[number].places[0]].is_fresh}
        return _nearest(partial or owners, place)
    return _nearest({other: number for other, number in owners.items() if other < place} or owners, place)
