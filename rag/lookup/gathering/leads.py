"""What an article says in short: the sentence that names who, what and when, and its points, as printed.

text ─► lead: the first sentence that tells something
    └─► points: the items of its enumerations, and of the rest those nearest to all of it that repeat nothing (MMR)
"""

import re
from collections.abc import Sequence

import numpy as np

from index.language.sentences import find_content_sentences
from index.records import Article, Float32
from index.store.generations import Generation
from rag.evidence.lists import find_enumerations

Span = tuple[int, int]
MIN_LEAD_CHARACTERS = 15
MAX_POINTS = 8
CHARACTERS_A_POINT = 130
"""Of an article, for each point that is shown of it."""
NOVELTY = 0.35
"""Weight of what a sentence repeats of those chosen, beside its nearness to all. Source: Carbonell & Goldstein, SIGIR 1998."""
HEADING_CHARACTERS = 30
_LEANS = re.compile(
    r"\A(?:[“\s]*(?:但|而|也|他|她|它|这|那|此|就这样|随后|不得已|加上|最终|因此|所以|于是|同时|其中|方案)|“)"
)
FURNITURE_CHARACTERS = 24
"""At a sentence's beginning, where what belongs to the page stands."""
_FURNITURE = re.compile(
    r"责任编辑|责编|编辑[：:/]|校对|版权|更多精彩|返回搜狐|来\s?源[：:]|关注.{0,12}(?:公众号|微信)|扫码|值班编辑|流程编辑|相关报道[：:]|^[（(].{0,20}记者.{0,20}[）)]$"
)
_SENTENCE_END = re.compile(r"[。！？!?.；;][”’」』）)]*$")


def is_furniture(sentence: str) -> bool:
    """Whether a sentence belongs to the page, not to what is reported."""
    return _FURNITURE.search(sentence[:FURNITURE_CHARACTERS]) is not None


def find_lead(text: str) -> Span | None:
    """Return the sentence that tells what an article reports; None of a text without one."""
    spans = whole_sentences(text)
    whole = [
        span
        for span in spans
        if span[1] - span[0] >= MIN_LEAD_CHARACTERS
        and _SENTENCE_END.search(text[span[0] : span[1]])
        and not is_furniture(text[span[0] : span[1]])
    ]
    return whole[0] if whole else spans[0] if spans else None


def whole_sentences(text: str) -> list[Span]:
    """Return the sentences of a text up to their full stop: what a semicolon parts is one."""
    found: list[Span] = []
    for start, end in find_content_sentences(text):
        if found and text[found[-1][1] - 1] in "；;…" and "\n" not in text[found[-1][1] : start]:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def find_points(article: Article, generation: Generation) -> list[Span]:
    """Return the points of an article beside its lead, in its order."""
    text = article.text
    lead = find_lead(text)
    limit = min(MAX_POINTS, 1 + len(text) // CHARACTERS_A_POINT)
    bounds = whole_sentences(text)
    listed = {start for run in find_enumerations(text) for start, _end in run.items}
    chosen = [_told(text, bounds, n) for n, (start, _end) in enumerate(bounds) if start in listed][:MAX_POINTS]
    sentences, vectors = _vectors_of(article, bounds, generation)
    keep = [
        n
        for n, span in enumerate(sentences)
        if span != lead
        and not any(start <= span[0] < end for start, end in chosen)
        and span[1] - span[0] >= MIN_LEAD_CHARACTERS
        and _SENTENCE_END.search(text[span[0] : span[1]])
        and not is_furniture(text[span[0] : span[1]])
    ]
    known = [n for n, span in enumerate(sentences) if n not in keep and (span == lead or span[0] in listed)]
    weight = np.array([_weight(text[start:end], article.title or "") for start, end in sentences], np.float32)
    while keep and len(chosen) < limit:
        best = _next(vectors, weight, keep, known)
        keep.remove(best)
        known.append(best)
        chosen.append(sentences[best])
    return sorted(chosen)


def _told(text: str, bounds: Sequence[Span], place: int) -> Span:
    """An item with the sentence behind it where it is only a heading: 一是加强宣传。"""
    start, end = bounds[place]
    if end - start < HEADING_CHARACTERS and place + 1 < len(bounds) and not text[end : bounds[place + 1][0]].strip():
        return start, bounds[place + 1][1]
    return start, end


def _weight(sentence: str, title: str) -> float:
    """How likely a sentence is a point, beside where it stands: what the title names, figures; not what leans on others or is said aloud."""
    pairs = {title[n : n + 2] for n in range(len(title) - 1)}
    titled = sum(pair in sentence for pair in pairs) / max(len(pairs), 1)
    return 0.5 * titled + 0.1 * bool(re.search(r"\d", sentence)) - 0.3 * bool(_LEANS.match(sentence))


def _vectors_of(article: Article, bounds: Sequence[Span], generation: Generation) -> tuple[list[Span], Float32]:
    """Return the sentences of an article and their (n, dim) centred vectors, made of those that were indexed."""
    sums: dict[Span, Float32] = {}
    for chunk in generation.catalogue.chunks_of(article.id):
        pieces = find_content_sentences(article.text[chunk.start : chunk.end])
        vectors = generation.sentences.of(chunk.row)
        for (start, _end), vector in zip(pieces, vectors, strict=False):
            span = next((one for one in bounds if one[0] <= chunk.start + start < one[1]), None)
            if span:
                sums[span] = sums[span] + vector if span in sums else vector
    if not sums:
        return [], np.zeros((0, 1), np.float32)
    stacked = np.stack(list(sums.values()))
    centred = generation.centering.centre_sentences(stacked / np.linalg.norm(stacked, axis=1, keepdims=True))
    return list(sums), centred


def _next(vectors: Float32, weight: Float32, keep: Sequence[int], known: Sequence[int]) -> int:
    """The sentence nearest to the middle of all, less what it repeats."""
    middle = vectors.mean(axis=0)
    nearness = vectors[list(keep)] @ (middle / max(float(np.linalg.norm(middle)), 1e-9)) + weight[list(keep)]
    repeated = (vectors[list(keep)] @ vectors[list(known)].T).max(axis=1) if known else np.zeros(len(keep), np.float32)
    return keep[int((nearness - NOVELTY * repeated).argmax())]
