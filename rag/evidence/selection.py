"""Ranked sentences → what is quoted as the answer: the sentence, the whole list, the few that tell a story; one per thing asked."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from index.dates import find_dates
from index.language.terms import Lexicon
from index.records import Article
from rag.evidence.constraints import named_before
from rag.evidence.lists import Enumeration, find_enumerations
from rag.evidence.sentence_ranking import NAMED_STRENGTH, CandidateSentence
from rag.retrieval.retriever import Retrieval

QUOTED_ALONE_SHARE = 0.9
"""Share of the best sentence from which on it is quoted alone."""
BESIDE_SHARE = 0.1
"""Below that a neighbour is quoted with it that has this share of the best one's; what that gives: rag/decisions/0023."""
RIVAL_BELOW, RIVAL_SHARE = 0.4, 0.7
"""Where no sentence stands out, the second one is quoted too when it is about as likely."""
FURTHER_SHARE = 0.1
"""A further sentence of a list or a summary has this share of the best one's."""
PARALLEL_SHARE = 0.002
"""The same of one that is built as the best one is."""
MAX_FURTHER = 4
MAX_SUMMARY_SENTENCES = 2
"""Further sentences of a summary."""
MAX_EVENTS = 8
EVENT_SHARE = 0.03
"""An event of a chronology has this share of the best one's."""
EARLY_IN_SENTENCE = 12
"""Characters within which a sentence that tells of an event says when it was."""
_BEFORE_TITLE = re.compile(r"([\u4e00-\u9fff]{2})了?《")


def select_quotes(
    retrieval: Retrieval, ranked: Sequence[CandidateSentence], lexicon: Lexicon
) -> list[CandidateSentence]:
    """Return the quotes that answer one question, in the order in which they are shown.

    Args:
        ranked: sentences that may answer, best first.
    """
    if not ranked:
        return []
    analysis, articles = retrieval.analysis, retrieval.articles
    if analysis.answer_form == "chronology":
        return _events(ranked, articles)
    best = ranked[0]
    count, is_summary = analysis.count, analysis.answer_form == "summary"
    if analysis.is_list or count or is_summary:
        items = _enumerated(ranked, articles[best.passage.article_id], count)
        if items:
            return items
    if is_summary:
        return [best, *_further(best, ranked, best, MAX_SUMMARY_SENTENCES)]
    shown = _with_neighbour(best, ranked)
    chosen = [shown]
    if analysis.is_list and analysis.answer_type == "other" and analysis.language == "zh":
        chosen += _further(best, ranked, shown, MAX_FURTHER)
    elif parallel := [
        other for other in ranked[1:] if other.share >= FURTHER_SHARE * best.share and _is_parallel(best, other)
    ]:
        chosen += [other for other in parallel[:MAX_FURTHER] if _is_of_article(other, best) and _is_new(other, chosen)]
        chosen.sort(key=lambda evidence: evidence.start)
    elif best.share < RIVAL_BELOW and analysis.language == "zh":
        chosen += [rival for rival in ranked[1:2] if rival.share >= RIVAL_SHARE * best.share and _is_new(rival, chosen)]
    if analysis.answer_type not in ("place", "organisation") or not analysis.head_noun:
        return chosen
    # Each with the sentence before it that names what it tells of, where it does not say 哪个镇 itself.
    named = [
        named_before(quote, analysis, lexicon)
        if (best if quote is shown else quote).strength < NAMED_STRENGTH
        else None
        for quote in chosen
    ]
    return [one for pair in zip(named, chosen, strict=True) for one in pair if one]


def _with_neighbour(best: CandidateSentence, ranked: Sequence[CandidateSentence]) -> CandidateSentence:
    """The best sentence, with the better one of those beside it where it alone is not sure to say it."""
    if best.share >= QUOTED_ALONE_SHARE:
        return best
    for other in ranked[1:]:
        if other.share < BESIDE_SHARE * best.share:
            break
        if other.passage.chunk_id == best.passage.chunk_id and abs(other.sentence_index - best.sentence_index) == 1:
            return joined(best, other)
    return best


