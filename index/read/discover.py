"""Paths given by the user → the files below them, each with the name that citations will show."""

import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.read.formats import SourceFile, form_of, unsupported
from index.records import Rejected, composed

# Would be quoted as if the newspaper had printed it.
ABOUT_FOLDER = re.compile(r"(?:readme|licen[cs]e)(?:\.|$)", re.IGNORECASE)
"""A file so named is about its folder, and passed over."""


OF_SYSTEM = frozenset({"thumbs.db", "ehthumbs.db", "desktop.ini", "__macosx", "@eadir", "$recycle.bin"})
"""What systems leave in folders; left out like hidden files."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A file, the folder its name is relative to, and its path below that folder."""

    path: Path
    anchor: Path
    below: Path


def find_files(
    paths: Sequence[Path],
    left_out: Callable[[Path, str], Rejected | None] = lambda _path, _source: None,
    placed: Iterable[tuple[Path, Path, str]] = (),
) -> tuple[list[SourceFile], list[Rejected]]:
    """Return the files to read, and what is passed over with the reason.

    Folders are walked with their subfolders, sorted by path; hidden files and folders in them (leading dot, or of the
    system) are left out, and so are index folders. A file reached twice is read once. A link is followed only where it stays inside the folder given.

    Args:
        paths: files and folders, in the order in which they are read.
        left_out: path and name of a file → why it is passed over, None to read it. Such a file takes no name.
        placed: further files, read last: where each lies now, and the folder and the path below it that name it.

    Returns:
        Files with unique `source` names; rejections: not_found, unsupported, about_folder, index_folder, symlink, not_a_file, unreadable,
        same_name (of two names that only Unicode's forms tell apart the one that is not composed).
    """
    found: dict[Path, _Found] = {}
    places: dict[tuple[Path, str], _Found] = {}
    rejected: list[Rejected] = []
    for path in paths:
        for item in _below(path):
            if isinstance(item, Rejected):
                rejected.append(item)
            elif form_of(item.path) is None:
                rejected.append(unsupported(_shown(item.below)))
            elif reason := left_out(item.path, _shown(item.below)):
                rejected.append(reason)
            else:
                twin = places.setdefault((item.anchor, composed(item.below.as_posix())), item)
                if twin.below == item.below:
                    found.setdefault(item.path.resolve(), item)
                else:
                    rejected.append(_same_name(item.below))
    for path, folder, name in placed:
        found.setdefault(path.resolve(), _Found(path, folder, Path(name)))
    return _named(list(found.values())), rejected


def _below(path: Path) -> Iterator[_Found | Rejected]:
    try:
        real = path.resolve()
        if real.is_dir():
            yield from _walked(real)
        elif real.exists():
            # Under the name that was given: a link's own name is the one its owner knows.
            anchor = path.parent.resolve()
            yield _Found(anchor / path.name, anchor, Path(path.name))
        else:
            yield Rejected(
                _shown(path), None, "not_found", f"{_shown(path)}: no such file or folder", "check the spelling"
            )
    # ValueError: a name with a NUL; RuntimeError: links in a circle (up to Python 3.12).
    except (OSError, ValueError, RuntimeError) as error:
        yield _unreadable(_shown(path), error)


def _walked(root: Path) -> Iterator[_Found | Rejected]:
    """Yield what a folder holds, sorted by path; links after the files that they may repeat."""
    files: list[Path] = []
    links: list[Path] = []
    faults: list[OSError] = []
    for folder, subfolders, names in os.walk(root, onerror=faults.append):
        here = Path(folder)
        if _is_index(here):
            yield _index_folder(_shown(here.relative_to(root)))
            subfolders[:] = []
            continue
        links += [here / name for name in subfolders if (here / name).is_symlink() and not _is_hidden(name)]
        subfolders[:] = [name for name in subfolders if not _is_hidden(name)]
        for name in names:
            if not _is_hidden(name):
                (links if (here / name).is_symlink() else files).append(here / name)
    for path in sorted(files, key=_composed_first):
        below = path.relative_to(root)
        yield _about(_shown(below)) if ABOUT_FOLDER.match(path.name) else _Found(path, root, below)
    seen = {path.resolve() for path in files}
    for link in sorted(links):
        yield from _linked(link, root, seen)
    for fault in faults:
        yield _unreadable(_shown(Path(fault.filename).relative_to(root)), fault)


