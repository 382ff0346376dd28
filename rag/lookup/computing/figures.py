"""Grounding of a term's question → the figures that may be the term's, likeliest first, each with the sentence it stands in."""

import datetime
import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from index.language.normalise import simplify
from index.language.terms import Lexicon
from index.language.vocabulary import measure_words, pattern_of
from index.records import Article, DateSpan, PartialDate
from rag.evidence.grounding import GroundedPart
from rag.evidence.sentence_ranking import CandidateSentence
from rag.facts.quantities import CLAUSE_END, Figure, find_figures
from rag.lookup.computing.arithmetic import unit_text
from rag.lookup.computing.binding import Binding, boundness
from rag.question.calculation.records import Calculation
from rag.verification.bindings import counts_alike
from rag.verification.claims import Claims, Days

SENTENCES_LOOKED_AT = 12
MIN_ODDS = -3.0
"""Log odds, by the reader, that a passage answers a term's question: below it says nothing of the matter."""
FOUND_BY_READER = 2.0
"""What it adds that the reader sees the answer in the figure; in log odds, as the next ones."""
BOUND = 3.0
"""… that all of the term's own words stand beside it."""
NAMED = 3.0
"""… that all of what is counted or measured stands in its clause."""
DATED = 1.5
"""… that its sentence states the time asked about, no longer and no shorter one."""
FOUND_OTHERWISE = -1.0
"""… that another term's question found it."""
_LEVELS = ("", "to", "from")
_BEFORE = 40
"""Characters before a figure, at most, in which its own words stand; back to the figure of the same unit before it."""
_BEHIND = 8
REPORTED_DAYS = 100
"""A time is reported on within this many days after its end."""
CONTEXT_WEIGHT = 0.7
"""Of what its passage and its title have of what is counted, beside its own clause."""
COUNTED = frozenset(("count", "people", "visits"))
"""Units of what is counted: 个 may be 家 or 人."""
MIN_BOUND = 0.3
"""Of a term's own words, so much stands beside its figure."""
MIN_NAMED = 0.2
"""Of what is counted or measured, so much is named beside a figure that only its time ties to its term."""
NAMED_OTHERWISE = 0.5
"""Of a quantity by another name: 地区生产总值 for GDP."""
_MOVED = re.compile(r"(?:上调|下调|上浮|下浮|多花|少花|多付|节省|调整)[^，。；]{0,4}$")
"""Before the size of a change, besides what rag.facts.quantities knows."""
_SCOPE = re.compile(r"全[国省市球区县镇]|本市|我市|我省")
_PER = re.compile(rf"[/／]{pattern_of(measure_words())}")
_ITEM_END = re.compile(r"[，。；、（）()：,;]")
_THINGS = re.compile(r"、|和|与|以及|及")


@dataclass(frozen=True, slots=True)
class Told:
    """A figure as a sentence tells it, for one term.

    Args:
        sentence: candidate that it stands in.
        claims: of the sentence.
        days: that it holds for, as its sentence says; none where it does not.
        score: log odds that it is the term's.
        boundness: share of the term's own words that stand beside it.
        is_seen: whether the reader sees the answer in it.
        is_behind: whether what it counts stands behind it: 280个加油站.
    """

    figure: Figure
    sentence: CandidateSentence
    article: Article
    claims: Claims
    days: tuple[Days, ...]
    score: float
    boundness: float
    is_seen: bool
    is_behind: bool

    @property
    def place(self) -> tuple[str, int]:
        """Where it is printed: article and offset."""
        return self.article.id, self.sentence.start + self.figure.start

    @property
    def clause(self) -> str:
        """The clause that it stands in."""
        start, end = self.claims.clause_of(self.figure.start)
        return self.claims.text[start:end]


def per_of(told: Told) -> str:
    """Return what a figure is measured per, as it is printed: /立方米."""
    match = _PER.match(told.claims.text, told.figure.end)
    return match[0] if match else ""


