"""Document → Articles: composition of what tells a page's pieces apart and puts those of an article together."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.records import Article, Document
from index.repair.mapped import Mapped, join
from index.segment.assemble import (
    DOUBTFUL,
    Dated,
    Draft,
    date_document,
    finish,
    finish_without_body,
    make_article,
)
from index.segment.context import find_pieces
from index.segment.frames import split_frames
from index.segment.headlines import Match, Span, compose_headline, find_lifted, match_headings, place_subheads
from index.segment.links import Link, chain, link_stretches
from index.segment.pieces import Page, Piece, mend_page
from index.segment.roles import byline_of, is_heading
from index.segment.stretches import Stretch, find_stretches, resume_cut_sentences
from index.segment.topic import Topics

__all__ = ["DOUBTFUL", "split_articles"]

SHEET_PIECES = 160
"""Pieces that are looked at together. A full newspaper page has about 80; more are parted where an article begins."""
CAPTION_AFFINITY = 0.3
LABEL_CHARACTERS = 4
UNTITLED = 0.85
UNFINISHED = 0.6
SPARE_SHARE = 0.5
"""A headline has at least half of its rare character pairs in the part of a body that it stands over."""
FOREIGN_AFFINITY = 0.35
"""A heading inside a body that another article has by so much more of is that article's headline."""


def split_articles(document: Document) -> list[Article]:
    """Return the articles of a document, in page order; a corpus line is taken over untouched."""
    dated = date_document(document)
    if document.layout == "record":
        return [make_article(dated, 0, Mapped.of(document.text), title=document.title)]
    if document.layout == "prose":
        return _split_prose(dated)
    page = mend_page(document.text)
    if document.layout == "framed":
        return split_frames(dated, page)
    articles: list[Article] = []
    for sheet in _sheets(page, find_pieces(page)):
        articles += _split_sheet(dated, page, resume_cut_sentences(page, sheet), len(articles))
    return articles


def _split_prose(dated: Dated) -> list[Article]:
    """Return the one article whose paragraphs are the document's lines, as its author set them."""
    document = dated.document
    whole = Mapped.of(document.text)
    lines = [whole.cut(*match.span()).stripped() for match in re.finditer(r"[^\n\f]+", document.text)]
    lines = [line for line in lines if line.text]
    if not lines:
        return []
    text = join(lines, ["\n"] * (len(lines) - 1))
    article = make_article(dated, 0, text, title=document.title)
    kicker, deck = (document.metadata.get(name) for name in ("kicker", "deck"))
    return [
        replace(
            article,
            kicker=kicker if isinstance(kicker, str) else None,
            deck=deck if isinstance(deck, str) else None,
            subheads=tuple(line.text for line in lines if is_heading(line.text)),
            byline=document.byline or byline_of(lines[0].text),
        )
    ]


