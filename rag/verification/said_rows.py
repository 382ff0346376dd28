"""A passage whose tables are read aloud: each row a sentence with the names of its columns, as an LLM puts it.

    街道 → 户数（户） → 参与率（%）
    柳渡街道 → 9210 → 91.3           ─►  柳渡街道：户数 9210户，参与率 91.3%。

An arrow stands for a tab. Quotes are the printed row.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from index.language.tables import Row, Table, find_tables
from rag.facts.planted import Span, blanked
from rag.verification.stretches import beginning_in


@dataclass(frozen=True, slots=True)
class SaidRow:
    """A row in words.

    Args:
        start, end: of the words in the text that has rows said.
        row: as printed.
        table: whose row it is.
    """

    start: int
    end: int
    row: Row
    table: Table


@dataclass(frozen=True, slots=True)
class SaidText:
    """A text with its rows said, and without what names their columns, which each of them has.

    Args:
        text: rows in words, the rest as printed.
        told: the same without what was planted, blanks in its place.
        rows: in order.
    """

    text: str
    told: str
    rows: tuple[SaidRow, ...] = ()

    def rows_in(self, start: int, end: int) -> Sequence[SaidRow]:
        """The rows of text[start:end]."""
        return beginning_in(self.rows, start, end)

    def printed_span(self, start: int, end: int) -> tuple[int, int]:
        """Where text[start:end] is printed; of a row all of it."""
        return self._printed(start, is_end=False), self._printed(end, is_end=True)

    def _printed(self, place: int, *, is_end: bool) -> int:
        number = self._last_before(place - is_end)
        if number < 0:
            return place
        said = self.rows[number]
        if place - is_end < said.end:
            return said.row.end if is_end else said.row.start
        return place - said.end + said.row.end

    def _last_before(self, place: int) -> int:
        return bisect_right(self.rows, place, key=lambda said: said.start) - 1


def say_rows(text: str, planted: Sequence[Span]) -> SaidText:
    """Return a passage's text with the rows of its tables said; one in which something is planted stays as it is."""
    told = blanked(text, planted)
    pieces: list[str] = []
    told_pieces: list[str] = []
    rows: list[SaidRow] = []
    done = size = 0
    for table in find_tables(text):
        for row in (*table.heads, *table.rows):
            if told[row.start : row.end] != text[row.start : row.end]:
                continue
            is_head = row in table.heads
            said = " " * (row.end - row.start) if is_head else f"{table.say(row)}。"
            pieces += (text[done : row.start], said)
            told_pieces += (told[done : row.start], said)
            size += row.start - done + len(said)
            done = row.end
            if not is_head:
                rows.append(SaidRow(size - len(said), size, row, table))
    return SaidText("".join((*pieces, text[done:])), "".join((*told_pieces, told[done:])), tuple(rows))
