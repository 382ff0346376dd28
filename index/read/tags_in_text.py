"""Tags of HTML in text that should be plain → what they show; text that only mentions a tag, or has a lone <, stays."""

import html
import re
from dataclasses import dataclass, field
from typing import Final

TAGS_TAKEN_OUT: Final = "HTML tags were taken out"
_BLOCKS: Final = frozenset(
    re.findall(
        r"\w+",
        "address article aside blockquote body br caption center dd details div dl dt fieldset figcaption figure footer form "
        "h1 h2 h3 h4 h5 h6 header hr html li main nav ol option p pre section summary table tbody tfoot thead title tr ul",
    )
)
_INLINE: Final = frozenset(
    re.findall(
        r"\w+",
        "a abbr b big button cite code col colgroup del em embed font i iframe img input ins kbd label link mark meta "
        "noscript object param rp rt ruby s script select small source span strike strong style sub sup svg td textarea th "
        "time tt u video audio wbr head template canvas",
    )
)
_KNOWN: Final = _BLOCKS | _INLINE
# What is not shown, or is struck out.
_UNSEEN: Final = frozenset(
    re.findall(r"\w+", "script style head template noscript iframe svg object del s strike rp rt textarea select title")
)
_VOID: Final = frozenset(re.findall(r"\w+", "br hr img input link meta col param source wbr embed"))
_TAG: Final = re.compile(
    r"""<!--.*?(?:-->|\Z)|<!DOCTYPE[^<>]{0,200}>|<(?P<end>/?)(?P<name>[A-Za-z][A-Za-z0-9]{0,11})(?P<attributes>(?>\s(?>[^<>"']++|"[^"]*+"|'[^']*+')*+)?+)\s*/?>""",
    re.DOTALL | re.IGNORECASE,
)
_HIDDEN: Final = re.compile(
    r"(?:^|\s)hidden(?:\s|=|$)|display\s{0,3}:\s{0,3}none|visibility\s{0,3}:\s{0,3}hidden", re.IGNORECASE
)
_ENTITY: Final = re.compile(
    r"&(?:nbsp|ensp|emsp|ldquo|rdquo|lsquo|rsquo|mdash|ndash|hellip|middot|#\d{2,6}|#x[0-9A-Fa-f]{2,5});"
)
_ESCAPED: Final = re.compile(r"\s{0,20}&lt;(?:p|div|span|br|strong|b|h[1-6]|table|img|font|section)\b", re.IGNORECASE)
# Words of a text about markup: then a tag in the middle of it is meant as it stands there.
_ABOUT_MARKUP: Final = re.compile(r"标签|标记语言|源代码|源码|代码|HTML|html|XML|语法|网页制作|\btags?\b", re.ASCII)
_SPACES: Final = re.compile(r"[ \t\xa0]{2,}|\xa0")


@dataclass(slots=True)
class _Shown:
    """What is shown so far.

    Args:
        unseen: names of elements that are open and not shown, outermost first; only ends of the outermost one count.
        lists: for each list that is open, the number of its last item; None of one without numbers.
    """

    pieces: list[str] = field(default_factory=list)
    unseen: str | None = None
    depth: int = 0
    lists: list[int | None] = field(default_factory=list)

    def take(self, tag: re.Match[str]) -> None:
        """Take a tag into account."""
        name, is_end = (tag["name"] or "").lower(), bool(tag["end"])
        if self.unseen is not None:
            self.depth += 0 if name != self.unseen else -1 if is_end else 1
            self.unseen = self.unseen if self.depth > 0 else None
            return
        hides = name in _UNSEEN or bool(_HIDDEN.search(tag["attributes"] or ""))
        if hides and not is_end and name not in _VOID and not tag[0].endswith("/>"):
            self.unseen, self.depth = name, 1
            return
        if name in ("ol", "ul"):
            if not is_end:
                self.lists.append(0 if name == "ol" else None)
            elif self.lists:
                self.lists.pop()
        if name in ("td", "th") and is_end:
            self.pieces.append("\t")
        elif name in _BLOCKS:
            self.pieces.append("\n")
        if name == "li" and not is_end and self.lists:
            number = self.lists[-1]
            self.lists[-1] = number if number is None else number + 1
            self.pieces.append("• " if number is None else f"{number + 1}. ")


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
    breaks = 0
    for tag in found:
        name = (tag["name"] or "").lower()
        breaks += name in ("br", "p", "div")
        if "=" in (tag["attributes"] or "") or (tag["end"] and name in opened) or breaks > 1:
            return True
        opened.add(name)
    return False


def _is_mention(found: list[re.Match[str]], bare: str) -> bool:
    """Whether the only tag is a word of a text about markup (<br> 标签用于换行。)."""
    return len(found) == 1 and not found[0]["end"] and bool(_ABOUT_MARKUP.search(bare))


def show_text(text: str) -> str | None:
    """Return what a text in HTML shows: blocks end lines, cells are parted by tabs; None for text without tags and entities."""
    if _ESCAPED.match(text) and not has_tags(text):
        text = html.unescape(text)
    if not has_tags(text):
        return (
            html.unescape(text).replace("\xa0", " ")
            if _ENTITY.search(text) and not _ABOUT_MARKUP.search(text)
            else None
        )
    shown = _Shown()
    at = 0
    for tag in _TAG.finditer(text):
        name = tag["name"]
        if name and name.lower() not in _KNOWN and shown.unseen is None:
            continue
        if shown.unseen is None:
            shown.pieces.append(text[at : tag.start()])
        at = tag.end()
        if name:
            shown.take(tag)
    if shown.unseen is None:
        shown.pieces.append(text[at:])
    lines = html.unescape("".join(shown.pieces)).split("\n")
    kept = [_SPACES.sub(" ", line).strip(" \r\xa0") for line in lines]
    # The tab behind a row's last cell parts nothing; one before its first cell stands for an empty one.
    return "\n".join(line.removesuffix("\t") for line in kept if line.strip())
