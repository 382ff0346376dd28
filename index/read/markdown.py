"""Plain text and Markdown → Document."""

import re
from typing import Final

from index.errors import UnreadableError
from index.read.decode import decode
from index.read.html import read_webpage
from index.read.html_fragments import has_blocks, is_marked_up, is_page, plain
from index.read.stated_dates import parse_date, split_front_matter, stated_text
from index.records import Document

_HEADING: Final = re.compile(r"^#[ \t](?P<title>[^\n]*)(?:\n|\Z)", re.MULTILINE)
_FIELDS: Final = frozenset({"title", "date", "newspaper", "page", "url"})


def read_text(source: str, data: bytes) -> Document:
    """Return a text file as it is; one that holds a web page's source, or text with its tags, as a reader sees it.

    Raises:
        UnreadableError: empty, binary, encoding; no_text, too_large (of markup).
    """
    text = decode(data)
    if is_page(text):
        return read_webpage(source, data)
    shown = plain(text)
    if not shown.strip():
        raise UnreadableError("no_text", "there is nothing but markup in it", "export its text")
    return Document(source, source, shown, "prose" if is_marked_up(text) and has_blocks(text) else "page")


def read_markdown(source: str, data: bytes) -> Document:
    """Return a Markdown file: front matter taken off into the fields, the first `# ` heading as title.

    The heading that gives the title is not repeated in the text; where front matter states another title, the
    heading stays. All other marks stay too. A date that cannot be read stays in `metadata`.

    Raises:
        UnreadableError: empty, binary, encoding, no_text (a title and nothing else).
    """
    stated, text = split_front_matter(decode(data))
    title = stated_text(stated.get("title"))
    heading = _HEADING.search(text)
    # "# Title #" is a heading closed by its mark.
    headline = re.sub(r"[ \t]#+$", "", heading["title"].strip()).rstrip() if heading else ""
    if heading and headline and title in (None, headline):
        title = headline
        text = (text[: heading.start()] + text[heading.end() :]).lstrip("\n")
    if not text.strip():
        raise UnreadableError(
            "no_text", "nothing follows the title or the front matter", "add the text, or leave it out"
        )
    date = parse_date(stated.get("date"))
    kept = {key: value for key, value in stated.items() if key not in _FIELDS or (key == "date" and date is None)}
    return Document(
        source,
        source,
        text,
        "prose",
        title=title,
        date=date,
        newspaper=stated_text(stated.get("newspaper")),
        page=stated_text(stated.get("page")),
        url=stated_text(stated.get("url")),
        metadata=kept,
    )
