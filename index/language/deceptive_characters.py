"""Characters that show a reader something else than they tell a machine: unseen ones, turners of the order, look-alikes.

    text ─┬─ invisible_character, bidi_control, tag_character ─► taken out, unless they do what they are for where they stand
          └─ look_alike: letters of another script in a Latin word, styled letters ─► the Latin letters they look like

Sources: Default_Ignorable_Code_Point (Unicode 16, DerivedCoreProperties.txt); mixed-script words and confusables after UTS #39.
A text in Cyrillic or Greek, a formula (μg, ρgh, ΔT) and an emoji stay as they are.
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import groupby

from index.records import Fix

# By escapes, since nobody could read them here: ignorable characters, then the controls that are no white space.
_IGNORABLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff"
    "\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_UNSEEN = re.compile(f"[{_IGNORABLE}\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]+")
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_SELECTORS = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
_SELECTOR = re.compile(f"[{_SELECTORS}]")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]")
_JOINING = re.compile(r"[\u0600-\u06ff\u0750-\u077f\u0900-\u0dff\u1780-\u17ff]")
"""Letters of scripts that join or part by a character nobody sees: Arabic, those of India, Khmer."""
_MONGOLIAN = re.compile(r"[\u1820-\u18aa]")
_JAMO = re.compile(r"[\u1100-\u11ff]")
_SOFT_HYPHEN = "\u00ad"

# Letter, then the Latin letter that it looks like. The first of each script in any type, the others more or less.
_CYRILLIC = "АAВBЕEЅSІIЈJКKМMНHОOРPСCТTУYХXѴVҮYԚQԜWаaсcеeоoрpхxуyѕsіiјjһhԁdԛqԝwѵvӏlӀIүy"
_CYRILLIC_NEARLY = "гrпnиuтtмmнhвbьbкkшwёeїiАA"
_GREEK = "ΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧXοoνvιiϲcϳj"
_GREEK_OF_FORMULAS = "αaγyρpυuτtηnκkχxεeωwσo"
_OTHERS = "օoսuհhոnցgզqՍUՕOՏSᎪAᏴBᏟCᎬEᏀGᎻHᎫJᏦKᏞLᎷMᏢPᏒRᏚSᎢTᏙVᎳWᏃZᎠDɑaɡgıi"

_SMALL_CAPITALS = "ᴀaʙbᴄcᴅdᴇeꜰfɢgʜhɪiᴊjᴋkʟlᴍmɴnᴏoᴘpʀrꜱsᴛtᴜuᴠvᴡwʏyᴢz"


def _pairs(letters: str) -> dict[str, str]:
    return dict(zip(letters[::2], letters[1::2], strict=True))


_EXACT = _pairs(_CYRILLIC) | _pairs(_GREEK)
_ALIKE = _EXACT | _pairs(_CYRILLIC_NEARLY) | _pairs(_GREEK_OF_FORMULAS) | _pairs(_OTHERS)
_CAPITALS = _pairs(_SMALL_CAPITALS)
_IN_FORMULAS = frozenset(_GREEK_OF_FORMULAS[::2])
_IS_GREEK = re.compile(r"[\u0370-\u03ff]")
# A word of letters from scripts that share their shapes; those of one script alone are none of ours.
_WORD = re.compile(r"[A-Za-z\u0370-\u03ff\u0400-\u052f\u0531-\u0587\u13a0-\u13f5ɑɡı]+")
_FOREIGN = re.compile(r"[\u0370-\u03ff\u0400-\u052f\u0531-\u0587\u13a0-\u13f5ɑɡı]")
_STYLED = rf"\u1d2c-\u1d6a\u2071\u207f\u2090-\u209c\u24b6-\u24e9\U0001d400-\U0001d7ff\U0001f130-\U0001f149{_SMALL_CAPITALS[::2]}"
_STYLED_WORD = re.compile(rf"[{_STYLED}]+|[\uff21-\uff3a\uff41-\uff5a]+")
_FULL_WIDTH_CAPITALS = re.compile(r"[\uff21-\uff3a]+")
"""ＡＰＰ, ＧＤＰ: how Chinese papers set abbreviations."""
MIN_STYLED_LETTERS = 3
"""Styled letters from which on they are a word: 𝑥 and 𝛼 are of a formula, 𝐢𝐠𝐧𝐨𝐫𝐞 is none."""
MIN_MIXED_GREEK = 3
"""Letters from which on a word of Latin and Greek is no unit and no product of a formula: μg, hν."""
DECEPTIVE = frozenset({"invisible_character", "bidi_control", "tag_character", "look_alike"})
"""Kinds of fixes that are made here."""


def reveal(text: str) -> str:
    """Return a text that tells a machine what it shows a reader."""
    for find in (find_unseen, find_look_alikes):
        pieces: list[str] = []
        done = 0
        for fix in find(text):
            pieces += (text[done : fix.start], fix.after)
            done = fix.start + len(fix.before)
        text = "".join((*pieces, text[done:]))
    return text


def find_unseen(text: str) -> Iterator[Fix]:
    """Yield what takes out the characters that nobody sees, in the order of the text."""
    for run in _UNSEEN.finditer(text):
        places = [place for place in range(*run.span()) if not _is_in_place(text, place)]
        # Side by side and of a kind they are one fix.
        for (kind, _offset), group in groupby(
            enumerate(places), lambda item: (_kind(text[item[1]]), item[1] - item[0])
        ):
            taken = [place for _number, place in group]
            before = text[taken[0] : taken[-1] + 1]
            yield Fix(kind, taken[0], before, "-" if _breaks_word(text, taken[0], before) else "")


def _kind(character: str) -> str:
    if character in _BIDI:
        return "bidi_control"
    return "tag_character" if "\U000e0000" <= character <= "\U000e007f" else "invisible_character"


def _breaks_word(text: str, start: int, before: str) -> bool:
    """Whether it is the hyphen of a Latin word that goes on in the next line."""
    is_break = before == _SOFT_HYPHEN and text[start + 1 : start + 2] == "\n"
    return is_break and text[start - 1 : start].isascii() and text[start - 1 : start].isalpha()


def _is_in_place(text: str, place: int) -> bool:
    """Whether a character that nobody sees shapes the one before it, as it is there to do."""
    character, before, after = text[place], text[max(0, place - 1) : place], text[place + 1 : place + 2]
    if not before:
        return False
    if character in "\ufe0e\ufe0f":
        return _is_symbol(before) or after == "\u20e3"
    if _SELECTOR.match(character):
        beside = text[max(0, place - 2) : place - 1] + text[place + 1 : place + 3]
        return (_HAN.match(before) is not None or _is_symbol(before)) and not _SELECTOR.search(beside)
    if character in "\u200c\u200d" and _JOINING.match(before):
        return _JOINING.match(after) is not None
    if character == "\u200d":
        return _is_symbol(after) and _is_symbol(text[max(0, place - 2)] if before == "\ufe0f" else before)
    if character in "\u180b\u180c\u180d\u180e\u180f":
        return _MONGOLIAN.match(before) is not None
    return character in "\u115f\u1160" and _JAMO.match(before) is not None


def _is_symbol(character: str) -> bool:
    return bool(character) and (unicodedata.category(character)[0] == "S" or character in "‼⁉〰")


def find_look_alikes(text: str) -> Iterator[Fix]:
    """Yield what puts Latin letters in the place of those that only look like them, in the order of the text.

    What nobody sees has been taken out.
    """
    if text.isascii():
        return
    found = [*_styled(text)]
    if _FOREIGN.search(text):
        for line in re.finditer(r"[^\n]+", text):
            found += _of_line(line[0], line.start())
    yield from sorted(found, key=lambda fix: fix.start)


def _of_line(line: str, start: int) -> Iterator[Fix]:
    """The words of a line that mix scripts; where one does so by Cyrillic, those that could as well be Latin too."""
    words = list(_WORD.finditer(line))
    folded = {word.span(): _unmixed(word[0]) for word in words}
    spoofs = any(after and not _IS_GREEK.search(word[0]) for word in words if (after := folded[word.span()]))
    is_foreign = any(not word[0].isascii() and not folded[word.span()] and _as_latin(word[0]) is None for word in words)
    for word in words:
        after = folded[word.span()]
        if after is None and spoofs and not is_foreign and not word[0].isascii():
            after = _as_latin(word[0])
        if after is not None and after != word[0]:
            yield Fix("look_alike", start + word.start(), word[0], after)


def _unmixed(word: str) -> str | None:
    """A word of Latin and look-alike letters in Latin letters; None where it is all of one script, or a formula."""
    foreign = [letter for letter in word if not letter.isascii()]
    if not foreign or len(foreign) == len(word) or any(letter not in _ALIKE for letter in foreign):
        return None
    if any(map(_IS_GREEK.match, foreign)):
        in_formula = word[0] in _IN_FORMULAS or word[-1] in _IN_FORMULAS
        if in_formula or len(word) < MIN_MIXED_GREEK:
            return None
    return "".join(_ALIKE.get(letter, letter) for letter in word)


def _as_latin(word: str) -> str | None:
    """A word all of whose letters have exact Latin doubles in those; None for any other."""
    if any(not letter.isascii() and letter not in _EXACT for letter in word):
        return None
    return "".join(_EXACT.get(letter, letter) for letter in word)


def _styled(text: str) -> Iterator[Fix]:
    """Words in mathematical, circled, small or full-width letters, and figures in mathematical ones."""
    for word in _STYLED_WORD.finditer(text):
        plain = "".join(map(_plain, word[0]))
        letters = sum(character.isascii() and character.isalpha() for character in plain)
        if letters < MIN_STYLED_LETTERS or _FULL_WIDTH_CAPITALS.fullmatch(word[0]):
            plain = "".join(new if new.isdecimal() else old for old, new in zip(word[0], plain, strict=True))
        if plain != word[0]:
            yield Fix("look_alike", word.start(), word[0], plain)


def _plain(character: str) -> str:
    if character in _CAPITALS:
        return _CAPITALS[character]
    folded = unicodedata.normalize("NFKC", character)
    return folded if len(folded) == 1 and folded.isascii() and folded.isalnum() else character
