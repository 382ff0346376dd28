"""index.read.html_fragments: tags in what should be plain text, in text files and corpora too."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.read import find_files, read_file
from index.read.html_fragments import show_text
from index.read.markdown import read_markdown
from index.records import NOTES, Document, PartialDate


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<p>总投资<strong>3260</strong>万元。</p><p>&nbsp;&nbsp;5月20日运行。</p>", "总投资3260万元。\n5月20日运行。"),
        ("工程总投资<strong>3260</strong>万元。", "工程总投资3260万元。"),
        ("第一段。<br>第二段。<br/>第三段。", "第一段。\n第二段。\n第三段。"),
        ("<P STYLE='x'>大写</P><script>x('<p>')</script><style>p{}</style>", "大写"),
        ("<ol><li>甲</li><li>乙</li></ol><ul><li>丙</li></ul>", "1. 甲\n2. 乙\n• 丙"),
        (
            "<table><tr><th>项目</th><th>金额</th></tr><tr><td>泵站</td><td>3260</td></tr></table>",
            "项目\t金额\n泵站\t3260",
        ),
        ("<p>原价<del>2980</del>3260元</p>", "原价3260元"),
        ("<p>看得见<span style='display:none'>看不见<span>也看不见</span></span></p>", "看得见"),
        ("&lt;p&gt;工程总投资3260万元。&lt;/p&gt;", "工程总投资3260万元。"),
        ("工程总投资3260&amp;#19975;&amp;amp;#20803;。", "工程总投资3260万元。"),
        ("区水务局&ldquo;介绍&rdquo;", "区水务局“介绍”"),
        ("<p>气温 3 &lt; 5</p>", "气温 3 < 5"),
        ("第一行\n<b>第二行</b>\n第三行", "第一行\n第二行\n第三行"),
        (
            "<p>投资<strong>4170</strong>万元。</p><p>&nbsp;&nbsp;步道6.3公里。</p><script>x()</script>",
            "投资4170万元。\n步道6.3公里。",
        ),
        ("甲。<br/>乙。", "甲。\n乙。"),
        ("&lt;p&gt;甲。&lt;/p&gt;&lt;p&gt;乙。&lt;/p&gt;", "甲。\n乙。"),
        ("票价<del>35</del><b>28</b>元", "票价28元"),
        ("“甲”&mdash;&mdash;乙&nbsp;丙", "“甲”——乙 丙"),
    ],
)
def test_tags_are_taken_out_and_what_they_show_stays(text: str, shown: str) -> None:
    assert show_text(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "使用<p>标签可以分段。",
        "<br>标签用来换行。",
        "段落写成<p>内容</p>，换行写成<br>，这是HTML的语法。",
        "气温<15℃时停止施工，a<b且b>c。",
        "<人民日报>发表<评论员文章>",
        "联系邮箱 <zhang@example.cn> 张三",
        "模板vector<int>和map<string,int>很常用。",
        "A&B公司与C&D公司合作。",
        "温度<30℃，湿度>60%。",
        "a<b且b>c",
        "《<无题>》",
        "AT&T与R&D",
        "<本报讯>甲。\n乙。",
    ],
)
def test_a_text_that_only_mentions_tags_or_has_a_lone_bracket_stays(text: str) -> None:
    assert show_text(text) is None


@given(st.text("<>/p=\"'b r!-&;中1 \n", max_size=200))
def test_no_text_breaks_it_and_nothing_is_made_up(text: str) -> None:
    shown = show_text(text)
    assert shown is None or set(shown) <= set(text) | set("\n\t • .0123456789")


def read(folder: Path, name: str, content: str) -> Document:
    (folder / name).write_text(content, "utf-8")
    (document,) = [one for file in find_files([folder / name])[0] for one in read_file(file)]
    assert isinstance(document, Document)
    return document


def test_a_corpus_line_in_html_is_read_as_it_shows_and_says_so(tmp_path: Path) -> None:
    line = {"_id": "a", "title": "<b>泵站</b>&nbsp;完工", "text": "<p>总投资3260万元。</p>", "date": "May 8, 2024"}
    document = read(tmp_path, "a.jsonl", json.dumps(line))
    assert (document.title, document.text) == ("泵站 完工", "总投资3260万元。")
    assert document.date == PartialDate("2024-05-08")
    assert document.metadata == {NOTES: ["HTML tags were taken out"]}


def test_a_text_file_in_html_is_read_as_it_shows(tmp_path: Path) -> None:
    assert read(tmp_path, "a.txt", "<p>一。</p><p>二。</p>").text == "一。\n二。"


def test_a_date_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    document = read(tmp_path, "a.jsonl", json.dumps({"_id": "a", "text": "总投资3260万元。", "date": "上个星期"}))
    assert document.date is None
    assert document.metadata == {"date": "上个星期", NOTES: ["the date '上个星期' could not be read"]}


def test_tags_in_markdown_are_taken_out_and_its_lines_stay() -> None:
    text = '# 大坝合龙\n\n<p align="center">柳川</p>\n\n总投资<b>6.3亿元</b>。<br>可灌溉<font color=red>5.6万亩</font>。\n\n<div>\n坝顶宽8米，<del>7米</del>见<https://a.example/b>。\n</div>\n'
    document = read_markdown("a.md", text.encode())
    assert document.title == "大坝合龙"
    shown = [line for line in document.text.split("\n") if line]
    assert shown == ["柳川", "总投资6.3亿元。", "可灌溉5.6万亩。", "坝顶宽8米，见<https://a.example/b>。"]


def test_markdown_that_only_compares_or_has_code_stays() -> None:
    text = "# 水位\n\n今日水位a<b。\n\n```\n| 甲 | 乙 |\n| 丙 | 丁 |\n```\n"
    assert read_markdown("a.md", text.encode()).text == text.partition("\n\n")[2]
