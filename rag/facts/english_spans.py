"""Which stretches of an English sentence could be the answer, typed as those of a Chinese one (rag.facts.answer_spans).

A question in either language may ask: 多少亩 is answered by "1,680 mu", 副主任是谁 by the name beside "deputy director".
"""

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from index.dates import find_dates
from index.records import PartialDate
from rag.facts.quantities import RISE_OR_FALL, Figure, find_figures
from rag.question.analysis import CLOCK, QuestionAnalysis

Found = tuple[int, int, float]
"""Start, end, strength."""
OTHER_UNIT_STRENGTH = 0.7
COUNTED_STRENGTH = 0.9
"""Of a figure before a noun, where things are counted: 2,000 fixed stalls."""
_COUNTED = re.compile(
    r" (?!(?:and|or|of|to|in|on|at|by|from|a|an|the|per|percent)\b)(?:[a-z][\w-]* ){0,3}?[a-z][\w-]*(?:s|people|men|women|children)\b"
)
_HOW_MUCH = re.compile(r"了?(?:是|为)?多少(?:[？?，,。]|$)")
"""Behind 增长 it asks for the change, in whatever unit: not for the yuan of 投资增长多少."""
_ONE_OF_MANY = re.compile(r" of (?:them|these|those|the)\b", re.IGNORECASE)
_NAME = r"[A-Z][a-z]+(?:[-'’ ][A-Z][a-z]+){1,3}"
_PERSON = re.compile(rf"(?<![A-Za-z'’-]){_NAME}")
_NO_PERSON = re.compile(
    r"^(?:The|A|An|On|At|In|By|For|From|And|But|After|Before|Of|All|According|During|Since|When|While|As|Its?)\b|"
    r"\b(?:District|City|County|Town|Province|Street|Road|Avenue|Square|Market|Station|Centre|Center|University|Hospital|School|"
    r"Museum|Park|Bank|Company|Group|Committee|Bureau|Commission|Party|Times|Daily|News|Airport|Terminal|River|Bridge|Plan|"
    r"January|February|March|April|May|June|July|August|September|October|November|December|Monday|Tuesday|Wednesday|Thursday|"
    r"Friday|Saturday|Sunday|North|South|East|West|New|Business)\b"
)
_KINDS_OF_OFFICE = "director|secretary|mayor|head|chief|governor|chair(?:man|woman|person)?|president|principal|manager|minister|leader|dean|commissioner|magistrate|spokes(?:man|woman|person)|editor|professor|engineer"
_OFFICE = re.compile(
    rf"(?:\b(?:executive|standing|party|general|first) )?\b(?:(?P<deputy>deputy|vice|assistant)[ -])?(?:party |general |secretary-)?(?P<kind>{_KINDS_OF_OFFICE})\b(?: of (?:the )?[\w'’ -]{{2,60}})?",
    re.IGNORECASE,
)
_SAYS = re.compile(
    r"(?:, [^,.]{3,80},)? (?:said|says|told|added|announced|explained|noted|stressed|chaired|attended)\b"
)
_BODY = r"bureau|administration|committee|commission|department|office|association|society|chamber|company|group|school|university|institute|academy|hospital|court|team|park|cent(?:er|re)|museum"
# What the offices of Chinese bodies are called in English, by their ends, and the bodies that they are of; the first that fits.
_IN_ENGLISH: tuple[tuple[str, str, str], ...] = (
    ("书记", "secretary", ""),
    ("主任", "director|head|chair", r"(?!bureau)"),
    ("主席", "chair|president", ""),
    ("校长", "principal|president", ""),
    ("会长", "president|chair", "association|society|chamber"),
    ("董事长", "chair", ""),
    ("经理", "manager", ""),
    ("区长", "mayor|head|governor|chief|magistrate", "none"),
    ("市长", "mayor", "none"),
    ("县长", "head|magistrate|governor", "none"),
    ("镇长", "mayor|head", "none"),
    ("省长", "governor", "none"),
    ("部长", "minister|head|director", "department|ministry"),
    ("局长", "director|head|chief", "bureau|administration|authority"),
    ("院长", "president|dean|director|head", "hospital|institute|academy|court|college"),
    ("发言人", "spokes", ""),
    ("长", "director|head|chief|leader|dean|president", ""),
)
_BODY_BEFORE = re.compile(rf"\b({_BODY})(?:'s|’s)? $", re.IGNORECASE)
_BODY_IN = re.compile(rf"\b({_BODY}|ministry|authority|college)\b", re.IGNORECASE)
_PLACE = re.compile(
    r"\b(?:in|at|on|near|to|from|outside|inside|along) (?:the )?[A-Z][\w'’-]*(?: (?:of |the )?[A-Z][\w'’-]*){0,4}"
)
_ORGANISATION = re.compile(r"(?<![A-Za-z])(?:[A-Z][\w'’&-]{0,30})(?: (?:of |the |and |for )?[A-Z][\w'’&-]{0,30}){1,6}")
_REASON = re.compile(
    r"\b(?:because|due to|in order to|so that|owing to|as a result of|to avoid|aimed? (?:at|to)|caused by)\b",
    re.IGNORECASE,
)


def find_english_spans(analysis: QuestionAnalysis, sentence: str, written: PartialDate | None) -> list[Found]:
    """Return the stretches of an English sentence that could answer the question, with how well each is of the kind asked for.

    Args:
        written: the date of its article, from which "last year" is counted.
    """
    finder = _FINDERS.get(analysis.answer_type)
    return list(finder(analysis, sentence, written)) if finder else []


