"""A question for yes or no, and what was found for it → yes, no, or that it cannot be confirmed; with what was printed.

best passages ─ stance, each ─► supports, refutes ─► yes where one surely says so; no where one surely says otherwise
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from index.language.terms import characters_of
from rag.evidence.amendment import find_amendments
from rag.evidence.grounding import GroundedPart, Grounding
from rag.evidence.stance import Stance, find_stance
from rag.question.conversation.english_topic import find_english_names
from rag.question.yes_no import YesNoQuestion, read_yes_no
from rag.records import Passage
from rag.verification.archive import Archive
from rag.verification.citations import Quote

YesOrNo = Literal["yes", "no", "unsettled"]
MAX_WEIGHED = 3
"""Passages that a statement is held against: reading a pair of them takes as long as ranking does."""
MIN_YES, MIN_NO, MIN_BARE_NO, MIN_JUDGED_NO = 0.5, 0.5, 0.6, 0.75
"""Probabilities from which on it is said: no where something speaks against it, where what is asked is missing, and where nothing but
the judgement says no. What others give: decision 0052."""
MIN_AMENDED = 0.3
"""… from which on another value that is borne out says no."""
MIN_BORNE_OUT = 0.5
"""Probability of another value from which on it says no whatever the reader makes of the question: it is told of that very thing."""
MAX_BEHIND = 3.0
"""Log odds by which a passage may be less likely to answer than the best one."""
CERTAIN = 0.8
"""… from which on an LLM that says the contrary is not believed."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """What is said to a question for yes or no.

    Args:
        probability: that it is right, by what a passage says; 0 of what is unsettled.
        quotes: what tells it; none where it is unsettled.
        instead: the figure or day that is printed in the place of the one asked about.
    """

    verdict: YesOrNo
    probability: float
    quotes: tuple[Quote, ...] = ()
    instead: str | None = None

    @property
    def is_settled(self) -> bool:
        """Whether what was printed says yes or no."""
        return self.verdict != "unsettled"

    @property
    def is_certain(self) -> bool:
        """Whether one who says the contrary is not believed."""
        return self.is_settled and self.probability >= CERTAIN


def settle(grounding: Grounding, archive: Archive) -> Settlement | None:
    """Return what is said to a question; None where it is not answered with yes or no, or asks several things.

    Args:
        archive: what statements are held against besides the passages.
    """
    if len(grounding.parts) != 1 or grounding.refusal in ("unclear", "not_allowed"):
        return None
    part = grounding.parts[0]
    asked = read_yes_no(part.question)
    if asked is None:
        return None
    names = _names_in_chinese(part) if asked.language == "en" else []
    found = [
        stance for passage, answers in _read(part) if (stance := find_stance(asked, passage, answers, archive, names))
    ]
    yes = max(found, key=lambda stance: stance.supports, default=None)
    no = max(found, key=lambda stance: stance.refutes, default=None)
    # Who repeats a rumour does not bear it out: a denial answers.
    denials = [stance for stance in found if stance.is_denied and stance.refutes >= MIN_NO]
    denial = max(denials, key=lambda stance: stance.refutes, default=None)
    if denial and not (yes and yes.supports >= CERTAIN):
        return Settlement("no", denial.refutes, denial.quotes)
    if yes and no and yes.supports >= max(MIN_YES, no.refutes):
        return Settlement("yes", yes.supports, yes.quotes)
    if grounding.correction:  # the rules know who holds the office, or who did it
        return Settlement("no", CERTAIN, (grounding.correction.quote,))
    amended = find_amendments(asked, found, archive)
    is_refuted = no is not None and no.refutes >= MIN_AMENDED
    if amended and (is_refuted or amended[0].probability >= MIN_BORNE_OUT):
        quotes = tuple(dict.fromkeys(quote for one in amended for quote in one.quotes))
        instead = amended[0].instead if len(amended) == 1 else None
        return Settlement("no", max(amended[0].probability, CERTAIN), quotes, instead)
    if no and no.refutes >= _min_no(no, asked):
        return Settlement("no", no.refutes, no.quotes if no.is_contrasted else _nearest(no, part))
    return Settlement("unsettled", 0.0)


def _min_no(stance: Stance, asked: YesNoQuestion) -> float:
    if stance.is_contrasted:
        return MIN_NO if asked.language == "zh" else MIN_BARE_NO
    return MIN_JUDGED_NO if stance.has_asked else MIN_BARE_NO


def _nearest(stance: Stance, part: GroundedPart) -> tuple[Quote, ...]:
    """What tells of the matter where nothing in it speaks against the statement: the passage's best sentence for the question."""
    best = next(
        (one for one in part.decision.evidence if one.passage.chunk_id == stance.passage.chunk_id),
        None,
    )
    return (best.quote,) if best else stance.quotes


def _names_in_chinese(part: GroundedPart) -> list[str]:
    """What an English question names, as the archive most likely writes it: 卢沟桥 of Marco Polo Bridge."""
    named = " ".join(find_english_names(part.question)).casefold()
    ways = [concept.translations for concept in part.retrieval.translation.concepts if concept.english in named]
    written = [[characters_of(term) for term in translations[0][0]] for translations in ways]
    names = [pairs[0] + "".join(pair[-1] for pair in pairs[1:]) for pairs in written]
    return [name for name in names if len(name) > 1 and not name.isascii()]


def _read(part: GroundedPart) -> Iterator[tuple[Passage, float]]:
    """The passages that most likely answer, with the log odds that they do."""
    readings = part.retrieval.readings
    read = [passage for passage in part.retrieval.passages if passage.chunk_id in readings]
    if (
        part.analysis.language == "en"
    ):  # a statement is no question, and in another language the reader sees that less: by rank
        told = {evidence.passage.chunk_id for evidence in part.decision.evidence}
        is_timed = part.analysis.time_range is not None and part.analysis.time_range.constrains_time
        of_time = [passage for passage in read if passage.chunk_id in told or not is_timed]
        yield from ((passage, readings[passage.chunk_id].odds) for passage in of_time[:MAX_WEIGHED])
        return
    read.sort(key=lambda passage: -readings[passage.chunk_id].odds)
    for passage in read[:MAX_WEIGHED]:
        odds = readings[passage.chunk_id].odds
        if odds >= readings[read[0].chunk_id].odds - MAX_BEHIND:
            yield passage, odds
