"""English question → what it asks for in the archive's words, so that the lexical retriever and the choice of sentences see it.

Each word or phrase of the question becomes a concept: the ways in which the archive may say it. Translations come from
rag.retrieval.translation.dictionary, romanised names from rag.retrieval.translation.pinyin_names, and the question's own Latin words, figures and Han words stay.
"""

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass

from index.language.terms import Lexicon, character_term, is_character_term
from index.search.lexical_index import LexicalIndex
from rag.question.conversation.english_topic import THINGS
from rag.retrieval.translation.dictionary import MAX_PHRASE_WORDS, Words, split_english, stem
from rag.retrieval.translation.pinyin_names import find_romanised, is_person, is_romanised

RANK_DECAY = 0.85
"""How certain a translation is, compared with the one before it: the glossary and the dictionary have the likeliest first.
Set on XQuAD's English dev questions; .6 to 1 differ by .015 of hit@1."""
SINGLE_CHARACTER_CERTAINTY = 0.5
"""How certain a single character is: it is a word, but may as well be a part of another."""
RELATED_WORD_CERTAINTY = 0.7
"""How certain the translations of the word are that another was derived from."""
MAX_NAME_WORDS = 3
MAX_KIND_CHARACTERS = 2
"""Of what bears a name: 站, 公园."""
_THING = re.compile(THINGS)
_OF_TRAFFIC = frozenset({"railway", "train", "bus", "metro", "subway"})
_IDLE = frozenset(
    "a about according after all also among an and any are as at be because been before being between both but by can "  # noqa: SIM905
    "could did do does doing during each else ever every for from had has have having he her hers him his how i if in "
    "into is it its just kind like made make many me more most much my no nor not of off on only or other our out "
    "over own per said same she should so some such than that the their them then there these they this those through "
    "to too type until up upon us very was we were what when where whether which while who whom whose why will with "
    "would you your following".split()
)
_DERIVED = ("ation", "ition", "ion", "ment", "ness", "ally", "ance", "ence", "est", "ern", "er", "or", "ly", "al", "ive", "ity", "ic")  # fmt: skip
_CAPITALISED = re.compile(r"\b[A-Z][a-z]+\b")
_ONLY_CAPITALISED = frozenset({"may", "march"})
"""Months that are other words unless capitalised."""
_HAN = re.compile(r"[\u4e00-\u9fff]{2,}")
Translations = tuple[tuple[tuple[str, ...], float], ...]


@dataclass(frozen=True, slots=True)
class Concept:
    """A word or phrase of the question.

    Args:
        english: as the question has it, in lower case.
        translations: terms that say it together, with how certain that is, 0 to 1; only such as the archive has.
        weight: how telling it is in the archive, as idf.
        is_name: whether it was found as a romanised name, by its sound.
    """

    english: str
    translations: Translations
    weight: float
    is_name: bool = False

    def certainty_in(self, terms: Set[str]) -> float:
        """Return how certainly a text with these terms (Lexicon.extract_terms) says it, 0 to 1."""
        return max((certainty for way, certainty in self.translations if terms >= set(way)), default=0.0)


@dataclass(frozen=True, slots=True)
class QueryTranslation:
    """A question in the archive's words.

    Args:
        concepts: what was found, in the question's order; none where the archive has no word but the question's own.
        absent: words that could be translated, and romanised names, of which the archive has no translation.
        unknown: words that neither glossary nor dictionary has: foreign names, mostly.
        lacks_key: whether a name or what is counted is among the absent words, so that what the archive tells is of something
            else.
        known_share: share of the question's words that the archive has, by weight; None where they are merely counted.
    """

    concepts: tuple[Concept, ...]
    absent: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    lacks_key: bool = False
    known_share: float | None = None

    def matched(self, terms: Set[str]) -> dict[str, float]:
        """Return what a text with these terms has of the question: English → its share of all weights, together 0 to 1."""
        total = sum(concept.weight for concept in self.concepts) or 1.0
        shares = {concept.english: concept.certainty_in(terms) * concept.weight / total for concept in self.concepts}
        return {english: share for english, share in shares.items() if share}


NO_TRANSLATION = QueryTranslation(())


def translate_query(question: str, words: Words, lexicon: Lexicon, lexical: LexicalIndex) -> QueryTranslation:
    """Return an English question in the archive's words.

    Args:
        words: glossary and dictionary.
        lexicon: makes terms as the archive's were made.
        lexical: the archive's chunks.
    """
    return _Reader(question, words, lexicon, lexical).read()


