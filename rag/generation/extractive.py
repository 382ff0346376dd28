"""Quotes → the statements of an extracted answer, in the service's own words where a quote needs any. No LLM."""

import re
from collections.abc import Sequence
from dataclasses import replace

from index.language.normalise import normalise
from index.language.sentences import find_content_sentences
from index.records import Article
from index.store.generations import Generation
from rag.evidence.conflicts import SAME_STRENGTH, find_alternatives
from rag.evidence.grounding import GroundedPart, Grounding
from rag.evidence.selection import select_quotes
from rag.evidence.sentence_ranking import CandidateSentence
from rag.facts.answer_spans import Span
from rag.facts.asked_kind import JUDGED_KINDS
from rag.facts.planted import is_planted, planted_in
from rag.generation.carried_over import carry_over
from rag.generation.composition import Composition, Line
from rag.generation.markers import tidy
from rag.generation.messages import (
    as_earlier_report,
    introduce_quote,
    nothing_about,
    with_lead,
    with_report_date,
    with_subject,
)
from rag.generation.nearest import quote_of
from rag.question.language import detect_language
from rag.records import Language
from rag.retrieval.home import is_home

SHORT_CHARACTERS = 24
"""Characters below which a sentence is quoted with one beside it."""
SAID_SHARE = 0.7
"""Share of the terms about the asking word that are told of."""
LONG_CHARACTERS = 40
"""Characters from which on a sentence is led by what it answers with."""
_ABOUT_BEFORE = re.compile(
    r"(?:大约|约有?|将近|接近|近|超过|超|突破|逾|不足|不到|不少于|不低于|不超过|至少|至多|最多|最少|多达|高达|上|成)$"
)
_ABOUT_BEHIND = re.compile(r"左右|上下|以上|以下|以内|之多")
_PLANNED = re.compile(r"预计将?|计划|拟(?=[于在将\d])|力争|有望|预期|争取")
LED_STRENGTH = 0.7
"""How well the figure of an English sentence is of the kind asked for, at least, to lead it."""
_SPEAKS = re.compile(r"(?:说|表示|介绍|指出|强调|告诉)[^，]{0,6}[。：]?$")
_POINTS = re.compile(r"^[“”\s]*(?:他|她|它|其(?!他)|该|此(?!外|次|前|后|时|间|中))")


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
                article = grounding.retrieval.articles[evidence.passage.article_id]
                lines.append(Line(text, (quote_of(_widened(evidence, article)),)))
    said_all = " ".join(quote.text for line in lines for quote in line.quotes)
    missing = [
        Line(nothing_about(part.question, grounding.language))
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
    if is_planted(planted_in(article), start, end):
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
            lead = _lead(part, alternatives.first)
            if language == "zh" and detect_language(quote.text) == "en":
                lead = _carried_over(part, alternatives.first, article)
            text = with_lead(text, lead, language)
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
    if seen is None or part.analysis.answer_type not in JUDGED_KINDS or len(evidence.text) < LONG_CHARACTERS:
        return None
    spans = [
        span
        for span in evidence.spans
        if span.strength >= SAME_STRENGTH and span.start < seen[1] and seen[0] < span.end
    ]
    return _label(evidence.text, spans[0], part.analysis.answer_type) if len(spans) == 1 else None


def _label(text: str, span: Span, answer_type: str) -> str:
    """What a sentence answers with, and what belongs to it: 近20家, 70项左右; 计划2023年6月 of a plan."""
    start, end = span.start, span.end
    if answer_type == "number":
        if about := _ABOUT_BEFORE.search(text, max(0, start - 6), start):
            start = about.start()
        if about := _ABOUT_BEHIND.match(text, end):
            end = about.end()
        return tidy(text[start:end])
    if answer_type == "date" and (plan := _planned(text, span)):
        return tidy(plan + text[start:end])
    return tidy(text[start:end])


def _planned(text: str, span: Span) -> str:
    """The word by which a day is planned in its own clause, if it is."""
    start = max((text.rfind(mark, 0, span.start) for mark in "，,；;。"), default=-1) + 1
    end = next((place for place in range(span.end, len(text)) if text[place] in "，,；;。"), len(text))
    before, behind = _PLANNED.search(text, start, span.start), _PLANNED.match(text, span.end, end)
    return (before or behind or [""])[0].removesuffix("将") if before or behind else ""


def _carried_over(part: GroundedPart, evidence: CandidateSentence, article: Article) -> str | None:
    """What an English sentence answers a Chinese question with, in Chinese: its figure or day; a name as it is printed.

    The only one of the very kind asked for, or of several the one that the reader sees.
    """
    if part.analysis.answer_type not in JUDGED_KINDS:
        return None
    strongest = max((span.strength for span in evidence.spans), default=0.0)
    if strongest < LED_STRENGTH:
        return None
    strong = [span for span in evidence.spans if span.strength == strongest]
    if len(strong) > 1 and (seen := evidence.answer_span):
        strong = [span for span in strong if span.start < seen[1] and seen[0] < span.end]
    if len(strong) != 1:
        return None
    span = strong[0]
    if part.analysis.answer_type == "person":
        return evidence.text[span.start : span.end]
    return carry_over(evidence.text, span.start, span.end, article.date, part.analysis.unit)


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
