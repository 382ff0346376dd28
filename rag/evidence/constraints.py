"""Sentences that speak of the places and the time that a question asks about; the rest is no answer, however near."""

import datetime
import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from index.dates import find_dates
from index.dates.named_periods import count_days
from index.language.normalise import normalise
from index.language.sentences import find_content_sentences
from index.language.terms import Lexicon, extract_terms
from index.language.vocabulary import divisions
from index.records import Article, DateSpan, PartialDate
from index.store.generations import Generation
from rag.evidence.sentence_ranking import CERTAIN_TRANSLATION, NAMED_STRENGTH, CandidateSentence
from rag.facts.answer_spans import has_span
from rag.facts.valid_time import is_compared_with
from rag.question.analysis import QuestionAnalysis
from rag.question.time_range import BEGINNING, TimeRange
from rag.retrieval.home import PLACE_KIND, is_home
from rag.retrieval.retriever import Retrieval

ACCEPTED_DAYS = 100
"""A time is reported on within this many days after its end: a year's figures come in the first months of the next."""
MIN_STRENGTH = 0.3
MIN_STRENGTH_IN_UNIT = 0.5
"""Of a figure in a unit like the one asked for."""
MIN_BARE_PLACE = 2
"""Characters of a place without its kind that are the place where a sentence has them: 大兴 for 大兴区, but not 东 for 东镇."""
LONG_BODY = 4
BODY_SHARE = 0.7
"""Share of the pairs of characters of a body's name that an article about it has, whatever it calls it in short."""
HOLDER_DAYS = 7
"""A weekly's report of who held an office at the end of a time."""
YEAR_DAYS = 365
"""What a time without a beginning is taken to be long, where lengths are compared."""
HOLDER_STRENGTH = 0.9
"""Of a name that stands beside the office asked for."""
_THIS_YEAR = re.compile(r"[今本明]年")
NAMED_SORTS = divisions("local") | frozenset(
    [
        "医院",
        "学校",
        "小学",
        "中学",
        "大学",
        "学院",
        "公司",
        "银行",
        "酒店",
        "饭店",
        "店",
        "公园",
        "路",
        "街",
        "桥",
        "站",
    ]
)
"""What each one of has a name that ends so: an answer has it. 企业 are called 集团, 公司 or by their own name alone."""


def filter_by_place(
    ranked: Sequence[CandidateSentence], retrieval: Retrieval, generation: Generation
) -> list[CandidateSentence]:
    """Return the evidence from articles that name the places of the question, as far as a dictionary knows them.

    The archive's own district goes without saying (区委, 我区): it is in the newspaper's name, or a tenth of all
    chunks name it.
    """
    places = [
        name for name in retrieval.analysis.names if PLACE_KIND.search(name) and generation.lexicon.is_listed(name)
    ]
    foreign = [name for name in places if not is_home(name, generation)]
    if not foreign:
        return list(ranked)

    def names_all(article: Article) -> bool:
        text = normalise(f"{article.title or ''} {article.text}")
        paper = article.newspaper or ""
        return all(name in text or PLACE_KIND.sub("", name) in paper for name in foreign)

    there = {article_id for article_id, article in retrieval.articles.items() if names_all(article)}
    return [
        evidence
        for evidence in ranked
        if evidence.passage.article_id in there or all(has_bare_place(name, evidence) for name in foreign)
    ]


def has_bare_place(name: str, evidence: CandidateSentence) -> bool:
    """Whether a sentence has a place without its kind: 大兴 for 大兴区."""
    bare = PLACE_KIND.sub("", name)
    return bare != name and len(bare) >= MIN_BARE_PLACE and bare in normalise(evidence.text)


def filter_by_time(
    ranked: Sequence[CandidateSentence], retrieval: Retrieval, generation: Generation
) -> list[CandidateSentence]:
    """Return the evidence that holds for the time that the question asks about.

    All of it where it asks about no time, or about a day without its year. A sentence holds for a period when it states a date in it. When it states dates of other times only, it does not.
    When it states none, what is printed in the period or soon after holds, and so does what stands in a passage that
    states a date in it. Who holds an office changes, so there a
    passage that merely mentions the year tells nothing. Of an undated article, its page must state the time.
    """
    time_range = retrieval.analysis.time_range
    if time_range is None or not time_range.constrains_time or time_range.is_guessed:
        return list(ranked)
    is_holder = bool(retrieval.analysis.asked_offices)
    pages: dict[tuple[str, str], bool] = {}

    def page_fits(article: Article) -> bool:
        key = (article.source, article.doc_id)
        if key not in pages:
            siblings = (
                generation.catalogue.articles_of(article.source) if article.doc_id == article.source else [article]
            )
            text = "\n".join(f"{sibling.title or ''}\n{sibling.text}" for sibling in siblings)
            pages[key] = _states(time_range, text, None)
        return pages[key]

    def holds(evidence: CandidateSentence) -> bool:
        article = retrieval.articles[evidence.passage.article_id]
        stated = [span for span in find_dates(evidence.text, article.date) if span.first]
        if any(overlaps(time_range, span) or _recurs(time_range, span, article) for span in stated):
            return True
        if _speaks_of_other_times(time_range, evidence.text, stated):
            return False
        if article.date is None:
            return page_fits(article)
        if is_holder:  # a report of the next spring tells of the next spring's
            return printed_in(time_range, article.date, HOLDER_DAYS)
        if printed_in(time_range, article.date):
            return True
        return _states(time_range, evidence.passage.text, article.date)

    return [evidence for evidence in ranked if holds(evidence)]


def overlaps(time_range: TimeRange, span: DateSpan) -> bool:
    """Whether a date expression shares a day with the time asked about."""
    return any(span.first <= asked.last and asked.first <= span.last for asked in time_range.asked)


