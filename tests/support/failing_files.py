"""Operations on files that fail: the n-th one below a folder, as a disk fails, fills up, or a process is killed.

with FailingFiles(index_dir, at=7, fault="killed") as files:
    …                      # files.count: how many operations there were
"""

import builtins
import errno
import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, Self

import pytest

Fault = Literal["error", "full", "short", "killed"]
"""error: this one operation fails. full: from it on everything that takes space fails. short: this write ends halfway, with an
error. killed: nothing is done any more from this operation on."""
_WATCHED = ("open", "fsync", "replace", "rename", "link", "unlink", "rmdir", "mkdir")
_ALWAYS = frozenset({"unlink", "rmdir"})
"""What a full disk still does."""


class Killed(BaseException):
    """The process ends here: nobody catches it, and whatever is cleaned up on the way fails with it too."""


class FailingFiles:
    """Makes an operation below a folder fail.

    Args:
        folder: below which operations count; what is in a folder of the name `left_out` does not.
        at: which one fails, from 1; 0: none, they are counted only.
        fault: how.
    """

    def __init__(self, folder: Path, at: int = 0, fault: Fault = "error", left_out: str = ".scratch") -> None:
        self._folder, self._at, self._fault, self._left_out = str(folder), at, fault, left_out
        self._handles: dict[int, str] = {}
        self._patch = pytest.MonkeyPatch()
        self.count = 0

    def __enter__(self) -> Self:
        for name in _WATCHED:
            self._patch.setattr(os, name, self._watching(name, getattr(os, name)))
        opened = self._watching("open", io.open)
        self._patch.setattr(io, "open", opened)
        self._patch.setattr(builtins, "open", opened)
        self._patch.setattr(os, "fdopen", self._writing(os.fdopen))
        return self

    def __exit__(self, *_about: object) -> None:
        self._patch.undo()

    def _is_watched(self, path: object) -> bool:
        text = self._handles.get(path, "") if isinstance(path, int) else os.fsdecode(path)  # type: ignore[arg-type]
        return text.startswith(self._folder) and f"/{self._left_out}/" not in text

    def _watching(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def operation(path: Any, *arguments: Any, **named: Any) -> Any:
            if self._is_watched(path):
                self._pass(name)
            result = real(path, *arguments, **named)
            if isinstance(result, int) and not isinstance(path, int):  # a handle, by which fsync finds the path
                self._handles[result] = os.fsdecode(path)
            return result

        return operation

    def _pass(self, name: str) -> None:
        self.count += 1
        is_here, is_later = self.count == self._at, 0 < self._at <= self.count
        if self._fault == "killed" and is_later:
            raise Killed
        if self._fault == "full" and is_later and name not in _ALWAYS:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        if self._fault in {"error", "short"} and is_here:
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    def _writing(self, real: Callable[..., Any]) -> Callable[..., Any]:
        """Let writing to a handle count as an operation, and end halfway where it is to be short."""

        def fdopen(handle: int, *arguments: Any, **named: Any) -> Any:
            file = real(handle, *arguments, **named)

            class Writing:
                def __getattr__(self, name: str) -> Any:
                    return getattr(file, name)

                def __enter__(self) -> "Writing":
                    return self

                def __exit__(self, *_about: object) -> None:
                    file.close()

                def write(_self, data: bytes) -> int:  # noqa: N805  two selves meet here
                    try:
                        self._pass("write")
                    except OSError:
                        if self._fault == "short":
                            file.write(data[: len(data) // 2])
                        raise
                    return int(file.write(data))

            return Writing() if self._is_watched(handle) else file

        return fdopen
