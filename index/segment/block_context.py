"""Roles that a piece's form alone does not tell: what stands around it does."""

from collections.abc import Sequence
from dataclasses import replace

from index.language.terms import split_words
from index.repair.hard_wraps import INDENT, UNWRAPPED
from index.repair.lines import is_closed, lacks_bracket
from index.segment.blocks import Page, Piece, join_pointers, read_pieces, takes_up
from index.segment.roles import ACTS, DAY, HEADLINE_CHARACTERS, OFFICE, SECTION
from index.segment.topic_similarity import share_of

CAPTION_ALONE = 25
PICTURE_GAP = 2
"""More newlines than a blank line makes: where a picture stood."""
BANNER_CHARACTERS = 10
SECTION_CHARACTERS = 5
BANNER_SHARE = 0.3
"""A heading of a body shares at least a third of its character pairs with the page's text; a banner hardly any."""


def find_pieces(page: Page) -> list[Piece]:
    """Return the pieces of a page in the order of the dump; together they hold its every printed character."""
    pieces = join_pointers(page, read_pieces(page, 0, len(page.text)))
    for name in (_find_cut_lines, _find_captions, _find_offices, _find_banners):
        pieces = name(pieces)
    return pieces


def _find_banners(pieces: Sequence[Piece]) -> list[Piece]:
    """Name a few words that part running text and share nothing with any of it a column's banner."""
    found = list(pieces)
    candidates = [number for number, piece in enumerate(pieces) if _looks_like_banner(pieces, number, piece)]
    bodies = "\n".join(piece.text.text for piece in pieces if piece.role == "text")
    for number in candidates:
        if share_of(pieces[number].text.text, bodies) <= BANNER_SHARE:
            found[number] = replace(pieces[number], role="folio")
    return found


def _looks_like_banner(pieces: Sequence[Piece], number: int, piece: Piece) -> bool:
    if piece.role != "heading" or piece.doubled or len(piece.text) > BANNER_CHARACTERS:
        return False
    around = pieces[max(0, number - 1) : number + 2]
    parts_text = len(around) == 3 and around[0].role == around[2].role == "text"
    return (parts_text and len(piece.text) <= SECTION_CHARACTERS) or bool(SECTION.search(piece.text.text))


def _find_offices(pieces: Sequence[Piece]) -> list[Piece]:
    """Name the office that signs a notice: its bare name under running text, with none below."""
    found = list(pieces)
    for number, piece in enumerate(pieces[1:], 1):
        text = piece.text.text
        is_name = piece.role == "heading" and len(text) <= 36 and bool(OFFICE.match(text)) and not ACTS.search(text)
        after = pieces[number + 1] if number + 1 < len(pieces) else None
        if (
            is_name
            and not piece.doubled
            and pieces[number - 1].role == "text"
            and is_closed(pieces[number - 1].text.text)
        ):
            if after is None or after.role != "text" or after.is_fresh:
                found[number] = replace(piece, role="signature")
        elif found[number - 1].role == "signature" and DAY.match(text):
            found[number] = replace(piece, role="signature")
    return found


def _is_completed(piece: Piece, after: Piece | None) -> bool:
    """Whether the next line is the rest of a headline that breaks inside a bracket or a quotation."""
    return after is not None and after.role == "heading" and not lacks_bracket(piece.text.text + after.text.text)


def _find_cut_lines(pieces: Sequence[Piece]) -> list[Piece]:
    """Name a line text that looks like a heading but is the first line of a paragraph cut off below it.

    It has the width of its column less the indent, breaks off in a word, and nothing that it could head follows.
    """
    found = list(pieces)
    for number, piece in enumerate(pieces[1:], 1):
        before = pieces[number - 1]
        after = pieces[number + 1] if number + 1 < len(pieces) else None
        if piece.role != "heading" or piece.doubled or len(piece.paragraph.lines) > 1:
            continue
        if lacks_bracket(piece.text.text) and before.role == "text" and not _is_completed(piece, after):
            found[number] = replace(piece, role="text")
        if " " in piece.text.text:
            continue
        if before.role != "text" or len(before.paragraph.lines) < 3 or not is_closed(before.text.text):
            continue
        width, column = piece.paragraph.column, before.paragraph.column
        below = (
            after is not None
            and after.role == "text"
            and not after.is_fresh
            and not after.paragraph.lines[0].opens_frame
        )
        torn = (
            len(split_words(piece.text.text)[-1]) == 1 and not piece.text.text[-2:-1].isdigit()
        )  # 件, 元, 人 are whole
        if (abs(column - INDENT - width) < INDENT / 2 and torn and not below) or (
            "，" in piece.text.text and width > 0.8 * column
        ):
            found[number] = replace(piece, role="text")
    return found


def _find_captions(pieces: Sequence[Piece]) -> list[Piece]:
    """Name short sentences captions that stand among headlines and pictures, or break into another sentence."""
    found = list(pieces)
    for number, piece in enumerate(pieces):
        if not _is_short_text(piece) or not is_closed(piece.text.text) or piece.paragraph.column > UNWRAPPED:
            continue
        before = next(
            (other for other in reversed(found[max(0, number - 8) : number]) if other.role != "caption"), None
        )
        after = next((other for other in pieces[number + 1 : number + 9] if not _is_short_text(other)), None)
        stands_apart = (
            before is not None
            and before.role in ("heading", "jump")
            and _looks_captioned(pieces, number)
            and (after is None or after.role in ("heading", "jump", "caption"))
        )
        last = number + 1 == len(pieces) or pieces[number + 1].is_fresh or pieces[number + 1].role != "text"
        loose = piece.paragraph.lines[0].opens_frame and len(piece.paragraph.lines) == 1 and last
        credited = before is not None and before.role != "text" and _is_credit(pieces[number + 1 : number + 2])
        if (
            stands_apart
            or loose
            or credited
            or (before is not None and _breaks_in(before, piece, pieces[number + 1 : number + 2]))
        ):
            found[number] = replace(piece, role="caption")
    return found


def _is_credit(rest: Sequence[Piece]) -> bool:
    """Whether what follows is nothing but a photographer's credit."""
    return bool(rest) and rest[0].role == "caption" and len(rest[0].text) <= CAPTION_ALONE


def _looks_captioned(pieces: Sequence[Piece], number: int) -> bool:
    """Whether a picture's space is left above a short sentence, or another such sentence stands beside it."""
    if pieces[number].paragraph.lines[0].gap > PICTURE_GAP:
        return True
    beside = (*pieces[max(0, number - 1) : number], *pieces[number + 1 : number + 2])
    return len(pieces[number].text) <= CAPTION_ALONE and any(
        (_is_short_text(piece) and len(piece.text) <= CAPTION_ALONE and is_closed(piece.text.text))
        or piece.role == "caption"
        for piece in beside
    )


def _breaks_in(before: Piece, piece: Piece, rest: Sequence[Piece]) -> bool:
    """Whether the text before goes on behind this piece rather than in it."""
    if not before.is_open or not rest or rest[0].role != "text" or rest[0].is_fresh:
        return False
    own, other = (takes_up(before.text.text, part.text.text) for part in (piece, rest[0]))
    return other > own or (piece.paragraph.lines[0].opens_frame and other == own)


def _is_short_text(piece: Piece) -> bool:
    return piece.role == "text" and len(piece.text) <= HEADLINE_CHARACTERS and not piece.is_fresh
