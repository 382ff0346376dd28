"""What a printed line may be a row of: a table's cells, a name list, a list of items, keys with their values."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from index.repair.lines import Line, is_closed
from index.segment.cells import PARTINGS, RULED, RowForm, cells_of, is_name, is_ruled, rows_of, spaced_names
from index.segment.roles import role_of

FORMS: Sequence[RowForm] = ("table", "leader", "comma", "spaced", "pair", "name", "item", "like")
WIDEST_NAME = 4
CELL_CHARACTERS = 30
"""A longer cell is a sentence's part, unless a tab or a rule parts it."""
LONGEST_LABEL = 10
ROW_WIDTH = 60.0
"""Rows of a newspaper's table are no wider than its widest column of text."""
SHORT_LINE = 22.0
MOST_SHARE = 0.6
"""Share of a table's rows that have its number of cells, and of a column's cells that are of its kind."""

_RULE_LINE = re.compile(r"[\s|｜│┃¦+\-—–─━═=┄┌┐└┘├┤┬┴┼╋:]{3,}")
_LEADS_EYE = re.compile(r"…|[.．·・]{3}|_{3}|[-－—–─]{3}")
_STOPS = re.compile(r"[。；！？!?]")
_NO_CLAUSE: Mapping[RowForm, str] = {"leader": "：", "comma": "，", "spaced": "："}
"""Marks that are no clause's in a row of the form."""
_CLAUSES = re.compile(r"[，。；：！？、“”《》]")
_FIGURE = re.compile(
    r"(?:第|约|近|超|No\.?|￥|¥|\$)?[+\-−—±]?\d[\d,.，:：/~～—–\-−]*(?:\s?[\u4e00-\u9fff%％‰℃A-Za-z/²³·]{1,6}\d{0,2}[\u4e00-\u9fff]{0,2})?"
)
_DASH = re.compile(r"[-—–/·*无]{1,3}")
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
    "table": lambda text: "\u3000" in text or "  " in text or RULED.search(text) is not None,
    "leader": lambda text: _LEADS_EYE.search(text) is not None,
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
        if is_ruled("table", text):
            return "ruled" if len(cells_of("table", text)) > 1 else ""
        is_row = not _STOPS.search(text) and line.width <= ROW_WIDTH
        return "wide" if is_row and len(spaced_names(text, PARTINGS["table"])) > 1 else ""
    if _STOPS.search(text):
        return ""
    if form in PARTINGS:
        parts = cells_of(form, text)
        is_row = len(parts) > 1 and all(parts) and max(map(len, parts)) <= CELL_CHARACTERS / 2
        return form if is_row and not _CLAUSES.search(text.replace(_NO_CLAUSE[form], "")) else ""
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


def names_in(text: str) -> int:
    """Return how many names a line consists of, behind a word that says whose they are; 0 where anything else is in it."""
    names = spaced_names(_WHOSE.sub("", text).strip("、，, \u3000"), _NAME_GAP)
    return len(names) if all(map(is_name, names)) else 0


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
    if form in PARTINGS:
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
    rows = rows_of(form, [line.text for line in lines if not is_rule(line)])
    names = sum(is_name(cell) for row in rows for cell in row)
    if names >= 0.9 * sum(map(len, rows)) and names >= (3 if announced else 6):
        return True
    if len(rows) < 2:
        return False
    width, usual = Counter(map(len, rows)).most_common(1)[0]
    regular = [row for row in rows if len(row) == width]
    if usual < MOST_SHARE * len(rows) or len(regular) < 2:
        return False
    if all(is_ruled(form, line.text) for line in lines):
        return True
    if max(len(cell) for row in regular for cell in row) > CELL_CHARACTERS:
        return False
    columns = list(zip(*regular, strict=True))
    telling = sum(_is_telling(column) for column in columns)
    if form == "leader":
        telling += sum(all(map(_DIGITS.search, column)) for column in columns)
    if form in ("table", "leader"):
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
