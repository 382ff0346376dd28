"""Tables and lists among a page's lines: where they stand, and their rows with tabs between the cells.

A row is told from a headline by the lines around it: several below one another of one form (as many cells, figures or
names in a column, one pattern), in which no sentence ends.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from index.records import Fix
from index.repair.lines import Line, is_closed
from index.segment.row_forms import FORMS, SHORT_LINE, RowForm, are_rows, cell_gaps, form_key, is_rule, leads

MOST_LED = 60
"""Short lines below one that announces them, e.g. the schools of a district."""
_NOTE = re.compile(r"(?:注|备注|说明|数据来源|资料来源|来源|制表)[：:]")
_UNIT_LINE = re.compile(r"[（(]?\s?(?:计量)?单位[：:][^。]{1,20}$")
_CAPTION_FORM = re.compile(r"(?:附?表|附件|附)\s?[\d一二三四五六七八九十]{0,2}[\s：:．.、]|.{2,24}(?:一览表|统计表|明细表|情况表|时刻表|价目表)$")
_OPENS_ARTICLE = re.compile(r"本报|新华社|[（(](?:记者|通讯员)|By [A-Z]")
_MARK = re.compile(r"[，。；：！？“”]")


@dataclass(frozen=True, slots=True)
class Listing:
    """A table's or a list's rows.

    Args:
        first, last: its lines' numbers, the end exclusive.
        form: what parts the cells of each.
    """

    first: int
    last: int
    forms: tuple[RowForm | None, ...]


def find_listings(lines: Sequence[Line], alone: Collection[int] = ()) -> list[Listing]:
    """Return the tables and lists among a page's lines, in order.

    Args:
        lines: of a page, or a slice of it.
        alone: starts of lines that are no rows, since they were printed twice.
    """
    forms: list[RowForm | None] = [None] * len(lines)
    free = [line.start not in alone and not _OPENS_ARTICLE.match(line.text) for line in lines]
    for form in FORMS:
        keys = [form_key(form, line) if free[number] and forms[number] is None else "" for number, line in enumerate(lines)]
        for first, last in _stretches(lines, keys, form):
            if are_rows(form, lines[first:last], lines[first - 1].text if first else ""):
                forms[first:last] = [form] * (last - first)
    inside = [form is not None for form in forms]
    _add_led(lines, free, inside)
    _add_beside(lines, free, inside)
    return list(_gathered(lines, inside, forms))


def _stretches(lines: Sequence[Line], keys: Sequence[str], form: RowForm) -> Iterator[tuple[int, int]]:
    """Yield the stretches of lines of one form that stand equally far apart; a table's rules count with it."""
    first, number = 0, 0
    while first < len(lines):
        if not keys[first]:
            first += 1
            continue
        number = first + 1
        while number < len(lines) and (
            (keys[number] == keys[first] or (form == "table" and is_rule(lines[number])))
            and lines[number].gap <= max(lines[first + 1].gap, 1)
        ):
            number += 1
        yield first, number
        first = number


def _add_led(lines: Sequence[Line], free: Sequence[bool], inside: list[bool]) -> None:
    """Count short lines with a list that stand below a line that announces them, up to a wider gap or a sentence."""
    number = 1
    while number < len(lines):
        if not leads(lines[number - 1].text) or inside[number]:
            number += 1
            continue
        end = number
        while (
            end < len(lines)
            and end - number < MOST_LED
            and free[end]
            and not inside[end]
            and lines[end].width <= SHORT_LINE
            and not _MARK.search(lines[end].text)
            and lines[end].gap <= lines[number].gap
            and (end == number or lines[end].gap <= lines[number + 1].gap)
        ):
            end += 1
        if end < len(lines) and lines[end].gap <= lines[number].gap and _is_prose(lines[end]):
            end -= 1  # the last one may be the headline of what follows
        if end - number >= 2:
            inside[number:end] = [True] * (end - number)
        number = max(end, number) + 1


def _is_prose(line: Line) -> bool:
    return _OPENS_ARTICLE.match(line.text) is not None or line.width > SHORT_LINE


def _add_beside(lines: Sequence[Line], free: Sequence[bool], inside: list[bool]) -> None:
    """Count with a table the caption and unit above it, the note below it, and a line of one cell between its rows."""
    for number, line in enumerate(lines):
        if inside[number] or not free[number] or line.width > 2 * SHORT_LINE:
            continue
        below = number + 1 < len(lines) and inside[number + 1]
        above = number > 0 and inside[number - 1]
        near = below and lines[number + 1].gap <= 1
        is_between = above and near and line.gap <= 1 and line.width <= SHORT_LINE / 2 and not is_closed(line.text)
        is_caption = below and (_UNIT_LINE.match(line.text) or _CAPTION_FORM.match(line.text))
        if is_between or is_caption or (above and _NOTE.match(line.text)):
            inside[number] = True
    for number in range(len(lines) - 1, 0, -1):  # a caption above the line that names the unit
        if inside[number] and not inside[number - 1] and free[number - 1] and _CAPTION_FORM.match(lines[number - 1].text):
            inside[number - 1] = True


def _gathered(
    lines: Sequence[Line], inside: Sequence[bool], forms: Sequence[RowForm | None]
) -> Iterator[Listing]:
    first = 0
    for number in range(1, len(lines) + 1):
        if number == len(lines) or not inside[number] or not inside[first] or _parts(forms, lines, number):
            if inside[first]:
                yield Listing(first, number, tuple(forms[first:number]))
            first = number


def _parts(forms: Sequence[RowForm | None], lines: Sequence[Line], number: int) -> bool:
    """Whether one table or list ends before this line and another begins."""
    return forms[number] != forms[number - 1] and lines[number].gap > 1


def find_rows(text: str, lines: Sequence[Line], forms: Sequence[RowForm | None], base: int = 0) -> list[Fix]:
    """Return what puts one row on each line and a tab between its cells, with starts that count from `base`.

    Args:
        text: of the page.
        lines: of one table or list.
        forms: of each line.
    """
    fixes: list[Fix] = []
    done = lines[0].start
    is_first = True
    for line, form in zip(lines, forms, strict=True):
        if is_rule(line):
            continue
        between = text[done : line.start]
        if (is_first and between) or (not is_first and between != "\n"):
            fixes.append(Fix("table_row", done - base, between, "" if is_first else "\n"))
        for first, last, after in cell_gaps(form, line.text) if form else ():
            before = line.text[first:last]
            if before != after:
                fixes.append(Fix("table_row", line.start + first - base, before, after))
        done, is_first = line.end, False
    if done < lines[-1].end:
        fixes.append(Fix("table_row", done - base, text[done : lines[-1].end], ""))
    return fixes
