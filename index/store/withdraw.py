"""A document taken out by its name → the ledger without it, which the next generation makes true.

A posted one is on the list no more, and its file is removed; the operator's own is put on the list of withdrawn ones.
"""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from index.errors import IndexNotFoundError, UnknownDocumentError, UnreadableError
from index.records import spellings
from index.store.documents import posted_sources
from index.store.generations import Generation, generation_folders, generation_number
from index.store.ledger import Ledger
from index.store.withdrawals import WithdrawnFile

NEAREST_NAMES = 3
"""Names that are told where there is no document of the name asked for."""


def withdraw(index_dir: Path, previous: Generation | None, ledger: Ledger, name: str) -> Ledger:
    """Return the ledger without a document. Twice is as good as once.

    Args:
        previous: the generation that is current now.
    Raises:
        UnknownDocumentError: there is none of this name; the nearest names are told.
        IndexNotFoundError: nothing was ever indexed.
        UnreadableError: it is all that the index has, or one of several documents of a posted file.
    """
    if previous is None:
        raise IndexNotFoundError(f"no index in {index_dir}: there is nothing to withdraw")
    catalogue, withdrawn = previous.catalogue, ledger.withdrawn
    files = catalogue.files()
    known = {*files, *withdrawn.names, *ledger.posted}
    name = next((it for it in spellings(name) if it in known or catalogue.sources_of(it)), name)
    file = files.get(name)
    sources = [name] if file else catalogue.sources_of(name)
    posted = posted_sources(previous, ledger)
    names = {posted[source] for source in sources if source in posted}
    if not sources:
        if name in withdrawn.names:
            return ledger
        if name not in ledger.posted:
            raise UnknownDocumentError(describe_unknown(name, [*files, *ledger.posted, *withdrawn.names]))
        names = {name}  # no generation has a text of it: its file is damaged
    elif not catalogue.holds_besides(sources, None if file else name):
        raise UnreadableError(
            "last_document",
            f"{name} is all that the index has, and an index of nothing is none",
            f"add something else first, or stop the service and delete {index_dir}",
        )
    if not file:
        _check_alone(name, [source for source in sources if source in posted], previous)
    if file and not names:
        path = Path(file.path)
        size = path.stat().st_size if path.is_file() else -1
        withdrawn = withdrawn.with_files([WithdrawnFile(name, file.path, size, file.sha256)])
    elif len(names) < len(sources):
        withdrawn = withdrawn.with_document(name)
    until = max((generation_number(folder.name) for folder in generation_folders(index_dir)), default=0)
    gone = {name: ledger.posted[name] for name in names if name in ledger.posted}
    return ledger.with_withdrawn(replace(withdrawn, until=until), gone)


def _check_alone(name: str, sources: Iterable[str], previous: Generation) -> None:
    """Refuse to remove a posted file for one of its documents.

    Raises:
        UnreadableError: several.
    """
    files = previous.catalogue.files()
    for source in sources:
        if files[source].kept > 1:
            raise UnreadableError(
                "several",
                f"{name} is one of several documents of {source}, which was posted",
                f"withdraw {source}, or post it again without {name}",
            )


def describe_unknown(name: str, known: Sequence[str]) -> str:
    """Return the message that there is no document of this name, and which names are near."""
    near = difflib.get_close_matches(name, known, NEAREST_NAMES, 0.5)
    return f"no document {name} in the index" + (f"; the nearest names: {', '.join(near)}" if near else "")
