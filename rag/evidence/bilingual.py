"""Grounding over articles of two languages: what no Chinese article answers is looked for in the English ones.

    part of a question ─ Grounder ───────────────► answered ──────────────────────────► GroundedPart
    (Chinese chunks alone)                      └► refused ─ English chunks alone ─────► the same, where they answer

So a Chinese article that answers goes first, and its question costs nothing for the English ones. An English sentence is
never held against the question's Chinese words, of which it has the figures at most.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from index.dates import find_dates
from index.language.terms import Lexicon, extract_terms
from index.records import Article
from index.store.generations import Generation
from rag.evidence.answerability import known_share
from rag.evidence.constraints import has_asked_kind, overlaps, printed_in
from rag.evidence.decision import Decision, decide
from rag.evidence.grounding import GroundedPart, Grounder, Grounding
from rag.evidence.sentence_ranking import CERTAIN_TRANSLATION, CandidateSentence, find_evidence
from rag.question.analysis import QuestionAnalysis
from rag.question.conversation.english_topic import find_english_names
from rag.question.decompose import SubQuestion, restrict_time_range
from rag.question.language import detect_language
from rag.records import Query, Timings
from rag.retrieval.foreign import ForeignRetriever, Tongues
from rag.retrieval.home import is_home
from rag.retrieval.retriever import Retrieval
from rag.retrieval.translation.concepts import QueryTranslation

MIN_TOLD, MIN_TOLD_AROUND = 0.1, 0.3
"""Share of the question that a sentence, and it with its passage and title, has at least: the reader is asked in the words that
they have, and so takes any opening for the one that is asked for. Of 44 right answers to dev questions one has less."""
_HAN = re.compile(r"[\u4e00-\u9fff]{2}|[\u4e00-\u9fff](?![年月日号])")
_REVERSING = re.compile(r"关闭|关停|停办|停业|停产|停运|取消|撤销|撤消|拆除|辞去|辞职|去世|逝世|倒闭|破产|解散")
_IN_NAMES = frozenset({"the", "and", "for", "district", "railway", "train", "subway", "metro"})
"""Words of names that are left out as often as not."""
_OPEN_REFUSALS = frozenset({"not_found", "out_of_range"})
"""Those that articles in another language may make good."""


@dataclass(frozen=True, slots=True)
class BilingualGrounder(Grounder):
    """Finds what answers can stand on, in articles of either language.

    Args:
        tongues: gives what searches the generation's Chinese and English chunks apart; None where it has no English ones.
        english: what searches them, where the question is one for both.
    """

    tongues: Callable[[], Tongues | None] = lambda: None
    english: ForeignRetriever | None = None

    def _ground(self, query: Query, question: str, timings: Timings) -> Grounding:
        tongues = self.tongues() if not self.english and detect_language(question) == "zh" else None
        if tongues is None:
            return Grounder._ground(self, query, question, timings)
        apart = replace(self, retriever=tongues.chinese or tongues.english, english=tongues.english)
        return apart._ground(query, question, timings)

    def _ground_part(self, asked: SubQuestion, query: Query, whole: Retrieval) -> GroundedPart:
        part = Grounder._ground_part(self, asked, query, whole)
        if self.english is None or part.decision.refusal not in _OPEN_REFUSALS:
            return part
        other = self._in_english(asked, query, self.english)
        is_better = other and (not other.decision.refusal or (other.on_the_matter and not part.on_the_matter))
        return other if other and is_better else part

    def _ranked(self, retrieval: Retrieval) -> list[CandidateSentence]:
        """The sentences; of English articles only where these have what an English question names."""
        ranked = Grounder._ranked(self, retrieval)
        analysis = retrieval.analysis
        if analysis.language != "en":
            return ranked
        names = set[str]().union(*(_words_of(name) for name in find_english_names(analysis.text) if " " in name))
        if not names:
            return ranked
        # What a Chinese article calls them is told by its translation.
        there = {
            article_id
            for article_id, article in retrieval.articles.items()
            if names <= _words_of(f"{article.title or ''} {article.text}")
        }
        return [one for one in ranked if one.passage.article_id in there or detect_language(one.passage.text) != "en"]

    def _in_english(self, asked: SubQuestion, query: Query, retriever: ForeignRetriever) -> GroundedPart | None:
        """The part as English articles answer it; None where they cannot."""
        analysis = self._analyse(asked.question, query)
        translation = retriever.translation_of(analysis)
        if translation.lacks_key or not _says_something(translation):
            return None
        found = retriever.retrieve(replace(query, text=asked.question), analysis, reads=True)
        time_range = restrict_time_range(found.analysis.time_range, asked.question)
        retrieval = replace(found, analysis=replace(found.analysis, time_range=time_range))
        ranked = find_evidence(retrieval, self.generation.lexical, self.generation.lexicon)
        articles = retrieval.articles.items()
        naming = {article_id for article_id, article in articles if _names_all(article, retrieval, self.generation)}
        told = [one for one in ranked if one.passage.article_id in naming and self._may_tell(one, retrieval)]
        if not told:
            return None
        # As a question of the articles' language: its names are told of, which rules would look for in Chinese, and question
        # and answer make no Chinese statement that an English sentence could be held against.
        checked = replace(retrieval, analysis=replace(retrieval.analysis, names=(), language="en"))
        decision = decide(checked, told, self.generation, self.archive, self.wrong_cost)
        return GroundedPart(asked.question, retrieval, _as_reversed(decision, retrieval))

    def _may_tell(self, evidence: CandidateSentence, retrieval: Retrieval) -> bool:
        """Whether a sentence has enough of the question, and its article is not from before its time."""
        known, article = known_share(retrieval), retrieval.articles[evidence.passage.article_id]
        return (
            evidence.term_coverage * known >= MIN_TOLD
            and evidence.context_coverage * known >= MIN_TOLD_AROUND
            and _is_of_kind(evidence, retrieval.analysis, self.generation.lexicon)
            and _is_of_time(evidence, article, retrieval.analysis)
        )


def _words_of(name: str) -> set[str]:
    return set(re.findall(r"[a-z]{3,}", name.casefold())) - _IN_NAMES


def _is_of_kind(evidence: CandidateSentence, analysis: QuestionAnalysis, lexicon: Lexicon) -> bool:
    return analysis.answer_type not in ("number", "date") or has_asked_kind(evidence, analysis, lexicon)


def _is_of_time(evidence: CandidateSentence, article: Article, analysis: QuestionAnalysis) -> bool:
    """Whether a sentence states a date of the time asked about, or was printed in it or soon after.

    Stricter than rag.evidence.constraints, to which a date anywhere in the passage is enough. Who holds an office is told by no
    report from before the time: what it says of it is planned.
    """
    time_range = analysis.time_range
    if time_range is None or not time_range.constrains_time or time_range.is_guessed or article.date is None:
        return True
    if printed_in(time_range, article.date):
        return True
    if analysis.asked_offices and article.date.last_day < int(time_range.first.replace("-", "")):
        return False
    stated = [span for span in find_dates(evidence.text, article.date) if span.first]
    return any(overlaps(time_range, span) for span in stated)


def _names_all(article: Article, retrieval: Retrieval, generation: Generation) -> bool:
    """Whether an article has every name of the question, in English; the archive's own district goes without saying."""
    terms = set(generation.lexicon.distinct_terms(f"{article.title or ''} {article.text}"))
    return all(
        concept.certainty_in(terms) > 0
        for concept in retrieval.translation.concepts
        if concept.is_name and not is_home(concept.english, generation)
    )


def _says_something(translation: QueryTranslation) -> bool:
    """Whether an English article can have a word of the question, besides figures and dates."""
    return any(_HAN.search(concept.english) for concept in translation.concepts)


def _as_reversed(decision: Decision, retrieval: Retrieval) -> Decision:
    """The decision, without the refusal of a premise that the article confirms in English: 关闭 and "shut"."""
    if decision.refusal != "false_premise" or decision.correction is None or not decision.evidence:
        return decision
    terms = set(extract_terms(decision.evidence[0].passage.text))
    words = (concept for concept in retrieval.translation.concepts if _REVERSING.search(concept.english))
    if any(concept.certainty_in(terms) >= CERTAIN_TRANSLATION for concept in words):
        return replace(decision, refusal=None, correction=None)
    return decision
