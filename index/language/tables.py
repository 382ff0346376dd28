"""Tables in a text: lines with tabs between their cells, the head row first; a row as a reader would say it.

    街道 → 户数（户） → 参与率（%）
    柳渡街道 → 9210 → 91.3           ─►  柳渡街道：户数 9210户，参与率 91.3%

An arrow stands for a tab. What was one cell over several rows or columns is repeated in each.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter

from index.language.memo import memoise_text
from index.language.vocabulary import MEASURE_WORDS, pattern_of

MAX_HEAD_ROWS = 3
MAX_COLUMNS = 64
"""Columns that have a name; a newspaper prints twenty at most."""
TABLE_CAPTION_CHARACTERS = 60
"""Of the longest line that is a table's caption and no paragraph before it."""
_ROWS = re.compile(r"(?:^|(?<=\n))(?=[^\n\t]*+\t)[^\n]*+(?>(?:\n(?=[^\n\t]*+\t)[^\n]*+)+)")
"""Two lines or more that have a tab each."""
_LINE = re.compile(r"[^\n]++")
_UNIT_LINE = re.compile(r"[（(]?(?:计量)?单位[：:]\s*([^\s（）()，,；;]{1,8})[）)]?\s*$")
_SENTENCE_END = re.compile(r"[。；！？!?]\s*$")
_FIGURE = re.compile(
    r"[-+±−－]?(?>[￥¥$]?\s?)\d[\d,，.]*+\s?(?:[%％‰]|[^\d\s（）()]{1,4})?(?:[（(][^（）()]{0,12}[）)])?|\d{1,2}[:：]\d\d(?:\s?[-—–~～至]{1,2}\s?\d{1,2}[:：]\d\d)?|[—–\-－/／]{1,2}|无"
)
"""A cell that is a value: 9210, 91.3%, 1,240万元, 8:30-17:00; or says that there is none."""
_NO_VALUE = re.compile(
    r"(?:(?:19|20)\d\d年?|\d{1,2}月份?|\d{1,2}日|\d{1,2}月\d{1,2}日|\d{4}[-/.]\d{1,2}(?:[-/.]\d{1,2})?)"
)
"""A figure that names a column or a row: 2023年, 3月."""
_UNIT = re.compile(
    r"(?<!\s)\s*+[（(]\s*+(?:单位[：:]?)?\s*+([^（）()]{1,8}?)\s*+[）)]\s*+$|(?<!\s)\s*+[/／]\s*+([万亿]?[元人户个家%％])\s*+$"
)
_IS_UNIT = re.compile(rf"±?[%％‰℃]|[十百千万亿]?(?:平方|立方)?{pattern_of(MEASURE_WORDS)}(?:/[^\s/]{{1,4}})?")
_BARE_NUMBER = re.compile(r"[-+±−－]?\d[\d,，.]*+")
_KEYED = re.compile(r"([^\d\s：:]{2,8})(?:[：:]\s?|\s)?(\d.*)")
_ORDER = re.compile(r"序号|编号|No\.?|№|#", re.IGNORECASE)
"""Heads of a column that counts the rows and says nothing of them."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: `text[start:end]` without the white space around it."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table, `text[start:end]`.

    Args:
        is_aligned: its cells stand under the names of the columns; False where it has more or fewer cells than the head,
            so that nothing tells which is of which column.
    """

    start: int
    end: int
    cells: tuple[Cell, ...]
    is_aligned: bool = True

    def said(self, column: int) -> str:
        """What it has in a column; "" where it has none, or which cell that is cannot be told."""
        return self.cells[column].text if self.is_aligned and column < len(self.cells) else ""


