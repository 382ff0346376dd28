"""rag.lookup.gathering.numbered_items: the item of a list that a question asks for by its number."""

from collections.abc import Callable

import pytest
from archive import Lines
from town import report

from index.embedding.embedder import Embedder
from index.records import PartialDate
from index.store.generations import Generation
from rag.lookup.gathering.numbered_items import find_numbered_item
from rag.lookup.inquiry import Inquiry
from rag.question.analysis import analyse_question
from rag.reader.readings import PassageReader
from rag.records import Query
from rag.retrieval.retriever import Retriever

TODAY = PartialDate("2024-11-30")
REPORTS: Lines = (
    report("flood", "2024-05-08", "关于防汛工作的通知", "各街道要落实以下要求：\n1. 每日巡查河道两次\n2. 备足沙袋3000只\n3. 汛期值班\n上述第二项由区水务局统一采购。"),
    report("fire", "2024-05-09", "青屿区部署防火工作", "会议提出三点要求：一是开展拉网排查；二是更换老化线路420处；三是组织演练6场。区长出席。"),
    report("care", "2024-05-10", "青屿区推出便民措施", "措施如下：\n（一）延长图书馆开放时间\n（二）新增夜间公交3条\n工作要求：\n①细化分工\n②按月通报"),
    report("heat", "2024-05-12", "供热服务承诺公布", "区城管委昨日公布今冬承诺，共三项。\n一是室温不低于18摄氏度；二是报修两小时内上门；三是停热超过24小时退费。"),
    report("bus", "2024-05-11", "第二条跨河公交开通", "第二条跨河公交昨日开通，全长9公里。"),
)  # fmt: skip


@pytest.fixture(scope="module")
def ask(
    make_archive: Callable[[Lines], Generation], embedder: Embedder, reader: PassageReader
) -> Callable[[str], list[str]]:
    archive = make_archive(REPORTS)

    def of(question: str) -> list[str]:
        analysis = analyse_question(question, archive.lexicon, TODAY)
        retriever = Retriever(archive, embedder, reader)
        found = find_numbered_item(Inquiry(Query(question, today=TODAY), analysis, "zh", archive, retriever))
        return [line.quotes[0].text for line in found.lines] if found else []

    return of


@pytest.mark.parametrize(
    ("question", "item"),
    [
        ("防汛工作第二项要求是什么？", "2. 备足沙袋3000只"),
        ("防汛要求的第三条是什么", "3. 汛期值班"),
        ("防火工作第2点要求是什么？", "二是更换老化线路420处"),
        ("防火工作的第三项要求", "三是组织演练6场"),
        ("供热服务承诺第二项是什么？", "二是报修两小时内上门"),
        ("便民措施第二项是什么？", "（二）新增夜间公交3条"),
        ("便民措施的第二个工作要求是什么？", "②按月通报"),
    ],
)
def test_the_item_of_the_number_asked_for_is_the_answer(
    ask: Callable[[str], list[str]], question: str, item: str
) -> None:
    assert ask(question) == [item]


@pytest.mark.parametrize(
    "question",
    [
        "防汛工作第四项要求是什么？",
        "第二条跨河公交全长多少公里？",
        "第三届运动会是什么时候？",
        "防汛工作有哪些要求？",
        "第二项是什么？",
    ],
)
def test_what_no_list_has_or_no_number_of_a_list_asks_for_is_left_to_others(
    ask: Callable[[str], list[str]], question: str
) -> None:
    assert ask(question) == []
