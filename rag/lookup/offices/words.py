"""The service's own words about offices, in both languages."""

import re

from index.records import PartialDate
from rag.generation.messages import show_date
from rag.lookup.offices.holders import Seat
from rag.records import Language

_ENGLISH_OFFICES = {"区长": "head of the district", "副区长": "deputy head of the district", "书记": "Party secretary"}

_PARTY_DEPARTMENT = re.compile(r"^(?:组织|宣传|统战|统一战线工作|社会工作)部$|^(?:党校|政法委|巡察办)$")
"""The 区委's own, which a unit in one form has without it."""


def name_of(seat: Seat, *, is_acting: bool = False) -> str:
    """Return an office as a newspaper writes it: 云汀区代区长, 青石街道办事处主任."""
    body, office = seat.body, seat.office
    if seat.territory.endswith("街道") and not body and office.endswith("主任"):
        body = "办事处"
    if body == "人大" and office.endswith("主任"):
        body = "人大常委会"
    if _PARTY_DEPARTMENT.search(body) and seat.territory[-1:] in ("区", "县", "市"):
        body = f"委{body}"
    return f"{seat.territory}{body}{'代' if is_acting else ''}{office}"


def dated(date: PartialDate | None, language: Language) -> str:
    """Return how a report is named by its date."""
    if language == "en":
        return f"a report of {show_date(date, english=True)}" if date else "an undated report"
    return f"{show_date(date, english=False)}报道" if date else "一篇未注明日期的报道"


def holds(name: str, person: str, date: PartialDate | None, language: Language, *, is_earlier: bool = False) -> str:
    """Return that a report names a person in an office."""
    if language == "en":
        lead = "Before that, according to" if is_earlier else "According to"
        return f"{lead} {dated(date, language)}, {name} was {person}."
    return f"{'此前，' if is_earlier else ''}据{dated(date, language)}，{name}为{person}。"


def shown(seat: Seat, language: Language, *, is_acting: bool = False) -> str:
    """Return an office as an answer in a language names it."""
    name = name_of(seat, is_acting=is_acting)
    if language == "zh":
        return name
    english = _ENGLISH_OFFICES.get(seat.office)
    return f"the {'acting ' if is_acting else ''}{english} ({name})" if english else f"the holder of {name}"


_HAPPENED = {
    "elected": ("当选", "was elected"),
    "appointed": ("出任", "was appointed"),
    "removed": ("不再担任", "left office as"),
}


def happened(name: str, person: str, change: str, date: PartialDate | None, language: Language) -> str:
    """Return that a report says how somebody came to an office, or gave it up."""
    zh, en = _HAPPENED[change]
    if language == "en":
        return f"According to {dated(date, language)}, {person} {en} {name.removeprefix('the ')}."
    return f"据{dated(date, language)}，{person}{zh}{name}。"


def not_at_that_time(name: str, language: Language) -> str:
    """Return that no report of the time asked about names the holder, before those nearest to it."""
    if language == "en":
        return f"No report of that time names {name}. The nearest reports before and after:"
    return f"没有找到那个时间的报道提到{name}是谁，不能确定。前后最近的报道："


def held_by(
    person: str, name: str, date: PartialDate | None, since: PartialDate | None, language: Language, *, is_past: bool
) -> str:
    """Return that a person holds or held an office, with the first report of it where it is another one."""
    if language == "en":
        first = f" (first in {dated(since, language)})" if since else ""
        return f"According to {dated(date, language)}, {person} {'had been' if is_past else 'was'} {name}{first}."
    first = f"（最早见于{show_date(since, english=False)}的报道）" if since else ""
    return f"据{dated(date, language)}，{person}{'曾任' if is_past else '任'}{name}{first}。"


def nobody(name: str, language: Language) -> str:
    """Return that the archive names no holder of an office."""
    if language == "en":
        return f"No report in the archive names {name}."
    return f"资料里没有报道提到{name}是谁，无法回答。"


def still(
    name: str,
    person: str,
    first: PartialDate | None,
    last: PartialDate | None,
    language: Language,
    *,
    is_open: bool = False,
) -> str:
    """Return that all reports name one person in an office.

    Args:
        is_open: the one before may have left in the time asked about, so that no more is said than who it was then.
    """
    if language == "en":
        lead = "In the reports of that time" if is_open else "No report tells of a change"
        return f"{lead}: {name} is {person} in all of them, up to {dated(last, language)}."
    lead = "那段时间" if is_open else "没有报道提到换人："
    if first == last or first is None or last is None:
        return f"{lead}只有{dated(last, language)}提到{name}，为{person}。"
    return f"{lead}{show_date(first, english=False)}至{show_date(last, english=False)}的报道中，{name}都是{person}。"


def verdict(is_so: bool | None, language: Language) -> str:
    """Return yes, no, or that it cannot be told, to stand in front of a line."""
    if language == "en":
        return {True: "Yes: ", False: "No: ", None: "That cannot be told: "}[is_so]
    return {True: "是，", False: "不是，", None: "无法确认，"}[is_so]
