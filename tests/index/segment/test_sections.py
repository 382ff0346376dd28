"""index.segment.sections: where in its article a sub-heading stood that was printed elsewhere."""

import numpy as np
import pytest

from index.segment.sections import (
    LONGEST_SECTION,
    MORE_UNEVEN,
    SECTION_FEATURES,
    UNEVEN,
    best_places,
    place_sections,
    section_rows,
)

LEAD = "本报讯（记者 林亦舟）白鹭湿地公园昨日建成开放，占地六十二公顷，市民可以免费入园。"
HIDES = "三座观鸟屋立在水边，从窗口可以望见白鹭的窝，最近的只有三十米，孩子们看得入神。"
GLASSES = "屋里有望远镜和图鉴，墙上挂着这一带常见的四十种水鸟的照片，讲解员每个整点开讲。"
HELPERS = "志愿者在步道入口劝导游客不要喧哗，每个周末有二十名志愿者轮班，多数是中学生。"
MORE = "想来帮忙的市民可以在公园的服务台报名参加，培训半天就能上岗，全年都收。"
PARAGRAPHS = [LEAD, HIDES, GLASSES, HELPERS, MORE]


def test_each_sub_heading_is_put_over_the_section_that_it_speaks_of() -> None:
    assert place_sections(["三座观鸟屋立在水边", "志愿者劝导游客"], PARAGRAPHS, [], has_lead=True) == [1, 3]


def test_no_sub_heading_is_put_over_the_lead() -> None:
    places = place_sections(["白鹭湿地公园建成开放", "志愿者劝导游客"], PARAGRAPHS, [], has_lead=True)
    assert 0 not in places


def test_without_a_lead_one_may_stand_on_top() -> None:
    texts = [HIDES, GLASSES, HELPERS, MORE]
    assert place_sections(["三座观鸟屋立在水边", "志愿者劝导游客"], texts, [], has_lead=False) == [0, 2]


def test_what_goes_on_from_another_page_begins_with_a_sub_heading() -> None:
    texts = [GLASSES, HELPERS, MORE]
    assert place_sections(["志愿者劝导游客"], texts, [], has_lead=False, is_continued=True) == [0]


def test_none_is_put_where_one_is_printed() -> None:
    (place,) = place_sections(["三座观鸟屋立在水边"], PARAGRAPHS, [1], has_lead=True)
    assert place not in (0, 1)


def test_sub_headings_printed_in_another_order_find_their_sections() -> None:
    assert place_sections(["志愿者劝导游客", "三座观鸟屋立在水边"], PARAGRAPHS, [], has_lead=True) == [3, 1]


def test_more_sub_headings_than_paragraphs_all_find_a_place() -> None:
    assert place_sections(["甲乙", "丙丁", "戊己"], [LEAD, HIDES], [], has_lead=True) == [1, 1, 1]
    assert place_sections(["甲乙", "丙丁"], [LEAD], [], has_lead=True) == [0, 0]


@pytest.mark.parametrize(("printed", "place"), [([1, 3], 5), ([1, 5], 3)])
def test_sections_are_as_long_as_those_that_are_printed(printed: list[int], place: int) -> None:
    free = [number for number in range(1, 7) if number not in printed]
    assert best_places(np.zeros((1, 7)), free, printed) == [place]


def test_what_a_heading_speaks_of_outweighs_that_sections_are_even() -> None:
    scores = np.zeros((1, 7))
    scores[0, 4] = 9.0
    assert best_places(scores, [2, 4, 5, 6], [1, 3]) == [4]


def test_the_walk_finds_what_trying_all_places_finds() -> None:
    rng = np.random.default_rng(0)
    for _ in range(20):
        scores = np.sort(rng.normal(0, 3, (2, 5)), axis=0)
        scores[0, [0, 4]] = scores[1, [0, 1]] = -30.0  # so that print order is the best order
        found = best_places(scores, [1, 2, 3, 4], [0])

        pairs = [(first, second) for first in range(1, 5) for second in range(first + 1, 5)]
        totals = {pair: float(scores[0, pair[0]] + scores[1, pair[1]]) - _lost(*pair, length=5) for pair in pairs}
        assert totals[found[0], found[1]] == pytest.approx(max(totals.values()))


def _lost(first: int, second: int, length: int) -> float:
    """What sections lose that begin at 0, first and second, at the best size."""

    def uneven(off: int) -> float:
        return UNEVEN + MORE_UNEVEN * (abs(off) - 1) if off else 0.0

    return min(
        uneven(first - size) + uneven(second - first - size) + uneven(max(length - second - size, 0))
        for size in range(1, LONGEST_SECTION + 1)
    )


def test_a_row_tells_how_much_of_the_heading_a_paragraph_has_word_for_word() -> None:
    rows = section_rows(["三座观鸟屋立在水边"], PARAGRAPHS, [], has_lead=True)
    assert rows.shape == (1, 5, len(SECTION_FEATURES))
    assert rows[0, :, SECTION_FEATURES.index("words")].argmax() == 1
    assert rows[0, 1, SECTION_FEATURES.index("words")] == 1.0
    assert np.isfinite(rows).all()
