"""One pipeline on one corpus: builds it, asks every question, writes the run, measures time and memory."""

import argparse
import dataclasses
import json
import resource
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.cached import CachedEmbedder
from benchmarks.fusion import documents_of
from benchmarks.material import BadMaterialError, Question, Text, read_corpus, read_questions, write_run
from index.errors import IndexingError


@dataclass(frozen=True, slots=True)
class Material:
    """What a pipeline is built from.

    Args:
        corpus: the file that `texts` were read from.
        index_dir: an index of ours of the corpus; None where there is none.
    """

    corpus: Path
    texts: Sequence[Text]
    embedder: CachedEmbedder
    index_dir: Path | None = None


@dataclass(frozen=True, slots=True)
class Built:
    """A pipeline that is ready.

    Args:
        search: question → document ids of the chunks found, best first; a document may occur several times.
        chunks: how many it searches.
    """

    search: Callable[[str], Sequence[str]]
    chunks: int


@dataclass(frozen=True, slots=True)
class Measured:
    """What one pipeline took for one corpus and one file of questions, embedding left out.

    Times are of the processor, all threads together, so that other work on the machine counts for nothing.

    Args:
        build_s: importing the framework included.
        embedded: texts that the cache did not hold.
        peak_mib: the whole process, with the bundled model only where something was embedded.
    """

    pipeline: str
    documents: int
    chunks: int
    questions: int
    build_s: float
    ask_ms: float
    embedded: int
    embed_s: float
    peak_mib: int


Pipelines = Mapping[str, Callable[[Material], Built]]


def rank_all(
    name: str, build: Callable[[Material], Built], material: Material, questions: Sequence[Question]
) -> tuple[Measured, dict[str, list[str]]]:
    """Build a pipeline and ask it every question.

    Returns:
        what it took, and the run: question id → document ids, best first.
    """
    embedder = material.embedder
    embedder.embed_queries([question.text for question in questions])
    embedding, started = embedder.seconds, time.process_time()
    built = build(material)
    build_s = time.process_time() - started - (embedder.seconds - embedding)
    embedding, started = embedder.seconds, time.process_time()
    run = {question.id: documents_of(built.search(question.text)) for question in questions}
    ask_s = time.process_time() - started - (embedder.seconds - embedding)
    measured = Measured(
        pipeline=name,
        documents=len(material.texts),
        chunks=built.chunks,
        questions=len(questions),
        build_s=round(build_s, 2),
        ask_ms=round(1000 * ask_s / len(questions), 2),
        embedded=embedder.computed,
        embed_s=round(embedder.seconds, 1),
        peak_mib=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    )
    return measured, run


def main(description: str | None, pipelines: Pipelines, arguments: Sequence[str] | None = None) -> int:
    """Command line of a module of pipelines; prints what was measured as one JSON object.

    Returns:
        exit code: 0 done, 2 usage, 5 unreadable material.
    """
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path, help='JSON lines: {"_id", "title", "text", …}, also .gz')
    parser.add_argument("questions", type=Path, help='JSON lines: {"_id", "question", "gold_docs", …}')
    parser.add_argument("--run", type=Path, required=True, help='written: {"_id", "doc_ids"} a line')
    parser.add_argument("--pipeline", choices=list(pipelines), required=True)
    parser.add_argument("--cache", type=Path, help="folder that keeps vectors")
    parser.add_argument("--index-dir", type=Path, help="an index of the corpus that `wenju index` built")
    given = parser.parse_args(arguments)
    try:
        questions = read_questions(given.questions)
        material = Material(given.corpus, read_corpus(given.corpus), CachedEmbedder(given.cache), given.index_dir)
        measured, run = rank_all(given.pipeline, pipelines[given.pipeline], material, questions)
    except (BadMaterialError, IndexingError) as error:
        print(error, file=sys.stderr)
        return 5
    write_run(given.run, run)
    print(json.dumps(dataclasses.asdict(measured)))
    return 0