def joined(first: CandidateSentence, second: CandidateSentence) -> CandidateSentence:
    """Two sentences of a passage, and what stands between them, as one quote; what it is worth is the first one's."""
    passage = first.passage
    start, end = min(first.start, second.start), max(first.end, second.end)
    text = passage.text[start - passage.start : end - passage.start]
    return replace(
        first,
        start=start,
        end=end,
        text=text,
        sentence_index=min(first.sentence_index, second.sentence_index),
        spans=(),
    )


def _further(
    best: CandidateSentence, ranked: Sequence[CandidateSentence], shown: CandidateSentence, most: int
) -> list[CandidateSentence]:
    """Sentences of the best one's article that answer too, in the order of the article."""
    chosen = [shown]
    for other in ranked[1:]:
        if len(chosen) > most or other.share < PARALLEL_SHARE * best.share:
            break
        is_likely = other.share >= FURTHER_SHARE * best.share or _is_parallel(best, other)
        if is_likely and other.passage.article_id == best.passage.article_id and _is_new(other, chosen):
            chosen.append(other)
    return sorted(chosen[1:], key=lambda evidence: evidence.start)


def _is_of_article(other: CandidateSentence, best: CandidateSentence) -> bool:
    return other.passage.article_id == best.passage.article_id


def _is_parallel(best: CandidateSentence, other: CandidateSentence) -> bool:
    """Whether two sentences go on with one list: 审议了《…》 and 会议审议了《…》."""
    verbs = [set(_BEFORE_TITLE.findall(evidence.text)) for evidence in (best, other)]
    return bool(verbs[0] & verbs[1])


def _is_new(evidence: CandidateSentence, chosen: Sequence[CandidateSentence]) -> bool:
    """Whether it overlaps none of the chosen ones and says something else."""
    squeezed = "".join(evidence.text.split())
    return not any(
        squeezed in "".join(other.text.split())
        or (
            other.passage.article_id == evidence.passage.article_id
            and evidence.start < other.end
            and other.start < evidence.end
        )
        for other in chosen
    )


def _enumerated(
    ranked: Sequence[CandidateSentence], article: Article, count: int | None
) -> list[CandidateSentence] | None:
    """The items of the enumeration that the best sentences introduce or stand in, complete; None where there is none."""
    runs = find_enumerations(article.text)
    for evidence in ranked[:2]:
        if evidence.passage.article_id != article.id or evidence.share < FURTHER_SHARE:
            continue
        run = next((run for run in runs if run.covers(evidence.start) and count in (None, len(run.items))), None)
        if run and _introduces(run, evidence):
            return [_item(evidence, article, start, end) for start, end in run.items]
    return None


def _introduces(run: Enumeration, evidence: CandidateSentence) -> bool:
    """Whether the sentence is the lead or an item; one in the middle of an item answers by itself."""
    return evidence.start in {start for start, _end in run.items} or run.lead == (evidence.start, evidence.end)


def _item(evidence: CandidateSentence, article: Article, start: int, end: int) -> CandidateSentence:
    """An item as a quote; its passage is the one that the enumeration was found by."""
    return replace(evidence, start=start, end=end, text=article.text[start:end], spans=(), sentence_index=-1)


def _events(ranked: Sequence[CandidateSentence], articles: Mapping[str, Article]) -> list[CandidateSentence]:
    """Sentences that state when something happened, by that date, each day's best one."""
    best = ranked[0].share
    dated: list[tuple[str, CandidateSentence]] = []
    for evidence in ranked:
        if len(dated) == MAX_EVENTS or evidence.share < EVENT_SHARE * best:
            break
        article = articles[evidence.passage.article_id]
        stated = [
            span.first
            for span in find_dates(evidence.text, article.date)
            if span.first and span.start < EARLY_IN_SENTENCE
        ]
        if stated and _is_new(evidence, [other for _day, other in dated]):
            dated.append((min(stated), evidence))
    ordered = sorted(dated, key=lambda item: item[0])
    repeated = {later[1].start for earlier, later in pairwise(ordered) if earlier[1].text == later[1].text}
    return [evidence for _day, evidence in ordered if evidence.start not in repeated] or [ranked[0]]
