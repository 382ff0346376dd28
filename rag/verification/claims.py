"""What a text claims that can be held against another: figures, days, names, 《titles》, words quoted, denials, turns.

Rules only, and precise rather than complete: what is found here may strike a statement, so it must be there.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise

from index.dates.find import find_dates
from index.language.normalise import normalise
from index.language.person_names import is_person_name
from index.language.terms import Lexicon, characters_of, cuts_word, is_listed, tag_words
from index.language.vocabulary import ADDRESSES, OFFICES, SURNAMES, divisions, pattern_of, surname_of
from index.records import PartialDate
from rag.facts.quantities import CLAUSE_END, RISE_OR_FALL, Figure, find_figures
from rag.verification.offices import POST_EN, Office, offices_at
from rag.verification.stretches import beginning_in, mentions, stretch_of

KEPT_TERMS = 2048
"""Stretches whose terms are kept."""
NO_YEAR = PartialDate("2000")
"""Stands for the issue's date where that is unknown: days counted from it have no year."""
WORK_TITLE = re.compile(r"《([^《》\n]{1,80})》")
_SAID = re.compile(r"[“「『]([^“”「」『』\n]{4,120})[”」』]")
_SENTENCE_END = re.compile(r"[。！？!?；;\n]|(?<=[A-Za-z\d])\.(?=\s|$)")
_COMPARED_IN_STATEMENT = re.compile(
    r"(?:比|较|相比|与|同|自|从|由|由此前|原定|原计划|than(?: in)?|from|in the same period of|against)\s*$"
)
_BEFORE_DAYS = 40
"""Characters before a date in which such a word is looked for: the longest of them, and blanks."""
_FIGURE_TERM = re.compile(r"[\d.,:%‰/年月日万亿-]+")
_JOINT = re.compile(
    r"(?:[的了于在是为和与及由将已并也被把从对以][\u4e00-\u9fff]?|[\u4e00-\u9fff][的了于在是为和与及由将已并也被把从对以])"
)
"""Function words, and bigrams with one: they tell how a sentence is put, not what it says."""
_DENIAL = re.compile(
    r"(?:并未|尚未|从未|未能|未曾|未予|没有|没能|并不|不再|不会|不能|不可|不予|不得|不准|无法|没法|不用|不必|不及|无需|毫无|未|没|不|无)(?P<what>[\u4e00-\u9fff]{2})"
)
# Words that only begin like a denial.
_NO_DENIAL = re.compile(
    r"不断|不仅|不少|不同|不但|不过|不足|不低于|不超过|不高于|不多于|不到|不久|不止|不论|不管|不良|不锈|不动产|不得不|不可或缺|不法|不忘|不懈|"
    r"未来|未必|未婚|未成年|无锡|无人|无障碍|无线|无偿|无缝|无论|无数|无疑|无党派|没收|没落|不降反|无一|不失|不负|不愧|不休|不胜|未诉先办|无梁|无证|无主"
)
_SURNAME = pattern_of(SURNAMES)
_NO_NAME = "说在主出到介表指强宣会一参与和及致带率要告当任的也就等对向把于曾已又还同陪作讲检调担兼先今为是了称认透坦解建提召实将、，。；：深现对上下"
_ENDS_NAME = re.compile(r"[，、。；：）)]|说|表示|介绍|指出|强调|主持|出席|致辞|带队|当选|担任|$")
"""What lets nothing but a name stand between it and an office."""
_SAYS = r"(?:说|表示|介绍|指出|强调|主持|要求|告诉|坦言|解释|透露|宣布|担任|当选|出席|致辞|带队|任(?:区|镇|局|院|总|组|党)|是(?:区|镇|乡|局))"
_HOLDER = re.compile(rf"{POST_EN.pattern} (?P<name>[A-Z][a-z]+ [A-Z][a-z]+)")
_LOCAL = pattern_of(divisions("local"), "校区|路|渠|桥")
_PLACE = re.compile(rf"(?P<stem>[\u4e00-\u9fff]{{2}})(?P<kind>(?:{_LOCAL})+)(?!干部|民|级|企|容)")
_NO_STEM = re.compile(
    r"[个各两几多全本该新老旧街乡城农一二三四五六七八九十的在和与及到从由为是等区县市里每有其此这那某外大小长条座了]"
)


