"""What is sent to an LLM, and what is left out when it refuses. Pure."""

import re
from collections.abc import Mapping, Sequence, Set

from rag.records import Message


def request_body(
    model: str, messages: Sequence[Message], max_tokens: int, refused: Set[str] = frozenset()
) -> dict[str, object]:
    """Return the body of a streaming request; without the parameters in `refused`, which the server does not know."""
    optional: dict[str, object] = {
        "temperature": 0,  # the passages hold the answer: no sampling, and the same question gets the same answer
        "stream_options": {"include_usage": True},
        "max_completion_tokens" if "max_tokens" in refused else "max_tokens": max_tokens,
    }
    return {
        "model": model,
        "messages": [{"role": message.role, "content": message.content} for message in messages],
        "stream": True,
        **{name: value for name, value in optional.items() if name not in refused},
    }


def refused_parameters(said: str, body: Mapping[str, object]) -> frozenset[str]:
    """Return the parameters of `body` that can be left out and that the text of a 400 names."""
    optional = body.keys() - {"model", "messages", "stream"}
    return frozenset(name for name in optional if re.search(rf"\b{name}\b", said))
