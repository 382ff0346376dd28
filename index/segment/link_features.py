"""The features of a page's runs: of each one beginning an article, or going on from each other one."""

import re
from collections.abc import Sequence

import numpy as np

from index.repair.hard_wraps import MIN_COLUMN, UNWRAPPED
from index.segment.blocks import Block, takes_up
from index.segment.going_on import NOWHERE
from index.segment.page_runs import PLAIN_CHANGE, PageRuns
from index.segment.roles import byline_of
from index.segment.runs import Run
from index.segment.topic_similarity import Floats, best_of_others

_SERVICE = re.compile(
    r"咨询|电话|敬请|请[\u4e00-\u9fff]{0,6}(?:绕行|相互转告|携带|提前)|地点|地址|办理|逾期|届时|闭馆|停水|停电|招生|报名|查询|播出|收看|公告|通告|时间为|作息|免费参加"
)
OWN_FEATURES = (
    "own",
    "first",
    "comes from elsewhere",
    "signed, parted",
    "signed, plain",
    "signed, later",
    "notice words",
    "size",
    "banner",
    "bylined before",
    "headings",
    "captions",
    "doubled heading",
    "cohesion with its group",
    "cohesion with the best group",
    "column change",
    "full",
    "indented",
    "opening",
    "middle",
    "seam",
    "seam known",
    "listing",
    "heading pulls",
    "heading above pulls",
    "heading above fits the article above",
    "open ends",
    "runs",
    "fresh share",
    "best direct",
    "goes on from above",
    "best goes on",
    "near above",
    "best near",
    "cut",
)
"""Features of a run; those of an option that links it to another are LINK_FEATURES besides."""
LINK_FEATURES = (
    "near",
    "distance",
    "backwards",
    "ends group",
    "before signed",
    "before listing",
    "before open",
    "before goes elsewhere",
    "lead",
    "group cohesion",
    "direct cohesion",
    "direct lead",
    "chain cohesion",
    "common heading",
    "taken up",
    "column differs",
    "column known",
    "before size",
    "before fresh",
    "runs since fresh",
    "open end next",
    "opened above",
    "heading above fits before",
    "goes on",
    "goes on rather than others",
    "goes on rather than elsewhere",
    "near topic",
    "near topic lead",
    "chain topic",
)
OPTION_FEATURES = (*OWN_FEATURES, *LINK_FEATURES)
UNKNOWN_SEAM = 0.0


def own_rows(seen: PageRuns) -> Floats:
    """Return (runs, own features)."""
    runs, blocks = seen.runs, seen.blocks
    count = len(runs)
    similarity = seen.heading_similarity
    outside = best_of_others(similarity)
    pulls = (similarity - outside).max(axis=0, initial=-1.0)
    open_ends = float(sum(seen.is_open)) / 5
    fresh = sum(run.is_fresh for run in runs) / count
    direct = seen.cohesion.max(axis=1, initial=0.0)
    reached, near = _rivals(seen).max(axis=0), seen.topic.max(axis=1, initial=-1.0)
    own_group = seen.group_similarity[np.arange(count), seen.group_of]
    rows = np.zeros((count, len(OWN_FEATURES)))
    for row, run in enumerate(runs):
        begun = seen.begun_above[row]
        above = "" if begun is None else blocks[runs[begun].places[0]].text.text
        head = blocks[run.places[0]]
        is_parted = _is_parted(run)
        numbers = [seen.heading_number[place] for place in run.headings]
        fits = [
            (similarity[n, row], similarity[n, begun] if begun is not None else 0.0, outside[n, row]) for n in numbers
        ]
        rows[row] = (
            1.0,
            row == 0,
            _comes_from_elsewhere(seen, row),
            run.is_signed and is_parted,
            run.is_signed and not is_parted,
            run.is_signed and not is_parted and _is_parted_above(seen, row),
            min(len(set(_SERVICE.findall(seen.texts[row]))), 3),
            min(len(seen.texts[row]), 800) / 400,
            run.has_banner,
            run.is_signed and bool(byline_of(above)),
            min(len(run.headings), 4),
            run.has_captions,
            run.has_doubled,
            own_group[row],
            seen.group_similarity[row].max(),
            min(run.column_change, 8.0),
            head.first_line == "full",
            head.first_line == "indented",
            seen.openings[row],
            seen.middles[row],
            UNKNOWN_SEAM if run.seam is None else run.seam,
            run.seam is not None,
            head.role == "listing",
            pulls[row],
            max((own - best for own, _above, best in fits), default=-1.0),
            max((up - own for own, up, _best in fits), default=-1.0),
            open_ends,
            min(count, 60) / 30,
            fresh,
            direct[row],
            seen.goes_on[row - 1, row] if row else NOWHERE,
            reached[row],
            seen.topic[row - 1, row] if row else -1.0,
            near[row],
            head.cut is not None,
        )
    return rows


