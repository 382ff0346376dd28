"""What is kept of an answer that a reader has rated: enough to ask it again, and to see what it stood on."""

import datetime
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from index.records import Article
from rag.records import Answer, Citation

Reason = Literal["off_topic", "wrong_citation", "outdated", "missing", "other"]
"""What a reader may say is wrong with an answer."""
MAX_COMMENT_CHARACTERS = 2000
"""Characters of a comment."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """A citation of a rated answer.

    Args:
        source: file in which the quote begins.
        files: all files that the quote's article stands in.
    """

    chunk_id: str
    article_id: str
    doc_id: str
    source: str
    files: tuple[str, ...]
    quote: str


@dataclass(frozen=True, slots=True)
class RateableAnswer:
    """What feedback keeps of an answer, once it is rated. The history of the conversation is no part of it.

    Args:
        rewritten: the question that was searched for, where it is not the one typed.
        first, last: the date filter that the reader set.
        generation: of the index.
        generator: "llm" or "extractive".
        retrieved: ids of the chunks found, best first.
    """

    answer_id: str
    question: str
    rewritten: str | None
    first: str | None
    last: str | None
    status: str
    refusal: str | None
    answer: str
    generation: str
    generator: str
    model: str | None
    prompt_version: str | None
    cited: tuple[Quoted, ...]
    retrieved: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rating:
    """A reader's verdict on an answer.

    Args:
        rated: when, UTC, ISO 8601 to the second.
        caller: name of the reader's key; "" without one.
    """

    id: str
    rated: str
    caller: str
    helpful: bool
    reason: Reason | None
    comment: str | None
    of: RateableAnswer


def rateable_answer(answer: Answer, retrieved: Sequence[Citation], articles: Mapping[str, Article]) -> RateableAnswer:
    """Return what feedback would keep of an answer.

    Args:
        retrieved: the candidates, as the event Retrieved has them.
        articles: those that the answer cites, by id.
    """
    shown, generator = answer.interpreted, answer.generator
    first, last = (shown["from"], shown["to"]) if shown["is_filter"] else (None, None)
    rewritten = shown["rewritten_question"]
    return RateableAnswer(
        answer_id=answer.id,
        question=answer.question,
        rewritten=str(rewritten) if rewritten else None,
        first=str(first) if first else None,
        last=str(last) if last else None,
        status=answer.status,
        refusal=answer.refusal.reason if answer.refusal else None,
        answer=answer.answer,
        generation=answer.index_generation,
        generator=generator.kind,
        model=generator.model,
        prompt_version=generator.prompt_version,
        cited=tuple(_quoted(citation, articles[citation.article_id]) for citation in answer.citations),
        retrieved=tuple(citation.chunk_id for citation in retrieved),
    )


def rate(
    answer: RateableAnswer, *, helpful: bool, reason: Reason | None = None, comment: str | None = None, caller: str = ""
) -> Rating:
    """Return a rating of now; a comment of white space is none."""
    now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    said = (comment or "").strip() or None
    return Rating(uuid.uuid4().hex, now, caller, helpful, reason, said, answer)


def _quoted(citation: Citation, article: Article) -> Quoted:
    files = dict.fromkeys([article.source, citation.source, *(o.source for o in article.origin if o.source)])
    return Quoted(citation.chunk_id, citation.article_id, article.doc_id, citation.source, tuple(files), citation.quote)
