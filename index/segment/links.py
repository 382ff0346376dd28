"""Which stretch goes on from which: bodies that were cut in two find their rest, all at once.

Every stretch either begins an article or goes on from the end of another one, and every end goes on in one stretch
at most. The options are scored by how the page was printed and by what the texts are about; the weights were learnt on
generated pages (tests/learn_links.py), and the assignment with the greatest total wins.
"""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.segment.pieces import Piece, takes_up
from index.segment.roles import byline_of
from index.segment.stretches import Stretch, text_of
from index.segment.topic import Floats, Topics, assign

PLAIN_COHESION = 0.2
"""Cohesion of what belongs together is 0.15-0.6 on real pages; below, the best group says little."""
NOTICE_WORDS = 2
_SERVICE = re.compile(
    r"咨询|电话|敬请|请[\u4e00-\u9fff]{0,6}(?:绕行|相互转告|携带|提前)|地点|地址|办理|逾期|届时|闭馆|停水|停电|招生|报名|查询|播出|收看|公告|通告|时间为|作息|免费参加"
)
PLAIN_CHANGE = 4.0
"""A column that is wider or narrower by so many Han characters is another frame."""

WEIGHTS = {
    "backwards": -4.15,
    "closed, full": 0.42,
    "cohesion": 1.63,
    "far": -1.05,
    "far, between": -3.55,
    "inside": -0.88,
    "lead": 1.51,
    "near": 1.16,
    "near, banner": -3.94,
    "near, captions": -1.14,
    "near, column": -0.11,
    "near, doubled": -2.64,
    "near, heading": 0.41,
    "near, headings": -0.97,
    "near, headline": -5.21,
    "near, jump": -2.44,
    "near, plain": 0.38,
    "near, titled": -0.51,
    "open, begins": -0.98,
    "open, closes": 0.8,
    "open, far": 2.08,
    "open, full": 0.07,
    "open, heading": -2.08,
    "open, indented": -1.01,
    "open, near": 2.08,
    "open, taken up": 1.44,
    "own": -0.11,
    "own apart": 1.0,
    "own banner": -0.72,
    "own column": 0.16,
    "own first": 1.05,
    "own indented": -0.98,
    "own jump": 1.6,
    "own lines": 0.14,
    "own notice": 1.2,
    "own resumes": -0.49,
    "own signed": 1.43,
    "own signed, bylined before": 0.68,
    "own signed, later": 0.34,
    "own signed, plain": 1.39,
    "own size": 0.54,
    "signed": -3.36,
}


@dataclass(frozen=True, slots=True)
class Link:
    """How a stretch was understood.

    Args:
        after: the stretch it goes on from; None where it begins an article.
        score: of this option.
        margin: by how much the next best option scores less; how sure this is.
    """

    after: int | None
    score: float
    margin: float


@dataclass(frozen=True, slots=True)
class Print:
    """What is known of a page's stretches before they are linked.

    Args:
        texts: of the stretches.
        groups: stretches printed one after the other.
        group_of: the group of each stretch.
        is_open: whether the last sentence of each goes on somewhere else.
        begun_above: for each the last one above it that begins an article by its own word.
        cohesion, lead: (stretches, groups), how much each speaks of the same as a group, by itself and beside the others.
    """

    pieces: Sequence[Piece]
    stretches: Sequence[Stretch]
    texts: Sequence[str]
    topics: Topics
    groups: Sequence[Sequence[int]]
    group_of: Sequence[int]
    is_open: Sequence[bool]
    begun_above: Sequence[int | None]
    cohesion: Floats
    lead: Floats

    def ends_group(self, row: int) -> bool:
        """Whether a stretch is the last one of its group."""
        return row == self.groups[self.group_of[row]][-1]


def look_at(pieces: Sequence[Piece], stretches: Sequence[Stretch]) -> Print:
    """Return what the options are scored by."""
    texts = [text_of(pieces, stretch) for stretch in stretches]
    topics = Topics(texts)
    groups = _groups(stretches)
    cohesion = topics.cohesion(groups)
    begun = [row if stretch.is_fresh else -1 for row, stretch in enumerate(stretches)]
    above = [-1, *itertools.accumulate(begun, max)]
    return Print(
        pieces,
        stretches,
        texts,
        topics,
        groups,
        group_of=[number for number, group in enumerate(groups) for _row in group],
        is_open=[pieces[stretch.places[-1]].is_open for stretch in stretches],
        begun_above=[row if row >= 0 else None for row in above[:-1]],
        cohesion=cohesion,
        lead=_lead_over_others(cohesion),
    )


