"""The answer while it is put together: verified statements with numbered citations; and what it says about itself."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index.records import Article
from rag.facts.valid_time import validity_date
from rag.generation.cohesion import list_mark
from rag.generation.markers import MARKER, put_markers, unmark
from rag.generation.messages import match_script
from rag.question.time_range import BEGINNING, TimeRange
from rag.records import (
    Citation,
    Cited,
    Computed,
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

    def repeats(self, text: str, quotes: Sequence[Quote]) -> bool:
        """Whether a statement is in the answer already: in these words, or as a part of one with the same citations."""
        told = _folded(match_script(text, is_traditional=self._is_traditional))
        places = {_place(quote) for quote in quotes}
        for statement in self._statements:
            said = _folded(statement.text)
            cited = {_place(self._citations[number - 1]) for number in statement.citations}
            if said == told or (told and places and places <= cited and _stands_in(told, said)):
                return True
        return False

    def append_message(self, text: str, tail: str = "", *, on_new_line: bool = False) -> list[Event]:
        """Append the service's own words, which no quote carries."""
        text = match_script(text, is_traditional=self._is_traditional)
        gap = self._gap(text, on_new_line=on_new_line)
        self._text += gap + text + tail
        return [Delta(gap + text + tail)]

    def append_statement(
        self,
        text: str,
        quotes: Sequence[Quote],
        tail: str = "",
        expression: str | None = None,
        *,
        on_new_line: bool = False,
    ) -> list[Event]:
        """Append a verified statement; return what a listener must hear: its citations, if new, then its text.

        Args:
            quotes: those that carry it together; none of a lead-in that only announces what follows.
            tail: white space that follows it.
            expression: the calculation that made a figure of it from those of the quotes: 469−278=191家.
            on_new_line: it begins one, as the item of a list does.
        """
        events: list[Event] = []
        numbers: list[int] = []
        for quote in quotes:
            citation = next((known for known in self._citations if _place(known) == _place(quote)), None)
            if citation is None:
                citation = make_citation(len(self._citations) + 1, quote, self._articles[quote.passage.article_id])
                self._citations.append(citation)
                events.append(Cited(citation))
            numbers.append(citation.n)
        marked = put_markers(unmark(match_script(text, is_traditional=self._is_traditional)), dict.fromkeys(numbers))
        gap = self._gap(marked, on_new_line=on_new_line)
        start = len(self._text) + len(gap)
        self._text += gap + marked + tail
        shown = match_script(expression, is_traditional=self._is_traditional) if expression else None
        computed = Computed(shown, tuple(numbers)) if shown else None
        self._statements.append(
            Statement(marked, start, start + len(marked), tuple(numbers), "verified", computed=computed)
        )
        return [*events, Delta(gap + marked + tail)]

    def _gap(self, text: str, *, on_new_line: bool) -> str:
        """What stands between the answer so far and a statement: a space between English sentences, none before Chinese."""
        last = self._text[-1:]
        if not last or last == "\n" or text.startswith("\n"):
            return ""
        if on_new_line:
            return "\n"
        return " " if last.isascii() and not last.isspace() and not _WIDE.match(text) else ""

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


def _stands_in(words: str, text: str) -> bool:
    """Whether a text has the words, with no figure that begins before them or goes on behind."""
    place = text.find(words)
    while place >= 0:
        before, behind = text[max(0, place - 1) : place], text[place + len(words) : place + len(words) + 1]
        if not (before.isdecimal() or before == "." or behind.isdecimal() or (behind and behind in ".%")):
            return True
        place = text.find(words, place + 1)
    return False


_WIDE = re.compile(r"[\u3000-\u30ff\u4e00-\u9fff\uff00-\uffef]")
# What does not tell two statements apart; a point belongs to a figure where a digit follows.
_UNTOLD = re.compile(r"\.(?!\d)|(?<!\d)\.|[^\w.%％]+")


def _folded(text: str) -> str:
    """The words of a statement, to compare it by: without its markers, its list's mark, spaces and punctuation."""
    bare = MARKER.sub("", text)
    return _UNTOLD.sub("", bare[len(list_mark(bare)) :]).casefold()


def _place(cited: Citation | Quote) -> tuple[str, int, int]:
    article = cited.article_id if isinstance(cited, Citation) else cited.passage.article_id
    return article, cited.start, cited.end


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
        first = None if first == BEGINNING else first
    shown = rewritten if rewritten != query.text else None
    return {"from": first, "to": last, "is_filter": is_filter, "rewritten_question": shown}
