"""Bodies of requests and responses, as the contract names them."""

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from index.records import Article
from index.store.catalogue import article_values
from rag.errors import QuestionError
from rag.question.limits import read_limit
from rag.records import Message, Passage, Query, Status
from rag.service.feedback.ratings import MAX_COMMENT_CHARACTERS, Reason

Text = Annotated[str, Meta(max_length=100_000)]
"""A cap against abuse; the lengths that a question and its history may have are settings."""


First = Annotated[
    str | None, Meta(description="Only articles of this day, month or year or later.", examples=["2021-03"])
]
Last = Annotated[
    str | None, Meta(description="Only articles of this day, month or year or earlier.", examples=["2021"])
]
TopK = Annotated[
    Annotated[int, Meta(ge=1, le=50)] | None,
    Meta(description="Passages to answer from; none: as the service is set.", examples=[8]),
]


class Turn(Struct):
    """An earlier turn of the conversation."""

    role: Literal["user", "assistant"]
    content: Text
    status: Annotated[
        Status | None,
        Meta(description="The Answer's, so that a refusal is known for one; without it the words must tell."),
    ] = None


class AskRequest(Struct):
    """A question, and the conversation before it, which the client keeps."""

    question: Annotated[Text, Meta(description="As the reader typed it.", examples=["2021年的区委书记是谁？"])]
    history: Annotated[list[Turn], Meta(max_length=1000, description="Earlier turns, oldest first.")] = []
    top_k: TopK = None
    first: First = field(name="from", default=None)
    last: Last = field(name="to", default=None)
    stream: Annotated[bool, Meta(description="Events instead of JSON.")] = False

    def to_query(self, top_k: int) -> Query:
        """Return the query; `top_k` holds where the request names none.

        Raises:
            QuestionError: a date cannot be read.
        """
        history = tuple(Message(turn.role, turn.content, turn.status) for turn in self.history)
        first, last = read_limit(self.first, "from"), read_limit(self.last, "to")
        return Query(self.question, history, first, last, self.top_k or top_k)


class SearchRequest(Struct):
    """A text to find passages for."""

    query: Annotated[Text, Meta(description="Words or a question.", examples=["望津桥 通车"])]
    k: Annotated[int, Meta(ge=1, le=200, description="Passages at most.")] = 10
    first: First = field(name="from", default=None)
    last: Last = field(name="to", default=None)

    def to_query(self) -> Query:
        """Return the query.

        Raises:
            QuestionError: a date cannot be read, or there is no text.
        """
        if not self.query.strip():
            raise QuestionError("query is empty: send the text to look for", param="query", code="empty")
        return Query(self.query, (), read_limit(self.first, "from"), read_limit(self.last, "to"), self.k)


class SearchResponse(Struct):
    """Passages, best first."""

    query: str
    passages: tuple[Passage, ...]
    index_generation: str


class PostedDocument(Struct):
    """A document: a file as text or base64, or a line of a corpus, by its `_id`. Told here; the reader is index/store/uploads.py."""

    source: Annotated[
        str | None, Meta(description="File name, which citations show.", examples=["2024-03-28_01版.txt"])
    ] = None
    text: Annotated[str | None, Meta(description="The file's text.")] = None
    base64: Annotated[
        str | None, Meta(description="The file's bytes, instead of `text`: of PDFs, office files, .gz.")
    ] = None
    doc_id: Annotated[str | int | None, Meta(description="Of a corpus line, instead of `source`.")] = field(
        name="_id", default=None
    )
    title: Annotated[str | None, Meta(description="Of a corpus line.")] = None
    date: Annotated[str | None, Meta(description="Of a corpus line: YYYY-MM-DD, YYYY-MM or YYYY.")] = None


class PostedDocuments(Struct):
    """Documents to add, or to replace by their names."""

    documents: Annotated[list[PostedDocument], Meta(min_length=1, max_length=1000)]


class FeedbackRequest(Struct):
    """A reader's verdict on an answer."""

    answer_id: Annotated[str, Meta(min_length=1, max_length=64, description="`id` of the Answer.")]
    helpful: bool
    reason: Annotated[Reason | None, Meta(description="What was wrong.")] = None
    comment: Annotated[
        Annotated[str, Meta(max_length=MAX_COMMENT_CHARACTERS)] | None, Meta(description="In the reader's own words.")
    ] = None


class FeedbackStored(Struct):
    """The rating is kept."""

    stored: bool
    id: str


class Health(Struct):
    """State of the service."""

    status: Literal["ok", "degraded", "unavailable"]
    index_generation: str | None = None
    message: str | None = None
    llm_configured: bool | None = None
    llm_available: bool = False


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
