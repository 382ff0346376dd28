"""Learns the weights of the fusion and of the linear reranker, and writes them to rag/retrieval/weights.json.

    python tests/training/train_reranker.py --cache DIR --data CORPUS QUESTIONS [--data …] [--write]

CORPUS and QUESTIONS have the form of `wenju eval retrieval`.
`--keep-native` leaves the weights for questions in the archive's own words as they are. Prints what the weights give on
each pair when they were learnt on the others only, then when learnt on all; the same without each feature. `--write` writes the file; the pairs, their sizes and checksums are listed in it.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from ranking_loss import Floats, Sample, Signs, checksum, fit, make_sample, told, without

from index.build import build_index
from index.embedding.embedder import Embedder, load_embedder
from index.store import Generation, open_generation
from rag.config import load_settings
from rag.evaluation.questions import read_questions
from rag.records import Query
from rag.retrieval.features import FEATURES, FUSION
from rag.retrieval.linear_model import WEIGHTS_FILE
from rag.retrieval.retriever import Retriever

MODEL = Path(__file__).parents[2] / "rag/retrieval" / WEIGHTS_FILE
SIGNS = Signs(
    tied={
        **dict.fromkeys(("kind", "length", "lead", "printed"), 1.0),
        # Half as much again, since the cosines too weigh more for foreign questions: with once the year was wrong, with
        # twice the month came before the office asked for.
        **dict.fromkeys(("mentioned", "mentioned_in_article", "contradiction"), 1.5),
        # Half, since what is bridged weighs half as much, and no foreign dev question is asked of articles with titles.
        "covered_title": 0.5,
    },
    bounds={"contradiction": (None, 0), "length": (None, None), "printed": (0, 0.15)},
)


def collect(
    name: str, generation: Generation, embedder: Embedder, questions: Path, cache_dir: Path | None = None
) -> tuple[Sample, Sample]:
    """Return what the fusion and the linear reranker see of each question's candidates."""
    retriever = Retriever(generation, embedder, cache_dir=cache_dir)
    chunks = generation.catalogue.chunks(range(generation.manifest.counts.chunks))
    doc_of_article = {
        article_id: article.doc_id
        for article_id in dict.fromkeys(chunk.article_id for chunk in chunks)
        if (article := generation.catalogue.article(article_id))
    }
    doc_of = [doc_of_article[chunk.article_id] for chunk in chunks]
    wide: list[Floats] = []
    narrow: list[Floats] = []
    wide_docs: list[list[str]] = []
    narrow_docs: list[list[str]] = []
    golds, coverages = [], []
    for question in read_questions(questions):
        weighed = retriever.gather_candidates(Query(question.text))
        wide.append(weighed.found.features().astype(np.float64))
        wide_docs.append([doc_of[row] for row in weighed.found.rows])
        narrow.append(weighed.features.astype(np.float64))
        narrow_docs.append([doc_of[candidate.chunk.row] for candidate in weighed.candidates[: len(weighed.features)]])
        golds.append(set(question.gold_docs))
        coverages.append(weighed.found.coverage)
    return (
        make_sample(name, wide, wide_docs, golds, coverages),
        make_sample(name, narrow, narrow_docs, golds, coverages),
    )


def native_of(values: dict[str, Any] | None) -> dict[str, Floats | None]:
    """Return the weights for questions in the archive's words that the file has; None where all are to be learnt."""
    if values is None:
        return {"fusion": None, "reranker": None}
    return {key: np.array([weights for weights, _foreign in values[key].values()]) for key in ("fusion", "reranker")}


def names_of(listing: Sequence[str]) -> set[str]:
    return {line.split(":")[0] for line in listing}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", nargs=2, action="append", type=Path, required=True, metavar=("CORPUS", "QUESTIONS"))
    parser.add_argument("--cache", type=Path, required=True, help="folder for the indexes of the corpora")
    parser.add_argument("--ablate", action="store_true", help="also without each feature, learnt on the others")
    parser.add_argument("--keep-native", action="store_true", help="learn the foreign weights only")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    settings = load_settings()
    before = json.loads(MODEL.read_text("utf-8"))
    embedder = load_embedder(settings.embedding_model, settings.cache_dir)
    fusion: list[Sample] = []
    light: list[Sample] = []
    listing: list[str] = []
    for corpus, questions in options.data:
        name = f"{corpus.parent.name}/{questions.name}"
        folder = options.cache / corpus.parent.name
        build_index([corpus], folder, embedder)
        generation = open_generation(folder, embedder=embedder.spec)
        both = collect(name, generation, embedder, questions, settings.cache_dir)
        for samples, sample in zip((fusion, light), both, strict=True):
            samples.append(sample)
        listing.append(f"{name}: {fusion[-1].count} questions, {checksum(questions)}; corpus {checksum(corpus)}")
        generation.close()
        print(listing[-1], flush=True)
    corpora = [corpus for corpus, _questions in options.data]
    learnt: list[Floats] = []
    native = native_of(before if options.keep_native else None)
    stages: tuple[tuple[str, list[Sample], Sequence[str]], ...] = (
        ("fusion", fusion, FUSION),
        ("reranker", light, FEATURES),
    )
    for title, samples, names in stages:
        print(f"\n{title}, learnt on the other corpora")
        for sample, corpus in zip(samples, corpora, strict=True):
            others = [other for other, its in zip(samples, corpora, strict=True) if its != corpus]
            if others:
                print(told(sample, fit(others, names, SIGNS, native[title])), flush=True)
        learnt.append(fit(samples, names, SIGNS, native[title]))
        print(f"{title}, learnt on all")
        for sample in samples:
            print(told(sample, learnt[-1]))
        if options.ablate and len(names) > 2:
            for column, feature in enumerate(names):
                print(f"without {feature}, learnt on all")
                silenced = [without(sample, column) for sample in samples]
                weights = fit(silenced, names, SIGNS, native[title])
                for sample in silenced:
                    print(told(sample, weights))
    kept = [line for line in before["learnt_on"] if options.keep_native and line.split(":")[0] not in names_of(listing)]
    values: dict[str, object] = {"learnt_on": kept + [f"{line}{' (foreign weights)' * bool(kept)}" for line in listing]}
    for (key, _samples, names), weights in zip(stages, learnt, strict=True):
        halves = weights.reshape(2, -1).round(4)
        values[key] = {name: [float(halves[0, at]), float(halves[1, at])] for at, name in enumerate(names)}
    text = json.dumps(values, ensure_ascii=False, indent=1)
    print(text)
    if options.write:
        MODEL.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
