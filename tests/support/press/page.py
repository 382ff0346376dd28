"""One page from the desk to its damaged text and its gold."""

from dataclasses import dataclass
from random import Random
from typing import Any

from press.articles import Pool
from press.desk import PagePlan, plan_page
from press.extraction import walk
from press.kinds import Order, Profile, Style
from press.layout import lay_out
from press.truth import gold_of
from press.writing import write


@dataclass(frozen=True, slots=True)
class Page:
    """A page's text, its gold, and what the desk planned."""

    name: str
    text: str
    gold: dict[str, Any]
    plan: PagePlan


def print_page(pool: Pool, profile: Profile, seed: int, number: int) -> Page:
    """Make a page: the same for the same pool, profile, seed and number."""
    rng = Random(f"{profile.name} {seed} {number}")
    plan = plan_page(pool, profile, rng)
    boxes = lay_out(plan, rng)
    orders: list[Order] = list(profile.orders)
    styles: list[Style] = list(profile.styles)
    order = rng.choices(orders, list(profile.orders.values()))[0]
    style = rng.choices(styles, list(profile.styles.values()))[0]
    walked = walk(boxes, plan, order, profile, rng)
    text, lines = write(walked, plan, style, rng)
    name = f"{profile.name}-{seed}-{number:03d}"
    return Page(name, text, gold_of(name, text, lines, plan, order, style), plan)
