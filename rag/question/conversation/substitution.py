"""那石桥区呢？ → the question before, with another year, day, place, office, person or attribute in it.

A time goes in the place of a time, a place of a place, an attribute of an attribute; where the question has nothing of the kind
that could be replaced, there is no such question.
"""

import re

from index.language.numerals import numeral_value
from index.language.terms import NAME_TAGS, Lexicon, tag_words
from index.language.vocabulary import measure_words, pattern_of
from rag.question.conversation.antecedents import ASKS, GENERAL, HELD_OFFICE, TIME, Entity, find_entities, find_person

_COUNTED = re.compile(
    rf"(?:多少|哪些|哪几|几)[{GENERAL}]?(?P<noun>[\u4e00-\u9fff]{{1,6}}?)(?=[？?，]|$|入驻|参加|参与|获|在|被)"
)
_DAY = re.compile(r"(?<![\d月])\d{1,2}[日号](?!线|楼|院|馆|桥|地|店|厂|文)")
_MONTHS = r"(?:(?:19|20)\d\d年)?\d{1,2}月?(?:到|至|-|—|~|～)\d{1,2}月份?"
_WHEN = re.compile(rf"{_MONTHS}|{TIME.pattern}|(?:周|星期|礼拜)[一二三四五六日天末]|工作日|节假日|{_DAY.pattern}")
_YEAR = re.compile(r"(?:19|20)\d\d年?|[去今前明]年")
_MONTH_DAY = re.compile(r"(?P<day>\d{1,2})[日号]$")
_ORDINAL = re.compile(
    rf"第(?P<number>[一二两三四五六七八九十\d]{{1,3}})(?P<unit>{pattern_of(measure_words('count', 'people', without=('noun',)))}|[个届次名位])?"
)
_PART = re.compile(r"[上下]半年|第?[一二三四]季度")
_OTHER_KINDS = re.compile(r"什么时候|何时|哪一?[天年月]|哪里|哪儿|在哪|谁|为什么|为何|是否|是不是|有没有|吗")
"""Asking words with which no attribute is asked for: what was asked so is asked otherwise of an attribute."""
_HEADED_OFFICE = re.compile(r"(?P<head>[区县市镇乡村])长")


def swap_topic(other: str, question: str, answer: str, lexicon: Lexicon) -> str | None:
    """Return a question with `other` instead of what corresponds to it; None where nothing does.

    Args:
        other: what is asked about now: 2021年, 石桥区, 区长, 优良天数, or several of them, 石桥区2021年.
        question, answer: the turn before.
        lexicon: knows the archive's names, so that a place is known without 街道.
    """
    rest = other.strip("的，, ")
    if time := _WHEN.search(rest):
        question = put_time(time[0], question)
        rest = (rest[: time.start()] + rest[time.end() :]).strip("的，, ")
    return _swap_thing(rest, question, answer, lexicon) if rest else question


def is_time(text: str) -> bool:
    """Whether a text states a time and nothing else: 2019年, 31号, 去年."""
    return _WHEN.fullmatch(text.strip("的，,。？?呢 ")) is not None


def put_time(time: str, question: str) -> str:
    """Return the question with another time, or with one where it states none.

    A day replaces a day, a month the month of the same year, a year that of the same half or quarter.
    """
    known = _WHEN.search(question)
    if not known:
        return f"{time}{question}"
    year = _YEAR.match(known[0])
    if _DAY.fullmatch(time):
        day = _MONTH_DAY.search(known[0])
        end = known.start() + day.start() if day else known.end()
        if not day and not known[0].endswith(("月", "月份")):
            return f"{time}{question}"
        return (
            question[:end].removesuffix("份") + time[:-1] + "日" + question[known.end() :]
        )  # 31号 beside a month numbers nothing else
    if _YEAR.fullmatch(time) and year and _PART.fullmatch(question[known.start() + year.end() : known.end()]):
        return question[: known.start()] + time + question[known.start() + year.end() :]
    if year and not _YEAR.match(time) and re.match(r"\d{1,2}月|[上下]半年|第?[一二三四]季度", time):
        part = _PART.match(question, known.end())  # 去年 | 上半年, in two matches
        end = part.end() if part else known.end()
        return (
            question[: known.start()] + f"{year[0]}{time}" + question[end:]
        )  # 那6月呢？ asks for June of the same year
    return question[: known.start()] + time + question[known.end() :]


def ordinal_of(text: str) -> int | None:
    """Return which of several a text points at: 2 for 第二个, 2, the second one; None where it is no such text."""
    said = text.strip("的，,。.？?！!呢吧 ").removeprefix("选").removeprefix("是").casefold()
    said = re.sub(r"^(?:the )|(?: one| option)$", "", said)
    words = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5}
    if said in words:
        return words[said]
    match = _ORDINAL.fullmatch(said)
    number = match["number"] if match else said if re.fullmatch(r"[一二三四五六七八九\d]", said) else None
    return (int(number) if number.isdigit() else numeral_value(number)) if number else None


