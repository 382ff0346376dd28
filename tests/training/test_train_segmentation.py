"""tests/training/train_segmentation.py: what the segmenter's weights are learnt from, and how they are written."""

from random import Random

import numpy as np
import pytest
from page_truth import TruePage, first_pages, folded, press_pages, sample_pages
from press.invented import invented_pool
from section_examples import section_examples, sectioned
from string_weights import ending_texts, middle_texts, opening_texts
from train_segmentation import (
    cut_examples,
    exported,
    heading_examples,
    line_examples,
    link_examples,
    seam_examples,
    with_other_gaps,
)

from index.segment.heading_features import HEADING_FEATURES
from index.segment.line_cuts import CUT_FEATURES
from index.segment.line_roles import LINE_FEATURES
from index.segment.link_features import OPTION_FEATURES
from index.segment.seams import SEAM_FEATURES
from index.segment.sections import SECTION_FEATURES
from index.segment.trees import Trees

POOL = invented_pool(200, 3)
PAGES = list(press_pages(POOL, "hard", 3, 6))


def test_a_block_is_placed_in_the_article_that_it_is_of() -> None:
    for page in PAGES:
        for block in page.blocks():
            place = page.place(block)
            if place:
                assert 0 <= place.first <= place.last or place.article != place.last_article


def test_the_first_generators_blocks_are_found_by_their_text() -> None:
    found = [page.place(block) for page in first_pages(3, 2) for block in page.blocks() if block.role == "text"]
    assert sum(place is not None for place in found) > 0.9 * len(found)


def test_the_samples_pages_count_as_often_as_asked() -> None:
    pages = list(sample_pages(10))
    assert pages
    assert {page.count for page in pages} == {10}


def test_a_headline_and_a_lifted_sub_heading_are_known_and_a_banner_is_of_none() -> None:
    kinds = set()
    for page in PAGES:
        assert page.heading is not None
        for block in page.blocks():
            if block.role == "heading":
                true = page.heading(block.text.text, block)
                kinds.add(None if true is None else true[1])
    assert kinds == {None, False, True}


@pytest.mark.parametrize(
    ("examples", "features"),
    [
        (line_examples, LINE_FEATURES),
        (cut_examples, CUT_FEATURES),
        (seam_examples, SEAM_FEATURES),
        (link_examples, OPTION_FEATURES),
    ],
)
def test_examples_have_all_features_and_both_truths(examples: object, features: tuple[str, ...]) -> None:
    told = [one for page in PAGES for one in examples(page)]  # type: ignore[operator]
    assert {true for _row, true, _count in told} == {True, False}
    assert {len(row) for row, _true, _count in told} == {len(features)}
    assert all(np.isfinite(row).all() for row, _true, _count in told)


def test_a_run_has_one_true_option_at_most() -> None:
    for page in PAGES:
        told = list(link_examples(page))
        begins = [number for number, (row, _true, _count) in enumerate(told) if row[OPTION_FEATURES.index("own")]]
        for start, end in zip(begins, [*begins[1:], len(told)], strict=True):
            assert sum(true for _row, true, _count in told[start:end]) <= 1


def test_headings_are_learnt_for_each_article() -> None:
    told = [one for page in PAGES for one in heading_examples(page)]
    assert {len(row) for row, _head, _lifted, _count in told} == {len(HEADING_FEATURES)}
    assert not any(head and lifted for _row, head, lifted, _count in told)
    assert any(head for _row, head, _lifted, _count in told)
    assert any(lifted for _row, _head, lifted, _count in told)


def test_a_page_without_the_truth_of_its_headings_teaches_none() -> None:
    assert list(heading_examples(TruePage(PAGES[0].text, PAGES[0].place, None))) == []


def test_a_sub_heading_stands_over_one_paragraph_of_its_article() -> None:
    told = [one for page in PAGES for one in section_examples(page, Random(3))]
    assert {len(row) for row, _true, _count in told} == {len(SECTION_FEATURES)}
    assert {true for _row, true, _count in told} == {True, False}
    found = [one for page in PAGES for one in sectioned(page)]
    assert any(lifted for _texts, subheads, _fresh in found for _text, _over, lifted in subheads)
    assert all(0 <= over < len(texts) for texts, subheads, _fresh in found for _text, over, _lifted in subheads)


def test_blank_lines_are_lost_on_some_pages_and_nothing_else_changes() -> None:
    rows = np.ones((400, len(SEAM_FEATURES)))
    pages = list(range(400))
    made = with_other_gaps(SEAM_FEATURES, rows, pages, 1)
    gap, frame = SEAM_FEATURES.index("gap"), SEAM_FEATURES.index("frame")
    assert 0.3 < (made[:, gap] == 0).mean() < 0.5
    others = [column for column in range(len(SEAM_FEATURES)) if column not in (gap, frame)]
    assert (made[:, others] == 1).all()


def test_openings_are_learnt_from_first_paragraphs_and_middles_from_cuts_inside_sentences() -> None:
    firsts = [first for _text, first in opening_texts(POOL)]
    assert sum(firsts) == len(POOL.articles)
    told = list(middle_texts(POOL, 1))
    assert {is_cut for _text, is_cut in told} == {True, False}
    assert not any(text[0] in "，。；：、！？”）》" for text, is_cut in told if is_cut)
    assert {is_cut for _text, is_cut in ending_texts(POOL, 1)} == {True, False}


def test_exported_trees_score_as_the_model_that_they_were_made_of() -> None:
    ensemble = pytest.importorskip("sklearn.ensemble")
    rng = np.random.default_rng(0)
    rows = rng.normal(0, 1, (400, 3))
    model = ensemble.HistGradientBoostingClassifier(max_iter=8, early_stopping=False, random_state=0)
    model.fit(rows, rows[:, 0] * rows[:, 1] > 0)
    found = Trees(exported(model, ("a", "b", "c"))).scores(rows)
    assert np.abs(found - model.decision_function(rows)).max() < 0.01


def test_lines_are_compared_without_white_space_and_widths() -> None:
    assert folded("望津桥 重建，通车") == folded("望津桥重建,通车")
