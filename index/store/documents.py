"""The folder of posted documents: files by the names they were sent with, each held against its checksum.

    documents/2024-03-28_01版.txt     what the ledger of the current generation lists
    documents/.new/<…>/…              written, and not of the archive yet: the next generation's ledger may list it

A document is of the archive when a generation whose ledger lists it is published, and not before; then it is moved to its
place. Whoever was stopped in between leaves that to the next writer.
"""

import hashlib
import logging
import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from index.errors import IndexCorruptError
from index.files import private_file, sha256
from index.read import find_files
from index.records import Rejected
from index.store.durable import make_folder, replace, write_whole
from index.store.generations import Generation, generations_back
from index.store.ledger import WITHDRAWN, Ledger, read_ledger
from index.store.uploads import Upload
from index.store.withdrawals import path_text

DOCUMENTS_FOLDER = "documents"
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PostedDocument:
    """A document that the ledger lists.

    Args:
        name: below the folder of documents, with "/".
        sha256: of what was posted.
        path: its file; where none is whole, the place where it should be.
        problem: why it is not whole: "is gone", …; None where it is.
    """

    name: str
    sha256: str
    path: Path
    problem: str | None = None

    @property
    def place(self) -> str:
        """How the catalogue names its file: by its place in the index folder, wherever that is."""
        return path_text(Path(DOCUMENTS_FOLDER, self.name))

    @property
    def remedy(self) -> str:
        """What to do where it is not whole."""
        return f"post it again, bring {self.path} back from a backup, or withdraw it"


class DocumentsFolder:
    """The folder, and what may be done in it; changes are the writer's, whose lock must be held.

    Args:
        index_dir: the index folder.
    """

    def __init__(self, index_dir: Path) -> None:
        self._index_dir = index_dir
        self.path = index_dir.absolute() / DOCUMENTS_FOLDER
        self._fresh = self.path / ".new"

    def stage(self, upload: Upload) -> tuple[Path, str]:
        """Write a document, on disk but not of the archive yet; return where, and its SHA-256.

        Raises:
            FileExistsError: a folder has that name, or a file the name of one of its folders.
            OSError: it cannot be written.
        """
        place = self.path / upload.source
        if place.is_dir() or any(folder.is_file() for folder in place.parents if folder != self.path):
            raise FileExistsError(upload.source)
        digest = hashlib.sha256(upload.data).hexdigest()
        path = self._staged(upload.source, digest)
        make_folder(path.parent)
        with private_file(path) as file:
            file.write(upload.data)
        return path, digest

    def find(self, ledger: Ledger) -> Iterator[PostedDocument]:
        """Yield every document that a ledger lists, by name, held against its checksum."""
        for name, digest in sorted(ledger.posted.items()):
            place = self.path / name
            problem = _problem(place, digest)
            staged = self._staged(name, digest)
            if problem and _problem(staged, digest) is None:  # published, and its writer stopped before it was moved
                yield PostedDocument(name, digest, staged)
            else:
                yield PostedDocument(name, digest, place, problem)

    def adopt(self, ledger: Ledger) -> tuple[Ledger, list[Rejected]]:
        """Return the ledger with the files that somebody else put into the folder, e.g. an earlier version or a backup."""
        if not self.path.is_dir():
            return ledger, []
        files, told = find_files([self.path])
        root = self.path.resolve()
        fresh: dict[str, str] = {}
        for file in files:
            name = file.path.relative_to(root).as_posix()
            if name in ledger.posted:
                continue
            try:
                fresh[name] = sha256(file.path)
            except OSError as error:
                problem = f"{file.source}: {error.strerror or error}"
                told.append(Rejected(file.source, None, "unreadable", problem, "check the file and its permissions"))
        taken = {name: digest for name, digest in fresh.items() if ledger.removed.get(name) != digest}
        return ledger.with_posted(taken), told

    def settle(self, ledger: Ledger) -> None:
        """Bring folder and withdrawn.json to what the ledger of the current generation says; what fails is left to the next."""
        try:
            for name, digest in ledger.posted.items() if self._fresh.is_dir() else ():
                staged = self._staged(name, digest)
                if staged.is_file():
                    make_folder((self.path / name).parent)
                    replace(staged, self.path / name)
            for name, digest in ledger.removed.items():
                if _problem(self.path / name, digest) is None:
                    self._remove(self.path / name)
            data, list_ = ledger.encode(), self._index_dir / WITHDRAWN
            if ledger.revision and not (list_.is_file() and list_.read_bytes() == data):
                write_whole(list_, data)
        except OSError as error:
            log.warning(
                "%s: what generation and ledger say is not all done yet (%s); the next build does it", self.path, error
            )
            return
        shutil.rmtree(self._fresh, ignore_errors=True)  # what was refused, or left by a run that was killed

    def damage(self, ledger: Ledger) -> list[str]:
        """Say what is not as it was posted, or is still there though it was withdrawn, and what to do."""
        told = [f"{item.path} {item.problem}: {item.remedy}" for item in self.find(ledger) if item.problem]
        left = [
            self.path / name for name, digest in ledger.removed.items() if _problem(self.path / name, digest) is None
        ]
        return told + [f"{path} was withdrawn and is still there: delete it" for path in left]

    def _staged(self, name: str, digest: str) -> Path:
        key = hashlib.sha256(f"{digest}/{name}".encode("utf-8", "surrogateescape")).hexdigest()[:32]
        return self._fresh / key / PurePosixPath(name).name  # the name's ending says its form

    def _remove(self, path: Path) -> None:
        """Remove a document, and the folders that are empty without it."""
        path.unlink(missing_ok=True)
        with suppress(OSError):  # not empty
            for parent in path.parents:
                if parent == self.path:
                    break
                parent.rmdir()


