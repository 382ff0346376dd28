"""A Chinese question whose answer is reckoned → operation and terms."""

import re

from index.language.normalise import simplify
from index.language.vocabulary import class_of, measure_words
from index.records import DateSpan
from rag.question.analysis import QuestionAnalysis
from rag.question.calculation.records import MOST_TERMS, Calculation, Operation, Term
from rag.question.calculation.sides import take_sides
from rag.question.opening import OPENING

_OPENING = re.compile(
    rf"^(?:{OPENING}|请|帮我|你|按[^，,]{{1,10}}算|(?:比较|对比|计算|算)(?:一下|下)?|，|,|那么?|一下)+"
)
_MEASURED = "多|少|高|低|大|小|长|短|重|轻|贵|便宜|快|慢|早|晚|远|近|深|厚|宽"
_CHANGED = "增加|增长|减少|下降|降低|下滑|上升|提高|上涨|提升|缩短|扩大|增|减|降|涨|(?<!每)升"
_HOW_MUCH = r"(?:多少|几(?!乎|何)|多大)"
_ONE = class_of(measure_words("general"))
_WHO = rf"(?:谁|哪一?(?:[{_ONE}]|[年月天]|[者边方]))"
_SUM = re.compile(r"一共|总共|合计|共计|总计|加起来|加在一起|总和|之和|(?<=[，,])共(?=有|计|是)")
_APART = re.compile(rf"相差|差距|差额|差(?=了?{_HOW_MUCH})|之差")
_WORD = re.compile(f"{_CHANGED}|{_MEASURED}")
_BY_HOW_MUCH = re.compile(rf"(?P<word>{_CHANGED}|{_MEASURED})(?P<verb>[^，,多少几]{{0,4}}?)(?:了|出)?{_HOW_MUCH}")
_CHANGE = re.compile(rf"(?:{_CHANGED})了?{_HOW_MUCH}")
_WHICH = re.compile(rf"{_WHO}(?:的)?(?P<what>[^，,]{{0,8}}?)(?:更|比较|最|要)?(?P<word>{_MEASURED})(?:一些|一点|些)?$")
_BESIDE = re.compile(
    r"比较|对比|相比|(?:什么|何|哪些)(?:变化|不同|差别|区别)|(?:怎么|如何)变化|变化(?:情况|如何|怎么样|多大)"
)
_THAN = re.compile(
    rf"^(?P<left>.{{1,120}}?)(?:比|较)(?![重例赛较率如价])(?P<right>.{{1,120}}?){_BY_HOW_MUCH.pattern}(?P<unit>.*)$"
)
_JOIN = re.compile(r"和(?!平|谐|解|田|县|义)|与(?!会)|跟|以及|、")
_ENDS_OF_RANGE = re.compile(r"(?:19|20)\d\d年?[初底末]?")
_COMPARED = re.compile(
    r"(?:和|与|跟|同|到|至|从|在|以及){0,4}(?:相比(?:较|于|之下)?|比起来|对比|比较|之间)(?:，|,|的)?"
)
_SHARE = re.compile(
    r"^(?P<part>.+?)占(?!比|多|了?多)(?P<whole>[^，,]{2,24}?)(?:中|里|当中)?的?(?:比重|比例|占比|份额|百分之几|百分比|多少|几成)(?:是|为|有|占)?(?:多少|百分之几|几成)?$"
)
_ASKED = re.compile(rf"[是有为达到的]{{0,6}}{_HOW_MUCH}.{{0,4}}$")
_ASKED_UNIT = re.compile(rf"{_HOW_MUCH}\s?([万亿]?[\u4e00-\u9fff%]{{1,3}})")
_ONE_THAN_OTHER = re.compile(r"[比较](?:在)?\d")
_RELATIVE = re.compile(r"同期|上一?[年月季]|去年|前[一年]|今年|明年|\d年|\d月")
_OF_TIMES = re.compile(r"(?:[两二三四五六七八九十几]|\d{1,4})[次届场批轮]")
_TURNS = class_of("次届场批轮")
_COUNTED_TIMES = re.compile(rf"这?[两二三四](?:[{_TURNS}]|[天年]|个月|个?季度)(?=[\u4e00-\u9fff])(?:里|中|间)?的?")
"""两场土拍 of two days: each had one."""
_NOTHING = re.compile(r"^[\W的在从和与跟比较到至是有了多少几中]*$")


