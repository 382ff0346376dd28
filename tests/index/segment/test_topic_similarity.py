"""index.segment.topic_similarity: what texts are about, and the small assignment."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from index.segment.topic_similarity import LEAD_CHARACTERS, TopicSimilarity, assign, find_grams

PARK = "白鹭湿地公园昨日建成开放，公园占地六十二公顷，市民可以免费入园。"
BRIDGE = "望津桥今年启动重建，新桥全长四百一十二米，双向四车道，市民可以绕行。"
SCHOOL = "区实验小学南渡校区开工建设，设计二十四个教学班。"
PAGE = [PARK, BRIDGE, SCHOOL]


def test_a_text_is_the_pairs_of_its_neighbouring_characters() -> None:
    assert find_grams("望津桥，重建") == {"望津", "津桥", "重建"}


def test_latin_words_and_figures_are_whole_and_fold_their_case() -> None:
    assert find_grams("PM2.5 Bridge 412米") == {"pm2.5", "bridge", "412"}


def test_function_words_of_english_say_nothing() -> None:
    assert find_grams("The bridge of the district") == {"bridge", "district"}


@pytest.mark.parametrize("text", ["", "，。", "\n", "桥"])
def test_a_text_without_a_pair_says_nothing(text: str) -> None:
    assert find_grams(text) == frozenset()


@given(st.text(), st.text())
def test_what_a_part_says_the_whole_says(left: str, right: str) -> None:
    assert find_grams(f"{left}\n{right}") == find_grams(left) | find_grams(right)


@pytest.mark.parametrize(("headline", "body"), [("湿地公园开放", 0), ("望津桥重建", 1), ("南渡校区开工", 2)])
def test_a_headline_is_closest_to_its_own_body(headline: str, body: int) -> None:
    similarities = TopicSimilarity(PAGE).similarities(headline)
    assert int(similarities.argmax()) == body
    assert similarities[body] > 0.7


def test_a_headline_that_says_nothing_of_a_page_is_close_to_none() -> None:
    assert TopicSimilarity(PAGE).similarities("寻常巷陌").tolist() == [0.0, 0.0, 0.0]


def test_what_all_bodies_share_weighs_less_than_what_one_has() -> None:
    topics = TopicSimilarity(PAGE)
    shares = [topics.share("市民绕行", body) for body in range(3)]  # 民绕 is in no body
    assert shares[0] < shares[1] / 2
    assert shares[2] == 0.0


def test_a_headline_is_closer_to_the_body_that_says_it_in_its_lead() -> None:
    filler = "".join(chr(0x4E00 + number) for number in range(LEAD_CHARACTERS))
    late, early = TopicSimilarity([filler + "望津桥重建", "望津桥重建" + filler]).similarities("望津桥重建")
    assert late < early


def test_the_share_of_a_text_in_itself_is_all_and_in_a_strange_one_nothing() -> None:
    topics = TopicSimilarity(PAGE)
    assert topics.share(PARK, 0) == pytest.approx(1.0)
    assert topics.share("寻常巷陌", 0) == 0.0
    assert topics.share("", 0) == 0.0


@settings(deadline=None)
@given(st.lists(st.text(), max_size=4), st.text())
def test_affinities_are_shares_of_any_texts(bodies: list[str], headline: str) -> None:
    similarities = TopicSimilarity(bodies).similarities(headline)
    assert similarities.shape == (len(bodies),)
    assert all(0.0 <= similarity <= 1.0 + 1e-9 for similarity in similarities)


def test_two_parts_of_one_story_hang_together_more_than_two_stories() -> None:
    topics = TopicSimilarity([PARK, "湿地公园里，白鹭又回来了，公园占地大半是水面。", BRIDGE, SCHOOL])
    similarities = topics.group_similarities([[0], [2], [3]])
    assert similarities[1].argmax() == 0
    assert similarities[1, 0] > 2 * similarities[1, 1:].max()


def test_a_body_is_left_out_of_its_own_group() -> None:
    similarities = TopicSimilarity([PARK, PARK]).group_similarities([[0], [0, 1]])
    assert similarities[0, 0] == 0.0
    assert similarities[0, 1] == pytest.approx(1.0)


def test_bodies_that_share_nothing_do_not_hang_together() -> None:
    assert TopicSimilarity(["望津桥重建", "湿地公园"]).group_similarities([[0], [1]]).tolist() == [
        [0.0, 0.0],
        [0.0, 0.0],
    ]


@settings(deadline=None)
@given(st.lists(st.text(), min_size=1, max_size=5))
def test_the_similarity_of_groups_is_a_cosine_for_any_texts(bodies: list[str]) -> None:
    similarities = TopicSimilarity(bodies).group_similarities([[number] for number in range(len(bodies))])
    assert similarities.shape == (len(bodies), len(bodies))
    assert ((similarities >= -1e-6) & (similarities <= 1 + 1e-6)).all()
    assert np.allclose(similarities, similarities.T, atol=1e-6)


MATRICES = st.integers(1, 4).flatmap(
    lambda rows: st.integers(rows, 6).flatmap(
        lambda columns: arrays.arrays(np.float64, (rows, columns), elements=st.floats(-5, 5, width=16))
    )
)


@settings(deadline=None)  # scipy is loaded at the first use
@given(MATRICES)
def test_no_other_assignment_scores_more(scores: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> None:
    rows, columns = scores.shape
    chosen = assign(scores)
    best = max(sum(scores[row, column] for row, column in enumerate(p)) for p in permutations(range(columns), rows))
    assert sum(scores[row, column] for row, column in enumerate(chosen)) == pytest.approx(best)
    assert len(set(chosen)) == rows


def test_what_is_best_for_all_beats_what_is_best_for_one() -> None:
    assert assign(np.array([[1.0, 0.9], [0.9, 0.0]])) == [1, 0]


def test_nothing_is_assigned_to_nothing() -> None:
    assert assign(np.zeros((0, 0))) == []
