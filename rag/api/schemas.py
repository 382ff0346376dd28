"""Bodies of requests and responses, as the contract names them."""

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from index.catalogue import article_values
from index.read.stated import parse_date
from index.records import Article, PartialDate
from rag.errors import QuestionError
from rag.rating import LONGEST_COMMENT, Reason
from rag.records import Message, Passage, Query

Text = Annotated[str, Meta(max_length=100_000)]
"""A cap against abuse; the length that a question may have is a setting."""


class Turn(Struct):
    """An earlier turn of the conversation."""

    role: Literal["user", "assistant"]
    content: Text


class AskRequest(Struct):
    """Body of POST /v1/ask."""

    question: Text
    history: Annotated[list[Turn], Meta(max_length=40)] = []
    top_k: Annotated[int, Meta(ge=1, le=50)] | None = None
    first: str | None = field(name="from", default=None)
    last: str | None = field(name="to", default=None)
    stream: bool = False

    def to_query(self, top_k: int) -> Query:
        """Return the query; `top_k` holds where the request names none.

        Raises:
            QuestionError: a date cannot be read.
        """
        history = tuple(Message(turn.role, turn.content) for turn in self.history)
        first, last = _date(self.first, "from"), _date(self.last, "to")
        return Query(self.question, history, first, last, self.top_k or top_k)


class SearchRequest(Struct):
    """Body of POST /v1/search."""

    query: Text
    k: Annotated[int, Meta(ge=1, le=200)] = 10
    first: str | None = field(name="from", default=None)
    last: str | None = field(name="to", default=None)

    def to_query(self) -> Query:
        """Return the query.

        Raises:
            QuestionError: a date cannot be read, or there is no text.
        """
        if not self.query.strip():
            raise QuestionError("query is empty: send the text to look for", param="query", code="empty")
        return Query(self.query, (), _date(self.first, "from"), _date(self.last, "to"), self.k)


class SearchResponse(Struct):
    """Passages, best first."""

    query: str
    passages: tuple[Passage, ...]
    index_generation: str


class FeedbackRequest(Struct):
    """Body of POST /v1/feedback."""

    answer_id: Annotated[str, Meta(min_length=1, max_length=64)]
    helpful: bool
    reason: Reason | None = None
    comment: Annotated[str, Meta(max_length=LONGEST_COMMENT)] | None = None


class FeedbackStored(Struct):
    """The rating is kept."""

    stored: bool
    id: str


class Health(Struct):
    """State of the service."""

    status: Literal["ok", "unavailable"]
    index_generation: str | None = None
    message: str | None = None


class Examples(Struct):
    """Questions to try."""

    examples: list[str]


class Problem(Struct):
    """What went wrong."""

    message: str
    type: str
    param: str | None = None
    code: str | None = None


class ProblemBody(Struct):
    """The body of every error."""

    error: Problem


def article_body(article: Article) -> dict[str, object]:
    """An article as the contract's Article: its date as text beside its precision."""
    values: dict[str, object] = article_values(article)
    date = article.date
    return values | {"date": date.value if date else None, "date_precision": date.precision if date else None}


def _date(text: str | None, param: str) -> PartialDate | None:
    if text is None or not text.strip():
        return None
    date = parse_date(text)
    if date is None:
        raise QuestionError(
            f"{param}: {text!r} is no date; write 2023-07-05, 2023-07 or 2023", param=param, code="bad_date"
        )
    return date
