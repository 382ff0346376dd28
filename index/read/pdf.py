"""PDF files → Document, from their text layer. Door to pypdf."""

import io
import logging
import time
from typing import TYPE_CHECKING, Final

from index.errors import UnreadableError
from index.records import Document

if TYPE_CHECKING:
    from pypdf import PdfReader

PAGE_BREAK: Final = "\f"
MAX_PAGES: Final = 2_000  # a bound year of a daily with five to six pages; a 100,000-page file is an attack
# pypdf reads a dense newspaper page in 0.1–0.5 s, so an issue takes seconds. CPU time of this thread, so that
# a busy machine refuses no more than an idle one. pypdf's own limits bound what lies between two looks at it.
MAX_CPU_S: Final = 20.0
MAX_TEXT_CHARS: Final = 32 << 20


def read_pdf(source: str, data: bytes) -> Document:
    """Return the text layer, one page after the other, parted by a form feed; an empty page is kept as such.

    The title in the metadata is mostly the name of a layout file, so it is not used.

    Raises:
        UnreadableError: encrypted, too_large (pages, time or text), no_text (a scan).
        Exception: what pypdf raises on a damaged file.
    """
    from pypdf import PdfReader

    # It reports each oddity of a file as a warning; what matters here is whether there is text in the end.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    until_s = time.thread_time() + MAX_CPU_S
    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted:
        _unlock(reader)
    # The stated count first: listing 100,000 pages takes 11 s and 540 MiB. It may lie, so they are counted too.
    tree = reader.root_object.get("/Pages")
    stated = tree.get_object().get("/Count") if tree is not None else None
    count = stated if isinstance(stated, int) and stated > MAX_PAGES else len(reader.pages)
    if count > MAX_PAGES:
        raise UnreadableError("too_large", f"{count:,} pages, allowed are {MAX_PAGES:,}", "split it, e.g. by issue")

    def check_time(*_: object) -> None:
        if time.thread_time() > until_s:
            raise UnreadableError(
                "too_large",
                f"reading it takes more than {MAX_CPU_S:.0f} s",
                "split it, e.g. by issue, or export its text",
            )

    pages: list[str] = []
    size = 0
    for page in reader.pages:
        check_time()
        # Called for each drawing operator: the only way to stop inside a page.
        text = page.extract_text(visitor_operand_before=check_time)
        size += len(text)
        if size > MAX_TEXT_CHARS:
            raise UnreadableError("too_large", "its text is longer than any issue's", "split it, e.g. by issue")
        pages.append(_sound(text))
    joined = PAGE_BREAK.join(pages)
    if not joined.strip():
        raise UnreadableError(
            "no_text", f"none of its {count} pages has a text layer (a scan?)", "run text recognition (OCR) on it first"
        )
    return Document(source, source, joined, "page")


def _unlock(reader: "PdfReader") -> None:
    """Open a file that is only protected against printing or copying: its password for reading is empty."""
    from pypdf.errors import DependencyError

    try:
        opened = bool(reader.decrypt(""))
    # AES needs a package that this project does without; malformed encryption raises NotImplementedError and others.
    except (DependencyError, NotImplementedError):
        opened = False
    if not opened:
        raise UnreadableError("encrypted", "a password is needed to read it", "save it without a password")


def _sound(text: str) -> str:
    """Return the text with every newline a line feed and halves of surrogate pairs, which no file can hold, replaced."""
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace(PAGE_BREAK, "\n")
