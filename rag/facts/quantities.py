"""Figures of a text with what a claim about them says: value, unit, bound, rise or fall.

Chinese and English, so that an English statement can be held against a Chinese quote. Times of day are figures of
their own kind; figures within dates are the dates' (rag.verification.claims).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from index.language.memo import memoise_text
from index.language.numerals import find_numbers, numeral_value
from index.language.vocabulary import measure_words, pattern_of

Turn = Literal["", "up", "down"]
Role = Literal["", "change", "from", "to"]
Span = tuple[int, int]

# Unit → what it measures and how many of that one's smallest unit it is. Longer ones first where one begins another.
_MEASURES: dict[str, dict[str, int | Fraction]] = {
        "area": {"平方公里|平方千米|square[ -]kilomet(?:re|er)s?": 10**6, "平方米|square[ -]met(?:re|er)s?": 1, "公顷|hectares?": 10**4, "亩|mu(?![a-z])": Fraction(2000, 3)},
        "volume": {"立方米|cubic[ -]met(?:re|er)s?": 1},
        "length": {"公里|千米|kilomet(?:re|er)s?|km": 10**6, "毫米": 1, "厘米": 10, "米|met(?:re|er)s?": 1000},
        "weight": {"微克|micrograms?": 1, "毫克": 10**3, "公斤|千克|kg|kilograms?": 10**9, "斤": 5 * 10**8, "克|grams?": 10**6, "吨|tons?|tonnes?": 10**12},
        "dollars": {"美元|us dollars?|dollars?": 1},
        "money": {"元|块钱|yuan|rmb": 1},
        "minutes": {"小时|hours?": 60, "分钟|minutes?": 1, "天|日|days?": 1440, "周(?!年)|个?星期|weeks?": 10080},
        "months": {"个?月|months?": 1, "周?年|years?": 12},
        "age": {"周?岁": 1},
        "degrees": {"℃|摄氏度": 1},
        "visits": {"人次": 1},
        "people": {"名|位|人|people|persons": 1},
        "times": {"倍|times": 1},
    }  # fmt: skip
_UNITS = [
    (pattern, dimension, Fraction(factor))
    for dimension, units in _MEASURES.items()
    for pattern, factor in units.items()
]
_UNIT = re.compile(
    r"[余多来]?[ -]?(?:"
    + "|".join(f"(?P<u{n}>{pattern})" for n, (pattern, _dimension, _factor) in enumerate(_UNITS))
    + r")(?![a-z])",
    re.IGNORECASE,
)
_LABEL = re.compile(pattern_of(measure_words("label")))
"""What a number names rather than counts: 33栋, 6路."""
_COUNTER = re.compile(rf"[余多来]?{pattern_of(measure_words('count'))}")

_COUNT_OF = re.compile(r"(?<=[天人总户件次台辆家])数(?=[二三四五六七八九十百])")
NUMERALS = "0-9.〇零一二两三四五六七八九十百千万亿第"
_WORDS = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]  # fmt: skip
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_VALUES = {word: value for value, word in enumerate(_WORDS, start=2)}
_VALUES |= {word: 10 * value for value, word in enumerate(_TENS, start=2)}
_FEW = re.compile(
    r"[二两三四五六七八九十](?=车道|方面|部门|街镇|社区|学校|企业|单位|大(?![会队道街桥学厦小家人使臣妈雨雪哥姐爷])|位一体|步工作法)"
)
"""Counted without a measure word, which index.language.numerals leaves alone."""
_SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9}
_WORD_NUMBER = re.compile(rf"\b({'|'.join(_TENS)})[- ]([a-z]+)\b|\b({'|'.join(_VALUES)})\b", re.IGNORECASE)
_SCALE = re.compile(rf"[- ]({'|'.join(_SCALES)})\b", re.IGNORECASE)

_AND_MORE = re.compile(r"[多余]")
_ABOUT_ONE = re.compile(r"(?<=[近上成逾超约])(?P<scale>[百千万亿])(?=[余多]?[\u4e00-\u9fff])(?!分之)")
"""近万个: a scale with no figure before it is one of it."""
_BARE_SCALES = {"百": 100, "千": 1000, "万": 10**4, "亿": 10**8}

_HALF_DAY = r"(?P<half>上午|下午|晚上?|早上?|凌晨|中午|傍晚|夜间)?"
_NUMERAL = r"\d{1,2}|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九]"
_CLOCK = re.compile(
    rf"{_HALF_DAY}(?<!\d)(?P<hour>{_NUMERAL})(?:[:：](?P<minute>\d\d)(?!\d)|[时点](?!要求|意见|建议|希望|五|多)(?:(?P<spoken>\d{{1,2}})分|(?P<thirty>半))?)"
    r"|(?<![\d.])(?P<h>\d{1,2})(?::(?P<m>\d\d))?\s?(?P<noon>[ap])\.?m\b\.?",
    re.IGNORECASE,
)
_MORE = r"不低于|不少于|不小于|至少|超过|超|逾|突破|多于|高于|more than|over|at least|above|exceed(?:s|ed|ing)?"
_LESS = r"不超过|不高于|不多于|至多|不足|不到|低于|少于|less than|fewer than|under|below|at most|up to"
_BOUND_BEFORE = re.compile(
    rf"(?:(?P<not>no )?(?P<more>{_MORE})|(?P<less>{_LESS}))了?[^\d，。；、]{{0,6}}$", re.IGNORECASE
)
_BOUND_BEHIND = re.compile(r"\S{0,6}?(?:(?P<more>以上|之多)|(?P<less>以内|以下|之内))")
_UP = r"上升|延长|增长|(?<!新)增加|提高|提升|上涨|回升|反弹|增幅|涨幅|升幅|扩大|净增|(?<!新)增(?=\d|了|至|到|$)|升(?=\d|了|至|到|$)|涨(?=\d|了|至|到|$)|(?<![许众更最])多(?=\d|了|出|$|[二两三四五六七八九十])|\brose\b|\brisen\b|\brises?\b|\bincreas\w*|\bgrew\b|\bgrow\w*|\bup\b|\bclimb\w*|\brais\w+"  # fmt: skip
_DOWN = r"下降|减少|降低|下滑|回落|缩短|压缩|压减|降幅|下跌|下调|跌(?=\d|了|至|到|$)|(?<![不至])少(?=\d|了|$|[二两三四五六七八九十])|降(?=\d|了|至|到|为|$)|减(?=\d|了|至|到|为|$)|\bfell\b|\bfall\w*|\bdeclin\w*|\bdecreas\w*|\bdrop\w*|\bdown\b|\breduc\w*|\bcut\b"  # fmt: skip
_TURN_BEGINS = r"(?=[上延增提涨回反升扩净多下降减少低缩压跌a-z])"
"""What any of both begins with: of other characters one look is enough."""
RISE_OR_FALL = re.compile(f"{_TURN_BEGINS}(?:(?P<up>{_UP})|(?P<down>{_DOWN}))", re.IGNORECASE)
_TURN_BEHIND = re.compile(r"[^\d,.，。]{0,16}?\b(?:(?P<up>more|higher|longer)|(?P<down>fewer|less|lower|shorter))\b(?! than \d)", re.IGNORECASE)  # fmt: skip
_TO = re.compile(r"(?:到了?|[至为]|\bto)\s*(?:about |some |nearly )?$", re.IGNORECASE)
_FROM_EN = re.compile(r"\bfrom (?:an? |the )?(?:[a-z]+ )?$", re.IGNORECASE)
_FROM_ZH = re.compile(r"[由从][^\d，。；]{0,8}$")
_ONWARD = re.compile(r"[^，。；]{0,10}?(?:到|至|变|压|缩|降|升|提|增|减)")
_NEUTRAL = re.compile(
    r"变化|相差|差距|幅度|增速|[降涨升跌增]幅|的(?:增长|提升|提高|上升|下降|降低|减少|增加)|\bdifference|\bchange",
    re.IGNORECASE,
)
CLAUSE_END = re.compile(r"[，。；：！？!?;\n]|,(?!\d{3}\b)|:(?!\d)|(?<=[A-Za-z])\.(?=\s|$)| (?:and|but|while|against) ")
LONGEST_CLAUSE = 200
"""Characters on either side of a figure in which what is told of it is looked for; no clause is as long."""


UNMEASURED = frozenset(("", "count", "people", "visits", "order", "label"))


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as a claim.

    Args:
        amount: its value as printed; `base` in the smallest unit of what it measures.
        unit: "%", "‰", "百分点", "clock", "order" (第二), "label" (33栋), what a unit measures, "count", or "" where none is told.
        bound: ">" more than, "<" less than, "" neither.
        turn: whether it is told of a rise or a fall.
        role: the size of a change, or where one began or ended; "" for a level.
        neutral: whether the clause speaks of a change without saying which way.
        start, end: characters of the text.
    """

    amount: Fraction
    base: Fraction
    unit: str
    bound: str
    turn: Turn
    role: Role
    neutral: bool
    start: int
    end: int
    text: str

    def equals(self, other: "Figure") -> bool:
        """Whether both have the same value in units that agree; an unknown unit agrees with any but a share.

        三千二百多件 is what 3,237 are, and the other way round: as many whole hundreds.
        """
        mine, theirs = self.unit, other.unit
        if mine == theirs:
            return self.base == other.base or _is_rounded(self, other) or _is_rounded(other, self)
        return self.amount == other.amount and is_compatible(mine, theirs)

    def is_told_by(self, other: "Figure") -> bool:
        """Whether another figure equals it and, where it measures something, measures that too: 10公里 is no bare 10."""
        return self.equals(other) and (other.unit != "" or self.unit in UNMEASURED)


