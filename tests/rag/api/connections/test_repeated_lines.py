"""A log that nobody can fill."""

import logging

from rag.api.connections.repeated_lines import EVERY_S, RepeatedLines


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_what_is_said_again_and_again_is_written_once_a_minute_with_how_often_it_was() -> None:
    clock = Clock()
    lines = RepeatedLines(clock)
    written = []
    for _ in range(1000):
        record = logging.LogRecord("server", logging.WARNING, "", 0, "no room for %s", ("one",), None)
        if lines.filter(record):
            written.append(record.getMessage())
        clock.now += EVERY_S / 500
    assert written == ["no room for one", "no room for one (499 more since the line like this)"]


def test_other_lines_and_errors_pass() -> None:
    lines = RepeatedLines(Clock())
    said = [("a", logging.WARNING), ("b", logging.WARNING), ("c", logging.ERROR), ("c", logging.ERROR)]
    records = [logging.LogRecord("server", level, "", 0, text, (), None) for text, level in said]
    assert all(lines.filter(record) for record in records)
