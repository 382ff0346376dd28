"""What a question asks for: its language, its content terms, the kind of answer, the figures and names it states."""

import re
from dataclasses import dataclass
from typing import Literal

from index.terms import Lexicon, is_traditional, normalise, simplify, traditionalise
from rag.records import Language, Query

AnswerKind = Literal["number", "person", "date", "place", "list", "reason", "other"]

# Ordered: the first that matches decides; "哪一天" before "哪", "为什么" before "什么".
_KINDS: tuple[tuple[AnswerKind, str], ...] = (
    ("reason", r"为什么|为何|原因|怎么会|凭什么|\bwhy\b"),
    ("date", r"什么时候|何时|哪一?[天年月日]|几月|几号|几点|时间|日期|\bwhen\b|what (?:date|day|year|time)"),
    (
        "number",
        r"多少|几[^乎]|多大|多长|多高|多远|比例|how (?:many|much|long|large|big|far)|what (?:share|percentage|proportion)|concentration",
    ),
    ("person", r"谁|哪一?位|叫什么|叫啥|姓名|\bwho\b|\bwhom\b"),
    ("place", r"哪里|哪儿|在哪|什么地方|位置|哪个[村镇街区]|\bwhere\b"),
    ("list", r"哪些|哪几|分别|有什么|包括|\bwhich\b|\bwhat are\b|\blist\b"),
)
_EVIDENCE: dict[AnswerKind, str] = {
    "number": r"\d|[一二三四五六七八九十百千万]+[个名家项处件人天年次]|百分之",
    "person": r"(?:书记|区长|主任|局长|组长|主席|院长|校长|乡长|镇长|会长|主持|记者|先生|女士|director|secretary|mayor)",
    "date": r"\d\s*[年月日号点时:：]|[一二三四五六七八九十]+月|星期|january|february|march|april|\bmay\b|june|july|august|september|october|november|december",
    "place": r"[在位于到至]\S{1,12}(?:路|街|镇|村|乡|区|园|中心|店|站|厅|室|馆|楼|场|院|侧|处)|\b(?:in|at|on) [A-Z]",
    "list": r"、|一是|二是|第一|首先|,.*\band\b",
    "reason": r"因为|由于|因此|所以|为了|以便|原因|避免|防止|because|due to|in order to",
}
_OFFICE = re.compile(
    r"(?:区委|党总支|党委|社区|镇|乡|街道|支部)?(?:副)?(?:书记|区长|主任|局长|组长|主席|院长|校长|乡长|镇长|会长|部长|处长|科长|经理|董事长|主编)"
)
# Words that only ask; they would match anything.
_ASKING = re.compile(
    r"请问|是多少|多少|是不是|有没有|什么时候|为什么|什么|哪一?[个些位天年月里儿几]?|几|谁|怎么样?|如何|是否|吗|呢|啊|呀|吧|来着|咋|"
    r"一共|总共|分别|今天|昨天|明天|现在|目前|如今|最近|近期|[的了是在有]|\b(?:what|which|who|whom|when|where|why|how|many|much|was|were|is|are|did|does|do|the|a|an|of|in|on|at|to|for|and|by|its?|has|have|had)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")


@dataclass(frozen=True, slots=True)
class Reading:
    """A question as the answerer reads it.

    Args:
        core: the question folded for matching, the asking words left out.
        terms: its distinct terms, as index.terms makes them.
        kind: what sort of answer is wanted.
        years: years that the question names, as they stand in it.
        names: places, organisations and persons that the question names.
        offices: offices that it names, such as 区委书记.
    """

    language: Language
    core: str
    terms: tuple[str, ...]
    kind: AnswerKind
    years: tuple[str, ...]
    names: tuple[str, ...]
    offices: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left to look for: no term of two characters or more."""
        return all(len(term.lstrip("_")) < 2 for term in self.terms)

    def is_met_by(self, sentence: str) -> bool:
        """Whether the sentence has what an answer of this kind needs: a figure, a date, an office …"""
        if self.kind == "person" and self.offices:
            return any(re.search(rf"(?<!副){office}", sentence) for office in self.offices)
        pattern = _EVIDENCE.get(self.kind)
        return bool(pattern and re.search(pattern, sentence, re.IGNORECASE))


def read_question(text: str, lexicon: Lexicon | None = None) -> Reading:
    """Return what the question asks for; rules only, the same for the same text.

    Args:
        lexicon: makes the terms as the archive's were made, and knows the names of an operator's dictionary.
    """
    folded = normalise(text)
    kind: AnswerKind = next((kind for kind, pattern in _KINDS if re.search(pattern, folded)), "other")
    core = _ASKING.sub(" ", folded)
    lexicon = lexicon or Lexicon()
    return Reading(
        language=detect_language(text),
        core=core,
        terms=tuple(dict.fromkeys(lexicon.extract_terms(core))),
        kind=kind,
        years=tuple(dict.fromkeys(_YEAR.findall(folded))),
        names=tuple(dict.fromkeys(lexicon.find_names(text))),
        offices=tuple(dict.fromkeys(_OFFICE.findall(folded))),
    )


def detect_language(text: str) -> Language:
    """Return "en" when Han characters are less than a quarter of all words, or mere names in an English sentence.

    Else "zh", also where nothing tells.
    """
    han = re.findall(r"[\u4e00-\u9fff]", text)
    latin = len(re.findall(r"[A-Za-z]+", text))
    if not latin or not han:
        return "en" if latin else "zh"
    is_english = len(_ENGLISH_GRAMMAR.findall(text)) >= 2 and not _CHINESE_GRAMMAR.search("".join(han))
    return "en" if is_english or len(han) * 4 < len(han) + latin else "zh"


_ENGLISH_GRAMMAR = re.compile(
    r"\b(?:who|whom|what|which|when|where|why|how|is|are|was|were|do|does|did|has|have|the|of|in|on|at|to|for|and|there)\b",
    re.IGNORECASE,
)
_CHINESE_GRAMMAR = re.compile(r"[的了吗嗎呢是在谁誰哪么麼]|多少|怎")


def writes_traditional(query: Query) -> bool:
    """Whether the user writes in traditional characters: 那2021年呢？ does not tell, so the last message that does counts."""
    said = [query.text, *(message.content for message in reversed(query.history) if message.role == "user")]
    telling = (text for text in said if simplify(text) != text or traditionalise(text) != text)
    return is_traditional(next(telling, ""))
