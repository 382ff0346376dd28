"""Documents that arrive by the HTTP service → files of the index folder, which every build reads.

<index folder>/documents/2024-03-28_01版.txt     under the name it was sent with
<index folder>/documents/.new/                   being written; hidden, so that no build reads it
"""

import base64
import binascii
import os
import re
import shutil
import unicodedata
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import msgspec

from index.errors import UnreadableError

DOCUMENTS_FOLDER = "documents"
MAX_NAME_BYTES = 240
"""Of one part of a name: file systems end at 255, and a temporary name may be a little longer."""
MAX_NAME_PARTS = 8
_ABOUT = re.compile(
    r"(?:readme|licen[cs]e)(?:\.|$)", re.IGNORECASE
)  # passed over in folders, see index/read/discover.py
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)", re.IGNORECASE)
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


def upload_folders(index_dir: Path) -> list[Path]:
    """Return the folder of uploads in a list, which is empty where nothing was ever uploaded."""
    folder = index_dir.absolute() / DOCUMENTS_FOLDER
    return [folder.resolve()] if folder.is_dir() else []


def is_upload(path: Path, folders: Sequence[Path]) -> bool:
    """Whether a file lies in the folder of uploads, as `upload_folders` returned it."""
    return any(path.is_relative_to(folder) for folder in folders)


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
    if values.get("_id") is not None:
        doc_id = str(values["_id"])
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
    if name.lower().endswith((".gz", ".pdf", ".docx")):
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
        (_ABOUT.match(part) is not None, "such a file is about a folder, and passed over"),
        (len(part.encode("utf-8", "replace")) > MAX_NAME_BYTES, f"it is longer than {MAX_NAME_BYTES} bytes"),
    )  # fmt: skip
    return next((problem for is_so, problem in checks if is_so), None)


class UploadWriter:
    """Puts files into the folder of uploads, whole or not at all; the writer's lock must be held.

    Args:
        index_dir: the index folder.
    """

    def __init__(self, index_dir: Path) -> None:
        self.folder = index_dir.absolute() / DOCUMENTS_FOLDER
        self._fresh = self.folder / ".new"
        shutil.rmtree(self._fresh, ignore_errors=True)  # of a run that was killed
        self._fresh.mkdir(parents=True)
        self._kept: list[tuple[Path, Path | None]] = []
        self._number = 0

    def write(self, upload: Upload) -> Path:
        """Write a document beside the folder's files and return where; it has the name's ending, which says its form."""
        self._number += 1
        folder = self._fresh / str(self._number)
        folder.mkdir()
        path = folder / upload.source.rsplit("/", 1)[-1]
        with path.open("wb") as file:
            file.write(upload.data)
            file.flush()
            os.fsync(file.fileno())
        return path

    def keep(self, written: Path, source: str) -> None:
        """Make it a file of the folder, in the place of one of that name.

        Raises:
            OSError: a folder has that name, or a file the name of one of its folders.
        """
        target = self.folder / source
        target.parent.mkdir(parents=True, exist_ok=True)
        before = None
        if target.is_file():
            before = written.with_name("before")
            os.link(target, before)
        written.replace(target)
        _sync_folder(target.parent)
        self._kept.append((target, before))

    def undo(self) -> None:
        """Put the folder back as it was."""
        for target, before in reversed(self._kept):
            if before:
                before.replace(target)
            else:
                remove_upload(self.folder, target)
        self._kept.clear()

    def close(self) -> None:
        """Remove what is not kept."""
        shutil.rmtree(self._fresh, ignore_errors=True)


def _sync_folder(folder: Path) -> None:
    """Have its new names on disk: what was acknowledged is not lost when power fails."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def remove_upload(folder: Path, path: Path) -> None:
    """Remove an upload, and the folders that are empty without it."""
    path.unlink(missing_ok=True)
    with suppress(OSError):  # not empty
        for parent in path.parents:
            if not parent.is_relative_to(folder) or parent == folder:
                break
            parent.rmdir()
