"""Figures of a statement: the stretches have each, told of the same thing, of the same time, and rising or falling alike."""

import re
from collections.abc import Iterator

from rag.facts.quantities import Figure, is_compatible
from rag.verification.bindings import counts_alike
from rag.verification.check_polarity import find_opposites
from rag.verification.claims import Claims
from rag.verification.comparison import BETTER_FIT_MARGIN, Comparison

INHERITED_CHARACTERS = 200
"""Characters before a figure's clause whose terms count for it."""
INHERITED_WEIGHT = 0.3
"""What a term counts that stands in an earlier clause of a figure's sentence."""
MIN_NEARBY_SHARE = 0.15
"""Share of the words around a figure that the sentence of its equal, or the one before, must have."""
_ORDINALS = frozenset(("order", "count", ""))
_FIRST = re.compile(r"首|第一")
_AGAIN = re.compile(r"再次|又一?次|接着|随后|接下来|又")
_YEAR = re.compile(r"(?:19|20)\d\d")
MAX_LISTED = 20
_ITEMS = re.compile(r"[、；;]|和|以及|及|与|, (?:and )?| and ")
_LEAD = re.compile(r"^.*?(?:分别(?:是|为)?|包括|有|是|为|：|:|了)")
_FIRSTLY = re.compile(r"[一二三四五六七八九十]是")
_SCOPE = re.compile(r"全[区市国省镇县]")
_ONWARD = re.compile(
    r"[\s,，]*+(?:已|将)?(?:延长|缩短|提高|提升|增加|减少|下降|上升|扩大|压缩|调整|推迟|提前|变|升|降|增|减)?了?(?:到|至|为|-|—|~|～|to|and)?\s*"
)


def find_unsupported_figures(pair: Comparison) -> Iterator[str]:
    """Yield the figures that the stretches lack, or tell of another thing, time or turn."""
    for figure in pair.claim.figures:
        if figure.start in pair.computed:
            continue
        equal = [other for other in pair.quote_context.figures if _equal(pair, figure, other)]
        if not equal:
            if not (
                _names_something(pair, figure) or _is_said_otherwise(pair, figure) or _is_count_of_list(pair, figure)
            ):
                yield f"figure_not_in_quote:{figure.text}"
            continue
        problem = _first_problem(pair, figure, equal)
        if problem:
            yield f"{problem}:{figure.text}"


def _first_problem(pair: Comparison, figure: Figure, equal: list[Figure]) -> str:
    """What is wrong with a figure whose value the stretch has; "" where nothing is."""
    for problem, fits in _CHECKS:
        equal = [other for other in equal if fits(pair, figure, other)]
        if not equal:
            return problem
    compares = pair.same_language and figure.unit != "label" and not _is_count_of_list(pair, figure)
    return "figure_of_something_else" if compares and _belongs_elsewhere(pair, figure, equal) else ""


def _equal(pair: Comparison, figure: Figure, other: Figure) -> bool:
    """Whether the values agree; a measure has to be told in both where the languages differ."""
    if not pair.same_language:
        return figure.equals(other) and states_figure(figure, other)
    is_meeting = "order" in (figure.unit, other.unit) and figure.amount == other.amount  # 三次会议, 第三次会议
    return (figure.is_told_by(other) and counts_alike(figure, other)) or (
        is_meeting and {figure.unit, other.unit} <= _ORDINALS
    )


def states_figure(figure: Figure, other: Figure) -> bool:
    """Whether figures of two languages have the same unit, or count something without one."""
    counting = {"", "count", "people", "visits", "label"}
    return figure.unit == other.unit or {figure.unit, other.unit} <= counting


def _turns_alike(pair: Comparison, figure: Figure, other: Figure) -> bool:
    if figure.turn and other.turn and figure.turn != other.turn:
        return False
    if {figure.role, other.role} == {"from", "to"}:
        return False
    if figure.role == "to" and not other.turn and pair.same_language:
        turns = pair.quote_context.claims.turns_in(*pair.quote_context.claims.sentence_of(other.start))
        return not turns or figure.turn in turns  # 升至38 of what fell
    is_change = (figure.role == "change", other.role == "change")
    return is_change[0] == is_change[1] or figure.neutral or other.neutral or not pair.same_language


