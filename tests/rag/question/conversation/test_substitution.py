import pytest

from index.language.terms import Lexicon
from rag.question.conversation.followup import make_standalone
from rag.question.conversation.substitution import is_time, ordinal_of, put_time
from rag.records import Message, Query


def rewritten(*said: str) -> str:
    *turns, question = said
    history = tuple(Message("assistant" if place % 2 else "user", text) for place, text in enumerate(turns))
    return make_standalone(Query(question, history), Lexicon())


@pytest.mark.parametrize(
    ("turns", "question", "meant"),
    [
        (("柳湾街道有哪些成绩？", "治理有力。", "不足呢？", "扬尘管控。"), "北堤街道呢？", "北堤街道有哪些不足？"),
        (("早市7月30日蔬菜上市量多少？", "2万吨。"), "31号呢", "早市7月31日蔬菜上市量多少？"),
        (("青屿区7月植树多少棵？", "42棵。"), "那1到7月呢？", "青屿区1到7月植树多少棵？"),
        (("早市2023年7月30日蔬菜上市量多少？", "2万吨。"), "8月呢", "早市2023年8月蔬菜上市量多少？"),
        (("青屿区2023年上半年财政收入是多少？", "42亿。"), "2022年呢", "青屿区2022年上半年财政收入是多少？"),
        (("青屿区2023年7月植树多少棵？", "42棵。"), "2022年呢", "青屿区2022年植树多少棵？"),
        (("青屿区PM2.5浓度是多少？", "42。"), "2019年", "2019年青屿区PM2.5浓度是多少？"),
        (("潮生乡乡长是谁", "乡长何远山。"), "北堤镇呢", "北堤镇镇长是谁"),
        (("湖心创新中心什么时候开工的？", "5月2日。"), "它的建筑面积呢？", "湖心创新中心的建筑面积是多少？"),
        (("何远山是谁", "何远山是区长[1]。", "谢谢", "不客气。"), "他会见了谁", "何远山会见了谁"),
        (("第一届荷花节有多少游客", "3万。"), "第二届呢", "第二届荷花节有多少游客"),
        (("潮生乡有多少人", "3万。"), "那乡长呢", "潮生乡乡长是谁？"),
        (("青屿区PM2.5浓度是多少？", "42。"), "那北堤街道呢", "北堤街道PM2.5浓度是多少？"),
    ],
)
def test_a_time_goes_for_a_time_a_place_for_a_place_an_attribute_for_an_attribute(
    turns: tuple[str, ...], question: str, meant: str
) -> None:
    assert rewritten(*turns, question) == meant


@pytest.mark.parametrize(
    ("turns", "question", "meant"),
    [
        (("How many trees were planted?", "1200[1]."), "2020", "How many trees were planted in 2020?"),
        (("What is the Tide Bridge?", "A bridge[1]."), "And its area?", "What is the Tide Bridge’s area?"),
        (("Who is the mayor?", "He Yuan[1]."), "Thanks. Who met Zhang San?", "Who met Zhang San?"),
        (("青屿区有哪些公园？", "有中山公园、湖心公园和北堤公园[1]。"), "第二个在哪里？", "湖心公园在哪里？"),
        (("青屿区有哪些公园？", "有中山公园、湖心公园和北堤公园[1]。"), "第三个呢？", "介绍一下北堤公园。"),
    ],
)
def test_english_replies_and_one_of_several_are_made_self_contained(
    turns: tuple[str, ...], question: str, meant: str
) -> None:
    assert rewritten(*turns, question) == meant


def test_a_number_beyond_what_was_counted_up_points_at_nothing() -> None:
    assert "公园" not in rewritten("桥有多长？", "有中山公园、湖心公园[1]。", "第五个在哪里？")


@pytest.mark.parametrize("question", ["出处是哪篇？", "继续", "谢谢", "原文怎么说的？"])
def test_a_remark_is_left_as_typed(question: str) -> None:
    assert rewritten("何远山是谁？", "何远山是区长[1]。", question) == question


@pytest.mark.parametrize(
    ("text", "is_one"), [("2019年", True), ("31号", True), ("去年呢", True), ("2019年植树", False), ("15号线", False)]
)
def test_a_time_alone_is_known(text: str, is_one: bool) -> None:
    assert is_time(text) == is_one


@pytest.mark.parametrize(
    ("text", "number"), [("第二个", 2), ("2", 2), ("the second one", 2), ("三", 3), ("第二", 2), ("两千", None)]
)
def test_an_ordinal_alone_is_known(text: str, number: int | None) -> None:
    assert ordinal_of(text) == number


def test_a_time_is_put_into_a_question_that_has_none() -> None:
    assert put_time("去年", "植树多少棵？") == "去年植树多少棵？"
