"""Who holds an office, who did, and what is left to passages: over the reports of a made-up district."""

from collections.abc import Callable
from pathlib import Path

import pytest
from archive import Lines

from index.embedding.embedder import Embedder
from index.records import PartialDate
from index.store import Generation
from rag.generation.composition import Composition
from rag.lookup.inquiry import Inquiry
from rag.lookup.office_holders import look_up_office
from rag.question.analysis import analyse_question
from rag.question.language import detect_language
from rag.records import Query
from rag.retrieval.retriever import Retriever

TODAY = PartialDate("2025-06-01")
REPORTS = (
    ("h2019", "2019-03-05", "潮音区部署春耕", "3月4日，区委书记方望舟主持会议，区委副书记、区长何远山参加。潮音区的春耕从这周开始。"),
    ("h2020", "2020-05-06", "何远山调研", "区委副书记、区长何远山到盐仓街道调研。街道办事处主任时振东陪同。"),
    ("a2021", "2021-02-08", "潮音区代区长到任", "代区长梁若水2月7日到北堤察看。"),
    ("e2021", "2021-06-12", "潮音区人代会闭幕", "会议选举梁若水为潮音区人民政府区长。区委书记方望舟讲话。"),
    ("h2023", "2023-09-01", "潮音区开学", "区长梁若水、副区长宋知秋、叶知非到学校检查。"),
    ("h2024", "2024-01-15", "潮音区全会", "区委书记梁若水作报告，区委副书记、区长江怀瑾主持。副区长宋知秋参加。"),
    ("old", "2024-03-02", "回望", "2019年的那个春天，时任区长何远山带队在北堤上站了三天。"),
    ("street", "2023-05-04", "盐仓街道清淤", "盐仓街道的河道清淤完工。党工委书记佟向荣说，下一步种树。"),
    ("other", "2023-05-20", "客人来访", "邻水区区长石开岩一行来潮音区考察。"),
    ("bureau", "2022-04-04", "空气好了", "潮音区住房和城乡建设委员会主任韩屿介绍，工地都装了雾炮。"),
    ("palace", "2024-05-05", "潮音区少年宫换人", "会议任命宋时雨为潮音区少年宫中心主任，免去魏长庚的潮音区少年宫中心主任职务。潮音区少年宫中心主任魏长庚到场。"),
    ("undated", None, "剪影", "潮音区副区长丁晓岚到会。"),
    ("north", "2022-08-08", "北堤街道", "北堤街道的居民种了三百棵柳树，街坊都说好。"),
    ("english", "2024-02-02", "The Chaoyin harbour", "The harbour of Chaoyin was opened on February 1, 2024. It has 12 berths."),
)  # fmt: skip
LINES: Lines = [
    {"_id": name, "date": date, "newspaper": "潮音报", "title": title, "text": text}
    for name, date, title, text in REPORTS
]


@pytest.fixture(scope="module")
def district(make_archive: Callable[[Lines], Generation]) -> Generation:
    return make_archive(LINES)


@pytest.fixture(scope="module")
def ask(district: Generation, embedder: Embedder, cache_dir: Path) -> Callable[[str], Composition | None]:
    retriever = Retriever(district, embedder, cache_dir=cache_dir)

    def look_up(question: str) -> Composition | None:
        analysis = analyse_question(question, district.lexicon, TODAY)
        query = Query(question, today=TODAY)
        return look_up_office(Inquiry(query, analysis, detect_language(question), district, retriever))

    return look_up


Ask = Callable[[str], Composition | None]


def told(found: Composition | None) -> list[str]:
    assert found
    for line in found.lines:
        for quote in line.quotes:
            assert found.articles[quote.passage.article_id].text[quote.start : quote.end] == quote.text
    return [line.text for line in found.lines]


def test_the_newest_holder_comes_first_with_the_date_then_the_one_before(ask: Ask) -> None:
    lines = told(ask("现任区长是谁？"))
    assert lines == ["据2024年1月15日报道，潮音区区长为江怀瑾。", "此前，据2023年9月1日报道，潮音区区长为梁若水。"]


