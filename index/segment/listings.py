"""Tables and lists among a page's lines: where they stand, and their rows with tabs between the cells.

A row is told from a headline by the lines around it: several below one another of one form (as many cells, figures or
names in a column, one pattern), in which no sentence ends.
"""

import itertools
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from index.records import Fix
from index.repair.lines import Line, is_closed
from index.segment.cells import RowForm, cell_gaps, is_name
from index.segment.item_numbers import find_items
from index.segment.row_forms import (
    FORMS,
    MAY_BE,
    SHORT_LINE,
    announces,
    are_rows,
    form_key,
    is_by_editors,
    is_label,
    is_rule,
    leads,
)
from index.segment.torn_tables import find_torn

MOST_LED = 60
"""Short lines below one that announces them, e.g. the schools of a district."""
LOOSELY_LED = 3
LED_SPREAD = 5.0
"""Names of schools, villages, units below one another differ in width by less; headlines by more, or are fewer."""
LABELLED_LINES = 12
_NOTE = re.compile(r"(?:注|备注|说明|数据来源|资料来源|来源|制表)[：:]")
_UNIT_LINE = re.compile(r"[（(]?\s?(?:计量)?单位[：:][^。]{1,20}$")
_CAPTION_FORM = re.compile(r"(?:附?表|附件|附)\s?[\d一二三四五六七八九十]{0,2}[\s：:．.、]")
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
    items = find_items(lines)
    free = [
        line.start not in alone
        and line.start not in items
        and not _OPENS_ARTICLE.match(line.text)
        and not is_by_editors(line.text)
        for line in lines
    ]
    torn = list(find_torn(lines, free))
    for first, last, width in torn:
        for number in range(first, last) if width else ():
            forms[number] = "cell" if (number - first) % width else "row"
    for form in FORMS:
        may_be = MAY_BE[form]
        keys = {
            number: key
            for number, line in enumerate(lines)
            if may_be(line.text) and free[number] and forms[number] is None and (key := form_key(form, line))
        }
        for first, last in _stretches(lines, keys, form):
            if are_rows(form, lines[first:last], lines[first - 1].text if first else ""):
                forms[first:last] = [form] * (last - first)
    inside = [form is not None for form in forms]
    for first, last, width in torn:
        if not width and not any(inside[first:last]):
            inside[first:last] = [True] * (last - first)
    _add_led(lines, free, inside, items)
    _add_beside(lines, free, inside)
    return list(_gathered(lines, inside, forms))


def _stretches(lines: Sequence[Line], keys: Mapping[int, str], form: RowForm) -> Iterator[tuple[int, int]]:
    """Yield the stretches of lines of one form that stand equally far apart; a table's rules count with it.

    A single line is one only where it may hold several names.
    """
    done = 0
    for first, key in keys.items():
        if first < done:
            continue
        done = first + 1
        while done < len(lines) and (
            (keys.get(done) == key or _is_inside(lines[done], form, keys.get(done + 1) == key))
            and lines[done].gap <= max(lines[first + 1].gap, 1)
        ):
            done += 1
        if done - first > 1 or form in ("table", "spaced", "name"):
            yield first, done


def _is_inside(line: Line, form: RowForm, is_followed: bool) -> bool:
    """Whether a line that is no row stands among rows: a table's rule, a label over names."""
    return (form == "table" and is_rule(line)) or (form == "name" and is_followed and is_label(line.text))


def _add_led(lines: Sequence[Line], free: Sequence[bool], inside: list[bool], items: Collection[int]) -> None:
    """Count short lines with a list that stand below a line that announces them, up to a wider gap or a sentence."""
    number = 1
    while number < len(lines):
        above = lines[number - 1].text
        is_led = leads(above)
        # A heading and lines right below a list are of the list.
        is_listed = number > 1 and (inside[number - 2] or lines[number - 2].start in items)
        is_below = is_listed and lines[number - 1].gap <= 1 and is_label(above)
        if inside[number] or not (is_led or announces(above) or (is_below and lines[number].gap <= 1)):
            number += 1
            continue
        end = number
        while end < len(lines) and end - number < MOST_LED and free[end] and _is_led(lines, number, end, inside):
            end += 1
        if end < len(lines) and _heads(lines, number, end):
            end -= 1
        widths = [line.width for line in lines[number:end]]
        is_even = (
            len(widths) >= LOOSELY_LED and max(widths) <= SHORT_LINE / 2 and max(widths) - min(widths) < LED_SPREAD
        )
        if end - number >= 2 and (is_led or is_even):
            inside[number:end] = [True] * (end - number)
        number = max(end, number) + 1


