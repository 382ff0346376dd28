"""What a generation says of itself: which files with which checksums, from which paths, by which model and rules."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from index.embedding.embedder import EmbedderSpec
from index.errors import IndexCorruptError, IndexMismatchError

MANIFEST = "manifest.json"
FORMAT_VERSION = 2


@dataclass(frozen=True, slots=True)
class Counts:
    """What a generation holds. read == kept + rejected, in documents (files, or lines of corpus files)."""

    files: int
    read: int
    kept: int
    rejected: int
    articles: int
    chunks: int
    embedded: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What makes up a generation.

    Args:
        generation: its name, "<number>-<hash>".
        roots: the files and folders it was built from, absolute.
        embedder: the model of its vectors.
        settings: what shaped chunks and terms; a change makes them anew.
        files: name → size in bytes and SHA-256 of every file of the generation.
    """

    generation: str
    created: str
    roots: tuple[str, ...]
    embedder: EmbedderSpec
    settings: dict[str, int | str]
    counts: Counts
    files: dict[str, tuple[int, str]]
    format: int = FORMAT_VERSION


def read_manifest(folder: Path) -> Manifest:
    """Read a generation's manifest.

    Raises:
        IndexCorruptError: it is missing, altered or no manifest.
        IndexMismatchError: it is of another format version.
    """
    try:
        values = json.loads((folder / MANIFEST).read_text("utf-8", "surrogateescape"))
        if values["format"] != FORMAT_VERSION:
            raise IndexMismatchError(
                f"{folder}: index format {values['format']}, this version reads {FORMAT_VERSION}: rebuild with wenju index --rebuild PATH"
            )
        if values.pop("seal") != seal(values):
            raise ValueError("its seal does not hold")
        values["embedder"] = EmbedderSpec(**values["embedder"])
        values["counts"] = Counts(**values["counts"])
        values["roots"] = tuple(values["roots"])
        values["files"] = {name: (int(size), str(digest)) for name, (size, digest) in values["files"].items()}
        return Manifest(**values)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexCorruptError(f"{folder / MANIFEST} is missing or damaged ({error}); rebuild the index") from error


def verify(folder: Path, manifest: Manifest) -> None:
    """Check size and SHA-256 of every file of a generation.

    Raises:
        IndexCorruptError: one is missing, of another size, or altered.
    """
    for name, (size, digest) in manifest.files.items():
        path = folder / name
        if not path.is_file():
            what = "is missing"
        elif path.stat().st_size != size:
            what = f"has {path.stat().st_size} bytes, the manifest says {size}"
        elif sha256(path) != digest:
            what = "has another SHA-256 than the manifest says"
        else:
            continue
        raise IndexCorruptError(
            f"{path} {what}: do not trust this index. Rebuild it with wenju index --rebuild PATH, or put the name of "
            f"another folder of {folder.parent} into {folder.parent.parent / 'CURRENT'}"
        )


def seal(values: dict[str, object]) -> str:
    """SHA-256 of a manifest's values: it vouches for the files, so nothing else vouches for it."""
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


def sha256(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
