"""Paths and the generation before → what a build is to read, and what it passes over."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from index.build.articles import require_any
from index.build.incremental import ManifestSettings, Versions, file_record, settings_with
from index.errors import IndexingError
from index.language.user_dictionary import Dictionary
from index.read import SourceFile, find_files
from index.records import Rejected
from index.store.catalogue import FileRecord
from index.store.generations import Generation
from index.store.uploads import is_upload, upload_folders
from index.store.withdrawals import Withdrawn, read_withdrawn, withdrawn_rejection


@dataclass(frozen=True, slots=True)
class BuildPlan:
    """What a build is to read.

    Args:
        roots: files and folders, absolute: those of before and those given, without what has been deleted.
        files: what is read, uploads included.
        records: source, path and digest of each file, in the same order.
        passed_over: files that are not read, and why.
        uploads: the folder of uploads in a list, empty where nothing was ever uploaded.
        withdrawn: what administrators have withdrawn.
        settings: what the manifest says of how chunks and terms are made.
    """

    roots: tuple[Path, ...]
    files: tuple[SourceFile, ...]
    records: tuple[FileRecord, ...]
    passed_over: tuple[Rejected, ...]
    uploads: tuple[Path, ...]
    withdrawn: Withdrawn
    settings: ManifestSettings

    def withdrawn_from(self, file: SourceFile) -> Withdrawn:
        """Return what is withdrawn of a file: of an upload nothing, for withdrawing one removes it."""
        return Withdrawn() if is_upload(file.path, self.uploads) else self.withdrawn


def plan_build(
    paths: Sequence[Path], index_dir: Path, previous: Generation | None, dictionary: Dictionary, versions: Versions
) -> BuildPlan:
    """Return what a build is to read.

    Raises:
        IndexNotFoundError: none of the paths is there.
        IndexCorruptError: the list of withdrawn documents cannot be read.
        IndexingError: a folder indexed earlier and the folder around it are gone.
    """
    uploads = upload_folders(index_dir)
    withdrawn = read_withdrawn(index_dir)
    roots = _roots(paths, previous)
    # A path that is not there is told, and not remembered: it may be a slip of the keyboard.
    gone = [path for path in map(Path.absolute, paths) if not path.exists()]
    files, missing = find_files([*roots, *gone, *uploads], functools.partial(_left_out, withdrawn, uploads))
    return BuildPlan(
        roots=tuple(roots),
        files=tuple(files),
        records=tuple(map(file_record, files)),
        passed_over=tuple(missing),
        uploads=tuple(uploads),
        withdrawn=withdrawn,
        settings=settings_with(dictionary, withdrawn.digest, versions),
    )


def _roots(paths: Sequence[Path], previous: Generation | None) -> list[Path]:
    """The paths to read: those of before and those given, without what has been deleted."""
    earlier = [Path(root) for root in previous.manifest.roots] if previous else []
    given = [path.absolute() for path in paths]
    for root in earlier:
        if not root.exists() and not root.parent.exists() and root not in given:
            raise IndexingError(
                f"{root}, indexed earlier, is not there: bring it back (is a drive not mounted?), or start from the "
                f"paths that remain with: wenju index --rebuild PATH"
            )
    if given:
        require_any(given, earlier)
    return list(dict.fromkeys(path for path in [*earlier, *given] if path.exists()))


def _left_out(withdrawn: Withdrawn, uploads: Sequence[Path], path: Path, source: str) -> Rejected | None:
    """Return why a file is not read: it is withdrawn. What is uploaded again under its name is another file."""
    name = None if is_upload(path, uploads) else withdrawn.name_of(path)
    return withdrawn_rejection(source, name) if name else None
