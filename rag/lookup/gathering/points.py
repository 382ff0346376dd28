"""What a report says of one body among several, or what somebody asks for: its own clauses, all of them, no neighbour's."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from index.language.normalise import simplify
from index.language.sentences import find_content_sentences
from index.language.vocabulary import acts, find_organs, pattern_of
from index.records import Article
from index.store.generations import Generation
from rag.facts.planted import plain_title
from rag.generation.composition import Composition, Line
from rag.generation.messages import show_date
from rag.lookup.gathering.asked import LONGEST_QUESTION, UNTELLING_NOUNS, page_of, stated_time, subjects_of
from rag.lookup.gathering.candidates import articles_on, articles_with, names_person
from rag.lookup.gathering.demands import find_demands
from rag.lookup.gathering.items import Item, dated, in_order, within
from rag.lookup.gathering.units import BODY, Section, find_sections, matches
from rag.lookup.gathering.writing import compose_items
from rag.lookup.inquiry import Inquiry
from rag.question.time_range import TimeRange, drop_asked
from rag.retrieval.home import is_own_place

_ASKS = r"(?:还|目前|现在|仍然?){0,3}(?:有|存在|是|还有|都有|提出|指出|点出|提|作|做)?[出了过]{0,2}(?:什么|哪些|哪[几一二三四五六七八九十\d]+[个点条项]?|何|哪方面|哪)(?:的|样的)?(?:主要)?(?:方面)?(?:的)?"
_NAMED_LACKS = pattern_of(acts("shortcoming"))
_LACKS_ASKED = re.compile(
    rf"{_ASKS}(?:工作)?{_NAMED_LACKS}(?:之处|和|与|、)?{_NAMED_LACKS}?|(?:的|存在的)(?:主要|工作)?{_NAMED_LACKS}(?:有哪些|是什么|在哪里?|有什么|$)|哪些(?:方面|工作|任务|地方|环节)(?:做得|开展得|还|仍)*{pattern_of(acts('lacking'))}"
)
_CRITICISED = re.compile(
    rf"(?:哪些|哪几个|哪个)({BODY}|街镇|街乡镇|单位|部门).{{0,6}}(?:被|受到|遭到?){pattern_of(acts('criticise'))}"
)
_EACH = re.compile(
    rf"(?:各个?|每个|哪些|所有|这些|(?:这|那)?[两三四五六七八九十几\d]{{1,4}}个)({BODY}|街镇|街乡镇|单位|部门)"
)
_MERITS_ASKED = re.compile(
    rf"{_ASKS}{pattern_of(acts('merit') - acts('measure'))}|的(?:工作)?{pattern_of(acts('merit') - acts('measure'))}(?:有哪些|是什么|有什么|$)"
)
_DEMANDS_ASKED = re.compile(
    rf"{_ASKS}{pattern_of(acts('demand'))}|的(?:主要|工作|具体)?{pattern_of(acts('demand'))}(?:有哪些|是什么|有什么|$)"
    r"|的讲话(?:内容|要点|精神)?$|(?:说|讲|谈)[到及]?了?(?:什么|哪些|啥)"
    rf"|(?:强调|要求|部署|指出|提出|讲)[了过]*(?:哪些|什么|哪几)(?:内容|方面|工作|点|事项|问题|要点)?"
)
_FRAME = re.compile(
    r"(?:点评|批评|通报|评价)(?!会)(?:时|中)?|(?:指出|提出|存在|对)了?|的?(?:工作|建设)?(?:中|方面|里)(?=，|$)|时(?=，|$)|工作(?=，)|总结|概括|归纳|梳理|整理|列出|列举|简述|介绍|说说|上(?=$|[，,提])"
)
_SO_MANY = re.compile(rf"([两三四五六七八九十]|\d{{1,4}})个({BODY}|街镇|街乡镇|单位|部门)")
_NUMERALS = {"两": 2} | {digit: number for number, digit in enumerate("三四五六七八九十", 3)}
_LACKING = re.compile(pattern_of(acts("lacking")))
_SUBJECT = re.compile(r"(?:^|[，,：:；;。])(?:但|而|其中|另外|此外)?$")
_STREET = re.compile(r"(?:街道|[镇乡])$")
"""No department of a government."""
_GROUPS = frozenset(("街镇", "街乡镇", "单位", "部门"))
_JUDGED = ("点评", "通报", "批评", "督察", "考核", "约谈", "述职")


def gather_points(inquiry: Inquiry) -> Composition | None:
    """Return a body's shortcomings or merits, or what a meeting or somebody asks for; None where nothing surely is theirs."""
    question, page = page_of(inquiry.question)
    text = simplify(question).rstrip("？?。呢吗 ")
    if len(text) > LONGEST_QUESTION or not any(
        asked.search(text) for asked in (_LACKS_ASKED, _MERITS_ASKED, _DEMANDS_ASKED, _CRITICISED)
    ):
        return None
    time_range = stated_time(question, inquiry.analysis.time_range)
    bare = simplify(drop_asked(question, time_range) if time_range else question).rstrip("？?。呢吗 ")
    items: Iterable[Item]
    if match := _CRITICISED.search(bare):
        items = _of_each(inquiry, match[1], subjects_of(_CRITICISED.sub("，", bare)), time_range)
    elif match := _LACKS_ASKED.search(bare):
        if each := _EACH.search(bare):
            items = _of_each(inquiry, each[1], subjects_of(_EACH.sub("，", _without(bare, match))), time_range)
        else:
            units = [*subjects_of(_without(bare, match))]
            asked = units[-1] if units else ""
            units[-1:] = [_as_printed(unit, inquiry.generation) for unit in units[-1:]]
            items = list(_of_one(inquiry, units, time_range, lacks=True))
            if not items and len(units) == 1 and _LACKING.search(match[0]):
                return _none_told(inquiry, units[0], asked)
    elif match := _MERITS_ASKED.search(bare):
        if each := _EACH.search(bare):
            others = subjects_of(_EACH.sub("，", _without(bare, match)))
            items = _of_each(inquiry, each[1], others, time_range, lacks=False)
        else:
            items = _of_one(inquiry, subjects_of(_without(bare, match)), time_range, lacks=False)
    elif match := _DEMANDS_ASKED.search(bare):
        return _demands(inquiry, subjects_of(_without(bare, match)), time_range, page, question)
    else:
        return None
    found = in_order(item for item in items if within(item, time_range))
    if number := _SO_MANY.search(bare):
        found = _of_so_many(found, number[1])
    return compose_items(inquiry, found, page, question) if found else None


