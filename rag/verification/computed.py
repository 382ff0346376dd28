"""Figures that nobody printed and that follow from printed ones: sums, differences, shares, averages, counts, durations.

Computed by code, exactly; the statement must say which of these it is (一共, 比…多, 占, 平均, 历时), and round as it says.
"""

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, permutations

from rag.facts.quantities import Figure, clause_at, is_compatible
from rag.verification.claims import Claims, Days

MAX_TERMS = 8
"""Figures, dates or times from which another is computed at most: among more of them, something fits by chance."""
MAX_SUMMED = 5
_SUM = re.compile(
    r"共|合计|总计|一共|总共|累计|总数|加起来|两[项者类个处]|[三四五六]者|\b(?:total|altogether|together|in all|sum)\b",
    re.IGNORECASE,
)
_DIFFERENCE = re.compile(r"多|少|差|非|高|低|增|减|降|升|剩|余|其他|另|大出|超|不属|之外|便宜|贵|早|晚|\b(?:more|fewer|less|difference|rose|fell|other|rest|remaining|higher|lower|before|earlier|exceed\w*|above|below|by|ahead|against|compared)\b", re.IGNORECASE)  # fmt: skip
_SHARE = re.compile(r"占|比例|比重|率|份额|成|\b(?:per ?cent|share|proportion|rate)\b|%", re.IGNORECASE)
_OTHERS = re.compile(r"其余|其他|之外|以外|未|不|另|非|\b(?:other|rest|not|remaining)\b")
_AVERAGE = re.compile(r"平均|每|均|\b(?:average|per|each)\b", re.IGNORECASE)
_TIMES = re.compile(r"倍|\btimes\b|\btwice\b|\bdouble", re.IGNORECASE)
_LASTS = re.compile(
    r"历时|为期|相隔|间隔|前后|持续|经过|历经|用了|需要?|耗时|之后|以后|后的|后，|早|晚|隔|只|约|共|满|已|\b(?:lasted|later|after|took|over|for|apart|between|about)\b",
    re.IGNORECASE,
)
_CLAUSE_MARK = re.compile(r"[，。；！？,;]")
_DAY_MINUTES = 1440
_DAYS_OF_MONTH = 30.44
_YEARS_TOLERANCE = 6
_MONTHS_TOLERANCE = 0.6
"""Months by which a duration may be off that is told in years, or in months."""


@dataclass(frozen=True, slots=True)
class Derivation:
    """How a figure follows from others.

    Args:
        expression: as it is shown: 469−278=191家.
    """

    figure: Figure
    expression: str


def derive_figures(statement: Claims, known: Sequence[Figure], dates: Sequence[Days]) -> list[Derivation]:
    """Return how the figures of a statement follow from known ones, for those that do.

    Args:
        known: figures of the sentences that carry the statement.
        dates: their dates, and the statement's that were found there.
    """
    terms = _distinct([figure for figure in known if figure.unit not in ("clock", "order", "label")])
    own = [figure for figure in terms if any(figure.equals(other) for other in statement.figures)]
    found = []
    for figure in statement.figures:
        if any(figure.equals(other) for other in known):
            continue
        clause = statement.text[clause_at(statement.text, figure.start) : _clause_end(statement.text, figure.end)]
        sets = [own, terms] if 2 <= len(own) < len(terms) else [terms]
        wanted = _Wanted(figure, statement.text, clause)
        expression = next(
            (one for chosen in sets if len(chosen) <= MAX_TERMS for one in _arithmetic(wanted, chosen)), None
        )
        expression = (
            expression or next(_durations(figure, dates, clause), None) or next(_clock_times(figure, known), None)
        )
        if expression:
            found.append(Derivation(figure, expression))
    return found


_Result = tuple[str, Fraction]
"""A calculation as it is shown, and its exact value."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A figure that is looked for, in its statement and its clause."""

    figure: Figure
    text: str
    clause: str

    @property
    def is_share(self) -> bool:
        return self.figure.unit in ("%", "‰")


def _arithmetic(wanted: _Wanted, terms: Sequence[Figure]) -> Iterator[str]:
    for operation in (_sums, _differences, _shares, _complements, _multiples, _averages):
        for left, value in operation(wanted, terms):
            yield f"{left}{'=' if value == wanted.figure.base else '≈'}{wanted.figure.text}"


def _sums(wanted: _Wanted, terms: Sequence[Figure]) -> Iterator[_Result]:
    if not _SUM.search(wanted.clause):
        return
    for count in range(2, min(len(terms), MAX_SUMMED) + 1):
        for chosen in combinations(terms, count):
            total = sum((term.base for term in chosen), Fraction(0))
            if _alike(wanted.figure, *chosen) and _rounds(total, wanted.figure):
                yield "+".join(map(_number, chosen)), total


def _differences(wanted: _Wanted, terms: Sequence[Figure]) -> Iterator[_Result]:
    if not _DIFFERENCE.search(wanted.clause):
        return
    for larger, smaller in _ordered_pairs(terms):
        if _is_difference(wanted.figure, larger, smaller):
            yield f"{_number(larger)}−{_number(smaller)}", larger.base - smaller.base


def _shares(wanted: _Wanted, terms: Sequence[Figure]) -> Iterator[_Result]:
    if not (wanted.is_share and _SHARE.search(wanted.text)):
        return
    for whole, part in _ordered_pairs(terms):
        if part.unit in ("%", "‰") or not whole.base or not is_compatible(whole.unit, part.unit):
            continue
        share = part.base / whole.base * (100 if wanted.figure.unit == "%" else 1000)
        if _rounds(share, wanted.figure):
            yield f"{_number(part)}÷{_number(whole)}", share


