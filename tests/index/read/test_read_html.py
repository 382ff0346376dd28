"""index.read.html: what pages of many publishing systems state about their article."""

from dataclasses import dataclass

import pytest

from index.read.html import read_webpage
from index.read.html_byline import newspaper_of, read_line, read_names
from index.records import Document
from index.segment import split_articles

BODY = "云汀区白鹭湿地公园6月5日对外开放，首日接待游客三千二百人次，园方提醒市民错峰出行。"
MORE = "公园管理处负责人说，保育区每天限额五百人，需要提前一天预约。"


@dataclass(frozen=True)
class Page:
    """A page and what is to be found on it; `html` in the place of `<body>`'s content unless it has a head."""

    html: str
    title: str | None = "湿地公园开放"
    date: str | None = None
    byline: tuple[str, ...] = ()
    newspaper: str | None = None
    text: str = BODY
    stated: str | None = None
    others: tuple[tuple[str, str], ...] = ()


H1 = "<h1>湿地公园开放</h1>"
P = f"<p>{BODY}</p>"
PAGES = {
    "a line with everything in it": Page(
        f"{H1}<div>2023-06-06 09:12　来源：云汀报　记者：林亦舟　责任编辑：温柏川</div>{P}",
        date="2023-06-06",
        byline=("记者 林亦舟",),
        newspaper="云汀报",
        stated="2023-06-06 09:12　来源：云汀报　记者：林亦舟　责任编辑：温柏川",
    ),
    "labels before every value": Page(
        f"{H1}<p>发布时间：2023年6月6日　作者：林亦舟　浏览次数：1,204次</p>{P}",
        date="2023-06-06",
        byline=("林亦舟",),
        stated="发布时间：2023年6月6日　作者：林亦舟　浏览次数：1,204次",
    ),
    "bars and buttons": Page(
        f"{H1}<div>2023/06/06 09:12:30 | 来源: 新华社 | 字号 【大 中 小】 | 打印</div>{P}",
        date="2023-06-06",
        stated="2023/06/06 09:12:30 | 来源: 新华社 | 字号 【大 中 小】 | 打印",
        others=(("source", "新华社"),),
    ),
    "a paper without a label": Page(
        f"{H1}<div><span>2023-06-06 09:12</span> <span>云汀日报</span></div>{P}",
        date="2023-06-06",
        newspaper="云汀日报",
        stated="2023-06-06 09:12 云汀日报",
    ),
    "several authors with their roles": Page(
        f"{H1}<p>本报记者 林亦舟 苏见清 通讯员 卓小满</p>{P}",
        byline=("本报记者 林亦舟", "本报记者 苏见清", "通讯员 卓小满"),
        stated="本报记者 林亦舟 苏见清 通讯员 卓小满",
    ),
    "the government's meta names": Page(
        '<head><meta name="ArticleTitle" content="湿地公园开放"><meta name="PubDate" content="2023-06-06 09:12">'
        '<meta name="ContentSource" content="云汀报"><meta name="Author" content="admin"><title>湿地公园开放_云汀区政府</title>'
        f"</head><body><div class=title>湿地公园开放</div>{P}</body>",
        date="2023-06-06",
        newspaper="云汀报",
    ),
    "the comment of a digital edition": Page(
        "<!--enpproperty <articleid>48</articleid><date>2023-06-06 00:00:00:000</date><author>林亦舟</author>"
        "<title>湿地公园开放</title><subtitle>首日迎客三千</subtitle><introtitle>六五环境日</introtitle>"
        f"<nodename>第02版：要闻</nodename><sitename>云汀报</sitename>/enpproperty--><h2>湿地公园开放</h2>{P}",
        date="2023-06-06",
        byline=("林亦舟",),
        newspaper="云汀报",
        others=(("kicker", "六五环境日"), ("deck", "首日迎客三千")),
    ),
    "JSON-LD of a news article": Page(
        '<head><script type="application/ld+json">{"@context":"https://schema.org","@graph":[{"@type":"WebSite",'
        '"name":"x"},{"@type":["NewsArticle"],"headline":"湿地公园开放","datePublished":"2023-06-06T09:12:00+08:00",'
        '"author":[{"@type":"Person","name":"林亦舟"},{"@type":"Organization","name":"云汀区融媒体中心"}],'
        f'"publisher":{{"name":"云汀报"}}}}]}}</script></head><body>{H1}{P}</body>',
        date="2023-06-06",
        byline=("林亦舟",),
        newspaper="云汀报",
    ),
    "itemprop": Page(
        f'<article>{H1}<span itemprop="author">林亦舟</span> <time itemprop="datePublished" datetime="2023-06-06">'
        f"周二</time>{P}</article>",
        date="2023-06-06",
        byline=("林亦舟",),
        stated="林亦舟 周二",
    ),
    "classes of a blog": Page(
        f'<body class="comments-open"><div class="post">{H1}<div class="meta"><span class="author">林亦舟</span> · '
        f'<span class="post-date">2023-06-06</span></div>{P}</div></body>',
        date="2023-06-06",
        byline=("林亦舟",),
        stated="林亦舟 · 2023-06-06",
    ),
    "elements of a newspaper site": Page(
        f'<p class="yinti">六五环境日</p>{H1}<div class="info"><span id="pubtime" class="pubtime">2023年06月06日 09:12</span>'
        f'<span class="source">来源：云汀报</span></div>{P}',
        date="2023-06-06",
        newspaper="云汀报",
        stated="六五环境日\n2023年06月06日 09:12来源：云汀报",
        others=(("kicker", "六五环境日"),),
    ),
    "an English byline and date": Page(
        "<h1>Egret Park Opens</h1><p>By Cai Suyin and Wen Bochuan</p><p>Tuesday, June 6, 2023 9:12 am | "
        "Source: Yunting Daily</p><p>The district opened the park on Monday.</p>",
        title="Egret Park Opens",
        date="2023-06-06",
        byline=("Cai Suyin", "Wen Bochuan"),
        newspaper="Yunting Daily",
        text="The district opened the park on Monday.",
        stated="By Cai Suyin and Wen Bochuan\nTuesday, June 6, 2023 9:12 am | Source: Yunting Daily",
    ),
    "published and updated": Page(
        f"{H1}<p>Updated: 8 June 2023 | Published on 6 June 2023</p>{P}",
        date="2023-06-06",
        stated="Updated: 8 June 2023 | Published on 6 June 2023",
    ),
    "a heading that only the title tells": Page(
        f"<head><title>湿地公园开放首日 - 云汀报</title></head><body><h2>湿地公园开放首日</h2><div>2023.06.06</div>{P}</body>",
        title="湿地公园开放首日",
        date="2023-06-06",
        stated="2023.06.06",
    ),
    "a line above the title": Page(f"<div>时间：2023-06-06</div>{H1}{P}", date="2023-06-06", stated="时间：2023-06-06"),
    "a name spaced out": Page(f"{H1}<p>记者　温　川</p>{P}", byline=("记者 温川",), stated="记者　温　川"),
    # What must not be taken
    "the author of a comment": Page(
        f'{H1}{P}<div class="comment-list"><div class="comment"><span class="author">苏见清</span> '
        '<time datetime="2024-01-02">昨天</time><p>好</p></div></div>',
    ),
    "dates of other articles": Page(
        f"{H1}{P}<p>{MORE}</p><ul><li>甲村修路 <span class=date>2022-02-01</span></li><li>乙镇种茶 2022-03-01</li></ul>",
        text=f"{BODY}\n{MORE}",
    ),
    "JSON-LD of a list": Page(
        '<script type="application/ld+json">[{"@type":"NewsArticle","headline":"甲","datePublished":"2022-01-01"},'
        f'{{"@type":"NewsArticle","headline":"乙","datePublished":"2022-01-02"}}]</script>{H1}{P}',
    ),
    "broken JSON-LD": Page(f'<script type="application/ld+json">{{"@type": </script>{H1}{P}'),
    "a copyright line": Page(f"{H1}{P}<div>版权所有 © 2019-2024 云汀报社</div>"),
    "a dateline in the text": Page(
        f"{H1}<p>本报讯（记者 林亦舟）2023年6月5日，{BODY}</p>", text=f"本报讯（记者 林亦舟）2023年6月5日，{BODY}"
    ),
    "a sentence that begins with a date": Page(
        f"{H1}<p>2023年6月5日上午，公园开放。</p>", text="2023年6月5日上午，公园开放。"
    ),
    "the date under a notice": Page(f"{H1}{P}<p>2023年6月6日</p>", text=f"{BODY}\n2023年6月6日"),
    "an office as author": Page(
        '<head><meta name="author" content="云汀区人民政府办公室"></head><body>' + f"{H1}{P}</body>"
    ),
    "a date that no calendar has": Page(f"{H1}<p>2023-13-45</p>{P}", text=f"2023-13-45\n{BODY}"),
    "people that a sentence names": Page(f"{H1}<p>记者从区政府获悉</p>{P}", text=f"记者从区政府获悉\n{BODY}"),
}


