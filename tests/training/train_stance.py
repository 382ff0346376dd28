"""Learns whether a passage settles a question for yes or no, and which way; writes it to rag/evidence/stance.json.

    python tests/training/train_stance.py INDEX CORPUS --rows ROWS.jsonl … [--questions QUESTIONS] [--cache FILE.jsonl] [--write]

CORPUS is a file of articles (BEIR-like, .gz); ROWS are JSON lines about them, written by reading: {"t": "y", "question", "yes", "evidence",
"article"}, and statements {"t": "s"|"es", "statement", "evidence"}, false ones {"t": "w"|"ew", …, "error"}, which are asked as a question.
QUESTIONS have "answers" and "gold_docs" in CORPUS: each becomes a statement, half of them falsified by rule (corruption.py); the reader was not
trained on these, and they count more. INDEX is any other archive: its passages for the same questions settle nothing, nor do
passages of the article without the evidence. By cross-validation over articles; the table tells what is said of settled and
unsettled questions at several thresholds.
"""

import argparse
import gzip
import json
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from calibrate_answers import FOLDS, Floats, chances, cross_validated, fit_logistic, weigh
from corruption import corrupt
from passages import made_passage

from index.chunking import chunk_article
from index.embedding.embedder import load_embedder
from index.records import Article, PartialDate
from index.store import open_generation
from rag.config import load_settings
from rag.evidence.stance import STANCE_FEATURES, STANCE_FILE, lay_beside
from rag.question.language import detect_language
from rag.question.yes_no import YesNoQuestion, read_yes_no
from rag.reader.bundled import BundledReader
from rag.records import Passage, Query
from rag.retrieval.reading import header_of
from rag.retrieval.retriever import Retriever
from rag.verification.archive import archive_of

MODEL = Path(__file__).parents[2] / "rag/evidence" / STANCE_FILE
STATEMENTS = {"s": 80, "w": 150, "es": 30, "ew": 30}
"""How many rows of each kind are asked as questions."""
QUESTIONS = 250
UNSETTLED_ERRORS = frozenset({"addition"})
UNCLEAR_ERRORS = frozenset({"cause", "modality", "subject"})
"""A passage need not say otherwise than a statement that errs in this way."""
VAGUE_KINDS = frozenset({"subject", "list", "negation"})
"""Changes by rule that mostly make no sense as a question, or ask the same: 不是…吗."""
UNSEEN_COUNT = 2.0
"""What an example counts that the reader was not trained on."""
LONGEST_ANSWER = 24
THRESHOLDS = (0.4, 0.5, 0.6, 0.7, 0.8)
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Example:
    """A question beside a passage.

    Args:
        says: "yes", "no", or "nothing" of a passage that does not settle it.
        seen: whether the reader was trained on the row.
    """

    asked: YesNoQuestion
    question: str
    passage: Passage
    says: str
    group: str
    seen: bool


def passages_of(document: Row) -> list[Passage]:
    """The passages of an article as an archive cuts them."""
    day = document.get("date")
    date = PartialDate(day[:10]) if day else None
    article = Article(
        document["_id"], "", document["_id"], 0, document["text"], document.get("title") or None, date=date
    )
    return [
        made_passage(
            chunk.text, article.id, chunk_id=chunk.id, title=article.title, date=date.value if date else None,
            date_precision=date.precision if date else None, source="", start=chunk.start,
        )
        for chunk in chunk_article(article)
    ]  # fmt: skip


