"""index.read.pdf.tables: tables with rules and without become rows of cells; newspaper pages stay as they are."""

from collections.abc import Sequence
from random import Random

import pytest
from news_pdf import LEAD, LEAD_HEAD, NEWS_FRAMES, NEWS_PAGE, body, flat, read_frames
from ocr_layer import newspaper_page
from pdf_writer import Show, Stroke, column, printed, write_pdf

from index.read.pdf import read_pdf
from index.read.pdf.grids import find_grids
from index.read.pdf.rules import Rule

ROWS = [
    ("街道", "户数（户）", "参与率"),
    ("柳渡街道", "9210", "91.3%"),
    ("松桥街道", "13,074", "88%"),
    ("桃湾镇", "870", "76.25%"),
    ("榆园街道", "11406", "63%"),
]
XS, WIDE, TALL = (60.0, 190.0, 290.0, 400.0), 340.0, 24.0


def cells_of(
    rows: Sequence[Sequence[str]], xs: Sequence[float] = XS, y: float = 150.0, size: float = 10.0
) -> list[Show]:
    return [
        Show(xs[column] + 6, y + TALL * number + 6, size, text)
        for number, row in enumerate(rows)
        for column, text in enumerate(row)
        if text
    ]  # fmt: skip


def said(rows: Sequence[Sequence[str]]) -> str:
    return "\n".join("\t".join(row) for row in rows)


def borders(count: int, xs: Sequence[float] = XS, y: float = 150.0, shape: str = "line") -> list[Stroke]:
    bottom = y + TALL * count
    if shape == "cells":
        return [
            Stroke(xs[at], y + TALL * row, xs[at + 1], y + TALL * (row + 1), "box")
            for row in range(count)
            for at in range(len(xs) - 1)
        ]
    if shape == "thin":
        levels = [Stroke(xs[0], y + TALL * row, xs[-1], y + TALL * row + 0.7, "filled") for row in range(count + 1)]
        return [*levels, *(Stroke(x, y, x + 0.7, bottom, "filled") for x in xs)]
    levels = [Stroke(xs[0], y + TALL * row, xs[-1], y + TALL * row) for row in range(count + 1)]
    if shape == "three lines":
        return [levels[0], levels[1], levels[-1]]
    if shape == "header only":
        return [levels[0], levels[1], levels[-1], *(Stroke(x, y, x, bottom) for x in xs)]
    sides = xs[1:-1] if shape == "open" else xs
    return [*levels, *(Stroke(x, y, x, bottom) for x in sides)]


@pytest.mark.parametrize("shape", ["line", "cells", "thin", "open", "header only", "three lines", "none"])
def test_a_table_is_rows_with_tabs_between_the_cells(shape: str) -> None:
    strokes = borders(len(ROWS), shape=shape) if shape != "none" else []
    above, below = (
        column(60, 80, "区城管委昨天公布各街道垃圾分类参与率，数据来自抽查。", chars=30),
        column(60, 300, "下半年将开展专项督导。", chars=30),
    )
    assert read_frames([*above, *strokes, *cells_of(ROWS), *below]) == [printed(above), said(ROWS), printed(below)]


@pytest.mark.parametrize("seed", range(3))
def test_the_order_in_the_file_does_not_matter(seed: int) -> None:
    shows: list[Show | Stroke] = [*borders(len(ROWS)), *cells_of(ROWS)]
    Random(seed).shuffle(shows)
    assert read_frames(shows) == [said(ROWS)]


def test_cells_that_nearly_touch_are_parted_by_their_rule() -> None:
    rows = [("项目", "金额"), ("河道清淤改造", "3260万元"), ("雨水管网改造", "1180万元")]
    xs = (60.0, 130.0, 200.0)
    assert read_frames([*borders(3, xs), *cells_of(rows, xs)]) == [said(rows)]


def test_what_one_cell_says_stands_in_all_rows_and_columns_that_it_covers() -> None:
    xs, y, bottom = XS, 150.0, 150.0 + 4 * TALL
    strokes = [Stroke(x, y, x, bottom) for x in (xs[0], xs[1], xs[3])]
    strokes += [Stroke(xs[2], y + TALL, xs[2], bottom)]
    strokes += [Stroke(xs[0], y + TALL * row, xs[3], y + TALL * row) for row in (0, 2, 4)]
    strokes += [Stroke(xs[1], y + TALL * row, xs[3], y + TALL * row) for row in (1, 3)]
    shows = [
        Show(66, y + 18, 10, "街道"),
        Show(250, y + 6, 10, "服务点"),
        *(Show(x + 6, y + TALL * row + 6, 10, text) for row, x, text in (
            (1, xs[1], "助餐点"), (1, xs[2], "书屋"), (2, xs[1], "9"), (2, xs[2], "4"), (3, xs[1], "11"), (3, xs[2], "6"),
        )),
        Show(66, y + 2 * TALL + 18, 10, "松桥街道"),
    ]  # fmt: skip
    assert read_frames([*strokes, *shows]) == [
        said(
            [("街道", "服务点", "服务点"), ("街道", "助餐点", "书屋"), ("松桥街道", "9", "4"), ("松桥街道", "11", "6")]
        )
    ]