def read(html: str) -> Document:
    return read_webpage("a.html", html.encode())


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES.keys())
def test_a_page_tells_title_date_byline_and_newspaper_and_its_text_is_the_article(page: Page) -> None:
    document = read(page.html)
    assert document.title == page.title
    assert (document.date.value if document.date else None) == page.date
    assert document.byline == page.byline
    assert document.newspaper == page.newspaper
    assert document.text == page.text
    others = {key: value for key, value in document.metadata.items() if key not in ("stated", "left_out")}
    assert (document.metadata.get("stated"), others) == (page.stated, dict(page.others))


def test_the_number_of_the_page_in_the_paper_is_kept() -> None:
    assert read(PAGES["the comment of a digital edition"].html).page == "第02版：要闻"


def test_nothing_that_a_page_shows_is_lost() -> None:
    for page in PAGES.values():
        document = read(page.html)
        shown = "\n".join([document.title or "", str(document.metadata.get("stated", "")), document.text])
        assert BODY in shown or "opened the park" in shown or "公园开放。" in shown


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("林亦舟、苏见清", ("林亦舟", "苏见清")),
        ("记者 林亦舟 通讯员 卓小满", ("记者 林亦舟", "通讯员 卓小满")),
        ("（记者：林亦舟）", ("记者 林亦舟",)),
        ("By Cai Suyin", ("Cai Suyin",)),
        ("阿依古丽·买买提", ("阿依古丽·买买提",)),
        ("admin", ()),
        ("佚名", ()),
        ("融媒中心", ()),
        ("云汀区融媒体中心", ()),
        ("https://example.org/u/1", ()),
        ("林亦舟 2023", ()),
        ("", ()),
    ],
)
def test_a_field_names_people_or_nobody(text: str, names: tuple[str, ...]) -> None:
    assert read_names(text) == names