def _is_rounded(rounded: Figure, exact: Figure) -> bool:
    """Whether a figure with 多 or 余 is what another one is, cut off at its last place that is not 0."""
    if not _AND_MORE.search(rounded.text) or rounded.amount.denominator != 1 or rounded.amount <= 0:
        return False
    step = 10 ** (len(str(rounded.amount)) - len(str(rounded.amount).rstrip("0")))
    return bool(rounded.base < exact.base < rounded.base + step * rounded.base / rounded.amount)


def is_compatible(mine: str, theirs: str) -> bool:
    """Whether two units may be meant the same: 个 and 名 may, 天 and 微克 not, nor % and 百分点."""
    if mine == theirs:
        return True
    pair = {mine, theirs}
    if pair & {"%", "‰", "百分点", "clock", "order"}:
        return False
    return "" in pair or pair <= {"count", "people", "visits", "label"}


def find_figures(text: str, dates: Sequence[Span] = ()) -> list[Figure]:
    """Return the figures of a text from left to right, those inside dates left out.

    Args:
        dates: (start, end) of the date expressions.
    """
    return list(_found(text, tuple(dates)))


@memoise_text
def _found(text: str, dates: tuple[Span, ...]) -> tuple[Figure, ...]:
    taken = bytearray(len(text))
    for first, last in dates:
        taken[first:last] = bytes([True]) * (last - first)
    raw: list[tuple[int, int, Fraction, str]] = []
    for start, end, minutes in _clocks(text):
        if not any(taken[start:end]):
            raw.append((start, end, Fraction(minutes), "clock"))
            taken[start:end] = bytes([True]) * (end - start)
    for start, end, amount, share in _numbers(text):
        if not any(taken[start:end]):
            raw.append((start, end, amount, share))
    raw.sort(key=lambda item: item[0])
    return tuple(_figure(text, *item) for item in raw)


