import time
from typing import Any

import pytest
from repository import read_cases

from index.language.terms import Lexicon
from rag.generation.messages import match_script, nothing_about
from rag.question.conversation.antecedents import find_entities, find_person, find_subject
from rag.question.conversation.followup import make_standalone, refers_back
from rag.question.conversation.history import Turn, is_failure, read_turns
from rag.question.refusals import REFUSALS, RELATED
from rag.records import Language, Message, Query, Status

CASES: dict[str, Any] = read_cases("followups")
LEXICON = Lexicon()
LANGUAGES: tuple[Language, ...] = ("zh", "en")


def talk(*turns: str) -> tuple[Message, ...]:
    """What the user said and the assistant replied, by turns."""
    return tuple(Message("assistant" if place % 2 else "user", text) for place, text in enumerate(turns))


def rewritten(*turns: str) -> str:
    *history, question = turns
    return make_standalone(Query(question, talk(*history)), LEXICON)


def test_there_are_enough_conversations() -> None:
    assert len(CASES["followups"]) >= 60
    assert len(CASES["standalone"]) >= 40


@pytest.mark.parametrize("case", CASES["followups"], ids=lambda case: case["question"])
def test_a_question_that_refers_back_is_made_self_contained(case: dict[str, Any]) -> None:
    assert rewritten(*case["turns"], case["question"]) == case["rewritten"] != case["question"]


@pytest.mark.parametrize("question", CASES["standalone"])
def test_a_question_that_stands_alone_stays_as_typed(question: str) -> None:
    assert {rewritten(*before, question) for before in CASES["before"]} == {question}


@pytest.mark.parametrize("case", CASES["followups"], ids=lambda case: case["question"])
def test_without_a_conversation_nothing_is_rewritten(case: dict[str, Any]) -> None:
    assert rewritten(case["question"]) == case["question"]


def test_a_rewritten_question_refers_to_nothing_any_more() -> None:
    for case in CASES["followups"]:
        assert rewritten(*case["turns"], case["rewritten"]) == case["rewritten"]


def test_a_conversation_that_opens_with_the_assistant_has_no_turn() -> None:
    assert make_standalone(Query("它多大？", (Message("assistant", "白鹭湿地公园欢迎您。"),)), LEXICON) == "它多大？"


@pytest.mark.parametrize(
    "words", [words for by_language in (*REFUSALS.values(), RELATED) for words in by_language.values()]
)
@pytest.mark.parametrize("is_traditional", [False, True])
def test_every_refusal_of_the_service_is_known_for_one(words: str, is_traditional: bool) -> None:
    said = match_script(words.format(first=2020, last=2024, years="2030年"), is_traditional=is_traditional)
    assert is_failure(said)
    assert read_turns(talk("会长是谁？", said)) == [Turn("会长是谁？")]


@pytest.mark.parametrize(
    "said",
    [
        "",
        " \n",
        "Error: upstream timed out",
        "抱歉，服务暂时不可用，请稍后再试。",
        "系統出錯",
        "很抱歉，我沒有相關資料。",
        "The service is unavailable.",
    ],
)
def test_what_other_services_say_when_they_fail_is_no_answer(said: str) -> None:
    assert is_failure(said)


@pytest.mark.parametrize(
    "said",
    [
        "书记是方启明[1]。",
        "42微克/立方米。资料没有涉及其他年份。",
        "It opened on June 1[1].",
        "申报错误的企业有3家[1]。",
        "Two pupils failed the test[1].",
    ],
)
def test_an_answer_is_no_failure(said: str) -> None:
    assert not is_failure(said)


@pytest.mark.parametrize(
    "said",
    [
        "无法提供户籍证明的老人共36名[1]",
        "无法提供户籍证明的老人共36名",
        "网络故障处理失败的共3件[1]。",
        "抱歉信由方启明写成[1]。",
        "区长说：“资料库中没有找到能够回答这个问题的报道。”[1]",
        "資料庫中沒有找到能夠回答這個問題的報道。此後書記方啟明主持會議[1]。",
        "Error rates fell to 3%[1].",
        "The clinic is unavailable on Sundays[1].",
    ],
)
def test_an_answer_that_has_words_of_a_refusal_is_an_answer(said: str) -> None:
    assert not is_failure(said)


def test_a_false_premise_is_a_refusal_with_all_that_it_quotes() -> None:
    for language, words in REFUSALS["false_premise"].items():
        assert is_failure(f"{words}\n区长是方启明[1]。"), language


@pytest.mark.parametrize("is_traditional", [False, True])
@pytest.mark.parametrize("language", LANGUAGES)
def test_related_reports_name_nobody_whether_or_not_they_stand_behind_the_words(
    language: Language, is_traditional: bool
) -> None:
    announced = match_script(RELATED[language], is_traditional=is_traditional)
    for said in (announced, f"{announced}\n- 商会换届 · 2023-03-02 · 一版.txt\n  “会长李建国主持会议。”"):
        assert is_failure(said)
        assert read_turns(talk("会长是谁？", said)) == [Turn("会长是谁？")]
        before = ("望湖社区的书记是谁？", "方启明[1]。", "石桥商会的会长是谁？", said)
        assert rewritten(*before, "他哪年上任的？") == "方启明哪年上任的？"


def test_an_answer_that_only_begins_like_an_announcement_of_reports_is_an_answer() -> None:
    assert not is_failure(f"{RELATED['zh']}此后书记方启明主持会议[1]。")


