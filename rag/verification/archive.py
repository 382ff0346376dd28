"""What statements are compared with beside the passages: how much words weigh, which names are home, what the reader says."""

import functools
from collections.abc import Callable
from dataclasses import dataclass

from index.language.terms import Lexicon
from index.search.lexical_index import LexicalIndex
from index.store.generations import Generation
from rag.facts.planted import Span, find_planted, planted_in, within
from rag.records import Passage
from rag.retrieval.home import is_own_district
from rag.verification.cross_language import Translate
from rag.verification.judgement import BearsOut

KEPT_NAMES = 4096
"""Names of which it is remembered whether they are the archive's own district."""


@dataclass(frozen=True, slots=True)
class Archive:
    """What is known of the archive beside the passages.

    Args:
        lexical: tells how much each term weighs.
        lexicon: makes the terms as the archive's were made.
        is_home: whether a name is of the archive's own district, which its articles seldom name.
        bears_out: the reader's judgement; None: without it.
        planted: the stretches of a passage's text that were planted in its article for a language model.
        translate: English into the archive's words; None: English statements are held against English passages alone.
    """

    lexical: LexicalIndex
    lexicon: Lexicon
    is_home: Callable[[str], bool] = lambda _name: False
    bears_out: BearsOut | None = None
    translate: Translate | None = None
    planted: Callable[[Passage], tuple[Span, ...]] = lambda passage: find_planted(passage.text)


def archive_of(generation: Generation, bears_out: BearsOut, translate: Translate) -> Archive:
    """Return what is known of a generation's archive; see Archive."""
    is_home = functools.lru_cache(KEPT_NAMES)(functools.partial(is_own_district, generation=generation))

    @functools.lru_cache(KEPT_NAMES)
    def planted_in_article(article_id: str) -> tuple[Span, ...]:
        article = generation.catalogue.article(article_id)
        return planted_in(article) if article else ()

    def planted(passage: Passage) -> tuple[Span, ...]:
        return within(planted_in_article(passage.article_id), passage.start, passage.end)

    return Archive(generation.lexical, generation.lexicon, is_home, bears_out, translate, planted)
