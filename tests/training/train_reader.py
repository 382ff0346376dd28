"""Trains the reader (rag/reader/README.md) and writes its weights.

    python tests/training/train_reader.py STATE --corpus NEWS --rows FILE … --left-out FILE … --data CORPUS QUESTIONS [INDEX] …
        --index DIR [--start FILE.pt] [--examples N] [--threads N] [--write]

Makes the examples (reader_examples.py) into STATE unless they are there, trains on N of them in all, the learning rate falling over
the last half, and writes STATE/reader.onnx. Stopped, it goes on where it was: STATE has network, optimiser and number of
examples seen. Everything is drawn from fixed seeds; one thread sees about seven examples a second on a core that can multiply bfloat16,
a GPU an epoch in minutes. `--write` puts the weights into rag/reader and prints the checksum for bundled.py.

NEWS and CORPUS are corpora of `wenju index`, QUESTIONS as for `wenju eval`. A row is one JSON object a line: "t" q, e (a question, Chinese or
English, with "answer" and "evidence"), y (yes or no, with "evidence"), n (a near miss), s, es (a true statement with "evidence"), w, ew (a false
one, with "error"), each with the id of its "article" in NEWS. Articles that rows of --left-out are about are not trained on;
STATE/left-out.jsonl has what is made of those rows, and `tests/training/measure_reader.py` measures on it.
"""

import argparse
import hashlib
import random
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import nn

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from reader_examples import Example, ExampleMaker, Row, read_examples, read_lines, write_examples
from reader_network import ReaderNetwork, pad, write_reader

from index.embedding.embedder import load_embedder, materialise
from index.embedding.token_embeddings import load_token_embeddings
from index.store import open_generation
from rag.config import load_settings
from rag.reader.bundled import READER_FILE
from rag.reader.encoding import make_pair, room_for, tokenize
from rag.retrieval.retriever import Retriever

BATCH = 24
SORTED_BATCHES = 16
"""Batches whose examples are sorted by length, so that little of a batch is padding."""
SAVED_EVERY = 128
RATE, HEAD_RATE = 5e-5, 2e-4
WARM_UP_STEPS = 40
FALLS_FROM = 0.5
"""Share of the training after which the learning rate falls to nothing."""
STATEMENT_WEIGHT, SPAN_WEIGHT = 2.0, 0.5
"""Of a statement's loss beside a question's, since there are half as many; of that of the answer's places."""
SHARES = {"set": 0.35, "rule": 0.5, "sentence": 0.5, "other": 0.5, "cut": 0.5, "time": 0.6}
"""Share that is used of the examples whose source begins or ends so; of the others all."""
SENTENCES = 1500
"""Articles nobody has written rows about of which a sentence is changed by rule."""
TYPICAL = 64
"""Examples by which the int8 graph is made."""
RETRIEVED_FOR = 0.35
"""Share of the questions for which near misses are retrieved."""


def make_examples(options: argparse.Namespace, *, left_out: bool) -> list[Example]:
    """Return the examples of the articles that are trained on, or of those left out; shuffled."""
    articles = {line["_id"]: line for line in read_lines(options.corpus)}
    kept = [row for path in options.left_out for row in read_lines(path)]
    apart = {row["article"] for row in kept}
    rows = [row for path in options.rows for row in read_lines(path) if row["article"] not in apart]
    rows = kept if left_out else rows
    maker, rng = ExampleMaker(articles, seed=1), random.Random(1)
    made = [example for row in rows for example in maker.from_row(row)]
    if not left_out:
        free = {name: one for name, one in articles.items() if name not in apart}
        made += _more(maker, rows, free, options, rng)
    rng.shuffle(made)
    return [one for one in made if left_out or rng.random() < _share_of(one.source)]


def _share_of(source: str) -> float:
    first, _dash, last = source.partition("-")
    return 1.0 if last == "true" else SHARES.get(first, SHARES.get(last, 1.0))


