"""The language and the script that a question is written in, and its characters as they show."""

import re
from dataclasses import replace

from index.language.deceptive_characters import reveal
from index.language.normalise import is_traditional, simplify, traditionalise
from rag.records import Language, Query


def detect_language(text: str) -> Language:
    """Return "en" when Han characters are less than a quarter of all words, or mere names in an English sentence.

    Else "zh", also where nothing tells.
    """
    han = re.findall(r"[\u4e00-\u9fff]", text)
    latin = len(re.findall(r"[A-Za-z]+", text))
    if not latin or not han:
        return "en" if latin else "zh"
    is_chinese = _CHINESE_GRAMMAR.search("".join(han)) or _CHINESE_CLAUSE.search(text)
    is_english = len(_ENGLISH_GRAMMAR.findall(text)) >= 2 and not is_chinese
    return "en" if is_english or len(han) * 4 < len(han) + latin else "zh"


_ENGLISH_GRAMMAR = re.compile(
    r"\b(?:who|whom|what|which|when|where|why|how|is|are|was|were|do|does|did|has|have|the|of|in|on|at|to|for|and|there)\b",
    re.IGNORECASE,
)


_CHINESE_CLAUSE = re.compile(r"[\u4e00-\u9fff]{4}[，。；]")
"""No mere name: a report in Chinese with a sentence of English in it stays one."""
_CHINESE_GRAMMAR = re.compile(r"[的了吗嗎呢是在谁誰哪么麼]|多少|怎")


def writes_traditional(query: Query) -> bool:
    """Whether the user writes in traditional characters: 那2021年呢？ does not tell, so the last message that does counts."""
    said = [query.text, *(message.content for message in reversed(query.history) if message.role == "user")]
    telling = (text for text in said if simplify(text) != text or traditionalise(text) != text)
    return is_traditional(next(telling, ""))


def shown_plainly(query: Query) -> Query:
    """Return what is asked without characters that nobody sees, and with the letters that others only look like."""
    history = tuple(replace(turn, content=reveal(turn.content)) for turn in query.history)
    return replace(query, text=reveal(query.text), history=history)
