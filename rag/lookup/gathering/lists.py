"""All that the archive tells of what somebody did, or of what happened; the first or the last of it."""

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.language.sentences import find_content_sentences
from index.language.terms import split_words
from index.language.vocabulary import OFFICE, acts, pattern_of
from index.records import Article
from rag.generation.composition import Composition
from rag.lookup.gathering.asked import EVENTS, GATHERED_ACTS, UNIT_KINDS, Wanted, page_of, parse_wanted, stated_time
from rag.lookup.gathering.candidates import ABOUT_CHARACTERS, articles_with, names_person, terms_of
from rag.lookup.gathering.items import Item, dated, in_order, within
from rag.lookup.gathering.writing import compose_items, heading_of_one
from rag.lookup.inquiry import Inquiry
from rag.question.time_range import TimeRange
from rag.retrieval.home import is_own_place

PARTS_OF_DAY = ("早上", "上午", "中午", "下午", "晚上")
SAME_EVENT_DAYS = 10
"""Between reports that tell of the same event at a place."""
RARE_SHARE, RARE_CHUNKS = 0.005, 5
"""A name that not more chunks have, as a share of all and in number, tells one event from another."""
THING, SAME_NAME = 10, 3
"""Characters before an act that name what it befell, and how many of them in a row tell that it is the same."""
LEADS = 2
"""Sentences at an article's beginning that tell what it is about."""
_MEETING = re.compile(pattern_of(acts("meeting")))
_ACTIVITY = re.compile(pattern_of(acts("activity")))
_AWARD = re.compile(pattern_of(acts("award"), "[一二三特]等|金牌|银牌|铜牌|[“《]"))
_HELD = re.compile(r"召开|举行|举办|开幕|主办|承办|主持|出席|参加")
_TOOK_PART = re.compile(r"(?:一同|一起|陪同|随同)(?:参加|检查|调研|走访|慰问|活动)?[。]?$|参加[。]?$")
_SPEAKS = re.compile(pattern_of(acts("attend", "speak")))
_SAYS = re.compile(pattern_of(acts("speak"), "介绍|说"))
_ANOTHER_ACTS = re.compile(rf"{pattern_of(acts(*GATHERED_ACTS, 'speak'))}.{{0,200}}{OFFICE}[\u4e00-\u9fff]{{2,3}}")
_GOES_ON = re.compile(
    r"\A[“\s]*(?:(?:随后|先后|之后|接着|一行|他|她|实地|现场|来到|还|又|并|在[^，]{1,12}[，,]|每到)|(?:检查|察看|查看|走访|慰问))"
)
_MIGHT = re.compile(
    r"可能|预防|防范|防止|避免|谨防|如果|假如|倘若|一旦|若(?!干)|易|容易|会$|会引发|隐患|严防|未发生|没有(?:发生|引发)|并未|并非|未(?:见|现|引发|造成)|抵御|应对|引发$|经历"
)
_THINGS = acts("thing")
_OCCURS = re.compile(
    r"发生|爆发|突发|遭遇|遭受|出现|燃起|肆虐|持续燃烧|造成|导致|致\d|死亡|遇难|受伤|\d伤|扑灭|救援|被困|偶遇|严重|处置|报警|失控|控制不力|火势"
)
_TEACHES = re.compile(r"宣传|培训|演练|预防|各类|《[^《》]*法》|法规|规定|知识|技能|小朋友|剧|电影|网民|谣")
WORD_CHARACTERS = 8
"""Characters beside a match in which the words around it are cut."""
_MADE_NOUN = re.compile(
    r"(?:事故)?(?:自救|报警|扑救|隐患|风险|防控|知识|演练|多发|应急|频发|警报|探测|安全|预警|调查|险|季|节|罪)"
)
_NOT_YET = re.compile(r"(?:将|拟|计划|预计|力争|争取)(?:于|在|要)?[^，,。]{0,8}$|^\S{0,3}(?:预防|防范|应急演练)")


def gather_list(inquiry: Inquiry) -> Composition | None:
    """Return all that the archive has of what is asked for, in the order of time; None where that is not two things."""
    time_range = stated_time(inquiry.question, inquiry.analysis.time_range)
    wanted = parse_wanted(inquiry.question, time_range)
    if wanted is None or wanted.form == "timeline":
        return None
    items = find_items(inquiry, wanted, time_range)
    if wanted.form in ("first", "last"):
        return _one_of(inquiry, wanted, items)
    if len(items) < 2 or len({item.article.id for item in items}) < 2:
        return None
    return compose_items(inquiry, items, wanted.page, page_of(inquiry.question)[0])


def _one_of(inquiry: Inquiry, wanted: Wanted, items: Sequence[Item]) -> Composition | None:
    known = [item for item in items if item.day]
    if not known or any(re.search("第一次|首次", item.text) for item in known):
        return None  # what a report itself calls the first is for its passage to say
    one = known[0] if wanted.form == "first" else known[-1]
    return compose_items(inquiry, [one], 1, inquiry.question, heading=heading_of_one(wanted.form, inquiry.language))


