"""index.segment.seams: runs are cut where another article begins without a mark."""

import numpy as np
from typeset import wrapped

from index.segment.block_context import find_blocks
from index.segment.blocks import Block, mend_page
from index.segment.runs import find_runs
from index.segment.seams import MOST_BLOCKS, SEAM_FEATURES, part_runs, seam_features

PARK = "本报讯（记者 林亦舟）白鹭湿地公园昨日建成开放。公园占地六十二公顷，以鸟类栖息地恢复为主，设保育区、恢复区和游览区，市民可以免费入园，每天限额两万人。"
PARK_2 = "湿地公园的观鸟屋共有三座，三座屋子之间的步道全长九公里，三月至七月鸟类繁殖，保育区禁止一切船只进入，志愿者在湿地公园的步道入口劝导游客不要喧哗。"
PARK_3 = "游览区的栈道沿湖而建，木栈道全长四公里，游客可以在湿地公园的观鸟屋里借望远镜，看白鹭和野鸭，步道旁的芦苇荡里还有三处观景平台。"
WATER = "昨天，记者从区水务局获悉，松桥东街的供水管网改造完工，更换老化管线十二公里，加装远传水表三千四百只，沿线五个小区的水压明显提高。"
WATER_2 = "供水管网改造中，抢修队员还疏通了雨水口八十六处，松桥东街的住户说，现在水压稳了，做饭洗澡都不用再错开时间。"
BRIDGE = "本报讯（通讯员 简知宁）望津桥今年启动重建，新桥全长四百一十二米，双向四车道，两侧各设四米宽的人行道和自行车道，计划后年年底通车。"
BRIDGE_2 = "重建期间老桥封闭，公交车改走桐阳路，施工单位在桥下搭设临时钢便桥，供行人和骑车人通行。旧桥的石栏杆编号后存放，新桥建成后安放在桥头绿地。"
MEETING = "本报讯（记者 苏见清）区人大常委会昨日举行会议，听取和审议了区政府关于学前教育的报告，审议通过了《云汀区关于加快补齐南渡镇公共服务短板的若干规定》，决定从下月起施行。"


def blocks_of(*paragraphs: str) -> list[Block]:
    lines = [line for text in paragraphs for line in wrapped(text, [21.0], may_tear=False)]
    return find_blocks(mend_page("\n".join(lines)))


def test_a_paragraph_on_another_subject_that_opens_as_articles_do_begins_a_run() -> None:
    heads = "白鹭湿地公园开放", "松桥东街水压稳了", "望津桥启动重建"
    blocks = blocks_of(heads[0], PARK, PARK_2, PARK_3, WATER, WATER_2, *heads[1:], BRIDGE, BRIDGE_2, MEETING)
    whole, *_others = find_runs(blocks)
    first, second, *_others = part_runs(blocks, find_runs(blocks))
    assert (first.places, second.places) == (whole.places[:3], whole.places[3:])
    assert first.is_fresh
    assert not second.is_fresh
    assert first.seam is None
    assert second.seam is not None


def test_a_run_of_one_subject_stays_whole() -> None:
    blocks = blocks_of(PARK, PARK_2)
    (whole,) = find_runs(blocks)
    assert part_runs(blocks, [whole]) == [whole]


def test_no_block_of_a_run_is_lost_and_their_order_stays() -> None:
    blocks = blocks_of(PARK, WATER, PARK_2, WATER, PARK_2)
    runs = find_runs(blocks)
    parted = part_runs(blocks, runs)
    assert [place for run in parted for place in run.places] == [place for run in runs for place in run.places]


def test_each_paragraph_but_the_first_of_a_run_has_its_features() -> None:
    blocks = blocks_of(PARK, PARK_2, WATER)
    places, rows = seam_features(blocks, find_runs(blocks))
    assert places == [1, 2]
    assert rows.shape == (2, len(SEAM_FEATURES))
    assert np.isfinite(rows).all()
    cohesion = rows[:, SEAM_FEATURES.index("cohesion 1")]
    assert cohesion[0] > cohesion[1]


def test_a_page_without_text_and_one_of_endless_paragraphs_are_left_alone() -> None:
    assert part_runs([], []) == []
    blocks = blocks_of(PARK) * (MOST_BLOCKS + 1)
    runs = find_runs(blocks)
    assert part_runs(blocks, runs) == runs
