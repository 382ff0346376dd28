"""Which cells of a table a question asks for: by the names of rows and columns, whole or in part; nothing where that is open.

松桥街道助餐点有几家？ ─ rows named: 松桥街道 and 助餐点 ─ columns named, else counted in 家 ─ nothing else asked? ─► 9

A wrong cell is worse than none: where words of the question are left that nothing about the table says, none is returned.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.language.normalise import normalise
from index.language.tables import Cell, Row, Table, is_value, without_unit
from index.language.terms import split_words
from index.language.vocabulary import DIVISIONS, measure_words, pattern_of
from rag.facts.answer_spans import unit_in
from rag.question.analysis import ASKING, QuestionAnalysis

MAX_ROWS = 6
"""Rows that one answer tells of."""
MIN_NAME_CHARACTERS = 2
MIN_PART = 0.5
"""Share of a column's name that a question has, where it has not its end."""
_PEOPLE = measure_words("people")
_NUMERALS = "零一二三四五六七八九十百"
_OF_TIME = re.compile(
    rf"[\d{_NUMERALS}上下本去今前末]\s?(?:个)?(?:{pattern_of(measure_words('time', 'order'))}|半年|[旬周期批])|Q[1-4]"
)
"""In the name of a column: it is told from others by its number alone."""
_BRACKETS = re.compile(r"[（(\[〔【][^（）()\[\]〔〕【】]{0,20}[）)\]〕】]")
_KINDS = tuple(
    sorted(
        {*DIVISIONS, "居委会", "小区", "小学", "中学", "学校", "医院", "公司", "公园", "站", "校区"},
        key=len,
        reverse=True,
    )
)
_TOTAL = re.compile(r"(?:合|总|共|小)计|总[和数量]|全[区市县镇街]|汇总|total|sum", re.IGNORECASE)
_ASKS_TOTAL = re.compile(r"合计|总计|一共|总共|共有|总数|全[区市县镇街]|\btotal\b|\ball\b")
_MOST = re.compile(r"最[高多大长快好]|第一|\b(?:highest|most|largest|best)\b")
_LEAST = re.compile(r"最[低少小短慢差]|倒数第一|\b(?:lowest|least|fewest|smallest)\b")
_NUMBER = re.compile(r"[-−－]?\d[\d,，]*(?:\.\d+)?")
_NO_CONTENT = re.compile(
    r"情况|比例|数[量字据]|达到|目前|现在|请问|告诉|想?知道|介绍|一下|具体|结果|统计|公布|显示|报道|[本我全]区|其中|排名|倒?数?第一|最[高低多少大小好差]|"
    r"[合总]计|总[共数]|共有|什么样|多[大高]|以及|分别|属于"
)
"""Words of a question that say nothing of what is asked."""
_HAN_OR_WORD = re.compile(r"[\u4e00-\u9fffA-Za-z0-9.%]+")


@dataclass(frozen=True, slots=True)
class AskedCells:
    """Cells of one table that a question asks for.

    Args:
        labels: columns that its rows are called by.
        rows: that it names, or that have the highest or lowest value.
        columns: that it names; all that say something of a row where the row alone is named.
        fit: characters of the question that their names have: of two tables, the better fit is meant.
    """

    table: Table
    labels: tuple[int, ...]
    rows: tuple[Row, ...]
    columns: tuple[int, ...]
    fit: int


def find_asked_cells(analysis: QuestionAnalysis, table: Table, about: str, beside: str) -> AskedCells | None:
    """Return the cells of a table that a Chinese question asks for; None where it does not tell which, or asks for more.

    Args:
        about: what says what the table is of: its caption and the headline of its article.
        beside: what its article says beside it: text, newspaper.
    """
    return _Reading(analysis, table, normalise(about), normalise(beside)).find()


