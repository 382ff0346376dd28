"""Measures the reader on examples that it was not trained on: how well it tells what answers, by kind; where; what is borne out.

    python tests/training/measure_reader.py STATE/left-out.jsonl [--weights FILE.onnx]

The area under the ROC curve is the share of pairs of a right and a wrong example that are in the right order.
"""

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from calibrate_answers import area
from reader_examples import Example, read_examples

from index.embedding.embedder import materialise
from index.embedding.token_embeddings import load_token_embeddings
from rag.config import load_settings
from rag.reader import bundled
from rag.reader.bundled import READER_FILE, ReaderModel
from rag.reader.readings import Reading

_MARKS = re.compile(r"[\s，。、“”]")
Read = Sequence[tuple[Example, Reading]]


def area_of(right: Iterable[float], wrong: Iterable[float]) -> float:
    """Return the area under the curve of right against wrong ones; nan where either is missing."""
    first, second = list(right), list(wrong)
    if not first or not second:
        return float("nan")
    return area(np.array(first + second), np.array([1.0] * len(first) + [0.0] * len(second)))


def tell_answers(read: Read) -> Iterable[str]:
    """Yield a line for each kind of question: against each kind of passage that does not answer."""
    odds: dict[str, list[float]] = {}
    for example, reading in read:
        if example.task == "answers":
            odds.setdefault(example.source, []).append(reading.odds)
    for kind, name in (("q", "Chinese"), ("e", "English"), ("y", "yes or no")):
        against = {source: odds[source] for source in (f"{kind}-cut", f"{kind}-other", "n") if source in odds}
        told = (
            f"{source} {area_of(odds.get(kind, ()), wrong):.3f} ({len(wrong)})" for source, wrong in against.items()
        )
        yield f"answers, {name} ({len(odds.get(kind, ()))}): {', '.join(told)}"


def tell_places(read: Read) -> Iterable[str]:
    """Yield exact match and F1 over characters of the likeliest span, for each kind of question."""
    for kind, name in (("q", "Chinese"), ("e", "English")):
        scores = []
        for example, reading in read:
            if example.source == kind and example.answer:
                gold = _MARKS.sub("", example.passage[slice(*example.answer)])
                span = reading.best_span(0, len(example.passage))
                found = _MARKS.sub("", example.passage[slice(*span)]) if span else ""
                common = sum((Counter(gold) & Counter(found)).values())
                scores.append((gold == found, 2 * common / (len(gold) + len(found)) if gold or found else 1.0))
        if scores:
            exact, overlap = np.mean(scores, axis=0)
            yield f"place, {name} ({len(scores)}): exact match {exact:.3f}, F1 {overlap:.3f}"


def tell_statements(read: Read) -> Iterable[str]:
    """Yield the area of borne out against not, of all and by kind of error."""
    judged: dict[str, list[float]] = {}
    for example, reading in read:
        if example.task == "bears_out":
            judged.setdefault(example.source, []).append(reading.borne_out)
    right = [*judged.get("s", ()), *judged.get("es", ())]
    wrong: dict[str, list[float]] = {}
    for source, values in judged.items():
        if source.startswith(("w-", "ew-")):
            wrong.setdefault(source.partition("-")[2], []).extend(values)
    every = [value for values in wrong.values() for value in values]
    yield f"borne out ({len(right)} true, {len(every)} false): {area_of(right, every):.3f}"
    yield ", ".join(f"{kind} {area_of(right, values):.2f} ({len(values)})" for kind, values in sorted(wrong.items()))


def main() -> int:
    """Read all examples and print the figures."""
    parser = argparse.ArgumentParser(description=str(__doc__).split("\n")[0])
    parser.add_argument("examples", type=Path)
    parser.add_argument("--weights", type=Path, default=Path(bundled.__file__).with_name(READER_FILE))
    options = parser.parse_args()
    model = ReaderModel(load_token_embeddings(materialise(load_settings().cache_dir)), options.weights)
    read = [(example, model.read(example.query, example.passage)) for example in read_examples(options.examples)]
    print(f"{len(read)} examples, {model.passage_ms:.0f} ms a passage")
    for tell in (tell_answers, tell_places, tell_statements):
        print("\n".join(tell(read)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
