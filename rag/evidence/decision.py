"""Decides whether the archive can answer a question, before anything is written. Typed, with a reason.

Rules say what is certain (no time, no place, no name of that kind), a calibrated probability the rest (rag.evidence.answerability).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.language.normalise import normalise, simplify
from index.language.terms import character_terms
from index.records import Article
from index.store.generations import Generation
from rag.evidence.answerability import answer_probability, fulfilled_probability, threshold
from rag.evidence.conditions import find_fulfilment
from rag.evidence.constraints import (
    HOLDER_STRENGTH,
    filter_by_holder,
    filter_by_organisation,
    filter_by_place,
    filter_by_time,
    has_bare_place,
)
from rag.evidence.periods import of_asked_period
from rag.evidence.selection import joined
from rag.evidence.sentence_ranking import CandidateSentence
from rag.evidence.table_rows import without_other_rows
from rag.facts.planted import is_planted, planted_in
from rag.question.persons import find_persons
from rag.records import RefusalReason
from rag.retrieval.home import PLACE_KIND
from rag.retrieval.retriever import Retrieval
from rag.verification.archive import Archive

MAX_OF_ANOTHER = 2
"""Best sentences that are of another thing, behind which the next one is looked at."""
FULL_COVERAGE = 0.5
"""From it on the best sentence has so much of the question that a name it lacks is taken for the segmenter's slip."""
HOLDER_PROBABILITY = 0.9
"""A name beside the office asked for holds it, and an office beside the person named is that person's, whatever else is said."""
BESIDE_CHARACTERS = 60
"""Before and behind a sentence, where it is looked for who acts in it."""
CONTRADICTING = 0.45
"""Share of the question's terms that a sentence has which tells of the same event with somebody else."""
# What a question may take for granted, and what in it leaves that open.
_OPEN = re.compile(r"是否|吗|有没有")
_REVERSALS: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = (
    (re.compile(r"撤销|撤消|取消|免去|罢免|免职|吊销|废止|废除|剥夺|收回"), _OPEN),
    (re.compile(r"倒闭|破产|解散|关停|停办|停业|停产|关闭|停运|拆除|烂尾"), re.compile(rf"{_OPEN.pattern}|疫情")),
    (re.compile(r"辞职|辞去|被查|被捕|落马|处分|开除|受贿|判刑|去世|逝世"), _OPEN),
    (re.compile(r"失败|落选|败诉|输给|未能|没能|没有(?:通过|完成|达到)"), _OPEN),
)
_ABBREVIATION = re.compile(r"\b[A-Z]{2,}\b")


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether one question is answered, and from what.

    Args:
        evidence: sentences that may answer, best first; their shares add up to 1. Where none may, those of the right time,
            place and persons: what is told of the matter.
        probability: that the first of them does.
        refusal: why it is not answered; None where it is.
        is_doubtful: refused because nothing found of the right time has what is asked for, or is likely enough to answer, or
            by a rule that hangs on a guess: what the segmenter takes for a name, a name without its Chinese, a time without a
            beginning. Who can read may think otherwise.
        correction: for a false premise, what the archive says instead.
    """

    evidence: tuple[CandidateSentence, ...]
    probability: float = 0.0
    refusal: RefusalReason | None = None
    correction: CandidateSentence | None = None
    is_doubtful: bool = False


def decide(
    retrieval: Retrieval,
    ranked: Sequence[CandidateSentence],
    generation: Generation,
    archive: Archive,
    wrong_cost: float,
) -> Decision:
    """Return what can be answered of a question, or why nothing can.

    Args:
        ranked: all sentences found, best first.
        archive: what statements are held against beside the passages.
        wrong_cost: what a wrong answer costs, where a false refusal costs 1.
    """
    analysis = retrieval.analysis
    if analysis.is_empty:
        return Decision((), refusal="unclear")
    dated, sided, kept = constrain(retrieval, ranked, generation)
    if dated and len(sided) < len(dated) and not any(evidence is dated[0] for evidence in sided):
        correction = _contradicting(dated, sided)
        if correction:
            return Decision(tuple(kept), refusal="false_premise", correction=correction)
    unknown = [name for name in analysis.names if not _is_mentioned(name, generation)]
    if not kept:
        out = not dated and _is_out_of_range(retrieval, generation)
        # A report that mentions the year tells nothing of who held an office in it.
        is_of_another_time = bool(analysis.asked_offices and analysis.time_range)
        told_of = () if unknown or is_of_another_time else tuple(sided)
        is_open = analysis.time_range is not None and analysis.time_range.has_no_beginning
        return Decision(told_of, refusal="out_of_range" if out else "not_found", is_doubtful=bool(dated) or is_open)
    unknown = [name for name in unknown if not has_bare_place(name, kept[0])]
    if kept[0].term_coverage < FULL_COVERAGE and unknown:  # a place or person that no article mentions
        return Decision((), refusal="not_found", is_doubtful=all(_is_guessed(name, generation) for name in unknown))
    is_told_in_words = analysis.language == "zh" or not retrieval.translation.concepts
    if is_told_in_words and kept[0].context_coverage == 0:
        # 你好: whatever the reader makes of it, nothing of it is told of; who is told of under a Chinese name, an LLM may know.
        return Decision((), refusal="not_found", is_doubtful=analysis.language == "en")
    if _lacks_english_name(retrieval):
        return Decision(tuple(kept), refusal="not_found", is_doubtful=True)  # an LLM may know the name in Chinese
    probability = answer_probability(retrieval, kept, generation.lexicon, of_story=analysis.answer_form != "fact")
    if (analysis.asked_offices or analysis.answer_type == "office") and kept[0].strength >= HOLDER_STRENGTH:
        probability = max(probability, HOLDER_PROBABILITY)
    told = kept
    if probability >= threshold(wrong_cost) and analysis.language == "zh" and analysis.answer_form == "fact":
        kept, probability = _fulfilling(kept, probability, retrieval, generation, archive)
    refusal: RefusalReason | None = None if probability >= threshold(wrong_cost) else "not_found"
    if refusal is None and (reversed_by := _reversal(analysis.text, kept)):
        return Decision(tuple(kept), probability, "false_premise", reversed_by)
    return Decision(tuple(told if refusal else kept), probability, refusal, is_doubtful=refusal is not None)


def _fulfilling(
    kept: list[CandidateSentence],
    probability: float,
    retrieval: Retrieval,
    generation: Generation,
    archive: Archive,
) -> tuple[list[CandidateSentence], float]:
    """The sentences without the best ones that are of another thing, and the probability of the best one left."""
    for place, best in enumerate(kept[: MAX_OF_ANOTHER + 1]):
        if place:
            probability = answer_probability(retrieval, _shared_anew(kept[place:]), generation.lexicon)
        article = retrieval.articles[best.passage.article_id]
        fulfilment = find_fulfilment(retrieval.analysis, best, article, archive)
        if not fulfilment.is_of_another:
            return _shared_anew(kept[place:]), fulfilled_probability(probability, fulfilment)
    return kept, 0.0


def constrain(
    retrieval: Retrieval, ranked: Sequence[CandidateSentence], generation: Generation
) -> tuple[list[CandidateSentence], list[CandidateSentence], list[CandidateSentence]]:
    """Return the sentences of the right place and time; of them those of the right persons; of these those that may answer."""
    # What was planted for a language model is no evidence of anything.
    planted = {name: planted_in(article) for name, article in retrieval.articles.items()}
    told = [one for one in ranked if not is_planted(planted[one.passage.article_id], one.start, one.end)]
    told = without_other_rows(told, retrieval.analysis, retrieval.articles)
    placed = filter_by_place(told, retrieval, generation)
    dated = filter_by_time(placed, retrieval, generation)
    sided = _filter_by_person(dated, retrieval, generation)
    kept = filter_by_organisation(filter_by_holder(sided, retrieval.analysis), retrieval)
    kept = of_asked_period(kept, retrieval.analysis, retrieval.articles)
    return dated, sided, _shared_anew(kept)


def _lacks_english_name(retrieval: Retrieval) -> bool:
    """Whether an English question names or abbreviates what the archive has under no Chinese name: GDP, a person."""
    question, absent = retrieval.analysis.text, set(retrieval.translation.absent)
    return any(word.lower() in absent for word in _ABBREVIATION.findall(question)) or any(
        " " in name and name.title() in question for name in absent
    )


def _shared_anew(evidence: Sequence[CandidateSentence]) -> list[CandidateSentence]:
    """The same sentences with shares that add up to 1."""
    total = sum(one.share for one in evidence)
    return [replace(one, share=one.share / total) for one in evidence] if total else list(evidence)


def _is_mentioned(name: str, generation: Generation) -> bool:
    """Whether the archive can have the name: all its character pairs occur, however the segmenter cuts them."""
    return bool(generation.lexical.known(character_terms(name)).all())


def _is_guessed(name: str, generation: Generation) -> bool:
    """Whether only the segmenter takes it for a name, which may have cut wrongly: 办和丽泽 of 区金融办和丽泽管委会."""
    return not (generation.lexicon.is_listed(name) or PLACE_KIND.search(name))


def _filter_by_person(
    dated: Sequence[CandidateSentence], retrieval: Retrieval, generation: Generation
) -> list[CandidateSentence]:
    """The sentences but those in or beside which persons act whose article does not know one that the question names."""
    persons = retrieval.analysis.persons
    if not persons:
        return list(dated)

    def knows_all(article: Article) -> bool:
        whole = normalise(f"{article.title or ''}{article.text}")
        return all(person in whole for person in persons)

    known = {article_id for article_id, article in retrieval.articles.items() if knows_all(article)}
    return [
        evidence
        for evidence in dated
        if evidence.passage.article_id in known or not find_persons(_around(evidence), generation.lexicon)
    ]


def _around(evidence: CandidateSentence) -> str:
    start = max(0, evidence.start - evidence.passage.start - BESIDE_CHARACTERS)
    return evidence.passage.text[start : evidence.end - evidence.passage.start + BESIDE_CHARACTERS]


def _contradicting(dated: Sequence[CandidateSentence], sided: Sequence[CandidateSentence]) -> CandidateSentence | None:
    """The sentence, with the one beside it, that tells of the event in the question with somebody else."""
    best = dated[0]
    if best.term_coverage < CONTRADICTING or (sided and sided[0].term_coverage > best.term_coverage):
        return None
    beside = next(
        (
            other
            for other in dated[1:]
            if other.passage.chunk_id == best.passage.chunk_id and other.sentence_index == best.sentence_index + 1
        ),
        None,
    )
    return joined(best, beside) if beside else best


def _reversal(question: str, kept: Sequence[CandidateSentence]) -> CandidateSentence | None:
    """The best sentence where the question takes for granted what undoes something, and the passages near it do not.

    撤销 and 关闭 say so much that no report of the matter leaves them out.
    """
    question = simplify(question)
    for words, left_open in _REVERSALS:
        if not words.search(question) or left_open.search(question):
            continue
        if not any(words.search(simplify(one.passage.text)) for one in kept[:3]):
            return kept[0]
    return None


def _is_out_of_range(retrieval: Retrieval, generation: Generation) -> bool:
    """Whether the time asked about lies outside the years in which the archive's dated articles were printed."""
    time_range, days = retrieval.analysis.time_range, generation.days[generation.days[:, 0] > 0]
    if not len(days) or time_range is None or not time_range.constrains_time or time_range.has_no_beginning:
        return False
    first, last = int(days[:, 0].min()) // 10000, int(days[:, 1].max()) // 10000
    return all(int(span.last[:4]) < first or int(span.first[:4]) > last for span in time_range.asked)
