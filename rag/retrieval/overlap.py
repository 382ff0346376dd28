"""What question and text have in common: figures, and runs of characters."""

import re
from collections.abc import Set

from index.language.memo import memoise_text
from index.language.normalise import normalise

_RUN = re.compile(r"[\u4e00-\u9fff]+|[a-z0-9.]+")


_WORD = re.compile(r"[a-z0-9.]+")


_FIGURE = re.compile(r"\d+(?:\.\d+)?")


@memoise_text()
def figures_of(text: str) -> frozenset[str]:
    """The figures of a text as they are written, in half width."""
    return frozenset(_FIGURE.findall(normalise(text)))


def runs(text: str, length: int) -> set[str]:
    """The runs of so many Han characters; Latin words and figures whole."""
    runs: set[str] = set()
    for word in _RUN.findall(text):
        if word[0].isascii():
            runs.add(word)
        else:
            runs.update(word[start : start + length] for start in range(len(word) - length + 1))
    return runs


class AskedRuns:
    """The runs of a question, as `runs` cuts them out, to be looked up in many texts."""

    def __init__(self, question: str, length: int) -> None:
        asked = runs(question, length)
        self._words = frozenset(run for run in asked if run[0].isascii())
        self._han = tuple(asked - self._words)

    def share(self, folded: str) -> float:
        """How much of them a text has among its own: `share(asked, runs(folded, length))`.

        Its own need not be cut out: a run of Han characters is one wherever it stands, only a Latin word is whole.
        """
        count = len(self._han) + len(self._words)
        if not count:
            return 0.0
        held = sum([run in folded for run in self._han])  # a list is twice as fast as a generator
        return (held + len(self._words & _words(folded)) if self._words else held) / count


@memoise_text()
def _words(folded: str) -> frozenset[str]:
    return frozenset(_WORD.findall(folded))


def share(asked: Set[str], held: Set[str]) -> float:
    """How much of what is asked is held, 0 to 1."""
    return len(asked & held) / len(asked) if asked else 0.0
