"""Files → Documents; what cannot be read → Rejected, with the reason and what to do.

    paths ─ discover ─► SourceFile ─ load: bytes within limits ─ decode: text ─┬─ markdown ──┐
                            ▲                                                  ├─ html ──────┤
                            ├─ formats: kinds of files, their limits           ├─ mhtml ─────┤
                            └─ unread_kinds: a remedy for each other kind      ├─ pdf, image ┼─► Document | Rejected
                                                                               │   └─ ocr: pages recognised before
                                                               ├─ office ────┤
                                                                               ├─ rtf ───────┤
                                                                               ├─ delimited ─┤
                                                                               └─ jsonl ─────┘

markdown reads .txt and .md, its tables by markdown_tables, its other marks by markdown_marks, jsonl corpus files line by line, mhtml saved web pages, rtf Rich Text,
delimited .csv and .tsv, image the pages of .png, .jpg and .tif; pdf, ocr and office are rooms of their own · table_lines writes a
table of any format as lines, list_numbers the numbers of its lists · stated_dates parses the
dates and front matter that files state · mojibake undoes wrong readings of text, or refuses it, usual_characters are those
it knows Chinese by.

html: a page's markup ─ html_limits: not hostile ─ html_tree: elements ─ html_unseen, by html_styles: without the hidden and
struck ─ html_lines, with html_lists, html_tables, html_formulas: lines as shown ─ html_title: headline ─ html_article, by
html_weights and html_names: those of the article ─ html_metadata, html_statements, html_byline: what is stated about it.
html_items finds headlines of several articles on a page. html_fragments takes the tags out of what should be plain text.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from index.errors import UnreadableError
from index.read.delimited import read_delimited
from index.read.discover import find_files
from index.read.formats import (
    BINARY_FORMS,
    SUFFIXES,
    Form,
    SourceFile,
    check_container,
    check_signature,
    form_of,
    unsupported,
)
from index.read.html import read_webpage
from index.read.image import picture_of, read_image
from index.read.jsonl import read_json, read_jsonl, rejected
from index.read.load import load
from index.read.markdown import read_markdown, read_text
from index.read.mhtml import read_archived_page
from index.read.mojibake import refuse_damaged
from index.read.ocr import PageImage, RecognisedPages, Recognition, UnrecognisedError
from index.read.office import read_ofd, read_old_word, read_slides, read_word, read_workbook
from index.read.pdf import PagePlaces, picture_of_page, places_on, places_on_picture, read_pdf
from index.read.rtf import read_rich_text
from index.records import Document, Rejected

__all__ = [
    "BINARY_FORMS",
    "SCANNED_FORMS",
    "SUFFIXES",
    "PagePlaces",
    "Recognition",
    "SourceFile",
    "UnrecognisedError",
    "find_files",
    "form_of",
    "page_image",
    "page_places",
    "read_file",
    "rejected",
]

_READERS = {
    "text": read_text,
    "markdown": read_markdown,
    "webpage": read_webpage,
    "archived_page": read_archived_page,
    "word": read_word,
    "old_word": read_old_word,
    "rich_text": read_rich_text,
    "workbook": read_workbook,
    "slides": read_slides,
    "ofd": read_ofd,
    "delimited": read_delimited,
}
_SCANNED = {"pdf": read_pdf, "image": read_image}
"""Those that may take what was recognised on pages."""
SCANNED_FORMS = frozenset(_SCANNED)


def read_file(file: SourceFile, recognition: Recognition | None = None) -> Iterator[Document | Rejected]:
    """Yield what a file holds: one outcome for a file, or one for each line or object of a corpus file.

    Bad input never raises. A file that cannot be opened at all yields one Rejected; a corpus file whose
    end is damaged yields its good lines, then one Rejected.

    Args:
        file: as found by `find_files`.
        recognition: where recognised pages are; without it no scan is read.

    Raises:
        UnrecognisedError: pages of it are to be recognised first; only where there is a place for them.

    Yields:
        Documents, and Rejected with one of the reasons unsupported, not_found, unreadable, not_a_file,
        too_large, wrong_suffix, empty, binary, encoding, encrypted, no_text, picture, corrupt, broken_json,
        bad_record, duplicate_id.
    """
    known = form_of(file.path)
    if known is None:
        yield unsupported(file.source)
        return
    form, zipped = known
    try:
        yield from read_jsonl(file, zipped=zipped) if form == "jsonl" else _whole(file, form, zipped, recognition)
    except UnrecognisedError:
        raise
    except UnreadableError as error:
        yield rejected(file.source, error)
    except FileNotFoundError:
        yield rejected(file.source, UnreadableError("not_found", "no such file", "check the path, and index again"))
    except MemoryError:
        yield rejected(file.source, UnreadableError("too_large", "memory ran out while reading it", "split it"))
    except RecursionError:
        problem = "its parts lie within each other too deeply"
        yield rejected(file.source, UnreadableError("too_large", problem, "open it in its program and save it again"))
    except OSError as error:
        problem = error.strerror or str(error) or type(error).__name__
        yield rejected(file.source, UnreadableError("unreadable", problem, "check the file and its permissions"))
    except Exception as error:  # parsers raise anything on damaged files, and one file must not stop the others
        problem = f"{type(error).__name__}: {error}".strip(": ")[:200]
        yield rejected(
            file.source,
            UnreadableError("corrupt", f"it is damaged ({problem})", "open it in its program and save it again"),
        )


def page_image(path: Path, page: int) -> tuple[PageImage, str]:
    """Return the picture of a file's page, from 0, and the file's SHA-256.

    Raises:
        UnreadableError: corrupt, too_large, encrypted.
        OSError: it cannot be read.
    """
    file = SourceFile(path, path.name)
    data = load(path, zipped=False, limit_bytes=file.limit_bytes)
    form, _zipped = form_of(path) or ("pdf", False)
    picture = picture_of(data, page) if form == "image" else picture_of_page(data, page)
    return picture, hashlib.sha256(data).hexdigest()


def page_places(path: Path, page: int, recognition: Recognition) -> tuple[PagePlaces, str]:
    """Return where the characters of a file's page, from 0, stand on it, and the file's SHA-256.

    Raises:
        UnreadableError: not_there, corrupt, too_large, encrypted.
        OSError: it cannot be read.
    """
    file = SourceFile(path, path.name)
    form, zipped = form_of(path) or ("pdf", False)
    stored = load(path, zipped=False, limit_bytes=file.limit_bytes)
    data = load(path, zipped=True, limit_bytes=file.limit_bytes) if zipped else stored
    pages = RecognisedPages(data, recognition)
    places = places_on_picture(page, pages) if form == "image" else places_on(data, page, pages)
    return places, hashlib.sha256(stored).hexdigest()


def _whole(
    file: SourceFile, form: Form, zipped: bool, recognition: Recognition | None
) -> Iterator[Document | Rejected]:
    data = load(file.path, zipped=zipped, limit_bytes=file.limit_bytes)
    if not data.strip():
        raise UnreadableError("empty", "there is nothing in it", "leave it out, or export it again")
    if form in BINARY_FORMS:
        check_container(data)
    check_signature(form, data[:1024])
    if form == "json":
        yield from read_json(file.source, data)
    elif form in _SCANNED:
        yield _SCANNED[form](file.source, data, RecognisedPages(data, recognition))
    else:
        document = _READERS[form](file.source, data)
        if form in BINARY_FORMS and form != "pdf":  # readers of text, and that of PDFs, judge it by what they know more
            refuse_damaged(f"{document.title or ''}\n{document.text}")
        yield document
