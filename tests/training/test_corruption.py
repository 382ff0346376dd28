"""tests/training/corruption.py: false statements that differ in one thing. On an article made up here."""

import random

import pytest
from corruption import OPPOSITES, corrupt
from hypothesis import given, settings
from hypothesis import strategies as st

ARTICLE = (
    "6月12日，云汀区副区长赵明远到望津街道检查防汛。区水务局局长李文清介绍，全区计划新建泵站5座、改造泵站12座。"
    "教委主任秦露表示，北京云汀中学、上海路小学、南苑小学全部完成加固，7月1日前投入使用，投资3200万元，高于去年的2800万元。"
)


def kinds(statement: str, seed: int = 1) -> dict[str, str]:
    return {kind: false for false, kind in corrupt(statement, ARTICLE, random.Random(seed), 20)}


@settings(deadline=None)  # the segmenter loads at the first one
@given(seed=st.integers(0, 10_000), count=st.integers(0, 6))
def test_no_more_than_asked_for_each_another_kind_and_none_the_true_one(seed: int, count: int) -> None:
    statement = "秦露表示，投资3200万元，北京云汀中学、上海路小学全部完成加固，高于去年。"
    found = corrupt(statement, ARTICLE, random.Random(seed), count)
    assert len(found) <= count
    assert statement not in [false for false, _kind in found]
    assert len({kind for _false, kind in found}) == len(found)


@pytest.mark.parametrize(
    ("statement", "kind", "changed"),
    [
        ("改造泵站12座。", "quantity_of_other", "改造泵站5座。"),
        ("学校7月1日前投入使用。", "date", "学校6月12日前投入使用。"),
        ("全区计划新建泵站5座。", "plan_done", "全区已经新建泵站5座。"),
        ("学校全部完成加固。", "scope", "学校部分完成加固。"),
        ("投资高于去年。", "comparison", "投资低于去年。"),
    ],
)
def test_a_thing_is_exchanged_for_another_of_the_article_or_for_its_opposite(
    statement: str, kind: str, changed: str
) -> None:
    assert kinds(statement)[kind] == changed


def test_a_member_of_a_list_is_exchanged_for_one_of_another_list() -> None:
    changed = corrupt("新建泵站有甲站、乙站。", ARTICLE, random.Random(3), 20)
    [listed] = [false for false, kind in changed if kind == "list"]
    own, changed_to = {"新建泵站有甲站", "乙站"}, set(listed.rstrip("。").split("、"))
    [foreign] = changed_to - own
    assert foreign in ARTICLE


def test_a_statement_without_anything_to_exchange_stays_alone() -> None:
    assert corrupt("好。", ARTICLE, random.Random(1), 5) == []


def test_the_same_seed_gives_the_same() -> None:
    statement = "赵明远到望津街道检查，投资3200万元。"
    first, second = (corrupt(statement, ARTICLE, random.Random(5), 3) for _ in range(2))
    assert first == second


def test_opposites_differ() -> None:
    assert all(word != opposite for _kind, word, opposite in OPPOSITES)
