"""Items of lists, and what a heading right above a table or a list is: its caption, or the headline of an article."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from index.segment.blocks import Block
from index.segment.cells import is_name
from index.segment.roles import HEADLINE_CHARACTERS
from index.segment.row_forms import leads
from index.segment.topic_similarity import share_of

CAPTION_SHARE = 0.34
"""A caption shares a third of its character pairs with the article that its table belongs to."""
SHORT_HEAD = 4
"""办理材料, 领取地点: so short a heading is none of an article, but for a notice's."""
LABEL_HEAD = 6
"""获奖名单, 志愿者名单: a list's label rather than what a newspaper prints as a headline, which says whose and what for."""
_LABEL = re.compile(r"(?:名单|榜|表)$")
_NOTICE = re.compile(r"(?:公告|公示|启事|通知|通告|声明|讣告|预告)$")
BLOCKS_ABOVE = 12
_CONTACT = re.compile(
    r"(?!本报|本刊|本版|新闻|广告|发行|投稿|订阅|订报|读者|编辑|总编|报料|爆料)[\u4e00-\u9fff]{0,6}(?:电话|热线|手机|传真|邮箱|邮件|微信|网址|联系人|联系方式|联系地址|地址|地点)[：:]"
)
_BARE = re.compile(r"热线|邮箱|电子邮[箱件]|网址|地址|传真|电话")
"""So a newspaper calls its own."""


def find_list_items(blocks: Sequence[Block]) -> list[Block]:
    """Name numbered lines that stand right below one another, each short, lines of a list."""
    found = list(blocks)
    below: Block | None = None  # the next block that is no item
    for number in range(len(blocks) - 1, -1, -1):
        block = blocks[number]
        beside = (*blocks[max(0, number - 1) : number], *blocks[number + 1 : number + 2])
        # Above an article's first words they are sub-headings that were lifted out of it.
        if _is_short_item(block) and any(other.is_item for other in beside) and not (below and below.is_fresh):
            found[number] = replace(block, role="listing")
        below = below if block.is_item else block
    return found


def _is_short_item(block: Block) -> bool:
    is_short_text = block.role == "text" and len(block.text) <= HEADLINE_CHARACTERS and not block.is_open
    return block.is_item and (block.role in ("heading", "furniture") or is_short_text)


def find_listing_heads(blocks: Sequence[Block]) -> list[Block]:
    """Name a heading right above a table or a list its caption where it belongs to the article above."""
    found = list(blocks)
    for number in range(1, len(blocks)):
        head = found[number - 1]
        if found[number].role != "listing" or head.role != "heading" or head.doubled:
            continue
        if leads(head.text.text) and head.text.text[-1] in "：:":
            found[number - 1] = replace(head, role="listing")
            continue
        above = _article_above(found, number - 1)
        text = "\n".join(block.text.text for block in above)
        if not above or found[number - 2].role not in ("text", "listing", "signature"):
            continue
        share = share_of(head.text.text, text)
        longest = LABEL_HEAD if _LABEL.search(head.text.text) else 0 if _NOTICE.search(head.text.text) else SHORT_HEAD
        is_part = len(head.text) <= longest
        if share >= CAPTION_SHARE or is_part:
            doubt = f"“{head.text.text}” may as well be a headline: it stands over a table or list, below this text"
            found[number - 1] = replace(head, role="listing", doubt="" if share >= 2 * CAPTION_SHARE else doubt)
    return found


def find_contacts(blocks: Sequence[Block]) -> list[Block]:
    """Name lines that tell whom to ask, right below an article's text, lines of its list: 咨询电话：5528-7716.

    Above or below the page's own lines, and at its end where they do not say of what, they are the newspaper's.
    """
    found = list(blocks)
    first = 0
    while first < len(blocks):
        last = first
        while last < len(blocks) and _is_contact(blocks, first, last):
            last += 1
        if last > first and _is_of_article(blocks, first, last):
            found[first:last] = [replace(block, role="listing") for block in blocks[first:last]]
        first = max(last, first + 1)
    return found


def _is_contact(blocks: Sequence[Block], first: int, place: int) -> bool:
    """Whether a block tells whom to ask, or who that is, below a label that lacks it."""
    block = blocks[place]
    if block.is_folio or block.doubled or block.role not in ("furniture", "heading", "listing"):
        return False
    text = block.text.text
    if place > first and _CONTACT.match(blocks[place - 1].text.text) and blocks[place - 1].text.text[-1] in "：:":
        return is_name(text) or text[0].isdigit()
    return _CONTACT.match(text) is not None


def _is_of_article(blocks: Sequence[Block], first: int, last: int) -> bool:
    above = blocks[first - 1] if first else None
    below = blocks[last] if last < len(blocks) else None
    if above is None or above.role not in ("text", "listing", "signature"):
        return False
    is_asked = all(not _BARE.match(block.text.text) for block in blocks[first:last])
    return is_asked if below is None else below.role != "furniture" or below.is_folio


def _article_above(blocks: Sequence[Block], end: int) -> list[Block]:
    """The text above a place, up to where it begins by its own word or a heading stands."""
    above = blocks[max(0, end - BLOCKS_ABOVE) : end]
    kept = list(takewhile(lambda block: block.role != "heading" and not block.is_fresh, reversed(above)))
    first = above[len(above) - len(kept) - 1] if len(kept) < len(above) else None
    return [*kept, first] if first is not None and first.is_fresh else kept
