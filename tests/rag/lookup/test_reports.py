"""rag.lookup.reports with all that it stands on: which reports, how many, of what day, by whom."""

from collections.abc import Callable, Mapping
from typing import Any

import anyio
import pytest
from archive import Lines
from hypothesis import given
from hypothesis import strategies as st

from index.embedding.embedder import Embedder
from index.records import PartialDate
from index.store import Generation
from rag.answer import Answerer
from rag.lookup.report_question import is_made_of, read_report_question
from rag.lookup.report_question_english import read_english_question
from rag.question.time_range import parse_time_range
from rag.records import Answer, Message, Query


def line(name: str, date: str | None, title: str | None, text: str, **more: object) -> Mapping[str, Any]:
    return {"_id": name, "date": date, "newspaper": "青屿报", "title": title, "text": text, **more}


LANTERNS = [
    line(f"lantern{day:02}", f"2022-08-{day:02}", f"灯会第{day}天", f"柳湾灯会第{day}天，游人不断。", page="02")
    for day in range(9, 21)
]
PAGES = [
    line("dyke", "2023-05-08", "北堤加固完工", "北堤加固工程5月7日完工。", page="01", byline=["记者 何晴"]),
    line("school", "2023-05-08", None, "湖心小学新建两栋教学楼。", page="01", byline=["通讯员 丁一"]),
    line("market", "2023-05-08", "盐仓早市搬迁", "盐仓早市搬到三号码头。", page="04"),
    line("trees", "2023-06", "植树与北堤", "北堤旁种了三百棵柳树。", byline=["记者 何晴"]),
    line("dragon", "2021", "舊街燈會", "老街舉辦燈會。", newspaper="渔港周报"),
    line("undated", None, "北堤旧事", "北堤建于清代。"),
    line(
        "english",
        "2023-07-01",
        "Ferry Back in Service",
        "The ferry to Xiaoyu resumed on July 1.",
        byline="By Lin Suyin",
    ),
]


@pytest.fixture(scope="module")
def archive(make_archive: Callable[[Lines], Generation]) -> Generation:
    return make_archive([*LANTERNS, *PAGES])


@pytest.fixture(scope="module")
def ask(archive: Generation, embedder: Embedder) -> Callable[..., Answer]:
    answerer = Answerer(archive, embedder)

    def asked(question: str, *history: Message, first: str | None = None) -> Answer:
        query = Query(question, history, first=PartialDate(first) if first else None, today=PartialDate("2024-01-15"))
        return anyio.run(answerer.answer, query)

    return asked


Ask = Callable[..., Answer]


