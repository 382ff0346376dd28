"""index.segment.line_cuts: a paragraph is cut where another text begins inside it."""

import numpy as np
from typeset import wrapped

from index.segment.block_context import find_blocks
from index.segment.blocks import Block, Page, mend_page
from index.segment.line_cuts import CUT_FEATURES, cut_features, cut_paragraphs

PARK = "本报讯（记者 林亦舟）白鹭湿地公园昨日建成开放。公园占地六十二公顷，以鸟类栖息地恢复为主，设保育区、恢复区和游览区，市民可以免费入园，每天限额两万人。"
BRIDGE = "本报讯（通讯员 简知宁）望津桥今年启动重建，新桥全长四百一十二米，双向四车道，两侧各设四米宽的人行道和自行车道，计划后年年底通车。"

FLOOD = "本报讯（记者 林亦舟）受强降雨影响，昨日凌晨，云汀区境内多条河流水位上涨，河水漫过堤坝。区应急管理局启动防汛二级响应，消防员驾驶冲锋舟，连夜转移被困群众三百余人。目前，首批防汛物资已经运抵受灾村庄，帐篷、棉被和饮用水陆续发放到村民手中，供电公司的抢修队员正在抢修受损线路，预计今晚恢复供电。气象部门提醒，未来两天仍有大到暴雨，请市民尽量减少外出，远离河道和山体滑坡危险区域。"
MATCH = "本报讯（通讯员 简知宁）在昨晚进行的足球联赛第十二轮比赛中，云汀队坐镇主场迎战松桥队。上半场，主队前锋接队友传中头球破门，先拔头筹。易边再战，客队加强进攻，门将多次扑出险球，第七十分钟，客队获得点球机会，队长主罚命中，将比分扳平。终场前，双方各有一次射门击中门柱，最终以一比一握手言和。赛后，主教练表示，球员们踢得很努力，下一轮将客场挑战积分榜榜首的球队。"


def lines_of(text: str) -> list[str]:
    return wrapped(text, [21.0], may_tear=False)


def page_of(*lines: str) -> tuple[Page, list[Block]]:
    page = mend_page("\n".join(lines))
    return page, find_blocks(page)


def test_paragraphs_of_one_text_each_stay_whole() -> None:
    page, blocks = page_of("湿地公园开放", *lines_of(PARK), "望津桥重建", *lines_of(BRIDGE))
    assert cut_paragraphs(page, blocks) == blocks


def test_the_rest_of_a_report_inside_a_paragraph_of_another_begins_a_block() -> None:
    flood, match = lines_of(FLOOD), lines_of(MATCH)
    page, blocks = page_of("防汛物资运抵灾区", "主场战平", *flood[:6], *match[:6], *flood[6:], *match[6:])
    firsts = {
        block.paragraph.lines[0].text: block.cut for block in cut_paragraphs(page, blocks) if block.role == "text"
    }
    assert firsts.get(match[6]) is not None


def test_no_character_is_lost_by_a_cut() -> None:
    park, bridge = lines_of(PARK), lines_of(BRIDGE)
    page, blocks = page_of(*park[:3], *bridge[2:], *park[3:])
    lines = [line for block in blocks for line in block.paragraph.lines]
    assert [line for block in cut_paragraphs(page, blocks) for line in block.paragraph.lines] == lines


def test_breaks_have_all_features() -> None:
    park, bridge = lines_of(PARK), lines_of(BRIDGE)
    breaks, rows = cut_features(*page_of(*park[:3], *bridge[2:], *park[3:]))
    assert rows.shape == (len(breaks), len(CUT_FEATURES))
    assert np.isfinite(rows).all()


def test_a_page_without_paragraphs_of_several_lines_has_no_breaks() -> None:
    assert cut_features(*page_of("湿地公园开放"))[0] == []
