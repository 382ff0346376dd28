"""One question on its way to its Answer: what it is told with, however it is answered."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from index.records import Article
from rag.generation.answer_builder import AnswerBuilder, AnswerContent, as_of, show_interpreted
from rag.generation.completion import Completion
from rag.question.analysis import QuestionAnalysis
from rag.records import Answer, Done, Event, Generator, Query, Refusal, Status, Timings


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, and what every answer to it says of itself.

    Args:
        analysis: of the question made self-contained.
        articles: those of all that was found, by id.
        is_traditional: it is answered in traditional characters.
        started: seconds of time.perf_counter when it came.
        timings: gets the milliseconds of each stage.
        index_generation: name of the generation that it is asked of.
        note: the service's own words that the answer begins with.
    """

    query: Query
    analysis: QuestionAnalysis
    articles: Mapping[str, Article]
    is_traditional: bool
    started: float
    timings: Timings
    index_generation: str
    note: str = ""

    def builder(self) -> AnswerBuilder:
        """An answer without a statement: empty, or with the note that it begins with."""
        return self._open()[0]

    def opening(self) -> list[Event]:
        """What a listener must hear of such an answer before its first statement."""
        return self._open()[1]

    def _open(self) -> tuple[AnswerBuilder, list[Event]]:
        builder = AnswerBuilder(self.articles, is_traditional=self.is_traditional)
        return builder, builder.append_message(self.note, "\n") if self.note else []

    def finish(
        self,
        content: AnswerContent,
        status: Status,
        generator: Generator,
        completion: Completion | None = None,
        *,
        refusal: Refusal | None = None,
        choices: tuple[str, ...] = (),
    ) -> Done:
        """Return the whole Answer.

        Args:
            completion: what an LLM said, whether or not it became the content.
            choices: questions that a reader may go on with.
        """
        self.timings.record("total", self.started)
        return Done(
            Answer(
                id=uuid.uuid4().hex,
                question=self.query.text,
                status=status,
                refusal=refusal,
                answer=content.text,
                statements=content.statements,
                citations=content.citations,
                as_of=as_of(content.citations, self.articles),
                generator=generator,
                interpreted=show_interpreted(self.query, self.analysis.time_range, self.analysis.text),
                timings_ms=dict(self.timings.stages),
                usage=completion.usage.counts() if completion and completion.usage else None,
                index_generation=self.index_generation,
                struck=completion.rejected if completion else (),
                removed_markers=completion.removed_markers if completion else 0,
                choices=choices,
            )
        )
