import numpy as np
import pytest

from index.embedding.embedder import Embedder
from index.language.normalise import is_traditional, normalise, simplify, traditionalise
from index.store import Generation
from rag.answer import Answerer
from rag.generation.messages import introduce_quote, match_script, refusal_message
from rag.question.analysis import analyse_question
from rag.question.language import detect_language, writes_traditional
from rag.question.refusals import REFUSALS
from rag.records import Language, Message, Query, RefusalReason

DAYS = np.array([[20200519, 20200519], [0, 0], [20241018, 20241018]], np.int32)
QUESTIONS = {"zh-Hans": "2030年区长是谁？", "zh-Hant": "2030年區長是誰？", "en": "Who is district head in 2030?"}
SCRIPTS = [
    ("新橋何時通車？", True),
    ("那區長呢？", True),
    ("裡面有甚麼？", True),
    ("新桥何时通车？", False),
    ("著名的瞭望塔在哪里？", False),  # 著 and 瞭 are in both scripts
    ("乾隆年间的石碑", False),
    ("《發展》这个词是谁说的？", False),  # one traditional word in a simplified question
    ("PM2.5", False),
    ("Who wrote 《發展》?", True),
    ("", False),
]
MIXED: list[tuple[str, Language]] = [
    ("“Quick Response”热线什么时候开通英语服务？", "zh"),
    ("SpaceX和BYD在云汀有工厂吗？", "zh"),
    ("GDP多少？", "zh"),
    ("How many 国企 are there in Shiqiao?", "en"),
    ("And how many state-owned enterprises (国有企业) are there?", "en"),
    ("Who is the director of 白鹭湿地公园 in Yunting District, and since when?", "en"),
    ("The Beatles 和 The Who 在云汀演出过吗？", "zh"),
    ("請問 Wangjin Bridge 何時通車？", "zh"),
]


@pytest.mark.parametrize(("text", "expected"), SCRIPTS)
def test_a_text_tells_its_script(text: str, expected: bool) -> None:
    assert is_traditional(text) == writes_traditional(Query(text)) == expected


def test_a_follow_up_that_does_not_tell_its_script_is_answered_in_that_of_the_conversation() -> None:
    history = (Message("user", "2020年雲汀區有多少人？"), Message("assistant", "42万人[1]。"))
    assert writes_traditional(Query("那2021年呢？", history))
    assert not writes_traditional(Query("那2021年的浓度呢？", history))
    assert not writes_traditional(Query("那2021年呢？"))


@pytest.mark.parametrize(("text", "language"), MIXED)
def test_names_of_another_language_do_not_change_a_questions_own(text: str, language: Language) -> None:
    assert detect_language(text) == language


def refused(reason: RefusalReason, question: str, *, is_related: bool = False) -> str:
    analysis = analyse_question(question)
    return refusal_message(reason, analysis.language, analysis, DAYS, is_related=is_related)


@pytest.mark.parametrize(("reason", "is_related"), [*((reason, False) for reason in REFUSALS), ("not_found", True)])
def test_a_refusal_is_in_the_language_and_script_of_the_question(reason: RefusalReason, is_related: bool) -> None:
    hans, hant, english = (
        match_script(refused(reason, text, is_related=is_related), is_traditional=is_traditional(text))
        for text in QUESTIONS.values()
    )
    assert detect_language(english) == "en"
    assert not is_traditional(hans)
    assert is_traditional(hant)
    assert simplify(hant) == hans
    assert {"{", "}"}.isdisjoint(hans + hant + english)


def test_related_reports_are_announced_as_what_may_not_answer() -> None:
    hans, hant, english = (refused("not_found", text, is_related=True) for text in QUESTIONS.values())
    assert "没有找到" in hans
    assert "相关报道（不一定回答所问）" in hans
    assert hant == hans
    assert "no report that surely answers" in english
    assert "may not answer" in english


def test_a_refusal_for_its_years_names_them() -> None:
    said = refused("out_of_range", QUESTIONS["zh-Hant"])
    assert "2020年至2024年" in said
    assert "2030年" in said


@pytest.mark.parametrize(("quote", "language"), [("新桥全长426米。", "en"), ("The bridge is long.", "zh")])
def test_a_quote_in_another_language_stays_as_printed_in_a_frame(quote: str, language: Language) -> None:
    framed = introduce_quote(quote, language)
    assert quote in framed != quote
    assert detect_language(framed.replace(quote, "")) == language


def test_a_quote_in_the_questions_language_needs_no_frame() -> None:
    assert introduce_quote("新桥全长426米。", "zh") == "新桥全长426米。"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("里面的头发", "裡面的頭髮"),
        ("裡面的頭髮", "裡面的頭髮"),
        ("PM2.5为42。", "PM2.5為42。"),
        ("Only English.", "Only English."),
    ],
)
def test_a_statement_is_shown_in_the_characters_of_the_question(text: str, shown: str) -> None:
    assert match_script(text, is_traditional=True) == shown
    assert match_script(text, is_traditional=False) == text


@pytest.mark.parametrize(
    "word",
    [
        "干净",
        "干部",
        "皇后",
        "以后",
        "公里",
        "里面",
        "发展",
        "理发",
        "台风",
        "云台",
        "只有",
        "一只",
        "范围",
        "复杂",
        "回复",
    ],
)
def test_what_is_written_in_traditional_characters_is_matched_like_the_simplified(word: str) -> None:
    assert normalise(traditionalise(word)) == word


async def ask(generation: Generation, embedder: Embedder, query: Query) -> tuple[str, list[str]]:
    answer = await Answerer(generation, embedder).answer(query)
    for citation in answer.citations:
        article = generation.catalogue.article(citation.article_id)
        assert article is not None
        assert article.text[citation.start : citation.end] == citation.quote
    for statement in answer.statements:
        assert answer.answer[statement.start : statement.end] == statement.text
    return answer.answer, [citation.quote for citation in answer.citations]


@pytest.mark.anyio
async def test_a_traditional_question_is_answered_in_kind_and_its_quotes_stay_as_printed(
    sample: Generation, embedder: Embedder
) -> None:
    said, quotes = await ask(sample, embedder, Query("2020年雲汀區PM2.5年均濃度是多少？"))
    simplified, same = await ask(sample, embedder, Query("2020年云汀区PM2.5年均浓度是多少？"))
    assert is_traditional(said)
    assert not is_traditional(simplified)
    assert normalise(said) == normalise(simplified)
    assert quotes == same
    assert quotes
    assert not any(map(is_traditional, quotes))


@pytest.mark.anyio
async def test_an_english_follow_up_in_a_chinese_conversation_is_answered_in_english(
    sample: Generation, embedder: Embedder
) -> None:
    history = (Message("user", "望津大桥什么时候通车？"), Message("assistant", "2024年9月28日[1]。"))
    answer = await Answerer(sample, embedder).answer(Query("How long is it?", history))
    assert answer.interpreted["rewritten_question"] == "How long is 望津大桥?"
    assert answer.answer.startswith("The newspaper says:")


@pytest.mark.anyio
@pytest.mark.parametrize("text", ["雲汀區2030年的PM2.5年均濃度目標是多少？", " "])
async def test_a_traditional_question_is_refused_in_kind(text: str, sample: Generation, embedder: Embedder) -> None:
    history = () if text.strip() else (Message("user", "區長是誰？"),)
    answer = await Answerer(sample, embedder).answer(Query(text, history))
    assert answer.refusal is not None
    assert is_traditional(answer.refusal.message)
    assert answer.answer == answer.refusal.message
