"""Progress bars on a terminal."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

_UNITS = {"read": "file", "recognise": "page", "embed": "chunk"}
_SLOW = {"recognise"}
"""Stages that take seconds for each: told by the minute."""


@contextmanager
def progress_bars() -> Iterator[Callable[[str, int, int], None] | None]:
    """Yield what draws a bar for each stage when called with (stage, done, total); None where there is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from tqdm import tqdm

    bars: dict[str, Any] = {}
    started: dict[str, float] = {}

    def report(stage: str, done: int, total: int) -> None:
        if stage not in bars:
            bars[stage] = tqdm(total=total, desc=stage, unit=_UNITS.get(stage, "question"), leave=False)
            started[stage] = time.monotonic()
        bar = bars[stage]
        bar.total = total
        if stage in _SLOW and done:
            minutes = (time.monotonic() - started[stage]) / 60
            bar.set_postfix_str(f"{done / max(minutes, 1e-6):.1f} {_UNITS[stage]}s a minute", refresh=False)
        bar.update(done - bar.n)

    try:
        yield report
    finally:
        for bar in bars.values():
            bar.close()
