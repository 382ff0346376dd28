"""Learns what the conditions of a question are worth beside the probability that a sentence answers; writes it to rag/evidence/weights.json.

    python tests/training/calibrate_conditions.py --data INDEX QUESTIONS [--data …] [--rows FILE.jsonl] [--write]

INDEX is an index folder of an archive that neither the reader nor the verifier was trained on, QUESTIONS as for `wenju eval answers`; those
that are not "answerable" there are near misses: questions about the same people, places and figures for what the archive does not
tell. By cross-validation over groups of questions about the same text. --rows keeps what was found, so that a run goes on where it
was stopped. Of sentences of another thing by its name or number nothing is learnt: they are refused.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from calibrate_answers import (
    MODEL,
    Floats,
    area,
    cross_validated,
    fit_logistic,
    folds_of,
    told,
    weigh,
)
from train_sentence_ranker import answers

from index.embedding.embedder import load_embedder
from index.store import open_generation
from rag.answer import Answerer
from rag.config import load_settings
from rag.evidence.answerability import CONDITION_FEATURES, answer_probability, condition_features
from rag.evidence.conditions import find_fulfilment
from rag.evidence.decision import constrain
from rag.evidence.sentence_ranking import RANKED_PASSAGES, find_evidence
from rag.records import Query
from rag.service.factory import passage_reader


@dataclass(frozen=True, slots=True)
class Row:
    """A question with the sentence that would answer it.

    Args:
        features: of it, in the order of CONDITION_FEATURES; None where no sentence passes the rules.
        is_of_another: it is of another thing by its name or number.
        is_right: it answers.
    """

    id: str
    group: str
    is_answerable: bool
    features: tuple[float, ...] | None
    is_of_another: bool
    is_right: bool


def collect(index: Path, questions: Path, known: set[str]) -> Iterator[Row]:
    """Yield a row for each question that is not known yet."""
    settings = load_settings()
    generation = open_generation(index)
    embedder = load_embedder(settings.embedding_model, settings.cache_dir)
    answerer = Answerer(generation, embedder, None, reader=passage_reader(settings))
    for line in map(json.loads, questions.read_text("utf-8").splitlines()):
        name = f"{questions.name}:{line.get('_id') or line['id']}"
        if name in known:
            continue
        retrieval = answerer.retriever.retrieve(Query(line["question"], top_k=RANKED_PASSAGES), reads=True)
        ranked = find_evidence(retrieval, generation.lexical, generation.lexicon)
        _dated, _sided, kept = constrain(retrieval, ranked, generation)
        group, is_answerable = str(line.get("group", name)), bool(line.get("answerable", True))
        if not kept:
            yield Row(name, group, is_answerable, None, False, False)
            continue
        best, analysis = kept[0], retrieval.analysis
        of_story = analysis.answer_form != "fact"
        probability = answer_probability(retrieval, kept, generation.lexicon, of_story=of_story)
        found = find_fulfilment(analysis, best, retrieval.articles[best.passage.article_id], answerer.archive)
        features = tuple(condition_features(probability, found))
        yield Row(
            name, group, is_answerable, features, found.is_of_another, _is_right(line, best.passage.doc_id, best.text)
        )


def _is_right(line: dict[str, Any], source: str, sentence: str) -> bool:
    golds = set(line.get("gold_docs") or ())
    is_gold = not golds or source in golds
    return bool(line.get("answerable", True)) and is_gold and answers({**line, "evidence": None}, sentence)


def report(rows: Sequence[Row]) -> Floats:
    """Print what the conditions change, by cross-validation; return the weights, the constant last."""
    passes = np.array([row.features is not None and not row.is_of_another for row in rows])
    table = np.array([row.features or (0.0,) * len(CONDITION_FEATURES) for row in rows])
    right = np.array([float(row.is_right) for row in rows])
    answerable = np.array([row.is_answerable for row in rows])
    folds = folds_of([row.group for row in rows])
    counts = weigh(answerable) * passes
    before = np.array([1 / (1 + np.exp(-row.features[0])) if row.features else 0.0 for row in rows])
    for name, chance in (
        ("without conditions", before),
        ("with them", cross_validated(table, right, counts, folds) * passes),
        ("the probability alone", cross_validated(table[:, :1], right, counts, folds) * passes),
    ):
        print(f"{told(name, chance, right, answerable, len(rows))}, area under the curve {area(chance, right):.3f}")
    of_another = [row for row in rows if row.is_of_another]
    print(f"of another thing: {len(of_another)}, of them right: {sum(row.is_right for row in of_another)}")
    return fit_logistic(table[passes], right[passes], counts[passes])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", nargs=2, action="append", type=Path, default=[], metavar=("INDEX", "QUESTIONS"))
    parser.add_argument("--rows", type=Path, help="where what was found is kept")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    kept = options.rows.read_text("utf-8").splitlines() if options.rows and options.rows.exists() else []
    rows = [Row(**json.loads(line)) for line in kept]
    for index, questions in options.data:
        for row in collect(index, questions, {row.id for row in rows}):
            rows.append(row)
            if options.rows:
                with options.rows.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(asdict(row), ensure_ascii=False) + "\n")
    weights = report(rows)
    names = [*CONDITION_FEATURES, "constant"]
    named = {name: round(float(weight), 4) for name, weight in zip(names, weights, strict=True)}
    print(named)
    if options.write:
        stored = json.loads(MODEL.read_text("utf-8"))
        stored["conditions"] = named
        MODEL.write_text(json.dumps(stored, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