def find_told(
    parts: Sequence[GroundedPart],
    place: int,
    calculation: Calculation,
    bindings: Sequence[Binding],
    is_named: Callable[[str], bool],
    lexicon: Lexicon,
) -> list[Told]:
    """Return the figures that may be a term's, likeliest first.

    Args:
        parts: what was found for each term's question.
        place: of the term among those of the calculation.
        is_named: tells that a stretch names what is counted or measured.
        bindings: for each term, what tells that a stretch speaks of it.
    """
    term, asked = calculation.terms[place], asked_figure(calculation.unit)
    names = lexicon.find_names(term.question)
    best: dict[tuple[str, int], Told] = {}
    for part_place, part in enumerate(parts):
        for sentence in part.decision.evidence[:SENTENCES_LOOKED_AT]:
            if sentence.reading is None or sentence.reading.odds < MIN_ODDS:
                continue
            article = part.retrieval.articles[sentence.passage.article_id]
            for told in _in_sentence(sentence, article, calculation, place, bindings, is_named, names, lexicon):
                if asked and not (is_asked_unit(told.figure, asked.unit) and counts_alike(told.figure, asked)):
                    continue
                if part_place != place:
                    told = replace(told, score=told.score + FOUND_OTHERWISE)
                if told.place not in best or best[told.place].score < told.score:
                    best[told.place] = told
    return sorted(best.values(), key=lambda told: -told.score)


def is_asked_unit(figure: Figure, wanted: str | None) -> bool:
    """Whether a figure counts or measures what is asked; one without a unit may measure, but counts nothing."""
    if wanted is None:
        return True
    if not (figure.unit and wanted):
        is_written_out = not (figure.unit or re.search(r"\d", figure.text))  # 两 of 两市 measures nothing
        return not ({wanted, figure.unit} & COUNTED or is_written_out)
    return wanted == figure.unit or {wanted, figure.unit} <= COUNTED


def asked_figure(unit: str | None) -> Figure | None:
    """Return any figure in the unit that is asked for, to hold others against it; None where none is."""
    figures = find_figures(f"3{unit}") if unit else []
    return figures[0] if figures and figures[0].unit else None


def unit_of(unit: str | None) -> str | None:
    """Return what a unit measures, as Figure.unit has it: money for 亿元; None where no unit is asked for."""
    asked = asked_figure(unit)
    return asked.unit if asked else None


def _in_sentence(
    sentence: CandidateSentence,
    article: Article,
    calculation: Calculation,
    term_place: int,
    bindings: Sequence[Binding],
    is_named: Callable[[str], bool],
    names: Sequence[str],
    lexicon: Lexicon,
) -> Iterator[Told]:
    text = simplify(sentence.text)
    if len(text) != len(sentence.text):
        return
    term, is_own = calculation.terms[term_place], bindings[term_place]
    claims = Claims(text, article.date, lexicon)
    seen = sentence.answer_span
    standing = math.log(max(sentence.share, 1e-3)) / 2 + (sentence.reading.odds if sentence.reading else 0.0) / 2
    context = f"{article.title or ''}{_lead(sentence)}"
    for place, figure in enumerate(claims.figures):
        if figure.unit in ("clock", "order", "label") or (figure.role not in _LEVELS) != calculation.is_of_changes:
            continue
        start, _end = claims.clause_of(figure.start)
        lead = text[start : figure.start]
        if (not calculation.is_of_changes and _MOVED.search(lead)) or (term.time and "同期" in lead):
            continue
        around, is_behind = _around(place, claims, bindings)
        bound = is_own(around)
        if not term.time and (
            bound < MIN_BOUND or bound <= max(other(around) for other in bindings if other is not is_own)
        ):
            continue
        if _is_of_another_place(figure, claims, sentence, article, names, lexicon):
            continue
        if not figure.unit and bound < 1.0:
            continue
        days = _own_days(figure, claims) or _days_before(sentence, article, lexicon)
        time = calculation.time_of(term)
        if time and not _is_of(time, days, article.date):
            continue
        is_seen = seen is not None and seen[0] < figure.end and figure.start < seen[1]
        own_clause = text[start : figure.end + _BEHIND]
        naming = max(boundness(term.shared, own_clause), CONTEXT_WEIGHT * boundness(term.shared, context + own_clause))
        if term.time:
            is_in_clause = is_named(own_clause)
            naming = max(naming, NAMED_OTHERWISE * is_in_clause)
            if naming < MIN_NAMED or not (is_in_clause or (is_seen and is_named(context))):
                continue
        is_dated = time is not None and any((day.first, day.last) == (time.first, time.last) for day in days)
        score = standing + DATED * is_dated + FOUND_BY_READER * is_seen + BOUND * bound + NAMED * naming
        yield Told(figure, sentence, article, claims, days, score, bound, is_seen=is_seen, is_behind=is_behind)


def _own_days(figure: Figure, claims: Claims) -> tuple[Days, ...]:
    """The days that a figure holds for; of several in its clause the last before it: 由2017年底4.9万人降到2018年底2万人."""
    days = tuple(claims.days_of(figure))
    start, _end = claims.clause_of(figure.start)
    before = [day for day in claims.days if start <= day.start < figure.start]
    return (before[-1],) if before else days