def clause_at(text: str, start: int) -> int:
    """Where the clause that holds a place begins, at most LONGEST_CLAUSE before it."""
    first = max(0, start - LONGEST_CLAUSE)
    return max((match.end() for match in CLAUSE_END.finditer(text, first, start)), default=first)


def _figure(text: str, start: int, end: int, amount: Fraction, share: str) -> Figure:
    unit, factor, past = (share, Fraction(1), end) if share else _unit(text, start, end)
    if not unit and text[start - 1 : start] == "$":
        unit = "dollars"
    clause = text[clause_at(text, start) : start]
    behind = text[past : past + LONGEST_CLAUSE]
    turn, role = _turn(clause, behind)
    if unit == "clock" and (role == "change" or text.isascii()):
        turn, role = "", ""  # open from 6 am to 9 pm
    rest = CLAUSE_END.split(behind, maxsplit=1)[0]
    neutral = _NEUTRAL.search(clause + rest) is not None
    return Figure(
        amount, amount * factor, unit, _bound(clause, text[end:past], rest), turn, role, neutral, start, past, text[start:past]
    )  # fmt: skip


def _numbers(text: str) -> Iterator[tuple[int, int, Fraction, str]]:
    # 天数二百 is no 数百; the same length, so places stay.
    for number in find_numbers(_COUNT_OF.sub("为", text)):
        start, end, amount = number.start, number.end, number.amount
        if not number.unit and re.search(r"百分之\s+$", text[max(0, start - 6) : start]):
            yield start, end, amount, "%"
            continue
        if not number.unit and (scale := _SCALE.match(text, end)):
            amount, end = amount * _SCALES[scale[1].lower()], scale.end()
        yield start, end, amount, number.unit
    for match in _FEW.finditer(text):
        if not re.match(f"[{NUMERALS}]", text[match.start() - 1 : match.start()]):
            yield match.start(), match.end(), Fraction(numeral_value(match.group()) or 0), ""
    for match in _ABOUT_ONE.finditer(text):
        yield match.start(), match.end(), Fraction(_BARE_SCALES[match["scale"]]), ""
    for match in _WORD_NUMBER.finditer(text):
        ten, one, word = match.groups()
        value, end = (_VALUES[(ten or word).lower()], match.end())
        if ten:
            digit = _VALUES.get(one.lower(), 0)
            value, end = (value + digit, end) if digit < 10 and digit else (value, match.end(1))
        amount = Fraction(value)
        if scale := _SCALE.match(text, end):
            amount, end = amount * _SCALES[scale[1].lower()], scale.end()
        percent = re.match(r" per ?cent\b", text[end : end + 12], re.IGNORECASE)
        yield match.start(), end + (percent.end() if percent else 0), amount, "%" if percent else ""


