"""Text with tags in it, where text was expected → what a reader of a page would see; text that only mentions a tag stays."""

import html
import re
from typing import Final

from index.read.html_lines import BLOCKS, read_lines
from index.read.html_tree import parse
from index.read.html_unseen import take_out_unseen

TAGS_TAKEN_OUT: Final = "HTML tags were taken out"
EMPTY: Final = "\x05"  # stands on an empty line, which a page would not show
_KNOWN: Final = BLOCKS | frozenset(
    re.findall(
        r"\w+",
        "br option title a abbr b big button cite code col colgroup del em embed font i iframe img input ins kbd label link mark meta "
        "noscript object param rp rt ruby s script select small source span strike strong style sub sup svg td textarea th "
        "time tt u video audio wbr head template canvas",
    )
)
_TAG: Final = re.compile(
    r"""<!--.*?(?:-->|\Z)|<!DOCTYPE[^<>]{0,200}>|<(?P<end>/?)(?P<name>[A-Za-z][A-Za-z0-9]{0,11})(?P<attributes>(?>\s(?>(?:[^<>"']++|"[^"]*+"|'[^']*+')*))?)\s*/?>""",
    re.DOTALL | re.IGNORECASE,
)
_BREAK: Final = re.compile(r"<br\s{0,9}/?>", re.IGNORECASE)
_PARAGRAPH: Final = re.compile(r"<(?:p|div|li|td|h[1-6]|section|article|table|ul|ol)[\s>]", re.IGNORECASE)
_PAGE: Final = re.compile(r"<(?:!doctype\s+html|html|body|title|h1)[\s>]", re.IGNORECASE)
_ENTITY: Final = re.compile(
    r"&(?:nbsp|ensp|emsp|ldquo|rdquo|lsquo|rsquo|mdash|ndash|hellip|middot|#\d{2,6}|#x[0-9A-Fa-f]{2,5});"
)
_TWICE: Final = re.compile(r"&amp;(?=(?:amp;){0,3}(?:nbsp|ensp|emsp|[lr][ds]quo|#\d{2,6}|#x[0-9A-Fa-f]{2,5});)")
_ESCAPED: Final = re.compile(r"\s{0,20}&lt;(?:p|div|span|br|strong|b|h[1-6]|table|img|font|section)\b", re.IGNORECASE)
# Words of a text about markup: then a tag in the middle of it is meant as it stands there.
_ABOUT_MARKUP: Final = re.compile(r"标签|标记语言|源代码|源码|代码|HTML|html|XML|语法|网页制作|\btags?\b", re.ASCII)


def has_tags(text: str) -> bool:
    """Whether a text is written in HTML, and does not only mention a tag."""
    if "<" not in text:
        return False
    found = [tag for tag in _TAG.finditer(text) if tag["name"] is None or tag["name"].lower() in _KNOWN]
    if not found:
        return False
    bare = text.strip()
    if any(tag.start() == text.index(bare[0]) for tag in found[:1]) or found[-1].end() >= len(text.rstrip()):
        return not _is_mention(found, bare)
    return not _ABOUT_MARKUP.search(text) and _is_set(found)


def _is_set(found: list[re.Match[str]]) -> bool:
    """Whether tags in the middle of a text set it: pairs, line breaks, or tags with attributes."""
    opened: set[str] = set()
    for tag in found:
        name = (tag["name"] or "").lower()
        is_break = name in ("br", "p", "div")
        if is_break or "=" in (tag["attributes"] or "") or (tag["end"] and name in opened):
            return True
        opened.add(name)
    return False


def _is_mention(found: list[re.Match[str]], bare: str) -> bool:
    """Whether the only tag is a word of a text about markup (<br> 标签用于换行。)."""
    return len(found) == 1 and not found[0]["end"] and bool(_ABOUT_MARKUP.search(bare))


def is_page(text: str) -> bool:
    """Tell whether a text is the source of a whole web page."""
    return "<" in text and _PAGE.search(text) is not None and has_tags(text)


def has_paragraphs(text: str) -> bool:
    """Tell whether a text with tags is cut into paragraphs by them."""
    return _PARAGRAPH.search(text) is not None


def show_text(text: str) -> str | None:
    """Return a text as a reader of a page would see it: without tags, scripts and struck text, references resolved.

    None of a text that has neither tags nor references.

    Raises:
        UnreadableError: too_large (tags, attributes, nesting).
    """
    if "&amp;" in text and not _ABOUT_MARKUP.search(text):
        text = _TWICE.sub("&", re.sub(r"&amp;(?:amp;){1,3}", "&amp;", text))
    if _ESCAPED.match(text) and not has_tags(text):
        text = html.unescape(text)
    if not has_tags(text):
        is_escaped = _ENTITY.search(text) and not _ABOUT_MARKUP.search(text)
        return html.unescape(text).replace("\xa0", " ") if is_escaped else None
    # Line breaks of a text that has no tags for paragraphs are its own.
    marked = text if has_paragraphs(text) else text.replace("\n", "<br>\n")
    page = parse(f"<body>{marked}")
    take_out_unseen(page)
    return "\n".join(line.text.strip("\u3000\u00a0 ") for line in read_lines(page.body))


def show_lines(text: str) -> str | None:
    """Return a text of lines, of which some are set with tags, as a reader would see it, empty lines kept; None of others.

    Raises:
        UnreadableError: too_large (tags, attributes, nesting).
    """
    if not has_tags(text):
        return None
    known = {tag.start() for tag in _TAG.finditer(text) if tag["name"] is None or tag["name"].lower() in _KNOWN}
    bare = re.sub("<", lambda mark: "<" if mark.start() in known else "&lt;", text)  # <https://…> is no tag
    lines = [_BREAK.sub(" ", line) if "|" in line else line for line in bare.split("\n")]  # a table's row stays one
    marked = "\n".join(f"{line}<br>" if line.strip() else f"{EMPTY}<br>" for line in lines)
    page = parse(f"<body>{marked}")
    take_out_unseen(page)
    return "\n".join(line.text.replace(EMPTY, "").strip("\u3000\u00a0 ") for line in read_lines(page.body))
