"""One statement tried against the passages: sentences that may carry it, what rules say of them, and how likely they do.

A statement in the passages' language is compared word by word (native_trials), another one by what it means there
(foreign_trials). What both have is here.
"""

import functools
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass

from rag.verification.alignment import Alignment, Evidence, Place
from rag.verification.citations import Quote
from rag.verification.comparison import QuoteContext
from rag.verification.computed import Derivation
from rag.verification.judgement import UNREAD, BearsOut, bare_and_with_context
from rag.verification.passages import Source

MIN_COVERED = 0.3
"""Share of a statement, by weight, that sentences must have to be held against it."""
MAX_LESS = 0.1
"""Share of a statement, by weight, that other sentences may have less than those tried before."""
MIN_COVERED_FOREIGN = 0.1
"""The same of a statement in another language, of which no dictionary has all words."""
MAX_TRIED = 3
"""Passages whose sentences are tried alone, before those of several together."""
MAX_QUOTES = 3
"""Quotes that may carry a statement together."""
MAX_COMPLETED = 6
"""Sentences that may be quoted for a statement, with those that only name whom or what it is about."""
MAX_TERM_PLACES = 8
"""Sentences, those with most of a statement first, in which the terms of a computed figure are looked for."""
MIN_PRESENCE = 0.5


@dataclass(frozen=True, slots=True)
class Trial:
    """Sentences held against a statement.

    Args:
        problems: what exact rules say against it.
        doubts: what may be a problem.
        derived: figures that follow from theirs.
    """

    evidence: Evidence
    problems: tuple[str, ...]
    doubts: tuple[str, ...] = ()
    derived: tuple[Derivation, ...] = ()

    @property
    def computed(self) -> frozenset[int]:
        """Places of the figures that follow from others."""
        return frozenset(one.figure.start for one in self.derived)

    @property
    def quotes(self) -> tuple[Quote, ...]:
        """The sentences, those that follow each other as one; the shortest first."""
        runs: list[tuple[Source, int, int, int]] = []
        for place in self.evidence.in_order():
            start, end = place.span
            if runs and runs[-1][0] is place.source and runs[-1][3] + 1 >= place.sentence:
                runs[-1] = (place.source, runs[-1][1], max(end, runs[-1][2]), place.sentence)
            else:
                runs.append((place.source, start, end, place.sentence))
        return tuple(source.quote(start, end) for source, start, end, _last in sorted(runs, key=lambda run: run[2] - run[1]))  # fmt: skip

    @property
    def nearest(self) -> Quote:
        """The sentence that has most of the statement."""
        best = self.evidence.places[0]
        return best.source.quote(*best.span)


def worth_trying(
    alignment: Alignment,
    complete: Callable[[Evidence, Sequence[Source]], Evidence],
    sources: Sequence[Source],
    min_share: float,
    *,
    together: bool,
) -> Iterator[Evidence]:
    """Yield the best sentences of single passages and those of several, the best first; what has less hides a rival.

    Args:
        complete: adds what sentences lack, from given passages.
        together: whether it may stand on several passages: a clause stands on one.
    """
    seen: set[frozenset[Place]] = set()
    best = 0.0
    sets = [[source] for source in alignment.best_sources(MAX_TRIED)] + ([list(sources)] if together else [])
    for chosen in sets:
        evidence = complete(alignment.choose(chosen), chosen)
        share = float(evidence.covered @ alignment.weights) / alignment.total
        key = frozenset(evidence.places)
        if share >= max(min_share, best - MAX_LESS) and key not in seen:
            seen.add(key)
            best = max(best, share)
            yield evidence


def with_sentence(
    alignment: Alignment, evidence: Evidence, sources: Sequence[Source], has: Callable[[Place], bool]
) -> Evidence:
    """Return the sentences and the nearest one that has something, of their own passages first."""
    if len(evidence.places) >= MAX_COMPLETED:
        return evidence
    first, own = evidence.places[0], set(evidence.sources)
    places = [Place(source, number) for source in sources for number in source.told]
    found = [
        (place.source not in own, place.source is not first.source, abs(place.sentence - first.sentence), number)
        for number, place in enumerate(places)
        if place not in evidence.places and has(place)
    ]
    return alignment.add(evidence, places[min(found)[-1]]) if found else evidence


def with_terms(
    alignment: Alignment,
    evidence: Evidence,
    sources: Sequence[Source],
    missing: Set[int],
    derive: Callable[[Evidence], Sequence[Derivation]],
) -> Evidence:
    """Return the sentences and the one from whose figures one of the statement's follows that nobody printed.

    Args:
        missing: places of the figures that no sentence has.
    """
    found = {one.figure.start for one in derive(evidence)}
    if missing <= found or len(evidence.places) >= MAX_COMPLETED:
        return evidence
    for place in alignment.best_places(MAX_TERM_PLACES):
        if place not in evidence.places and place.source in sources:
            wider = alignment.add(evidence, place)
            if {one.figure.start for one in derive(wider)} & (missing - found):
                return wider
    return evidence


def readings_of(bears_out: BearsOut | None, statement: str, evidence: Evidence) -> dict[str, Callable[[], float]]:
    """Return what asks the reader of the sentences: alone, and with what stands before them; nothing without a reader."""
    if bears_out is None:
        return {}
    with_context, bare = bare_and_with_context(evidence)
    return {
        "borne_out_bare": functools.partial(bears_out, statement, bare),
        "borne_out": functools.partial(bears_out, statement, with_context),
    }


def read_by(bears_out: BearsOut | None, statement: str, evidence: Evidence) -> tuple[float, float]:
    """What the reader makes of the sentences, with what stands before them and without; even odds without a reader."""
    readings = readings_of(bears_out, statement, evidence)
    return (readings["borne_out"](), readings["borne_out_bare"]()) if readings else UNREAD


def context_of(source: Source, evidence: Evidence) -> QuoteContext:
    """Return those of the sentences that stand in a passage, as claims are held against them."""
    stretches = tuple(sorted(place.span for place in evidence.places if place.source is source))
    return QuoteContext(source.claims, stretches, source.head, source.issued)


def words_of(problem: str) -> str:
    """Return the words that a problem is about; its kind where it names none."""
    kind, _, words = problem.partition(":")
    return words or kind
