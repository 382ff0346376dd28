"""rag.retrieval.spelling: misspelt names against what an archive prints, and the many names that are none of it."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from archive import Lines
from hypothesis import given
from hypothesis import strategies as st

from index.embedding.embedder import Embedder
from index.store import Generation
from rag.answer import Answerer
from rag.question.refusals import is_refusal
from rag.records import Answer, Delta, Message, Query
from rag.retrieval.spelling.organs import other_terms
from rag.retrieval.spelling.sounds import Sounds, neighbours
from rag.retrieval.spelling.speller import Speller
from rag.retrieval.translation.dictionary import load_words


def report(number: int, title: str, text: str) -> Mapping[str, str | None]:
    return {
        "_id": f"r{number}",
        "date": f"2023-{number % 12 + 1:02}-03",
        "newspaper": "云汀报",
        "title": title,
        "text": text,
    }


_TEXTS = [
    ("区委召开会议", "区委书记沈若岚主持会议，她要求各镇抓好春耕。沈若岚说，水利是命脉。"),
    ("书记下乡", "区委书记沈若岚到青坞镇调研，看望了茶农。镇长说，今年茶叶丰收。"),
    ("桥梁通车", "区委书记沈若岚宣布望津大桥通车。望津大桥全长638米，设六车道。"),
    ("大桥检修", "上月，望津大桥检修三天，车辆改走老街。经望津大桥过江的公交停驶。"),
    ("夜游澜江", "从望津大桥看澜江夜景，游客很多。昨晚望津大桥亮灯，市民来拍照。"),
    ("茶园", "青坞镇茶园采茶四千斤。在青坞镇，茶农用上了新机器。去年青坞镇修了路。"),
    ("就业", "区人社局举办招聘会，提供岗位八百个。据区人社局介绍，三百人签约。区人社局还办了培训班。"),
    ("街道整治", "区城市管理委员会整治了早市。记者从区城市管理委员会获悉，早市改到六点开门。"),
    ("校长们", "湖心小学校长陈丽萍介绍了新课程。校长陈丽萍说，孩子们喜欢劳动课。"),
    ("比赛", "区体育馆馆长陈立平宣布比赛开始。馆长陈立平说，观众有两千人。"),
    ("三次讲话", "区委书记沈若岚强调，要早种。沈若岚强调，要多种。区委书记沈若岚强调，要护好堤。沈若岚强调，要快。"),
    ("粮价", "粮食局局长何广明说，粮价平稳。局长何广明还说，库存充足。"),
]
LINES: Lines = [report(number, title, text) for number, (title, text) in enumerate(_TEXTS)]


@pytest.fixture(scope="module")
def archive(make_archive: Callable[[Lines], Generation]) -> Generation:
    return make_archive(LINES)


@pytest.fixture(scope="module")
def speller(archive: Generation, cache_dir: Path) -> Speller:
    return Speller(archive, cache_dir)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("沈若蓝是什么职务", "沈若岚是什么职务"),
        ("沈弱岚主持了哪次会议？", "沈若岚主持了哪次会议？"),
        ("沈弱蓝是谁", "沈若岚是谁"),
        ("深若岚是谁", "沈若岚是谁"),
        ("沈岚若是谁", "沈若岚是谁"),
        ("忘津大桥有多长", "望津大桥有多长"),
        ("望京大桥有多长", "望津大桥有多长"),
        ("望津大侨什么时候通车", "望津大桥什么时候通车"),
        ("青务镇采茶多少斤", "青坞镇采茶多少斤"),
        ("沈若嵐是誰", None),
        ("shen ruolan 是谁", "沈若岚 是谁"),
        ("Shěn Ruòlán是谁", "沈若岚是谁"),
        ("区人保局提供多少个岗位", "区人社局提供多少个岗位"),
        ("区人力资源和社会保障局提供多少个岗位", "区人社局提供多少个岗位"),
        ("区城管委整治了什么", "区城市管理委员会整治了什么"),
    ],
)
def test_a_misspelt_name_becomes_the_one_that_is_printed(speller: Speller, typed: str, meant: str | None) -> None:
    spelling = speller.correct(typed)
    assert spelling.text == (meant or typed)
    assert not spelling.choices


@pytest.mark.parametrize(
    "question",
    [
        "沈若岚是谁",
        "望津大桥有多长？",
        "李建国是谁",
        "沈若水是谁",
        "江怀瑾是什么职务",
        "何光宇是谁",
        "申若兰芝开了几家店",
        "北京大桥有多长",
        "王家镇采茶多少斤",
        "区公安局局长是谁",
        "GDP是多少",
        "AI和App怎么用",
        "Who is Shen Ruolan?",
        "你好",
        "",
        "今天天气怎么样",
        "《清屋镇》是谁写的" * 60,
    ],
)
def test_what_is_no_slip_stays_as_it_was_typed(speller: Speller, question: str) -> None:
    spelling = speller.correct(question)
    assert spelling.text == question
    assert not spelling.names


def test_a_verb_behind_a_name_is_no_part_of_it(speller: Speller) -> None:
    assert speller.correct("沈若蓝见了谁").text == "沈若岚见了谁"


def test_of_two_that_are_as_likely_each_is_a_choice(speller: Speller) -> None:
    spelling = speller.correct("陈力平是谁")
    assert set(spelling.choices) <= {"陈立平是谁", "陈丽萍是谁"}
    assert speller.correct("chen liping是谁").choices == tuple(
        f"{name}是谁" for name in speller.correct("chen liping是谁").names
    )
    assert set(speller.correct("chen liping是谁").names) == {"陈立平", "陈丽萍"}


@given(
    st.lists(
        st.sampled_from(["沈若岚", "望津大桥", "青坞镇", "陈丽萍", "和", "在", "是谁", "有多少", "什么时候"]),
        max_size=6,
    )
)
def test_names_as_printed_are_never_changed(archive: Generation, cache_dir: Path, words: list[str]) -> None:
    text = "，".join(words)
    assert Speller(archive, cache_dir).correct(text).text == text


def test_what_sounds_alike_does_so_both_ways(cache_dir: Path) -> None:
    sounds = Sounds(load_words(cache_dir).readings)
    assert "岚" in sounds.alike("兰")
    assert "兰" in sounds.alike("岚")
    assert "兰" not in sounds.alike("兰")
    assert "浪" in sounds.nearly_alike("兰")
    assert "岚" not in sounds.nearly_alike("兰")


def test_syllables_are_confused_by_their_beginning_or_their_end() -> None:
    assert set(neighbours("zhang")) == {"zang", "zhan"}
    assert set(neighbours("lin")) == {"nin", "ling"}
    assert "shong" not in neighbours("shong")


def test_an_organ_is_searched_for_by_its_other_names_too(archive: Generation) -> None:
    def terms(question: str) -> list[str]:
        return other_terms(question, archive.lexicon, archive.lexical)

    assert "人社局" in "".join(terms("人力资源和社会保障局办了什么"))
    assert terms("望津大桥有多长") == []
    assert terms("区发改委说了什么") == []


@pytest.fixture
def answerer(archive: Generation, embedder: Embedder) -> Answerer:
    return Answerer(archive, embedder)


async def heard(answerer: Answerer, question: str, history: tuple[Message, ...] = ()) -> tuple[Answer, str]:
    told = [event async for event in answerer.events(Query(question, history))]
    return told[-1].answer, "".join(event.text for event in told if isinstance(event, Delta))  # type: ignore[union-attr]


@pytest.mark.anyio
async def test_the_answer_says_first_whom_it_takes_to_be_meant(answerer: Answerer) -> None:
    answer, deltas = await heard(answerer, "忘津大桥全长多少米？")
    assert answer.status == "answered"
    assert answer.answer.startswith("是否指“望津大桥”？以下按“望津大桥”回答。\n")
    assert "638米" in answer.answer
    assert deltas == answer.answer
    assert answer.question == "忘津大桥全长多少米？"
    assert answer.interpreted["rewritten_question"] == "望津大桥全长多少米？"
    for statement in answer.statements:
        assert answer.answer[statement.start : statement.end] == statement.text


@pytest.mark.anyio
async def test_which_one_is_meant_is_asked_with_each_as_a_choice(answerer: Answerer) -> None:
    answer, _deltas = await heard(answerer, "chen liping是谁")
    assert answer.status == "refused"
    assert answer.refusal
    assert answer.refusal.reason == "unclear"
    assert set(answer.choices) == {"陈立平是谁", "陈丽萍是谁"}
    assert is_refusal(answer.answer)


@pytest.mark.anyio
async def test_a_refusal_behind_a_corrected_name_is_known_for_one(answerer: Answerer) -> None:
    answer, _deltas = await heard(answerer, "忘津大桥的设计师的生日是哪一天？")
    assert answer.status in ("refused", "related")
    assert answer.answer.startswith("是否指")
    assert is_refusal(answer.answer)


@pytest.mark.anyio
async def test_in_traditional_characters_too(answerer: Answerer) -> None:
    answer, _deltas = await heard(answerer, "忘津大橋全長多少米？")
    assert answer.answer.startswith("是否指“望津大橋”")
    assert "638米" in answer.answer
