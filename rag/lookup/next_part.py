"""下一页, 更多, "more" behind a list: its next part, whatever stands between."""

import re
from dataclasses import replace

from index.language.normalise import normalise
from rag.lookup.inquiry import Inquiry
from rag.lookup.report_words import next_page
from rag.lookup.reports import read_part
from rag.question.analysis import analyse_question
from rag.question.language import detect_language
from rag.question.small_talk import small_talk
from rag.records import Language

_MORE = re.compile(
    r"\A(?:(?:请|再|那|好的?[，,]?)*(?:下一?页|下面的?|后面的|更多的?|其余的?|其他的?|剩下的?|剩余的?|后\d*[篇条个]|接着列|继续列出?|继续|(?:看看?|列出?|显示|给我)?(?:下一?页|更多|后面的|剩下的|其余的))(?:呢|吧|有哪些|是哪些|还有哪些|的报道)?"
    r"|还有(?:吗|呢|哪些|别的吗|其他的吗|更多吗)?|(?:(?:show|see|list|give)(?: me)? )?(?:the )?(?:more|next(?: page| part| ones?| \d+)?|rest|others)(?: of them)?(?: please)?|(?:go on|continue|anything else|any more))"
)


NO_MORE: dict[Language, str] = {"zh": "以上已是全部，没有更多了。", "en": "That was all; there are no more."}


def last_and_next_part(inquiry: Inquiry) -> tuple[Inquiry, Inquiry] | None:
    """Return the question of the conversation's last list for the part shown last and for the next; None for other words."""
    if not inquiry.query.history or not _MORE.fullmatch(_bare(inquiry.query.text)):
        return None
    steps = 1
    for message in reversed(inquiry.query.history):
        if message.role != "user" or small_talk(message.content):
            continue
        if not _MORE.fullmatch(_bare(message.content)):
            question, part = read_part(message.content)
            language, shown = detect_language(question), part + steps - 1
            last = question if shown == 1 else next_page(question, shown, language)
            return _asking(last, inquiry), _asking(next_page(question, shown + 1, language), inquiry)
        steps += 1
    return None


def _asking(question: str, inquiry: Inquiry) -> Inquiry:
    """The inquiry with a question that stands alone, as if it had been typed."""
    analysis = analyse_question(question, inquiry.generation.lexicon, inquiry.query.today)
    query = replace(inquiry.query, text=question, history=())
    return replace(inquiry, query=query, analysis=analysis, language=analysis.language)


def _bare(text: str) -> str:
    return normalise(text).strip(" 。.？?！!，,")
