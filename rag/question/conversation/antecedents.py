"""What a word that points back may mean: the persons, places and things of a Chinese conversation. Rules only.

All texts are in simplified characters. The nearest turn is looked at first, and in it the answer before the question:
what was said last is what 他 and 那里 mean.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.language import vocabulary
from index.language.person_names import is_person_name
from index.language.terms import Lexicon, is_listed, split_words, tag_words
from index.language.vocabulary import DIVISIONS, SURNAMES, class_of, measure_words, offices, pattern_of, surname_of
from rag.question.conversation.english_topic import find_english_topic
from rag.question.conversation.history import Turn
from rag.question.opening import OPENING
from rag.question.persons import find_persons

GENERAL = class_of(measure_words("general"))
"""The measure words that go with nearly any noun."""
HELD_OFFICE = re.compile(rf"(?P<of>区委|县委|市委|区政府|党总支|党委|党工委)?(?:常务)?(?P<core>副?{vocabulary.OFFICE})")
DISTRICT_HEADS = ("区长", "县长", "市长")
"""Whose office is the archive's own district's, whatever was spoken of before."""
ASKS = re.compile(
    r"(?:请问)?(?:分别|具体|一共|总共|到底|究竟|大概|大约|约|共){0,4}(?:是|有|为|在|叫|达到?|位于|于){0,4}"
    r"(?:多少|几(?!乎)|谁|什么|啥|哪|多[大长高远久重宽深快]|怎么?样?|咋|如何|为何|何时|何地|是否|是不是|有没有|能否|能不能|可否)|吗(?=[？?。，]|$)"
)
"""Where a question begins to ask."""
TIME = re.compile(
    r"(?:19|20)\d\d(?:年(?:\d{1,2}月(?:\d{1,2}[日号])?|[上下]半年|第?[一二三四]季度|[春夏秋冬][天季]|[底初])?|(?!\d))|"
    r"\d{1,2}月(?:份|\d{1,2}[日号])?|[上下]半年|第?[一二三四]季度|去年|今年|前年|明年|上个?月|本月|[十]?[一二三四五]五(?:期间|时期)"
)
_HEADS = re.compile(
    rf"(?:{pattern_of(DIVISIONS)}|公园|大桥|桥|大厦|中心|广场|医院|学校|小学|中学|大学|幼儿园|协会|学会|商会|公司|集团|企业|基地|园|"
    r"平台|项目|工程|活动|大会|会议|论坛|博物馆|图书馆|体育馆|纪念馆|馆|剧场|剧院|地铁站|车站|站|线路|号线|花海|湖|河|路|大街|街|厅|楼|所|局|"
    r"委员会|办公室|合作社|养老院|驿站|市场|商场|商城|服务月|文化节|艺术节|节|计划|行动|政策|办法|条例|规划|热线|课堂|食堂|银行|队|组织|工作室|店|厂|码头|山|塔|碑|协)$"
)
_IS_PART = re.compile(r"[\u4e00-\u9fff]{2,3}区")
"""What a river or a road is a name's beginning of: 分洪区, 服务区."""
_STOPS = frozenset(
    "在 位于 到 从 于 和 与 及 以及 、 ， 。 的 是 由 把 被 为 至 去 对 请问 给 向 跟 同 将 了 有 等 该 这 那 这个 那个 其中 于是 按照 根据 关于 对于 "  # noqa: SIM905
    "我 我们 你 您 他 她 它 全 各 共 已 也 都 就 又 还 说 称 叫 会 要 能 “ ” 《 》 （ ） ( ) , . ： : ； ; ？ ? ！ 最 参加 举行 举办 召开 前往 来到 走进 入驻 "
    "参观 打造 建设 修建 选择 位处 坐落 落户 设在 设于 搬到 搬至 迁至 推进 开展 启动 实施 打通 成立 组建 些 次 一 两 几".split()
) | measure_words("general")
_SURNAME = pattern_of(SURNAMES)
# What cannot be the second character of a given name but begins what follows the name.
_AFTER_NAME = (
    "在是说表主出介为于担带率强指宣任定对和、的等来到参曾当从也就与及还将已以向同会先女老同书区局主被获认告透告讲参代作"
)
_NAME = re.compile(
    rf"{_SURNAME}[\u4e00-\u9fff](?:(?![{_AFTER_NAME}])[\u4e00-\u9fff](?=$|[^\u4e00-\u9fff]|[{_AFTER_NAME}]))?"
)
_SPEAKS = rf"(?={pattern_of(offices('courtesy'), vocabulary.OFFICE)}|说|表示|介绍|指出|强调|认为|告诉|坦言)"
_SPEAKER = re.compile(rf"(?P<name>{_SURNAME}(?!担任|出任|兼任|当选)[\u4e00-\u9fff]{{1,2}}?){_SPEAKS}")
# Each with whether only a name can stand where it finds one.
_PERSON = (
    (re.compile(rf"{HELD_OFFICE.pattern}(?:是|为|叫|由)?\s*(?P<name>{_NAME.pattern})"), False),
    (re.compile(rf"(?:^|[，。、；“”]|是|叫|为|由|请)(?P<name>{_NAME.pattern})(?=$|是|[。，,；（(])"), True),
    (_SPEAKER, False),
)
_LEXICON = Lexicon()


