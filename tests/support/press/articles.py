"""Clean articles of a JSONL(.gz) file, and which of them are alike."""

import gzip
import json
import re
from dataclasses import dataclass
from pathlib import Path
from random import Random

_SOURCE_HEAD = re.compile(
    r"^(?:原标题：[^。]{0,60}?(?=记者|本报|日前|近日)|[^，。]{0,20}?\d{1,2}\s?月\s?\d{1,2}\s?日[电讯]?\s{0,2}[（(][^）)]{1,40}[）)]"
    r"|[^，。（(]{0,16}[电讯]\s{0,2}[（(][^）)]{1,40}[）)]|IT之家.{0,12}消息，|(?:\w{2,9}讯|记者)\s(?:[\u4e00-\u9fff]{2,3}\s){0,4})"
)
_SOURCE_TAIL = re.compile(
    r"(?:[（(](?:完|记者|编辑|责任编辑|特稿|来源)[^）)]{0,40}[）)]|[^。！？”]{0,60}(?:记者|通讯员)[^。！？”]{0,40})$"
)
_FURNITURE = re.compile(
    r"原标题|小标题|责任编辑|责编|编辑[：:]|更多精彩|来源[：:]|之家|搜狐|广告|微信|客户端|版权|转载|截图|图源|供图|摄[）)。]|\s摄|日[讯电][（(]|时刻|本文|点击|扫码|财经频道|"
    r"[一二三]审|作者[：:]|记者[：:]|[（(][^）)]{0,20}记者|本报讯|↑|【|▲|[\u3040-\u30ff]|https?|www"
)
_WELL_BEGUN = re.compile(r"^(?!.{0,12}记者\s|记者(?!从|获悉|在|了解|近日|今日|日前|\d))[\u4e00-\u9fff“《0-9]")
_TOLD_PARAGRAPH = re.compile(r"(?<=[。！？”])\s+")
_SENTENCE = re.compile(r"(?>[^。！？]*)[。！？]+[”’）]*|[^。！？]+$")
_SENTENCE_ENDS = frozenset("。！？”")
_PARAGRAPH_CHARACTERS = (60, 210)
NEAR_DUPLICATE = 0.35
"""Jaccard of character bigrams from which two articles are one report twice; measured news reach .2 when merely alike."""


@dataclass(frozen=True, slots=True)
class CleanArticle:
    """An article before the newsroom: `title` is "" where the source has none."""

    title: str
    paragraphs: tuple[str, ...]

    @property
    def text(self) -> str:
        """Its paragraphs without anything between."""
        return "".join(self.paragraphs)


def sentences(text: str) -> list[str]:
    """Cut a text after its full stops; closing quotes stay with their sentence."""
    return [s for s in (m.group().strip() for m in _SENTENCE.finditer(text)) if s]


def paragraphs_of(text: str, rng: Random) -> tuple[str, ...]:
    """Cut a text without newlines where the source's white space tells, else into paragraphs of usual length."""
    told = [p for p in _TOLD_PARAGRAPH.split(text) if p]
    if len(told) > 2:
        return tuple(told)
    found, room = [""], rng.randint(*_PARAGRAPH_CHARACTERS)
    for sentence in sentences(text):
        if found[-1] and len(found[-1]) + len(sentence) > room:
            found.append("")
            room = rng.randint(*_PARAGRAPH_CHARACTERS)
        found[-1] += sentence
    return tuple(p for p in found if p)


class Pool:
    """Articles to fill pages with."""

    def __init__(self, articles: list[CleanArticle]) -> None:
        self.articles = articles
        self._grams: dict[int, frozenset[str]] = {}

    def grams(self, number: int) -> frozenset[str]:
        """Character bigrams of an article's first 400 characters."""
        if number not in self._grams:
            text = self.articles[number].text[:400]
            self._grams[number] = frozenset(text[i : i + 2] for i in range(len(text) - 1) if text[i : i + 2].isalpha())
        return self._grams[number]

    def likeness(self, a: int, b: int) -> float:
        """Jaccard of their bigrams."""
        left, right = self.grams(a), self.grams(b)
        return len(left & right) / max(1, len(left | right))

    def draw(self, taken: list[int], rng: Random, alike: int | None, tries: int) -> int:
        """Return an article that repeats none of those taken: any one, or of `tries` the one most like `alike`."""
        for _ in range(50):
            numbers = [rng.randrange(len(self.articles)) for _ in range(tries if alike is not None else 1)]
            if alike is not None:
                numbers.sort(key=lambda n: -self.likeness(n, alike))
            for number in numbers:
                if all(number != t and self.likeness(number, t) < NEAR_DUPLICATE for t in taken):
                    return number
        raise ValueError(f"{len(self.articles)} articles are too few or too alike for a page of {len(taken) + 1}")


def read_articles(path: Path, seed: int, at_most: int = 20_000) -> Pool:
    """Read articles of 200 characters and more, one a line, their agencies' heads and tails cut off.

    An article with a web site's furniture in it is left out: a printed page has none, and its gold would be wrong.
    """
    rng, found = Random(seed), list[CleanArticle]()
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            text = str(record["text"]).strip()
            text = text[:-150] + _SOURCE_TAIL.sub("", text[-150:]).strip()
            text = _SOURCE_HEAD.sub("", text, count=1).strip()
            sound = text[-1:] in _SENTENCE_ENDS and _WELL_BEGUN.match(text) and not _FURNITURE.search(text)
            if sound and len(text) >= 200 and len(found) < at_most:
                found.append(CleanArticle(str(record.get("title") or ""), paragraphs_of(text, rng)))
    return Pool(found)