def named(answer: Answer, archive: Generation) -> list[str]:
    articles = [archive.catalogue.article(citation.article_id) for citation in answer.citations]
    return [article.doc_id for article in articles if article]


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("2023年5月8日的报道有哪些？", {"dyke", "school", "market"}),
        ("2023年5月8日头版", {"dyke", "school"}),
        ("青屿报2023年5月8日第4版有什么", {"market"}),
        ("2023年6月有哪些新闻", {"trees"}),
        ("2021年的报道有哪些", {"dragon"}),
        ("渔港周报有哪些报道", {"dragon"}),
        ("关于北堤的报道有几篇？", {"dyke", "trees", "undated"}),
        ("所有关于“北堤”的报道", {"dyke", "trees", "undated"}),
        ("2023年有多少篇报道提到北堤", {"dyke", "trees"}),
        ("何晴写了哪些报道", {"dyke", "trees"}),
        ("记者何晴2023年5月发表了几篇文章", {"dyke"}),
        ("关于旧街灯会的报道有哪些", {"dragon"}),
        ("最早的报道是哪一篇？（第2页）", None),
        ("關於北堤的報道有幾篇", {"dyke", "trees", "undated"}),
        ("How many articles mention 北堤?", {"dyke", "trees", "undated"}),
        ("Which reports are from May 2023?", {"dyke", "school", "market"}),
        ("list all articles about the ferry", {"english"}),
        ("Which articles were written by Lin Suyin?", {"english"}),
        ("Lin Suyin写了哪些报道", {"english"}),
        ("哪些文章是何晴写的", {"dyke", "trees"}),
        ("何晴一共发了多少稿", {"dyke", "trees"}),
        ("讲北堤的报道有多少", {"dyke", "trees", "undated"}),
        ("2023年5月8日登了什么", {"dyke", "school", "market"}),
        ("最近三篇新闻是什么", None),
        ("关于北堤写过几篇", {"dyke", "trees", "undated"}),
        ("2023年5月8号见报的有哪些", {"dyke", "school", "market"}),
        ("何晴写了啥", {"dyke", "trees"}),
    ],
)
def test_exactly_the_reports_that_are_asked_for_are_named(
    ask: Ask, archive: Generation, question: str, names: set[str] | None
) -> None:
    answer = ask(question)
    assert answer.status == "fixed"
    if names is not None:
        assert set(named(answer, archive)) == names


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("资料库收录了多少篇文章？", "19篇"),
        ("收录了哪些报纸？", "《青屿报》、《渔港周报》"),
        ("收录的时间范围是什么", "从2021年到2023年7月1日"),
        ("每年各有多少篇报道", "2022年：12篇"),
        ("2023年每个月有多少篇报道", "2023年5月：3篇"),
        ("2022年和2023年各有多少篇报道提到北堤", "2023年提到“北堤”的报道共有2篇"),
        ("最新的报道是什么时候的", "2023年7月1日"),
        ("最早的报道是哪年的", "2021年"),
        ("最新一期是哪天", "最新的报道日期是2023年7月1日"),
        ("资料库里最早的一篇报道是哪一天的", "最早的报道日期是2021年"),
        ("How far back does the archive go, what is the earliest?", "The oldest is of 2021"),
        ("咱们这儿都收了哪些报纸", "《青屿报》"),
        ("2019年有没有报道", "资料库中没有2019年的报道"),
        ("一共有哪些记者", "其中2篇有记者署名，共1种：\n记者 何晴：2篇"),
        ("谁写的稿子最多", "记者 何晴：2篇"),
        ("2019年3月到5月的报道", "资料库中没有2019年3月1日至2019年5月31日的报道"),
        ("都有哪些作者供稿", "通讯员 丁一：1篇"),
        ("2021年有多少位通讯员写过报道", "2021年的报道都没有通讯员署名"),
        ("Which reporters write for the paper?", "记者 何晴: 2"),
        ("关于望津桥的报道有几篇", "没有提到“望津桥”的报道"),
        ("How many reports are there per year?", "2022: 12"),
        ("What is the latest news?", "1 July 2023"),
    ],
)
def test_what_the_archive_itself_is_asked_is_answered(ask: Ask, question: str, said: str) -> None:
    answer = ask(question)
    assert answer.status == "fixed"
    assert said in answer.answer


def test_a_long_list_comes_in_parts_that_name_every_report_once(ask: Ask, archive: Generation) -> None:
    first = ask("2022年8月有哪些报道？")
    assert "共有12篇" in first.answer
    assert len(first.citations) == 10
    (choice,) = first.choices
    second = ask(choice)
    assert not second.choices
    assert sorted(named(first, archive) + named(second, archive)) == [one["_id"] for one in LANTERNS]


@pytest.mark.parametrize("more", ["下一页", "还有吗？", "更多", "show more"])
def test_more_goes_on_with_the_list_of_the_question_before(ask: Ask, archive: Generation, more: str) -> None:
    question = "Which reports are from August 2022?" if more.isascii() else "2022年8月有哪些报道？"
    talk = [Message("user", question), Message("assistant", ask(question).answer)]
    answer = ask(more, *talk)
    assert len(answer.citations) == 2
    assert not set(named(answer, archive)) & set(named(ask(question), archive))


def test_more_of_a_list_that_is_whole_is_said_to_be_none(ask: Ask) -> None:
    question = "2022年8月有哪些报道？"
    talk = [Message("user", question), Message("user", "下一页")]
    assert ask("还有吗", *talk).answer == "以上已是全部，没有更多了。"


def test_a_day_without_reports_is_said_to_have_none_with_the_days_beside_it(ask: Ask) -> None:
    answer = ask("2023年3月5日头版有什么")
    assert answer.status == "fixed"
    assert answer.answer.startswith("资料库中没有2023年3月5日第1版的报道。")
    assert "2022年8月20日" in answer.answer
    assert "2023年5月8日有哪些报道？" in answer.choices


def test_a_day_of_a_month_of_which_no_day_is_known_is_told_as_what_it_may_be(ask: Ask, archive: Generation) -> None:
    answer = ask("2023年6月5日有哪些报道")
    assert named(answer, archive) == ["trees"]
    assert "只知道年月" in answer.answer


