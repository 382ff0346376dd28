"""One question that asks several things → the questions in it, each able to stand by itself.

A？其中B？ and A，B分别是多少 ask for two facts, 从2019年到2024年由谁换成了谁 for one at two times. Rules only: what they do not
recognise stays one question.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.language.vocabulary import OFFICE, offices, pattern_of
from rag.question.analysis import ASKING, asks
from rag.question.conversation.english import complete_english, points_back
from rag.question.conversation.english_topic import find_english_names
from rag.question.conversation.history import Turn
from rag.question.language import detect_language
from rag.question.time_range import TimeRange, drop_asked

MAX_PARTS = 5
MIN_OWN_CHARACTERS = 7
"""Characters besides asking words with which a question says what it is about."""
MIN_ITEM_CHARACTERS = 4
"""The same of an item of a numbered list, which is written to be read alone."""
_SENTENCE = re.compile(r"[^？?；;。！!]+[？?；;。！!]*")
_CLAUSE = re.compile(r"[，,]")
_NEXT_CLAUSE = re.compile(
    r"(?:,|(?<!\s))\s++and\s+(?:also\s+)?(?:(?=(?:what|which|when|where|why|how)\b(?:\s+[\w'-]+){0,4}?\s+(?:is|are|was|were|do|does|did|has|have|had|will|can)\s+\w)"
    r"|(?=who\s+(?!is\b|was\b|are\b|were\b)\w))",
    re.IGNORECASE,
)
"""Before a clause with an asking word and a verb of its own; who holds two offices is mostly told in one place."""
_EACH = re.compile(r"(?:分别|各自?)(?=[是有为怎如叫在由]|多少|谁|什么)|\b(?:respectively|each)\b")
_AND = re.compile(r"[、]|和(?!平|谐|解)|(?<!参)与(?!会)|以及|及(?!其他?)|跟|\band\b")
_LEADS = re.compile(r"^(?:对于?|关于|在|[和与跟及]|以及|其中|那么?|又|而|并|再|另外|还有|and )\s*")
_FURTHER = re.compile(r"^(?:另外|此外|还有|顺便|再[问请]|还想)(?:请?问|知道|了解)?(?:一下|下)?[，,：:]?\s*")
"""What begins a question on another matter."""
_NUMBERED = re.compile(
    r"(?:^|(?<=[\s。！!？?；;，,：:、]))(?:\d[）)、．]|\d\.(?!\d)|[一二三四五六七八九十]、|第[一二三四五六](?:个问题)?[，,：:、])\s*"
    r"|[（(](?:\d|[一二三四五六七八九])[）)]\s*|[①-⑨]\s*"
)
_ABOUT_SOMEBODY = re.compile(
    rf"\A(?:现任|时任)?(?:{pattern_of(offices('government'))}|[省市区县乡镇]委书记|(?!.*{OFFICE})[\u4e00-\u9fff·]{{2,10}})是(?:谁|什么人)"
)
"""区长是谁, 周明是谁: says by itself whom it is about."""
_DATE = re.compile(
    r"(?:截[至止])?(?:19|20)\d\d年?(?:[（(][^（()）]{0,40}[）)])?(?:第?[一二三四1-4]季度|[上下]半年|\d{1,2}月份?|[底初末])?"
)
_CHANGE = re.compile(
    r"换成|变成|变化|改成|改为|调整为|转为|从.{1,16}到.{1,16}(?:谁|怎么|如何)|\bchange[ds]?\b|\bcompar|相比|对比|\bdiffer"
)
_FROM_WHOM = re.compile(r"[由从]?谁(?:换|变|改)成了?谁")
_REST = re.compile(
    r"(?:有(?:什么|何|哪些)|发生了?(?:什么|哪些)|是?(?:怎么|如何|怎样))(?:的?变化|变化的?)|[和与跟](?:相比|对比)[，,]?|How did | change |between |from ",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class SubQuestion:
    """One of the questions in a question.

    Args:
        question: able to stand by itself.
        topic: what it asks about where the others ask the same of something else: 自办件 of 自办件和帮扶件分别怎么办.
    """

    question: str
    topic: str | None = None


def split_question(question: str, time_range: TimeRange | None) -> tuple[SubQuestion, ...]:
    """Return the questions that a question consists of, in order; itself alone where it asks one thing.

    Args:
        question: as it is searched for.
        time_range: the time that it speaks of, for comparisons of two times.
    """
    parts = (
        _by_number(question)
        or _by_time(question, time_range)
        or _by_sentence(question)
        or _by_each(question)
        or _by_clause(question)
    )
    return tuple(parts[:MAX_PARTS]) if len(parts) > 1 else (SubQuestion(question),)


def _by_number(question: str) -> list[SubQuestion]:
    """1、A；2、B and ①A ②B: each item that asks; what stands before the first is told where it is no mere lead-in."""
    marks = list(_NUMBERED.finditer(question))
    if len(marks) < 2:
        return []
    ends = [*(mark.start() for mark in marks[1:]), len(question)]
    items = [question[mark.end() : end].strip(" \n；;，,、") for mark, end in zip(marks, ends, strict=True)]
    asking = [item for item in items if asks(item)]
    if len(asking) < 2:
        return []
    told = question[: marks[0].start()].strip()
    if not told.endswith(("。", "！", "!")):  # 请回答：, 想了解以下问题：
        told = ""
    return [
        SubQuestion(told + asking[0]),
        *(SubQuestion(_with_subject(asking[0], item, MIN_ITEM_CHARACTERS)) for item in asking[1:]),
    ]


def _by_sentence(question: str) -> list[SubQuestion]:
    """A？B？ and A，B where each asks: what follows takes the subject of the first where it has none."""
    sentences = [match.group() for match in _SENTENCE.finditer(question)]
    asking = [sentence for sentence in sentences if asks(sentence)]
    if len(asking) < 2:
        return []
    told = "".join(sentence for sentence in sentences if not asks(sentence))
    first = asking[0]
    return [SubQuestion(told + first), *(SubQuestion(_with_subject(first, later)) for later in asking[1:])]


def _by_clause(question: str) -> list[SubQuestion]:
    """When did A open and how many tracks does it have? → each clause that asks, with A for it."""
    clauses = [clause.strip(" ,") for clause in _NEXT_CLAUSE.split(question.rstrip(" ?."))]
    if len(clauses) < 2 or detect_language(question) != "en" or not asks(clauses[0]):
        return []
    if not find_english_names(clauses[0]) and any(map(points_back, clauses[1:])):
        return []  # whose it is, a rule does not see: When did the bridge open and who built it?
    first = f"{clauses[0]}?"
    return [
        SubQuestion(first),
        *(SubQuestion(complete_english(f"{clause[:1].upper()}{clause[1:]}?", [Turn(first)])) for clause in clauses[1:]),
    ]


def _with_subject(first: str, later: str, least: int = MIN_OWN_CHARACTERS) -> str:
    """A later question, with what it is about put before it where it says too little by itself."""
    bare = _LEADS.sub("", _FURTHER.sub("", later.strip()))
    is_part = later.strip().startswith("其中") and least < MIN_OWN_CHARACTERS
    is_another = _FURTHER.match(later.strip()) is not None and re.search(OFFICE, bare) is not None
    if is_another or _ABOUT_SOMEBODY.match(bare) or (not is_part and len(ASKING.sub("", bare)) >= least):
        return bare
    return f"{_subject(first)}，{bare}"


def _subject(question: str) -> str:
    """What stands before the asking word: 参加学习的委员 of 参加学习的委员有哪些？"""
    place = asks(question)
    return question[: place.start()].rstrip("，,是有的由") if place else question


def _by_each(question: str) -> list[SubQuestion]:
    """A、B和C分别是多少 → A是多少, B是多少, C是多少."""
    each = _EACH.search(question)
    if not each:
        return []
    clauses = [clause.strip() for clause in _CLAUSE.split(question[: each.start()]) if clause.strip()]
    rest = question[each.end() :]
    if not clauses:
        return []
    joined = [place for place, clause in enumerate(clauses) if _AND.search(clause)]
    if not joined:
        return []
    common = "，".join(clauses[joined[-1] + 1 :])
    items = [
        item.strip() for clause in clauses[: joined[-1] + 1] for item in _AND.split(clause) if len(item.strip()) > 1
    ]
    if len(items) < 2:
        return []
    owner, of, shared = items[-1].partition("的")
    if of and not any("的" in item for item in items[:-1]):  # 印度、日本和新加坡的员工: all three have some
        items = [*(item + of + shared for item in items[:-1]), owner + of + shared]
    return [SubQuestion(f"{date}{item}{'，' + common if common else ''}{rest}", item) for date, item in _dated(items)]


def _dated(items: Sequence[str]) -> list[tuple[str, str]]:
    """Items of an enumeration and the date of each: what it states, else what the one before it states."""
    dated, known = [], ""
    for item in items:
        bare = _LEADS.sub("", item)
        date = _DATE.match(bare)
        known = date.group() if date else known
        dated.append((known, (bare[date.end() :] if date else bare).removeprefix("的")))
    return dated


def _by_time(question: str, time_range: TimeRange | None) -> list[SubQuestion]:
    """从2019年到2024年由谁换成了谁 → the question at the one and at the other time."""
    if time_range is None or not time_range.constrains_time or not _CHANGE.search(question):
        return []
    times = [question[span.start : span.end] for span in time_range.asked]
    if len(times) == 1:
        times = re.findall(r"(?:19|20)\d\d年?(?:\d{1,2}月|[初末底])?", times[0])
    if len(times) != 2:
        return []
    bare = drop_asked(question, time_range)
    bare = _REST.sub("", _FROM_WHOM.sub("是谁", re.sub(r"从\s*(?=[到至])|^从|(?<![\w])[到至](?=[，,])", "", bare)))
    bare = re.sub(r"(?<!\s)\s++and\s*+(?=\W*$)", "", bare).strip(" ，,到至")
    return [SubQuestion(f"{time}{' ' if time.isascii() else ''}{bare}") for time in times]


def restrict_time_range(time_range: TimeRange | None, question: str) -> TimeRange | None:
    """Return the time of the clause that asks, where a question states several: 2019年任职的某人，到2022年是什么职务."""
    word = asks(question)
    if time_range is None or len(time_range.asked) < 2 or word is None:
        return time_range
    start = max(question.rfind(mark, 0, word.start()) for mark in "，,") + 1
    end = next((match.start() for match in _CLAUSE.finditer(question, word.end())), len(question))
    asked = tuple(span for span in time_range.asked if start <= span.start < end)
    if not asked:
        return time_range
    first, last = min(span.first for span in asked), max(span.last for span in asked)
    return replace(time_range, first=first, last=last, asked=asked)
