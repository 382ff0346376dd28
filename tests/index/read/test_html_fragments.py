"""index.read.html_fragments: text with tags in it."""

import pytest

from index.read.html_fragments import has_tags, show_text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
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
def test_a_text_is_as_a_reader_of_the_page_would_see_it(text: str, shown: str) -> None:
    assert show_text(text) == shown


@pytest.mark.parametrize("text", ["温度<30℃，湿度>60%。", "a<b且b>c", "《<无题>》", "AT&T与R&D", "<本报讯>甲。\n乙。"])
def test_a_text_without_tags_stays_as_it_is(text: str) -> None:
    assert show_text(text) is None
    assert not has_tags(text)
