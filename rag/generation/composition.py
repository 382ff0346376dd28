"""An answer that code puts together, before its citations are numbered: lines with the quotes that carry them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from index.records import Article
from rag.facts.planted import is_planted, planted_in
from rag.records import RefusalReason, Status
from rag.verification.citations import Quote


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the answer: a statement with the quotes that carry it, or the service's own words.

    Args:
        text: without a marker.
        quotes: none of the service's own words.
        expression: the calculation that made a figure of it from those of the quotes: 469−278=191家.
    """

    text: str
    quotes: tuple[Quote, ...] = ()
    expression: str | None = None


@dataclass(frozen=True, slots=True)
class Composition:
    """An answer without an LLM.

    Args:
        status: conflicting where sources disagree, and are shown side by side; partial where something that was asked is
            not answered; fixed where it is the service's own words or a fact on the archive itself; refused with `refusal`.
        choices: questions that a reader may go on with, as they would be typed: offered as buttons.
        articles: those that quotes are from, by id, where the retrieval did not find them.
        refusal: why it is none, where `status` is refused or related; the lines are its message.
    """

    lines: tuple[Line, ...]
    status: Status
    choices: tuple[str, ...] = ()
    articles: Mapping[str, Article] = field(default_factory=dict)
    refusal: RefusalReason | None = None

    @property
    def quotes(self) -> tuple[Quote, ...]:
        """All quotes of its lines, each once, in their order."""
        return tuple(dict.fromkeys(quote for line in self.lines for quote in line.quotes))

    def without_planted(self, articles: Mapping[str, Article]) -> "Composition | None":
        """Return it without the lines that quote what was planted in an article; None where nothing else was quoted.

        Args:
            articles: those that quotes are from, by id.
        """
        told = {name: planted_in(article) for name, article in articles.items()}
        lines = tuple(
            line
            for line in self.lines
            if not any(is_planted(told[it.passage.article_id], it.start, it.end) for it in line.quotes)
        )
        if len(lines) == len(self.lines):
            return self
        return replace(self, lines=lines) if any(line.quotes for line in lines) else None