def read_chinese(analysis: QuestionAnalysis) -> Calculation | None:
    """Return what a Chinese question has reckoned; None for any other."""
    text = simplify(analysis.text).rstrip("？?。！! ")
    if len(text) > len(analysis.text) or not any(
        form.search(text) for form in (_SUM, _APART, _BY_HOW_MUCH, _WHICH, _BESIDE, _SHARE)
    ):
        return None
    if analysis.offices or (
        analysis.answer_type in ("person", "office", "date", "reason")
        and not (_SUM.search(text) or _WHICH.search(text))
    ):
        return None
    times = _times(analysis)
    if len(times) > 1:
        return _of_times(text, times)
    if found := _of_things(_OPENING.sub("", text), analysis):
        return found
    return _of_list(text, analysis) if _SUM.search(text) else _of_change(text, analysis)


def _times(analysis: QuestionAnalysis) -> tuple[DateSpan, ...]:
    """The times that are asked about, those of a range apart: 2018年到2022年 has two."""
    time_range = analysis.time_range
    if time_range is None or not time_range.constrains_time or time_range.is_guessed:
        return ()
    found: list[DateSpan] = []
    for span in time_range.asked:
        ends = list(_ENDS_OF_RANGE.finditer(analysis.text, span.start, span.end))
        if len(ends) == 2 and ends[0].end() < ends[1].start():
            for end in ends:
                year = end[0][:4]
                found.append(DateSpan(end.start(), end.end(), f"{year}-01-01", f"{year}-12-31", relative=False))
        else:
            found.append(span)
    return tuple(found)


def _of_times(text: str, times: tuple[DateSpan, ...]) -> Calculation | None:
    """The same quantity at several times."""
    if len(times) > MOST_TERMS or len({(span.first, span.last) for span in times}) < len(times):
        return None
    rest = text
    for span in sorted(times, key=lambda span: -span.start):
        rest = f"{rest[: span.start]}、{rest[span.end :]}"
    operation, word = _operation(rest, is_of_times=True)
    if operation is None or (operation != "sum" and len(times) != 2):
        return None
    bare = _COUNTED_TIMES.sub("", _attribute(rest))
    if _NOTHING.match(bare):
        return None
    if operation in ("difference", "beside") and not _ONE_THAN_OTHER.search(text[times[0].end : times[1].end]):
        times = tuple(sorted(times, key=lambda span: span.first, reverse=operation == "difference"))
    labels = [_with_year(text[span.start : span.end], span) for span in times]
    shared = _ASKED.sub("", bare)
    terms = tuple(Term(f"{label}{bare}", label, "", shared, span) for label, span in zip(labels, times, strict=True))
    return Calculation(operation, terms, _unit(bare), word)


def _with_year(label: str, span: DateSpan) -> str:
    return label if span.first[:4] in label or not re.match(r"\d{1,2}月", label) else f"{span.first[:4]}年{label}"


def _unit(question: str) -> str | None:
    """What a figure asked for counts or measures, with its scale: 万人."""
    asked = list(_ASKED_UNIT.finditer(question))
    return asked[-1][1] if asked else None


def _attribute(rest: str) -> str:
    """The question for one of the figures: 丽泽入驻企业数是多少家 of 、和、丽泽入驻企业数相比增加了多少家."""
    rest = _OPENING.sub("", rest)
    rest = _COMPARED.sub("", rest)
    rest = re.sub(
        r"(?:和|与|跟|同|比|较|到|至|从|由|在|以及){0,4}(?:、(?:的|度)?(?:和|与|跟|同|比|较|到|至)?)+", "", rest
    )
    rest = re.sub(r"^(?:和|与|跟|比|较|到|至|从|的|，|,)+", "", rest)
    rest = _SUM.sub("", rest)
    rest = re.sub(rf"(?:相差|差距|差额|差|之差)(?:是|为|有)?了?(?={_HOW_MUCH})", "是", rest)
    if match := _by_how_much(rest):
        rest = f"{rest[: match.start()]}{match['verb'] or '是'}多少{rest[match.end() :]}"
    rest = re.sub(
        r"(?:的|有|发生了?){0,4}(?:什么|何|哪些|怎样的?|怎么|如何)?(?:变化|不同|差别|区别)(?:情况|趋势|如何|怎么样|多大)?$",
        "",
        rest,
    )
    rest = _WHICH.sub(lambda match: match["what"], rest)
    rest = rest.replace("，", "").replace(",", "").strip("的 ")
    return rest if re.search(_HOW_MUCH, rest) else f"{rest}是多少"


