"""tests/training/train_sentence_ranker.py: what it fits and how it reads its questions. On numbers made up here, no corpus."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ranking_loss import Floats
from train_sentence_ranker import (
    MISSING,
    answers,
    draw,
    fit_logistic,
    fit_stages,
    probability,
    read_lines,
    squeeze,
    write_small,
)

TRUE = np.array([2.0, 0.5, -1.0])
"""Two signs and a constant."""


def drawn(seed: int, count: int = 4000) -> tuple[Floats, Floats]:
    """Signs on different scales, and answers drawn with the probability that the true weights give."""
    random = np.random.default_rng(seed)
    rows = random.normal(size=(count, 2)) * [1.0, 4.0] + [0.5, -2.0]
    chance = 1 / (1 + np.exp(-(rows @ TRUE[:2] + TRUE[2])))
    return rows, (random.uniform(size=count) < chance).astype(float)


def test_the_weights_that_answers_were_drawn_with_are_found_again() -> None:
    found = fit_logistic([drawn(1), drawn(2)])
    np.testing.assert_allclose(found, TRUE, atol=0.2)


def test_a_sign_that_speaks_against_an_answer_gets_no_weight() -> None:
    rows, right = drawn(3)
    against = np.c_[rows[:, 0], -rows[:, 1]]
    found = fit_logistic([(against, right)])
    assert found[0] > 1
    assert found[1] == pytest.approx(0, abs=1e-6)


def test_every_data_set_counts_the_same() -> None:
    large, small = drawn(4), drawn(5, 40)
    turned = (small[0], 1 - small[1])  # the small one says the opposite
    assert np.abs(fit_logistic([large, turned])).sum() < np.abs(fit_logistic([large])).sum() / 2


def test_a_sign_that_never_varies_does_no_harm() -> None:
    rows, right = drawn(6)
    found = fit_logistic([(np.c_[rows, np.ones(len(rows))], right)])
    assert np.isfinite(found).all()
    np.testing.assert_allclose(found[:2], TRUE[:2], atol=0.3)


def test_the_stages_part_what_is_gone_from_what_does_not_say_it() -> None:
    random = np.random.default_rng(7)
    gone = [MISSING[place] for place in random.integers(0, 3, 1500)]
    missing = np.array(gone)
    rows = np.c_[(missing != "document") + random.normal(size=1500) / 2, (missing == "") + random.normal(size=1500) / 2]
    stages = fit_stages([(rows, (missing == "").astype(float), gone)])
    assert stages.shape == (2, 3)
    assert stages[0, 0] > stages[0, 1]
    assert stages[1, 1] > stages[1, 0]
    chance = probability(rows, stages)
    assert chance.shape == (1500,)
    assert chance[missing == ""].mean() > 0.5 > chance[missing == "document"].mean()


@pytest.mark.parametrize(
    ("line", "sentence", "expected"),
    [
        ({"answers": ["412米"]}, "新桥全长 412 米。", True),
        ({"answers": ["412米"]}, "新桥全长426米。", False),
        ({"answers": ["412 metres"], "answers_zh": ["412米"]}, "新桥全长412米。", True),
        ({"answers": ["3.5%"]}, "下降了3.5%。", True),
        ({"answers": ["3.5%"]}, "下降了35%。", False),
        ({"answers": [""]}, "新桥。", False),
        ({"answers": [], "evidence": "新桥，全长412米"}, "新桥全长412米，很宽。", True),
        ({"answers": ["412米"], "evidence": "旧桥全长300米。"}, "新桥全长412米。", False),
    ],
)
def test_a_sentence_answers_when_it_has_an_answer_or_the_evidence(
    line: dict[str, Any], sentence: str, expected: bool
) -> None:
    assert answers(line, sentence) is expected


def test_marks_and_spaces_make_no_difference() -> None:
    assert squeeze("“新 橋”，412米！") == squeeze("新桥412米")


def test_questions_that_need_their_context_are_left_out_and_the_order_is_always_the_same(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    lines = [{"_id": str(n), "gold_docs": [f"d{n % 3}"], "context_bound": n % 4 == 0} for n in range(12)]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    read = read_lines(path)
    assert {line["_id"] for line in read} == {line["_id"] for line in lines if not line["context_bound"]}
    assert read == read_lines(path)
    assert {line["gold_docs"][0] for line in read_lines(path, {"d1"})} == {"d1"}


def test_the_small_archive_has_only_documents_that_are_asked_about(tmp_path: Path) -> None:
    corpus, questions = tmp_path / "corpus.jsonl", tmp_path / "questions.jsonl"
    corpus.write_text("".join(json.dumps({"_id": f"d{n}"}) + "\n" for n in range(5)), "utf-8")
    questions.write_text(json.dumps({"_id": "q", "gold_docs": ["d1", "d3"]}) + "\n", "utf-8")
    path, ids = write_small(corpus, questions, tmp_path)
    assert ids == {"d1", "d3"}
    assert [json.loads(line)["_id"] for line in path.read_text("utf-8").splitlines()] == ["d1", "d3"]


def test_the_curve_is_an_image_with_a_line_for_every_data_set() -> None:
    missing = ["", "document", "sentence"] * 10
    image = draw([(name, np.linspace(0, 1, 30), missing) for name in ("one", "two")])
    assert image.startswith("<svg")
    assert image.count('fill="none" stroke="#') == 3  # the axes and both lines
    assert "two</text>" in image
