"""Paragraphs cut where another text begins inside them: between two lines that no word, blank or width parts.

An extractor that walks down a page's columns, or whose frame breaks off, prints the rest of one article right behind the
last line of another; joined into one paragraph the two are lost for both. Each break between two lines of running text is
held against all other beginnings and ends of the page: another line that the upper one goes on in more plainly, or that
the lower one goes on from (going_on.py), says more than the break itself. What nothing comes of is put together again
by linking, which sees the whole page.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from index.repair.hard_wraps import UNWRAPPED
from index.repair.lines import Line, is_closed
from index.segment.blocks import Block, Page, is_whole, make_block, takes_up
from index.segment.going_on import NOWHERE, going_on
from index.segment.openings import ending_score, middle_score, opening_score
from index.segment.topic_similarity import Ints
from index.segment.topic_vectors import directions, sums_of
from index.segment.trees import Floats, trees

CUT_FEATURES = (
    "goes on",
    "upper goes on better",
    "lower goes on better",
    "upper elsewhere",
    "lower elsewhere",
    "page's mean",
    "page's share below",
    "near",
    "near of the lines",
    "closed",
    "taken up",
    "ending",
    "middle",
    "opening",
    "width above",
    "width below",
    "columns differ",
    "upper short",
    "gap",
    "gap of the page",
    "frame",
    "unwrapped",
    "lines above",
    "lines below",
    "characters above",
    "characters below",
    "open ends",
    "begun in mid-sentence",
    "blocks",
    "last block open",
)
CUT_SCORE = -1.0
"""Log-odds from which a paragraph is cut: linking sees the whole page and undoes what means nothing."""
LEAST_PLAIN = 2.5
"""By how much less plainly than the page's lines in the mean a line goes on in the next for the break to be looked at."""
MOST_LINES = 1500
"""More lines of running text are not looked at: no page has them."""
MOST_RIVALS = 300
REACH = 8
"""Lines above and below a break of which the subjects are held against each other."""
LONG_LINE = 40
"""Characters of a line that is read without the next one."""


@dataclass(frozen=True, slots=True)
class Break:
    """A place between two lines of a block: its place on the page, and the number of the line below."""

    place: int
    line: int