def _more(
    maker: ExampleMaker, rows: Sequence[Row], articles: dict[str, Row], options: argparse.Namespace, rng: random.Random
) -> Iterator[Example]:
    """What is made of the rows besides, of the question sets, and of articles that nobody has written rows about."""
    for row in rows:
        yield from maker.corrupted(row)
        yield from maker.other_time(row)
    free = sorted(articles.keys() - {row["article"] for row in rows})
    for article in rng.sample(free, min(SENTENCES, len(free))):
        yield from maker.corrupted_sentence(article)
    for corpus, questions, *index in options.data:
        documents, lines = {line["_id"]: line for line in read_lines(corpus)}, read_lines(questions)
        for line in lines:
            yield from maker.from_question(line, documents)
        asked = [(line["question"], line["gold_docs"][0], line.get("answers_zh") or line["answers"]) for line in lines]
        for folder in index:
            yield from _retrieved(maker, asked, Path(folder), rng)
    if options.index:
        asked = [
            (row["question"], row["article"], [row["answer"]] if "answer" in row else [])
            for row in rows
            if "question" in row
        ]
        yield from _retrieved(maker, asked, options.index, rng)


def _retrieved(
    maker: ExampleMaker, asked: Sequence[tuple[str, str, Sequence[str]]], index: Path, rng: random.Random
) -> Iterator[Example]:
    """Near misses from an index for some of the questions, each with its document's id and its answers."""
    cache_dir = load_settings().cache_dir
    generation = open_generation(index)
    retriever = Retriever(generation, load_embedder("bundled", cache_dir), cache_dir=cache_dir)
    for question, gold, answers in asked:
        if rng.random() < RETRIEVED_FOR:
            yield from maker.retrieved(question, gold, answers, retriever)
    generation.close()


class Encoder:
    """Examples → token ids, with the places of the answer among them.

    Args:
        tokenizer: the bundled encoder's.
    """

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer
        self._rng = random.Random(7)

    def encode(self, example: Example) -> tuple[tuple[int, ...], int, int]:
        """Return ids, first and last token of the answer (0 where there is none); of a long passage a part that has it."""
        query, passage = tokenize(self._tokenizer, example.query), tokenize(self._tokenizer, example.passage)
        room, first, last = room_for(query), -1, -1
        if example.answer:
            start, end = example.answer
            inside = [
                place
                for place, (begin, stop) in enumerate(passage.spans)
                if stop > start and begin < end and stop > begin
            ]
            first, last = (inside[0], inside[-1]) if inside else (-1, -1)
        most = max(0, len(passage.ids) - room)
        if first < 0:
            skipped = self._rng.choice((0, self._rng.randint(0, most)))
        else:
            skipped = max(0, min(most, first - self._rng.randint(0, max(0, room - (last - first) - 1))))
        pair = make_pair(query, passage, skipped)
        if first < 0:
            return pair.ids, 0, 0
        return pair.ids, first - skipped + pair.first, min(last - skipped, len(pair.spans) - 1) + pair.first


def loss_of(network: ReaderNetwork, batch: Sequence[tuple[Example, tuple[tuple[int, ...], int, int]]]) -> torch.Tensor:
    """Return the loss of a batch: two yes-or-no questions, each asked of its own examples, and the answer's places."""
    device = next(network.parameters()).device
    ids, mask = pad([encoded[0] for _example, encoded in batch])
    with torch.autocast(device.type, torch.bfloat16):
        spans, judged = network(ids.to(device), mask.to(device))
    labels = torch.tensor([float(example.label) for example, _encoded in batch], device=device)
    asks = torch.tensor([example.task == "answers" for example, _encoded in batch], device=device)
    places = torch.tensor([encoded[1:] for _example, encoded in batch], device=device)
    judged_right = nn.functional.binary_cross_entropy_with_logits(
        torch.where(asks, judged[:, 0], judged[:, 1]), labels, reduction="none"
    )
    loss = (judged_right * torch.where(asks, 1.3, STATEMENT_WEIGHT)).mean()
    has_answer = places[:, 0] > 0
    if has_answer.any():
        placed = nn.functional.cross_entropy(
            spans[has_answer].permute(0, 2, 1).flatten(0, 1), places[has_answer].flatten()
        )
        loss = loss + SPAN_WEIGHT * placed
    return loss


