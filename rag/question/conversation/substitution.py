"""那石桥区呢？ → the question before, with another year, place, office, person or thing in it."""

import re

from rag.question.conversation.antecedents import ASKS, GENERAL, HELD_OFFICE, TIME, Entity, find_entities, find_person
from rag.question.conversation.history import Turn

_COUNTED = re.compile(
    rf"(?:多少|哪些|哪几|几)[{GENERAL}]?(?P<noun>[\u4e00-\u9fff]{{1,6}}?)(?=[？?，]|$|入驻|参加|参与|获|在|被)"
)
_WHEN = re.compile(rf"{TIME.pattern}|(?:周|星期|礼拜)[一二三四五六日天末]|工作日|节假日")
_YEAR = re.compile(r"(?:19|20)\d\d年?")


def swap_topic(other: str, turn: Turn) -> str:
    """Return the turn's question with `other` instead of what corresponds to it.

    Args:
        other: what is asked about now: 2021年, 石桥区, 区长, 优良天数, or several of them, 石桥区2021年.
    """
    question = turn.question
    rest = other.strip("的，, ")
    if time := _WHEN.search(rest):
        question = _swap_time(time[0], question)
        rest = (rest[: time.start()] + rest[time.end() :]).strip("的，, ")
    return _swap_thing(rest, question, turn.answer) if rest else question


def _swap_time(time: str, question: str) -> str:
    known = _WHEN.search(question)
    if not known:
        return f"{time}{question}"
    year = _YEAR.match(known[0])
    if year and not _YEAR.match(time) and re.match(r"\d{1,2}月|[上下]半年|第?[一二三四]季度", time):
        time = f"{year[0]}{time}"  # 那6月呢？ asks for June of the same year
    return question[: known.start()] + time + question[known.end() :]


def _swap_thing(other: str, question: str, answer: str) -> str:
    office, known_office = HELD_OFFICE.search(other), HELD_OFFICE.search(question)
    if office and known_office and office.end() == len(other):
        # 区委书记 → 区长, but 社区书记 → 社区主任: what the office belongs to goes only where it is an organ's own.
        time = TIME.match(question)
        start = known_office.start() if office.start() == 0 else (time.end() if time else 0)
        rest = question[known_office.end() :]
        holder = find_person(known_office[0] + rest)
        return question[:start] + other + (rest.removeprefix(holder) if holder else rest)
    known = find_entities(question)
    named = find_entities(other)
    if named and (like := _alike(named[-1], known)):
        return question[: like.start] + other + question[like.end :]
    person = find_person(question)
    if person and find_person(other) == other:
        return question.replace(person, other)
    counted = _COUNTED.search(question)
    if counted and not counted.start() and other in answer:  # one of those that were counted up
        return other + question[counted.end("noun") :]
    if counted and (counted["noun"][-1] == other[-1] or not counted.start()):
        return question[: counted.start("noun")] + other + question[counted.end("noun") :]
    return _swap_focus(other, question, known, counted)


def _alike(entity: Entity, known: list[Entity]) -> Entity | None:
    """The one that `entity` can stand for: of the same head, else of the same kind."""
    same = [other for other in known if other.head == entity.head]
    kind = [other for other in known if other.is_administrative == entity.is_administrative]
    found = same or kind
    return found[-1] if found else None


def _swap_focus(other: str, question: str, known: list[Entity], counted: re.Match[str] | None) -> str:
    """Put `other` in the place of what stands between the places and times of the question and its asking words."""
    asks = ASKS.search(question)
    end = asks.start() if asks else len(question.rstrip("？?"))
    if asks and asks[0] == "吗":  # 儿童阅览室 of 图书馆 | 周末开门吗
        place = known[-1].end if known else 0
        return question[:place] + other + question[place:]
    start = max(
        [entity.end for entity in known if entity.end <= end]
        + [match.end() for match in TIME.finditer(question, 0, end) if match.end() <= end]
        + [question.rfind("的", 0, end - 1) + 1]
    )
    if not asks or asks.start() == 0:
        return f"{other}{question}"
    if counted and start >= end:  # 石桥小学 | 有多少学生: nothing stands between
        return question[: counted.start("noun")] + other + question[counted.end("noun") :]
    return question[:start] + other + question[end:]
