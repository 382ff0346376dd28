"""What the rest of the service asks of a language model."""

from collections.abc import AsyncGenerator, Sequence
from typing import Protocol

from rag.records import Message, Usage


class ChatModel(Protocol):
    """A language model: messages in, text out in pieces; `total_timeout_s` is how long one answer may take."""

    name: str
    total_timeout_s: float

    def stream(self, messages: Sequence[Message], *, max_tokens: int) -> AsyncGenerator[str | Usage, None]:
        """Yield pieces of text and, at the end, one Usage if the server sent one. Close it when leaving early."""
