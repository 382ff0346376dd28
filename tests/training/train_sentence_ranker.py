"""Learns how well a sentence answers; writes it to rag/evidence/weights.json.

    python tests/training/train_sentence_ranker.py --cache DIR --data CORPUS QUESTIONS [--data …] [--write]

CORPUS and QUESTIONS have the form of `wenju eval retrieval`; questions need `answers` (or `answers_zh`, where those of the
archive's language differ) or an `evidence` sentence.

Of the sentences of the passages retrieved, one that has an answer and stands in a gold document is right. Every data set is judged
by what was learnt on the others. What the reader's odds are worth beside this score: calibrate_answers.py.
"""

import argparse
import gzip
import itertools
import json
import random
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from ranking_loss import Sample, Signs, checksum, fit, make_sample

from index.build import build_index
from index.embedding.embedder import Embedder, load_embedder
from index.language.normalise import normalise
from index.store import Generation, open_generation
from rag.config import load_settings
from rag.evidence.sentence_ranking import (
    KINDS,
    RANKED_PASSAGES,
    SENTENCE_FEATURES,
    SentenceFeatures,
    extract_sentence_features,
)
from rag.records import Query
from rag.retrieval.linear_model import WEIGHTS_FILE
from rag.retrieval.retriever import Retrieval, Retriever

MODEL = Path(__file__).parents[2] / "rag/evidence" / WEIGHTS_FILE
SIGNS = Signs(
    tied=dict.fromkeys(
        (*KINDS, "length", "lead", "listing", "head", "focus_coverage", "rarest", "span_focus_coverage"), 1.0
    ),
    bounds={"length": (None, None)},
)
QUESTIONS = 800
"""Taken at random from a data set, the same ones every time."""
SMALL = 80
"""Documents of the small archive that is made of each corpus."""
_MARKS = re.compile(r"[^\w%.]+")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its sentences.

    Args:
        is_right: (n,) which sentences answer.
    """

    retrieval: Retrieval
    weighing: SentenceFeatures
    is_right: np.ndarray[Any, np.dtype[np.bool_]]


def read_lines(path: Path, within: set[str] | None = None) -> list[dict[str, Any]]:
    """Return QUESTIONS of the questions that can be understood by themselves; those about documents `within` alone."""
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    random.Random(5).shuffle(lines)
    lines = [line for line in lines if within is None or within.issuperset(line["gold_docs"])]
    return [line for line in lines if not line.get("context_bound")][:QUESTIONS]


def write_small(corpus: Path, questions: Path, folder: Path) -> tuple[Path, set[str]]:
    """Write the corpus' first SMALL documents that questions are about; return the file and their ids.

    In an archive of a few pages most words are rare and many of a question are unknown, which is no sign of anything.
    """
    golds = {gold for line in questions.read_text("utf-8").splitlines() for gold in json.loads(line)["gold_docs"]}
    with gzip.open(corpus, "rt", encoding="utf-8") if corpus.suffix == ".gz" else corpus.open(encoding="utf-8") as file:
        lines = list(itertools.islice((line for line in file if json.loads(line)["_id"] in golds), SMALL))
    path = folder / f"{corpus.parent.name}-small" / "corpus.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(lines), "utf-8")
    return path, {json.loads(line)["_id"] for line in lines}


def squeeze(text: str) -> str:
    return _MARKS.sub("", normalise(text))


def answers(line: dict[str, Any], sentence: str) -> bool:
    """Whether a sentence has an answer, or is (part of) the evidence where there is one."""
    said = squeeze(sentence)
    if isinstance(line.get("evidence"), str):
        evidence = squeeze(line["evidence"])
        return evidence in said or said in evidence
    return any(answer and answer in said for answer in map(squeeze, line.get("answers_zh") or line["answers"]))


def collect(
    generation: Generation, embedder: Embedder, lines: Sequence[dict[str, Any]], cache_dir: Path | None = None
) -> list[Asked]:
    """Return the questions with the sentences of the passages retrieved for them."""
    retriever = Retriever(generation, embedder, cache_dir=cache_dir)
    asked = []
    for line in lines:
        retrieval = retriever.retrieve(Query(line["question"], top_k=RANKED_PASSAGES))
        weighing = extract_sentence_features(retrieval, generation.lexical, generation.lexicon)
        if weighing.sentences:
            golds = set(line["gold_docs"])
            is_gold = np.array([sentence.passage.doc_id in golds for sentence in weighing.sentences])
            is_right = is_gold & np.array([answers(line, sentence.text) for sentence in weighing.sentences])
            asked.append(Asked(retrieval, weighing, is_right))
    return asked


def sample_of(name: str, asked: Sequence[Asked]) -> Sample:
    """The sentences as candidates to choose among."""
    return make_sample(
        name,
        [one.weighing.features.astype(np.float64) for one in asked],
        [[str(place) for place in range(len(one.is_right))] for one in asked],
        [{str(place) for place in np.flatnonzero(one.is_right).tolist()} for one in asked],
        [one.retrieval.coverage for one in asked],
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", nargs=2, action="append", type=Path, required=True, metavar=("CORPUS", "QUESTIONS"))
    parser.add_argument("--cache", type=Path, required=True, help="folder for the indexes of the corpora")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    settings = load_settings()
    embedder = load_embedder(settings.embedding_model, settings.cache_dir)
    sets: list[tuple[str, Path, list[Asked]]] = []
    listing = []
    for corpus, questions in options.data:
        small, within = write_small(corpus, questions, options.cache)
        for path, kept in ((corpus, None), (small, within)):
            folder = options.cache / path.parent.name / "index" if kept else options.cache / path.parent.name
            build_index([path], folder, embedder)
            generation = open_generation(folder, embedder=embedder.spec)
            name = f"{path.parent.name}/{questions.name}"
            sets.append((name, corpus, collect(generation, embedder, read_lines(questions, kept), settings.cache_dir)))
            listing.append(f"{name}: {len(sets[-1][2])} questions, {checksum(questions)}; corpus {checksum(path)}")
            generation.close()
            print(listing[-1], flush=True)
    samples = [sample_of(name, asked) for name, _corpus, asked in sets]
    weights = fit(samples, SENTENCE_FEATURES, SIGNS)
    for number, (name, corpus, _asked) in enumerate(sets):
        others = [place for place, other in enumerate(sets) if other[1] != corpus]
        apart = fit([samples[place] for place in others], SENTENCE_FEATURES, SIGNS) if others else weights
        ranks, best = samples[number].ranks(apart), samples[number].ranks(weights)
        print(
            f"{name:34} first sentence answers: learnt on the others {(ranks == 1).mean():.3f}, on all {(best == 1).mean():.3f}; two {(best <= 2).mean():.3f}"
        )
    halves = weights.reshape(2, -1).round(4)
    values = json.loads(MODEL.read_text("utf-8")) | {
        "learnt_on": listing,
        "sentence": {name: [float(halves[0, at]), float(halves[1, at])] for at, name in enumerate(SENTENCE_FEATURES)},
    }
    text = json.dumps(values, ensure_ascii=False, indent=1)
    print(text)
    if options.write:
        MODEL.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
