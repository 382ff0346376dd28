"""What a printed line may be a row of: a table's cells, a name list, a list of items, keys with their values."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Literal

from index.language.vocabulary import surname_of
from index.repair.lines import Line, is_closed
from index.segment.roles import role_of

RowForm = Literal["table", "comma", "spaced", "pair", "name", "item", "like"]
"""table: cells parted by a tab, a rule or a wide gap. comma: as in CSV. spaced: by single blanks. pair: 时间：9时. name: one
name a line. item: begins with a bullet. like: lines of one pattern with brackets or figures in them."""
FORMS: Sequence[RowForm] = ("table", "comma", "spaced", "pair", "name", "item", "like")
WIDEST_NAME = 4
CELL_CHARACTERS = 30
"""A longer cell is a sentence's part, unless a tab or a rule parts it."""
LONGEST_LABEL = 10
ROW_WIDTH = 60.0
"""Rows of a newspaper's table are no wider than its widest column of text."""
SHORT_LINE = 22.0
MOST_SHARE = 0.6
"""Share of a table's rows that have its number of cells, and of a column's cells that are of its kind."""

_RULED = re.compile(r"[\t|｜│┃¦]")
_RULES = re.compile(r"(?<![ \u3000])[ \u3000]*+[\t|｜│┃¦][ \u3000]*+")  # begun at a run's first blank only: linear
_WIDE_GAP = re.compile(r"\u3000[ \u3000]*+| [ \u3000]++")
_COMMA = re.compile(r"(?<![ \u3000])[ \u3000]*+[,，][ \u3000]*+")
_BLANK = re.compile(r"[ \u3000]")
PARTINGS = {"table": _WIDE_GAP, "comma": _COMMA, "spaced": _BLANK}
_RULE_LINE = re.compile(r"[\s|｜│┃¦+\-—–─━═=┄┌┐└┘├┤┬┴┼╋:]{3,}")
_STOPS = re.compile(r"[。；！？!?]")
_CLAUSES = re.compile(r"[，。；：！？、“”《》]")
_FIGURE = re.compile(
    r"(?:第|约|近|超|No\.?|￥|¥|\$)?[+\-−—±]?\d[\d,.，:：/~～—–\-−]*(?:\s?[\u4e00-\u9fff%％‰℃A-Za-z/²³·]{1,6}\d{0,2}[\u4e00-\u9fff]{0,2})?"
)
_DASH = re.compile(r"[-—–/·*无]{1,3}")
_HAN_NAME = re.compile(r"[\u4e00-\u9fff·]{2,4}")
_PAIR = re.compile(r"(?P<key>[^\s，。；：:、！？“”（）()\d]{1,10})(?:[（(][^（）()]{1,8}[）)])?[：:]\s?[^\s：:]")
_SPEAKERS = re.compile(r"问|答|记者|主持人|编者按|编后|本报")
_EDITORS = re.compile(
    r"(?:本版|值班)?(?:责任编辑|责编|版式|美编|校对|总编|主编|编辑|视觉)[\s:：/／]|(?:新闻热线|投稿|邮编)"
)
_TELLS_PAGE = re.compile(r"(?:第|见)?[ \u3000]?[A-Z]?\d{1,2}[ \u3000]?版[）)]?$")
_NAME_GAP = re.compile(r"[、，,\s]+")
_WHOSE = re.compile(r"^[^\s，。；：、]{1,10}[：:]\s?")
_BULLET = re.compile(r"(?P<mark>[•●○◆◇■□▪▫※★☆·*–-])[ \u3000]?[^\s\d*–-]")
_HAN = re.compile(r"[\u4e00-\u9fff]+")
_DIGITS = re.compile(r"\d[\d.,]*")
_ANNOUNCES = re.compile(r"[：:]$|如下|名单|下列|以下|下表|附表|见表|一览|明细|分别[为是]|公示")
_LEADS = re.compile(r"[：:]$|如下[。，]?$|(?:名单|一览表?|明细表?)$")


