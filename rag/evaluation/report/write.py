"""Writes the folder of a report: summary.json, questions.jsonl, report.html."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from rag.evaluation.answers import Asked
from rag.evaluation.report.failures import answer_card, expected, retrieval_card
from rag.evaluation.report.page import Histogram, draw_page
from rag.evaluation.report.plots import latency_bins, rank_bins
from rag.evaluation.retrieval import Found
from rag.evaluation.summary import SUMMARY, Result

QUESTIONS = "questions.jsonl"
PAGE = "report.html"


def write_retrieval_report(folder: Path, result: Result, found: Sequence[Found], openings: Mapping[str, str]) -> Path:
    """Write the report of a retrieval and return its page.

    Args:
        folder: made when missing; a report in it is replaced.
        openings: gold document → how it begins.
    """
    worst_first = sorted(
        (each for each in found if each.rank != 1), key=lambda each: -(each.rank or len(each.doc_ids) + 1)
    )
    histogram = Histogram("Rank of the first gold document", rank_bins([each.rank for each in found]))
    cards = [retrieval_card(each, openings) for each in worst_first]
    page = draw_page(result, histogram, cards, "Gold document not first")
    return _write(folder, result, [_retrieved(each) for each in found], page)


def write_answers_report(folder: Path, result: Result, asked: Sequence[Asked]) -> Path:
    """Write the report of answers and return its page; see `write_retrieval_report`."""
    wrong = sorted((each for each in asked if each.why), key=_worth)
    histogram = Histogram("Latency", latency_bins([each.reply.latency_ms for each in asked]))
    page = draw_page(result, histogram, [answer_card(each) for each in wrong], "Something is wrong")
    return _write(folder, result, [_answered(each) for each in asked], page)


def _worth(asked: Asked) -> float:
    """0 for a wrong or unsafe reply, 1 for one whose faults are in its citations."""
    measures = asked.row.measures
    right, of = measures.get("accuracy") or measures.get("safe_rate") or (1.0, 1.0)
    return right / of


def _write(folder: Path, result: Result, rows: Sequence[Mapping[str, object]], page: bytes) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / SUMMARY).write_bytes(msgspec.json.format(msgspec.json.encode(result), indent=1) + b"\n")
    with (folder / QUESTIONS).open("wb") as file:
        file.writelines(msgspec.json.encode(row) + b"\n" for row in rows)
    path = folder / PAGE
    path.write_bytes(page)
    return path


def _retrieved(found: Found) -> dict[str, object]:
    return {
        "id": found.question.id,
        "question": found.question.text,
        "type": found.question.type,
        "lang": found.question.lang,
        "group": found.question.group,
        "answers": found.question.answers,
        "gold_docs": found.question.gold_docs,
        "rank": found.rank,
        "measures": {name: value for name, (value, _one) in found.row.measures.items()},
        "doc_ids": found.doc_ids,
        "passages": found.passages,
    }


def _answered(asked: Asked) -> dict[str, object]:
    question = asked.question
    return {
        "id": question.id,
        "question": question.text,
        "history": question.history,
        "type": question.type,
        "lang": question.lang,
        "group": question.group,
        "answerable": question.answerable,
        "expected": expected(question),
        "reply": asked.reply,
        "why_wrong": asked.why,
        "measures": asked.row.measures,
        "verdict": asked.verdict,
    }