@dataclass(frozen=True, slots=True)
class Entity:
    """A noun phrase that names a place, an organisation or a thing: `text[start:end]`, its last word tells which."""

    start: int
    end: int
    words: str
    head: str

    @property
    def is_administrative(self) -> bool:
        """Whether it is a district, a street, a village …"""
        return self.head in DIVISIONS


def find_entities(text: str) -> list[Entity]:
    """Return the named places, organisations and things, in order; a head without a name in front of it is none."""
    return list(_entities(text))


def _entities(text: str) -> Iterator[Entity]:
    words = split_words(text)
    place, first = 0, 0  # first: where the phrase that grows from word to word began
    for number, word in enumerate(words):
        place += len(word)
        if (
            word in _STOPS
            or not word.strip()
            or ASKS.match(word)
            or TIME.fullmatch(word)
            or word.isdigit()
            or word == "年"
        ):
            first = place
            continue
        head = _HEADS.search(word)
        follows = words[number + 1] if number + 1 < len(words) else ""
        # 政务 | 服务中心 goes on, 望湖 | 社区 too, so that the longest phrase is taken; 云汀区 | 白鹭公园 are two.
        if not head or (_HEADS.fullmatch(follows) and (head[0] not in DIVISIONS or follows not in DIVISIONS)):
            continue
        if head[0] not in DIVISIONS and _IS_PART.fullmatch(follows):  # 小清河 | 分洪区 is one
            continue
        if place - first > len(head[0]):
            end = place - 1 if word == "区区" else place  # 云汀区区长, as the segmenter cuts it
            yield Entity(first, end, text[first:end], head[0])
        first = place


def find_person(text: str) -> str | None:
    """Return the first person that a text names beside an office, as who spoke, or alone; None where it names none."""
    for pattern, is_certain in _PERSON:
        for match in pattern.finditer(text):
            before = text[match.start("name") - 1 : match.start("name")]
            if pattern is _SPEAKER and before and is_listed(before + match["name"][0]):
                continue  # 导游 | 胡先生
            if is_person_name(match["name"], _LEXICON, before, is_certain_place=is_certain):
                return match["name"]
    return None


def find_subject(question: str) -> str:
    """Return what a question is about: what stands in front of its asking words, without the verbs that lead to them.

    Where the asking words come first (哪些街道参加了试点？) it is what follows them.
    """
    if not re.search(r"[\u4e00-\u9fff]", question):
        return find_english_topic(question)
    body = question.rstrip("？?。！!呢啊呀 ")
    asks = ASKS.search(body)
    subject = body[: asks.start()] if asks else body
    subject = re.sub(rf"^(?:{OPENING}|那么?|你知道)[，,]?", "", subject)
    if len(subject) < 2:
        rest = body[asks.end() :] if asks else ""
        rest = re.sub(rf"^[些一二三几]?[{GENERAL}]?", "", rest)
        noun = re.match(r"[\u4e00-\u9fff]{2}(?=参加|参与|入驻|获得|举办|举行|位于|负责|主持)", rest)
        return f"{rest[2:].rstrip('了的')}的{noun[0]}" if noun else rest.lstrip("的").rstrip("吗的")
    # 年均浓度是多少 and 有优惠吗: in front of 是 and 吗 stands all of it, 收入 too, which the segmenter takes for a verb.
    if asks is None or re.match(r"吗|是|为|达", asks[0]):
        return subject
    bare = _without_last_verbs(subject)
    counted = re.fullmatch(rf"[{GENERAL}]?([\u4e00-\u9fff]{{2,8}})", body[asks.end() :])
    named = find_entities(bare)
    if counted and bare != subject and named and TIME.sub("", bare) == named[-1].words and named[-1].is_administrative:
        return f"{subject.rstrip('了')}{counted[1]}"  # 云汀区2020年 | 新增了 | 多少个停车位: the district alone is not meant
    return bare


