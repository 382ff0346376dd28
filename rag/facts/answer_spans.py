"""Which stretches of a sentence could be the answer: figures in the unit asked for, persons, offices, days, places …

Rules of surface only. How strong a span is as the answer is a share of 1; what the question says already is
no answer to it.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from index.dates import find_dates
from index.language.normalise import normalise, simplify
from index.language.numerals import find_numbers
from index.language.person_names import is_person_name
from index.language.terms import Lexicon
from index.language.vocabulary import ADDRESSES, DIVISIONS, measure_words, offices, pattern_of, surname_of
from index.records import PartialDate
from rag.facts.english_spans import find_english_spans
from rag.question.analysis import ASKED_OFFICE, CLOCK, STRETCH, UNIT, QuestionAnalysis

_HAN = re.compile(r"[\u4e00-\u9fff]")
_NAME = r"(?:[\u4e00-\u9fff]{2}(?=一行|等人|等[\d一二三四五六七八九十]+人)|[\u4e00-\u9fff]{2,3})"
"""路军 of 路军一行."""
_SPEAKER = re.compile(rf"(?:^|[，、。“”：])({_NAME})(?=说|表示|介绍|指出|主持|强调|告诉|认为|、|任|当选|先生|女士|率)")
_BEFORE_OFFICE = re.compile(rf"(?:^|[，、。“”：])([\u4e00-\u9fff]{{2,3}}?)(?<!副)(?={ASKED_OFFICE})")
_ACTS = r"(?=出席|主持|说|表示|介绍|讲话|强调|指出|带队|率|到|一行|参加|调研|检查|及|等|会见|作|与|先后|、|，|。)"
"""What follows a name after an office, so that a rare family name is known for one."""
_ONLY_BEHIND_NAMES = re.compile(rf"一行|{pattern_of(offices('courtesy'))}")
"""Behind it even a word is a name where it begins with a family name: 运营官路桥一行."""
_NO_NAME = r"职务|职位|办公|会议|助理|信箱|热线|接待|一职|人选|候选|们|等"
_FOREIGN_NAME = re.compile(r"[\u4e00-\u9fff]{1,8}[·•‧][\u4e00-\u9fff·•‧]{1,12}")
_OFFICE_HELD = re.compile(rf"[\u4e00-\u9fff]{{0,10}}{ASKED_OFFICE}")
_PLACE = re.compile(
    rf"[\u4e00-\u9fff\dA-Za-z“”]{{1,14}}(?:{pattern_of(DIVISIONS)}|[路街园店站厅室馆楼场院侧处号桥国山河湖江岛洲]|中心|公园|广场|"
    r"[端部边北南东西内外旁]|大厦|酒店|学校|小学|中学|大学|医院)"
)
_PLACED = re.compile(
    rf"(?:位于|坐落[于在]|设[在立于]+|地处|地址[：:是为])[\u4e00-\u9fff\dA-Za-z“”（）]{{1,16}}|(?<![接达得遇拿收提做谈直])[在到赴于]{_PLACE.pattern}|\b(?:in|at|on) [A-Z]\w+"
)
_ANY_OF_THEM = re.compile(rf"[各全每某本该这那两多几]?(?:街|{pattern_of(DIVISIONS)})+")
"""各街镇, 乡镇: all of a sort, and the name of none."""
_ORGANISATION = re.compile(
    r"[\u4e00-\u9fff\dA-Za-z“”·]{1,16}(?:单位|部门|公司|企业|机构|学校|大学|中学|小学|学院|医院|银行|组织|协会|委员会|集团|中心|街道|基金|联盟|工委|政府|"
    r"[委办局团院所社会处科部厅署站台镇乡队厂店军室])"
)
_ORDINAL = re.compile(r"第[一二三四五六七八九十百\d]+")
_REASON = re.compile(
    r"因为|由于|因此|所以|为了|以便|原因|避免|防止|鉴于|以免|出于|旨在|导致|使得|目的|从而|起见|缘|because|due to|in order to"
)
_CLOCK_TIME = re.compile(
    r"\d{1,2}[:：]\d\d|[\d一二三四五六七八九十两]{1,4}点(?:[半钟整]|\d+分?|(?=[至到前后开起，。、]))|\d{1,2}点(?!\d)"
)
_LASTS = re.compile(r"[至到\-–—~～]")
_TIME = re.compile(
    r"(?:周|星期|礼拜)[一二三四五六日天]|\d{3,4}年代?|"
    r"[\u4e00-\u9fff]{2}[元一二三四五六七八九十〇零\d]{1,4}年|\d{1,4}\s?[年月日号]|\d{1,4}世纪|公元前?\d+|[初末前中后]期|时期|年间|之[前后]|早晨|上午|下午|晚上|每[天周月年]"
)
_PER = re.compile(r"[/／](?:立方米|平方米|平方公里|公里|小时|[人年月日天吨亩户次升])")
_ENGLISH_UNITS = (
    ("元", r"yuan"),
    ("美元", r"dollars?"),
    ("人", r"people|residents|members|students|volunteers"),
    ("平方米", r"square met(?:er|re)s"),
    ("公里", r"kilomet(?:er|re)s"),
    ("米", r"met(?:er|re)s"),
    ("%", r"per ?cent"),
    ("公顷", r"hectares"),
    ("天", r"days"),
    ("小时", r"hours"),
    ("分钟", r"minutes"),
)
_ENGLISH_UNIT = re.compile(
    r"\s(?:thousand |million |billion )?(?:" + "|".join(f"({words})" for _unit, words in _ENGLISH_UNITS) + r")\b",
    re.IGNORECASE,
)
_ALIKE = (
    measure_words("people") | {"个"},
    frozenset({"%", "倍"}),
    frozenset({"℃", "度"}),
    measure_words("money"),
    measure_words("length"),
    measure_words("area"),
    measure_words("time"),
    frozenset("家个户所"),
    frozenset("项条个件处份张座"),
)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a sentence that could be the answer.

    Args:
        start, end: in the sentence.
        strength: how well it is of the kind asked for, 0 to 1.
    """

    start: int
    end: int
    strength: float


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence in simplified characters, and what it is read with."""

    analysis: QuestionAnalysis
    text: str
    written: PartialDate | None
    lexicon: Lexicon


def find_spans(analysis: QuestionAnalysis, sentence: str, written: PartialDate | None, lexicon: Lexicon) -> list[Span]:
    """Return the stretches of a sentence that could answer the question, from left to right.

    Args:
        written: the date of its article, from which 去年 is counted.
    """
    text = simplify(sentence)
    if len(text) != len(sentence):  # no such pair of characters is known, and offsets matter more than script
        text = sentence
    if analysis.answer_type == "other":
        return []
    spans = (
        _FINDERS[analysis.answer_type](_Sentence(analysis, text, written, lexicon))
        if _HAN.search(text)
        else itertools.starmap(Span, find_english_spans(analysis, text, written))
    )
    found = sorted(spans, key=lambda span: (span.start, span.end))
    if analysis.answer_type == "reason":  # its words are no answer by themselves, so the question may have them too
        return found
    asked = normalise(analysis.core)
    return [span for span in found if normalise(text[span.start : span.end]) not in asked]


def has_span(analysis: QuestionAnalysis, sentence: str, lexicon: Lexicon) -> float:
    """Return how well the best span of a sentence is of the kind asked for; 0 without one."""
    return max((span.strength for span in find_spans(analysis, sentence, None, lexicon)), default=0.0)


def _numbers(sentence: _Sentence) -> Iterator[Span]:
    if "第几" in sentence.analysis.core or sentence.analysis.unit is None:
        yield from (Span(*match.span(), 0.4) for match in _ORDINAL.finditer(sentence.text))
    dates = [(span.start, span.end) for span in find_dates(sentence.text, sentence.written)]
    for number in find_numbers(sentence.text):
        if any(start <= number.start < end for start, end in dates):
            continue
        unit, end = _unit_after(sentence.text, number.end)
        counted = number.unit or unit
        end = number.end if number.unit else end
        yield Span(number.start, end, _unit_strength(sentence.analysis.unit, counted))


def _unit_after(text: str, end: int) -> tuple[str | None, int]:
    """The unit behind a figure, in Chinese, and where it ends."""
    if match := UNIT.match(text, end):
        per = _PER.match(text, match.end())
        return match[1], per.end() if per else match.end()
    if match := _ENGLISH_UNIT.match(text, end):
        assert match.lastindex is not None
        return _ENGLISH_UNITS[match.lastindex - 1][0], match.end()
    return None, end


def unit_in(value: str) -> str | None:
    """Return the unit behind the first figure of a text; None where there is none."""
    number = next(iter(find_numbers(value)), None)
    return (number.unit or _unit_after(value, number.end)[0]) if number else None


def _unit_strength(asked: str | None, counted: str | None) -> float:
    if asked is None:
        return 0.7
    if counted == asked:
        return 1.0
    if counted is None:
        return 0.4
    return 0.7 if any(asked in alike and counted in alike for alike in _ALIKE) else 0.2


def _persons(sentence: _Sentence) -> Iterator[Span]:
    tagged = sentence.lexicon.find_persons(sentence.text)
    found = [Span(start, end, 0.8 if surname_of(sentence.text[start:end]) else 0.5) for start, end in tagged]
    for pattern, strength in ((behind_office(sentence.lexicon.offices), 1.0), (_SPEAKER, 0.8), (_BEFORE_OFFICE, 0.8)):
        found += [
            Span(*match.span(1), strength) for match in pattern.finditer(sentence.text) if _is_name(match, sentence)
        ]
    found += [Span(*match.span(), 0.9) for match in _FOREIGN_NAME.finditer(sentence.text)]
    offices = sentence.analysis.asked_offices
    if not offices:
        yield from found
        return
    # Who holds the office asked for; any other name answers little.
    held = "|".join(office if office.startswith("副") else rf"(?<!副){office}" for office in map(re.escape, offices))
    starts = {start for start, _end in tagged}
    for match in re.finditer(rf"(?:{held})[：:]?({_NAME})", sentence.text):
        if _is_name(match, sentence) or match.start(1) in starts:
            yield Span(*match.span(1), 1.0)
    for match in re.finditer(rf"(?:{held})(?!{_NO_NAME})([\u4e00-\u9fff]{{2,4}}?){_ACTS}", sentence.text):
        is_name = surname_of(match[1]) and _ONLY_BEHIND_NAMES.match(sentence.text, match.end(1))
        if is_name or not _is_common_word(match[1], sentence.lexicon):
            yield Span(*match.span(1), 0.9)
    for match in re.finditer(
        rf"(?:选举|选出|推选|任命|决定)({_NAME})(?:同志)?(?:为|任|担任)[^，。]{{0,14}}?(?:{held})", sentence.text
    ):
        yield Span(*match.span(1), 1.0)
    for span in found:
        after = sentence.text[span.end : span.end + 26]
        holds = re.match(rf"(?:(?:任|为|当选为?|担任|出任|是)[\u4e00-\u9fff]{{0,18}}?)?(?:{held})", after)
        yield Span(span.start, span.end, 1.0 if holds else 0.3 * span.strength)


@cache
def behind_office(more: frozenset[str]) -> re.Pattern[str]:
    """Return what finds a name behind an office, also behind those that an operator lists."""
    return re.compile(rf"{pattern_of(more | ADDRESSES, ASKED_OFFICE)}({_NAME})")


def _is_name(match: re.Match[str], sentence: _Sentence) -> bool:
    before = sentence.text[match.start(1) - 1 : match.start(1)]
    return is_person_name(match[1], sentence.lexicon, before)


def _is_common_word(text: str, lexicon: Lexicon) -> bool:
    """Whether what follows an office is a word and no name: 职务 of 辞去区长职务, 先后 of 区长先后到."""
    return lexicon.is_listed(text) and text not in lexicon.dictionary.words


def _offices(sentence: _Sentence) -> Iterator[Span]:
    """Offices; those beside a person that the question names count fully."""
    for match in _OFFICE_HELD.finditer(sentence.text):
        beside = sentence.text[match.end() : match.end() + 4]
        named = any(name[:2] in beside for name in sentence.analysis.names)
        yield Span(*match.span(), 1.0 if named else 0.5)


def _dates(sentence: _Sentence) -> Iterator[Span]:
    clocks = [Span(*match.span(), 1.0) for match in _CLOCK_TIME.finditer(sentence.text)]
    yield from clocks
    if sentence.analysis.unit == CLOCK:
        return
    for span in find_dates(sentence.text, sentence.written):
        lasts = _LASTS.search(sentence.text, span.start, span.end) is not None
        yield Span(span.start, span.end, 1.0 if lasts or sentence.analysis.unit != STRETCH else 0.4)
    yield from (
        Span(*match.span(), 0.8 if sentence.analysis.unit != STRETCH else 0.3)
        for match in _TIME.finditer(sentence.text)
    )


def _places(sentence: _Sentence) -> Iterator[Span]:
    yield from _of_head(sentence, [*_matches(_PLACE, sentence.text, 0.5), *_matches(_PLACED, sentence.text, 1.0)])


def _organisations(sentence: _Sentence) -> Iterator[Span]:
    yield from _of_head(sentence, list(_matches(_ORGANISATION, sentence.text, 0.7)))


def _of_head(sentence: _Sentence, found: Sequence[Span]) -> Iterator[Span]:
    """The spans, and first of all what names a thing of the sort asked for: 护国寺小吃店 for 哪家店, not 赶到医院 for 哪家医院."""
    head = sentence.analysis.head_noun
    if head is None:
        yield from found
        return
    named = sentence.lexicon.find_named(sentence.text, head)
    yield from (Span(start, end, 1.0) for start, end in named if not _ANY_OF_THEM.fullmatch(sentence.text, start, end))
    for span in found:
        is_bare = sentence.text[span.start : span.end].endswith(head)
        yield Span(span.start, span.end, 0.2 if is_bare else 0.6 * span.strength)


def _matches(pattern: re.Pattern[str], text: str, strength: float) -> Iterator[Span]:
    return (Span(*match.span(), strength) for match in pattern.finditer(text))


def _reasons(sentence: _Sentence) -> Iterator[Span]:
    yield from (Span(*match.span(), 1.0) for match in _REASON.finditer(sentence.text))


_FINDERS = {
    "number": _numbers,
    "person": _persons,
    "office": _offices,
    "date": _dates,
    "place": _places,
    "organisation": _organisations,
    "reason": _reasons,
}
