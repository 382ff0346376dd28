"""Rows of tables among the sentences: one says nothing of what another row is called by, nor of a column that is not asked."""

from collections.abc import Mapping, Sequence

from index.language.normalise import normalise
from index.language.tables import Row, Table, find_tables, is_value
from index.records import Article
from rag.evidence.sentence_ranking import CandidateSentence
from rag.question.analysis import QuestionAnalysis

MIN_CELL_CHARACTERS = 2


def without_other_rows(
    ranked: Sequence[CandidateSentence], analysis: QuestionAnalysis, articles: Mapping[str, Article]
) -> list[CandidateSentence]:
    """Return the sentences without rows of tables that cannot answer.

    A figure of a table is told by rag.generation.tabled, which knows its row and column, or not at all. Where no figure is
    asked for, a row answers that has something the question names. Lists and summaries keep all rows.
    """
    tables = {name: find_tables(article.text) for name, article in articles.items()}
    if not any(tables.values()) or analysis.is_list or analysis.answer_form != "fact":
        return list(ranked)
    return [one for one in ranked if _may_answer(one, analysis, tables.get(one.passage.article_id, ()))]


def _may_answer(sentence: CandidateSentence, analysis: QuestionAnalysis, tables: Sequence[Table]) -> bool:
    table = next((table for table in tables if table.start <= sentence.start < table.end), None)
    if table is None:
        return True
    row = table.row_at(sentence.start)
    if row is None:
        return False  # the names of columns
    if analysis.answer_type == "number" and any(is_value(cell.text) for cell in row.cells):
        return False
    return _names_cell(normalise(analysis.text), row) or analysis.language == "en"


def _names_cell(question: str, row: Row) -> bool:
    return any(
        len(name) >= MIN_CELL_CHARACTERS and name in question for cell in row.cells if (name := normalise(cell.text))
    )
