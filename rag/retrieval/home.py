"""The archive's own district, which its articles call 全区 or 我区 and seldom by name."""

import re
from collections.abc import Iterable

from index.language.terms import character_terms
from index.language.vocabulary import divisions, pattern_of
from index.store.generations import Generation

HOME_SHARE = 0.1
"""Share of all chunks that name the archive's own district, so that an article need not."""
MIN_HOME_CHUNKS = 2
"""Chunks that name the district at least: of a few pages one is a tenth already."""
CERTAIN_HOME_CHUNKS = 5
"""Chunks that name the district before statements need not find its name in what carries them."""
_DISTRICT = re.compile(r"(?<![校社小园景])[区县市旗]$")
PLACE_KIND = re.compile(rf"{pattern_of(divisions('territory'))}$")


def is_home(name: str, generation: Generation) -> bool:
    """Whether a name is of the archive's own district: a tenth of all chunks have it."""
    pairs = character_terms(name)
    chunks = generation.manifest.counts.chunks
    return bool(pairs) and int(generation.lexical.frequency(pairs).min()) >= max(MIN_HOME_CHUNKS, HOME_SHARE * chunks)


def is_own_district(name: str, generation: Generation) -> bool:
    """Whether a name is of the archive's own district, or of what that is part of, beyond doubt: a few pages tell nothing."""
    pairs = character_terms(name)
    return (
        _DISTRICT.search(name) is not None
        and is_home(name, generation)
        and int(generation.lexical.frequency(pairs).min()) >= CERTAIN_HOME_CHUNKS
    )


def is_own_place(name: str, generation: Generation) -> bool:
    """Whether a name is of the archive's own district, with its sort or without: 澄湖区, 澄湖."""
    return any(is_own_district(name + sort, generation) for sort in ("", "区", "县", "市", "旗"))


def without_home(question: str, names: Iterable[str], generation: Generation) -> str:
    """Return a question with the archive's own district called as its own paper calls it: 全区 for 丰台区.

    The reader takes 全区 for another place than the one that is named.
    """
    for name in names:
        if not (PLACE_KIND.search(name) and is_home(name, generation)):
            continue
        start = question.find(name)
        while start > 0 and is_home(question[start - 1 : start + len(name)], generation):  # 湖区 of 澄湖区
            start, name = start - 1, question[start - 1 : start + len(name)]
        if start >= 0:
            question = question.replace(name, f"全{name[-1]}")
    return question
