"""A passage and a statement that a reader wants confirmed → whether the passage settles it, and which way.

The verifier lays the statement beside the passage's sentences, as it does with what an LLM says; what it lacks tells more than that it
fails: another figure, day or name in its place says that it is not so, none at all says nothing. The reader tells whether the
passage answers the question. (Supported, refuted, not enough information: Thorne et al. 2018, FEVER.) Weights: tests/training/train_stance.py.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rag.evidence.contrast import CONTRAST_FEATURES, Contrast, find_contrast
from rag.question.yes_no import YesNoQuestion
from rag.records import Passage
from rag.retrieval.linear_model import read_logistic
from rag.verification.alignment import MAX_SLIPS, Place
from rag.verification.archive import Archive
from rag.verification.citations import Quote
from rag.verification.claims import Claims
from rag.verification.cross_language import CROSS_LANGUAGE_FEATURES
from rag.verification.foreign_trials import ForeignTrials
from rag.verification.judgement import SUPPORT_FEATURES, support_probability
from rag.verification.native_trials import NativeTrials
from rag.verification.trials import Trial
from rag.verification.verifier import trials_beside
from rag.verification.words import ParsedText

STANCE_FILE = "stance.json"
CONTRASTS = ("figure_instead", "day_instead", "opposite", "denied", "denial", "rival", "turned")
"""Features that speak against a statement, where others only say that nothing speaks for it."""
MAX_SEEN_ODDS = 6.0
"""Beyond it log odds say no more."""
MIN_CHANCE = 1e-4
"""No probability is less, nor its contrary."""
NEARLY_ALL, FULLY_SAID = 0.95, 0.55
"""Share of a statement from which on a sentence says it word for word, and how likely it is then at least."""
MOSTLY = 0.9
"""Share of what is asked from which on it stands there."""
SAID_OTHERWISE, NOT_SAID = 0.15, 0.35
"""How likely a statement is at most of which another figure or the opposite is told, and one that exact rules find a problem with."""
NEAR_SENTENCES = 2
"""Behind the sentence that tells of the matter, where it may be denied."""
OF_SUPPORT = (
    "absent",
    "nouns",
    "least_noun",
    "nouns_imported",
    "loosest_word",
    "bigrams",
    "name_margin",
    "other_agents",
    "unlisted",
    "offices_held",
    "added_denial",
    "lost_denial",
    "added_all",
    "added_only",
    "added_plan",
    "added_superlative",
    "other_comparison",
    "figure_of_another_time",
    "date_of_something_else",
)
"""Those of rag.verification.judgement that tell more than whether it is supported; 0 where the languages differ."""
STANCE_FEATURES = (
    "answers",  # log odds, by the reader, that the passage answers the question
    "borne_out",  # … that the sentences bear the statement out, with what stands before them
    "borne_out_bare",
    "supported",  # log odds, by the verifier, that they support it
    "covered",  # share of the statement, by weight, that they have
    "figure",  # problems that exact rules find, by what they are about
    "day",
    "name",
    "rival",
    "turned",
    "denial",  # whether it is denied there or behind it
    "rumour",  # whether it is called hearsay
    "problems",
    "doubts",
    "is_negated",
    "is_english",
    "has_figure",
    "has_day",
    *OF_SUPPORT,
    *CONTRAST_FEATURES,
)
_KINDS = {
    "figure": re.compile(r"figure_not_in_quote|bound|figure_of_another\b|figure_of_another_year|turned:\d"),
    "day": re.compile(r"date_not_in_passage"),
    "name": re.compile(r"name_not_in_passage|words_not_in_passage"),
    "rival": re.compile(r"name_of_another|post_of_another|deed_of_another|row_of_another"),
    "turned": re.compile(r"turned|denied|not_denied|said_otherwise"),
}
_DENIES = re.compile(
    r"(?P<untrue>不实|不属实|谣言|谣传|辟谣|误传|讹传|子虚乌有|假消息|虚假信息)|并非|并不是|并没有|并未|不存在|否认|澄清|从未|从来没有|(?<!是)不是(?=[^，。]{2,15}，而是)"
)
DENIED_CHARACTERS = 15
"""Behind a denial, within which what it denies is named."""
_RUMOUR = re.compile(r"网传|传言|传闻|据传|谣传|谣言|流传|误传|讹传|有(?:网友|人|消息)称")
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Beside:
    """A statement beside a passage.

    Args:
        features: in the order of STANCE_FEATURES.
        supporting: the sentences that would carry it, as printed.
        telling: what is told of the matter, up to where it is denied.
        contrast: what stands in the place of what is asked; None where the languages differ.
    """

    features: Floats
    supporting: tuple[Quote, ...]
    telling: tuple[Quote, ...]
    contrast: Contrast | None


@dataclass(frozen=True, slots=True)
class Stance:
    """What one passage says of a statement.

    Args:
        supports, refutes: probabilities that it says so, and that it says otherwise; what is missing to 1 is that it does not tell.
        quotes: the sentences that tell of the matter, as printed.
        passage: of which it is one.
        contrast: what stands in the place of what is asked; None where the languages differ.
        is_contrasted: whether something is told that speaks against it: another value, the opposite, a denial.
        has_asked: whether what is asked stands in the passage, or what could stand in its place is missing: nothing but the judgement
            speaks against the statement then.
        is_denied: whether it is called untrue, or denied in so many words.
    """

    supports: float
    refutes: float
    quotes: tuple[Quote, ...]
    passage: Passage
    contrast: Contrast | None
    is_contrasted: bool
    has_asked: bool
    is_denied: bool


def find_stance(
    asked: YesNoQuestion, passage: Passage, answers: float, archive: Archive, names: Sequence[str] = ()
) -> Stance | None:
    """Return what a passage says of a statement; None where it has too little of it to be held against it.

    Args:
        answers: log odds, by the reader, that the passage answers the question.
        names: what an English statement names, as the archive writes it: what is denied of it.
    """
    beside = lay_beside(asked, passage, answers, archive, names)
    if beside is None:
        return None
    settled, is_so = (
        float(1 / (1 + np.exp(-(weights[:-1] @ beside.features + weights[-1]))))
        for weights in (read_logistic(__package__, key, STANCE_FEATURES, STANCE_FILE) for key in ("settled", "so"))
    )
    named = dict(zip(STANCE_FEATURES, beside.features, strict=True))
    if named["figure_instead"] or named["opposite"] or named["denial"]:
        is_so = min(is_so, SAID_OTHERWISE)
    elif any(named[kind] for kind in _KINDS):
        is_so = min(is_so, NOT_SAID)
    elif all(named[name] >= NEARLY_ALL for name in ("known", "asked", "covered")) and not (
        named["doubts"] or named["denied"]
    ):
        is_so = max(is_so, FULLY_SAID)
    quotes = beside.supporting if is_so >= 1 / 2 else beside.telling
    has_asked = named["asked_near"] >= MOSTLY or bool(named["day_nowhere"] or named["figure_nowhere"])
    is_contrasted = any(named[name] for name in CONTRASTS)
    return Stance(
        settled * is_so,
        settled * (1 - is_so),
        quotes,
        passage,
        beside.contrast,
        is_contrasted,
        has_asked,
        bool(named["denial"]),
    )


def lay_beside(
    asked: YesNoQuestion, passage: Passage, answers: float, archive: Archive, names: Sequence[str] = ()
) -> Beside | None:
    """Return what is seen of a statement beside a passage; None where it has too little of it.

    Args:
        answers, names: as in find_stance.
    """
    tried = _best_trial(asked, passage, archive)
    if tried is None:
        return None
    trials, trial = tried
    source = trial.evidence.places[0].source
    contrast = find_contrast(asked, source, archive) if asked.language == "zh" else None
    telling = Place(source, contrast.sentence) if contrast else trial.evidence.places[0]
    features = _features(asked, answers, trials, trial, contrast, archive, names)
    told = _up_to_denial(telling)
    supporting = sorted(trial.quotes, key=lambda quote: not (quote.start <= told.start < quote.end))
    return Beside(features, tuple(supporting), (told,), contrast)


def _best_trial(
    asked: YesNoQuestion, passage: Passage, archive: Archive
) -> tuple[NativeTrials | ForeignTrials, Trial] | None:
    return min(trials_of(asked, passage, archive), key=lambda one: len(one[1].problems), default=None)


def trials_of(
    asked: YesNoQuestion, passage: Passage, archive: Archive
) -> Iterator[tuple[NativeTrials | ForeignTrials, Trial]]:
    """Yield the statement held against the best sentences of a passage."""
    return trials_beside(asked.plain + (". " if asked.language == "en" else "。"), passage, archive)


def _features(
    asked: YesNoQuestion,
    answers: float,
    trials: NativeTrials | ForeignTrials,
    trial: Trial,
    contrast: Contrast | None,
    archive: Archive,
    named: Sequence[str],
) -> Floats:
    names = CROSS_LANGUAGE_FEATURES if isinstance(trials, ForeignTrials) else SUPPORT_FEATURES
    judged = trials.features(trial)
    seen = dict(zip(names, map(float, judged), strict=True))
    probability = min(max(support_probability(judged, trials.kind), MIN_CHANCE), 1 - MIN_CHANCE)
    places = trial.evidence.in_order()
    told = "".join(_with_following(places))
    claims = Claims(asked.statement, places[0].source.date, archive.lexicon)
    words = [word.key for word in ParsedText(claims).words if word.kind == "word" and len(word.key) > 1]
    words += named
    values = [
        *np.clip((answers, seen["borne_out"], seen["borne_out_bare"]), -MAX_SEEN_ODDS, MAX_SEEN_ODDS),
        float(np.log(probability / (1 - probability))),
        seen["covered"],
        *(min(sum(kind.match(one) is not None for one in trial.problems), MAX_SLIPS) for kind in _KINDS.values()),
        not _DENIES.search(asked.statement) and _is_denied(told, words),
        _RUMOUR.search(told) is not None,
        min(len(trial.problems), MAX_SLIPS + 1),
        min(len(trial.doubts), MAX_SLIPS + 1),
        asked.is_negated,
        asked.language == "en",
        bool(claims.figures),
        bool(claims.days),
        *(seen[name] if names is SUPPORT_FEATURES else 0.0 for name in OF_SUPPORT),
        *(contrast.features if contrast else [0.0] * len(CONTRAST_FEATURES)),
    ]
    return np.array(values, np.float64)


def _is_denied(told: str, words: Sequence[str]) -> bool:
    """Whether a text calls something untrue, or denies what one of the words names."""
    return any(
        match["untrue"]
        or any(word in told[match.end() : match.end() + DENIED_CHARACTERS].partition("而是")[0] for word in words)
        for match in _DENIES.finditer(told)
    )


def _with_following(places: Sequence[Place]) -> Iterator[str]:
    """The sentences, and those behind each in which it may be denied."""
    numbers = sorted({(place.sentence + far, place.source) for place in places for far in range(NEAR_SENTENCES + 1)}, key=lambda one: one[0])  # fmt: skip
    for number, source in numbers:
        if number < len(source.parsed.sentences):
            yield source.said.text[slice(*source.parsed.sentences[number])]


def _up_to_denial(place: Place) -> Quote:
    """The sentence, up to where what it tells is denied."""
    text, bounds = place.source.said.text, place.source.parsed.sentences
    start, end = place.span
    if not _DENIES.search(text, start, end):
        for number in range(place.sentence + 1, min(place.sentence + 1 + NEAR_SENTENCES, len(bounds))):
            if _DENIES.search(text, *bounds[number]):
                end = bounds[number][1]
                break
    return place.source.quote(start, end)