def _is_led(lines: Sequence[Line], number: int, end: int, inside: Sequence[bool]) -> bool:
    line = lines[end]
    is_near = end == number or line.gap <= max(1, lines[number + 1].gap)
    return not inside[end] and line.width <= SHORT_LINE and not _MARK.search(line.text) and is_near


def _heads(lines: Sequence[Line], number: int, end: int) -> bool:
    """Whether the last of the lines may as well be the headline of what follows."""
    after = lines[end]
    return _OPENS_ARTICLE.match(after.text) is not None or (after.gap <= lines[number].gap and after.width > SHORT_LINE)


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
        is_rest = above and line.gap <= 1 and (is_name(line.text) or form_key("pair", line) != "")
        is_ruled = is_rule(line) and (above or below)
        is_head = below and is_label(line.text) and _heads_alike(lines, inside, number)
        if is_ruled or is_head or is_between or is_caption or is_rest or (above and _NOTE.match(line.text)):
            inside[number] = True
    for number in range(len(lines) - 1, 0, -1):  # a caption above the line that names the unit
        if (
            inside[number]
            and not inside[number - 1]
            and free[number - 1]
            and _CAPTION_FORM.match(lines[number - 1].text)
        ):
            inside[number - 1] = True


def _heads_alike(lines: Sequence[Line], inside: Sequence[bool], number: int) -> bool:
    """Whether a label like this one, 一等奖（2名）, stands further down among the rows."""
    key = form_key("like", lines[number]) or lines[number].text[-2:]
    for line, is_inside in itertools.islice(
        zip(lines[number + 1 :], inside[number + 1 :], strict=True), LABELLED_LINES
    ):
        if not is_inside:
            return False
        if is_label(line.text) and key in (form_key("like", line), line.text[-2:]):
            return True
    return False


def _gathered(lines: Sequence[Line], inside: Sequence[bool], forms: Sequence[RowForm | None]) -> Iterator[Listing]:
    first = 0
    for number in range(1, len(lines) + 1):
        if number == len(lines) or not inside[number] or not inside[first] or _parts(forms, lines, number):
            if inside[first]:
                yield Listing(first, number, tuple(forms[first:number]))
            first = number


def _parts(forms: Sequence[RowForm | None], lines: Sequence[Line], number: int) -> bool:
    """Whether one table or list ends before this line and another begins."""
    return forms[number] != "cell" and forms[number] != forms[number - 1] and lines[number].gap > 1


def with_outer_cells(text: str, lines: Sequence[Line]) -> list[Line]:
    """Return a table's lines with the tabs at their ends that stand for empty cells, where its rows are parted by tabs."""
    width = max(line.text.count("\t") for line in lines)
    found = []
    for line in lines:
        start, end = line.start, line.end
        missing = width - line.text.count("\t")
        while missing and start and text[start - 1] == "\t":
            start, missing = start - 1, missing - 1
        while missing and text[end : end + 1] == "\t":
            end, missing = end + 1, missing - 1
        found.append(replace(line, start=start, end=end, text=text[start:end]))
    return found


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
    for line, form, gaps in zip(lines, forms, _cell_gaps(lines, forms), strict=True):
        if is_rule(line):
            continue
        between = text[done : line.start]
        joint = "" if is_first else "\t" if form == "cell" else "\n"
        if between != joint:
            fixes.append(Fix("table_row", done - base, between, joint))
        for first, last, after in gaps:
            before = line.text[first:last]
            if before != after:
                fixes.append(Fix("table_row", line.start + first - base, before, after))
        done, is_first = line.end, False
    if done < lines[-1].end:
        fixes.append(Fix("table_row", done - base, text[done : lines[-1].end], ""))
    return fixes


def _cell_gaps(lines: Sequence[Line], forms: Sequence[RowForm | None]) -> Iterator[list[tuple[int, int, str]]]:
    """Yield what parts the cells of each line; those of one form below one another are rows of one table."""
    for form, group in itertools.groupby(zip(lines, forms, strict=True), key=lambda pair: pair[1]):
        texts = [line.text for line, _form in group]
        yield from cell_gaps(form, texts) if form else ([] for _text in texts)
