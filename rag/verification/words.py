"""A text's words, clauses and who each clause is about: what alignment lays a statement and a passage side by side with.

    text ─ segmenter, figures, dates ─► words ─ commas ─► clauses ─ what stands before the verb ─► subjects

A clause that has no subject has that of the clause before it, also over a full stop: A推进…。但…不足。
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from operator import itemgetter
from typing import Literal

from index.language.normalise import normalise, simplify
from index.language.sentences import split_sentences
from index.language.terms import tag_words
from rag.facts.quantities import Figure
from rag.verification.claims import Claims, Days, fold
from rag.verification.stretches import beginning_in

Kind = Literal["word", "figure", "day"]
_CLAUSE_END = re.compile(r"[，。；：！？!?;\n]|,(?!\d)|:(?!\d)")
_FULL_STOP = re.compile(r"[。！？\n]")
MAX_SUBJECT_WORDS = 16
"""Words of a clause's subject: it is repeated with every clause that it is the subject of."""
SEGMENT_END = re.compile(r"[，。；：！？!?;\n、]|,(?!\d)|:(?!\d)")
"""Ends a clause, or a member of a list."""
# Verbs and other words that carry a sentence and say nothing of their own.
_LIGHT = frozenset(
    "是 有 为 在 将 会 要 能 可 可以 进行 开展 说 表示 介绍 指出 称 提到 报道 显示 据 据悉 达 达到 来 去 到 使 让 被 把 对 与 和 及 等 该 其 此 这 那 成为 作为 "  # noqa: SIM905
    "方面 情况 所 以 并 也 还 了 的 已 已经 其中 分别 主要 目前 共 共有 约 以及 上 中 下 内 里 时 后 前 间".split()
)
_OPENERS = frozenset("但 而 并 且 也 同时 此外 其中 另外 因此 所以 目前 据悉 近日 随后 然后 之后".split())  # noqa: SIM905
_TRANSPARENT = re.compile(r"(?:介绍|表示|说|指出|强调|认为|透露|获悉|了解到|显示|据悉|坦言)[，：]?[“]?$")
"""Ends a clause that tells who says what follows: the next clause is about something else."""
_PREPOSITIONS = frozenset(
    [
        "在",
        "由",
        "把",
        "将",
        "被",
        "对",
        "从",
        "于",
        "向",
        "为",
        "为了",
        "按照",
        "根据",
        "通过",
        "随着",
        "针对",
        "围绕",
        "以",
        "自",
        "经",
        "因",
        "因为",
        "由于",
        "据",
    ]
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word, a figure or a date of a text.

    Args:
        key: a word in one script, width and case; of a figure or date as it stands.
        tag: its part of speech, as ICTCLAS names them.
    """

    key: str
    tag: str
    kind: Kind
    start: int
    end: int
    figure: Figure | None = None
    days: Days | None = None

    def on(self, days: Days | None) -> "Word":
        """The same word with other days: a date counted from another day."""
        return replace(self, days=days or self.days)

    @property
    def is_noun(self) -> bool:
        """Whether it names something."""
        return self.kind == "word" and (self.tag[0] in "njsbzlix" or self.tag in ("vn", "an", "eng"))

    @property
    def is_verb(self) -> bool:
        """Whether it tells what is done."""
        return self.kind == "word" and self.tag[0] == "v" and self.tag != "vn"


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause: characters start to end of the text.

    Args:
        words: those that tell something, from left to right.
        subject: what stands before its verb; of a clause that has none, that of the clause before it.
        has_own: whether the subject stands in it.
        sentence: number of its sentence.
    """

    start: int
    end: int
    words: tuple[Word, ...]
    subject: tuple[Word, ...]
    has_own: bool
    sentence: int


class ParsedText:
    """A text taken apart once.

    Args:
        claims: of the text.
        printed: the text as it was before parts of it were blanked, by which sentences are cut; None where none were.
    """

    def __init__(self, claims: Claims, printed: str | None = None) -> None:
        self.claims = claims
        self.text = claims.text
        self.sentences = split_sentences(printed or self.text)
        self.all_words = tuple(sorted(self._find_words(), key=lambda word: word.start))
        self.words = tuple(word for word in self.all_words if _tells(word))

    @cached_property
    def folded(self) -> str:
        """The text in one script, width and case."""
        return normalise(self.text)

    @cached_property
    def folded_sentences(self) -> tuple[str, ...]:
        """Each sentence so."""
        return tuple(normalise(self.text[slice(*span)]) for span in self.sentences)

    @cached_property
    def bare_sentences(self) -> tuple[str, ...]:
        """Of each sentence the letters and figures alone, so."""
        return tuple(fold(self.text[slice(*span)]) for span in self.sentences)

    @cached_property
    def subjects(self) -> frozenset[str]:
        """The words of all subjects."""
        return frozenset(word.key for clause in self.clauses for word in clause.subject)

    @cached_property
    def values(self) -> tuple[tuple[list[Figure], list[Days]], ...]:
        """The figures and the days of each sentence."""
        return tuple(self._values_in(*span) for span in self.sentences)

    @cached_property
    def clauses(self) -> tuple[Clause, ...]:
        """Its clauses, in order."""
        return tuple(self._find_clauses())

    def clauses_of(self, sentence: int) -> Sequence[int]:
        """The numbers of a sentence's clauses."""
        return self._clauses_by_sentence.get(sentence, ())

    @cached_property
    def _clauses_by_sentence(self) -> dict[int, list[int]]:
        numbers: dict[int, list[int]] = {}
        for number, clause in enumerate(self.clauses):
            numbers.setdefault(clause.sentence, []).append(number)
        return numbers

    @cached_property
    def full_stops(self) -> tuple[int, ...]:
        """Where its full stops and line breaks end."""
        return tuple(match.end() for match in _FULL_STOP.finditer(self.text))

    @cached_property
    def reaches(self) -> tuple[str, ...]:
        """Each clause, folded, with its subject and that of its sentence: what is said in it, and of whom."""
        first: dict[int, tuple[Word, ...]] = {}
        for clause in self.clauses:
            first.setdefault(clause.sentence, clause.subject)
        return tuple(
            "|".join(
                [
                    normalise(self.text[clause.start : clause.end]),
                    *(word.key for word in (*clause.subject, *first[clause.sentence])),
                ]
            )
            for clause in self.clauses
        )

    @cached_property
    def own(self) -> tuple[str, ...]:
        """Each clause alone, folded."""
        return tuple(normalise(self.text[clause.start : clause.end]) for clause in self.clauses)

    def values_of(self, clause: Clause) -> tuple[list[Figure], list[Days]]:
        """The figures and the days of a clause."""
        return self._values_in(clause.start, clause.end)

    def _values_in(self, start: int, end: int) -> tuple[list[Figure], list[Days]]:
        return list(self.claims.figures_in(start, end)), list(beginning_in(self.claims.days, start, end))

    def words_in(self, start: int, end: int) -> tuple[Word, ...]:
        """The telling words of a stretch."""
        return tuple(beginning_in(self.words, start, end))

    def _find_words(self) -> Iterator[Word]:
        blank = list(self.text)
        for days in self.claims.days:
            yield Word(self.text[days.start : days.end], "t", "day", days.start, days.end, days=days)
            blank[days.start : days.end] = " " * (days.end - days.start)
        for figure in self.claims.figures:
            yield Word(figure.text, "m", "figure", figure.start, figure.end, figure=figure)
            blank[figure.start : figure.end] = " " * (figure.end - figure.start)
        place = 0
        simple = simplify("".join(blank))
        for text, tag in tag_words(simple if len(simple) == len(blank) else "".join(blank)):
            start, place = place, place + len(text)
            if any(character.isalnum() for character in text):
                yield Word(normalise(text), tag, "word", start, place)

    def _find_clauses(self) -> Iterator[Clause]:
        subject: tuple[Word, ...] = ()
        start = 0
        ends = {match.end() for match in _CLAUSE_END.finditer(self.text)} | {end for _start, end in self.sentences}
        for end in sorted(ends):
            if self.text[start:end].strip():
                own = tuple(islice(self._subject_of(start, end), MAX_SUBJECT_WORDS))
                subject = own or subject
                yield Clause(start, end, self.words_in(start, end), subject, bool(own), self._sentence_at(start))
                if own and _TRANSPARENT.search(self.text[start:end]):
                    subject = ()
            start = end

    def _sentence_at(self, place: int) -> int:
        number = bisect_right(self.sentences, place, key=itemgetter(1))
        return number if number < len(self.sentences) else 0

    def _subject_of(self, start: int, end: int) -> Iterator[Word]:
        """The nouns before the first verb, preposition or figure of a clause."""
        for word in beginning_in(self.all_words, start, end):
            if word.kind == "day":
                continue
            if word.kind == "figure" or word.is_verb or word.key in _PREPOSITIONS or word.tag[0] == "p":
                return
            if word.key not in _OPENERS and _tells(word) and (word.is_noun or word.tag[0] == "r"):
                yield word


def _tells(word: Word) -> bool:
    """Whether a word says something of its own: no function word, no single character but of a name."""
    if word.kind != "word":
        return True
    if word.key in _LIGHT or word.tag[0] in "cpudyqeom":
        return word.tag[0] == "m" and len(word.key) > 2
    return len(word.key) > 1 or word.tag[0] in "nj"
