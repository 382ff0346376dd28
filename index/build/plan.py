"""Paths and the generation before → what a build is to read, and what it passes over."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from index.build.articles import require_any
from index.build.incremental import ManifestSettings, PreviousGeneration, Versions, file_record, settings_with
from index.build.start import StartingPoint
from index.errors import IndexingError
from index.language.user_dictionary import Dictionary
from index.read import SourceFile, find_files
from index.records import Rejected
from index.store.catalogue import FileRecord
from index.store.documents import DocumentsFolder, PostedDocument
from index.store.ledger import Ledger
from index.store.withdrawals import Withdrawn, withdrawn_rejection


@dataclass(frozen=True, slots=True)
class BuildPlan:
    """What a build is to read.

    Args:
        roots: files and folders, absolute: those of before and those given, without what has been deleted.
        files: what is read, posted documents included.
        records: source, path and digest of each file, in the same order.
        passed_over: files that are not read, and why.
        posted: source → name below documents/ of the posted ones.
        damaged: posted documents that are not whole any more, and of which the generation before has the text.
        lost: those of which it has none.
        ledger: what was posted, and what administrators have withdrawn.
        settings: what the manifest says of how chunks and terms are made.
        previous: the generation before, as far as it can be taken over.
    """

    roots: tuple[Path, ...]
    files: tuple[SourceFile, ...]
    records: tuple[FileRecord, ...]
    passed_over: tuple[Rejected, ...]
    posted: dict[str, str]
    damaged: tuple[PostedDocument, ...]
    lost: tuple[PostedDocument, ...]
    ledger: Ledger
    settings: ManifestSettings
    previous: PreviousGeneration | None

    def withdrawn_from(self, file: SourceFile) -> Withdrawn:
        """Return what is withdrawn of a file: of a posted one nothing, for withdrawing one removes it."""
        return Withdrawn() if file.source in self.posted else self.ledger.withdrawn


def plan_build(
    paths: Sequence[Path],
    documents: DocumentsFolder,
    ledger: Ledger,
    start: StartingPoint,
    dictionary: Dictionary,
    versions: Versions,
) -> BuildPlan:
    """Return what a build is to read.

    A posted document that is not whole any more keeps the text that the generation before has of it; where none has, it
    is passed over.

    Raises:
        IndexNotFoundError: none of the paths is there.
        IndexingError: a folder indexed earlier and the folder around it are gone.
    """
    roots = _roots(paths, [*map(Path, start.roots)])
    # A path that is not there is told, and not remembered: it may be a slip of the keyboard.
    gone = [path for path in map(Path.absolute, paths) if not path.exists()]
    posted = {item.path.resolve(): item for item in documents.find(ledger)}
    placed = [(item.path, documents.path, item.name) for item in posted.values()]
    found, passed_over = find_files([*roots, *gone], functools.partial(_left_out, ledger.withdrawn), placed)
    settings = settings_with(dictionary, ledger.withdrawn.digest, versions)
    previous = PreviousGeneration.of(start.remains, settings) if start.remains else None
    files: list[tuple[SourceFile, FileRecord]] = []
    names: dict[str, str] = {}
    damaged, lost = [], []
    for file in found:
        item = posted.get(file.path.resolve())
        if item is None:
            files.append((file, file_record(file)))
            continue
        if item.problem and not (previous and previous.knows(file.source, item.sha256)):
            message = f"{file.source} {item.problem}, and no generation has its text"
            passed_over.append(Rejected(file.source, None, "damaged", message, item.remedy))
            lost.append(item)
            continue
        if item.problem:
            damaged.append(item)
        files.append((file, FileRecord(file.source, item.place, item.sha256, 0, 0)))
        names[file.source] = item.name
    return BuildPlan(
        roots=tuple(roots),
        files=tuple(file for file, _record in files),
        records=tuple(record for _file, record in files),
        passed_over=tuple(passed_over),
        posted=names,
        damaged=tuple(damaged),
        lost=tuple(lost),
        ledger=ledger,
        settings=settings,
        previous=previous,
    )


def _roots(paths: Sequence[Path], earlier: Sequence[Path]) -> list[Path]:
    """The paths to read: those of before and those given, without what has been deleted."""
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


def _left_out(withdrawn: Withdrawn, path: Path, source: str) -> Rejected | None:
    """Return why a file is not read: it is withdrawn. What is posted under its name is another file."""
    name = withdrawn.name_of(path)
    return withdrawn_rejection(source, name) if name else None