def link_stretches(pieces: Sequence[Piece], stretches: Sequence[Stretch]) -> list[Link]:
    """Tell for each stretch which one it goes on from, all at once."""
    if not stretches:
        return []
    seen = look_at(pieces, stretches)
    count = len(stretches)
    # Text goes on elsewhere than below itself only where its sentence is open, or something plainly ends its group.
    may_go_on = [before for before in range(count) if seen.is_open[before] or seen.ends_group(before)]
    scores = np.full((count, 2 * count), -1e3)
    for row, stretch in enumerate(stretches):
        if stretch.is_fresh:
            scores[row, count + row] = 0.0
            continue
        scores[row, count + row] = _weighted(own_features(seen, row))
        for before in {row - 1, *may_go_on} - {row, -1}:
            scores[row, before] = _weighted(link_features(seen, before, row))
    links = []
    for row, column in enumerate(assign(scores)):
        margin = float(scores[row, column] - np.delete(scores[row], column).max())
        links.append(Link(column if column < count else None, float(scores[row, column]), margin))
    return _without_cycles(links)


def _weighted(features: dict[str, float]) -> float:
    return sum(WEIGHTS.get(name, 0.0) * value for name, value in features.items() if value)


def own_features(seen: Print, row: int) -> dict[str, float]:
    """Return what speaks for and against a stretch beginning an article."""
    stretch, text, begun = seen.stretches[row], seen.texts[row], seen.begun_above[row]
    above = "" if begun is None else seen.pieces[seen.stretches[begun].places[0]].text.text
    head = seen.pieces[stretch.places[0]]
    is_parted = _is_parted(stretch)
    return {
        "own": 1.0,
        "own first": float(row == 0),
        "own jump": float(_comes_from_elsewhere(seen, row)),
        "own signed": float(stretch.is_signed and is_parted),
        "own signed, plain": float(stretch.is_signed and not is_parted),
        "own signed, later": float(stretch.is_signed and not is_parted and _is_parted_above(seen, row)),
        "own notice": float(len(set(_SERVICE.findall(text))) >= NOTICE_WORDS),
        "own size": min(len(text), 800) / 400,
        "own banner": float(stretch.has_banner),
        "own signed, bylined before": float(stretch.is_signed and bool(byline_of(above))),
        "own lines": float(min(len(stretch.headings), 4)),
        "own apart": 1.0 - min(1.0, float(seen.cohesion[row].max()) / PLAIN_COHESION),
        "own column": min(stretch.column_change, 8.0),
        "own resumes": float(head.first_line == "full"),
        "own indented": float(head.first_line == "indented"),
    }


def _is_parted_above(seen: Print, row: int) -> bool:
    """Whether an article may rather have begun further up, since the last one that begins by its own word."""
    begun = seen.begun_above[row]
    return any(_is_parted(other) for other in seen.stretches[0 if begun is None else begun + 1 : row])


def _comes_from_elsewhere(seen: Print, row: int) -> bool:
    """Whether a line 上接01版 is printed right above a stretch, or under the text that begins with it."""
    stretch = seen.stretches[row]
    after = next(
        (other for other in seen.stretches[row + 1 :] if other.is_fresh or other.jumps or other.has_doubled), None
    )
    is_parted = row == 0 or _is_parted(stretch)
    places = [*stretch.jumps, *(after.jumps if after and after.is_fresh and is_parted else ())]
    return any("上" in seen.pieces[place].text.text[:4] for place in places)


def _is_parted(stretch: Stretch) -> bool:
    """Whether anything printed stands between a stretch and the one before it."""
    between = stretch.headings or stretch.jumps or stretch.has_captions or stretch.has_banner
    return bool(between) or stretch.column_change > PLAIN_CHANGE


