"""Which articles of the archive are the reports that a question wants: exact, and what of their dates is not known."""

from collections.abc import Sequence
from dataclasses import dataclass

from index.language.normalise import normalise
from index.records import DateSpan, PartialDate
from index.store.generations import Generation
from index.store.listing import ListedArticle
from rag.lookup.mentions import find_mentions
from rag.lookup.report_question import ReportQuestion
from rag.lookup.report_words import page_number
from rag.records import Query


@dataclass(frozen=True, slots=True)
class Bounds:
    """A time of publication.

    Args:
        begin, end: first and last day, as YYYYMMDD.
        is_any_year: the year does not count.
    """

    begin: int
    end: int
    is_any_year: bool

    @classmethod
    def of(cls, span: DateSpan, *, is_any_year: bool) -> "Bounds":
        """Return those of a span."""
        return cls(PartialDate(span.first).first_day, PartialDate(span.last).last_day, is_any_year)

    def have(self, entry: ListedArticle) -> bool:
        """Whether an article is of that time for certain."""
        if self.is_any_year:
            return self.begin % 10_000 <= entry.first_day % 10_000 and 0 < entry.last_day % 10_000 <= self.end % 10_000
        return self.begin <= entry.first_day and entry.last_day <= self.end

    def may_have(self, entry: ListedArticle) -> bool:
        """Whether an article may be, of whose date only the month or the year is known."""
        touches = entry.first_day <= self.end and entry.last_day >= self.begin
        return touches and not self.is_any_year and not self.have(entry)


@dataclass(frozen=True, slots=True)
class Selection:
    """The articles that are wanted.

    Args:
        entries: those that are, newest first; of one day in the order of the newspaper.
        possible: those that may be: of the day asked for only the month is known.
        undated: how many would be, but for their date, which nobody knows.
        parts: the words that all of them print; none where no topic was asked for.
        has_no_page: none of the archive's articles of that time states its page, so that it was not looked at.
    """

    entries: tuple[ListedArticle, ...]
    possible: tuple[ListedArticle, ...] = ()
    undated: int = 0
    parts: tuple[str, ...] = ()
    has_no_page: bool = False


def select_reports(wanted: ReportQuestion, query: Query, generation: Generation) -> Selection:
    """Return the articles that a question wants."""
    listing = generation.listing
    parts: tuple[str, ...] = ()
    entries: Sequence[ListedArticle] = listing.by_date + tuple(entry for entry in listing.entries if not entry.date)
    entries = [entry for entry in entries if _passes(entry, query)]
    if wanted.author:
        ids = {entry.id for entry in listing.authors.get(normalise(wanted.author), ())}
        entries = [entry for entry in entries if entry.id in ids]
    if wanted.newspaper and listing.newspapers:
        entries = [entry for entry in entries if entry.newspaper == wanted.newspaper]
    possible: list[ListedArticle] = []
    undated: list[ListedArticle] = []
    if wanted.spans:
        undated = [entry for entry in entries if not entry.date] if wanted.topic or wanted.author else []
        dated = [entry for entry in entries if entry.date]
        times = [Bounds.of(span, is_any_year=wanted.is_any_year) for span in wanted.spans]
        entries = [entry for entry in dated if any(time.have(entry) for time in times)]
        possible = [entry for entry in dated if any(time.may_have(entry) for time in times)]
    if wanted.topic:
        mentions = find_mentions(wanted.topic, generation, {entry.id for entry in (*entries, *possible, *undated)})
        parts = mentions.parts
        entries, possible, undated = (
            [entry for entry in some if entry.id in mentions.ids] for some in (entries, possible, undated)
        )
    has_no_page = (
        wanted.page is not None
        and bool(entries or possible)
        and not any(page_number(entry) for entry in (*entries, *possible))
    )
    if wanted.page is not None and not has_no_page:
        entries, possible = (
            [entry for entry in some if page_number(entry) == wanted.page] for some in (entries, possible)
        )
    return Selection(tuple(entries), tuple(possible), len(undated), parts, has_no_page)


def _passes(entry: ListedArticle, query: Query) -> bool:
    """Whether an article passes the reader's filter, as in a search: one without a date does not."""
    if not query.first and not query.last:
        return True
    begin = query.first.first_day if query.first else 0
    end = query.last.last_day if query.last else 99_999_999
    return bool(entry.date) and entry.last_day >= begin and entry.first_day <= end
