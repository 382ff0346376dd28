"""Learns what the reader's odds are worth beside retrieval and rules; writes it to rag/evidence/weights.json.

    python tests/training/calibrate_answers.py --data INDEX QUESTIONS [--data …] [--test INDEX QUESTIONS …] [--curve FILE.svg] [--write]

INDEX is an index folder of an archive that the reader was not trained on, QUESTIONS as for `wenju eval answers`; those that are not
"answerable" there must be refused. First the weights by which a sentence's linear score, its passage's odds and its share of the
answer's places add up, then the logistic regression of rag.evidence.answerability (for a story: whether its article tells of what is
asked, by what the retrieval sees), both by cross-validation over groups of questions
about the same text, and with each source of features left out. --test only measures. The curve shows how often the best sentence is right, by what it
was given for probability.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

sys.path.insert(0, str(Path(__file__).parents[2]))

from train_sentence_ranker import answers, squeeze

from index.embedding.embedder import load_embedder, usable_cores
from index.store import Generation, open_generation
from rag.config import Settings, load_settings
from rag.evidence.answerability import ANSWERABILITY_FEATURES, answerability_features, threshold
from rag.evidence.decision import constrain
from rag.evidence.grounding import WRONG_COST
from rag.evidence.sentence_ranking import (
    RANKED_PASSAGES,
    READING_FEATURES,
    SENTENCE_FEATURES,
    SentenceFeatures,
    extract_sentence_features,
    ranked,
    with_readings,
)
from rag.records import Query
from rag.retrieval.linear_model import WEIGHTS_FILE, read_weights
from rag.retrieval.retriever import Retrieval, Retriever
from rag.service.factory import passage_reader

MODEL = Path(__file__).parents[2] / "rag/evidence" / WEIGHTS_FILE
FOLDS = 5
PENALTY = 0.003
ANSWERABLE_SHARE = 0.75
"""Share of the questions asked that the archive answers, to which the questions of the data are weighed."""
STORY_SHARE = 0.85
"""The same of stories: who wants one told knows of it."""
WITHOUT = {
    "all": (),
    "reader off": ANSWERABILITY_FEATURES[:3],
    "rules off": ("of_kind", "strength"),
    "retrieval off": ("term_coverage", "context_coverage", "heaviest_missing_term", "centred_cosine", "share"),
}
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the sentences found for it.

    Args:
        table: (n, len(READING_FEATURES)).
        is_right: (n,) which of them answer.
        golds: ids of the documents that tell of what is asked, whether or not they answer.
    """

    line: dict[str, Any]
    group: str
    retrieval: Retrieval
    found: SentenceFeatures
    table: Floats
    is_right: npt.NDArray[np.bool_]
    golds: frozenset[str]

    @property
    def is_answerable(self) -> bool:
        return bool(self.line.get("answerable", True))


def collect(generation: Generation, questions: Path, settings: Settings) -> list[Asked]:
    """Return the questions with the sentences of the passages retrieved and read for them."""
    embedder = load_embedder(settings.embedding_model, settings.cache_dir)
    retriever = Retriever(generation, embedder, passage_reader(settings), settings.cache_dir)
    linear = read_weights("rag.evidence", "sentence", SENTENCE_FEATURES)

    def look(line: dict[str, Any]) -> Asked | None:
        retrieval = retriever.retrieve(Query(line["question"], top_k=RANKED_PASSAGES), reads=True)
        found = extract_sentence_features(retrieval, generation.lexical, generation.lexicon)
        if not found.sentences:
            return None
        table = with_readings(found, linear.score(found.features, retrieval.coverage)).astype(np.float64)
        golds = set(line.get("gold_docs") or ())
        right = [
            (not golds or sentence.passage.doc_id in golds) and _is_right(line, sentence.text)
            for sentence in found.sentences
        ]
        group = str(line.get("group", line["question"]))
        return Asked(line, group, retrieval, found, table, np.array(right), frozenset(golds or {group}))

    lines = [json.loads(line) for line in questions.read_text("utf-8").splitlines()]
    with ThreadPoolExecutor(usable_cores()) as pool:
        return [one for one in pool.map(look, lines) if one]


