"""Sentences that answer the same question differently: newer and older ones, or sources that disagree."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index.language.normalise import normalise
from index.records import Article
from rag.evidence.sentence_ranking import CandidateSentence
from rag.facts.valid_time import validity_date
from rag.retrieval.retriever import Retrieval

SAME_STRENGTH = 0.9
"""A span this strong is what was asked for, in the very unit or beside the very office."""
SAME_TERMS = 0.6
"""Share of the best sentence's own terms of the question that another one about the same thing has too."""
MIN_TERM_COVERAGE = 0.4
MAX_ALTERNATIVES = 3
NEWER_SHARE = 0.1
"""Share of the best sentence's that a newer one has which says the same of a later time, where no time is asked for."""
_PLANNED = re.compile(
    r"力争|目标|计划|预计|将达|以内|不低于|不超过|争取|规划|拟|\b(?:will|plans?|planned|targets?|aims?)\b"
)


@dataclass(frozen=True, slots=True)
class AlternativeAnswers:
    """What answers, as it was told at different times.

    Args:
        first: the sentence to answer with.
        others: further ones that say another value, newest first.
        contradicts: they speak of the same time; else the first is newer than they.
    """

    first: CandidateSentence
    others: tuple[CandidateSentence, ...] = ()
    contradicts: bool = False


def find_alternatives(retrieval: Retrieval, ranked: Sequence[CandidateSentence]) -> AlternativeAnswers:
    """Return the best sentence, and those that give another value for the same thing.

    Asked without a time for what changes, the newest comes first and the others were so earlier. Asked for one time,
    values of different articles disagree.

    Args:
        ranked: sentences that may answer, best first; not empty.
    """
    analysis, articles = retrieval.analysis, retrieval.articles
    best = ranked[0]
    value = value_of(best)
    if (
        analysis.answer_type not in ("number", "person")
        or value is None
        or best.term_coverage < MIN_TERM_COVERAGE
        or analysis.is_list
    ):
        return AlternativeAnswers(best)
    alike = [best, *(other for other in ranked[1:] if _is_same_thing(best, other))]
    alike = _distinct(alike)[:MAX_ALTERNATIVES]
    dated = sorted(alike, key=lambda one: _date(one, articles), reverse=True)
    if len(dated) == 1:
        return AlternativeAnswers(best)
    times = {_date(one, articles) for one in dated}
    if analysis.prefers_newest:
        return (
            AlternativeAnswers(dated[0], tuple(dated[1:]))
            if len(times) == len(dated) and "" not in times
            else AlternativeAnswers(best)
        )
    if analysis.time_range and analysis.time_range.constrains_time:
        return AlternativeAnswers(best, tuple(one for one in dated if one is not best), contradicts=True)
    same = [one for one in dated if one is best or (one.share >= NEWER_SHARE * best.share and best.terms <= one.terms)]
    told_at = {_date(one, articles) for one in same}
    if same[0] is not best and len(told_at) == len(same) and "" not in told_at:
        return AlternativeAnswers(same[0], tuple(same[1:]))
    return AlternativeAnswers(best)


def value_of(evidence: CandidateSentence) -> str | None:
    """Return the figure or the name that a sentence answers with, folded: of several the one that the reader sees; None without one."""
    strong = [span for span in evidence.spans if span.strength >= SAME_STRENGTH]
    if len(strong) > 1 and (seen := evidence.answer_span):
        strong = [span for span in strong if span.start < seen[1] and seen[0] < span.end]
    values = {normalise(evidence.text[span.start : span.end]) for span in strong}
    return values.pop() if len(values) == 1 else None


def _is_same_thing(best: CandidateSentence, other: CandidateSentence) -> bool:
    if other.passage.article_id == best.passage.article_id or value_of(other) is None:
        return False
    if _is_planned(best) != _is_planned(other):
        return False
    return other.term_coverage >= MIN_TERM_COVERAGE and len(best.terms & other.terms) >= SAME_TERMS * len(best.terms)


def _is_planned(evidence: CandidateSentence) -> bool:
    """Whether a sentence tells of what is aimed at, which no result contradicts."""
    return _PLANNED.search(evidence.text) is not None


def _distinct(evidence: Sequence[CandidateSentence]) -> list[CandidateSentence]:
    """The best sentence of each value."""
    by_value: dict[str | None, CandidateSentence] = {}
    for one in evidence:
        by_value.setdefault(value_of(one), one)
    return list(by_value.values())


def _date(evidence: CandidateSentence, articles: Mapping[str, Article]) -> str:
    return validity_date(evidence.text, articles[evidence.passage.article_id]) or ""
