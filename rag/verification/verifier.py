"""Statements → verified quotes, or why not. No second LLM call, no trust in the first.

A statement may leave the service when one stretch of a retrieved passage says it, one to three sentences that follow
each other, or when each of its parts has one. The quote is the passage's own characters.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from index.language.terms import Lexicon, is_character_term
from index.records import PartialDate
from index.search.lexical_index import LexicalIndex
from rag.question.language import detect_language
from rag.records import Passage
from rag.verification.check_quantities import states_figure
from rag.verification.citations import Quote
from rag.verification.claims import Claims
from rag.verification.comparison import QuoteContext, TotalWeight, weight_of_distinct
from rag.verification.passages import QuoteCandidate, Source
from rag.verification.statements import ModelStatement
from rag.verification.support import find_problems

MIN_SHARED = 0.5
"""Share of a statement's terms, weighted by idf, that its quote must have: a paraphrase keeps its nouns."""
FROM_CONTEXT = 0.5
"""What a term counts that only the sentences around the quote or the article's title have."""
MIN_QUOTED = 0.3
"""Share that the quote itself must have, whatever its context has."""
LENGTH_PENALTY = 0.03
MAX_TRIED = 40
"""Stretches that are held against a statement claim by claim, those with most of its terms first."""
MAX_QUOTES = 3
"""Stretches that may carry a statement together."""
_PART_END = re.compile(r"[；;，]|,(?!\d)| and | while ")
# A part that leans on the one before it is not verified by itself.
_LEANS = re.compile(
    r"\s*(?:同比|环比|比|较|占|其中|并|且|而|也|共|累计|达|同时|为|是|由|将|已|还|均|增|减|升|降|提高|提升|上升|下降|排名|位列|该|其|这|此|up\b|down\b|which|it\b|a\b)"
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a draft is supported: by its quotes together, or not because of `problems`."""

    quotes: tuple[Quote, ...]
    problems: tuple[str, ...] = ()

    @property
    def quote(self) -> Quote | None:
        """The first of the quotes."""
        return self.quotes[0] if self.quotes else None


class Verifier:
    """Finds the quotes that carry statements, among the passages of one question.

    Args:
        passages: those that the model was shown; markers count by their rank.
        lexical: tells how much each term weighs.
        lexicon: makes the terms as the archive's were made.
    """

    def __init__(self, passages: Sequence[Passage], lexical: LexicalIndex, lexicon: Lexicon | None = None) -> None:
        self._lexical = lexical
        self._lexicon = lexicon or Lexicon()
        self._sources = [Source(passage, passages, self._lexicon) for passage in passages]
        self.ranks = frozenset(passage.rank for passage in passages)

    def verify(self, draft: ModelStatement) -> Verdict:
        """Return the quotes that carry a statement together, or the problems.

        The passages that it points to are searched first; when none of them has it, the others are: then the
        marker moves.
        """
        quote, problems = self._find(draft.claim, draft.markers)
        if quote:
            return Verdict((quote,))
        quotes = self._find_parts(draft)
        return Verdict(quotes) if quotes else Verdict((), (*self._nowhere(draft), *problems, "no_supporting_quote"))

    def _find(self, text: str, markers: Sequence[int], *, whole: bool = True) -> tuple[Quote | None, list[str]]:
        """The best stretch that supports a text, else the problems of the best one that does not.

        Args:
            whole: the text is a statement; a part of one is too little to be held against another language.
        """
        claims = {date: Claims(text, date, self._lexicon) for date in {source.date for source in self._sources}}
        any_claim = next(iter(claims.values()), None)
        if any_claim is None or not (any_claim.terms() or any_claim.figures or any_claim.days):
            return None, []
        terms = sorted(any_claim.terms())
        known = self._lexical.known(terms)
        # A pair of characters that the archive never has tells how the statement is put, not what it says.
        weights = zip(terms, map(float, self._lexical.idf(terms)), map(bool, known), strict=True)
        total_weight = weight_of_distinct(
            {term: weight for term, weight, is_known in weights if is_known or not is_character_term(term)}
        )
        found = sorted(
            self._candidates(text, claims, total_weight, markers, whole=whole), key=lambda candidate: candidate[0]
        )
        first_problems: list[str] = []
        for _order, source, candidate in found[:MAX_TRIED]:
            problems = find_problems(claims[source.date], source.quote_context(candidate), total_weight)
            if not problems:
                return _quote(source.passage, candidate.start, candidate.end), []
            first_problems = first_problems or problems
        return None, first_problems

    def _candidates(
        self,
        text: str,
        claims: Mapping[PartialDate | None, Claims],
        total_weight: TotalWeight,
        markers: Sequence[int],
        *,
        whole: bool,
    ) -> Iterator[tuple[tuple[bool, float], Source, QuoteCandidate]]:
        """The stretches that may support a text, with what orders them: least is best."""
        language = detect_language(text)
        coverages = {date: _ClaimCoverage(claim, total_weight) for date, claim in claims.items()}
        for source in self._sources:
            claim, coverage = claims[source.date], coverages[source.date]
            is_moved = source.passage.rank not in markers
            for candidate in source.candidates:
                if language == source.language:
                    score = coverage.share(source, candidate)
                elif whole:
                    facts = _facts(claim, source.quote_context(candidate), is_same=False)
                    score = float(facts[0]) if _holds_on(claim, facts[0], is_marked=not is_moved) else None
                else:
                    score = None
                if score is not None:
                    yield (is_moved, LENGTH_PENALTY * candidate.sentences - score), source, candidate

    def _find_parts(self, draft: ModelStatement) -> tuple[Quote, ...]:
        """Quotes of the parts of a statement that no single stretch carries: 2019年为42，2024年为29条."""
        parts = _parts(Claims(draft.claim, None, self._lexicon))
        if not 2 <= len(parts) <= MAX_QUOTES:
            return ()
        quotes = [self._find(part, draft.markers, whole=False)[0] for part in parts]
        return tuple(dict.fromkeys(quote for quote in quotes if quote)) if all(quotes) else ()

    def _nowhere(self, draft: ModelStatement) -> Iterator[str]:
        """What no passage has at all: figures, and the passages that markers point to."""
        figures = Claims(draft.claim, None, self._lexicon).figures
        for figure in figures:
            if not any(figure.equals(other) for source in self._sources for other in source.claims.figures):
                yield f"figure_not_in_passages:{figure.text}"
        yield from (f"marker_of_no_passage:{marker}" for marker in draft.markers if marker not in self.ranks)


class _ClaimCoverage:
    """A statement's terms, to weigh candidates with in whose language it is.

    Args:
        total_weight: sums up what terms weigh; a figure or date weighs as much as the heaviest of them.
    """

    def __init__(self, claim: Claims, total_weight: TotalWeight) -> None:
        self._claim, self._weigh, self._terms = claim, total_weight, claim.terms()
        self._heaviest = max((total_weight(frozenset((term,))) for term in self._terms), default=1.0)
        self._most_facts = len(claim.figures) + len(claim.days)
        self._total = total_weight(self._terms) + self._heaviest * self._most_facts

    def share(self, source: Source, candidate: QuoteCandidate) -> float | None:
        """How much of the statement a stretch says, what its context says added in part; None where that is too little."""
        if not self._total:
            return None
        said = self._weigh(self._terms & candidate.terms)
        # With all of its facts it would still be too little: most stretches, and facts take longer to compare.
        if (said + self._heaviest * self._most_facts) / self._total < MIN_QUOTED:
            return None
        facts, _all = _facts(self._claim, source.quote_context(candidate), is_same=True)
        in_quote = (said + self._heaviest * facts) / self._total
        if in_quote < MIN_QUOTED:
            return None
        share = in_quote + FROM_CONTEXT * self._weigh((self._terms & source.context) - candidate.terms) / self._total
        return share if share >= MIN_SHARED else None


def _facts(claim: Claims, quote_context: QuoteContext, *, is_same: bool) -> tuple[int, int]:
    """How many figures and dates of a statement a stretch has, and how many the statement has."""
    theirs = quote_context.figures
    figures = sum(
        any(figure.equals(other) and (is_same or states_figure(figure, other)) for other in theirs)
        for figure in claim.figures
    )
    inside = [day for day in quote_context.claims.days if quote_context.start <= day.start < quote_context.end]
    days = sum(any(day.covers(other) for other in inside) for day in claim.days)
    return figures + days, len(claim.figures) + len(claim.days)


def _holds_on(claim: Claims, shared: int, *, is_marked: bool) -> bool:
    """Whether a statement in another language has enough that can be compared: two figures or days.

    One of them, which many a passage has by chance, is enough where the LLM points to the passage; a year is none.
    """
    days = [day for day in claim.days if day.first == day.last]
    return bool(claim.figures or days) and shared >= (1 if is_marked else 2)


def _parts(claim: Claims) -> list[str]:
    """The parts of a statement that can stand alone: each has a figure or a date of its own.

    What leans on the part before is joined to it, what has neither figure nor date to the part behind.
    """
    text = claim.text
    values = [figure.start for figure in claim.figures] + [day.start for day in claim.days if not day.compared]
    parts: list[tuple[int, int]] = []
    start = 0
    for end in [*(match.end() for match in _PART_END.finditer(text)), len(text)]:
        if parts and _LEANS.match(text, start):
            parts[-1] = (parts[-1][0], end)
        elif claim.terms(start, end) and any(start <= value < end for value in values):
            parts.append((start, end))
        else:
            continue
        start = end
    if parts and start < len(text):
        parts[-1] = (parts[-1][0], len(text))
    return [text[first:last] for first, last in parts]


def _quote(passage: Passage, start: int, end: int) -> Quote:
    raw = passage.text[start:end]
    first = passage.start + start + len(raw) - len(raw.lstrip())
    return Quote(passage, first, first + len(raw.strip()), raw.strip())
