"""Web pages → Document: one line of text for each block that a reader sees. Door to selectolax."""

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from index.errors import UnreadableError
from index.read.decode import decode
from index.read.stated import parse_date, stated_text
from index.records import Document, PartialDate

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

_NOT_ARTICLE: Final = (
    "script, style, noscript, template, iframe, svg, nav, footer, aside, form, button, select, textarea"
)
_BLOCKS: Final = frozenset(
    re.findall(
        r"\w+",
        "address article blockquote body caption center dd details div dl dt fieldset figcaption figure h1 h2 h3 h4 "
        "h5 h6 header hr li main ol p pre section summary table tbody tfoot thead tr ul",
    )
)
_DATE_SELECTORS: Final = (
    ('meta[property="article:published_time"]', "content"),
    ("time[datetime]", "datetime"),
    ('meta[name="publishdate" i]', "content"),
    ('meta[name="pubdate" i]', "content"),
    ('meta[name="date" i]', "content"),
)
# Within the first 1,024 bytes, as the HTML standard says; also the encoding of an XML declaration.
_CHARSET: Final = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_CHARSET_WITHIN_BYTES: Final = 1024
_WIDE: Final = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60\U00020000-\U0003ffff"
# A line break in the source between two Chinese characters shows as nothing (CSS Text 3, 4.1.3), else as a space.
_BREAK_IN_CHINESE: Final = re.compile(rf"(?<=[{_WIDE}])[ \t]*[\n\f][ \t\n\f]*(?=[{_WIDE}])")
_BLANKS: Final = re.compile(r"[ \t\n\f]+")
_TAG: Final = re.compile(
    r"""<(?P<end>/?)(?P<name>[a-zA-Z][a-zA-Z0-9-]*)(?=[\s/>])(?:[^>=]++|=\s*+"[^"]*+"|=\s*+'[^']*+'|=)*+"""
)
_QUOTED: Final = re.compile(r"""=\s*+(?:"[^"]*+"|'[^']*+')""")
# Elements without an end tag, or whose end tag is commonly left out, do not pile up.
_FLAT: Final = frozenset(
    re.findall(
        r"\w+",
        "area base br col dd dt embed hr img input li link meta option p param source tbody td tfoot th thead tr "
        "track wbr",
    )
)

_STYLES: Final = frozenset(re.findall(r"\w+", "a b big code em font i nobr s small strike strong tt u"))

# lexbor's time and memory grow with the product of these; each is far above what pages of articles have.
MAX_TAGS: Final = 200_000
MAX_TAG_CHARS: Final = 4 << 10  # without quoted values (pictures may be there): 30,000 attributes take 1.7 s
MAX_MARKUP_CHARS: Final = 4 << 20  # all tags, counted likewise; each attribute takes some 150 bytes of memory
MAX_DEPTH: Final = 1_000  # Chrome stops at 512; 100,000 nested <div> take 19 s
# Styles left open are opened anew in each block that follows (HTML standard, 13.2.4.3): 1,000 of them, then
# 100,000 paragraphs make 100 million elements.
MAX_REOPENED: Final = 2_000_000


def read_webpage(source: str, data: bytes) -> Document:
    """Return a page's text, its title (h1, og:title, title) and date where the page's markup states one.

    Navigation, forms, footers, asides and the site's header are left out; the header of an `<article>` stays,
    since it holds the byline. The h1 that gives the title is not repeated in the text.

    Raises:
        UnreadableError: empty, binary, encoding, no_text, too_large (tags, nesting).
    """
    from selectolax.lexbor import LexborHTMLParser

    charset = _CHARSET.search(data[:_CHARSET_WITHIN_BYTES])
    html = decode(data, charset[1].decode("latin-1") if charset else None)
    _check_markup(html)
    tree = LexborHTMLParser(html)
    date = _date(tree)
    title, heading = _title(tree)
    if heading is not None:
        heading.decompose()
    for node in tree.css(_NOT_ARTICLE):
        node.decompose()
    for node in tree.css("header"):
        if not _is_within(node, "article"):
            node.decompose()
    text = _visible_text(tree.body)
    if not text:
        raise UnreadableError("no_text", "the page shows no text", "save the page after its scripts have run")
    return Document(source, source, text, "prose", title=title, date=date)