@pytest.mark.parametrize(
    ("source", "newspaper"),
    [
        ("云汀报", "云汀报"),
        ("《云汀日报》", "云汀日报"),
        ("Yunting Daily", "Yunting Daily"),
        ("新华社", None),
        ("区政府网", None),
        (None, None),
    ],
)
def test_only_a_newspaper_is_taken_for_one(source: str | None, newspaper: str | None) -> None:
    assert newspaper_of(source) == newspaper


@pytest.mark.parametrize("line", ["编辑：温柏川", "打印 | 关闭", "浏览次数：12", "来源：", "2023年", "—", "   "])
def test_a_line_that_tells_nothing_of_use_is_no_statement(line: str) -> None:
    found = read_line(line)
    assert found is None or not (found.date or found.byline or found.source)


@pytest.mark.timed
def test_hostile_lines_are_read_in_no_time() -> None:
    import time

    started = time.process_time()
    for line in ("来源：" * 50, "记者 " * 60, "2023-" * 30, "·" * 150, "作者" * 75, "一·" * 70, "Aa " * 50):
        read_line(line)
        read_names(line)
    read("<!--enpproperty " * 20_000 + "-->" + H1 + P)
    read(f"{H1}" + "<span class=author>记者 </span>" * 20_000 + P)
    assert time.process_time() - started < 5