class _Reading:
    """A question laid over a table."""

    def __init__(self, analysis: QuestionAnalysis, table: Table, about: str, beside: str) -> None:
        self._analysis, self._table, self._about, self._beside = analysis, table, about, beside
        self._question = normalise(analysis.text)
        self._is_counted = False

    def find(self) -> AskedCells | None:
        table = self._table
        rows, spans, used = self._named_rows()
        if not rows:
            rows = self._outstanding_rows()
        rest = _blanked(self._question, spans)
        best = _MOST.search(self._question) or _LEAST.search(self._question)
        candidates = [
            column for column in range(len(table.columns)) if column not in used and self._tells(column, rows)
        ]
        if not rows:  # of which row is asked: 哪个街道户数最少
            candidates = [column for column in candidates if column not in table.labels]
        columns, found = self._named_columns(rest, candidates)
        is_named = bool(columns)
        if not columns:
            columns = self._counted_columns(candidates, rows)
        columns = self._of_unit(columns, rows)
        if not columns:
            return None
        rest = _blanked(rest, found)
        if best and not spans:
            if len(columns) != 1:
                return None
            rows = self._extreme(columns[0], is_least=best.re is _LEAST)
        if not rows or len(rows) > MAX_ROWS or not self._is_all(rest, is_named=is_named):
            return None
        fit = sum(end - start for start, end in (*spans, *found)) + int(is_named or self._is_counted)
        return AskedCells(table, self._labels(rows, used, columns), tuple(rows), tuple(columns), fit)

    def _labels(self, rows: Sequence[Row], used: set[int], columns: Sequence[int]) -> tuple[int, ...]:
        """What the rows are called by: the columns that the question names them by, where that tells them apart."""
        named = sorted(used)
        if named and len({tuple(row.said(column) for column in named) for row in rows}) == len(rows):
            return tuple(named)
        return tuple(column for column in self._table.own_labels if column not in columns)

    def _named_rows(self) -> tuple[list[Row], list[tuple[int, int]], set[int]]:
        """The rows that the question names, where in it, and by which columns."""
        hits: list[tuple[int, Row, int, int]] = []
        for row in self._table.rows:
            for column in self._table.labels:
                hits += [(column, row, *span) for span in _find_name(self._question, row.said(column))]
        spans = {(start, end) for _column, _row, start, end in hits}
        widest = {one for one in spans if not any(_within(one, other) for other in spans)}
        hits = [hit for hit in hits if hit[2:] in widest]
        by_column: dict[int, set[int]] = {}
        for column, row, _start, _end in hits:
            by_column.setdefault(column, set()).add(row.start)
        if not by_column:
            return [], [], set()
        agreed = set.intersection(*by_column.values())
        if not agreed:  # 松桥街道 of one row and 图书馆 of others: nothing has both
            return [], [], set()
        rows = [row for row in self._table.rows if row.start in agreed]
        return rows, sorted(widest), set(by_column)

    def _outstanding_rows(self) -> list[Row]:
        """The row of the total where the whole is asked about."""
        if not _ASKS_TOTAL.search(self._question):
            return []
        return [row for row in self._table.rows if _TOTAL.fullmatch(_name_of(self._table.label_of(row)))][:1]

    def _extreme(self, column: int, *, is_least: bool) -> list[Row]:
        """The rows with the highest or lowest value of a column, those of totals left out; none where not all can be compared."""
        if not all(row.is_aligned for row in self._table.rows):
            return []
        counted = [
            (float(match[0].replace(",", "").replace("，", "").replace("−", "-").replace("－", "-")), row)
            for row in self._table.rows
            if not _TOTAL.search(self._table.label_of(row)) and (match := _NUMBER.search(row.said(column)))
        ]
        if len(counted) < 2:
            return []
        extreme = (min if is_least else max)(value for value, _row in counted)
        return [row for value, row in counted if value == extreme]

    def _tells(self, column: int, rows: Sequence[Row]) -> bool:
        """Whether a column says something of a row, beside what it is called by."""
        return any(row.said(column) for row in rows or self._table.rows)

    def _named_columns(self, rest: str, candidates: Sequence[int]) -> tuple[list[int], list[tuple[int, int]]]:
        """The columns whose names the question has most of, and where it has them."""
        found = {column: spans for column in candidates if (spans := self._column_spans(rest, column))}
        if not found:
            head = self._analysis.head_noun
            kinds = [column for column in candidates if head and self._is_of_kind(column, head)]
            return (kinds, []) if len(kinds) == 1 else ([], [])
        size = {column: sum(end - start for start, end in spans) for column, spans in found.items()}
        most = max(size.values())
        best = [column for column, count in size.items() if count == most]
        whole = [
            column for column in best if size[column] == len("".join(_name_of(self._table.columns[column]).split()))
        ]
        chosen = whole if len(whole) == 1 else best
        return chosen, sorted({span for column in chosen for span in found[column]})

    def _column_spans(self, rest: str, column: int) -> list[tuple[int, int]]:
        """Where the question has the name of a column, or what tells it from others of it."""
        spans: list[tuple[int, int]] = []
        for printed in dict.fromkeys(self._table.columns[column].split()):
            piece = normalise(_BRACKETS.sub("", printed))
            if _OF_TIME.search(piece):  # 三季度 is none of 二季度
                spans += _places(rest, piece)[:1]
                continue
            if piece.endswith(_KINDS):
                spans += _find_name(rest, piece)[:1]
                continue
            place, size = _longest_shared(piece, rest)
            is_end = size >= MIN_NAME_CHARACTERS and piece.endswith(rest[place : place + size])
            if size and (
                size == len(piece) or is_end or (size >= MIN_NAME_CHARACTERS and size >= MIN_PART * len(piece))
            ):
                spans.append((place, place + size))
        return spans

    def _is_of_kind(self, column: int, head: str) -> bool:
        cells = [row.said(column) for row in self._table.rows if row.said(column)]
        return head in normalise(self._table.columns[column]) or bool(
            cells and all(cell.endswith(head) for cell in cells)
        )

    def _counted_columns(self, candidates: Sequence[int], rows: Sequence[Row]) -> list[int]:
        """The columns of figures, where the question names none and says what it counts, or there is only one."""
        if self._analysis.answer_type != "number":
            return []
        values = [column for column in candidates if any(is_value(row.said(column)) for row in rows)]
        unit = self._analysis.unit
        if unit:
            counted = [column for column in values if self._counts(column, rows, unit)]
            self._is_counted = bool(counted)
            values = counted or [column for column in values if self._may_count(column, rows, unit)]
            return values if counted or len(values) == 1 else []
        return values if len(values) == 1 else []

    def _of_unit(self, columns: list[int], rows: Sequence[Row]) -> list[int]:
        """The columns without those that count something else than the question, where some count it."""
        unit = self._analysis.unit if self._analysis.answer_type == "number" else None
        if not unit or len(columns) < 2:
            return columns
        return [column for column in columns if self._counts(column, rows, unit)] or columns

    def _counts(self, column: int, rows: Sequence[Row], unit: str) -> bool:
        """Whether a column counts in a unit: its head says so, is called by it (户数), or its values have it."""
        name = self._table.columns[column]
        own = self._table.units[column]
        if own:
            return own.endswith(unit)
        return name.startswith(unit) or any(row.said(column).endswith(unit) for row in rows)

    def _may_count(self, column: int, rows: Sequence[Row], unit: str) -> bool:
        """Whether nothing says that a column counts something else: 个 for 家, or no unit at all."""
        table = self._table
        printed = {unit_in(table.value_of(row, column)) for row in rows or table.rows if is_value(row.said(column))}
        return all(one in (None, "个", unit) or {one, unit} <= _PEOPLE or unit == "个" for one in printed)

    def _is_all(self, rest: str, *, is_named: bool) -> bool:
        """Whether nothing else is asked about: each word left is said of the table, or says nothing.

        Where no column is named, the table's own words must say it: its caption and head, not just its article.
        """
        said = f"{self._own_words()}\n{self._beside}" if is_named else self._own_words()
        for run in _HAN_OR_WORD.findall(ASKING.sub(" ", rest)):
            for word in split_words(run):
                folded = normalise(word)
                if (
                    len(folded) >= MIN_NAME_CHARACTERS
                    and not _NO_CONTENT.fullmatch(folded)
                    and not _is_said(folded, said)
                ):
                    return False
        return True

    def _own_words(self) -> str:
        table = self._table
        cells = [cell.text for row in (*table.heads, *table.rows) for cell in row.cells]
        return normalise("\n".join([*cells, self._about]))


