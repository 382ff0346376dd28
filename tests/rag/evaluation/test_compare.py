import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest

from rag.cli import main
from rag.errors import EvaluationError
from rag.evaluation.compare import Comparison, Difference, compare
from rag.evaluation.summary import Kind, Result, Row, summarise

Captured = pytest.CaptureFixture[str]


def result(values: Mapping[str, float], kind: Kind = "retrieval", measure: str = "hit@1", lang: str = "zh") -> Result:
    rows = [Row(name, f"{name}？", name, None, lang, {measure: (value, 1)}) for name, value in values.items()]
    return summarise(kind, rows, {})


def difference(comparison: Comparison, measure: str) -> Difference:
    return next(each for each in comparison.differences if each.measure == measure)


GOOD = {f"q{number}": 1.0 for number in range(40)}
BAD = GOOD | {f"q{number}": 0.0 for number in range(10)}
SLIGHTLY_WORSE = GOOD | {"q0": 0.0}


def test_a_result_differs_from_itself_by_nothing() -> None:
    same = result(BAD)
    change = difference(compare(same, same), "hit@1").change
    assert change is not None
    assert (change.value, change.low, change.high) == (0, 0, 0)
    assert not compare(same, same).failed


def test_a_drop_beyond_chance_and_beyond_what_is_allowed_fails() -> None:
    dropped = difference(compare(result(GOOD), result(BAD)), "hit@1")
    assert dropped.change is not None
    assert dropped.change.value == -0.25
    assert -0.45 < dropped.change.low < dropped.change.high < -0.1
    assert dropped.dropped
    assert compare(result(GOOD), result(BAD), max_drop=0.24).failed
    assert not compare(result(GOOD), result(BAD), max_drop=0.25).failed


def test_a_drop_that_may_be_chance_does_not_fail() -> None:
    assert not compare(result(GOOD), result(SLIGHTLY_WORSE)).failed


def test_a_gain_does_not_fail() -> None:
    assert not compare(result(BAD), result(GOOD)).failed


def test_where_lower_is_better_a_rise_is_a_drop() -> None:
    few, many = (result(values, "answers", "false_refusal_rate") for values in (BAD, GOOD))
    assert compare(few, many).failed
    assert not compare(few, many, max_drop=0.25).failed
    assert not compare(many, few).failed
    by_chance = result(dict.fromkeys(GOOD, 0.0) | {"q0": 1.0}, "answers", "false_refusal_rate")
    assert not compare(result(dict.fromkeys(GOOD, 0.0), "answers", "false_refusal_rate"), by_chance).failed


def test_latency_is_shown_and_never_fails() -> None:
    fast, slow = (result(dict.fromkeys(GOOD, ms), "answers", "latency_ms") for ms in (10.0, 5000.0))
    slower = difference(compare(fast, slow), "latency_p95_ms")
    assert slower.change is not None
    assert (slower.change.value, slower.change.low) == (4990, 4990)
    assert not compare(fast, slow).failed


def test_only_common_questions_are_compared() -> None:
    other = {name: value for name, value in BAD.items() if name not in {"q0", "q1"}} | {"q99": 0.0}
    compared = compare(result(GOOD), result(other))
    assert (compared.common, compared.only_before, compared.only_after) == (38, 2, 1)
    assert difference(compared, "hit@1").after == pytest.approx(30 / 38)


def test_the_same_id_with_another_question_is_another_question() -> None:
    rows = [Row("q0", "另一问？", "q0", None, "zh", {"hit@1": (1, 1)})]
    with pytest.raises(EvaluationError, match="no question in common"):
        compare(result(GOOD), summarise("retrieval", rows, {}))


def test_results_of_different_kinds_are_not_compared() -> None:
    with pytest.raises(EvaluationError, match="two of a kind"):
        compare(result(GOOD), result(GOOD, "answers", "accuracy"))


def test_a_measure_that_only_one_result_has_is_shown_without_a_change() -> None:
    before, after = result(GOOD, "answers", "accuracy"), result(GOOD, "answers", "faithfulness")
    shown = difference(compare(before, after), "faithfulness")
    assert (shown.before, shown.after, shown.change, shown.dropped) == (None, 1, None, False)


# ---- on the command line


@pytest.fixture(autouse=True)
def _quiet_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def written(path: Path, value: Result) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(msgspec.json.encode(value))
    return str(path)


def test_the_gate_goes_both_ways(tmp_path: Path, capsys: Captured) -> None:
    good, bad = written(tmp_path / "a.json", result(GOOD)), written(tmp_path / "b.json", result(BAD))
    assert main(["eval", "compare", good, bad]) == 1
    out = capsys.readouterr().out
    assert "hit@1" in out
    assert "-0.250" in out
    assert "DROPPED" in out
    assert main(["eval", "compare", good, bad, "--max-drop", "0.3"]) == 0
    assert main(["eval", "compare", bad, good]) == 0
    assert "DROPPED" not in capsys.readouterr().out


def test_the_comparison_is_printed_as_json_and_a_folder_will_do(tmp_path: Path, capsys: Captured) -> None:
    good, _bad = written(tmp_path / "a.json", result(GOOD)), written(tmp_path / "report" / "summary.json", result(BAD))
    assert main(["eval", "compare", good, str(tmp_path / "report"), "--json"]) == 1
    values: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert values["common"] == 40
    assert values["differences"][0]["dropped"] is True


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (None, 4, "no such file"),
        ("{", 5, "no result of an evaluation"),
        ('{"kind": "other"}', 5, "no result of an evaluation"),
    ],
)
def test_what_is_no_result_is_told(
    tmp_path: Path, capsys: Captured, content: str | None, code: int, words: str
) -> None:
    path = tmp_path / "x.json"
    if content is not None:
        path.write_text(content, "utf-8")
    assert main(["eval", "compare", str(path), str(path)]) == code
    err = capsys.readouterr().err
    assert words in err
    assert "x.json" in err


@pytest.mark.parametrize("drop", ["much", "-1", "nan"])
def test_a_drop_that_is_no_number_is_a_usage_error(drop: str, capsys: Captured) -> None:
    with pytest.raises(SystemExit) as leaving:
        main(["eval", "compare", "a", "b", f"--max-drop={drop}"])
    assert leaving.value.code == 2
    assert "--max-drop" in capsys.readouterr().err