def _recurs(time_range: TimeRange, span: DateSpan, article: Article) -> bool:
    """Whether 4月17日 is the 17 April asked about, in an article that tells of that year and was printed in another."""
    days = {(asked.first[4:], asked.last[4:], asked.first[:4]) for asked in time_range.asked}
    return span.relative and any(
        (span.first[4:], span.last[4:]) == (first, last) and f"{year}年" in article.text for first, last, year in days
    )


def _speaks_of_other_times(time_range: TimeRange, text: str, stated: Sequence[DateSpan]) -> bool:
    """Whether the sentence states years, and dates in them about as long as the one asked about, none of them in it.

    What it merely compares with (较2018年) is not its time. 今年 and 明年 say a year as well as its number does, but 去年
    may only tell where something comes from, and a day its article leaves without a year may be of any.
    """
    lengths = (
        YEAR_DAYS if asked.first == BEGINNING else count_days(asked.first, asked.last) for asked in time_range.asked
    )
    least = min(lengths) / 4
    return any(
        (not span.relative or _THIS_YEAR.match(text, span.start))
        and count_days(span.first, span.last) >= least
        and not is_compared_with(text, span.start)
        for span in stated
    )


def _states(time_range: TimeRange, text: str, written: PartialDate | None) -> bool:
    spaced = re.sub(r"(?<=\d)[ \u3000]+(?=\d)", "", text)  # digits that typesetting spaced
    return any(overlaps(time_range, span) for span in find_dates(spaced, written) if span.first)


def reported_in(time_range: TimeRange, days: int = ACCEPTED_DAYS) -> tuple[str, str]:
    """Return the first and the last day, as "YYYY-MM-DD", on which a time is reported on: from its beginning on."""
    last = datetime.date.fromisoformat(time_range.last)
    late = min(last, datetime.date.max - datetime.timedelta(days)) + datetime.timedelta(days)
    return time_range.first, late.isoformat()


def printed_in(time_range: TimeRange, date: PartialDate, days: int = ACCEPTED_DAYS) -> bool:
    """Whether what was printed on a date is of a time, or from so many days after its end."""
    first, last = (int(day.replace("-", "")) for day in reported_in(time_range, days))
    return date.first_day <= last and first <= date.last_day


def says_in_its_language(name: str, text: str, retrieval: Retrieval) -> bool:
    """Whether a text in another language than the question has its words for a name: Fengtai for 丰台区.

    Args:
        name: as the question has it.
        text: an article's.
    """
    concepts = [concept for concept in retrieval.translation.concepts if concept.english in name]
    if len("".join(concept.english for concept in concepts)) < BODY_SHARE * len(name):
        return False
    terms = set(extract_terms(text))
    return all(concept.certainty_in(terms) >= CERTAIN_TRANSLATION for concept in concepts)


def filter_by_organisation(ranked: Sequence[CandidateSentence], retrieval: Retrieval) -> list[CandidateSentence]:
    """Return the evidence from articles that know the body whose office is asked for: 万源南里社区 for its 书记."""
    analysis = retrieval.analysis
    pairs = {"".join(pair) for pair in pairwise(analysis.organisation)}
    if not analysis.asked_offices or len(analysis.organisation) < LONG_BODY:
        return list(ranked)

    def knows(article: Article) -> bool:
        text = normalise(f"{article.title or ''}{article.text}")
        return sum(pair in text for pair in pairs) >= BODY_SHARE * len(pairs) or says_in_its_language(
            analysis.organisation, text, retrieval
        )

    known = {article_id for article_id, article in retrieval.articles.items() if knows(article)}
    return [evidence for evidence in ranked if evidence.passage.article_id in known]


def filter_by_holder(ranked: Sequence[CandidateSentence], analysis: QuestionAnalysis) -> list[CandidateSentence]:
    """Return the evidence that has a name beside the office asked for, or an office beside the person named.

    What stands near the question and has none is the nearest miss: 选举产生了第一届会长 for who that is.
    """
    held = [evidence for evidence in ranked if evidence.strength >= HOLDER_STRENGTH]
    if analysis.asked_offices:
        return held
    if analysis.answer_type == "office" and analysis.names:  # which office the person named holds
        return held or list(ranked)
    return list(ranked)


def has_asked_kind(evidence: CandidateSentence, analysis: QuestionAnalysis, lexicon: Lexicon) -> bool:
    """Whether a sentence has what is asked for, as far as that has a form: a figure, a day, a name of that sort."""
    if analysis.answer_type in ("number", "date"):
        in_unit = analysis.answer_type == "number" and analysis.unit
        return evidence.strength >= (MIN_STRENGTH_IN_UNIT if in_unit else MIN_STRENGTH)
    if analysis.answer_type in ("place", "organisation") and analysis.head_noun in NAMED_SORTS:
        return evidence.strength >= NAMED_STRENGTH or named_before(evidence, analysis, lexicon) is not None
    return True


def named_before(sentence: CandidateSentence, analysis: QuestionAnalysis, lexicon: Lexicon) -> CandidateSentence | None:
    """Return the nearest sentence before it, in its passage, that names a thing of the sort asked for.

    加装电梯的工作被报道 for 哪个街道: which one is told where the paragraph about it begins.
    """
    passage = sentence.passage
    for place, (start, end) in reversed(list(enumerate(find_content_sentences(passage.text)))):
        text = passage.text[start:end]
        if passage.start + end <= sentence.start and has_span(analysis, text, lexicon) >= NAMED_STRENGTH:
            start, end = passage.start + start, passage.start + end
            return replace(sentence, start=start, end=end, text=text, sentence_index=place, spans=())
    return None
