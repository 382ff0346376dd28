"""index.segment.issues: mastheads part a document into pages and issues; its articles have their date and page."""

import pytest

from index.continuation import join_continued
from index.records import Article, Document, Frame
from index.segment import split_articles
from index.segment.issues import PAGE_OF_FILE

HEADLINES = ("河湾泵站改造完工", "松桥小学扩建开工", "柳渡街道举办邻里节")
BODIES = (
    "本报讯（记者 沈禾）云汀区昨天完成河湾泵站改造，工程总投资3260万元，新增排涝能力每秒18立方米。",
    "本报讯（记者 陆南星）松桥小学扩建工程昨天开工，计划投资1.9亿元，新增学位720个。",
    "本报讯（记者 周砚秋）柳渡街道第六届邻里节昨天开幕，现场设摊位56个，吸引居民三千余人次。",
)


def issue(*mastheads: str, footers: bool = False, between: str = "\n\n") -> str:
    pages = []
    for masthead, headline, body in zip(mastheads, HEADLINES, BODIES, strict=False):
        article = f"{headline}\n\n{body}"
        pages.append(f"{article}\n\n{masthead}" if footers else f"{masthead}\n\n{article}")
    return between.join(pages) + "\n"


def read(text: str, source: str = "a.txt", **fields: object) -> list[Article]:
    return split_articles(Document(source, source, text, "page", **fields))  # type: ignore[arg-type]


def told(articles: list[Article]) -> list[tuple[str | None, str | None, str | None]]:
    return [(article.title, article.date.value if article.date else None, article.page) for article in articles]


RIGHT = [(HEADLINES[0], "2024-03-07", "1"), (HEADLINES[1], "2024-03-07", "2"), (HEADLINES[2], "2024-04-11", "1")]


@pytest.mark.parametrize(
    "mastheads",
    [
        ("云汀报\n2024年3月7日 星期四\n第1版", "第2版", "云汀报\n2024年4月11日 星期四\n第1版"),
        ("2024-03-07 第1版", "2024-03-07 第2版 民生", "2024-04-11 第1版"),
        ("今日云汀\n2024年3月7日 星期四\n第一版", "今日云汀\n第二版", "今日云汀\n2024年4月11日 星期四\n第一版"),
        ("【云汀报 2024.3.7 1版】", "【云汀报 2024.3.7 2版】", "【云汀报 2024.4.11 1版】"),
    ],
)
def test_each_article_has_the_date_and_page_of_the_masthead_above_it(mastheads: tuple[str, ...]) -> None:
    assert told(read(issue(*mastheads))) == RIGHT


def test_a_masthead_under_its_page_counts_for_what_is_above_it() -> None:
    feet = ("2024年3月7日 星期四 第1版", "2024年3月7日 星期四 第2版", "2024年4月11日 星期四 第1版")
    assert told(read(issue(*feet, footers=True))) == RIGHT


def test_a_masthead_is_believed_more_than_the_name_of_the_file() -> None:
    articles = read(issue("云汀报 2024年3月7日 星期四 第1版"), "云汀报_2024-03-08.txt")
    assert told(articles) == [(HEADLINES[0], "2024-03-07", "1")]
    assert articles[0].date_evidence == "报头“云汀报 2024年3月7日 星期四 第1版”；文件名“2024-03-08”与之不同，以报头为准"


def test_a_masthead_whose_weekday_is_false_dates_nothing() -> None:
    mastheads = (
        "云汀报 2024年3月7日 星期四 第1版",
        "云汀报 2024年3月8日 星期四 第1版",
        "云汀报 2024年4月11日 星期四 第1版",
    )
    assert [date for _title, date, _page in told(read(issue(*mastheads)))] == ["2024-03-07", None, "2024-04-11"]


def test_ordinals_and_places_are_those_of_the_whole_document() -> None:
    text = issue("云汀报 2024年3月7日 星期四 第1版", "第2版", "云汀报 2024年4月11日 星期四 第1版")
    articles = read(text)
    assert [article.ordinal for article in articles] == [0, 1, 2]
    for article, body in zip(articles, BODIES, strict=True):
        assert text[article.origin[0].source_start :].startswith(body[:20])


def test_a_sentence_goes_on_over_the_masthead_of_the_next_page() -> None:
    text = (
        f"云汀报 2024年3月7日 星期四 第1版\n\n{HEADLINES[0]}\n\n{BODIES[0]}区里还将改造老旧雨水管\n\n"
        f"云汀报 2024年3月7日 星期四 第2版\n\n网27公里，由区水务局负责。\n\n{HEADLINES[1]}\n{BODIES[1]}\n"
    )
    first, second = read(text)
    assert first.text.endswith("区里还将改造老旧雨水管网27公里，由区水务局负责。")
    assert (first.page, second.page, second.title) == ("1", "2", HEADLINES[1])


