"""What is sent to an LLM, what is left out when it refuses, and when it is asked again. Pure but for the clock."""

import random
import re
from collections.abc import Mapping, Sequence, Set
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from rag.records import Message

BACKOFF_S = 0.5  # doubled for every retry, less up to a quarter as jitter: the OpenAI SDK's values


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


def retry_after_s(header: str | None) -> float | None:
    """Return the seconds that a Retry-After header asks for, given as seconds or as a date; None for neither."""
    if header is None:
        return None
    if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", header.strip()):
        return float(header)
    try:
        date = parsedate_to_datetime(header)
    except ValueError:
        return None
    return max(0.0, (date.replace(tzinfo=date.tzinfo or UTC) - datetime.now(UTC)).total_seconds())


def retry_pause_s(retries: int, retry_after_s: float | None, backoff_s: float = BACKOFF_S) -> float:
    """Return how long to wait after `retries` retries: never less than asked, and spread by up to a quarter.

    Args:
        retry_after_s: what the server asked for, None where it did not.
        backoff_s: the first pause, where nothing was asked for.
    """
    jitter = random.random() / 4  # noqa: S311 - spreads load, guards nothing
    if retry_after_s is None:
        return backoff_s * 2.0**retries * (1 - jitter)
    return retry_after_s + max(retry_after_s, backoff_s) * jitter
