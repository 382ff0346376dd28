"""Learns from the news how texts go on, and what they are about; writes index/segment/going_on.npz.

    python tests/training/train_going_on.py --news NEWS.jsonl.gz [--passes 1.2] [--seed 0]

NEWS: {"text"} a line. Two small networks, each learnt by telling what belongs together among a batch (InfoNCE, van den Oord
et al. 2018): what stands behind a break in a text from what stands behind the others' breaks (index/segment/going_on.py),
and one stretch of a report from those of other reports (index/segment/topic_vectors.py). One thread and fixed seeds: the
same input gives the same file. Set OMP_NUM_THREADS=1. A quarter of an hour on one core.
"""

import argparse
import gzip
import json
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

sys.path.insert(0, str(Path(__file__).parents[2]))

from index.segment.going_on import FILE, IN_ORDER, PADDING, SPAN, UNKNOWN, folded
from index.segment.topic_similarity import gram_codes
from index.segment.topic_vectors import BUCKET_BITS, buckets

PATH = Path(__file__).parents[2] / "index/segment" / FILE
CHARACTERS = 4000
"""The commonest of the news: all but one in a thousand that are printed."""
EMBEDDING, PAIR, HIDDEN, SIZE = 40, 64, 96, 48
TOPIC_SIZE = 32
BREAKS, REPORTS = 1024, 512
"""Breaks, and reports, of a batch, that are told from each other."""
REPORT_BATCHES = 1500
LEARNING_RATE, TOPIC_RATE = 3e-3, 1e-2
LEAST_TEXT = 120
STRETCH = (15, 300)
"""Characters of a stretch: a headline's to a few paragraphs'."""
NOT_FIRST, NOT_LAST = "，。、；：？！”’）》％", "“‘（《"
"""Marks that no line begins or ends with (kinsoku), so that no break is beside them."""
Ints = npt.NDArray[np.int64]


class Side(nn.Module):
    """What stands on one side of a break, next to it first: (texts, SPAN) numbers of characters → (texts, SIZE)."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(CHARACTERS, EMBEDDING, padding_idx=PADDING)
        nn.init.normal_(self.embedding.weight, std=0.3)
        self.pair = nn.Linear(2 * EMBEDDING, PAIR)
        self.near = nn.Linear((IN_ORDER - 1) * PAIR, HIDDEN)
        self.far = nn.Linear(EMBEDDING, HIDDEN, bias=False)
        self.out = nn.Linear(HIDDEN, SIZE)

    def forward(self, rows: Tensor) -> Tensor:
        """Return the vectors."""
        seen = self.embedding(rows)
        near = seen[:, :IN_ORDER]
        pairs = torch.relu(self.pair(torch.cat([near[:, :-1], near[:, 1:]], -1))).flatten(1)
        found: Tensor = self.out(torch.relu(self.near(pairs) + self.far(seen.mean(1))))
        return found

    def arrays(self, name: str) -> dict[str, npt.NDArray[np.generic]]:
        """Return its weights as index/segment/going_on.py reads them: the embedding in bytes."""
        embedding, scale = in_bytes(self.embedding.weight.detach().numpy())
        found: dict[str, npt.NDArray[np.generic]] = {"embedding": embedding, "scale": scale}
        for layer in ("pair", "near", "far", "out"):
            weights = getattr(self, layer)
            found[layer] = weights.weight.detach().numpy().T.astype(np.float16)
            if weights.bias is not None:
                found[f"{layer}_bias"] = weights.bias.detach().numpy().astype(np.float16)
        return {name + key: value for key, value in found.items()}


def in_bytes(table: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float32]]:
    """Return a table's cells as bytes, and what a byte is worth in each column."""
    scale = np.maximum(np.abs(table).max(axis=0), 1e-9) / 127
    return np.round(table / scale).astype(np.int8), scale.astype(np.float32)


def together(logits: Tensor) -> Tensor:
    """Return the loss of telling what belongs together, the diagonal, from all else in its row and column."""
    truth = torch.arange(len(logits))
    return (nn.functional.cross_entropy(logits, truth) + nn.functional.cross_entropy(logits.T, truth)) / 2


def learn_going_on(texts: Sequence[str], passes: float, seed: int) -> dict[str, npt.NDArray[np.generic]]:
    """Learn how texts go on.

    Args:
        texts: folded.
        passes: over all breaks.
    """
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    counts = Counter(character for text in texts for character in text if ord(character) < 1 << 16)
    known = sorted(counts, key=lambda character: (-counts[character], character))[: CHARACTERS - 2]
    row_of = np.full(1 << 16, UNKNOWN, np.int64)
    row_of[[ord(character) for character in known]] = np.arange(2, 2 + len(known))
    stream, places = breaks_of(texts, row_of)
    ends, beginnings = Side(), Side()
    steps = int(passes * len(places) / BREAKS)
    order = np.concatenate([rng.permutation(places) for _pass in range(int(passes) + 1)])
    logits = torch.empty(0)

    def lost(step: int) -> Tensor:
        nonlocal logits
        at = order[step * BREAKS : (step + 1) * BREAKS, None]
        left, right = (torch.from_numpy(stream[place]) for place in (at - 1 - np.arange(SPAN), at + np.arange(SPAN)))
        logits = ends(left) @ beginnings(right).T
        return together(logits)

    descend("going on", [*ends.parameters(), *beginnings.parameters()], LEARNING_RATE, steps, lost)
    # So that what goes on in a text no more plainly than in any other scores 0 in the mean.
    mean = logits.detach()[~torch.eye(len(logits), dtype=torch.bool)].logsumexp(0) - np.log(len(logits) ** 2)
    codes = np.array([ord(character) for character in known], np.uint16)
    return {
        "characters": codes,
        "bias": np.array(-mean.item(), np.float32),
        **ends.arrays("end_"),
        **beginnings.arrays("beginning_"),
    }