def link_features(seen: Print, before: int, row: int) -> dict[str, float]:
    """Return what speaks for and against a stretch going on from another one."""
    stretch, other = seen.stretches[row], seen.stretches[before]
    tail, head = seen.pieces[other.places[-1]], seen.pieces[stretch.places[0]]
    group, is_open = seen.group_of[before], seen.is_open[before]
    taken_up = takes_up(tail.text.text, head.text.text) if is_open else 0.0
    near = before == row - 1
    return {
        "near": float(near),
        "near, plain": float(near and not _is_parted(stretch)),
        "near, captions": float(near and stretch.has_captions),
        "near, banner": float(near and stretch.has_banner),
        "near, heading": float(near and len(stretch.headings) == 1 and not stretch.has_doubled),
        "near, headings": float(near and len(stretch.headings) > 1 and not stretch.has_doubled),
        "near, doubled": float(near and stretch.has_doubled),
        "near, headline": _headline_above(seen, row) if near else 0.0,
        "near, titled": _title_elsewhere(seen, row) if near and stretch.headings else 0.0,
        "near, jump": float(near and bool(stretch.jumps)),
        "near, column": near * min(stretch.column_change, 8.0),
        "far": 0.0 if near else 1.0,
        "far, between": 0.0 if near else min(abs(row - before), 10) / 10,
        "backwards": float(before > row),
        "inside": float(not near and not seen.ends_group(before)),
        "signed": float(other.is_signed),
        "open, closes": float(is_open and taken_up == 3.0),
        "open, taken up": float(is_open and taken_up == 2.0),
        "open, full": float(is_open and head.first_line == "full"),
        "open, indented": float(is_open and head.first_line == "indented"),
        "open, heading": float(is_open and near and bool(stretch.headings)),
        "closed, full": float(not is_open and head.first_line == "full"),
        "open, begins": float(is_open and taken_up < 0),
        "open, near": float(is_open and near),
        "open, far": float(is_open and not near),
        "lead": float(seen.lead[row, group]),
        "cohesion": min(1.0, float(seen.cohesion[row, group]) / PLAIN_COHESION),
    }


def _title_elsewhere(seen: Print, row: int) -> float:
    """How much the best heading printed elsewhere speaks of the article above, 0 to 1: it then needs no other."""
    begun = seen.begun_above[row]
    if begun is None:
        return 0.0
    elsewhere = (*seen.stretches[: begun + 1], *seen.stretches[row + 1 :])
    headings = [seen.pieces[place].text.text for other in elsewhere for place in other.headings]
    return max((float(seen.topics.affinities(heading)[begun]) for heading in headings), default=0.0)


def _headline_above(seen: Print, row: int) -> float:
    """How much more the headings over a stretch speak of the article printed above than of the stretch, 0 to 1."""
    begun = seen.begun_above[row]
    if begun is None:
        return 0.0
    shares = [seen.topics.affinities(seen.pieces[place].text.text) for place in seen.stretches[row].headings]
    return max((max(0.0, float(share[begun] - share[row])) for share in shares), default=0.0)


def _lead_over_others(cohesion: Floats) -> Floats:
    """Return (stretches, groups): by how much a stretch is closer to a group than to its closest other one, -1 to 1."""
    lead = np.zeros_like(cohesion)
    for column in range(cohesion.shape[1]):
        others = np.delete(cohesion, column, axis=1).max(axis=1, initial=0.0)
        lead[:, column] = (cohesion[:, column] - others) / (cohesion[:, column] + others + 0.1)
    return lead


def _groups(stretches: Sequence[Stretch]) -> list[list[int]]:
    """Stretches printed one after the other, up to the next plain mark of an article's end or beginning."""
    groups: list[list[int]] = []
    for row, stretch in enumerate(stretches):
        parted = stretch.has_doubled or stretch.jumps or stretch.column_change > PLAIN_CHANGE
        if stretch.is_fresh or not groups or parted or stretches[row - 1].is_signed:
            groups.append([])
        groups[-1].append(row)
    return groups


def _without_cycles(links: Sequence[Link]) -> list[Link]:
    """Open a ring of stretches that go on from each other at its first one in print."""
    kept = list(links)
    for start in range(len(kept)):
        seen = {start}
        place = kept[start].after
        while place is not None and place not in seen:
            seen.add(place)
            place = kept[place].after
        if place == start:
            first = min(seen)
            kept[first] = Link(None, kept[first].score, 0.0)
    return kept


def chain(links: Sequence[Link]) -> list[list[int]]:
    """Return the articles as stretches in reading order, the articles in the order in which they begin."""
    successors = {link.after: row for row, link in enumerate(links) if link.after is not None}
    chains = []
    for row, link in enumerate(links):
        if link.after is None:
            run = [row]
            while run[-1] in successors:
                run.append(successors[run[-1]])
            chains.append(run)
    return chains