def _without_last_verbs(subject: str) -> str:
    """植物园在, 商会要打造 → without what leads to the asking words; a verb phrase of its own stays."""
    words = tag_words(subject)
    while len(words) > 1 and (words[-1][1][0] in "vpduc，" or words[-1][0] in {"的", "了", "，", ",", "主要", "正式"}):
        last = words.pop()
        kept = "".join(word for word, _tag in words)
        # 总投资 and 的投资 are nouns, whatever the segmenter takes 投资 for; 停车 is all there is.
        if len(last[0]) > 1 and (kept.endswith(("的", "总", "年均")) or (len(kept) <= 3 and words[-1][1][0] != "n")):
            return kept + last[0]
    return re.sub(r"(?<=..)[要将能已还都]$", "", "".join(word for word, _tag in words))


def opens_with_name(text: str) -> bool:
    """Whether a text may begin with a person's name that no dictionary has: 方启明做了什么."""
    return re.match(rf"{_SURNAME}[\u4e00-\u9fff]{{2}}", text) is not None and not is_listed(text[:2])


def person_of(turns: Sequence[Turn]) -> str | None:
    """Return whom 他 means: the last person named, else the office that was asked for; None where there is neither."""
    for turn in reversed(turns):
        if name := _answered(turn) or find_person(turn.answer) or find_person(turn.question):
            return name
    asked = [turn.question for turn in reversed(turns) if "谁" in turn.question or HELD_OFFICE.search(turn.question)]
    return find_subject(asked[0]) if asked else None


def _answered(turn: Turn) -> str | None:
    """Whom an answer names where a question asks for somebody: the holder of the office asked for, else another than it names."""
    if "谁" not in turn.question:
        return None
    asked = HELD_OFFICE.search(turn.question)
    named = find_person(turn.question) or next(iter(find_persons(turn.question, _LEXICON)), None)
    if asked and not named:
        for match in HELD_OFFICE.finditer(turn.answer):
            holder = _NAME.match(turn.answer, match.end()) if match["core"] == asked["core"] else None
            if holder and is_person_name(holder[0], _LEXICON, turn.answer[match.end() - 1]):
                return holder[0]
    if named and re.search(rf"{named}(?:到底|究竟)?(?:是|系)谁", turn.question):
        return named
    if not named or named not in turn.answer:
        return None
    _before, _name, rest = turn.answer.partition(named)
    words = split_words(rest)
    followed = (word for word, after in pairwise(words) if after == "一行")
    return next((word for word in followed if len(word) in (2, 3) and surname_of(word)), None) or find_person(rest)


def headed(turns: Sequence[Turn], head: str) -> str | None:
    """Return the last noun phrase that ends in `head`, such as 望湖社区 for 社区; None where none does."""
    for turn in reversed(turns):
        for text in (turn.answer, turn.question):
            found = [entity.words for entity in find_entities(text) if entity.words.endswith(head)]
            if found := [words for words in found if words != head]:
                return found[0] if text is turn.answer else found[-1]
    return None


def place_of(turns: Sequence[Turn]) -> str | None:
    """Return where 那里 is: the place that was answered where one was asked for, else the one asked about."""
    last = turns[-1]
    asked_where = re.search(r"哪里|哪儿|在哪|什么地方|哪个[村镇街区社]", last.question)
    answered = [entity.words for entity in find_entities(last.answer)]
    if asked_where and answered:
        return answered[-1]
    found = [entity.words for entity in find_entities(last.question)]
    return found[-1] if found else thing_of(turns)


def thing_of(turns: Sequence[Turn]) -> str | None:
    """Return what 它 means: the last thing that the question before is about, or the one that it asked for."""
    last = turns[-1]
    asked_which = re.search(r"(?:是|叫)(?:哪[一个座家条所]|什么|谁)", last.question)
    answered = find_entities(last.answer)
    if asked_which and answered and find_subject(last.question).startswith(("最", "第一", "首")):
        return answered[0].words
    subject = find_subject(last.question)
    named = find_entities(subject)
    if named:
        return named[-1].words
    return subject.rpartition("的")[0] or _leading_name(subject) or (answered[0].words if answered else None)


def _leading_name(subject: str) -> str:
    """What a subject begins with up to its first time, preposition or mark: 云汀集团 of 云汀集团2022年在《财富》500强排第; else all of it."""
    words = tag_words(subject)
    cut = next(
        (
            n
            for n, (word, tag) in enumerate(words)
            if n and word.strip() and (tag in ("p", "x", "m") or TIME.match(word))
        ),
        len(words),
    )
    name = "".join(word for word, _tag in words[:cut])
    return name if len(name) > 2 and words[cut - 1][1].startswith(("n", "j", "i", "l", "eng")) else subject


def year_of(turns: Sequence[Turn]) -> str | None:
    """Return the last year that was spoken of, a question's before an answer's: 2021年."""
    for turn in reversed(turns):
        for text in (turn.question, turn.answer):
            if years := re.findall(r"(?<!\d)(?:19|20)\d\d(?=年|(?!\d))", text):
                return f"{years[-1]}年"
    return None
