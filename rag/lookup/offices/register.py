"""The holders of an office as values, for programs: who, from which report to which, with quotes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.errors import IndexMismatchError
from index.language.normalise import simplify
from index.offices.titles import ACTING, TITLE_PATTERN
from index.offices.units import canonical_unit
from index.records import PartialDate
from index.store.generations import Generation
from index.store.holdings import ReportedHolding
from rag.errors import QuestionError
from rag.lookup.offices.holders import (
    is_left_open,
    is_present,
    own_district,
    reports_on,
    seat_of,
    terms_of,
    when,
    within,
)
from rag.lookup.offices.telling import Telling
from rag.lookup.offices.words import name_of
from rag.records import Citation
from rag.verification.citations import make_citation

MAX_NAME_CHARACTERS = 60
_NAME = re.compile(rf"\A(?P<unit>[\u4e00-\u9fffA-Za-z“”·]*?)的?{TITLE_PATTERN}")


@dataclass(frozen=True, slots=True)
class Holder:
    """A person in an office, as far as the reports tell.

    Args:
        person: as printed.
        office: with its unit: 云汀区委书记.
        acting: until somebody is elected (代区长), by the newest of the reports.
        first, last: dates of the oldest and the newest report that names the person in it, "YYYY-MM-DD", "YYYY-MM" or "YYYY"; null where
            none is dated. They are no beginning and end of the term.
        reports: how many there are.
        citations: of the oldest and of the newest; one where they are the same.
    """

    person: str
    office: str
    acting: bool
    first: str | None
    last: str | None
    reports: int
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Offices:
    """The holders of an office.

    Args:
        name: the office that was understood, with its unit.
        at: the time asked about; null for all.
        holders: the newest report first, undated ones last; with `at` those whom a report of that time names.
        before, after: with `at`, where no report of that time names one: the holder by the nearest report before it, and after it.
        index_generation: the index asked.
    """

    name: str
    at: str | None
    holders: tuple[Holder, ...]
    before: Holder | None
    after: Holder | None
    index_generation: str


def register(generation: Generation, name: str, at: PartialDate | None) -> Offices:
    """Return the holders of the office of a name such as 区委书记 or 青石街道党工委书记.

    Args:
        at: only those by reports of this day, month or year.
    Raises:
        QuestionError: the name is that of no office.
        IndexMismatchError: the index was built before there was a table of offices.
    """
    table = generation.catalogue.holdings
    if not table.is_there:
        raise IndexMismatchError(
            f"generation {generation.manifest.generation} has no table of offices: it was built by an earlier version; "
            "index once more with: wenju index PATH"
        )
    match = _NAME.fullmatch(re.sub(r"\s", "", simplify(name)))
    if match is None or len(name) > MAX_NAME_CHARACTERS:
        raise QuestionError(
            f"{name[:MAX_NAME_CHARACTERS]!r} is no name of an office: send one such as 区长, 区委书记 or 青石街道党工委书记",
            param="name",
            code="unknown_office",
        )
    own = own_district(table)
    rank = match["rank"]
    is_acting = rank.startswith(ACTING)
    for acting in ACTING:
        rank = rank.removeprefix(acting)
    seat = seat_of(canonical_unit(match["unit"]), rank + match["title"], own)
    found = [] if is_left_open(canonical_unit(match["unit"]), seat, table) else reports_on(seat, table, own)
    reports = [report for report in found if is_present(report)]
    if is_acting:
        reports = [report for report in reports if report.holding.state == "acting"]
    telling = Telling(generation, "zh")

    def holders(some: Sequence[ReportedHolding]) -> tuple[Holder, ...]:
        return tuple(_holder(name_of(seat), term.person, term.reports, telling) for term in terms_of(some))

    before = after = None
    shown = holders(reports)
    if at:
        dated = [report for report in sorted(reports, key=when) if report.date]
        shown = holders(within(reports, at.first_day, at.last_day))
        if not shown:
            earlier = [report for report in dated if report.date and report.date.last_day < at.first_day]
            later = [report for report in dated if report.date and report.date.first_day > at.last_day]
            before = next(iter(holders(earlier[-1:])), None)
            after = next(iter(holders(later[:1])), None)
    return Offices(
        name_of(seat, is_acting=is_acting),
        at.value if at else None,
        shown,
        before,
        after,
        generation.manifest.generation,
    )


def _holder(office: str, person: str, reports: Sequence[ReportedHolding], telling: Telling) -> Holder:
    dated = [report for report in reports if report.date] or list(reports)
    oldest, newest = dated[0], dated[-1]
    quotes = dict.fromkeys((telling.quote(oldest), telling.quote(newest)))
    citations = tuple(
        make_citation(number, quote, telling.article(quote.passage.article_id))
        for number, quote in enumerate(quotes, 1)
    )
    return Holder(
        person=person,
        office=office,
        acting=newest.holding.state == "acting",
        first=oldest.date.value if oldest.date else None,
        last=newest.date.value if newest.date else None,
        reports=len(reports),
        citations=citations,
    )
