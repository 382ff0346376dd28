"""The private folder in which the processes of one service meet while it runs."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from filelock import FileLock, Timeout

from rag.config import METRICS_FOLDER, Settings, volatile_folders
from rag.errors import SettingsError
from rag.service.feedback.pending import PENDING_FILE

FOLDER_PREFIX = "wenju-run-"
LOCK = "lock"
"""Held by the process that owns the folder, and let go by the kernel however that process ends."""
MIN_AGE_S = 60.0
"""A folder younger than this may be one whose owner is about to lock it."""


@contextmanager
def run_folder(settings: Settings, parents: Sequence[Path] | None = None) -> Iterator[Settings]:
    """Yield the settings with the run folder in them; a folder made here is gone afterwards.

    One process needs none. A folder that the operator named is emptied of the run before, and stays.

    Args:
        parents: where a folder may be made, best first; None: in memory, or else where temporary files are.
    Raises:
        SettingsError: the named folder cannot be written, or another service runs in it.
    """
    if settings.run_dir is None and settings.workers == 1:
        yield settings
        return
    folder = settings.run_dir or _make_folder(parents or (*volatile_folders(), Path(tempfile.gettempdir())))
    try:
        with _locked(folder):
            _empty(folder)
            yield replace(settings, run_dir=folder)
    finally:
        if settings.run_dir is None:
            shutil.rmtree(folder, ignore_errors=True)


def _make_folder(parents: Sequence[Path]) -> Path:
    """A new folder that only this user may enter, in the first place that is there."""
    for parent in parents:
        if parent.is_dir() and os.access(parent, os.W_OK | os.X_OK):
            _remove_stale(parent)
            return Path(tempfile.mkdtemp(prefix=FOLDER_PREFIX, dir=parent))
    raise SettingsError("no folder for what the processes share can be made: name one with WENJU_RUN_DIR")


def _remove_stale(parent: Path) -> None:
    """Remove what services that were killed have left behind: their folders are locked no more."""
    for folder in parent.glob(f"{FOLDER_PREFIX}*"):
        with suppress(OSError, Timeout):
            status = folder.stat()
            if status.st_uid == os.getuid() and time.time() - status.st_mtime > MIN_AGE_S:
                with FileLock(folder / LOCK, timeout=0):
                    shutil.rmtree(folder)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    lock = FileLock(folder / LOCK, timeout=0)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        raise SettingsError(
            f"WENJU_RUN_DIR={folder}: another service runs in it; give each its own, or none"
        ) from error
    except OSError as error:
        raise _unwritable(folder, error) from error
    try:
        yield
    finally:
        lock.release()


def _empty(folder: Path) -> None:
    try:
        for file in folder.glob(f"{PENDING_FILE}*"):
            file.unlink()
        shutil.rmtree(folder / METRICS_FOLDER, ignore_errors=True)
        (folder / METRICS_FOLDER).mkdir(mode=0o700)
    except OSError as error:
        raise _unwritable(folder, error) from error


def _unwritable(folder: Path, error: OSError) -> SettingsError:
    return SettingsError(f"WENJU_RUN_DIR={folder} cannot be written ({error.strerror or error}): name another, or none")