def _is_said(word: str, said: str) -> bool:
    """Whether a text has a word, or both words of a longer one: 财政 and 支出 of 财政支出."""
    half = len(word) // 2
    return word in said or (len(word) == 2 * MIN_NAME_CHARACTERS and word[:half] in said and word[half:] in said)


def _name_of(cell: str) -> str:
    """A name as it is compared: folded, without its unit and what stands in brackets."""
    return normalise(_BRACKETS.sub("", without_unit(cell))).strip()


def _find_name(question: str, cell: str) -> list[tuple[int, int]]:
    """Where a question has the name in a cell: whole, else without its kind where no other kind follows."""
    name = _name_of(cell)
    if len(name) < MIN_NAME_CHARACTERS or is_value(cell):
        return []
    if whole := _places(question, name):
        return whole
    kind = next((kind for kind in _KINDS if name.endswith(kind)), "")
    stem = name[: len(name) - len(kind)]
    if not kind or len(stem) < MIN_NAME_CHARACTERS:
        return []
    return [(start, end) for start, end in _places(question, stem) if not question.startswith(_KINDS, end)]


def _places(question: str, name: str) -> list[tuple[int, int]]:
    if name not in question:  # a large table has many names; no pattern is made of most
        return []
    edge = r"(?<![A-Za-z\d.])" if name[0].isascii() else rf"(?<![{_NUMERALS}])" if name[0] in _NUMERALS else ""
    return [match.span() for match in re.finditer(edge + re.escape(name), question)]


def _within(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one != other and other[0] <= one[0] and one[1] <= other[1]


def _blanked(text: str, spans: Sequence[tuple[int, int]]) -> str:
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _longest_shared(name: str, text: str) -> tuple[int, int]:
    """The place in a text, and the length, of the longest part of a name that it has."""
    for size in range(len(name), 0, -1):
        for start in range(len(name) - size + 1):
            place = text.find(name[start : start + size])
            if place >= 0:
                return place, size
    return 0, 0


def cells_of(asked: AskedCells, row: Row) -> Iterator[tuple[str, str, Cell]]:
    """Yield column name, value with its unit, and the cell itself, for each asked cell of a row that has something."""
    for column in asked.columns:
        if row.said(column):
            yield asked.table.columns[column], asked.table.value_of(row, column), row.cells[column]
