"""Text → terms for the lexical index: words, character bigrams and unified spellings, the same for passages and queries.

Bigrams find what a segmenter cuts otherwise, words rank better than bigrams alone; both together beat either
(Kwok, SIGIR 1997; Nie & Ren 1999; measured here on CMRC 2018 and DRCD: index/decisions/0008). The only importer of rjieba.
"""

import re
import sys
from collections.abc import Iterator
from itertools import pairwise

from index.language.canonical_forms import find_spellings, unify
from index.language.memo import Memo
from index.language.normalise import normalise
from index.language.user_dictionary import OFFICE_KIND, Dictionary
from index.language.vocabulary import pattern_of

TERMS_VERSION = 3
"""Raised by one whenever a text gives other terms: chunks then get their terms anew, and keep their embeddings."""

_CHARACTERS = "_"
"""Before every term but the segmenter's words, so that 公园 as a word and as two characters are two terms."""
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+")
_HAN_FIRST, _HAN_END = "\u3400", "\ua000"  # a word that begins with a Han character needs no closer look
_LATIN = re.compile(r"[a-z0-9]+(?:[.\-][a-z0-9]+)*")
# Function words: in a Chinese archive they are rare, so idf would take them for the most telling words of all.
_FUNCTION_WORDS = frozenset(
    "a an and are as at be been being but by did do does for from had has have how in into is it its of on or than "  # noqa: SIM905
    "that the their them then there these they this those to was were what when where which who whom whose why "
    "will with would".split()
)
# Words that only ask: a passage that has them too is no nearer to an answer.
ASKING_WORDS = re.compile(
    r"请问|是多少|多少|是不是|有没有|什么时候|为什么|什么|哪一?[个些位天年月里儿几]?|谁|怎么样?|如何|是否|吗|呢|来着|一共|总共|分别"
)
_NAMES = frozenset({"ns", "nt", "nr"})
NAME_TAGS = ("nr", "ns", "nt", "nz")
"""Parts of speech of names, as `tag_words` gives them: persons, places, organisations, others."""


def is_character_term(term: str) -> bool:
    """Whether a term stands for characters (bigram, Latin word, unified or listed spelling), not for a segmented word.

    Such a term is found however the segmenter cuts the text around it.
    """
    return term.startswith(_CHARACTERS)


def character_term(characters: str) -> str:
    """Return the term of a bigram, a Latin word or a spelling."""
    return _CHARACTERS + characters


def characters_of(term: str) -> str:
    """Return what a term of either kind has of the text."""
    return term.removeprefix(_CHARACTERS)


