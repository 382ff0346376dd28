"""Romanised Chinese names → the characters in which the archive has them: Fengtai → 丰台, Yuanpeng Rui → 芮元鹏.

By pinyin without tones. The archive does not list its words; but it knows of every pair of characters whether it has it,
so all pairs that are read as the name are tried.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from index.language.terms import character_term
from index.search.lexical_index import LexicalIndex

MAX_SYLLABLE_LETTERS = 6
"""Letters of a syllable at most: zhuang."""
MAX_SYLLABLES = 4
MAX_PAIRS = 40_000
"""Pairs of characters tried for two syllables: the commonest, yi and yi, are 35,000, which takes 0.1 s."""
MAX_NAMES = 4
"""Ways to write a name at most."""
MIN_NAME_SHARE = 0.2
"""What is rarer than this share of the commonest way is another word."""


def find_romanised(words: Sequence[str], readings: Mapping[str, str], lexical: LexicalIndex) -> list[str]:
    """Return how the archive may write a name, the commonest first; nothing where it is no pinyin or is not there.

    Args:
        words: lower-case, in the question's order; of a person either order is tried.
        readings: toneless syllable → its characters.
    """
    found: dict[str, int] = {}
    for order in dict.fromkeys((tuple(words), tuple(reversed(words)))):
        for parts in product(*(tuple(split_syllables(word, readings)) for word in order)):
            syllables = [syllable for part in parts for syllable in part]
            if 2 <= len(syllables) <= MAX_SYLLABLES:
                found |= _write([readings[syllable] for syllable in syllables], lexical)
    ranked = sorted(found, key=lambda name: -found[name])
    return [name for name in ranked[:MAX_NAMES] if found[name] >= MIN_NAME_SHARE * found[ranked[0]]]


def is_romanised(word: str, readings: Mapping[str, str]) -> bool:
    """Whether a lower-case word can be pinyin of two syllables or more."""
    return any(len(syllables) > 1 for syllables in split_syllables(word, readings))


def is_person(words: Sequence[str], readings: Mapping[str, str]) -> bool:
    """Whether two lower-case words can be a surname of one syllable and a given name of one or two, in either order."""
    counts = [{len(syllables) for syllables in split_syllables(word, readings)} for word in words]
    return len(words) == 2 and any(1 in one and {1, 2} & other for one, other in (counts, counts[::-1]))


def split_syllables(word: str, readings: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    """Yield the ways to read a word as syllables: xian as one and as two."""
    if not word:
        yield ()
    for end in range(min(MAX_SYLLABLE_LETTERS, len(word)), 0, -1):
        if word[:end] in readings:
            for rest in split_syllables(word[end:], readings):
                yield (word[:end], *rest)


def _write(choices: Sequence[str], lexical: LexicalIndex) -> dict[str, int]:
    """Return the names of one character from each choice of which the archive has every pair → chunks of the rarest."""
    found = dict.fromkeys(choices[0], lexical.size)
    for second in choices[1:]:
        pairs = [(name, character) for name in found for character in second]
        if len(pairs) > MAX_PAIRS:
            return {}
        counts = lexical.frequency([character_term(name[-1] + character) for name, character in pairs]).tolist()
        found = {
            name + character: min(found[name], count)
            for (name, character), count in zip(pairs, counts, strict=True)
            if count
        }
    return found
