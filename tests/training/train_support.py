"""Learns how likely sentences are to support a statement; writes it to rag/verification/weights.json.

    python tests/training/train_support.py --data INDEX QUESTIONS STATEMENTS [--data …] [--test INDEX QUESTIONS STATEMENTS …] [--write]

INDEX is an index folder, QUESTIONS as for `wenju eval answers`, STATEMENTS JSON lines of what an LLM might answer to them:
{"q": question id, "s": "statement …[3]。", "right": bool, "kind": …, "plant": what is wrong with it, "lang": "zh"|"en"}, written
from the passages that are retrieved for the question; its markers count them. A statement is laid beside its passages as the
verifier does it; the sentences that are tried first and pass the exact rules, else those tried first, give its features. Of
statements that only announce others, or say what the reports do not tell, nothing is learnt. By cross-validation over
questions; --test only measures. The table tells, for some thresholds, the share of right statements that is lost (to the rules
alone in brackets) and of wrong ones that is shown, by what is wrong with them.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from calibrate_answers import Floats, area, chances, cross_validated, fit_logistic, folds_of

from index.embedding.embedder import load_embedder
from index.store import open_generation
from rag.answer import Answerer
from rag.config import load_settings
from rag.evaluation.questions import read_objects, read_questions
from rag.evidence.grounding import Grounder
from rag.records import Query, Timings
from rag.retrieval.linear_model import WEIGHTS_FILE
from rag.service.factory import answer_options, passage_reader
from rag.verification.cross_language import CROSS_LANGUAGE_FEATURES
from rag.verification.foreign_trials import ForeignTrials
from rag.verification.judgement import SUPPORT_FEATURES
from rag.verification.native_trials import NativeTrials
from rag.verification.statements import StatementSplitter
from rag.verification.trials import Trial
from rag.verification.verifier import Verifier

MODEL = Path(__file__).parents[2] / "rag/verification" / WEIGHTS_FILE
NAMES = {"native": SUPPORT_FEATURES, "foreign": CROSS_LANGUAGE_FEATURES}
UNLEARNT = frozenset({"leadin", "negative"})
GROUPS = {
    "figures": ("figure", "date", "trend", "period", "unit", "year", "time"),
    "roles": ("person", "office", "body", "place", "list member", "subject", "attribute", "name"),
}
THRESHOLDS = (0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5)


@dataclass(frozen=True, slots=True)
class Row:
    """A statement with what the verifier sees of it.

    Args:
        kind: whether it is in the language of its passages.
        group: what is wrong with it; "right" where nothing is.
        passes: whether exact rules find nothing against it.
    """

    kind: str
    question: str
    group: str
    passes: bool
    features: Floats


def group_of(plant: str) -> str:
    """What is wrong: figures and dates; who, what and where; or how it is so."""
    return next((name for name, kinds in GROUPS.items() if any(kind in plant for kind in kinds)), "relations")


def collect(index: Path, questions: Path, statements: Path) -> Iterator[Row]:
    """Yield the statements of one archive as rows."""
    settings = load_settings()
    generation = open_generation(index)
    embedder = load_embedder(settings.embedding_model, settings.cache_dir)
    answerer = Answerer(generation, embedder, None, answer_options(settings), passage_reader(settings))
    grounder = Grounder(answerer.retriever, generation, answerer.archive)
    texts = {question.id: question.text for question in read_questions(questions)}
    verifiers: dict[str, Verifier] = {}
    for _place, line in read_objects(statements):
        name = str(line["q"])
        if line["kind"] in UNLEARNT:
            continue
        if name not in verifiers:
            found = grounder.ground(Query(texts[name]), texts[name], Timings()).retrieval.passages
            verifiers = {name: Verifier(found, answerer.archive, texts[name])}
        splitter = StatementSplitter()
        drafts = [*splitter.feed(line["s"]), *splitter.finish()]
        tried = [(trials, trial) for trials in verifiers[name].trials(drafts[0]) for trial in trials.run()]
        best = next(((trials, trial) for trials, trial in tried if not trial.problems), tried[0] if tried else None)
        if best:
            yield _row(*best, name, "right" if line["right"] else group_of(line["plant"]))


def _row(trials: NativeTrials | ForeignTrials, trial: Trial, question: str, group: str) -> Row:
    return Row(trials.kind, question, group, not trial.problems, trials.features(trial))


def tell(name: str, rows: Sequence[Row], chance: Floats) -> None:
    """Print what each threshold loses and lets through."""
    groups = np.array([row.group for row in rows])
    passes = np.array([row.passes for row in rows])
    right = groups == "right"
    print(
        f"{name}: {len(rows)} statements, {right.sum()} right, area under the curve {area(chance, right.astype(float)):.3f}"
    )
    print(
        f"  lost to the rules alone {np.mean(~passes[right]):.3f}; wrong ones past them {np.mean(passes[~right]):.3f}"
    )
    for threshold in THRESHOLDS:
        shown = passes & (chance >= threshold)
        wrong = {
            group: f"{shown[groups == group].mean():.3f}" for group in (*GROUPS, "relations") if (groups == group).any()
        }
        print(f"  {threshold:.2f}  right lost {np.mean(~shown[right]):.3f}  wrong shown {wrong}")


def learn(rows: Sequence[Row]) -> dict[str, float]:
    """Return the weights of the features and the constant, cross-validated on the way."""
    table = np.array([row.features for row in rows])
    right = np.array([float(row.group == "right") for row in rows])
    folds = folds_of([row.question for row in rows])
    evenly = np.ones(len(rows))
    tell(rows[0].kind, rows, cross_validated(table, right, evenly, folds))
    weights = fit_logistic(table, right, evenly)
    return dict(zip([*NAMES[rows[0].kind], "constant"], weights.round(5).tolist(), strict=True))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = partial(
        parser.add_argument, nargs=3, action="append", type=Path, metavar=("INDEX", "QUESTIONS", "STATEMENTS")
    )
    add("--data", required=True)
    add("--test", default=[])
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    rows = [row for paths in options.data for row in collect(*paths)]
    learnt = {kind: learn([row for row in rows if row.kind == kind]) for kind in NAMES}
    for paths in options.test:
        tested = list(collect(*paths))
        for kind, weights in learnt.items():
            own = [row for row in tested if row.kind == kind]
            if own:
                tell(
                    f"{paths[-1].name} {kind}",
                    own,
                    chances(np.array([row.features for row in own]), np.array(list(weights.values()))),
                )
    if options.write:
        MODEL.write_text(json.dumps(learnt, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
