"""Terms of office → lines with the quotes that carry them."""

from collections.abc import Iterable, Sequence

from index.language.sentences import split_sentences
from index.records import Article
from index.store.generations import Generation
from index.store.holdings import ReportedHolding
from rag.generation.composition import Composition, Line
from rag.generation.messages import show_date
from rag.lookup.offices import words
from rag.lookup.offices.holders import Seat, Term, when
from rag.lookup.quotes import quote_article
from rag.records import Language, Status
from rag.verification.citations import Quote

PAGE_LINES = 12
MAX_QUOTE_CHARACTERS = 160
"""A longer sentence is quoted by its clauses that name the holder."""
_CLAUSE_ENDS = "，。；！？\n"


class Telling:
    """Puts an answer together from reports of one generation."""

    def __init__(self, generation: Generation, language: Language) -> None:
        self._generation = generation
        self._language = language
        self._articles: dict[str, Article] = {}

    def composition(
        self, lines: Iterable[Line], status: Status = "answered", choices: tuple[str, ...] = ()
    ) -> Composition:
        """Return lines as an answer, with the articles that they quote."""
        told = tuple(lines)
        return Composition(told, status, choices, dict(self._articles))

    def article(self, article_id: str) -> Article:
        """Return an article of the generation, kept for the answer."""
        article = self._generation.catalogue.article(article_id)
        assert article, "the table and the articles are of one generation"
        return self._articles.setdefault(article_id, article)

    def quote(self, report: ReportedHolding) -> Quote:
        """Return the sentence that carries a report, or its clauses where it is long."""
        article = self.article(report.article_id)
        held, text = report.holding, article.text
        start, end = next(
            ((start, end) for start, end in split_sentences(text) if start <= held.start < end), (held.start, held.end)
        )
        end = max(end, held.end)
        if end - start > MAX_QUOTE_CHARACTERS:
            start = next((place for place in range(held.start, start, -1) if text[place - 1] in _CLAUSE_ENDS), start)
            end = next((place for place in range(held.end, end) if text[place] in _CLAUSE_ENDS), end)
        part = text[start:end]
        return quote_article(
            article, start + len(part) - len(part.lstrip()), start + len(part.rstrip()), self._generation
        )

    def report(self, seat: Seat, report: ReportedHolding, *, is_earlier: bool = False) -> Line:
        """据2019年12月11日报道，云汀区区长为江怀瑾。"""
        name = words.shown(seat, self._language, is_acting=report.holding.state == "acting")
        text = words.holds(name, report.holding.person, report.date, self._language, is_earlier=is_earlier)
        return Line(text, (self.quote(report),))

    def newest(self, seat: Seat, terms: Sequence[Term], reports: Sequence[ReportedHolding]) -> list[Line]:
        """Who the newest report names, and who held the office before.

        Args:
            reports: all on the office: where both stand in reports of one day, they tell who left.
        """
        lines = [self.report(seat, terms[0].newest)]
        if len(terms) > 1:
            newer, older = terms[0].newest, terms[1].newest
            if newer.date == older.date and newer.date:
                lines += self.events(seat, [report for report in reports if report.date == newer.date])
            else:
                lines.append(self.report(seat, older, is_earlier=older.date is not None))
        return lines

    def listed(self, seat: Seat, terms: Sequence[Term], page: int) -> list[Line]:
        """All whom the reports name in an office, with the first and the last report of each."""
        zh = self._language == "zh"
        is_acting = all(report.holding.state == "acting" for term in terms for report in term.reports)
        name = words.shown(seat, self._language, is_acting=is_acting)
        head = (
            f"报道中提到的{name}共{len(terms)}位（日期是报道的日期，不是任期的起止）："
            if zh
            else f"The reports name {len(terms)} persons as {name}; the dates are those of the reports, not of the terms:"
        )
        first = (page - 1) * PAGE_LINES
        return [Line(head), *(self._term(term) for term in terms[first : first + PAGE_LINES])]

    def _term(self, term: Term) -> Line:
        oldest, newest = term.oldest, term.newest
        quotes = tuple(dict.fromkeys((self.quote(oldest), self.quote(newest))))
        acting = oldest.holding.state == "acting" and newest.holding.state != "acting"
        if self._language == "en":
            until = f" to {_day(newest, english=True)}" if oldest.date != newest.date else ""
            return Line(
                f"{term.person}: reports of {_day(oldest, english=True)}{until}{', at first acting' if acting else ''}",
                quotes,
            )
        until = f"至{_day(newest)}" if oldest.date != newest.date else ""
        rank = "，先为代职" if acting else "，代职" if newest.holding.state == "acting" else ""
        return Line(f"{term.person}：见于{_day(oldest)}{until}的报道{rank}", quotes)

    def change(self, seat: Seat, older: Term, newer: Term) -> Line:
        """That another person holds the office than before: between which reports, with a quote of each."""
        last, first = older.newest, newer.oldest
        names = [
            words.shown(seat, self._language, is_acting=report.holding.state == "acting") for report in (last, first)
        ]
        if self._language == "en":
            text = (
                f"According to {words.dated(last.date, 'en')}, {names[0]} was {older.person}; according to "
                f"{words.dated(first.date, 'en')}, {names[1]} was {newer.person}."
            )
        else:
            text = (
                f"据{words.dated(last.date, 'zh')}，{names[0]}为{older.person}；"
                f"据{words.dated(first.date, 'zh')}，{names[1]}为{newer.person}。"
            )
        return Line(text, (self.quote(last), self.quote(first)))

    def events(self, seat: Seat, reports: Iterable[ReportedHolding]) -> list[Line]:
        """The reports that somebody was elected to an office, appointed to it or gave it up, in the order of time."""
        told: dict[tuple[str, str], Line] = {}
        for report in sorted(reports, key=when):
            held = report.holding
            if not held.change or held.state == "former":
                continue
            name = words.shown(seat, self._language, is_acting=held.state == "acting")
            text = words.happened(name, held.person, held.change, report.date, self._language)
            told.setdefault((held.person, held.change), Line(text, (self.quote(report),)))
        return list(told.values())

    def around(self, seat: Seat, reports: Sequence[ReportedHolding], first: int, last: int) -> list[Line]:
        """The nearest reports before and after a time of which there is none."""
        dated_reports = [report for report in sorted(reports, key=when) if report.date]
        before = [report for report in dated_reports if report.date and report.date.last_day < first][-1:]
        after = [report for report in dated_reports if report.date and report.date.first_day > last][:1]
        lead = words.not_at_that_time(words.shown(seat, self._language), self._language)
        return [Line(lead), *(self.report(seat, report) for report in (*before, *after))]

    def person(self, name: str, seats: Sequence[tuple[Seat, ReportedHolding, ReportedHolding]]) -> list[Line]:
        """The offices of a person, the newest report first.

        Args:
            seats: office, its oldest report, its newest report.
        """
        lines = []
        for seat, oldest, newest in seats:
            state = newest.holding.state
            held = words.held_by(
                name,
                words.name_of(seat, is_acting=state == "acting"),
                newest.date,
                oldest.date if oldest.date != newest.date else None,
                self._language,
                is_past=state in ("former", "then") or newest.holding.change == "removed",
            )
            lines.append(Line(held, tuple(dict.fromkeys((self.quote(newest), self.quote(oldest))))))
        return lines


def _day(report: ReportedHolding, *, english: bool = False) -> str:
    if report.date is None:
        return "unknown date" if english else "日期不明"
    return show_date(report.date, english=english)