def _clocks(text: str) -> Iterator[tuple[int, int, int]]:
    """Times of day, as minutes since midnight."""
    for match in _CLOCK.finditer(text):
        if match["noon"]:
            hour = int(match["h"]) % 12 + (12 if match["noon"].lower() == "p" else 0)
            yield match.start(), match.end(), hour * 60 + int(match["m"] or 0)
            continue
        hour = int(match["hour"]) if match["hour"].isdecimal() else numeral_value(match["hour"]) or 0
        if not (match["hour"].isdecimal() or match["half"] or match["thirty"]):
            continue  # 一点, 两点 are as often a little and two points
        afternoon = (match["half"] or "")[:1] in tuple("下晚傍") or (match["half"] == "夜间" and hour > 5)
        minute = 30 if match["thirty"] else int(match["minute"] or match["spoken"] or 0)
        if hour < 25 and minute < 60:
            yield match.start("hour"), match.end(), (hour + (12 if afternoon and hour < 12 else 0)) * 60 + minute


def _unit(text: str, start: int, end: int) -> tuple[str, Fraction, int]:
    """Unit, its factor, and where it ends."""
    if (
        text[start - 1 : start] == "第"
        or text.startswith("届", end)
        or re.match(r"(?:st|nd|rd|th)\b", text[end : end + 3])
    ):
        return "order", Fraction(1), end
    if match := _UNIT.match(text, end):
        _pattern, dimension, factor = _UNITS[int(str(match.lastgroup)[1:])]
        return dimension, factor, match.end()
    if label := _LABEL.match(text, end):
        return "label", Fraction(1), label.end()
    counter = _COUNTER.match(text, end)
    return ("count", Fraction(1), counter.end()) if counter else ("", Fraction(1), end)


def _bound(clause: str, unit: str, rest: str) -> str:
    if before := _BOUND_BEFORE.search(clause):
        is_more = before["more"] is not None and not before["not"]
        return ">" if is_more else "<"
    if unit[:1] in ("余", "多"):
        return ">"
    behind = _BOUND_BEHIND.match(rest)
    return "" if not behind else (">" if behind["more"] else "<")


def _turn(clause: str, rest: str) -> tuple[Turn, Role]:
    """The rise or fall that a figure is told of, and its part in it."""
    # Behind another figure a word belongs to that one: 下降12.5个点至42.
    words = list(RISE_OR_FALL.finditer(clause))
    is_to = _TO.search(clause) is not None
    if _FROM_EN.search(clause) or (_FROM_ZH.search(clause) and _ONWARD.match(rest)):
        return "", "from"
    if words:
        last = words[-1]
        turn: Turn = "up" if last["up"] else "down"
        between = clause[last.end() :]
        if is_to and not last.group().endswith("幅"):  # 增幅为9.7%: so much it rose
            return turn, "to"
        if not re.search(r"\d", between) and len(between) <= 14:
            return turn, "change"
        return "", ""
    behind = _TURN_BEHIND.match(rest)
    return (("up" if behind["up"] else "down"), "change") if behind else ("", "")
