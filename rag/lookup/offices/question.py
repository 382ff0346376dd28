"""What a question asks of an office or of a person's offices, read whole: a question that says anything else is of another kind."""

import re
from dataclasses import dataclass
from typing import Literal

from index.language.normalise import simplify
from index.language.vocabulary import surname_of
from index.offices.titles import ACTING, TITLE, TITLE_PATTERN
from index.offices.units import canonical_unit
from rag.question.analysis import QuestionAnalysis
from rag.question.opening import OPENING

OfficeAspect = Literal["holder", "all", "previous", "changed", "offices", "is_holder"]
"""holder: who it is. all: all who have held it. previous: who held it before. changed: whether and when it changed hands.
offices: what a person is or was. is_holder: whether a person holds it."""


@dataclass(frozen=True, slots=True)
class OfficeQuestion:
    """What is asked.

    Args:
        unit: in one form, as far as the question names it; "" for 区长 alone.
        office: 区长, 副书记, without 代; "" where a person's offices are asked for.
        person: "" where no one is named.
        is_acting: who acts in it is asked for: 代区长.
        is_ever: whether it was ever so, or all that there was: 当过, 担任过.
        first, last: the days that it asks about, "YYYY-MM-DD"; None for now, or for any time.
        page: 1 for the first, of a long list.
    """

    aspect: OfficeAspect
    unit: str = ""
    office: str = ""
    person: str = ""
    is_acting: bool = False
    is_ever: bool = False
    first: str | None = None
    last: str | None = None
    page: int = 1


