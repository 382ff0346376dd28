"""Objects of a request → documents: a file by its name as text or base64, or a line of a corpus by its `_id`."""

import base64
import binascii
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from types import NoneType
from urllib.parse import quote

import msgspec

from index.errors import UnreadableError
from index.read import BINARY_FORMS, SUFFIXES
from index.read.discover import ABOUT_FOLDER
from index.records import composed

MAX_NAME_BYTES = 240
"""Of one part of a name: file systems end at 255, and a temporary name may be a little longer."""
MAX_NAME_PARTS = 8
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)", re.IGNORECASE)
_BINARY_SUFFIXES = tuple(suffix for suffix, form in SUFFIXES.items() if form in BINARY_FORMS)
_FORBIDDEN = frozenset('<>:"\\|?*')


@dataclass(frozen=True, slots=True)
class Upload:
    """A document as it was sent.

    Args:
        source: path below the folder of uploads, with "/".
        data: the file's bytes.
        doc_id: the `_id` of a corpus line.
    """

    source: str
    data: bytes
    doc_id: str | None = None


_TEXT = (str, NoneType)
_FIELDS = {"source": _TEXT, "text": _TEXT, "base64": _TEXT, "_id": (str, int, NoneType), "title": _TEXT, "date": _TEXT}
"""What the fields of an object may be; what else it has is kept as it is."""


def upload_name(values: Mapping[str, object]) -> str:
    """Return the name by which a reply speaks of a document, whatever is wrong with it."""
    given = values.get("_id")
    name = values.get("source") if given is None else given
    return "" if name is None else str(name)


def read_upload(values: Mapping[str, object]) -> Upload:
    """Return the file that an object of a request stands for.

    `{"source", "text"}` and `{"source", "base64"}` are files by their names; an object with `_id` is a corpus line.

    Raises:
        UnreadableError: bad_record, bad_name, bad_base64, encoding, wrong_suffix.
    """
    wrong = [name for name, kinds in _FIELDS.items() if not isinstance(values.get(name), kinds)]
    if wrong or isinstance(values.get("_id"), bool):
        names = ", ".join(wrong or ["_id"])
        raise UnreadableError("bad_record", f"of the wrong type: {names}", "send strings; _id may be a whole number")
    if values.get("_id") is not None:
        doc_id = composed(str(values["_id"]))
        values = {**values, "_id": doc_id}
        source = f"{quote(doc_id, safe='') if _problem(doc_id) or '/' in doc_id else doc_id}.json"
        check_name(source, doc_id)
        try:
            return Upload(source, msgspec.json.encode(values), doc_id)
        except (UnicodeEncodeError, msgspec.MsgspecError) as error:
            raise _not_text(error) from error
    name = values.get("source")
    if not isinstance(name, str):
        raise UnreadableError(
            "bad_record",
            "the object names no document",
            'send {"source": "2024-03-28_01版.txt", "text": "…"}, {"source": "a.pdf", "base64": "…"} or {"_id", "title", "text", "date"}',
        )
    name = composed(name)
    check_name(name, name)
    text, encoded = values.get("text"), values.get("base64")
    if isinstance(encoded, str) and text is None:
        try:
            return Upload(name, base64.b64decode(encoded, validate=True))
        except (binascii.Error, ValueError) as error:
            raise UnreadableError(
                "bad_base64", f"base64 is malformed ({error})", "encode the file's bytes without line breaks"
            ) from error
    if not isinstance(text, str) or encoded is not None:
        raise UnreadableError("bad_record", 'neither "text" nor "base64" is a string, or both are', "send one of them")
    if name.lower().endswith((".gz", *_BINARY_SUFFIXES)):
        raise UnreadableError("wrong_suffix", "files of this kind are no text", 'send the file\'s bytes as "base64"')
    try:
        return Upload(name, text.encode("utf-8"))
    except UnicodeEncodeError as error:
        raise _not_text(error) from error


def _not_text(error: Exception) -> UnreadableError:
    return UnreadableError("encoding", f"half of a surrogate pair is no character ({error})", "send valid Unicode")


def check_name(source: str, shown: str) -> None:
    """Refuse a name that could leave the folder, hide in it, or not be a file's on another system.

    Raises:
        UnreadableError: bad_name.
    """
    parts = source.split("/")
    problem = next((problem for part in parts if (problem := _problem(part))), None)
    if len(parts) > MAX_NAME_PARTS:
        problem = f"it has more than {MAX_NAME_PARTS} folders"
    if problem:
        raise UnreadableError(
            "bad_name",
            f"{ascii(shown)[1:81]} cannot be a document's name: {problem}"
            if not shown.isprintable()
            else f"{shown[:80]} cannot be a document's name: {problem}",
            "send a plain file name such as 2024-03-28_01版.txt, at most with folders before it",
        )


def _problem(part: str) -> str | None:
    """Say what is wrong with one part of a name."""
    checks = (
        (not part or part.strip(". ") == "", "a part of it is empty or made of dots"),
        (part.startswith("."), "a leading dot hides a file"),
        (part.endswith((".", " ")) or part.startswith(" "), "it begins or ends with a blank or a dot"),
        # Cf: marks that turn the direction of writing, so that a name reads as another one.
        (any(unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for character in part), "it has invisible characters"),
        (bool(_FORBIDDEN & set(part)), f"it has one of {' '.join(sorted(_FORBIDDEN))}"),
        (_RESERVED.match(part) is not None, "the name is reserved on Windows"),
        (ABOUT_FOLDER.match(part) is not None, "such a file is about a folder, and passed over"),
        (len(part.encode("utf-8", "replace")) > MAX_NAME_BYTES, f"it is longer than {MAX_NAME_BYTES} bytes"),
    )  # fmt: skip
    return next((problem for is_so, problem in checks if is_so), None)