@dataclass(frozen=True, slots=True)
class Days:
    """A date expression: the days it means, as "YYYY-MM-DD", at a place of the text.

    Args:
        yearless: its year is not known, and stands as 2000.
        compared: it is what something else is compared with, or counted from: 比2019年.
    """

    first: str
    last: str
    start: int
    end: int
    yearless: bool
    compared: bool

    def covers(self, other: "Days") -> bool:
        """Whether all days of another expression lie within; without a year, month and day decide."""
        if self.yearless or other.yearless:
            return self.first[5:] <= other.first[5:] and other.last[5:] <= self.last[5:]
        return self.first <= other.first and other.last <= self.last

    @property
    def is_range(self) -> bool:
        """Whether it is no single day, month, quarter, half or year."""
        whole = self.first.endswith(("-01", self.last[7:])) and self.first[:4] == self.last[:4]
        months = int(self.last[5:7]) - int(self.first[5:7]) + 1
        ends = self.first == self.last or (self.first.endswith("-01") and self.last[8:] >= "28")
        return not (whole and ends and months in (1, 3, 6, 12))


@dataclass(frozen=True, slots=True)
class Name:
    """A person ("person") or a place ("place") that a text names, at a place of it."""

    text: str
    kind: str
    start: int


class Claims:
    """Claims of one text, found when they are asked for.

    Args:
        text: a statement, or a passage.
        issued: date of the newspaper, from which 去年 is counted; None where unknown.
        lexicon: makes the terms and knows the names.
    """

    def __init__(self, text: str, issued: PartialDate | None, lexicon: Lexicon) -> None:
        self.text = text
        self.folded = fold(text)
        self._issued = issued
        self.lexicon = lexicon
        self._terms: dict[tuple[int, int], frozenset[str]] = {}

    @cached_property
    def days(self) -> tuple[Days, ...]:
        """Its date expressions, from left to right."""
        return tuple(
            Days(span.first, span.last, span.start, span.end, span.relative and self._issued is None,
                 _COMPARED_IN_STATEMENT.search(self.text, max(0, span.start - _BEFORE_DAYS), span.start) is not None)
            for span in find_dates(self.text, self._issued or NO_YEAR)
        )  # fmt: skip

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """Its figures, those of dates left out."""
        return tuple(find_figures(self.text, [(day.start, day.end) for day in self.days]))

    @cached_property
    def people_and_places(self) -> tuple[Name, ...]:
        """Persons by their office or by what they say, places by what they are; every mention of each."""
        found: dict[str, str] = {}
        for name in self._persons():
            found[name] = "person"
        for match in _PLACE.finditer(self.text):
            if name := self._place_at(match):
                found[name] = "place"
        return tuple(
            Name(name, found[name], place) for name, places in mentions(found, self.text).items() for place in places
        )

    def _goes_on(self, name: str, start: int) -> bool:
        """Whether a name of three characters is one of two with a word behind it: 高峰 | 逐一点评, not 方启明 | 说."""
        behind = start + len(name)
        if len(name) != 3 or not self.lexicon.is_person(name[:2]) or _ENDS_NAME.match(self.text, behind):
            return False
        return behind < len(self.text) and self.lexicon.is_listed(self.text[behind - 1 : behind + 1])

    def _is_given(self, given: str, name: str, end: int) -> bool:
        """Whether what stands behind a family name is a given name though a word may begin in it: 王建民, not 王建议."""
        is_told = len(given) > 1 and given[1] not in _NO_NAME and not self.lexicon.is_listed(given)
        return self.lexicon.is_person(name) or (is_told and _ENDS_NAME.match(self.text, end) is not None)

    def _persons(self) -> Iterator[str]:
        yield from (self.text[start:end] for start, end in self.lexicon.find_listed_persons(self.text))
        for match in persons_pattern(self.lexicon.offices).finditer(self.text):
            kind = match.lastgroup or ""
            start = match.start(kind)
            name = match[kind]
            given = len(surname_of(name))
            if not self._is_given(name[given:], name, start + len(name)):
                if name[given] in _NO_NAME:
                    continue
                name = name[: given + 1] if name[given + 1 :] and name[given + 1] in _NO_NAME else name
            if kind == "named" and self._goes_on(name, start):
                name = name[:-1]
            is_certain = kind != "named" or _ENDS_NAME.match(self.text, start + len(name)) is not None
            if is_person_name(name, self.lexicon, self.text[start - 1 : start], is_certain_place=is_certain):
                yield name

    @cached_property
    def offices(self) -> frozenset[tuple[str, Office]]:
        """(person, office) that the text puts together: 乡长是郭新占, 沈若兰当选区长, district head Ji Changfeng."""
        people = {name.text for name in self.people_and_places if name.kind == "person"}
        people |= {match["name"] for match in _HOLDER.finditer(self.text)}
        return frozenset(
            (person, office)
            for person, places in mentions(people, self.text).items()
            for place in places
            for office in offices_at(person, place, self.text)
        )

    @cached_property
    def certain_names(self) -> tuple[str, ...]:
        """Names that must stand in what supports the text: persons, places called by what they are, the dictionary's."""
        whole = {name.text for name in self.people_and_places if name.kind == "place" or self._is_no_word(name.text)}
        places = [name for name in self.lexicon.find_names(self.text) if _PLACE.fullmatch(name)]
        tagged = [self.text[start:end] for start, end in self.lexicon.find_persons(self.text)]
        persons = [
            name
            for name in tagged
            if len(name) == len(surname_of(name)) + 2 and is_person_name(name, self.lexicon) and surname_of(name)
        ]
        return tuple(dict.fromkeys([*sorted(whole), *places, *persons, *self.lexicon.listed_names(self.text)]))

    def _place_at(self, match: re.Match[str]) -> str:
        """A place's name, "" where what stands before its kind is none: 书记路桥, 集团路军, 巡查道路."""
        stem = match["stem"]
        longer = self.text[max(0, match.start() - 1) : match.end("stem")]
        if _NO_STEM.search(stem) or _is_common_word(stem):
            return ""
        if not self._is_cut(match.start(), stem):
            return match.group()
        return longer + match["kind"] if len(longer) > len(stem) and self.lexicon.is_listed(longer) else ""  # 长辛店镇

    def _is_no_word(self, name: str) -> bool:
        """Whether a person's name is no word that means something else: 荣誉 begins with a family name too."""
        return not self.lexicon.is_listed(name) or self.lexicon.is_person(name)

    def _is_cut(self, start: int, stem: str) -> bool:
        """Whether a place's name would begin inside a word: 查道路 of 巡查道路 is none."""
        before = self.text[max(0, start - 2) : start]
        return bool(before) and cuts_word(before, stem)

    @cached_property
    def verbatim(self) -> tuple[str, ...]:
        """《Titles》 and words in quotation marks."""
        return tuple(WORK_TITLE.findall(self.text) + _SAID.findall(self.text))

    @cached_property
    def denied(self) -> frozenset[str]:
        """What is denied: 未完成 → 完成."""
        bare = _NO_DENIAL.sub(lambda match: "□" * len(match.group()), self.text)
        return frozenset(match["what"] for match in _DENIAL.finditer(bare))

    @cached_property
    def turns(self) -> frozenset[str]:
        """Whether it tells of something that rose ("up"), fell ("down") or both."""
        return self.turns_in(0, len(self.text))

    def turns_in(self, start: int, end: int) -> frozenset[str]:
        """The same of a stretch."""
        return frozenset("up" if match["up"] else "down" for match in RISE_OR_FALL.finditer(self.text, start, end))

    @cached_property
    def clauses(self) -> tuple[tuple[int, int], ...]:
        """(start, end) of its clauses, all of it."""
        ends = [*self._clause_ends, len(self.text)]
        return tuple((start, end) for start, end in pairwise([0, *ends]) if start < end)

    @cached_property
    def _clause_ends(self) -> list[int]:
        return [match.end() for match in CLAUSE_END.finditer(self.text)]

    @cached_property
    def _sentence_ends(self) -> list[int]:
        return [match.end() for match in _SENTENCE_END.finditer(self.text)]

    def clause_of(self, place: int) -> tuple[int, int]:
        """(start, end) of the clause that holds a place; of all where the text has no such place."""
        length = len(self.text)
        return stretch_of(self._clause_ends, place, length) if place < length else (0, length)

    def sentence_of(self, place: int) -> tuple[int, int]:
        """(start, end) of the sentence that holds a place."""
        return stretch_of(self._sentence_ends, place, len(self.text))

    def sentence_start(self, place: int) -> int:
        """Where the sentence that holds a place begins."""
        return self.sentence_of(place)[0]

    def figures_in(self, start: int, end: int) -> Sequence[Figure]:
        """The figures that begin in a stretch."""
        return beginning_in(self.figures, start, end)

    def terms(self, start: int = 0, end: int | None = None) -> frozenset[str]:
        """Terms of a stretch without its figures and dates."""
        span = (start, len(self.text) if end is None else end)
        if span not in self._terms:
            telling_terms = self.lexicon.memo.of_text(_telling_terms, KEPT_TERMS)
            self._terms[span] = telling_terms("".join(self._without_values(*span)), self.lexicon)
        return self._terms[span]

    def days_of(self, figure: Figure) -> list[Days]:
        """The days that a figure holds for, as its sentence tells: of its clause, else of those before it."""
        sentence = self.sentence_start(figure.start)
        first, last = self.clause_of(figure.start)
        near = [day for day in beginning_in(self.days, first, last) if not day.compared]
        far = [day for day in beginning_in(self.days, sentence, first) if not day.compared]
        return near or far

    def _without_values(self, start: int, end: int) -> Iterator[str]:
        """The stretch without its dates and figures, which are compared by what they mean."""
        place = start
        for value in beginning_in(self._values, start, end):
            if place <= value.start and value.end <= end:
                yield self.text[place : value.start] + "|"  # a space between Han characters would be closed
                place = value.end
        yield self.text[place:end]

    @cached_property
    def _values(self) -> list[Days | Figure]:
        """Dates and figures, from left to right."""
        return sorted([*self.days, *self.figures], key=lambda value: (value.start, value.end))


