"""The order in which an extractor walks a page's boxes."""

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from random import Random

from press.desk import PagePlan
from press.kinds import Order, Profile
from press.layout import Box

_HEAD_ROLES = frozenset({"label", "kicker", "headline", "deck"})
_KEPT_TOGETHER = 0.85
"""Share of headlines whose kicker and deck are walked with them: of ten on the real pages, seven to nine."""


@dataclass(frozen=True, slots=True)
class _Unit:
    """Boxes that no other box comes between: the columns of a thread, a headline with its deck."""

    boxes: tuple[Box, ...]

    @property
    def top(self) -> int:
        return min(b.top for b in self.boxes)

    @property
    def left(self) -> int:
        return min(b.left for b in self.boxes)


def walk(boxes: list[Box], plan: PagePlan, order: Order, profile: Profile, rng: Random) -> list[Box]:
    """Return the boxes as the extractor meets them."""
    if order == "threads":
        units = _threads(boxes, plan, profile, rng)
    elif order == "columns":
        units = [_Unit((b,)) for b in sorted(boxes, key=lambda b: (b.left, b.top))]
    else:
        units = _units(boxes, rng)
        units.sort(key=lambda u: (u.top, u.left))
        if order == "upward":
            units.sort(key=lambda u: -u.top)
        elif order == "random":
            rng.shuffle(units)
        elif order in {"heads_first", "heads_last"}:
            heads = [u for u in units if u.boxes[0].role in _HEAD_ROLES]
            bodies = [u for u in units if u.boxes[0].role not in _HEAD_ROLES]
            if rng.random() < 0.3:
                heads.reverse()
            units = heads + bodies if order == "heads_first" else bodies + heads
    return [box for unit in units for box in unit.boxes]


def _units(boxes: list[Box], rng: Random) -> list[_Unit]:
    """Bind columns to threads, and most kickers and decks to their headlines."""
    bound: dict[tuple[int, str, int], list[Box]] = defaultdict(list)
    together: dict[int, bool] = {}
    for number, box in enumerate(boxes):
        key: tuple[int, str, int]
        if box.role in _HEAD_ROLES:
            tied = together.setdefault(box.story, rng.random() < _KEPT_TOGETHER)
            key = (box.story, "head" if tied or box.role == "label" else box.role, 0)
        elif box.role in {"body", "subhead"}:
            key = (box.story, box.role, box.block)
        else:
            key = (box.story, box.role, number)
        bound[key].append(box)
    return [_Unit(tuple(b)) for b in bound.values()]


def _threads(boxes: list[Box], plan: PagePlan, profile: Profile, rng: Random) -> list[_Unit]:
    """Walk story by story, roughly in the order of the page, with what strays from each."""
    units = _units(boxes, rng)
    own: dict[int, list[_Unit]] = defaultdict(list)
    for unit in units:
        own[unit.boxes[0].story].append(unit)
    if profile.name == "clean":
        return [u for n in own for u in own[n]]
    numbers = [n for n in own if n >= 0]
    places = {n: i + rng.gauss(0, 1.2) for i, n in enumerate(numbers)}
    numbers.sort(key=places.__getitem__)
    reversed_pair = _reversed_pair(numbers, plan, rng) if "reversed_heads" in plan.kinds else set[int]()
    walked, far, waiting = list[_Unit](), list[_Unit](), list[_Unit]()
    for number in numbers:
        heads = [u for u in own[number] if u.boxes[0].role in _HEAD_ROLES]
        before, after = list[_Unit](), list[_Unit]()
        if number in reversed_pair:
            waiting = heads + waiting
        else:
            for together in [[u] for u in heads] if rng.random() > 0.5 else [heads]:
                _put(together, before, after, far, profile, rng)
        rest = [u for u in own[number] if u.boxes[0].role not in _HEAD_ROLES]
        for unit in rest:
            box = unit.boxes[0]
            if box.role == "body" and box.block == 0:
                continue
            _stray(unit, before, after, far, rng)
        walked += before + [u for u in rest if u.boxes[0].role == "body" and u.boxes[0].block == 0] + after
        if number in reversed_pair and len([b for b in waiting if b.boxes[0].role == "headline"]) > 1:
            walked, waiting = walked + waiting, []
    walked += waiting
    for unit in far + own.get(-1, []):
        walked.insert(_far_place(unit, len(walked), rng), unit)
    return walked


def _put(
    units: list[_Unit],
    before: list[_Unit],
    after: list[_Unit],
    far: list[_Unit],
    profile: Profile,
    rng: Random,
) -> None:
    """Put headlines before their body, after it, or elsewhere."""
    if profile.happens("far_head", rng):
        far.extend(units)
    elif profile.happens("head_after", rng):
        after.extend(units)
    else:
        before.extend(units)


def _stray(unit: _Unit, before: list[_Unit], after: list[_Unit], far: list[_Unit], rng: Random) -> None:
    """Put a caption, jump line, lifted heading or second text block where such a thing is met."""
    role, draw = unit.boxes[0].role, rng.random()
    if role == "body":
        far.append(unit)
    elif role == "jump":
        (before if draw < 0.45 else after if draw < 0.9 else far).append(unit)
    elif role == "subhead":
        (before if draw < 0.4 else after if draw < 0.75 else far).append(unit)
    else:
        (before if draw < 0.15 else after if draw < 0.55 else far).append(unit)


def _far_place(unit: _Unit, end: int, rng: Random) -> int:
    draw = rng.random()
    if unit.boxes[0].role in _HEAD_ROLES:
        return rng.randint(0, min(2, end)) if draw < 0.5 else end if draw < 0.7 else rng.randint(0, end)
    return end if draw < 0.4 else rng.randint(0, end)


def _reversed_pair(numbers: list[int], plan: PagePlan, rng: Random) -> set[int]:
    """Choose two neighbouring stories whose headlines stand after both bodies, the second's first."""
    pairs = [p for p in pairwise(numbers) if all(plan.stories[n].headline for n in p)]
    return set(rng.choice(pairs)) if pairs else set()