@pytest.mark.parametrize(
    "question",
    [
        "区长是谁",
        "潮音区区长是谁？",
        "请问潮音区现在的区长叫什么名字",
        "谁是区长",
        "潮音谁当区长",
        "我们区的区长是哪位",
        "區長是誰？",
        "区 长 是 谁",
    ],
)
def test_it_may_be_asked_in_many_ways(ask: Ask, question: str) -> None:
    if " " in question:
        question = question.replace(" ", "")
    assert told(ask(question))[0] == "据2024年1月15日报道，潮音区区长为江怀瑾。"


def test_whoever_held_it_at_a_time_is_told_from_the_reports_of_that_time(ask: Ask) -> None:
    assert told(ask("2019年的区委书记是谁")) == ["据2019年3月5日报道，潮音区委书记为方望舟。"]
    assert told(ask("2020年5月谁是区长？")) == ["据2020年5月6日报道，潮音区区长为何远山。"]


def test_a_later_look_back_makes_no_holder_of_its_own_day(ask: Ask) -> None:
    found = ask("2024年3月的区长是谁")
    assert found
    assert (found.status, found.refusal) == ("refused", "not_found")
    assert "何远山" not in "".join(told(found))


def test_where_no_report_is_of_that_time_the_nearest_are_told_with_their_dates(ask: Ask) -> None:
    found = ask("2022年的区长是谁")
    lines = told(found)
    assert found
    assert (found.status, found.refusal) == ("refused", "not_found")
    assert "不能确定" in lines[0]
    assert lines[1:] == ["据2021年6月12日报道，潮音区区长为梁若水。", "据2023年9月1日报道，潮音区区长为梁若水。"]


def test_of_two_named_on_one_day_whoever_leaves_comes_second(ask: Ask) -> None:
    lines = told(ask("潮音区少年宫中心主任是谁"))
    assert lines[0] == "据2024年5月5日报道，潮音区少年宫中心主任为宋时雨。"
    assert "据2024年5月5日报道，魏长庚不再担任潮音区少年宫中心主任。" in lines


def test_all_who_held_it_come_in_the_order_of_time(ask: Ask) -> None:
    lines = told(ask("历任区长有哪些？"))
    assert "共3位" in lines[0]
    assert [line.split("：")[0] for line in lines[1:]] == ["何远山", "梁若水", "江怀瑾"]
    assert "2021年2月8日至2023年9月1日" in lines[2]


def test_an_office_of_many_is_a_list_newest_first_and_undated_last(ask: Ask) -> None:
    assert [line.split("：")[0] for line in told(ask("副区长都有谁"))[1:]] == ["宋知秋", "叶知非", "丁晓岚"]
    assert "日期不明" in told(ask("潮音区副区长是谁"))[-1]


def test_all_of_a_time_are_those_whom_its_reports_name(ask: Ask) -> None:
    lines = told(ask("2023年的副区长有哪些"))
    assert sorted(line.rpartition("为")[2] for line in lines) == ["叶知非。", "宋知秋。"]


def test_a_change_is_told_with_a_quote_of_either_side(ask: Ask) -> None:
    found = ask("区长换人了吗")
    lines = told(found)
    assert lines[0].startswith(
        "换人了。据2023年9月1日报道，潮音区区长为梁若水；据2024年1月15日报道，潮音区区长为江怀瑾"
    )
    assert found
    assert all(len(line.quotes) == 2 for line in found.lines[:2])
    assert "据2021年6月12日报道，梁若水当选潮音区区长。" in lines
    assert told(ask("区长是什么时候换的？"))[0] == lines[0]


def test_no_change_is_not_claimed_beyond_the_reports(ask: Ask) -> None:
    assert "没有报道提到换人" in told(ask("盐仓街道党工委书记换了吗"))[0]


def test_a_change_before_or_after_the_time_asked_about_is_none_in_it(ask: Ask) -> None:
    same = told(ask("2019年和2020年区长换人了吗"))
    assert same == ["没有报道提到换人：2019年3月5日至2020年5月6日的报道中，潮音区区长都是何远山。"]
    assert told(ask("2023年和2024年的区长换了没有"))[0].startswith("换人了。据2023年9月1日报道，潮音区区长为梁若水；")
    assert len(told(ask("2023年和2024年的区长换了没有"))) == 1


@pytest.mark.parametrize(
    "question", ["江怀瑾现在还是区长吗", "江怀瑾仍然是区长吗", "区长就是江怀瑾吗", "区长叫江怀瑾吗"]
)
def test_whether_somebody_still_holds_an_office_is_asked_of_that_person(ask: Ask, question: str) -> None:
    assert told(ask(question)) == ["是，据2024年1月15日报道，潮音区区长为江怀瑾。"]


