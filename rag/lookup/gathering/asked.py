"""What a question wants gathered: who or what the reports are to be about, what is done in them, of what sort of thing.

王少峰 | 2019年 | 参加过 | 哪些 | 会议  →  subjects 王少峰 · span 2019 · acts attend · kind meeting
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from index.language.normalise import simplify
from index.language.vocabulary import (
    DIVISIONS,
    acts,
    class_of,
    divisions,
    measure_words,
    offices,
    pattern_of,
    surname_of,
    surnames,
    tags_of_act,
)
from rag.question.time_range import TimeRange, drop_asked

GatheringForm = Literal["list", "first", "last", "timeline"]
"""list: all of them. first, last: the one that was reported on first or last. timeline: what became of a matter."""
EVENTS = ("fire", "collapse", "crash", "flood")
"""Acts that nobody does: they happen, so no subject need be named."""
ANY_OF_KIND = frozenset(("会议", "活动", "奖", "奖项", "荣誉", "称号"))
"""What anything of its kind is called."""
THING_KINDS = ("meeting", "activity", "award")
GATHERED_ACTS = ("attend", "inspect", "visit", "meet", "win", "sign", "start", "launch", "finish", "open", *EVENTS)
LONGEST_QUESTION = 100
"""Characters of one that is read as asking for one thing; with a preamble it is for passages."""
_MENTIONED = re.compile(r"报道|提到|提及|见报|出现")
_PAGE = re.compile(r"[（(]\s*第\s*(\d{1,3})\s*页\s*[）)]\s*$")
_FIRST = re.compile(r"第一次|首次|最早(?:一次)?|最先")
_LAST = re.compile(r"(?:最近|最后|最新|上)的?一?次|最近(?=.{0,20}(?:什么时候|何时|哪一?天))")
_WHEN = re.compile(
    r"(?:是|在){0,3}(?:什么时候|何时|哪一?[天日年]|几月几[日号]|哪一?次|时间)|(?:是|在)(?:哪里|哪儿|什么地方)"
)
_TIMELINE = re.compile(
    r"时间线|时间轴|大事记|年表|来龙去脉|前因后果|前世今生|演变|变迁|始末|按(?:照)?时间(?:顺序|先后)?(?:列出|梳理|整理)?|(?:整个|发展|全)?(?:历程|经过|过程|沿革)|"
    r"(?:梳理|整理|回顾)(?!.{0,30}(?:做法|要求|措施|举措|经验|不足|问题))(?:一下)?|进展(?:情况)?"
)
_TELL = re.compile(r"^(?:请|帮我|给我|你)*(?:总结|概括|归纳|介绍|说说|讲讲|说|讲|谈谈)(?:一下)?")
"""Before the matter of which the story is wanted."""
_STORY = re.compile(
    r"时间线|时间轴|大事记|年表|来龙去脉|前因后果|前世今生|演变|变迁|始末|按(?:照)?时间|历程|梳理|回顾|沿革|(?:的|整个|全)(?:经过|过程)(?=$|[？?是])"
)
_MEASURE = class_of(measure_words("count", "general", "people", without=("noun",)))
LISTING = re.compile(
    rf"哪些|哪几[{_MEASURE}]|都有谁|有谁|分别(?:是|有|为)|(?:几|多少)次|(?:都|先后|曾经?|历次|一共|总共)[^，,。？?]{{0,12}}(?:哪里|哪儿|哪|什么|谁)|所有|全部|历次|历届|列出|列举|罗列|盘点"
)
_ASKING = re.compile(
    rf"哪些|哪几[{_MEASURE}]|哪里|哪儿|什么|(?:几|多少)次|召开|举行|举办|都有谁|有谁|谁|所有|全部|历次|历届|列出|列举|罗列|盘点|请问|请|帮我|帮忙|麻烦|给我|我想知道|我想了解|一下|整理|"
    r"分别|一共|总共|共(?=有)|先后|曾经?(?=[^山国])|迄今|至今|截至目前|近年来?|以来|期间|关于|有关|相关|涉及|提到|都?[去到]过?了?(?=$|[，\s哪检调视走慰考])|发生|出现|报道过?|新闻|消息|文章|情况|[？?！!]|(?<=[^为])了(?=$)"
)
_ENDS = re.compile(
    r"^(?:[的了过被受都有是在到对和与及由将把、，,。\s]|本报|当天|曾)+|(?:[的了过被受都有是在到对和与及由、，,。\s]|当天|中){1,16}$"
)
_CUT = re.compile(r"[，,。；;、：:\s“”‘’「」『』\"]+|的")
_KIND_BEFORE = re.compile(r"的([\u4e00-\u9fff]{1,8}?)(?:一共|总共|都|分别)?有(?:哪些|什么|几[个次场])")
UNTELLING_NOUNS = frozenset(("地方", "地点", "单位", "人", "领导", "人员", "情况", "事情", "事", "内容", "报道", "新闻", "消息", "工作", "进展", "事件", "地区", "时候", "时间"))  # fmt: skip
"""What anything may be called: it tells no report from another."""
_TELLS_TIME = re.compile(
    r"\d|[一二三四五六七八九十]月|[今去昨前本上近当明最]|年|月|\b(?:last|this|next|20)\b|[a-z]", re.IGNORECASE
)
AS_VERB = "(?![感率性力者员人])"
"""Behind a verb: what makes a noun of it, 获得感."""
UNIT_KINDS = pattern_of(
    divisions("local", "territory") - {"区", "市", "省", "县"},
    "街镇|街乡镇?|单位|部门|委办局|企业|公司|学校|医院|[局委办]",
)
_ROLE = pattern_of(offices())
_KIND = re.compile(r"(?:哪些|哪几\w|历次|历届|所有|全部|什么)(?!关于|有关)的?([\u4e00-\u9fff]{1,8})")
_KIND_LISTED = re.compile(r"列[出举](?!关于|有关)([\u4e00-\u9fff]{1,8})")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be gathered.

    Args:
        subjects: what the reports must name, as it is said.
        tags: of the acts that are asked for.
        act: a pattern of the words for them; None where none is asked for.
        kind: meeting, activity or award, where such a thing is asked for; unit where a body is; else None.
        noun: the thing asked for, where it is another: 项目 of 哪些项目开工.
        person: the subjects are persons, who do what is asked for.
        page: 1 is the first.
    """

    form: GatheringForm
    subjects: tuple[str, ...]
    tags: frozenset[str]
    act: re.Pattern[str] | None
    kind: str | None
    noun: str | None
    person: bool
    page: int


