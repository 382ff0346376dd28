"""Words of the language that rules look for: family names, offices, organs, measure words, divisions, acts.

    surnames.txt  offices.txt  measure_words.txt  administrative_divisions.txt  acts.txt
                                                                   one entry a line, its tags behind tabs
            ↓
    SURNAMES  OFFICES …  offices("government"), measure_words("count") …  →  pattern_of(words)
    organs.txt, with their other names behind tabs  →  find_organs(text), the other names of each

Where a rule needs some of them only, it names their tags; what the tags mean stands at the head of each file. They are facts
of the language, and no place for what one archive has: that goes into the operator's dictionary (WENJU_DICTIONARY), whose
persons and offices count besides these (index.language.terms.Lexicon).
"""

import re
from collections.abc import Iterable, Mapping
from importlib import resources
from types import MappingProxyType

Entries = Mapping[str, frozenset[str]]
"""Word → its tags."""


def read_entries(text: str) -> Entries:
    """Return the entries of a file of words: what stands in front of the first tab of a line, with the tags behind it.

    Raises:
        ValueError: a word stands there twice, or a line has white space that is no tab between tags.
    """
    entries: dict[str, frozenset[str]] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        word, *tags = line.split("\t")
        if word in entries or not word or any(not part or part != part.strip() for part in (word, *tags)):
            raise ValueError(f"line {number}: {line!r} is there twice, or is no word with tags behind tabs")
        entries[word] = frozenset(tags)
    return MappingProxyType(entries)


def _read(name: str) -> Entries:
    return read_entries(resources.files(__package__).joinpath(name).read_text("utf-8"))


_SURNAMES = _read("surnames.txt")
_OFFICES = _read("offices.txt")
_MEASURE_WORDS = _read("measure_words.txt")
_DIVISIONS = _read("administrative_divisions.txt")
_ORGANS = tuple((name, *sorted(short)) for name, short in _read("organs.txt").items())
_ACTS = _read("acts.txt")


def _select(entries: Entries, tags: tuple[str, ...], without: Iterable[str]) -> frozenset[str]:
    left_out = frozenset(without)
    return frozenset(
        word for word, own in entries.items() if (not tags or own & frozenset(tags)) and not own & left_out
    )


def surnames(*tags: str, without: Iterable[str] = ()) -> frozenset[str]:
    """Return the family names that have one of the tags, or all; those with a tag of `without` left out."""
    return _select(_SURNAMES, tags, without)


def offices(*tags: str, without: Iterable[str] = ()) -> frozenset[str]:
    """Return the offices and forms of address that have one of the tags, or all."""
    return _select(_OFFICES, tags, without)


def measure_words(*tags: str, without: Iterable[str] = ()) -> frozenset[str]:
    """Return the measure words and units that have one of the tags, or all."""
    return _select(_MEASURE_WORDS, tags, without)


def divisions(*tags: str, without: Iterable[str] = ()) -> frozenset[str]:
    """Return what administrative divisions with one of the tags are called, or all."""
    return _select(_DIVISIONS, tags, without)


def acts(*tags: str, without: Iterable[str] = ()) -> frozenset[str]:
    """Return the words for what is done or happens that have one of the tags, or all."""
    return _select(_ACTS, tags, without)


def tags_of_act(word: str) -> frozenset[str]:
    """Return the tags of a word for what is done or happens; none of another word."""
    return _ACTS.get(word, frozenset())


SURNAMES = surnames(without=("rare",))
"""Those that tell a name. With a rare one the name must be in a dictionary."""
OFFICES = offices(without=("people", "role", "courtesy"))
"""What somebody is elected or appointed to."""
ADDRESSES = offices("role", "courtesy")
"""By what else a newspaper calls a person: 记者, 先生."""
MEASURE_WORDS = measure_words()
DIVISIONS = divisions()


def pattern_of(words: Iterable[str], *more: str) -> str:
    """Return a group of a regular expression that matches any of the words, the longest first.

    Args:
        more: patterns that stand in it as they are, in front of the words.
    """
    listed = sorted(words, key=lambda word: (-len(word), word))
    single = class_of(listed)
    branches = [*more, *([f"[{single}]"] if single else [])]
    if several := [word for word in listed if len(word) > 1]:
        # One look at the first character spares all branches at nearly every place of a text.
        first = class_of({word[0] for word in several})
        branches.insert(len(more), f"(?=[{first}])(?:{'|'.join(map(re.escape, several))})")
    return f"(?:{'|'.join(branches)})"


def class_of(words: Iterable[str]) -> str:
    """Return the characters of a regular expression's class: those of the words that have one character."""
    return re.escape("".join(sorted(word for word in words if len(word) == 1)))


OFFICE = pattern_of(OFFICES, r"首席\S{1,3}官") + r"(?<!长(?=[期达远度效久途]))"
"""Matches an office; 校长期 of 学校长期 has none."""


def surname_of(name: str) -> str:
    """Return the family name that a name begins with, the longer one where there are two; "" without one, or with a rare one."""
    return next((name[:length] for length in (4, 2, 1) if len(name) > length and name[:length] in SURNAMES), "")


_FORMS = {form: names for names in _ORGANS for form in names}
"""Any name of an organ → all of its names, the full one first."""
_ORGAN = re.compile(pattern_of(_FORMS))


def find_organs(text: str) -> list[tuple[int, int, tuple[str, ...]]]:
    """Return (start, end, its other names) of the organs that a text names, from left to right.

    人社局 for 人力资源和社会保障局 and the other way round; what stands in front, a city or a district, belongs to none of them.
    """
    found = []
    for match in _ORGAN.finditer(text):
        others = tuple(name for name in _FORMS[match[0]] if name != match[0])
        found.append((match.start(), match.end(), others))
    return found
