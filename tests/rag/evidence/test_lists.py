"""rag.evidence.lists: 一是 … 五是 and its kin, through an article."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.evidence.lists import MAX_SENTENCES_BETWEEN, Enumeration, find_enumerations
from rag.question.intent import asked_count

RUNS: list[tuple[str, list[str]]] = [
    ("要做三件事。一是清淤。二是植树。三是修路。", ["一是清淤。", "二是植树。", "三是修路。"]),
    ("要做三件事。一是清淤。\n\n汛期前完成。\n\n二是植树。\n\n三是修路。", ["一是清淤。", "二是植树。", "三是修路。"]),
    ("原因有三：一是沙多；二是风小；三是车多。", ["原因有三：一是沙多；", "二是风小；", "三是车多。"]),
    ("做到两个结合：①学用结合；②上下结合。", ["做到两个结合：①学用结合；", "②上下结合。"]),
    ("第一，要快。第二，要好。", ["第一，要快。", "第二，要好。"]),
    ("第一个方面是水。第二个方面是土。", ["第一个方面是水。", "第二个方面是土。"]),
    ("其一，风大。其二，雨多。", ["其一，风大。", "其二，雨多。"]),
    ("（一）编规划\n内容很多。\n（二）开工\n(三)验收", ["（一）编规划", "（二）开工", "(三)验收"]),
    ("一、总则\n二、分则", ["一、总则", "二、分则"]),
    ("1.报名。\n2.抽签。\n3.入园。", ["1.报名。", "2.抽签。", "3.入园。"]),
    ("①报名；②抽签。", ["①报名；", "②抽签。"]),
    ("首先，看图。其次，量地。", ["首先，看图。", "其次，量地。"]),
]
NONE = [
    "",
    "一是沙多。",  # one alone is no list
    "一是沙多；三是风小。",  # the second is missing
    "二是植树。三是修路。",  # it does not begin at the beginning
    "第一次来的人很多。第二天人更多。",
    "一是否合适？二是否合法？",
    "2.5亿元用于修路。3.5亿元用于植树。",
    "比分是这样的：他一人得了20分。",
]
COUNTS = [
    ("三个原因是什么？", 3),
    ("三个“紧密结合”是什么？", 3),
    ("哪五项任务？", 5),
    ("2023年的三大工程是什么？", 3),
    ("分哪两步？", 2),
    ("十二条措施有哪些？", 12),
    ("有几个原因？", None),
    ("第三个五年计划提出了什么？", None),
    ("第十三个项目是什么？", None),
    ("一个人能办吗？", None),
    ("121个项目有哪些？", None),
    ("为什么推迟？", None),
]


def items_of(text: str, run: Enumeration) -> list[str]:
    return [text[start:end] for start, end in run.items]


@pytest.mark.parametrize(("text", "items"), RUNS, ids=[text[:12] for text, _items in RUNS])
def test_the_items_of_a_list_are_found_in_their_order(text: str, items: list[str]) -> None:
    (run,) = find_enumerations(text)
    assert items_of(text, run) == items
    assert text[: run.end].endswith(items[-1])


@pytest.mark.parametrize("text", NONE)
def test_what_only_looks_like_a_list_is_none(text: str) -> None:
    assert find_enumerations(text) == []


def test_the_sentence_before_the_first_item_leads_to_it() -> None:
    text = "今天开会。会议要求做好两件事。一是清淤。二是植树。散会。"
    (run,) = find_enumerations(text)
    assert run.lead is not None
    assert text[slice(*run.lead)] == "会议要求做好两件事。"
    assert run.covers(text.index("会议"))
    assert run.covers(text.index("二是"))
    assert not run.covers(text.index("今天"))
    assert not run.covers(text.index("散会"))


def test_two_lists_of_one_kind_are_two() -> None:
    text = "一是清淤。二是植树。会后他又说了两点。一是节俭。二是守时。"
    assert [items_of(text, run) for run in find_enumerations(text)] == [
        ["一是清淤。", "二是植树。"],
        ["一是节俭。", "二是守时。"],
    ]


def test_a_list_within_a_list_is_found_beside_it() -> None:
    text = "一是治水。（一）清淤。（二）护岸。二是植树。"
    found = [items_of(text, run) for run in find_enumerations(text)]
    assert ["一是治水。", "二是植树。"] in found
    assert ["（一）清淤。", "（二）护岸。"] in found


def test_an_item_that_is_too_far_off_belongs_to_something_else() -> None:
    near, far = ("水很清。" * count for count in (MAX_SENTENCES_BETWEEN - 1, MAX_SENTENCES_BETWEEN + 1))
    assert len(find_enumerations(f"一是清淤。{near}二是植树。")) == 1
    assert find_enumerations(f"一是清淤。{far}二是植树。") == []


@given(
    st.lists(
        st.sampled_from(
            ["一是水。", "二是土。", "三是风。", "第一，", "：", "\n\n", "（一）", "1.", "①", "好。", "其二，"]
        ),
        max_size=14,
    ).map("".join)
)
@settings(max_examples=150, deadline=None)
def test_items_are_stretches_of_the_text_in_order(text: str) -> None:
    for run in find_enumerations(text):
        assert len(run.items) > 1
        spans = [*([run.lead] if run.lead else []), *run.items]
        assert all(first[1] <= second[0] for first, second in pairwise(spans))
        assert all(0 <= start < end <= len(text) for start, end in spans)


@pytest.mark.parametrize(("question", "count"), COUNTS)
def test_a_question_may_say_how_many_there_are(question: str, count: int | None) -> None:
    assert asked_count(question) == count