def descend(
    name: str, parameters: Sequence[nn.Parameter], most: float, steps: int, lost: Callable[[int], Tensor]
) -> None:
    """Take so many steps down the loss that each step has, the learning rate first rising to the most, then falling."""
    rate = torch.optim.Adam(parameters)
    schedule = torch.optim.lr_scheduler.OneCycleLR(rate, most, total_steps=steps)
    told = 0.0
    for step in range(steps):
        loss = lost(step)
        rate.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
        rate.step()
        schedule.step()
        told += 0.02 * (loss.item() - told)
        if step % 500 == 0:
            print(f"{name}: batch {step} of {steps}, loss {told:.3f}", flush=True)


def breaks_of(texts: Sequence[str], row_of: Ints) -> tuple[Ints, Ints]:
    """Return all characters' numbers, the texts with SPAN of padding between, and the places before which a text may break."""
    never_first = row_of[[ord(mark) for mark in NOT_FIRST]]
    never_last = row_of[[ord(mark) for mark in NOT_LAST]]
    streams, places, done = [], [], 0
    for text in texts:
        points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
        stream = np.pad(row_of[np.minimum(points, (1 << 16) - 1)], SPAN, constant_values=PADDING)
        at = np.arange(SPAN + 4, len(stream) - SPAN - 4)
        at = at[~np.isin(stream[at], never_first) & ~np.isin(stream[at - 1], never_last)]
        streams.append(stream)
        places.append(at + done)
        done += len(stream)
    return np.concatenate(streams), np.concatenate(places)


def learn_topics(texts: Sequence[str], batches: int, seed: int) -> dict[str, npt.NDArray[np.generic]]:
    """Learn what texts are about."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    long = [text for text in texts if len(text) >= LEAST_TEXT]
    table = nn.EmbeddingBag(1 << BUCKET_BITS, TOPIC_SIZE, mode="sum")
    nn.init.normal_(table.weight, std=0.1)
    sharpness = nn.Parameter(torch.tensor(10.0))

    def vectors(stretches: Sequence[str]) -> Tensor:
        bags = [buckets(gram_codes(stretch)) for stretch in stretches]
        starts = np.cumsum([0, *map(len, bags[:-1])])
        return nn.functional.normalize(table(torch.from_numpy(np.concatenate(bags)), torch.from_numpy(starts)), dim=1)

    def lost(_step: int) -> Tensor:
        drawn = [two_stretches(long[number], rng) for number in rng.integers(0, len(long), REPORTS)]
        left, right = (vectors([pair[side] for pair in drawn]) for side in (0, 1))
        return together(sharpness * left @ right.T)

    descend("topics", [*table.parameters(), sharpness], TOPIC_RATE, batches, lost)
    topics, scale = in_bytes(table.weight.detach().numpy())
    return {"topics": topics, "topics_scale": scale}


def two_stretches(text: str, rng: np.random.Generator) -> tuple[str, str]:
    """Return two stretches of a report that do not overlap, every other time close to each other, in any order."""
    first, second = (int(np.exp(rng.uniform(*np.log(STRETCH)))) for _stretch in range(2))
    room = len(text) - 10
    if first + second > room:
        first, second = (max(12, size * room // (first + second)) for size in (first, second))
    spare = max(1, len(text) - first - second)
    between = int(rng.integers(0, spare))
    if rng.random() < 0.5:
        between = min(between, int(rng.integers(0, 60)))
    start = int(rng.integers(0, max(1, spare - between)))
    pair = text[start : start + first], text[start + first + between : start + first + between + second]
    return pair if rng.random() < 0.5 else pair[::-1]


def main() -> None:
    """Learn both, and write the file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--news", type=Path, required=True)
    parser.add_argument("--passes", type=float, default=1.2)
    parser.add_argument("--batches", type=int, default=REPORT_BATCHES)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    torch.set_num_threads(1)
    opener = gzip.open if options.news.suffix == ".gz" else open
    with opener(options.news, "rt", encoding="utf-8") as lines:
        texts = [folded(str(json.loads(line)["text"])) for line in lines]
    learnt = {
        **learn_topics(texts, options.batches, options.seed),
        **learn_going_on(texts, options.passes, options.seed),
    }
    np.savez_compressed(PATH, **learnt)  # type: ignore[arg-type]  # its stubs take no names from a dict
    print(f"{PATH.name}: {PATH.stat().st_size} bytes")


if __name__ == "__main__":
    main()
