"""Which stretch of a text about a place the archive prints as a name: of a person, a place, a body.

The archive lists no names. What is one is told by how it is printed: a person behind an office or as the segmenter tags
it; any other name by standing between many different neighbours, which no part of a longer word and no chance pair does
(Huang & Powers 2003, branching of neighbours).
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np

from index.language.normalise import normalise
from index.language.terms import NAME_TAGS, Lexicon, character_term, split_words, tag_words
from index.language.vocabulary import DIVISIONS, surnames
from index.store.generations import Generation
from rag.facts.answer_spans import behind_office

KEPT_ORGANS = 1024
"""Names of which it is remembered whether they are printed."""
CHUNKS_READ = 16
"""Chunks that are looked at for what stands on both sides of a name."""
NAME_CHARACTERS = 8
MIN_PERSON_SHARE = 0.5
"""Of the times that a name is printed, so many it must be tagged as a person's, unless it once stands behind an office."""
MIN_PRINTED = 2
"""Times that a person is printed at least, to be thought of instead of a name that is nowhere."""
MIN_PRINTED_OTHER = 3
"""Times that any other name is: its neighbours must tell that it is one."""
LONG_NAME = 4
"""Characters from which on a stretch is no chance, and may have been cut into other words: 万元|南里 for 万源南里."""
MAX_NEIGHBOUR_SHARE = 0.6
"""Of one neighbour among all: more often it belongs to the word."""
_HAN = re.compile(r"[\u4e00-\u9fff]")
_FUNCTION = re.compile(
    r"[的了在是和与及等为将把被从到对于有其这那不也都就还很来个们上中下内外前后之他她它我你可而什么]"
)
"""A chance pair has one of them more often than a name."""
_FAMILY_NAMES = surnames()


@dataclass(frozen=True, slots=True)
class PrintedName:
    """A name as the archive prints it.

    Args:
        start, end: in the text that was asked about.
        chunks: in how many the archive has it, about.
        is_person: else a place, a body or anything else with a name.
    """

    name: str
    start: int
    end: int
    chunks: int
    is_person: bool


def pairs_of(text: str) -> list[str]:
    """Return the terms of the pairs of characters that a text consists of."""
    return [character_term(first + second) for first, second in pairwise(text)]


