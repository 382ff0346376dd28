"""Text → terms for the lexical index: words and character bigrams, the same for passages and queries.

Bigrams find what a segmenter cuts otherwise, words rank better than bigrams alone; both together beat either
(Kwok, SIGIR 1997; Nie & Ren 1999; measured here on CMRC 2018 and DRCD, see README). Door to rjieba and opencc.
"""

import re
import unicodedata
from functools import cache
from typing import Any

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+")
_LATIN = re.compile(r"[a-z0-9]+(?:[.\-][a-z0-9]+)*")
# Function words: in a Chinese archive they are rare, so idf would take them for the most telling words of all.
_FUNCTION_WORDS = frozenset(
    "a an and are as at be been being but by did do does for from had has have how in into is it its of on or than "  # noqa: SIM905
    "that the their them then there these they this those to was were what when where which who whom whose why "
    "will with would".split()
)
_SPACED_HAN = re.compile(r"(?<=[\u4e00-\u9fff])[ \t\u3000]+(?=[\u4e00-\u9fff\d])|(?<=\d)[ \t]+(?=[\u4e00-\u9fff])")


@cache
def _converter() -> Any:
    import opencc

    return opencc.OpenCC("t2s")


def simplify(text: str) -> str:
    """Traditional characters to simplified, for matching and embedding only; what is shown stays as printed."""
    return str(_converter().convert(text))


def normalise(text: str) -> str:
    """Fold what a reader takes for the same: width, script, case, compatibility forms, spaces between Han characters.

    For matching only: lengths change, so no offset survives it.
    """
    folded = simplify(unicodedata.normalize("NFKC", text)).casefold()
    folded = folded.replace("pm_{2.5}", "pm2.5").replace("pm_{10}", "pm10")
    return _SPACED_HAN.sub("", folded)


def extract_terms(text: str) -> list[str]:
    """Return the terms of a text, repeated as often as they occur; bigrams carry a leading underscore."""
    import rjieba

    folded = normalise(text)
    terms = [word for word in rjieba.cut_for_search(folded) if _is_word(word)]
    for run in _HAN.findall(folded):
        terms += [f"_{run[i : i + 2]}" for i in range(len(run) - 1)] or [f"_{run}"]
    terms += [f"_{word}" for word in _LATIN.findall(folded) if word not in _FUNCTION_WORDS]
    return terms


def split_words(text: str) -> list[str]:
    """Return the words that a text consists of, marks and spaces included: joined they are the text."""
    import rjieba

    return list(rjieba.cut(text, False))


def cuts_word(before: str, after: str) -> bool:
    """Whether a cut between two texts goes through a word of the segmenter's dictionary."""
    if before[-1:].isascii() and after[:1].isascii():
        return False  # Latin letters in a row are one word to it
    place = 0
    for word in split_words(before + after):
        place += len(word)
        if place >= len(before):
            return place > len(before)
    return False


def find_names(text: str) -> list[str]:
    """Return the words that the segmenter takes for names of places, organisations and persons."""
    import rjieba

    return [word for word, tag in rjieba.tag(normalise(text)) if tag in {"ns", "nt", "nr"} and len(word) > 1]


def is_listed(word: str) -> bool:
    """Whether the segmenter's dictionary has the word, so that it is no guess."""
    import rjieba

    return bool(rjieba.has_word(word))


def _is_word(word: str) -> bool:
    return word not in _FUNCTION_WORDS and any(character.isalnum() for character in word)
