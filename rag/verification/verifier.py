"""Statements → verified quotes, or why not. No second LLM call, no trust in the first.

A statement may leave the service when sentences of the retrieved passages say it: exact rules find nothing that they lack or
tell otherwise, and the learnt judgement finds them likely to support it. Neither alone is enough. The quotes are the passages'
own characters, each with what it takes to understand it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from rag.facts.asked_kind import JUDGED_KINDS
from rag.facts.contacts import asks_for_contact, find_contacts
from rag.question.analysis import analyse_question
from rag.question.language import detect_language
from rag.records import Passage
from rag.verification.absence import find_absence
from rag.verification.archive import Archive
from rag.verification.citations import Quote
from rag.verification.claims import Claims, fold
from rag.verification.excess import find_excess
from rag.verification.foreign_trials import ForeignTrials
from rag.verification.native_trials import NativeTrials
from rag.verification.passages import Source
from rag.verification.statements import ModelStatement
from rag.verification.trials import Trial

MIN_PROBABILITY = {"native": 0.3, "foreign": 0.35}
"""From which on a statement is shown: what each costs is told in decision 0044."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a draft is supported: by its quotes together, or not because of `problems`.

    Args:
        nearest: of a statement that is not supported, the quote that comes nearest; None where none has much of it.
        expression: how its figures follow from printed ones, where they do: 469−278=191家.
        absence: what it says that the reports do not tell; no quote can carry that.
        probability: that the quotes support it, as learnt; exact where it is near the bar.
    """

    quotes: tuple[Quote, ...]
    problems: tuple[str, ...] = ()
    nearest: Quote | None = None
    expression: str | None = None
    absence: str | None = None
    probability: float = 0.0

    @property
    def quote(self) -> Quote | None:
        """The first of the quotes."""
        return self.quotes[0] if self.quotes else None


class Verifier:
    """Finds the quotes that carry statements, among the passages of one question.

    Args:
        passages: those that the model was shown; markers count by their rank.
        archive: what is known besides.
        question: what is asked; what announces an answer may repeat it.
    """

    def __init__(self, passages: Sequence[Passage], archive: Archive, question: str = "") -> None:
        self._archive = archive
        self._question = question
        self._sources = [Source(passage, passages, archive.lexicon, archive.planted) for passage in passages]
        asked_kind = analyse_question(question, archive.lexicon).answer_type if question else "other"
        self._may_lead = asked_kind not in JUDGED_KINDS or asks_for_contact(question)
        self.ranks = frozenset(passage.rank for passage in passages)

    def verify(self, draft: ModelStatement) -> Verdict:
        """Return the quotes that carry a statement together, or the problems.

        The passages that it points to are preferred; where others have more of it, the marker moves.
        """
        claims = Claims(draft.claim, None, self._archive.lexicon)
        if excess := tuple(find_excess(draft, claims)):
            return Verdict((), excess)
        if absence := find_absence(draft.claim):
            return Verdict((), absence=absence)
        if led := self._leads_away(draft):
            return Verdict((), led)
        first: Trial | None = None
        for trials in self.trials(draft):
            for trial in trials.run():
                first = first or trial
                if trial.problems:
                    continue
                probability = trials.probability_about(trial, MIN_PROBABILITY[trials.kind])
                if probability >= MIN_PROBABILITY[trials.kind]:
                    expression = "；".join(one.expression for one in trial.derived) or None
                    return Verdict(trial.quotes, expression=expression, probability=probability)
        problems = (*first.problems, *first.doubts) if first else ()
        nearest = first.nearest if first else None
        return Verdict((), (*self._nowhere(draft, claims), *problems, "no_supporting_quote"), nearest)

    def verify_lead_in(self, draft: ModelStatement) -> Verdict:
        """Return whether what only announces others, as 主要措施包括：, names nothing that neither question nor passages have.

        It needs no quote.
        """
        claims = Claims(draft.claim, None, self._archive.lexicon)
        if excess := tuple(find_excess(draft, claims)):
            return Verdict((), excess)
        names = [
            name for name in claims.certain_names if fold(name) not in self._known and not self._archive.is_home(name)
        ]
        years = [day for day in claims.days if not day.yearless and day.first[:4] not in self._known]
        problems = [f"name_not_in_passage:{name}" for name in names]
        problems += [f"date_not_in_passage:{claims.text[day.start : day.end]}" for day in years]
        return Verdict((), tuple(problems))

    @cached_property
    def _known(self) -> str:
        """Letters and figures of the question, the passages and their heads, folded, and their dates."""
        known = "\n".join([self._question, *(source.parsed.text + "\n" + source.head.text for source in self._sources)])
        return fold(known) + "".join(source.passage.date or "" for source in self._sources)

    def _leads_away(self, draft: ModelStatement) -> tuple[str, ...]:
        """Where a statement sends its reader who wants a figure, a day or somebody, and no address: nobody asked for that."""
        return () if self._may_lead else tuple(f"link:{contact.text}" for contact in find_contacts(draft.claim))

    def trials(self, draft: ModelStatement) -> Iterator[NativeTrials | ForeignTrials]:
        """Yield the statement beside the passages of its language, then beside those of another."""
        language = detect_language(draft.claim)
        own = [source for source in self._sources if source.language == language]
        others = [source for source in self._sources if source.language != language]
        if own:
            yield NativeTrials(draft, own, self._archive)
        if others and language == "en" and self._archive.translate:
            yield ForeignTrials(draft, others, self._archive, self._archive.translate)

    def _nowhere(self, draft: ModelStatement, claims: Claims) -> Iterator[str]:
        """What no passage has at all: figures, and the passages that markers point to."""
        for figure in claims.figures:
            if not any(figure.equals(other) for source in self._sources for other in source.claims.figures):
                yield f"figure_not_in_passages:{figure.text}"
        yield from (f"marker_of_no_passage:{marker}" for marker in draft.markers if marker not in self.ranks)


def trials_beside(
    text: str, passage: Passage, archive: Archive
) -> Iterator[tuple[NativeTrials | ForeignTrials, Trial]]:
    """Yield a statement, with its full stop, held against the best sentences of one passage."""
    for trials in Verifier([passage], archive).trials(ModelStatement(text, (passage.rank,), "")):
        for trial in trials.run():
            yield trials, trial