def _is_hidden(name: str) -> bool:
    return name.startswith(".") or name.lower() in OF_SYSTEM


def _composed_first(path: Path) -> tuple[Path, bool]:
    name = composed(str(path))
    return Path(name), name != str(path)


def _same_name(below: Path) -> Rejected:
    source = _shown(below)
    return Rejected(
        source,
        None,
        "same_name",
        f"{source}: there is another file of this name, in another of Unicode's forms (NFC and NFD)",
        "remove one of the two, or rename it",
    )


def _is_index(folder: Path) -> bool:
    """Whether a folder is an index, this one or another: what it holds was made from documents, and is none."""
    return (folder / "generations").is_dir() and any((folder / mark).is_file() for mark in (".lock", "CURRENT"))


def _index_folder(source: str) -> Rejected:
    return Rejected(
        source,
        None,
        "index_folder",
        f"{source}: this folder is an index, made from documents; nothing in it is read",
        "nothing need be done; an index beside the archive keeps the two apart",
    )


def _about(source: str) -> Rejected:
    return Rejected(
        source,
        None,
        "about_folder",
        f"{source}: by its name it is about the folder, not a part of the archive",
        "give the file's own path to read it all the same",
    )


def _linked(link: Path, root: Path, seen: set[Path]) -> Iterator[_Found | Rejected]:
    shown = _shown(link.relative_to(root))
    try:
        target = link.resolve(strict=True)
    except (OSError, RuntimeError) as error:
        yield Rejected(shown, None, "symlink", f"{shown}: the link leads nowhere ({_short(error)})", "remove the link")
        return
    if not target.is_relative_to(root):
        yield Rejected(
            shown,
            None,
            "symlink",
            f"{shown}: the link leaves the folder that was given",
            "copy the file into the folder, or give its real path as well",
        )
    # A link to a folder inside the root adds nothing: the walk comes to that folder by itself.
    elif not target.is_dir() and target not in seen:
        yield _Found(link, root, link.relative_to(root))


def _named(found: Sequence[_Found]) -> list[SourceFile]:
    """Name each file by its path below its folder, with as many parent folders as make the names differ."""
    levels = [0] * len(found)
    while True:
        names = [
            _shown(Path(*item.anchor.parts[len(item.anchor.parts) - level :], item.below))
            for item, level in zip(found, levels, strict=True)
        ]
        counts = Counter(names)
        longer = [
            row for row, item in enumerate(found) if counts[names[row]] > 1 and levels[row] < len(item.anchor.parts) - 1
        ]
        if not longer:
            break
        for row in longer:
            levels[row] += 1
    used: set[str] = set()
    files = []
    for item, name in zip(found, names, strict=True):
        # Two names of one folder can only be equal where their bytes spell it in two encodings.
        unique = name if name not in used else f"{name}~{len(used)}"
        used.add(unique)
        files.append(SourceFile(item.path, unique))
    return files


def _shown(path: Path) -> str:
    """Return a path as text with "/", composed; names in GBK, as Chinese archives unpack them, are decoded."""
    name = path.as_posix()
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        raw = os.fsencode(name)
        try:
            return raw.decode("gb18030")
        except UnicodeDecodeError:
            return raw.decode("utf-8", "backslashreplace")
    return composed(name)


def _unreadable(source: str, error: Exception) -> Rejected:
    return Rejected(source, None, "unreadable", f"{source}: {_short(error)}", "check the path and its permissions")


def _short(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__
