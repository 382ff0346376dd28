"""What stands beside the generations, by name and checksum: documents that were posted, and what was withdrawn.

    generations/<name>/ledger.json    of that generation: it came to be, or did not, by the one rename of CURRENT
    withdrawn.json                    the same for people, for backups, and for when no generation is whole any more

Each copy has a seal over all that is in it, and a revision that every change raises: the newest whole copy counts. What a
build is to believe is read here; it believes nothing where withdrawn.json is gone or is not as it was written.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from index.errors import IndexCorruptError, IndexingError
from index.files import NewFiles, sha256
from index.store.durable import write_whole
from index.store.manifest import Manifest, read_manifest, seal
from index.store.withdrawals import Withdrawn, WithdrawnFile

LEDGER = "ledger.json"
WITHDRAWN = "withdrawn.json"
REPAIR_LEDGER = "wenju doctor --repair"


@dataclass(frozen=True, slots=True)
class Ledger:
    """The list.

    Args:
        posted: name below documents/ → SHA-256 of what was posted under it.
        removed: the same of posted documents that were withdrawn: a copy that comes back is not taken in again.
        withdrawn: of the operator's own files.
        revision: how often it has changed.
    """

    posted: Mapping[str, str] = field(default_factory=dict)
    removed: Mapping[str, str] = field(default_factory=dict)
    withdrawn: Withdrawn = field(default_factory=Withdrawn)
    revision: int = 0

    def with_posted(self, files: Mapping[str, str]) -> "Ledger":
        """Return the list with posted documents on it as well, each in the place of one of its name."""
        removed = {name: digest for name, digest in self.removed.items() if name not in files}
        return self._changed(posted={**self.posted, **files}, removed=removed)

    def with_withdrawn(self, withdrawn: Withdrawn, posted: Mapping[str, str]) -> "Ledger":
        """Return the list with another list of withdrawals, and without these posted documents."""
        kept = {name: digest for name, digest in self.posted.items() if name not in posted}
        return self._changed(posted=kept, removed={**self.removed, **posted}, withdrawn=withdrawn)

    def with_restored(self, names: Iterable[str]) -> "Ledger":
        """Return the list without these withdrawals; the build that follows reads them again.

        Raises:
            UnknownDocumentError: one of them is not withdrawn.
        """
        return self._changed(withdrawn=self.withdrawn.without(names))

    def _changed(self, **values: Any) -> "Ledger":
        changed = replace(self, **values)
        return self if changed == self else replace(changed, revision=self.revision + 1)

    def encode(self) -> bytes:
        """Return it as sealed JSON."""
        values: dict[str, Any] = {"revision": self.revision, **asdict(self.withdrawn)}
        values |= {"posted": dict(self.posted), "removed": dict(self.removed)}
        text = json.dumps({**values, "seal": seal(values)}, ensure_ascii=False, indent=1)
        return text.encode("utf-8", "surrogateescape")  # names may be in GBK


@dataclass(frozen=True, slots=True)
class _Copy:
    """What a withdrawn.json says; a list that an earlier version wrote has no seal."""

    ledger: Ledger
    is_sealed: bool


def _decode(data: bytes) -> _Copy:
    """Raises ValueError, KeyError, TypeError, AttributeError: it is no such list, or is not as it was written."""
    values = json.loads(data.decode("utf-8", "surrogateescape"))
    is_sealed = "seal" in values or "revision" in values
    if is_sealed and values.pop("seal") != seal(values):
        raise ValueError("its seal does not hold")
    files = tuple(WithdrawnFile(**file) for file in values["files"])
    withdrawn = Withdrawn(files, tuple(map(str, values["documents"])), int(values["until"]))
    posted, removed = (dict(values.get(name, {})) for name in ("posted", "removed"))
    revision = int(values["revision"]) if is_sealed else 1
    return _Copy(Ledger(posted, removed, withdrawn, revision), is_sealed)


_DAMAGED = (OSError, ValueError, KeyError, TypeError, AttributeError)


def ledger_of(folder: Path, manifest: Manifest) -> Ledger | None:
    """Return a generation's copy; None where nothing was posted or withdrawn, or an earlier version built it.

    Raises:
        IndexCorruptError: it is not what the manifest says.
    """
    if LEDGER not in manifest.files:
        return None
    path = folder / LEDGER
    try:
        if sha256(path) != manifest.files[LEDGER][1]:
            raise ValueError("it has another SHA-256 than the manifest says")
        return _decode(path.read_bytes()).ledger
    except _DAMAGED as error:
        raise IndexCorruptError(f"{path} is damaged ({error}): rebuild the index") from error


def save_ledger(ledger: Ledger, files: NewFiles) -> None:
    """Keep the list with the generation that is built by it; an empty one is none."""
    if ledger.revision:
        with files.create(LEDGER) as file:
            file.write(ledger.encode())


def read_ledger(index_dir: Path, generations: list[Path]) -> Ledger:
    """Return the newest whole copy of the list; an empty one where nothing was ever posted or withdrawn.

    Args:
        generations: folders of generations, the current one first and then older ones.
    Raises:
        IndexCorruptError: withdrawn.json is gone, or not as it was written: what is withdrawn might come back.
    """
    path = index_dir / WITHDRAWN
    name, kept, digest = _kept(generations)
    try:
        beside = _decode(path.read_bytes())
    except FileNotFoundError:
        if kept or digest:
            raise _refused(path, "is gone", name, kept) from None
        return Ledger()
    except _DAMAGED as error:
        raise _refused(path, f"is not as it was written ({error})", name, kept) from error
    if kept is None:
        if not beside.is_sealed and digest not in ("", beside.ledger.withdrawn.digest):
            raise _refused(path, "is not the list of that time", name, None)
        return beside.ledger
    if not beside.is_sealed:
        raise _refused(path, "has no seal", name, kept)
    if beside.ledger.revision == kept.revision and beside.ledger != kept:
        raise _refused(path, "is the list of another index", name, kept)
    # An older one: the run that published the generation was stopped before it wrote this file.
    return beside.ledger if beside.ledger.revision > kept.revision else kept


def repair_ledger(index_dir: Path, generations: list[Path]) -> str | None:
    """Have a whole withdrawn.json again, and say what was done; None where it is whole. The writer's lock must be held.

    Where no generation has a copy, what can be read of the file is taken as it stands, or an empty list: the words say so.
    """
    try:
        read_ledger(index_dir, generations)
    except IndexCorruptError:
        pass
    else:
        return None
    path, aside = index_dir / WITHDRAWN, index_dir / f"{WITHDRAWN}.damaged"
    name, kept, _digest = _kept(generations)
    ledger, whence = kept, f"the copy in generation {name}"
    if ledger is None:
        try:
            ledger, whence = _decode(path.read_bytes()).ledger, "as it stands, for there is no copy of it"
        except _DAMAGED:
            ledger, whence = (
                Ledger(revision=1),
                "empty, for there is no copy of it: withdraw again what must not come back",
            )
    moved = ""
    if path.exists():
        path.replace(aside)
        moved = f"; the damaged one is {aside.name}"
    write_whole(path, ledger.encode())
    withdrawn = ", ".join(ledger.withdrawn.names) or "nothing"
    return f"{path} is {whence}{moved}; withdrawn: {withdrawn}; posted: {len(ledger.posted)} documents"


def secure_ledger(index_dir: Path, ledger: Ledger) -> None:
    """Have a sealed withdrawn.json before a generation has a list: from then on its absence means that it was lost.

    Raises:
        OSError: it cannot be written.
    """
    path = index_dir / WITHDRAWN
    try:
        if _decode(path.read_bytes()).is_sealed:
            return
    except _DAMAGED:
        pass
    write_whole(path, ledger.encode())


def _kept(generations: list[Path]) -> tuple[str, Ledger | None, str]:
    """The newest whole generation: its name, its list, and the digest of what was withdrawn, which earlier versions kept."""
    for folder in generations:
        try:
            manifest = read_manifest(folder)
            return folder.name, ledger_of(folder, manifest), str(manifest.settings.get("withdrawn", ""))
        except IndexingError:
            continue
    return "", None, ""


def _refused(path: Path, what: str, name: str, kept: Ledger | None) -> IndexCorruptError:
    way = (
        f"take the copy that generation {name} has of it with: {REPAIR_LEDGER}"
        if kept
        else f"take it as it stands, whatever comes back by that, with: {REPAIR_LEDGER}"
    )
    return IndexCorruptError(
        f"{path}, the list of what was withdrawn and posted, {what}. Nothing is built, lest what is withdrawn comes back; "
        f"what is served goes on. Bring the file back from a backup, or {way}"
    )
