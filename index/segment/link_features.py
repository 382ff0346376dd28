"""What is known of a page's runs, and the features of each one going on from each other one.

The features' names are those of the learnt weights in index.segment.linking; what a feature says is in its code.
"""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.segment.blocks import Block, takes_up
from index.segment.roles import byline_of
from index.segment.runs import Run, text_of
from index.segment.topic_similarity import Floats, TopicSimilarity

PLAIN_GROUP_SIMILARITY = 0.2
"""Cohesion of what belongs together is 0.15-0.6 on real pages; below, the best group says little."""
NOTICE_WORDS = 2
_SERVICE = re.compile(
    r"咨询|电话|敬请|请[\u4e00-\u9fff]{0,6}(?:绕行|相互转告|携带|提前)|地点|地址|办理|逾期|届时|闭馆|停水|停电|招生|报名|查询|播出|收看|公告|通告|时间为|作息|免费参加"
)
PLAIN_CHANGE = 4.0
"""A column that is wider or narrower by so many Han characters is another frame."""


@dataclass(frozen=True, slots=True)
class PageRuns:
    """What is known of a page's runs before they are linked.

    Args:
        texts: of the runs.
        groups: runs printed one after the other.
        group_of: the group of each run.
        is_open: whether the last sentence of each goes on somewhere else.
        begun_above: for each the last one above it that begins an article by its own word.
        group_similarity, lead: (runs, groups), how much each speaks of the same as a group, by itself and beside the others.
    """

    blocks: Sequence[Block]
    runs: Sequence[Run]
    texts: Sequence[str]
    topics: TopicSimilarity
    groups: Sequence[Sequence[int]]
    group_of: Sequence[int]
    is_open: Sequence[bool]
    begun_above: Sequence[int | None]
    group_similarity: Floats
    lead: Floats

    def ends_group(self, row: int) -> bool:
        """Whether a run is the last one of its group."""
        return row == self.groups[self.group_of[row]][-1]


def measure_page(blocks: Sequence[Block], runs: Sequence[Run]) -> PageRuns:
    """Return what the options are scored by."""
    texts = [text_of(blocks, run) for run in runs]
    topics = TopicSimilarity(texts)
    groups = _groups(runs)
    group_similarity = topics.group_similarities(groups)
    begun = [row if run.is_fresh else -1 for row, run in enumerate(runs)]
    above = [-1, *itertools.accumulate(begun, max)]
    return PageRuns(
        blocks,
        runs,
        texts,
        topics,
        groups,
        group_of=[number for number, group in enumerate(groups) for _row in group],
        is_open=[blocks[run.places[-1]].is_open for run in runs],
        begun_above=[row if row >= 0 else None for row in above[:-1]],
        group_similarity=group_similarity,
        lead=_lead_over_others(group_similarity),
    )


def _lead_over_others(group_similarity: Floats) -> Floats:
    """Return (runs, groups): by how much a run is closer to a group than to its closest other one, -1 to 1."""
    ranked = np.sort(np.pad(group_similarity, ((0, 0), (1, 0))), axis=1)  # 0 where there is no other
    closest, next_closest = ranked[:, -1:], ranked[:, -2:-1]
    others = np.where(group_similarity == closest, next_closest, closest)
    return (group_similarity - others) / (group_similarity + others + 0.1)


def _groups(runs: Sequence[Run]) -> list[list[int]]:
    """Runs printed one after the other, up to the next plain mark of an article's end or beginning."""
    groups: list[list[int]] = []
    for row, run in enumerate(runs):
        parted = run.has_doubled or run.continuation_lines or run.column_change > PLAIN_CHANGE
        if run.is_fresh or not groups or parted or runs[row - 1].is_signed:
            groups.append([])
        groups[-1].append(row)
    return groups


def own_features(seen: PageRuns, row: int) -> dict[str, float]:
    """Return the features of a run that may begin an article."""
    run, text, begun = seen.runs[row], seen.texts[row], seen.begun_above[row]
    above = "" if begun is None else seen.blocks[seen.runs[begun].places[0]].text.text
    head = seen.blocks[run.places[0]]
    is_parted = _is_parted(run)
    return {
        "own": 1.0,
        "own first": float(row == 0),
        "own continuation line": float(_comes_from_elsewhere(seen, row)),
        "own signed": float(run.is_signed and is_parted),
        "own signed, plain": float(run.is_signed and not is_parted),
        "own signed, later": float(run.is_signed and not is_parted and _is_parted_above(seen, row)),
        "own notice": float(len(set(_SERVICE.findall(text))) >= NOTICE_WORDS),
        "own size": min(len(text), 800) / 400,
        "own banner": float(run.has_banner),
        "own signed, bylined before": float(run.is_signed and bool(byline_of(above))),
        "own lines": float(min(len(run.headings), 4)),
        "own apart": 1.0 - min(1.0, float(seen.group_similarity[row].max()) / PLAIN_GROUP_SIMILARITY),
        "own column": min(run.column_change, 8.0),
        "own resumes": float(head.first_line == "full"),
        "own indented": float(head.first_line == "indented"),
    }


