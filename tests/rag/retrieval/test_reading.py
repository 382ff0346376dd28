"""rag.retrieval.reading: what is read, when reading stops, and the order that it gives."""

from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from passages import made_passage

from rag.reader.readings import Reading
from rag.records import Passage
from rag.retrieval.reading import ODDS_WEIGHT, SURE_ODDS, PassageReading, header_of, order_by_readings, read_passages


class Marked:
    """A reader for which the odds stand in the passage: 赔率-1.5。"""

    def __init__(self, limit: int = 8) -> None:
        self.limit = limit
        self.texts: list[str] = []

    def read(self, _question: str, passages: Sequence[str]) -> Iterator[Reading]:
        for text in passages:
            self.texts.append(text)
            yield Reading(float(text.partition("赔率")[2].rstrip("。")))


def asking(_passage: Passage) -> str:
    return "问"


def passage(number: int, odds: float, score: float = 0.0, date: str | None = None, title: str | None = None) -> Passage:
    return made_passage(
        f"赔率{odds}。", f"a{number}", number, chunk_id=f"c{number}", score=score, date=date, title=title
    )


def test_as_many_passages_are_read_as_there_is_time_for() -> None:
    passages = [passage(number, -1.0) for number in range(5)]
    reader = Marked(limit=3)
    assert list(read_passages(asking, passages, reader, stops_when_sure=True)) == ["c0", "c1", "c2"]
    assert len(reader.texts) == 3


@pytest.mark.parametrize(("stops", "read"), [(True, 2), (False, 4)])
def test_one_that_surely_answers_ends_the_reading_where_one_is_enough(stops: bool, read: int) -> None:
    passages = [passage(0, -1.0), passage(1, SURE_ODDS), passage(2, 0.0), passage(3, 9.0)]
    assert len(read_passages(asking, passages, Marked(), stops_when_sure=stops)) == read


@pytest.mark.parametrize(
    ("date", "title", "header"),
    [
        ("2023-06-16", "望津桥通车", "2023-06-16 望津桥通车\n"),
        ("2023-06", None, "2023-06 "),
        (None, "望津桥通车", "望津桥通车\n"),
        (None, None, ""),
    ],
)
def test_date_and_title_stand_in_front_of_what_is_read(date: str | None, title: str | None, header: str) -> None:
    one = passage(0, 0.0, date=date, title=title)
    reader = Marked()
    found = read_passages(asking, [one], reader, stops_when_sure=False)
    assert header_of(one) == header
    assert reader.texts == [header + one.text]
    assert found["c0"].header == len(header)


def test_places_are_those_of_the_passage_without_what_stands_in_front() -> None:
    spans = ((0, 4), (4, 8), (8, 10), (10, 14))  # a header of eight characters, then six of text
    reading = Reading(1.0, 0.0, spans, np.array([0, 0, 0, 1.0], np.float32), np.array([0, 0, 0, 1.0], np.float32))
    placed = PassageReading(reading, header=8)
    assert placed.best_span(0, 6) == (2, 6)
    assert placed.share(2, 6) == 1.0
    assert placed.share(0, 2) == 0.0


def test_the_order_is_that_of_score_and_odds_and_what_was_not_read_follows() -> None:
    passages = [passage(0, -4.0, 2.0), passage(1, 4.0, 1.0), passage(2, 0.0, 0.5), passage(3, 9.0, 0.1)]
    readings = read_passages(asking, passages, Marked(limit=3), stops_when_sure=False)
    ordered = order_by_readings(passages, readings)
    assert [one.chunk_id for one in ordered] == ["c1", "c2", "c0", "c3"]
    assert [one.rank for one in ordered] == [1, 2, 3, 4]
    assert ODDS_WEIGHT > 0


def test_nothing_read_leaves_the_order() -> None:
    passages = [passage(0, 1.0, 2.0), passage(1, 2.0, 1.0)]
    assert [one.chunk_id for one in order_by_readings(passages, {})] == ["c0", "c1"]


def test_each_passage_is_asked_what_is_to_be_asked_of_it_in_its_turn() -> None:
    asked: list[tuple[str, int]] = []

    class Told(Marked):
        def read(self, question: str, passages: Sequence[str]) -> Iterator[Reading]:
            asked.append((question, len(passages)))
            yield from super().read(question, passages)

    passages = [passage(number, -1.0) for number in range(4)]
    read = read_passages(lambda one: "甲" if one.rank < 3 else "乙", passages, Told(), stops_when_sure=False)
    assert list(read) == ["c0", "c1", "c2", "c3"]
    assert asked == [("甲", 3), ("乙", 1)]
