"""rag.lookup.gathering.units: whose sentence it is where an article judges several bodies in turn."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.lookup.gathering.units import find_sections, matches

JUDGED = (
    "4月2日上午，青屿区召开工作点评会。柳湾街道、北港镇、区文旅局依次发言，并接受点评。\n"
    "会上逐一点评。柳湾街道抓好接诉即办；推进老楼加装电梯。但在财源建设方面仍存不足。"
    "北港镇完成码头改造。但在扬尘管控方面仍存短板。区文旅局办好灯会。但存在统筹不够等不足。\n"
    "会议以视频形式召开。"
)


def told(text: str, unit: str) -> str:
    sections = [section for section in find_sections(text, unit) if matches(unit, section.unit)]
    return "".join(text[start:end] for section in sections for start, end in section.sentences)


@pytest.mark.parametrize(
    ("unit", "own", "neighbours"),
    [
        ("柳湾街道", "财源建设", ("扬尘", "统筹")),
        ("北港镇", "扬尘管控", ("财源", "统筹")),
        ("区文旅局", "统筹不够", ("扬尘", "财源", "视频")),
        ("文旅局", "统筹不够", ("扬尘", "财源")),
        ("柳湾", "财源建设", ("扬尘",)),
    ],
)
def test_a_body_has_its_own_sentences_and_no_neighbours(unit: str, own: str, neighbours: tuple[str, ...]) -> None:
    said = told(JUDGED, unit)
    assert own in said
    assert not [word for word in neighbours if word in said]


def test_all_bodies_are_those_that_the_article_enumerates() -> None:
    assert [section.unit for section in find_sections(JUDGED)] == ["柳湾街道", "北港镇", "区文旅局"]


def test_a_name_on_a_line_of_its_own_heads_the_next_paragraph() -> None:
    text = "柳湾街道、北港镇的情况如下。\n柳湾街道\n台账不全。\n北港镇\n进度缓慢。\n"
    assert told(text, "柳湾街道") == "柳湾街道台账不全。"


@pytest.mark.parametrize(
    ("asked", "unit", "same"),
    [
        ("北港镇", "北港镇", True),
        ("区文旅局", "文旅局", True),
        ("柳湾", "柳湾街道", True),
        ("柳湾街道", "柳湾北街道", False),
        ("北港", "北港镇卫生院", False),
    ],
)
def test_names_match_only_by_what_they_are_a_body_of(asked: str, unit: str, same: bool) -> None:
    assert matches(asked, unit) is same


@given(st.lists(st.sampled_from(["柳湾街道", "北港镇", "、", "。", "但仍存不足", "\n", "；", "发言"]), max_size=40))
def test_sections_never_overlap(pieces: list[str]) -> None:
    spans = [span for section in find_sections("".join(pieces), "柳湾街道") for span in section.sentences]
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(spans))
