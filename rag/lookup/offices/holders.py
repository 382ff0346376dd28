"""The reports on an office of a unit, and the terms of office that they show."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from index.language.vocabulary import divisions, pattern_of
from index.offices.titles import PARTY
from index.offices.units import PARTY_BODY, body_of, is_implied, is_territory, parent_of, same_body, territory_of
from index.store.holdings import HoldingsTable, ReportedHolding

OWN_SHARE = 2 / 3
"""Of the articles that name a district beside an office: what one of them must have to be the archive's own."""
_RANKS = ("常务", "第一", "执行")
_OTHER_PLACE = re.compile(rf"[\u4e00-\u9fff]{{0,2}}园(?!林)|站|{pattern_of(divisions('local'))}")
"""Behind the name of a district: with it, it is another place's: 云汀园, 云汀镇."""


@dataclass(frozen=True, slots=True)
class Term:
    """A person in an office, as far as the reports tell.

    Args:
        reports: those that name the person in it, in the order of their dates; undated ones last.
    """

    person: str
    reports: tuple[ReportedHolding, ...]

    @property
    def dated(self) -> tuple[ReportedHolding, ...]:
        """Those whose date is known."""
        return tuple(report for report in self.reports if report.date)

    @property
    def newest(self) -> ReportedHolding:
        """The newest dated report; an undated one where there is no other."""
        return (self.dated or self.reports)[-1]

    @property
    def oldest(self) -> ReportedHolding:
        """The oldest dated report; an undated one where there is no other."""
        return (self.dated or self.reports)[0]


@dataclass(frozen=True, slots=True)
class Seat:
    """An office of one unit.

    Args:
        territory: "" where the archive names none, and so has but one of the kind.
        body: what the unit is called within the territory; "" of the territory itself.
    """

    territory: str
    body: str
    office: str

    @property
    def is_single(self) -> bool:
        """Whether one person holds it at a time."""
        return "副" not in self.office and self.office not in ("执行董事", "经理", "总监", "专员")


def own_district(table: HoldingsTable) -> str:
    """Return the district, county or city of which nearly all offices of the archive are; "" where there is no such one."""
    counts = {name: count for name, count in table.territories.items() if is_territory(name) and name[-1] in "区县"}
    if not counts:
        return ""
    name, count = max(counts.items(), key=lambda item: item[1])
    return name if count >= OWN_SHARE * sum(counts.values()) else ""


def seat_of(unit: str, office: str, own: str) -> Seat:
    """Return the office that a question means.

    Args:
        unit: as the question names it, in one form.
        own: the archive's own district, meant where the question names none.
    """
    title = office.removeprefix("常务").removeprefix("副")
    if title[0] + "长" == title and title[0] in "区县市镇乡省" and not unit.endswith(title[0]):
        unit = unit + title[0]
    elif (
        own
        and own[:-1]
        and unit.startswith(own[:-1])
        and not unit.startswith(own)
        and not _OTHER_PLACE.match(unit, len(own) - 1)
    ):
        unit = own + unit[len(own) - 1 :]  # 云汀住建委
    territory = territory_of(unit)
    if (
        not territory
        and (is_implied(unit) or (own and not is_named(unit)))
        and (not own or unit[0] == own[-1] or not is_implied(unit))
    ):
        territory = own
    return Seat(territory, body_of(unit, territory), office)


def is_left_open(unit: str, seat: Seat, table: HoldingsTable) -> bool:
    """Whether a question leaves open which of several districts it means: 区长 in an archive that has those of many.

    Args:
        unit: as the question names it, in one form.
    """
    if seat.territory or (unit and not is_implied(unit)):
        return False
    level = (unit or seat.office.removeprefix("常务").removeprefix("副"))[0]
    return sum(is_territory(name) and name[-1] == level for name in table.territories) > 1


def is_named(unit: str) -> bool:
    """Whether a unit says by itself which one it is: 星澜集团, 区图书馆; and not 生态环境局, which any district has."""
    unit = parent_of(unit) or unit
    return not unit.endswith(("局", "委", "办", "党委", "人大", "政协", "法院", "检察院"))


