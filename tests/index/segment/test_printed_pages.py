"""The print shop of tests/support/press: what it says is the truth is on its pages, and its scorer knows it."""

import itertools
import unicodedata
from dataclasses import replace

import pytest
from press.articles import Pool
from press.invented import invented_pool
from press.kinds import CLEAN, HARD, KINDS, USUAL, Kind, Order, Profile, Style
from press.measure import score_page
from press.page import Page, print_page

from index.records import Document
from index.segment import split_articles

_LOSES_CHARACTERS: frozenset[Kind] = frozenset({"gaps", "lost_punctuation", "zero_width", "half_width", "jump_to"})
_HAPPEN_ON_INVENTED_PAGES: frozenset[Kind] = frozenset(KINDS)


@pytest.fixture(scope="module")
def pool() -> Pool:
    return invented_pool(500, 3)


def _printed(text: str) -> str:
    """Fold as the scorer does: kerning spaces, line ends and marks do not count."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if c.isalnum())


def _as_predicted(page: Page) -> list[tuple[str | None, str]]:
    return [(a["headline"], "\n".join(page.text[b:e] for b, e in a["spans"])) for a in page.gold["articles"]]


def _rebuilt(page: Page) -> list[tuple[str | None, str]]:
    document = Document(page.gold["file"], page.gold["file"], page.text, "page")
    return [(a.title, a.text) for a in split_articles(document)]


@pytest.mark.parametrize("profile", [USUAL, HARD, CLEAN], ids=lambda p: p.name)
def test_every_character_of_a_story_is_on_the_page_in_the_golds_spans(profile: Profile, pool: Pool) -> None:
    kept = profile.only(*(k for k in profile.rates if k not in _LOSES_CHARACTERS))
    for number in range(6):
        page = print_page(pool, kept, 5, number)
        for story, article in zip(page.plan.stories, page.gold["articles"], strict=True):
            written = "".join(part.text for block in story.blocks for part in block)
            read = "".join(page.text[b:e] for b, e in article["spans"])
            assert _printed(read) == _printed(written), (page.name, article["id"])


@pytest.mark.parametrize("profile", [USUAL, HARD], ids=lambda p: p.name)
def test_spans_of_different_articles_do_not_overlap(profile: Profile, pool: Pool) -> None:
    for number in range(6):
        page = print_page(pool, profile, 6, number)
        spans = sorted(s for a in page.gold["articles"] for s in [*a["spans"], *a["headline_spans"]])
        spans = sorted([*spans, *page.gold["noise"], *(c["span"] for c in page.gold["captions"])])
        assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))


@pytest.mark.parametrize("profile", [USUAL, HARD], ids=lambda p: p.name)
def test_the_truth_itself_scores_one(profile: Profile, pool: Pool) -> None:
    for number in range(6):
        page = print_page(pool, profile, 7, number)
        for score in score_page(page.text, page.gold, _as_predicted(page)):
            assert score.f1 == pytest.approx(1.0), (page.name, score)
            assert score.title is not False
            assert all(made for _, made in score.joins), (page.name, score)
            assert not score.invented_title


def test_a_page_taken_for_one_article_scores_low(pool: Pool) -> None:
    page = print_page(pool, USUAL, 7, 1)
    scores = score_page(page.text, page.gold, [(None, page.text)])
    assert sum(s.f1 for s in scores) / len(scores) < 0.3
    assert not any(s.title for s in scores)


def test_the_same_seed_prints_the_same_page_and_another_one_another(pool: Pool) -> None:
    first, again, other = (print_page(pool, HARD, seed, 2) for seed in (1, 1, 2))
    assert (first.text, first.gold) == (again.text, again.gold)
    assert first.text != other.text


def test_an_undamaged_page_in_column_order_is_rebuilt_nearly_whole(pool: Pool) -> None:
    scores = [s for n in range(6) for page in [print_page(pool, CLEAN, 8, n)] for s in
              score_page(page.text, page.gold, _rebuilt(page))]  # fmt: skip
    assert sum(s.f1 for s in scores) / len(scores) > 0.97
    assert sum(s.title is True for s in scores) / len(scores) > 0.9


@pytest.mark.parametrize("kind", sorted(_HAPPEN_ON_INVENTED_PAGES))
def test_each_kind_can_be_switched_on_alone_and_shows(kind: Kind, pool: Pool) -> None:
    needs: dict[Kind, tuple[Kind, ...]] = {
        "lifted_subhead": ("subheads",),
        "truncated_subhead": ("subheads",),
        "long_caption": ("caption",),
        "no_head": ("jump_from",),
    }
    rates = dict.fromkeys((kind, *needs.get(kind, ())), 1.0)
    profile = Profile("one", rates, {"threads": 1.0}, {"spaced": 1.0}, (3, 6), 0.3)
    seen: set[str] = set()
    for number in range(6):
        page = print_page(pool, profile, 9, number)
        seen |= set(page.gold["kinds"])
        seen |= {k for story in page.plan.stories for k in story.kinds}
        seen |= {k for a in page.gold["articles"] for k in a["kinds"]}
    assert kind in seen


@pytest.mark.parametrize("order", sorted(HARD.orders))
@pytest.mark.parametrize("style", sorted(HARD.styles))
def test_no_order_and_no_style_loses_a_line(order: Order, style: Style, pool: Pool) -> None:
    profile = replace(CLEAN, name="hard", orders={order: 1.0}, styles={style: 1.0})
    page = print_page(pool, profile, 4, 1)
    for story, article in zip(page.plan.stories, page.gold["articles"], strict=True):
        read = "".join(page.text[b:e] for b, e in article["spans"])
        assert _printed(read) == _printed("".join(part.text for block in story.blocks for part in block))
        head = "".join(page.text[b:e] for b, e in article["headline_spans"])
        assert _printed(story.headline or "") in _printed(head)
