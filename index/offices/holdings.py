"""Article → who it says holds which office of what: exact patterns only, and what they leave open is left out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from index.language.sentences import split_sentences
from index.language.terms import Lexicon
from index.offices.names import name_after, name_before
from index.offices.places import named_bodies, named_territories
from index.offices.titles import ACTING, GOVERNMENT, TITLE
from index.offices.units import (
    canonical_unit,
    is_bare,
    is_implied,
    is_territory,
    is_unit,
    parent_of,
    territory_of,
    unit_start,
)
from index.records import Article, OfficeChange, OfficeHolding, OfficeState

OFFICES_VERSION = 1
"""Raised by one whenever the same article gives other holdings: they are then found anew, and nothing else is."""
MAX_PLACE = 4
"""Characters of a place's name without what it is called: a people's county has more, and is left to texts that name it whole."""
_MEMBER = re.compile(r"([^，。；：、\s（）()]{2,24}?)(?:常委|党组成员|党委委员|党委常委|成员|委员)(?=、)")
_FORMER = re.compile(
    r"^(?:曾任|曾|前任|前(?![锋门海进])|原(?![平阳州]))|(?<=[局委办厅院部司区县市团行])(?:原|前)$|(?<=[\u4e00-\u9fff])原(?=(?:机关)?(?:党组|党委|党工委|工委|党总支|党支部)?$)"
)
_THEN, _STILL = re.compile(r"^时任"), re.compile(r"^(?:现任|新任|新当选的?|新一任|候任)")
_TAKES = re.compile(
    r"(?P<past>曾经?|先后|历|此前|原)?(?P<verb>当选为?|被选为|被推选为|被任命为|不再担任|不再兼任|辞去|卸任|担任|出任|接任|就任|兼任|升任|转任|改任|任(?![务期何命免意性凭职由教用选]))"
)
_GIVES = re.compile(r"(?P<verb>免去|任命|选举|补选|推选|聘任|增选|提名)(?=[\u4e00-\u9fff])")
_LINK = re.compile(r"(?:同志|先生|女士)?(?P<link>为|任|担任|出任|的)")
_BY = re.compile(r"由([\u4e00-\u9fff]{2,4}?)(?:同志)?(?:担任|兼任|出任|任(?!命))")
_ENDS_OBJECT = re.compile(r"$|[，。；、！？：\s（）()”]|[等一]?[职]|兼|的职务|后|时|期间|以来")
_REMOVED = ("免去", "不再", "辞去", "卸任")


@dataclass(frozen=True, slots=True)
class _Title:
    """An office in a text with the words in front of it that say of what.

    Args:
        start: where those begin; `at` where there are none.
        at, end: of the office with its rank.
    """

    start: int
    at: int
    end: int
    unit: str
    office: str
    state: OfficeState


def find_holdings(article: Article, lexicon: Lexicon) -> list[OfficeHolding]:
    """Return the offices that an article says persons hold, in the order in which they are said, each once."""
    if not TITLE.search(article.text):
        return []
    return _Reader(article, lexicon).holdings()


class _Reader:
    """Reads one article."""

    def __init__(self, article: Article, lexicon: Lexicon) -> None:
        self._article = article
        self._text = article.text
        self._lexicon = lexicon
        self._known: frozenset[str] = frozenset()

    @cached_property
    def _mentioned(self) -> tuple[str, ...]:
        return named_territories(self._article)

    def holdings(self) -> list[OfficeHolding]:
        """Twice: what is certain at one place tells how long a name is at another."""
        first = list(self._read())
        self._known = frozenset(held.person for held in first)
        found = list(self._read()) if any(len(name) > 2 for name in self._known) else first
        resolved = (self._resolved(held) for held in found)
        return list(dict.fromkeys(held for held in resolved if held))

    def _read(self) -> Iterator[OfficeHolding]:
        for start, end in split_sentences(self._text):
            if TITLE.search(self._text, start, end):
                yield from self._appositions(start, end)
                yield from self._events(start, end)

    def _appositions(self, start: int, end: int) -> Iterator[OfficeHolding]:
        """区委副书记、区长江怀瑾; 副区长 before several names."""
        floor = start
        chain: list[_Title] = []
        for match in TITLE.finditer(self._text, start, end):
            title = self._title(match, max(floor, chain[-1].end if chain else floor))
            if title is None:
                chain = []
                continue
            linked = chain and self._text[chain[-1].end : title.start] in ("、", "兼", "")
            chain = [*chain, self._inherit(title, chain[-1])] if linked else [self._inherit_member(title, start)]
            name = name_after(self._text, match.end(), self._lexicon, self._known, self._is_repeated)
            if name is None:
                if taken := self._taken_by(match.end()):
                    for held in chain:
                        yield self._holding(held, taken[1], held.start, taken[0])
                    floor, chain = taken[0], []
                continue
            floor = match.end() + len(name)
            for held in chain:
                yield self._holding(held, name, held.start, floor)
            if title.office.startswith("副"):
                for other, at in self._others(floor, end):
                    yield self._holding(chain[-1], other, chain[-1].start, at)
                    floor = at
            chain = []

    def _taken_by(self, at: int) -> tuple[int, str] | None:
        """Where 由…担任 behind an office ends, and the name in it."""
        match = _BY.match(self._text, at)
        found = name_before(self._text, match.end(1), self._lexicon) if match else None
        return (match.end(), found[1]) if match and found and found[0] == match.start(1) else None

    def _others(self, at: int, end: int) -> Iterator[tuple[str, int]]:
        """Further names that share the office in front of the first: 副区长甲、乙、丙."""
        while at < end and self._text[at] in "、和":
            name = name_after(self._text, at + 1, self._lexicon, self._known, self._is_repeated)
            if name is None:
                return
            at += 1 + len(name)
            yield name, at

    def _title(self, match: re.Match[str], floor: int) -> _Title | None:
        """The office with its unit; None where it is not certain where that begins."""
        at = match.start()
        marks = [found.end() for found in re.finditer(r"[，。；：、！？,;:\s（）()《》]", self._text[floor:at])]
        floor += marks[-1] if marks else 0
        if floor < at and self._text[floor] in "兼和及与":
            floor += 1
        begins = unit_start(self._text, floor, at)
        if begins is None:
            return None
        unit, state = self._text[begins:at], ""
        if found := _THEN.match(unit):
            unit, state = unit[found.end() :], "then"
        elif found := _STILL.match(unit):
            unit = unit[found.end() :]
        elif _FORMER.search(unit):
            unit, state = _FORMER.sub("", unit), "former"
        rank = match["rank"]
        for acting in ACTING:
            if rank.startswith(acting):
                rank, state = rank[len(acting) :], state or "acting"
        return _Title(begins, at, match.end(), unit, rank + match["title"], state)  # type: ignore[arg-type]

    def _inherit(self, title: _Title, before: _Title) -> _Title:
        """What an office leaves out because the one in front of it of the same person says it."""
        is_same = not title.unit or is_bare(title.unit)
        state = title.state or (before.state if is_same else "")
        return replace(title, unit=_joined(title.unit, before.unit), state=state)

    def _inherit_member(self, title: _Title, floor: int) -> _Title:
        """云汀区 of 云汀区委常委、副区长."""
        before = list(_MEMBER.finditer(self._text, max(floor, title.start - 40), title.start))
        if not before or before[-1].end() + 1 != title.start:
            return title
        begins = unit_start(self._text, before[-1].start(), before[-1].end(1))
        unit = self._text[begins : before[-1].end(1)] if begins is not None else ""
        return replace(title, unit=_joined(title.unit, unit)) if unit else title

    def _is_repeated(self, name: str) -> bool:
        return self._text.count(name) + (self._article.title or "").count(name) > 1

    def _events(self, start: int, end: int) -> Iterator[OfficeHolding]:
        """当选, 任命, 担任, 免去, 由 … 担任."""
        for match in _TAKES.finditer(self._text, start, end):
            person = self._subject(match.start(), start)
            if person:
                state: OfficeState = "former" if match["past"] else ""
                yield from self._objects(match.end(), end, person, match["verb"], state)
        for match in _GIVES.finditer(self._text, start, end):
            name = self._named(match.end(), end)
            if not name:
                continue
            link = _LINK.match(self._text, match.end() + len(name))
            wanted = "的" if match["verb"] == "免去" else "为任担任出任"
            if link and link["link"] in wanted:
                yield from self._objects(link.end(), end, (match.start(), name), match["verb"], "")

    def _named(self, at: int, end: int) -> str | None:
        """The name in front of 为, 任, 的."""
        for length in (3, 2, 4):
            link = _LINK.match(self._text, at + length, end)
            found = name_before(self._text, at + length, self._lexicon) if link else None
            if found and found[0] == at:
                return found[1]
        return None

    def _subject(self, verb: int, floor: int) -> tuple[int, str] | None:
        """The person in front of the verb: 江怀瑾 of 江怀瑾于今年1月10日当选."""
        lead = self._text[floor:verb]
        for match in re.finditer(
            r"(?:同志)?(?:（[^）]{1,20}）)?(?:因[^，。；]{2,14}，)?(?:已?[于在][^，。；、]{2,14}?[年月日])?(?:至今)?(?:仍|将|已|被)?$",
            lead,
        ):
            found = name_before(self._text, floor + match.start(), self._lexicon)
            if found and found[0] >= floor:
                return found
        return None

    def _objects(
        self, at: int, end: int, person: tuple[int, str], verb: str, state: OfficeState
    ) -> Iterator[OfficeHolding]:
        """The offices behind a verb, as far as nothing else stands among them."""
        before: _Title | None = None
        change: OfficeChange = (
            "removed"
            if verb.startswith(_REMOVED)
            else "elected"
            if "选" in verb
            else ""
            if verb == "提名"
            else "appointed"
        )
        if verb in ("担任", "任", "兼任") and not state:
            change = ""
        if verb == "提名":
            return
        while match := TITLE.search(self._text, at, end):
            title = self._title(match, at)
            if title is None or title.start > at or not _ENDS_OBJECT.match(self._text, match.end()):
                return
            if before:
                title = self._inherit(title, before)
            tail = self._text[match.end() : match.end() + 4]
            then: OfficeState = "then" if re.match(r"(?:职务)?(?:期间|时(?!间))", tail) else ""
            held = self._holding(title, person[1], person[0], match.end())
            told = held.state or state or then
            yield replace(held, change="" if told == "former" else change, state=told)
            before, at = title, match.end()
            if self._text[at : at + 1] not in ("、", "兼"):
                return
            at += 1

    def _holding(self, title: _Title, name: str, start: int, end: int) -> OfficeHolding:
        return OfficeHolding(start, end, title.unit, title.office, name, title.state)

    def _resolved(self, held: OfficeHolding) -> OfficeHolding | None:
        """The holding with its unit in one form; None where nothing tells which unit it is."""
        title = held.office.removeprefix("常务").removeprefix("副")
        unit: str | None = canonical_unit(held.unit)
        if title in GOVERNMENT:
            unit = _territory(unit or "", title[0])
        if unit and (is_bare(unit) or (unit[0] in "镇乡村" and is_implied(unit))):
            unit = named_bodies(self._text, held.start, unit)
        if not unit or not is_unit(unit):
            return None
        if not is_implied(unit) and territory_of(unit):
            return replace(held, unit=unit, territory=territory_of(unit))
        mentioned = self._mentioned
        same = {name for name in mentioned if is_territory(name) and name[-1] == unit[0]}
        return replace(held, unit=unit, mentioned=mentioned, named=same.pop() if len(same) == 1 else "")


def _territory(unit: str, level: str) -> str | None:
    """What the head of a government heads: 云汀区 of 云汀区 and 云汀, 区 where nothing is named; None of anything else."""
    if not unit:
        return level
    if unit.endswith(level):
        return unit
    return unit + level if len(unit) <= MAX_PLACE and territory_of(unit + level) == unit + level else None


def _joined(unit: str, before: str) -> str:
    """A unit of which the one before says a part: 星澜集团 for nothing, 云汀区 … for 统战部."""
    parent = parent_of(before)
    if not unit:
        return parent or before
    if is_bare(unit):
        return parent + unit
    territory = territory_of(canonical_unit(parent)) if parent else ""
    if territory and not territory_of(unit) and len(unit) <= 6 and not is_implied(unit):
        return territory + unit
    if territory and is_implied(unit) and unit[0] == territory[-1]:
        return territory + unit[1:]
    return unit
