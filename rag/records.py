"""Values that flow through the online side: Query → Passages → Answer. The Answer is the contract's Answer.

All offsets count Unicode code points, 0-based, end exclusive.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from index.records import DatePrecision, PartialDate
from rag.errors import FallbackReason

Status = Literal["answered", "partial", "conflicting", "related", "refused"]
REFUSED: frozenset[Status] = frozenset({"related", "refused"})
"""Of an Answer that has a refusal: the question is not answered."""
RefusalReason = Literal["not_found", "out_of_range", "false_premise", "unclear", "not_allowed"]
Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation, in the OpenAI vocabulary.

    Args:
        status: of an answer that this service gave, where the client sends it back.
    """

    role: Literal["system", "user", "assistant"]
    content: str
    status: Status | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked.

    Args:
        text: the question as typed.
        history: earlier turns, oldest first.
        first, last: hard date filter, inclusive; an article whose date is unknown does not pass one.
        top_k: passages to answer from.
        today: the day of asking, from which 去年 is counted; None: today's in China.
    """

    text: str
    history: tuple[Message, ...] = ()
    first: PartialDate | None = None
    last: PartialDate | None = None
    top_k: int = 8
    today: PartialDate | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk retrieved for a query.

    Args:
        rank: 1 is best.
        score: fused score, comparable within one query only.
        cosine: dense score in [-1, 1].
        bm25: lexical score, >= 0.
        source, page: of the chunk's beginning; an article that jumped to another page has several.
        start, end: the chunk's place in its article's text.
        also_in: documents that have the same text again and take no place of their own.
    """

    rank: int
    score: float
    cosine: float
    bm25: float
    chunk_id: str
    article_id: str
    doc_id: str
    title: str | None
    date: str | None
    date_precision: DatePrecision | None
    newspaper: str | None
    source: str
    page: str | None
    url: str | None
    text: str
    start: int
    end: int
    also_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    """A verbatim quote and where it stands: `article.text[start:end] == quote`, always.

    Args:
        source, page: of the quote's beginning; an article that jumped to another page has several.
        source_start, source_end: the quote as printed, in the decoded text of `source` with lines ended by LF; None
            where that is not known. Where the quote goes on in another file, the part of it that stands in this one.
    """

    n: int
    chunk_id: str
    article_id: str
    title: str | None
    date: str | None
    date_precision: DatePrecision | None
    newspaper: str | None
    source: str
    page: str | None
    url: str | None
    quote: str
    start: int
    end: int
    source_start: int | None = None
    source_end: int | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of the answer: `answer.answer[start:end] == text`, markers included."""

    text: str
    start: int
    end: int
    citations: tuple[int, ...]
    support: Literal["verified", "unsupported"]
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """A successful outcome: the archive does not answer this, and here is what comes nearest.

    Args:
        nearest: articles, each once. Where the status is "related", quoted by the sentence that comes nearest to what was
            asked; else by what they open with.
    """

    reason: RefusalReason
    message: str
    nearest: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Generator:
    """Who wrote the answer.

    Args:
        prompt_version: of the answer prompt that the LLM was given, as its first line states; None where it wrote nothing.
    """

    kind: Literal["llm", "extractive"]
    model: str | None
    fallback_reason: FallbackReason | None
    prompt_version: str | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of a completion, as the LLM's server counted them.

    Args:
        cut: the completion ended because max_tokens was reached, so its last sentence may be half.
    """

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int
    cut: bool = False

    def counts(self) -> dict[str, int]:
        """The three counts by name, as the OpenAI protocol has them."""
        return {
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": self.completion_tokens,
            "total_tokens": self.total_tokens,
        }


@dataclass(frozen=True, slots=True)
class RejectedStatement:
    """A statement of the LLM that code could not verify and that therefore is not in the answer."""

    text: str
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The contract's Answer. `status` is "refused" or "related" exactly when `refusal` is set.

    Args:
        status: "answered"; "partial": something that was asked is not; "conflicting": sources disagree; "related": no
            report surely answers, and those in `refusal.nearest` are on the matter; "refused": nothing of that either.
        struck: statements of the LLM that are not in the answer.
        removed_markers: markers of the LLM that pointed to no passage.
    """

    id: str
    question: str
    status: Status
    refusal: Refusal | None
    answer: str
    statements: tuple[Statement, ...]
    citations: tuple[Citation, ...]
    as_of: str | None
    generator: Generator
    interpreted: Mapping[str, str | bool | None]
    timings_ms: Mapping[str, float | None]
    usage: Mapping[str, int] | None
    index_generation: str
    struck: tuple[RejectedStatement, ...] = ()
    removed_markers: int = 0

    @property
    def text(self) -> str:
        """The answer as a reader sees it, with its [1] markers; of a refusal its message."""
        return self.answer

    @property
    def is_refused(self) -> bool:
        """Whether the archive does not answer the question; `refusal` says why."""
        return self.refusal is not None


@dataclass(frozen=True, slots=True)
class Retrieved:
    """Event: the candidates, sent before the answer is written."""

    citations: Sequence[Citation]


@dataclass(frozen=True, slots=True)
class Delta:
    """Event: verified text to append to the answer. The deltas joined are `Answer.answer`."""

    text: str


@dataclass(frozen=True, slots=True)
class Cited:
    """Event: a citation that a marker of the deltas so far points to."""

    citation: Citation


@dataclass(frozen=True, slots=True)
class Done:
    """Event: the whole Answer, always the last one."""

    answer: Answer


Event = Retrieved | Delta | Cited | Done


@dataclass(slots=True)
class Timings:
    """Milliseconds per stage, filled in as the stages run; a stage that did not run stays None."""

    stages: dict[str, float | None] = field(
        default_factory=lambda: dict.fromkeys(
            ("embed", "search", "fuse", "rerank", "read", "prompt", "llm_first_token", "llm", "verify", "total")
        )
    )