def test_whoever_has_left_an_office_no_longer_holds_it(ask: Ask) -> None:
    assert ask("江怀瑾一直是区长吗") is None
    assert told(ask("梁若水现在还是区长吗"))[0] == "不是，据2024年1月15日报道，潮音区区长为江怀瑾。"


def test_a_body_that_a_report_may_name_for_short_is_not_said_to_be_untold(ask: Ask) -> None:
    assert ask("潮音区少年儿童宫中心主任是谁") is None


def test_all_of_a_unit_are_asked_for_before_it_and_within_it(ask: Ask) -> None:
    lines = told(ask("历任潮音区委书记"))
    assert lines[0].startswith("报道中提到的潮音区委书记共2位")
    assert told(ask("潮音历任区委书记")) == lines


def test_of_a_time_without_reports_no_change_is_said_and_none_denied(ask: Ask) -> None:
    lines = told(ask("2022年区长换人了吗"))
    assert lines[0].startswith("无法确认，没有找到那个时间的报道")
    assert lines[1:] == ["据2021年6月12日报道，潮音区区长为梁若水。", "据2023年9月1日报道，潮音区区长为梁若水。"]


def test_a_change_that_may_have_come_at_the_beginning_of_a_time_is_told_and_not_denied(ask: Ask) -> None:
    lines = told(ask("2021年区长换人了吗"))
    assert lines == [
        "那段时间2021年2月8日至2021年6月12日的报道中，潮音区区长都是梁若水。",
        "据2020年5月6日报道，潮音区区长为何远山；据2021年2月8日报道，潮音区代区长为梁若水。",
    ]


@pytest.mark.parametrize(
    "question", ["潮音区有哪些副区长？", "潮音区有几位副区长", "副区长一共有几位", "潮音区有多少名副区长"]
)
def test_how_many_or_which_hold_an_office_is_answered_with_all_of_them(ask: Ask, question: str) -> None:
    assert [line.split("：")[0] for line in told(ask(question))[1:]] == ["宋知秋", "叶知非", "丁晓岚"]


def test_how_often_an_office_changed_hands_is_answered_with_all_who_held_it(ask: Ask) -> None:
    assert told(ask("潮音区区长换过几任"))[0].startswith("报道中提到的潮音区区长共3位")


def test_where_somebody_works_is_what_office_is_held(ask: Ask) -> None:
    assert told(ask("韩屿在哪个单位任职")) == ["据2022年4月4日报道，韩屿任潮音区住房和城乡建设委员会主任。"]
    assert ask("韩屿在哪里调研") is None


def test_a_district_begins_the_names_of_other_places(ask: Ask) -> None:
    found = ask("潮音园管委会副主任是谁")
    assert found is None or "潮音区园" not in told(found)[0]


def test_a_persons_offices_come_newest_first(ask: Ask) -> None:
    lines = told(ask("梁若水担任过什么职务"))
    assert lines[0] == "据2024年1月15日报道，梁若水任潮音区委书记。"
    assert lines[1] == "据2023年9月1日报道，梁若水任潮音区区长（最早见于2021年2月8日的报道）。"
    assert told(ask("梁若水是谁？")) == lines


@pytest.mark.parametrize(
    ("question", "verdict", "name"),
    [
        ("江怀瑾是区长吗", "是，", "江怀瑾"),
        ("何远山是区长吗？", "不是，", "江怀瑾"),
        ("梁若水2019年是区委书记吗", "不是，", "方望舟"),
        ("何远山2020年是不是区长", "是，", "何远山"),
        ("何远山当过区长吗", "是，", "何远山"),
        ("何远山2022年是区长吗", "无法确认，", "梁若水"),
        ("区长是何远山吗", "不是，", "江怀瑾"),
    ],
)
def test_whether_somebody_holds_it_begins_with_yes_or_no(ask: Ask, question: str, verdict: str, name: str) -> None:
    lines = told(ask(question))
    assert lines[0].startswith(verdict)
    assert name in "".join(lines)


