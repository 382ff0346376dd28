"""What sort of answer a question wants besides a single fact: a judgement, a story, so and so many things."""

import re
from typing import Literal

from index.language.normalise import simplify
from index.language.numerals import numeral_value
from index.language.vocabulary import measure_words, offices, pattern_of

AnswerType = Literal["number", "person", "office", "date", "place", "organisation", "reason", "other"]
AnswerForm = Literal["fact", "summary", "chronology"]
"""fact: what one sentence or list says. summary: the matter in short. chronology: what happened in the order of time."""

_OPINION = re.compile(
    r"你(?:个人)?(?:觉得|认为|怎么看|评价|支持|喜欢)|打个?分|评分|评价一?下|谁更|哪个更(?:好|称职|能干|清廉)|更?称职|贪(?!官污吏)|腐败分子|骂|"
    r"\bdo you (?:think|believe|like|prefer)\b|\byour opinion\b|\bwho is better\b|\brate (?:him|her|them)\b",
    re.IGNORECASE,
)
_OF_PERSONS = re.compile(
    pattern_of(offices("party", "government", "congress", "department", "people"), "secretary|mayor|leader|official"),
    re.IGNORECASE,
)
_SUMMARY = re.compile(
    r"概括|总结|简述|概述|归纳|简要|介绍一?下|说说|讲讲|梳理|整理|怎么来的|经过|过程|\bsummari[sz]e|\bsum up\b|\boutline\b|\bdescribe\b|\bbriefly\b",
    re.IGNORECASE,
)
_CHRONOLOGY = re.compile(
    r"时间线|时间轴|大事记|年表|按时间|来龙去脉|先后|历程|沿革|演变|\btimeline\b|\bchronolog|\bin order of time\b",
    re.IGNORECASE,
)
_HAN = "一二三四五六七八九十"
_COUNTED = pattern_of(measure_words("count", "general", without=("noun",)), "[点大步级化力链线位体“]|方面")
_COUNT = re.compile(rf"(?<![第{_HAN}两\d])([{_HAN}两\d]{{1,2}}){_COUNTED}")


def asks_for_opinion(question: str, *, names_person: bool) -> bool:
    """Whether the question wants holders of offices or other persons judged, which no report can answer.

    Args:
        names_person: whether it names somebody.
    """
    text = simplify(question)
    return (names_person or _OF_PERSONS.search(text) is not None) and _OPINION.search(text) is not None


def asked_form(question: str) -> AnswerForm:
    """Return what shape of answer the question wants."""
    if _CHRONOLOGY.search(question):
        return "chronology"
    return "summary" if _SUMMARY.search(question) else "fact"


def asked_count(question: str) -> int | None:
    """Return how many things a question says there are: 3 of 三个“紧密结合”; None where it does not say."""
    for match in _COUNT.finditer(question):
        value = int(match[1]) if match[1].isdigit() else numeral_value(match[1])
        if value and 2 <= value <= 20:
            return value
    return None
