"""A question on the row and column of a printed table → the cell in words, its row as the quote. No LLM."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby

from index.language.normalise import normalise
from index.language.tables import Row, find_tables, without_unit
from index.records import Article
from index.store.generations import Generation
from rag.evidence.constraints import printed_in
from rag.evidence.grounding import Grounding
from rag.facts.planted import is_planted, planted_in
from rag.facts.table_cells import AskedCells, cells_of, find_asked_cells
from rag.generation.composition import Composition, Line
from rag.generation.messages import introduce_quote, with_report_date
from rag.generation.tabled_english import find_translated_cells
from rag.question.analysis import QuestionAnalysis
from rag.records import Language, Passage
from rag.retrieval.retriever import Retrieval
from rag.verification.citations import Quote

MAX_REPORTS = 3
"""Reports whose tables tell the same thing otherwise, the newest first."""


@dataclass(frozen=True, slots=True)
class _Told:
    """What a table of an article tells."""

    article: Article
    passage: Passage
    cells: AskedCells


def has_tables(grounding: Grounding) -> bool:
    """Whether an article that was found for the question, or for a part of it, has a table."""
    retrievals = (grounding.retrieval, *(part.retrieval for part in grounding.parts))
    return any("\t" in article.text for retrieval in retrievals for article in retrieval.articles.values())


def compose_tabled(grounding: Grounding, generation: Generation) -> Composition | None:
    """Return what tables of the passages' articles say to each thing asked; None where they do not say all of it for sure.

    The quote is the whole row, so that a reader sees the value beside what it is of.
    """
    if any(part.decision.refusal == "not_allowed" for part in grounding.parts):
        return None
    lines = _tell(grounding.retrieval, generation, grounding.language)
    if not lines and len(grounding.parts) > 1:
        told = [_tell(part.retrieval, generation, grounding.language) for part in grounding.parts]
        lines = list(chain.from_iterable(told)) if all(told) else []
    return (
        Composition(tuple(dict.fromkeys(lines)), "answered", articles=grounding.retrieval.articles) if lines else None
    )


def _tell(retrieval: Retrieval, generation: Generation, language: Language) -> list[Line]:
    found = list(_find(retrieval, generation))
    if not found:
        return []
    best = max(one.cells.fit for one in found)
    chosen = [one for one in found if one.cells.fit == best]
    chosen.sort(key=lambda one: one.article.date.value if one.article.date else "", reverse=True)
    of_reports = [list(group) for _date, group in groupby(chosen, key=lambda one: one.article.date)]
    said: set[str] = set()
    lines = []
    for reports in of_reports[:MAX_REPORTS]:
        for told in reports:
            for row in told.cells.rows:
                words = _words(told.cells, row)
                if words in said:
                    continue
                said.add(words)
                text = introduce_quote(words, language)
                if len(of_reports) > 1:
                    text = with_report_date(text, told.article.date, language)
                quote = Quote(told.passage, row.start, row.end, told.article.text[row.start : row.end])
                lines.append(Line(text, (quote,)))
    return lines


def _words(cells: AskedCells, row: Row) -> str:
    """榆园社区：参与率87%."""
    told = "，".join(_joined(name, value) for name, value, _cell in cells_of(cells, row))
    label = " ".join(dict.fromkeys(said for column in cells.labels if (said := row.said(column))))
    return f"{without_unit(label)}：{told}"


def _joined(name: str, value: str) -> str:
    if not name:
        return value
    if value[:1].isdigit() or value[:1] in "-+−":
        return f"{name} {value}" if name[-1:].isascii() else f"{name}{value}"
    return f"{name}为{value}"


def _find(retrieval: Retrieval, generation: Generation) -> Iterator[_Told]:
    analysis, concepts = retrieval.analysis, retrieval.translation.concepts
    seen: set[str] = set()
    for passage in retrieval.passages:
        article = retrieval.articles[passage.article_id]
        tables = () if article.id in seen else find_tables(article.text)
        seen.add(article.id)
        planted = planted_in(article) if tables else ()
        for table in tables:
            lead = article.text[slice(*table.lead)] if table.lead else ""
            about = f"{lead}\n{article.title or ''}"
            beside = f"{article.newspaper or ''}\n{article.text}"
            if analysis.language == "en":
                cells = find_translated_cells(concepts, table, f"{about}\n{beside}", generation.lexicon)
            else:
                cells = find_asked_cells(analysis, table, about, beside)
            if (
                cells
                and _is_timely(analysis, article, about, cells)
                and not any(is_planted(planted, row.start, row.end) for row in cells.rows)
            ):
                yield _Told(article, passage, cells)


def _is_timely(analysis: QuestionAnalysis, article: Article, about: str, cells: AskedCells) -> bool:
    """Whether a table is of the time asked about: its own words say that time, or its report is of it."""
    time_range = analysis.time_range
    if time_range is None or not time_range.constrains_time:
        return True
    heads: Sequence[str] = [cells.table.columns[column] for column in cells.columns]
    own = normalise("\n".join([*heads, *(cells.table.label_of(row) for row in cells.rows), about]))
    if all(normalise(analysis.text[span.start : span.end]) in own for span in time_range.asked):
        return True
    return article.date is not None and printed_in(time_range, article.date)
