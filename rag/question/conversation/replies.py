"""A reply to the service's clarifying question → the question that it answers: 第一个, 2019年, the former, the name of one.

Texts in simplified characters.
"""

import re

from rag.question.conversation.antecedents import ASKS
from rag.question.conversation.history import Turn
from rag.question.conversation.offers import Offer
from rag.question.conversation.substitution import ordinal_of, put_time

MAX_REPLY_CHARACTERS = 24
_FORMER, _LATTER = (
    re.compile(r"前者|(?:the )?former", re.IGNORECASE),
    re.compile(r"后者|(?:the )?latter", re.IGNORECASE),
)
_FILLING = re.compile(
    r"[\s，,。！!？?.]|是的?|我(?:问|指|想问|说)的?是?|那个|的|吧|呢|(?:i mean )?\bthe\b|\bone\b", re.IGNORECASE
)

_POINTS_AT = re.compile(
    r"(?:那|那么)?(?P<ordinal>第[一二三四五六七八九十\d]{1,2}个?)(?=[呢？?。，在是的有叫什多哪谁怎为何]|$)"
)
_HAS_ORDINAL = re.compile(r"第[一二三四五六七八九十\d]")
_NUMBERED = re.compile(r"(?:^|\s)\d{1,2}[.、．]\s?(?P<item>[^\s]{2,40}?)(?=[。；;]?\s\d{1,2}[.、．]|[。；;]|$)")
_ROW = re.compile(r"[^、，。；\s]{2,24}(?:、[^、，。；\s]{2,16})+")


def questions_of(offer: Offer, question: str) -> tuple[str, ...]:
    """Return the question, complete, for each of the readings."""
    return tuple(_read(offer, question, reading) for reading in offer.readings)


def reply_to(reply: str, offer: Offer, question: str) -> str | None:
    """Return the question in the sense that a reply chooses; None where it is no such reply."""
    if len(reply) > MAX_REPLY_CHARACTERS or (ASKS.search(reply) and ordinal_of(reply) is None):
        return None
    reading = chosen(reply, offer)
    return _read(offer, question, reading) if reading else None


def _read(offer: Offer, question: str, reading: str) -> str:
    if offer.name:
        return question.replace(offer.name, reading, 1)
    if question.isascii():
        return f"{question.rstrip('? ')} in {reading}?"
    return put_time(reading, question)


def chosen(reply: str, offer: Offer) -> str | None:
    """Return the reading that a reply chooses: by its number, as the former or the latter, or by words that only it has."""
    number = ordinal_of(reply)
    if _FORMER.search(reply) and len(offer.readings) == 2:
        number = 1
    elif _LATTER.search(reply) and len(offer.readings) == 2:
        number = 2
    if number is not None:
        return offer.readings[number - 1] if 0 < number <= len(offer.readings) else None
    said = _FILLING.sub("", reply).casefold()
    if not said:
        return None
    having = [reading for reading in offer.readings if said in _FILLING.sub("", reading).casefold()]
    having = having or [
        reading for reading in offer.readings if _FILLING.sub("", reading).casefold().rstrip("年") in said
    ]
    return having[0] if len(having) == 1 else None


def replace_ordinal(asked: str, turn: Turn) -> str | None:
    """Return a question for 第二个 of what the answer before counts up; None where it does not, or nothing of it is asked."""
    pointed = _POINTS_AT.match(asked)
    number = ordinal_of(pointed["ordinal"]) if pointed else None
    if pointed is None or number is None or _HAS_ORDINAL.search(turn.question):
        return None
    items = listed_items(turn.answer)
    if not 0 < number <= len(items):
        return None
    rest = asked[pointed.end() :].strip("，, ")
    return f"介绍一下{items[number - 1]}。" if rest.strip("呢？?。 ") == "" else f"{items[number - 1]}{rest}"


def listed_items(answer: str) -> list[str]:
    """Return what an answer counts up: its numbered lines, else its longest row of 甲、乙和丙."""
    numbered = [match["item"].strip() for match in _NUMBERED.finditer(answer)]
    if len(numbered) > 1:
        return numbered
    rows = max((match[0] for match in _ROW.finditer(answer)), key=len, default="")
    items = [item for item in re.split(r"、|和|以及|及", rows) if item]
    return [re.sub(r"^.*(?:有|包括|分别[是为]|是|为|：|:)", "", items[0]), *items[1:]] if len(items) > 1 else []