def examples_of_rows(
    rows: Sequence[Row], documents: dict[str, Row], retriever: Retriever, rng: random.Random
) -> Iterator[Example]:
    """Questions written for the purpose, statements asked as questions."""
    left = dict(STATEMENTS)
    for row in rows:
        kind, error = row["t"], row.get("error", "")
        if row["article"] not in documents or error in UNCLEAR_ERRORS or (kind in left and not left[kind]):
            continue
        if kind == "y":
            question, says = row["question"], "yes" if row["yes"] else "no"
            asked = read_yes_no(question)
        elif kind in left:
            left[kind] -= 1
            statement = row["statement"].rstrip("。. ")
            question = statement + ("吗？" if kind in "sw" else ", is that right?")
            asked = YesNoQuestion(statement, False, detect_language(statement))
            says = "yes" if kind in ("s", "es") else "nothing" if error in UNSETTLED_ERRORS else "no"
        else:
            continue
        if asked is None:
            continue
        evidence = row["evidence"][0][:40]
        passages = passages_of(documents[row["article"]])
        gold = [passage for passage in passages if evidence in passage.text]
        if not gold:
            continue
        yield Example(asked, question, gold[0], says, row["article"], seen=True)
        others = [passage for passage in passages if passage not in gold]
        if others and rng.random() < 1 / 3:
            yield Example(asked, question, rng.choice(others), "nothing", row["article"], seen=True)
        elif kind == "y" and rng.random() < 1 / 2:
            yield from (
                Example(asked, question, passage, "nothing", row["article"], seen=True)
                for passage in retriever.retrieve(Query(question, top_k=1)).passages
            )


def examples_of_questions(
    lines: Sequence[Row], documents: dict[str, Row], retriever: Retriever, rng: random.Random
) -> Iterator[Example]:
    """Questions for a thing, with the answer in its place: right ones, and falsified ones."""
    for line in rng.sample(lines, min(len(lines), QUESTIONS)):
        text = next((answer for answer in line["answers"] if len(answer) <= LONGEST_ANSWER), None)
        gold = next((documents[one] for one in line["gold_docs"] if one in documents), None)
        if text is None or gold is None or detect_language(line["question"]) != "zh":
            continue
        passage = next((one for one in passages_of(gold) if text in one.text), None)
        statement = _with_answer(line["question"], text)
        if passage is None or statement is None:
            continue
        made = [
            ("yes", statement),
            *(("no", false) for false, kind in corrupt(statement, gold["text"], rng, 3) if kind not in VAGUE_KINDS),
        ]
        for says, said in made:
            asked = YesNoQuestion(said, False, "zh")
            yield Example(asked, said + "吗？", passage, says, line["gold_docs"][0], seen=False)
        for found in retriever.retrieve(Query(statement + "吗？", top_k=1)).passages:
            yield Example(
                YesNoQuestion(statement, False, "zh"),
                statement + "吗？",
                found,
                "nothing",
                line["gold_docs"][0],
                seen=False,
            )


def _with_answer(question: str, answer: str) -> str | None:
    """The question with its last asking word replaced by the answer; None where it has none of the plain ones."""
    bare = question.rstrip("？?。 ")
    words = (
        "什么时候",
        "什么时间",
        "哪一天",
        "哪一年",
        "哪年",
        "何时",
        "多少",
        "谁",
        "哪里",
        "哪儿",
        "什么职位",
        "什么",
        "几",
    )
    found = [(bare.rfind(word), word) for word in words if word in bare]
    if not found:
        return None
    place, word = max(found, key=lambda one: (one[0], len(one[1])))
    return bare[:place] + answer + (bare[place + len(word) :] if word not in answer else "")


