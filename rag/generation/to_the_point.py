"""An LLM's answer whose statements are none of the kind that was asked for is no answer: 请致电… to 多少米."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import replace

from index.language.terms import Lexicon
from rag.facts.asked_kind import JUDGED_KINDS, is_of_asked_kind
from rag.generation.answer_builder import AnswerContent
from rag.generation.completion import Completion
from rag.generation.markers import MARKER
from rag.question.analysis import QuestionAnalysis
from rag.records import Delta, Event, RejectedStatement

NOT_ASKED = "not_what_was_asked"
"""Kind of problem: nothing of what was asked for is in the statement, nor in any beside it."""


async def once_to_the_point(
    events: AsyncGenerator[Event | Completion, None], analyses: Sequence[QuestionAnalysis], lexicon: Lexicon
) -> AsyncGenerator[Event | Completion, None]:
    """Yield the events of an LLM's answer from its first statement on that is of a kind asked for.

    What stands before that one waits for it; where none comes, only the Completion does, its statements rejected.

    Args:
        analyses: of all that was asked.
        lexicon: knows the names.
    """
    held: list[Event] = []
    is_begun = any(one.answer_type not in JUDGED_KINDS or one.answer_form != "fact" for one in analyses)
    async with aclosing(events):
        async for event in events:
            if isinstance(event, Completion):
                yield event if is_begun else _emptied(event)
                continue
            held.append(event)
            if not is_begun and isinstance(event, Delta):
                is_begun = any(is_of_asked_kind(analysis, event.text, lexicon) for analysis in analyses)
            if is_begun:
                for one in held:
                    yield one
                held.clear()


def _emptied(completion: Completion) -> Completion:
    """The completion with all its statements rejected."""
    off = (RejectedStatement(MARKER.sub("", one.text), (NOT_ASKED,)) for one in completion.content.statements)
    return replace(completion, content=AnswerContent(), rejected=(*completion.rejected, *off))