def _bounds_alike(_held: Comparison, figure: Figure, other: Figure) -> bool:
    if figure.bound == "<" and not other.bound:
        return False  # fewer than what it is
    return not figure.bound or not other.bound or figure.bound == other.bound


def _holds_then(pair: Comparison, figure: Figure, other: Figure) -> bool:
    """Whether the days that the statement gives a figure are those of the quote, as far as that tells them."""
    mine, theirs = pair.claim.days_of(figure), pair.quote_context.claims.days_of(other)
    return not mine or not theirs or any(day.covers(said) for day in mine for said in theirs)


def _is_of_its_year(pair: Comparison, figure: Figure, other: Figure) -> bool:
    """Whether the statement gives a figure no year that the quote rules out."""
    mine, theirs = pair.claim.days_of(figure), pair.quote_context.claims.days_of(other)
    if any(day.yearless for day in [*mine, *theirs]) or not mine:
        return True
    if not theirs:  # a report tells nothing of a day after its own
        issued = pair.quote_context.issued
        return issued is None or any(day.first <= issued.last for day in mine)
    return any(day.first[:4] <= said.last[:4] and said.first[:4] <= day.last[:4] for day in mine for said in theirs)


def _is_of_the_named(pair: Comparison, figure: Figure, other: Figure) -> bool:
    """Whether whose figure it is according to the statement was named in the passage before it, or is in the head."""
    if not pair.same_language or figure.unit == "order":
        return True
    first, last = pair.claim.sentence_of(figure.start)
    theirs = pair.quote_context.claims
    opening, end = theirs.sentence_of(other.start)
    for name in pair.claim.people_and_places:
        if not first <= name.start < last:
            continue
        if name.text not in theirs.text[:end] and name.text not in pair.quote_context.head.text:
            return False
        if name.text not in theirs.text[opening:end] and _SCOPE.search(theirs.text, opening, other.start):
            return False  # the sentence speaks of the whole district
    return True


def _is_of_its_opposite(pair: Comparison, figure: Figure, other: Figure) -> bool:
    """Whether the figure is told of nothing opposite: 旧桥 and 新桥."""
    first, last = pair.claim.clause_of(figure.start)
    theirs = pair.quote_context.claims
    opening, end = theirs.sentence_of(other.start)
    return not any(find_opposites(pair.claim.text[first:last], theirs.text[opening:end]))


def _is_in_its_sentence(pair: Comparison, figure: Figure, other: Figure) -> bool:
    """Whether what the figure is said of is in the quote's sentence, or the one before it."""
    near = _context(pair.claim, figure)
    theirs = pair.quote_context.claims
    opening, end = theirs.sentence_of(other.start)
    before = theirs.sentence_start(max(0, opening - 2))
    has = theirs.terms(before, end) | pair.quote_context.head.terms(
        0, len((pair.quote_context.head.text).partition("\n")[0])
    )
    return (
        len(near) < 3
        or not pair.same_language
        or pair.total_weight(near & has) >= MIN_NEARBY_SHARE * pair.total_weight(near)
    )


_CHECKS = (
    ("turned", _turns_alike),
    ("bound", _bounds_alike),
    ("figure_of_another_year", _is_of_its_year),
    ("figure_of_another_time", _holds_then),
    ("figure_of_another", _is_of_the_named),
    ("figure_of_another", _is_of_its_opposite),
    ("figure_of_something_else", _is_in_its_sentence),
)


def _names_something(pair: Comparison, figure: Figure) -> bool:
    """Whether it is a number that names something beside the quote, which has no other of its kind: 33栋, 第七届."""
    known = (*pair.quote_context.claims.figures, *pair.quote_context.head.figures)
    is_rivalled = any(it.unit == figure.unit and it.text[-1:] == figure.text[-1:] for it in pair.quote_context.figures)
    return figure.unit in ("label", "order") and not is_rivalled and any(figure.equals(it) for it in known)


