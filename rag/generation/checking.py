"""Statements → verdicts, one at a time and off the event loop.

They are the verifier's; half a sentence, and one in another language than the question, are never supported.
"""

import asyncio
import functools
import re
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from rag.generation.cohesion import is_lead_in
from rag.generation.turns import turns_here
from rag.question.language import detect_language
from rag.records import Language, Passage, Timings
from rag.verification.archive import Archive
from rag.verification.statements import ModelStatement
from rag.verification.verifier import Verdict, Verifier

T = TypeVar("T")
_WORDS = re.compile(r"[A-Za-z]{2,}")
_ENGLISH = re.compile(r"\b[A-Za-z]+ [a-z]{2,} [a-z]{2,}")
_HAN = re.compile(r"[\u4e00-\u9fff]")


class StatementChecker:
    """Verifies the statements of one answer.

    Args:
        language: of the question; a statement in another one is not an answer to it.
        timings: gets verify in milliseconds.

    Attributes:
        expects_ends: the LLM puts full stops, so that a last sentence without one is half a sentence.
    """

    def __init__(self, language: Language, timings: Timings) -> None:
        self.expects_ends = False
        self._language = language
        self._stages = timings.stages
        self._used_s = 0.0
        self._making: asyncio.Task[Verifier] | None = None

    def prepare(self, passages: Sequence[Passage], archive: Archive, question: str) -> None:
        """Begin to read the passages, while the LLM does: its first statement is a second away, and this takes 5 to 30 ms.

        Args:
            archive: what statements are compared with besides the passages.
            question: what is asked.
        """
        self._making = asyncio.create_task(self._in_turn(functools.partial(Verifier, passages, archive, question)))

    def close(self) -> None:
        """Stop reading the passages."""
        if self._making:
            self._making.cancel()

    async def check(self, statement: ModelStatement) -> Verdict:
        """Return the quotes that carry a statement, or its problems."""
        assert self._making is not None, "prepare comes first"
        verifier = await asyncio.shield(
            self._making
        )  # one that is cancelled must not cancel what the next one waits for
        started = time.perf_counter()
        verdict = await self._in_turn(functools.partial(self._judge, statement, verifier))
        self._stages["verify"] = round((self._stages["verify"] or 0) + (time.perf_counter() - started) * 1000, 2)
        return verdict

    async def _in_turn(self, work: Callable[[], T]) -> T:
        """Run CPU work off the event loop when it is this answer's turn; what it takes counts for the next turn."""

        def timed() -> tuple[T, float]:
            started = time.thread_time()
            return work(), time.thread_time() - started

        result, used_s = await turns_here().take(self._used_s, timed)
        self._used_s += used_s
        return result

    def _judge(self, statement: ModelStatement, verifier: Verifier) -> Verdict:
        verdict = verifier.verify_lead_in(statement) if is_lead_in(statement.text) else verifier.verify(statement)
        nearest = verdict.quote or verdict.nearest
        if _is_foreign(statement.text, self._language):
            return Verdict((), ("wrong_language",), nearest)
        is_half = statement.is_dangling or (self.expects_ends and statement.is_open)
        if is_half or (verdict.problems and not (statement.is_whole or statement.tail)):
            return Verdict((), ("unfinished", *verdict.problems), nearest)
        return verdict


def _is_foreign(text: str, language: Language) -> bool:
    """Whether a statement is in another language than the question; figures and codes alone are in none."""
    if len(_WORDS.findall(text)) < 2 and not _HAN.search(text):
        return False
    if language == "zh" and _ENGLISH.search(text):
        return True  # Here is the answer: 2023年…
    return detect_language(text) != language