def test_reports_without_a_date_are_not_counted_and_said_so(ask: Ask) -> None:
    assert "另有1篇日期不详，未计入" in ask("2023年有多少篇报道提到北堤").answer


def test_words_that_stand_apart_count_where_no_report_prints_them_together(ask: Ask, archive: Generation) -> None:
    answer = ask("关于北堤柳树的报道有几篇")
    assert named(answer, archive) == ["trees"]
    assert "没有报道原样印有“北堤柳树”" in answer.answer


def test_the_readers_filter_holds_for_lists(ask: Ask, archive: Generation) -> None:
    assert set(named(ask("关于北堤的报道有几篇", first="2023-06"), archive)) == {"trees"}


def test_an_untitled_report_is_named_by_its_opening(ask: Ask) -> None:
    assert "（无标题）湖心小学新建两栋教学楼" in ask("2023年5月8日头版").answer


@pytest.mark.parametrize(
    "question",
    [
        "2019年12月11日区委常委会研究了什么",
        "8月30日下午有哪些会议",
        "2023年有多少新闻工作者",
        "区政府发布了什么消息",
        "关于垃圾分类的报道提到了哪些措施",
        "这篇报道是什么时候的",
        "出处是哪篇报道？",
        "举办了多少次新闻发布会",
        "何晴参加过哪些会议",
        "何晴写了哪些书",
        "最近的地铁站在哪里",
        "最新的政策是什么",
        "多少人写了文章",
        "总结一下北堤加固的报道",
        "报纸的发行量是多少",
        "2022年有什么大事",
        "哪些记者参加了座谈会",
        "多少名记者获奖",
        "2023年5月8日发生了什么",
        "登记了什么",
        "这篇的记者是谁",
        "How many people attended the meeting in 2023?",
        "What does the article about the bridge say?",
        "Which companies are in the report?",
    ],
)
def test_a_question_for_contents_is_none_for_reports(question: str) -> None:
    time = parse_time_range(question, PartialDate("2024-01-15"))
    assert read_report_question(question, time, {"何晴"}, ["青屿报"]) is None
    assert read_english_question(question, time, {"何晴"}, ["青屿报"]) is None


@given(st.lists(st.sampled_from(["有", "没有", "有没有", "报道", "一共", "一", "共"]), max_size=40))
def test_words_in_any_order_are_made_of_themselves_in_no_time(words: list[str]) -> None:
    known = frozenset(["有", "没", "没有", "有没有", "报道", "一共", "一", "共"])
    assert is_made_of("".join(words), known)
    assert not is_made_of("".join(words) + "桥", known)


def test_a_place_in_front_of_the_time_is_what_the_reports_mention(ask: Ask) -> None:
    for question in ("北堤2023年的报道有哪些？", "2023年北堤的报道有哪些？", "关于北堤2023年的报道有哪些？"):
        assert ask(question).answer.startswith("2023年提到“北堤”的报道共有2篇"), question
    assert ask("有哪些2023年5月8日的报道？").answer.startswith("2023年5月8日的报道共有3篇")


def test_reports_of_a_time_are_listed_in_a_conversation_too_but_a_bare_time_is_a_reply(ask: Ask) -> None:
    greeted = Message("user", "你好"), Message("assistant", ask("你好").answer)
    for question in ask("你好").choices[1:]:
        assert ask(question, *greeted).citations, question
    assert ask("2023年5月有哪些报道？", *greeted).answer.startswith("2023年5月的报道共有3篇")
    talk = Message("user", "灯会有哪些报道？"), Message("assistant", "提到“灯会”的报道共有12篇。")
    assert not ask("2023年5月", *talk).answer.startswith("2023年5月的报道")


@pytest.mark.parametrize(
    ("question", "said"),
    [("资料库里有哪些报纸？", "没有写明是哪份报纸"), ("What newspapers are in the archive?", "do not say")],
)
def test_an_archive_that_names_no_newspaper_says_so(
    question: str, said: str, make_archive: Callable[[Lines], Generation], embedder: Embedder
) -> None:
    answerer = Answerer(make_archive([line("pier", "2022-03-01", "码头", "码头修好了。", newspaper=None)]), embedder)
    assert said in anyio.run(answerer.answer, Query(question)).text
