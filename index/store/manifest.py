"""What a generation says of itself: which files with which checksums, from which paths, by which model and rules."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from index.embedding.embedder import EmbedderSpec
from index.errors import IndexCorruptError, IndexMismatchError
from index.files import REPAIR, NewFiles, reading, sha256

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
        IndexAccessError: it cannot be read now.
    """
    path = folder / MANIFEST
    with reading(path):
        values = json.loads(path.read_text("utf-8", "surrogateescape"))
        sealed = values.pop("seal", None)
        is_ours = values["format"] == FORMAT_VERSION
        if (sealed is not None or is_ours) and sealed != seal(values):
            raise ValueError(
                f"its seal does not hold; it says format {values['format']}, this version writes {FORMAT_VERSION}"
            )
        if not is_ours:
            raise IndexMismatchError(
                f"{folder}: index format {values['format']}, this version reads {FORMAT_VERSION}: rebuild with wenju index --rebuild PATH"
            )
        values["embedder"] = EmbedderSpec(**values["embedder"])
        values["counts"] = Counts(**values["counts"])
        values["roots"] = tuple(values["roots"])
        values["files"] = {name: (int(size), str(digest)) for name, (size, digest) in values["files"].items()}
        return Manifest(**values)


def write_manifest(files: NewFiles, manifest: Manifest) -> None:
    """Write a generation's manifest beside its files."""
    values = asdict(manifest)
    files.add_text(MANIFEST, json.dumps({**values, "seal": seal(values)}, ensure_ascii=False, indent=1))


def verify(folder: Path, manifest: Manifest) -> None:
    """Check size and SHA-256 of every file of a generation.

    Raises:
        IndexCorruptError: one is missing, of another size, or altered.
        IndexAccessError: one cannot be read now.
    """
    for name, what in find_damage(folder, manifest):
        raise IndexCorruptError(f"{folder / name} {what}; {REPAIR}")


def find_damage(folder: Path, manifest: Manifest) -> Iterator[tuple[str, str]]:
    """Yield name and damage of each file of a generation that is not what its manifest says.

    Raises:
        IndexAccessError: one cannot be read now.
    """
    for name, (size, digest) in manifest.files.items():
        path = folder / name
        try:
            with reading(path):
                if (length := path.stat().st_size) != size:
                    what = f"has {length} bytes, the manifest says {size}"
                elif sha256(path) != digest:
                    what = "has another SHA-256 than the manifest says"
                else:
                    continue
        except IndexCorruptError as error:
            what = (
                "is missing"
                if isinstance(error.__cause__, FileNotFoundError)
                else f"cannot be read ({error.__cause__})"
            )
        yield name, what


def seal(values: dict[str, object]) -> str:
    """SHA-256 of a manifest's values: it vouches for the files, so nothing else vouches for it."""
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()
