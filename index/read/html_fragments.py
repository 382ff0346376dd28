"""Text with tags in it, where text was expected → what a reader of a page would see."""

import html
import re
from typing import Final

from index.read.html_lines import read_lines
from index.read.html_tree import parse
from index.read.html_unseen import take_out_unseen

_TAG: Final = re.compile(
    r"</?(?:p|br|div|span|strong|b|em|i|u|font|a|img|ul|ol|li|dl|dt|dd|table|tbody|thead|tr|td|th|h[1-6]|section|article|"
    r"blockquote|center|script|style|sup|sub|del|s|hr|pre|figure|figcaption|body|html)(?=[\s/>])[^<>]{0,4000}>",
    re.IGNORECASE,
)
_BLOCK: Final = re.compile(r"<(?:p|div|li|td|h[1-6]|section|article|table|ul|ol)[\s>]", re.IGNORECASE)
_PAGE: Final = re.compile(r"<(?:!doctype\s+html|html|body|title|h1)[\s>]", re.IGNORECASE)
_ENTITY: Final = re.compile(
    r"&(?:nbsp|ensp|emsp|ldquo|rdquo|lsquo|rsquo|mdash|ndash|hellip|middot|amp|quot|apos|lt|gt|times|permil|deg|#\d{2,6}|"
    r"#[xX][0-9a-fA-F]{2,6});"
)
_ESCAPED: Final = re.compile(r"&lt;/?(?:p|br|div|span|strong|b|table|tr|td|li)(?:\s|/|&gt;)", re.IGNORECASE)
MIN_TAGS: Final = 2  # one may be a sign of the text's own: 温度<i>…


def is_marked_up(text: str) -> bool:
    """Tell whether a text that should be plain has HTML's tags in it."""
    if "<" not in text:
        return False
    tags = 0
    for tags, match in enumerate(_TAG.finditer(text), 1):
        if tags >= MIN_TAGS or match[0][1:3].lower() in ("p>", "br"):
            return True
    return tags >= MIN_TAGS


def is_page(text: str) -> bool:
    """Tell whether a text is the source of a whole web page."""
    return "<" in text and _PAGE.search(text) is not None and is_marked_up(text)


def has_blocks(text: str) -> bool:
    """Tell whether a marked-up text is cut into paragraphs by its tags."""
    return _BLOCK.search(text) is not None


def plain(text: str) -> str:
    """Return a text as a reader of a page would see it: without tags, scripts and struck text, references resolved.

    Text without any is returned as it is.

    Raises:
        UnreadableError: too_large (tags, attributes, nesting).
    """
    if "&" in text and _ESCAPED.search(text):
        text = html.unescape(text)
    if is_marked_up(text):
        # Line breaks of a text that has no tags for paragraphs are its own.
        marked = text if has_blocks(text) else text.replace("\n", "<br>\n")
        page = parse(f"<body>{marked}")
        take_out_unseen(page)
        shown = "\n".join(line.text.strip("\u3000\u00a0 ") for line in read_lines(page.body))
        return shown or text
    return _ENTITY.sub(lambda match: html.unescape(match[0]), text) if "&" in text else text
