"""Decides whether the archive can answer at all, before anything is written. Typed, with a reason."""

import re
from collections.abc import Sequence

from index.embed import BUNDLED
from index.records import Article, PartialDate
from index.store import Generation
from index.terms import extract_terms, normalise
from rag.extract import Evidence
from rag.question import Reading
from rag.records import RefusalReason
from rag.retrieve import Retrieval

MIN_STRENGTH = 0.10
"""Coverage of the question's terms by the best sentence, plus a tenth of a point for each standard deviation by
which the best passage stands out over TYPICAL_PROMINENCE. Set on the dev questions and a dozen off-topic ones."""
TYPICAL_PROMINENCE = 2.5
MOST_FOR_PROMINENCE = 0.05
HOME_SHARE = 0.1
FULL_COVERAGE = 0.5
"""From it on the best sentence has so much of the question that a name it lacks is taken for the segmenter's slip."""
FOREIGN_COVERAGE = 0.1
"""Below it the question shares no words with the archive: another language, judged by the dense leg alone."""
FOREIGN_PROMINENCE = 2.6
FOREIGN_COSINE = 0.75
"""Of the bundled model, whose cosines lie between .7 and 1: off-topic English questions reach .71 to .74."""
_PLACE_KIND = re.compile(r"(?:省|市|区|县|旗|镇|乡|街道)$")
_LAST_YEAR = re.compile(r"去年|上年|上一年|last year", re.IGNORECASE)
_NEXT_YEAR = re.compile(r"明年|next year", re.IGNORECASE)


def find_refusal(
    reading: Reading, retrieval: Retrieval, ranked: Sequence[Evidence], generation: Generation
) -> RefusalReason | None:
    """Return why the question must be refused, or None when there is something to answer from.

    Args:
        ranked: sentences that remain after `keep_dated`.
    """
    if reading.is_empty:
        return "unclear"
    if not ranked:
        return "out_of_range" if _is_out_of_range(reading, generation) else "not_found"
    best = max(evidence.coverage for evidence in ranked)
    if reading.language == "en" and best < FOREIGN_COVERAGE:
        near = max(passage.cosine for passage in retrieval.passages)
        is_near = near >= FOREIGN_COSINE or generation.manifest.embedder.name != BUNDLED
        return None if is_near and retrieval.prominence >= FOREIGN_PROMINENCE else "not_found"
    if best < FULL_COVERAGE and any(not _is_mentioned(name, generation) for name in reading.names):
        return "not_found"  # a place or person that no article mentions
    strength = best + min(MOST_FOR_PROMINENCE, (retrieval.prominence - TYPICAL_PROMINENCE) / 10)
    return None if strength >= MIN_STRENGTH else "not_found"


def _is_mentioned(name: str, generation: Generation) -> bool:
    """Whether the archive can have the name: all its character pairs occur, however the segmenter cuts them."""
    return bool(generation.lexical.known(_pairs(name)).all())


def _pairs(name: str) -> list[str]:
    return [term for term in extract_terms(name) if term.startswith("_")]


def keep_placed(
    reading: Reading, ranked: Sequence[Evidence], retrieval: Retrieval, generation: Generation
) -> list[Evidence]:
    """Return the evidence from articles that name the places of the question, as far as a dictionary knows them.

    The archive's own district goes without saying (区委, 我区): it is in the newspaper's name, or a tenth of all
    chunks name it.
    """
    places = [name for name in reading.names if _PLACE_KIND.search(name) and generation.lexicon.is_listed(name)]
    foreign = [name for name in places if not _is_home(name, generation)]

    if not foreign:
        return list(ranked)

    def names_all(article: Article) -> bool:
        text = normalise(f"{article.title or ''} {article.text}")
        paper = article.newspaper or ""
        return all(name in text or _PLACE_KIND.sub("", name) in paper for name in foreign)

    there = {article_id for article_id, article in retrieval.articles.items() if names_all(article)}
    return [evidence for evidence in ranked if evidence.passage.article_id in there]


def _is_home(name: str, generation: Generation) -> bool:
    pairs = _pairs(name)
    chunks = generation.manifest.counts.chunks
    return bool(pairs) and int(generation.lexical.frequency(pairs).min()) >= HOME_SHARE * chunks


def keep_dated(
    reading: Reading, ranked: Sequence[Evidence], retrieval: Retrieval, generation: Generation
) -> list[Evidence]:
    """Return the evidence that holds for the years the question names: all of it when it names none.

    A sentence holds for a year when its article is dated in it, it names the year itself, or it says 去年 (明年) in
    an article of the year after (before). Who holds an office changes, so for persons that is all, and the sentence
    must name the office; for other things it is enough that the passage around it names the year. Of an undated
    article, its page must name the year.
    """
    if not reading.years:
        return list(ranked)
    pages: dict[tuple[str, str], str] = {}

    def page_text(article: Article) -> str:
        key = (article.source, article.doc_id)
        if key not in pages:
            siblings = (
                generation.catalogue.articles_of(article.source) if article.doc_id == article.source else [article]
            )
            pages[key] = "\n".join(f"{sibling.title or ''}\n{sibling.text}" for sibling in siblings)
        return pages[key]

    def holds(evidence: Evidence) -> bool:
        if reading.kind == "person" and reading.offices and not reading.is_met_by(evidence.text):
            return False
        article = retrieval.articles[evidence.passage.article_id]
        if not article.date:
            return any(_names(year, page_text(article)) for year in reading.years)
        near = evidence.text if reading.kind == "person" else evidence.passage.text
        return any(_is_dated(year, evidence.text, article.date) or _names(year, near) for year in reading.years)

    return [evidence for evidence in ranked if holds(evidence)]


def _is_dated(year: str, sentence: str, written: PartialDate) -> bool:
    """Whether a sentence of an article of that date speaks of the year."""
    ahead = int(year) - int(written.value[:4])
    return (
        ahead == 0
        or (ahead == -1 and bool(_LAST_YEAR.search(sentence)))
        or (ahead == 1 and bool(_NEXT_YEAR.search(sentence)))
    )


def _names(year: str, text: str) -> bool:
    """Whether the text has the year, also when typesetting spaced its digits."""
    return bool(re.search(rf"(?<!\d){year}(?!\d)", re.sub(r"(?<=\d)[ \u3000]+(?=\d)", "", text)))


def _is_out_of_range(reading: Reading, generation: Generation) -> bool:
    """Whether a year of the question lies outside the years in which the archive's dated articles were printed."""
    days = generation.days[generation.days[:, 0] > 0]
    if not len(days) or not reading.years:
        return False
    first, last = int(days[:, 0].min()) // 10000, int(days[:, 1].max()) // 10000
    return all(not first <= int(year) <= last for year in reading.years)
