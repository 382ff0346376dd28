"""Which articles mention something: its words printed in headline or text, as a reader would count them.

    what ─ parts ─► index over articles: those that have all character pairs ─► texts: those that print each part

The index only leaves out what cannot have the words; whether they are there, the text itself tells. Width, script, case
and spaces between characters do not count; what the archive calls by another name is no mention.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

import msgspec
import numpy as np

from index.language.canonical_forms import unify
from index.language.normalise import normalise, traditionalise
from index.language.terms import character_term, split_words
from index.store.generations import Generation

KEPT_MISSES = 400
"""Articles without the words as typed that are read again with their characters unified, a third of a millisecond each:
more of them have all character pairs only where the newspaper's own name has, which stands above every article."""
_HAN = re.compile(r"[\u3400-\u9fff]+")
_SEPARATORS = re.compile(r"[\s、，,和与及以的]+(?:and\s)?|\band\b")


class _Text(msgspec.Struct):
    id: str
    text: str
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Mentions:
    """Where something is mentioned.

    Args:
        parts: the words that each of the articles prints, all of them.
        ids: of the articles.
    """

    parts: tuple[str, ...]
    ids: frozenset[str]


def find_mentions(what: str, generation: Generation, among: Collection[str]) -> Mentions:
    """Return the articles that print what is asked for: as it was typed, or else each of the words that it consists of.

    Args:
        what: a name or a phrase, in either script.
        among: ids of the articles that count.
    """
    whole = _stripped(what)
    words = tuple(dict.fromkeys(part for part in map(_stripped, _SEPARATORS.split(whole)) if part))
    for parts in dict.fromkeys(((whole,), words, _content_words(whole))):
        if parts:
            found = frozenset(among)
            for part in parts:
                found = _printing(part, generation, found)
            if found:
                return Mentions(parts, found)
    return Mentions((whole,), frozenset())


def _stripped(what: str) -> str:
    return what.strip(" \t\u3000“”\"'‘’《》〈〉「」『』的")


def _content_words(what: str) -> tuple[str, ...]:
    """The words of what is asked for, a single character with the one before it; none where it begins with one."""
    words: list[str] = []
    for word in split_words(normalise(what)):
        if words and len(word) == 1 and word.isalnum():
            words[-1] += word  # 北宫, 镇
        elif _stripped(word):
            words.append(word)
    return tuple(dict.fromkeys(words)) if all(len(word) > 1 for word in words) else ()


def _printing(phrase: str, generation: Generation, among: frozenset[str]) -> frozenset[str]:
    """The ids of those articles whose headline or text has a phrase."""
    folded = normalise(phrase)
    if not folded or not among:
        return frozenset()
    candidates = [article_id for article_id in _candidates(folded, generation) if article_id in among]
    is_pair = _HAN.fullmatch(folded) is not None and len(folded) == 2 and generation.has_current_terms
    papers = map(normalise, generation.listing.newspapers)  # their names are indexed, in front of the headline
    if is_pair and not any(folded in paper or paper.endswith(folded[0]) for paper in papers):
        return frozenset(candidates)  # the index has each pair of a headline and a text as it is
    is_han = _HAN.fullmatch(folded) is not None
    forms = tuple(dict.fromkeys((folded, traditionalise(folded), phrase)))
    decode = msgspec.json.Decoder(_Text).decode
    found, missed = [], []
    for record in generation.catalogue.records(candidates):
        read = decode(record)
        text = read.text if is_han else read.text.casefold()
        if any(form in text or (read.title and form in read.title) for form in forms):
            found.append(read.id)
        else:
            missed.append(read)
    for read in missed[:KEPT_MISSES]:
        if has_word(folded, normalise(read.title or "")) or has_word(folded, normalise(read.text)):
            found.append(read.id)
    return frozenset(found)


def has_word(folded: str, text: str) -> bool:
    """Whether a text has a phrase, both folded; spaces in a Chinese phrase may be missing."""
    return folded in text or ("".join(folded.split()) in text and _HAN.search(folded) is not None)


def _candidates(folded: str, generation: Generation) -> Sequence[str]:
    """The ids of the articles that have every pair of Han characters of a phrase; all where it has no pair."""
    pairs = {character_term(first + second) for run in _HAN.findall(unify(folded)) for first, second in pairwise(run)}
    ids = generation.listing.ids_of_rows
    if not pairs or not generation.has_current_terms:
        return ids
    rows = np.arange(generation.articles.size)
    for term in sorted(pairs, key=lambda term: int(generation.articles.frequency([term])[0])):
        rows = rows[generation.articles.presence([term], rows)[0]]
    return [ids[row] for row in rows.tolist()]