def _is_right(line: dict[str, Any], sentence: str) -> bool:
    if not line.get("answerable", True):
        return False
    evidence = line.get("evidence")
    if evidence and not line.get("answers"):
        return any(squeeze(one) in squeeze(sentence) or squeeze(sentence) in squeeze(one) for one in evidence)
    return answers({**line, "evidence": None}, sentence)


def fit_ranking(asked: Sequence[Asked]) -> Floats:
    """Return (len(READING_FEATURES),) under which the softmax of the right sentences' scores is greatest."""
    useful = [one for one in asked if one.is_right.any()]

    def loss(weights: Floats) -> tuple[float, Floats]:
        total, slope = 0.0, np.zeros(len(weights))
        for one in useful:
            scores = one.table @ weights
            powers = np.exp(scores - scores.max())
            shares = powers / powers.sum()
            right = powers * one.is_right / (powers @ one.is_right)
            total -= float(np.log(shares @ one.is_right))
            slope += one.table.T @ (shares - right)
        return total / len(useful) + 1e-3 * float(weights @ weights), slope / len(useful) + 2e-3 * weights

    found = minimize(loss, np.full(len(READING_FEATURES), 0.5), jac=True, method="L-BFGS-B", bounds=[(0, None)] * 3)
    return np.asarray(found.x)


def features_of(one: Asked, weights: Floats, generation: Generation) -> tuple[list[float], bool, bool] | None:
    """Return the features of the best sentence that the rules let pass, whether it is right, whether its article is.

    None where none passes.
    """
    ranking = ranked(one.found, (one.table @ weights).astype(np.float32))
    _dated, _sided, kept = constrain(one.retrieval, ranking, generation)
    if not kept:
        return None
    right = {
        (sentence.passage.chunk_id, sentence.sentence_index)
        for sentence, is_right in zip(one.found.sentences, one.is_right, strict=True)
        if is_right
    }
    is_right = (kept[0].passage.chunk_id, kept[0].sentence_index) in right
    is_gold = kept[0].passage.doc_id in one.golds
    return answerability_features(one.retrieval, kept, generation.lexicon), is_right, is_gold


def fit_logistic(rows: Floats, right: Floats, counts: Floats) -> Floats:
    """Return (features + 1,): the weights of the features and a constant."""
    mean, spread = rows.mean(axis=0), np.maximum(rows.std(axis=0), 1e-9)
    table = np.c_[(rows - mean) / spread, np.ones(len(rows))]
    counts = counts / counts.sum()

    def loss(weights: Floats) -> tuple[float, Floats]:
        logits = table @ weights
        value = float(counts @ (np.logaddexp(0, logits) - right * logits)) + PENALTY * float(
            weights[:-1] @ weights[:-1]
        )
        slope = counts * (1 / (1 + np.exp(-logits)) - right)
        return value, table.T @ slope + 2 * PENALTY * np.r_[weights[:-1], 0]

    found = minimize(loss, np.zeros(table.shape[1]), jac=True, method="L-BFGS-B").x
    weights = found[:-1] / spread
    return np.asarray(np.r_[weights, found[-1] - weights @ mean])


def weigh(answerable: npt.NDArray[np.bool_], wanted: float = ANSWERABLE_SHARE) -> Floats:
    """Return (n,) what each question counts, so that the wanted share of the weight lies on the answerable ones."""
    share = float(answerable.mean())
    return np.where(answerable, wanted / max(share, 1e-9), (1 - wanted) / max(1 - share, 1e-9))


def chances(rows: Floats, weights: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-(rows @ weights[:-1] + weights[-1]))))


