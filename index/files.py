"""The files of a generation: written so that what is in them is what was meant, read with typed errors.

    array, bytes ─ NewFiles ─► file: hashed while it is written, every write checked, synced ─ its size and SHA-256 ─► manifest
    file ─ load_array ─► array, or IndexCorruptError

numpy's and FAISS' own writers go through C streams whose last buffer may be lost on a full disk without an error; these
do not.
"""

import errno
import hashlib
import io
import math
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from index.errors import IndexAccessError, IndexCorruptError, IndexingError, IndexWriteError

REPAIR = "wenju index PATH makes it anew, from what is whole"
"""What to do about a damaged generation."""
PRIVATE_FILE = 0o600
"""Rights of a file that holds the archive, whatever the umask: its owner's only."""
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_WRITTEN_IN_PART = re.compile(
    r"\d requested and \d+ written|No space left|disk (?:is )?full|disk quota exceeded", re.IGNORECASE
)
LEAST_ROOM_BYTES = 2**16
BYTES_PER_STEP = 1024
WHOLE_FROM = 100
"""Value of a size from which on its decimals say nothing."""
_NO_ACCESS = frozenset({errno.EACCES, errno.EPERM, errno.EMFILE, errno.ENFILE, errno.ENOMEM})


class HashedFile:
    """A file that is being written, and size and SHA-256 of what was to be written to it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._hash = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> int:
        """Write all of it.

        Raises:
            OSError: not all of it could be written.
        """
        self._file.write(data)  # a buffered file writes all, or raises
        self._hash.update(data)
        self.size += len(data)
        return len(data)

    @property
    def sha256(self) -> str:
        """Of what was to be written, in hexadecimal."""
        return self._hash.hexdigest()


class NewFiles:
    """The files of a folder that is being filled.

    Args:
        folder: where they are written.

    `meant` has name → size and SHA-256 of what was to be written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.meant: dict[str, tuple[int, str]] = {}

    @contextmanager
    def create(self, name: str) -> Iterator[HashedFile]:
        """Yield a new file; afterwards it is on disk, whole.

        Raises:
            IndexWriteError: it cannot be written, or not whole.
        """
        path = self.folder / name
        with writing_to(path):
            with private_file(path) as file:
                hashed = HashedFile(file)
                yield hashed
            self.meant[name] = hashed.size, hashed.sha256

    def add_array(self, name: str, array: npt.NDArray[Any]) -> None:
        """Write an array as .npy."""
        with self.create(name) as file:
            np.lib.format.write_array(file, np.asanyarray(array), allow_pickle=False)

    def add_arrays(self, name: str, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        """Write a few small arrays as .npz."""
        with self.create(name) as file:
            buffer = io.BytesIO()  # a zip file is written to and fro
            np.savez(buffer, allow_pickle=False, **dict(arrays))
            file.write(buffer.getvalue())

    def add_text(self, name: str, text: str) -> None:
        """Write a text as UTF-8; what a file name has that is none, as it was."""
        with self.create(name) as file:
            file.write(text.encode("utf-8", "surrogateescape"))

    def take_in(self, name: str) -> None:
        """Have a file that is there already, from who checks its writes himself, on disk and among the others."""
        path = self.folder / name
        with writing_to(path):
            sync(path)
            self.meant[name] = path.stat().st_size, sha256(path)


def load_array(path: Path, *, mapped: bool = True) -> npt.NDArray[Any]:
    """Return an array that `NewFiles.add_array` wrote, as a plain view of the mapped file.

    Args:
        mapped: False reads it into memory.
    Raises:
        IndexCorruptError: it is missing, or not all of an array.
        IndexAccessError: it cannot be read now.
    """
    with reading(path):
        with path.open("rb") as file:
            version = np.lib.format.read_magic(file)
            read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
            shape, fortran_order, dtype = read(file)
            start = file.tell()
        count = math.prod(shape)
        if dtype.hasobject or path.stat().st_size != start + count * dtype.itemsize:
            raise ValueError(f"{path.stat().st_size} bytes are not those of {count} times {dtype}")
        if not count:  # an empty array cannot be mapped
            return np.empty(shape, dtype)
        order: Any = "F" if fortran_order else "C"
        array = np.memmap(path, dtype, "r", start, shape, order)
        # A plain view: slicing a memmap object takes ten times as long.
        return np.asarray(array) if mapped else np.array(array)


def load_arrays(path: Path) -> dict[str, npt.NDArray[Any]]:
    """Return name → array, as `NewFiles.add_arrays` wrote them.

    Raises:
        IndexCorruptError: it is missing or damaged.
        IndexAccessError: it cannot be read now.
    """
    with reading(path), path.open("rb") as file, np.load(file) as held:  # numpy leaves a path that is none open
        return {name: held[name] for name in held.files}


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Say in terms of the index what goes wrong while a file is read.

    Raises:
        IndexCorruptError: it is missing or damaged.
        IndexAccessError: it cannot be read now.
    """
    try:
        yield
    except IndexingError:
        raise
    except Exception as error:  # of a damaged file numpy alone raises ValueError, SyntaxError, TokenError, zlib.error …
        raise read_error(path, error) from error


def read_error(path: Path, error: Exception) -> IndexingError:
    """Return what it means that a file of the index could not be read."""
    number = error.errno if isinstance(error, OSError) else None
    if number is not None and number in _NO_ACCESS:
        told = os.strerror(number)
        return IndexAccessError(
            f"{path} cannot be read now: {told}; the index may be whole: remove the cause, try again"
        )
    if number == errno.ENOENT:
        return IndexCorruptError(f"{path} is missing; {REPAIR}")
    return IndexCorruptError(f"{path} is damaged ({str(error).strip() or type(error).__name__}); {REPAIR}")


@contextmanager
def writing_to(place: Path) -> Iterator[None]:
    """Say in terms of the index that something could not be written.

    Raises:
        IndexWriteError: an OSError was met.
    """
    try:
        yield
    except OSError as error:
        raise write_error(place, error) from error


def write_error(place: Path, error: OSError) -> IndexWriteError:
    """Return what it means that a file or folder of the index could not be written."""
    return disk_full(place) if is_full(error) else not_written(place, error.strerror or str(error))


def is_full(error: BaseException) -> bool:
    """Whether something could not be written because the disk, or the writer's share of it, is full.

    numpy tells it without the system's number: "147840 requested and 70128 written". SQLite and FAISS in words of their own.
    """
    if isinstance(error, OSError) and error.errno in _FULL:
        return True
    return _WRITTEN_IN_PART.search(str(error)) is not None


def disk_full(place: Path, *, needed: int | None = None) -> IndexWriteError:
    """Return the error of a place for which there is no room, with the sizes that are known.

    Args:
        needed: bytes that were to be written.
    """
    wanted = f", {show_size(needed)} were to be written" if needed else ""
    return IndexWriteError(
        f"{place} cannot be written: the disk is full (No space left on device){wanted}{_room(place)}; make room on it, or "
        f"choose another folder with --index-dir or WENJU_INDEX_DIR"
    )


def has_room(place: Path) -> bool:
    """Whether the disk of a place has any room left, as far as the system tells: some say "I/O error" of a full one."""
    try:
        return shutil.disk_usage(place.parent).free >= LEAST_ROOM_BYTES
    except OSError:
        return True


def show_size(size: int) -> str:
    """Return a number of bytes as a reader takes it in: 144 KB, 2.3 GB."""
    value, unit = float(size), "B"
    for larger in ("KB", "MB", "GB", "TB"):
        if value < BYTES_PER_STEP:
            break
        value, unit = value / BYTES_PER_STEP, larger
    return f"{value:.0f} {unit}" if unit == "B" or value >= WHOLE_FROM else f"{value:.1f} {unit}"


def _room(place: Path) -> str:
    """What the disk of a place has in all, and what is free of it."""
    folder = next((path for path in (place, *place.absolute().parents) if path.is_dir()), None)
    try:
        total, _used, free = shutil.disk_usage(folder or place)
    except OSError:
        return ""
    return f"; {folder} has {show_size(free)} free of {show_size(total)}"


def not_written(place: Path, why: str) -> IndexWriteError:
    """Return the error of a place that cannot be written for another reason."""
    return IndexWriteError(
        f"{place} cannot be written: {why}; choose another folder with --index-dir or WENJU_INDEX_DIR"
    )


@contextmanager
def private_file(path: Path) -> Iterator[BinaryIO]:
    """Open a private file for writing; it is on disk when the block ends without an error."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_FILE), "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def sync(path: Path) -> None:
    """Have a file's bytes, or a folder's names, on disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sha256(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
