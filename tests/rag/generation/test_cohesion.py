"""What joins a sentence to the one before it, and what points there."""

import pytest

from rag.generation.cohesion import as_sentence, detach, is_lead_in, list_mark, mark_kind, shares_subject


@pytest.mark.parametrize(
    ("text", "rest", "leans_on"),
    [
        ("此外，新桥全长412米。", "新桥全长412米。", ""),
        ("2. 另外，中心推出服务。", "2. 中心推出服务。", ""),
        ("但同时，新桥全长412米。", "新桥全长412米。", ""),
        ("但他没有出席。", "他没有出席。", "他"),
        ("但是該橋沒有通車。", "該橋沒有通車。", "該"),
        ("與此同時，新橋全長412米。", "新橋全長412米。", ""),
        ("pH值为7.2。", "pH值为7.2。", ""),
        ("其中学校5所。", "其中学校5所。", "其中"),
        ("同比下降8.3%。", "同比下降8.3%。", "同比"),
        ("还新建了两座桥。", "还新建了两座桥。", "还"),
        ("However, he stayed.", "He stayed.", "he"),
        ("Of these, 469 are open.", "Of these, 469 are open.", "Of these"),
        ("It was to open in June.", "It was to open in June.", "It"),
        ("And the park opened.", "The park opened.", ""),
    ],
)
def test_a_sentence_is_parted_from_the_one_before(text: str, rest: str, leans_on: str) -> None:
    assert detach(text) == (rest, leans_on)


@pytest.mark.parametrize(
    "text",
    [
        "其他小区仍未完成。",
        "其实施方案已经公布。",
        "同时在线人数达5万人。",
        "此前，区政府已经开会。",
        "而立之年的人最多。",
        "不过问此事的单位有三家。",
        "也门代表团来访。",
        "并联审批已经推行。",
        "以上海为例。",
        "二是加强",
        "It is planned that the bridge opens in June.",
        "Second Ring Road was repaved.",
        "So far, five parks have opened.",
        "Thistle Street was repaved.",
    ],
)
def test_what_only_looks_like_a_joint_stays(text: str) -> None:
    assert detach(text)[1] == ""
    if text not in ("其实施方案已经公布。", "二是加强"):
        assert detach(text)[0] == text


@pytest.mark.parametrize(
    ("text", "mark", "kind"),
    [
        ("1. 全长412米", "1. ", "1."),
        ("12、全长412米", "12、", "1、"),
        ("（3）全长412米", "（3）", "（1）"),
        ("③全长412米", "③", "①"),
        ("（二）全长412米", "（二）", "（一）"),
        ("- 全长412米", "- ", "-"),
        ("1.5万人参加。", "", ""),
        ("2021年通车。", "", ""),
        ("三个小区", "", ""),
    ],
)
def test_the_mark_of_a_list_is_told_from_a_figure(text: str, mark: str, kind: str) -> None:
    assert (list_mark(text), mark_kind(text)) == (mark, kind)


def test_an_item_becomes_a_sentence() -> None:
    assert as_sentence("1. 全长412米") == "全长412米。"
    assert as_sentence("- The park opened") == "The park opened."
    assert as_sentence("2. 全长412米；") == "全长412米；"


@pytest.mark.parametrize(("text", "announces"), [("主要措施包括：", True), ("**五链**：", True), ("The chains are:", True), ("时间为8:30", False), ("已通车。", False)])  # fmt: skip
def test_what_ends_in_a_colon_announces(text: str, announces: bool) -> None:
    assert is_lead_in(text) is announces


@pytest.mark.parametrize(
    ("statement", "other", "shared"),
    [
        ("新桥投资2.9亿元。", "2023年，新桥通车。", True),
        ("2021年1月，新桥动工。", "新桥全长412米。", True),
        ("他主持会议。", "魏长庚是主任。", True),
        ("In 2021, Wangjin Bridge closed.", "Wangjin Bridge is old.", True),
        ("公园投资2.9亿元。", "新桥通车。", False),
        ("其中三座在镇上。", "新桥通车。", False),
    ],
)
def test_two_statements_are_about_the_same_where_the_one_begins_with_what_the_other_names(
    statement: str, other: str, shared: bool
) -> None:
    assert shares_subject(statement, other) is shared
