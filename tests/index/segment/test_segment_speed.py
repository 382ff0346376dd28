"""Splitting pages into articles takes time in proportion to the text, whether it comes as pages or as one huge page."""

import time
from functools import cache

import pytest
from damage import generate

from index.records import Document
from index.segment import split_articles

SEED = 5
SMALL_BYTES = 100_000
FACTOR = 10
MOST = 12.0
"""Ten times the text may take this many times as long."""


@cache
def page_texts() -> list[str]:
    """Generated pages, ten times SMALL_BYTES in all."""
    texts: list[str] = []
    size = 0
    while size < FACTOR * SMALL_BYTES:
        texts += [page.text for page in generate(SEED + len(texts), 20)]
        size = sum(len(text.encode()) for text in texts)
    return texts


def joined(size: int, gap: str) -> str:
    """Pages, each but the last whole, until they have the size in bytes of UTF-8."""
    text = ""
    for page in page_texts():
        text += gap + page if text else page
        if len(text.encode()) >= size:
            break
    return text.encode()[:size].decode("utf-8", "ignore")


def seconds(text: str, times: int) -> float:
    """The shortest of several runs."""
    document = Document("p.txt", "p.txt", text, "page")
    took = []
    for _ in range(times):
        start = time.perf_counter()
        split_articles(document)
        took.append(time.perf_counter() - start)
    return min(took)


@pytest.mark.benchmark
@pytest.mark.parametrize(("shape", "gap"), [("pages parted by form feeds", "\f"), ("one page", "\n")])
def test_ten_times_the_text_takes_at_most_twelve_times_as_long(
    shape: str, gap: str, capsys: pytest.CaptureFixture[str]
) -> None:
    small, large = joined(SMALL_BYTES, gap), joined(FACTOR * SMALL_BYTES, gap)
    seconds(small, 1)  # whatever is loaded at the first use
    short, long = seconds(small, 3), seconds(large, 2)
    speed = len(large.encode()) / long / 1e6
    with capsys.disabled():
        print(f"\n{shape}: {short:.3f} s for 0.1 MB, {long:.3f} s for 1 MB ({long / short:.1f}×), {speed:.2f} MB/s")
    assert long <= MOST * short
