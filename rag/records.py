"""Values that flow through the online side: Query → Passages → Answer. The Answer is the contract's Answer.

All offsets count Unicode code points, 0-based, end exclusive.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from index.records import DatePrecision, PartialDate
from rag.errors import FallbackReason

Status = Literal["answered", "partial", "conflicting", "fixed", "related", "refused"]
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
        table_head: caption and head rows of the table that it begins in, a line each; "" where it begins in none.
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
    table_head: str = ""


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
class Computed:
    """The calculation by which code made a figure of a statement from figures that its quotes have.

    Args:
        expression: as a reader sees it, with U+2212 for minus: 469−278=191家.
        terms: numbers of the citations that the figures are from, each once.
    """

    expression: str
    terms: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of the answer: `answer.answer[start:end] == text`, markers included.

    Args:
        citations: numbers of the quotes that carry it together.
        support: "verified": code held it against its quotes and found nothing in it that they do not bear out, or it is
            their own words; code can be mistaken. "unsupported": it found something.
        problems: what it found.
        computed: set where a figure of it stands in no quote but follows from some.
    """

    text: str
    start: int
    end: int
    citations: tuple[int, ...]
    support: Literal["verified", "unsupported"]
    problems: tuple[str, ...] = ()
    computed: Computed | None = None


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
    """A statement of the LLM for which code found no quote that bears it out, and that therefore is not in the answer."""

    text: str
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The contract's Answer. `status` is "refused" or "related" exactly when `refusal` is set.

    Args:
        status: "answered"; "partial": something that was asked is not; "conflicting": sources disagree; "fixed": a
            greeting, help, or a fact on the archive itself; "related": no report surely answers, and those in
            `refusal.nearest` are on the matter; "refused": nothing of that either.
        citations: each quote was compared with its article, character by character; that is another question than
            whether it bears out its statement, which `support` of the statement answers.
        struck: statements of the LLM that are not in the answer, because no quote was found to bear them out.
        removed_markers: markers of the LLM that pointed to no passage.
        choices: questions that a reader may go on with, as they would be typed: the readings of one that is not clear, the
            next page of a long list, examples of what can be asked.
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
    choices: tuple[str, ...] = ()

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

    def record(self, stage: str, started: float) -> None:
        """Note how long a stage took that began at `started`, seconds of time.perf_counter."""
        self.stages[stage] = round((time.perf_counter() - started) * 1000, 2)
