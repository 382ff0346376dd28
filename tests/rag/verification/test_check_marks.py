"""Words by which a statement says how far, how surely and why."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.verification.check_marks import MARKS, compare_marks

WORDS: dict[str, tuple[str, ...]] = {
    "plan": ("将于6月通车", "计划通车", "预计完工", "will open"),
    "done": ("已建成", "完成检修", "has been opened"),
    "must": ("必须登记", "不得停车", "must register"),
    "may": ("可以登记", "鼓励种树", "may register"),
    "all": ("全部检修", "所有渔船", "all boats"),
    "some": ("部分渔船", "其中柳树最多", "some of the boats"),
    "superlative": ("得分最高", "首次举行", "the largest pier"),
    "comparison": ("翻两番", "超过去年", "more than last year"),
    "cause": ("由于大风", "得益于植树", "because of the wind"),
    "denial": ("没有停航", "不开放", "did not open"),
    "scope": ("全区检修", "市级称号", "district-wide"),
    "only": ("只有一班", "仅限居民", "only one pier"),
}


def test_every_kind_is_tried() -> None:
    assert set(WORDS) == set(MARKS)


@pytest.mark.parametrize(("kind", "words"), [(kind, words) for kind, several in WORDS.items() for words in several])
def test_a_word_of_its_kind_is_found_in_both_languages(kind: str, words: str) -> None:
    assert MARKS[kind].search(words)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("plan", "将军"), ("plan", "近一年"), ("plan", "提出要求"), ("done", "了解情况"), ("done", "已知"),
        ("may", "可能"), ("may", "可持续"), ("denial", "不断"), ("denial", "不仅"), ("cause", "因此"), ("only", "只要"),
        ("all", "听潮桥"), ("scope", "安全"), ("some", "分为两段"),
    ],
)  # fmt: skip
def test_what_only_looks_like_one_is_none(kind: str, words: str) -> None:
    assert not MARKS[kind].search(words)


@pytest.mark.xfail(reason="one character is looked for between 翻 and 番")
def test_the_commonest_way_to_say_doubled_is_a_comparison() -> None:
    assert MARKS["comparison"].search("翻了一番")


def told(statement: str, near: str, beside: str = "") -> set[str]:
    found = compare_marks(statement, near, f"{near}\n{beside}")
    return {name for name, value in found.items() if value}


def test_what_the_statement_adds_is_told() -> None:
    assert told("居民必须登记。", "居民登记。") == {"added_must", "far_must"}


def test_what_only_a_far_clause_has_is_far_and_not_added() -> None:
    assert told("居民必须登记。", "居民登记。", "摊主必须登记。") == {"far_must"}


def test_what_the_statement_leaves_out_is_lost() -> None:
    assert told("部署检修渔船。", "计划部署检修部分渔船。") == {"lost_plan", "lost_some"}


def test_another_superlative_is_told_though_the_kind_is_there() -> None:
    assert told("得分最高。", "得分最低。") == {"other_superlative"}


def test_another_scope_is_told_though_the_kind_is_there() -> None:
    assert told("全市检修渔船。", "全区检修渔船。") == {"other_scope"}


texts = st.one_of(st.text(max_size=40), st.lists(st.sampled_from([word for several in WORDS.values() for word in several]), max_size=5).map("，".join))  # fmt: skip


@given(text=texts, beside=texts)
def test_who_says_what_is_printed_adds_and_loses_nothing(text: str, beside: str) -> None:
    assert not any(compare_marks(text, text, f"{text}\n{beside}").values())


@given(statement=texts, near=texts, beside=texts)
def test_every_mark_is_there_or_not(statement: str, near: str, beside: str) -> None:
    found = compare_marks(statement, near, f"{near}\n{beside}")
    assert set(found.values()) <= {0.0, 1.0}
    assert all(not found[f"added_{kind}"] or found[f"far_{kind}"] for kind in MARKS)
    assert not any(found[f"lost_{kind}"] and found[f"far_{kind}"] for kind in MARKS)
