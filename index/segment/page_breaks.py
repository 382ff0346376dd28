"""Lines that belong to the page and not to what is printed on it: page numbers, running titles, a watermark's copies."""

import re
from collections import Counter
from collections.abc import Sequence

from index.repair.lines import Line, is_closed
from index.segment.roles import FOLIO

RUNNING_WIDTH = 22.0
SHORTEST = 4
"""Characters of a running title or a watermark; 综合 and 要闻 head pages and sections."""
WATERMARKS = 3
"""Times that a line stands on a page, each time above another one, as only a watermark does."""
_NUMBER = re.compile(r"\d{1,4}")
_DIGITS = re.compile(r"\d+")
PAGE_END = "\f"


def find_page_lines(text: str, lines: Sequence[Line]) -> set[int]:
    """Return the numbers of the lines that are a page's number, its running title or its watermark.

    Args:
        text: of the page or pages that the lines stand in.
    """
    found = {number for number, line in enumerate(lines) if line.width <= RUNNING_WIDTH and FOLIO.fullmatch(line.text)}
    found |= _watermarks(lines)
    if PAGE_END in text:
        found |= _at_page_ends(text, lines, found)
    return found


def _watermarks(lines: Sequence[Line]) -> set[int]:
    short = [number for number, line in enumerate(lines) if _is_short(line)]
    counts = Counter(lines[number].text for number in short)
    places: dict[str, list[int]] = {}
    for number in short:
        if counts[lines[number].text] >= WATERMARKS:
            places.setdefault(lines[number].text, []).append(number)
    return {
        number
        for same in places.values()
        if len({lines[number + 1].text if number + 1 < len(lines) else "" for number in same}) == len(same)
        for number in same
    }


def _is_short(line: Line) -> bool:
    return line.width <= RUNNING_WIDTH and len(line.text) >= SHORTEST and not is_closed(line.text)


def _at_page_ends(text: str, lines: Sequence[Line], folios: set[int]) -> set[int]:
    """Numbers, and titles that several pages have, on the first or last lines of a page."""
    found: set[int] = set()
    titles: dict[str, list[int]] = {}
    for number in range(1, len(lines)):
        if PAGE_END not in text[lines[number - 1].end : lines[number].start]:
            continue
        above = next((place for place in range(number - 1, -1, -1) if place not in folios), None)
        below = next((place for place in range(number, len(lines)) if place not in folios), None)
        for place in (above, below):
            if place is None:
                continue
            if _NUMBER.fullmatch(lines[place].text):
                found.add(place)
            elif _is_short(lines[place]):
                titles.setdefault(_DIGITS.sub("0", lines[place].text), []).append(place)
    first = _DIGITS.sub("0", lines[0].text) if lines else ""
    for title, places in titles.items():
        if len(places) > 1 or title == first:
            found.update(places)
    return found