@dataclass(frozen=True, slots=True)
class Table:
    """Consecutive lines with tabs between their cells.

    Args:
        start, end: of its rows, the head with them.
        lead: (start, end) of the lines before it that are its caption and say its unit; None where there are none.
        heads: rows that name the columns; none where the first row has values already. What all cells of a column begin
            with, before their value, names it then: 首班06:15.
        rows: the others.
        columns: for each column its name, without its unit.
        units: for each column the unit that its head states; "" where it states none.
        labels: columns that say what a row is of: text, no values.
        own_labels: the first of them that stand side by side, by which a row is called; one where there are no values.
    """

    start: int
    end: int
    lead: tuple[int, int] | None
    heads: tuple[Row, ...]
    rows: tuple[Row, ...]
    columns: tuple[str, ...]
    units: tuple[str, ...]
    labels: tuple[int, ...]
    own_labels: tuple[int, ...]

    def label_of(self, row: Row) -> str:
        """What a row is called: 松桥街道 助餐点."""
        return " ".join(dict.fromkeys(filter(None, (row.said(column) for column in self.own_labels))))

    def value_of(self, row: Row, column: int) -> str:
        """What a row has in a column, with the unit that its head, or the row's own label, states."""
        value = row.said(column)
        if not _BARE_NUMBER.fullmatch(value):
            return value
        own = next((unit for label in self.own_labels if (unit := unit_of(row.said(label)))), "")
        return value + (own or (self.units[column] if column < len(self.units) else ""))

    def row_at(self, place: int) -> Row | None:
        """The row, no head, that a place of the text is in."""
        number = bisect_right(self.rows, place, key=attrgetter("start")) - 1
        return self.rows[number] if number >= 0 and place < self.rows[number].end else None

    def say(self, row: Row) -> str:
        """The row in words: 柳渡街道：户数 9210户，参与率 91.3%; of one that is not aligned its cells alone."""
        if not row.is_aligned:
            return "，".join(cell.text for cell in row.cells if cell.text)
        named = self.own_labels
        told = [
            " ".join(
                filter(None, (self.columns[column] if column < len(self.columns) else "", self.value_of(row, column)))
            )
            for column in range(len(row.cells))
            if column not in named and row.said(column) and not self._counts_rows(column)
        ]
        label = self.label_of(row)
        return f"{label}：{'，'.join(told)}" if label and told else label or "，".join(told)

    def _counts_rows(self, column: int) -> bool:
        return column < len(self.columns) and _ORDER.fullmatch(self.columns[column]) is not None


def find_tables(text: str) -> tuple[Table, ...]:
    """Return the tables of a text, in its order."""
    return _tables(text) if "\t" in text else ()


@memoise_text
def _tables(text: str) -> tuple[Table, ...]:
    return tuple(_read(text, match.start(), match.end()) for match in _ROWS.finditer(text))


def find_rows(text: str) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of each line of a text's tables, without the line break."""
    for match in _ROWS.finditer(text) if "\t" in text else ():
        yield from (line.span() for line in _LINE.finditer(text, *match.span()))


def unit_of(name: str) -> str:
    """Return the unit that the name of a column or a row states in brackets at its end: % of 参与率（%）; "" where there is none."""
    match = _UNIT.search(name)
    unit = (match[1] or match[2]) if match else ""
    return unit.lstrip("±").replace("％", "%") if unit and _IS_UNIT.fullmatch(unit) else ""


def without_unit(name: str) -> str:
    """Return a name without the unit that it states."""
    return _UNIT.sub("", name) if unit_of(name) else name


def is_value(cell: str) -> bool:
    """Whether a cell is a figure, or says that there is none, and does not name a year or a month."""
    return _FIGURE.fullmatch(cell) is not None and _NO_VALUE.fullmatch(cell) is None


def _read(text: str, start: int, end: int) -> Table:
    rows = _with_whole_head([_row(text, *line.span()) for line in _LINE.finditer(text, start, end)])
    keys = _keys(rows)
    count = 0 if keys else _count_heads(rows)
    rows = [_without_keys(row, keys) for row in rows] if keys else rows
    heads, body = rows[:count], _aligned(rows[count:], [len(head.cells) for head in rows[:count]])
    width = min(MAX_COLUMNS, max(len(row.cells) for row in rows))
    lead, unit = _lead(text, start)
    names = [" ".join(dict.fromkeys(filter(None, (head.said(column) for head in heads)))) for column in range(width)]
    names = keys + names[len(keys) :]
    units = [unit_of(name) for name in names]
    values = [
        sum(is_value(row.said(column)) for row in body) * 2 > sum(bool(row.said(column)) for row in body)
        for column in range(width)
    ]
    labels = [column for column in range(width) if not (values[column] or _ORDER.fullmatch(names[column]))] or [0]
    side_by_side = [column for number, column in enumerate(labels) if column == labels[0] + number]
    return Table(
        start,
        end,
        lead,
        tuple(heads),
        tuple(body),
        tuple(without_unit(name) for name in names),
        tuple(own or (unit if is_counted else "") for own, is_counted in zip(units, values, strict=True)),
        tuple(labels),
        tuple(side_by_side if any(values) else labels[:1]),
    )