class Lexicon:
    """Makes terms with an operator's dictionary, or without one. Immutable, so it may be used from several threads.

    Args:
        dictionary: its words are terms of their own wherever they stand, besides the words and bigrams in them.
    Attributes:
        offices: those of the dictionary, which count besides index.language.vocabulary's.
        memo: keeps what is made of texts with it, and goes with it.
    """

    def __init__(self, dictionary: Dictionary | None = None) -> None:
        self.dictionary = dictionary or Dictionary()
        self._kinds = {normalise(word): kind for word, kind in self.dictionary.words.items()}
        self._by_head: dict[str, list[str]] = {}
        for word in self._kinds:
            self._by_head.setdefault(word[0], []).append(word)
        self.offices = frozenset(word for word, kind in self._kinds.items() if kind == OFFICE_KIND)
        persons = [word for word, kind in self._kinds.items() if kind == "nr"]
        self._persons = re.compile(pattern_of(persons)) if persons else None
        self._heads = re.compile(f"[{re.escape(''.join(self._by_head))}]") if self._by_head else None
        self.memo = Memo()
        self._distinct = self.memo.of_text(self._find_distinct)

    def extract_terms(self, text: str) -> list[str]:
        """Return the terms of a text, repeated as often as they occur: words, then character terms."""
        import rjieba

        folded = unify(normalise(text))
        terms = [word for word in rjieba.cut_for_search(folded) if _HAN_FIRST <= word < _HAN_END or _is_word(word)]
        for run in _HAN.findall(folded):
            terms += [character_term(first + second) for first, second in pairwise(run)] or [character_term(run)]
        terms += [character_term(word) for word in _LATIN.findall(folded) if word not in _FUNCTION_WORDS]
        terms += [character_term(spelling) for spelling in find_spellings(folded)]
        # A pair of Han characters is a bigram already.
        listed = (word for word in self._listed(folded) if len(word) > 2 or not _HAN.fullmatch(word))
        terms += [character_term(word) for word in listed]
        return terms

    def cache_sizes(self) -> dict[str, int]:
        """Return name of cache → results kept of texts, for /metrics."""
        return self.memo.cache_sizes()

    def character_terms(self, text: str) -> list[str]:
        """Return the terms of a text by which it is found however it was cut into words."""
        return [term for term in self.extract_terms(text) if is_character_term(term)]

    def distinct_terms(self, text: str) -> tuple[str, ...]:
        """Return the terms of a text, each once; kept for texts that are read again."""
        return self._distinct(text)

    def _find_distinct(self, text: str) -> tuple[str, ...]:
        # Interned: the terms of many texts are the same, so each is in memory once.
        return tuple(map(sys.intern, dict.fromkeys(self.extract_terms(text))))

    def extract_query_terms(self, text: str) -> list[str]:
        """Return the terms of a question without its asking words; of those alone where it has no other."""
        folded = normalise(text)
        return self.extract_terms(ASKING_WORDS.sub(" ", folded)) or self.extract_terms(folded)

    def find_names(self, text: str) -> list[str]:
        """Return the names of places, organisations and persons: the dictionary's, then those the segmenter knows."""
        import rjieba

        folded = normalise(text)
        listed = [word for word in self._listed(folded) if self._kinds[word] in _NAMES]
        tagged = [word for word, tag in rjieba.tag(folded) if tag in _NAMES and len(word) > 1]
        return listed + [word for word in tagged if not any(word in name for name in listed)]

    def listed_names(self, text: str) -> list[str]:
        """Return the names of the dictionary alone."""
        folded = normalise(text)
        return [word for word in self._listed(folded) if self._kinds[word] in _NAMES]

    def find_persons(self, text: str) -> list[tuple[int, int]]:
        """Return (start, end) of the dictionary's persons and of the words that the segmenter takes for persons."""
        import rjieba

        listed = self.find_listed_persons(text)
        spans, place = list(listed), 0
        for word, tag in rjieba.tag(text):
            end = place + len(word)
            if tag.startswith("nr") and 2 <= len(word) <= 4 and not any(a < end and place < b for a, b in listed):
                spans.append((place, end))
            place = end
        return spans

    def find_listed_persons(self, text: str) -> list[tuple[int, int]]:
        """Return (start, end) of the dictionary's persons."""
        return [match.span() for match in self._persons.finditer(text)] if self._persons else []

    def is_person(self, word: str) -> bool:
        """Whether the dictionary or the segmenter's own has the word as a person's name."""
        import rjieba

        if word in self._kinds:
            return self._kinds[word] == "nr"
        return bool(rjieba.has_word(word)) and [tag for _word, tag in rjieba.tag(word)] == ["nr"]

    def find_named(self, text: str, noun: str) -> list[tuple[int, int]]:
        """Return (start, end) of the things that a noun names and that say which one: 人民医院 for 医院, not 赶到医院."""
        import rjieba

        found, run, place = [], 0, 0
        for word, tag in rjieba.tag(text):
            end = place + len(word)
            if word.endswith(noun) and (len(word) > len(noun) or run < place):
                found.append((run, end))
            place = end
            if tag[0] not in "njzsb":
                run = end
        return found

    def leading_noun(self, text: str) -> str | None:
        """Return the last of the nouns that a text begins with: 店 of 店办的, 村 of 自然村在; None without one."""
        import rjieba

        noun = None
        for word, tag in rjieba.tag(text):
            if tag[0] not in "nsjlzx":
                break
            noun = word
        return noun

    def is_listed(self, word: str) -> bool:
        """Whether the dictionary or the segmenter's own has the word, so that it is no guess."""
        import rjieba

        return word in self._kinds or bool(rjieba.has_word(word))

    def _listed(self, folded: str) -> Iterator[str]:
        """Yield the dictionary's words in a text, also those that overlap."""
        if not self._heads:
            return
        for match in self._heads.finditer(folded):
            yield from (word for word in self._by_head[match[0]] if folded.startswith(word, match.start()))


_PLAIN = Lexicon()


def extract_terms(text: str) -> list[str]:
    """Return the terms of a text, repeated as often as they occur, without an operator's dictionary."""
    return _PLAIN.extract_terms(text)


def character_terms(text: str) -> list[str]:
    """Return the terms of a text by which it is found however it was cut into words, without an operator's dictionary."""
    return _PLAIN.character_terms(text)


def extract_query_terms(text: str) -> list[str]:
    """Return the terms of a question without its asking words, without an operator's dictionary."""
    return _PLAIN.extract_query_terms(text)


def find_names(text: str) -> list[str]:
    """Return the words that the segmenter takes for names of places, organisations and persons."""
    return _PLAIN.find_names(text)


def is_listed(word: str) -> bool:
    """Whether the segmenter's dictionary has the word, so that it is no guess."""
    return _PLAIN.is_listed(word)


def split_words(text: str) -> list[str]:
    """Return the words that a text consists of, marks and spaces included: joined they are the text."""
    import rjieba

    return list(rjieba.cut(text, False))


def tag_words(text: str) -> list[tuple[str, str]]:
    """Return the words of a text with their parts of speech, as ICTCLAS names them: n noun, v verb, r pronoun …"""
    import rjieba

    return [(str(word), str(tag)) for word, tag in rjieba.tag(text)]


def cuts_word(before: str, after: str) -> bool:
    """Whether a cut between two texts goes through a word of the segmenter's dictionary."""
    if before[-1:].isascii() and after[:1].isascii():
        return False  # Latin letters in a row are one word to it
    place = 0
    for word in split_words(before + after):
        place += len(word)
        if place >= len(before):
            return place > len(before)
    return False


def _is_word(word: str) -> bool:
    return word not in _FUNCTION_WORDS and any(character.isalnum() for character in word)
