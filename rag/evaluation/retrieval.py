"""Retrieves for every question from a throw-away index of a corpus.

The index stays in the cache folder, so that a second evaluation of the same corpus embeds only what has changed.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from index.build import BuildOptions, Built, build_index
from index.embedding.embedder import Embedder
from index.errors import IndexBusyError, IndexCorruptError, IndexMismatchError
from index.read import SourceFile, find_files, read_file
from index.records import Rejected
from index.store import open_generation
from rag.errors import EvaluationError, EvaluationNotFoundError
from rag.evaluation.metrics import first_rank, score_ranking
from rag.evaluation.questions import Question
from rag.evaluation.summary import Row
from rag.reader.readings import PassageReader
from rag.records import Passage, Query
from rag.retrieval.retriever import Retriever

Progress = Callable[[str, int, int], None]
PASSAGES = 60
"""Passages asked for: at most three of an article come before others get their turn, so these are 20 documents."""
MAX_PASSAGES = 480
RUN_DOCUMENTS = 20
"""Documents that a run has for each question, if the corpus has as many: what hit@20 looks at."""
SHOWN_PASSAGES = 3
OPENING_CHARACTERS = 160


@dataclass(frozen=True, slots=True)
class Found:
    """What came of one question.

    Args:
        doc_ids: the ranking, best first.
        rank: of the first gold document, None where it was not found.
        passages: the best ones, to read through.
        row: the question's measures.
    """

    question: Question
    doc_ids: tuple[str, ...]
    rank: int | None
    passages: tuple[Passage, ...]
    row: Row


def corpus_openings(corpus: Path, questions: Sequence[Question]) -> dict[str, str]:
    """Return gold document → how it begins, having checked corpus and questions before anything is embedded.

    Raises:
        EvaluationNotFoundError: no such corpus.
        EvaluationError: a line of the corpus is broken, a question has no gold document, or it is not in the corpus.
    """
    if not corpus.exists():
        raise EvaluationNotFoundError(f"{corpus}: no such corpus; check the spelling")
    without = [question.id for question in questions if not question.gold_docs]
    if without:
        raise EvaluationError(
            f"{_some(without)}: no gold_docs, so nothing can be found right or wrong: add them, or leave the question out"
        )
    wanted = {document for question in questions for document in question.gold_docs}
    openings = {name: opening for name, opening in _documents(corpus) if name in wanted}
    if missing := sorted(wanted - openings.keys()):
        asking = [question.id for question in questions if set(missing) & set(question.gold_docs)]
        raise EvaluationError(
            f"gold documents that are not in {corpus}: {_some(missing)} (questions {_some(asking)}): "
            "are questions and corpus of the same collection?"
        )
    return openings


def build_corpus_index(corpus: Path, cache_dir: Path, embedder: Embedder, progress: Progress | None = None) -> Built:
    """Build, or bring up to date, the index of a corpus in the cache folder.

    Raises:
        IndexBusyError: another evaluation of this corpus is building it.
    """
    identity = f"{corpus.resolve()}\n{embedder.spec}"
    folder = cache_dir / "evaluation" / hashlib.blake2b(identity.encode("utf-8", "replace"), digest_size=8).hexdigest()
    try:
        return build_index([corpus], folder, embedder, progress=progress)
    except (IndexCorruptError, IndexMismatchError):  # of an earlier version, or cut off: only a cache
        return build_index([corpus], folder, embedder, BuildOptions(rebuild=True), progress=progress)
    except IndexBusyError as error:
        raise IndexBusyError(f"another evaluation is building the index of {corpus}: wait until it is done") from error


def retrieve_all(
    questions: Sequence[Question],
    folder: Path,
    embedder: Embedder,
    reader: PassageReader | None = None,
    progress: Progress | None = None,
    cache_dir: Path | None = None,
) -> list[Found]:
    """Return what was found for each question, in their order.

    Args:
        folder: the index folder.
        reader: reads the best passages of each question, where there is one.
        cache_dir: where the dictionary for English questions is kept.
    """
    generation = open_generation(folder, embedder=embedder.spec)
    try:
        retriever = Retriever(generation, embedder, reader, cache_dir)
        found = []
        for number, question in enumerate(questions, 1):
            passages, ranking = _retrieve(retriever, question)
            row = Row(
                question.id,
                question.text,
                question.group,
                question.type,
                question.lang,
                {name: (value, 1) for name, value in score_ranking(question.gold_docs, ranking).items()},
            )
            rank = first_rank(question.gold_docs, ranking)
            found.append(Found(question, ranking, rank, passages[:SHOWN_PASSAGES], row))
            if progress:
                progress("retrieve", number, len(questions))
        return found
    finally:
        generation.close()


def rank_documents(passages: Sequence[Passage]) -> tuple[str, ...]:
    """Return the ids of the passages' documents, best first, each once; reprints right after what they repeat."""
    ranking: dict[str, None] = {}
    for passage in passages:
        ranking |= dict.fromkeys((passage.doc_id, *passage.also_in))
    return tuple(ranking)


def write_run(found: Sequence[Found], path: Path) -> None:
    """Write one line a question, as the contract's Run."""
    lines = (msgspec.json.encode({"_id": each.question.id, "doc_ids": each.doc_ids}) + b"\n" for each in found)
    with path.open("wb") as file:
        file.writelines(lines)


def _retrieve(retriever: Retriever, question: Question) -> tuple[tuple[Passage, ...], tuple[str, ...]]:
    """Ask for more passages until they are of enough documents, or there are no more."""
    wanted = PASSAGES
    while True:
        passages = tuple(retriever.retrieve(Query(question.text, top_k=wanted)).passages)
        ranking = rank_documents(passages)
        if len(ranking) >= RUN_DOCUMENTS or len(passages) < wanted or wanted >= MAX_PASSAGES:
            return passages, ranking
        wanted *= 2


def _documents(corpus: Path) -> Iterator[tuple[str, str]]:
    """Yield (document id, how it begins) of a corpus file's lines; of a folder's other files their names alone."""
    files, _missing = find_files([corpus])
    for file in files:
        if not file.path.name.removesuffix(".gz").endswith((".json", ".jsonl")):
            yield file.source, ""
            continue
        yield from _lines(file)


def _lines(file: SourceFile) -> Iterator[tuple[str, str]]:
    for outcome in read_file(file):
        if not isinstance(outcome, Rejected):
            title = f"{outcome.title} " if outcome.title else ""
            yield outcome.doc_id, f"{title}{outcome.text[:OPENING_CHARACTERS]}"
        elif outcome.reason != "no_text":  # a document without text is found by no question; that is no mistake
            raise EvaluationError(f"{outcome.message}; {outcome.remedy}")


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more
