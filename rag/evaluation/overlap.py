"""How much two texts have in common: exact match, character F1, ROUGE-L, shared grams. The only importer of rapidfuzz."""

import re
import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher

from index.language.normalise import normalise

GRAM = 6
"""Characters of a gram when quotes are compared: long enough that two sentences share none by chance."""
_UNIT = re.compile(r"[a-z0-9]+(?:[.:][0-9]+)*|[^\W_]")


def units(text: str) -> list[str]:
    """Return the units in which texts are compared: characters of Chinese, words of other scripts; no marks."""
    return _UNIT.findall(normalise(text))


def exact_match(said: str, expected: Sequence[str]) -> float:
    """Return 1.0 where the answer is one of the alternatives, marks, width, script and case aside."""
    return float(any(units(said) == units(alternative) for alternative in expected))


def character_f1(said: str, expected: Sequence[str]) -> float:
    """Return the F1 of the longest common run of units, the best over the alternatives.

    Source: the evaluation of CMRC 2018 (Cui et al. 2019): Chinese characters and other words as units, and the longest
    run they share counts, not the bag of them.
    """
    answer = units(said)
    return max(
        (_f1(_longest_run(answer, other), len(answer), len(other)) for other in map(units, expected)), default=0.0
    )


def rouge_l(said: str, expected: Sequence[str]) -> float:
    """Return the F1 of the longest common subsequence of units (Lin 2004, β = 1), the best over the alternatives."""
    from rapidfuzz.distance import LCSseq

    answer = units(said)
    return max(
        (_f1(LCSseq.similarity(answer, other), len(answer), len(other)) for other in map(units, expected)), default=0.0
    )


def grams(text: str) -> frozenset[str]:
    """Return the GRAM-character pieces of a text, without white space; of a shorter text itself."""
    compact = "".join(unicodedata.normalize("NFKC", text).casefold().split())
    if len(compact) < GRAM:
        return frozenset([compact] if compact else [])
    return frozenset(compact[place : place + GRAM] for place in range(len(compact) - GRAM + 1))


def _longest_run(left: list[str], right: list[str]) -> int:
    return SequenceMatcher(None, left, right, autojunk=False).find_longest_match().size


def _f1(common: int, answer: int, other: int) -> float:
    return 2 * common / (answer + other) if common else 0.0
