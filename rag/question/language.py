"""The language and the script that a question is written in."""

import re

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
