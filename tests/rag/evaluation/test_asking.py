"""rag.evaluation.answers: what a reply counts as."""

import json
from pathlib import Path

import pytest

from index.embedding.embedder import Embedder
from index.store import Generation
from rag.answer import Answerer
from rag.evaluation.answers import Asker, write_predictions
from rag.evaluation.questions import Question
from rag.evaluation.scoring import score_reply
from rag.evaluation.source_quotes import PrintedFiles

pytestmark = pytest.mark.anyio

REPLIES = {
    "answered": ("2020年云汀区PM2.5年均浓度是多少？", False, None),
    "related": ("合唱节的评委是谁？", True, "not_found"),
    "refused": ("云汀区2030年的PM2.5年均浓度目标是多少？", True, "out_of_range"),
}


@pytest.mark.parametrize("status", REPLIES)
async def test_related_reports_count_as_a_refusal_with_their_own_status(
    sample: Generation, embedder: Embedder, tmp_path: Path, status: str
) -> None:
    text, refused, problem = REPLIES[status]
    reply = await Asker(Answerer(sample, embedder), PrintedFiles(sample), top_k=8).ask(
        question := Question("q", text, "q", "zh", answerable=False)
    )
    assert (reply.status, reply.refused) == (status, refused)
    if refused:
        assert reply.problem == problem
    assert score_reply(question, reply).row.measures["accuracy_unanswerable"] == (float(refused), 1)
    write_predictions([reply], tmp_path / "p.jsonl")
    written = json.loads((tmp_path / "p.jsonl").read_text("utf-8"))
    assert (written["status"], written["refused"], written["citations"] == []) == (status, refused, refused)
