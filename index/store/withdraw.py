"""Takes a document out of the index: an upload is removed, the operator's own file is put on the list of withdrawn ones."""

import difflib
from collections.abc import Sequence
from pathlib import Path

from index.errors import IndexNotFoundError, UnknownDocumentError, UnreadableError
from index.store.generations import Generation, generation_folders, generation_number
from index.store.uploads import is_upload, remove_upload, upload_folders
from index.store.withdrawals import Withdrawn, WithdrawnFile, read_withdrawn, write_withdrawn

NEAREST_NAMES = 3
"""Names that are told where there is no document of the name asked for."""


def withdraw(index_dir: Path, previous: Generation | None, name: str) -> None:
    """Take a document out: an upload is removed, the operator's own is put on the list. Twice is as good as once.

    Args:
        previous: the generation that is current now.
    Raises:
        UnknownDocumentError: there is none of this name; the nearest names are told.
        IndexNotFoundError: nothing was ever indexed.
        UnreadableError: it is all that the index has, or one of several documents of an upload.
    """
    withdrawn = read_withdrawn(index_dir)
    if previous is None:
        raise IndexNotFoundError(f"no index in {index_dir}: there is nothing to withdraw")
    until = max((generation_number(folder.name) for folder in generation_folders(index_dir)), default=0)
    catalogue = previous.catalogue
    file = catalogue.files().get(name)
    sources = [name] if file else catalogue.sources_of(name)
    if not sources:
        if name in withdrawn.names:
            return
        raise UnknownDocumentError(describe_unknown(name, [*catalogue.files(), *withdrawn.names]))
    if not catalogue.holds_besides(sources, None if file else name):
        raise UnreadableError(
            "last_document",
            f"{name} is all that the index has, and an index of nothing is none",
            f"add something else first, or stop the service and delete {index_dir}",
        )
    folders = upload_folders(index_dir)
    files = catalogue.files()
    uploads = [Path(files[source].path) for source in sources if is_upload(Path(files[source].path), folders)]
    if not file:
        _check_alone(name, [source for source in sources if is_upload(Path(files[source].path), folders)], previous)
    if file and not uploads:
        path = Path(file.path)
        size = path.stat().st_size if path.is_file() else -1
        withdrawn = withdrawn.with_files([WithdrawnFile(name, file.path, size, file.sha256)])
    elif len(uploads) < len(sources):
        withdrawn = withdrawn.with_document(name)
    # First what every build honours, then the files: stopped in between, the next build goes on from here.
    write_withdrawn(index_dir, Withdrawn(withdrawn.files, withdrawn.documents, until))
    for path in uploads:
        remove_upload(folders[0], path)


def _check_alone(name: str, sources: Sequence[str], previous: Generation) -> None:
    """Refuse to remove an upload for one of its documents.

    Raises:
        UnreadableError: several.
    """
    for source in sources:
        if (previous.catalogue.files()[source]).kept > 1:
            raise UnreadableError(
                "several",
                f"{name} is one of several documents of {source}, which was posted",
                f"withdraw {source}, or post it again without {name}",
            )


def describe_unknown(name: str, known: Sequence[str]) -> str:
    """Return the message that there is no document of this name, and which names are near."""
    near = difflib.get_close_matches(name, known, NEAREST_NAMES, 0.5)
    return f"no document {name} in the index" + (f"; the nearest names: {', '.join(near)}" if near else "")
