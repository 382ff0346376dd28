"""What a refusal names as the nearest: articles, each quoted once, and the question that the archive may answer instead."""

import re
from collections.abc import Iterator
from itertools import zip_longest

import numpy as np
import numpy.typing as npt

from index.language.sentences import split_sentences
from rag.evidence.grounding import Grounding
from rag.evidence.sentence_ranking import CandidateSentence
from rag.facts.planted import find_planted, is_planted
from rag.records import Passage
from rag.verification.citations import Quote
from rag.verification.passages import quote_stretch

_THIS_YEAR = re.compile(r"今年|本年度|本年(?!级)|(?:in )?\bthis year\b", re.IGNORECASE)
NEAREST_ARTICLES = 3
"""Articles that a refusal names as the nearest."""


def nearest_quotes(grounding: Grounding) -> list[Quote]:
    """Return a quote of each of the nearest articles, at most NEAREST_ARTICLES, nearest first.

    An article is quoted by what it opens with, to recognise it by. Where reports on the matter were found, it is these, each
    quoted by its best sentence, which may be what the reader looks for; what is not on the matter would only be in the way.
    """
    quotes: dict[str, Quote] = {}
    if grounding.is_related:
        for sentence in _on_the_matter(grounding):
            quotes.setdefault(sentence.passage.article_id, quote_of(sentence))
    else:
        for passage in sorted(grounding.retrieval.passages, key=lambda passage: passage.rank):
            quotes.setdefault(passage.article_id, _opening(passage))
    return list(quotes.values())[:NEAREST_ARTICLES]


def nearest_questions(grounding: Grounding, days: npt.NDArray[np.int32]) -> tuple[str, ...]:
    """Return what may be asked instead where this year lies behind all reports: the same of the newest year that they are of.

    Args:
        days: (n, 2) first and last day of each chunk as YYYYMMDD, 0 where unknown.
    """
    text = grounding.analysis.text
    if grounding.refusal != "out_of_range" or not days[:, 1].any():
        return ()
    newest = int(days[:, 1].max()) // 10000
    instead = _THIS_YEAR.sub(lambda said: f"in {newest}" if said[0].isascii() else f"{newest}年", text)
    return (instead,) if instead != text else ()


def quote_of(sentence: CandidateSentence) -> Quote:
    """Return the sentence as a quote of its article."""
    return Quote(sentence.passage, sentence.start, sentence.end, sentence.text)


def _on_the_matter(grounding: Grounding) -> Iterator[CandidateSentence]:
    """The sentences on the matter of all that was asked, the best of each part first."""
    for abreast in zip_longest(*(part.on_the_matter for part in grounding.parts)):
        yield from (sentence for sentence in abreast if sentence is not None)


def _opening(passage: Passage) -> Quote:
    """The passage's first sentence that was not planted in it; the first one where all were."""
    planted, spans = find_planted(passage.text), split_sentences(passage.text)
    start, end = next((span for span in spans if not is_planted(planted, *span)), spans[0])
    return quote_stretch(passage, start, end)