def _is_parted_above(seen: PageRuns, row: int) -> bool:
    """Whether an article may rather have begun further up, since the last one that begins by its own word."""
    begun = seen.begun_above[row]
    return any(_is_parted(other) for other in seen.runs[0 if begun is None else begun + 1 : row])


def _comes_from_elsewhere(seen: PageRuns, row: int) -> bool:
    """Whether a line 上接01版 is printed right above a run, or under the text that begins with it."""
    run = seen.runs[row]
    after = next(
        (other for other in seen.runs[row + 1 :] if other.is_fresh or other.continuation_lines or other.has_doubled),
        None,
    )
    is_parted = row == 0 or _is_parted(run)
    places = [*run.continuation_lines, *(after.continuation_lines if after and after.is_fresh and is_parted else ())]
    return any("上" in seen.blocks[place].text.text[:4] for place in places)


def _is_parted(run: Run) -> bool:
    """Whether anything printed stands between a run and the one before it."""
    between = run.headings or run.continuation_lines or run.has_captions or run.has_banner
    return bool(between) or run.column_change > PLAIN_CHANGE


def link_features(seen: PageRuns, before: int, row: int) -> dict[str, float]:
    """Return the features of a run that may go on from another one; what is not named is 0."""
    group = seen.group_of[before]
    return {
        **(_near_features(seen, row) if before == row - 1 else _far_features(seen, before, row)),
        "signed": float(seen.runs[before].is_signed),
        **_seam_features(seen, before, row),
        "lead": float(seen.lead[row, group]),
        "group similarity": min(1.0, float(seen.group_similarity[row, group]) / PLAIN_GROUP_SIMILARITY),
    }


def _near_features(seen: PageRuns, row: int) -> dict[str, float]:
    """What is printed between a run and the one right above it."""
    run = seen.runs[row]
    return {
        "near": 1.0,
        "near, plain": float(not _is_parted(run)),
        "near, captions": float(run.has_captions),
        "near, banner": float(run.has_banner),
        "near, heading": float(len(run.headings) == 1 and not run.has_doubled),
        "near, headings": float(len(run.headings) > 1 and not run.has_doubled),
        "near, doubled": float(run.has_doubled),
        "near, headline": _headline_above(seen, row),
        "near, titled": _title_elsewhere(seen, row) if run.headings else 0.0,
        "near, continuation line": float(bool(run.continuation_lines)),
        "near, column": min(run.column_change, 8.0),
    }


def _far_features(seen: PageRuns, before: int, row: int) -> dict[str, float]:
    return {
        "far": 1.0,
        "far, between": min(abs(row - before), 10) / 10,
        "backwards": float(before > row),
        "inside": float(not seen.ends_group(before)),
    }


def _seam_features(seen: PageRuns, before: int, row: int) -> dict[str, float]:
    """Whether the sentence that ends a run goes on at the beginning of another one."""
    run = seen.runs[row]
    tail, head = seen.blocks[seen.runs[before].places[-1]], seen.blocks[run.places[0]]
    first_line = head.first_line
    if not seen.is_open[before]:
        return {"closed, full": float(first_line == "full")}
    taken_up = takes_up(tail.text.text, head.text.text)
    near = before == row - 1
    return {
        "open, closes": float(taken_up == 3.0),
        "open, taken up": float(taken_up == 2.0),
        "open, full": float(first_line == "full"),
        "open, indented": float(first_line == "indented"),
        "open, heading": float(near and bool(run.headings)),
        "open, begins": float(taken_up < 0),
        "open, near": float(near),
        "open, far": float(not near),
    }


def _title_elsewhere(seen: PageRuns, row: int) -> float:
    """How much the best heading printed elsewhere speaks of the article above, 0 to 1: it then needs no other."""
    begun = seen.begun_above[row]
    if begun is None:
        return 0.0
    elsewhere = (*seen.runs[: begun + 1], *seen.runs[row + 1 :])
    headings = [seen.blocks[place].text.text for other in elsewhere for place in other.headings]
    return max((float(seen.topics.similarities(heading)[begun]) for heading in headings), default=0.0)


def _headline_above(seen: PageRuns, row: int) -> float:
    """How much more the headings over a run speak of the article printed above than of the run, 0 to 1."""
    begun = seen.begun_above[row]
    if begun is None:
        return 0.0
    shares = [seen.topics.similarities(seen.blocks[place].text.text) for place in seen.runs[row].headings]
    return max((max(0.0, float(share[begun] - share[row])) for share in shares), default=0.0)
