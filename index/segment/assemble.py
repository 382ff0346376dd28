"""Puts an article together from the blocks that were told to be its own, and says why."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from index.dates import Issue, find_dates, infer_issue_date, read_issue
from index.records import Article, Document, PartialDate
from index.repair.mapped_text import Mapped, find_origins, join
from index.segment.blocks import Block, Page
from index.segment.headlines import Headline, Match
from index.segment.roles import CONTINUATION_LINE, Role, byline_of

DOUBTFUL = 0.8
"""Articles with less confidence are marked: on generated pages one in eight, of which every second is wrong indeed."""


@dataclass(slots=True)
class Draft:
    """One article while it is put together; all numbers are places of blocks on the page.

    Args:
        places: its text and the sub-headings in it, in reading order.
        subheads: those of the places that are sub-headings.
        matches: the lines of its headline, as they were printed.
        lifted: for a paragraph, the sub-headings that were printed elsewhere and stand over it.
        resumed: places whose sentence goes on from the block before.
    """

    places: list[int]
    subheads: set[int] = field(default_factory=set)
    matches: list[Match] = field(default_factory=list)
    lifted: dict[int, list[int]] = field(default_factory=dict)
    captions: list[int] = field(default_factory=list)
    noise: list[int] = field(default_factory=list)
    continuation_lines: list[int] = field(default_factory=list)
    resumed: set[int] = field(default_factory=set)
    confidence: float = 1.0
    decisions: list[str] = field(default_factory=list)

    def put_beside(self, place: int, role: Role) -> None:
        """Keep a block that stands beside the text and is no part of it: a caption, a continuation line, else noise."""
        {"caption": self.captions, "continuation": self.continuation_lines}.get(role, self.noise).append(place)


@dataclass(frozen=True, slots=True)
class Dated:
    """A document with what is known of the issue it belongs to: stated, else inferred from its text."""

    document: Document
    issue: Issue
    date: PartialDate | None
    evidence: str | None


def date_document(document: Document) -> Dated:
    """Find out when a document was printed.

    The date is the one that the file states, else the one of its path, masthead or page headers, else what its text
    tells.
    """
    issue = read_issue(document.source, document.text, document.masthead)
    if document.date:
        return Dated(document, issue, document.date, "the file states it")
    if issue.date or document.layout == "record":
        return Dated(document, issue, issue.date, issue.evidence)
    inferred = infer_issue_date([document.text])
    return Dated(document, issue, inferred.date if inferred else None, inferred.evidence if inferred else None)


def finish(dated: Dated, page: Page, blocks: Sequence[Block], draft: Draft, headline: Headline, number: int) -> Article:
    """Return the article that a draft describes.

    Args:
        number: its place among the articles of the document.
    """
    order: list[int] = []
    for place in draft.places:
        order += [*draft.lifted.get(place, ()), place]
    text = join([blocks[place].text for place in order], [_glue(blocks, draft, place) for place in order[1:]])
    lifted = {place for places in draft.lifted.values() for place in places}
    pointers = [
        found for place in draft.continuation_lines if (found := CONTINUATION_LINE.search(blocks[place].text.text))
    ]
    pages = {found["way"]: f"{found['page']}版" for found in pointers}
    printed = [
        *order,
        *(match.place for match in draft.matches),
        *draft.captions,
        *draft.continuation_lines,
        *draft.noise,
    ]
    fixes = [fix for place in printed for fix in (*page.fixes_between(*_bounds(blocks[place])), *blocks[place].fixes)]
    article = make_article(dated, number, text, title=headline.title or dated.document.title)
    return replace(
        article,
        kicker=headline.kicker,
        deck=headline.deck,
        subheads=tuple(blocks[place].text.text for place in order if place in draft.subheads or place in lifted),
        byline=_byline(blocks, draft) or dated.document.byline,
        captions=tuple(blocks[place].text.text for place in draft.captions),
        noise=tuple(blocks[place].text.text for place in (*draft.continuation_lines, *draft.noise)),
        continued_from=pages.get("上"),
        continued_to=pages.get("下"),
        confidence=round(draft.confidence, 2),
        decisions=tuple(draft.decisions),
        fixes=tuple(sorted(dict.fromkeys(fixes), key=lambda fix: (fix.start, fix.kind))),
    )


def finish_without_body(dated: Dated, page: Page, blocks: Sequence[Block], number: int) -> Article:
    """Return what a page without running text says as one article.

    Args:
        blocks: at least one.
    """
    draft = Draft(list(range(len(blocks))), confidence=DOUBTFUL / 2, decisions=["no running text on the page"])
    draft.subheads = {place for place, block in enumerate(blocks) if block.role == "heading" and place}
    return finish(dated, page, blocks, draft, Headline(None, None, None), number)


def _glue(blocks: Sequence[Block], draft: Draft, place: int) -> str:
    if place not in draft.resumed:
        return "\n"
    return " " if blocks[place].text.text[:1].isascii() and blocks[place].text.text[:1].isalpha() else ""


def _bounds(block: Block) -> tuple[int, int]:
    """The slice of the document that a block stands in."""
    return block.text.starts[0], block.text.ends[-1]


def _byline(blocks: Sequence[Block], draft: Draft) -> tuple[str, ...]:
    """Who wrote it: from the dateline or byline on top, else from the signature at its end."""
    places = [place for place in draft.places if place not in draft.subheads]
    found = byline_of(blocks[places[0]].text.text)
    last = blocks[places[-1]]
    if found or last.role not in ("signature", "byline"):
        return found
    return byline_of(last.text.text) or (re.sub(r"^[（(【]|[）)】]$", "", last.text.text),)


def make_article(dated: Dated, number: int, text: Mapped, *, title: str | None) -> Article:
    """Return an article with what its document states and what its text alone tells."""
    document, issue = dated.document, dated.issue
    # The id follows from what the article is and says, so that an unchanged article keeps it in every generation.
    identity = "\0".join((document.source, document.doc_id, str(number), title or "", text.text))
    return Article(
        id=hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:16],
        source=document.source,
        doc_id=document.doc_id,
        ordinal=number,
        text=text.text,
        title=title,
        date=dated.date,
        newspaper=document.newspaper or issue.newspaper,
        page=document.page or issue.page,
        url=document.url,
        byline=document.byline,
        date_evidence=dated.evidence,
        dates=find_dates(text.text, dated.date),
        origin=tuple(find_origins(text)),
        metadata=document.metadata,
    )