MAY_BE: Mapping[RowForm, Callable[[str], bool]] = {
    "table": lambda text: "\u3000" in text or "  " in text or _RULED.search(text) is not None,
    "comma": lambda text: "," in text or "，" in text,
    "spaced": lambda text: " " in text or "\u3000" in text,
    "pair": lambda text: "：" in text or ":" in text,
    "name": lambda text: len(text) <= WIDEST_NAME or _NAME_GAP.search(text) is not None,
    "item": lambda text: not text[0].isalnum(),
    "like": lambda text: not text.isalpha() and "，" not in text and "、" not in text,
}
"""Whether a line may be a row of a form at all: most are none, which is to be found out fast."""


def is_rule(line: Line) -> bool:
    """Whether a line is nothing but a table's rule."""
    return _RULE_LINE.fullmatch(line.text) is not None


def announces(text: str) -> bool:
    """Whether a text says that a table or a list follows."""
    return _ANNOUNCES.search(text[-60:]) is not None


def leads(text: str) -> bool:
    """Whether a line is there for nothing but what follows it: 步骤如下："""
    return _LEADS.search(text[-12:]) is not None


def form_key(form: RowForm, line: Line) -> str:
    """Return what the lines of one block have in common; "" for a line that is no row of this form."""
    text = line.text
    if line.width > ROW_WIDTH and form != "table":
        return ""
    if form == "table":
        if _RULED.search(text):
            return "ruled" if len(cells_of("table", text)) > 1 else ""
        is_row = _WIDE_GAP.search(text) and not _STOPS.search(text) and line.width <= ROW_WIDTH
        return "wide" if is_row and len(cells_of("table", text)) > 1 else ""
    if _STOPS.search(text):
        return ""
    if form == "comma":
        parts = _COMMA.split(text)
        is_row = len(parts) > 1 and all(parts) and max(map(len, parts)) <= CELL_CHARACTERS / 2
        return "comma" if is_row and not _CLAUSES.search(text.replace("，", "")) else ""
    if form == "spaced":
        parts = _BLANK.split(text)
        is_row = len(parts) > 1 and all(parts) and max(map(len, parts)) <= CELL_CHARACTERS / 2
        return "spaced" if is_row and not _CLAUSES.search(text.replace("：", "")) else ""
    return _list_key(form, line)


def _list_key(form: RowForm, line: Line) -> str:
    text = line.text
    if form == "pair":
        found = _PAIR.match(text)
        return "pair" if found and not _SPEAKERS.search(found["key"]) and not is_closed(text) else ""
    if form == "name":
        return "name" if names_in(text) else ""
    if form == "item":
        bullet = _BULLET.match(text)
        return bullet["mark"] if bullet and not is_closed(text) else ""
    if line.width > SHORT_LINE or (is_closed(text) and text[-1] not in "）)"):
        return ""
    key = _DIGITS.sub("9", _HAN.sub("甲", text))
    return key if key != "甲" else ""


def cells_of(form: RowForm, text: str) -> list[str]:
    """Return the cells of a row, white space at their ends left out; a list's line is one."""
    if form == "table" and _RULED.search(text):
        return [cell.strip() for cell in _RULES.split(text.strip("|｜│┃¦ \u3000"))]
    parting = PARTINGS.get(form)
    return _unspaced(parting.split(text)) if parting else [text]


def cell_gaps(form: RowForm, text: str) -> list[tuple[int, int, str]]:
    """Return (start, end, what stands there instead) of what parts the cells of a row."""
    if form == "table" and _RULED.search(text):
        found = [(*match.span(), "\t") for match in _RULES.finditer(text)]
        return [
            (first, last, "" if "\t" not in text[first:last] and (first == 0 or last == len(text)) else put)
            for first, last, put in found
        ]
    parting = PARTINGS.get(form)
    if parting is None:
        return []
    gaps = [match.span() for match in parting.finditer(text)]
    ends = [0, *(last for _first, last in gaps)]
    starts = [*(first for first, _last in gaps), len(text)]
    sizes = [stop - start for start, stop in zip(ends, starts, strict=True)]
    gaps_kept: list[tuple[int, int, str]] = []
    is_closed_up = False
    for (first, last), (left, right) in zip(gaps, pairwise(sizes), strict=True):
        is_closed_up = (
            not is_closed_up and form == "table" and left == right == 1 and _is_han(text[first - 1] + text[last])
        )
        gaps_kept.append((first, last, "" if is_closed_up else "\t"))
    return gaps_kept