def _lead(sentence: CandidateSentence) -> str:
    """What its passage says before a sentence."""
    return simplify(sentence.passage.text[: sentence.start - sentence.passage.start])


def _days_before(sentence: CandidateSentence, article: Article, lexicon: Lexicon) -> tuple[Days, ...]:
    """The days that the same full sentence states before a part of it that ends at a semicolon: 2023年数据：…；…；…"""
    before = re.split(r"[。！？\n]", _lead(sentence))[-1]
    days = [day for day in Claims(before, article.date, lexicon).days if not day.compared] if before else []
    return tuple(days[-1:])


def _around(place: int, claims: Claims, bindings: Sequence[Binding]) -> tuple[str, bool]:
    """What stands beside a figure and may say whose it is: what follows, where that names one, else what leads to it.

    Returns:
        that stretch; whether it is what follows.
    """
    text, figure = claims.text, claims.figures[place]
    behind = _behind(place, claims)
    if _names_one(bindings, behind):
        return behind, True
    if place and _names_one(bindings, taken := _behind(place - 1, claims)):  # 77个加油点共抽检983个批次
        return text[claims.figures[place - 1].end + len(taken) : figure.start] + behind, False
    before = max(
        (
            other.end
            for other in claims.figures[:place]
            if unit_text(other) == unit_text(figure) and other.role != "change"
        ),
        default=0,
    )
    before = max(before, claims.sentence_start(figure.start), figure.start - _BEFORE)
    if respective := _respective(place, claims):
        return respective, False
    item = text.rfind("、", before, figure.start) + 1
    if item and figure.start - item > 1 and any(before <= other.start < item for other in claims.figures[:place]):
        clause = max([text.rfind(mark, before, item) + 1 for mark in "，；："] + [before])
        return text[before:clause] + text[item : figure.start] + behind, False  # 发电机9台 of 保障车17辆、发电机9台
    return text[before : figure.start] + behind, False


def _behind(place: int, claims: Claims) -> str:
    """What stands behind a figure, up to the next one or the end of the item."""
    text, figure = claims.text, claims.figures[place]
    following = claims.figures[place + 1].start if place + 1 < len(claims.figures) else len(text)
    return _ITEM_END.split(text[figure.end : min(following, figure.end + _BEHIND)], maxsplit=1)[0]


def _names_one(bindings: Sequence[Binding], text: str) -> bool:
    return bool(text) and any(binding(text) == 1.0 for binding in bindings)


def _is_of_another_place(
    figure: Figure,
    claims: Claims,
    sentence: CandidateSentence,
    article: Article,
    names: Sequence[str],
    lexicon: Lexicon,
) -> bool:
    """Whether it is told of all the city, where the passage has a figure of its unit for the place asked about."""
    start, _end = claims.clause_of(figure.start)
    lead = claims.text[start : figure.start]
    if not _SCOPE.search(lead) or any(name in lead for name in names):
        return False
    passage = Claims(simplify(sentence.passage.text), article.date, lexicon)
    return any(
        unit_text(other) == unit_text(figure)
        and any(name in passage.text[slice(*passage.clause_of(other.start))] for name in names)
        for other in passage.figures
    )


def _respective(place: int, claims: Claims) -> str:
    """The thing that a figure is of, where several are listed with 分别: 8.12元 is 95号's in 95号、98号分别为8.12元和8.9元."""
    figure = claims.figures[place]
    start = claims.sentence_start(figure.start)
    mark = claims.text.rfind("分别", start, figure.start)
    if mark < 0:
        return ""
    listed = CLAUSE_END.split(claims.text[start:mark])[-1]
    things = [thing for thing in _THINGS.split(listed) if thing]
    figures = [other for other in claims.figures[: place + 1] if other.start > mark and other.unit == figure.unit]
    return things[len(figures) - 1] if len(things) > 1 and len(figures) <= len(things) else ""


def _is_of(time: DateSpan, days: Sequence[Days], printed: PartialDate | None) -> bool:
    """Whether a figure holds for a time: as its sentence says, else by when it was printed."""
    if days:
        return any(day.first <= time.last and time.first <= day.last for day in days)
    if printed is None:
        return True
    last = (datetime.date.fromisoformat(time.last) + datetime.timedelta(REPORTED_DAYS)).isoformat()
    first_day, last_day = (int(day.replace("-", "")) for day in (time.first, last))
    return printed.first_day <= last_day and first_day <= printed.last_day
