"""What the tests of faults tried, for the closing lines of a run: a line a kind, and one for all of them.

faults: index publish, n-th operation fails   3,834 of 3,834 right
faults: 11 kinds, 21,402 of 21,402 right
"""

from collections.abc import Callable, Iterable

import pytest

FAULTS = "faults"
"""The name of what a test says of itself; xdist carries it to where the run is summed up."""
Tried = Callable[[str, int, int], None]
"""(what, how many came out right, of how many)."""


def saying(record: Callable[[str, object], None]) -> Tried:
    """Return what says how many faults of a kind were tried, and how many came out right; it fails unless all did."""

    def say(what: str, right: int, of: int) -> None:
        record(FAULTS, (what, right, of))
        assert of > 0, f"{what}: nothing was tried"
        assert right == of, f"{what}: {right} of {of} right"

    return say


@pytest.fixture
def tried(record_property: Callable[[str, object], None]) -> Tried:
    """See `saying`: for the closing lines of this run."""
    return saying(record_property)


def fault_lines(figures: Iterable[tuple[str, int, int]]) -> list[str]:
    """Return the closing lines; none where no fault was tried."""
    kinds: dict[str, tuple[int, int]] = {}
    for what, right, of in figures:
        before = kinds.get(what, (0, 0))
        kinds[what] = before[0] + right, before[1] + of
    if not kinds:
        return []
    width = max(map(len, kinds)) + 2
    lines = [f"faults: {what:<{width}} {right:,} of {of:,} right" for what, (right, of) in sorted(kinds.items())]
    right, of = (sum(column) for column in zip(*kinds.values(), strict=True))
    return [*lines, f"faults: {len(kinds)} kinds, {right:,} of {of:,} right"]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the closing lines."""
    reports = [report for kind in ("passed", "failed") for report in terminalreporter.getreports(kind)]
    figures = [tuple(value) for report in reports for name, value in report.user_properties if name == FAULTS]
    for line in fault_lines(figures):
        terminalreporter.write_line(line)