def _of_so_many(items: list[Item], number: str) -> list[Item]:
    """The items of reports that judge just so many bodies; all where none does: 五个部门."""
    count = int(number) if number.isdecimal() else _NUMERALS.get(number, 0)
    judged = Counter(item.article.id for item in items)
    chosen = [item for item in items if judged[item.article.id] == count]
    return chosen or items


def _without(text: str, asked: re.Match[str]) -> str:
    """A question without what it asks for, nor the words that frame it."""
    return _FRAME.sub("，", text[: asked.start()] + "，" + text[asked.end() :])


def _of_one(inquiry: Inquiry, pieces: Sequence[str], time_range: TimeRange | None, *, lacks: bool) -> Iterator[Item]:
    """What is wrong with one body, or what is good about it; the body is the last of what the question names."""
    if not pieces:
        return
    *others, unit = pieces
    groups = [[unit, unit[1:]] if unit[0] in "区市县" and len(unit) > 3 else [unit], *([other] for other in others)]
    if lacks:
        groups.append(sorted(acts("lacking")))
    for article in articles_with(inquiry.generation, groups, time_range) or ():
        own = [section for section in find_sections(article.text, unit) if matches(unit, section.unit)]
        for section in own:
            if spans := _told_of(article, section, lacks=lacks):
                yield _judged(article, spans, section.unit)
        if not own and lacks:
            yield from _blamed(article, unit)


def _as_printed(unit: str, generation: Generation) -> str:
    """A body as a report among its neighbours calls it: 柳湾街道 for its office, 区文旅局 for 青屿区文旅局 and 青屿文旅局."""
    unit = re.sub(r"(?<=街道)(?:办事处|办|党工委|工委)$|(?<=[镇乡])(?:人民政府|政府|党委)$", "", unit)
    for length in range(min(4, len(unit) - 2), 1, -1):
        rest = unit[length:]
        if is_own_place(unit[:length], generation) and not re.match(rf"{BODY}$", rest):
            return f"区{rest}"
    return unit


def _none_told(inquiry: Inquiry, unit: str, asked: str) -> Composition | None:
    """That no report tells what a body lacks; None where the name may be no body's, or a sentence has both, or is near.

    Args:
        unit: as a report calls it.
        asked: as the question does.

    What others lack stands in reports that name this one too, and would be taken for its own.
    """
    ends = re.search(rf"{BODY}$", unit)
    if not ends or len(unit) < SHORTEST_BODY or _JOINED.search(unit):
        return None
    bare = unit[1:] if unit[0] in "区市县" else unit
    names = {unit, bare, bare.removesuffix("街道")} | {name for _s, _e, others in find_organs(bare) for name in others}
    articles = articles_with(inquiry.generation, [sorted(names)])
    if articles is None:
        return None
    for article in articles:
        spans = find_content_sentences(article.text)
        named = [place for place, span in enumerate(spans) if any(name in article.text[slice(*span)] for name in names)]
        for place in named:
            behind = [article.text[slice(*span)] for span in spans[place : place + SENTENCES_ON]]
            if _LACKING.search(behind[0]) or any(_CONTRARY.match(text) and _LACKING.search(text) for text in behind):
                return None
    said = (
        f"No report in the archive says what {asked} lacks."
        if inquiry.language == "en"
        else f"资料里没有报道指出{asked}有什么不足，无法回答。"
    )
    return Composition((Line(said),), "refused", refusal="not_found")