def find_damage(index_dir: Path) -> list[str]:
    """Say what of all that stands beside the generations is not whole, and what to do; nothing where all is well."""
    try:
        ledger = read_ledger(index_dir, generations_back(index_dir))
    except IndexCorruptError as error:
        return [str(error)]
    return DocumentsFolder(index_dir).damage(ledger)


def posted_sources(generation: Generation, ledger: Ledger) -> dict[str, str]:
    """Return the posted files of a generation: source → name below documents/.

    Catalogues of earlier versions have absolute paths, perhaps of a place that the index folder has left since: below no
    folder that was indexed, such a file is …/documents/<name>, and the folder has one of that name.
    """
    places = {path_text(Path(DOCUMENTS_FOLDER, name)): name for name in ledger.posted}
    folder, roots = generation.folder.parents[1] / DOCUMENTS_FOLDER, tuple(map(Path, generation.manifest.roots))
    found: dict[str, str] = {}
    for source, file in generation.catalogue.files().items():
        parts = PurePosixPath(file.path).parts
        if file.path in places or parts[0] == DOCUMENTS_FOLDER:
            found[source] = places.get(file.path, "/".join(parts[1:]))
        elif generation.ledger is None and DOCUMENTS_FOLDER in parts and not _is_below(Path(file.path), roots):
            ends = ("/".join(parts[place + 1 :]) for place, part in enumerate(parts) if part == DOCUMENTS_FOLDER)
            name = next((end for end in ends if (folder / end).is_file()), None)
            if name is not None:
                found[source] = name
    return found


def _is_below(path: Path, roots: Iterable[Path]) -> bool:
    return any(path.is_relative_to(place) for root in roots for place in (root, root.resolve()))


def _problem(path: Path, digest: str) -> str | None:
    """Say what is wrong with a file, None where it is the one of this SHA-256."""
    try:
        if not path.is_file():
            return "is gone"
        return None if sha256(path) == digest else "is not what was posted: its SHA-256 is another"
    except OSError as error:
        return f"cannot be read ({error.strerror or error})"