ISSUE = (
    "<h2>湿地公园开放</h2><p>本报讯（记者 林亦舟）"
    + BODY
    + "</p><h2>公园限额</h2><p>本报讯（记者 苏见清）"
    + MORE
    + "</p>"
)


@pytest.mark.parametrize(
    "html",
    [
        f"<h1>云汀报 2023年6月6日 第3版</h1>{''.join(f'<article><h2>{part}</article>' for part in ISSUE.split('<h2>')[1:])}",
        f"<div>2023年6月6日 星期二 第3版</div>{ISSUE.replace('h2', 'h3')}",
        f"<header><div>云汀报</div><div>2023年6月6日</div><div>第3版</div></header><main>{ISSUE}</main>",
        f"<head><title>云汀报 2023年6月6日 第3版</title></head><body>{ISSUE}</body>",
    ],
    ids=["a heading over articles", "a line over headings", "a page's header", "the page's name"],
)
def test_the_line_of_an_issue_dates_its_articles_and_tells_their_page(html: str) -> None:
    found = split_articles(read_webpage("a.html", html.encode()))
    assert [(one.title, one.date and one.date.value, one.page) for one in found] == [
        ("湿地公园开放", "2023-06-06", "3"),
        ("公园限额", "2023-06-06", "3"),
    ]


def test_the_day_of_a_visit_dates_nothing() -> None:
    page = read_webpage("a.html", f"<div>今天是2026年12月1日 星期二</div><div>首页</div><main>{H1}{P}</main>".encode())
    assert page.masthead == ""


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (f"{H1}{P}<footer><p>{MORE}</p></footer><footer>版权所有 云汀网</footer>", f"{BODY}\n{MORE}"),
        (f"{H1}{P}<aside><p>{MORE}</p></aside>", f"{BODY}\n{MORE}"),
        (f"{H1}{P}<footer><p>本网站由云汀镇主办，为群众提供服务。</p></footer>", BODY),
        (f"{H1}{P}<aside class=sidebar><p>{MORE}</p></aside>", BODY),
        (
            f"<section>{H1}{P}<footer><p>联系人：简知宁 电话：6352-0017</p></footer></section><footer>版权所有</footer>",
            f"{BODY}\n联系人：简知宁 电话：6352-0017",
        ),
        (f"{H1}{P}<p>{MORE}</p><p><a href=1>点击查看：望津桥启动重建</a></p>", f"{BODY}\n{MORE}"),
        (f"{H1}{P}<p>相关链接：<a href=1>望津桥启动重建</a></p><p>{MORE}</p>", f"{BODY}\n{MORE}"),
        (f"{H1}{P}<p><a href=1>望津桥启动重建，全长412米</a></p>", BODY),
        (f"{H1}{P}<p><a href=1.doc>附件：开放时刻表.doc</a></p>", f"{BODY}\n附件：开放时刻表.doc"),
    ],
)
def test_what_is_marked_badly_is_read_and_what_leads_elsewhere_is_not(html: str, text: str) -> None:
    assert read_webpage("a.html", html.encode()).text == text


def test_what_a_style_sheet_strikes_is_not_read() -> None:
    sheet = "/* old */ span.gone, .cut { text-decoration : line-through red } .cut.x{} .kept{text-decoration:underline}"
    body = "<p>公园限额<span class='a gone'>三百人</span><span class=kept>五百人</span>，需要提前一天预约。</p>"
    page = f"<head><style>{sheet}</style></head><body>{H1}{P}{body}</body>"
    assert read_webpage("a.html", page.encode()).text == f"{BODY}\n公园限额五百人，需要提前一天预约。"


@pytest.mark.parametrize(
    "line", ["（云汀镇人民政府 二〇二三年六月六日）", "云汀镇人民政府　2023年6月6日", "云汀镇人民政府 2023年06月6日"]
)
def test_the_day_that_an_office_signs_with_dates_a_page_that_states_none(line: str) -> None:
    date = read_webpage("a.html", f"{H1}{P}<p>{line}</p>".encode()).date
    assert date is not None
    assert date.value == "2023-06-06"