def page_of(question: str) -> tuple[str, int]:
    """Return a question without the number of the page that it ends with, and that number, from 1 on."""
    match = _PAGE.search(question)
    return (question[: match.start()], max(1, int(match[1]))) if match else (question, 1)


def parse_wanted(question: str, time_range: TimeRange | None) -> Wanted | None:
    """Return what a question wants gathered; None where it asks for something else.

    Args:
        time_range: as stated_time gives it.
    """
    text, page = page_of(question)
    if len(text) > LONGEST_QUESTION:
        return None
    if not (LISTING.search(text) or _FIRST.search(text) or _LAST.search(text) or _STORY.search(text)):
        return None
    text = simplify(drop_asked(text, time_range) if time_range else text)
    form = _form(text)
    if form is None:
        return None
    said = {"first": _FIRST, "last": _LAST, "timeline": _TIMELINE}.get(form)
    rest = said.sub(" ", text) if said else text
    rest = _TELL.sub(" ", rest) if form == "timeline" else rest
    rest = _WHEN.sub(" ", rest) if form in ("first", "last") else rest
    kind, noun, rest = _kind(rest)
    tags: set[str] = set()
    if form != "timeline":
        for match in re.finditer(_any_act(), rest):
            tags |= tags_of_act(match[0]) & frozenset(GATHERED_ACTS)
        rest = re.sub(_any_act(), " ", rest) if tags else rest
    subjects = subjects_of(rest)
    if form != "timeline" and kind is None:
        named = next((name for name in THING_KINDS if any(subject in acts(name) for subject in subjects)), None)
        kind, subjects = named, tuple(subject for subject in subjects if not (named and subject in acts(named)))
    if form == "list" and not (tags or kind in THING_KINDS):
        return None
    if not (subjects or time_range or tags & frozenset(EVENTS)):
        return None  # all that anybody ever did
    if form != "list" and not subjects and not tags & frozenset(EVENTS):
        return None
    if form in ("first", "last") and not (tags or _MENTIONED.search(text)):
        return None  # 第一届第一次会员大会是什么时候开的
    act = re.compile(pattern_of(acts(*tags)) + AS_VERB) if tags else None
    person = bool(subjects) and all(is_person(subject) for subject in subjects)
    return Wanted(form, subjects, frozenset(tags), act, kind, noun, person, page)


