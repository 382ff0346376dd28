"""One change of a served index: documents added, or one withdrawn, and the generation that follows from it.

`python -m index.build.worker` reads a BuildJob as JSON from stdin and writes an Outcome to stdout: the service has it
done by a process of its own, at low priority, so that building takes neither its interpreter nor, where it is busy, its
cores.
"""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec

from index.build.incremental import UNREADABLE
from index.build.jobs import BuildJob, DocumentResult, Failure, Outcome
from index.build.options import BuildOptions, BuildSteps
from index.build.pipeline import IndexWriter, open_writer
from index.build.readers import Scans, read_contents
from index.embedding.embedder import Embedder, load_embedder
from index.errors import IndexingError, UnreadableError
from index.files import write_error
from index.language.user_dictionary import Dictionary, read_dictionary
from index.read import SourceFile
from index.records import Rejected, spellings
from index.store.documents import posted_sources
from index.store.uploads import Upload, read_upload, upload_name
from index.store.withdraw import withdraw

PARENT_LOOK_S = 1.0
"""Between two looks whether the service that waits for the outcome is still there."""
LoadEmbedder = Callable[[str, Path], Embedder]
NICENESS = 10
"""Of the building process: the service's own threads come first, and building goes on in what they leave."""


def carry_out(job: BuildJob, load: LoadEmbedder = load_embedder, steps: BuildSteps | None = None) -> Outcome:
    """Do what a job says; what fails on purpose is in the outcome.

    Args:
        load: name and cache folder → the embedding model.
        steps: those of a build, where tests count them or let them fail.
    """
    index_dir = Path(job.index_dir)
    try:
        dictionary = read_dictionary(Path(job.dictionary)) if job.dictionary else Dictionary()
        options = BuildOptions(dictionary, wait_s=job.wait_s, steps=steps or BuildSteps())
        embedder = load(job.embedding_model, Path(job.cache_dir))
        with open_writer(index_dir, embedder, options) as writer:
            if not writer.is_damaged:
                return _change(job, index_dir, writer)
            writer.build([])  # what is added or withdrawn is looked up in the whole archive
        with open_writer(index_dir, embedder, options) as writer:
            return _change(job, index_dir, writer)
    except IndexingError as error:
        return Outcome(failure=_failure(error))
    except OSError as error:
        return Outcome(failure=_failure(write_error(index_dir, error)))


def _change(job: BuildJob, index_dir: Path, writer: IndexWriter) -> Outcome:
    if job.withdraw is None:
        return _add(job.documents, writer)
    built = writer.build([], ledger=withdraw(index_dir, writer.current, writer.ledger, job.withdraw))
    return Outcome(built.manifest.generation, built.manifest.counts)


def _failure(error: IndexingError) -> Failure:
    kind = type(error).__name__
    if isinstance(error, UnreadableError):
        return Failure(kind, error.message, error.reason, error.remedy)
    return Failure(kind, str(error))


def _add(documents: Sequence[dict[str, Any]], writer: IndexWriter) -> Outcome:
    """Keep what can be read of the documents, and build; they are of the archive when that is published."""
    staged: dict[str, str] = {}
    results = [_keep(values, staged, writer) for values in documents]
    if not staged:
        return Outcome(documents=results)
    built = writer.build([], ledger=writer.ledger.with_posted(staged))
    # The source is longer than the name where two folders have files of one name.
    sources = {name: source for source, name in built.posted.items()}
    named = [msgspec.structs.replace(result, file=sources.get(result.file or "", result.file)) for result in results]
    return Outcome(built.manifest.generation, built.manifest.counts, named)


def _keep(values: dict[str, Any], staged: dict[str, str], writer: IndexWriter) -> DocumentResult:
    """Stage one document, where it can be read, and enter its name and SHA-256."""
    name = upload_name(values)
    try:
        upload = read_upload(values)
        upload = replace(upload, source=_known_spelling(upload.source, [*staged, *writer.ledger.posted]))
        _check_free(upload, staged, writer)
        path, digest = writer.documents.stage(upload)
        (contents,) = read_contents([SourceFile(path, upload.source)], scans=Scans(writer.recognised))
        if not contents.kept:
            raise _first_problem(contents.rejections)
    except (FileExistsError, NotADirectoryError, IsADirectoryError):
        return DocumentResult(
            name, "rejected", None, 0, "bad_name", f"{name}: a folder or a file has this name", "send it under another"
        )
    except UnreadableError as error:
        return DocumentResult(name, "rejected", None, 0, error.reason, error.message, error.remedy)
    staged[upload.source] = digest
    return DocumentResult(name, "kept", upload.source, len(contents.rejections))


def _known_spelling(name: str, known: Sequence[str]) -> str:
    """Return a name as it was posted before, perhaps in another of Unicode's forms: it is the same document."""
    return next((spelling for spelling in spellings(name) if spelling in known), name)


def _first_problem(rejections: Sequence[Rejected]) -> UnreadableError:
    for rejected in rejections:
        if rejected.reason == UNREADABLE:
            raise OSError(rejected.message)  # it is our own copy that the disk does not give back
        return UnreadableError(rejected.reason, rejected.message, rejected.remedy)
    return UnreadableError("empty", "there is nothing in it", "send its text")


def _check_free(upload: Upload, staged: Iterable[str], writer: IndexWriter) -> None:
    """Refuse a name that the index has from the operator's own files: two texts would answer under it.

    Raises:
        UnreadableError: name_taken.
        FileExistsError: another document of the request has it for a folder, or one of its folders for its name.
    """
    name = upload.source
    if any(other.startswith(f"{name}/") or name.startswith(f"{other}/") for other in staged):
        raise FileExistsError(name)
    previous = writer.current
    if previous is None:
        return
    files, posted = previous.catalogue.files(), posted_sources(previous, writer.ledger)
    taken = [source for source in spellings(name) if source in files]
    ids = spellings(upload.doc_id) if upload.doc_id else ()
    taken += [source for doc_id in ids for source in previous.catalogue.sources_of(doc_id)]
    for source in taken:
        if source not in posted:
            raise UnreadableError(
                "name_taken",
                f"{upload.doc_id or upload.source} is in the index already, from {files[source].path}",
                "withdraw that one first, or send this one under another name",
            )


def _end_with_parent() -> None:
    """End this process, as kill -9 would, once the one that started it is gone: nobody waits for it, and others may."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(PARENT_LOOK_S)
        os._exit(1)

    threading.Thread(target=watch, name="parent", daemon=True).start()


def give_up_after(deadline_s: float) -> None:
    """Have the job fail when its time is up, so that what it changed is undone."""

    def give_up(*_arguments: object) -> None:
        raise IndexingError(
            f"building the index took more than {deadline_s:.0f} s, and was given up; nothing is changed: post less at a "
            f"time, or, where the whole archive is to be read anew, run wenju index first"
        )

    if hasattr(signal, "setitimer"):  # Windows has none
        signal.signal(signal.SIGALRM, give_up)
        signal.setitimer(signal.ITIMER_REAL, deadline_s)


def main() -> int:
    """Carry out the job on stdin."""
    _end_with_parent()
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    job = msgspec.json.decode(sys.stdin.buffer.read(), type=BuildJob)
    give_up_after(job.deadline_s)
    outcome = carry_out(job)
    sys.stdout.buffer.write(msgspec.json.encode(outcome))
    return 0


if __name__ == "__main__":
    sys.exit(main())