def test_a_cell_of_several_lines_is_one_cell() -> None:
    rows = [("项目", "内容"), ("清淤", ""), ("绿化", "补种乔木")]
    shows = [*cells_of(rows), Show(196, 150 + TALL + 1, 9, "清理支渠三条，"), Show(196, 150 + TALL + 12, 9, "外运淤泥")]
    wanted = [rows[0], ("清淤", "清理支渠三条，外运淤泥"), rows[2]]
    assert read_frames([*borders(3, XS[:3]), *shows]) == [said(wanted)]


@pytest.mark.parametrize("is_ruled", [True, False])
def test_a_table_in_one_column_of_a_newspaper_page_leaves_the_others_alone(is_ruled: bool) -> None:
    rows = [("街道", "户数", "完成率"), ("青石", "912", "91%"), ("南渡", "1304", "88%"), ("松桥", "870", "76%")]
    xs = (330.0, 375.0, 420.0, 460.0)
    text = body(0, 140, 0, (20, 20)) + body(1, 140, 3, (20,))
    right = [*column(330, 140, "各街道完成率如下。"), *column(330, 300, "专项督导下半年开始。")]
    table = [*cells_of(rows, xs, 165.0, 9.0), *(borders(4, xs, 165.0) if is_ruled else ())]
    found = read_frames([*flat(LEAD_HEAD, text, right), *table])
    assert said(rows) in found
    assert [frame for frame in found if "\t" not in frame][:3] == [LEAD_HEAD.text, *map(printed, text[:2])]
    assert printed(text[2]) in found


# Pages that have no table


def _rules_between(frames: Sequence[Sequence[Show]]) -> list[Stroke]:
    """Rules in the gutters of each article, and a box around each, whose edges meet with the next one's."""
    strokes: list[Stroke] = []
    for frame in frames:
        left, top = min(show.x for show in frame) - 4, frame[0].y - 6
        right = max(show.x + show.size * len(show.text) for show in frame) + 4
        strokes.append(Stroke(left, top, right, frame[-1].y + 1.4 * frame[-1].size, "box"))
        if len(frame) > 1:
            strokes.append(Stroke(left, top, left, frame[-1].y + 14))
    return strokes


@pytest.mark.parametrize("number", range(12))
def test_no_newspaper_page_changes_with_rules_or_without(number: int) -> None:
    frames = newspaper_page(Random(number))
    shows = [show for frame in frames for show in frame]
    texts = [printed(frame) for frame in frames]
    assert read_frames(shows) == texts
    assert read_frames([*_rules_between(frames), *shows]) == texts


def test_articles_in_boxes_and_rules_between_columns_are_no_table() -> None:
    strokes = [Stroke(x, top, x, bottom) for x in (178.0, 322.0, 468.0) for top, bottom in ((130, 255), (290, 420))]
    strokes += [Stroke(36, y, 612, y) for y in (130.0, 255.0, 290.0, 420.0)]
    assert read_frames([*strokes, *NEWS_PAGE]) == NEWS_FRAMES


def test_names_and_verse_side_by_side_are_no_table() -> None:
    names = [
        Show(40 + 60 * place, 80 + 14 * row, 10, "沈清和王若水李知微"[3 * place : 3 * place + 3])
        for row in range(4)
        for place in range(3)
    ]
    assert "\t" not in "".join(read_frames(names))


def test_columns_of_an_article_in_boxes_are_no_table() -> None:
    strokes = [Stroke(36, 130, 612, 250, "box"), *(Stroke(x, 130, x, 250) for x in (178.0, 322.0, 468.0))]
    strokes += [Stroke(36, 190, 612, 190)]
    assert "\t" not in "".join(read_frames([*strokes, *flat(LEAD)]))


def test_a_drawing_of_thousands_of_lines_is_no_grid() -> None:
    rng = Random(1)
    rules = [Rule(x := rng.uniform(0, 600), y := rng.uniform(0, 800), x + rng.uniform(9, 60), y) for _ in range(4_000)]
    assert find_grids(rules) == []
    assert read_pdf("a.pdf", write_pdf([Stroke(10, 10, 600, 10 + n % 80) for n in range(900)], NEWS_PAGE)).frames


def test_a_ruled_table_of_mostly_empty_cells_is_a_table() -> None:
    rows = [("项目", "本年", "上年"), *((f"应收款第{number}项", "", "") for number in range(1, 13)), ("合计", "", "")]
    document = read_pdf("a.pdf", write_pdf([*cells_of(rows), *borders(len(rows))]))
    assert document.text == said(rows)
