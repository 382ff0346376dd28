"""Whether the characters of a page's text layer are those that it prints: a PDF draws glyphs, and may say anything of them.

A font without a map to Unicode shows its own numbers as characters, a wrong map or encoding other characters; a reader
sees a sound page, and the index would get rubbish. What betrays it is that it is no writing: unknown characters, text read
in a wrong encoding, scripts at random, rows of digits, letters without words.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from operator import mul
from string import ascii_lowercase
from typing import Final

from index.errors import UnreadableError
from index.language.normalise import simplify
from index.language.terms import split_words
from index.read.mojibake import undo_mojibake
from index.read.pdf.lines import Glyph
from index.read.usual_characters import is_usual

# A bullet of a font of signs is a private character: these have a few kinds only, a garbled font one for each letter.
MIN_PRIVATE_KINDS: Final = 4
MIN_UNKNOWN: Final = 3
UNKNOWN_SHARE: Final = 0.05  # a sound page has none, or a rare name's character
# Two scripts beside Chinese, Latin and Japanese on one page: character numbers read as Unicode run through all blocks.
MIN_SCRIPTS: Final = 2
OTHER_SCRIPTS_SHARE: Final = 0.2
MIN_JUDGED: Final = 100  # characters from which a page without Chinese is judged by its letters
REPEATED_SHARE: Final = 0.3  # the most frequent character of a text, 的, has .05, e of English .13
LONG_NUMBER: Final = 20  # an identity number has 18 digits, an account 19
# How often each letter from a to z stands in 1,000 of English (Lewand, Cryptological Mathematics, 2000). 113 English
# texts had a cosine of .86 to .99 with it; with the letters exchanged .56, nineteen in twenty below .72, shifted .54 at most.
_LETTERS: Final = (82, 15, 28, 43, 127, 22, 20, 61, 70, 2, 8, 40, 24, 67, 75, 19, 1, 60, 63, 91, 28, 10, 24, 2, 20, 1)
LETTER_LIKENESS: Final = 0.75
LETTER_SHARE: Final = 0.5
# Characters of a run of Chinese that stand in words of two and more: of 3,000 news texts the least has .55, of 1,000
# traditional ones .52 once simplified; with any other character for each .00 to .08. Lists of names are runs of 2 to 4.
WORD_SHARE: Final = 0.2
MIN_RUN: Final = 8
MIN_IN_RUNS: Final = 30
_GAP_EM: Final = 0.5
_BASELINE_STEP_EM: Final = 0.3

_LATIN: Final = "\u2000"  # letters with accents stand before it, Chinese and its punctuation behind
_LOST: Final = re.compile(r"\?\?|锟斤拷")
_RUN: Final = re.compile(f"[\u4e00-\u9fff]{{{MIN_RUN},}}")
_DIGITS: Final = re.compile(rf"(?:\d[.,]?){{{LONG_NUMBER},}}")
_LEADER: Final = re.compile(r"([^\w\s])\1{3,}")
_USUAL_SCRIPTS: Final = frozenset(
    {"CJK", "LATIN", "HIRAGANA", "KATAKANA", "FULLWIDTH", "HALFWIDTH", "KATAKANA-HIRAGANA"}
)


def distrust(glyphs: Sequence[Glyph]) -> str:
    """Return why a page's characters cannot be those that it prints, in words; "" where nothing speaks against them.

    A page with few characters is trusted unless they are no characters at all.
    """
    text = "\n".join(_pieces(glyphs))
    counts = Counter("".join(text.split()))
    total = counts.total()
    if _unknown(counts) > max(MIN_UNKNOWN - 1, UNKNOWN_SHARE * total) or _is_of_all_scripts(counts, total):
        return "its fonts do not tell which characters they print"
    if _is_misread(text, counts):
        return "its fonts tell their characters in a wrong encoding (乱码)"
    if _is_wordless(text, counts, total):
        return "its fonts tell other characters than they print"
    return ""


def _pieces(glyphs: Sequence[Glyph]) -> Iterator[str]:
    """Yield what is printed in one go: without a gap and on one line."""
    chars: list[str] = []
    for before, glyph in zip([None, *glyphs], glyphs, strict=False):
        if before and (
            abs(glyph.v - before.v) > _BASELINE_STEP_EM * glyph.size
            or abs(glyph.u0 - before.u1) > _GAP_EM * glyph.size
            or glyph.angle != before.angle
        ):
            yield "".join(chars)
            chars = []
        chars.append(glyph.char)
    yield "".join(chars)


def _unknown(counts: Counter[str]) -> int:
    """How many characters are none: controls, unassigned ones, those that the file does not tell, a font's own."""
    categories = {char: unicodedata.category(char[0]) for char in counts}
    private = [char for char, category in categories.items() if category == "Co"]
    unknown = [char for char, category in categories.items() if category in ("Cc", "Cn", "Cs") or char == "\ufffd"]
    return sum(counts[char] for char in (*unknown, *(private if len(private) >= MIN_PRIVATE_KINDS else ())))


def _is_misread(text: str, counts: Counter[str]) -> bool:
    # What no Chinese text has more than a little of is in each wrong reading; looking closely takes a tenth of the page's time.
    unusual = sum(
        count for char, count in counts.items() if not char.isascii() and not (char > _LATIN and is_usual(char))
    )
    if unusual < max(MIN_UNKNOWN, UNKNOWN_SHARE * counts.total()) and not _LOST.search(text):
        return False
    try:
        return bool(undo_mojibake(text).note)
    except UnreadableError:
        return True


def _is_of_all_scripts(counts: Counter[str], total: int) -> bool:
    scripts: Counter[str] = Counter()
    for char, count in counts.items():
        if not char.isascii() and not "\u4e00" <= char <= "\u9fff" and char[0].isalpha():
            scripts[unicodedata.name(char[0], "").partition(" ")[0]] += count
    foreign = [count for script, count in scripts.items() if script not in _USUAL_SCRIPTS]
    return sum(count >= MIN_UNKNOWN for count in foreign) >= MIN_SCRIPTS and sum(foreign) > OTHER_SCRIPTS_SHARE * total


def _is_wordless(text: str, counts: Counter[str], total: int) -> bool:
    most = max((count for char, count in counts.items() if char.isalpha()), default=0)
    if total >= MIN_JUDGED and most > REPEATED_SHARE * total:
        return True
    runs = _RUN.findall(text)
    if sum(map(len, runs)) >= MIN_IN_RUNS:
        words = split_words(simplify("\n".join(runs)))
        return sum(len(word) for word in words if len(word) > 1) < WORD_SHARE * sum(map(len, runs))
    if total < MIN_JUDGED:
        return False
    return sum(map(len, _DIGITS.findall(text))) > total / 2 or _is_shifted_latin(_LEADER.sub(r"\1", text))


def _is_shifted_latin(text: str) -> bool:
    """Whether a page in ASCII has marks instead of letters, or other letters than any language that is written in them."""
    marks = Counter(char for char in text.lower() if char.isascii() and not char.isspace() and not char.isdigit())
    letters = [marks[char] for char in ascii_lowercase]
    if marks.total() < max(MIN_JUDGED, sum(not char.isspace() for char in text) / 2):
        return False
    likeness = sum(map(mul, letters, _LETTERS)) / (math.hypot(*letters) * math.hypot(*_LETTERS) or 1.0)
    return sum(letters) < LETTER_SHARE * marks.total() or likeness < LETTER_LIKENESS
