"""A Chinese question in the words of an archive's English articles: for lexical search, for the choice of sentences, for the reader.

    2023年上半年丰台GDP是多少 ─ words ─┬─ glosses, in every form that the archive has ─┐
                                      ├─ names by their sound: 丰台 → fengtai           ├─► concepts
                                      └─ figures and Latin words as they are ──────────┘
    concepts and a passage ─► "How many 2023 first half Fengtai GDP?", in the passage's own words: what a reader can be asked

No grammar: English readers answer a question's words, as they stand in the passage, nearly as well as a sentence of them.
"""

import math
import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice, product

import numpy as np
import numpy.typing as npt

from index.language.normalise import normalise
from index.language.terms import NAME_TAGS, character_term, characters_of, extract_terms, tag_words
from index.language.vocabulary import divisions, measure_words, pattern_of
from index.search.lexical_index import LexicalIndex
from rag.question.analysis import QuestionAnalysis
from rag.retrieval.home import PLACE_KIND
from rag.retrieval.translation.concepts import (
    RANK_DECAY,
    SINGLE_CHARACTER_CERTAINTY,
    Concept,
    QueryTranslation,
    Translations,
)
from rag.retrieval.translation.dictionary import forms_of, split_english
from rag.retrieval.translation.english_question import EnglishQuestion, asking_words, without_how
from rag.retrieval.translation.glosses import Glosses
from rag.retrieval.translation.spelled_numbers import is_ordinal, spell_number

PART_CERTAINTY = 0.5
"""How certain one word of a phrase is, compared with the phrase: booth of vendor's booth."""
MIN_PART_LETTERS = 4
MAX_FORMS = 12
"""Ways to inflect the words of a phrase at most."""
MAX_ROMANISED = 5
NAME_LENGTHS = (5, 4, 3, 2)
"""Characters of a name, the longest first."""
MIN_NAME_LETTERS = 5
"""Of a name that is found by its sound alone: shorter ones are other words too often."""
MAX_JOINED_WORDS = 4
_SILENT = frozenset("ucpyrwxkeoz")
"""First letters of the tags of words that only bind or point."""
_HAN = re.compile(r"[\u4e00-\u9fff]")
_NOUN_TAGS = ("n", "vn", "l")
_OWN = re.compile(rf"[全我本该]{pattern_of(divisions('territory'))}")
"""What a paper calls its own district, which English articles name or leave out."""
_PLACE_BEHIND = re.compile(pattern_of(divisions("territory")))
_LABELLED = re.compile(rf"(?<!\d)\d++(?={pattern_of(measure_words('label'), '号')})")
"""Figures that a thing is called by: 3 of 3号线."""
_COUNT_BEHIND = re.compile(r"(?:一?共|总共|总计)?[是为有达]?(?:多少|几)")
_COUNT_BEFORE = re.compile(
    rf"(?:多少|几)(?:{pattern_of(measure_words('count', 'people', 'unit'))})?[\u4e00-\u9fff]{{0,4}}$"
)


def translate_to_english(
    analysis: QuestionAnalysis, glosses: Glosses, lexical: LexicalIndex, rows: npt.NDArray[np.int64]
) -> EnglishQuestion:
    """Return a Chinese question in the words of the archive's English chunks.

    Args:
        glosses: Chinese words in English.
        lexical: the archive's chunks.
        rows: (n,) those in English, among which a concept's weight is counted.
    """
    return _Translator(analysis, glosses, lexical, rows).translate()


