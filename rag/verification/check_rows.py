"""Whether a statement tells of one row or column of a table what is printed in another."""

from collections.abc import Iterator, Sequence

from index.language.tables import Row, Table, is_value
from rag.facts.quantities import Figure, find_figures
from rag.verification.alignment import Place
from rag.verification.claims import fold
from rag.verification.words import ParsedText


def find_other_cells(statement: ParsedText, places: Sequence[Place]) -> Iterator[str]:
    """Yield why rows that sentences stand in are not what the statement tells of, as "kind:words".

    A row is another one where the statement names none of its labels, and labels of others of its table; a figure stands in
    another column where what it counts is in that one's name: 4人 of 班数 4，人数 160. A row with another number of cells than the
    head carries no figure where it has several.
    """
    told = fold(statement.text)
    for said in (said for place in places for said in place.source.said.rows_in(*place.span)):
        if _is_other_row(told, said.row, said.table):
            yield f"row_of_another:{said.table.label_of(said.row)}"
        for figure in statement.claims.figures:
            if _is_in_other_column(figure, said.row, said.table):
                yield f"figure_of_another:{figure.text}"


def _is_other_row(told: str, row: Row, table: Table) -> bool:
    own = _labels(row, table)
    if not own or any(label in told for label in own):
        return False
    others = {label for other in table.rows for label in _labels(other, table)}
    # 西山小学 names 山小学 as well, of which the table has a row too.
    return any(label in told and not any(label in mine for mine in own) for label in others)


def _labels(row: Row, table: Table) -> set[str]:
    return {label for column in table.own_labels if (label := fold(row.said(column)))}


def _is_in_other_column(figure: Figure, row: Row, table: Table) -> bool:
    if not row.is_aligned:  # which of its values is of which column cannot be told
        return sum(is_value(cell.text) for cell in row.cells) > 1
    counted = figure.text[-1]
    cells = [(name, cell.text) for name, cell in zip(table.columns, row.cells, strict=False) if is_value(cell.text)]
    own = [name for name, cell in cells if any(other.amount == figure.amount for other in find_figures(cell, ()))]
    others = [name for name, _cell in cells if name not in own]
    return (
        bool(own)
        and counted.isalpha()
        and not any(counted in name for name in own)
        and any(counted in name for name in others)
    )