def _is_said_otherwise(pair: Comparison, figure: Figure) -> bool:
    """Whether the stretches say it without a figure: 首次, 再次; or as a date whose day or year it is: 30日, 2019."""
    text = pair.quote_context.text
    if not pair.same_language and _YEAR.fullmatch(figure.text):
        return figure.text in text + pair.quote_context.head.text or (
            pair.quote_context.issued is not None and figure.text == pair.quote_context.issued.first[:4]
        )
    if figure.unit == "order" and figure.amount in (1, 2):
        return (_FIRST if figure.amount == 1 else _AGAIN).search(text) is not None
    return figure.text[-1:] in ("日", "号") and figure.text in text


def _belongs_elsewhere(pair: Comparison, figure: Figure, equal: list[Figure]) -> bool:
    """Whether the words around a figure fit another figure of the article better than its equals."""
    near = _context(pair.claim, figure)
    total = pair.total_weight(near)
    own = max(_fit(pair, near, pair.quote_context.claims, other) for other in equal)
    for claims in (pair.quote_context.claims, pair.quote_context.head):
        for rival in claims.figures:
            if figure.equals(rival) or not is_compatible(figure.unit, rival.unit):
                continue
            # Beside the quote the same words come again in other connections.
            is_near = claims is pair.quote_context.claims and pair.is_inside(rival.start)
            margin = BETTER_FIT_MARGIN if is_near else 1.5 * BETTER_FIT_MARGIN
            is_alike = (figure.role == "change") == (rival.role == "change")
            if is_alike and _fit(pair, near, claims, rival) > own + margin * total:
                return True
    return False


def _fit(pair: Comparison, near: frozenset[str], claims: Claims, other: Figure) -> float:
    context = _context(claims, other)
    clause = claims.clause_of(other.start)[0]
    before = claims.terms(max(claims.sentence_start(other.start), clause - INHERITED_CHARACTERS), clause)
    return pair.total_weight(near & context) + INHERITED_WEIGHT * pair.total_weight((near & before) - context)


def _context(claims: Claims, figure: Figure) -> frozenset[str]:
    """Terms of a figure's clause; where others are counted in it, of its own part of it.

    In 甲、乙分别占…% that is its member of the list; else, in Chinese, what stands before it since the figure before,
    in English what stands around it.
    """
    start, end = claims.clause_of(figure.start)
    clause = claims.text[start:end]
    told, mark, _counted = clause.partition("分别")
    beside = claims.figures_in(start + len(told) + 1, end)
    members = [item for item in re.split(r"[、]|和|与|及", told) if item.strip()] if mark else []
    if mark and len(members) == len(beside) and figure in beside:
        at = claims.text.find(members[beside.index(figure)], start)
        return claims.terms(at, at + len(members[beside.index(figure)]))
    near = (
        *claims.figures_in(start, figure.start)[-MAX_LISTED:],
        *claims.figures_in(figure.start, end)[: MAX_LISTED + 1],
    )
    alike = [it for it in near if is_compatible(it.unit, figure.unit)]
    before = [it.end for it in alike if it.end <= figure.start]
    after = [it.start for it in alike if it.start >= figure.end]
    if before and _ONWARD.fullmatch(claims.text, before[-1], figure.start):
        before = before[:-1]  # 由20时延长至22时: both are told of the same
    if mark or not (before or after):
        return claims.terms(start, end)
    until = (after[0] if clause.isascii() else figure.end) if after else end
    return claims.terms(before[-1] if before else start, until)


def _is_count_of_list(pair: Comparison, figure: Figure) -> bool:
    """Whether a figure counts what the statement, or the quote, lists, and the quote does not count it: 点评了甲、乙、丙3个街镇."""
    counted, theirs = pair.claim.text[figure.end : figure.end + 2], pair.quote_context.claims.text
    if counted and any(theirs[other.end : other.end + 2] == counted for other in pair.quote_context.figures):
        return False
    if figure.unit not in ("count", "people", "") or not 1 < figure.amount <= MAX_LISTED:
        return False
    for run in (pair.claim.text, *re.split(r"[。！？]", pair.quote_context.text)):
        items = (_ITEMS.split(run), _ITEMS.split(_LEAD.sub("", run)), _FIRSTLY.findall(run))
        if any(figure.amount == len(listed) for listed in items):
            return True
    return False
