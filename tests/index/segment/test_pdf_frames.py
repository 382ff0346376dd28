"""index.segment.pdf_frames: PDFs that are written here → articles, by their type sizes."""

from collections.abc import Sequence

from pdf_writer import Show, column, write_pdf

from index.read.pdf import read_pdf
from index.records import Article
from index.segment import DOUBTFUL, split_articles

PARK = "本报讯（记者 林亦舟）白鹭湿地公园昨日建成开放，公园占地六十二公顷，市民可以免费入园，每天限额两万人。"
BRIDGE = "本报讯（通讯员 简知宁）望津桥今年启动重建，新桥全长四百一十二米，双向四车道，计划后年年底通车。"
FOLIO = Show(40, 20, 8, "2023年6月6日 星期二")
PARK_HEAD = Show(40, 40, 24, "湿地公园建成开放")
BRIDGE_HEAD = Show(40, 200, 24, "望津桥启动重建")


def articles_of(*pages: Sequence[Show]) -> list[Article]:
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