def _swap_thing(other: str, question: str, answer: str, lexicon: Lexicon) -> str | None:
    if (ordinal := _ORDINAL.fullmatch(other)) and (known_ordinal := _ORDINAL.search(question)):
        unit = ordinal["unit"] if ordinal["unit"] not in (None, "个") else known_ordinal["unit"] or ""
        return f"{question[: known_ordinal.start()]}第{ordinal['number']}{unit}{question[known_ordinal.end() :]}"
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
    if office and office.start() == 0 and office.end() == len(other) and known:
        of = "的" if question.startswith("的", known[-1].end) else ""
        return f"{question[: known[-1].end]}{of}{other}是谁？"
    if named:
        return _swap_entity(named[-1], other, question, known, answer, lexicon)
    if _is_place(other, lexicon) and any(entity.is_administrative for entity in known):
        place = [entity for entity in known if entity.is_administrative][-1]
        headed = other + place.head if place.head == "街道" else other
        return question[: place.start] + headed + question[place.end :]
    person = find_person(question)
    if find_person(other) == other and _is_name(other):
        return question.replace(person, other) if person else None
    if verbs := _swap_last_verb(other, question):
        return verbs
    counted = _COUNTED.search(question)
    if counted and not counted.start() and other in answer:  # one of those that were counted up
        return other + question[counted.end("noun") :]
    if counted and (counted["noun"][-1] == other[-1] or not counted.start()):
        return question[: counted.start("noun")] + other + question[counted.end("noun") :]
    return _swap_focus(other, question, known, counted)


def _swap_entity(
    entity: Entity, other: str, question: str, known: list[Entity], answer: str, lexicon: Lexicon
) -> str | None:
    """The question of another place or thing, and where `other` names an attribute of it as well, for that."""
    attribute = other[entity.end :].strip("的")
    if attribute:
        if not any(one.words == entity.words for one in known):
            swapped = _swap_entity(entity, other[: entity.end], question, known, answer, lexicon)
            return _swap_thing(attribute, swapped, answer, lexicon) if swapped else None
        return _swap_thing(attribute, question, answer, lexicon)
    like = _alike(entity, known)
    if like:
        swapped = question[: like.start] + other + question[like.end :]
        return _office_of(entity, like, swapped)
    counted = _COUNTED.search(question)
    if counted and not counted.start() and other in answer:
        return other + question[counted.end("noun") :]
    if counted and counted["noun"][-1] == other[-1]:
        return question[: counted.start("noun")] + other + question[counted.end("noun") :]
    if (not known or entity.is_administrative) and find_person(question):
        return None
    return _swap_focus(other, question, known, counted, is_thing=True)


def _swap_last_verb(other: str, question: str) -> str | None:
    """受伤 for 死亡 of 造成几人死亡？: what happened goes in the place of what happened."""
    bare = question.rstrip("？?。 ")
    tagged, asks = tag_words(bare), ASKS.search(bare)
    if not asks or len(tagged) < 2 or not all(tag.startswith("v") for _word, tag in tag_words(other)):
        return None
    last, tag = tagged[-1]
    if not tag.startswith("v") or len(last) < 2 or len(bare) - len(last) < asks.end():
        return None
    return f"{bare[: -len(last)]}{other}？"


def _office_of(entity: Entity, like: Entity, question: str) -> str:
    """卢沟桥乡乡长 → 北宫镇镇长: the head of a body is called by what the body is."""
    title = _HEADED_OFFICE.search(question)
    if not title or title["head"] != like.head[-1] or entity.head == like.head or entity.head not in "区县市镇乡村":
        return question
    return question[: title.start("head")] + entity.head + question[title.end("head") :]


def _is_place(other: str, lexicon: Lexicon) -> bool:
    """Whether a word without 街道 or 镇 names a place: 云岗, and not 不足."""
    tagged = tag_words(other)
    return other in lexicon.find_names(other) or tagged[-1][1].startswith(NAME_TAGS)


def _is_name(other: str) -> bool:
    """Whether a word is no everyday noun that begins like a name: 成绩."""
    tagged = tag_words(other)
    return len(tagged) > 1 or not tagged[0][1].startswith("n") or tagged[0][1].startswith("nr")


def _names_kind(text: str) -> bool:
    """Whether a text is common nouns alone: 资产规模, and neither a name nor a measure word."""
    return len(text) > 1 and all(tag in ("n", "vn", "l", "an") for _word, tag in tag_words(text))


def _alike(entity: Entity, known: list[Entity]) -> Entity | None:
    """The one that `entity` can stand for: of the same head, else of the same kind."""
    same = [other for other in known if other.head == entity.head]
    kind = [other for other in known if other.is_administrative == entity.is_administrative]
    found = same or kind
    return found[-1] if found else None


def _swap_focus(
    other: str, question: str, known: list[Entity], counted: re.Match[str] | None, *, is_thing: bool = False
) -> str | None:
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
    if not is_thing and known and _OTHER_KINDS.match(question, asks.start()):
        return f"{question[: known[-1].end]}的{other}是多少？"
    if (
        counted
        and not start
        and _names_kind(other)
        and _names_kind(counted["noun"])
        and not _names_kind(question[:end])
    ):
        return (
            question[: counted.start("noun")] + other + question[counted.end("noun") :]
        )  # 资产 for 员工 of 国家电网有多少员工
    if counted and start >= end:  # 石桥小学 | 有多少学生: nothing stands between
        return question[: counted.start("noun")] + other + question[counted.end("noun") :]
    return question[:start] + other + question[end:]
