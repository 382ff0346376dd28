import pytest

from rag.question import AnswerKind, detect_language, read_question
from rag.records import Language

KINDS: list[tuple[str, AnswerKind]] = [
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
    ("有哪些街道参加？", "list"),
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
def test_a_question_tells_what_kind_of_answer_it_wants(question: str, kind: AnswerKind) -> None:
    assert read_question(question).kind == kind


@pytest.mark.parametrize(("question", "language"), LANGUAGES)
def test_a_question_tells_its_language(question: str, language: Language) -> None:
    assert detect_language(question) == read_question(question).language == language


@pytest.mark.parametrize(("question", "years"), YEARS)
def test_the_years_of_a_question_are_read_once_each(question: str, years: tuple[str, ...]) -> None:
    assert read_question(question).years == years


@pytest.mark.parametrize(("question", "offices"), OFFICES)
def test_the_offices_of_a_question_are_read_in_simplified_characters(question: str, offices: tuple[str, ...]) -> None:
    assert read_question(question).offices == offices


def test_places_that_a_question_names_are_read() -> None:
    assert "北京市" in read_question("北京市的市长是谁").names


def test_words_that_only_ask_are_no_terms() -> None:
    terms = read_question("请问新桥全长是多少米呢？").terms
    assert "新桥" in terms
    assert not {"请问", "多少", "是", "呢"} & set(terms)


def test_a_question_of_asking_words_alone_has_no_terms() -> None:
    assert read_question("是谁？").terms == ()


def test_terms_are_distinct() -> None:
    terms = read_question("公园、公园、公园").terms
    assert len(terms) == len(set(terms))


def test_a_deputy_does_not_meet_a_question_for_the_head() -> None:
    reading = read_question("2021年的区长是谁")
    assert reading.is_met_by("区长沈若兰出席")
    assert not reading.is_met_by("副区长叶知非出席")


def test_a_question_for_a_figure_is_met_by_a_sentence_with_one() -> None:
    reading = read_question("总投资多少？")
    assert reading.is_met_by("总投资4.1亿元")
    assert not reading.is_met_by("投资很大")


def test_a_question_for_a_place_is_met_by_a_sentence_with_one() -> None:
    reading = read_question("新址在哪里？")
    assert reading.is_met_by("新中心位于望津街道湖心路18号")
    assert not reading.is_met_by("新中心正式启用")
