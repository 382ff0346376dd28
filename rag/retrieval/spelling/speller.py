"""What a misspelt name in a question was meant for, where that is beyond doubt; else the names that it may be meant for."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from index.language.normalise import simplify
from index.language.terms import NAME_TAGS, character_term, is_listed, tag_words
from index.language.vocabulary import DIVISIONS, SURNAMES, pattern_of
from index.store.generations import Generation
from rag.question.analysis import ASKING
from rag.question.language import detect_language
from rag.retrieval.spelling.organs import find_printed_organ
from rag.retrieval.spelling.printed import LONG_NAME, PrintedName, PrintedNames
from rag.retrieval.spelling.sounds import Sounds
from rag.retrieval.translation.dictionary import load_words, stem
from rag.retrieval.translation.pinyin_names import find_romanised, split_syllables

MAX_GUESSES = 12
"""Ways to write a stretch anew that are looked up in the archive."""
CLEAR_RATIO = 4
"""A name that is printed so much oftener than the next one is the one meant."""
MAX_CHOICES = 3
MANY_CHUNKS = 5
"""From so many on a name is well known here, and meant where less would be a guess."""
MAX_CHARACTERS = 400
"""Of a question whose names are looked at; a longer one is mostly background, and each character would cost time."""
MAX_PINYIN_LETTERS = 24
_HAN_RUN = re.compile(r"[\u4e00-\u9fff]{2,}")
_PINYIN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]+(?:[ '’][A-Za-z]+){0,2}(?![A-Za-z0-9])")
_FUNCTION_TAGS = frozenset("pcudrfyt")
"""Of words that are rarely misspelt, and never a part of a name cut into characters."""
_FOREIGN_NAME = re.compile(r"[\u4e00-\u9fff]{1,8}(?:[·•‧・][\u4e00-\u9fff]{1,8})+")
"""Written by its sound, by each newspaper in its own way."""
_PLACE_END = re.compile(rf"{pattern_of(DIVISIONS)}$")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Spelling:
    """A question with its names as the archive prints them.

    Args:
        text: the question; as it was where nothing is changed.
        names: those that were put in, in order; where none is clear, those that may be meant.
        choices: the question with each of the names that may be meant; `text` is as typed then.
    """

    text: str
    names: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()

    @property
    def is_changed(self) -> bool:
        """Whether names were put in."""
        return bool(self.names) and not self.choices


@dataclass(frozen=True, slots=True)
class _Guess:
    """text[place : place + len(written)] written anew. Rank: the lower, the nearer to what was typed."""

    place: int
    written: str
    rank: int
    fixes_both: bool


@dataclass(frozen=True, slots=True)
class _Word:
    """text[start:end] as the segmenter cut and tagged it; listed where a dictionary has it."""

    start: int
    end: int
    tag: str
    is_listed: bool


class Speller:
    """Corrects names against one generation. Thread-safe.

    Args:
        cache_dir: see rag.retrieval.translation.dictionary.load_words.
    """

    def __init__(self, generation: Generation, cache_dir: Path | None) -> None:
        self._generation, self._cache_dir = generation, cache_dir
        self._printed = PrintedNames(generation)

    @cached_property
    def _sounds(self) -> Sounds:
        return Sounds(load_words(self._cache_dir).readings)

    def warm_up(self) -> None:
        """Load what is loaded once: the readings, the segmenter's tags."""
        self._sounds.alike("区")
        _words("区")

    def correct(self, question: str) -> Spelling:
        """Return the question with misspelt names corrected.

        Only a name that is nowhere in the archive is taken for misspelt, and only for one that sounds the same or nearly,
        or has two characters in the other order, that the archive clearly prints as a name of that sort.
        """
        text = simplify(question)
        if len(text) > MAX_CHARACTERS or len(text) != len(question) or detect_language(question) == "en":
            return Spelling(question)
        romanised = self._romanised(question)
        if romanised.choices:
            return romanised
        question, names = romanised.text, [*romanised.names]
        text = simplify(question)
        if organ := find_printed_organ(text, self._printed, self._generation.lexical):
            question, text = _put(question, organ), _put(text, organ)
            names.append(organ.name)
        for _turn in range(2):  # two misspelt names in one question at most
            found = self._one(text)
            if not found:
                break
            best = found[0]
            if len(found) > 1:
                meant = found[:MAX_CHOICES]
                return Spelling(question, _names(meant), tuple(_put(question, one) for one in meant))
            question, text = _put(question, best), _put(text, best)
            names.append(best.name)
        return Spelling(question, tuple(names))

    def _one(self, text: str) -> list[PrintedName]:
        """The name that one misspelt stretch is meant for, or several that are as likely; nothing without one."""
        broken = self._broken(text)
        if not broken:
            return []
        words = _words(text)
        kept = (*ASKING.finditer(text), *_FOREIGN_NAME.finditer(text))
        asking = {place for match in kept for place in range(*match.span())}
        fixed = asking | {word.start for word in words if word.end - word.start == 1 and word.tag[0] in _FUNCTION_TAGS}
        guesses = sorted(
            (*self._alike(text, broken, fixed), *self._exchanged(text, broken, asking)),
            key=lambda guess: (not guess.fixes_both, guess.rank),
        )
        found: dict[str, tuple[int, PrintedName]] = {}
        for guess in guesses[:MAX_GUESSES]:
            name = self._look(text, guess, words)
            if name and name.name not in found:
                found[name.name] = (guess.rank, name)
        if not found:
            return []
        best = min(rank for rank, _name in found.values())
        ranked = sorted((name for rank, name in found.values() if rank == best), key=lambda name: -name.chunks)
        first = ranked[0]
        rivals = [name for name in ranked[1:] if name.start < first.end and first.start < name.end]
        return [first, *(name for name in rivals if name.chunks * CLEAR_RATIO > first.chunks)]

    def _broken(self, text: str) -> set[int]:
        """Places of the pairs of characters that the archive does not have."""
        places = [place for run in _HAN_RUN.finditer(text) for place in range(run.start(), run.end() - 1)]
        known = self._generation.lexical.known([character_term(text[place : place + 2]) for place in places])
        return {place for place, is_known in zip(places, known.tolist(), strict=True) if not is_known}

    def _alike(self, text: str, broken: set[int], fixed: set[int]) -> Iterator[_Guess]:
        """Each character beside a broken pair, and two in a row behind a family name, written as what sounds alike."""
        places = sorted({place + step for place in broken for step in (0, 1)} - fixed)
        tried: dict[tuple[int, str], int] = {}
        for place in places:
            for rank, others in enumerate((self._sounds.alike(text[place]), self._sounds.nearly_alike(text[place]))):
                tried |= {(place, other): rank for other in others}
        yield from self._that_mend(text, broken, [(place, other, rank) for (place, other), rank in tried.items()])
        for place in broken:
            if text[place] in SURNAMES and place + 1 in broken and not {place + 1, place + 2} & fixed:
                yield from self._two_behind(text, place)

    def _that_mend(self, text: str, broken: set[int], tried: list[tuple[int, str, int]]) -> Iterator[_Guess]:
        """Those that make known pairs of the broken ones: all beside it, or one where the other may part two words."""
        sides: list[tuple[str | None, str | None]] = []
        for place, other, _rank in tried:
            left = text[place - 1] + other if place and _CHINESE.match(text[place - 1]) else None
            right = other + text[place + 1] if place + 1 < len(text) and _CHINESE.match(text[place + 1]) else None
            sides.append((left, right))
        wanted = list(dict.fromkeys(pair for both in sides for pair in both if pair))
        counts = self._generation.lexical.frequency([character_term(pair) for pair in wanted]).tolist()
        count = dict(zip(wanted, counts, strict=True))
        ranked = []
        for (place, other, rank), (left, right) in zip(tried, sides, strict=True):
            mends_left = left is not None and place - 1 in broken and count[left] > 0
            mends_right = right is not None and place in broken and count[right] > 0
            if mends_left or mends_right:
                both = (left is None or count[left] > 0) and (right is None or count[right] > 0)
                most = max(count[pair] for pair in (left, right) if pair)
                ranked.append((-most, _Guess(place, other, rank, both)))
        yield from (guess for _count, guess in sorted(ranked, key=lambda item: item[0]))

    def _two_behind(self, text: str, place: int) -> Iterator[_Guess]:
        """王少峰 of 王绍风: both characters of a given name."""
        firsts = self._known(text[place], self._sounds.alike(text[place + 1]))
        for first in firsts:
            for second in self._known(first, self._sounds.alike(text[place + 2])):
                yield _Guess(place + 1, first + second, 2, True)

    def _known(self, before: str, characters: str) -> list[str]:
        known = self._generation.lexical.known([character_term(before + character) for character in characters])
        return [character for character, is_known in zip(characters, known.tolist(), strict=True) if is_known]

    def _exchanged(self, text: str, broken: set[int], fixed: set[int]) -> Iterator[_Guess]:
        """Two characters in the other order."""
        for place in broken:
            if text[place] != text[place + 1] and not {place, place + 1} & fixed:
                yield _Guess(place, text[place + 1] + text[place], 1, False)

    def _look(self, text: str, guess: _Guess, words: list[_Word]) -> PrintedName | None:
        """The name that a guess makes, if the archive prints it and what was typed is no word."""
        end = guess.place + len(guess.written)
        anew = text[: guess.place] + guess.written + text[end:]
        start, last = guess.place, end
        if len(guess.written) == 1:
            if guess.fixes_both and start > 0 and last < len(anew) and _CHINESE.match(anew[start - 1]):
                start, last = start - 1, last + (1 if _CHINESE.match(anew[last]) else 0)
            else:
                return self._beside(text, anew, guess, words)
        name = self._printed.find(anew, start, last)
        if name is None and len(guess.written) == 1:
            return self._beside(text, anew, guess, words)
        return name if name and self._is_meant(text, name, guess, words) else None

    def _beside(self, text: str, anew: str, guess: _Guess, words: list[_Word]) -> PrintedName | None:
        """A name of which the changed character is the last or the first one."""
        for start in (guess.place - 1, guess.place):
            piece = anew[start : start + 2] if start >= 0 else ""
            if len(piece) == 2 and _HAN_RUN.fullmatch(piece):
                name = self._printed.find(anew, start, start + 2)
                if name and self._is_meant(text, name, guess, words):
                    return name
        return None

    def _is_meant(self, text: str, name: PrintedName, guess: _Guess, words: list[_Word]) -> bool:
        """Whether what was typed can only be a slip: no word of a dictionary, and none cut through, and nowhere printed."""
        typed = text[name.start : name.end]
        if self._generation.lexicon.is_listed(typed) or self._printed.is_printed(typed):
            return False
        is_rare = name.chunks < MANY_CHUNKS
        if len(typed) == 2 and (not guess.fixes_both or guess.rank or is_rare):
            return False  # so short that a chance is likely
        if name.is_person and guess.place == name.start and (guess.rank or (is_rare and typed[0] in SURNAMES)):
            return False  # another family name is another family
        end = guess.place + len(guess.written)
        for word in words:
            is_person = word.tag == "nr" and not _PLACE_END.search(text[word.start : word.end])
            if word.end - word.start < 2 or not (word.is_listed or is_person):
                continue
            goes_on = name.is_person and not word.is_listed  # the segmenter takes 张玉彦是 for a name
            if word.start < name.start < word.end or (word.start < name.end < word.end and not goes_on):
                return False
            is_changed = word.start < end and guess.place < word.end
            if (
                not is_changed
                and word.is_listed
                and word.tag in NAME_TAGS
                and (word.start, word.end) == (name.start, name.end - 1)
            ):
                return False  # 深圳 of 深圳时
            if is_changed:
                if is_person and not name.is_person and len(name.name) < LONG_NAME:
                    return False
                if word.is_listed and len(name.name) < LONG_NAME and is_rare:
                    return False
        return True

    def _romanised(self, question: str) -> Spelling:
        """The question with pinyin in it written in characters: wang shaofeng → 王少峰."""
        plain = "".join(c for c in unicodedata.normalize("NFD", question) if not unicodedata.combining(c))
        if plain != question and len(plain) != len(unicodedata.normalize("NFC", question)):
            return Spelling(question)
        for match in _PINYIN.finditer(plain):
            tokens = re.split(r"[ '’]", match[0].lower())
            found = self._named(tokens)
            if not found:
                continue
            texts = tuple(question[: match.start()] + name.name + question[match.end() :] for name in found)
            return Spelling(texts[0], _names(found)) if len(found) == 1 else Spelling(question, _names(found), texts)
        return Spelling(question)

    def _named(self, tokens: list[str]) -> list[PrintedName]:
        readings = self._sounds.readings
        if len("".join(tokens)) > MAX_PINYIN_LETTERS or not all(
            any(split_syllables(word, readings)) for word in tokens
        ):
            return []
        if len(tokens) == 1 and load_words(self._cache_dir).find(stem(tokens[0])):
            return []  # an English word, or a place that the dictionary knows
        written = find_romanised(tokens, readings, self._generation.lexical)
        names = [name for one in written if (name := self._printed.find(one, 0, len(one))) and name.name == one]
        names.sort(key=lambda name: -name.chunks)
        return [name for name in names[:MAX_CHOICES] if name.chunks * CLEAR_RATIO > names[0].chunks]


def _words(text: str) -> list[_Word]:
    found, place = [], 0
    for word, tag in tag_words(text):
        found.append(_Word(place, place + len(word), tag, is_listed(word)))
        place += len(word)
    return found


def _put(text: str, name: PrintedName) -> str:
    return text[: name.start] + name.name + text[name.end :]


def _names(found: list[PrintedName]) -> tuple[str, ...]:
    return tuple(name.name for name in found)
