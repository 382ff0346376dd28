"""Quotes → the statements of an extracted answer, in the service's own words where a quote needs any. No LLM."""

from collections.abc import Iterator
from dataclasses import dataclass

from rag.evidence import Evidence
from rag.ground import Ground, Part
from rag.select import select_quotes
from rag.cite import tidy
from rag.wording import frame


@dataclass(frozen=True, slots=True)
class Line:
    """One statement of the answer and the sentence that carries it."""

    text: str
    evidence: Evidence


def compose(ground: Ground) -> Iterator[Line]:
    """Yield the lines of the answer: those of each part in turn, no sentence twice."""
    said: set[tuple[str, int]] = set()
    for part in ground.parts:
        if part.decision.refusal:
            continue
        for evidence in _choose(part):
            place = (evidence.passage.article_id, evidence.start)
            if place not in said:
                said.add(place)
                yield Line(frame(tidy(evidence.text), ground.reading.language), evidence)


def _choose(part: Part) -> tuple[Evidence, ...]:
    return select_quotes(
        part.question, part.reading, part.decision.evidence, dict(part.retrieval.articles)
    ).quotes
