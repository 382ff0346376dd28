"""index.read.html: pages as many kinds of sites build them; what is the article is kept whole, the rest is not."""

from dataclasses import dataclass

import pytest

from index.read.html import read_webpage
from index.records import Document

A = "云汀区白鹭湿地公园二期工程近日完工，总投资4170万元，新增步道6.3公里。"
B = "区园林局副局长闻一舟介绍，公园将于6月18日开放，预约电话52730018。"
C = "下一步，云汀区还将修复河岸林地19公顷，补种乡土树木2400株。"
PARAGRAPHS = (A, B, C)
BODY = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
TITLE = "白鹭湿地公园二期完工"
DAY = "2023-06-06"
INFO = "<div class=info>发布时间：2023-06-06　来源：云汀报</div>"
MENU = "<ul><li><a href=/>首页</a></li><li><a href=/a>要闻</a></li><li><a href=/b>政务公开</a></li></ul>"
FOOT = "<div>版权所有：云汀区融媒体中心　云ICP备00000001号</div>"
OTHERS = "<ul><li><a href=/1.html>鹤洲大桥合龙投资2.7亿元</a></li><li><a href=/2.html>翠屏小学扩建新增学位960个</a></li></ul>"
NEVER = ("首页", "政务公开", "版权所有", "ICP备", "鹤洲大桥", "翠屏小学")


@dataclass(frozen=True)
class Template:
    """A page and what a reader finds on it."""

    html: str
    has: tuple[str, ...] = PARAGRAPHS
    lacks: tuple[str, ...] = NEVER
    title: str | None = TITLE
    date: str | None = DAY
    byline: tuple[str, ...] | None = None


def page(body: str, head: str = "", title: str = f"{TITLE}_云汀区人民政府") -> str:
    return (
        f"<!doctype html><html><head><meta charset=utf-8><title>{title}</title>{head}</head><body>{body}</body></html>"
    )