def test_a_sentence_does_not_go_on_in_another_issue() -> None:
    text = (
        f"云汀报 2024年3月7日 星期四 第1版\n\n{HEADLINES[0]}\n\n{BODIES[0]}区里还将改造老旧雨水管\n\n"
        f"云汀报 2024年4月11日 星期四 第1版\n\n{HEADLINES[1]}\n{BODIES[1]}\n"
    )
    assert told(read(text)) == [(HEADLINES[0], "2024-03-07", "1"), (HEADLINES[1], "2024-04-11", "1")]


def test_jump_lines_between_pages_of_one_file_join() -> None:
    text = (
        f"云汀报 2024年3月7日 星期四 第1版\n\n{HEADLINES[0]}\n\n{BODIES[0]}区里还将\n（下转02版）\n\n"
        "云汀报 2024年3月7日 星期四 第2版\n\n（上接01版）改造老旧雨水管网27公里，云汀区河湾泵站改造工程新增排涝能力明年到位。\n\n"
        f"{HEADLINES[1]}\n{BODIES[1]}\n"
    )
    joined = [one.article for one in join_continued(read(text))]
    assert [article.title for article in joined] == [HEADLINES[0], HEADLINES[1]]
    assert joined[0].text.endswith("新增排涝能力明年到位。")


def pdf(*pages: tuple[tuple[str, float, float], ...]) -> Document:
    """Pages of frames, each with its text, its size and how far down it stands."""
    text, frames = "", []
    for number, page in enumerate(pages):
        text += "\f" if number else ""
        for place, (words, size, top) in enumerate(page):
            text += "\n\n" if place else ""
            frames.append(Frame(len(text), len(text) + len(words), size, (60, top, 360, top + size * 1.2), number))
            text += words
    return Document("册.pdf", "册.pdf", text, "framed", frames=tuple(frames))


def page_of(number: int, folio: str | None, top: float = 30) -> tuple[tuple[str, float, float], ...]:
    article = (
        (HEADLINES[number], 20, 80.0),
        (f"　　{BODIES[number]}", 10, 120.0),
        ("　　更多内容请看明天的报道，记者将继续关注。", 10, 600.0),
    )
    return ((folio, 9, top), *article) if folio and top < 100 else (*article, (folio, 9, top)) if folio else article


@pytest.mark.parametrize("top", [30, 780])
def test_a_folio_line_of_a_pdf_page_counts_for_it_at_its_head_or_foot(top: float) -> None:
    folios = ("2024年3月7日 星期四 第1版", "2024年3月7日 星期四 第2版", "2024年4月11日 星期四 第1版")
    articles = split_articles(pdf(*(page_of(number, folio, top) for number, folio in enumerate(folios))))
    assert told(articles) == RIGHT


def test_a_pdf_page_without_a_masthead_has_the_date_before_it_and_the_page_of_the_file() -> None:
    articles = split_articles(pdf(page_of(0, "云汀报 2024年3月7日 星期四 第5版"), page_of(1, None), page_of(2, None)))
    assert told(articles) == [
        (HEADLINES[0], "2024-03-07", "5"),
        (HEADLINES[1], "2024-03-07", "2"),
        (HEADLINES[2], "2024-03-07", "3"),
    ]
    assert [PAGE_OF_FILE in article.metadata for article in articles] == [False, True, True]


def test_the_first_page_of_an_issue_in_a_bound_year_is_its_page_one_though_it_states_none() -> None:
    days = ("2024年3月7日 星期四", "2024年3月14日 星期四", "2024年3月21日 星期四")
    pages = [page_of(number, folio) for number, day in enumerate(days) for folio in (f"云汀报 {day}", f"{day} 第2版")]
    found = [(date, page) for _title, date, page in told(split_articles(pdf(*pages)))]
    dates = ("2024-03-07", "2024-03-14", "2024-03-21")
    assert found == [(date, page) for date in dates for page in ("1", "2")]


def test_a_document_that_states_one_date_keeps_it_where_its_masthead_has_no_other_issue() -> None:
    text = f"云汀报 第2版\n\n{HEADLINES[0]}\n\n{BODIES[0]}"
    assert told(read(text, "2024-03-07.txt")) == [(HEADLINES[0], "2024-03-07", "2")]


def test_a_masthead_without_a_year_has_the_year_of_the_file() -> None:
    text = issue("云汀报 3月7日 第1版", "云汀报 3月7日 第2版", "云汀报 3月21日 第4版")
    right = [(HEADLINES[0], "2024-03-07", "1"), (HEADLINES[1], "2024-03-07", "2"), (HEADLINES[2], "2024-03-21", "4")]
    assert told(read(text, "云汀报2024年3月合订.txt")) == right
    assert [page for _title, _date, page in told(read(text))] == ["1", "2", "4"]


def test_a_day_without_a_page_is_no_masthead() -> None:
    (article,) = read(f"{HEADLINES[0]}\n\n{BODIES[0]}\n\n活动时间\n\n3月7日\n", "云汀报2024年3月合订.txt")
    assert article.date is not None
    assert article.date.value == "2024-03"
