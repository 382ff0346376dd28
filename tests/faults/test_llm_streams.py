"""The streams of all dialects (tests/cases/streams.json), written in all ways that the standard allows, cut anywhere.

10,000 random cuts; 100,000 with --hypothesis-profile=long. Cuts at every byte of each: tests/rag/llm/test_dialects.py.
"""

import itertools
import random
from collections.abc import Callable

import pytest
from completion_text import read_reply
from fault_figures import Tried
from hypothesis import settings as hypothesis_settings
from repository import read_cases

pytestmark = pytest.mark.fault
STREAMS = [
    (case["body"], (case["text"], case["ends"]))
    for case in read_cases("streams")["replies"]
    if "known_failure" not in case
]
MAX_CUTS = 30


def _crlf(body: str) -> str:
    return body.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")


def _commented(body: str) -> str:
    return body.replace("\n\n", "\n\n: ping\n\n")


WAYS: dict[str, Callable[[str], str]] = {
    "as it is": lambda body: body,
    "crlf": _crlf,
    "cr": lambda body: body.replace("\r\n", "\n").replace("\n", "\r"),
    "a byte order mark": lambda body: "\ufeff" + body,
    "comments": _commented,
    "comments with crlf": lambda body: _crlf(_commented(body)),
    "ids and retries": lambda body: body.replace("data: ", "id: 7\nretry: 3000\ndata: ", 1),
}


def written() -> list[tuple[bytes, tuple[str, str]]]:
    """Each stream in each way; the ways other than the first for event streams only."""
    return [
        (way(body).encode(), expected)
        for body, expected in STREAMS
        for name, way in WAYS.items()
        if name == "as it is" or (body.startswith("data: ") and "\r" not in body)
    ]


def test_streams_say_the_same_in_whatever_way_they_are_written(tried: Tried) -> None:
    streams = written()
    assert len(streams) > 200
    tried(
        "an LLM's streams, written in 7 ways",
        sum(read_reply(body) == expected for body, expected in streams),
        len(streams),
    )


def test_streams_say_the_same_wherever_they_are_cut(tried: Tried) -> None:
    turns = 100_000 if hypothesis_settings().max_examples > 1000 else 10_000
    chance, streams, right = random.Random(5), written(), 0
    for _ in range(turns):
        body, expected = chance.choice(streams)
        cuts = sorted(chance.randrange(len(body) + 1) for _ in range(chance.randrange(1, MAX_CUTS)))
        right += read_reply(*(body[a:b] for a, b in itertools.pairwise([0, *cuts, len(body)]))) == expected
    tried("an LLM's streams, cut at random", right, turns)
