"""Learns the weights of index.segment.linking on generated pages: `python tests/training/train_segment_links.py [--pages 400]`, prints them.

A conditional logit (McFadden 1974): of the options that a stretch has, the true one should score highest. The pages
are the sample's and generated ones of other seeds than the tests' pages; TEST_NEWS names other articles to make them of.
"""

import argparse
import json
import re
from collections.abc import Iterator, Sequence
from importlib import resources

import numpy as np
from composing import TrueArticle
from damage import DamagedPage, generate
from newsprint import load_articles
from scipy.optimize import minimize
from scoring import grams, squeeze

from index.read import find_files, read_file
from index.records import Document
from index.segment.block_context import find_blocks
from index.segment.blocks import mend_page
from index.segment.link_features import link_features, measure_page, own_features
from index.segment.linking import LINK_WEIGHTS
from index.segment.runs import find_runs, resume_cut_sentences, text_of

HEAD = 40
"""Characters at a stretch's ends that tell whose it is."""
SAMPLE_WEIGHT = 10
"""How often the sample's pages count: they show what no generated page does, boundaries that only the topic tells."""
RIDGE = 1e-4

Option = dict[str, float]


def sample_pages() -> Iterator[DamagedPage]:
    """Yield the sample's pages with the articles that stand on them."""
    sample = resources.files("rag") / "sample"
    truth = json.loads((sample / "truth.json").read_text(encoding="utf-8"))
    with resources.as_file(sample / "pages") as folder:
        for file in find_files([folder])[0]:
            for document in read_file(file):
                if isinstance(document, Document):
                    numbers = re.findall(r"\d+", document.source.rsplit("/", 1)[-1])
                    own = [article for article in truth if re.findall(r"\d+", article["id"])[:4] == numbers[:4]]
                    texts = [
                        TrueArticle(one["id"], one["text"], one["title"], None, None, (), (), (), frozenset())
                        for one in own
                    ]
                    yield DamagedPage(document.text, tuple(texts), (), frozenset())


def options_of(page: DamagedPage) -> list[tuple[list[Option], int]]:
    """Return for each stretch that could go on from another its options and the number of the true one."""
    mended = mend_page(page.text)
    pieces = resume_cut_sentences(mended, find_blocks(mended))
    stretches = find_runs(pieces)
    seen = measure_page(pieces, stretches)
    truths = [squeeze(article.text) for article in page.articles]
    texts = [squeeze(text_of(pieces, stretch)) for stretch in stretches]
    heads = [_place(text[:HEAD], truths) for text in texts]
    tails = [_place(text[-HEAD:], truths) for text in texts]
    found = []
    for row, stretch in enumerate(stretches):
        head = heads[row]
        if stretch.is_fresh or head is None:
            continue
        earlier = [
            (tail[1], before)
            for before, tail in enumerate(tails)
            if before != row and tail is not None and tail[0] == head[0] and tail[1] < head[1]
        ]
        others = [before for before in range(len(stretches)) if before != row]
        options = [own_features(seen, row), *(link_features(seen, before, row) for before in others)]
        found.append((options, 1 + others.index(max(earlier)[1]) if earlier else 0))
    return found


def _place(text: str, truths: Sequence[str]) -> tuple[int, int] | None:
    """Which article a piece of text is from, and where in it."""
    shares = [len(grams(text) & grams(truth)) for truth in truths]
    best = max(range(len(truths)), key=lambda number: shares[number], default=0)
    if not truths or shares[best] < 4:
        return None
    for start in range(len(text) - 8):
        at = truths[best].find(text[start : start + 8])
        if at >= 0:
            return best, at
    return None


def learn(samples: Sequence[tuple[list[Option], int]]) -> dict[str, float]:
    """Return the weights with the greatest likelihood of the true options."""
    names = sorted({name for options, _true in samples for option in options for name in option})
    matrices = [np.array([[option.get(name, 0.0) for name in names] for option in options]) for options, _ in samples]
    trues = [true for _options, true in samples]

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        total, slope = RIDGE * len(samples) * float(weights @ weights), 2 * RIDGE * len(samples) * weights
        for matrix, true in zip(matrices, trues, strict=True):
            scores = matrix @ weights
            scores -= scores.max()
            shares = np.exp(scores)
            shares /= shares.sum()
            total -= float(np.log(shares[true] + 1e-12))
            slope = slope + matrix.T @ shares - matrix[true]
        return total, slope

    found = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B")
    right = sum(int((m @ found.x).argmax() == t) for m, t in zip(matrices, trues, strict=True))
    print(f"{len(samples)} stretches, {right / len(samples):.4f} right")
    return {name: round(float(weight), 2) for name, weight in zip(names, found.x, strict=True)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    samples = [sample for page in generate(options.seed, options.pages, load_articles()) for sample in options_of(page)]
    samples += SAMPLE_WEIGHT * [sample for page in sample_pages() for sample in options_of(page)]
    weights = learn(samples)
    for name in dict.fromkeys([*LINK_WEIGHTS, *weights]):
        print(f'    "{name}": {weights.get(name, 0.0)},')


if __name__ == "__main__":
    main()
