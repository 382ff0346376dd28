"""Questions on the archive itself, their keys computed from the articles by a script of its own, and the share told exactly.

    wenju index PATH... --index-dir DIR
    wenju articles PATH... --json > articles.jsonl
    PYTHONPATH=. python tests/benchmarks/archive_facts.py articles.jsonl --index-dir DIR [--questions 60] [--seed 16]

Counts, lists by month, day, page, by-line and words, counts by year, the newest and the oldest: what the answer must say
is counted in the lines of `wenju articles --json`, with nothing of the product. A list is read through all its parts, and
must name each article once and no other; a count must be the number.
"""

import argparse
import json
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.engine import Engine, open_engine
from rag.records import Answer

Articles = Sequence[Mapping[str, Any]]
_WORD = re.compile(r"[\u4e00-\u9fff]{3,6}(?=[，。、])")
_COUNT = re.compile(r"共有(\d+)篇")
_YEAR_COUNT = re.compile(r"^(\d{4})年：(\d+)篇", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its key: exactly one of the three is set.

    Args:
        ids: of the articles that a list must name, all of them.
        count: that must be said.
        per_year: year → count, each with its line.
    """

    question: str
    ids: frozenset[str] | None = None
    count: int | None = None
    per_year: Mapping[str, int] | None = None


def make_questions(articles: Articles, count: int, seed: int) -> list[Asked]:
    """Return questions of all kinds in turn, drawn at random from what the articles have."""
    draw = random.Random(seed)
    kinds = list(_kinds(articles, draw))
    made: list[Asked] = []
    while len(made) < count and any(kinds):
        made += [kind.pop(0) for kind in kinds if kind]
    return made[:count]


def _kinds(articles: Articles, draw: random.Random) -> Iterator[list[Asked]]:
    dated = [article for article in articles if article["date"]]
    by_month = sorted({article["date"][:7] for article in dated if len(article["date"]) >= 7})
    by_day = sorted({article["date"] for article in dated if len(article["date"]) == 10})
    years = sorted({article["date"][:4] for article in dated})
    authors = sorted({line.split()[-1] for article in articles for line in article["byline"] if len(line.split()) == 2})
    words = sorted({match for article in articles for match in _WORD.findall(article["text"])})
    for some in (by_month, by_day, authors, words):
        draw.shuffle(some)
    yield [Asked("资料库一共收录了多少篇文章？", count=len(articles)), Asked("每年各有多少篇报道？", per_year=Counter(a["date"][:4] for a in dated))]  # fmt: skip
    yield [Asked(f"{year}年有多少篇报道？", count=len(_of(dated, year))) for year in years]
    yield [Asked(f"{_told(month)}有哪些报道？", _ids(_of(dated, month))) for month in by_month]
    yield [Asked(f"{_told(day)}的报道有哪些？", _ids(_of(dated, day))) for day in by_day]
    yield [Asked(f"{name}写了哪些报道？", _ids(a for a in articles if any(name in line.split() for line in a["byline"]))) for name in authors]  # fmt: skip
    yield [Asked(f"关于{word}的报道有几篇？", count=len(_having(articles, word))) for word in words[::2]]
    yield [Asked(f"列出所有提到{word}的报道", _ids(_having(articles, word))) for word in words[1::2]]
    yield [
        Asked(f"{year}年有多少篇报道提到{word}？", count=len(_having(_of(dated, year), word)))
        for year, word in zip(years, words[::3], strict=False)
    ]


def _told(date: str) -> str:
    """2022-09-01 → 2022年9月1日."""
    return "".join(f"{int(part)}{unit}" for part, unit in zip(date.split("-"), "年月日", strict=False))


def _of(articles: Articles, date: str) -> Articles:
    return [article for article in articles if article["date"] and article["date"].startswith(date)]


def _having(articles: Articles, word: str) -> Articles:
    return [article for article in articles if word in article["text"] or word in (article["title"] or "")]


def _ids(articles: Iterator[Mapping[str, Any]] | Articles) -> frozenset[str]:
    return frozenset(str(article["id"]) for article in articles)


def is_exact(asked: Asked, parts: Sequence[Answer]) -> bool:
    """Whether an answer, all its parts together, says what the key says and nothing beside it."""
    if asked.ids is not None:
        named = [citation.article_id for part in parts for citation in part.citations]
        return len(named) == len(set(named)) and frozenset(named) == asked.ids
    text = parts[0].answer
    if asked.per_year is not None:
        return dict(_YEAR_COUNT.findall(text)) == {year: str(count) for year, count in asked.per_year.items()}
    if text.startswith(("资料库中没有", "没有报道原样印有")):  # the latter goes on with those that have the words apart
        return asked.count == 0
    said = _COUNT.search(text) or re.search(r"收录了(\d+)篇", text)
    return said is not None and int(said[1]) == asked.count


def ask(engine: Engine, question: str) -> tuple[list[Answer], float]:
    """Return the answer and, where it offers another part, all its parts; and the milliseconds of the first."""
    started = time.perf_counter()
    parts = [engine.ask(question)]
    took = (time.perf_counter() - started) * 1000
    while following := [choice for choice in parts[-1].choices if "页）" in choice]:
        parts.append(engine.ask(following[0]))
    return parts, took


def main() -> int:
    """Ask, and print the share that was told exactly with the milliseconds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path, help="lines of wenju articles --json")
    parser.add_argument("--index-dir", required=True)
    parser.add_argument("--questions", type=int, default=60)
    parser.add_argument("--seed", type=int, default=16)
    options = parser.parse_args()
    articles = [json.loads(line) for line in options.articles.read_text("utf-8").splitlines()]
    made = make_questions(articles, options.questions, options.seed)
    times, right = [], 0
    with open_engine(options.index_dir) as engine:
        engine.ask("你好")  # what is read at first use
        for asked in made:
            parts, took = ask(engine, asked.question)
            times.append(took)
            if is_exact(asked, parts):
                right += 1
            else:
                print(f"not exact: {asked.question} → {parts[0].status}: {parts[0].answer[:120]!r}", file=sys.stderr)
    times.sort()
    print(
        f"{right}/{len(made)} = {right / len(made):.3f} exact; p50 {times[len(times) // 2]:.0f} ms, max {times[-1]:.0f} ms"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