def _sheets(page: Page, pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    """Yield the pieces in runs that are matched with each other, so that the work grows with the text's length.

    A form feed ends a run, unless a sentence goes on over it.
    """
    sheet: list[Piece] = []
    for piece in pieces:
        if sheet and not sheet[-1].is_open:
            between = page.text.text[sheet[-1].paragraph.end : piece.paragraph.start]
            if "\f" in between:
                yield sheet
                sheet = []
        if len(sheet) >= SHEET_PIECES and (piece.is_fresh or len(sheet) >= 2 * SHEET_PIECES):
            heading = len(sheet)
            while heading > 1 and sheet[heading - 1].role == "heading":
                heading -= 1
            yield sheet[:heading]
            sheet = sheet[heading:]
        sheet.append(piece)
    if sheet:
        yield sheet


def _split_sheet(dated: Dated, page: Page, pieces: Sequence[Piece], first: int) -> list[Article]:
    stretches = find_stretches(pieces)
    links = link_stretches(pieces, stretches)
    drafts = [_draft(pieces, stretches, links, run) for run in chain(links)]
    spans = [_span(pieces, draft) for draft in drafts]
    topics = Topics([span.text for span in spans])
    _free_foreign_headings(pieces, drafts, topics)
    taken = {place for draft in drafts for place in draft.subheads}
    free = [place for place, piece in enumerate(pieces) if piece.role == "heading" and place not in taken]
    loose: list[int] = []
    for match in match_headings(pieces, spans, free, topics):
        is_label = _is_label(pieces[match.place]) and match.affinity < CAPTION_AFFINITY
        if match.article is None or is_label:
            loose.append(match.place)
        else:
            drafts[match.article].matches.append(match)
    for draft, span in zip(drafts, spans, strict=True):
        _lift_subheads(pieces, draft, span)
    parted = [part for draft in drafts for part in _part_by_headlines(pieces, draft)]
    if len(parted) > len(drafts):
        drafts, spans = parted, [_span(pieces, draft) for draft in parted]
        topics = Topics([span.text for span in spans])
    _give_rest(pieces, drafts, topics, loose)
    if not drafts:
        return [finish_without_body(dated, page, pieces, first)] if pieces else []
    articles = []
    for number, (draft, span) in enumerate(zip(drafts, spans, strict=True)):
        headline = compose_headline(pieces, draft.matches, span)
        _explain_headline(pieces, draft)
        articles.append(finish(dated, page, pieces, draft, headline, first + number))
    return articles


def _explain_headline(pieces: Sequence[Piece], draft: Draft) -> None:
    for match in draft.matches:
        draft.decisions.append(
            f"headline “{pieces[match.place].text.text}”: {match.affinity:.0%} of its rare character pairs are in this "
            f"body, {match.margin:+.2f} against the next article"
        )
    if draft.matches:
        draft.confidence *= min(1.0, max(0.6, 0.85 + max(match.margin for match in draft.matches)))
    else:
        draft.confidence *= UNTITLED
        draft.decisions.append("no headline on the page speaks of it")
    last = pieces[draft.places[-1]]
    if last.is_open and not any("下" in pieces[place].text.text[:4] for place in draft.jumps):
        draft.confidence *= UNFINISHED
        draft.decisions.append("its last sentence is open")


def _draft(pieces: Sequence[Piece], stretches: Sequence[Stretch], links: Sequence[Link], run: Sequence[int]) -> Draft:
    draft = Draft([])
    for number in run:
        stretch, link = stretches[number], links[number]
        if link.after is not None:
            draft.confidence *= _certainty(link.margin)
            how = "directly" if link.after == number - 1 else f"past {abs(number - link.after) - 1} other stretches"
            draft.decisions.append(
                f"goes on {how} with “{pieces[stretch.places[0]].text.text[:12]}…” (score {link.score:.2f}, margin {link.margin:.2f})"
            )
            if link.after == number - 1:  # what parted the two was no headline
                draft.subheads.update(stretch.headings)
                draft.places += stretch.headings
        elif not stretch.is_fresh:
            draft.confidence *= _certainty(link.margin)
            draft.decisions.append(f"begins without a dateline (score {link.score:.2f}, margin {link.margin:.2f})")
        else:
            draft.decisions.append("begins with a dateline")
        if link.after is not None and pieces[stretches[link.after].places[-1]].is_open:
            draft.resumed.add(stretch.places[0])
        draft.places += stretch.places
    return draft


def _certainty(margin: float) -> float:
    return min(1.0, max(0.4, 0.65 + 0.35 * margin))


def _span(pieces: Sequence[Piece], draft: Draft) -> Span:
    places = tuple(place for place in draft.places if place not in draft.subheads)
    return Span(places, "\n".join(pieces[place].text.text for place in places))


def _free_foreign_headings(pieces: Sequence[Piece], drafts: Sequence[Draft], topics: Topics) -> None:
    """Take a heading out of a body when it is plainly a headline: of another article of the page, or of this one."""
    for number, draft in enumerate(drafts):
        for place in sorted(draft.subheads):
            heading = pieces[place].text.text
            affinity = topics.affinities(heading)
            best = int(affinity.argmax())
            foreign = best != number and affinity[best] - affinity[number] > FOREIGN_AFFINITY and affinity[best] > 0.6
            below = next((other for other in draft.places if other > place and other not in draft.subheads), None)
            if foreign or (below is not None and _heads_whole(pieces, draft, heading, below)):
                draft.subheads.discard(place)
                draft.places.remove(place)


def _heads_whole(pieces: Sequence[Piece], draft: Draft, heading: str, below: int) -> bool:
    """Whether a heading inside a body speaks of its lead and not of the section under it."""
    first = draft.places[0]
    if not pieces[first].is_fresh:
        return False
    section = [place for place in draft.places if place >= below and place not in draft.subheads][:3]
    topics = Topics([pieces[first].text.text, "\n".join(pieces[place].text.text for place in section)])
    return topics.share(heading, 0) > 0.6 and topics.share(heading, 1) < 0.5 * topics.share(heading, 0)


def _is_label(piece: Piece) -> bool:
    """Whether a heading off the topic is a picture's label (改造前, 改造后): printed in outline, a word or two."""
    return piece.doubled and len(piece.text) <= LABEL_CHARACTERS


def _lift_subheads(pieces: Sequence[Piece], draft: Draft, span: Span) -> None:
    """Put sub-headings that were printed in a stack above their body back over their paragraphs."""
    paragraphs = [place for place in span.places if pieces[place].role == "text"]
    if not draft.matches or not paragraphs:
        return
    first = min(span.places)
    stack = [match for match in draft.matches if match.place < first and _touches(pieces, match.place, first)]
    lines = [pieces[match.place].text.text for match in stack]
    bodies = [pieces[place].text.text for place in paragraphs]
    if stack and (pieces[first].is_fresh or len(stack) == len(draft.matches)):
        lifted = find_lifted(lines, bodies)
        stack = [stack[number] for number in lifted if len(lifted) < len(draft.matches)]
        lines = [pieces[match.place].text.text for match in stack]
    if not stack:
        return
    over = place_subheads(lines, bodies, has_lead=pieces[first].is_fresh)
    for match, line, paragraph in zip(stack, lines, over, strict=True):
        draft.lifted.setdefault(paragraphs[paragraph], []).append(match.place)
        draft.decisions.append(f"sub-heading “{line}” put back over its paragraph")
    draft.matches = [match for match in draft.matches if match not in stack]


def _part_by_headlines(pieces: Sequence[Piece], draft: Draft) -> list[Draft]:
    """Part a body in two that took two headlines, one of which speaks only of its beginning and one only of its end.

    That is how an article without a dateline shows whose print nothing parts from the one above it. A heading right
    over the body is left alone: it may be a sub-heading that was lifted out.
    """
    first = draft.places[0]
    paragraphs = [place for place in draft.places if pieces[place].role == "text" and place not in draft.subheads]
    printed = {match.place for match in draft.matches}
    own = {place + side for place in draft.places for side in (-1, 1)}
    away = [
        match
        for match in draft.matches
        if match.place not in own
        and not printed & {match.place - 1, match.place + 1}
        and (match.place > first or not _touches(pieces, match.place, first))
    ]
    if len(draft.matches) < 2 or len(paragraphs) < 4 or not away:
        return [draft]
    topics = Topics([pieces[place].text.text for place in paragraphs])
    everything = range(len(paragraphs))
    for match in away:
        heading = pieces[match.place].text.text
        for cut in reversed(everything[2:]):
            below = topics.union_share(heading, everything[cut:])
            if below < SPARE_SHARE or below < 0.95 * topics.union_share(heading, everything):
                continue
            rest = [other for other in draft.matches if other is not match]
            titles = [pieces[other.place].text.text for other in rest]
            stays = any(
                topics.union_share(title, everything[:cut])
                >= SPARE_SHARE
                > 2 * topics.union_share(title, everything[cut:])
                for title in titles
            )
            if topics.union_share(heading, everything[:cut]) > SPARE_SHARE / 3 or not stays:
                break
            return _parted(pieces, draft, paragraphs[cut], match)
    return [draft]


def _parted(pieces: Sequence[Piece], draft: Draft, place: int, match: Match) -> list[Draft]:
    at = draft.places.index(place)
    new = Draft(draft.places[at:], draft.subheads & set(draft.places[at:]), [match])
    new.confidence = DOUBTFUL - 0.01
    new.decisions.append(f"parted from the article above by its headline “{pieces[match.place].text.text}”")
    new.lifted = {over: draft.lifted.pop(over) for over in new.places if over in draft.lifted}
    new.resumed = draft.resumed & set(new.places)
    draft.subheads -= new.subheads
    draft.places = draft.places[:at]
    draft.matches = [other for other in draft.matches if other is not match]
    draft.confidence = min(draft.confidence, DOUBTFUL - 0.01)
    return [draft, new]


def _touches(pieces: Sequence[Piece], place: int, first: int) -> bool:
    return all(piece.role == "heading" for piece in pieces[place:first])


def _give_rest(pieces: Sequence[Piece], drafts: Sequence[Draft], topics: Topics, loose: Sequence[int]) -> None:
    """Give captions, jump lines, folios and banners to the article that they belong to or stand beside."""
    if not drafts:
        return
    owners = {place: number for number, draft in enumerate(drafts) for place in draft.places}
    for place, piece in enumerate(pieces):
        if piece.role == "caption" or (place in loose and _is_label(piece)):
            affinity = topics.affinities(piece.text.text)
            best = int(affinity.argmax())
            number = best if affinity[best] >= CAPTION_AFFINITY else _nearest(owners, place)
            drafts[number].captions.append(place)
        elif piece.role == "jump":
            number = _continued(pieces, drafts, owners, place)
            drafts[number].jumps.append(place)
        elif piece.role == "folio" or place in loose:
            drafts[_nearest(owners, place)].noise.append(place)


def _nearest(owners: dict[int, int], place: int) -> int:
    return owners[min(owners, key=lambda other: (abs(other - place), other))]


def _continued(pieces: Sequence[Piece], drafts: Sequence[Draft], owners: dict[int, int], place: int) -> int:
    """The article that a jump line belongs to: one that begins by its own word goes on from no other page."""
    if "上" in pieces[place].text.text[:3]:
        partial = {other: number for other, number in owners.items() if not pieces[drafts[number].places[0]].is_fresh}
        return _nearest(partial or owners, place)
    return _nearest({other: number for other, number in owners.items() if other < place} or owners, place)
