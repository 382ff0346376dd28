"""Files and folders that only their owner may read, written whole or not at all."""

import logging
from contextlib import suppress
from pathlib import Path

from index.files import private_file, sync

PRIVATE_FOLDER = 0o700
"""Rights of what holds the archive, whatever the umask: its owner's only."""
log = logging.getLogger(__name__)


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it that are missing, private; one that is there keeps the rights its owner gave it."""
    for missing in reversed([path for path in (folder, *folder.parents) if not path.exists()]):
        missing.mkdir(PRIVATE_FOLDER, exist_ok=True)


def write_whole(path: Path, data: bytes) -> None:
    """Put a private file into the place of one of that name: readers see the old one or the new one.

    Raises:
        OSError: nothing has changed.
    """
    fresh = path.with_name(f"{path.name}.new")
    try:
        with private_file(fresh) as file:
            file.write(data)
        replace(fresh, path)
    except OSError:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise


def replace(fresh: Path, path: Path) -> None:
    """Rename a file that is on disk to its place; from then on it is there, whatever fails afterwards.

    Raises:
        OSError: nothing has changed.
    """
    fresh.replace(path)
    try:
        sync(path.parent)
    except OSError as error:  # all who look see it: to report a failure now would be untrue
        log.warning("%s is in its place, but may be lost if power fails now: %s", path, error)
