"""A question of a conversation that names nothing of its own is about the report that was quoted last, where that answers it.

哪天上线的？ looks complete to the rules, and some report or other answers it. So where the answer would come from another report
than the one quoted before, the question is asked behind the words of the one before; what then stands in the report quoted
before is taken.
"""

from collections.abc import Awaitable, Callable

import anyio.to_thread

from index.language.normalise import simplify
from index.language.terms import Lexicon
from rag.evidence.grounding import Grounding
from rag.lookup.earlier import earlier_of
from rag.lookup.inquiry import AskAgain
from rag.question.conversation.followup import names_nothing, prepend_topic
from rag.records import Query, Timings

Find = Callable[[Query, str, Timings], Awaitable[Grounding]]
"""(query, the question understandable alone, timings) → what its answer can stand on."""


async def ground_in_talk(
    find: Find, again: AskAgain, query: Query, question: str, timings: Timings, lexicon: Lexicon
) -> Grounding:
    """Return what an answer can stand on, preferably in the report that the conversation is about.

    Args:
        question: the query's, understandable alone as far as rules or an LLM could make it so.
        again: asks an earlier question anew.
        lexicon: knows the archive's names.
    """
    grounding = await find(query, question, timings)
    if grounding.refusal or question != query.text or not names_nothing(simplify(query.text), lexicon):
        return grounding
    topical = prepend_topic(query, lexicon)
    earlier = earlier_of(query) if topical else None
    told = await anyio.to_thread.run_sync(again, earlier.query) if earlier else None
    quoted = {quote.passage.article_id for line in told.lines for quote in line.quotes} if told else set()
    if not topical or not quoted or _stands_on(grounding, quoted):
        return grounding
    nearer = await find(query, topical, Timings())
    return nearer if not nearer.refusal and _stands_on(nearer, quoted) else grounding


def _stands_on(grounding: Grounding, articles: set[str]) -> bool:
    """Whether the first answer that there is stands in one of the articles."""
    answered = [part.decision.evidence[0] for part in grounding.parts if not part.decision.refusal]
    return bool(answered) and answered[0].passage.article_id in articles
