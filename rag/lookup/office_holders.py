"""Who holds an office, who held it when, whether it changed hands, what somebody was: from the table of offices."""

import re
from collections.abc import Sequence
from dataclasses import replace

from index.language.terms import tag_words
from index.offices.units import body_of, territory_of
from index.records import PartialDate
from index.store.holdings import HoldingsTable, ReportedHolding
from rag.generation.composition import Composition, Line
from rag.lookup.inquiry import Inquiry
from rag.lookup.offices import words
from rag.lookup.offices.english import read_english
from rag.lookup.offices.holders import (
    Seat,
    Term,
    are_mixed,
    is_left_open,
    is_present,
    own_district,
    reports_on,
    seat_of,
    terms_of,
    when,
    within,
)
from rag.lookup.offices.question import OfficeQuestion, read_question
from rag.lookup.offices.telling import PAGE_LINES, Telling
from rag.records import Query

MIN_OTHER_UNITS = 1
"""Other units whose holder of the same office the archive names, so that it may be said that it does not name this one's."""

MIN_BARE_UNIT = 3
"""Characters of a unit's name without its kind that still are its name: 万源南里."""
MAX_BETWEEN = 12
"""Characters between a unit and an office of it, such as 党工委副."""


def look_up_office(inquiry: Inquiry) -> Composition | None:
    """Return what the table of offices says; None where something else is asked, or the table does not settle it."""
    if inquiry.query.first or inquiry.query.last:
        return None  # a filter by date is for passages
    asked = _read(inquiry)
    table = inquiry.generation.catalogue.holdings
    if asked is None or not table.is_there:
        return None
    return _Answering(inquiry, asked, table).compose()


def _read(inquiry: Inquiry) -> OfficeQuestion | None:
    if inquiry.language != "en":
        return read_question(inquiry.analysis)
    found = read_english(inquiry.analysis)
    if found is None:
        return None
    asked, place = found
    if not place or place in ("the district", "district"):
        return asked
    own = own_district(inquiry.generation.catalogue.holdings)
    translated = inquiry.retriever.translate(place.title())
    ways = {
        "".join(way).replace("_", "") for concept in translated.concepts for way, _certainty in concept.translations
    }
    return asked if own and any(own[:-1] in way for way in ways) else None