def _title(tree: "LexborHTMLParser") -> tuple[str | None, "LexborNode | None"]:
    """Return the title and the heading it came from. A site's name is an h1 too, in the page's header: it comes last."""
    headings = [node for node in tree.css("h1") if _visible_text(node)]
    own = [node for node in headings if not (_is_within(node, "header", "nav", "aside", "footer"))]
    in_article = [node for node in headings if _is_within(node, "article", "main")]
    for node in in_article or own:
        return " ".join(_visible_text(node).split("\n")), node
    shared = tree.css_first('meta[property="og:title"]')
    if shared is not None and (title := stated_text(shared.attributes.get("content"))):
        return title, None
    for node in headings:
        return _visible_text(node), node
    named = tree.css_first("title")
    return (_visible_text(named) or None if named is not None else None), None


def _date(tree: "LexborHTMLParser") -> PartialDate | None:
    for selector, attribute in _DATE_SELECTORS:
        for node in tree.css(selector):
            if found := parse_date(node.attributes.get(attribute)):
                return found
    return None


def _visible_text(root: "LexborNode | None") -> str:
    """Return the text below a node: blocks and <br> end lines, cells are parted by tabs, blanks run together."""
    pieces: list[str] = []
    preformatted = 0
    # A stack instead of recursion: pages may nest deeper than Python's calls.
    pending: list[tuple[LexborNode, bool]] = [(root, False)] if root is not None else []
    while pending:
        node, leaving = pending.pop()
        if node.is_text_node:
            text = node.text_content or ""
            pieces.append(text if preformatted else _BLANKS.sub(" ", _BREAK_IN_CHINESE.sub("", text)))
            continue
        tag = node.tag or ""
        if tag == "br" or tag in _BLOCKS:
            pieces.append("\n")
        elif leaving and tag in ("td", "th"):
            pieces.append("\t")
        preformatted += (tag == "pre") * (-1 if leaving else 1)
        if not leaving:
            pending.append((node, True)) if tag != "br" else None
            pending.extend((child, False) for child in reversed(list(node.iter(include_text=True))))
    lines = (line.strip(" \t") for line in re.sub(" {2,}", " ", "".join(pieces)).split("\n"))
    return "\n".join(line for line in lines if line)


def _is_within(node: "LexborNode", *tags: str) -> bool:
    above = node.parent
    while above is not None:
        if above.tag in tags:
            return True
        above = above.parent
    return False


def _check_markup(html: str) -> None:
    """Refuse a page that would keep the parser busy for minutes or fill the memory, before it is parsed."""
    if html.count("<") > MAX_TAGS:
        raise _hostile(f"more than {MAX_TAGS:,} tags")
    open_tags: Counter[str] = Counter()
    depth = styled = reopened = markup = 0
    for tag in _TAG.finditer(html):
        bare = len(_QUOTED.sub("", tag[0]))
        markup += bare
        if bare > MAX_TAG_CHARS or markup > MAX_MARKUP_CHARS:
            raise _hostile("too many attributes")
        name = tag["name"].lower()
        if name not in _FLAT:
            # An end tag without a start tag closes nothing.
            change = 1 if not tag["end"] else -1 if open_tags[name] else 0
            open_tags[name] += change
            depth += change
            styled += change * (name in _STYLES)
        reopened += styled
        if depth > MAX_DEPTH or reopened > MAX_REOPENED:
            raise _hostile("too many elements are open at once")


def _hostile(message: str) -> UnreadableError:
    return UnreadableError("too_large", f"no page of an article looks like this: {message}", "save it as text")
