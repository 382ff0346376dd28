"""A question that reckons → its figures, each grounded by itself, and what comes out; None where it is not certain."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise, product

from index.language.terms import Lexicon
from rag.evidence.grounding import Ground, GroundedPart, Grounding
from rag.facts.quantities import clause_at, find_figures
from rag.generation.composition import Composition, Line
from rag.lookup.computing.agreement import can_be_reckoned, do_agree, fits_time
from rag.lookup.computing.arithmetic import Reckoned, difference, share, total
from rag.lookup.computing.binding import Binding, bindings_of, head_binding
from rag.lookup.computing.figures import Told, find_told, per_of
from rag.lookup.computing.inside import reckon_inside
from rag.lookup.computing.wording import not_comparable, say_beside, say_difference, say_share, say_sum, say_which
from rag.lookup.inquiry import Inquiry
from rag.question.calculation.chinese import is_change
from rag.question.calculation.read import read_calculation
from rag.question.calculation.records import Calculation, Term
from rag.records import Language, Timings

FIGURES_TRIED = 6
"""Of each term."""
IN_ONE_SENTENCE, IN_ONE_ARTICLE = 5.0, 3.0
"""What it adds, in log odds, that figures stand together; those told side by side are the same quantity."""
PUT_ALIKE = 2.0
"""… that what they count stands on the same side of them: 9个油库、280个加油站."""
MIN_SCORE = 1.0
"""Of each figure: what it gives is in rag/decisions/0051."""
HALF = 0.5
"""Of the words for a part, so much stands before its printed share."""
_AGAINST = re.compile(r"(?<!同)(?<!环)[比较](?!上年|去年|上月|上期)|相差|高[于出]|低于|[多少]于")
"""In front of a figure that tells how far one thing is from another, and not from what it was."""


def compute(inquiry: Inquiry) -> Composition | None:
    """Return a difference, a sum, a share or a comparison of printed figures, with a quote for each."""
    calculation = read_calculation(inquiry.analysis)
    if calculation is None or inquiry.ground is None:
        return None
    if calculation.operation in ("change", "listed"):
        return reckon_inside(calculation, inquiry)
    lexicon = inquiry.generation.lexicon
    bindings = bindings_of(calculation.terms, inquiry.language, inquiry.retriever, lexicon)
    if bindings is None:
        return None
    is_named = head_binding(calculation.terms[0].shared, inquiry.retriever, lexicon)
    ground = partial(_ground, inquiry.ground, inquiry)
    if calculation.operation in ("difference", "share") and is_printed(
        calculation, bindings[0], ground(inquiry.question)
    ):
        return None
    found = [ground(term.question) for term in calculation.terms]
    if not all(grounding.parts for grounding in found):
        return None
    told = _choose(calculation, [grounding.parts[0] for grounding in found], bindings, is_named, lexicon)
    lines = _tell(calculation, told, inquiry) if told else None
    if not told or not lines:
        return _by_change(calculation, inquiry)
    articles = {one.article.id: one.article for one in told}
    return Composition(lines, "answered", articles=articles)


def _by_change(calculation: Calculation, inquiry: Inquiry) -> Composition | None:
    """What one sentence tells of from what to what it went, where the two were not found one by one."""
    if calculation.is_of_times or calculation.operation != "difference" or not is_change(calculation.word):
        return None
    whole = (Term(inquiry.question, ""),)
    return reckon_inside(replace(calculation, operation="change", terms=whole), inquiry)


def _ground(ground: Ground, inquiry: Inquiry, question: str) -> Grounding:
    query = replace(inquiry.query, text=question, history=())
    return ground(query, question, Timings())


def is_printed(calculation: Calculation, is_first: Binding, grounding: Grounding) -> bool:
    """Whether a sentence that answers has, where the reader sees the answer, the size of a change or a share."""
    for part in grounding.parts:
        if part.decision.refusal or not part.decision.evidence:
            continue
        best = part.decision.evidence[0]
        seen = best.answer_span
        if seen is None:
            continue
        for figure in find_figures(best.text):
            is_seen = seen[0] < figure.end and figure.start < seen[1]
            clause = best.text[clause_at(best.text, figure.start) : figure.start]
            if not is_seen:
                continue
            if calculation.operation == "share":
                if figure.unit == "%" and is_first(best.text[: figure.start]) >= HALF:
                    return True
            elif figure.role == "change" and (calculation.is_of_times or _AGAINST.search(clause)):
                return True
    return False


def _choose(
    calculation: Calculation,
    parts: Sequence[GroundedPart],
    bindings: Sequence[Binding],
    is_named: Callable[[str], bool],
    lexicon: Lexicon,
) -> tuple[Told, ...] | None:
    """The likeliest figures, one a term, that agree."""
    tried = []
    for place, term in enumerate(calculation.terms):
        told = [
            one
            for one in find_told(parts, place, calculation, bindings, is_named, lexicon)
            if fits_time(one, calculation.time_of(term))
        ]
        tried.append(told[:FIGURES_TRIED])
    fitting = [chosen for chosen in product(*tried) if do_agree(chosen)]
    fitting = [chosen for chosen in fitting if can_be_reckoned(calculation, chosen)] or fitting
    best = max(fitting, key=_joint_score, default=None)
    if best is None or any(one.score + _nearness(one, best) < MIN_SCORE for one in best):
        return None
    return best


def _joint_score(chosen: Sequence[Told]) -> float:
    return sum(one.score for one in chosen) + sum(_beside(one, other) for one, other in pairwise(chosen))


def _nearness(told: Told, chosen: Sequence[Told]) -> float:
    return max((_beside(told, other) for other in chosen if other is not told), default=0.0)


def _beside(told: Told, other: Told) -> float:
    if told.article.id != other.article.id:
        return 0.0
    if told.sentence.start != other.sentence.start:
        return IN_ONE_ARTICLE
    return IN_ONE_SENTENCE + PUT_ALIKE * (told.is_behind == other.is_behind)


def _tell(calculation: Calculation, told: tuple[Told, ...], inquiry: Inquiry) -> tuple[Line, ...] | None:
    """The lines; None where the figures are not to be reckoned and nothing but that was asked."""
    language = inquiry.language
    is_reckoned = can_be_reckoned(calculation, told)
    if calculation.operation == "sum":
        summed = total([one.figure for one in told]) if is_reckoned else None
        return (say_sum(calculation, told, summed, language),) if summed else None
    if calculation.unit is None and is_change(calculation.word) and _is_printed_beside(told):
        return None
    if calculation.operation == "share":
        part = share(told[0].figure, told[1].figure) if is_reckoned else None
        return (say_share(calculation, told, part, language),) if part else None
    apart = difference(told[0].figure, told[1].figure, per_of(told[0])) if is_reckoned else None
    if calculation.operation == "beside" or (apart is None and calculation.is_of_times):
        return _side_by_side(calculation, told, apart, language)
    if apart is None:
        return None
    if calculation.operation == "greater":
        return (say_which(calculation, told, apart, language),)
    return (say_difference(calculation, told, apart, language),)


def _is_printed_beside(told: Sequence[Told]) -> bool:
    """Whether both stand in one sentence that says itself by how much: 相比上年同期的159元增长了13.84%."""
    first = told[0]
    return all(one.sentence.start == first.sentence.start for one in told) and any(
        figure.role == "change" for figure in first.claims.figures
    )


def _side_by_side(
    calculation: Calculation, told: tuple[Told, ...], apart: Reckoned | None, language: Language
) -> tuple[Line, ...]:
    """The sentence of each time; then how far they are apart, or why that is not reckoned."""
    lines = say_beside(calculation, told)
    return (*lines, say_difference(calculation, told, apart, language) if apart else Line(not_comparable(language)))
