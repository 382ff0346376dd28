"""A question with greetings, thanks and background around it → what is asked, with as much before it as it leans on.

您好，我是区里的工作人员，正在写材料。请问丰台站什么时候开通？谢谢 asks when 丰台站 opened. What speaks of the one who asks, or to the
one who is asked, is no part of it; what tells of the matter stays, and so does a clause that a pronoun points back to.
"""

import re

from index.language.normalise import simplify
from index.language.vocabulary import OFFICE
from rag.question.analysis import ASKING
from rag.question.language import detect_language
from rag.question.opening import OPENING
from rag.question.time_range import blank_quotes

MIN_SUBJECT_CHARACTERS = 4
"""Characters besides asking words, dates and pronouns with which a question needs nothing that was said before it."""
_SENTENCE = re.compile(r"[^？?；;。！!\n]+[？?；;。！!\n]*")
_CLAUSE = re.compile(r"[^，,：:]+(?:[，,：:]+|$)")
STRONGLY_ASKS = re.compile(
    r"什么|啥|谁|哪|多少|多[长大高远久宽深重]|怎么?样?|如何|为何|何[时处地人]|是否|是不是|有没有|[吗嘛][？?]?$|几(?![乎何])|吗(?=[，,？?])"
)
"""Question words proper, which hardly stand in a text that asks nothing."""
_POLITE = re.compile(
    r"^[\s~～]*(?:(?:您|你|大家)好[啊呀吗]?|哈喽|嗨|早上好|上午好|中午好|下午好|晚上好|(?:非常|十分|万分|多|先)?(?:谢谢|感谢|感激|谢过|谢了|谢)\S{0,8}|"
    r"(?:真是?|实在)?(?:不好意思|抱歉|打扰)\S{0,6}|辛苦\S{0,4}|拜托\S{0,4}|劳驾\S{0,4}|麻烦(?:您|你|了|啦)*|"
    r"(?:麻烦|劳烦|烦请)?(?:您|你)?(?:帮忙|帮我|给我)?(?:请?问|请教|咨询|打听|查|看|核对|核实|确认)(?:一下|下|个事|您|你)*(?:问题)?|"
    r"(?:不知道|不知)?(?:您|你)?(?:方不方便|能不能|可不可以|能否|可否|是否方便)\S{0,6}|背景|问题(?:如下|是)?|是这样的?|情况是这样的?)[\s~～。！!，,：:？?]*$"
)
_SELF = re.compile(
    r"^(?:之前|此前|最近|近期|目前|现在|今天|因为|由于|为了|另外|所以|但是?|而且|然后|就是)?(?:"
    r"(?:我|咱|俺)们?(?:是|在|正|想|要|需|得|最近|目前|现在|刚|今天|这边|这里|单位|[处科局]|家|爸|妈|爱人|孩子|朋友|同事|领导|打算|准备|负责|听|记得|手|看|查|找|帮|住|有[个一事])"
    r"|本人|笔者|(?:领导|上级|单位里?|同事|朋友|家里|老板)(?:让|要求?|说|提供|给|问|交代|安排|需要?)|正在(?:写|做|准备|撰写|整理|办)|在(?:写|整理|办)|想(?:请|要?了解|知道|问|查)|要写|准备写|需要(?:核|查|了解|写|整理)|好像记得|但?里面|最好)"
)
_ASKS_FROM = re.compile(r"^(?:那么?|所以|就)?(?:我们?)?(?:想|要)?(?:请问|请教|问)")
_WANTS = re.compile(r"(?:我们?)?(?:想|要|需要)?(?:请?问|请教|了解|知道|查一?下|核实)")
_LABEL = re.compile(r"^(?:背景|情况|说明|问题)[：:]\s*")
_LEAD = re.compile(rf"^(?:那么?|嗯|哦|呃|另外|所以|再|就是|还)*{OPENING}(?:的?(?:问题)?是|您|你)?[，,：:\s]*")
_LEANS = re.compile(r"(?:那)?(?:他|她|它|其(?!他|中|次)|该|此(?!外|次)|这(?!里有)|那[个位家里儿]|上述|前者|后者)")
_FILLERS = ((re.compile(r"^(?:就是)?那个(?=[\u4e00-\u9fff]{4})|^就是(?=[\u4e00-\u9fff]{4})"), ""), (re.compile("的那个"), "的"), (re.compile("啥名(?:儿|字)?"), "什么名字"), (re.compile("啥"), "什么"), (re.compile("来着"), ""))  # fmt: skip
_DATES = re.compile(r"(?<![\d〇零一二三四五六七八九十])[\d〇零一二三四五六七八九十]++[年月日号]|[年月日的在里了与和]")