def folds_of(groups: Sequence[str]) -> npt.NDArray[np.int64]:
    """Return (n,) the fold of each row, those of a group in one."""
    numbers = {group: number for number, group in enumerate(sorted(set(groups)))}
    return np.array([numbers[group] * 7919 % 104729 % FOLDS for group in groups])


def cross_validated(rows: Floats, right: Floats, counts: Floats, folds: npt.NDArray[np.int64]) -> Floats:
    """Return (n,) the probability of each row by what was learnt on the other folds."""
    found = np.zeros(len(rows))
    for fold in range(FOLDS):
        apart = folds != fold
        found[~apart] = chances(rows[~apart], fit_logistic(rows[apart], right[apart], counts[apart]))
    return found


def told(name: str, chance: Floats, right: Floats, answerable: npt.NDArray[np.bool_], total: int) -> str:
    """One line: what is right, refused wrongly and refused rightly at the default cost; and how far the chances are off."""
    answered = chance >= threshold(WRONG_COST)
    bins = np.minimum((chance * 10).astype(int), 9)
    error = sum(
        abs(chance[bins == b].mean() - right[bins == b].mean()) * (bins == b).mean() for b in set(bins.tolist())
    )
    parts = [f"{name:28} {total} questions"]
    if answerable.any():
        parts.append(
            f"right {np.mean((right * answered)[answerable]):.3f} refused {1 - answered[answerable].mean():.3f}"
        )
    if not answerable.all():
        parts.append(f"unanswerable refused {1 - answered[~answerable].mean():.3f}")
    return ", ".join([*parts, f"calibration error {error:.3f}"])


def area(chance: Floats, right: Floats) -> float:
    """Area under the ROC curve."""
    order = chance.argsort().argsort() + 1.0
    positive = right > 0.5
    count = float(positive.sum())
    return float((order[positive].sum() - count * (count + 1) / 2) / (count * (len(right) - count)))


def draw(chance: Floats, right: Floats) -> str:
    """Return an SVG: the share that is right (y) among what was given a probability (x), with the number of questions."""
    lines = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 430 430" font-family="sans-serif" font-size="12">',
        '<rect width="430" height="430" fill="white"/><path d="M50 10V370H410" fill="none" stroke="#444"/>',
        '<path d="M50 370L410 10" stroke="#999" stroke-dasharray="4"/>',
        *(f'<text x="{44 + 72 * n}" y="388">{n / 5:.1f}</text>' for n in range(6)),
        *(f'<text x="22" y="{374 - 72 * n}">{n / 5:.1f}</text>' for n in range(6)),
        '<text x="150" y="408">probability given</text>',
        '<text x="14" y="260" transform="rotate(-90 14 260)">share that is right</text>',
    ]
    bins = np.minimum((chance * 10).astype(int), 9)
    points = [
        (50 + 360 * chance[bins == b].mean(), 370 - 360 * right[bins == b].mean(), (bins == b).sum())
        for b in sorted(set(bins.tolist()))
    ]
    lines.append(
        f'<path d="M{"L".join(f"{x:.1f} {y:.1f}" for x, y, _n in points)}" fill="none" stroke="#1b5e8c" stroke-width="2"/>'
    )
    lines += [
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="#1b5e8c"/><text x="{x + 6:.1f}" y="{y + 14:.1f}">{n}</text>'
        for x, y, n in points
    ]
    return "\n".join([*lines, "</svg>"]) + "\n"


@dataclass(frozen=True, slots=True)
class Table:
    """All questions as rows.

    Args:
        rows: (n, features) of the best sentence; zeros where the rules let none pass, which is refused whatever the weights.
        passes, right, answerable: (n,) whether one passes, whether it is right, whether one could be.
        told_of: (n,) whether its article tells of what is asked.
        groups, names: (n,) of the text that is asked about, and of the set.
    """

    rows: Floats
    passes: npt.NDArray[np.bool_]
    right: Floats
    answerable: npt.NDArray[np.bool_]
    told_of: Floats
    groups: list[str]
    names: npt.NDArray[np.str_]

    @property
    def counts(self) -> Floats:
        return weigh(self.answerable) * self.passes


