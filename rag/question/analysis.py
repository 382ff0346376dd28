"""What a question asks for, read once and passed on: language, terms, kind of answer, names, time, what changes."""

import re
from dataclasses import dataclass

from index.language import vocabulary
from index.language.normalise import normalise, simplify
from index.language.terms import Lexicon, characters_of, split_words
from index.language.vocabulary import DIVISIONS, class_of, divisions, measure_words, pattern_of
from index.records import PartialDate
from rag.question.freshness import Volatility, mentions_latest, volatility
from rag.question.intent import AnswerForm, AnswerType, asked_count, asked_form, asks_for_opinion
from rag.question.language import detect_language
from rag.question.persons import find_persons
from rag.question.time_range import TimeRange, day_in_china, parse_time_range
from rag.records import Language

ASKED_OFFICE = rf"(?:党?委?(?=书记))?{vocabulary.OFFICE}"
_RANK = re.compile(rf"副?{ASKED_OFFICE}")
_OFFICE = re.compile(rf"(?:区委|党总支|党委|社区|镇|乡|街道|支部)?(?:副)?{ASKED_OFFICE}")
_UNIT_KINDS = "单位|部门|公司|企业|机构|学校|大学|中学|小学|医院|银行|组织|协会|委员会|团队|集团|媒体|报社|电视台|栏目|球队|俱乐部|政府|部队|[局委办]"
_PLACE_KINDS = pattern_of(DIVISIONS, "街区|国家?|城市|地区|地方|公园|校区|广场")
# Ordered: the first that matches decides; "哪一天" before "哪", "为什么" before "什么".
_KINDS: tuple[tuple[AnswerType, str], ...] = (
    ("reason", r"为什么|为啥|为何|原因|怎么会|凭什么|何以|缘故|缘由|\bwhy\b"),
    ("number", r"多少?长?时间|多久|how long"),
    (
        "date",
        r"什么时[候间]|啥时候?|何时|哪一?[天年月日]|几月|几号|几点|时间|日期|多会儿|年份|何[年日]|什么日子|[哪几]个月|[西公]元几年|^\W*(?:\w+\W+){0,3}when\b|(?:what|which) (?:date|day|year|time|month)",
    ),
    (
        "person",
        rf"谁(?!知道)|哪[一几]?位|哪些人|[什何]么?人(?=[？?，,]|$|[是在说提])|{ASKED_OFFICE}(?:名字)?(?:是|叫)(?:什么|啥)|姓名|\bwho\b|\bwhom\b|\bwhose\b",
    ),
    (
        "office",
        r"(?:什么|何|哪个|哪些|啥)(?:职务?|职位|岗位|官职|官$|身份|头衔)(?!业)|职务(?:是|为)|职[务位][？?]?$|what (?:position|post|office|title)\b",
    ),
    (
        "place",
        rf"哪里|哪儿|在哪|去哪|到哪|哪边|什么地方|何[处地]|位置|地点|地址|坐落|哪一?[个座]?{_PLACE_KINDS}|\bwhere\b|(?:what|which) (?:place|city|country|village|town|location)",
    ),
    (
        "number",
        r"多少|(?<![哪那这好])几(?!乎|何)|数据|指标|多[大长高远久宽深重]|比例|占比|百分之|率(?:是|为|达)|how (?:many|much|long|large|big|far|high|tall|old)|"
        r"what (?:share|percentage|proportion|number|percent|rate|fraction|amount)|concentration|"
        r"what (?:was|is|were|are) (?:[\w'’-]+ ){0,6}?(?:investment|cost|budget|revenue|rate|number|area|size|length|price|population|amount|share|growth|income|fee)\b",
    ),
    (
        "organisation",
        rf"(?:哪[一几]?[个家些所]|什么|何种?|啥)(?:{_UNIT_KINDS})|由谁|(?:what|which) (?:organi[sz]ation|company|agency|bureau|department|school|university|unit|committee)",
    ),
)
# Who "the director of the Ecology and Environment Bureau" is in Chinese; the first that matches.
_ENGLISH_OFFICES: tuple[tuple[str, str], ...] = (
    (r"\bparty secretary|\bsecretary of\b", "书记"),
    (r"\bdirector of [^?]*\bbureau\b|\bbureau (?:director|chief|head)\b|\bhead of [^?]*\bbureau\b", "局长"),
    (r"\bdirector of [^?]*\b(?:committee|office|congress|cent(?:er|re)|commission)\b", "主任"),
    (r"\b(?:district|county) (?:mayor|head|governor|chief)\b|\bmayor of\b|\bhead of [^?]*\bdistrict\b(?! \w)", "区长"),
    (r"\bprincipal of\b", "校长"),
    (r"\bhead of [^?]*\b(?:team|group)\b|\b(?:team|group) leader\b", "组长"),
    (r"\bchair(?:man|woman|person)? of [^?]*\b(?:association|society)\b|\bpresident of [^?]*\bassociation\b", "会长"),
    (r"\bchair(?:man|woman|person)? of\b", "主席"),
)
_DEPUTY = re.compile(r"\b(?:deputy|vice)\b")
_LIST = re.compile(
    r"哪些|哪[几两三四五六七八九十]|分别|有什么|包括|都有|列出|列举|有哪|几[方类大]|各[是有]|\bwhich\b.*\b\w+s\b|\bwhat are\b|\blist\b"
)
_COUNTER = pattern_of(measure_words("count", "people", "unit"))
UNIT = re.compile(rf"(?:余|多|来)?[万亿]?\s?({_COUNTER})")
"""What is counted or measured, behind a figure."""
ASKED_UNIT = re.compile(rf"(?:多少|(?<![哪那这好])几)\s?({_COUNTER}|钱)")
"""The unit behind the asking word: 多少米, 几家; 钱 for money."""
_UNITS_OF_WORDS: tuple[tuple[str, str], ...] = (
    (r"多少?长?时间|多久|how long", "天"),
    (r"比例|占比|百分之|率|同比|增幅|share|percent|proportion|\brate\b|growth", "%"),
    (r"多[长高远宽深]|how (?:far|tall|high)", "米"),
    (r"面积|多大|how large|\barea\b", "平方米"),
    (r"how many (?:people|residents|members|troops|soldiers)", "人"),
    (
        r"how much money|\b(?:cost|investment|budget|revenue|income|fee)s?\b|资金|投资|金额|费用|收入|产值|营收|预算|多少[^，,？?]{0,4}(?:费|款|补贴|补助|奖金|工资|租金)",
        "元",
    ),
    (r"浓度|concentration", "微克"),
    (r"天数|how many days", "天"),
    (
        r"人数|人口|多少[^，,？?是]{0,6}[员者生师民](?![\u4e00-\u9fff])|多少[^，,？?是]{0,4}(?:人员|群众|干部|志愿者|协管员|党员|教师)",
        "人",
    ),
)
CLOCK, STRETCH = "clock", "stretch"
_CLOCK = re.compile(
    r"几点|几时|钟点|(?:开门|关门|上班|下班|首播|重播|播出|营业|办公|开放)的?时间|what time|opening hours"
)
_STRETCH = re.compile(r"起止|[哪几][天日月号年].{0,2}[到至].{0,2}[哪几]|从.{0,4}到什么时候|期限|from when")
_COUNTS = class_of(measure_words("count", "people", without=("noun",)))
_HEAD = re.compile(rf"(?:哪一?[{_COUNTS}些几方面]*|什么|啥|何种)([\u4e00-\u9fff]{{1,8}})")
FOCUS_WIDTH = 8
"""Characters on either side of the asking word that say most precisely what is asked."""
_ASKS = re.compile("|".join(pattern for _kind, pattern in _KINDS) + r"|哪|什么|如何|怎|咋|啥|\bwh(?:at|ich)\b|\bhow\b")
ASKING = re.compile(
    r"请问|是多少|多少|是不是|有没有|什么时候|为什么|什么|哪一?[个些位天年月里儿几]?|几|谁|怎么样?|如何|是否|吗|呢|啊|呀|吧|来着|咋|啥|"
    r"一共|总共|分别|今天|昨天|明天|现在|目前|如今|最近|近期|[的了是在有]|\b(?:what|which|who|whom|when|where|why|how|many|much|was|were|is|are|did|does|do|the|a|an|of|in|on|at|to|for|and|by|its?|has|have|had)\b",
    re.IGNORECASE,
)
"""Words that only ask; they would match anything."""
_EXCEPTED = re.compile(r"除了?[^，,？?]{2,20}?(?:以外|之外|外|(?=还|也|，|,))")
"""What is known already is no part of the answer."""
_GOVERNED = pattern_of(divisions("government"))
_BODY_KINDS = re.compile(
    rf"(?:{pattern_of(DIVISIONS)}|[局委办组院校会所厂园处科部署]|公司|集团|中心|协会|大学|中学|小学)$"
)
_NO_BODY = re.compile(r"^.*(?:年底?|月|日|时候|期间|以来|当时|现在|目前)的?|^(?:请问|那个?|这个?|担任|任)|的$")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")


