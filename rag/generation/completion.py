"""What an LLM has said: how far it is read while it comes in, and what became of it.

More than an answer may have is not read, so that nobody's output holds the service.
"""

from dataclasses import dataclass, field

from rag.errors import FallbackReason
from rag.generation.answer_builder import AnswerContent
from rag.records import Generator, RejectedStatement, Usage

MAX_REPEATS = 3
"""Times that the LLM may say again what it has said before it is stopped."""
CHARACTERS_PER_TOKEN = 8
"""Twice what a token of English has on average, and five times one of Chinese: a completion of more is longer than was asked for,
and what goes on is not read."""
MAX_STATEMENTS = 100
"""Of a completion; 800 tokens make eighty of the shortest that a list has."""
MAX_ABSENCES = 5
"""Times that an LLM may say that the reports do not tell something: each takes a search. What it says so further is struck."""


@dataclass(frozen=True, slots=True)
class Completion:
    """What the LLM has written, and what became of it; the last thing that a writer yields.

    Args:
        model, prompt_version: who was asked, and how.
        content: the statements that hold.
        rejected: those that do not and were not mended, each once.
        failure: why it ended early, or never began.
        usage: tokens of all requests.
        found_nothing: the LLM said that the passages do not answer.
        removed_markers: markers that pointed to no passage.
        is_cut: the LLM had to stop in the middle of it, or was stopped.
        absences: times that it said that the reports do not tell something, and they do not.
    """

    model: str
    prompt_version: str
    content: AnswerContent
    rejected: tuple[RejectedStatement, ...]
    failure: FallbackReason | None
    usage: Usage | None
    found_nothing: bool
    removed_markers: int
    is_cut: bool = False
    absences: int = 0

    @property
    def generator(self) -> Generator:
        """Who wrote it."""
        return Generator("llm", self.model, self.failure, self.prompt_version)

    @property
    def is_whole(self) -> bool:
        """Whether it came to its end, nothing of it was rejected, and nothing that was asked is told to be missing."""
        return not (self.failure or self.rejected or self.is_cut or self.absences)


@dataclass(slots=True)
class Progress:
    """What is known of a completion while it comes in.

    Args:
        left: characters that may still be read.
        taken: statements that were read.
        said: its statements, to know when one is said again.
        asked: requests to have a statement mended.
        taken_back: statements that the LLM took back when it was asked.
        searched: searches for what it said that the reports do not tell.
        absences: what it said rightly that they do not tell.
    """

    left: int
    taken: int = 0
    failure: FallbackReason | None = None
    usage: Usage | None = None
    mending_usage: list[Usage] = field(default_factory=list)
    found_nothing: bool = False
    repeats: int = 0
    removed_markers: int = 0
    said: set[str] = field(default_factory=set)
    asked: int = 0
    taken_back: int = 0
    searched: int = 0
    absences: int = 0

    @property
    def is_too_much(self) -> bool:
        """Whether more was said than an answer may have."""
        return self.left <= 0 or self.taken >= MAX_STATEMENTS

    @property
    def is_over(self) -> bool:
        """Whether nothing more is read."""
        return self.is_too_much or self.repeats >= MAX_REPEATS

    @property
    def is_cut(self) -> bool:
        """Whether the LLM had to stop in the middle of its answer, or was stopped there."""
        return self.is_too_much or (self.usage is not None and self.usage.cut)

    def all_usage(self) -> Usage | None:
        """The tokens of all requests; None where those of the completion are not known. Whether it was cut, it alone tells."""
        if self.usage is None:
            return None
        every = (self.usage, *self.mending_usage)
        return Usage(
            sum(usage.prompt_tokens for usage in every),
            sum(usage.completion_tokens for usage in every),
            sum(usage.total_tokens for usage in every),
            self.usage.cut,
        )


def is_readable(text: str) -> bool:
    """Whether an LLM's text is one: no half characters, and none that nobody could decode."""
    return not any(character == "\ufffd" or "\ud800" <= character <= "\udfff" for character in text)