def _with_whole_head(rows: list[Row]) -> list[Row]:
    """The rows, a head of two lines filled up where the upper one has a cell once that spans the columns named below it.

    项目 → 房源 → 租金 over （empty） → 一居 → 两居: 房源 stands over both, if the rows below have four cells.
    """
    if len(rows) < 3 or any(is_value(cell.text) for row in rows[:2] for cell in row.cells):
        return rows
    upper, below, width = rows[0].cells, rows[1].cells, len(rows[2].cells)
    first = next((place for place, cell in enumerate(below) if cell.text), 0)
    count = len(below) - first
    is_partial = 0 < first < len(upper) and count > 1 and len(upper) + count - 1 == width
    if not is_partial or not all(cell.text for cell in (*upper, *below[first:])):
        return rows
    rest = upper[first + 1 :]
    empty = Cell(rows[1].end, rows[1].end, "")
    heads = (
        replace(rows[0], cells=(*upper[:first], *[upper[first]] * count, *rest)),
        replace(rows[1], cells=(*below, *[empty] * len(rest))),
    )
    return [*heads, *rows[2:]]


def _aligned(rows: Sequence[Row], heads: Sequence[int]) -> list[Row]:
    """The rows under heads with so many cells each; those with another number of cells are not aligned."""
    return [replace(row, is_aligned=all(len(row.cells) == width for width in heads)) for row in rows]


def _keys(rows: Sequence[Row]) -> list[str]:
    """For each column of a table without a head the word that all its cells begin with, before a value: 首班 of 首班06:15."""
    width = len(rows[0].cells)
    if any(len(row.cells) != width for row in rows):
        return []
    found = [[_KEYED.fullmatch(row.cells[column].text) for row in rows] for column in range(width)]
    keys = [{match[1] if match and is_value(match[2]) else "" for match in matches} for matches in found]
    found_keys = ["", *(next(iter(key)) if len(key) == 1 else "" for key in keys[1:])]
    return found_keys if any(found_keys) else []


def _without_keys(row: Row, keys: Sequence[str]) -> Row:
    cells = []
    for cell, key in zip(row.cells, keys, strict=True):
        value = cell.text[len(key) :].lstrip("：: ")
        cells.append(Cell(cell.end - len(value), cell.end, value) if key else cell)
    return replace(row, cells=tuple(cells))


def _row(text: str, start: int, end: int) -> Row:
    cells = []
    place = start
    for piece in text[start:end].split("\t"):
        first = place + len(piece) - len(piece.lstrip())
        stripped = piece.strip()
        cells.append(Cell(first, first + len(stripped), stripped))
        place += len(piece) + 1
    return Row(start, end, tuple(cells))


def _count_heads(rows: Sequence[Row]) -> int:
    """How many rows name the columns: none where the first one has values, further ones where a head spans columns."""
    if any(is_value(cell.text) and cell.text[0].isdigit() for cell in rows[0].cells):
        return 0
    count = 1
    while count < min(MAX_HEAD_ROWS, len(rows) - 1) and _goes_on(rows[count - 1], rows[count]):
        count += 1
    return count


def _goes_on(head: Row, below: Row) -> bool:
    """Whether a row goes on with the head: that one spans several columns, and this one names each."""
    spans = any(one.text and one.text == other.text for one, other in zip(head.cells, head.cells[1:], strict=False))
    repeats = below.said(0) in ("", head.said(0))
    return spans and repeats and not any(is_value(cell.text) for cell in below.cells)


def _lead(text: str, start: int) -> tuple[tuple[int, int] | None, str]:
    """The caption before a table with the line that says its unit, and that unit."""
    unit, first, last = "", start, start
    for _line in range(2):
        before = text.rfind("\n", 0, first - 1) + 1 if first > 0 else 0
        line = text[before : first - 1] if first > 0 else ""
        stated = _UNIT_LINE.search(line)
        if not line.strip() or len(line) > TABLE_CAPTION_CHARACTERS or "\t" in line or _SENTENCE_END.search(line):
            break
        first, last = before, last if last < start else first - 1
        unit = stated[1] if stated and not unit else unit
        if not (stated and stated.start() == 0):  # the line over a bare line of the unit is the caption
            break
    return ((first, last), unit) if first < start else (None, "")
