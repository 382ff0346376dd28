"""An English statement, tried against Chinese passages by what it means there."""

from collections.abc import Callable, Iterator, Sequence

from index.records import PartialDate
from rag.verification.alignment import Alignment, Evidence, Float64, Place
from rag.verification.archive import Archive
from rag.verification.claims import Claims
from rag.verification.comparison import Comparison
from rag.verification.computed import Derivation, derive_figures
from rag.verification.cross_language import ForeignStatement, Translate
from rag.verification.judgement import UNREAD, decide_support, support_probability
from rag.verification.passages import Source
from rag.verification.statements import ModelStatement
from rag.verification.support import find_problems
from rag.verification.trials import (
    MAX_QUOTES,
    MIN_COVERED_FOREIGN,
    MIN_PRESENCE,
    Trial,
    context_of,
    read_by,
    readings_of,
    with_sentence,
    with_terms,
    words_of,
    worth_trying,
)


class ForeignTrials:
    """An English statement on Chinese passages.

    Args:
        draft: the statement.
        sources: those passages.
        archive: what is known besides.
        translate: English into the archive's words.
    """

    kind = "foreign"

    def __init__(
        self, draft: ModelStatement, sources: Sequence[Source], archive: Archive, translate: Translate
    ) -> None:
        self._sources, self._archive, self._text = sources, archive, draft.claim
        self._translation = translate(draft.claim)
        self._statements: dict[PartialDate | None, ForeignStatement] = {}
        self._weights = self._statement(sources[0].date).weights
        self._alignment = Alignment(self._weights, sources, draft.markers, self._presence)

    def run(self) -> Iterator[Trial]:
        """Yield what the rules say of the best sentences of single passages, and of several."""
        if not len(self._weights):
            return
        together = len(self._statement(self._sources[0].date).claims.clauses) > 1
        for evidence in worth_trying(
            self._alignment, self._completed, self._sources, MIN_COVERED_FOREIGN, together=together
        ):
            trial = Trial(evidence, tuple(self._problems(evidence)), derived=self._derive(evidence))
            if len(trial.quotes) <= MAX_QUOTES:
                yield trial

    def features(self, trial: Trial) -> Float64:
        """Return what the learnt judgement looks at; see rag.verification.cross_language."""
        return self._features(trial, read_by(self._archive.bears_out, self._text, trial.evidence))

    def probability(self, trial: Trial) -> float:
        """How likely the sentences are to support the statement."""
        return support_probability(self.features(trial), self.kind)

    def probability_about(self, trial: Trial, least: float) -> float:
        """The same, exact only where it is near a bar; see decide_support."""
        readings = readings_of(self._archive.bears_out, self._text, trial.evidence)
        return decide_support(self._features(trial, UNREAD), self.kind, readings, least)

    def _features(self, trial: Trial, read: tuple[float, float]) -> Float64:
        return self._statement(trial.evidence.places[0].source.date).features(trial.evidence, read)

    def _statement(self, date: PartialDate | None) -> ForeignStatement:
        if date not in self._statements:
            claims = Claims(self._text, date, self._archive.lexicon)
            self._statements[date] = ForeignStatement(claims, self._translation, self._archive.lexicon)
        return self._statements[date]

    def _completed(self, evidence: Evidence, sources: Sequence[Source]) -> Evidence:
        """The sentences with those that have a figure or a date that they lack."""
        count, figures = len(self._translation.concepts), self._statement(self._sources[0].date).claims.figures
        lacking = [part for part in range(count, len(self._weights)) if evidence.covered[part] < MIN_PRESENCE]
        for part in lacking:
            evidence = with_sentence(self._alignment, evidence, sources, self._has_part(part))
        missing = {
            figure.start
            for part, figure in enumerate(figures, start=count)
            if part < len(self._weights) and evidence.covered[part] < MIN_PRESENCE
        }
        return with_terms(self._alignment, evidence, sources, missing, self._derive)

    def _has_part(self, part: int) -> Callable[[Place], bool]:
        return lambda place: self._presence(place)[part] == 1.0

    def _presence(self, place: Place) -> list[float]:
        values = self._statement(place.source.date).presence(*place.source.sentence(place.sentence))
        return [*values, *[0.0] * len(self._weights)][: len(self._weights)]

    def _derive(self, evidence: Evidence) -> tuple[Derivation, ...]:
        values = [place.source.sentence(place.sentence) for place in evidence.places]
        figures = [figure for _text, found, _days in values for figure in found]
        claims = self._statement(evidence.places[0].source.date).claims
        return tuple(derive_figures(claims, figures, [day for _text, _figures, found in values for day in found]))

    def _problems(self, evidence: Evidence) -> list[str]:
        kept: dict[str, str] | None = None
        computed = frozenset(one.figure.start for one in self._derive(evidence))
        for source in evidence.sources:
            statement = self._statement(source.date)
            pair = Comparison(
                statement.claims,
                context_of(source, evidence),
                lambda _terms: 0.0,
                same_language=False,
                is_home=self._archive.is_home,
                computed=computed,
            )
            known = source.parsed.text + "\n" + source.head.text
            names = [
                f"name_not_in_passage:{name}" for name in statement.missing_originals(known, self._archive.is_home)
            ]
            found = {words_of(problem): problem for problem in [*find_problems(pair), *names]}
            kept = found if kept is None else {words: problem for words, problem in kept.items() if words in found}
        return list((kept or {}).values())
