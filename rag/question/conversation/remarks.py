"""What in a conversation is no question of its own: thanks, 继续, 出处是哪篇. Closed classes of both languages; whole messages only.

Texts in simplified characters.
"""

import re
from typing import Literal

from index.language.vocabulary import class_of, measure_words

Remark = Literal["courtesy", "more", "source"]
"""courtesy: thanks, greetings, a nod. more: what was told is to go on. source: where it is printed is asked."""

MAX_REMARK_CHARACTERS = 40
_END = r"[\s。！!？?～~，,.…]*"
_SEP = r"[\s，,。！!～~.、]+"
_THANKS = (
    r"(?:非常|十分|太|多|真是?|很){0,4}(?:感谢|谢谢|谢|多谢)(?:啦|了|你们?|您|您的?(?:回答|解答|帮助)){0,4}|辛苦(?:了|啦)|"
    r"(?:thanks|thank you|thx|cheers)(?: (?:a lot|so much|very much|again))?"
)
_NOD = (
    r"好的?|嗯+|哦+|噢|行|可以|对的?|是的?|没错|明白了?|知道了|清楚了|了解了?|懂了|收到|原来如此|原来是这样|太好了|很好|不错|不客气|"
    r"ok(?:ay)?|yes|yeah|sure|right|i see|got it|great|good|fine|perfect|please"
)
COURTESY = rf"(?:(?:{_THANKS}|{_NOD})(?:[啊呀呢吧哈的了]|$|(?={_SEP})){_END})"
_YES = re.compile(
    r"(?:是的?|对的?|没错|yes|yeah|right|correct|好的?|嗯+|可以|sure|ok(?:ay)?)(?:[啊呀])?" + _END, re.IGNORECASE
)
_COURTESY = re.compile(COURTESY + "+", re.IGNORECASE)
_OPENING = re.compile(
    rf"(?:(?:{_THANKS})(?:{_SEP}|(?=[他她它那这请另再还])))(?:(?:{_NOD}){_SEP})*|(?:(?:{_NOD}){_SEP})+(?:(?:{_THANKS})(?:{_SEP}|$))*",
    re.IGNORECASE,
)
_NEW_TOPIC = re.compile(
    r"(?:(?:那|我|另外|顺便|此外|再|还|最后){0,4}(?:想|要)?再?(?:请问|问问|问|请教|咨询|了解|打听)(?:一下|下|您|你|一个|个|别的|另一个|其他|问题){0,4}"
    r"|(?:换|再换)(?:一?个|下)?(?:话题|问题)|不说这个了?|(?:另|还有)(?:一个|个)问题(?:是)?)"
    r"[，,：:。\s]*(?=.{3})|(?:another question|one more question|(?:and )?something else|by the way|different topic)\b[\s,.:;]*(?=.{3})",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"(?:请|麻烦|能不能|能|可以|可否|你|您|再|就|那|那么){0,6}"
    r"(?:(?:继续|接着|往下|接下去)(?:说|讲|介绍|列|往下|看|回答)*(?:下去|一下|吧)?|还有(?:吗|呢|别的吗|其他的?吗|更多的?吗|没有|没有了|没有其他的?|没有别的|哪些|什么|内容吗)|"
    r"更多(?:内容|信息)?|(?:多|再|详细|具体|展开)(?:地|点|一点)?(?:说|讲|谈|介绍)(?:一?[些点下]|说|讲|多点)*|后面(?:呢|的?内容)?|然后呢|接下来呢?|下面呢|下一?页|没说完)"
    r"(?:吗|呢|吧|可以吗|好吗)?"
    + _END
    + r"|(?:please )?(?:go on|carry on|keep going|continue|more|(?:tell me|say|show me|give me) (?:some )?more(?: about (?:it|this|that))?|(?:is there )?any(?:thing)? (?:else|more)|what else|and then|next(?: page)?|"
    r"(?:can|could) you (?:go on|continue|tell me more|elaborate))(?: please)?" + _END,
    re.IGNORECASE,
)
_THIS = r"(?:请问|那么?|这|那|这些|那些|以上|上面|上述|刚才|你|您|说|它|其){0,6}(?:的|一?[个条些点句项]|话|说法|说的|数字|数据|信息|消息|内容|答案|回答|结论|情况|新闻|事){0,6}(?:的|是|都是|,|，){0,3}"
_ONE = class_of(measure_words("general")) + "天期篇版份"
_REPORT = r"(?:报道|文章|新闻|报纸|稿子|稿件|消息|报)"
_SOURCE = re.compile(
    rf"\A(?:{_THIS}(?:(?:出处|来源|原文|依据|根据|出典)(?:是|在|的|分别|都)*(?:哪[里儿]?|什么|啥|何处)?(?:一?[{_ONE}])?(?:的)?{_REPORT}?(?:里|上)?(?:怎么说的?|怎么写的?|说的?|写的?)?|"
    rf"(?:出自|来自|见于|源自|引自|摘自|登在|刊登?[在于]|发表[在于]|写在)(?:是|在)?哪(?:一?[{_ONE}]|里|儿)(?:的)?{_REPORT}?(?:里|上|中)?(?:的|了)?|"
    rf"(?:是|在)?哪一?[{_ONE}](?:的)?{_REPORT}(?:里|上|中)?(?:提到|报道|说|写|登|刊登|发表|看到|来)?(?:的|过|了)?|(?:是|在)?哪一?篇(?:里)?(?:说的?|写的?|的)?|"
    rf"(?:什么时候|何时|哪[天年一]+|几月几[日号])(?:的?{_REPORT}|报道的?|登的?|刊登的?|见报的?|发表的?)|"
    rf"{_REPORT}的?(?:标题|题目|日期|时间|名字|出处)(?:是|叫)?(?:什么|啥|哪[天篇]|多少)?|谁(?:写|报道)的?|"
    rf"(?:请|麻烦|能不?能|可以|给我?|让我|我想|想|帮我)*(?:看|发|贴|列|说|给出?|提供|注明|附上|告诉我)(?:一?下|看|出|我)*(?:原文|出处|来源|依据)(?:给我)?|有(?:没有)?(?:原文|出处|来源|依据|根据)(?:没有|链接)?|原文)"
    r"(?:吗|呢|吧|啊|呀)?" + _END
    + r"|(?:and )?(?:what(?:'s|’s| is| are| was) (?:the|your) (?:sources?|original(?: text)?)(?: (?:of|for) (?:that|this|it))?|(?:the )?sources?|(?:in |from )?(?:which|what) (?:article|report|newspaper|issue|paper)(?: (?:is|was|does|did)? ?(?:that|this|it)(?: (?:from|in|come from|say (?:that|this|so)))?| says? (?:so|that|this|it))?|"
    r"where (?:does|did|is|was) (?:that|this|it) (?:come from|from|reported|printed|published|written)|(?:when|on (?:what|which) (?:day|date)) was (?:that|this|it) (?:reported|published|printed)|"
    r"(?:please )?(?:show|give|quote) (?:me )?(?:the )?(?:original(?: text)?|sources?|article))(?: please)?" + _END + ")",
    re.IGNORECASE,
)  # fmt: skip


def remark_of(text: str) -> Remark | None:
    """Return what a whole message is, where it asks nothing of its own; None for every other."""
    said = text.strip()
    if not said or len(said) > MAX_REMARK_CHARACTERS:
        return None
    if _COURTESY.fullmatch(said):
        return "courtesy"
    for rest in dict.fromkeys((said, without_courtesy(said))):
        if _MORE.fullmatch(rest):
            return "more"
        if _SOURCE.fullmatch(rest):
            return "source"
    return None


def is_yes(text: str) -> bool:
    """Whether a whole message says yes and no more: to what was offered, or that it may go on."""
    return _YES.fullmatch(text.strip()) is not None


def without_courtesy(text: str) -> str:
    """Return a message without the thanks and nods that it opens with, and without the words that announce another question."""
    rest = text.strip()
    opening = _OPENING.match(rest)
    if opening and len(rest) > opening.end():
        rest = rest[opening.end() :]
    announced = _NEW_TOPIC.match(rest)
    return (
        rest[announced.end() :]
        if announced and (opening or announced[0].rstrip()[-1:] in "，,：:.;；。" or len(announced[0]) > 3)
        else rest
    )
