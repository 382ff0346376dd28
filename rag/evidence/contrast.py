"""The sentence of a passage that tells of what a statement tells of, and what stands in it in the place of what is asked.

A question for yes or no gives what is known and asks for one thing: 倒塌的 | 是 | 卢沟桥. The sentence with most of the known is
looked for, and what is asked is looked for in it: it is there, or something else of its sort is, or nothing is.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rag.facts.quantities import Figure
from rag.question.yes_no import DENIAL, YesNoQuestion
from rag.verification.alignment import presences, word_weights
from rag.verification.archive import Archive
from rag.verification.check_polarity import find_opposites
from rag.verification.claims import Claims, Days
from rag.verification.passages import Source
from rag.verification.words import ParsedText, Word

CONTRAST_FEATURES = (
    "known",  # share of what is known that the sentence has
    "asked",  # share of what is asked
    "asked_near",  # … that it and the sentence behind it have
    "asked_anywhere",  # … that any sentence of the passage has
    "figure_same",  # whether a figure of the statement stands in it
    "figure_instead",  # whether none does, and another of its sort does
    "figure_nowhere",
    "day_same",
    "day_instead",
    "day_nowhere",
    "opposite",  # whether it has the opposite of a word of the statement
    "denied",  # whether its clause denies and the statement does not, or the reverse
)
ASKED_WORDS = 2
"""The last words of a statement are what is asked where no word stands before it that says so."""
ASKED_WEIGHT = 1.0
"""What of the asked counts, beside the known, for which sentence tells of it."""
ALIKE_WEIGHT = 0.5
"""… and what a value counts that may stand in the place of one that the passage has nowhere."""
COUNTED_CHARACTERS = 2
MAX_CONTRASTED = 3
"""In which another value is looked for, those that tell most of the matter."""
_BEFORE_ASKED = re.compile(
    r"(?:不?是(?:由|在|从|于|因为|因|为了)?|由|位于|担任|出任|定在|叫|名为|属于|等于|达到?|为)(?=[^是由]{1,400}$)"
)
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Contrast:
    """What stands in the place of what is asked.

    Args:
        features: in the order of CONTRAST_FEATURES.
        sentence: number of the sentence that tells of the matter.
        slot: the figure or day of the statement that the passage has nowhere; "" where there is none.
        instead: what its sentences have of that sort, those that tell most of the known first; as printed.
    """

    features: tuple[float, ...]
    sentence: int
    slot: str = ""
    instead: tuple[str, ...] = ()


def find_contrast(asked: YesNoQuestion, source: Source, archive: Archive) -> Contrast | None:
    """Return what a passage has in the place of what is asked; None where it has nothing that is known."""
    claims = Claims(asked.statement, source.date, archive.lexicon)
    words = ParsedText(claims).words
    if not words or not source.told:
        return None
    weights = word_weights(words, archive.lexical.idf)
    is_asked = _asked(asked.statement, words)
    is_word = np.array([word.kind == "word" for word in words])
    table = np.array([presences(words, *source.sentence(number)) for number in source.told], np.float64)
    known = _shares(table, weights, ~is_asked & is_word)
    told = _shares(table, weights, is_asked & is_word)
    figure = next((own for own in claims.figures if not _has_figure(own, source.claims.figures)), None)

    def alike(sentence: int) -> list[Figure]:
        others = source.sentence(sentence)[1]
        return [other for other in others if figure and _is_alike(figure, claims.text, other, source.claims.text)]

    has_alike = np.array([bool(alike(sentence)) for sentence in source.told], np.float64)
    scores = known + ASKED_WEIGHT * told + ALIKE_WEIGHT * has_alike
    place = int(scores.argmax())
    number = source.told[place]
    near = table[place : place + 2].max(axis=0, keepdims=True)
    _text, figures, days = source.sentence(number)
    day = next((own for own in claims.days if not _has_day(own, source.claims.days)), None)
    text = source.parsed.text[slice(*source.parsed.sentences[number])]
    values = [
        known[place],
        told[place],
        _shares(near, weights, is_asked & is_word)[0],
        _shares(table.max(axis=0, keepdims=True), weights, is_asked & is_word)[0],
        any(_has_figure(own, figures) for own in claims.figures),
        bool(has_alike[place]),
        figure is not None and not has_alike[place],
        any(_has_day(own, days) for own in claims.days),
        day is not None and bool(days),
        day is not None and not days,
        any(find_opposites(asked.statement, text)),
        _is_denied(source, number, words) != asked.is_negated,
    ]
    best = [source.told[int(one)] for one in np.argsort(-scores, kind="stable")[:MAX_CONTRASTED]]
    slot, instead = "", tuple[str, ...]()
    printed = source.claims.text
    if figure:
        others = [other for one in best for other in alike(one)]
        slot, instead = figure.text, tuple(dict.fromkeys(printed[other.start : other.end] for other in others))
    elif day and is_asserted(asked.statement, day):
        dates = [other for one in best for other in source.sentence(one)[2] if not other.compared]
        slot = claims.text[day.start : day.end]
        instead = tuple(dict.fromkeys(printed[other.start : other.end] for other in dates))
    return Contrast(tuple(map(float, values)), number, slot, instead)


def is_asserted(statement: str, day: Days) -> bool:
    """Whether a date is what a statement asserts and no circumstance of it: 是2020年开工的, 定在7月25日."""
    return re.search(r"(?:是|在|于|从|自|为|到|至|定|将)$", statement[: day.start]) is not None


def _asked(statement: str, words: Sequence[Word]) -> npt.NDArray[np.bool_]:
    """(words,) which are what is asked."""
    match = _BEFORE_ASKED.search(statement)
    behind = np.array([match is not None and word.start >= match.end() for word in words], bool)
    if behind.any() and not behind.all():
        return behind
    return np.arange(len(words)) >= len(words) - ASKED_WORDS


def _shares(table: Floats, weights: Floats, chosen: npt.NDArray[np.bool_]) -> Floats:
    """(sentences,) share of the chosen words, by weight; 1 where there are none."""
    total = float(weights[chosen].sum())
    return np.asarray(table[:, chosen] @ weights[chosen] / total, np.float64) if total else np.ones(len(table))


def _has_figure(own: Figure, others: Sequence[Figure]) -> bool:
    return any(own.equals(other) for other in others)


def _is_alike(own: Figure, said: str, other: Figure, printed: str) -> bool:
    """Whether another value may stand in a figure's place: it measures the same, or counts what stands behind both: 八|车道."""
    counted = said[own.end : own.end + COUNTED_CHARACTERS]
    is_counted_alike = counted == printed[other.end : other.end + COUNTED_CHARACTERS]
    return own.unit == other.unit and (own.unit != "" or is_counted_alike)


def _has_day(own: Days, others: Sequence[Days]) -> bool:
    return any(own.covers(other) or other.covers(own) for other in others)


def _is_denied(source: Source, number: int, words: Sequence[Word]) -> bool:
    """Whether the clause of a sentence that has most of the words denies something."""
    clauses = [clause for clause in source.parsed.clauses if clause.sentence == number]
    texts = [source.parsed.text[clause.start : clause.end] for clause in clauses]
    best = max(texts, key=lambda text: sum(word.key in text for word in words), default="")
    return DENIAL.search(best) is not None
