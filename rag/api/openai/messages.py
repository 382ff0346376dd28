"""Messages of a chat request → the question and its history."""

from collections.abc import Iterator
from contextlib import contextmanager

from rag.api.openai.schemas import ChatMessage, ChatRequest, WenjuOptions
from rag.api.schemas import AskRequest, Turn
from rag.errors import QuestionError
from rag.records import Query

# What the checks of /v1/ask call a field → what it is called here.
_PARAMS = {"question": "messages", "from": "wenju.from", "to": "wenju.to"}


def read_conversation(request: ChatRequest, top_k: int, history_turns: int) -> Query:
    """Return what is asked: the last message of the user, after what user and assistant said before it.

    What system and developer messages say is not read: how to answer, and from what, is for the operator of this service
    to set (the prompt templates), and a client's instructions could only make it say what no article does. Results of
    tools are not read either, for they are no part of the archive; nor is what comes after the question.

    Args:
        top_k: holds where the request names none.
        history_turns: that are kept of a longer conversation, its last ones: as many as POST /v1/ask takes. Chat clients
            send all that was ever said, so a limit would end a conversation for good.
    Raises:
        QuestionError: more than one choice is asked for, no message is the user's, a part is no text, a date cannot
            be read; `param` names the field.
    """
    if request.n not in {None, 1}:
        raise QuestionError(f"n is {request.n}: there is one answer; leave n out or send 1", param="n", code="bad_n")
    turns = [
        Turn(message.role, _text(message, place))
        for place, message in enumerate(request.messages)
        if message.role == "user" or message.role == "assistant"
    ]
    asked = max((place for place, turn in enumerate(turns) if turn.role == "user"), default=None)
    if asked is None:
        raise QuestionError(
            "no message has the role user: the last one that has is the question", param="messages", code="no_question"
        )
    options = request.wenju or WenjuOptions()
    history = [turn for turn in turns[:asked] if turn.content]
    history = history[max(0, len(history) - history_turns) :]
    with params_of_chat():
        return AskRequest(turns[asked].content, history, options.top_k, options.first, options.last).to_query(top_k)


@contextmanager
def params_of_chat() -> Iterator[None]:
    """Call the field at fault by its name in a chat request."""
    try:
        yield
    except QuestionError as error:
        raise QuestionError(str(error), param=_PARAMS.get(error.param, error.param), code=error.code) from error


def conversation_text(request: ChatRequest) -> str:
    """All words of the messages that are read, to count their tokens."""
    return "\n".join(
        _text(message, place) for place, message in enumerate(request.messages) if message.role in {"user", "assistant"}
    )


def _text(message: ChatMessage, place: int) -> str:
    content = message.content
    if content is None or isinstance(content, str):
        return content or ""
    for number, part in enumerate(content):
        # What the assistant showed besides text, or why it refused, is no reason to refuse the next question.
        if message.role == "user" and part.type != "text":
            raise QuestionError(
                f"messages[{place}].content[{number}] is of type {part.type[:40]!r}: only text can be read",
                param=f"messages[{place}].content[{number}].type",
                code="not_text",
            )
    return "\n".join(part.text or "" for part in content if part.type == "text")
