"""rag.cli.progress: a bar for each stage, on a terminal only."""

import io
import time

import pytest

from rag.cli.progress import progress_bars


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_scanned_pages_are_told_by_the_minute_and_their_number_grows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr", terminal := Terminal())
    with progress_bars() as report:
        assert report
        report("recognise", 0, 2)
        time.sleep(0.15)  # bars are drawn ten times a second
        report("recognise", 2, 5)
        report("read", 1, 4)
    shown = terminal.getvalue()
    assert "0/2" in shown
    assert "pages a minute" in shown
    assert "read" in shown


def test_where_there_is_no_terminal_nothing_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr", io.StringIO())
    with progress_bars() as report:
        assert report is None