def stated_time(question: str, time_range: TimeRange | None) -> TimeRange | None:
    """Return the time that a question bounds; None where it only names a festival, which comes every year: 清明节调度会."""
    if time_range is None or not time_range.constrains_time:
        return None
    said = [question[span.start : span.end] for span in time_range.asked]
    return time_range if any(_TELLS_TIME.search(words) for words in said) else None


def is_person(name: str) -> bool:
    """Whether a name looks like a person's: a family name and one or two characters."""
    return (
        bool(surname_of(name)) and len(name) in (2, 3) and not re.search(rf"{pattern_of(DIVISIONS)}$|[站路桥园]$", name)
    )


def _form(text: str) -> GatheringForm | None:
    if _STORY.search(text):
        return "timeline"
    if _WHEN.search(text):
        return "first" if _FIRST.search(text) else "last" if _LAST.search(text) else None
    return "list" if LISTING.search(text) else None


@cache
def _any_act() -> str:
    return pattern_of(acts(*GATHERED_ACTS))


def _kind(text: str) -> tuple[str | None, str | None, str]:
    """The kind of thing that is asked for, its noun where it is another, and the text without either."""
    match = _KIND_BEFORE.search(text) or _KIND.search(text) or _KIND_LISTED.search(text)
    if not match:
        return None, None, text
    noun = re.split(rf"{_any_act()}|[是在有被受曾的过了上遭]|发生|出现", match[1])[0]
    rest = f"{text[: match.start()]}，{text[match.start(1) + len(noun) :]}"
    for kind in THING_KINDS:
        if noun and re.search(rf"{pattern_of(acts(kind), '^会')}$", noun):
            bare = re.sub(rf"{pattern_of(acts(kind) & ANY_OF_KIND, '^会')}$", "", noun)
            return kind, bare or None, rest
    if re.fullmatch(UNIT_KINDS, noun):
        return "unit", noun, rest
    return None, None if noun in UNTELLING_NOUNS or not noun else noun, rest


def subjects_of(text: str) -> tuple[str, ...]:
    """Return what is left of a question as names and phrases, its asking words and particles taken off."""
    pieces = _CUT.split(_ASKING.sub("，", text))
    found = []
    for piece in [part for phrase in pieces for part in _person_first(phrase)]:
        bare = _ENDS.sub("", piece)
        named = re.fullmatch(rf"\A.*{_ROLE}([\u4e00-\u9fff]{{2,3}})", bare)
        bare = named[1] if named and named[1][0] in surnames() else bare
        if len(bare) > 1 and bare not in UNTELLING_NOUNS:
            found.append(bare)
    return tuple(dict.fromkeys(found))


def _person_first(piece: str) -> Iterator[str]:
    """Yield the parts of a phrase that persons begin: 王某某 | 在推进会, 王某某 | 李某某一起."""
    while match := _first_person(piece):
        yield match[1]
        piece = piece[match.end() + 1 :]
    yield re.sub(r"(?<=[\u4e00-\u9fff]{2})(?:一起|共同|一同|都)$", "", piece)


def _first_person(piece: str) -> re.Match[str] | None:
    match = re.match(
        rf"(?:[\u4e00-\u9fff]{{0,6}}{_ROLE})?([\u4e00-\u9fff]{{2,3}})(?=[在对到就于给和与同跟及、])", piece
    )
    if match and (is_person(match[1]) or match[1][0] in surnames()):
        return match
    # Who speaks at a meeting is a person.
    return re.match(r"\A([\u4e00-\u9fff]{2,3})(?=在.{2,}会)", piece) if match else None
