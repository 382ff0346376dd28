"""A question that is answered with yes or no → what it asks about, as a statement: 倒塌的是卢沟桥吗 → 倒塌的是卢沟桥.

Rules over the closed classes that make such a question: 吗, 是不是 and its like, 是否, 能否, 没有 at the end, tags; in English the verb
before its subject. What also asks who, which or how many is answered with that, and is none.
"""

import re
from dataclasses import dataclass

from index.language.normalise import simplify
from rag.question.language import detect_language
from rag.question.opening import OPENING
from rag.records import Language

MIN_STATED_CHARACTERS = 4
"""Of a Chinese statement: with less nothing is stated."""
MIN_STATED_WORDS = 3
"""Of an English one."""
_ENDING = re.compile(r"(?<![\s？?。！!~～…])[\s？?。！!~～…]++$")
_LAST_SENTENCE = re.compile(r"(?<![^？?。！!；;\n])[^？?。！!；;\n]++[？?。！!；;\s]{0,8}$")
_POLITE = re.compile(rf"^{OPENING}[，,：:\s]*")
_HEARD = re.compile(
    r"^(?:我?(?:听说|听人说|听闻|看到|记得|印象中|印象里|以为)|据说|据传|传说|传闻|网传|网上(?:说|传言?|有人说)|有(?:人|网友|传言|消息)(?:说|称)?|都说|大家(?:都)?说)[，,：:\s]*"
)
_TAG = re.compile(
    r"[，,。\s]{0,8}(?:这|那|此事|消息|这个?说法|这件?事)?(?:是?(?:不是)?真的(?:假的)?|属实|是这样|是(?:这么)?回事|没错|正确|可信|准确|有这(?:回|么回)?事|[对是](?:不[对是])|[对是])(?:的)?(?:吗|么|吧|嘛)?$"
    r"|[，,。\s]{0,8}(?:真的假的|真还是假|对不对|是不是|是否(?:属实|正确|是真的|准确)|有没有这(?:回|么回)?事)(?:呢|啊)?$"
)
_PARTICLE = re.compile(r"(?:吗|么|嘛)(?:呢|啊)?$")
_SUPPOSING = re.compile(r"吧$")
_OPEN_END = re.compile(r"(?<=[了过有])(?P<what>[^，,。了过有]{0,10})(?:没有|没)(?:呢|啊)?$|与否$")
_ALTERNATING = re.compile(
    r"是不是|有没有|有无|是否|(?P<one>(?![对好])[\u4e00-\u9fff])[不没](?P<same>(?P=one))|(?P<can>[能可会应需曾])否"
)
_NOUN_ENDS = re.compile(r"(?:什|怎|这|那|多)么$")
# What asks for more than yes or no. 什么的, 多少有些 and 几乎 are no such words.
_WH = re.compile(
    r"谁|什么(?!的)|啥|哪|多少(?!有些)|(?<![好这那])几(?!乎|经|何|内亚|十|百|千|万)|怎么|怎样|如何(?!都)|咋|为何|为什么|何[时处人地]|多[大长高远久宽深重](?=[的？?吗]|$)|是[^，,。]{1,20}还是"
)
_REQUEST = re.compile(
    r"(?:^|[你您]们?|[，,])(?:能不能|可不可以|能否|可否|能|可以|会)(?:请|再|帮|给我|跟我|告诉|介绍|说|讲|列|总结|解释|查|找|提供|详细|推荐|写|翻译)|^(?:[你您]们?)?(?:知道|知不知道|了解|清楚|认识|听说过)|"
    r"(?:告诉|介绍|说说|讲讲|看看|查查|聊聊|总结|概括|解释|列出|推荐|试试|来点|算了)[^，,]{0,20}吧$|^(?:请|让|帮)|^[你您]们?(?:是|好|在|会|叫|能|有|还)"
)
_OF_THE_ARCHIVE = re.compile(
    r"有(?:关于|有关)?[^，,]{0,80}(?:报道|新闻|消息|资料|文章)(?:了|过)?$|^还?有(?:别的|其他的?|其它的?|更多的?)$"
)
"""Whether there are reports is asked of the archive, not of what they say."""
_DENIED_ASKING = re.compile(r"(?:难道)?不(?:就)?是(?!很|太|特别)(?=[^，,]{1,200}$)|难道")
_CLEFT = re.compile(
    r"^(?=.*的$)(?P<before>.*?)(?<![还只但可不就于])是(?P<stressed>(?:在|由|于|从|因|为|被|经|向|和|与|[\d〇一二三四五六七八九十]+[年月日号点时]|[去今前]年|[上下]半年).{2,})的$"
)
DENIAL = re.compile(
    r"(?:并|还|尚|从)?(?:没有|没(?!收|落)|未(?!来|必|成年)|不(?!仅|断|少|同|但|过|足|良|锈|得不|动产|低于|超过|到|止|论|管))"
)

