"""What question and text have in common: figures, and runs of characters."""

import re
from collections.abc import Set

from index.language.memo import memoise_text
from index.language.normalise import normalise

_RUN = re.compile(r"[\u4e00-\u9fff]+|[a-z0-9.]+")


_WORD = re.compile(r"[a-z0-9.]+")


_FIGURE = re.compile(r"\d+(?:\.\d+)?")


@memoise_text
def figures_of(text: str) -> frozenset[str]:
    """The figures of a text as they are written, in half width."""
    return frozenset(_FIGURE.findall(normalise(text)))


def ngrams(text: str, length: int) -> set[str]:
    """The runs of so many Han characters; Latin words and figures whole."""
    ngrams: set[str] = set()
    for word in _RUN.findall(text):
        if word[0].isascii():
            ngrams.add(word)
        else:
            ngrams.update(word[start : start + length] for start in range(len(word) - length + 1))
    return ngrams


class QuestionNgrams:
    """The runs of a question, as `ngrams` cuts them out, to be looked up in many texts."""

    def __init__(self, question: str, length: int) -> None:
        asked = ngrams(question, length)
        self._words = frozenset(ngram for ngram in asked if ngram[0].isascii())
        self._han = tuple(asked - self._words)

    def containment(self, folded: str) -> float:
        """How much of them a text has among its own: `containment(asked, runs(folded, length))`.

        Its own need not be cut out: a run of Han characters is one wherever it stands, only a Latin word is whole.
        """
        count = len(self._han) + len(self._words)
        if not count:
            return 0.0
        held = sum([ngram in folded for ngram in self._han])  # a list is twice as fast as a generator
        return (held + len(self._words & _words(folded)) if self._words else held) / count


@memoise_text
def _words(folded: str) -> frozenset[str]:
    return frozenset(_WORD.findall(folded))


def containment(asked: Set[str], held: Set[str]) -> float:
    """How much of what is asked is held, 0 to 1."""
    return len(asked & held) / len(asked) if asked else 0.0
