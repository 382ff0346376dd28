from dataclasses import replace

import pytest

from index.language.normalise import simplify
from index.language.terms import Lexicon
from index.language.user_dictionary import Dictionary
from rag.question.analysis import CLOCK, STRETCH, analyse_question, asks
from rag.question.intent import AnswerType
from rag.question.language import detect_language
from rag.records import Language

KINDS: list[tuple[str, AnswerType]] = [
    ("2020年云汀区PM2.5年均浓度是多少？", "number"),
    ("白鹭湿地公园规划面积多大？", "number"),
    ("校区有几个班？", "number"),
    ("How many parking spaces were added?", "number"),
    ("2021年的云汀区区委书记是谁？", "person"),
    ("区长叫什么？", "person"),
    ("Who drove the first bus?", "person"),
    ("平台是哪一天上线的？", "date"),
    ("推迟到什么时候？", "date"),
    ("When did the new bridge open?", "date"),
    ("What year was the ferry founded?", "date"),
    ("区政务服务中心新址在哪里？", "place"),
    ("Where is the library?", "place"),
    ("为什么不降反升？", "reason"),
    ("浓度不降反升的三个原因是什么？", "reason"),
    ("Why was the opening delayed?", "reason"),
    ("展览开放多长时间？", "number"),
    ("是第几届？", "number"),
    ("谁知道新桥有多长？", "number"),
    ("哪位记者写的？", "person"),
    ("周见山担任什么职务？", "office"),
    ("What post did she hold?", "office"),
    ("展厅几点开门？", "date"),
    ("哪个街道先试点？", "place"),
    ("哪家公司中标？", "organisation"),
    ("Which company built it?", "organisation"),
    ("介绍一下星澜科技园", "other"),
]

LANGUAGES: list[tuple[str, Language]] = [
    ("新桥何时通车？", "zh"),
    ("新橋何時通車？", "zh"),
    ("PM2.5年均浓度是多少？", "zh"),
    ("When did the Wangjin Bridge open?", "en"),
    ("When was the public service platform called 民声 put into service?", "en"),
    ("2030", "zh"),  # nothing tells: the archive's own language
    ("", "zh"),
]

YEARS = [
    ("2020年和2021年的浓度", ("2020", "2021")),
    ("２０２０年的浓度", ("2020",)),
    ("2020年比2020年", ("2020",)),
    ("第20201期", ()),
    ("1776年的石碑", ()),  # before the twentieth century a year is a matter of the text, not of the archive
    ("去年的浓度", ()),
    ("the first nine months of 2024", ("2024",)),
]

OFFICES = [
    ("2021年的区委书记是谁", ("区委书记",)),
    ("副区长和区长分别是谁", ("副区长", "区长")),
    ("區委書記是誰", ("区委书记",)),
    ("石碑上刻着什么字", ()),
]


@pytest.mark.parametrize(("question", "kind"), KINDS)
def test_a_question_tells_what_kind_of_answer_it_wants(question: str, kind: AnswerType) -> None:
    assert analyse_question(question).answer_type == kind


@pytest.mark.parametrize(("question", "language"), LANGUAGES)
def test_a_question_tells_its_language(question: str, language: Language) -> None:
    assert detect_language(question) == analyse_question(question).language == language


@pytest.mark.parametrize(("question", "years"), YEARS)
def test_the_years_of_a_question_are_read_once_each(question: str, years: tuple[str, ...]) -> None:
    assert analyse_question(question).years == years


@pytest.mark.parametrize(("question", "offices"), OFFICES)
def test_the_offices_of_a_question_are_read_in_simplified_characters(question: str, offices: tuple[str, ...]) -> None:
    assert analyse_question(question).offices == offices


def test_places_that_a_question_names_are_read() -> None:
    assert "北京市" in analyse_question("北京市的市长是谁").names


def test_words_that_only_ask_are_no_terms() -> None:
    terms = analyse_question("请问新桥全长是多少米呢？").terms
    assert "新桥" in terms
    assert not {"请问", "多少", "是", "呢"} & set(terms)


def test_a_question_of_asking_words_alone_has_no_terms() -> None:
    assert analyse_question("是谁？").terms == ()


