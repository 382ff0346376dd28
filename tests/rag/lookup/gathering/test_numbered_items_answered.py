"""rag.lookup.gathering.numbered_items, from the question on: an item is told by its number, and none where that is not one for sure."""

from collections.abc import Callable

import pytest

from index.embedding.embedder import Embedder
from index.store import Generation
from rag.answer import Answerer
from rag.records import Query

pytestmark = pytest.mark.anyio

STEPS = "区民政局昨天公布养老补贴申领步骤。\n第一步　到社区填写申请表\n第二步　由街道评估失能等级\n第三步　公示五个工作日\n第四步　补贴打入社保卡"
WORKS = "后三件民生实事如下：\n6、改造农贸市场四处\n7、新建口袋公园七个\n8、加装电梯三十二部"
NESTED = "入学报名须知如下。\n1. 网上登记\n1. 填写学生信息\n2. 上传户口簿照片\n2. 现场审核\n3. 领取通知书"
CENSUS = "云汀区第三次经济普查昨天启动。\n一、普查对象为全区法人单位\n二、普查时点为年底\n三、普查由区统计局组织"


@pytest.fixture
def answerer(make_archive: Callable[..., Generation], embedder: Embedder) -> Answerer:
    texts = {"养老补贴怎么领": STEPS, "民生实事清单": WORKS, "入学报名须知": NESTED, "经济普查启动": CENSUS}
    lines = [
        {"_id": str(number), "title": title, "text": text, "date": "2024-05-08", "newspaper": "云汀报"}
        for number, (title, text) in enumerate(texts.items())
    ]
    return Answerer(make_archive(lines), embedder)


async def told(answerer: Answerer, question: str) -> list[str]:
    answer = await answerer.answer(Query(question))
    return [citation.quote for citation in answer.citations]


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("申领养老补贴第三步做什么？", "第三步　公示五个工作日"),
        ("民生实事第七件是什么？", "7、新建口袋公园七个"),
        ("入学报名第三步是什么？", "3. 领取通知书"),
    ],
)
async def test_an_item_is_told_by_its_number(answerer: Answerer, question: str, quote: str) -> None:
    assert await told(answerer, question) == [quote]


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("养老补贴第五步做什么？", "第四步　补贴打入社保卡"),
        ("第三次经济普查的结果是什么？", "三、普查由区统计局组织"),
        ("供暖补贴第三步做什么？", "第三步　公示五个工作日"),
    ],
)
async def test_no_item_is_told_for_another_number_or_matter(answerer: Answerer, question: str, quote: str) -> None:
    assert quote not in await told(answerer, question)