SHORTEST_BODY = 3
"""Characters of a body's name: 住建委."""
SENTENCES_ON = 3
"""From one that names a body, of which a further one may say what it lacks, with 但 at its head."""
_JOINED = re.compile(r"[和与及、的]")
_CONTRARY = re.compile(r"但|不过|然而|同时|存在|另外|此外")


def _of_each(
    inquiry: Inquiry, kind: str, others: Sequence[str], time_range: TimeRange | None, *, lacks: bool = True
) -> Iterator[Item]:
    """What is wrong with each body of a sort that is told off."""
    groups: list[Sequence[str]] = [[other] for other in others]
    groups += [sorted(acts("lacking", "criticise")), _JUDGED]
    ends = re.compile(
        rf"{BODY if kind in ('单位', '部门') else '(?:街道|[镇乡])' if kind in _GROUPS else re.escape(kind)}$"
    )
    for article in articles_with(inquiry.generation, groups, time_range) or ():
        for section in find_sections(article.text):
            spans = _told_of(article, section, lacks=lacks)
            is_of_kind = ends.search(section.unit) and not (kind == "部门" and _STREET.search(section.unit))
            if spans and is_of_kind:
                yield _judged(article, spans, section.unit)


def _judged(article: Article, spans: Sequence[tuple[int, int]], unit: str) -> Item:
    """What is said of a body, of the day of the meeting where it is said: the one that the report begins with."""
    return replace(dated(article, (), find_content_sentences(article.text)[:1]), spans=tuple(spans), label=unit)


def _told_of(article: Article, section: Section, *, lacks: bool) -> tuple[tuple[int, int], ...]:
    """The sentences of a judged body that say what is wrong with it, or the others; none of a body that is not judged."""
    wrong = tuple(span for span in section.sentences if _LACKING.search(article.text, *span))
    return wrong if lacks or not wrong else tuple(span for span in section.sentences if span not in wrong)


def _blamed(article: Article, unit: str) -> Iterator[Item]:
    """Sentences that blame the body: it is the subject of a clause, something is wrong behind it, no other body between."""
    if not re.search(rf"{BODY}$", unit):
        return
    for start, end in find_content_sentences(article.text):
        sentence = article.text[start:end]
        place = sentence.find(unit)
        if place < 0 or not _SUBJECT.search(sentence[:place]):
            continue
        match = _LACKING.search(sentence, place + len(unit))
        between = sentence[place + len(unit) : match.start()] if match else ""
        names_another = re.search(rf"[\u4e00-\u9fff]{{2}}{BODY}", between) is not None or between[:1] == "、"
        if match and len(between) < BLAME_CHARACTERS and not names_another:
            yield _judged(article, ((start, end),), unit)


BLAME_CHARACTERS = 40
"""Between a body's name and what is wrong with it at most."""


def _of_meeting(article: Article, speaker: str | None, matters: Sequence[str]) -> list[tuple[tuple[int, int], ...]]:
    """What the meeting is said to ask for where the speaker is the one who spoke there."""
    spoke = speaker and matters and re.search(rf"{re.escape(speaker)}[^。，]{{0,12}}讲话", article.text)
    return find_demands(article.text, None) if spoke else []


def _demands(
    inquiry: Inquiry, pieces: Sequence[str], time_range: TimeRange | None, page: int, question: str
) -> Composition | None:
    speakers = [
        piece for piece in pieces if names_person(piece, articles_with(inquiry.generation, [[piece]], time_range) or ())
    ]
    matters = [piece for piece in pieces if piece not in speakers and piece not in UNTELLING_NOUNS]
    speaker = speakers[0] if speakers else None
    if not speaker and not any(re.search(rf"{pattern_of(acts('meeting'))}|会$", matter) for matter in matters):
        return None
    found = articles_on(inquiry.generation, matters, speakers, time_range)
    told = [
        (article, find_demands(article.text, speaker) or _of_meeting(article, speaker, matters)) for article in found
    ]
    told = [(article, points) for article, points in told if points]
    if not told:
        return None
    if matters:
        told = told[:1]
    items = [Item(article, point, None if matters else article.date) for article, points in told for point in points]
    article = told[0][0]
    heading = None
    if matters:
        day = show_date(article.date, english=inquiry.language == "en") if article.date else ""
        named = f"《{title}》" if (title := plain_title(article.title)) else ""
        heading = f"{named}（{day}）：" if inquiry.language == "zh" else f"{named} ({day}):"
    return compose_items(inquiry, items, page, question, heading=heading)