def find_items(inquiry: Inquiry, wanted: Wanted, time_range: TimeRange | None) -> list[Item]:
    """Return the items that fulfil what is wanted, merged, in the order of time."""
    asked = tuple(name for name in wanted.subjects if not is_own_place(name, inquiry.generation))
    wanted = replace(wanted, subjects=asked)
    groups: list[Sequence[str]] = [[subject] for subject in wanted.subjects]
    is_of_day = not wanted.tags and all(subject in PARTS_OF_DAY for subject in wanted.subjects)
    if wanted.tags and not (wanted.subjects and wanted.kind in ("meeting", "activity")):
        groups.append(sorted(acts(*wanted.tags)))
    elif wanted.kind == "meeting" and not groups:
        groups.append(sorted(acts("meeting")))
    if is_of_day and time_range and time_range.is_guessed:
        groups += [[inquiry.question[span.start : span.end]] for span in time_range.asked]
    if wanted.noun and wanted.kind != "unit":
        groups.append([wanted.noun])
    articles = articles_with(inquiry.generation, groups, time_range, reported=bool(time_range))
    if not articles:
        return []
    if wanted.subjects:
        wanted = replace(wanted, person=all(names_person(name, articles) for name in wanted.subjects))
    found = [item for article in articles for item in items_of(article, wanted)]
    ordered = in_order(item for item in found if within(item, time_range))
    is_event = wanted.act is not None and bool(wanted.tags & frozenset(EVENTS))
    return _one_each(ordered, wanted.act, inquiry) if wanted.act and is_event else ordered


def _one_each(items: Sequence[Item], act: re.Pattern[str], inquiry: Inquiry) -> list[Item]:
    """What happened, once each: it is the same in one report, or where the same thing or place is named within days."""
    kept: list[tuple[Item, str, frozenset[str]]] = []
    for item in items:
        match = act.search(item.text)
        thing = item.text[max(0, match.start() - THING) : match.start()] if match else ""
        names = _rare_names(item.text, inquiry)
        twin = next(
            (
                n
                for n, (other, known, named) in enumerate(kept)
                if other.article.id == item.article.id
                or (_apart(other, item) == 0 and _shares(known, thing))
                or (_apart(other, item) <= SAME_EVENT_DAYS and names & named)
            ),
            None,
        )
        if twin is None:
            kept.append((item, thing, names))
        else:
            other, known, named = kept[twin]
            kept[twin] = (replace(other, others=(*other.others, item)), known, named)
    return [item for item, _thing, _names in kept]


def _rare_names(text: str, inquiry: Inquiry) -> frozenset[str]:
    """Names in a text that few reports have."""
    names = [name for name in inquiry.generation.lexicon.find_names(text) if len(name) > 1]
    rare = RARE_SHARE * inquiry.generation.lexical.size + RARE_CHUNKS
    lexical = inquiry.generation.lexical
    return frozenset(name for name in names if lexical.frequency(terms_of(name, inquiry.generation)).min() <= rare)


def _apart(one: Item, other: Item) -> int:
    """Days between two items; many where one has no day."""
    if not (one.day and other.day and one.day.precision == other.day.precision == "day"):
        return 0 if one.day == other.day else SAME_EVENT_DAYS + 1
    first, second = (datetime.date.fromisoformat(item.day.value) for item in (one, other) if item.day)
    return abs((first - second).days)


def _shares(one: str, other: str) -> bool:
    return any(one[n : n + SAME_NAME] in other for n in range(len(one) - SAME_NAME + 1))


def items_of(article: Article, wanted: Wanted) -> Iterator[Item]:
    """Yield what one article tells: of a meeting or an activity once."""
    text, bounds = article.text, find_content_sentences(article.text)
    if wanted.kind in ("meeting", "activity"):
        item = _event_of(article, bounds, wanted)
        if item:
            yield item
        return
    if wanted.act and wanted.tags & frozenset(EVENTS):
        yield from _happened(article, bounds, wanted, wanted.act)
        return
    last: list[tuple[int, int]] = []
    for place, (start, end) in enumerate(bounds):
        sentence = text[start:end]
        if place and not last and _joined_in(sentence, wanted) and _leads_with(text, bounds, wanted):
            yield dated(article, [*bounds[: min(place, LEADS)], (start, end)])
            return
        if _fulfils(sentence, wanted):
            if last:
                yield dated(article, last, _near(bounds, last[0]))
            last = [(start, end)]
        elif last and last[-1] == bounds[place - 1] and _goes_on(text, last[-1][1], start, end, wanted):
            last.append((start, end))
    if last:
        yield dated(article, last, _near(bounds, last[0]))


def _joined_in(sentence: str, wanted: Wanted) -> bool:
    """Whether somebody is named among those who took part in what the article reports."""
    places = [sentence.find(name) for name in wanted.subjects]
    return wanted.person and min(places) >= 0 and _TOOK_PART.search(sentence, max(places)) is not None


