"""Which strings tell how a text begins and ends: texts of articles, each with what it is, and the weights learnt from them."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from random import Random

import numpy as np
from press.articles import Pool, sentences

from index.segment.openings import MIDDLE_CHARACTERS

OPENING_PARAGRAPH = 20
OPENING_COUNT = 60
"""Paragraphs that a string must open: fewer tell what the news of the day was."""
OPENING_PENALTY = 0.2
LEAST_WEIGHT = 0.05


def opening_texts(pool: Pool) -> Iterator[tuple[str, bool]]:
    """Yield the paragraphs of articles, and whether each is its article's first."""
    for article in pool.articles:
        for number, text in enumerate(article.paragraphs):
            if len(text) >= OPENING_PARAGRAPH:
                yield text, number == 0


def middle_texts(pool: Pool, seed: int) -> Iterator[tuple[str, bool]]:
    """Yield the beginnings of sentences, and of what stands after a cut in mid-sentence (True)."""
    rng = Random(seed)
    for text, _first in opening_texts(pool):
        yield from ((sentence, False) for sentence in sentences(text)[:3] if len(sentence) > MIDDLE_CHARACTERS)
        for place in rng.sample(range(4, len(text) - MIDDLE_CHARACTERS), 2):
            if text[place - 1] not in "。！？”“（《" and text[place] not in "，。；：、！？”）》":
                yield text[place:], True


def ending_texts(pool: Pool, seed: int) -> Iterator[tuple[str, bool]]:
    """Yield texts up to a clause's end, and up to a cut in mid-sentence (True)."""
    rng = Random(seed)
    for text, _first in opening_texts(pool):
        ends = [place for place in range(MIDDLE_CHARACTERS, len(text)) if text[place] in "，。；"]
        yield from ((text[:place], False) for place in rng.sample(ends, min(2, len(ends))))
        for place in rng.sample(range(MIDDLE_CHARACTERS, len(text) - 4), 2):
            if text[place - 1] not in "，。；：、！？”“（《" and text[place] not in "，。；：、！？”）》":
                yield text[:place], True


def learn_strings(told: Iterable[tuple[str, bool]], grams_of: Callable[[str], list[str]]) -> dict[str, float]:
    """Return the weights of the strings at a text's end or beginning that tell which of two kinds it is."""
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    found, truths = zip(*((grams_of(text), true) for text, true in told), strict=True)
    counts = Counter(gram for grams in found for gram in grams)
    column = {gram: n for n, gram in enumerate(sorted(gram for gram, n in counts.items() if n >= OPENING_COUNT))}
    cells = [sorted(column[gram] for gram in grams if gram in column) for grams in found]
    ends = np.cumsum([0, *map(len, cells)])
    matrix = csr_matrix((np.ones(ends[-1]), [n for row in cells for n in row], ends), (len(found), len(column)))
    model = LogisticRegression(
        l1_ratio=1, solver="liblinear", C=OPENING_PENALTY, class_weight="balanced", random_state=0
    ).fit(matrix, truths)
    weights = zip(column, model.coef_[0], strict=True)
    return {gram: round(float(weight), 2) for gram, weight in weights if abs(weight) >= LEAST_WEIGHT}