class _Translator:
    """Goes through the words of a question once, the longest that a source has first."""

    def __init__(
        self, analysis: QuestionAnalysis, glosses: Glosses, lexical: LexicalIndex, rows: npt.NDArray[np.int64]
    ) -> None:
        self._analysis, self._glosses, self._lexical, self._rows = analysis, glosses, lexical, rows
        self._concepts: dict[str, Concept] = {}
        self._wordings: list[tuple[Concept | None, str]] = []
        self._absent: list[str] = []
        self._lacks_key = False
        self._names = cache(self._find_names)
        self._tags: dict[str, str] = {}
        self._labels = frozenset(_LABELLED.findall(normalise(analysis.text)))

    def translate(self) -> EnglishQuestion:
        for part in self._without_names(without_how(self._analysis.core)):
            tagged = tag_words(part)
            place = 0
            run: list[str] = []
            while place < len(tagged):
                count = len(self._absent)
                taken = self._joined(tagged[place:]) or self._single(*tagged[place])
                place += taken
                run = [*run, *self._absent[count:]] if len(self._absent) > count else []
                self._lacks_key |= len(run) > 1 and any(len(piece) == 1 for piece in run)
        self._lacks_key |= any(map(self._is_key, self._absent)) or self._lacks_subject()
        known = sum(concept.weight for concept in self._concepts.values())
        absent = len(self._absent) * math.log1p((len(self._rows) + 0.5) / 0.5)
        share = known / (known + absent) if known else 0.0
        translation = QueryTranslation(
            tuple(self._concepts.values()), tuple(self._absent), lacks_key=self._lacks_key, known_share=share
        )
        return EnglishQuestion(translation, tuple(self._wordings), asking_words(self._analysis))

    def _lacks_subject(self) -> bool:
        """Whether the noun that the question begins with is absent: whoever 路军 is, no English article tells of him."""
        text = normalise(self._analysis.text)
        nouns = [word for word in self._absent if len(word) > 1 and self._tags.get(word, "").startswith("n")]
        first = min((text.find(word) for word in self._concepts if word in text), default=len(text))
        return any(0 <= text.find(word) < first for word in nouns)

    def _is_key(self, word: str) -> bool:
        """Whether a word names a place by what follows it, as 海棠 of 海棠区, or is what is counted: 猪肉 of 多少吨猪肉."""
        text = normalise(self._analysis.text)
        behind = {text[match.end() :] for match in re.finditer(re.escape(word), text)}
        before = {text[: match.start()] for match in re.finditer(re.escape(word), text)}
        if any(_PLACE_BEHIND.match(rest) for rest in behind):
            return True
        is_counted = any(map(_COUNT_BEHIND.match, behind)) or any(map(_COUNT_BEFORE.search, before))
        return is_counted and self._tags.get(word, "").startswith(_NOUN_TAGS)

    def _without_names(self, text: str) -> Iterator[str]:
        """Take the names that the archive has by their sound, wherever a segmenter would cut them; yield what is between."""
        start = place = 0
        while place < len(text):
            name = next(
                (
                    text[place : place + length]
                    for length in NAME_LENGTHS
                    if self._is_sure_name(text[place : place + length])
                ),
                None,
            )
            if name is None:
                place += 1
                continue
            yield text[start:place]
            self._add(name, [])
            start = place = place + len(name)
        yield text[start:]

    def _is_sure_name(self, text: str) -> bool:
        return len(text) > 1 and not self._glosses.find(text) and bool(self._names(text))

    def _joined(self, tagged: Sequence[tuple[str, str]]) -> int:
        """Take several words that a source has as one; return how many."""
        for count in range(min(MAX_JOINED_WORDS, len(tagged)), 1, -1):
            word = "".join(part for part, _tag in tagged[:count])
            phrases = self._glosses.find(word)
            if phrases or (tagged[0][1][0] not in _SILENT and self._names(word)):
                self._tags[word] = tagged[count - 1][1]
                self._add(word, phrases)
                return count
        return 0

    def _single(self, word: str, tag: str) -> int:
        """Take one word, in pieces where no source has it."""
        if not _HAN.search(word):
            if any(character.isalnum() for character in word):
                self._add(word, [*spell_number(word), word], is_name=word in self._labels)
        elif tag[0] in _SILENT or (len(word) == 1 and tag[0] != "n") or _OWN.fullmatch(word):
            pass
        elif not self._glosses.find(word) and (number := spell_number(word)):
            self._add(word, number)
        else:
            for piece in self._pieces(word):
                self._tags[piece] = tag
                self._add(piece, self._glosses.find(piece), is_name=tag[:2] in NAME_TAGS)
        return 1

    def _pieces(self, word: str) -> Iterator[str]:
        """Cut a word into pieces that a source or the archive has, the longest first."""
        while word:
            end = next((end for end in range(len(word), 1, -1) if self._is_known(word[:end])), len(word))
            yield word[:end]
            word = word[end:]

    def _is_known(self, piece: str) -> bool:
        return bool(self._glosses.find(piece)) or bool(self._names(piece))

    def _add(self, word: str, phrases: Sequence[str], *, is_name: bool = False) -> None:
        if word in self._concepts:
            return
        is_label = word in self._labels
        is_named = self._is_named(word) or is_label
        names = self._names(word) or (self._names(_bare(word)) if is_named else [])
        phrases = [] if is_named and names and not is_label else phrases
        ways: dict[tuple[str, ...], float] = dict.fromkeys(names, 1.0)
        decay = SINGLE_CHARACTER_CERTAINTY if len(word) == 1 else 1.0
        for rank, phrase in enumerate(phrases):
            for way, certainty in self._ways(phrase, in_parts=not is_named):
                ways[way] = max(ways.get(way, 0.0), certainty * decay * RANK_DECAY**rank)
        is_name = (is_name and not phrases and len(word) > 1) or is_named
        if len(word) == 1 or not (phrases or is_name):
            default = ""
        elif phrases:
            default = phrases[0]
        else:
            default = next(map("".join, self._glosses.read_aloud(_bare(word) or word)), "").title()
        if not ways:
            self._absent.append(word)
            self._lacks_key |= is_name
            self._wordings.append((None, default))
            return
        translations: Translations = tuple(sorted(ways.items(), key=lambda way: -way[1]))
        concept = Concept(word, translations, self._weight(translations), is_name=is_named or bool(names))
        self._concepts[word] = concept
        self._wordings.append((concept, default))

    def _find_names(self, word: str) -> list[tuple[str, ...]]:
        """The ways in which the archive spells a name by its sound: as one word, or family and given name."""
        if not 2 <= len(word) <= MAX_ROMANISED or not all(map(_HAN.match, word)):
            return []
        if self._glosses.find(word) and not self._is_named(word):
            return []
        spelled: list[tuple[str, ...]] = []
        for syllables in self._glosses.read_aloud(word):
            spelled.append((character_term("".join(syllables)),))
            if len(word) in (2, 3):  # a person's
                spelled.append((character_term(syllables[0]), character_term("".join(syllables[1:]))))
        return [way for way in dict.fromkeys(spelled) if self._is_spelling(way, word) and self._has(way)]

    def _is_named(self, word: str) -> bool:
        """Whether the question names it, with the kind of place that it is or without."""
        return _bare(word) in map(_bare, self._analysis.names)

    def _is_spelling(self, way: tuple[str, ...], word: str) -> bool:
        """Whether letters are a name's and no English word that is spelled alike, as "change" is 产个."""
        if self._is_named(word):
            return True
        letters = characters_of(way[-1])
        return sum(len(characters_of(term)) for term in way) >= MIN_NAME_LETTERS and not (
            len(way) == 1 and self._glosses.is_english(letters)
        )

    def _ways(self, phrase: str, *, in_parts: bool) -> Iterator[tuple[tuple[str, ...], float]]:
        """The forms of a phrase that the archive has, and with less certainty of its single words."""
        if is_ordinal(phrase):
            if self._has(way := (character_term(phrase),)):
                yield way, 1.0
            return
        words = [self._forms(word) for word in split_english(phrase) if extract_terms(word)]
        if not words:
            return
        if all(words):
            yield from ((way, 1.0) for way in islice(product(*words), MAX_FORMS) if self._has_together(way))
        joined = "-".join(split_english(phrase))
        for hyphenated in {joined, joined.removesuffix("s")} if len(words) > 1 else ():  # fixed-asset investment
            if self._has(way := (character_term(hyphenated),)):
                yield way, 1.0
        if len(words) > 1 and in_parts:
            yield from (((form,), PART_CERTAINTY) for forms in words for form in forms if len(form) > MIN_PART_LETTERS)

    def _forms(self, word: str) -> list[str]:
        """The forms of a word that the archive has."""
        terms = [character_term(form) for form in forms_of(word)]
        known = self._lexical.known(terms)
        return [term for term, is_known in zip(terms, known, strict=True) if is_known]

    def _has(self, way: Sequence[str]) -> bool:
        return bool(self._lexical.known(way).all()) and self._has_together(way)

    def _has_together(self, way: Sequence[str]) -> bool:
        """Whether an English chunk has all the terms."""
        return bool(self._lexical.presence(list(way), self._rows).all(axis=0).any())

    def _weight(self, translations: Translations) -> float:
        certainty = float(self._lexical.find_any(translations).certainty[self._rows].sum())
        return math.log1p((len(self._rows) - certainty + 0.5) / (certainty + 0.5))


def _bare(name: str) -> str:
    """A place's name without its kind: 丰台 of 丰台区."""
    return PLACE_KIND.sub("", name)
