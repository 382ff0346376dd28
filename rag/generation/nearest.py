"""The articles that a refusal names as the nearest, each quoted once."""

from collections.abc import Iterator
from itertools import zip_longest

from index.language.sentences import split_sentences
from rag.evidence.grounding import Grounding
from rag.evidence.sentence_ranking import CandidateSentence
from rag.records import Passage
from rag.verification.citations import Quote

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


def quote_of(sentence: CandidateSentence) -> Quote:
    """Return the sentence as a quote of its article."""
    return Quote(sentence.passage, sentence.start, sentence.end, sentence.text)


def _on_the_matter(grounding: Grounding) -> Iterator[CandidateSentence]:
    """The sentences on the matter of all that was asked, the best of each part first."""
    for abreast in zip_longest(*(part.on_the_matter for part in grounding.parts)):
        yield from (sentence for sentence in abreast if sentence is not None)


def _opening(passage: Passage) -> Quote:
    """The passage's first sentence."""
    _start, end = split_sentences(passage.text)[0]
    text = passage.text[:end].rstrip()
    return Quote(passage, passage.start, passage.start + len(text), text)
