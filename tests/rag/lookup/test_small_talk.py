"""rag.lookup.small_talk and off_topic, with rag.question.small_talk: what is said to the service itself."""

import anyio
import pytest

from index.embedding.embedder import Embedder
from index.store import Generation
from rag.answer import Answerer
from rag.lookup.off_topic import is_off_topic
from rag.question.small_talk import small_talk
from rag.records import Answer, Message, Query


def ask(archive: Generation, embedder: Embedder, question: str, *history: Message) -> Answer:
    return anyio.run(Answerer(archive, embedder).answer, Query(question, history=history))


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("你好", "greeting"),
        ("您好！", "greeting"),
        ("早上好呀", "greeting"),
        ("嗨，在吗？", "greeting"),
        ("Good morning!", "greeting"),
        ("谢谢", "thanks"),
        ("好的，谢谢您的帮助", "thanks"),
        ("Thanks a lot!", "thanks"),
        ("不用了", "assent"),
        ("再见", "farewell"),
        ("你好，请问你是谁？", "identity"),
        ("妳是誰", None),
        ("你叫什么名字", "identity"),
        ("你是什么模型", "identity"),
        ("Who are you?", "identity"),
        ("你能做什么？", "help"),
        ("你會做什麼", "help"),
        ("怎么用", "help"),
        ("How does this work?", "help"),
        ("怎么收费", "terms"),
        ("这个系统要花钱吗", "terms"),
        ("用不用注册", "terms"),
        ("有人工客服吗", "terms"),
        ("你是人工的还是机器", "identity"),
        ("使用你要不要钱", "terms"),
        ("Do I have to pay for this?", "terms"),
        ("你的答案可靠吗", "trust"),
        ("可以相信你说的吗", "trust"),
        ("Can I trust you?", "trust"),
        ("你几点下班", "identity"),
        ("你懂英语吗", "help"),
        ("我该怎么提问才好", "help"),
        ("Are you there?", "greeting"),
    ],
)
def test_what_asks_nothing_of_the_archive_is_small_talk(said: str, kind: str | None) -> None:
    assert small_talk(said) == kind


@pytest.mark.parametrize(
    "said",
    [
        "谢谢，那区长是谁？",
        "你好，2023年植树多少棵？",
        "谢谢侯这个人是做什么的",
        "早上好早餐店在哪里",
        "区长是谁",
        "你能查一下听潮桥吗",
        "怎么用社保卡",
        "再见爱人是什么节目",
        "感谢信是谁写的",
        "停车怎么收费",
        "注册用户有多少",
        "谁出错了",
        "有什么错误",
        "信是谁编的",
        "联系谁",
        "热线电话是多少",
        "好的政策有哪些",
        "Thanks, and who is the district head?",
        "Who are the volunteers?",
        "",
    ],
)
def test_a_question_is_no_small_talk(said: str) -> None:
    assert small_talk(said) is None


@pytest.mark.parametrize(
    "said",
    ["今天天气怎么样", "帮我写一首关于春天的诗", "请写一段Python代码", "1+1等于几？", "把这句话翻译成英文", "讲个笑话", "推荐一部电影",
     "Write a poem about spring", "What's the weather like today?", "What is 12*7?"],
)  # fmt: skip
def test_what_no_archive_is_for_is_off_topic(said: str) -> None:
    assert is_off_topic(said)


@pytest.mark.parametrize(
    "said",
    ["2022年8月9日的天气怎么样", "谁写的诗获奖了", "李建军画了什么", "今年写作文大赛谁得了第一", "植树比上年增加多少", "合唱队唱了哪首歌",
     "会议推荐了哪些候选人", "我区今天开展了什么活动", "翻译人员有多少名", "What was the weather on 9 August 2022?", "Who wrote the poem?"],
)  # fmt: skip
def test_what_a_newspaper_may_have_printed_is_not_off_topic(said: str) -> None:
    assert not is_off_topic(said)


def test_a_greeting_is_answered_with_what_the_archive_covers_and_three_questions(
    town: Generation, embedder: Embedder
) -> None:
    answer = ask(town, embedder, "你好")
    assert (answer.status, answer.citations, answer.refusal) == ("fixed", (), None)
    assert f"{town.manifest.counts.articles}篇" in answer.answer
    assert "2019年5月3日" in answer.answer
    assert "《青屿报》" in answer.answer
    assert len(answer.choices) == 3
    for choice in answer.choices:
        assert ask(town, embedder, choice).status in {"answered", "fixed"}, choice


def test_an_english_greeting_is_answered_in_english(town: Generation, embedder: Embedder) -> None:
    answer = ask(town, embedder, "hello")
    assert answer.answer.startswith("Hello!")
    assert len(answer.choices) == 3
    assert all(ask(town, embedder, choice).status == "fixed" for choice in answer.choices)


def test_a_greeting_in_traditional_characters_is_answered_in_them(town: Generation, embedder: Embedder) -> None:
    assert "資料庫" in ask(town, embedder, "你會做什麼？").answer


def test_what_is_off_topic_is_refused_with_what_the_service_is_for(town: Generation, embedder: Embedder) -> None:
    answer = ask(town, embedder, "帮我写一首诗")
    assert answer.refusal is not None
    assert (answer.status, answer.refusal.reason, answer.refusal.nearest) == ("refused", "not_allowed", ())
    assert "报道" in answer.answer
    assert answer.choices


def test_thanks_are_no_turn_that_a_later_question_points_at(town: Generation, embedder: Embedder) -> None:
    talk = (
        Message("user", "听潮桥什么时候开工的？"),
        Message("assistant", "2019年5月2日，听潮桥建设工程正式开工[1]。"),
        Message("user", "谢谢"),
        Message("assistant", "不客气！还想查什么，请直接问。"),
    )
    answer = ask(town, embedder, "它全长多少米？", *talk)
    assert "638米" in answer.answer


def test_what_may_be_asked_of_anything_is_of_what_was_spoken_of(town: Generation, embedder: Embedder) -> None:
    said = (Message("user", "听潮桥的停车场在哪里"), Message("assistant", "在北堤路口。"))
    assert "提供这项服务的单位" in ask(town, embedder, "怎么收费").answer
    assert "提供这项服务的单位" not in ask(town, embedder, "怎么收费", *said).answer
    assert "提供这项服务的单位" in ask(town, embedder, "你怎么收费", *said).answer