def test_another_units_holder_is_never_told(ask: Ask) -> None:
    assert "佟向荣" in told(ask("盐仓街道党工委书记是谁"))[0]
    refused = ask("北堤街道党工委书记是谁")
    assert refused
    assert (refused.status, refused.refusal) == ("refused", "not_found")
    assert "佟向荣" not in told(refused)[0]
    assert "石开岩" in told(ask("邻水区区长是谁"))[0]


def test_an_abbreviation_and_the_full_name_are_one_office(ask: Ask) -> None:
    for question in ("区住建委主任是谁", "潮音区住建委主任是谁", "区住房和城乡建设委员会主任叫什么"):
        assert told(ask(question)) == ["据2022年4月4日报道，潮音区住房和城乡建设委员会主任为韩屿。".replace("住房和城乡建设委员会", "住建委" if "住建委" in question else "住房和城乡建设委员会")]  # fmt: skip


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Who is the district mayor?", "江怀瑾"),
        ("Who is the current mayor of Chaoyin District?", "江怀瑾"),
        ("Who was the party secretary in 2019?", "方望舟"),
        ("Who is the deputy mayor?", "宋知秋"),
        ("Has the mayor changed?", "It changed."),
    ],
)
def test_english_questions_are_answered_in_english(ask: Ask, question: str, said: str) -> None:
    lines = told(ask(question))
    assert said in "".join(lines)
    assert "report" in "".join(lines)


@pytest.mark.parametrize(
    "question",
    [
        "区长主持了什么会议？",
        "区长去年调研了哪些地方",
        "区长梁若水强调了什么",
        "区长和区委书记是谁",
        "出席开学检查的区长是谁",
        "区长办公会研究了什么",
        "区长的老师是谁",
        "谁陪同区长调研",
        "北堤街道种了多少棵柳树",
        "什么时候开学",
        "区长热线是多少",
        "南平区区委书记怎么评价这件事",
        "学校换校长负责制了吗",
        "柳树是谁种的",
        "谁站了三天",
        "张三是谁",
        "北低街道党工委书记是谁",
        "Who opened the harbour?",
        "Who is the mayor of Springfield?",
        "Who is the mayor's wife?",
        "",
    ],
)
def test_other_questions_are_left_to_passages(ask: Ask, question: str) -> None:
    assert ask(question) is None


def test_a_filter_by_date_leaves_the_question_to_passages(
    district: Generation, embedder: Embedder, cache_dir: Path
) -> None:
    question = "区长是谁"
    analysis = analyse_question(question, district.lexicon, TODAY)
    query = Query(question, first=PartialDate("2019"), today=TODAY)
    retriever = Retriever(district, embedder, cache_dir=cache_dir)
    assert look_up_office(Inquiry(query, analysis, "zh", district, retriever)) is None


def test_in_an_archive_of_many_districts_one_must_be_named(
    make_archive: Callable[[Lines], Generation], embedder: Embedder, cache_dir: Path
) -> None:
    """Else 区长 would be whoever a report without a district's name has."""
    texts = ("潮音区区长江怀瑾到会。", "邻水区区长石开岩到会。", "区长梁若水到会。")
    lines = [{"_id": f"m{n}", "date": "2024-01-01", "title": "会", "text": text} for n, text in enumerate(texts)]
    several = make_archive(lines)
    retriever = Retriever(several, embedder, cache_dir=cache_dir)

    def look_up(question: str) -> Composition | None:
        analysis = analyse_question(question, several.lexicon, TODAY)
        return look_up_office(Inquiry(Query(question, today=TODAY), analysis, "zh", several, retriever))

    assert look_up("区长是谁") is None
    assert told(look_up("邻水区区长是谁")) == ["据2024年1月1日报道，邻水区区长为石开岩。"]


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("佟向荣是哪个单位的？", "佟向荣任盐仓街道"),
        ("佟向荣在哪个部门工作？", "佟向荣任盐仓街道"),
        ("佟向荣 是谁", "佟向荣任盐仓街道"),
        ("潮音区新任区长是谁？", "江怀瑾"),
    ],
)
def test_where_somebody_works_is_told_by_the_office(ask: Ask, question: str, told: str) -> None:
    found = ask(question)
    assert found is not None
    assert told in "".join(line.text for line in found.lines)


@pytest.mark.parametrize("question", ["这个项目在哪个单位的？", "会议是什么单位的？"])
def test_what_is_no_person_works_nowhere(ask: Ask, question: str) -> None:
    assert ask(question) is None
