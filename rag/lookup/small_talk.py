"""What is answered to a greeting, thanks, 你是谁, 你能做什么: fixed words, true of the archive that is served, and examples.

Asked of the words as they were typed, before anything is rewritten or searched for.
"""

from rag.generation.composition import Composition, Line
from rag.lookup.examples import example_questions
from rag.lookup.extent import coverage
from rag.lookup.inquiry import Inquiry
from rag.question.small_talk import SmallTalk, names_service, small_talk
from rag.records import Language, RefusalReason

_OPENINGS: dict[SmallTalk, dict[Language, str]] = {
    "greeting": {"zh": "您好！我是问据，", "en": "Hello! This is Wenju. "},
    "identity": {"zh": "我是问据，", "en": "This is Wenju. "},
    "help": {"zh": "我是问据，", "en": "This is Wenju. "},
    "terms": {
        "zh": "费用、注册、下载和人工服务由提供这项服务的单位决定，我不掌握。我是问据，",
        "en": "What it costs and who may use it is for those to say who run this service; it is not known here. This is Wenju. ",
    },
    "trust": {
        "zh": "我只依据资料库里的报道作答，原文逐字引用，可点开核对；报道本身有误或已过时的，我看不出来。我是问据，",
        "en": "Every answer quotes its reports word for word, so that you can check it; where a report itself is wrong or "
        "out of date, that cannot be seen here. This is Wenju. ",
    },
    "thanks": {"zh": "不客气！还想查什么，请直接问。", "en": "You are welcome! Ask on whenever you like. "},
    "assent": {"zh": "好的。还想查什么，请直接问。", "en": "All right. Ask on whenever you like. "},
    "farewell": {"zh": "再见！需要查报道时请再来。", "en": "Goodbye! Come back whenever you need a report. "},
}
_PURPOSE: dict[Language, str] = {
    "zh": "根据资料库里的报纸报道回答问题，每句话都附原文出处，中文、英文提问都可以。",
    "en": "It answers questions from the newspaper reports in the archive, in Chinese or English, and shows the source of "
    "every sentence. ",
}
_ASK: dict[Language, str] = {"zh": "您可以这样问：", "en": "You may ask:"}
_OF_ANYTHING: frozenset[SmallTalk] = frozenset({"terms", "trust"})
_SHORT: frozenset[SmallTalk] = frozenset({"thanks", "assent", "farewell"})


def reply_to_small_talk(inquiry: Inquiry) -> Composition | None:
    """Answer what asks nothing of the archive."""
    kind = small_talk(inquiry.query.text)
    if kind in _OF_ANYTHING and inquiry.query.history and not names_service(inquiry.query.text):
        return None  # 怎么收费, 准确吗: of what was spoken of
    return None if kind is None else introduce(inquiry, _OPENINGS[kind][inquiry.language], is_short=kind in _SHORT)


def introduce(
    inquiry: Inquiry, opening: str, *, is_short: bool = False, refusal: RefusalReason | None = None
) -> Composition:
    """Return what the service is for and what it has, behind an opening of its own, with questions to try.

    Args:
        is_short: the opening is all.
        refusal: why what was asked is not done, where something was.
    """
    language = inquiry.language
    if is_short:
        return Composition((Line(opening.strip()),), "fixed", example_questions(inquiry))
    said = f"{opening}{_PURPOSE[language]}{coverage(inquiry.generation, language)}"
    lines = (Line(said), Line(_ASK[language]))
    return Composition(lines, "refused" if refusal else "fixed", example_questions(inquiry), refusal=refusal)