def _rivals(seen: PageRuns) -> Floats:
    """Return (runs, runs): how plainly each run that is open goes on in each other one that no article begins with."""
    found = seen.goes_on.copy()
    np.fill_diagonal(found, NOWHERE)
    found[~np.array(seen.is_open)] = NOWHERE
    found[:, [run.is_fresh for run in seen.runs]] = NOWHERE
    return found


def link_rows(seen: PageRuns, pairs: Sequence[tuple[int, int]]) -> Floats:
    """Return (pairs, link features) of pairs (before, row): the run in the row may go on from the one before."""
    runs, blocks = seen.runs, seen.blocks
    similarity = seen.heading_similarity
    best_direct = best_of_others(seen.cohesion)
    best_near = best_of_others(seen.topic)
    rivals = _rivals(seen)
    ends_best, starts_best = best_of_others(rivals, NOWHERE), best_of_others(rivals.T, NOWHERE).T
    columns = [_columns(blocks, run) for run in runs]
    ends = [seen.ends_group(row) for row in range(len(runs))]
    elsewhere = [_goes_elsewhere(seen, row) for row in range(len(runs))]
    rows = np.zeros((len(pairs), len(LINK_FEATURES)))
    for number, (before, row) in enumerate(pairs):
        group = seen.group_of[before]
        run, tail = runs[row], blocks[runs[before].places[-1]]
        near = before == row - 1
        begun = seen.begun_above[before + 1] if before + 1 < len(runs) else seen.last_begun
        first, last = columns[row][0], columns[before][1]
        common = np.minimum(similarity[:, row], similarity[:, before]).max(initial=0.0)
        headings = [seen.heading_number[place] for place in run.headings]
        is_open = seen.is_open[before]
        rows[number] = (
            near,
            min(abs(row - before), 12) / 10,
            before > row,
            ends[before],
            runs[before].is_signed,
            tail.role == "listing",
            is_open,
            elsewhere[before],
            seen.lead[row, group],
            seen.group_similarity[row, group],
            seen.cohesion[row, before],
            seen.cohesion[row, before] - best_direct[row, before],
            seen.chain_cohesion[row, before],
            common,
            takes_up(tail.text.text, blocks[run.places[0]].text.text) if is_open else -1.0,
            min(abs(first - last), 8.0) if first and last else 0.0,
            bool(first and last),
            min(len(seen.texts[before]), 800) / 400,
            runs[before].is_fresh,
            min(before - begun, 6) if begun is not None else 7,
            is_open and (row == before + 1),
            row > 0 and seen.is_open[row - 1],
            max((similarity[n, before] - similarity[n, row] for n in headings), default=-1.0),
            seen.goes_on[before, row],
            seen.goes_on[before, row] - starts_best[before, row],
            seen.goes_on[before, row] - ends_best[before, row],
            seen.topic[row, before],
            seen.topic[row, before] - best_near[row, before],
            seen.chain_topic[row, before],
        )
    return rows


def _columns(blocks: Sequence[Block], run: Run) -> tuple[float, float]:
    """The column widths of a run's first and last wrapped paragraph; 0 where none is wrapped."""
    widths = [
        blocks[place].paragraph.column
        for place in run.places
        if len(blocks[place].paragraph.lines) > 1 and MIN_COLUMN <= blocks[place].paragraph.column <= UNWRAPPED
    ]
    return (widths[0], widths[-1]) if widths else (0.0, 0.0)


def _goes_elsewhere(seen: PageRuns, row: int) -> bool:
    """Whether a line 下转02版 is printed under a run."""
    after = seen.runs[row + 1].continuation_lines if row + 1 < len(seen.runs) else ()
    return any("下" in seen.blocks[place].text.text[:4] for place in after)


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
