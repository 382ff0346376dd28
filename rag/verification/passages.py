"""Passages made ready for statements to be held against them; what is read in a passage is kept for the next question."""

from collections.abc import Callable, Sequence
from functools import cached_property

from index.language.terms import Lexicon
from index.records import PartialDate
from rag.facts.planted import Span, find_planted
from rag.facts.quantities import Figure
from rag.question.language import detect_language
from rag.records import Passage
from rag.verification.citations import Quote
from rag.verification.claims import Claims, Days
from rag.verification.said_rows import SaidText, say_rows
from rag.verification.words import ParsedText

KEPT_PASSAGES = 512
"""Passages whose reading is kept for the next statement and the next question: 30 to 60 kB each."""


def _read(told: str, printed: str, date: PartialDate | None, lexicon: Lexicon) -> ParsedText:
    return ParsedText(Claims(told, date, lexicon), printed=printed)


def _read_head(text: str, date: PartialDate | None, lexicon: Lexicon) -> Claims:
    return Claims(text, date, lexicon)


class Source:
    """A passage made ready for comparison.

    Args:
        passage: as retrieved.
        passages: all that were; the others of its article are its context.
        lexicon: makes its terms.
        planted: the stretches of a passage that nothing may stand on; those that its words tell where None.
    """

    def __init__(
        self,
        passage: Passage,
        passages: Sequence[Passage],
        lexicon: Lexicon,
        planted: Callable[[Passage], tuple[Span, ...]] | None = None,
    ) -> None:
        def said(passage: Passage) -> SaidText:
            return say_rows(passage.text, planted(passage) if planted else find_planted(passage.text))

        self.passage = passage
        self.said = said(passage)
        self.language = detect_language(passage.text)
        self.date = PartialDate(passage.date) if passage.date else None
        self.parsed = lexicon.memo.of(_read, KEPT_PASSAGES)(self.said.told, self.said.text, self.date, lexicon)
        others = [it for it in passages if it.article_id == passage.article_id and it.chunk_id != passage.chunk_id]
        around = [said(it).told for it in sorted(others, key=lambda it: it.start)]
        head = "\n".join(filter(None, (passage.title, passage.newspaper, *around)))
        self.head = lexicon.memo.of(_read_head, KEPT_PASSAGES)(head, self.date, lexicon)
        self.issued = _issued(self.date) if self.date else None

    @property
    def claims(self) -> Claims:
        """What the passage claims; what was planted in it is blank in its text."""
        return self.parsed.claims

    @cached_property
    def told(self) -> tuple[int, ...]:
        """Numbers of the sentences that tell something: not what was planted."""
        return tuple(n for n, span in enumerate(self.parsed.sentences) if self.parsed.text[slice(*span)].strip())

    def quote(self, start: int, end: int) -> Quote:
        """Return said.text[start:end] as it is printed, without the white space about it."""
        return quote_stretch(self.passage, *self.said.printed_span(start, end))

    def sentence(self, number: int) -> tuple[str, list[Figure], list[Days]]:
        """Return a sentence's text, folded, its figures and its days."""
        return self.parsed.folded_sentences[number], *self.parsed.values[number]


def quote_stretch(passage: Passage, start: int, end: int) -> Quote:
    """Return text[start:end] of a passage as a quote, without the white space about it."""
    raw = passage.text[start:end]
    first = passage.start + start + len(raw) - len(raw.lstrip())
    return Quote(passage, first, first + len(raw.strip()), raw.strip())


def _issued(date: PartialDate) -> Days:
    """The days that a newspaper's date means."""
    first, last = (
        f"{day // 10000:04d}-{day // 100 % 100:02d}-{day % 100:02d}" for day in (date.first_day, date.last_day)
    )
    return Days(first, last, 0, 0, yearless=False, compared=False)