"""Words that deny, and none that only begin alike."""
_EN_OPENING = re.compile(
    r"^(?:(?:please|hi|hello|well|so|and|but|sorry|excuse me)\b[,\s]*)*(?:(?:is it|was it) (?:true|correct|right|the case) that\s+|(?:can|could) you (?:please )?confirm (?:that|whether|if)\s+|i(?:'ve| have)? heard (?:that )?)",
    re.IGNORECASE,
)
_EN_VERB = re.compile(
    r"^(?:(?:please|so|and|but)[,\s]+)*(?P<verb>is|are|was|were|did|does|do|has|have|had|will|would|can|could|should)(?P<not>n['’]t)?\s+(?P<rest>.+)$",
    re.IGNORECASE,
)
_EN_TAG = re.compile(
    r"(?<![,\s])[,\s]++(?:(?:is|are|was|were|did|does|do|has|have|had|will|wo|would|ca|could)n['’]t (?:it|he|she|they|there)|right|correct|is that (?:right|true|correct)|true or false|yes or no)$",
    re.IGNORECASE,
)
_EN_WH = re.compile(r"\b(?:who|whom|whose|what|which|when|where|why|how)\b|\b or (?=\w+$)", re.IGNORECASE)
_EN_REQUEST = re.compile(
    r"^(?:(?:please|so)[,\s]+)*(?:(?:can|could|would|will|do|are) (?:you|i|we)|have you|did you|is there (?:any(?:thing)?|some) (?:information|news|report|article)|do there|shall)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class YesNoQuestion:
    """What is asked about, as a statement.

    Args:
        statement: what "yes" says, without a full stop; of an English question without its first verb.
        is_negated: whether it denies something: 没有倒塌 of 没有倒塌吗. Its yes says that it is not so.
        language: of the question.
    """

    statement: str
    is_negated: bool
    language: Language

    @property
    def plain(self) -> str:
        """The statement as a report would put it: 听潮桥2021年通车 for 听潮桥是2021年通车的."""
        return _CLEFT.sub(r"\g<before>\g<stressed>", self.statement)


def read_yes_no(question: str) -> YesNoQuestion | None:
    """Return what a question wants confirmed; None where it is not answered with yes or no.

    Args:
        question: able to stand alone, in Chinese of either script or English.
    """
    text = question.strip()
    return _read_english(text) if detect_language(text) == "en" else _read_chinese(simplify(text))


def _read_chinese(text: str) -> YesNoQuestion | None:
    bare = _ENDING.sub("", text)
    last = _LAST_SENTENCE.search(bare)
    sentence = last[0] if last else bare
    if last and not _TAG.sub("", sentence).strip("，, "):  # 卢沟桥塌了。是真的吗？ asks about the sentence before it
        before = _ENDING.sub("", bare[: last.start()])
        told = _LAST_SENTENCE.search(before)
        sentence = (told[0] if told else before) + "，" + sentence
    sentence = _POLITE.sub("", sentence.strip())
    if _REQUEST.search(sentence) or (_SUPPOSING.search(sentence) and not re.search(r"[？?]\s*$", text)):
        return None
    statement = _statement(sentence)
    if statement is None or _WH.search(statement) or _OF_THE_ARCHIVE.search(statement):
        return None
    statement = _HEARD.sub("", statement).strip("，,、：: ")
    if sum(map(str.isalnum, statement)) < MIN_STATED_CHARACTERS:
        return None
    # 桥不是塌了吗 and 难道桥没有塌吗 both ask whether it is so.
    rhetorical = _DENIED_ASKING.search(statement)
    if rhetorical:
        said = "是" if "是" in rhetorical[0] else ""
        statement = statement[: rhetorical.start()] + said + statement[rhetorical.end() :]
        statement = DENIAL.sub("", statement, count=1) if rhetorical[0] == "难道" else statement
    return YesNoQuestion(statement, not rhetorical and DENIAL.search(statement) is not None, "zh")


def _statement(sentence: str) -> str | None:
    """What a sentence asks about, put as a statement; None where it asks nothing of that sort."""
    tag = _TAG.search(sentence)
    if tag and tag.start() > 1 and (tag[0][0] in "，,。 " or len(tag[0]) > 2):
        return _settled(_PARTICLE.sub("", sentence[: tag.start()]))
    for ending in (_PARTICLE, _SUPPOSING):
        found = ending.search(sentence)
        if found and not _NOUN_ENDS.search(sentence):
            return _settled(sentence[: found.start()])
    found = _OPEN_END.search(sentence)
    if found:
        return _settled(sentence[: found.start()] + (found["what"] or ""))
    return _settled(sentence) if _ALTERNATING.search(sentence) else None


def _settled(text: str) -> str:
    """The text with what leaves it open taken for yes: 是不是 → 是, 是否 → nothing, 能不能 → 能."""
    match = _ALTERNATING.search(text)
    if not match:
        return text
    words = match[0]
    if words in ("有没有", "有无"):
        said = "有"
    elif words == "是不是":
        said = "是"
    else:
        said = match["one"] or match["can"] or ""
    return text[: match.start()] + said + text[match.end() :]


def _read_english(text: str) -> YesNoQuestion | None:
    bare = _ENDING.sub("", re.split(r"(?<=[.!?])\s+(?=[A-Z])", text)[-1]).rstrip(". ")
    if _EN_REQUEST.search(bare) and not _EN_OPENING.search(bare):
        return None
    without_tag = _EN_TAG.sub("", bare)
    opened = _EN_OPENING.search(without_tag)
    verb = _EN_VERB.search(without_tag)
    if opened:
        rest, is_negated = without_tag[opened.end() :], False
    elif verb:
        rest = verb["rest"]
        is_negated = not verb["not"] and re.search(r"\bnot\b|\bnever\b|\bno longer\b", rest, re.IGNORECASE) is not None
    elif without_tag != bare:
        rest, is_negated = without_tag, False
    else:
        return None
    if _EN_WH.search(rest) or len(rest.split()) < MIN_STATED_WORDS:
        return None
    return YesNoQuestion(rest[0].upper() + rest[1:], is_negated, "en")