_UNIT = r"(?P<unit>[\u4e00-\u9fffA-Za-z“”·]{0,24}?)的?"
_OFFICE = rf"{_UNIT}{TITLE_PATTERN}(?:一职|职务|岗位|这个职务)?"
_PERSON = r"(?P<person>[\u4e00-\u9fff·]{2,4}?)(?:同志|先生|女士)?"
_WHO = r"(?:谁|哪一?位(?:同志|领导|干部)?|哪个(?:人)?|什么人|何人)"
_NAMED = r"(?:叫|是叫)(?:什么|啥)(?:名字?)?|(?:的)?(?:姓名|名字)(?:是|叫)?(?:什么|啥)?"
_SEVERAL = r"(?:谁|哪些(?:人|同志)?|哪几[位个](?:人)?|哪[些几]位)"
_IN = r"(?:担任|在任|任|当|做|出任|就任|在当)"
_CHANGED = r"(?:换人|换届|换过人|换过|换|变动|变更|更换|变过|变|调整|易人)"
_WHEN = r"(?:是)?(?:在)?(?:什么时候|啥时候|何时|哪一?年|哪一?天|哪个?月|几时|几月)"
_WHAT = r"(?:什么|啥|哪个|哪些|何种|何)"
_POST = r"(?:行政|领导|党内)?(?:职务|职位|官职|岗位|头衔|身份|职|官|领导)"
_EMPLOYER = r"(?:哪一?[个家]?|什么|啥)(?:公司|企业|集团|单位|部门|机构|学校|医院|大学|银行|协会)"
_WRITTEN: tuple[tuple[OfficeAspect, str], ...] = (
        ("previous", rf"(?:{_UNIT})(?:前任|上一?任|前一任){TITLE_PATTERN}(?:是{_WHO}|{_NAMED})"),
        ("all", rf"{_UNIT}(?:历任|历届|各任|历来的?|前后几任)的?{TITLE_PATTERN}(?:名单|都|分别|先后|依次)?(?:是|有)?(?:{_SEVERAL})?(?:{_IN}过?)?"),
        ("all", rf"(?:历任|历届|各任)的?{_OFFICE}(?:名单|都|分别|先后|依次)?(?:是|有)?(?:{_SEVERAL})?"),
        ("all", rf"{_OFFICE}(?:一共|总共|现在)?(?:都有|都是|有|先后有|先后是|分别是|先后由)(?:过)?{_SEVERAL}(?:{_IN}过?)?"),
        ("all", rf"{_SEVERAL}(?:曾|都|先后)?(?:{_IN})过{_OFFICE}"),
        ("all", rf"{_UNIT}(?:现在|一共|总共|都|先后)*(?:有|有过|出过)(?:哪[些几]|多少|几)[位个名任]?{TITLE_PATTERN}"),
        ("all", rf"{_OFFICE}(?:一共|总共|先后|都)*(?:换过?|有过?|经历过?|当过)了?(?:多少|几)[位个名任](?:人)?"),
        ("changed", rf"{_OFFICE}(?:相比|对比|比起来|之间)?(?:是不是|是否|有没有|有无)?(?:已经?|又)?{_CHANGED}(?:人|届|了人|过人)?(?:了)?(?:没有|没|吗|么)?"),
        ("changed", rf"{_OFFICE}{_WHEN}(?:开始)?{_CHANGED}(?:人|届)?(?:的|了|的人|成{_WHO}的?)?"),
        ("changed", rf"{_WHEN}{_CHANGED}(?:的|了){_OFFICE}"),
        ("changed", rf"{_OFFICE}(?:后来)?(?:{_CHANGED})成了?{_WHO}"),
        ("holder", rf"{_OFFICE}(?:又|到底|究竟|时)?(?:是|为|由)?{_WHO}(?:来)?(?:{_IN})?"),
        ("holder", rf"{_OFFICE}(?:{_NAMED})"),
        ("holder", rf"(?:是)?{_WHO}(?:是|{_IN}){_OFFICE}"),
        ("holder", rf"{_UNIT}{_WHO}(?:是|{_IN}){TITLE_PATTERN}"),
    ("offices", rf"{_PERSON}(?:曾经?|先后|都|一共|历任)?(?:是|担任|任|做|当)(?P<ever>过)?(?:的)?(?:是)?{_WHAT}{_POST}(?:的)?"),
        ("offices", rf"{_PERSON}的?{_POST}(?:是{_WHAT}|有哪些|变化|经历)?"),
        ("offices", rf"{_PERSON}(?:是{_WHO}|是(?:干|做)(?:什么|啥)的)"),
        ("offices", rf"{_PERSON}(?:现在|目前)?在(?:哪(?:里|儿|个)?|什么|啥)(?:单位|部门|机构|地方)?(?:任职|工作|上班|供职|当官|当领导)"),
        ("offices", rf"{_PERSON}(?:是|来自|属于|就职于|任职于|供职于|在)(?:的)?{_EMPLOYER}(?:的人?|工作|任职|上班|就职|供职)?"),
        ("is_holder", rf"{_PERSON}(?:那时|当时|曾经?)?(?:还|仍然?|依然|依旧|也|就|真的?)*(?:是不是|是否是?|是否担任|是|担任|当|任|做|在任)(?P<ever>过)?(?:了)?{_OFFICE}(?:吗|么|的吗|对吗|是吗|对不对)?"),
        ("is_holder", rf"{_OFFICE}(?:那时|当时)?(?:是不是|是否是?|还是|仍是|仍然是|就是|是|(?=叫))(?:叫)?{_PERSON}(?:吗|么|对吗|是吗|对不对)?"),
)  # fmt: skip
_FORMS = tuple((aspect, re.compile(f"^(?:{pattern})$")) for aspect, pattern in _WRITTEN)
_ASKED_POST = re.compile(rf"{_POST}|是(?:{_WHO}|[干做])|在(?:哪|什么|啥)|{_EMPLOYER}")
_LEAD = re.compile(rf"^(?:{OPENING}|你?知道|那么|那|以及|还有|另外|和|与|跟|在|截至|截止到?|从|[，,、：: ])+")
_TAIL = re.compile(r"(?:[？?。！!，,；;… ]|啊|呀|呢|哦|来着|请问|谢谢){1,12}$")
_NOW = re.compile(r"现任|现在的?|目前的?|如今的?|当前的?|现阶段的?|眼下的?|最新的?|当今的?|今天的?|现如今|这会儿")
_OF_TIME = re.compile(
    r"(?:的时候|那时候?|那会儿|那年|当时|时候|时期|时|期间|年底|年初|底|初|末|间|以来)?(?:的)?[，, ]?"
)
_BETWEEN_HAN = re.compile(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])")
_OF_ALL_TIMES = re.compile(r"^(?P<unit>[\u4e00-\u9fff]{2,8}?)的?(?P<all>历任|历届|各任)的?(?=[\u4e00-\u9fff]{3,})")
"""云汀历届政协主席 as 历届云汀政协主席: a unit may be parted by it."""
_PAGE = re.compile(r"[（(，, ]{0,4}第(\d{1,3})页[）)]?$")
_INNER = re.compile(r"(?<=[区县市省镇乡])的")
_OURS = re.compile(r"^(?:我们|咱们?|我|本|新任?的?|老)(?=[区县市镇乡]?$|[区县市镇乡]委)")
"""Words before a unit that say no more than that it is the archive's own."""
_NEW = re.compile(r"(?:新任|新上任|新当选|新任命|新履职|刚上任)的?$")
"""Behind a unit, of who holds its office now."""


