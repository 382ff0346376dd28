"""What is so, where what is asked is not: the statement with the figure or day that was printed in the place of its own.

8.7万平方米 of 总建筑面积是8.7万平方米 stands nowhere; 70万 and 7.8万 do. Each is put into its place, and the verifier tells which of these
statements is borne out: another thing's figure is not.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.evidence.stance import Stance, trials_of
from rag.question.yes_no import YesNoQuestion
from rag.verification.archive import Archive
from rag.verification.citations import Quote
from rag.verification.trials import Trial
from rag.verification.verifier import MIN_PROBABILITY

ABOUT_AS_SURE, MAX_SHOWN = 0.15, 2
"""Difference in probability up to which a second value is shown beside the first."""
MAX_AMENDED = 4
"""Values that are tried: each is read twice."""


@dataclass(frozen=True, slots=True)
class Amendment:
    """A statement that is borne out.

    Args:
        instead: the value that it has in the place of the one asked about, as printed.
        probability: that its quotes support it.
    """

    instead: str
    probability: float
    quotes: tuple[Quote, ...]


def find_amendments(asked: YesNoQuestion, stances: Sequence[Stance], archive: Archive) -> list[Amendment]:
    """Return the statements that are borne out with another value, the most surely borne out first, each value once.

    Another one follows the first only where it is about as sure.

    Args:
        stances: of the passages, the most telling first.
    """
    tried = [
        (stance, stance.contrast.slot, instead)
        for stance in stances
        if stance.contrast and stance.contrast.slot
        for instead in stance.contrast.instead
    ]
    best: dict[str, Amendment] = {}
    for stance, slot, instead in tried[:MAX_AMENDED]:
        amended = replace(asked, statement=asked.statement.replace(slot, instead, 1))
        for trials, trial in trials_of(amended, stance.passage, archive):
            if trial.problems or not _is_of_the_matter(trial, instead):
                continue
            probability = trials.probability(trial)
            known = best.get(instead)
            if probability >= MIN_PROBABILITY[trials.kind] and (known is None or probability > known.probability):
                quotes = tuple(quote for quote in trial.quotes if instead in quote.text)
                best[instead] = Amendment(instead, probability, quotes or trial.quotes)
    found = sorted(best.values(), key=lambda one: -one.probability)
    return [one for one in found if one.probability >= found[0].probability - ABOUT_AS_SURE][:MAX_SHOWN]


def _is_of_the_matter(trial: Trial, value: str) -> bool:
    """Whether the value stands in the very sentence that has most of the statement, or beside it."""
    return value in trial.evidence.places[0].text or len(trial.quotes) == 1
