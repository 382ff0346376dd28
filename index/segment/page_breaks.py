"""Lines that belong to the page and not to what is printed on it: page numbers, running titles, a watermark's copies."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from index.language.terms import cuts_word
from index.repair.lines import Line, is_closed
from index.segment.roles import DATELINE, FOLIO

RUNNING_WIDTH = 22.0
TITLE_LEAST = 4
"""Characters of a running title or a watermark; 综合 and 要闻 head pages and sections."""
WATERMARKS = 3
"""Times that a line stands on a page, each time above another one, as only a watermark does."""
_FOLIO_ENDS = "-—–·•页"
_NUMBER = re.compile(r"\d{1,4}")
_DIGITS = re.compile(r"\d+")
_RIGHTS = re.compile(
    r"版权所有|(?:请勿|不得|严禁|禁止)(?:外传|转载|复制|翻印|传播)|仅供[^，。]{0,8}(?:查阅|参考|学习|浏览|内部|使用)|^内部(?:资料|刊物)"
)
_ADDRESS = re.compile(r"(?:https?://|www\.)?[\w-]{2,30}(?:\.[\w-]{2,20}){1,4}", re.ASCII)
NEAR = 5
"""Lines that are looked at on either side of a page's end."""
PAGE_END = "\f"


def find_page_lines(text: str, lines: Sequence[Line]) -> set[int]:
    """Return the numbers of the lines that are a page's number, its running title or its watermark.

    Args:
        text: of the page or pages that the lines stand in.
    """
    found = {
        number
        for number, line in enumerate(lines)
        if (line.text[-1] in _FOLIO_ENDS or line.text[-1].isdigit()) and FOLIO.fullmatch(line.text)
    }
    found |= _watermarks(lines)
    found |= {number for number in range(len(lines)) if number not in found and _says_whose(lines, number)}
    if PAGE_END in text:
        found |= _at_page_ends(text, lines, found)
    return found


def _says_whose(lines: Sequence[Line], number: int) -> bool:
    """Whether a line says only whose the page is or what may not be done with it, or is an address between two texts."""
    line = lines[number]
    if line.width > RUNNING_WIDTH or is_closed(line.text):
        return False
    if _RIGHTS.search(line.text):
        return "，" not in line.text
    if not _ADDRESS.fullmatch(line.text):
        return False
    above = number - 1 if number else None
    return above is None or is_closed(lines[above].text) or _breaks_in(lines, above, number)


def _watermarks(lines: Sequence[Line]) -> set[int]:
    counts = Counter([line.text for line in lines])
    if max(counts.values(), default=0) < WATERMARKS:
        return set()
    places: dict[str, list[int]] = {}
    for number, line in enumerate(lines):
        if counts[line.text] >= WATERMARKS and _is_short(line):
            places.setdefault(line.text, []).append(number)
    return {
        number
        for same in places.values()
        if len({lines[number + 1].text if number + 1 < len(lines) else "" for number in same}) == len(same)
        for number in same
    }


def _is_short(line: Line) -> bool:
    return line.width <= RUNNING_WIDTH and len(line.text) >= TITLE_LEAST and not is_closed(line.text)


def _breaks_in(lines: Sequence[Line], above: int | None, place: int) -> bool:
    """Whether a word goes on over a short line, from the page above to the line below."""
    if above is None or place + 1 >= len(lines) or not _is_short(lines[place]):
        return False
    before, after = lines[above].text[-6:], lines[place + 1].text[:6]
    return cuts_word(before, after) and not cuts_word(before, lines[place].text[:6])


def _at_page_ends(text: str, lines: Sequence[Line], folios: set[int]) -> set[int]:
    """Numbers, and titles that several pages have, on the first or last lines of a page."""
    found: set[int] = set()
    titles: dict[str, list[tuple[int, int]]] = {}
    page = 0
    if lines and _is_short(lines[0]):
        titles[_DIGITS.sub("0", lines[0].text)] = [(0, 0)]
    for number in range(1, len(lines)):
        if PAGE_END not in text[lines[number - 1].end : lines[number].start]:
            continue
        page += 1
        above = next((place for place in range(number - 1, max(-1, number - NEAR), -1) if place not in folios), None)
        below = next((place for place in range(number, min(len(lines), number + NEAR)) if place not in folios), None)
        for place in (above, below):
            if place is None:
                continue
            if _NUMBER.fullmatch(lines[place].text) or (place == below and _breaks_in(lines, above, place)):
                found.add(place)
            elif _is_short(lines[place]):
                own = page - 1 if place == above else page
                titles.setdefault(_DIGITS.sub("0", lines[place].text), []).append((place, own))
    for places in titles.values():
        if _runs(lines, places, page + 1):
            found.update(place for place, _page in places if place)  # on the first line it may be the headline itself
    return found


def _runs(lines: Sequence[Line], places: Sequence[tuple[int, int]], pages: int) -> bool:
    """Whether a line of several pages is their running title: on most of them, or on neighbours.

    Else it is a headline that two reports have, and so it is where a report begins right below each.
    """
    own = [page for _place, page in places]
    if len(set(own)) < 2:
        return False
    heads = [DATELINE.match(lines[place + 1].text) for place, _page in places if place + 1 < len(lines)]
    if all(heads):
        return False
    return 2 * len(set(own)) >= pages or min(after - before for before, after in pairwise(sorted(set(own)))) <= 2
