"""Pages that are damaged in every known way are rebuilt; the damage and the truth about it come from `damage`.

TEST_NEWS names a JSONL(.gz) of other clean articles to make the pages of.
"""

import random
import statistics
from collections import Counter
from functools import cache

import pytest
from composing import TrueArticle
from damage import KINDS, DamagedPage, generate, make_page
from hypothesis import given, settings
from hypothesis import strategies as st
from newsprint import CleanArticle, load_articles
from scoring import GRAM, grams, letters, mean, score_page, squeeze, table

from index.records import Article, Document
from index.segment import split_articles

SEED = 20261122
PAGES = 200
MEDIAN_F1 = 0.97
CLEAN_ARTICLES = 1000


@cache
def articles() -> list[CleanArticle]:
    return load_articles()


@cache
def pages() -> list[DamagedPage]:
    return generate(SEED, PAGES, articles())


def split(text: str) -> list[Article]:
    source = "云汀报_2024-03-12_01版.txt"
    return split_articles(Document(source, source, text, "page"))


@pytest.mark.slow
def test_pages_of_every_kind_of_damage_are_rebuilt(capsys: pytest.CaptureFixture[str]) -> None:
    scores = [score_page(page.articles, split(page.text)) for page in pages()]
    with capsys.disabled():
        print("\n" + table(scores))
    assert statistics.median(score.f1 for score in scores) >= MEDIAN_F1


@pytest.mark.slow
def test_no_character_of_a_generated_page_is_lost() -> None:
    for number, page in enumerate(pages()):
        assert not lost(page.text), f"page {number}"


@pytest.mark.slow
@settings(deadline=None, max_examples=100)
@given(st.integers(0, 2**32), st.sets(st.sampled_from(KINDS)), st.integers(1, 7))
def test_no_character_of_any_page_is_lost_whatever_the_damage(seed: int, kinds: set[str], count: int) -> None:
    rng = random.Random(seed)
    assert not lost(make_page(rng, rng.sample(articles(), min(count, len(articles()))), kinds).text)


def lost(text: str) -> Counter[str]:
    """Characters of a page that are in no article and in no record of a repair."""
    missing = Counter("".join(text.split()))
    for article in split(text):
        beside = [article.title, article.kicker, article.deck, *article.captions, *article.noise]
        beside += [name for name in article.byline if "".join(name.split()) not in "".join(article.text.split())]
        missing -= Counter("".join("".join([article.text, *(part or "" for part in beside)]).split()))
        for fix in article.fixes:
            missing -= Counter("".join(fix.before.split())) - Counter("".join(fix.after.split()))
    return missing


@pytest.mark.slow
def test_clean_articles_pass_through_unchanged_but_for_white_space() -> None:
    changed = []
    for number, article in enumerate(clean_articles(CLEAN_ARTICLES)):
        gap = "\n" if number % 2 else "\n\n"
        text = gap.join([*([article.title] if article.title else []), *article.text.split("\n")])
        found = split(text)
        if (
            "".join("".join((one.title or "") + one.text for one in found).split()) != "".join(text.split())
            or len(found) != 1
            or found[0].title not in (None, article.title)
        ):
            changed.append(text)
    assert changed == [], f"{len(changed)} of {CLEAN_ARTICLES}"


def clean_articles(count: int) -> list[CleanArticle]:
    """The corpus's articles; where they are fewer, others of some of their paragraphs, each with its headline and first one.

    Not of paragraphs of several: such a text is parted where its subject changes.
    """
    rng = random.Random(SEED)
    own = [article for article in articles() if article.title and not article.subheads]
    if len(own) >= count:
        return own[:count]
    chinese = [article for article in own if not article.is_english]
    chinese = [article for article in chinese if article.has_dateline] or chinese
    mixed = []
    for _ in range(count - len(own)):
        head = rng.choice(chinese)
        rest = head.text.split("\n")[1:]
        tail = [rest[number] for number in sorted(rng.sample(range(len(rest)), rng.randint(0, len(rest))))]
        mixed.append(CleanArticle(head.id, "\n".join([head.text.split("\n")[0], *tail]), head.title))
    return own + mixed


def test_a_perfect_segmenter_scores_one_on_every_page() -> None:
    for page in pages():
        score = score_page(page.articles, page.articles)
        assert (score.f1, score.unmatched) == (1.0, 0)
        assert all(article.exact and article.title in (True, None) for article in score.articles)
        assert all(article.order in (1.0, None) for article in score.articles)


def test_no_segmenter_scores_on_a_page_that_it_leaves_whole() -> None:
    found = [score_page(page.articles, [whole(page)]) for page in pages()]
    assert mean([score.f1 for score in found]) < 0.3


def whole(page: DamagedPage) -> TrueArticle:
    return TrueArticle("page", page.text, None, None, None, (), (), (), frozenset())


def test_the_truth_stands_on_its_page_but_where_its_pieces_join() -> None:
    for page in pages():
        printed = grams(page.text)
        for article in page.articles:
            assert (grams(article.text) - printed).total() <= (GRAM - 1) * len(article.joins), article.text


def test_a_page_has_nothing_but_its_articles_and_its_noise() -> None:
    for page in pages():
        known = Counter(letters("".join(page.noise)))
        for article in page.articles:
            twice = [article.title, article.kicker, article.deck, *article.captions]
            known += Counter(letters(article.text + 2 * "".join(part or "" for part in twice)))
        assert not Counter(letters(page.text)) - known


def test_every_kind_of_damage_is_done() -> None:
    done = frozenset().union(*(page.kinds for page in pages()))
    assert [kind for kind in KINDS if kind not in done | CORPUS_SPECIFIC] == []


CORPUS_SPECIFIC = {"subscript", "cut_in_title", "subhead_truncated"}
"""Damage that needs words that a corpus may lack."""


def test_the_same_seed_gives_the_same_page_and_no_damage_gives_a_clean_one() -> None:
    one, other = (generate(3, 2, articles()) for _ in range(2))
    assert one == other
    (clean,) = generate(3, 1, articles(), kinds=())
    assert all(squeeze(article.text) in squeeze(clean.text) for article in clean.articles)
