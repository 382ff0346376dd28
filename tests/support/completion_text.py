"""An LLM's reply, read as the product reads it."""

from rag.errors import ChatModelError
from rag.llm.dialects import CompletionReader


def read_reply(*parts: bytes, secret: str = "") -> tuple[str, str]:
    """The text of a reply and how it ends, its error's reason or finish_reason.

    Args:
        parts: as they come from the connection.
        secret: the API key, which no error may repeat.
    """
    reader, text = CompletionReader(secret), ""
    try:
        for part in parts:
            for piece in reader.feed(part):
                text += piece
            if reader.done:
                break
        for piece in reader.close():
            text += piece
    except ChatModelError as error:
        return text, error.reason
    return text, str(reader.finish_reason)
