"""Which article each block of a generated page is of, and where in it: what the segmenter's weights are learnt from."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from composing import TrueArticle
from damage import generate
from newsprint import load_articles
from press.articles import Pool
from press.kinds import PROFILES
from press.page import print_page
from scoring import grams, squeeze

from index.read import find_files, read_file
from index.records import Document
from index.segment.block_context import find_blocks, find_formed_blocks
from index.segment.blocks import Block, Page, mend_page
from index.segment.line_cuts import cut_paragraphs

HEAD = 40
"""Characters at a block's ends that tell whose it is, where the page keeps no places."""
SURE = (24, 14, 8)
"""Characters that stand once in an article: the longest that is found tells where a text is from."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a block is from: `first` and `last` count characters of its article in reading order.

    Args:
        last_article: the one that its end is from, where a block is of two.
    """

    article: int
    first: int
    last: int
    last_article: int


@dataclass(frozen=True, slots=True)
class TruePage:
    """A page with its truth.

    Args:
        place: of a block of running text; None of anything else.
        heading: for a heading its article and whether it is a sub-heading; None of what belongs to no article.
        knows_all: whether a block without a place is no running text, rather than not found.
        count: how often the page is learnt from.
    """

    text: str
    place: Callable[[Block], Place | None]
    heading: Callable[[str, Block], tuple[int, bool] | None] | None
    knows_all: bool = True
    count: int = 1

    def blocks(self, *, retold: bool = True) -> list[Block]:
        """Its blocks as the segmenter sees them, or before it is told which headings are running text."""
        page = mend_page(self.text)
        return cut_paragraphs(page, find_blocks(page)) if retold else find_formed_blocks(page)

    def uncut(self) -> tuple[Page, list[Block]]:
        """Its blocks before it is told where a paragraph is cut, and the page that they stand on."""
        page = mend_page(self.text)
        return page, find_blocks(page)


def press_pages(
    pool: Pool, profile: str, seed: int, count: int, *, column_by_column: bool = False
) -> Iterator[TruePage]:
    """Yield pages of the print shop, whose gold has places; all walked down their columns, if asked for."""
    known = PROFILES[profile]
    chosen = replace(known, orders={"columns": 1.0}) if column_by_column else known
    for number in range(count):
        page = print_page(pool, chosen, seed, number)
        yield _placed(page.text, page.gold)


def _placed(text: str, gold: dict[str, Any]) -> TruePage:
    articles = gold["articles"]
    owner, rank = np.full(len(text), -1), np.full(len(text), -1)
    heads = np.full(len(text), -1)
    for number, article in enumerate(articles):
        done = 0
        for start, end in article["spans"]:
            owner[start:end] = number
            rank[start:end] = np.arange(done, done + end - start)
            done += end - start
        for start, end in article["headline_spans"]:
            heads[start:end] = number
    subheads = [{folded(subhead) for subhead in article["subheads"]} for article in articles]

    def place(block: Block) -> Place | None:
        starts = np.array(block.text.starts)
        ((main, _count),) = Counter(owner[starts].tolist()).most_common(1)
        if main < 0:
            return None
        own = rank[starts][owner[starts] == main]
        return Place(main, int(own[0]), int(own[-1]), int(owner[starts][owner[starts] >= 0][-1]))

    def heading(text: str, block: Block) -> tuple[int, bool] | None:
        start = block.text.starts[0]
        if heads[start] >= 0:
            return int(heads[start]), False
        number = int(owner[start])
        return (number, True) if number >= 0 and folded(block.text.text) in subheads[number] else None

    return TruePage(text, place, heading)


def first_pages(seed: int, count: int) -> Iterator[TruePage]:
    """Yield pages of the first generator, whose truth is texts; TEST_NEWS names other articles to make them of."""
    for page in generate(seed, count, load_articles()):
        yield TruePage(page.text, _found([one.text for one in page.articles]), _titled(page.articles), knows_all=False)


def sample_pages(count: int) -> Iterator[TruePage]:
    """Yield the sample's pages with the articles that stand on them.

    Args:
        count: how often each counts: they show what no generated page does, boundaries that only the topic tells.
    """
    sample = resources.files("rag") / "sample"
    truth = json.loads((sample / "truth.json").read_text(encoding="utf-8"))
    with resources.as_file(sample / "pages") as folder:
        for file in find_files([folder])[0]:
            for document in read_file(file):
                if isinstance(document, Document):
                    numbers = re.findall(r"\d+", document.source.rsplit("/", 1)[-1])
                    own = [one for one in truth if re.findall(r"\d+", one["id"])[:4] == numbers[:4]]
                    told = [
                        TrueArticle(
                            one["id"], one["text"], one["title"], one["kicker"], one["deck"], tuple(one["subheads"]),
                            (), (), frozenset(),
                        )
                        for one in own
                    ]  # fmt: skip
                    texts = [one.text for one in told]
                    yield TruePage(document.text, _found(texts), _titled(told), knows_all=False, count=count)


def _found(texts: Sequence[str]) -> Callable[[Block], Place | None]:
    truths = [squeeze(text) for text in texts]

    def find(text: str) -> tuple[int, int] | None:
        shares = [len(grams(text) & grams(truth)) for truth in truths]
        best = max(range(len(truths)), key=lambda number: shares[number], default=0)
        if not truths or shares[best] < min(4, max(1, len(text) - 10)):
            return None
        for size in SURE:
            for start in range(max(1, len(text) - size + 1)):
                if truths[best].count(text[start : start + size]) == 1:
                    return best, truths[best].find(text[start : start + size])
        return None

    def place(block: Block) -> Place | None:
        text = squeeze(block.text.text)
        head, tail = find(text[:HEAD]), find(text[-HEAD:])
        if head is None:
            return None
        last = tail[1] if tail and tail[0] == head[0] else head[1]
        return Place(head[0], head[1], last, tail[0] if tail else -1)

    return place


def _titled(articles: Sequence[TrueArticle]) -> Callable[[str, Block], tuple[int, bool] | None]:
    def heading(text: str, _block: Block) -> tuple[int, bool] | None:
        line = folded(text)
        for number, article in enumerate(articles):
            if len(line) > 1 and line in folded("".join(filter(None, (article.kicker, article.title, article.deck)))):
                return number, False
            if any(folded(subhead).endswith(line) for subhead in article.subheads):
                return number, True
        return None

    return heading


def folded(text: str) -> str:
    """A text without white space, its punctuation in one width."""
    return squeeze(text).translate(str.maketrans("，；：（）？！", ",;:()?!"))


def news_pool(path: Path | None, seed: int) -> Pool:
    """Return the articles of a JSONL(.gz), or invented ones."""
    from press.articles import read_articles
    from press.invented import invented_pool

    return read_articles(path, seed) if path else invented_pool(800, seed)