H1 = f"<h1>{TITLE}</h1>"
TEMPLATES = {
    "government site": Template(
        page(
            f"<div class=top>{MENU}</div><div class=path>您现在的位置：<a href=/>首页</a> &gt; <a href=/x>要闻</a></div>"
            f"<div class=detail>{H1}{INFO}<div class=TRS_Editor>{BODY}</div><div class=fx>分享到：</div></div>{FOOT}"
        )
    ),
    "ASP.NET: everything in one form": Template(
        page(
            f"<form id=form1 method=post><input type=hidden name=__VIEWSTATE value=x>{MENU}{H1}{INFO}"
            f"<div id=vsb_content>{BODY}</div>{FOOT}</form>"
        )
    ),
    "body alone in a form, search box in another": Template(
        page(
            f"<form><input name=q><button>搜索</button></form>{H1}{INFO}<form name=f><div id=zoom>{BODY}</div></form>"
        ),
        lacks=("搜索",),
    ),
    "newspaper's digital edition": Template(
        page(
            "<table width=100%><tr><td><a href=1.htm>第01版：要闻</a></td><td><a href=2.htm>下一版</a></td></tr></table>"
            f"<table><tr><td><h2>{TITLE}</h2></td></tr><tr><td>2023年06月06日 云汀报</td></tr>"
            f"<tr><td><founder-content>{BODY}</founder-content></td></tr></table>{OTHERS}",
            title=f"云汀报数字报-{TITLE}",
        ),
        lacks=("鹤洲大桥",),
    ),
    "WeChat, hidden until its script runs, the time in the script": Template(
        page(
            f"<div id=js_article><h1 id=activity-name>{TITLE}</h1><a id=js_name>云汀发布</a><em id=publish_time></em>"
            '<div id=js_content style="visibility: hidden; opacity: 0">'
            + "".join(f"<section><span>{paragraph}</span></section>" for paragraph in PARAGRAPHS)
            + '</div></div><div style="display:none">微信扫一扫</div><script>var ct = "1686010320";</script>'
        ),
        lacks=("微信扫一扫",),
    ),
    "tables of 2005": Template(
        page(
            f"<table width=760><tr><td colspan=2>{MENU}</td></tr><tr><td width=180>{OTHERS}</td><td><table><tr>"
            f"<td align=center><b>{TITLE}</b></td></tr><tr><td>发布时间：2023-06-06</td></tr><tr><td>{'<br>'.join(PARAGRAPHS)}"
            f"</td></tr></table></td></tr><tr><td colspan=2>{FOOT}</td></tr></table>"
        )
    ),
    "lazy page: the text in noscript": Template(page(f"{H1}{INFO}<div id=app></div><noscript>{BODY}</noscript>")),
    "the text shown and again in noscript": Template(page(f"{H1}{INFO}{BODY}<noscript>{BODY}</noscript>")),
    "noscript asks for JavaScript": Template(
        page(f"<noscript>您的浏览器不支持JavaScript，请启用后访问本网站，谢谢您的理解。</noscript>{H1}{INFO}{BODY}"),
        lacks=("JavaScript",),
    ),
    "text field": Template(page(f"{H1}{INFO}<textarea readonly>{chr(10).join(PARAGRAPHS)}</textarea>")),
    "text field with tags": Template(
        page(
            f"{H1}{INFO}<textarea id=txt>{BODY.replace('<', '&lt;')}</textarea><textarea name=comment>请文明发言，理性评论，共建和谐网络环境，字数不超过二百字。</textarea>"
        ),
        lacks=("<p>", "文明发言"),
    ),
    "comments longer than the article": Template(
        page(
            f"<article>{H1}{INFO}{BODY}</article><div class=comment-list>"
            + "".join(
                f"<div class=item><b>网友{n}</b><p>写得真好，公园离家近，周末带孩子去看看，希望停车方便。</p></div>"
                for n in range(20)
            )
            + "</div>"
        ),
        lacks=("网友", "停车方便"),
    ),
    "related articles without links under their heading": Template(
        page(
            f"<div class=c>{H1}{INFO}{BODY}</div><div class=b3><h3>相关新闻</h3><ul><li>鹤洲大桥合龙投资2.7亿元</li></ul></div>"
            "<div class=b4><p>今日热点</p><p>翠屏小学扩建，新增学位960个，秋季开学启用。</p></div>"
        )
    ),
    "related articles among the text": Template(
        page(f"{H1}{INFO}<p>{A}</p><p>{B}</p><div class=xgyd><b>延伸阅读</b>{OTHERS}</div><p>{C}</p>")
    ),
    "share bar and counts": Template(
        page(
            f"{H1}{INFO}<div class=share>分享 微博 微信 1024</div>{BODY}<p>点赞 3306　收藏</p><p>上一篇：鹤洲大桥合龙</p>"
        ),
        lacks=("1024", "3306", "鹤洲大桥"),
    ),
    "cookie note": Template(
        page(f"<div class=cookie-consent>本网站使用Cookie，以改善您的体验。继续浏览即表示同意。</div>{H1}{INFO}{BODY}"),
        lacks=("Cookie",),
    ),
    "aside and footer of the article": Template(
        page(
            f"<main><article><header>{H1}<time datetime=2023-06-06>周二</time></header><p>{A}</p><aside>{B}</aside>"
            f"<footer>{C}</footer></article></main><footer>{FOOT}</footer>"
        )
    ),
    "header beside the text": Template(
        page(f"<div><header>{H1}<p>2023年6月6日　来源：云汀报　记者：林亦舟</p></header>{BODY}</div>"),
        byline=("记者 林亦舟",),
    ),
    "the h1 is the site's name": Template(
        page(f"<h1><a href=/>云汀区人民政府门户网站</a></h1><h2>{TITLE}</h2>{INFO}{BODY}")
    ),
    "the h1 is the column's name": Template(
        page(
            f"<h1>新闻动态</h1><div class=article-title>{TITLE}</div>{INFO}{BODY}",
            title=f"新闻动态_{TITLE}_云汀区人民政府",
        )
    ),
    "the page's title is the site's": Template(
        page(f"<div class=nav>{MENU}</div><h3>{TITLE}</h3>{INFO}{BODY}<h3>联系我们</h3>", title="云汀区水务局官网")
    ),
    "date below the text": Template(page(f"{H1}{BODY}<p>发布日期：2023-06-06　责任编辑：温柏川</p>")),
    "date in the address only": Template(
        page(H1 + BODY, '<link rel="canonical" href="https://news.example/202306/06/t20230606_88.html">')
    ),
    "date in the script's data only": Template(
        page(H1 + BODY + '<script>var a = {"publishTime": "2023-06-06 08:00"}</script>')
    ),
    "hidden in eight ways": Template(
        page(
            f"{H1}{INFO}<div hidden>甲密</div><p style='display:none'>乙密</p><p style='visibility: hidden'>丙密</p>"
            "<p aria-hidden=true>丁密</p><template><p>戊密</p></template><p style='position:absolute;left:-9999px'>己密</p>"
            "<p style='font-size:0'>庚密</p><p style='color:#fff;background:#FFFFFF'>辛密</p>"
            f"<style>.zz{{display:none}}</style><p class=zz>壬密</p>{BODY}"
        ),
        lacks=("密",),
    ),
    "struck text and its successor": Template(
        page(
            f"{H1}{INFO}{BODY}<p>票价<del>35</del><ins>28</ins>元，面积<span style='text-decoration: line-through'>760</span>812平方米，<s>5月1日</s>6月18日开放。</p>"
        ),
        has=(*PARAGRAPHS, "票价28元", "面积812平方米，6月18日开放"),
        lacks=("3528", "760", "5月1日"),
    ),
    "ruby": Template(
        page(f"{H1}{INFO}{BODY}<p><ruby>汀<rp>（</rp><rt>tīng</rt><rp>）</rp></ruby>水流过。</p>"),
        has=(*PARAGRAPHS, "汀水流过。"),
        lacks=("tīng",),
    ),
    "powers and formulas": Template(
        page(
            f"{H1}{INFO}{BODY}<p>约10<sup>6</sup>株，CO<sub>2</sub>减少5m<sup>3</sup>，见注<sup>[2]</sup>，"
            "比例<math><mfrac><mn>3</mn><mn>4</mn></mfrac></math>。</p>"
        ),
        has=("约10⁶株，CO2减少5m³，见注[2]，比例3/4。",),
    ),
    "numbered lists": Template(
        page(
            f"{H1}{INFO}<p>措施如下：</p><ol start=4><li>清淤<ol type=a><li>河道</li><li>管网</li></ol></li><li>补植</li></ol>"
            f"<ol reversed><li>末项</li><li>首项</li></ol><dl><dt>预约电话</dt><dd>52730018</dd></dl>{BODY}"
        ),
        has=("4. 清淤\na. 河道\nb. 管网\n5. 补植\n2. 末项\n1. 首项\n预约电话：52730018",),
    ),
    "notice with attachments": Template(
        page(
            f"{MENU}{H1}{INFO}<div class=con><p>现将名单予以公示。</p><p>附件：<a href=/f/1.docx>云汀区入选名单.docx</a></p>"
            "<ul><li><a href=/f/2.pdf>云汀区申报说明</a></li></ul></div>" + FOOT
        ),
        has=("现将名单予以公示。", "云汀区入选名单.docx", "云汀区申报说明"),
    ),
    "a notice of one sentence": Template(
        page(f"<div class=nav>{MENU}</div>{H1}{INFO}<div class=con><p>今日停水。</p></div>{OTHERS}{FOOT}"),
        has=("今日停水。",),
    ),
    "a table is the article": Template(
        page(
            f"<div class=nav>{MENU}</div>{H1}{INFO}<table border=1><caption>各镇步道</caption><tr><th rowspan=2>镇</th><th colspan=2>步道</th></tr>"
            "<tr><th>条数</th><th>公里</th></tr><tr><td rowspan=2>柳溪镇</td><td>4</td><td>9.2</td></tr><tr><td>5</td><td></td></tr></table>"
            + FOOT
        ),
        has=("各镇步道\n镇\t步道\t步道\n镇\t条数\t公里\n柳溪镇\t4\t9.2\n柳溪镇\t5\t",),
    ),
    "an index card of open government": Template(
        page(
            f"<div class=menu>{MENU}</div><table class=xxgk><tr><td>索引号：</td><td>YT-2023-0188</td><td>发布日期：</td><td>2023-06-06</td></tr>"
            f"<tr><td>发文机关：</td><td>云汀区园林局</td><td>文号：</td><td>云园发〔2023〕9号</td></tr></table>{H1}<div class=nr>{BODY}</div>"
        ),
        has=(*PARAGRAPHS, "YT-2023-0188", "云园发〔2023〕9号"),
    ),
    "tabs of cells without tables": Template(
        page(f"{H1}{INFO}<div class=wrap><div class=left>{BODY}</div><div class=right>热门排行{OTHERS}</div></div>")
    ),
    "dates behind the titles of others": Template(
        page(
            f"{H1}{INFO}{BODY}<ul><li>鹤洲大桥合龙投资2.7亿元 2023-05-01</li><li>翠屏小学扩建新增学位 2023-05-02</li></ul>"
        )
    ),
    "paragraphs as div and span": Template(
        page(
            f"<div id=w>{MENU}{H1}{INFO}"
            + "".join(f"<div><span>{each}</span></div>" for each in PARAGRAPHS)
            + f"{OTHERS}</div>"
        )
    ),
    "line breaks only": Template(page(f"{MENU}{H1}{INFO}{'<br><br>'.join(PARAGRAPHS)}<hr>{FOOT}")),
    "a class called hot holds the article": Template(
        page(f"{MENU}<div class='hot-news share'>{H1}{INFO}{BODY}</div>{FOOT}")
    ),
    "text with links in it": Template(
        page(f"{H1}{INFO}<p><a href=/x>{A}</a></p><p>{B[:8]}<a href=/y>{B[8:14]}</a>{B[14:]}</p><p>{C}</p>{OTHERS}")
    ),
    "an author's field that names the site": Template(
        page(f"{H1}{INFO}{BODY}", '<meta name=author content="网易"><meta property="og:site_name" content="云汀网">'),
        byline=(),
    ),
    "an author's class that holds a button": Template(
        page(f"{H1}{INFO}<div class=author-btn>我已授权</div>{BODY}"), byline=()
    ),
    "English news site": Template(
        page(
            "<nav><a href=/>Home</a> <a href=/n>News</a></nav><article><h1>Egret Park Opens Second Phase</h1>"
            "<p>By Cai Suyin</p><p>June 6, 2023</p><p>The district opened the second phase on Monday, officials said.</p>"
            "<p>It cost 41.7 million yuan, the parks bureau said.</p></article><section><h2>Related Stories</h2>"
            "<ul><li><a href=/2>Crane Bridge Joined</a></li></ul></section><footer>© 2023 Yunting Daily</footer>",
            title="Egret Park Opens Second Phase - Yunting Daily",
        ),
        has=("The district opened the second phase", "41.7 million yuan"),
        lacks=("Home", "Related", "Crane", "©"),
        title="Egret Park Opens Second Phase",
        byline=("Cai Suyin",),
    ),
}


