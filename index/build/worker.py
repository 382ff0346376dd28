"""One change of a served index: documents added, or one withdrawn, and the generation that follows from it.

`python -m index.build.worker` reads a BuildJob as JSON from stdin and writes an Outcome to stdout: the service has it
done by a process of its own, at low priority, so that building takes neither its interpreter nor, where it is busy, its
cores.
"""

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec

from index.build.jobs import BuildJob, DocumentResult, Failure, Outcome
from index.build.options import BuildOptions, BuildSteps
from index.build.pipeline import Built, IndexWriter, open_writer
from index.embedding.embedder import Embedder, load_embedder
from index.errors import IndexingError, UnreadableError
from index.language.user_dictionary import Dictionary, read_dictionary
from index.read import SourceFile, read_file
from index.records import Document
from index.store.catalogue import CATALOGUE, Catalogue
from index.store.generations import Generation
from index.store.uploads import Upload, UploadWriter, is_upload, read_upload, upload_folders, upload_name
from index.store.withdraw import withdraw

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
        with open_writer(index_dir, load(job.embedding_model, Path(job.cache_dir)), options) as writer:
            if job.withdraw is None:
                return _add(job.documents, index_dir, writer)
            withdraw(index_dir, writer.current, job.withdraw)
            built = writer.build([])
            return Outcome(built.manifest.generation, built.manifest.counts)
    except IndexingError as error:
        return Outcome(failure=_failure(error))
    except OSError as error:
        return Outcome(failure=Failure("IndexWriteError", f"{index_dir} cannot be written: {error.strerror or error}"))


def _failure(error: IndexingError) -> Failure:
    kind = type(error).__name__
    if isinstance(error, UnreadableError):
        return Failure(kind, error.message, error.reason, error.remedy)
    return Failure(kind, str(error))


def _add(documents: Sequence[dict[str, Any]], index_dir: Path, writer: IndexWriter) -> Outcome:
    """Keep what can be read of the documents, and build. Where building fails, the folder is as it was."""
    with closing(UploadWriter(index_dir)) as files:
        try:
            results = [_keep(values, files, writer.current) for values in documents]
            if not any(result.status == "kept" for result in results):
                return Outcome(documents=results)
            built = writer.build([])
        except Exception:
            files.undo()
            raise
    names = _names_in(built)
    named = [msgspec.structs.replace(result, file=names.get(result.file or "", result.file)) for result in results]
    return Outcome(built.manifest.generation, built.manifest.counts, named)


def _keep(values: dict[str, Any], files: UploadWriter, previous: Generation | None) -> DocumentResult:
    """Put one document into the folder, where it can be read."""
    name = upload_name(values)
    try:
        upload = read_upload(values)
        _check_free(upload, files.folder, previous)
        written = files.write(upload)
        rejected = 0
        kept = 0
        first: UnreadableError | None = None
        for outcome in read_file(SourceFile(written, upload.source)):
            if isinstance(outcome, Document):
                kept += 1
            else:
                rejected += 1
                first = first or UnreadableError(outcome.reason, outcome.message, outcome.remedy)
        if not kept:
            raise first or UnreadableError("empty", "there is nothing in it", "send its text")
        files.keep(written, upload.source)
    except (FileExistsError, NotADirectoryError, IsADirectoryError):
        return DocumentResult(
            name, "rejected", None, 0, "bad_name", f"{name}: a folder or a file has this name", "send it under another"
        )
    except UnreadableError as error:
        return DocumentResult(name, "rejected", None, 0, error.reason, error.message, error.remedy)
    return DocumentResult(name, "kept", upload.source, rejected)


def _check_free(upload: Upload, folder: Path, previous: Generation | None) -> None:
    """Refuse a name that the index has from the operator's own files: two texts would answer under it.

    Raises:
        UnreadableError: name_taken.
    """
    if previous is None:
        return
    files = previous.catalogue.files()
    taken = [upload.source] if upload.source in files else []
    taken += previous.catalogue.sources_of(upload.doc_id) if upload.doc_id else []
    for source in taken:
        if not is_upload(Path(files[source].path), [folder.resolve()]):
            raise UnreadableError(
                "name_taken",
                f"{upload.doc_id or upload.source} is in the index already, from {files[source].path}",
                "withdraw that one first, or send this one under another name",
            )


def _names_in(built: Built) -> dict[str, str]:
    """Path below the folder of uploads → source name, which is longer where two folders have files of one name."""
    folders = upload_folders(built.folder.parents[1])
    catalogue = Catalogue(built.folder / CATALOGUE)
    try:
        files = [file for file in catalogue.files().values() if is_upload(Path(file.path), folders)]
    finally:
        catalogue.close()
    return {Path(file.path).relative_to(folders[0]).as_posix(): file.source for file in files}


def main() -> int:
    """Carry out the job on stdin."""
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    outcome = carry_out(msgspec.json.decode(sys.stdin.buffer.read(), type=BuildJob))
    sys.stdout.buffer.write(msgspec.json.encode(outcome))
    return 0


if __name__ == "__main__":
    sys.exit(main())
