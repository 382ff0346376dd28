"""A conversation's history → its turns: what was asked, what was answered, in simplified characters.

An answer is a source of names and phrases that a later question may point at, never of facts. A turn that failed keeps
its question and has no answer, so that nothing of a refusal or an error message is taken for a name.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from index.language.normalise import simplify
from rag.question.conversation.offers import Offer, read_offer
from rag.question.conversation.remarks import remark_of
from rag.question.refusals import is_refusal, without_missing_parts
from rag.question.small_talk import small_talk
from rag.records import REFUSED, Language, Message, Status

MAX_TURNS = 4
"""How far back a question may point; what is longer ago nobody means by 它."""
MAX_QUESTION_CHARACTERS = 200
"""Characters of a question that may point back: who writes more than that leaves nothing out."""
MAX_ANSWER_CHARACTERS = 600
"""Characters of an answer that are looked through."""

_SAYS: dict[Language, tuple[str, str]] = {"zh": ("问：", "答："), "en": ("Q: ", "A: ")}
SPACED_MARKER = re.compile(r"(?<!\s)\s*+\[\d+\]")
_FRAME = re.compile(r"(?:(?:英文)?报道原文|The newspaper says)\s*[:：]\s*[“\"]([^”\"]{0,800})[”\"]")
# What other services put in the place of an answer when they fail: it is the whole message, and has no marker.
_ERROR = re.compile(
    r"(?:很?抱歉|对不起|出错|错误|sorry\b|error\b|internal\b|an? \w+ error\b).{0,120}"
    r"|(?:系统|服务|请求|网络|处理|内部)[^，。]{0,6}(?:出错|错误|失败|超时|不可用|异常).{0,40}"
    r"|.{0,40}稍后再试.{0,4}"
    r"|(?:无法|不能|未能|没法)(?:回答|作答|处理)[^，。]{0,12}[。！]?"
    r"|the \w+ (?:timed out|is unavailable).{0,40}"
    r"|(?:i|we)(?:['’]m| am| are)? (?:unable to (?:answer|help)|(?:cannot|can['’]t) answer)\b.{0,120}",
    re.IGNORECASE,
)
_HAS_WORDS = re.compile(r"[\u4e00-\u9fffA-Za-z0-9]{2}")


@dataclass(frozen=True, slots=True)
class Turn:
    """One question with its answer.

    Args:
        question: in simplified characters.
        answer: without markers and the frame around quotes, in simplified characters; "" where there was none, or
            where it was a refusal or an error.
    """

    question: str
    answer: str = ""
    offer: Offer | None = None


def read_turns(history: Sequence[Message]) -> list[Turn]:
    """Return the last MAX_TURNS turns, oldest first.

    Questions of no words, thanks and the like are left out with what was replied to them; what was told when it was asked to go
    on belongs to what was asked before.
    """
    turns: list[Turn] = []
    for turn in _pair(history):
        remark = remark_of(turn.question)
        if remark == "more" and turns:
            turns[-1] = replace(turns[-1], answer=f"{turns[-1].answer} {turn.answer}".strip())
        elif remark is None and _HAS_WORDS.search(turn.question) and small_talk(turn.question) is None:
            turns.append(turn)
    return turns[-MAX_TURNS:]


def tell_turns(turns: Sequence[Turn], language: Language, characters: int) -> str:
    """Return turns as an LLM is told them, a line for each question and answer.

    Args:
        characters: of a question or an answer at most.
    """
    asks, answers = _SAYS[language]
    lines = []
    for turn in turns:
        lines.append(f"{asks}{turn.question[:characters]}")
        if turn.answer:
            lines.append(f"{answers}{turn.answer[:characters]}")
    return "\n".join(lines)


def is_failure(answer: str, status: Status | None = None) -> bool:
    """Whether an assistant's words are a refusal or an error: nothing in them is an answer.

    Args:
        status: the Answer's, where the client sends it back: it decides. Else the words must be a refusal of this service,
            or what other services put in the place of an answer.
    """
    said = answer.strip()
    if not said or status:
        return not said or status in REFUSED
    return (
        is_refusal(said)
        or read_offer(said) is not None
        or (not SPACED_MARKER.search(said) and _ERROR.fullmatch(simplify(said)) is not None)
    )


def _pair(history: Sequence[Message]) -> Iterator[Turn]:
    question: str | None = None
    answer = ""
    offer: Offer | None = None
    for message in history:
        if message.role == "user":
            if question is not None:
                yield Turn(question, answer, offer)
            question, answer, offer = simplify(" ".join(message.content.split()))[:MAX_QUESTION_CHARACTERS], "", None
        elif message.role == "assistant" and question is not None:
            offer = read_offer(message.content[:MAX_ANSWER_CHARACTERS])
            if not offer and not is_failure(message.content, message.status):
                answer = f"{answer} {_plain(without_missing_parts(message.content))}".strip()
    if question is not None:
        yield Turn(question, answer, offer)


def _plain(answer: str) -> str:
    text = _FRAME.sub(r"\1", SPACED_MARKER.sub("", simplify(answer[:MAX_ANSWER_CHARACTERS])))
    return " ".join(text.split())
