"""Roles that a block's form alone does not tell: what stands around it does."""

from collections.abc import Sequence
from dataclasses import replace

from index.language.terms import split_words
from index.repair.hard_wraps import INDENT, UNWRAPPED
from index.repair.lines import is_closed, lacks_bracket
from index.segment.blocks import Block, Page, join_narrow, read_blocks, takes_up
from index.segment.line_roles import retell_headings
from index.segment.list_context import find_contacts, find_list_items, find_listing_heads
from index.segment.roles import ACTS, DAY, HEADLINE_CHARACTERS, ISSUING_BODY, SECTION
from index.segment.topic_similarity import share_of

CAPTION_ALONE = 25
PICTURE_GAP = 2
"""More newlines than a blank line makes: where a picture stood."""
BANNER_CHARACTERS = 10
SECTION_CHARACTERS = 5
BANNER_SHARE = 0.3
"""A heading of a body shares at least a third of its character pairs with the page's text; a banner hardly any."""


def find_blocks(page: Page) -> list[Block]:
    """Return the blocks of a page in the order of the dump; together they hold its every printed character."""
    return retell_headings(find_formed_blocks(page))


def find_formed_blocks(page: Page) -> list[Block]:
    """Return them before it is told which of the headings are running text."""
    blocks = join_narrow(page, read_blocks(page, 0, len(page.text)))
    for name in (
        find_list_items,
        find_listing_heads,
        find_contacts,
        _find_cut_lines,
        _find_captions,
        _find_offices,
        _find_banners,
    ):
        blocks = name(blocks)
    return blocks


def _find_banners(blocks: Sequence[Block]) -> list[Block]:
    """Name a few words that part running text and share nothing with any of it a column's banner."""
    found = list(blocks)
    candidates = [number for number, block in enumerate(blocks) if _looks_like_banner(blocks, number, block)]
    bodies = "\n".join(block.text.text for block in blocks if block.role == "text")
    for number in candidates:
        if share_of(blocks[number].text.text, bodies) <= BANNER_SHARE:
            found[number] = replace(blocks[number], role="furniture")
    return found


def _looks_like_banner(blocks: Sequence[Block], number: int, block: Block) -> bool:
    if block.role != "heading" or block.doubled or len(block.text) > BANNER_CHARACTERS:
        return False
    around = blocks[max(0, number - 1) : number + 2]
    parts_text = len(around) == 3 and around[0].role == around[2].role == "text"
    return (parts_text and len(block.text) <= SECTION_CHARACTERS) or bool(SECTION.search(block.text.text))


def _find_offices(blocks: Sequence[Block]) -> list[Block]:
    """Name the office that signs a notice: its bare name under running text, with none below."""
    found = list(blocks)
    for number, block in enumerate(blocks[1:], 1):
        text = block.text.text
        is_name = (
            block.role == "heading" and len(text) <= 36 and bool(ISSUING_BODY.match(text)) and not ACTS.search(text)
        )
        after = blocks[number + 1] if number + 1 < len(blocks) else None
        if (
            is_name
            and not block.doubled
            and blocks[number - 1].role == "text"
            and is_closed(blocks[number - 1].text.text)
        ):
            if after is None or after.role != "text" or after.is_fresh:
                found[number] = replace(block, role="signature")
        elif found[number - 1].role == "signature" and DAY.match(text):
            found[number] = replace(block, role="signature")
    return found


def _is_completed(block: Block, after: Block | None) -> bool:
    """Whether the next line is the rest of a headline that breaks inside a bracket or a quotation."""
    return after is not None and after.role == "heading" and not lacks_bracket(block.text.text + after.text.text)


def _find_cut_lines(blocks: Sequence[Block]) -> list[Block]:
    """Name a line text that looks like a heading but is the first line of a paragraph cut off below it.

    It has the width of its column less the indent, breaks off in a word, and nothing that it could head follows.
    """
    found = list(blocks)
    for number, block in enumerate(blocks[1:], 1):
        before = blocks[number - 1]
        after = blocks[number + 1] if number + 1 < len(blocks) else None
        if block.role != "heading" or block.doubled or len(block.paragraph.lines) > 1:
            continue
        if lacks_bracket(block.text.text) and before.role == "text" and not _is_completed(block, after):
            found[number] = replace(block, role="text")
        if " " in block.text.text:
            continue
        if before.role != "text" or len(before.paragraph.lines) < 3 or not is_closed(before.text.text):
            continue
        width, column = block.paragraph.column, before.paragraph.column
        below = (
            after is not None
            and after.role == "text"
            and not after.is_fresh
            and not after.paragraph.lines[0].opens_frame
        )
        torn = (
            len(split_words(block.text.text)[-1]) == 1 and not block.text.text[-2:-1].isdigit()
        )  # 件, 元, 人 are whole
        if (abs(column - INDENT - width) < INDENT / 2 and torn and not below) or (
            "，" in block.text.text and width > 0.8 * column
        ):
            found[number] = replace(block, role="text")
    return found


def _find_captions(blocks: Sequence[Block]) -> list[Block]:
    """Name short sentences captions that stand among headlines and pictures, or break into another sentence."""
    found = list(blocks)
    for number, block in enumerate(blocks):
        if not _is_short_text(block) or not is_closed(block.text.text) or block.paragraph.column > UNWRAPPED:
            continue
        before = next(
            (other for other in reversed(found[max(0, number - 8) : number]) if other.role != "caption"), None
        )
        after = next((other for other in blocks[number + 1 : number + 9] if not _is_short_text(other)), None)
        stands_apart = (
            before is not None
            and before.role in ("heading", "continuation")
            and _looks_captioned(blocks, number)
            and (after is None or after.role in ("heading", "continuation", "caption"))
        )
        last = number + 1 == len(blocks) or blocks[number + 1].is_fresh or blocks[number + 1].role != "text"
        loose = block.paragraph.lines[0].opens_frame and len(block.paragraph.lines) == 1 and last
        credited = before is not None and before.role != "text" and _is_credit(blocks[number + 1 : number + 2])
        if (
            stands_apart
            or loose
            or credited
            or (before is not None and _breaks_in(before, block, blocks[number + 1 : number + 2]))
        ):
            found[number] = replace(block, role="caption")
    return found


def _is_credit(rest: Sequence[Block]) -> bool:
    """Whether what follows is nothing but a photographer's credit."""
    return bool(rest) and rest[0].role == "caption" and len(rest[0].text) <= CAPTION_ALONE


def _looks_captioned(blocks: Sequence[Block], number: int) -> bool:
    """Whether a picture's space is left above a short sentence, or another such sentence stands beside it."""
    if blocks[number].paragraph.lines[0].gap > PICTURE_GAP:
        return True
    beside = (*blocks[max(0, number - 1) : number], *blocks[number + 1 : number + 2])
    return len(blocks[number].text) <= CAPTION_ALONE and any(
        (_is_short_text(block) and len(block.text) <= CAPTION_ALONE and is_closed(block.text.text))
        or block.role == "caption"
        for block in beside
    )


def _breaks_in(before: Block, block: Block, rest: Sequence[Block]) -> bool:
    """Whether the text before goes on behind this block rather than in it."""
    if not before.is_open or not rest or rest[0].role != "text" or rest[0].is_fresh:
        return False
    own, other = (takes_up(before.text.text, part.text.text) for part in (block, rest[0]))
    return other > own or (block.paragraph.lines[0].opens_frame and other == own)


def _is_short_text(block: Block) -> bool:
    return block.role == "text" and len(block.text) <= HEADLINE_CHARACTERS and not block.is_fresh