def text_of(html: str) -> tuple[str | None, str]:
    document = read_webpage("a.html", f"<html><body>{html}</body></html>".encode())
    return document.title, document.text


def test_a_line_of_statements_with_sizes_of_type_to_choose_from_is_no_text() -> None:
    line = "发布日期：2024-06-12　浏览次数：1832　字体：[大 中 小]"
    assert text_of(f"{H1}<div>{line}</div>{P}") == ("湿地公园开放", BODY)


@pytest.mark.parametrize(
    "sentence",
    ["扫码即可报名，每期名额三十个，报满为止。", "举报电话63521212", "主办单位：区文旅局、白鹭湿地公园管理处"],
)
def test_a_sentence_that_begins_like_furniture_is_text(sentence: str) -> None:
    assert text_of(f"{H1}{P}<p>{sentence}</p><p>{MORE}</p>")[1] == f"{BODY}\n{sentence}\n{MORE}"


@pytest.mark.parametrize(
    "line", ["网站举报电话63521212", "主办：云汀区人民政府办公室", "海量资讯、精准解读，尽在云汀APP", "喜欢作者"]
)
def test_lines_that_sites_put_under_articles_are_no_text(line: str) -> None:
    assert text_of(f"{H1}{P}<p>{line}</p>")[1] == BODY


def test_an_office_that_signs_its_text_is_not_the_headline_though_the_page_is_called_so() -> None:
    page = f"<html><head><title>云汀区水务局</title></head><body><h3>湿地公园开放</h3><div>{P}<p>{MORE}</p></div><p>云汀区水务局</p></body></html>"
    document = read_webpage("a.html", page.encode())
    assert (document.title, document.text) == ("湿地公园开放", f"{BODY}\n{MORE}\n云汀区水务局")


def test_headlines_alike_by_their_class_open_an_article_each() -> None:
    items = [
        ("湿地公园首日迎客三千人", BODY),
        ("白鹭保育区每天限额五百", MORE),
        ("湿地公园增设观鸟平台", "公园新建观鸟平台十二处，游客可以免费使用。"),
    ]
    body = "".join(f"<div><div class='news-title'>{title}</div><div><p>{text}</p></div></div>" for title, text in items)
    articles = split_articles(read_webpage("a.html", f"<html><body>{body}</body></html>".encode()))
    assert [(article.title, article.text) for article in articles] == items


def test_the_account_and_the_place_that_wechat_shows_are_no_text() -> None:
    above = "<div><span class='rich_media_meta_nickname'>云汀发布</span><em id='publish_time'>2024年06月12日 18:30</em><em id='js_ip_wording'>北京</em></div>"
    assert text_of(f"<h1 id='activity-name'>湿地公园开放</h1>{above}{P}")[1] == BODY


@pytest.mark.parametrize(
    "form",
    [
        "<div class='item'><p class='t1'>{}</p><p>{}</p></div>",
        "<section><div class='hd title'><a name='x'></a>{}</div><div class='bd'><p>{}</p></div></section>",
    ],
)
def test_parts_side_by_side_with_a_headline_each_are_articles(form: str) -> None:
    items = [("湿地公园首日迎客三千人", BODY), ("白鹭保育区每天限额五百", MORE)]
    page = "<html><head><title>今日快讯</title></head><body>" + "".join(form.format(*item) for item in items)
    articles = split_articles(read_webpage("a.html", page.encode()))
    assert [(article.title, article.text.lstrip("• ")) for article in articles] == items


def test_parts_without_text_of_their_own_are_no_articles() -> None:
    parts = "".join(
        f"<div class='item'><p class='t1'>{word}</p></div>" for word in ("地址兴华路八号", "电话六三五二九九一一")
    )
    page = f"<html><head><title>湿地公园开放</title></head><body><div class='text'><p>{BODY}</p>{parts}</div></body></html>"
    (article,) = split_articles(read_webpage("a.html", page.encode()))
    assert article.title == "湿地公园开放"
