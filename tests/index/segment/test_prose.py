"""index.segment.prose, headings: the articles of an issue in paragraphs, and the sub-headings of one article."""

import pytest

from index.read.markdown import read_markdown
from index.records import Article, Document, Heading
from index.segment import split_articles

ITEMS = (
    ("河湾泵站改造完工", "本报讯（记者 沈禾）云汀区昨天完成河湾泵站改造，工程总投资3260万元。"),
    ("松桥小学扩建开工", "本报讯（记者 陆南星）松桥小学扩建工程昨天开工，新增学位720个。"),
    ("柳渡街道举办邻里节", "本报讯（记者 周砚秋）柳渡街道第六届邻里节昨天开幕，现场设摊位56个。"),
)
TITLES = [title for title, _body in ITEMS]


def markdown(text: str) -> list[Article]:
    return split_articles(read_markdown("a.md", text.encode()))


def titles(articles: list[Article]) -> list[str | None]:
    return [article.title for article in articles]


@pytest.mark.parametrize(
    ("form", "above"),
    [
        ("# {}\n\n{}", ""),
        ("## {}\n\n{}", ""),
        ("## {}\n\n{}", "# 云汀报 2024年5月8日 第2版\n\n"),
        ("## {}\n\n{}", "# 一周要闻汇总\n\n"),
        ("### {}\n\n{}", "---\ntitle: 云汀报第2版\n---\n"),
        ("**{}**\n\n{}", ""),
        ("{}\n========\n\n{}", ""),
        ("{}\n\n{}", "云汀报 2024年5月8日 第2版\n\n"),
    ],
)
def test_each_headline_of_an_issue_opens_an_article(form: str, above: str) -> None:
    articles = markdown(above + "\n\n".join(form.format(*item) for item in ITEMS))
    assert titles(articles) == TITLES
    assert [article.text for article in articles] == [body for _title, body in ITEMS]
    assert all(article.decisions and article.confidence < 1 for article in articles)


def test_headlines_without_datelines_open_articles_where_none_stands_above_them() -> None:
    text = "\n\n".join(f"# {title}\n\n{body.partition('）')[2]}" for title, body in ITEMS)
    assert titles(markdown(text)) == TITLES


def test_names_of_sections_above_the_headlines_are_no_articles() -> None:
    text = f"# 要闻\n\n## {TITLES[0]}\n\n{ITEMS[0][1]}\n\n# 民生\n\n## {TITLES[1]}\n\n{ITEMS[1][1]}"
    articles = markdown(text)
    assert titles(articles) == TITLES[:2]
    assert [article.noise for article in articles] == [("要闻",), ("民生",)]


@pytest.mark.parametrize(
    "subheads",
    [("## 投资与建设", "## 居民得实惠"), ("# 一、补齐短板", "# 二、提升品质"), ("**投资与建设**", "**居民得实惠**")],
)
def test_sub_headings_under_one_headline_part_no_article(subheads: tuple[str, str]) -> None:
    text = f"# {TITLES[0]}\n\n{ITEMS[0][1]}\n\n{subheads[0]}\n\n总投资3260万元，工期两年，今年汛前投用。\n\n{subheads[1]}\n\n沿线七万居民受益，内涝点减少十二处。"
    (article,) = markdown(text)
    assert article.title == TITLES[0]
    assert article.subheads == tuple(line.strip("#* ") for line in subheads)


def test_articles_that_the_markup_names_so_are_articles() -> None:
    bodies = [body for _title, body in ITEMS[:2]]
    text = f"{bodies[0]}\n{TITLES[1]}\n{bodies[1]}"
    second = len(bodies[0]) + 1
    headings = (
        Heading(0, 0, 0, "article"),
        Heading(0, 0, 2),
        Heading(second, second, 0, "article"),
        Heading(second, second + len(TITLES[1]), 2),
    )
    articles = split_articles(Document("a.html", "a.html", text, "prose", title=TITLES[0], headings=headings))
    assert titles(articles) == TITLES[:2]
    assert [(article.text, article.confidence) for article in articles] == [(bodies[0], 1.0), (bodies[1], 1.0)]


def test_issues_in_one_document_have_their_own_dates() -> None:
    pages = ("# 云汀报 2024年3月7日 星期四 第1版", "# 云汀报 2024年4月11日 星期四 第2版")
    text = "\n\n".join(f"{page}\n\n## {title}\n\n{body}" for page, (title, body) in zip(pages, ITEMS, strict=False))
    found = [(article.title, article.date and article.date.value, article.page) for article in markdown(text)]
    assert found == [(TITLES[0], "2024-03-07", "1"), (TITLES[1], "2024-04-11", "2")]


def test_kicker_and_deck_around_a_headline_are_its_own() -> None:
    text = "\n\n".join(f"### 城市更新进行时\n\n## {title}\n\n### 惠及居民七万名\n\n{body}" for title, body in ITEMS)
    articles = markdown(text)
    assert titles(articles) == TITLES
    assert {(article.kicker, article.deck) for article in articles} == {("城市更新进行时", "惠及居民七万名")}


def test_rows_of_a_table_are_no_sub_headings() -> None:
    (article,) = markdown("# 卫生院接诊\n\n卫生院 | 门诊\n--- | ---\n云岭卫生院 | 1820\n溪头卫生院 | 1544\n")
    assert article.text == "卫生院\t门诊\n云岭卫生院\t1820\n溪头卫生院\t1544"
    assert article.subheads == ()


def test_a_tables_empty_corner_and_last_cells_stay_in_their_places() -> None:
    text = "各镇收费标准如下。\n\t项目\t金额\t备注\n松桥镇\t停车\t20\t\n城区\t\t\t\n柳渡镇\t停车\t30\t含夜间\n\t以上标准自六月起执行。\t"
    (article,) = split_articles(Document("a.docx", "a.docx", text, "prose"))
    assert article.text == text[:-1].replace("\n\t以上", "\n以上")


BODY = "区水务局昨天宣布，河湾泵站改造工程完工，总投资3260万元。"


@pytest.mark.parametrize("between", ["", "2024年6月12日\n", "本报记者 沈禾\n"])
def test_the_first_line_of_a_file_without_headings_is_its_headline(between: str) -> None:
    (article,) = split_articles(Document("a.docx", "a.docx", f"河湾泵站改造完工\n{between}{BODY}", "prose"))
    assert article.title == "河湾泵站改造完工"
    assert article.text == f"{between}{BODY}"


@pytest.mark.parametrize("first", ["各位领导：", "泵站昨天完工。", "一、河湾泵站", "河湾\t泵站"])
def test_a_first_line_that_is_no_headline_stays_in_the_text(first: str) -> None:
    text = f"{first}\n{BODY}"
    (article,) = split_articles(Document("a.docx", "a.docx", text, "prose"))
    assert (article.title, article.text) == (None, text)


def test_a_first_line_over_other_short_lines_is_no_headline() -> None:
    (article,) = split_articles(Document("a.docx", "a.docx", "河湾泵站改造完工\n松桥小学扩建开工\n邻里节开幕", "prose"))
    assert article.title is None


def test_a_row_that_begins_with_an_empty_cell_keeps_its_place() -> None:
    text = "桥梁情况\n区交通局昨天公布三座桥的情况，供查询。\n\t南渡桥\t北街桥\n桥长（米）\t212\t87"
    (article,) = split_articles(Document("a.html", "a.html", text, "prose"))
    assert article.text.endswith("\n\t南渡桥\t北街桥\n桥长（米）\t212\t87")
