"""Passages made ready for statements to be held against them; what is read in a passage is kept for the next question."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.language.sentences import split_sentences
from index.language.terms import Lexicon
from index.records import PartialDate
from rag.facts.prompt_injection import is_prompt_injection
from rag.question.language import detect_language
from rag.records import Passage
from rag.verification.claims import Claims, Days
from rag.verification.comparison import QuoteContext

MAX_QUOTE_SENTENCES = 3
"""Sentences that may be joined into one quote."""
KEPT_PASSAGES = 512
"""Passages whose reading is kept for the next statement and the next question: 30 to 60 kB each."""


@dataclass(frozen=True, slots=True)
class QuoteCandidate:
    """One to MAX_QUOTE_SENTENCES sentences of a passage: offsets into its text, terms without figures and dates."""

    start: int
    end: int
    sentences: int
    terms: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Text:
    """What is read in a text once, for all questions whose passages it is in."""

    claims: Claims
    candidates: tuple[QuoteCandidate, ...]


def _read(text: str, date: PartialDate | None, lexicon: Lexicon) -> _Text:
    claims = Claims(_without_orders(text), date, lexicon)
    return _Text(claims, tuple(_cut(text, claims)))


def _read_head(text: str, date: PartialDate | None, lexicon: Lexicon) -> Claims:
    return Claims(text, date, lexicon)


class Source:
    """A passage made ready for comparison.

    Args:
        passage: as retrieved.
        passages: all that were; the others of its article are its context.
        lexicon: makes its terms.
    """

    def __init__(self, passage: Passage, passages: Sequence[Passage], lexicon: Lexicon) -> None:
        self.passage = passage
        self.language = detect_language(passage.text)
        self.date = PartialDate(passage.date) if passage.date else None
        read = lexicon.memo.of(_read, KEPT_PASSAGES)(passage.text, self.date, lexicon)
        self.claims, self.candidates = read.claims, read.candidates
        others = [it for it in passages if it.article_id == passage.article_id and it.chunk_id != passage.chunk_id]
        around = [_without_orders(it.text) for it in sorted(others, key=lambda it: it.start)]
        head = "\n".join(filter(None, (passage.title, passage.newspaper, *around)))
        self.head = lexicon.memo.of(_read_head, KEPT_PASSAGES)(head, self.date, lexicon)
        self.issued = _issued(self.date) if self.date else None
        self.context = self.claims.terms() | self.head.terms()

    def quote_context(self, candidate: QuoteCandidate) -> QuoteContext:
        """The stretch as claims are held against it."""
        return QuoteContext(self.claims, candidate.start, candidate.end, self.head, self.issued)


def _cut(text: str, claims: Claims) -> Iterator[QuoteCandidate]:
    """The stretches of a passage; `claims` are those of its text with some sentences blanked."""
    bounds = [span for span in split_sentences(text) if text[slice(*span)].strip()]
    for first in range(len(bounds)):
        terms: frozenset[str] = frozenset()
        for last in range(first, min(first + MAX_QUOTE_SENTENCES, len(bounds))):
            if not claims.text[slice(*bounds[last])].strip():
                break  # blanked
            terms |= claims.terms(*bounds[last])
            yield QuoteCandidate(bounds[first][0], bounds[last][1], last - first + 1, terms)


def _without_orders(text: str) -> str:
    """The text with sentences that command the assistant blanked, so that places stay and nothing can stand on them."""
    return "".join(
        " " * (end - start) if is_prompt_injection(text[start:end]) else text[start:end]
        for start, end in split_sentences(text)
    )


def _issued(date: PartialDate) -> Days:
    """The days that a newspaper's date means."""
    first, last = (
        f"{day // 10000:04d}-{day // 100 % 100:02d}-{day % 100:02d}" for day in (date.first_day, date.last_day)
    )
    return Days(first, last, 0, 0, yearless=False, compared=False)