def tell(chance: Floats, so: Floats, says: Sequence[str], chosen: np.typing.NDArray[np.bool_]) -> None:
    """One line for each threshold: of each truth, what is said."""
    for threshold in THRESHOLDS:
        counts: dict[str, dict[str, int]] = {}
        for settled, is_so, truth in zip(chance[chosen], so[chosen], np.array(says)[chosen], strict=True):
            yes, no = settled * is_so, settled * (1 - is_so)
            said = "yes" if yes >= max(threshold, no) else "no" if no >= threshold else "nothing"
            counts.setdefault(truth, {}).setdefault(said, 0)
            counts[truth][said] += 1
        print(
            f"  at {threshold}: "
            + " | ".join(f"{truth}: {dict(sorted(said.items()))}" for truth, said in sorted(counts.items()))
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index", type=Path), parser.add_argument("corpus", type=Path)
    parser.add_argument("--rows", type=Path, nargs="+", default=[])
    parser.add_argument("--questions", type=Path, nargs="+", default=[])
    parser.add_argument("--cache", type=Path, help="features, kept for the next time")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    if options.cache and options.cache.exists():
        collected = [json.loads(line) for line in options.cache.read_text("utf-8").splitlines()]
    else:
        collected = list(collect(options))
    table = np.array([row["features"] for row in collected])
    says = [row["says"] for row in collected]
    seen = np.array([row["seen"] for row in collected], bool)
    groups = {group: number % FOLDS for number, group in enumerate(sorted({row["group"] for row in collected}))}
    folds = np.array([groups[row["group"]] for row in collected])
    counts = np.where(seen, 1.0, UNSEEN_COUNT)
    is_settled = np.array([truth != "nothing" for truth in says])
    is_so = np.array([truth == "yes" for truth in says])
    sided = counts.copy()  # yes is as likely as no
    sided[is_settled] *= weigh(is_so[is_settled], 0.5)
    settled = cross_validated(table, is_settled.astype(float), counts, folds)
    so = np.zeros(len(table))
    for fold in range(FOLDS):
        apart = (folds != fold) & is_settled
        so[folds == fold] = chances(
            table[folds == fold], fit_logistic(table[apart], is_so[apart].astype(float), sided[apart])
        )
    print(f"{len(table)} examples, seen by the reader:")
    tell(settled, so, says, seen)
    print("not seen:")
    tell(settled, so, says, ~seen)
    weights = {
        "settled": fit_logistic(table, is_settled.astype(float), counts),
        "so": fit_logistic(table[is_settled], is_so[is_settled].astype(float), sided[is_settled]),
    }
    names = [*STANCE_FEATURES, "constant"]
    values = {
        name: dict(zip(names, map(partial(round, ndigits=4), map(float, found)), strict=True))
        for name, found in weights.items()
    }
    print(json.dumps(values, indent=1))
    if options.write:
        MODEL.write_text(json.dumps(values, indent=1) + "\n", "utf-8")


def collect(options: argparse.Namespace) -> Iterator[Row]:
    """The examples with their features."""
    rng = random.Random(16)
    settings = load_settings()
    embedder = load_embedder(settings.embedding_model, settings.cache_dir)
    reader = BundledReader(settings.cache_dir)
    rows = [json.loads(line) for path in options.rows for line in path.read_text("utf-8").splitlines()]
    lines = [json.loads(line) for path in options.questions for line in path.read_text("utf-8").splitlines()]
    needed = {row["article"] for row in rows} | {gold for line in lines for gold in line["gold_docs"]}
    raw = options.corpus.read_bytes()
    text = (gzip.decompress(raw) if options.corpus.suffix == ".gz" else raw).decode()
    documents = {one["_id"]: one for one in map(json.loads, text.splitlines()) if one["_id"] in needed}
    rng.shuffle(rows)
    generation = open_generation(options.index)
    retriever = Retriever(generation, embedder, reader, settings.cache_dir)
    archive = archive_of(generation, reader.bears_out, retriever.translate)
    examples = [
        *examples_of_questions(lines, documents, retriever, rng),
        *examples_of_rows(rows, documents, retriever, rng),
    ]
    rng.shuffle(examples)
    file = options.cache.open("w", encoding="utf-8") if options.cache else None
    for number, example in enumerate(examples):
        passage = replace(example.passage, rank=1)
        odds = next(iter(reader.read(example.question, [header_of(passage) + passage.text]))).odds
        beside = lay_beside(example.asked, passage, odds, archive)
        if beside:
            row = {
                "features": list(beside.features),
                "says": example.says,
                "group": example.group,
                "seen": example.seen,
            }
            yield row
            if file:
                file.write(
                    json.dumps(
                        {
                            **row,
                            "question": example.question,
                            "text": passage.text,
                            "instead": beside.contrast and beside.contrast.instead,
                        },
                        ensure_ascii=False,
                    )
                    + "\n"
                )
        if number % 200 == 0:
            print(f"{number} of {len(examples)}", file=sys.stderr)
            if file:
                file.flush()


if __name__ == "__main__":
    main()
