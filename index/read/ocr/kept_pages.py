"""What text recognition found on a page, and the folder in which it is kept until nobody needs it any more."""

import contextlib
import hashlib
import importlib.util
import re
import sys
from collections.abc import Collection
from functools import cached_property
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from index.files import private_file

RECOGNITION_VERSION: Final = 1
"""Raised by one whenever recognition gives other lines for the same page: what was kept before is not used then."""
INSTALL: Final = f'install text recognition (OCR): "{sys.executable}" -m pip install "wenju[ocr]"'
RECOGNISE: Final = "run text recognition (OCR) on it first"
_NAME: Final = re.compile(r"([0-9a-f]{64})-\d+\.json")


class PageImage(NamedTuple):
    """The picture of a page.

    Args:
        gray: (height, width) uint8, 0 is black.
        points_per_pixel: how large a pixel is printed.
    """

    gray: npt.NDArray[np.uint8]
    points_per_pixel: float


class RecognisedLine(msgspec.Struct, frozen=True, array_like=True):
    """A printed line.

    Args:
        corners: x and y, in points from the page's top left corner, of the top left, top right, bottom right and bottom
            left of its ink.
        sure: probability of each character, in per cent.
        places: of each character, as a share of the line's length; none for a line that runs downwards.
    """

    text: str
    corners: list[float]
    sure: list[int]
    places: list[float]


class RecognisedPage(msgspec.Struct, frozen=True):
    """A page.

    Args:
        width, height: in points, as it is read.
        lines: in no order.
        turns: by how many quarter turns, counter-clockwise, the picture was turned to be read.
    """

    width: float
    height: float
    lines: list[RecognisedLine]
    turns: int = 0
    version: int = RECOGNITION_VERSION


class UnrecognisedError(Exception):
    """Pages of a file must be recognised before it can be read.

    Args:
        pages: their numbers, from 0.
    """

    def __init__(self, pages: Collection[int]) -> None:
        super().__init__(f"{len(pages)} pages are to be recognised first")
        self.pages = tuple(pages)


class Recognition(msgspec.Struct, frozen=True):
    """What was recognised before a file is read.

    Args:
        folder: where recognised pages are kept; "" where none can be.
        problems: page, from 0 → why it could not be recognised.
        asked: pages that were to be recognised.
    """

    folder: str = ""
    problems: dict[int, str] = {}
    asked: tuple[int, ...] = ()


def is_installed() -> bool:
    """Tell whether the optional extra is there."""
    return all(importlib.util.find_spec(package) for package in ("rapidocr", "cv2", "PIL"))


class RecognisedPages:
    """The recognised pages of one file.

    Args:
        data: the file's content, by whose digest they are known.
    """

    def __init__(self, data: bytes, recognition: Recognition | None = None) -> None:
        self._data = data
        self._recognition = recognition or Recognition()
        self.missing: list[int] = []
        """Those that were asked for and are to be recognised first."""

    @cached_property
    def _digest(self) -> str:
        return hashlib.sha256(self._data).hexdigest()

    def find(self, page: int) -> RecognisedPage | None:
        """Return a page, from 0; None where it is missing, or is not recognised for the reason that `problem` gives."""
        folder = self._recognition.folder
        kept = read_kept(Path(folder), self._digest, page) if folder else None
        if kept is None and not self.problem(page):
            self.missing.append(page)
        return kept

    def problem(self, page: int) -> str:
        """Return what is to be done, or why it was in vain, before a page is recognised; "" where nothing is in the way."""
        if not is_installed():
            return INSTALL
        return self._recognition.problems.get(page, "") if self._recognition.folder else RECOGNISE

    def check(self) -> None:
        """Have the missing pages recognised before all others are read for nothing.

        Raises:
            UnrecognisedError: there are some.
        """
        if self.missing:
            raise UnrecognisedError(self.missing)


def read_kept(folder: Path, digest: str, page: int) -> RecognisedPage | None:
    """Return a page that was recognised before by the same rules."""
    try:
        kept = msgspec.json.decode(_path(folder, digest, page).read_bytes(), type=RecognisedPage)
    except (OSError, msgspec.MsgspecError):
        return None
    return kept if kept.version == RECOGNITION_VERSION else None


def keep(folder: Path, digest: str, page: int, content: bytes) -> None:
    """Keep a page as JSON; where the disk is full the file is told, and the page's text is lost to this run.

    Raises:
        OSError: it cannot be written.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with private_file(_path(folder, digest, page)) as file:
        file.write(content)


def prune(folder: Path, digests: Collection[str]) -> None:
    """Remove what is kept of all files but those of the digests."""
    for path in folder.glob("*") if folder.is_dir() else ():
        name = _NAME.fullmatch(path.name)
        if not name or name[1] not in digests:
            with contextlib.suppress(OSError):
                path.unlink()
    with contextlib.suppress(OSError):
        folder.rmdir()  # where nothing is left


def _path(folder: Path, digest: str, page: int) -> Path:
    return folder / f"{digest}-{page}.json"
