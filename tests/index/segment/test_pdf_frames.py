"""index.segment.pdf_frames: PDFs that are written here → articles, by their type sizes."""

from collections import Counter
from collections.abc import Sequence

import pytest
from pdf_writer import Show, Stroke, column, printed, write_pdf

from index.provenance import SHEETS, find_slices
from index.read.pdf import read_pdf
from index.records import Article
from index.segment import DOUBTFUL, split_articles

PARK = "本报讯（记者 林亦舟）白鹭湿地公园昨日建成开放，公园占地六十二公顷，市民可以免费入园，每天限额两万人。"
BRIDGE = "本报讯（通讯员 简知宁）望津桥今年启动重建，新桥全长四百一十二米，双向四车道，计划后年年底通车。"
FOLIO = Show(40, 20, 8, "2023年6月6日 星期二")
PARK_HEAD = Show(40, 40, 24, "湿地公园建成开放")
BRIDGE_HEAD = Show(40, 200, 24, "望津桥启动重建")


def articles_of(*pages: Sequence[Show | Stroke]) -> list[Article]:
    return split_articles(read_pdf("云汀报/a.pdf", write_pdf(*pages)))


def test_a_headline_in_large_type_begins_an_article() -> None:
    first, second = articles_of([PARK_HEAD, *column(40, 80, PARK), BRIDGE_HEAD, *column(40, 240, BRIDGE)])
    assert (first.title, first.text) == (PARK_HEAD.text, PARK)
    assert (second.title, second.text) == (BRIDGE_HEAD.text, BRIDGE)


def test_what_stands_above_the_first_article_is_kept_with_it() -> None:
    (article,) = articles_of([FOLIO, PARK_HEAD, *column(40, 80, PARK)])
    assert article.noise == (FOLIO.text,)


def test_a_caption_is_kept_with_the_article_that_it_stands_behind() -> None:
    caption = Show(40, 180, 8, "图为公园里的观鸟屋 林亦舟 摄")
    first, second = articles_of([PARK_HEAD, *column(40, 80, PARK), caption, BRIDGE_HEAD, *column(40, 240, BRIDGE)])
    assert (first.captions, second.captions) == ((caption.text,), ())


def test_a_page_without_running_text_is_one_doubtful_article_that_says_it_all() -> None:
    shows = [FOLIO, PARK_HEAD, BRIDGE_HEAD, Show(40, 300, 8, "图为施工中的望津桥 简知宁 摄")]
    (article,) = articles_of(shows)
    assert article.text.split("\n") == [show.text for show in shows]
    assert article.confidence < DOUBTFUL
    assert article.decisions == ("no running text on the page",)


def test_where_its_words_stand_in_the_file_is_known_of_a_page_without_running_text_too() -> None:
    document = read_pdf("a.pdf", write_pdf([PARK_HEAD, BRIDGE_HEAD]))
    (article,) = split_articles(document)
    (last,) = article.origin[-1:]
    assert document.text[last.source_start : last.source_end] == article.text[last.start : last.end] == BRIDGE_HEAD.text


def test_a_headline_alone_on_a_page_is_not_lost() -> None:
    (article,) = articles_of([PARK_HEAD])
    assert (article.text, article.subheads) == (PARK_HEAD.text, ())


# Paragraphs, briefs, pages


@pytest.mark.parametrize("rest", ["导。", "00人。", "天。公示三日。"])
def test_a_paragraph_of_two_lines_is_whole_however_short_its_second_is(rest: str) -> None:
    first = (
        "区城管委表示，下半年将对各街道开展专项督" if rest != "00人。" else "邻里节昨天开幕，设摊位五十六个，吸引居民32"
    )
    shows = [PARK_HEAD, Show(60, 80, 10, first), Show(40, 94, 10, rest)]
    (article,) = articles_of(shows)
    assert (article.title, article.deck, article.text) == (PARK_HEAD.text, None, first + rest)


def test_headlines_as_large_as_the_first_head_articles_of_their_own() -> None:
    briefs = [("湿地公园开园", "湿地公园昨天开园，市民免费入园。"), ("望津桥重建", "望津桥昨天动工，工期三十个月。")]
    shows = [
        show
        for row, (head, text) in enumerate(briefs)
        for show in (Show(40, 40 + 80 * row, 14, head), *column(40, 64 + 80 * row, text, chars=16))
    ]
    assert [(article.title, article.text) for article in articles_of(shows)] == briefs


def test_a_sub_heading_below_a_headline_stays_in_its_article() -> None:
    lead, rest = PARK.replace("本报讯（记者 林亦舟）", ""), BRIDGE.replace("本报讯（通讯员 简知宁）", "")
    shows = [PARK_HEAD, *column(40, 80, lead), Show(40, 170, 13, "桥也要修"), *column(40, 196, rest)]
    (article,) = articles_of(shows)
    assert article.subheads == ("桥也要修",)