def table_of(sets: Sequence[tuple[str, Generation, list[Asked]]], weights: Floats) -> Table:
    """Return the features of the best sentence of each question, and what is known of it."""
    made = [(name, one, features_of(one, weights, generation)) for name, generation, asked in sets for one in asked]
    nothing = [0.0] * len(ANSWERABILITY_FEATURES)
    return Table(
        rows=np.array([found[0] if found else nothing for _name, _one, found in made]),
        passes=np.array([found is not None for _name, _one, found in made]),
        right=np.array([float(found[1]) if found else 0.0 for _name, _one, found in made]),
        answerable=np.array([one.is_answerable for _name, one, _found in made]),
        told_of=np.array([float(found[2]) if found else 0.0 for _name, _one, found in made]),
        groups=[one.group for _name, one, _found in made],
        names=np.array([name for name, _one, _found in made]),
    )


def tell(table: Table, chance: Floats, intro: str) -> None:
    """Print one line for each set."""
    for name in dict.fromkeys(table.names.tolist()):
        here = table.names == name
        print(intro + told(name, chance[here], table.right[here], table.answerable[here], int(here.sum())))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", nargs=2, action="append", type=Path, required=True, metavar=("INDEX", "QUESTIONS"))
    parser.add_argument("--test", nargs=2, action="append", type=Path, default=[], metavar=("INDEX", "QUESTIONS"))
    parser.add_argument("--curve", type=Path, help="where to draw the reliability curve")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    settings = load_settings()

    def gather(pairs: Sequence[Sequence[Path]]) -> list[tuple[str, Generation, list[Asked]]]:
        sets = []
        for index, questions in pairs:
            generation = open_generation(index)
            sets.append((questions.name, generation, collect(generation, questions, settings)))
            print(f"{questions.name}: {len(sets[-1][2])} questions", flush=True)
        return sets

    sets = gather(options.data)
    weights = fit_ranking([one for _name, _generation, asked in sets for one in asked])
    print(dict(zip(READING_FEATURES, weights.round(3).tolist(), strict=True)))
    table = table_of(sets, weights)
    folds = folds_of(table.groups)
    for without, columns in WITHOUT.items():
        used = [place for place, name in enumerate(ANSWERABILITY_FEATURES) if name not in columns]
        chance = cross_validated(table.rows[:, used], table.right, table.counts, folds) * table.passes
        print(f"{without}: area under the curve {area(chance, table.right):.3f}")
        tell(table, chance, "  ")
        if options.curve and without == "all":
            options.curve.write_text(draw(chance[table.passes], table.right[table.passes]), "utf-8")
    learnt = fit_logistic(table.rows, table.right, table.counts)
    in_story = np.array([name in WITHOUT["retrieval off"] for name in ANSWERABILITY_FEATURES])
    story = np.zeros(len(learnt))
    story[np.r_[in_story, True]] = fit_logistic(
        table.rows[:, in_story], table.told_of, weigh(table.told_of > 0, STORY_SHARE) * table.passes
    )
    if options.test:
        tested = table_of(gather(options.test), weights)
        tell(tested, chances(tested.rows, learnt) * tested.passes, "test  ")
    values = json.loads(MODEL.read_text("utf-8"))
    values["read"] = {name: [round(float(one), 4)] * 2 for name, one in zip(READING_FEATURES, weights, strict=True)}
    values["answerable"] = {
        name: [round(float(one), 4), round(float(other), 4)]
        for name, one, other in zip((*ANSWERABILITY_FEATURES, "constant"), learnt, story, strict=True)
    }
    print(json.dumps({key: values[key] for key in ("read", "answerable")}, indent=1))
    if options.write:
        MODEL.write_text(json.dumps(values, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
