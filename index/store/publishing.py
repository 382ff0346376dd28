"""Writes generations: a scratch folder under the writer's lock, published by one atomic rename of CURRENT."""

import hashlib
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from index.errors import IndexBusyError, IndexCorruptError, IndexingError
from index.files import PRIVATE_FILE, NewFiles, sync, writing_to
from index.language.user_dictionary import Dictionary
from index.store.durable import PRIVATE_FOLDER, make_folder, write_whole
from index.store.generations import (
    CURRENT,
    DICTIONARY,
    GENERATIONS,
    current_folder,
    generation_number,
    numbered_folders,
)
from index.store.manifest import MANIFEST, Manifest, read_manifest, write_manifest

_SCRATCH = ".scratch"


@contextmanager
def writing(index_dir: Path, wait_s: float = 0) -> Iterator[Path]:
    """Hold the writer's lock and yield an empty scratch folder; what is left in it afterwards is thrown away.

    Args:
        wait_s: how long to wait for another writer.
    Raises:
        IndexBusyError: another process is writing this index.
        IndexWriteError: the folder cannot be written.
    """
    from filelock import FileLock, Timeout

    scratch = index_dir / GENERATIONS / _SCRATCH
    lock = FileLock(index_dir / ".lock", timeout=wait_s)
    with writing_to(index_dir):
        make_folder(scratch.parent)
        (index_dir / ".lock").touch(PRIVATE_FILE)
        try:
            lock.acquire()
        except Timeout as error:
            raise IndexBusyError(f"{index_dir} is being written by another process: wait until it is done") from error
    try:
        with writing_to(index_dir):
            shutil.rmtree(scratch, ignore_errors=True)  # of a run that was killed
            _drop_unpublished(index_dir)
            scratch.mkdir(PRIVATE_FOLDER)
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
        lock.release()


def publish(index_dir: Path, scratch: Path, manifest: Manifest, until: int = 0, kept: Path | None = None) -> Path:
    """Make the scratch folder the current generation, and drop all others but the one that is kept.

    Everything is on disk before the one rename of CURRENT: a reader sees the old generation or the new one. Where it
    fails, everything is as it was.

    Args:
        until, kept: see `drop_generations`.
    Raises:
        IndexWriteError: something cannot be written.
        IndexCorruptError: the manifest is not what was written.
    """
    folder = index_dir / GENERATIONS / manifest.generation
    with writing_to(index_dir):
        write_manifest(NewFiles(scratch), manifest)
        if read_manifest(scratch) != manifest:
            raise IndexCorruptError(f"{scratch / MANIFEST} does not say what was written into it: nothing is published")
        sync(scratch)
        scratch.rename(folder)
        try:
            sync(folder.parent)
            write_whole(index_dir / CURRENT, manifest.generation.encode())
        except OSError:
            shutil.rmtree(folder, ignore_errors=True)  # what was refused must not be there later
            raise
    # Published: what fails from here on is no failure of it, and is done by the next one.
    with suppress(OSError, IndexingError):
        drop_generations(index_dir, until, kept)
    return folder


def drop_generations(index_dir: Path, until: int, kept: Path | None) -> None:
    """Remove all generations but the current one and the one that is kept; that one too where its number is up to `until`.

    Who has one of them open reads on: a mapped or open file lives until it is let go of.

    Args:
        kept: the whole one before it, to fall back to; None where there is none.
    """
    current = current_folder(index_dir)
    for folder in numbered_folders(index_dir):
        if folder != current and (folder != kept or generation_number(folder.name) <= until):
            _remove(folder)


def _drop_unpublished(index_dir: Path) -> None:
    """Remove what a run that was killed had finished and not published, and what it was about to put into its place."""
    for fresh in index_dir.glob("*.new"):
        with suppress(OSError):
            fresh.unlink()
    with suppress(IndexingError):
        last = generation_number(current_folder(index_dir).name)
        for folder in numbered_folders(index_dir):
            if generation_number(folder.name) > last:
                _remove(folder)


def _remove(folder: Path) -> None:
    with suppress(OSError):
        # The manifest goes last: what is half removed when power fails is no generation that could be served.
        for file in sorted(folder.iterdir(), key=lambda file: file.name != MANIFEST):
            file.unlink(missing_ok=True)
        folder.rmdir()


def next_generation(index_dir: Path, files: NewFiles) -> str:
    """Return a name for the generation of these files."""
    content = hashlib.sha256(json.dumps(dict(sorted(files.meant.items()))).encode()).hexdigest()[:8]
    last = max((generation_number(folder.name) for folder in numbered_folders(index_dir)), default=0)
    return f"{last + 1:06d}-{content}"


def save_dictionary(dictionary: Dictionary, files: NewFiles) -> None:
    """Keep the dictionary with the generation whose terms it helps to make; without words there is no file."""
    if dictionary:
        files.add_text(DICTIONARY, dictionary.text)
