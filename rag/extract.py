"""Query + passages → the sentences that answer, verbatim. No LLM."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from index.lexical import LexicalIndex
from index.sentences import find_statements, split_sentences
from index.terms import extract_terms
from rag.question import Reading
from rag.records import Passage
from rag.retrieve import Retrieval

COMPARED = 24
"""Sentences over which the cosine with the question is standardised."""
DENSE_SHARE, KIND_SHARE, PLACE_SHARE, CONTEXT_SHARE = 0.1, 0.3, 0.3, 0.4
"""Weights beside the term coverage, which counts 1; set on dev questions, see README."""
SECOND_BEST = 0.6
"""A further sentence must score this share of the best one's score …"""
MIN_GAIN = 0.1
"""… and have this share of the question's terms, weighted by idf, that the sentences before it lack."""
_OPENS_LIST = re.compile(r"一是|首先|第一[，、是]|[：:]$")
_GOES_ON = re.compile(r"\s*(?:[一二三四五六七八九十]是|其[次三四五]|最后|第[一二三四五六七八九十][，、是]|此外)")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence of a passage, as a candidate for the answer.

    Args:
        passage: where it stands.
        start, end: its place in the article's text.
        text: the sentence, `article.text[start:end]`.
        score: how well it answers, comparable within one question.
        coverage: share of the question's terms, weighted by idf, in the sentence or (less) in its passage; 0 to 1.
        matched: idf of each of the question's terms that the sentence itself has, as a share of all.
    """

    passage: Passage
    start: int
    end: int
    text: str
    score: float
    coverage: float
    matched: Mapping[str, float]


def find_evidence(reading: Reading, retrieval: Retrieval, lexical: LexicalIndex) -> list[Evidence]:
    """Return the sentences of the passages that answer best, best first, at most COMPARED of them.

    The score is the idf-weighted share of the question's terms that the sentence has, terms that only its
    passage or title has counting less; plus whether it has the kind of thing asked for; plus the rank of its
    passage; and for the best by these, their cosine with the question, standardised over them.
    """
    weights = dict(zip(reading.terms, map(float, lexical.idf(reading.terms)), strict=True))
    found = [
        (evidence, cosine)
        for passage in retrieval.passages
        for evidence, cosine in zip(_weigh(passage, reading, weights), retrieval.near[passage.chunk_id], strict=True)
    ]
    found = sorted(found, key=lambda item: -item[0].score)[:COMPARED]
    if not found:
        return []
    cosine = np.array([near for _evidence, near in found])
    near = (cosine - cosine.mean()) / (cosine.std() or 1.0)
    ranked = [
        replace(evidence, score=evidence.score + DENSE_SHARE * float(z))
        for (evidence, _cosine), z in zip(found, near, strict=True)
    ]
    return sorted(ranked, key=lambda evidence: -evidence.score)


def _weigh(passage: Passage, reading: Reading, weights: dict[str, float]) -> Iterator[Evidence]:
    """Yield the sentences of a passage with the part of their score that needs no model."""
    total = sum(weights.values()) or 1.0
    around = _present(f"{passage.title or ''} {passage.date or ''} {passage.text}", weights)
    for start, end in find_statements(passage.text):
        text = passage.text[start:end]
        own = _present(text, weights)
        coverage = sum(weights[term] for term in own)
        coverage = (coverage + CONTEXT_SHARE * sum(weights[term] for term in around - own)) / total
        score = coverage + KIND_SHARE * reading.is_met_by(text) + PLACE_SHARE / passage.rank
        matched = {term: weights[term] / total for term in own}
        yield Evidence(passage, passage.start + start, passage.start + end, text, score, coverage, matched)


def select_evidence(ranked: Sequence[Evidence], limit: int = 2) -> list[Evidence]:
    """Return the best sentence, and after it what is nearly as good and covers more of the question."""
    if not ranked:
        return []
    chosen = [ranked[0]]
    for evidence in ranked[1:]:
        if len(chosen) == limit or evidence.score < SECOND_BEST * ranked[0].score:
            break
        covered = set().union(*(other.matched for other in chosen))
        gain = sum(share for term, share in evidence.matched.items() if term not in covered)
        # A question in another language shares no term with any sentence: then gain cannot tell.
        if (gain >= MIN_GAIN or not covered) and not any(_same(evidence.text, other.text) for other in chosen):
            chosen.append(evidence)
    return [_with_list(evidence) for evidence in chosen]


def _with_list(evidence: Evidence) -> Evidence:
    """Extend a sentence that opens a list (一是…；) to the list's end, within its passage."""
    if not _OPENS_LIST.search(evidence.text):
        return evidence
    passage, end = evidence.passage, evidence.end
    for start, stop in split_sentences(passage.text):
        if start + passage.start < end:
            continue
        if not _GOES_ON.match(passage.text[start:stop]):
            break
        end = passage.start + start + len(passage.text[start:stop].rstrip())
    return replace(evidence, end=end, text=passage.text[evidence.start - passage.start : end - passage.start])


def _present(text: str, weights: dict[str, float]) -> set[str]:
    return set(extract_terms(text)) & weights.keys()


def _same(left: str, right: str) -> bool:
    return "".join(left.split()) == "".join(right.split())