_NO_PERSON = re.compile(r"[谁哪什么区市县镇乡街会的和与]|负责|主要|领导|现任|一直|始终|总是|[还仍]$")


def read_question(analysis: QuestionAnalysis) -> OfficeQuestion | None:
    """Return what a Chinese question asks of an office; None where it asks for anything else, or for more."""
    typed = simplify(analysis.text)
    if len(typed) > 60 or len(typed) != len(analysis.text):
        return None
    core, is_timed = _without_time(typed, analysis)
    core = _TAIL.sub("", _BETWEEN_HAN.sub("", core))
    page = _PAGE.search(core)
    core = _TAIL.sub("", core[: page.start()]) if page else core
    core = _LEAD.sub("", _NOW.sub("", _LEAD.sub("", core)))
    core = _OF_ALL_TIMES.sub(r"\g<all>\g<unit>", core)
    if not TITLE.search(core) and not _ASKED_POST.search(core):
        return None
    for aspect, form in _FORMS:
        match = form.match(core)
        found = _question(aspect, match.groupdict(), core) if match else None
        if found is None:
            continue
        time = analysis.time_range if is_timed else None
        return OfficeQuestion(
            aspect=found.aspect,
            unit=found.unit,
            office=found.office,
            person=found.person,
            is_acting=found.is_acting,
            is_ever=found.is_ever,
            first=time.first if time else None,
            last=time.last if time else None,
            page=int(page[1]) if page else 1,
        )
    return None


def _without_time(typed: str, analysis: QuestionAnalysis) -> tuple[str, bool]:
    """The question without what says of which time, and whether that time is over."""
    time = analysis.time_range
    if time is None or not time.spans:
        return typed, False
    parts, place = [], 0
    for span in sorted(time.spans, key=lambda span: span.start):
        if span.start < place:
            continue
        parts.append(typed[place : span.start])
        place = span.end
        if more := _OF_TIME.match(typed, place):
            place = more.end()
    parts.append(typed[place:])
    return "".join(parts), not time.reaches_today


def _question(aspect: OfficeAspect, groups: dict[str, str | None], core: str) -> OfficeQuestion | None:
    """The question of a form that matched; None where what it has for a unit or a person is none."""
    unit, rank, title = (groups.get(name) or "" for name in ("unit", "rank", "title"))
    person = groups.get("person") or ""
    if person and ((not surname_of(person) and len(person) != 3) or _NO_PERSON.search(person)):
        return None
    if aspect == "offices":
        return OfficeQuestion(aspect, person=person, is_ever="过" in core or "先后" in core or "历任" in core)
    unit = _NEW.sub("", _OURS.sub("", _INNER.sub("", unit)))
    if _ASKING.search(unit) or (_JOINS.search(unit) and (TITLE.search(unit) or not unit.endswith(_OF_SEVERAL))):
        return None
    is_acting = rank.startswith(ACTING)
    for acting in ACTING:
        rank = rank.removeprefix(acting)
    is_ever = bool(groups.get("ever")) or (aspect == "is_holder" and "曾" in core)
    return OfficeQuestion(aspect, canonical_unit(unit), rank + title, person, is_acting=is_acting, is_ever=is_ever)


_ASKING = re.compile(r"[谁哪何的]|什么|是|怎|吗|如何|为什么|多少|会见|参加|出席|主持|强调|表示|说|提出|要求")
_JOINS, _OF_SEVERAL = re.compile(r"[和与、]"), ("委员会", "局", "办公室", "部")
"""住房和城乡建设委员会 is one body; 区长和 begins another."""
