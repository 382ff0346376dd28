"""benchmarks.archive_facts over the sample: its keys are computed without the product, and the product says them."""

from pathlib import Path
from typing import Any

import msgspec

from benchmarks.archive_facts import ask, is_exact, make_questions
from index.build import read_articles
from index.records import Article
from rag.cli.render import article_json
from rag.config import Settings
from rag.engine import Engine


def articles_of(pages: Path) -> list[dict[str, Any]]:
    """As wenju articles --json has them."""
    read = [article for article in read_articles([pages]) if isinstance(article, Article)]
    return [msgspec.json.decode(article_json(article)) for article in read]


def test_the_sample_is_told_exactly(base: Settings, sample_pages: Path) -> None:
    articles = articles_of(sample_pages)
    asked = make_questions(articles, 60, 16)
    assert len(asked) == 60
    with Engine(base) as engine:
        wrong = [one.question for one in asked if not is_exact(one, ask(engine, one.question)[0])]
    assert len(wrong) <= 3, wrong


def test_a_list_that_lacks_an_article_or_names_another_is_not_exact(base: Settings, sample_pages: Path) -> None:
    articles = articles_of(sample_pages)
    listed = next(one for one in make_questions(articles, 60, 16) if one.ids and len(one.ids) > 1)
    with Engine(base) as engine:
        parts, _took = ask(engine, listed.question)
    assert is_exact(listed, parts)
    assert listed.ids is not None
    fewer, more = listed.ids - {min(listed.ids)}, listed.ids | {"another"}
    assert not is_exact(type(listed)(listed.question, fewer), parts)
    assert not is_exact(type(listed)(listed.question, more), parts)
