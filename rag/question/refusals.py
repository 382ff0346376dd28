"""The service's words when it does not answer, and how they are known again in a conversation that a client sends back.

One source for both: rag.generation.messages fills the templates in, `is_refusal` reads them as patterns.
"""

import re

from index.language.normalise import simplify
from rag.records import Language, RefusalReason

NO_REPORT = "资料库中没有找到{what}的报道。"
REFUSALS: dict[RefusalReason, dict[Language, str]] = {
    "not_found": {
        "zh": NO_REPORT.format(what="能够回答这个问题"),
        "en": "The archive holds no report that answers this question.",
    },
    "out_of_range": {
        "zh": "资料库收录的报道时间为{first}年至{last}年，其中没有涉及{years}年的内容，无法回答。",
        "en": "The archive covers {first} to {last} and holds nothing about {years}, so this cannot be answered.",
    },
    "false_premise": {
        "zh": "问题的前提与资料库中的报道不符，无法按此回答。报道的内容是：",
        "en": "The question assumes something that the reports in the archive do not say. What they say:",
    },
    "unclear": {"zh": "请输入想查询的问题。", "en": "Please type the question that you want answered."},
    "not_allowed": {
        "zh": "本服务只依据报道回答事实问题，不对人物作评价。",
        "en": "This service answers factual questions from reports and gives no opinion on persons.",
    },
}
"""Reason → the words in each language; behind those of a false premise stands what the reports say, in a line of its own."""
RELATED: dict[Language, str] = {
    "zh": NO_REPORT.format(what="能够确切回答这个问题") + "以下是相关报道（不一定回答所问）。",
    "en": "The archive holds no report that surely answers this question. Related reports follow; they may not answer it.",
}
"""Instead of "not_found" where there are reports on the matter; a client that shows text only has them in the lines behind."""
UNCONFIRMED: dict[Language, str] = {"zh": "无法确认。", "en": "It cannot be confirmed. "}
"""Before the words of a refusal where yes or no was asked."""
PART_NOT_FOUND: dict[Language, str] = {
    "zh": "“{question}”：" + NO_REPORT.format(what="能够回答"),
    "en": "The archive holds no report that answers this part: “{question}”.",
}
"""A line of an answer: what is said of a part of the question that the archive does not answer."""
CORRECTED: dict[Language, str] = {
    "zh": "是否指“{names}”？以下按“{names}”回答。",
    "en": "Did you mean “{names}”? What follows is for “{names}”.",
}
"""The first line of what is answered for a name that was typed otherwise."""
WHICH_NAME: dict[Language, str] = {
    "zh": "资料库中没有完全一致的名称，是否指其中之一：{names}？",
    "en": "The archive has no name spelt so. Is one of these meant: {names}?",
}


def _pattern(template: str) -> str:
    return r"[^\n]{1,300}?".join(map(re.escape, re.split(r"\{\w+\}", template)))


_OPENING = "".join(f"(?:{re.escape(words.strip())})?\\s*+" for words in UNCONFIRMED.values())
_WHOLE = re.compile(
    r"\A"
    + _OPENING
    + "(?:"
    + "|".join(
        _pattern(template) + (r"(?:\s.*)?" if has_more else "")
        for templates, has_more in (
            *((by_language.values(), reason == "false_premise") for reason, by_language in REFUSALS.items()),
            (RELATED.values(), True),
            ([NO_REPORT], False),
            (WHICH_NAME.values(), False),
        )
        for template in templates
    )
    + ")",
    re.DOTALL,
)
_CORRECTED = re.compile("|".join(map(_pattern, CORRECTED.values())))
_PART = re.compile("|".join(map(_pattern, PART_NOT_FOUND.values())))


def is_refusal(answer: str) -> bool:
    """Whether an assistant's words are a refusal of this service, in either script: all of them, whatever they quote."""
    return _WHOLE.fullmatch(_without_correction(simplify(answer)).strip()) is not None


def _without_correction(answer: str) -> str:
    first, _newline, rest = answer.strip().partition("\n")
    return rest if _CORRECTED.fullmatch(first.strip()) else answer


def without_missing_parts(answer: str) -> str:
    """Return an answer without the lines that say which part of the question has none, or how a name was understood."""
    frames = (_PART, _CORRECTED)
    lines = ((line, simplify(line).strip()) for line in answer.splitlines())
    return "\n".join(line for line, plain in lines if not any(frame.fullmatch(plain) for frame in frames))