@pytest.mark.parametrize("status", ["answered", "partial", "conflicting"])
def test_the_status_decides_where_the_client_sends_it(status: Status) -> None:
    refusal = REFUSALS["not_found"]["zh"]
    assert not is_failure(refusal, status)
    assert is_failure("方启明。", "refused")
    assert is_failure("方启明。", "related")
    assert is_failure(" ", status)
    asked = Message("user", "会长是谁？")
    assert read_turns((asked, Message("assistant", "方启明。", "refused"))) == [Turn("会长是谁？")]
    assert read_turns((asked, Message("assistant", "方启明。", "related"))) == [Turn("会长是谁？")]
    assert read_turns((asked, Message("assistant", "方启明。", status))) == [Turn("会长是谁？", "方启明。")]


@pytest.mark.parametrize("is_traditional", [False, True])
@pytest.mark.parametrize("language", LANGUAGES)
def test_of_an_answer_in_part_what_it_does_not_answer_is_left_out(language: Language, is_traditional: bool) -> None:
    missing = match_script(nothing_about("石桥商会的会长是谁？", language), is_traditional=is_traditional)
    (turn,) = read_turns(talk("书记和会长是谁？", f"{missing}\n书记是方启明[1]。"))
    assert turn.answer == "书记是方启明。"


def test_a_user_who_quotes_a_refusal_asks_a_question() -> None:
    asked = f"你刚才说“{REFUSALS['not_found']['zh']}”，那会长是谁？"
    assert [turn.question for turn in read_turns(talk(asked, "方启明[1]。"))] == [asked]


def test_a_failed_turn_gives_no_name_and_may_give_the_topic() -> None:
    refused = "资料库中没有找到李建国担任会长的报道。"
    before = ("望湖社区的书记是谁？", "方启明[1]。", "石桥商会的会长是谁？", refused)
    assert rewritten(*before, "他哪年上任的？") == "方启明哪年上任的？"
    assert rewritten(*before, "什么时候成立的？") == "石桥商会什么时候成立的？"


def test_markers_and_frames_are_taken_off_an_answer() -> None:
    (turn,) = read_turns(talk("書記是誰？", "報道原文：“书记方启明主持会议”[1][2]"))
    assert turn == Turn("书记是谁？", "书记方启明主持会议")


def test_a_question_of_a_questioner_who_writes_much_stays_as_typed() -> None:
    assert rewritten("公园在哪？", "白鹭镇[1]。", question := "它" + "很" * 300) == question


@pytest.mark.timed
@pytest.mark.parametrize(
    "words", ["那", "这个", "他", "是", "在", "的", "王", "the it ", "2020年", "“", "有多少家", "区委书记", "跟比"]
)
def test_hostile_texts_are_read_quickly(words: str) -> None:
    text = (words * 2000)[:2000]
    started = time.monotonic()
    for turns in ((text, text, f"那{text}"), (text, "好", "那2021年呢？"), ("公园在哪？", text, text[:199] + "呢")):
        rewritten(*turns)
    assert time.monotonic() - started < 1.0


ENTITIES = [
    ("在澜江街道望湖社区33栋", ["澜江街道", "望湖社区"]),
    ("云汀区白鹭湿地公园有多大", ["云汀区", "白鹭湿地公园"]),
    ("去区政务服务中心办事", ["政务服务中心"]),
    ("这个社区有多少家企业", []),
]
SUBJECTS = [
    ("2020年云汀区PM2.5年均浓度是多少？", "2020年云汀区PM2.5年均浓度"),
    ("石桥商会什么时候成立的，选会长了吗？", "石桥商会"),
    ("万亩花海在哪个社区？", "万亩花海"),
    ("哪些街道参加了试点？", "参加了试点的街道"),
    ("去中心办事停车有优惠吗？", "去中心办事停车有优惠"),
    ("When did the Wangjin Bridge open?", "the Wangjin Bridge"),
]
PERSONS = [
    ("社区书记方启明定期上门", "方启明"),
    ("江怀瑾。", "江怀瑾"),
    ("欧阳修远说，要抓好", "欧阳修远"),
    ("总投资3.8亿元", None),
    ("位于望津街道湖心路", None),
    ("何秋生局长介绍", "何秋生"),
    ("石桥商会的会长", None),
    ("区长高度重视", None),
]


@pytest.mark.parametrize(("text", "expected"), ENTITIES)
def test_named_places_and_things_are_found_with_their_whole_name(text: str, expected: list[str]) -> None:
    found = find_entities(text)
    assert [entity.words for entity in found] == expected
    assert [text[entity.start : entity.end] for entity in found] == expected


@pytest.mark.parametrize(("question", "subject"), SUBJECTS)
def test_a_question_tells_what_it_is_about(question: str, subject: str) -> None:
    assert find_subject(question) == subject


@pytest.mark.parametrize(("text", "name"), PERSONS)
def test_a_person_is_found_by_the_words_around_the_name(text: str, name: str | None) -> None:
    assert find_person(text) == name


@pytest.mark.parametrize(("question", "expected"), [("他呢？", True), ("它多大？", True), ("Did they win?", True), ("《他乡》是谁写的？", False), ("新桥多长？", False)])  # fmt: skip
def test_a_word_that_points_back_is_seen_whatever_it_means(question: str, expected: bool) -> None:
    assert refers_back(Query(question)) == expected
