"""Plain text and Markdown → Document."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from index.errors import UnreadableError
from index.read.decode import decode_file, end_lines
from index.read.html import read_webpage
from index.read.html_fragments import TAGS_TAKEN_OUT, has_paragraphs, is_page, show_lines, show_text
from index.read.markdown_marks import show_marks
from index.read.markdown_tables import write_tables
from index.read.stated_dates import parse_date, split_front_matter, stated_text
from index.records import NOTES, STYLED_LEVEL, Document, Heading, Layout

_HEADING: Final = re.compile(r"^#[ \t](?P<title>[^\n]*)(?:\n|\Z)", re.MULTILINE)
# A heading by its mark, by the line under it, or a paragraph of its own that is all bold.
_HEADINGS: Final = re.compile(
    r"^(?:(?P<mark>#{1,6})[ \t]+\S[^\n]*|(?P<over>[^\s#>|*+-][^\n]{0,120})\n(?P<under>={3,}|-{3,})[ \t]*|(?P<bold>(?:\*\*|__)[^\n*_]{2,60}(?:\*\*|__)[ \t]*))$",
    re.MULTILINE,
)
_FENCE: Final = re.compile(r"^(?:```|~~~).*?^(?:```|~~~)", re.MULTILINE | re.DOTALL)
_FIELDS: Final = frozenset({"title", "date", "newspaper", "page", "url"})


def read_text(source: str, data: bytes) -> Document:
    """Return a text file as it is; one that holds a web page's source, or text with its tags, as a reader sees it.

    Raises:
        UnreadableError: empty, binary, encoding; no_text, too_large (of markup).
    """
    decoded = decode_file(data)
    text = end_lines(decoded.text)
    if is_page(text):
        return read_webpage(source, data)
    shown = show_text(text)
    if shown is None:
        return Document(source, source, text, "page", metadata=noted(decoded.notes))
    if not shown.strip():
        raise UnreadableError("no_text", "its tags show no text", "leave it out, or export it again")
    layout: Layout = "prose" if has_paragraphs(text) else "page"
    return Document(source, source, shown, layout, metadata=noted((*decoded.notes, TAGS_TAKEN_OUT)))


def noted(notes: Iterable[str], metadata: Mapping[str, object] | None = None) -> dict[str, object]:
    """Return metadata with what of a file was put right or left out, where there is any."""
    found = list(notes)
    return {**(metadata or {}), **({NOTES: found} if found else {})}


def read_markdown(source: str, data: bytes) -> Document:
    """Return a Markdown file: front matter taken off into the fields, the first `# ` heading as title.

    The heading that gives the title is not repeated in the text; where front matter states another title, the
    heading stays. Rows of tables get tabs between their cells; marks inside lines are taken as a reader sees them; those
    of headings and lists stay. A date that cannot be read stays in `metadata`.

    Raises:
        UnreadableError: empty, binary, encoding, no_text (a title and nothing else).
    """
    decoded = decode_file(data)
    stated, text = split_front_matter(end_lines(decoded.text))
    shown = show_lines(text)
    text, notes = write_tables(show_marks(text if shown is None else shown)), decoded.notes
    if shown is not None:
        notes = (*notes, TAGS_TAKEN_OUT)
    title = stated_text(stated.get("title"))
    heading = _HEADING.search(text)
    # "# Title #" is a heading closed by its mark.
    headline = re.sub(r"[ \t]#+$", "", heading["title"].strip()).rstrip() if heading else ""
    taken: tuple[Heading, ...] = ()
    if heading and headline and title in (None, headline):
        title = headline
        before, after = text[: heading.start()].lstrip("\n"), text[heading.end() :]
        after = after if before.strip() else after.lstrip("\n")
        text, taken = before + after, (Heading(len(before), len(before), 1),)
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
        headings=tuple(sorted((*taken, *_headings(text)), key=lambda heading: heading.start)),
        metadata=noted(notes, kept),
    )


def _headings(text: str) -> Iterator[Heading]:
    """Yield the headings that are in the text, by their marks or as paragraphs all bold."""
    fences = _FENCE.finditer(text)
    fence = next(fences, None)
    for match in _HEADINGS.finditer(text):
        while fence and fence.end() <= match.start():
            fence = next(fences, None)
        if fence and fence.start() <= match.start():
            continue
        if match["bold"]:
            yield Heading(*match.span(), STYLED_LEVEL, kind="styled")
        else:
            level = len(match["mark"]) if match["mark"] else 1 if match["under"][0] == "=" else 2
            yield Heading(*match.span(), level)
