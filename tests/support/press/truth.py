"""The gold of a page, in the form of the hand-made gold, with the kinds of each article as the page shows them."""

from itertools import pairwise
from typing import Any

from press.desk import PagePlan
from press.kinds import Order, Style
from press.newsroom import Story
from press.writing import Written, spans_of

_PLANNED_ONLY = frozenset({"lifted_subhead", "cut_mid", "cut_paragraph", "caption", "long_caption"})
"""Kinds that the page must show before an article is said to have them; captions are no part of an article's text."""


def gold_of(name: str, text: str, lines: list[Written], plan: PagePlan, order: Order, style: Style) -> dict[str, Any]:
    """Return the truth of one page as the scorer of the gold reads it."""
    articles = [_article(number, story, lines) for number, story in enumerate(plan.stories)]
    return {
        "file": f"{name}.txt",
        "kinds": sorted([*plan.kinds, f"order:{order}", f"style:{style}"]),
        "articles": articles,
        "captions": [
            {"span": [w.start, w.end], "text": text[w.start : w.end], "belongs_to": f"a{w.line.story + 1}"}
            for w in lines
            if w.line.role == "caption"
        ],
        "noise": [[w.start, w.end] for w in lines if w.line.role in {"noise", "advert"}],
    }


def _article(number: int, story: Story, lines: list[Written]) -> dict[str, Any]:
    stretches = list(spans_of(lines, number))
    joins = [_join_kind(first, second, lines, story) for first, second in pairwise(stretches)]
    heads = [w for w in lines if w.line.story == number and w.line.role in {"label", "kicker", "headline", "deck"}]
    kinds = (story.kinds - _PLANNED_ONLY) | set(joins) | {_head_place(number, story, lines)}
    return {
        "id": f"a{number + 1}",
        "headline": story.headline,
        "kicker": story.kicker or story.label,
        "deck": story.deck,
        "roles_uncertain": bool(story.kicker or story.deck),
        "subheads": [w.line.text for w in lines if w.line.story == number and w.line.role == "subhead"],
        "spans": [[first.start, last.end] for first, last in stretches],
        "headline_spans": [[w.start, w.end] for w in heads],
        "joins": joins,
        "kind": story.form,
        "kinds": sorted(kinds | ({"caption"} & story.kinds)),
    }


def _join_kind(
    before: tuple[Written, Written], after: tuple[Written, Written], lines: list[Written], story: Story
) -> str:
    """Say what parted two stretches: a lifted heading, a cut, noise between them, or the order of the columns."""
    if any(first is last and first.line.role == "subhead" for first, last in (before, after)):
        return "lifted_subhead"
    if before[1].block != after[0].block:
        return "cut_mid" if "cut_mid" in story.kinds else "cut_paragraph"
    between = [w for w in lines if before[1].end <= w.start and w.end <= after[0].start]
    if between and all(w.line.role == "noise" for w in between):
        return "across_noise"
    return "around_lifted" if "lifted_subhead" in story.kinds else "column_order"


def _head_place(number: int, story: Story, lines: list[Written]) -> str:
    if story.headline is None:
        return "no_head"
    heads = [n for n, w in enumerate(lines) if w.line.story == number and w.line.role == "headline"]
    bodies = [n for n, w in enumerate(lines) if w.line.story == number and w.line.role == "body"]
    near = min(bodies, key=lambda n: abs(n - heads[0]))
    low, high = sorted((near, heads[0]))
    if any(w.line.role == "body" and w.line.story != number for w in lines[low:high]):
        return "far_head"
    if bodies[0] > heads[0]:
        between = lines[heads[-1] + 1 : bodies[0]]
        return "other_head_between" if any(w.line.role == "headline" for w in between) else "head_before"
    return "head_after"
