"""index.segment.line_roles: lines of running text that look like headings."""

import numpy as np
import pytest

from index.segment.block_context import find_blocks, find_formed_blocks
from index.segment.blocks import Block, mend_page
from index.segment.line_roles import LINE_FEATURES, line_features, retell_headings

PARK = "本报讯（记者 林亦舟）白鹭湿地公园昨日建成开放。公园占地六十二公顷，以鸟类栖息地恢复为主，市民可以免费入园。"
BRIDGE = "本报讯（通讯员 简知宁）望津桥今年启动重建，新桥全长四百一十二米，双向四车道，计划后年年底通车。"
CUT = "在游览区，游客可以借望远镜，看白鹭和野鸭，木栈道旁的芦苇荡里还有三处由志愿者"
REST = "照看的观景平台，公园每天限额两万人，节假日须提前预约。"


def blocks_of(*lines: str) -> list[Block]:
    return find_formed_blocks(mend_page("\n\n".join(lines)))


def test_a_sentence_that_is_cut_off_below_its_article_is_text() -> None:
    blocks = blocks_of("白鹭湿地公园开放", PARK, CUT, "望津桥启动重建", BRIDGE, REST)
    assert [block.role for block in blocks] == ["heading", "text", "heading", "heading", "text", "text"]
    assert [block.role for block in retell_headings(blocks)] == ["heading", "text", "text", "heading", "text", "text"]


@pytest.mark.parametrize(
    "heading", ["白鹭湿地公园开放", "湿地公园建成 市民免费入园", "哪有什么岁月静好，只是有人负重前行"]
)
def test_a_headline_stays_one(heading: str) -> None:
    blocks = blocks_of(heading, PARK, "望津桥启动重建", BRIDGE)
    assert [block.role for block in retell_headings(blocks)] == ["heading", "text", "heading", "text"]


def test_a_page_of_headings_alone_is_left_as_it_is() -> None:
    blocks = blocks_of("白鹭湿地公园开放", "望津桥启动重建")
    assert retell_headings(blocks) == blocks
    assert line_features(blocks)[0] == []


def test_each_heading_has_its_features() -> None:
    places, rows = line_features(blocks_of("今年的望津桥", REST, CUT, "今年的观鸟屋", REST, "望津桥启动重建", BRIDGE))
    assert places == [0, 2, 3]  # the last one is plainly the headline of what begins below it
    assert rows.shape == (3, len(LINE_FEATURES))
    assert np.isfinite(rows).all()
    assert rows[:, LINE_FEATURES.index("commas")].tolist() == [0, 3, 0]


def test_the_blocks_of_a_page_are_told_so() -> None:
    page = mend_page("\n\n".join(["白鹭湿地公园开放", PARK, CUT, "望津桥启动重建", BRIDGE, REST]))
    assert find_blocks(page) == retell_headings(find_formed_blocks(page))
