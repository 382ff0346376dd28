"""A page of an indexed file: its picture, and where the characters of its text stand on it.

Both are made anew from the file, which must be the one that was indexed; so nothing beside the index has to be kept in step
with it. What was recognised on a scan is kept by indexing anyway.
"""

import os
from pathlib import Path
from typing import Final, Literal

import msgspec

from index.build.bounded_process import TOO_LONG, BoundedProcess
from index.build.viewing_process import (
    NO_VIEW,
    VIEWING_BYTES,
    NoView,
    Places,
    ViewRequest,
)
from index.errors import PageViewError
from index.files import sha256
from index.read import PagePlaces

_MODULE: Final = "index.build.viewing_process"
_DIGEST_CHARS: Final = 64
CHANGED: Final = "its file is not the one that was indexed: bring that back, or index again"
GONE: Final = "its file is not where it was indexed from: bring it back, or index again"


class IndexedFile(msgspec.Struct, frozen=True):
    """A file as the index knows it.

    Args:
        recognised: folder of what was recognised on its pages.
    """

    path: Path
    sha256: str
    recognised: Path


def picture_of_page(file: IndexedFile, page: int, turns: int) -> bytes:
    """Return the picture of a page, from 0, as PNG.

    Args:
        turns: quarter turns, counter-clockwise, by which it is turned to be read.
    Raises:
        PageViewError: the file is gone or changed, or the page cannot be drawn.
    """
    reply = _ask(file, "picture", page, turns)
    _check(file, reply[:_DIGEST_CHARS].decode("ascii"))
    return reply[_DIGEST_CHARS:]


def places_of_page(file: IndexedFile, page: int) -> PagePlaces:
    """Return the text of a page, from 0, and where its characters stand.

    Raises:
        PageViewError: the file is gone or changed, or the page cannot be read.
    """
    found = msgspec.json.decode(_ask(file, "places", page, 0), type=Places)
    _check(file, found.digest)
    return found.places


def _check(file: IndexedFile, digest: str) -> None:
    """Compare with the file that was indexed; a packed one is known by its packed content."""
    if digest != file.sha256 and sha256(file.path) != file.sha256:
        raise PageViewError("source_changed", CHANGED)


def _ask(file: IndexedFile, what: Literal["picture", "places"], page: int, turns: int) -> bytes:
    process = BoundedProcess(_MODULE, VIEWING_BYTES)
    try:
        process.ask(ViewRequest(what, os.fsencode(file.path), page, os.fsencode(file.recognised), turns))
        kind, body = process.reply()
    except EOFError:
        status = process.end()
        why = "takes too long" if status in TOO_LONG else "cannot be drawn"
        raise PageViewError("no_picture", f"the page {why}") from None
    process.end()
    if kind == NO_VIEW and not file.path.is_file():
        raise PageViewError("source_gone", GONE)
    if kind == NO_VIEW:
        refused = msgspec.json.decode(body, type=NoView)
        raise PageViewError(refused.code, refused.message)
    return body