class _Answering:
    """Answers one question from the table."""

    def __init__(self, inquiry: Inquiry, asked: OfficeQuestion, table: HoldingsTable) -> None:
        self._inquiry = inquiry
        self._asked = asked
        self._table = table
        self._own = own_district(table)
        self._telling = Telling(inquiry.generation, inquiry.language)

    def compose(self) -> Composition | None:
        """The answer; None where the table does not settle it."""
        if self._asked.aspect == "offices":
            return self._offices()
        seat = seat_of(self._asked.unit, self._asked.office, self._own)
        if is_left_open(self._asked.unit, seat, self._table):
            return None
        reports = reports_on(seat, self._table, self._own)
        if self._asked.is_acting:
            reports = [report for report in reports if report.holding.state == "acting"]
        terms = terms_of(reports)
        if not terms:
            return (
                self._unknown(seat) if self._asked.aspect in ("holder", "all") and not self._asked.is_acting else None
            )
        if seat.is_single and are_mixed(terms):
            return None
        match self._asked.aspect:
            case "holder":
                return self._holder(seat, reports, terms)
            case "all":
                return self._at(seat, reports) if self._asked.first else self._all(seat, terms)
            case "previous":
                return (
                    self._telling.composition([self._telling.report(seat, terms[1].newest)])
                    if len(terms) > 1 and seat.is_single
                    else None
                )
            case "changed":
                return self._changed(seat, reports, terms)
            case _:
                return self._is_holder(seat, reports, terms)

    def _holder(self, seat: Seat, reports: Sequence[ReportedHolding], terms: Sequence[Term]) -> Composition:
        if self._asked.first and self._asked.last:
            return self._at(seat, reports)
        if not seat.is_single:
            return (
                self._all(seat, terms)
                if len(terms) > 1
                else self._telling.composition(self._telling.newest(seat, terms, reports))
            )
        choices = (f"历任{words.name_of(seat)}有谁？",) if len(terms) > 2 and self._inquiry.language == "zh" else ()
        return self._telling.composition(self._telling.newest(seat, terms, reports), choices=choices)

    def _at(self, seat: Seat, reports: Sequence[ReportedHolding]) -> Composition:
        """Who held it at the time asked about, by the reports of that time."""
        first, last = _days(self._asked)
        then = terms_of(within(reports, first, last))
        if then:
            return self._telling.composition([self._telling.report(seat, term.newest) for term in reversed(then)])
        present = [report for report in reports if is_present(report)]
        around = self._telling.composition(self._telling.around(seat, present, first, last), status="refused")
        return replace(around, refusal="not_found")

    def _all(self, seat: Seat, terms: Sequence[Term]) -> Composition:
        """All of them: those of a single office in the order of time, of others the newest first."""
        ordered = list(reversed(terms)) if seat.is_single else list(terms)
        if seat.is_single:
            ordered = [term for term in ordered if term.dated] + [term for term in ordered if not term.dated]
        page = self._asked.page
        if (page - 1) * PAGE_LINES >= len(ordered):
            page = 1
        lines = self._telling.listed(seat, ordered, page)
        more = len(ordered) > page * PAGE_LINES
        choices = (f"{words.name_of(seat)}都有谁？第{page + 1}页",) if more else ()
        return self._telling.composition(lines, choices=choices)

    def _changed(self, seat: Seat, reports: Sequence[ReportedHolding], terms: Sequence[Term]) -> Composition | None:
        """Whether the holder changed, in the time asked about where there is one."""
        if not seat.is_single:
            return None
        dated = [term for term in terms if term.dated]
        before: list[Line] = []
        if self._asked.first and self._asked.last:
            every, (first, last) = dated, _days(self._asked)
            reports = within(reports, first, last)
            dated = terms_of(reports)
            if not dated:
                return self._untold(seat, every, first, last)
            before = self._before(seat, every, dated[-1], first, last)
        if not dated:
            return None
        if len(dated) == 1:
            term = dated[0]
            text = words.still(
                words.shown(seat, self._inquiry.language),
                term.person,
                term.oldest.date,
                term.newest.date,
                self._inquiry.language,
                is_open=bool(before),
            )
            quotes = tuple(dict.fromkeys((self._telling.quote(term.oldest), self._telling.quote(term.newest))))
            return self._telling.composition([Line(text, quotes), *before])
        pairs = list(zip(dated[1:], dated, strict=False))
        lines = [self._telling.change(seat, older, newer) for older, newer in pairs]
        lead = "换人了。" if self._inquiry.language == "zh" else "It changed. "
        lines[0] = replace(lines[0], text=lead + lines[0].text)
        return self._telling.composition([*lines, *self._telling.events(seat, reports)])

    def _untold(self, seat: Seat, every: Sequence[Term], first: int, last: int) -> Composition:
        """That no report of a time names the holder, with those nearest to it."""
        reports = [report for term in every for report in term.dated]
        lines = self._telling.around(seat, reports, first, last)
        lines[0] = replace(lines[0], text=words.verdict(None, self._inquiry.language) + lines[0].text)
        return self._telling.composition(lines, status="partial")

    def _before(self, seat: Seat, every: Sequence[Term], term: Term, first: int, last: int) -> list[Line]:
        """The change to the first holder of a time, where reports leave open whether it fell into that time.

        Where it spans years and the first of them has a report of this holder, what was before is not asked for.
        """
        place = next(place for place, other in enumerate(every) if other.person == term.person)
        is_known = term.oldest.date is not None and term.oldest.date.value[:4] == str(first)[:4]
        if place + 1 == len(every) or (is_known and first // 10000 != last // 10000):
            return []
        newer = every[place]
        started = newer.oldest.date
        if started is None or started.last_day < first:
            return []
        return [self._telling.change(seat, every[place + 1], newer)]

    def _is_holder(self, seat: Seat, reports: Sequence[ReportedHolding], terms: Sequence[Term]) -> Composition | None:
        """Whether a person holds the office: at the time asked about, ever, or by the newest report."""
        person, _language = self._asked.person, self._inquiry.language
        theirs = sorted((report for report in reports if report.holding.person == person), key=when)
        if self._asked.first and self._asked.last:
            first, last = _days(self._asked)
            then = terms_of(within(reports, first, last))
            if not then:
                return self._untold(seat, terms, first, last)
            terms = then
        elif self._asked.is_ever:
            if not theirs:
                return None
            return self._said(True, [self._telling.report(seat, theirs[-1])])
        if not seat.is_single:
            held = [term for term in terms if term.person == person]
            return self._said(True, [self._telling.report(seat, held[0].newest)]) if held else None
        named = [term for term in terms if term.person == person]
        if (self._asked.first and named) or terms[0].person == person:
            return self._said(True, [self._telling.report(seat, (named or terms)[0].newest)])
        lines = [self._telling.report(seat, terms[0].newest)]
        if theirs:
            lines.append(self._telling.report(seat, theirs[-1]))
        return self._said(False, lines)

    def _said(self, is_so: bool, lines: list[Line]) -> Composition:
        lines[0] = replace(lines[0], text=words.verdict(is_so, self._inquiry.language) + lines[0].text)
        return self._telling.composition(lines)

    def _offices(self) -> Composition | None:
        """What a person is or was, the newest report first."""
        reports = self._table.of_persons([self._asked.person])
        if self._asked.first and self._asked.last:
            reports = within(reports, *_days(self._asked))
        found: dict[Seat, list[ReportedHolding]] = {}
        for report in reports:
            held = report.holding
            own = self._own if not held.territory else held.territory
            seat = seat_of(held.unit, held.office, own) if own else Seat(held.territory, held.unit, held.office)
            found.setdefault(seat, []).append(report)
        if not found:
            return None
        seats = []
        for seat, theirs in found.items():
            ordered = sorted(theirs, key=when)
            dated = [report for report in ordered if report.date] or ordered
            seats.append((seat, dated[0], dated[-1]))
        seats.sort(key=lambda item: (item[2].date is not None, when(item[2])[1]), reverse=True)
        return self._telling.composition(self._telling.person(self._asked.person, seats))

    def _unknown(self, seat: Seat) -> Composition | None:
        """That the archive names no holder of this unit's office, where it names those of others and no text has both."""
        unit = seat.territory + seat.body
        others = {
            report.holding.unit for report in self._table.of_offices([seat.office]) if report.holding.unit != unit
        }
        if any(_is_short_for(*sorted((body_of(other, seat.territory), seat.body), key=len)) for other in others):
            return None
        if len(others) < MIN_OTHER_UNITS or (not seat.body and not territory_of(seat.territory)):
            return None
        if not self._is_only_named(seat):
            return None
        name = words.shown(seat, self._inquiry.language)
        refused = self._telling.composition([Line(words.nobody(name, self._inquiry.language))], status="refused")
        return replace(refused, refusal="not_found")

    def _is_only_named(self, seat: Seat) -> bool:
        """Whether no report found has the office right behind the unit, where a holder may stand beside it.

        Nor may one have a unit of nearly that name, for which it may be a slip of the keyboard.
        """
        core = seat.body if seat.body and seat.territory == self._own else seat.territory or seat.body
        stem = core.removesuffix("街道").removesuffix("党工委").removesuffix("办事处")
        if len(short := re.sub(r"(?:社区|[镇乡村])$", "", stem)) >= MIN_BARE_UNIT:
            stem = short
        title = seat.office.removeprefix("副")
        both = re.compile(rf"{re.escape(stem)}[^，。、；：！？\s]{{0,{MAX_BETWEEN}}}{title}")
        found = self._inquiry.retriever.retrieve(Query(words.name_of(seat), top_k=20))
        articles = found.articles.values()
        texts = [f"{article.newspaper or ''}\n{article.title or ''}\n{article.text}" for article in articles]
        kind = re.search(r"(?:街道|社区|管委会|委员会|[镇乡村局委办])$", core)
        place = stem.removesuffix(kind[0]) if kind else stem
        # 区长何远山 of a paper or a report of that district.
        bare = re.compile(rf"(?:^|[^\u4e00-\u9fff]){title}", re.MULTILINE) if core[-1:] == title[:1] else None
        if any(
            both.search(text)
            or (kind and place in text and _has_bare(kind[0], title, text))
            or (bare and core[:-1] in text and bare.search(text))
            for text in texts
        ):
            return False
        return any(stem in text for text in texts) or not any(_has_nearly(core, text) for text in texts)


def _is_short_for(short: str, full: str) -> bool:
    """Whether a body may be called so for short: 文史馆 for 文史研究馆."""
    rest = iter(full)
    is_part = len(short) > 1 and short[0] == full[0] and short[-1] == full[-1]
    return is_part and all(character in rest for character in short)


def _has_bare(kind: str, title: str, text: str) -> bool:
    """Whether a text has an office of a unit that it does not name there: 社区书记方文杰, in a report on one community."""
    words = tag_words(text)
    return any(
        word == kind and not (place and words[place - 1][1].startswith("n")) and behind.startswith(title)
        for place, (word, _tag) in enumerate(words)
        if (
            behind := "".join(later for later, _tag in words[place + 1 : place + 4])
            .removeprefix("党")
            .removeprefix("工委")
            .removeprefix("副")
        )
    )


def _has_nearly(name: str, text: str) -> bool:
    """Whether a text has a name that differs from this one in one character, the last one excepted: 东原 for 东源."""
    ways = (
        re.escape(name[:place]) + r"[\u4e00-\u9fff]" + re.escape(name[place + 1 :]) for place in range(len(name) - 1)
    )
    return len(name) > 2 and re.search("|".join(ways), text) is not None


def _days(asked: OfficeQuestion) -> tuple[int, int]:
    """First and last day asked about as YYYYMMDD."""
    assert asked.first
    assert asked.last
    return PartialDate(asked.first).first_day, PartialDate(asked.last).last_day
