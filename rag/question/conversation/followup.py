"""A question that refers back → one that stands alone, by rules; everything else stays as typed.

Precision first: a question that stands alone and is rewritten loses its answer, one that refers back and is not merely
misses its own. What is missing is put in its place (another year, place or thing asked for; a name for 他), or what the
conversation is about goes in front, so that the new question's asking words decide which kind of answer is wanted.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from index.language.normalise import simplify, traditionalise
from index.language.terms import Lexicon, tag_words
from index.language.vocabulary import class_of, divisions, measure_words
from rag.question.analysis import ASKING
from rag.question.conversation.antecedents import (
    ASKS,
    DISTRICT_HEADS,
    HELD_OFFICE,
    TIME,
    find_entities,
    find_person,
    find_subject,
    opens_with_name,
)
from rag.question.conversation.english import complete_english, points_back
from rag.question.conversation.english_topic import find_english_names
from rag.question.conversation.history import MAX_QUESTION_CHARACTERS, Turn, read_turns
from rag.question.conversation.pronouns import has_pointer, resolve
from rag.question.conversation.remarks import remark_of, without_courtesy
from rag.question.conversation.replies import replace_ordinal, reply_to
from rag.question.conversation.substitution import is_time, put_time, swap_topic
from rag.question.language import detect_language, writes_traditional
from rag.question.opening import OPENING
from rag.records import Query

_POLITE = re.compile(rf"^(?:好的|嗯+|哦+|噢|谢谢你?|明白了?|{OPENING})[，,。！!\s]*")
_CONNECTIVE = re.compile(
    r"^(?:那么|那(?!达慕|曲|拉提|英|霸|坡|不勒斯|[一二三四五六七八九十两几\d]{0,2}(?:[个些里儿边年时天次场届位座条家所种样]|会儿))|然后|另外|此外|还有(?!多少天)|其中(?!关村)|"
    r"具体(?:来说)?|详细|换成|如果是)[，,]?\s*"
)
MAX_OWN_WORDS = 8
"""Han characters, or words, besides asking ones with which a question may still be about the one before."""
_WORDS = re.compile(r"[\u4e00-\u9fff]|[A-Za-z0-9]+")
_ASKING = re.compile(rf"{ASKS.pattern}|呢")
_ELLIPSIS = re.compile(r"\A(?P<what>.{1,40}?)(?:的话)?(?:又)?(?:呢|怎么样|如何)[？?]*$")
SELF = re.compile(r"[你您我咱]")
"""Asker and service: a question that has them is no part of what was spoken of."""
_COMPARES = re.compile(
    r"^(?:跟|和(?!平|谐|田)|与(?!会)|同(?!仁|济|心)|比(?!赛|例|亚迪|如)|较)(?P<what>[^，,]{1,24}?)(?:相比较?|比起?来?|加起来|合计|合起来|一起|相差|"
    r"(?=多|少|高|低|大|增|减|上升|下降|提高|降低|如何|怎么样))[，,]?(?P<rest>.*)$"
)
# Words that carry nothing of their own: what is left without them and the asking words is what a question is about.
_INTERROGATIVE = re.compile(r"多少|谁|什么|哪|几|多[大长高远久]|怎|如何|吗")
_GOVERNED = divisions("government")
_EMPTY = re.compile(
    r"具体|详细|大概|大约|一共|总共|分别|主要|现在|目前|后来|之后|之前|以前|以后|当时|时候|时间|地方|地址|地点|位置|原因|理由|情况|内容|结果|名字|"
    r"措施|对策|好处|影响|作用|变化|成果|亮点|门票|票价|(?:建筑)?面积|总?投资|造价|效果|成效|规模|[长宽高深]度|人数|工期|进展|进度|用途|特点|意义|目的|目标|主题|范围|条件|流程|标准|电话|占地|"
    r"可以|需要|应该|还|都|也|又|再|就|才|要|会|能|是|有|的|了|在|到|去|从|由|被|把|给|做|搞|花|用|呀|啊|吧|呢|过|"
    rf"[些钱万亿人点里{class_of(measure_words(without=('noun',)))}]|[\s，,。？?！!、]"
)
# 哪些街道参加, 涉及哪些街道: the noun that is asked for is none that the question is about; in 有哪些公园 it is.
_ASKED_NOUN = re.compile(
    r"(?:哪些|哪几?[个家]|多少[个家名]?|几[个家名])[\u4e00-\u9fff]{2}(?=[\u4e00-\u9fff]{2})|"
    r"(?<=[\u4e00-\u9fff])(?<![有是])(?:哪些|哪几[个家]|多少[个家名]?)[\u4e00-\u9fff]{2}(?=[？?]|$)"
)
_OWN_NOUN = re.compile(r"^(?:n|eng|l|i|x|nr|ns|nt|nz|j|s)")


def make_standalone(query: Query, lexicon: Lexicon) -> str:
    """Return the question so that it can be understood without the conversation; `query.text` where it already can.

    Args:
        lexicon: knows the operator's names.
    """
    asked = simplify(query.text.strip())
    if remark_of(asked):
        return query.text  # 出处是哪篇？ is no question on the matter
    turns = _completed(query, lexicon)
    whole = _complete(asked, turns, lexicon)
    if whole == asked:
        return query.text
    return traditionalise(whole) if writes_traditional(query) else whole


def _completed(query: Query, lexicon: Lexicon) -> list[Turn]:
    """The turns of the conversation, each question understandable alone."""
    turns: list[Turn] = []
    for turn in read_turns(query.history):
        turns.append(replace(turn, question=_complete(turn.question, turns, lexicon)))
    return turns


def refers_back(query: Query) -> bool:
    """Whether a question has a word that points back, whatever it may mean: for an LLM, which may know."""
    if detect_language(query.text) == "en":
        return points_back(query.text)
    return has_pointer(_POLITE.sub("", simplify(query.text)))


def without_opening(text: str) -> str:
    """Return a question in simplified characters without the courtesies and connectives that it opens with."""
    return _CONNECTIVE.sub("", _POLITE.sub("", text))


def prepend_topic(query: Query, lexicon: Lexicon) -> str | None:
    """Return the question behind the words of the one before it; None where it says enough by itself.

    For a question that looks complete (里头空调开多少度？) and that nothing answers as it stands.
    """
    turns = _completed(query, lexicon)
    own = ASKING.sub(" ", simplify(query.text))
    if not turns or len(_WORDS.findall(own)) > MAX_OWN_WORDS or lexicon.find_names(query.text):
        return None
    topic = " ".join(ASKING.sub(" ", turns[-1].question).rstrip("？?。 ").split())
    return f"{topic}，{query.text}" if topic else None


def names_nothing(text: str, lexicon: Lexicon) -> bool:
    """Whether a question, in simplified characters, says by no name, date or quotation what it is about: 哪天上线的？"""
    if detect_language(text) == "en":
        return not find_english_names(text)
    if SELF.search(text) or TIME.search(text) or re.search("[“《]", text) or lexicon.find_names(text):
        return False
    office = HELD_OFFICE.search(text)
    return not (
        find_entities(text) or find_person(text) or (office and (office["of"] or office["core"] in DISTRICT_HEADS))
    )


def _complete(asked: str, turns: Sequence[Turn], lexicon: Lexicon) -> str:
    if not turns or len(asked) > MAX_QUESTION_CHARACTERS:
        return asked
    last = turns[-1]
    if last.offer and (meant := reply_to(asked, last.offer, last.question)):
        return meant
    bare = without_courtesy(asked)
    is_english = detect_language(asked) == "en" or (is_time(asked) and detect_language(last.question) == "en")
    if len(bare) < len(asked) - 1 and (is_english or ASKS.search(bare)):
        asked = bare
    whole = complete_english(asked, turns) if is_english else _complete_chinese(asked, turns, lexicon)
    return whole if len(whole) <= 2 * MAX_QUESTION_CHARACTERS else asked


def _complete_chinese(asked: str, turns: Sequence[Turn], lexicon: Lexicon) -> str:
    last = turns[-1]
    text = _POLITE.sub("", asked)
    if item := replace_ordinal(text, last):
        return item
    if is_time(text) and not ASKS.search(text):
        return put_time(text.strip("的，,。？?！!呢 "), last.question)
    connected = _CONNECTIVE.match(text)
    rest = text[connected.end() :] if connected else text
    pointed = resolve(rest, turns)
    subject = find_subject(turns[-1].question)
    compares = _COMPARES.match(pointed)
    if compares and not own_words(compares["rest"], lexicon):
        tail = pointed.rstrip("？?呢")
        return f"{subject}{tail}{_asking_of(turns[-1].question)}" if not ASKS.search(tail) else f"{subject}{pointed}"
    if elided := _elided(pointed, bool(connected)):
        if detect_language(turns[-1].question) == "en":
            return turns[-1].question.replace(subject, elided)
        return swap_topic(elided, last.question, last.answer, lexicon) or asked
    if pointed != rest:
        return pointed
    if instead := _asked_instead(connected[0] if connected else "", rest, last):
        return swap_topic(instead, last.question, last.answer, lexicon) or asked
    if _lacks_topic(text, connected, lexicon, turns):
        return _with_topic(text, connected, subject, last.answer)
    return asked


def _elided(text: str, connected: bool) -> str | None:
    """石桥区呢？, 石桥区有吗？ → 石桥区: what is asked about instead, where a question consists of that alone."""
    if (has := re.fullmatch(r"(.{2,12}?)也?有(?:吗|没有)[？?]*", text)) and find_entities(has[1]):
        return has[1]
    if (bare := re.fullmatch(r"(.{2,12})的[。？?]*", text)) and [bare[1]] == [
        entity.words for entity in find_entities(bare[1])
    ]:
        return bare[1]
    match = _ELLIPSIS.match(text)
    if not match or ASKS.search(match["what"]) or SELF.search(text):
        return None
    is_bare = text.rstrip("？?").endswith("呢")
    return match["what"] if is_bare or (connected and len(match["what"]) <= 8) else None


def _asked_instead(opener: str, rest: str, turn: Turn) -> str | None:
    """那区长是谁？ after 区委书记是谁？ → 区长: the same is asked of something else."""
    now, before = ASKS.search(rest), ASKS.search(turn.question)
    if not now or not before or not now.start():
        return None
    if not opener.startswith("那") and not TIME.fullmatch(rest, 0, now.start()):
        return None
    same = _INTERROGATIVE.findall(now[0])[-1:] == _INTERROGATIVE.findall(before[0])[-1:]
    return rest[: now.start()] if same and now.start() <= 10 and not rest[now.end() :].strip("？?") else None


def _asking_of(question: str) -> str:
    """有多大？ of 创新中心有多大？"""
    match = ASKS.search(question)
    return question[match.start() :] if match else "呢？"


def own_words(text: str, lexicon: Lexicon) -> list[str]:
    """Return the nouns that a question has of its own, besides its asking words."""
    left = _EMPTY.sub(" ", _ASKING.sub(" ", text))
    names = [name for name in lexicon.find_names(left) if len(name) > 1]
    return names + [
        word for word, tag in tag_words(left) if _OWN_NOUN.match(tag) and len(word) > 1 and word not in names
    ]


def _bare(text: str) -> str:
    return _EMPTY.sub("", _ASKING.sub("", text))


def _lacks_topic(text: str, connected: re.Match[str] | None, lexicon: Lexicon, turns: Sequence[Turn]) -> bool:
    """Whether a question names nothing that it could be about, or says by its first word that it goes on."""
    if not ASKS.search(text) or SELF.search(text):
        return False
    rest = text[connected.end() :] if connected else text
    own = own_words(_ASKED_NOUN.sub("几", rest), lexicon)
    if (
        connected
        and connected[0].startswith("其中")
        and not any(each.is_administrative for each in find_entities(rest))
    ):
        return True
    if find_entities(rest) or TIME.search(rest) or re.search("[“《]", rest):
        return False
    if find_person(rest) or opens_with_name(rest):
        return False
    if connected:
        return len(_bare(rest)) <= 3 if connected[0].startswith("具体") else sum(map(len, own)) <= 5
    office = HELD_OFFICE.search(rest)
    if office and not office["of"] and len(_bare(rest)) <= len(office[0]):
        return _has_offices(turns[-1]) and office["core"] not in DISTRICT_HEADS
    return not own and len(_bare(rest)) <= 4


def _has_offices(turn: Turn) -> bool:
    """Whether what was asked about is an organisation, so that 书记是谁？ means its own."""
    found = find_entities(find_subject(turn.question))
    return bool(found) and found[-1].head not in ("区", "市", "县", "省")


def _with_topic(text: str, connected: re.Match[str] | None, subject: str, answer: str) -> str:
    """Put what the conversation is about in front of a question; where details are asked for, also what it is called."""
    keeps = connected and connected[0].startswith(("其中", "具体", "详细"))
    rest = text if keeps or not connected else text[connected.end() :]
    if connected and connected[0].startswith("还有"):
        return f"{re.sub('的[^的]{1,4}$', '的', subject)}还有{rest}"
    topic = subject
    if not keeps and not re.search(r"为什么|为何|原因|怎么会", rest):
        topic = _owner(topic)
    called = re.match(r"\A[^。]*?(“[^“”]{3,12}”)", answer) if keeps else None
    if called and called[1][1:-1] not in topic:
        topic = called[1] + topic
    gap = "，" if keeps and len(topic) > 8 else ""
    if not keeps and tag_words(rest)[0][1].startswith("n") and not topic.endswith("的"):
        gap = "的"
    return f"{topic}{gap}{rest}"


def _owner(topic: str) -> str:
    """白鹭湿地公园 of 白鹭湿地公园的总投资, 望津大桥 of 望津大桥全长; a district does not own what happens in it."""
    named = [entity for entity in find_entities(topic) if entity.head not in _GOVERNED]
    if not named:
        return topic
    thing = topic[named[-1].end :]
    return topic[: named[-1].end] if len(thing) <= 7 and not re.search(r"[“”《》，]", thing) else topic
