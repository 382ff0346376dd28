"""Web pages → Document: one line of text for each block that a reader sees. The only importer of selectolax."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from index.errors import UnreadableError
from index.read.decode import decode
from index.read.html_byline import LINE_CHARS, WITHIN_LINES, Imprint, newspaper_of, read_date, read_line, read_names
from index.read.html_metadata import read_enp, read_json_ld, read_properties
from index.read.stated_dates import stated_text
from index.records import Document

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
_JSON_LD: Final = 'script[type="application/ld+json" i]'
# Elements that name what they hold. In lists of other articles and under comments they tell of something else.
_AUTHORS: Final = (
    '[itemprop="author" i], [rel="author"], [class*="author" i], [class*="byline" i], [class*="reporter" i]'
)
_TIMES: Final = (
    'time[datetime], [itemprop="datePublished" i], [class*="pubtime" i], [class*="pub-time" i], [class*="pub_time" i], '
    '[class*="publish" i], [class*="date" i], [class*="time" i]'
)
_SOURCES: Final = '[itemprop="publisher" i], [class*="source" i], [class*="origin" i], [id*="source" i]'
_KICKERS: Final = (
    '[class*="kicker" i], [class*="pretitle" i], [class*="yinti" i], [class*="introtitle" i], [id="PreTitle" i]'
)
_ELSEWHERE: Final = re.compile(
    r"comment|reply|pinglun|related|recommend|tuijian|sidebar|rank|hot|list|guess|more|copyright|foot|widget",
    re.IGNORECASE,
)
_MAX_NAMED: Final = 40  # elements of one meaning that are looked at; an article has one or two
# A page's own name follows the title after one of these.
_TITLE_END: Final = re.compile(r"\A\s*[-_|｜–—]")
_MIN_HEADING_CHARS: Final = 4
_SHORT_CHARS: Final = 30
_HEADING_MARK: Final = "\0"  # where the title stood; no decoded page holds it
# Within the first 1,024 bytes, as the HTML standard says; also the encoding of an XML declaration.
_CHARSET: Final = re.compile(rb"""(?:charset|encoding)\s*=\s*+["']?\s*+([\w.:-]+)""", re.IGNORECASE)
_CHARSET_WITHIN_BYTES: Final = 1024
_WIDE: Final = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60\U00020000-\U0003ffff"
# A line break in the source between two Chinese characters shows as nothing (CSS Text 3, 4.1.3), else as a space.
_BREAK_IN_CHINESE: Final = re.compile(rf"(?<=[{_WIDE}])[ \t]*[\n\f][ \t\n\f]*(?=[{_WIDE}])")
_BLANKS: Final = re.compile(r"[ \t\n\f]+")
_TAG: Final = re.compile(
    r"""<(?P<end>/?)(?P<name>[a-zA-Z][a-zA-Z0-9-]*)(?=[\s/>])(?>(?:[^>=]++|=\s*+"[^"]*+"|=\s*+'[^']*+'|=)*)"""
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
    """Return a page's text and what it states: title, date, byline, newspaper.

    Navigation, forms, footers, asides and the site's header are left out; the header of an `<article>` stays. What
    is understood as a statement about the article is not repeated in its text: the title, and lines beside it like
    "2023-06-06 来源：云汀报 记者：林亦舟". Those lines are kept in `metadata` as "stated", further fields as
    "source", "kicker" and "deck".

    Markup that says what it holds is believed first (meta, comment of the publishing system, JSON-LD), then
    elements named so near the article, then lines near the title.

    Raises:
        UnreadableError: empty, binary, encoding, no_text, too_large (tags, nesting).
    """
    from selectolax.lexbor import LexborHTMLParser

    charset = _CHARSET.search(data[:_CHARSET_WITHIN_BYTES])
    html = decode(data, charset[1].decode("latin-1") if charset else None)
    _check_markup(html)
    tree = LexborHTMLParser(html)
    stated = read_enp(html).or_else(read_properties(_properties(tree)))
    title, heading = _title(tree, stated.title)
    heading_id = heading.mem_id if heading is not None else 0  # the element itself may be gone with the site's header
    stated = stated.or_else(read_json_ld([node.text() for node in tree.css(_JSON_LD)][:_MAX_NAMED], title))
    if title is None or heading is None:
        title = stated.title or title
    for node in tree.css(_NOT_ARTICLE):
        node.decompose()
    for node in tree.css("header"):
        if not _is_within(node, "article"):
            node.decompose()
    named, words = _named(tree)
    lines, beside = _without_statements(_visible_text(tree.body, heading_id), words)
    for line in beside.values():
        named = named.or_else(line)
    stated = stated.or_else(named)
    text = "\n".join(lines)
    if not text:
        raise UnreadableError("no_text", "the page shows no text", "save the page after its scripts have run")
    newspaper = newspaper_of(stated.source)
    kept = {
        "source": None if newspaper else stated.source,
        "kicker": stated.kicker,
        "deck": stated.deck,
        "stated": "\n".join(beside) or None,
    }
    return Document(
        source,
        source,
        text,
        "prose",
        title=title,
        date=stated.date,
        newspaper=newspaper,
        page=stated.page,
        byline=stated.byline,
        metadata={key: value for key, value in kept.items() if value},
    )


def _properties(tree: "LexborHTMLParser") -> dict[str, str]:
    """Return the page's meta elements, the first of each name."""
    found: dict[str, str] = {}
    for node in tree.css("meta"):
        name = node.attributes.get("name") or node.attributes.get("property") or node.attributes.get("itemprop")
        if name and (content := node.attributes.get("content")):
            found.setdefault(name.strip().lower(), content)
    return found


def _title(tree: "LexborHTMLParser", stated: str | None) -> tuple[str | None, "LexborNode | None"]:
    """Return the title and the heading it came from. A site's name is an h1 too, in the page's header: it comes last."""
    headings = [node for node in tree.css("h1") if _visible_text(node)]
    own = [node for node in headings if not (_is_within(node, "header", "nav", "aside", "footer"))]
    in_article = [node for node in headings if _is_within(node, "article", "main")]
    for node in in_article or own:
        return " ".join(_visible_text(node).split("\n")), node
    shared = tree.css_first('meta[property="og:title"]')
    title = stated or (stated_text(shared.attributes.get("content")) if shared is not None else None)
    if title is None and headings:
        return _visible_text(headings[0]), headings[0]
    if title is None and (named := tree.css_first("title")) is not None:
        title = _visible_text(named) or None
    return _shown(tree, title) or (title, None)


def _shown(tree: "LexborHTMLParser", title: str | None) -> tuple[str, "LexborNode"] | None:
    """Return the element that shows a title which other markup states, and how it is shown.

    A page's `<title>` goes on with the site's name.
    """
    for node in tree.css('h2, h3, h4, [class*="title" i], [id*="title" i]')[:_MAX_NAMED] if title else ():
        text = " ".join(_visible_text(node).split("\n"))
        if title and text and title.startswith(text):
            rest = title[len(text) :]
            if not rest or (len(text) >= _MIN_HEADING_CHARS and _TITLE_END.match(rest)):
                return text, node
    return None


def _named(tree: "LexborHTMLParser") -> tuple[Imprint, list[str]]:
    """Return what elements state whose names say what they hold, and the words that were understood so."""
    words: list[str] = []

    def texts(selector: str) -> Iterator[tuple[str, str]]:
        for node in tree.css(selector)[:_MAX_NAMED]:
            text = " ".join(_visible_text(node).split())
            if len(text) <= LINE_CHARS and not _is_elsewhere(node):
                yield text, node.attributes.get("datetime") or node.attributes.get("content") or text

    found = Imprint()
    for text, value in texts(_AUTHORS):
        names = read_names(value.removeprefix("作者：").removeprefix("作者:"))
        if names and not found.byline:
            found = found.or_else(Imprint(byline=names))
            words.append(text)
    for text, value in texts(_TIMES):
        date = read_date(value)
        if date and not found.date and (value != text or ((line := read_line(text)) and line.date)):
            found = found.or_else(Imprint(date=date))
            words.append(text)
    for text, _value in texts(_SOURCES):
        line = read_line(text)
        name = (line.source if line else None) or newspaper_of(text)
        if name and not found.source:
            found = found.or_else(Imprint(source=name))
            words.append(text)
    for text, _value in texts(_KICKERS):
        found = found.or_else(Imprint(kicker=text or None))
        words.append(text)
    return found, sorted((word for word in words if word), key=len, reverse=True)


def _is_elsewhere(node: "LexborNode") -> bool:
    """Tell whether an element is part of a comment or of a list of other articles."""
    above: LexborNode | None = node
    while above is not None and above.tag != "body":
        names = f"{above.attributes.get('class') or ''} {above.attributes.get('id') or ''}"
        if above.tag == "li" or _ELSEWHERE.search(names):
            return True
        above = above.parent
    return False


def _without_statements(text: str, words: list[str]) -> tuple[list[str], dict[str, Imprint]]:
    """Part the lines of a page from those beside the title that only state something about the article."""
    lines = text.split("\n")
    mark = lines.index(_HEADING_MARK) if _HEADING_MARK in lines else -1
    beside: dict[str, Imprint] = {}
    kept: list[str] = []
    text_began = False
    for number, line in enumerate(lines):
        if number == mark:
            continue
        near = abs(number - mark) <= WITHIN_LINES and not text_began
        found = read_line(line, words) if near else None
        if found is None:
            kept.append(line)
            # A date under a notice is its own; only what stands between title and text is about it.
            text_began = number > mark and (text_began or len(line) > _SHORT_CHARS or line.endswith("。"))
        else:
            beside[line] = found.or_else(beside.get(line, Imprint()))
            words = [word for word in words if word not in line]
    return (kept, beside) if kept else ([line for line in lines if line != _HEADING_MARK], {})


def _visible_text(root: "LexborNode | None", heading: int = 0) -> str:
    """Return the text below a node: blocks and <br> end lines, cells are parted by tabs, blanks run together.

    In the place of the element whose `mem_id` is `heading` stands a line with its mark.
    """
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
        if heading and node.mem_id == heading:
            pieces.append(f"\n{_HEADING_MARK}\n")
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
