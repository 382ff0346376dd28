"""Questions to try, made from what the archive says; only those that the archive then answers from the same article.

A reader who sees the page for the first time learns from them what it can be asked.
"""

import anyio
import anyio.to_thread

from rag.answer import Answerer
from rag.lookup.suggested import Suggestion, find_suggestions
from rag.records import Answer, Query

MAX_TRIED_QUESTIONS = 16
"""Questions that are asked, at most, until enough are answered."""


class Suggestions:
    """Questions to try, found once for each generation; belongs to one event loop."""

    def __init__(self) -> None:
        self._generation = ""
        self._questions: list[str] = []
        self._lock = anyio.Lock()

    def cache_sizes(self) -> dict[str, int]:
        """Return the questions that are kept, for /metrics."""
        return {"suggested_questions": len(self._questions)}

    async def questions(self, answerer: Answerer) -> list[str]:
        """Return the questions for the generation that the answerer answers from."""
        generation = answerer.generation.manifest.generation
        async with self._lock:
            if generation != self._generation:
                self._questions = await suggest_questions(answerer)
                self._generation = generation
            return self._questions


async def suggest_questions(answerer: Answerer, count: int = 4) -> list[str]:
    """Return up to `count` questions that the archive answers, of several kinds and articles.

    Args:
        answerer: each question is asked of it, without its LLM, and kept when the answer cites the article it is made from.
    """
    extracting = answerer.without_llm()
    found: list[str] = []
    used: set[str] = set()
    suggestions = await anyio.to_thread.run_sync(find_suggestions, answerer.generation)
    for tried, suggestion in enumerate(suggestions):
        if len(found) == count or tried == MAX_TRIED_QUESTIONS:
            break
        if suggestion.article_id in used:
            continue
        answer = await extracting.answer(Query(suggestion.question))
        if answer.status == "answered" and _cites(answer, suggestion):
            found.append(suggestion.question)
            used.add(suggestion.article_id)
    return found


def _cites(answer: Answer, suggestion: Suggestion) -> bool:
    """Whether the answer is from the article that made the question; who holds an office, several may tell."""
    return answer.citations[0].article_id == suggestion.article_id or suggestion.question.endswith("是谁？")