def test_terms_are_distinct() -> None:
    terms = analyse_question("公园、公园、公园").terms
    assert len(terms) == len(set(terms))


LISTS = [
    ("有哪些街道参加？", True),
    ("哪三项任务？", True),
    ("公园和渡口的面积分别是多少？", True),
    ("灯会包括什么？", True),
    ("Which subdistricts took part?", True),
    ("哪个街道参加？", False),
    ("新桥多长？", False),
]
UNITS = [
    ("新开了多少家店？", "家"),
    ("有几名医生？", "名"),
    ("一共花了多少钱？", "元"),
    ("总投资多少？", "元"),
    ("面积多大？", "平方米"),
    ("新桥有多长？", "米"),
    ("占比是多少？", "%"),
    ("同比下降多少？", "%"),
    ("要多长时间？", "天"),
    ("PM2.5年均浓度是多少？", "微克"),
    ("有多少志愿者？", "人"),
    ("结果是多少？", None),
    ("展厅几点开门？", CLOCK),
    ("公园的开放时间是什么？", CLOCK),
    ("展览的起止时间是什么？", STRETCH),
    ("新桥哪天通车？", None),
    ("谁主持了会议？", None),
]


@pytest.mark.parametrize(("question", "is_list"), LISTS)
def test_a_question_tells_whether_it_wants_several_things(question: str, is_list: bool) -> None:
    assert analyse_question(question).is_list is is_list


@pytest.mark.parametrize(("question", "unit"), UNITS)
def test_a_question_tells_what_its_figure_counts_or_its_date_is_of(question: str, unit: str | None) -> None:
    assert analyse_question(question).unit == unit


@pytest.mark.parametrize(
    ("question", "head"),
    [("哪家店最早开业？", "店"), ("哪个街道先试点？", "街道"), ("哪个村最早通车？", "村"), ("谁办的？", None), ("何时通车？", None)],
)  # fmt: skip
def test_the_noun_behind_the_asking_word_is_the_head(question: str, head: str | None) -> None:
    assert analyse_question(question).head_noun == head


@pytest.mark.parametrize(
    ("question", "body"),
    [("2022年云汀区区委书记是谁？", "云汀区"), ("柳湾北里社区的书记是谁？", "柳湾北里社区"), ("新桥多长？", "")],
)
def test_the_body_of_an_office_is_told_apart_from_it(question: str, body: str) -> None:
    assert analyse_question(question).organisation == body


def test_the_focus_is_what_stands_about_the_asking_word() -> None:
    analysis = analyse_question("按照去年公布的城市更新规划，南渡街道的老旧小区今年要改造多少栋楼房？")
    assert "改造" in analysis.focus
    assert "城市" in analysis.terms
    assert "城市" not in analysis.focus
    assert analysis.focus <= set(analysis.terms)


@pytest.mark.parametrize("question", ["新橋何時通車？", "區長是誰？", "總投資多少錢？", "有哪些街道參加？"])
def test_a_question_in_traditional_characters_is_read_like_one_in_simplified_ones(question: str) -> None:
    traditional, simplified = analyse_question(question), analyse_question(simplify(question))
    assert replace(traditional, text=simplified.text) == simplified


@pytest.mark.parametrize(
    ("text", "word"), [("新桥有多长？", "多长"), ("When did it open?", "when"), ("新桥通车了。", None)]
)
def test_the_first_asking_word_of_a_text_is_found(text: str, word: str | None) -> None:
    found = asks(text)
    assert (found and found.group().strip().endswith(word or "")) if word else found is None


def test_a_question_with_nothing_to_look_for_is_empty() -> None:
    assert analyse_question("是谁？").is_empty
    assert not analyse_question("渡口在哪里？").is_empty


def test_an_office_of_the_operators_dictionary_is_asked_for_like_any_other() -> None:
    lexicon = Lexicon(Dictionary({"河长": "office"}))
    assert analyse_question("澜江的河长是谁？", lexicon).offices == ("河长",)
    assert analyse_question("澜江的副河长是谁？", lexicon).offices == ("副河长",)
    assert analyse_question("澜江的河长是谁？").offices == ()
