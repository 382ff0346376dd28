"""index.segment: pages → articles, and no printed character lost on the way."""

from collections import Counter

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.records import Article, Document, Layout, PartialDate
from index.segment import split_articles

BODY_PARK = "本报讯（记者 林亦舟）白鹭湿地公园昨日建成开放，公园占地六十二公顷，市民可以免费入园。"
BODY_BRIDGE = "本报讯（通讯员 简知宁）望津桥今年启动重建，新桥全长四百一十二米，双向四车道。"
BODY_SCHOOL = "本报讯（记者 苏见清）区实验小学南渡校区开工建设，设计二十四个教学班。"


def page(text: str, layout: Layout = "page", source: str = "云汀报_2021-01-15_01版.txt") -> list[Article]:
    return split_articles(Document(source, source, text, layout))


def lines(*parts: str) -> str:
    return "\n\n".join(parts)


def test_a_page_has_an_article_for_each_dateline() -> None:
    first, second = page(lines("湿地公园建成开放", BODY_PARK, "望津桥启动重建", BODY_BRIDGE))
    assert (first.title, first.text) == ("湿地公园建成开放", BODY_PARK)
    assert (second.title, second.text) == ("望津桥启动重建", BODY_BRIDGE)
    assert (first.ordinal, second.ordinal) == (0, 1)


def test_every_article_carries_what_the_source_states() -> None:
    for article in page(lines("湿地公园建成开放", BODY_PARK, BODY_BRIDGE)):
        assert (article.newspaper, article.page) == ("云汀报", "01")
        assert article.date == PartialDate("2021-01-15")
        assert article.doc_id == article.source


def test_what_the_document_states_overrules_its_name() -> None:
    document = Document(
        "云汀报_2021-01-15_01版.txt", "d7", BODY_PARK, "page",
        title="页题", date=PartialDate("2020"), newspaper="丰台时报", page="8", url="http://a/b", metadata={"k": 1},
    )  # fmt: skip
    (article,) = split_articles(document)
    assert (article.title, article.date, article.newspaper) == ("页题", PartialDate("2020"), "丰台时报")
    assert (article.page, article.url, article.doc_id, article.metadata) == ("8", "http://a/b", "d7", {"k": 1})


def test_a_headline_after_its_body_goes_to_the_article_that_shares_its_characters() -> None:
    first, second = page(lines(BODY_PARK, BODY_BRIDGE, "白鹭湿地公园建成", "望津桥重建"))
    assert first.title == "白鹭湿地公园建成"
    assert second.title == "望津桥重建"


def test_a_headline_between_other_bodies_goes_to_the_article_that_shares_its_characters() -> None:
    park, bridge, school = page(lines(BODY_PARK, BODY_BRIDGE, "白鹭湿地公园建成开放", BODY_SCHOOL))
    assert park.title == "白鹭湿地公园建成开放"
    assert bridge.title is None
    assert school.title is None


def test_a_headline_that_shares_nothing_goes_to_the_body_below_it() -> None:
    first, second = page(lines(BODY_PARK, "寻常巷陌", BODY_SCHOOL))
    assert first.title is None
    assert second.title == "寻常巷陌"


def test_a_headline_in_two_lines_is_one_title() -> None:
    (article,) = page(lines("湿地公园", "今日开放", BODY_PARK))
    assert article.title == "湿地公园 今日开放"


def test_a_heading_between_paragraphs_is_a_subhead_in_its_place() -> None:
    (article,) = page(lines("湿地公园建成开放", BODY_PARK, "鸟儿回来了", "监测到鸟类一百四十七种。"))
    assert article.subheads == ("鸟儿回来了",)
    assert article.text.split("\n") == [BODY_PARK, "鸟儿回来了", "监测到鸟类一百四十七种。"]


def test_a_page_without_datelines_is_cut_at_headings_over_bodies() -> None:
    articles = page(lines("望津古渡", "老人们把石阶叫渡口。", "老站长的日记", "池春和七十一岁了。"))
    assert [(article.title, article.text) for article in articles] == [
        ("望津古渡", "老人们把石阶叫渡口。"),
        ("老站长的日记", "池春和七十一岁了。"),
    ]


