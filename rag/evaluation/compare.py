"""Two results of the same kind side by side: paired differences with intervals, and whether one fails the gate."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from rag.errors import EvaluationError
from rag.evaluation.intervals import Bootstrap, Interval, interval
from rag.evaluation.questions import read_bytes
from rag.evaluation.summary import MEASURES, SUMMARY, Kind, Measure, Result, Row, applying, samples_of


@dataclass(frozen=True, slots=True)
class Difference:
    """A measure in both results, on the common questions.

    Args:
        before, after: of the first and the second result; None where the measure does not apply to that one.
        change: after − before, with the interval of the paired difference; None where either is missing.
        dropped: it got worse by more than is allowed, and not by chance.
    """

    measure: str
    before: float | None
    after: float | None
    change: Interval | None
    dropped: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two results say of each other. The rows of both are compared on the questions that both have."""

    kind: Kind
    common: int
    groups: int
    only_before: int
    only_after: int
    max_drop: float
    differences: tuple[Difference, ...]

    @property
    def failed(self) -> bool:
        """Whether any measure dropped."""
        return any(difference.dropped for difference in self.differences)


def read_result(path: Path) -> Result:
    """Return the result in a file that `--json` or `--report` wrote, or in a report's folder.

    Raises:
        EvaluationNotFoundError: no such file.
        EvaluationError: it is no result of an evaluation.
    """
    file = path / SUMMARY if path.is_dir() else path
    data = read_bytes(file)
    try:
        return msgspec.json.decode(data, type=Result)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise EvaluationError(
            f"{file}: no result of an evaluation ({error}): give what wenju eval … --json printed, or a report's {SUMMARY}"
        ) from error


def compare(before: Result, after: Result, max_drop: float = 0.0) -> Comparison:
    """Compare two results on the questions that both have: the same id and the same words.

    Raises:
        EvaluationError: results of different kinds, or without a common question.
    """
    if before.kind != after.kind:
        raise EvaluationError(f"one result is of {before.kind}, the other of {after.kind}: compare two of a kind")
    others = {(row.id, row.question): row for row in after.rows}
    pairs = [(row, others[row.id, row.question]) for row in before.rows if (row.id, row.question) in others]
    if not pairs:
        raise EvaluationError("the two results have no question in common: evaluate both with the same questions")
    first, second = [row for row, _other in pairs], [other for _row, other in pairs]
    groups = [row.group for row in first]
    bootstrap = Bootstrap(groups)
    differences = [
        _difference(measure, before.kind, first, second, bootstrap, max_drop) for measure in MEASURES[before.kind]
    ]
    return Comparison(
        before.kind,
        len(pairs),
        len(set(groups)),
        len(before.rows) - len(pairs),
        len(after.rows) - len(pairs),
        max_drop,
        tuple(each for each in differences if each.before is not None or each.after is not None),
    )


def _difference(
    measure: Measure, kind: Kind, first: Sequence[Row], second: Sequence[Row], bootstrap: Bootstrap, max_drop: float
) -> Difference:
    figures = [
        samples_of(rows, measure, bootstrap) if measure in applying(kind, rows) else None for rows in (first, second)
    ]
    if figures[0] is None or figures[1] is None:
        before, after = (figure[0] if figure else None for figure in figures)
        return Difference(measure.name, before, after, None, dropped=False)
    (before, drawn_before), (after, drawn_after) = figures[0], figures[1]
    change = interval(after - before, drawn_after - drawn_before, len(first))
    # Read as gains: where lower is better, the change with its ends swapped and turned round.
    gain, highest = (change.value, change.high) if measure.higher_is_better else (-change.value, -change.low)
    return Difference(measure.name, before, after, change, dropped=measure.gates and gain < -max_drop and highest < 0)