def _numbers(analysis: QuestionAnalysis, text: str, written: PartialDate | None) -> Iterator[Found]:
    dates = [(span.start, span.end) for span in find_dates(text, written)]
    figures = find_figures(text, dates)
    is_change = any(_HOW_MUCH.match(analysis.text, turn.end()) for turn in RISE_OR_FALL.finditer(analysis.text))
    asked = None if is_change else _unit_of(analysis.unit)
    is_exact = any(asked == (figure.unit, figure.base / figure.amount) for figure in figures if asked and figure.amount)
    for figure in figures:
        strength = _strength(asked, figure, text)
        if is_change:
            strength = 1.0 if figure.role == "change" else 0.4
        if is_exact and asked and figure.amount and asked[1] != figure.base / figure.amount:
            strength = min(strength, OTHER_UNIT_STRENGTH)  # 1,680 mu, not 1.12 million square metres, for 多少亩
        yield figure.start, figure.end, strength


def _unit_of(unit: str | None) -> tuple[str, Fraction] | None:
    """What a unit asked for measures, and how many of its smallest one it is, as rag.facts.quantities has them: money of 元."""
    if unit is None:
        return None
    figures = find_figures(f"3{unit}")
    return (figures[0].unit, figures[0].base / figures[0].amount) if figures else ("", Fraction(1))


def _strength(asked: tuple[str, Fraction] | None, figure: Figure, text: str) -> float:
    if asked is None:
        return 0.4 if figure.unit == "order" else 0.7
    unit = asked[0]
    if unit in ("", "count", "people", "visits", "label") and figure.unit in ("", "count", "people"):
        behind = _COUNTED.match(text, figure.end) or _ONE_OF_MANY.match(text, figure.end)
        return COUNTED_STRENGTH if behind or figure.unit == "people" else 0.4
    if unit == figure.unit:
        return 1.0
    if {unit, figure.unit} <= {"%", "‰", "times", "百分点"}:
        return OTHER_UNIT_STRENGTH
    return 0.2


def _persons(analysis: QuestionAnalysis, text: str, _written: PartialDate | None) -> Iterator[Found]:
    names = [match for match in _PERSON.finditer(text) if not _NO_PERSON.search(match[0])]
    held = [match for match in _OFFICE.finditer(text) if _is_asked(match, analysis.asked_offices)]
    for name in names:
        beside = any(_is_beside(name, office, text) for office in held)
        alone = 0.3 if analysis.asked_offices else 0.8 if _SAYS.match(text, name.end()) else 0.5
        yield name.start(), name.end(), 1.0 if beside else alone


def _is_asked(office: re.Match[str], asked: Sequence[str]) -> bool:
    """Whether an English office is one of the Chinese ones asked for; any is where none is asked for."""
    if not asked:
        return True
    for name in asked:
        kinds, bodies = next(((kinds, bodies) for end, kinds, bodies in _IN_ENGLISH if name.endswith(end)), ("$", ""))
        is_kind = re.match(kinds, office["kind"], re.IGNORECASE) is not None
        if is_kind and name.startswith("副") == bool(office["deputy"]) and _is_of(office, bodies):
            return True
    return False


def _is_of(office: re.Match[str], bodies: str) -> bool:
    """Whether an office is of one of these bodies: the bureau's director is a 局长, the head of a bureau no 区长."""
    before = _BODY_BEFORE.search(office.string, max(0, office.start() - 40), office.start())
    behind = _BODY_IN.search(office[0])
    body = (before or behind or [""])[0].strip().removesuffix("'s").removesuffix("’s").lower()
    if bodies == "none":
        return not body
    return not bodies or re.match(bodies, body, re.IGNORECASE) is not None


def _is_beside(name: re.Match[str], office: re.Match[str], text: str) -> bool:
    """Whether a name holds an office: "Zhao Yinghui, deputy director of …", "director Zhao Yinghui", "… is the director"."""
    if name.end() <= office.start():
        between = text[name.end() : office.start()]
        return (
            re.fullmatch(
                r"\A(?:,| is| was| as| serves as| became)? ?(?:also )?(?:the |a |then |an )?(?:[\w'’-]+ ){0,3}", between
            )
            is not None
        )
    between = text[office.end() : name.start()] if name.start() >= office.end() else ""
    return name.start() >= office.start() and re.fullmatch(r"[ ,]{0,2}", between) is not None


def _offices(_analysis: QuestionAnalysis, text: str, _written: PartialDate | None) -> Iterator[Found]:
    names = [match for match in _PERSON.finditer(text) if not _NO_PERSON.search(match[0])]
    for office in _OFFICE.finditer(text):
        yield office.start(), office.end(), 1.0 if any(_is_beside(name, office, text) for name in names) else 0.5


def _dates(analysis: QuestionAnalysis, text: str, written: PartialDate | None) -> Iterator[Found]:
    clocks = [figure for figure in find_figures(text) if figure.unit == "clock"]
    yield from ((figure.start, figure.end, 1.0) for figure in clocks)
    if analysis.unit != CLOCK:
        yield from ((span.start, span.end, 1.0) for span in find_dates(text, written))


def _places(_analysis: QuestionAnalysis, text: str, _written: PartialDate | None) -> Iterator[Found]:
    yield from ((*match.span(), 1.0) for match in _PLACE.finditer(text))


def _organisations(_analysis: QuestionAnalysis, text: str, _written: PartialDate | None) -> Iterator[Found]:
    yield from ((*match.span(), 0.9) for match in _ORGANISATION.finditer(text))


def _reasons(_analysis: QuestionAnalysis, text: str, _written: PartialDate | None) -> Iterator[Found]:
    yield from ((*match.span(), 1.0) for match in _REASON.finditer(text))


_FINDERS = {
    "number": _numbers,
    "person": _persons,
    "office": _offices,
    "date": _dates,
    "place": _places,
    "organisation": _organisations,
    "reason": _reasons,
}