def _leads_with(text: str, bounds: Sequence[tuple[int, int]], wanted: Wanted) -> bool:
    """Whether an article begins with the act that is asked for."""
    return wanted.act is not None and wanted.act.search(text, *bounds[0]) is not None


def _happened(
    article: Article, bounds: Sequence[tuple[int, int]], wanted: Wanted, act: re.Pattern[str]
) -> Iterator[Item]:
    """What happened, where the article reports it: in its title or opening, or with its day; not what might happen."""
    text = article.text
    for span in bounds:
        sentence = text[span[0] : span[1]]
        real = [match for match in act.finditer(sentence) if _is_real(sentence, match)]
        if not real or not all(subject in sentence or subject in (article.title or "") for subject in wanted.subjects):
            continue
        has_day = any(span[0] <= day.start < span[1] and day.first == day.last for day in article.dates)
        if has_day or span[0] < ABOUT_CHARACTERS or act.search(article.title or ""):
            yield dated(article, [span], _near(bounds, span))


def _near(bounds: Sequence[tuple[int, int]], span: tuple[int, int]) -> Sequence[tuple[int, int]]:
    """The sentences before one whose day is its own: those of the opening, of one that stands there too."""
    return [one for one in bounds[:LEADS] if one[0] <= span[0]] if span in bounds[: LEADS + 1] else ()


def _is_real(sentence: str, match: re.Match[str]) -> bool:
    clause = re.split("[，,。；;：:]", sentence[: match.start()])[-1]
    if match[0] in _THINGS and (not _OCCURS.search(sentence) or _TEACHES.search(sentence)):
        return False
    edges = {0}
    for word in split_words(sentence[max(0, match.start() - WORD_CHARACTERS) : match.end() + WORD_CHARACTERS]):
        edges.add(max(edges) + len(word))
    place = min(match.start(), WORD_CHARACTERS)
    cuts = (place in edges) + (place + len(match[0]) in edges)
    if cuts < (1 if match[0] in _THINGS else 2):
        return False  # 趁着火把节
    return not (_MIGHT.search(clause) or _NOT_YET.search(clause) or _MADE_NOUN.match(sentence, match.end()))


def _goes_on(text: str, before: int, start: int, end: int, wanted: Wanted) -> bool:
    """Whether a sentence tells what the one before began: it has no subject of its own, and the same act."""
    sentence = text[start:end]
    is_same = wanted.person and _GOES_ON.match(sentence) is not None and "\n" not in text[before:start]
    return is_same and wanted.act is not None and wanted.act.search(sentence) is not None


def _event_of(article: Article, bounds: Sequence[tuple[int, int]], wanted: Wanted) -> Item | None:
    """The meeting that an article reports, where the person did something there, or where none is asked for."""
    text = article.text
    kinds = _MEETING if wanted.kind == "meeting" else _ACTIVITY
    leads = [span for span in bounds[:LEADS] if kinds.search(text[span[0] : span[1]])]
    if not leads:
        return None
    lead = leads[0]
    if wanted.noun and wanted.noun not in (article.title or "") + text[: bounds[min(LEADS, len(bounds)) - 1][1]]:
        return None
    if not wanted.person:
        whole = (article.title or "") + text[lead[0] : lead[1]]
        if not _HELD.search(text, lead[0], lead[1]):
            return None
        return dated(article, [lead]) if all(subject in whole for subject in wanted.subjects) else None
    there = []
    for name in wanted.subjects:
        place = next((span for span in bounds if _acts(text[span[0] : span[1]], name, _SPEAKS)), None)
        if place is None:
            return None
        there.append(place)
    return dated(article, sorted({lead, *there}), [lead])


def _fulfils(sentence: str, wanted: Wanted) -> bool:
    act = wanted.act
    if act is None:
        return all(subject in sentence for subject in wanted.subjects)
    if wanted.noun and wanted.kind != "unit" and wanted.noun not in sentence:
        return False
    if wanted.kind == "award" and not _AWARD.search(sentence):
        return False
    if wanted.kind == "unit" and not re.search(rf"[\u4e00-\u9fff]{{2}}{_suffix(wanted)}", sentence):
        return False
    if wanted.person:
        return all(_acts(sentence, name, act) for name in wanted.subjects)
    for subject in wanted.subjects:
        if subject not in sentence:
            return False
    return any(not _NOT_YET.search(sentence[: match.start()]) for match in act.finditer(sentence))


def _suffix(wanted: Wanted) -> str:
    return UNIT_KINDS if wanted.noun in (None, "单位", "部门", "街镇", "街乡镇", "委办局") else re.escape(wanted.noun)


def _acts(sentence: str, name: str, act: re.Pattern[str]) -> bool:
    """Whether it is that person who acts: the act stands behind the name, and nobody else between them does something."""
    place = sentence.find(name)
    while place >= 0:
        match = act.search(sentence, place + len(name))
        if match:
            between = sentence[place + len(name) : match.start()]
            if _NOT_YET.search(between):
                return False
            if act is not _SPEAKS and _SAYS.search(between):
                return False
            if not _ANOTHER_ACTS.search(between):
                return True
        place = sentence.find(name, place + 1)
    return False