class _ChunkTexts:
    """The texts of a generation's chunks by what is in them."""

    def __init__(self, generation: Generation) -> None:
        self._generation = generation

    def has(self, name: str) -> bool:
        """Return whether the archive has a name anywhere."""
        if len(name) < 3:
            return bool(self._generation.lexical.known(pairs_of(name)).all())
        return bool(self.containing(name, 64)[1])

    def containing(self, piece: str, most: int = CHUNKS_READ) -> tuple[int, list[str]]:
        """Return how many chunks have all pairs of a piece, and the texts of some that have the piece itself."""
        terms = pairs_of(piece)
        if not terms or not self._generation.lexical.known(terms).all():
            return 0, []
        rows = np.flatnonzero(self._generation.lexical.find_any([(terms, 1.0)]).certainty)
        chosen = rows[:: max(1, len(rows) // most)][:most]
        catalogue = self._generation.catalogue
        chunks = catalogue.chunks(chosen)
        articles = catalogue.articles(chunk.article_id for chunk in chunks)
        texts = []
        for chunk in chunks:
            article = articles[chunk.article_id]
            text = normalise(f"{article.title or ''}\n{article.text[chunk.start : chunk.end]}")
            if piece in text:
                texts.append(text)
        return round(len(rows) * len(texts) / max(1, len(chunks))), texts


class PrintedNames:
    """Looks names up in one generation."""

    def __init__(self, generation: Generation) -> None:
        self._lexicon = generation.lexicon
        self._chunks = _ChunkTexts(generation)
        self.is_printed = lru_cache(KEPT_ORGANS)(self._chunks.has)
        """(name) → whether the archive has it anywhere; asked of the same organs again and again.

        A cache of a method of this object would be a circle, and the generation go only when circles are collected.
        """

    def find(self, text: str, start: int, end: int) -> PrintedName | None:
        """Return the longest name about text[start:end] that the archive prints; None without one.

        Args:
            start, end: a stretch that the name has in it, of two characters or more.
        """
        chunks, texts = self._chunks.containing(text[start:end])
        if not texts:
            return None
        first, last = self._stretch(text, start, end, texts)
        spans = sorted(
            ((a, b) for a in range(first, start + 1) for b in range(end, last + 1) if b - a <= NAME_CHARACTERS),
            key=lambda span: span[0] - span[1],
        )
        best = None
        for a, b in spans:
            found = self._judge(text[a:b], a, texts, chunks)
            if found and found.is_person:
                return found
            best = best or found
        return best

    def _has_verb(self, name: str) -> bool:
        """Whether four characters are a person's three and the first of what is done: 江怀瑾强 of 江怀瑾强调."""
        person = name[:-1]
        if name[:2] in _FAMILY_NAMES or name[0] not in _FAMILY_NAMES:
            return False
        texts = self._chunks.containing(person)[1]
        places = [(text, match.start()) for text in texts for match in re.finditer(re.escape(person), text)]
        behind = {text[place + len(person) : place + len(person) + 1] for text, place in places}
        return len(behind) > 1 and _is_person(person, places, self._lexicon)

    @staticmethod
    def _stretch(text: str, start: int, end: int, texts: Sequence[str]) -> tuple[int, int]:
        """How far a stretch can be widened on either side with any of the texts still having it."""
        first, last = start, end
        while first > 0 and _HAN.match(text[first - 1]) and any(text[first - 1 : end] in one for one in texts):
            first -= 1
        while last < len(text) and _HAN.match(text[last]) and any(text[start : last + 1] in one for one in texts):
            last += 1
        return first, last

    def _judge(self, name: str, start: int, texts: Sequence[str], chunks: int) -> PrintedName | None:
        places = [(text, match.start()) for text in texts for match in re.finditer(re.escape(name), text)]
        share = len({text for text, _place in places}) / len(texts)
        found = PrintedName(name, start, start + len(name), max(1, round(chunks * share)), is_person=False)
        lexicon = self._lexicon
        if len(name) == LONG_NAME and self._has_verb(name):
            return None
        if len(places) >= MIN_PRINTED and _is_person(name, places, lexicon):
            return PrintedName(name, found.start, found.end, found.chunks, is_person=True)
        if len(places) < MIN_PRINTED_OTHER or _FUNCTION.search(name):
            return None
        tagged = tag_words(name)
        if len(tagged) == 1 and lexicon.is_listed(name):
            return found if tagged[0][1] in NAME_TAGS and _is_cut_out(name, places, may_go_on=True) else None
        is_cut_out = len(name) >= LONG_NAME or _is_cut_out(name, places)
        return found if is_cut_out and _is_coherent(name, places) else None


def _is_person(name: str, places: Sequence[tuple[str, int]], lexicon: Lexicon) -> bool:
    """Whether it is printed as a person's name."""
    if not 2 <= len(name) <= 4 or not any(name[:length] in _FAMILY_NAMES for length in (2, 1)):
        return False
    tagged = 0
    for text, place in places:
        first = max(0, place - 24)
        around, span = text[first : place + len(name) + 12], (place - first, place - first + len(name))
        if any(match.span(1) == span for match in behind_office(lexicon.offices).finditer(around)):
            return True
        tagged += span in lexicon.find_persons(around)
    return tagged > MIN_PERSON_SHARE * len(places)


def _is_coherent(name: str, places: Sequence[tuple[str, int]]) -> bool:
    """Whether no neighbour, before it or behind it, belongs to it; a long one may go on: 万源南里社区."""
    for side in (-1, len(name)) if len(name) < LONG_NAME else (-1,):
        beside = [text[place + side : place + side + 1] if place + side >= 0 else "" for text, place in places]
        # 武汉市 in front of 武昌区 says where it is.
        parting = DIVISIONS if side < 0 else frozenset()
        counted = Counter(character for character in beside if _HAN.match(character) and character not in parting)
        if counted and max(counted.values()) > MAX_NEIGHBOUR_SHARE * len(places):
            return False
    return True


def _is_cut_out(name: str, places: Sequence[tuple[str, int]], *, may_go_on: bool = False) -> bool:
    """Whether the segmenter mostly parts words where it begins and ends; one of two characters must be one word.

    Args:
        may_go_on: a word that begins with it counts: 丰台区 for 丰台.
    """
    told = 0
    for text, place in places:
        first = max(0, place - 12)
        cuts, at = [first], first
        for word in split_words(text[first : place + len(name) + 12]):
            at += len(word)
            cuts.append(at)
        inside = [cut for cut in cuts if place < cut < place + len(name)]
        ends = place + len(name) in cuts or may_go_on
        told += place in cuts and ends and (len(name) > 2 or not inside)
    return told > MAX_NEIGHBOUR_SHARE * len(places)
