"""Learns how well a sentence answers, and when to refuse; writes both to rag/evidence/weights.json.

    python tests/training/train_sentence_ranker.py --cache DIR --data CORPUS QUESTIONS [--data …] [--curve FILE.svg] [--write]

CORPUS and QUESTIONS have the form of `wenju eval retrieval`; questions need `answers` (or `answers_zh`, where those of the
archive's language differ) or an `evidence` sentence.

First the weights of the sentences' features: of the sentences of the passages retrieved, one that has an answer and stands
in a gold document is right. Then how likely the best sentence is to answer, two logistic regressions over
rag.evidence.answerability's signs. Its questions without an answer are made from those with one, in the two ways in which an archive fails:
the gold documents are taken away, or only the sentences that have the answer, which leaves the right article and no answer.
Every data set is judged by what was learnt on the others. The curve shows, for every threshold, how many of the answerable
questions are refused and how many of the others are not.
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
from scipy.optimize import minimize

sys.path.insert(0, str(Path(__file__).parents[2]))

from ranking_loss import Floats, Sample, Signs, checksum, fit, make_sample

from index.build import build_index
from index.embedding.embedder import Embedder, load_embedder
from index.language.normalise import normalise
from index.store import Generation, open_generation
from rag.config import load_settings
from rag.evidence.answerability import ANSWERABILITY_FEATURES, answerability_features
from rag.evidence.sentence_ranking import (
    KINDS,
    PASSAGES_READ,
    SENTENCE_FEATURES,
    SentenceFeatures,
    extract_sentence_features,
    ranked,
)
from rag.records import Query
from rag.retrieval.linear_model import WEIGHTS_FILE, Weights
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
MISSING = ("", "document", "sentence")
"""What is taken away from a question's material."""
PENALTY = 1e-3
_MARKS = re.compile(r"[^\w%.]+")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its sentences.

    Args:
        is_right: (n,) which sentences answer.
        is_gold: (n,) which stand in a gold document.
    """

    retrieval: Retrieval
    weighing: SentenceFeatures
    is_right: np.ndarray[Any, np.dtype[np.bool_]]
    is_gold: np.ndarray[Any, np.dtype[np.bool_]]


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
        retrieval = retriever.retrieve(Query(line["question"], top_k=PASSAGES_READ))
        weighing = extract_sentence_features(retrieval, generation.lexical, generation.lexicon)
        if weighing.sentences:
            golds = set(line["gold_docs"])
            is_gold = np.array([sentence.passage.doc_id in golds for sentence in weighing.sentences])
            is_right = is_gold & np.array([answers(line, sentence.text) for sentence in weighing.sentences])
            asked.append(Asked(retrieval, weighing, is_right, is_gold))
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


def signs_of(asked: Sequence[Asked], weights: Floats) -> tuple[Floats, Floats, list[str]]:
    """Return ((m, signs), (m,) whether the best sentence answers, what is missing), for each question in each way."""
    halves = weights.reshape(2, -1).astype(np.float32)
    scale = Weights(halves[0], halves[1])
    rows, right, missing = [], [], []
    standing, gap = SENTENCE_FEATURES.index("standing"), SENTENCE_FEATURES.index("cosine_gap")
    for one in asked:
        for what in MISSING:
            kept = {"": np.ones_like(one.is_gold), "document": ~one.is_gold, "sentence": ~one.is_right}[what]
            if not kept.any():
                continue
            features = one.weighing.features[kept].copy()
            features[:, [standing, gap]] -= features[:, [standing, gap]].max(axis=0)
            sentences = tuple(np.array(one.weighing.sentences, object)[kept])
            found = ranked(SentenceFeatures(sentences, features), scale.score(features, one.retrieval.coverage))
            rows.append(answerability_features(one.retrieval, found))
            best = sentences.index(next(s for s in sentences if s.start == found[0].start and s.text == found[0].text))
            right.append(float(one.is_right[kept][best]))
            missing.append(what)
    return np.array(rows), np.array(right), missing


def fit_stages(parts: Sequence[tuple[Floats, Floats, list[str]]]) -> Floats:
    """Return (2, signs + 1): the logistic weights of rag.evidence.answerability.STAGES, each with its constant."""
    found, said = [], []
    for rows, right, missing in parts:
        gone = np.array(missing)
        found.append((rows, (gone != "document").astype(float)))
        said.append((rows[gone != "document"], right[gone != "document"]))
    return np.array([fit_logistic(found), fit_logistic(said)])


def fit_logistic(parts: Sequence[tuple[Floats, Floats]]) -> Floats:
    """Return (signs + 1,): the weights of the signs and a constant; every data set counts the same."""
    rows = np.concatenate([rows for rows, _right in parts])
    right = np.concatenate([right for _rows, right in parts])
    counts = np.concatenate([np.full(len(right), 1 / len(right) / len(parts)) for _rows, right in parts])
    mean, spread = rows.mean(axis=0), np.maximum(rows.std(axis=0), 1e-9)
    table = np.c_[(rows - mean) / spread, np.ones(len(rows))]

    def loss(weights: Floats) -> tuple[float, Floats]:
        logits = table @ weights
        value = float(counts @ (np.logaddexp(0, logits) - right * logits)) + PENALTY * float(
            weights[:-1] @ weights[:-1]
        )
        slope = counts * (1 / (1 + np.exp(-logits)) - right)
        return value, table.T @ slope + 2 * PENALTY * np.r_[weights[:-1], 0]

    bounds = [(0, None)] * rows.shape[1] + [(None, None)]
    found = minimize(loss, np.zeros(table.shape[1]), jac=True, method="L-BFGS-B", bounds=bounds)
    weights = found.x[:-1] / spread
    return np.asarray(np.r_[weights, found.x[-1] - weights @ mean])


def probability(rows: Floats, weights: Floats) -> Floats:
    return np.asarray(np.prod(1 / (1 + np.exp(-(rows @ weights[:, :-1].T + weights[:, -1]))), axis=1))


def told(name: str, part: tuple[Floats, Floats, list[str]], weights: Floats) -> str:
    """One line: calibration and, where 6 % of the answerable are refused, how many of the others are."""
    rows, right, missing = part
    chance = probability(rows, weights)
    gone = np.array(missing)
    threshold = float(np.quantile(chance[gone == ""], 0.06))
    bins = np.minimum((chance * 10).astype(int), 9)
    error = sum(
        abs(chance[bins == b].mean() - right[bins == b].mean()) * (bins == b).mean() for b in set(bins.tolist())
    )
    shares = {what: float((chance[gone == what] < threshold).mean()) for what in MISSING[1:]}
    return (
        f"{name:34} expected calibration error {error:.3f}; at 6 % false refusals (p < {threshold:.2f}) refused without "
        f"document {shares['document']:.3f}, without sentence {shares['sentence']:.3f}"
    )


def draw(parts: Sequence[tuple[str, Floats, list[str]]]) -> str:
    """Return an SVG: refused of the answerable (x) against refused of the others (y) for every threshold."""
    colours = ("#1b5e8c", "#b3541e", "#2e7d32", "#6a1b9a", "#00838f", "#8d6e63")
    lines = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 460 430" font-family="sans-serif" font-size="12">',
        '<rect width="460" height="430" fill="white"/><path d="M50 10V370H440" fill="none" stroke="#444"/>',
        *(f'<text x="{45 + 38 * n}" y="388">{n / 20:.2f}</text>' for n in range(0, 11, 2)),
        *(f'<text x="18" y="{374 - 36 * n}">{n / 10:.1f}</text>' for n in range(0, 11, 2)),
        '<text x="130" y="408">refused of the answerable questions</text>',
        '<text x="14" y="300" transform="rotate(-90 14 300)">refused of the others</text>',
    ]
    for number, (name, chance, missing) in enumerate(parts):
        gone = np.array(missing)
        there, away = np.sort(chance[gone == ""]), chance[gone != ""]
        points = [
            (50 + 760 * share, 370 - 360 * float((away < np.quantile(there, share)).mean()))
            for share in np.linspace(0, 0.5, 51)
        ]
        path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
        lines.append(f'<path d="{path}" fill="none" stroke="{colours[number % 6]}" stroke-width="2"/>')
        lines.append(f'<text x="250" y="{250 + 16 * number}" fill="{colours[number % 6]}">{name}</text>')
    return "\n".join([*lines, "</svg>"]) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", nargs=2, action="append", type=Path, required=True, metavar=("CORPUS", "QUESTIONS"))
    parser.add_argument("--cache", type=Path, required=True, help="folder for the indexes of the corpora")
    parser.add_argument("--curve", type=Path, help="where to draw the curve")
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
    parts = [signs_of(asked, weights) for _name, _corpus, asked in sets]
    chance = fit_stages(parts)
    curves = []
    for number, (name, corpus, asked) in enumerate(sets):
        others = [place for place, other in enumerate(sets) if other[1] != corpus]
        apart = fit([samples[place] for place in others], SENTENCE_FEATURES, SIGNS) if others else weights
        ranks, best = samples[number].ranks(apart), samples[number].ranks(weights)
        print(
            f"{name:34} first sentence answers: learnt on the others {(ranks == 1).mean():.3f}, on all {(best == 1).mean():.3f}; two {(best <= 2).mean():.3f}"
        )
        apart_chance = fit_stages([signs_of(sets[place][2], apart) for place in others]) if others else chance
        part = signs_of(asked, apart)
        print(told(name, part, apart_chance), flush=True)
        curves.append((name, probability(part[0], apart_chance), part[2]))
    halves = weights.reshape(2, -1).round(4)
    values = {
        "learnt_on": listing,
        "sentence": {name: [float(halves[0, at]), float(halves[1, at])] for at, name in enumerate(SENTENCE_FEATURES)},
        "answerable": {
            name: chance[:, at].round(4).tolist() for at, name in enumerate((*ANSWERABILITY_FEATURES, "constant"))
        },
    }
    text = json.dumps(values, ensure_ascii=False, indent=1)
    print(text)
    if options.curve:
        options.curve.write_text(draw(curves), "utf-8")
    if options.write:
        MODEL.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