@dataclass(frozen=True, slots=True)
class QuestionAnalysis:
    """A question as every stage reads it.

    Args:
        text: the question itself, able to stand alone.
        core: the question folded for matching, the asking words left out.
        terms: its distinct terms, as index.language.terms makes them.
        focus: those of them that stand about the asking word.
        answer_type: what sort of answer is wanted.
        is_list: whether several of them are.
        unit: what a figure asked for counts or measures (家, 米, %), where the question tells; of a date asked for, CLOCK or
            STRETCH where it is a time of day or lasts.
        head_noun: the noun behind 哪个 or 什么: 店 of 哪家店.
        years: years that the question names, as they stand in it.
        names: places, organisations and persons that the question names.
        offices: offices that it names, such as 区委书记.
        asked_offices: those whose holder is asked for, without the body that they belong to: 书记 of 区委书记, but 副区长.
        organisation: what the first of them is an office of: 万源南里社区 of 万源南里社区的书记.
        persons: that it names, by family name.
        time_range: the time that it speaks of; None where it states no date.
        volatility: what sort of changing thing it asks for, whatever the time; None where nothing says that it changes.
        mentions_latest: whether it says 现在, 最新, now or the like.
        answer_form: what shape of answer it wants.
        count: how many things it says there are.
        wants_opinion: whether it asks for a judgement on persons, which no report can give.
    """

    text: str
    language: Language
    core: str
    terms: tuple[str, ...]
    focus: frozenset[str]
    answer_type: AnswerType
    is_list: bool
    unit: str | None
    head_noun: str | None
    years: tuple[str, ...]
    names: tuple[str, ...]
    offices: tuple[str, ...]
    asked_offices: tuple[str, ...]
    organisation: str
    persons: tuple[str, ...]
    time_range: TimeRange | None
    volatility: Volatility | None
    mentions_latest: bool
    answer_form: AnswerForm
    count: int | None
    wants_opinion: bool

    @property
    def wants_latest(self) -> bool:
        """Whether it says that it wants the newest; a time that is over takes 目前 for a word of that time."""
        return self.mentions_latest and not self._is_over

    @property
    def is_changing(self) -> bool:
        """Whether it asks for what changes with time, and not for how it was or is to be at a time that it states."""
        is_planned = self.time_range is not None and self.time_range.constrains_time and self.time_range.is_target
        return self.volatility is not None and not (self._is_over or is_planned)

    @property
    def prefers_newest(self) -> bool:
        """Whether of several right passages the newest is the one to answer from."""
        return self.wants_latest or self.is_changing

    @property
    def _is_over(self) -> bool:
        return self.time_range is not None and self.time_range.constrains_time and not self.time_range.reaches_today

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left to look for: no term of two characters or more."""
        return all(len(characters_of(term)) < 2 for term in self.terms)


def analyse_question(text: str, lexicon: Lexicon | None = None, today: PartialDate | None = None) -> QuestionAnalysis:
    """Return what the question asks for; rules only, the same for the same text and day.

    Args:
        text: able to stand alone, in Chinese of either script or English.
        lexicon: makes the terms as the archive's were made, and knows the names of an operator's dictionary.
        today: the day of asking, from which 去年 is counted; today in China where None.
    """
    today = today or PartialDate(day_in_china().isoformat())
    folded = normalise(text)
    answer_type: AnswerType = next((kind for kind, pattern in _KINDS if re.search(pattern, folded)), "other")
    core = ASKING.sub(" ", _EXCEPTED.sub(" ", folded))
    lexicon = lexicon or Lexicon()
    terms = tuple(dict.fromkeys(lexicon.extract_terms(core)))
    offices = find_offices(text, lexicon)
    ranks = (
        dict.fromkeys(rank for office in offices for rank in _RANK.findall(office) or [office])
        if answer_type == "person"
        else ()
    )
    is_list = _LIST.search(folded) is not None
    persons = tuple(find_persons(simplify(text), lexicon))
    return QuestionAnalysis(
        text=text,
        language=detect_language(text),
        core=core,
        terms=terms,
        focus=frozenset(lexicon.extract_terms(ASKING.sub(" ", _around_asking(folded)))) & frozenset(terms),
        answer_type=answer_type,
        is_list=is_list,
        unit=_unit(folded, answer_type),
        head_noun=_head_noun(folded, lexicon),
        years=tuple(dict.fromkeys(_YEAR.findall(folded))),
        names=tuple(dict.fromkeys(lexicon.find_names(text))),
        offices=offices,
        asked_offices=tuple(ranks),
        organisation=_organisation(folded),
        persons=persons,
        time_range=parse_time_range(text, today),
        volatility=volatility(text, answer_type=answer_type, is_list=is_list, names_office=bool(offices)),
        mentions_latest=mentions_latest(text),
        answer_form=asked_form(text),
        count=asked_count(text),
        wants_opinion=asks_for_opinion(text, names_person=bool(persons)),
    )


def asks(text: str) -> re.Match[str] | None:
    """Return the first asking word of a text."""
    return _ASKS.search(simplify(text).casefold())


def _around_asking(folded: str) -> str:
    word = _ASKS.search(folded)
    return folded[max(0, word.start() - FOCUS_WIDTH) : word.end() + FOCUS_WIDTH] if word else folded[-12:]


def _unit(folded: str, kind: AnswerType) -> str | None:
    if kind == "date":
        return CLOCK if _CLOCK.search(folded) else STRETCH if _STRETCH.search(folded) else None
    if kind != "number":
        return None
    if match := ASKED_UNIT.search(folded):
        return "元" if match[1] == "钱" else match[1]
    return next((unit for pattern, unit in _UNITS_OF_WORDS if re.search(pattern, folded)), None)


def find_offices(text: str, lexicon: Lexicon) -> tuple[str, ...]:
    """Return the offices that a text names, in Chinese whatever its language: 区委书记; of an English text one at most."""
    folded = normalise(text)
    return _offices(folded, lexicon) or _english_office(folded)


def _offices(folded: str, lexicon: Lexicon) -> tuple[str, ...]:
    listed = re.findall(rf"副?{pattern_of(lexicon.offices)}", folded) if lexicon.offices else []
    return tuple(dict.fromkeys([*_OFFICE.findall(folded), *listed]))


def _english_office(folded: str) -> tuple[str, ...]:
    office = next((office for pattern, office in _ENGLISH_OFFICES if re.search(pattern, folded)), None)
    if office is None:
        return ()
    return (f"副{office}" if _DEPUTY.search(folded) else office,)


def _organisation(folded: str) -> str:
    match = re.search(
        rf"([\u4e00-\u9fff]{{2,10}}?)的?{_GOVERNED}?(?:副|现任|时任|原|老){{0,3}}(?:{ASKED_OFFICE})", folded
    )
    body = _NO_BODY.sub("", match[1]) if match else ""
    return body if _BODY_KINDS.search(body) else ""


def _head_noun(folded: str, lexicon: Lexicon) -> str | None:
    """The last of the nouns that follow 哪个, 哪家, 什么."""
    match = _HEAD.search(folded)
    first = split_words(match[1])[0] if match else ""
    if first in DIVISIONS:  # 街道 of 哪个街道垃圾分类成绩第一
        return first
    noun = lexicon.leading_noun(match[1]) if match else None
    return "街道" if noun == "街道办" else noun  # 哪个街道办起来的
