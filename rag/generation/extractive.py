"""Quotes → the statements of an extracted answer, in the service's own words where a quote needs any. No LLM."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.language.normalise import normalise
from index.language.sentences import find_content_sentences
from index.records import Article
from index.store.generations import Generation
from rag.evidence.conflicts import SAME_STRENGTH, find_alternatives
from rag.evidence.grounding import GroundedPart, Grounding
from rag.evidence.selection import select_quotes
from rag.evidence.sentence_ranking import CandidateSentence
from rag.generation.markers import tidy
from rag.generation.messages import (
    as_earlier_report,
    introduce_quote,
    nothing_about,
    with_lead,
    with_report_date,
    with_subject,
)
from rag.records import Language, Status
from rag.retrieval.home import is_home

SHORT_CHARACTERS = 24
"""Characters below which a sentence is quoted with one beside it."""
SAID_SHARE = 0.7
"""Share of the terms about the asking word that are told of."""
LONG_CHARACTERS = 40
"""Characters from which on a sentence is led by what it answers with."""
_LED = frozenset({"number", "date", "person"})
_SPEAKS = re.compile(r"(?:说|表示|介绍|指出|强调|告诉)[^，]{0,6}[。：]?$")
_POINTS = re.compile(r"^[“”\s]*(?:他|她|它|其(?!他)|该|此(?!外|次|前|后|时|间|中))")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the answer: a statement with the sentence that carries it, or the service's own words.

    Args:
        text: without a marker.
        evidence: None for the service's own words.
    """

    text: str
    evidence: CandidateSentence | None


@dataclass(frozen=True, slots=True)
class Composition:
    """An extracted answer.

    Args:
        status: conflicting where sources disagree, and are shown side by side; else partial where something that was
            asked is not answered.
    """

    lines: tuple[Line, ...]
    status: Status


def compose(grounding: Grounding, generation: Generation) -> Composition:
    """Return the answer to all that is asked, no sentence twice; what is not answered is said last."""
    said: set[tuple[str, int]] = set()
    lines: list[Line] = []
    refused: list[GroundedPart] = []
    conflicting = False
    for part in _apart(grounding.parts):
        if part.decision.refusal:
            refused.append(part)
            continue
        found, contradicts = _compose_part(part, grounding, generation)
        conflicting = conflicting or contradicts
        for text, evidence in found:
            place = (evidence.passage.article_id, evidence.start)
            if place not in said:
                said.add(place)
                lines.append(Line(text, _widened(evidence, grounding.retrieval.articles[evidence.passage.article_id])))
    said_all = " ".join(line.evidence.text for line in lines if line.evidence)
    missing = [
        Line(nothing_about(part.question, grounding.language), None)
        for part in refused
        if not _is_said(part, said_all, generation)
    ]
    return Composition((*lines, *missing), "conflicting" if conflicting else "partial" if missing else "answered")


def _is_said(part: GroundedPart, text: str, generation: Generation) -> bool:
    """Whether what is quoted for the other parts tells of what this one asks too: 应对措施29条，挽回10个优良天."""
    focus = part.analysis.focus
    return bool(focus) and len(focus & set(generation.lexicon.extract_terms(text))) >= SAID_SHARE * len(focus)


def _widened(evidence: CandidateSentence, article: Article) -> CandidateSentence:
    """The sentence with one beside it where it is too short to be understood when it is quoted.

    What it says is in what follows the heading of an item (三是加强宣传。), and before 某某说。
    """
    if len(evidence.text) >= SHORT_CHARACTERS:
        return evidence
    bounds = find_content_sentences(article.text)
    before = [span for span in bounds if span[1] <= evidence.start]
    after = [span for span in bounds if span[0] >= evidence.end]
    if after and not _SPEAKS.search(evidence.text):
        start, end = evidence.start, after[0][1]
    elif before:
        start, end = before[-1][0], evidence.end
    else:
        return evidence
    return replace(evidence, start=start, end=end, text=article.text[start:end])


