"""The best passages, read: whether each answers the question, and where. The order that this gives them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from rag.reader.readings import PassageReader, Reading
from rag.records import Passage

ODDS_WEIGHT = 0.5
"""Of the log odds that a passage answers, beside the linear reranker's score."""
SURE_ODDS = 3.0
"""Log odds from which on a passage surely answers, so that the next ones need not be read."""


@dataclass(frozen=True, slots=True)
class PassageReading:
    """What the reader made of a passage.

    Args:
        header: characters that stood in front of the passage's text when it was read.
    """

    reading: Reading
    header: int

    @property
    def odds(self) -> float:
        """Log odds that the passage answers."""
        return self.reading.odds

    def share(self, start: int, end: int) -> float:
        """Return the probability that the answer stands at text[start:end] of the passage, given that there is one."""
        return self.reading.share(start + self.header, end + self.header)

    def best_span(self, start: int, end: int) -> tuple[int, int] | None:
        """Return the likeliest answer within text[start:end], as (start, end) in the text."""
        span = self.reading.best_span(start + self.header, end + self.header)
        return (span[0] - self.header, span[1] - self.header) if span else None


def read_passages(
    question_of: Callable[[Passage], str], passages: Sequence[Passage], reader: PassageReader, *, stops_when_sure: bool
) -> dict[str, PassageReading]:
    """Return chunk id → reading of the first passages, as many as the reader has time for.

    Args:
        question_of: what is asked of a passage.
        stops_when_sure: whether one that surely answers is enough.
    """
    found: dict[str, PassageReading] = {}
    for question, run in groupby(passages[: reader.limit], key=question_of):
        best = list(run)
        headers = [header_of(passage) for passage in best]
        texts = [header + passage.text for header, passage in zip(headers, best, strict=True)]
        for passage, header, reading in zip(best, headers, reader.read(question, texts), strict=False):
            found[passage.chunk_id] = PassageReading(reading, len(header))
            if stops_when_sure and reading.odds >= SURE_ODDS:
                return found
    return found


def header_of(passage: Passage) -> str:
    """Return what the reader sees in front of a passage: its date and its title, as in training, and the head of its table."""
    date = f"{passage.date} " if passage.date else ""
    title = f"{date}{passage.title}\n" if passage.title else date
    return f"{title}{passage.table_head}\n" if passage.table_head else title


def order_by_readings(passages: Sequence[Passage], readings: Mapping[str, PassageReading]) -> tuple[Passage, ...]:
    """Return the passages, those read in front, by their score and ODDS_WEIGHT times the log odds that they answer."""
    read = [passage for passage in passages if passage.chunk_id in readings]
    read.sort(key=lambda passage: -(passage.score + ODDS_WEIGHT * readings[passage.chunk_id].odds))
    unread = [passage for passage in passages if passage.chunk_id not in readings]
    return tuple(replace(passage, rank=rank) for rank, passage in enumerate([*read, *unread], 1))