@pytest.mark.parametrize("jump", ["（下转03版）", "(下转03版)", "下转03版", "（下转 03 版）"])
def test_a_jump_to_another_page_is_noted_and_leaves_the_text(jump: str) -> None:
    first, second = page(lines(BODY_PARK, jump, BODY_BRIDGE))
    assert (first.continued_to, first.continued_from) == ("03版", None)
    assert (second.continued_to, second.continued_from) == (None, None)
    assert first.text == BODY_PARK


@pytest.mark.parametrize("jump", ["（上接01版）", "（上接一版）"])
def test_a_jump_from_another_page_is_noted(jump: str) -> None:
    (article,) = page(lines("二十件实事这样定", jump, "代表们逐项票决，当场公布结果。"))
    assert article.continued_from == jump[3:-1]
    assert (article.title, article.text) == ("二十件实事这样定", "代表们逐项票决，当场公布结果。")


@pytest.mark.parametrize(
    "caption", ["▼池春和在查看百叶箱。", "葛一帆/摄", "冬日暖阳下的望津石阶。 葛一帆 摄", "孩子们学编小鱼。葛一帆摄）"]
)
def test_a_caption_is_kept_beside_the_text(caption: str) -> None:
    (article,) = page(lines("湿地公园建成开放", BODY_PARK, caption))
    assert article.captions == (caption,)
    assert article.text == BODY_PARK


def test_a_page_of_captions_alone_has_them_as_its_text() -> None:
    (article,) = page("▼池春和在查看百叶箱。\n葛一帆/摄")
    assert article.text.split("\n") == list(article.captions) == ["▼池春和在查看百叶箱。", "葛一帆/摄"]


@pytest.mark.parametrize("text", ["云汀旧事\n望津古渡", "望津古渡\n（下转03版）"])
def test_a_page_of_headlines_alone_has_them_as_its_text(text: str) -> None:
    (article,) = page(text)
    assert "望津古渡" in article.text
    assert article.title is not None
    assert "望津古渡" in article.title


@pytest.mark.parametrize(
    ("body", "byline"),
    [
        (BODY_PARK, ("记者 林亦舟",)),
        ("本报讯（记者 苏见清 通讯员 卓小满）上线首周。", ("记者 苏见清 通讯员 卓小满",)),
        ("本报讯 (通讯员 简知宁) 连日来。", ("通讯员 简知宁",)),
        ("本报讯 今天立冬。", ()),
    ],
)
def test_the_byline_is_taken_from_the_dateline_and_stays_in_the_text(body: str, byline: tuple[str, ...]) -> None:
    (article,) = page(body)
    assert article.byline == byline
    assert article.text == body


ENGLISH_PAGE = lines(
    "Egret Wetland Park Opens After Delay",
    "By Cai Suyin",
    "Egret Wetland Park opened to the public on June 1, six months later than first planned.",
    "Hotline Adds English Service",
    "By Wen Bochuan",
    "Foreign residents of Yunting can now use the hotline in English.",
)


def test_an_english_page_has_titles_and_bylines() -> None:
    first, second = page(ENGLISH_PAGE, source="Yunting-Daily_2023-06-09_p1.txt")
    assert (first.title, first.byline) == ("Egret Wetland Park Opens After Delay", ("Cai Suyin",))
    assert (second.title, second.byline) == ("Hotline Adds English Service", ("Wen Bochuan",))
    assert (first.newspaper, first.page) == ("Yunting Daily", "1")


@pytest.mark.parametrize("dateline", ["By our staff reporter", "By our reporter", "(Xinhua) -- "])
def test_an_english_dateline_begins_an_article(dateline: str) -> None:
    articles = page(lines("The park opened on June 1.", f"{dateline}The hotline adds English."))
    assert [article.text for article in articles] == [
        "The park opened on June 1.",
        f"{dateline}The hotline adds English.",
    ]


def test_an_author_beside_a_dateline_is_not_lost() -> None:
    (article,) = page(lines("By Cai Suyin", BODY_PARK))
    assert article.byline == ("记者 林亦舟", "Cai Suyin")


def test_the_fixes_of_a_page_are_with_its_first_article() -> None:
    first, second = page(lines("老站长的日记老站长的日记", BODY_PARK, BODY_BRIDGE))
    assert [(fix.kind, fix.after) for fix in first.fixes] == [("doubled_headline", "老站长的日记")]
    assert second.fixes == ()


