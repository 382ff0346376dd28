"""Page numbers, running titles and a watermark's copies: they part no sentence and are no headline."""

import pytest

from index.records import Article, Document
from index.segment import split_articles

ABOVE = [
    "本报讯（记者 林亦舟）云汀区近日完成青石河整治，工程总投资",
    "3260万元，沿河居民约七万人受益，下一步还将改造老旧雨水管网",
    "二十七公里，并在汛期前逐一排查低洼点位，更新移动泵车六台，添",
]
BELOW = [
    "置沙袋两万只，汛期二十四小时有人值守。区应急管理局还将组织三",
    "次演练，各镇街都要参加，演练结果向社会公布。",
]


def articles(text: str) -> list[Article]:
    return split_articles(Document("a.txt", "a.txt", text, "page"))


@pytest.mark.parametrize(
    "between",
    [
        "\n\f",
        "\f",
        "\n— 2 —\n\f",
        "\n\n2\n\f",
        "\n第2页 共8页\n\f",
        "\n\n- 2 -\n\n",
        "\n— 2 —\n\f云汀区水务局工作简报\n",
    ],
)
def test_a_sentence_goes_on_over_a_page_break(between: str) -> None:
    (article,) = articles("青石河整治完成\n\n" + "\n".join(ABOVE) + between + "\n".join(BELOW))
    assert article.text == "".join((*ABOVE, *BELOW))
    assert (article.title, article.subheads) == ("青石河整治完成", ())


def test_a_running_title_of_several_pages_is_noise() -> None:
    pages = [
        "河道整治简报\n" + line for line in ("青石河整治昨天完成。", "南渡河整治下月动工。", "东里河整治已经立项。")
    ]
    found = articles("\n\f".join(pages))
    assert not any("简报" in article.text or "简报" in (article.title or "") for article in found)
    assert sum(article.noise.count("河道整治简报") for article in found) == 3


def test_a_line_tiled_over_a_page_is_no_headline_and_no_text() -> None:
    mark = "内部资料 严禁外传"
    text = "\n".join([mark, "青石河整治完成", *ABOVE, mark, *BELOW, mark])
    (article,) = articles(text)
    assert article.text == "".join((*ABOVE, *BELOW))
    assert (article.title, article.kicker, article.subheads) == ("青石河整治完成", None, ())


def test_an_article_printed_three_times_keeps_its_headline() -> None:
    text = "\n\n".join(["青石河整治昨天完成", "本报讯 青石河整治昨天完成，沿河居民受益。"] * 3)
    assert {article.title for article in articles(text)} == {"青石河整治昨天完成"}


def test_a_headline_of_two_pages_is_no_running_title() -> None:
    head, other = "青石渡口恢复通航", "南渡河整治动工"
    first, second = "本报讯（记者 林亦舟）青石渡口昨天恢复通航。", "本报讯（记者 苏见清）青石渡口昨天再次恢复通航。"
    between = f"{other}\n本报讯（记者 苏见清）南渡河整治昨天动工。"
    found = articles("\n\f".join([f"{head}\n{first}", between, between.replace("南渡", "东里"), f"{head}\n{second}"]))
    assert [(article.title, article.text) for article in found if article.title == head] == [
        (head, first),
        (head, second),
    ]


@pytest.mark.parametrize("mark", ["云汀区融媒体中心版权所有", "内部资料 请勿外传", "仅供查阅", "yuntingbao.example.cn"])
def test_a_line_that_says_whose_the_page_is_parts_no_sentence(mark: str) -> None:
    (article,) = articles("青石河整治完成\n\n" + "\n".join([*ABOVE, mark, *BELOW]))
    assert article.text == "".join((*ABOVE, *BELOW))


def test_a_sentence_about_rights_stays_in_its_article() -> None:
    (article,) = articles("\n".join([*ABOVE, *BELOW, "", "区图书馆提醒，馆藏照片版权所有，仅供学习参考，请勿转载。"]))
    assert "版权所有" in article.text