def test_a_sentence_goes_on_over_the_page_and_its_running_lines_are_noise() -> None:
    text = PARK + BRIDGE.replace("本报讯（通讯员 简知宁）", "")
    lines = column(40, 80, text, chars=20)
    running = [Show(40, 20, 9, "云汀区园林局简报"), Show(300, 860, 9, "— 1 —")]
    second = [Show(40, 20, 9, "云汀区园林局简报"), Show(300, 860, 9, "— 2 —")]
    moved = [Show(line.x, 80 + 14 * row, line.size, line.text) for row, line in enumerate(lines[3:])]
    (article,) = articles_of([running[0], *lines[:3], running[1]], [second[0], *moved, second[1]])
    assert article.text == text
    assert article.subheads == article.captions == ()
    assert Counter(article.noise) == Counter(show.text for show in (*running, *second))


def test_a_watermark_is_named_once_among_the_noise() -> None:
    tiles = [Show(40 + 150 * x, 60 + 60 * y, 12, "云汀发布", 30) for x in range(3) for y in range(4)]
    (article,) = articles_of([*tiles, PARK_HEAD, *column(40, 80, PARK)])
    assert (article.title, article.text, article.noise) == (PARK_HEAD.text, PARK, ("云汀发布",))


def test_a_table_in_small_type_is_text() -> None:
    rows = ["镇街 得分 名次", "青石街道 96 1", "南渡镇 91 2"]
    shows = [PARK_HEAD, *column(40, 80, PARK), *(Show(40, 160 + 12 * row, 8, text) for row, text in enumerate(rows))]
    (article,) = articles_of(shows)
    assert article.text == PARK + "\n" + "\n".join(row.replace(" ", "\t") for row in rows)


def test_the_name_of_a_section_is_no_headline() -> None:
    shows = [Show(40, 30, 20, "简讯"), Show(40, 70, 14, "湿地公园开园"), *column(40, 94, PARK)]
    (article,) = articles_of(shows)
    assert (article.kicker, article.title) == ("简讯", "湿地公园开园")


def test_a_table_in_large_type_is_no_headline() -> None:
    fees = [("项目", "收费标准"), ("工本费", "30元"), ("复印费", "1元"), ("查询费", "50元")]
    rows = [
        Show(40 + 150 * at, 160 + 24 * row, 14, cell) for row, cells in enumerate(fees) for at, cell in enumerate(cells)
    ]
    (article,) = articles_of([PARK_HEAD, *column(40, 80, PARK), *rows, *column(40, 280, PARK[14:])])
    assert article.title == PARK_HEAD.text
    assert "\n".join("\t".join(row) for row in fees) in article.text


PLAIN = PARK.partition("）")[2] + BRIDGE.partition("）")[2]


def test_an_abstract_in_small_type_is_no_caption() -> None:
    abstract = "摘要" + PLAIN * 2
    (article,) = articles_of([PARK_HEAD, *column(40, 80, abstract, 8, 30), *column(40, 180, PLAIN * 4)])
    assert article.captions == ()
    assert abstract in article.text


def test_each_page_has_its_own_body_type() -> None:
    notice = [Show(40, 40, 28, "关于汛期值班的通知"), *column(40, 90, PLAIN * 3, 16, 20)]
    first, second = articles_of([PARK_HEAD, *column(40, 80, PARK + PLAIN * 8, 9, 30)], notice)
    assert (first.title, second.title) == (PARK_HEAD.text, "关于汛期值班的通知")
    assert second.text == PLAIN * 3


def test_an_article_knows_the_pages_of_its_file_and_where_their_texts_begin() -> None:
    lines = column(40, 80, PARK + PLAIN, chars=20)
    first, second = lines[:5], [Show(show.x, 80 + 14 * row, 10, show.text) for row, show in enumerate(lines[5:])]
    pages = [[PARK_HEAD, *first], second, [BRIDGE_HEAD, *column(40, 240, BRIDGE)]]
    document = read_pdf("云汀报/a.pdf", write_pdf(*pages))
    park, bridge = split_articles(document)
    breaks = [place for place, char in enumerate(document.text) if char == "\f"]
    assert park.metadata[SHEETS] == {"云汀报/a.pdf": [[1, 0], [2, breaks[0] + 1]]}
    assert bridge.metadata[SHEETS] == {"云汀报/a.pdf": [[3, breaks[1] + 1]]}
    for piece in find_slices(park, 0, len(park.text)):
        assert document.text[piece.source_start : piece.source_end] == park.text[piece.start : piece.end]