@given(st.text())
@example("  本报讯 \n\n（下转03版）\n老站长的日记老站长的日记\n ")
def test_a_record_is_taken_over_untouched(text: str) -> None:
    document = Document("corpus.jsonl", "d1", text, "record", title="标题", metadata={"group": "g"})
    (article,) = split_articles(document)
    assert article.text == text
    assert (article.title, article.fixes, article.doc_id, article.metadata) == ("标题", (), "d1", {"group": "g"})


def test_prose_is_one_article_whose_lines_stay_whole() -> None:
    text = lines("会议听取了区园林绿化局关于湿地公园建设方", "鸟儿回来了", BODY_PARK, BODY_BRIDGE)
    (article,) = page(text, "prose")
    assert article.text.split("\n") == text.split("\n\n")
    assert "鸟儿回来了" in article.subheads


def test_ids_are_the_same_for_the_same_page_and_differ_between_articles() -> None:
    text = lines(BODY_PARK, BODY_BRIDGE, BODY_PARK)
    ids = [article.id for article in page(text)]
    assert [article.id for article in page(text)] == ids
    assert len(set(ids)) == 3


def test_ids_differ_between_files_and_between_versions_of_a_text() -> None:
    (article,) = page(BODY_PARK)
    (elsewhere,) = page(BODY_PARK, source="丰台时报_2021-01-15_01版.txt")
    (corrected,) = page(BODY_PARK.replace("六十二", "五十八"))
    assert len({article.id, elsewhere.id, corrected.id}) == 3


@pytest.mark.parametrize("text", ["", "\n\n", " \u3000\f"])
def test_a_page_without_a_printed_character_has_no_articles(text: str) -> None:
    assert page(text) == []


# Lines that each hold a mark of their own, so that the loss of any one of them shows.
FORMS = [
    "本报讯（记者 林亦舟）{}区昨日开会，研究方案。", "本报讯 {}", "{}公园", "{}年内开工重建", "{}河通车了。", "{}，第二天",
    "▼{}在查看百叶箱。", "{}/摄", "（{}）", "By Cai {}", "By our staff reporter {}", "the {} of the dis-", "trict {} ends.",
    "建设湿地公园{}全区生态修复的头号工程是治水", "共{}12", "万元{}。", "编者按：{}", "老站{}日记老站{}日记",
]  # fmt: skip
JUMPS = ["（下转03版）", "（上接一版）"]
MARKED_PAGES = st.lists(st.sampled_from([*FORMS, *JUMPS, ""]), max_size=14).map(
    lambda forms: [form.replace("{}", chr(0x3400 + number)) for number, form in enumerate(forms)]
)


def everything(articles: list[Article]) -> str:
    """All that the articles hold, without white space, each piece once."""
    parts: list[str] = []
    for article in articles:
        own = [article.title or "", *article.byline, *article.captions]
        parts += [article.text, *(part for part in own if part not in article.text)]
    return "".join("".join(parts).split())


@settings(deadline=None)
@given(MARKED_PAGES, st.sampled_from(["\n", "\n\n"]), st.sampled_from(["page", "prose"]))
@example(["{}公园".format("㐀"), "（下转03版）", "㐁年内开工重建", "㐂河通车了。"], "\n", "page")
def test_no_line_of_a_page_is_lost(page_lines: list[str], gap: str, layout: Layout) -> None:
    articles = page(gap.join(page_lines), layout)
    kept = everything(articles)
    for line in page_lines:
        if line and line not in JUMPS:
            assert [mark for mark in line if "\u3400" <= mark < "\u3500" and mark not in kept] == []
    assert len({article.id for article in articles}) == len(articles)


@settings(deadline=None)
@given(MARKED_PAGES.map("\n".join) | st.text())
def test_no_printed_character_of_any_page_is_lost(text: str) -> None:
    articles = page(text)
    lost = Counter("".join(text.split())) - Counter(everything(articles))
    for article in articles:
        for fix in article.fixes:
            lost -= Counter(fix.before)
        if article.byline:
            lost -= Counter("By" * text.count("By "))
    for jump in JUMPS:
        for _ in range(text.count(jump)):
            lost -= Counter(jump)
    assert not lost


@settings(deadline=None)
@given(st.text() | MARKED_PAGES.map("\n".join), st.sampled_from(["page", "prose", "record"]))
def test_every_text_gives_articles_with_a_text_and_never_an_exception(text: str, layout: Layout) -> None:
    for number, article in enumerate(page(text, layout)):
        assert article.ordinal == number
        assert article.text.strip() or layout == "record"
