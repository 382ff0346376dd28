"""Words that point back (他, 那里, 那年, 这个社区) → what they mean, in their place. Rules only, for Chinese."""

import re
from collections.abc import Callable, Sequence

from index.language.vocabulary import measure_words, pattern_of
from rag.question.conversation.antecedents import (
    HELD_OFFICE,
    TIME,
    find_entities,
    find_person,
    find_subject,
    headed,
    person_of,
    place_of,
    thing_of,
    year_of,
)
from rag.question.conversation.history import Turn
from rag.question.time_range import blank_quotes

_UNIT = pattern_of(measure_words("count", "people", without=("noun",)), "些|里的")
_TITLE = re.sub(r"\?P<\w+>", "?:", HELD_OFFICE.pattern)
# What points at something: why it may be harmless is told in _is_bound.
_POINTS = re.compile(
    r"(?P<people>[他她它]们(?:俩|几个)?)|"
    r"(?P<person>(?<![其吉利排维])[他她](?!们|乡|人|国|日|山|杀|经济))|"
    r"(?P<thing>(?<!其)它(?!们)|前者|后者)|"
    r"(?P<place>(?<![你您我咱们])(?:那里|那儿|那边|这里|这儿|这边))|"
    r"(?P<shift>(?:前一|上一|头一|后一|下一|次|第二)年)|"
    r"(?P<time>那一?年|那时候?|那会儿|当年|当时|同年)|"
    r"(?P<demonstrative>(?:[这那](?!么|样|几年|些年|两年|达慕|曲|拉提|英|霸|坡|不勒斯)|(?<![应活不])该(?![怎如去不有是找从])|上述|刚才(?:说|提到)?的)"
    r"(?P<count>[一二两三四五六七八九十几\d]{0,2})"
    rf"(?P<unit>{_UNIT})?"
    rf"(?P<head>{_TITLE}|[\u4e00-\u9fff]{{1,8}}?(?=[的是有在叫位具一总什谁哪多几建会将已能可由从到和与对举为怎如成]|开[始放通展]|分别|做了?什|负责|参加|主要|需要|花了|属于|包括|涉及|目前|现在|今年|最|还|都|也|[，。？?]|$)))"
)
_BEFORE_POINTER = frozenset("，。？！,；：在对从到由把被跟和与于给向为用是让请问及以按据除比了过以呢去拿叫当像凭")
_ABSTRACT = re.compile(
    r"(?:事|事情|政策|规定|做法|措施|问题|情况|数据|数字|变化|工作|指标|结果|说法|消息|新闻|报道|计划|成绩|目标)$"
)
_GENERAL = re.compile(
    r"(?:项目|工程|地方|单位|机构|活动|建筑|设施|场所|地点|企业|公司|组织|东西|平台|大会|会议|节目|景点)$|^(?:楼|路|桥|馆|园|河|湖)$"
)
_TIME_HEADS = frozenset("年 天 月 日 时 时候 段时间 期间 个月".split())  # noqa: SIM905


def has_pointer(text: str) -> bool:
    """Whether a text has a word that points back and means nothing in the text itself."""
    blanked = blank_quotes(text)
    return any(not _is_bound(blanked, match, _kind_of(match)) for match in _POINTS.finditer(blanked))


def resolve(text: str, turns: Sequence[Turn]) -> str:
    """Put what they mean in the place of 他, 那里, 那年, 这个社区 …, as far as the conversation tells."""
    blanked = blank_quotes(text)
    parts: list[str] = []
    place = 0
    for match in _POINTS.finditer(blanked):
        kind = _kind_of(match)
        if _is_bound(blanked, match, kind):
            continue
        meant = _MEANINGS[kind](match, turns)
        if meant is None or meant in text[: match.start()]:
            continue
        if meant[0] in "在到于" and text[: match.start()].endswith(meant[0]):  # 在那里: no 在在浙江
            meant = meant[1:]
        parts += [text[place : match.start()], meant]
        place = match.end()
    return "".join(parts) + text[place:]


def _kind_of(match: re.Match[str]) -> str:
    return match.lastgroup if match.lastgroup in _MEANINGS else "demonstrative"


def _is_bound(text: str, match: re.Match[str], kind: str) -> bool:
    """Whether what a pointer means stands in the question itself: 望湖社区这个项目; 2021年当时; 李明是谁，他 …"""
    before = text[: match.start()]
    if not before.strip():
        named = kind == "demonstrative" and (match["unit"] or "") in ("次", "场", "届", "")
        return named and bool(TIME.match(text, match.start("head")) or find_entities(text[match.end() :])[:1])
    if kind in ("person", "people", "thing", "shift"):
        return bool(find_person(before)) or bool(TIME.search(before) if kind == "shift" else find_entities(before))
    if kind == "time":
        return bool(TIME.search(before))
    return before[-1] not in _BEFORE_POINTER or (before[-1] in "，。？！,；：" and len(before) > 6)


def _demonstrated(match: re.Match[str], turns: Sequence[Turn]) -> str | None:
    head = match["head"]
    if head in _TIME_HEADS:
        return year_of(turns)
    office = HELD_OFFICE.fullmatch(head)
    if office or head in ("人", "记者", "老师"):
        name = person_of(turns)
        return f"{name}{head}" if name and office and len(name) <= 4 else name
    if match["unit"] == "些" and (plural := _plural(head, turns)):
        return plural
    if found := headed(turns, head):
        return found
    subject = find_subject(turns[-1].question)
    told = next((turn for turn in reversed(turns) if head in turn.answer or head in turn.question), None)
    if told is not None:  # 这三清 of “三清行动”
        name = f"{match['count']}{head}" if f"{match['count']}{head}" in told.answer else head
        quoted = re.search(rf"“[^“”]*{name}[^“”]*”", told.answer)
        return subject if name in subject else f"{subject}{quoted[0] if quoted else ''}的{name}"
    if _ABSTRACT.search(head):
        return subject
    return thing_of(turns) if _GENERAL.search(head) else None  # else it points at something that nobody mentioned


def _plural(head: str, turns: Sequence[Turn]) -> str | None:
    """参加试点的街道 for 这些街道, where it was asked which ones they are."""
    subject = find_subject(turns[-1].question)
    return subject if subject.endswith(f"的{head}") else None


def _people(_match: re.Match[str], turns: Sequence[Turn]) -> str | None:
    return find_subject(turns[-1].question) or None


def _shifted(match: re.Match[str], turns: Sequence[Turn]) -> str | None:
    year = year_of(turns)
    step = 1 if match[0][0] in "后下次第" else -1
    return f"{int(year[:4]) + step}年" if year else None


_MEANINGS: dict[str, Callable[[re.Match[str], Sequence[Turn]], str | None]] = {
    "people": _people,
    "person": lambda _match, turns: person_of(turns),
    "thing": lambda _match, turns: thing_of(turns),
    "place": lambda _match, turns: place_of(turns),
    "shift": _shifted,
    "time": lambda _match, turns: year_of(turns),
    "demonstrative": _demonstrated,
}