def read(html: str) -> Document:
    return read_webpage("a.html", html.encode())


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=TEMPLATES.keys())
def test_the_article_is_kept_whole_and_the_rest_is_not(template: Template) -> None:
    document = read(template.html)
    assert [words for words in template.has if words not in document.text] == []
    assert [words for words in template.lacks if words in document.text] == []
    assert document.title == template.title
    assert (document.date.value if document.date else None) == template.date
    if template.byline is not None:
        assert document.byline == template.byline


def test_nothing_is_said_twice() -> None:
    assert read(TEMPLATES["the text shown and again in noscript"].html).text.count(A) == 1


def test_what_is_left_out_is_counted_by_reason() -> None:
    left_out = read(TEMPLATES["hidden in eight ways"].html).metadata["left_out"]
    assert left_out == {"hidden": 16}
    assert read(TEMPLATES["struck text and its successor"].html).metadata["left_out"] == {"struck": 9}


def test_a_page_of_links_alone_is_read() -> None:
    items = "".join(
        f"<li><a href=/{n}.html>云汀区第{n}号公告发布</a><span>2023-06-0{n}</span></li>" for n in range(1, 9)
    )
    document = read(page(f"<nav>{MENU}</nav><ul class=list>{items}</ul>", title="公告_云汀区人民政府"))
    assert "云汀区第8号公告发布" in document.text
    assert "政务公开" not in document.text


def test_articles_of_one_page_begin_at_their_headings() -> None:
    parts = "".join(f"<article><h2>{name}</h2><p>{text}</p></article>" for name, text in (("甲题目", A), ("乙题目", B)))
    document = read(page(parts, title="甲题目"))
    assert document.title == "甲题目"
    second = document.text.index("乙题目")
    assert [(each.start, each.end, each.level, each.kind) for each in document.headings] == [
        (0, 0, 0, "article"),
        (0, 0, 2, "marked"),
        (second, second, 0, "article"),
        (second, second + 3, 2, "marked"),
    ]


def test_paragraphs_in_bold_are_headings_and_cells_and_items_are_none() -> None:
    bold = "<p><strong>一、总体情况</strong></p><ul><li><b>条目</b></li></ul><table><tr><td><b>镇</b></td><td>数</td></tr></table>"
    document = read(page(f"{H1}{INFO}{BODY}{bold}"))
    styled = [document.text[each.start : each.end] for each in document.headings if each.kind == "styled"]
    assert styled == ["一、总体情况"]
