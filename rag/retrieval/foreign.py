"""The archive's chunks in English, and a Chinese question asked of them alone.

    question ─► translation/way_back ─► Retriever, over English chunks only ─► Retrieval, its translation the way back

An archive without such chunks costs one look at a few dozen postings, once for each generation.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.language.terms import character_term
from index.search.lexical_index import LexicalIndex
from index.store.generations import Generation
from rag.question.analysis import QuestionAnalysis, analyse_question
from rag.question.language import detect_language
from rag.question.time_range import drop_asked
from rag.records import Passage
from rag.retrieval.retriever import Retriever
from rag.retrieval.translation.concepts import QueryTranslation
from rag.retrieval.translation.english_question import EnglishQuestion
from rag.retrieval.translation.glosses import load_glosses
from rag.retrieval.translation.way_back import translate_to_english

COMMON_WORDS = (  # noqa: SIM905
    "about after all also among before between city could day days down during first four had her his last main may "
    "million months more most new no not now one other our out over people percent said she since so some such three time "
    "two under up used we were while year years you"
).split()
"""English words that the lexical index keeps, of which hardly a paragraph has none."""
CERTAIN_WORDS = 6
"""Of these, from so many on a chunk is English without being read."""
KEPT_QUESTIONS = 256
"""Questions whose translation is kept: retrieval, ranking and the reader ask for the same one."""
_YEAR_LETTERS = 4


def english_rows(generation: Generation) -> npt.NDArray[np.int64]:
    """Return (n,) the rows of the chunks in English, ascending."""
    every = np.arange(generation.lexical.size)
    held = generation.lexical.presence([character_term(word) for word in COMMON_WORDS], every).sum(axis=0)
    doubtful = np.flatnonzero((held > 0) & (held < CERTAIN_WORDS))
    chunks = generation.catalogue.chunks(doubtful)
    articles = generation.catalogue.articles(chunk.article_id for chunk in chunks)
    english = [
        chunk.row
        for chunk in chunks
        if detect_language(articles[chunk.article_id].text[chunk.start : chunk.end]) == "en"
    ]
    return np.sort(np.concatenate([np.flatnonzero(held >= CERTAIN_WORDS), np.array(english, np.int64)]))


@dataclass(frozen=True, slots=True)
class Tongues:
    """What searches an archive of articles in both languages, each apart.

    Args:
        chinese: over the chunks that are not in English; None where there are none.
        english: over those that are, for Chinese questions.
    """

    chinese: Retriever | None
    english: "ForeignRetriever"


def tongues_of(retriever: Retriever) -> Tongues | None:
    """Return what searches the chunks of a retriever's generation by their language; None where none is in English."""
    rows = english_rows(retriever.generation)
    if not len(rows):
        return None
    is_english = np.zeros(retriever.generation.lexical.size, np.bool_)
    is_english[rows] = True
    chinese = None if is_english.all() else Retriever(retriever.generation, *retriever.models, ~is_english)
    return Tongues(chinese, ForeignRetriever(retriever, is_english))


class ForeignRetriever(Retriever):
    """Searches the English chunks of a generation for Chinese questions. Thread-safe: it only reads.

    Args:
        retriever: over all of the generation's chunks; with its model, its reader and its dictionary.
        is_english: (chunks,) the English ones; one at least.
    """

    def __init__(self, retriever: Retriever, is_english: npt.NDArray[np.bool_]) -> None:
        super().__init__(retriever.generation, *retriever.models, is_english)
        *_, cache_dir = retriever.models
        translate = partial(_translate_back, cache_dir, retriever.generation.lexical, np.flatnonzero(is_english))
        self._in_english = lru_cache(KEPT_QUESTIONS)(translate)

    def _terms(self, _question: str) -> list[str]:
        return []  # no English chunk has a Chinese question's

    def translation_of(self, analysis: QuestionAnalysis) -> QueryTranslation:
        """Return a Chinese question in the English articles' words."""
        return self._in_english(analysis).translation

    def _translation(self, analysis: QuestionAnalysis) -> QueryTranslation:
        return self.translation_of(analysis)

    def _as_read(self, analysis: QuestionAnalysis) -> Callable[[Passage], str]:
        """The question's words in English, as the passage has them; without dates, which rules check, where it states none of them."""
        asked = self._in_english(analysis)
        time_range = analysis.time_range
        if time_range is None or not time_range.constrains_time or time_range.is_guessed:
            return lambda passage: asked.asked_of(passage.text)
        bare = drop_asked(analysis.text, time_range)
        undated = self._in_english(analyse_question(bare, self.generation.lexicon)) if bare else asked
        years = [span.first[:_YEAR_LETTERS] for span in time_range.asked]

        def read_as(passage: Passage) -> str:
            is_stated = any(re.search(rf"\b{year}\b", passage.text) for year in years)
            return (asked if is_stated else undated).asked_of(passage.text)

        return read_as


def _translate_back(
    cache_dir: Path | None, lexical: LexicalIndex, english: npt.NDArray[np.intp], analysis: QuestionAnalysis
) -> EnglishQuestion:
    return translate_to_english(analysis, load_glosses(cache_dir), lexical, english)
