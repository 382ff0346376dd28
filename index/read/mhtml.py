"""Web pages saved with their pictures (.mht, .mhtml) → Document, by way of the page in them."""

import email
import email.policy
from email.message import Message
from typing import Final

from index.errors import UnreadableError
from index.read.formats import MAX_WEBPAGE_BYTES
from index.read.html import read_webpage
from index.records import Document

MAX_MIME_PARTS: Final = 5_000
_PAGES: Final = ("text/html", "application/xhtml+xml")


def read_archived_page(source: str, data: bytes) -> Document:
    """Return the first web page that the file holds, read as one (`read_webpage`).

    Raises:
        UnreadableError: wrong_suffix (no page in it), too_large, and what `read_webpage` raises.
    """
    if data.count(b"\n--") > MAX_MIME_PARTS:
        raise UnreadableError("too_large", f"more than {MAX_MIME_PARTS:,} parts", "save the page as .html")
    message = email.message_from_bytes(data.lstrip(), policy=email.policy.compat32)
    page = next((part for part in message.walk() if part.get_content_type() in _PAGES), None)
    if page is None:
        raise UnreadableError(
            "wrong_suffix", "the suffix promises a saved web page, there is none in it", "save the page again, as .html"
        )
    body = _body(page)
    if len(body) > MAX_WEBPAGE_BYTES:
        raise UnreadableError("too_large", f"its page has more than {MAX_WEBPAGE_BYTES >> 20} MiB", "save it as text")
    return read_webpage(source, body)


def _body(page: Message) -> bytes:
    """Return a page's bytes, in UTF-8 where its part says how it is encoded and that is true."""
    payload = page.get_payload(decode=True)
    body = payload if isinstance(payload, bytes) else b""
    charset = (page.get_content_charset() or "").lower()
    try:
        return body.decode("gb18030" if charset in ("gb2312", "gbk") else charset).encode() if charset else body
    except (LookupError, UnicodeError):
        return body
