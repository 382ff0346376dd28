"""index.segment.going_on and index.segment.topic_vectors: how plainly a text goes on in another, and what it is about."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.segment.going_on import folded, going_on
from index.segment.topic_vectors import directions, sums_of

ENDS = [
    "受强降雨影响，河水漫过堤坝，消防员驾驶冲锋舟转移被困群",
    "在昨晚进行的足球联赛中，主队前锋梅开二度，客队门将多次扑",
    "市教委负责人表示，今年秋季学期起，全市小学将增加体育课",
]
RESTS = [
    "众三百余人，防汛物资已运抵受灾村庄，电力正在抢修。",
    "出险球，最终双方战成二比二平，各取一分。",
    "时，并严格控制书面作业总量，保障学生睡眠时间。",
]


def test_each_end_goes_on_most_plainly_in_its_own_rest() -> None:
    network = going_on()
    found = network.log_odds(network.ends(ENDS), network.beginnings(RESTS))
    assert found.argmax(axis=1).tolist() == found.argmax(axis=0).tolist() == [0, 1, 2]


def test_one_pair_scores_as_among_others() -> None:
    network = going_on()
    ends, rests = network.ends(ENDS), network.beginnings(RESTS)
    assert np.allclose(network.along(ends, rests), np.diag(network.log_odds(ends, rests)), atol=1e-4)


def test_white_space_and_the_width_of_marks_tell_nothing() -> None:
    network = going_on()
    assert np.array_equal(network.ends([ENDS[0]]), network.ends([ENDS[0].replace("，", " ,\n")]))
    assert folded("新桥 建成，\n通车(二") == "新桥建成，通车（二"


def test_no_texts_have_no_scores() -> None:
    network = going_on()
    assert network.log_odds(network.ends([]), network.beginnings(RESTS)).shape == (0, 3)
    assert sums_of([]).shape[0] == 0


@given(st.lists(st.text(), max_size=4))
def test_any_texts_are_read(texts: list[str]) -> None:
    network = going_on()
    assert np.isfinite(network.log_odds(network.ends(texts), network.beginnings(texts))).all()
    assert np.isfinite(directions(sums_of(texts))).all()


def test_what_is_about_one_subject_is_near_although_no_pair_of_characters_is_shared() -> None:
    flood, rescue, match = directions(
        sums_of(
            [
                "暴雨引发山洪，河水漫过堤坝",
                "消防员驾冲锋舟转移被困群众，防汛物资运抵灾区",
                "球队在主场以三比一获胜，前锋打进两球",
            ]
        )
    )
    assert flood @ rescue > flood @ match


def test_the_vector_of_two_texts_is_the_sum_of_theirs() -> None:
    both = sums_of(["供水管网", "湿地公园"]).sum(axis=0)
    assert np.allclose(sums_of(["供水管网，湿地公园"])[0], both, atol=1e-5)
