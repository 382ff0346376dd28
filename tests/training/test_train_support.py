"""tests/training/train_support.py: what it learns and tells. On numbers made up here, no archive."""

import numpy as np
import pytest
from calibrate_answers import Floats, chances
from train_support import GROUPS, NAMES, THRESHOLDS, Row, group_of, learn, tell

TRUE = {"covered": 3.0, "absent": -2.0, "constant": -1.0}
"""Weights of two features and the constant; the others tell nothing."""


def drawn(seed: int, kind: str = "foreign", count: int = 3000) -> list[Row]:
    """Statements of sixty questions, right with the probability that the true weights give."""
    random = np.random.default_rng(seed)
    names = NAMES[kind]
    table = random.normal(size=(count, len(names)))
    weights = np.array([TRUE.get(name, 0.0) for name in names] + [TRUE["constant"]])
    right = random.uniform(size=count) < chances(table, weights)
    groups = [*GROUPS, "relations"]
    return [
        Row(
            kind,
            f"q{number % 60}",
            "right" if is_right else groups[number % len(groups)],
            bool(random.uniform() < 0.9),
            row,
        )
        for number, (row, is_right) in enumerate(zip(table, right, strict=True))
    ]


@pytest.mark.parametrize(
    ("plant", "group"),
    [
        ("figure", "figures"),
        ("another date", "figures"),
        ("unit", "figures"),
        ("wrong year", "figures"),
        ("person", "roles"),
        ("office", "roles"),
        ("list member", "roles"),
        ("another body", "roles"),
        ("must for may", "relations"),
        ("superlative", "relations"),
        ("", "relations"),
    ],
)
def test_what_is_wrong_is_told_by_its_kind(plant: str, group: str) -> None:
    assert group_of(plant) == group


@pytest.mark.parametrize("kind", NAMES)
def test_the_weights_that_statements_were_drawn_with_are_found_again_under_their_names(kind: str) -> None:
    found = learn(drawn(1, kind))
    assert list(found) == [*NAMES[kind], "constant"]
    known = {name: weight for name, weight in TRUE.items() if name in found}
    for name, weight in known.items():
        assert found[name] == pytest.approx(weight, rel=0.35)
    assert max(abs(weight) for name, weight in found.items() if name not in known) < 0.35


def test_what_was_learnt_tells_right_from_wrong_better_than_chance(capsys: pytest.CaptureFixture[str]) -> None:
    learn(drawn(2))
    first = capsys.readouterr().out.splitlines()[0]
    assert float(first.rpartition(" ")[2]) > 0.85


def rows(*statements: tuple[str, bool]) -> list[Row]:
    nothing: Floats = np.zeros(1)
    return [Row("native", "q", group, passes, nothing) for group, passes in statements]


def test_the_table_tells_what_each_threshold_loses_and_shows(capsys: pytest.CaptureFixture[str]) -> None:
    said = rows(
        ("right", True), ("right", True), ("right", False), ("right", True),
        ("figures", True), ("figures", False), ("roles", True), ("relations", True),
    )  # fmt: skip
    tell("set", said, np.array([0.9, 0.22, 0.9, 0.9, 0.12, 0.9, 0.9, 0.01]))
    head, alone, *lines = capsys.readouterr().out.splitlines()
    assert head.startswith("set: 8 statements, 4 right, ")
    assert "lost to the rules alone 0.250; wrong ones past them 0.750" in alone
    assert len(lines) == len(THRESHOLDS)
    assert " ".join(lines[0].split()) == (
        "0.10 right lost 0.250 wrong shown {'figures': '0.500', 'roles': '1.000', 'relations': '0.000'}"
    )
    assert "right lost 0.500" in lines[THRESHOLDS.index(0.25)]
    assert "'figures': '0.000'" in lines[THRESHOLDS.index(0.25)]


def test_a_group_without_statements_is_not_told(capsys: pytest.CaptureFixture[str]) -> None:
    tell("set", rows(("right", True), ("roles", True)), np.array([0.9, 0.1]))
    assert "figures" not in capsys.readouterr().out
