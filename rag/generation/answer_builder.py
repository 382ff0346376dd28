"""The answer while it is written: verified statements, numbered citations, at last the Answer."""

import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from index.records import Article
from rag.evidence.grounding import Grounding
from rag.facts.valid_time import validity_date
from rag.generation.markers import put_markers, unmark
from rag.generation.messages import match_script
from rag.question.time_range import TimeRange
from rag.records import (
    Answer,
    Citation,
    Cited,
    Delta,
    Event,
    Generator,
    Query,
    Refusal,
    RejectedStatement,
    Statement,
    Status,
    Usage,
)
from rag.verification.citations import Quote, make_citation


@dataclass(slots=True)
class AnswerBuilder:
    """Text so far, with its statements and citations; `rejected_statements` holds what could not be verified.

    Args:
        is_traditional: statements are written in traditional characters, as the question is; their quotes never.
    """

    is_traditional: bool = False
    text: str = ""
    statements: list[Statement] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    rejected_statements: list[RejectedStatement] = field(default_factory=list)

    def contains(self, text: str) -> bool:
        """Whether a statement of these words is in the answer already, whatever it cites."""
        text = match_script(text, is_traditional=self.is_traditional)
        return any(_MARKER.sub("", statement.text) == text for statement in self.statements)

    def append_message(self, text: str) -> list[Event]:
        """Append the service's own words, which no quote carries."""
        self.text += match_script(text, is_traditional=self.is_traditional)
        return [Delta(match_script(text, is_traditional=self.is_traditional))]

    def add(
        self, text: str, quotes: Sequence[Quote], articles: Mapping[str, Article], tail: str = ""
    ) -> Iterator[Event]:
        """Append a verified statement and yield what a listener must hear: its citations, if new, then its text.

        Args:
            quotes: those that carry it together, one or more.
            articles: those that the quotes are from, by id.
            tail: white space that follows it.
        """
        numbers: list[int] = []
        for quote in quotes:
            citation = next((known for known in self.citations if _is_at(known, quote)), None)
            if citation is None:
                citation = make_citation(len(self.citations) + 1, quote, articles[quote.passage.article_id])
                self.citations.append(citation)
                yield Cited(citation)
            numbers.append(citation.n)
        marked = put_markers(unmark(match_script(text, is_traditional=self.is_traditional)), numbers)
        gap = " " if self.text and not self.text.endswith("\n") and marked[0].isascii() else ""
        start = len(self.text) + len(gap)
        self.text += gap + marked + tail
        self.statements.append(Statement(marked, start, start + len(marked), tuple(numbers), "verified"))
        yield Delta(gap + marked + tail)

    def _as_of(self, grounding: Grounding) -> str | None:
        """The latest day for which what is cited holds."""
        articles = grounding.retrieval.articles
        days = (validity_date(citation.quote, articles[citation.article_id]) for citation in self.citations)
        return max((day for day in days if day), default=None)

    def finish(
        self,
        query: Query,
        grounding: Grounding,
        status: Status,
        generator: Generator,
        *,
        refusal: Refusal | None = None,
        usage: Usage | None = None,
        timings: Mapping[str, float | None],
        index_generation: str,
        removed_markers: int = 0,
    ) -> Answer:
        """Return the Answer. Every quote is held against its article once more: the promise of the service."""
        for citation in self.citations:
            article = grounding.retrieval.articles[citation.article_id]
            if article.text[citation.start : citation.end] != citation.quote:
                raise AssertionError(f"citation {citation.n} is not verbatim in article {citation.article_id}")
        return Answer(
            id=uuid.uuid4().hex,
            question=query.text,
            status=status,
            refusal=refusal,
            answer=self.text,
            statements=tuple(self.statements),
            citations=tuple(self.citations),
            as_of=self._as_of(grounding),
            generator=generator,
            interpreted=show_interpreted(query, grounding.retrieval.period, grounding.question),
            timings_ms=dict(timings),
            usage=_counts(usage),
            index_generation=index_generation,
            struck=tuple(self.rejected_statements),
            removed_markers=removed_markers,
        )


_MARKER = re.compile(r"\[\d+\]")


def _is_at(citation: Citation, quote: Quote) -> bool:
    place = (quote.passage.article_id, quote.start, quote.end)
    return (citation.article_id, citation.start, citation.end) == place


def _counts(usage: Usage | None) -> dict[str, int] | None:
    if usage is None:
        return None
    return {
        "prompt_tokens": usage.prompt_tokens,
        "completion_tokens": usage.completion_tokens,
        "total_tokens": usage.total_tokens,
    }


def show_interpreted(
    query: Query, period: TimeRange | None, rewritten: str | None = None
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
        first, last = (period.first, period.last) if period and period.bounds else (None, None)
    shown = rewritten if rewritten != query.text else None
    return {"from": first, "to": last, "is_filter": is_filter, "rewritten_question": shown}
