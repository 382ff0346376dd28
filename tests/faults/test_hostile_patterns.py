"""No text can hold the service: every regular expression takes time as the length of the text, whatever the text.

Each is given, at n, 2n and 4n characters, what hurts it: what it repeats, repeated, with nothing behind that it could end in.
CPU seconds are compared, of several measurements the least. The long form, with all RUNS for each besides:
WENJU_TEST_HOSTILE=long pytest -m fault tests/faults/test_hostile_patterns.py
"""

import itertools
import re
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from fault_figures import Tried
from hostile_patterns import Pattern, attacks_on, patterns_of
from hostile_text import IS_LONG, RUNS, TAIL, Growth, linear, modules_of, repeated, superlinear

pytestmark = pytest.mark.fault

CHARACTERS, FLOOR_S = 2000, 0.001
"""Half a microsecond a character: where every character begins a scan to the end, it takes that."""
ATTACKS = 60 if IS_LONG else 24
"""On each pattern at most."""


@pytest.fixture(scope="module")
def modules() -> list[ModuleType]:
    return modules_of("index", "rag")


def _matches(pattern: Pattern, operation: str) -> Callable[[str], object]:
    def match(text: str) -> None:
        given: Any = text.encode("utf-8", "replace") if isinstance(pattern.pattern, bytes) else text
        if operation == "fullmatch":
            pattern.fullmatch(given)
        else:
            for _match in pattern.finditer(given):
                pass

    return match


@pytest.mark.parametrize("package", ["index", "rag"])
def test_every_regular_expression_is_linear(package: str, modules: list[ModuleType], tried: Tried) -> None:
    patterns = patterns_of(module for module in modules if module.__name__.startswith(package))
    found: dict[str, Growth] = {}
    for name, pattern in patterns.values():
        attacks = [*attacks_on(pattern, ATTACKS), *([("", run) for run in RUNS] if IS_LONG else [])]
        for (head, unit), operation in itertools.product(attacks, ("finditer", "fullmatch")):
            make = repeated(unit, head, TAIL)
            if seconds := superlinear(_matches(pattern, operation), make, CHARACTERS, FLOOR_S):
                found[f"{name} {operation} {head!r} {unit!r}"] = seconds
                break
    linear(found, len(patterns), f"regular expressions of {package}, repeated parts", tried)


def test_groups_are_repeated_atomically_and_not_possessively(modules: list[ModuleType]) -> None:
    """Python 3.11.0 to 3.11.4 match (?:ab?c)*+ wrongly (gh-106052); sets of characters and (?>…) they match right."""
    possessive = re.compile(r"(?<!\\)\)(?:[*+?]|\{\d*,?\d*\})\+")
    patterns = patterns_of(modules)
    shown = [
        name
        for name, pattern in patterns.values()
        if isinstance(pattern.pattern, str) and possessive.search(pattern.pattern)
    ]
    assert shown == []
    assert patterns
