"""A pair of archives from one corpus: one that can answer its questions, and one that has only what comes near.

    PYTHONPATH=. python tests/benchmarks/near_misses.py CORPUS QUESTIONS --out DIR
    wenju index DIR/answering.jsonl --index-dir DIR/answering && wenju index DIR/near-misses.jsonl --index-dir DIR/near-misses
    wenju eval answers DIR/answering.questions.jsonl   --index-dir DIR/answering   --no-llm
    wenju eval answers DIR/near-misses.questions.jsonl --index-dir DIR/near-misses --no-llm

The second archive lacks the gold documents of all questions, and every other document that states one of the answers beside
most of what is asked, so that a refusal is right. What is left of the same event, place or office stays: the near misses. Accuracy
of the first run is the share answered rightly, of the second one the share refused.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from index.language.terms import Lexicon
from rag.evaluation.normalise import contains
from rag.evaluation.questions import Question, read_objects, read_questions

MIN_SHARE_OF_TERMS = 0.5
"""Share of a question's terms that a document has which may answer it, besides stating its answer."""


def answering_documents(questions: Sequence[Question], documents: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the ids of the documents that answer, or may answer, one of the questions."""
    lexicon = Lexicon()
    golds = {gold for question in questions for gold in question.gold_docs}
    asked = [(question.answers, frozenset(lexicon.extract_query_terms(question.text))) for question in questions]
    for document in documents:
        text = f"{document.get('title') or ''}\n{document['text']}"
        if document["_id"] in golds:
            yield document["_id"]
            continue
        terms = lexicon.distinct_terms(text)
        for answers, about in asked:
            if len(about.intersection(terms)) >= MIN_SHARE_OF_TERMS * len(about) and any(
                contains(text, one) for one in answers
            ):
                yield document["_id"]
                break


def split_archive(corpus: Path, questions: Path, out: Path) -> tuple[int, int]:
    """Write both archives and their questions; return how many documents each has."""
    documents = [document for _place, document in read_objects(corpus)]
    asked = [question for question in read_questions(questions) if question.answers and question.gold_docs]
    taken = set(answering_documents(asked, documents))
    left = [document for document in documents if document["_id"] not in taken]
    out.mkdir(parents=True, exist_ok=True)
    for name, kept, is_answerable in (("answering", documents, True), ("near-misses", left, False)):
        _write(out / f"{name}.jsonl", kept)
        _write(out / f"{name}.questions.jsonl", (_line(question, is_answerable=is_answerable) for question in asked))
    return len(documents), len(left)


def _line(question: Question, *, is_answerable: bool) -> dict[str, Any]:
    told = {"answers": list(question.answers), "gold_docs": list(question.gold_docs)} if is_answerable else {}
    return {"id": question.id, "question": question.text, "group": question.group, "answerable": is_answerable, **told}


def _write(path: Path, lines: Iterable[Mapping[str, Any]]) -> None:
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), "utf-8")


def main() -> int:
    """Write the pair."""
    parser = argparse.ArgumentParser(description=str(__doc__).split("\n")[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    whole, left = split_archive(options.corpus, options.questions, options.out)
    print(f"{whole} documents, {left} of them without those that answer → {options.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