def strip_preamble(question: str) -> str:
    """Return what is asked, without greetings, thanks and what tells of the asker; as it is where nothing is to be left out."""
    text = blank_quotes(simplify(question))
    if len(text) != len(question) or detect_language(question) == "en":
        return question
    sentences = [(match.start(), match.end()) for match in _SENTENCE.finditer(text)]
    has_mark = any(text[start:end].rstrip().endswith(("？", "?")) for start, end in sentences)
    kept: list[str] = []
    dropped: list[str] = []
    left_out = False
    for start, end in sentences:
        sentence, typed = text[start:end], question[start:end]
        is_asked = sentence.rstrip().endswith(("？", "?")) or not (
            has_mark and _SELF.match(sentence) and not _WANTS.match(sentence)
        )
        if is_asked and _asks(sentence):
            core, idle = _core_of(sentence, typed)
            left_out |= bool(idle)
            dropped += idle
            if core:
                kept.append(core)
        elif _POLITE.match(sentence) or _is_of_the_asker(sentence):
            dropped.append(typed)
            left_out = True
        else:
            kept.append(_LABEL.sub("", typed))
    asked = "".join(kept).strip()
    if not left_out or not any(_asks(simplify(sentence)) for sentence in kept):
        return question
    for pattern, plain in _FILLERS:
        asked = pattern.sub(plain, asked)
    return _with_context(asked, dropped)


def _asks(sentence: str) -> bool:
    if _POLITE.match(sentence):
        return False
    return sentence.rstrip().endswith(("？", "?")) or any(
        STRONGLY_ASKS.search(clause) and not _POLITE.match(clause) for clause in _clauses(sentence)
    )


def _clauses(sentence: str) -> list[str]:
    return [match.group() for match in _CLAUSE.finditer(sentence)]


def _is_of_the_asker(sentence: str) -> bool:
    """Whether a sentence that asks nothing speaks of the one who asks in each of its clauses, or to the one who is asked."""
    clauses = [clause for clause in _clauses(sentence) if clause.strip()]
    return bool(clauses) and (
        _SELF.match(clauses[0].strip()) is not None or all(_is_idle(clause.strip()) for clause in clauses)
    )


def _is_idle(clause: str) -> bool:
    if _POLITE.match(clause):
        return True
    return not STRONGLY_ASKS.search(clause) and _SELF.match(clause) is not None


def _core_of(sentence: str, typed: str) -> tuple[str, list[str]]:
    """What a sentence asks, and the clauses left out of it."""
    idle: list[str] = []
    place = 0
    bounds = [(match.start(), match.end()) for match in _CLAUSE.finditer(sentence)]
    from_here = [
        number for number, (start, end) in enumerate(bounds) if number and _ASKS_FROM.match(sentence[start:end])
    ]
    if from_here and _is_idle(sentence[bounds[0][0] : bounds[0][1]].strip(" ，,：:")):
        place, bounds = bounds[from_here[0]][0], bounds[from_here[0] :]
        idle.append(typed[:place])
    while len(bounds) > 1 and _is_idle(sentence[bounds[0][0] : bounds[0][1]].strip(" ，,：:")):
        start, place = bounds.pop(0)
        idle.append(typed[start:place])
    end = len(sentence)
    while len(bounds) > 1 and _POLITE.match(sentence[bounds[-1][0] : bounds[-1][1]]):
        start, last = bounds.pop()
        idle.append(typed[start:last])
        end = start
    core = typed[place:end].rstrip("，,")
    if idle and (lead := _LEAD.match(simplify(core))) and lead.end() < len(core):
        core = core[lead.end() :]
    return core, idle


def _with_context(asked: str, dropped: list[str]) -> str:
    """The question, behind the last clause left out that says something, where it would not be understood without."""
    bare = _DATES.sub("", ASKING.sub("", simplify(asked)))
    is_whole = len(re.findall(r"\w", bare)) >= MIN_SUBJECT_CHARACTERS or re.search(OFFICE, bare)
    if is_whole and not _LEANS.match(simplify(asked)):
        return asked
    said = [
        clause
        for part in dropped
        for clause in _clauses(part)
        if not (_POLITE.match(simplify(clause)) or STRONGLY_ASKS.search(simplify(clause)))
    ]
    told = [clause.strip(" ，,。！!；;") for clause in said if len(re.findall(r"\w", clause)) >= MIN_SUBJECT_CHARACTERS]
    return f"{told[-1]}，{asked}" if told else asked
