"""index.segment.openings: how a text's first words tell where it stands."""

import pytest

from index.segment.openings import ending_grams, ending_score, middle_score, opening_grams, opening_score


def test_a_text_is_known_by_its_first_characters_and_the_pairs_in_its_opening() -> None:
    assert opening_grams("近日，区里", 4) == ["^近", "^近日", "^近日，", "^近日，区", "近日", "日，", "，区"]
    assert opening_grams("") == ["^"]


@pytest.mark.parametrize(
    ("opens", "goes_on"),
    [
        ("近日，记者从区水务局获悉，青石街道的供水管网改造完工。", "此外，青石街道的供水管网改造也已完工。"),
        ("日前，松桥街道举办社区运动会，三百名居民参加。", "他表示，运动会明年还要举办。"),
        ("昨天，白鹭镇草莓采摘节开幕。", "据介绍，采摘节将持续一个月。"),
    ],
)
def test_what_opens_an_article_scores_more_than_what_goes_on_with_one(opens: str, goes_on: str) -> None:
    assert opening_score(opens) > opening_score(goes_on)


@pytest.mark.parametrize(
    ("rest", "sentence"),
    [
        ("的居民都领到了新的水表，", "居民都领到了新的水表，"),
        ("和志愿者一起清理河道，", "志愿者一起清理了河道，"),
        ("了三百二十处隐患，", "全区发现三百二十处隐患，"),
    ],
)
def test_what_begins_in_mid_sentence_scores_more_than_a_sentence(rest: str, sentence: str) -> None:
    assert middle_score(rest) > middle_score(sentence)


def test_a_text_is_known_by_its_last_characters_too() -> None:
    assert ending_grams("区里") == ["里$", "区里$", "区里"]


@pytest.mark.parametrize(
    ("cut", "whole"),
    [
        ("游客可以在观景平台借用的", "游客可以在观景平台借用望远镜"),
        ("全区已有三百二十名志愿者在", "全区已有三百二十名志愿者报名"),
    ],
)
def test_what_breaks_off_in_mid_sentence_scores_more_than_a_clause(cut: str, whole: str) -> None:
    assert ending_score(cut) > ending_score(whole)


def test_a_text_that_nothing_is_known_of_scores_nothing() -> None:
    assert opening_score("龘龘龘") == middle_score("龘龘龘") == 0.0
