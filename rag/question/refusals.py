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
PART_NOT_FOUND: dict[Language, str] = {
    "zh": "“{question}”：" + NO_REPORT.format(what="能够回答"),
    "en": "The archive holds no report that answers this part: “{question}”.",
}
"""A line of an answer: what is said of a part of the question that the archive does not answer."""


def _pattern(template: str) -> str:
    return r"[^\n]{1,300}?".join(map(re.escape, re.split(r"\{\w+\}", template)))


_WHOLE = re.compile(
    "|".join(
        _pattern(template) + (r"(?:\s.*)?" if has_more else "")
        for templates, has_more in (
            *((by_language.values(), reason == "false_premise") for reason, by_language in REFUSALS.items()),
            (RELATED.values(), True),
            ([NO_REPORT], False),
        )
        for template in templates
    ),
    re.DOTALL,
)
_PART = re.compile("|".join(map(_pattern, PART_NOT_FOUND.values())))


def is_refusal(answer: str) -> bool:
    """Whether an assistant's words are a refusal of this service, in either script: all of them, whatever they quote."""
    return _WHOLE.fullmatch(simplify(answer).strip()) is not None


def without_missing_parts(answer: str) -> str:
    """Return an answer without the lines that say which part of the question has none."""
    return "\n".join(line for line in answer.splitlines() if not _PART.fullmatch(simplify(line).strip()))