def _complements(wanted: _Wanted, terms: Sequence[Figure]) -> Iterator[_Result]:
    if wanted.figure.unit == "%" and _OTHERS.search(wanted.text):
        for term in terms:
            if term.unit == "%" and _rounds(100 - term.amount, wanted.figure):
                yield f"100%−{_number(term)}%", 100 - term.amount


def _multiples(wanted: _Wanted, terms: Sequence[Figure]) -> Iterator[_Result]:
    if wanted.figure.unit != "times" or not _TIMES.search(wanted.clause):
        return
    for larger, smaller in _ordered_pairs(terms):
        if smaller.base and _alike(larger, smaller) and _is_times(larger.base / smaller.base, wanted.figure):
            yield f"{_number(larger)}÷{_number(smaller)}", larger.base / smaller.base


def _averages(wanted: _Wanted, terms: Sequence[Figure]) -> Iterator[_Result]:
    if not _AVERAGE.search(wanted.clause):
        return
    for whole, parts in permutations(terms, 2):
        fits = parts.amount and is_compatible(wanted.figure.unit, whole.unit)
        if fits and _rounds(whole.base / parts.amount, wanted.figure):
            yield f"{_number(whole)}÷{_number(parts)}", whole.base / parts.amount


def _durations(figure: Figure, dates: Sequence[Days], clause: str) -> Iterator[str]:
    """How long it is from one date to another, the last day counted or not."""
    if figure.unit not in ("minutes", "months", "") or not _LASTS.search(clause + figure.text):
        return
    ends = {day.first: _show_day(day.first, day.last) for day in dates if not day.is_range}
    for day in dates:
        if day.is_range:
            ends |= {end: _show_day(end, end) for end in (day.first, day.last)}
    for first, last in combinations(sorted(ends), 2) if len(ends) <= MAX_TERMS else ():
        days = (datetime.date.fromisoformat(last) - datetime.date.fromisoformat(first)).days
        if figure.unit == "months":
            tolerance = _YEARS_TOLERANCE if figure.text[-1:] == "年" or "year" in figure.text else _MONTHS_TOLERANCE
            fits = abs(days / _DAYS_OF_MONTH - float(figure.base)) <= tolerance
        else:
            fits = figure.base % _DAY_MINUTES == 0 and figure.base // _DAY_MINUTES in (days, days + 1)
        if fits:
            yield f"{ends[last]}−{ends[first]}={figure.text}"


def _clock_times(figure: Figure, known: Sequence[Figure]) -> Iterator[str]:
    clocks = [other for other in known if other.unit == "clock"]
    for first, last in combinations(clocks, 2) if len(clocks) <= MAX_TERMS else ():
        minutes = abs(last.amount - first.amount)
        if figure.unit == "minutes" and minutes and abs(minutes - figure.base) <= 5 * (figure.base >= 60):
            yield f"{last.text}−{first.text}={figure.text}"


def _is_difference(figure: Figure, larger: Figure, smaller: Figure) -> bool:
    if not _alike(larger, smaller):
        return False
    if figure.unit == "百分点" and {larger.unit, smaller.unit} == {"%"}:
        return _rounds(larger.amount - smaller.amount, figure)
    return _alike(figure, larger) and _rounds(larger.base - smaller.base, figure)


def _ordered_pairs(terms: Sequence[Figure]) -> Iterator[tuple[Figure, Figure]]:
    for one, other in combinations(terms, 2):
        yield (one, other) if one.base >= other.base else (other, one)


def _alike(*figures: Figure) -> bool:
    return all(is_compatible(one.unit, other.unit) for one, other in combinations(figures, 2))


def _is_times(value: Fraction, figure: Figure) -> bool:
    """Whether a value is so many times, within a twentieth: 1.7 is not 两倍."""
    return abs(value - figure.amount) <= figure.amount / 20


def _rounds(value: Fraction, figure: Figure) -> bool:
    """Whether a value is the figure, rounded to the figure's own last place."""
    if not figure.amount or value <= 0:
        return False
    unit = figure.base / figure.amount if figure.base != figure.amount else Fraction(1)
    digits = re.search(r"\d+(?:\.(?P<places>\d+))?", figure.text.replace(",", ""))
    places = len(digits["places"] or "") if digits else 0
    scale = 1
    for word, size in (("亿", 10**8), ("万", 10**4), ("千", 1000)):
        if digits and word in figure.text:
            scale = size
            break
    step = Fraction(scale, 10**places) * unit
    return abs(value - figure.base) <= step / 2


def _distinct(figures: Sequence[Figure]) -> list[Figure]:
    kept: dict[tuple[Fraction, str], Figure] = {}
    for figure in figures:
        kept.setdefault((figure.base, figure.unit), figure)
    return list(kept.values())


def _number(figure: Figure) -> str:
    """The figure as printed, without what it counts: 469, 7.8万."""
    match = re.match(r"[\d.,]+(?:万|亿|千|百)?", figure.text)
    return match[0] if match else figure.text


def _clause_end(text: str, place: int) -> int:
    match = _CLAUSE_MARK.search(text, place)
    return match.start() if match else len(text)


def _show_day(first: str, last: str) -> str:
    """A day, a month or a year as it is written: 2023年6月."""
    year, month, day = map(int, first.split("-"))
    if first[:7] != last[:7]:
        return f"{year}年"
    return f"{year}年{month}月" + (f"{day}日" if first == last else "")
