"""Lines that look like headings but are running text: told by what stands around them and by how they begin and end.

The last line of an article that was cut in mid-sentence, or its first, has no mark at its end, as a headline has none.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from index.repair.hard_wraps import UNWRAPPED
from index.repair.lines import lacks_bracket
from index.segment.blocks import Block, heading_stacks, takes_up
from index.segment.going_on import NOWHERE, going_on
from index.segment.openings import ending_score, middle_score, opening_score
from index.segment.topic_similarity import share_of
from index.segment.trees import Floats, trees

LINE_FEATURES = (
    "characters",
    "lines",
    "commas",
    "ideographic commas",
    "space",
    "unclosed",
    "ending",
    "opening",
    "middle",
    "text above",
    "text above open",
    "taken up from above",
    "column above",
    "text below",
    "fresh below",
    "takes up below",
    "middle below",
    "column below",
    "first lines",
    "headings in a row",
    "heading in a row",
    "share of above",
    "share of below",
    "share anywhere",
    "gap above",
    "gap below",
    "unwrapped",
    "marks",
    "goes on from above",
    "goes on below",
    "goes on from elsewhere",
    "goes on elsewhere",
)
SURELY_TEXT = 1.0
"""Log-odds from which such a line is text: on pages not learnt from all that scores more is, and over half of those that are."""
NOT_TOLD = -1.0
GOES_ON = 2.0
"""takes_up where a word or a bracket goes on over the break."""
_COMMAS = "，,；;"


def retell_headings(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks, those headings text that are."""
    places, rows = line_features(blocks)
    if not places:
        return list(blocks)
    found = list(blocks)
    for place, score in zip(places, trees("lines", LINE_FEATURES).scores(rows).tolist(), strict=True):
        if score > SURELY_TEXT:
            found[place] = replace(blocks[place], role="text")
    return found


def line_features(blocks: Sequence[Block]) -> tuple[list[int], Floats]:
    """Return the places of the headings that may be text, and (headings, features)."""
    places = [place for place, block in enumerate(blocks) if block.role == "heading" and _may_be_text(blocks, place)]
    texts = [block for block in blocks if block.role == "text"]
    if not places or not texts:
        return [], np.zeros((0, len(LINE_FEATURES)))
    everything = "\n".join(block.text.text for block in texts)
    unwrapped = sum(block.paragraph.column > UNWRAPPED for block in texts) / len(texts)
    stack_of = {place: stack for stack in heading_stacks(blocks) for place in stack}
    rows = np.array([_row(blocks, place, stack_of[place], everything, unwrapped) for place in places], np.float64)
    return places, np.concatenate([rows, _continuations(blocks, places)], axis=1)


def _continuations(blocks: Sequence[Block], places: Sequence[int]) -> Floats:
    """Return (headings, 4): how plainly each goes on from the text above, in that below, from an open one, and in any other."""
    network = going_on()
    texts = [place for place, block in enumerate(blocks) if block.role == "text"]
    lines = [blocks[place].text.text for place in places]
    bodies = [blocks[place].text.text for place in texts]
    into = network.log_odds(network.ends(bodies), network.beginnings(lines))
    out = network.log_odds(network.ends(lines), network.beginnings(bodies))
    at, is_open = np.array(texts), np.array([blocks[place].is_open for place in texts])
    above, below = at[:, None] == np.array(places) - 1, at[:, None] == np.array(places) + 1
    is_fresh = np.array([blocks[place].is_fresh for place in texts])
    found: Floats = np.array(
        [
            np.where(above, into, NOWHERE).max(axis=0),
            np.where(below.T, out, NOWHERE).max(axis=1),
            np.where(is_open[:, None] & ~above, into, NOWHERE).max(axis=0),
            np.where(~is_fresh & ~below.T, out, NOWHERE).max(axis=1),
        ]
    ).T
    return found


def _may_be_text(blocks: Sequence[Block], place: int) -> bool:
    """Whether a heading was printed once, and is plainly neither a headline of what begins below nor a sub-heading.

    A sub-heading stands between whole sentences; a line that was cut has its rest below it or elsewhere.
    """
    above = blocks[place - 1] if place else None
    below = blocks[place + 1] if place + 1 < len(blocks) else None
    is_open = above is not None and above.is_open
    if blocks[place].doubled or (below is not None and below.is_fresh and not is_open):
        return False
    parts_text = above is not None and below is not None and above.role == below.role == "text" and not is_open
    return not (parts_text and below and takes_up(blocks[place].text.text, below.text.text) < GOES_ON)


def _row(blocks: Sequence[Block], place: int, stack: range, everything: str, unwrapped: float) -> tuple[float, ...]:
    block = blocks[place]
    text = block.text.text
    above = blocks[place - 1] if place else None
    below = blocks[place + 1] if place + 1 < len(blocks) else None
    up = above if above and above.role == "text" else None
    down = below if below and below.role == "text" else None
    width = block.paragraph.column
    return (
        min(len(text), 45) / 10,
        len(block.paragraph.lines),
        sum(text.count(mark) for mark in _COMMAS),
        text.count("、"),
        " " in text,
        bool(lacks_bracket(text)),
        ending_score(text),
        opening_score(text),
        middle_score(text),
        up is not None,
        up is not None and up.is_open,
        takes_up(up.text.text, text) if up and up.is_open else NOT_TOLD,
        min(max(up.paragraph.column - width, -10.0), 30.0) if up else -20.0,
        down is not None,
        down is not None and down.is_fresh,
        takes_up(text, down.text.text) if down else NOT_TOLD,
        middle_score(down.text.text) if down else -5.0,
        min(max(down.paragraph.column - width, -10.0), 30.0) if down else -20.0,
        down is not None and down.first_line == "full",
        min(len(stack), 6),
        min(place - stack.start, 5),
        share_of(text, up.text.text) if up else NOT_TOLD,
        share_of(text, down.text.text) if down else NOT_TOLD,
        share_of(text, everything),
        min(block.paragraph.lines[0].gap, 4),
        min(below.paragraph.lines[0].gap, 4) if below else 0,
        unwrapped,
        sum(not character.isalnum() for character in text),
    )
