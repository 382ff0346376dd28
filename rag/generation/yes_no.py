"""What is said to a question for yes or no, in the words of the service: 是, 不是 or 无法确认 first, then what was printed."""

import re
from collections.abc import AsyncGenerator
from contextlib import aclosing

from rag.evidence.grounding import Grounding
from rag.evidence.settlement import Settlement
from rag.generation.completion import Completion
from rag.generation.composition import Composition, Line
from rag.generation.markers import tidy
from rag.generation.messages import introduce_quote, with_report_date
from rag.records import Delta, Event, Language

_SAYS_NO = re.compile(r"\A\W*+(?:不[是对会能行可属]|并非|并不|并没有|没有|没(?!收)|未|否|错|no\b|not\b)", re.IGNORECASE)
_SAYS_YES = re.compile(
    r"\A\W*+(?:是(?!否)|对(?![于此])|没错|正确|属实|确实|可以|能(?!否)|会(?!议)|有(?!关)|yes\b)", re.IGNORECASE
)
_AS_SAID: dict[str, dict[Language, str]] = {
    "yes": {"zh": "是，{fact}", "en": "Yes. {fact}"},
    "no": {"zh": "不是，{fact}", "en": "No. {fact}"},
    "instead": {"zh": "不是，是{instead}：{fact}", "en": "No, {instead}: {fact}"},
}


def say_settled(settlement: Settlement, grounding: Grounding) -> Composition:
    """Return the answer to a question that is settled.

    Args:
        settlement: yes or no, with what tells it.
    """
    language, analysis = grounding.language, grounding.analysis
    articles = grounding.retrieval.articles
    lines = []
    for number, quote in enumerate(settlement.quotes):
        fact = introduce_quote(tidy(quote.text), language)
        if not number:
            if analysis.is_changing:
                fact = with_report_date(fact, articles[quote.passage.article_id].date, language)
            way = "instead" if settlement.instead else settlement.verdict
            fact = _AS_SAID[way][language].format(fact=fact, instead=settlement.instead)
        lines.append(Line(fact, (quote,)))
    return Composition(tuple(lines), "answered")


async def unless_contrary(
    events: AsyncGenerator[Event | Completion, None], settlement: Settlement | None
) -> AsyncGenerator[Event | Completion, None]:
    """Yield the events of an LLM's answer; none at all of one that begins with the contrary of what is certain.

    What comes before the first words is held back until they are there.
    """
    held: list[Event | Completion] = []
    is_begun = settlement is None or not settlement.is_certain
    async with aclosing(events):
        async for event in events:
            held.append(event)
            if settlement and not is_begun and isinstance(event, Delta):
                if contradicts(settlement, event.text):
                    return
                is_begun = True
            if is_begun or isinstance(event, Completion):
                for one in held:
                    yield one
                held.clear()


def contradicts(settlement: Settlement, said: str) -> bool:
    """Whether a text begins with the contrary of what is settled."""
    return (_SAYS_NO if settlement.verdict == "yes" else _SAYS_YES).match(said) is not None
