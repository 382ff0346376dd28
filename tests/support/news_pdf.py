"""A newspaper page as a PDF shows it, piece by piece, and the frames that a reader takes from it."""

import json
from collections.abc import Sequence

from pdf_writer import Show, Stroke, column, printed, write_pdf
from repository import ROOT

from index.read.pdf import read_pdf
from index.records import Document

TRUTH = json.loads((ROOT / "rag/sample/truth.json").read_text("utf-8"))
TEXTS = [
    article["text"].replace("\n", "").replace(" ", "") for article in TRUTH if article["text"].startswith("本报讯")
]
COLUMNS = (40.0, 185.0, 330.0, 475.0)  # left edges; 130 points wide, 15 between them


def frames_of(document: Document) -> list[str]:
    return [document.text[frame.start : frame.end] for frame in document.frames]


def read_frames(*pages: Sequence[Show | Stroke], rotate: int = 0) -> list[str]:
    return frames_of(read_pdf("a.pdf", write_pdf(*pages, rotate=rotate)))


def body(number: int, y: float, first: int, rows: Sequence[int], start: int = 0) -> list[list[Show]]:
    """Return columns from the `first` one on, holding the text's next lines: so many rows in each."""
    text = "".join(TEXTS[number:] + TEXTS[:number])
    columns, at = [], start
    for place, count in enumerate(rows):
        columns.append(column(COLUMNS[first + place], y, text[at : at + 13 * count]))
        at += 13 * count
    return columns


def flat(*groups: Show | Sequence[Show] | Sequence[Sequence[Show]]) -> list[Show]:
    shows: list[Show] = []
    for group in groups:
        if isinstance(group, Show):
            shows.append(group)
        else:
            shows += flat(*group)
    return shows


# A page of four columns: a folio line; an article over all columns with kicker, deck and byline; below it one over
# the left two columns with a picture's caption, and one over the right two, whose headline is short.
FOLIO = [
    Show(40, 30, 8, "2023年6月6日 星期二"),
    Show(300, 30, 8, "第02版 要闻"),
    Show(541, 30, 8, "责任编辑 温柏川"),
]
KICKER = Show(40, 52, 14, "年度为民办实事项目清单公布")
LEAD_HEAD = Show(40, 72, 32, "区政府研究湿地公园建设方案")
DECK = Show(40, 114, 14, "总投资三点八亿元 计划九月开工")
LEAD = body(0, 140, 0, (7, 7, 7, 6))
LEFT_HEAD = Show(60, 262, 22, "民声快办上线首周")
LEFT = [*body(1, 296, 0, (20,)), *body(1, 410, 1, (12,), start=260)]
CAPTION = Show(185, 392, 8, "图为接线员在记录诉求 温柏川 摄")
RIGHT_HEAD = Show(330, 262, 20, "复工复产调研")
RIGHT = body(2, 296, 2, (20, 5))
NEWS_PAGE = flat(FOLIO, KICKER, LEAD_HEAD, DECK, LEAD, LEFT_HEAD, LEFT, CAPTION, RIGHT_HEAD, RIGHT)
NEWS_FRAMES = [
    *(show.text for show in FOLIO),
    *(show.text for show in (KICKER, LEAD_HEAD, DECK)),
    *map(printed, LEAD),
    LEFT_HEAD.text,
    *map(printed, LEFT),
    CAPTION.text,
    RIGHT_HEAD.text,
    *map(printed, RIGHT),
]
