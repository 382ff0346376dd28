"""Asks every question of an index; what it replied, with each quote looked up again in article and file."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from rag.answer import Answerer
from rag.errors import QuestionError
from rag.evaluation.judge import Judge, Verdict
from rag.evaluation.questions import Question
from rag.evaluation.scoring import Cited, Reply, score_reply
from rag.evaluation.source_quotes import PrintedFiles
from rag.evaluation.summary import Row
from rag.generation.markers import MARKER
from rag.records import Answer, Citation, Query

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, the reply to it and what that is worth.

    Args:
        row: its measures, with those of the verdict.
        why: what is wrong with the reply; empty where nothing is.
        verdict: the judge's, where one was asked and had something to judge.
    """

    question: Question
    reply: Reply
    row: Row
    why: tuple[str, ...]
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True)
class Asker:
    """Asks questions of one index.

    Args:
        answerer: over an opened generation.
        printed: of the same generation.
        top_k: passages to answer from.
    """

    answerer: Answerer
    printed: PrintedFiles
    top_k: int

    async def ask_all(self, questions: Sequence[Question], progress: Progress | None = None) -> list[Reply]:
        """Return the replies in the order of the questions, asked one after the other so that latencies are a user's."""
        # Else the first question would pay for what is loaded at first use.
        self.answerer.retriever.retrieve(Query("丰收"))
        replies = []
        for number, question in enumerate(questions, 1):
            replies.append(await self.ask(question))
            if progress:
                progress("ask", number, len(questions))
        return replies

    async def ask(self, question: Question) -> Reply:
        """Return the reply to one question; one that is not taken counts as refused, with the reason as its problem."""
        started = time.perf_counter()
        try:
            query = Query(question.text, question.history, question.first, question.last, self.top_k)
            answer = await self.answerer.answer(query)
        except QuestionError as error:
            took = (time.perf_counter() - started) * 1000
            return Reply(question.id, "", refused=True, status="error", latency_ms=took, problem=str(error))
        return self._reply(question, answer, (time.perf_counter() - started) * 1000)

    def _reply(self, question: Question, answer: Answer, latency_ms: float) -> Reply:
        quotes = {citation.n: citation.quote for citation in answer.citations}
        return Reply(
            id=question.id,
            answer=MARKER.sub("", answer.answer),
            refused=answer.is_refused,
            status=answer.status,
            citations=tuple(self._cited(citation) for citation in answer.citations),
            statements=tuple(
                (MARKER.sub("", statement.text), tuple(quotes[number] for number in statement.citations))
                for statement in answer.statements
            ),
            latency_ms=round(latency_ms, 2),
            generator=answer.generator.model or answer.generator.kind,
            problem=answer.refusal.reason if answer.refusal else answer.generator.fallback_reason,
        )

    def _cited(self, citation: Citation) -> Cited:
        article = self.answerer.generation.catalogue.article(citation.article_id)
        in_article = article is not None and article.text[citation.start : citation.end] == citation.quote
        doc_id = article.doc_id if article else citation.source
        printed = self.printed.find(citation, doc_id)
        return Cited(citation.source, doc_id, printed.quote, in_article, printed.in_file, citation.title, citation.date)


async def score_all(
    questions: Sequence[Question],
    replies: Sequence[Reply],
    judge: Judge | None = None,
    progress: Progress | None = None,
) -> list[Asked]:
    """Return every reply with its score, and with the judge's verdict where there is a judge."""
    scored = []
    for number, (question, reply) in enumerate(zip(questions, replies, strict=True), 1):
        score = score_reply(question, reply)
        verdict = await judge.judge(question, reply) if judge else None
        measures = {**score.row.measures, **(verdict.measures if verdict else {})}
        why = (*score.why, *(_objections(verdict, reply) if verdict else ()))
        scored.append(Asked(question, reply, replace(score.row, measures=measures), why, verdict))
        if judge and progress:
            progress("judge", number, len(questions))
    return scored


def _objections(verdict: Verdict, reply: Reply) -> Iterator[str]:
    if verdict.failure:
        yield f"no verdict of the judge: {verdict.failure}"
        return
    for (statement, _quotes), faithful in zip(reply.statements, verdict.faithful, strict=True):
        if not faithful:
            yield f"not faithful, says the judge: {statement}"
    if verdict.correct is False:
        yield "not correct, says the judge"


def write_predictions(replies: Sequence[Reply], path: Path) -> None:
    """Write one line a reply, as the contract's Predictions: quotes as printed."""
    with path.open("wb") as file:
        for reply in replies:
            citations = [{"source": cited.source, "quote": cited.quote} for cited in reply.citations]
            values = {"id": reply.id, "answer": reply.answer, "refused": reply.refused, "citations": citations}
            file.write(msgspec.json.encode(values | {"status": reply.status}) + b"\n")
