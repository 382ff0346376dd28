"""The answer while it is put together: verified statements with numbered citations; and what it says about itself."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index.records import Article
from rag.facts.valid_time import validity_date
from rag.generation.markers import put_markers, unmark
from rag.generation.messages import match_script
from rag.question.time_range import TimeRange
from rag.records import (
    Citation,
    Cited,
    Delta,
    Event,
    Query,
    Statement,
)
from rag.verification.citations import Quote, make_citation


@dataclass(frozen=True, slots=True)
class AnswerContent:
    """What a reader sees: the text, the statements in it, and the citations that carry them."""

    text: str = ""
    statements: tuple[Statement, ...] = ()
    citations: tuple[Citation, ...] = ()


class AnswerBuilder:
    """Puts an answer together, statement by statement; one stage of one answer owns it.

    Args:
        articles: those that quotes are from, by id.
        is_traditional: statements are written in traditional characters, as the question is; their quotes never.
    """

    def __init__(self, articles: Mapping[str, Article], *, is_traditional: bool) -> None:
        self._articles = articles
        self._is_traditional = is_traditional
        self._text = ""
        self._statements: list[Statement] = []
        self._citations: list[Citation] = []

    def __len__(self) -> int:
        """Number of statements so far."""
        return len(self._statements)

    def contains(self, text: str) -> bool:
        """Whether a statement of these words is in the answer already, whatever it cites."""
        text = match_script(text, is_traditional=self._is_traditional)
        return any(_MARKER.sub("", statement.text) == text for statement in self._statements)

    def append_message(self, text: str) -> list[Event]:
        """Append the service's own words, which no quote carries."""
        text = match_script(text, is_traditional=self._is_traditional)
        self._text += text
        return [Delta(text)]

    def append_statement(self, text: str, quotes: Sequence[Quote], tail: str = "") -> list[Event]:
        """Append a verified statement; return what a listener must hear: its citations, if new, then its text.

        Args:
            quotes: those that carry it together, one or more.
            tail: white space that follows it.
        """
        events: list[Event] = []
        numbers: list[int] = []
        for quote in quotes:
            citation = next((known for known in self._citations if _is_at(known, quote)), None)
            if citation is None:
                citation = make_citation(len(self._citations) + 1, quote, self._articles[quote.passage.article_id])
                self._citations.append(citation)
                events.append(Cited(citation))
            numbers.append(citation.n)
        marked = put_markers(unmark(match_script(text, is_traditional=self._is_traditional)), numbers)
        gap = " " if self._text and not self._text.endswith("\n") and marked[0].isascii() else ""
        start = len(self._text) + len(gap)
        self._text += gap + marked + tail
        self._statements.append(Statement(marked, start, start + len(marked), tuple(numbers), "verified"))
        return [*events, Delta(gap + marked + tail)]

    def content(self) -> AnswerContent:
        """Return the answer as it is now.

        Raises:
            AssertionError: a quote is not verbatim in its article; each is held against it once more: the promise
                of the service.
        """
        for citation in self._citations:
            if self._articles[citation.article_id].text[citation.start : citation.end] != citation.quote:
                raise AssertionError(f"citation {citation.n} is not verbatim in article {citation.article_id}")
        return AnswerContent(self._text, tuple(self._statements), tuple(self._citations))


def as_of(citations: Sequence[Citation], articles: Mapping[str, Article]) -> str | None:
    """Return the latest day for which what is cited holds, ISO 8601 to the precision known."""
    days = (validity_date(citation.quote, articles[citation.article_id]) for citation in citations)
    return max((day for day in days if day), default=None)


_MARKER = re.compile(r"\[\d+\]")


def _is_at(citation: Citation, quote: Quote) -> bool:
    place = (quote.passage.article_id, quote.start, quote.end)
    return (citation.article_id, citation.start, citation.end) == place


def show_interpreted(
    query: Query, time_range: TimeRange | None, rewritten: str | None = None
) -> dict[str, str | bool | None]:
    """Return what the Answer's `interpreted` shows: the user's filter where there is one, else the period asked about.

    `is_filter` tells the two apart: a filter leaves articles out, a period is a preference.

    Args:
        rewritten: the question that was searched for; shown where it is not the one typed.
    """
    first: str | None
    last: str | None
    is_filter = bool(query.first or query.last)
    if is_filter:
        first = query.first.value if query.first else None
        last = query.last.value if query.last else None
    else:
        first, last = (time_range.first, time_range.last) if time_range and time_range.constrains_time else (None, None)
    shown = rewritten if rewritten != query.text else None
    return {"from": first, "to": last, "is_filter": is_filter, "rewritten_question": shown}