def reports_on(seat: Seat, table: HoldingsTable, own: str) -> list[ReportedHolding]:
    """Return what the reports say of the holders of an office; nothing of another unit's."""
    offices = {seat.office, *(rank + seat.office for rank in _RANKS)} if seat.office.startswith("副") else {seat.office}
    return [report for report in table.of_offices(offices) if holds(report, seat, own)]


def holds(report: ReportedHolding, seat: Seat, own: str) -> bool:
    """Whether a report is on this very office."""
    held = report.holding
    if not _is_of(report, seat.territory, own):
        return False
    body = body_of(held.unit, held.territory)
    if seat.office.removeprefix("副") in PARTY:
        return _party(body) == _party(seat.body)
    return same_body(body, seat.body)


def _party(body: str) -> str:
    """What a party body is of, with the sort of body only where both could be there: 党组 beside 党委."""
    parent = parent_of(body) if body not in ("委",) else ""
    group = "党组" if body.endswith("党组") else "支部" if body.endswith("支部") else ""
    return f"{parent}|{group}" if PARTY_BODY.search(body) or body == "委" else f"{body}|"


def _is_of(report: ReportedHolding, territory: str, own: str) -> bool:
    """Whether the unit of a report lies in a territory: named, or left open by an article that names it, or no other one."""
    held = report.holding
    if not territory:
        return not held.territory
    if held.territory:
        return held.territory == territory
    if is_implied(held.unit) and held.unit[0] != territory[-1]:
        return False
    if any(territory[:-1] in name for name in held.mentioned):
        return True
    others = [name for name in held.mentioned if is_territory(name) and name[-1] == territory[-1]]
    return territory == own and not others


def terms_of(reports: Iterable[ReportedHolding]) -> list[Term]:
    """Return the terms that reports show, the newest first; what they say of a time before their own is left out.

    Of those that a report of one day names, whoever gives the office up by then stands behind who has it.
    """
    by_person: dict[str, list[ReportedHolding]] = {}
    left: dict[str, int] = {}
    for report in reports:
        person = report.holding.person
        if is_present(report):
            by_person.setdefault(person, []).append(report)
        elif report.holding.change == "removed" and report.date:
            left[person] = max(left.get(person, 0), report.date.first_day)
    terms = [Term(person, tuple(sorted(found, key=when))) for person, found in by_person.items()]

    def rank(term: Term) -> tuple[int, bool]:
        day = _newest_day(term)
        return day, left.get(term.person, 0) < day or not day

    return sorted(terms, key=rank, reverse=True)


def is_present(report: ReportedHolding) -> bool:
    """Whether a report says who holds the office at its own time: neither 时任 nor 原, and nobody who gives it up."""
    return report.holding.state not in ("then", "former") and report.holding.change != "removed"


def when(report: ReportedHolding) -> tuple[bool, int, int]:
    """Order of time, undated reports last."""
    return (
        report.date is None,
        report.date.first_day if report.date else 0,
        report.date.last_day if report.date else 0,
    )


def within(reports: Sequence[ReportedHolding], first: int, last: int) -> list[ReportedHolding]:
    """Return the reports of a time.

    Args:
        first, last: its first and last day as YYYYMMDD; a report whose date may lie outside is left out.
    """
    return [
        report for report in reports if report.date and first <= report.date.first_day and report.date.last_day <= last
    ]


def _newest_day(term: Term) -> int:
    return max((report.date.first_day for report in term.dated if report.date), default=0)


def are_mixed(terms: Sequence[Term]) -> bool:
    """Whether the terms of persons interleave, as those of two offices that were taken for one would."""
    dated = [term for term in terms if term.dated]
    spans = [(when(term.dated[0])[1], when(term.dated[-1])[1]) for term in dated]
    return any(
        first < other_last and other_first < last
        for number, (first, last) in enumerate(spans)
        for other_first, other_last in spans[number + 1 :]
    )