def cut_paragraphs(page: Page, blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks, those parted inside which another text begins."""
    breaks, rows = cut_features(page, blocks)
    if not breaks:
        return list(blocks)
    cuts: dict[int, list[tuple[int, float]]] = {}
    for one, score in zip(breaks, trees("cuts", CUT_FEATURES).scores(rows).tolist(), strict=True):
        if score > CUT_SCORE:
            cuts.setdefault(one.place, []).append((one.line, score))
    found: list[Block] = []
    for place, block in enumerate(blocks):
        lines = block.paragraph.lines
        firsts: list[tuple[int, float | None]] = [(0, block.cut), *cuts.get(place, ())]
        if len(firsts) == 1:
            found.append(block)
            continue
        for (first, score), (end, _score) in zip(firsts, [*firsts[1:], (len(lines), 0.0)], strict=True):
            part = make_block(page, lines[first:end])
            found.append(replace(part, role="text", cut=score, is_item=block.is_item and not first))
    return found


def cut_features(page: Page, blocks: Sequence[Block]) -> tuple[list[Break], Floats]:
    """Return the breaks inside the page's paragraphs that are looked at, and (breaks, features) of each."""
    texts = [
        place
        for place, block in enumerate(blocks)
        if block.role == "text" and len(block.paragraph.lines) > 1 and is_whole(page, block)
    ]
    breaks = [Break(place, line) for place in texts for line in range(1, len(blocks[place].paragraph.lines))]
    if not breaks or len(breaks) > MOST_LINES:
        return [], np.zeros((0, len(CUT_FEATURES)))
    network = going_on()
    uppers = [blocks[one.place].paragraph.lines[one.line - 1] for one in breaks]
    lowers = [blocks[one.place].paragraph.lines[one.line] for one in breaks]
    ends = network.ends([_upper_text(blocks, one) for one in breaks])
    begins = network.beginnings([_lower_text(blocks, one) for one in breaks])
    own = network.along(ends, begins)
    mean = float(own.mean())
    kept = np.flatnonzero(own < mean - LEAST_PLAIN)
    if not kept.size:
        return [], np.zeros((0, len(CUT_FEATURES)))
    outer = [block for block in blocks if block.role == "text"]
    outer_ends = network.ends([block.text.text for block in outer if block.is_open][:MOST_RIVALS])
    outer_begins = network.beginnings([block.text.text for block in outer if not block.is_fresh][:MOST_RIVALS])
    rivals = kept[np.argsort(own[kept], kind="stable")[:MOST_RIVALS]]
    upper_best = _best(network.log_odds(ends[kept], np.concatenate([begins[rivals], outer_begins])), kept, rivals)
    lower_best = _best(network.log_odds(np.concatenate([ends[rivals], outer_ends]), begins[kept]).T, kept, rivals)
    open_ends = sum(block.is_open for block in outer)
    middles = sum(middle_score(block.text.text) > 0 for block in outer)
    seen = [breaks[number] for number in kept.tolist()]
    nearness = _nearness(blocks, seen)
    gap = float(np.median([line.gap for line in lowers]))
    rows = np.array(
        [
            (
                own[number],
                upper_best[row] - own[number],
                lower_best[row] - own[number],
                upper_best[row],
                lower_best[row],
                mean,
                len(kept) / len(breaks),
                *nearness[row],
                *_forms(blocks[breaks[number].place], breaks[number].line, uppers[number], lowers[number], gap),
                min(open_ends, 10),
                min(middles, 10),
                min(len(outer), 60) / 20,
                outer[-1].is_open,
            )
            for row, number in enumerate(kept.tolist())
        ],
        np.float64,
    )
    return seen, rows


def _best(scores: Floats, kept: Ints, rivals: Ints) -> Floats:
    """Return (kept,): the best of each row but its own break."""
    own = kept[:, None] == rivals[None, :]
    scores[:, : len(rivals)][own] = NOWHERE
    found: Floats = scores.max(axis=1, initial=NOWHERE)
    return found


def _upper_text(blocks: Sequence[Block], one: Break) -> str:
    lines = blocks[one.place].paragraph.lines
    text = lines[one.line - 1].text
    return text if len(text) > LONG_LINE or one.line < 2 else lines[one.line - 2].text + text


def _lower_text(blocks: Sequence[Block], one: Break) -> str:
    lines = blocks[one.place].paragraph.lines
    text = lines[one.line].text
    return text if len(text) > LONG_LINE or one.line + 1 == len(lines) else text + lines[one.line + 1].text


def _nearness(blocks: Sequence[Block], breaks: Sequence[Break]) -> Floats:
    """Return (breaks, 2): how near what stands within REACH lines above each break is to what stands below, and the two lines."""
    places = sorted({one.place for one in breaks})
    lines = [line.text for place in places for line in blocks[place].paragraph.lines]
    sums = sums_of(lines)
    done = np.concatenate([np.zeros((1, sums.shape[1]), np.float32), np.cumsum(sums, axis=0)])
    sizes = [len(blocks[place].paragraph.lines) for place in places]
    first = dict(zip(places, np.cumsum([0, *sizes[:-1]]).tolist(), strict=True))
    start = np.array([first[one.place] for one in breaks])
    end = start + np.array([len(blocks[one.place].paragraph.lines) for one in breaks])
    at = start + np.array([one.line for one in breaks])
    above = done[at] - done[np.maximum(start, at - REACH)]
    below = done[np.minimum(end, at + REACH)] - done[at]
    pairs = ((above, below), (sums[at - 1], sums[at]))
    return np.array([(directions(up) * directions(down)).sum(axis=1) for up, down in pairs], np.float64).T


def _forms(block: Block, number: int, upper: Line, lower: Line, gap: float) -> tuple[float, ...]:
    """How the two lines end, begin and stand."""
    lines = block.paragraph.lines
    widths = [line.width for line in lines]
    wrapped = block.paragraph.column <= UNWRAPPED
    above, below = max(widths[max(0, number - 3) : number]), max(widths[number : number + 3])
    return (
        is_closed(upper.text),
        takes_up(upper.text[-40:], lower.text[:40]),
        ending_score(upper.text),
        middle_score(lower.text),
        opening_score(lower.text),
        min(upper.width, 60.0),
        min(lower.width, 60.0),
        min(abs(above - below), 10.0) if wrapped else -1.0,
        min(above - upper.width, 10.0),
        min(lower.gap, 4),
        min(max(lower.gap - gap, -2.0), 3.0),
        lower.opens_frame,
        not wrapped,
        min(number, 20),
        min(len(lines) - number, 20),
        min(sum(len(line.text) for line in lines[:number]), 400) / 100,
        min(sum(len(line.text) for line in lines[number:]), 400) / 100,
    )