def _unspaced(cells: Sequence[str]) -> list[str]:
    """Join two cells of one Han character each: a name of two, spaced out to the width of three (王　蕾)."""
    found: list[str] = []
    is_joined = False
    for cell in cells:
        is_joined = bool(found) and not is_joined and len(cell) == len(found[-1]) == 1 and _is_han(cell + found[-1])
        if is_joined:
            found[-1] += cell
        else:
            found.append(cell)
    return found


def _is_han(text: str) -> bool:
    return _HAN.fullmatch(text) is not None


def is_name(text: str) -> bool:
    """Whether a text of two to four characters may be a person's name and nothing else."""
    return _HAN_NAME.fullmatch(text) is not None and bool(surname_of(text)) and len(text) - len(surname_of(text)) <= 2


def names_in(text: str) -> int:
    """Return how many names a line consists of, behind a word that says whose they are; 0 where anything else is in it."""
    names = _NAME_GAP.split(_WHOSE.sub("", text).strip("、，, \u3000"))
    return len(names) if all(map(is_name, _unspaced(names))) else 0


def is_label(text: str) -> bool:
    """Whether a line may head the names or rows below it: 二等奖（3名）."""
    return len(text) <= LONGEST_LABEL and not _CLAUSES.search(text) and not is_closed(text)


def are_rows(form: RowForm, lines: Sequence[Line], above: str) -> bool:
    """Whether lines of one form are a table's or a list's rows, rather than headlines that look alike.

    Args:
        lines: at least one, below one another.
        above: the line above them; "" where there is none.
    """
    count = len(lines)
    if sum(_is_of_page(line.text) for line in lines) > count / 2:
        return False
    announced = announces(above)
    if form in ("table", "comma", "spaced"):
        return _are_cells(form, lines, announced=announced)
    if form == "pair":
        figures = sum(any(map(str.isdigit, line.text)) for line in lines)
        return count >= 3 or (count == 2 and (announced or figures == 2))
    if form == "name":
        names = sum(names_in(line.text) for line in lines)
        return names >= (2 if announced else 3) and (count > 1 or names > 2)
    if form == "item":
        return count >= 2
    has_mark = any(not character.isalnum() and character not in " \u3000“”《》·" for character in lines[0].text)
    return count >= 3 and (has_mark or announced)


def is_by_editors(text: str) -> bool:
    """Whether a line says who made the page."""
    return _EDITORS.match(text) is not None


def _is_of_page(text: str) -> bool:
    """Whether a line is the page's own: where to read on, who edited it, its date line."""
    return bool(_TELLS_PAGE.search(text) or is_by_editors(text)) or role_of(text, 1) == "furniture"


def _are_cells(form: RowForm, lines: Sequence[Line], *, announced: bool) -> bool:
    rows = [cells_of(form, line.text) for line in lines if not is_rule(line)]
    names = sum(is_name(cell) for row in rows for cell in row)
    if names >= 0.9 * sum(map(len, rows)) and names >= (3 if announced else 6):
        return True
    if len(rows) < 2:
        return False
    width, usual = Counter(map(len, rows)).most_common(1)[0]
    regular = [row for row in rows if len(row) == width]
    if usual < MOST_SHARE * len(rows) or len(regular) < 2:
        return False
    is_ruled = form == "table" and all(_RULED.search(line.text) for line in lines)
    if is_ruled:
        return True
    if max(len(cell) for row in regular for cell in row) > CELL_CHARACTERS:
        return False
    columns = list(zip(*regular, strict=True))
    telling = sum(_is_telling(column) for column in columns)
    if form == "table":
        return telling > 0 or (len(regular) >= 3 and (width > 2 or announced)) or len(regular) >= 5
    return len(regular) >= 3 and telling > (0 if width > 2 or announced or form == "spaced" else 1)


def _is_telling(column: Sequence[str]) -> bool:
    """Whether a column below its head holds figures, or names, as no headlines do one below another."""
    body = column[1:] if len(column) > 2 or not _is_figure(column[0]) else column
    figures = sum(_is_figure(cell) or _DASH.fullmatch(cell) is not None for cell in body)
    if len(body) > 1 or figures == len(column):
        return figures >= MOST_SHARE * len(body) or sum(map(is_name, body)) >= 0.8 * len(body)
    return figures == len(body) and not _is_figure(column[0])


def _is_figure(cell: str) -> bool:
    return _FIGURE.fullmatch(cell) is not None
