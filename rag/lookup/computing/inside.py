"""What one sentence lets reckon without naming terms: from what to what something went, and the sum of what it lists."""

import re
from dataclasses import replace
from itertools import pairwise

from index.records import Article
from rag.evidence.sentence_ranking import CandidateSentence
from rag.facts.quantities import Figure, clause_at, find_figures, is_compatible
from rag.generation.composition import Composition, Line
from rag.generation.nearest import quote_of
from rag.lookup.computing.arithmetic import difference, total, unit_text
from rag.lookup.computing.figures import unit_of
from rag.lookup.inquiry import Inquiry
from rag.question.calculation.records import Calculation
from rag.records import Timings
from rag.verification.claims import Claims

MOST_BETWEEN = 30
"""Characters between from what and to what, or between two things that are listed."""
_TOTALS = ("共", "合计", "总", "其中", "累计", "包括")
_MARK = re.compile(r"[，。；：]")
_ITEM_END = re.compile(r"[、，。；：对]|等(?!级)")


def reckon_inside(calculation: Calculation, inquiry: Inquiry) -> Composition | None:
    """Return a change from and to printed figures, or the sum of a sentence's list; None where a figure of it is printed.

    Only where the sentence surely answers.
    """
    question = calculation.terms[0].question
    if inquiry.ground is None:
        return None
    grounding = inquiry.ground(replace(inquiry.query, text=question, history=()), question, Timings())
    if grounding.refusal or len(grounding.parts) != 1 or not grounding.parts[0].decision.evidence:
        return None
    part = grounding.parts[0]
    best = part.decision.evidence[0]
    article = part.retrieval.articles[best.passage.article_id]
    claims = Claims(best.text, article.date, inquiry.generation.lexicon)
    line = (
        _change(calculation, best, claims)
        if calculation.operation == "change"
        else _listed(calculation, best, claims, article)
    )
    return Composition((line,), "answered", articles={article.id: article}) if line else None


def _change(calculation: Calculation, best: CandidateSentence, claims: Claims) -> Line | None:
    """由2500吨提高到3000吨, where no figure says by how much."""
    wanted = unit_of(calculation.unit)
    figures = [figure for figure in claims.figures if wanted is None or is_compatible(wanted, figure.unit)]
    if any(figure.role == "change" and _is_seen(figure, best) for figure in claims.figures):
        return None
    for before, after in pairwise(figures):
        if (
            before.role == "from"
            and after.role == "to"
            and unit_text(before) == unit_text(after)
            and after.start - before.end <= MOST_BETWEEN
            and (_is_seen(before, best) or _is_seen(after, best))
        ):
            apart = difference(after, before)
            rises = not calculation.word.startswith(_FALLING)
            if apart and apart.sign and (apart.sign > 0) == rises:
                about = "约" if apart.is_rounded else ""
                said = f"{calculation.word}{about}{apart.value}：由{before.text}到{after.text}。"
                return Line(said, (quote_of(best),), apart.expression)
    return None


_FALLING = ("减", "降", "下", "缩", "少", "低")


def _listed(calculation: Calculation, best: CandidateSentence, claims: Claims, article: Article) -> Line | None:
    """30名护士、15名医生, where their sum is printed nowhere in the article."""
    wanted = unit_of(calculation.unit)
    seen = next((figure for figure in claims.figures if _is_seen(figure, best)), None)
    if seen is None or seen.role or wanted is None:
        return None
    run = _run_about(seen, claims)
    text = claims.text
    lead = text[clause_at(text, run[0].start) : run[0].start]
    if len(run) < 2 or not all(is_compatible(wanted, figure.unit) for figure in run):
        return None
    if any(word in lead for word in _TOTALS) or any(word in text[run[0].start : run[-1].end] for word in _TOTALS):
        return None
    summed = total(run)
    base = sum(figure.base for figure in run)
    if summed is None or any(figure.base == base for figure in find_figures(f"{article.title or ''}\n{article.text}")):
        return None
    terms = "、".join(_item(text, figure) for figure in run)
    return Line(
        f"合计{'约' if summed.is_rounded else ''}{summed.value}：{terms}。", (quote_of(best),), summed.expression
    )


def _run_about(seen: Figure, claims: Claims) -> list[Figure]:
    """The figures of one unit that are listed with one, each behind a 、."""
    figures = [figure for figure in claims.figures if unit_text(figure) == unit_text(seen)]
    place = figures.index(seen)
    first = last = place
    while first > 0 and _are_listed(claims.text, figures[first - 1], figures[first]):
        first -= 1
    while last + 1 < len(figures) and _are_listed(claims.text, figures[last], figures[last + 1]):
        last += 1
    return figures[first : last + 1]


def _are_listed(text: str, one: Figure, other: Figure) -> bool:
    between = text[one.end : other.start]
    return len(between) <= MOST_BETWEEN and between.count("、") == 1 and not _MARK.search(between)


def _item(text: str, figure: Figure) -> str:
    """What a list says of one thing: 30名护士, 柳湾中学30个班."""
    start = max((match.end() for match in _ITEM_END.finditer(text, 0, figure.start)), default=0)
    end = _ITEM_END.search(text, figure.end)
    return text[start : end.start() if end else len(text)]


def _is_seen(figure: Figure, sentence: CandidateSentence) -> bool:
    seen = sentence.answer_span
    return seen is not None and seen[0] < figure.end and figure.start < seen[1]
