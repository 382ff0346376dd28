"""The lookups of rag.lookup.gathering over a made-up archive: complete, dated, in order, merged; nothing of other kinds."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from archive import Lines
from town import report

from index.embedding.embedder import Embedder
from index.records import PartialDate
from index.store.generations import Generation
from rag.generation.composition import Composition
from rag.lookup.gathering.writing import PAGE_ITEMS
from rag.lookup.inquiry import Inquiry
from rag.lookup.lookups import look_up
from rag.question.analysis import analyse_question
from rag.question.language import detect_language
from rag.reader.readings import PassageReader
from rag.records import Query
from rag.retrieval.retriever import Retriever

Ask = Callable[[str], Composition | None]
TODAY = PartialDate("2024-11-30")
JUDGING = (
    "4月2日上午，青屿区召开工作点评会。柳湾街道、北港镇、区文旅局依次发言，并接受区长何远山现场点评。副区长宋知秋参加。\n"
    "柳湾街道抓好接诉即办，推进老楼加装电梯。但在财源建设方面仍存不足。北港镇完成码头改造。但在扬尘管控方面仍存短板。"
    "区文旅局办好灯会。但存在统筹不够等不足。\n会议以视频形式召开。"
)
REPORTS: Lines = (
    report("spring", "2023-03-02", "区政府召开春耕会议", "3月1日，青屿区召开春耕会议。区长何远山主持会议，副区长宋知秋参加。"),
    report("judging", "2023-04-03", "青屿区召开工作点评会", JUDGING),
    report("guests", "2023-04-20", "何远山会见客商", "4月19日，区长何远山会见海运集团董事长丁晓岚一行，并座谈交流。"),
    report("north", "2023-05-03", "检查防汛", "5月2日，区长何远山到北港镇检查防汛工作。实地察看泵站运行情况。\n区领导宋知秋一同检查。"),
    report("west", "2023-06-11", "检查安全生产", "6月10日，区长何远山检查西滩码头安全生产工作。何远山强调，要加强对学校的检查。"),
    report("fire1", "2023-07-02", "盐仓仓库起火", "7月1日夜间，盐仓一处仓库起火，消防员两小时后扑灭，无人受伤。"),
    report("fire2", "2023-07-03", "盐仓火灾原因查明", "7月1日，盐仓仓库发生火灾，起火原因是电线老化，消防员到场扑灭。"),
    report("fire3", "2023-09-09", "渔船着火", "9月8日，北港一艘渔船着火，船员获救。"),
    report("drill", "2023-10-09", "社区消防演练", "10月8日，贝壳社区开展消防演练，居民学习预防火灾的知识和火灾自救的办法。"),
    report("bridge1", "2019-05-03", "听潮桥开工", "2019年5月2日，听潮桥建设工程正式开工。"),
    report("bridge2", "2020-11-09", "听潮桥合龙", "2020年11月8日，听潮桥建设工程主桥合龙。"),
    report("bridge3", "2021-10-02", "听潮桥通车", "2021年10月1日，听潮桥建设工程完工通车。"),
    *(
        report(f"lamp{n}", f"2018-01-{n:02}", f"路灯{n}", f"2018年1月{n}日，区城管委召开路灯协调会，研究第{n}批路灯。这一天很冷。")
        for n in range(1, 16)
    ),
)  # fmt: skip


@pytest.fixture(scope="module")
def archive(make_archive: Callable[[Lines], Generation]) -> Generation:
    return make_archive(REPORTS)


@pytest.fixture(scope="module")
def inquire(archive: Generation, embedder: Embedder, reader: PassageReader) -> Callable[[str], Inquiry]:
    def of(question: str) -> Inquiry:
        analysis = analyse_question(question, archive.lexicon, TODAY)
        retriever = Retriever(archive, embedder, reader)
        return Inquiry(Query(question, today=TODAY), analysis, detect_language(question), archive, retriever)

    return of


@pytest.fixture(scope="module")
def ask(inquire: Callable[[str], Inquiry]) -> Ask:
    return lambda question: look_up(inquire(question))


def items(found: Composition | None) -> list[str]:
    assert found
    return [line.text for line in found.lines if line.quotes]


def test_all_meetings_of_a_person_are_listed_in_the_order_of_time(ask: Ask) -> None:
    told = items(ask("何远山参加过哪些会议？"))
    assert [text.split("：")[0] for text in told] == ["1. 2023年3月1日", "2. 2023年4月2日"]


def test_who_only_took_part_is_listed_too(ask: Ask) -> None:
    assert len(items(ask("宋知秋出席了哪些会议"))) == 2


def test_places_inspected_go_on_into_the_next_sentence_and_speeches_are_no_inspections(ask: Ask) -> None:
    told = items(ask("何远山检查过哪些地方"))
    assert len(told) == 2
    assert "察看泵站" in told[0]
    assert "学校" not in "".join(told)


def test_the_same_fire_is_one_item_with_both_quotes_and_a_drill_is_none(ask: Ask) -> None:
    found = ask("发生过哪些火灾")
    assert found
    lines = [line for line in found.lines if line.quotes]
    assert [len(line.quotes) for line in lines] == [2, 1]
    assert "演练" not in "".join(line.text for line in lines)


def test_every_item_quotes_its_article_word_by_word(ask: Ask) -> None:
    found = ask("何远山检查过哪些地方")
    assert found
    quotes = [quote for line in found.lines for quote in line.quotes]
    assert quotes
    for quote in quotes:
        assert found.articles[quote.passage.article_id].text[quote.start : quote.end] == quote.text


def test_the_last_time_and_the_first_are_told_with_their_day(ask: Ask) -> None:
    assert "2023年6月10日" in items(ask("何远山最近一次检查是什么时候"))[0]
    assert "2023年5月2日" in items(ask("何远山第一次检查是哪一天"))[0]


def test_a_long_list_is_paged_and_says_how_many_there_are(ask: Ask) -> None:
    question = "2018年1月有哪些协调会"
    found = ask(question)
    assert len(items(found)) == PAGE_ITEMS
    assert found
    assert "15" in found.lines[0].text
    (following,) = found.choices
    assert following == f"{question}（第2页）"
    rest = ask(following)
    assert len(items(rest)) == 15 - PAGE_ITEMS
    assert rest
    assert not rest.choices


@pytest.mark.parametrize(
    ("question", "own", "neighbours"),
    [
        ("柳湾街道有什么不足", "财源建设", "扬尘"),
        ("柳湾街道办事处还有什么短板", "财源建设", "扬尘"),
        ("北港镇政府有哪些不足", "扬尘管控", "财源"),
        ("北港镇的短板是什么", "扬尘管控", "财源"),
        ("区文旅局存在哪些问题", "统筹不够", "扬尘"),
    ],
)
def test_a_bodys_shortcoming_is_its_own(ask: Ask, question: str, own: str, neighbours: str) -> None:
    (told,) = items(ask(question))
    assert own in told
    assert neighbours not in told


@pytest.mark.parametrize("question", ["区教委有哪些不足", "贝壳社区还存在什么短板", "西港镇的差距在哪里"])
def test_what_a_body_lacks_is_said_to_be_told_nowhere_where_no_report_blames_it(ask: Ask, question: str) -> None:
    found = ask(question)
    assert found
    assert found.status == "refused"
    assert not found.quotes


@pytest.mark.parametrize("question", ["灯会有什么不足", "区教委有什么问题", "区长和区教委有什么不足"])
def test_what_may_be_no_body_or_stand_in_other_words_is_left_to_passages(ask: Ask, question: str) -> None:
    assert ask(question) is None


def test_so_many_bodies_are_all_that_were_judged(ask: Ask) -> None:
    assert len(items(ask("这三个单位各有什么短板"))) == 3


def test_a_day_without_a_matter_is_summed_up_by_what_was_printed_then(ask: Ask) -> None:
    told = items(ask("2023年4月3日青屿有什么大事"))
    assert "工作点评会" in told[0]
    assert not any("会见" in text for text in told)


def test_words_that_the_archive_has_no_terms_for_are_summed_up_by_nothing(ask: Ask) -> None:
    assert ask("Summarise the report on low-altitude economy") is None
    assert ask("把2023年4月的新闻做个小结")


def test_each_town_criticised_is_listed_and_no_street(ask: Ask) -> None:
    (told,) = items(ask("哪些镇被批评了"))
    assert "北港镇" in told
    assert "柳湾" not in told


def test_a_timeline_has_a_line_for_each_report(ask: Ask) -> None:
    told = items(ask("梳理听潮桥建设的进展"))
    assert [word for text in told for word in ("开工", "合龙", "通车") if word in text] == ["开工", "合龙", "通车"]


def test_a_month_is_summed_up_by_the_leads_of_its_reports(ask: Ask) -> None:
    told = items(ask("总结2023年4月的新闻"))
    assert len(told) == 2
    assert "工作点评会" in told[0]
    assert "会见" in told[1]


def test_an_article_named_by_its_title_is_summed_up(ask: Ask) -> None:
    found = ask("《青屿区召开工作点评会》讲了什么")
    assert found
    assert found.lines[0].text.startswith("《青屿区召开工作点评会》")
    assert len(items(found)) > 1


def test_with_an_llm_an_article_is_its_to_sum_up_and_a_month_is_not(inquire: Callable[[str], Inquiry]) -> None:
    def asked(question: str) -> Composition | None:
        return look_up(replace(inquire(question), has_llm=True))

    assert asked("《青屿区召开工作点评会》讲了什么") is None
    assert asked("总结2023年4月的新闻") is not None


@pytest.mark.parametrize(
    "question",
    [
        "梁若水参加过哪些会议",  # not in the archive
        "何远山会见过哪些人",  # one item: its passage answers
        "盐仓仓库为什么起火",
        "贝壳社区的火灾自救办法有哪些",
        "小区停车有什么问题",
        "申请公租房有什么要求",
        "听潮桥全长多少米",
        "点评会有哪些街镇发言",
        "中山公园有哪些设施",
    ],
)
def test_other_questions_are_left_to_passages(ask: Ask, question: str) -> None:
    assert ask(question) is None