def _is_common_word(word: str) -> bool:
    """Whether it is an everyday word or an office, and no name: 出自, 更换, 集团."""
    tags = [tag for _word, tag in tag_words(word)]
    is_one = len(tags) == 1 and tags[0] not in ("ns", "nr", "nz", "nt", "nrt", "x")
    return word in OFFICES or (is_one and is_listed(word))


@cache
def persons_pattern(more: frozenset[str]) -> re.Pattern[str]:
    """Return what finds persons beside an office, as who was chosen and as who speaks.

    Args:
        more: offices besides the language's, which an operator lists.
    """
    called = pattern_of(more | OFFICES | ADDRESSES, r"首席\S{1,3}官")
    name = rf"{_SURNAME}[\u4e00-\u9fff]{{1,2}}"
    return re.compile(
        rf"{called}(?:是|为|由|叫)?(?P<named>{name})"
        rf"|(?:选举|补选|推选|选出|任命|决定|由)(?P<chosen>{name}?)(?=为|任|担任|兼任|出任)"
        rf"|(?:^|(?<=[，。、；：“”（）()\s]))(?P<saying>{name})(?={_SAYS})"
    )


def _telling_terms(text: str, lexicon: Lexicon) -> frozenset[str]:
    found = lexicon.distinct_terms(text)
    said = ((term, characters_of(term)) for term in found)
    return frozenset(term for term, text in said if not _FIGURE_TERM.fullmatch(text) and not _JOINT.fullmatch(text))


def fold(text: str) -> str:
    """Letters and figures alone, in one script, width and case: what two texts share whatever their marks."""
    return "".join(character for character in normalise(text) if character.isalnum())