def train(examples: Sequence[Example], total: int, state: Path, start: Path | None) -> ReaderNetwork:
    """Train on `total` examples, all of them again and again; go on where `state` left off."""
    torch.manual_seed(7)
    network = ReaderNetwork().to("cuda" if torch.cuda.is_available() else "cpu")
    if start:
        network.load_state_dict({name: one.float() for name, one in torch.load(start).items()}, strict=False)
    heads = [*network.span.parameters(), *network.cls.parameters()]
    body = [one for one in network.bert.parameters() if one.requires_grad]
    optimiser = torch.optim.AdamW(
        [{"params": body, "lr": RATE}, {"params": heads, "lr": HEAD_RATE}], weight_decay=0.01, betas=(0.9, 0.98)
    )
    saved, seen, step = state / "training.pt", 0, 0
    if saved.exists():
        kept = torch.load(saved)
        network.load_state_dict(kept["network"], strict=False)
        optimiser.load_state_dict(kept["optimiser"])
        seen = kept["seen"]
    encoder = Encoder(load_token_embeddings(materialise(load_settings().cache_dir)).tokenizer)
    began = time.monotonic()
    for batch in _batches(examples, total, seen, encoder):
        rate = min(1.0, (step + 1) / WARM_UP_STEPS, max(0.02, (1 - seen / total) / (1 - FALLS_FROM)))
        for group, highest in zip(optimiser.param_groups, (RATE, HEAD_RATE), strict=True):
            group["lr"] = highest * rate
        loss = loss_of(network, batch)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(body + heads, 1.0)
        optimiser.step()
        optimiser.zero_grad()
        seen, step = seen + len(batch), step + 1
        if step % 25 == 0:
            print(f"{(time.monotonic() - began) / 60:.1f} min, {seen} examples, loss {loss.item():.3f}", flush=True)
        if seen >= total or step % SAVED_EVERY == 0:
            kept = {"network": network.trained(), "optimiser": optimiser.state_dict(), "seen": seen}
            torch.save(kept, saved.with_suffix(".new"))
            saved.with_suffix(".new").replace(saved)
    return network


def _batches(
    examples: Sequence[Example], total: int, seen: int, encoder: Encoder
) -> Iterator[list[tuple[Example, tuple[tuple[int, ...], int, int]]]]:
    """Batches of examples of about the same length, from the `seen`-th example on, in the same order every time."""
    order: list[int] = []
    while len(order) < total:
        order += random.Random(100 + len(order)).sample(range(len(examples)), len(examples))
    size = BATCH * SORTED_BATCHES
    for start in range(seen - seen % size, total, size):
        chunk = [
            (examples[number], encoder.encode(examples[number])) for number in order[start : min(total, start + size)]
        ]
        chunk.sort(key=lambda one: len(one[1][0]))
        batches = [chunk[place : place + BATCH] for place in range(0, len(chunk), BATCH)]
        yield from random.Random(start).sample(batches, len(batches))


def main() -> int:
    """Make examples, train, write."""
    parser = argparse.ArgumentParser(description=str(__doc__).split("\n")[0])
    parser.add_argument("state", type=Path)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--rows", type=Path, nargs="+", required=True)
    parser.add_argument("--left-out", type=Path, nargs="*", default=[])
    parser.add_argument("--data", type=Path, nargs="+", action="append", default=[], metavar="CORPUS QUESTIONS [INDEX]")
    parser.add_argument("--index", type=Path)
    parser.add_argument("--start", type=Path)
    parser.add_argument("--examples", type=int, default=40_000)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    options.state.mkdir(parents=True, exist_ok=True)
    for name, left_out in (("examples.jsonl", False), ("left-out.jsonl", True)):
        if not (options.state / name).exists():
            write_examples(make_examples(options, left_out=left_out), options.state / name)
    examples = read_examples(options.state / "examples.jsonl")
    network = train(examples, options.examples, options.state, options.start)
    encoder = Encoder(load_token_embeddings(materialise(load_settings().cache_dir)).tokenizer)
    typical = [encoder.encode(example)[0] for example in examples[:TYPICAL]]
    write_reader(network.cpu(), typical, options.state / READER_FILE)
    if options.write:
        target = Path(__file__).parents[2] / "rag/reader" / READER_FILE
        shutil.copyfile(options.state / READER_FILE, target)
        print(f"{target}: SHA-256 {hashlib.sha256(target.read_bytes()).hexdigest()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
