"""Which cells of a Chinese table an English question asks for: by what of its words, translated, rows and columns have."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from index.language.tables import Row, Table
from index.language.terms import Lexicon
from rag.evidence.sentence_ranking import CERTAIN_TRANSLATION
from rag.facts.table_cells import AskedCells
from rag.retrieval.translation.concepts import Concept

T = TypeVar("T")


def find_translated_cells(concepts: Sequence[Concept], table: Table, about: str, lexicon: Lexicon) -> AskedCells | None:
    """Return the one row and column of a table that have most of a question; None where several have, or something is left.

    Args:
        concepts: what the question says, in the archive's words.
        about: what says what the table is of: caption, headline and text of its article.
    """

    def said_in(texts: Iterable[str]) -> frozenset[str]:
        terms = frozenset(lexicon.extract_terms("\n".join(texts)))
        return frozenset(one.english for one in concepts if one.certainty_in(terms) >= CERTAIN_TRANSLATION)

    weights = {concept.english: concept.weight for concept in concepts}
    labels = {row: said_in(row.said(column) for column in table.labels) for row in table.rows}
    common = frozenset.intersection(*labels.values()) if labels else frozenset()
    rows = _best(table.rows, [sum(weights[word] for word in labels[row] - common) for row in table.rows])
    if len(rows) != 1:
        return None
    row: Row = rows[0]
    columns = [column for column in range(len(table.columns)) if column not in table.own_labels and row.said(column)]
    names = [said_in([table.columns[column]]) for column in columns]
    chosen = _best(columns, [sum(weights[word] for word in name - labels[row]) for name in names])
    if not chosen and len(columns) == 1:
        chosen = columns
    if len(chosen) != 1:
        return None
    told = labels[row] | names[columns.index(chosen[0])]
    if frozenset(weights) - told - said_in([about]):
        return None
    return AskedCells(table, table.own_labels, (row,), tuple(chosen), len(told))


def _best(things: Sequence[T], scores: Sequence[float]) -> list[T]:
    """Those with the highest score above nothing."""
    most = max(scores, default=0.0)
    return [thing for thing, score in zip(things, scores, strict=True) if score == most and score > 0]