class _Reader:
    """Goes through the words of a question once, the longest phrase first."""

    def __init__(self, question: str, words: Words, lexicon: Lexicon, lexical: LexicalIndex) -> None:
        self._question, self._words, self._lexicon, self._lexical = question, words, lexicon, lexical
        self._tokens = split_english(question)
        self._stems = [stem(token) for token in self._tokens]
        self._capitalised = {word.lower() for word in _CAPITALISED.findall(question)}
        self._concepts: dict[str, Concept] = {}
        self._absent: list[str] = []
        self._unknown: list[str] = []
        self._is_crossed = False

    def read(self) -> QueryTranslation:
        place = 0
        while place < len(self._tokens):
            place += self._name(place) or self._named_thing(place) or self._phrase(place) or self._skip(place)
        for word in dict.fromkeys(word for run in _HAN.findall(self._question) for word in self._split(run)):
            if self._has(terms := self._terms(word)):
                self._add(word, [(terms, 1.0)], is_crossed=False)
        concepts = tuple(self._concepts.values()) if self._is_crossed else ()
        return QueryTranslation(concepts, tuple(self._absent), tuple(self._unknown))

    def _name(self, place: int) -> int:
        """Take a romanised name of several words; return how many."""
        for length in range(MAX_NAME_WORDS, 1, -1):
            words = self._tokens[place : place + length]
            if len(words) < length or any(word in _IDLE or word not in self._capitalised for word in words):
                continue
            if found := find_romanised(words, self._words.readings, self._lexical):
                self._add(" ".join(words), [(self._terms(name), 1.0) for name in found], is_name=True)
                return length
            if length == 2 and is_person(words, self._words.readings) and not self._is_translatable(words):
                self._absent.append(" ".join(words))  # not its parts: 为国 is not Zhang Weiguo
                return length
        return 0

    def _named_thing(self, place: int) -> int:
        """Take a romanised name with what bears it, where the archive has both as one word: Wangjin station; return how many."""
        if not self._question.rstrip().endswith("?"):  # a statement is borne out by 该桥 too
            return 0
        token, *rest = self._tokens[place : place + 3]
        length = next((n for n, word in enumerate(rest[:2], 2) if _THING.fullmatch(word)), 0)
        if (
            not length
            or token in _IDLE
            or token not in self._capitalised
            or (length == 3 and rest[0] not in _OF_TRAFFIC)
        ):
            return 0
        kinds = [kind for kind in self._words.find(self._stems[place + length - 1]) if len(kind) <= MAX_KIND_CHARACTERS]
        names = find_romanised([token], self._words.readings, self._lexical)
        whole = [terms for name in names for kind in kinds if self._has(terms := self._terms(name + kind))]
        if whole:
            self._add(" ".join(self._tokens[place : place + length]), [(terms, 1.0) for terms in whole], is_name=True)
        return length if whole else 0

    def _is_translatable(self, words: Sequence[str]) -> bool:
        """Whether the longest of the words is an English one that only looks like pinyin."""
        return bool(self._words.find(stem(max(words, key=len))))

    def _phrase(self, place: int) -> int:
        """Take the longest phrase that has a translation, or else a single word; return its length."""
        for length in range(min(MAX_PHRASE_WORDS, len(self._tokens) - place), 1, -1):
            tokens = self._tokens[place : place + length]
            if tokens[0] in _IDLE or tokens[-1] in _IDLE:
                continue
            if translations := self._translations_of(" ".join(self._stems[place : place + length])):
                self._add(" ".join(tokens), translations)
                return length
        return self._word(place)

    def _word(self, place: int) -> int:
        token = self._tokens[place]
        if token in _IDLE or (token in _ONLY_CAPITALISED and token not in self._capitalised):
            return 0
        itself = (character_term(token),)
        own = [(itself, 1.0)] if self._has(itself) else []
        if translations := [
            way for way in self._translations_of(self._stems[place]) or self._related(token) if way[0] != itself
        ]:
            self._add(token, own + translations)
            return 1
        if token in self._capitalised and (found := find_romanised([token], self._words.readings, self._lexical)):
            self._add(token, [*own, *((self._terms(name), 1.0) for name in found)], is_name=True)
            return 1
        if own:
            self._add(token, own, is_crossed=False)
        return len(own)

    def _skip(self, place: int) -> int:
        token = self._tokens[place]
        if token not in _IDLE:
            is_name = token in self._capitalised and is_romanised(token, self._words.readings)
            (self._absent if is_name or self._words.find(self._stems[place]) else self._unknown).append(token)
        return 1

    def _translations_of(self, key: str) -> list[tuple[tuple[str, ...], float]]:
        translations: dict[tuple[str, ...], float] = {}
        for word in self._words.find(key):
            if self._has(terms := self._terms(word)):
                translations.setdefault(
                    terms, RANK_DECAY ** len(translations) * (SINGLE_CHARACTER_CERTAINTY if len(terms[0]) == 1 else 1)
                )
        return list(translations.items())

    def _related(self, word: str) -> list[tuple[tuple[str, ...], float]]:
        """Return the ways to say the word that it was derived from: to intercept for an interception."""
        for ending in _DERIVED:
            for singular in (word, word.removesuffix("s")):
                root = singular.removesuffix(ending)
                if (
                    root != singular
                    and len(root) >= 4
                    and (translations := self._translations_of(stem(root)) or self._translations_of(root))
                ):
                    return [(terms, RELATED_WORD_CERTAINTY * certainty) for terms, certainty in translations]
        return []

    def _split(self, run: str) -> list[str]:
        return [term for term in self._lexicon.extract_terms(run) if len(term) > 1 and not is_character_term(term)]

    def _terms(self, word: str) -> tuple[str, ...]:
        """Return the terms of a Chinese word: its pairs of characters, by which it is found however it was cut."""
        if len(word) == 1 and not word.isascii():
            return (word,)
        return tuple(self._lexicon.character_terms(word))

    def _has(self, terms: Sequence[str]) -> bool:
        return bool(terms) and bool(self._lexical.known(terms).all())

    def _add(
        self,
        english: str,
        translations: Sequence[tuple[tuple[str, ...], float]],
        *,
        is_name: bool = False,
        is_crossed: bool = True,
    ) -> None:
        self._is_crossed |= is_crossed
        self._concepts[english] = Concept(
            english, tuple(translations), self._lexical.find_any(translations).idf, is_name
        )
