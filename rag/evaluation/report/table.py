"""Results and comparisons as text for a terminal."""

from collections.abc import Iterator, Sequence

from rag.evaluation.compare import Comparison
from rag.evaluation.intervals import Interval
from rag.evaluation.summary import MEASURES, Kind, Measure, Part, Result

_COLUMNS = 4
"""Parts side by side: 120 characters."""


def show_result(result: Result) -> str:
    """The figures of all questions, then those of each type and language side by side."""
    whole, *others = result.parts
    lines = [
        f"{whole.questions} questions in {whole.groups} groups; 95 % intervals, {result.samples} samples of groups"
    ]
    lines += _table(result.kind, [whole])
    others = [part for part in others if part.questions < whole.questions]
    for start in range(0, len(others), _COLUMNS):
        lines += ["", *_table(result.kind, others[start : start + _COLUMNS])]
    return "\n".join(lines)


def show_comparison(comparison: Comparison) -> str:
    """Each measure in both results, and what dropped."""
    lines = [f"{comparison.common} common questions in {comparison.groups} groups"]
    if comparison.only_before or comparison.only_after:
        lines[0] += (
            f"; left out: {comparison.only_before} of the first and {comparison.only_after} of the second result"
        )
    titles = _titles(comparison.kind)
    width = max(map(len, titles.values()))
    lines.append(f"{'':{width}}  {'first':>8}  {'second':>8}    change  95 % interval")
    for difference in comparison.differences:
        measure = _measure(comparison.kind, difference.measure)
        before, after = (figure(value, measure) for value in (difference.before, difference.after))
        line = f"{measure.title:{width}}  {before:>8}  {after:>8}"
        if difference.change:
            low, high = (figure(value, measure, sign=True) for value in (difference.change.low, difference.change.high))
            line += f"  {figure(difference.change.value, measure, sign=True):>8}  [{low}, {high}]"
        lines.append(line + ("  DROPPED" if difference.dropped else ""))
    if comparison.failed:
        lines.append(f"dropped: got worse by more than {comparison.max_drop:g}, and the interval excludes 0")
    return "\n".join(lines)


def figure(value: float | None, measure: Measure, *, sign: bool = False) -> str:
    """A value with the decimals that its measure can have."""
    if value is None:
        return "–"
    return format(value, f"{'+' if sign else ''}.{0 if measure.name.endswith('_ms') else 3}f")


def _table(kind: Kind, parts: Sequence[Part]) -> Iterator[str]:
    titles = _titles(kind)
    width = max(map(len, titles.values()))
    if parts[0].name != "all":
        yield f"{'':{width}}  " + "  ".join(f"{f'{part.name} ({part.questions})':<24}" for part in parts).rstrip()
    for name in titles:
        if any(name in part.figures for part in parts):
            cells = (_cell(part.figures.get(name), _measure(kind, name)) for part in parts)
            yield f"{titles[name]:{width}}  " + "  ".join(f"{cell:<24}" for cell in cells).rstrip()


def _cell(found: Interval | None, measure: Measure) -> str:
    if found is None:
        return f"{'–':>6}"
    return f"{figure(found.value, measure):>6} [{figure(found.low, measure)}, {figure(found.high, measure)}]"


def _titles(kind: Kind) -> dict[str, str]:
    return {measure.name: measure.title for measure in MEASURES[kind]}


def _measure(kind: Kind, name: str) -> Measure:
    return next(measure for measure in MEASURES[kind] if measure.name == name)
