"""What the conditions of a question are worth is learnt from rows of which it is known whether the sentence answers."""

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
from calibrate_conditions import Row, main, report

from rag.evidence.answerability import CONDITION_FEATURES


def rows() -> list[Row]:
    """Right ones without problems; as likely ones with a problem, which do not answer."""
    made = [Row(f"q{n}", f"g{n}", True, (1.0 + n % 3, 0.5, 0.0), False, True) for n in range(40)]
    made += [Row(f"n{n}", f"g{n}", False, (1.0 + n % 3, -0.5, 1.0), False, False) for n in range(40)]
    return [
        *made,
        Row("of another", "g0", False, (3.0, 3.0, 0.0), True, False),
        Row("none", "g1", False, None, False, False),
    ]


def test_a_problem_speaks_against_an_answer_and_support_for_it() -> None:
    weights = report(rows())
    assert len(weights) == len(CONDITION_FEATURES) + 1
    _log_odds, statement, problems, _constant = weights
    assert statement > 0 > problems


def test_of_what_the_rules_refuse_nothing_is_learnt() -> None:
    apart = [row for row in rows() if not row.is_of_another and row.features is not None]
    assert np.allclose(report(rows()), report(apart), atol=0.2)


def test_what_was_found_is_kept_and_not_looked_for_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "rows.jsonl"
    kept.write_text("".join(json.dumps(asdict(row)) + "\n" for row in rows()), "utf-8")
    monkeypatch.setattr("sys.argv", ["calibrate_conditions.py", "--rows", str(kept)])
    main()
    assert "with them" in capsys.readouterr().out