def ruled_table(y: float, rows: Sequence[Sequence[str]]) -> list[Show | Stroke]:
    """Rows of type of 8 points in a grid of rules."""
    xs = [40.0, 190.0, 290.0, 390.0]
    levels = [y + 20.0 * number for number in range(len(rows) + 1)]
    cells = [
        Show(x + 4, level + 6, 8, text)
        for level, row in zip(levels, rows, strict=False)
        for x, text in zip(xs, row, strict=False)
        if text
    ]
    sides = [Stroke(x, levels[0], x, levels[-1]) for x in xs]
    return [*sides, *(Stroke(xs[0], level, xs[-1], level) for level in levels), *cells]


ACCOUNTS = [("项目", "期末余额", "期初余额"), *((f"应收账款第{number}项", "", "") for number in range(1, 6))]


def test_rows_of_one_cell_stay_in_the_table_that_the_page_prints() -> None:
    rows = [*ACCOUNTS, ("其他应收款", "1,826", "3,123"), ("存货", "1,209", "1,104")]
    (article,) = articles_of([PARK_HEAD, *column(40, 80, PARK), *ruled_table(200, rows)])
    assert article.text == "\n".join([PARK, *("\t".join(row) for row in rows)])


def test_a_page_of_tables_has_the_body_type_of_its_text() -> None:
    figures = [("金融机构的名称全称", f"{number}330,435.30", f"{number}95,585.30") for number in range(20)]
    after = column(40, 700, "各银行授信总额三百七十二亿元，其中已使用二百五十二亿元。", 11, 40)
    (article,) = articles_of([PARK_HEAD, *column(40, 80, PARK, 11, 40), *ruled_table(150, figures), *after])
    assert (article.title, article.kicker, article.deck) == (PARK_HEAD.text, None, None)
    assert article.text.startswith(PARK)
    assert article.text.endswith(printed(after))


def test_sentences_in_large_type_are_no_heading() -> None:
    note = "本区今年新建公园十二座。各公园全年免费开放。市民可以步行十分钟到达。"
    text = BRIDGE.partition("）")[2] * 6
    body = column(40, 200, text, 9, 40)
    (article,) = articles_of([PARK_HEAD, *column(40, 90, note, 12, 13), *body])
    assert (article.title, article.deck) == (PARK_HEAD.text, None)
    assert article.text == f"{note}\n{text}"


def test_days_in_a_table_on_top_of_a_page_are_no_masthead() -> None:
    rows = [("2018年01月15日", "公告甲", ""), ("2018年04月10日", "公告乙", ""), ("2018年05月10日", "公告丙", "")]
    pages: list[Sequence[Show | Stroke]] = [
        [PARK_HEAD, *column(40, 80, PARK)],
        [*ruled_table(30, rows), *column(40, 300, BRIDGE), Show(40, 850, 8, "8")],
    ]
    assert [article.date for article in articles_of(*pages)] == [None] * 2


def test_a_line_of_text_that_ends_a_page_stays_in_its_article() -> None:
    pages = [
        [
            PARK_HEAD,
            *column(40, 80, PARK * 2),
            Show(40, 860, 10, "公园开放时间另行公告"),
            Show(40, 880, 13, "云汀公益"),
        ],
        column(40, 80, "公园内设观鸟屋八座，由志愿者轮流值守，市民可凭身份证借用望远镜。"),
    ]
    (article,) = [one for one in articles_of(*pages) if one.title == PARK_HEAD.text]
    assert "公园开放时间另行公告" in article.text
    assert "云汀公益" not in article.text


def test_a_line_that_comes_again_in_the_middle_of_pages_is_no_running_title() -> None:
    unit = Show(40, 300, 8, "单位：元")
    pages = [
        [
            Show(40, 20, 8, "云汀报"),
            *column(40, 80, PARK * 2),
            unit,
            *column(40, 320, BRIDGE * 2),
            Show(40, 860, 8, str(number)),
        ]
        for number in range(1, 4)
    ]
    articles = articles_of(*pages)
    assert sum(article.noise.count("云汀报") for article in articles) == 3
    assert not any(unit.text in article.noise for article in articles)


def test_a_line_of_running_text_alone_at_the_foot_of_a_page_goes_on_on_the_next() -> None:
    last = "今年汛期全区共备防汛沙袋三万只组建抢险队伍二十五支总人数达到一千六"
    first = [PARK_HEAD, *column(40, 80, PARK, chars=33), Show(40, 700, 10, last)]
    (article,) = articles_of(
        first, column(40, 40, "百八十人，另有志愿者随时待命，听从各街道统一调度和安排。", chars=33)
    )
    assert article.text == f"{PARK}\n{last}百八十人，另有志愿者随时待命，听从各街道统一调度和安排。"


def test_a_bare_number_below_all_else_is_no_headline() -> None:
    (article,) = articles_of([*ruled_table(80, [*ACCOUNTS, ("存货", "1,209", "1,104")]), Show(300, 860, 8, "1")])
    assert article.title is None
    assert article.noise == ("1",)
