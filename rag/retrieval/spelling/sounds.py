"""Which characters sound alike: by the syllable without its tone, or nearly, as accents and hasty typing confuse them."""

from collections.abc import Iterable, Mapping
from functools import cached_property

from rag.retrieval.translation.dictionary import syllables_of

_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("l", "n"))
"""Kept apart in Beijing, and not in the south or the south-west: what a pinyin keyboard's "fuzzy" settings join."""
_FINALS = (("ang", "an"), ("eng", "en"), ("ing", "in"))


class Sounds:
    """Characters by their sound.

    Args:
        readings: toneless syllable → the characters that are read so.
    """

    def __init__(self, readings: Mapping[str, str]) -> None:
        self.readings = readings

    @cached_property
    def _syllables(self) -> dict[str, list[str]]:
        return syllables_of(self.readings)

    def alike(self, character: str) -> str:
        """Return the other characters that are read the same."""
        return self._others(character, self._syllables.get(character, ()))

    def nearly_alike(self, character: str) -> str:
        """Return the characters that are read nearly the same, and not the same."""
        own = self._syllables.get(character, ())
        near = dict.fromkeys(other for syllable in own for other in neighbours(syllable) if other in self.readings)
        same = set(self.alike(character))
        return "".join(other for other in self._others(character, near) if other not in same)

    def _others(self, character: str, syllables: Iterable[str]) -> str:
        listed = "".join(self.readings[syllable] for syllable in syllables)
        return "".join(dict.fromkeys(listed.replace(character, "")))


def neighbours(syllable: str) -> list[str]:
    """Return the syllables with which one is confused: zu, cong … of zhu, chong."""
    found = []
    for long, short in _INITIALS:
        if syllable.startswith(long):
            found.append(short + syllable[len(long) :])
        elif syllable.startswith(short) and not syllable.startswith(f"{short}h"):
            found.append(long + syllable[len(short) :])
    for long, short in _FINALS:
        if syllable.endswith(long):
            found.append(syllable[: -len(long)] + short)
        elif syllable.endswith(short):
            found.append(syllable[: -len(short)] + long)
    return found
