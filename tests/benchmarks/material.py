"""Corpora and questions as read, runs as written: the forms that `wenju eval retrieval` knows."""

import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.read import find_files, read_file
from index.records import Document

RUN_DOCUMENTS = 20
"""Documents of a question in a run: the largest k that is scored."""
BIGRAMS = r"(?=([\u3400-\u4dbf\u4e00-\u9fff]{2}|(?<![a-z0-9])[a-z0-9]+))"
"""Character bigrams and Latin words, for BM25s whose tokenizer is a regular expression over lower-cased text. It looks
ahead instead of consuming, so that bigrams overlap."""


class BadMaterialError(Exception):
    """A file is not what its place on the command line says; the message says which, where and what to do."""


@dataclass(frozen=True, slots=True)
class Text:
    """One document as every framework gets it: its id, and its title, if any, on the first line of the text."""

    doc_id: str
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    Args:
        gold: ids of documents each of which answers it; at least one.
        group: questions about the same text, drawn together by the bootstrap; its own id where none is given.
    """

    id: str
    text: str
    gold: frozenset[str]
    group: str


def read_corpus(path: Path) -> list[Text]:
    """Read a corpus as `wenju index` reads it.

    Raises:
        BadMaterialError: it is not there, or a line of it is rejected.
    """
    files, missing = find_files([path])
    texts = []
    for outcome in [*missing, *(outcome for file in files for outcome in read_file(file))]:
        if not isinstance(outcome, Document):
            raise BadMaterialError(f"{outcome.message}; {outcome.remedy}")
        texts.append(Text(outcome.doc_id, "\n".join(filter(None, (outcome.title, outcome.text)))))
    return texts


def read_questions(path: Path) -> list[Question]:
    """Read questions; RAGAS names are accepted too.

    Raises:
        BadMaterialError: one has no id, text or gold documents, or an id occurs twice.
    """
    questions: dict[str, Question] = {}
    for number, values in _lines(path):
        name = values.get("_id", values.get("id"))
        text = values.get("question", values.get("user_input"))
        gold = values.get("gold_docs", values.get("reference_context_ids"))
        if not (name and text and gold):
            raise BadMaterialError(
                f'{path}, line {number}: "_id", "question" and "gold_docs" are needed, all not empty'
            )
        if str(name) in questions:
            raise BadMaterialError(f'{path}, line {number}: _id "{name}" was used above; give each question its own')
        questions[str(name)] = Question(str(name), text, frozenset(map(str, gold)), str(values.get("group", name)))
    if not questions:
        raise BadMaterialError(f"{path}: there is no question in it; give a file with one JSON object a line")
    return list(questions.values())


def write_run(path: Path, run: Mapping[str, Sequence[str]]) -> None:
    """Write question id → document ids, best first, one question a line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = (json.dumps({"_id": name, "doc_ids": list(found)}, ensure_ascii=False) for name, found in run.items())
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8")


def read_run(path: Path) -> dict[str, list[str]]:
    """Read what `write_run` wrote."""
    return {values["_id"]: values["doc_ids"] for _number, values in _lines(path)}


def _lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield (1-based number, object) of every line that is not blank."""
    try:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield number, json.loads(line)
    except (OSError, ValueError) as error:
        raise BadMaterialError(f"{path}: cannot be read as JSON lines: {error}") from error
