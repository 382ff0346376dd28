import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.question.conversation.history import Turn, read_turns
from rag.question.conversation.remarks import MAX_REMARK_CHARACTERS, is_yes, remark_of, without_courtesy
from rag.records import Message


@pytest.mark.parametrize(
    ("said", "remark"),
    [
        ("谢谢", "courtesy"),
        ("好的，谢谢您！", "courtesy"),
        ("明白了", "courtesy"),
        ("thanks a lot!", "courtesy"),
        ("继续", "more"),
        ("是的，请继续", "more"),
        ("还有吗？", "more"),
        ("还有别的吗", "more"),
        ("然后呢", "more"),
        ("下一页", "more"),
        ("详细说说", "more"),
        ("go on", "more"),
        ("Yes, please go on.", "more"),
        ("anything else?", "more"),
        ("出处是哪篇报道？", "source"),
        ("哪天的报道", "source"),
        ("这是哪篇文章里说的？", "source"),
        ("来源呢", "source"),
        ("原文", "source"),
        ("原文怎么说的？", "source"),
        ("有出处吗？", "source"),
        ("这个数字出自哪里？", "source"),
        ("What's the source?", "source"),
        ("Which report is that from?", "source"),
        ("when was that reported?", "source"),
    ],
)
def test_what_only_answers_an_answer_is_known(said: str, remark: str) -> None:
    assert remark_of(said) == remark


@pytest.mark.parametrize(
    "question",
    [
        "听潮桥是哪天通车的？",
        "早市的蔬菜来源是哪里？",
        "还有哪些街道参加了试点？",
        "继续教育学院在哪？",
        "谢谢侬餐厅在哪里？",
        "好的学校有哪些？",
        "出处分类的标准是什么？",
        "哪篇报道提到了听潮桥？",
        "哪天的报道提到了听潮桥？",
        "区长是谁？",
        "What is the source of the river?",
        "Which report mentions the bridge?",
    ],
)
def test_a_question_with_such_words_is_a_question(question: str) -> None:
    assert remark_of(question) is None


@pytest.mark.parametrize(
    ("said", "question"),
    [
        ("谢谢。他会见了谁", "他会见了谁"),
        ("谢谢，另外问一下听潮桥多长？", "听潮桥多长？"),
        ("好的，我想问问区长是谁？", "区长是谁？"),
        ("换个问题，早市几点开门？", "早市几点开门？"),
        ("Thanks. Who is the mayor?", "Who is the mayor?"),
        ("好的学校有哪些？", "好的学校有哪些？"),
        ("问题有哪些？", "问题有哪些？"),
    ],
)
def test_thanks_and_announcements_before_a_question_are_left_out(said: str, question: str) -> None:
    assert without_courtesy(said) == question


@given(st.text(max_size=80))
def test_any_text_is_read_and_a_long_one_is_no_remark(text: str) -> None:
    assert remark_of(text) is None or len(text.strip()) <= MAX_REMARK_CHARACTERS
    assert without_courtesy(text) in text
    assert not is_yes(text) or len(text) < 40


def test_thanks_are_no_turn_and_what_is_gone_on_with_belongs_to_the_turn_before() -> None:
    said = ("听潮桥多长？", "全长638米。", "继续", "双向六车道。", "谢谢", "不客气。")
    history = [Message("assistant" if place % 2 else "user", text) for place, text in enumerate(said)]
    assert read_turns(history) == [Turn("听潮桥多长？", "全长638米。 双向六车道。")]