def _apart(parts: Sequence[GroundedPart]) -> list[GroundedPart]:
    """The parts, each with a sentence of its own where one with a single figure would have to answer several.

    A和B的面积分别是多少 has two answers: the sentence that is nearest to both can only be one of them.
    """
    parts = list(parts)
    for place, part in enumerate(parts):
        evidence = part.decision.evidence
        if part.decision.refusal or part.analysis.answer_type != "number" or len(evidence) < 2:
            continue
        first = evidence[0]
        strong = _strong(first)
        rivals = [
            other
            for other in parts
            if other is not part
            and not other.decision.refusal
            and _is_first(first, other.decision.evidence)
            and _strong(other.decision.evidence[0]) == strong
        ]
        better = any(other.decision.evidence[0].share > first.share for other in rivals)
        if better and len(strong) == 1 and evidence[1].strength >= SAME_STRENGTH:
            parts[place] = replace(part, decision=replace(part.decision, evidence=evidence[1:]))
    return parts


def _strong(sentence: CandidateSentence) -> list[tuple[int, int]]:
    """Where in the sentence what is asked for stands: two questions for 浓度 and 天数 find their own figure in one."""
    return [(span.start, span.end) for span in sentence.spans if span.strength >= SAME_STRENGTH]


def _is_first(sentence: CandidateSentence, evidence: Sequence[CandidateSentence]) -> bool:
    return evidence[0].passage.article_id == sentence.passage.article_id and evidence[0].start == sentence.start


def _compose_part(
    part: GroundedPart, grounding: Grounding, generation: Generation
) -> tuple[list[tuple[str, CandidateSentence]], bool]:
    """The statements that answer one question, and whether sources disagree."""
    language = grounding.language
    articles, ranked = part.retrieval.articles, part.decision.evidence
    alternatives = find_alternatives(part.retrieval, ranked)
    ordered = [alternatives.first, *(one for one in ranked if one is not alternatives.first)]
    quotes = select_quotes(part.retrieval, ordered, generation.lexicon)
    changes = part.analysis.is_changing or alternatives.contradicts
    lines = []
    for number, quote in enumerate(quotes):
        article = articles[quote.passage.article_id]
        text = _state(quote, part, generation, language)
        if not number and len(quotes) == 1:
            text = with_lead(text, _lead(part, alternatives.first), language)
        lines.append((with_report_date(text, article.date, language) if changes and not number else text, quote))
    for other in alternatives.others:
        date = articles[other.passage.article_id].date
        text = _state(other, part, generation, language)
        told = (
            with_report_date(text, date, language)
            if alternatives.contradicts
            else as_earlier_report(text, date, language)
        )
        lines.append((told, other))
    return lines, alternatives.contradicts


def _state(quote: CandidateSentence, part: GroundedPart, generation: Generation, language: Language) -> str:
    """A quote as a statement: with the subject that it lacks, in the language of the question."""
    return introduce_quote(with_subject(tidy(quote.text), _missing_subject(quote, part, generation)), language)


def _lead(part: GroundedPart, evidence: CandidateSentence) -> str | None:
    """The figure, day or name that a long sentence answers with, where it is beyond doubt which one.

    It is of the very kind asked for, and the reader sees the answer there too.
    """
    seen = evidence.answer_span
    if seen is None or part.analysis.answer_type not in _LED or len(evidence.text) < LONG_CHARACTERS:
        return None
    spans = [
        span
        for span in evidence.spans
        if span.strength >= SAME_STRENGTH and span.start < seen[1] and seen[0] < span.end
    ]
    return tidy(evidence.text[spans[0].start : spans[0].end]) if len(spans) == 1 else None


def _missing_subject(quote: CandidateSentence, part: GroundedPart, generation: Generation) -> str | None:
    """The name in the question that the sentence leaves to what stands before it; the archive's own district is none."""
    folded = normalise(quote.text)
    before = normalise(quote.passage.text[: max(0, quote.start - quote.passage.start)] + (quote.passage.title or ""))
    named = [
        name
        for name in part.analysis.names
        if len(name) > 1 and name not in folded and name in before and not is_home(name, generation)
    ]
    if not named or (len(part.analysis.names) > len(named) and not _POINTS.match(quote.text)):
        return None
    return max(named, key=len)