def _operation(text: str, *, is_of_times: bool) -> tuple[Operation | None, str]:
    """What is to be done, and the word that asks for it."""
    if _SUM.search(text):
        return ("sum", "") if re.search(_HOW_MUCH, text) else (None, "")
    if _APART.search(text):
        return "difference", ""
    if match := _WHICH.search(text):
        return "greater", match["word"]
    if (match := _by_how_much(text)) and is_of_times:
        return "difference", match["word"]
    if is_of_times and _BESIDE.search(text):
        return "beside", ""
    return None, ""


def _by_how_much(text: str) -> re.Match[str] | None:
    """The last word that asks by how much: 提高 of 牵引重量提高了多少, not 重."""
    matches = [_BY_HOW_MUCH.match(text, word.start()) for word in _WORD.finditer(text)]
    return next((match for match in reversed(matches) if match), None)


def _of_things(text: str, analysis: QuestionAnalysis) -> Calculation | None:
    """The same quantity of several things, or two quantities of one."""
    if match := _THAN.match(text):
        tail = f"{match['verb'] or '是'}多少{match['unit']}"
        sides = [match["left"], match["right"]]
        return _made("difference", sides, tail, analysis, match["word"], is_compared=True)
    if match := _SHARE.match(text):
        return _made("share", [match["part"], match["whole"]], "是多少", analysis, "")
    operation, word = _operation(text, is_of_times=False)
    form = {"sum": _SUM, "difference": _APART, "greater": _WHICH}.get(operation or "")
    mark = form.search(text) if form else None
    if operation is None or mark is None:
        return None
    listed = _COMPARED.sub("", text[: mark.start()]).strip("，, ")
    listed = re.sub(rf"的?(?:数量|总数|数)$|{_HOW_MUCH}[个家]?", "", listed)
    members = [part.strip() for part in _JOIN.split(listed) if part.strip()]
    tail = text[mark.end() :]
    if operation == "greater":
        tail = f"{mark['what']}是多少"
    elif not re.search(_HOW_MUCH, tail):
        tail = "是多少"
    elif re.match(rf"了?{_HOW_MUCH}", tail):
        tail = f"是{tail.removeprefix('了')}"
    return _made(operation, members, tail, analysis, word)


def _of_list(text: str, analysis: QuestionAnalysis) -> Calculation | None:
    """一共表彰了多少名: the sum of what is listed, where nothing is named that is to be added."""
    if not re.search(_HOW_MUCH, text) or _OF_TIMES.search(text) or analysis.answer_type != "number":
        return None
    bare = _SUM.sub("", text)
    return Calculation("listed", (Term(bare, ""),), _unit(bare))


def is_change(word: str) -> bool:
    """Whether a word says that something changed, not only that it is more than another: 增加, not 多."""
    return re.fullmatch(_CHANGED, word) is not None


def _without_times(text: str, analysis: QuestionAnalysis) -> str:
    """Words without the time that the question speaks of, which the sentence may say otherwise."""
    spans = analysis.time_range.asked if analysis.time_range else ()
    for span in spans:
        text = text.replace(analysis.text[span.start : span.end], "")
    return text


def _of_change(text: str, analysis: QuestionAnalysis) -> Calculation | None:
    """提高了多少吨, where nothing is named to compare with."""
    match = _by_how_much(text)
    if match and _CHANGE.search(text) and "同比" not in text and "环比" not in text:
        return Calculation("change", (Term(analysis.text, ""),), _unit(text), match["word"])
    return None


def _made(
    operation: Operation,
    members: list[str],
    tail: str,
    analysis: QuestionAnalysis,
    word: str,
    *,
    is_compared: bool = False,
) -> Calculation | None:
    if not 2 <= len(members) <= MOST_TERMS or not all(2 <= len(member) <= 32 for member in members):
        return None
    verb = _ASKED.sub("", tail)
    terms = tuple(
        Term(f"{side.name}{tail}", side.label, _without_times(side.own, analysis), side.shared + verb)
        for side in take_sides(members, is_compared=is_compared)
    )
    times = _times(analysis)
    is_of_one = len(times) == 1 and not any(_RELATIVE.search(member) for member in members[1:])
    is_of_changes = re.search(_CHANGED, verb) is not None
    return Calculation(operation, terms, _unit(tail), word, times[0] if is_of_one else None, is_of_changes)
