"""index.continuation: an article that goes on on another page is one article, and no two that are not."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.build import read_articles
from index.continuation import JoinedArticle, is_continued, join_continued
from index.continuation.merge import append_part
from index.continuation.pair_features import page_number, similarity
from index.provenance import SHEETS
from index.records import Article, DateSpan, Fix, Origin, PartialDate

BRIDGE = (
    "本报讯（记者 林亦舟）望津桥重建工程昨日开工，新桥全长四百一十二米，双向四车道，估算投资二点九亿元。\n"
    "区交通局局长陆明远介绍，旧桥建成于一九七四年，原设计日通行量四千辆，目前高峰日已超过两万辆。"
)
BRIDGE_ON = (
    "重建期间将在望津桥下游一百八十米处架设临时钢便桥，只供行人和非机动车通行。\n"
    "陆明远说，旧桥的四根灯柱和两块桥名石将在拆除前编号保存，新桥全长不变，建成后安放在桥头绿地。"
)
BRIDGE_END = "区交通局还向市民征集望津桥老照片，陆明远说，新桥建成后将在桥头绿地办一次旧桥的老照片展。"
TEA = (
    "本报讯（记者 苏见清）青坞镇春茶采摘节昨日开幕，全镇六千亩茶园进入采摘期，预计产干茶九十吨。\n"
    "茶农池春和说，今年雨水足，头采的青坞雀舌每斤卖到八百元，比去年高了一成。"
)
TEA_ON = "青坞镇还开出三条春茶采摘线路，游客可以进茶园采青坞雀舌，当天炒制，当天带走。茶农池春和家的民宿已订满。"
DAY = PartialDate("2023-04-06")


def part(text: str, page: str, known: dict[str, object], fields: dict[str, object]) -> Article:
    """A part as the segmenter gives it, of a page with a name of its own; `fields` overrule what else is said of it."""
    name = f"云汀报_2023-04-06_{page}.txt"
    article = Article(f"{page}-{text[:6]}", name, name, 0, text, date=DAY, newspaper="云汀报", page=page)
    changed = replace(article, **(known | fields))  # type: ignore[arg-type]
    return replace(changed, origin=(Origin(0, len(changed.text), 100, 100 + len(changed.text)),))


def bridge(**fields: object) -> Article:
    return part(BRIDGE, "01", {"title": "望津桥重建工程开工", "continued_to": "02版"}, fields)


def bridge_on(**fields: object) -> Article:
    return part(BRIDGE_ON, "02", {"continued_from": "01版"}, fields)


def bridge_end() -> Article:
    return part(BRIDGE_END, "03", {"continued_from": "02版"}, {})


def tea(**fields: object) -> Article:
    return part(TEA, "01", {"title": "青坞春茶开采", "continued_to": "02版", "ordinal": 1}, fields)


def tea_on(**fields: object) -> Article:
    return part(TEA_ON, "02", {"continued_from": "01版", "ordinal": 1}, fields)


def rows(*articles: Article) -> list[tuple[int, ...]]:
    return [joined.rows for joined in join_continued(articles)]


def only(*articles: Article) -> JoinedArticle:
    (joined,) = join_continued(articles)
    return joined


# ---- what belongs together


def test_an_article_is_joined_with_the_page_that_it_names() -> None:
    joined = only(bridge(), bridge_on())
    assert joined.rows == (0, 1)
    assert joined.article.text == f"{BRIDGE}\n{BRIDGE_ON}"
    assert (joined.article.continued_to, joined.article.continued_from) == ("02版", None)
    assert any("continued with page 02" in decision for decision in joined.article.decisions)


def test_it_stays_the_article_that_its_first_part_was() -> None:
    first = bridge(kicker="民生工程", byline=("记者 林亦舟",), url="http://a/1")
    whole = only(bridge_on(), first).article
    for name in ("id", "source", "doc_id", "ordinal", "title", "kicker", "deck", "byline", "page", "date", "url"):
        assert getattr(whole, name) == getattr(first, name), name


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (2, 0, 3, 1)])
def test_of_two_articles_each_finds_its_own_rest_in_whatever_order_they_come(order: tuple[int, ...]) -> None:
    parts = [bridge(), tea(), tea_on(), bridge_on()]
    found = [joined.article.text for joined in join_continued([parts[place] for place in order])]
    assert sorted(found) == sorted([f"{BRIDGE}\n{BRIDGE_ON}", f"{TEA}\n{TEA_ON}"])


def test_three_pages_make_one_article() -> None:
    middle = bridge_on(continued_to="03版")
    last = bridge_end()
    joined = only(last, middle, bridge())
    assert joined.rows == (2, 1, 0)
    assert joined.article.text == f"{BRIDGE}\n{BRIDGE_ON}\n{BRIDGE_END}"
    assert joined.article.metadata["pages"] == {middle.source: "02", last.source: "03"}


def test_a_further_page_that_is_not_in_the_archive_is_said() -> None:
    whole = only(bridge(), bridge_on(continued_to="03版")).article
    assert whole.decisions[-1] == "goes on on 03版, which was not found"


@pytest.mark.parametrize(
    ("to", "page"), [("2版", "02"), ("二版", "02"), ("A02版", "A2"), ("十二版", "12"), ("第02版", "2")]
)
def test_page_numbers_agree_however_they_are_written(to: str, page: str) -> None:
    assert len(join_continued([bridge(continued_to=to), bridge_on(page=page)])) == 1


@pytest.mark.parametrize(
    ("text", "number"),
    [("头版", "1"), ("二十一版", "21"), ("１２版", "12"), ("十版", "10"), ("B07", "B7"), (None, None)],
)
def test_a_page_number_has_one_form(text: str | None, number: str | None) -> None:
    assert page_number(text) == number


# ---- what does not


@pytest.mark.parametrize(
    "fields",
    [
        {"date": PartialDate("2023-04-07")},
        {"newspaper": "南渡报"},
        {"page": "03"},
        {"continued_from": "04版"},
        {"text": f"本报讯（记者 葛一帆）{BRIDGE_ON}"},
        {"text": "区图书馆周六闭馆。"},
    ],
    ids=["another day", "another newspaper", "another page", "names another page", "begins itself", "another matter"],
)
def test_two_parts_that_do_not_fit_stay_two(fields: dict[str, object]) -> None:
    parts = [bridge(), bridge_on(**fields)]
    assert [joined.article for joined in join_continued(parts)] == parts


def test_a_part_without_a_partner_stays_as_it_is() -> None:
    assert [joined.article for joined in join_continued([bridge(), tea_on()])] == [bridge(), tea_on()]


def test_the_rest_goes_to_none_when_two_could_have_it() -> None:
    twin = bridge(id="twin", ordinal=4)
    assert rows(bridge(), twin, bridge_on()) == [(0,), (1,), (2,)]


def test_copies_of_an_issue_in_two_folders_are_joined_within_each() -> None:
    def copies(folder: str) -> list[Article]:
        return [replace(item, source=f"{folder}/{item.source}") for item in (bridge(), bridge_on())]

    joined = join_continued([*copies("正本"), *copies("副本")])
    assert [item.rows for item in joined] == [(0, 1), (2, 3)]


def test_undated_files_need_strong_evidence_and_one_folder() -> None:
    nameless: dict[str, object] = {"date": None, "newspaper": None, "page": None}
    first = bridge(**nameless, source="a/000_0f.txt", text=f"{BRIDGE}市民可以到“桥名石")
    second = bridge_on(**nameless, source="a/001_1e.txt", text=f"”陈列处留影。{BRIDGE_ON}")
    assert rows(first, second) == [(0, 1)]
    assert rows(first, replace(second, source="b/001_1e.txt")) == [(0,), (1,)]
    assert rows(bridge(**nameless), bridge_on(**nameless)) == [(0,), (1,)]  # one topic is not enough


def test_dates_that_were_only_inferred_may_differ_within_one_folder() -> None:
    guessed: dict[str, object] = {"date_evidence": "年份据“2023年”；月份据“3月30日”"}
    first = bridge(date=PartialDate("2023-04"), **guessed)
    second = bridge_on(date=PartialDate("2023-03"), **guessed)
    assert rows(first, second) == [(0, 1)]
    assert rows(first, replace(second, date=PartialDate("2022-03"))) == [(0,), (1,)]


def test_articles_that_go_on_from_each_other_in_a_ring_stay_apart() -> None:
    nameless: dict[str, object] = {"date": None, "newspaper": None, "page": None}
    one = bridge(
        **nameless, source="a/0.txt", title="望津桥重建工程开工", continued_from="05版", text=f"”{BRIDGE_ON}在“"
    )
    two = bridge(
        **nameless, source="a/1.txt", title="望津桥重建工程开工", continued_from="05版", text=f"”{BRIDGE_END}在“"
    )
    assert rows(one, two) == [(0,), (1,)]


def test_in_a_folder_of_many_undated_pages_each_rest_is_looked_for_among_the_nearest() -> None:
    """Thousands of files must not be compared with each other one by one: this takes seconds, not minutes."""
    nameless: dict[str, object] = {"date": None, "newspaper": None, "page": None}
    names = [
        f"{a}{b}{c}" for a in "望津云汀青坞南渡石桥" for b in "湖河山林田园溪谷坡岭" for c in "东西南北中上下前后左"
    ]
    parts = []
    for number, name in enumerate(names):
        first = f"本报讯{name}村{name}渠昨日通水，{name}村的老书记说，{name}渠修了三年。他们把闸门叫“"
        rest = f"”的地方，{name}村的孩子都知道。{name}渠修了三年，{name}村的老书记记得每一天。"
        parts.append(bridge(**nameless, source=f"a/{number}.txt", title=f"{name}渠通水", text=first))
        parts.append(bridge_on(**nameless, source=f"a/{number}b.txt", text=rest))
    assert {joined.rows for joined in join_continued(parts)} == {(n, n + 1) for n in range(0, len(parts), 2)}


# ---- how the parts are put together


def test_a_sentence_that_was_cut_goes_on_without_a_break() -> None:
    cut = BRIDGE.index("原设计日通行") + 4
    first, second = bridge(text=BRIDGE[:cut]), bridge_on(text=f"{BRIDGE[cut:]}\n{BRIDGE_ON}")
    assert only(first, second).article.text == f"{BRIDGE}\n{BRIDGE_ON}"


def test_a_headline_of_the_other_page_is_a_subheading_and_one_printed_again_is_not() -> None:
    own = only(bridge(), bridge_on(title="旧桥留下来的", subheads=("灯柱",))).article
    assert own.text == f"{BRIDGE}\n旧桥留下来的\n{BRIDGE_ON}"
    assert own.subheads == ("旧桥留下来的", "灯柱")
    again = only(bridge(), bridge_on(title="望津桥重建开工")).article
    assert again.text == f"{BRIDGE}\n{BRIDGE_ON}"
    assert again.noise == ("望津桥重建开工",)


def test_everything_the_parts_have_is_kept() -> None:
    first = bridge(captions=("甲",), noise=("（下转02版）",), fixes=(Fix("hard_wrap", 3, "\n", ""),), decisions=("a",))
    second = bridge_on(captions=("乙",), noise=("（上接01版）",), fixes=(Fix("kerning", 5, " ", ""),), decisions=("b",))
    whole = only(first, second).article
    assert (whole.captions, whole.noise) == (("甲", "乙"), ("（下转02版）", "（上接01版）"))
    assert [fix.kind for fix in whole.fixes] == ["hard_wrap", "kerning"]
    assert (whole.decisions[0], whole.decisions[-1]) == ("a", "b")


def test_dates_move_with_their_text() -> None:
    place = BRIDGE_ON.index("下游")
    span = DateSpan(place, place + 2, "2023-04-05", "2023-04-05", relative=True)
    (moved,) = only(bridge(), bridge_on(dates=(span,))).article.dates
    assert only(bridge(), bridge_on()).article.text[moved.start : moved.end] == "下游"


def test_origins_cover_the_joined_text_without_gaps_and_name_the_other_file() -> None:
    whole = only(bridge(), bridge_on(title="旧桥留下来的")).article
    assert whole.origin[0].start == 0
    assert whole.origin[-1].end == len(whole.text)
    assert all(left.end == right.start for left, right in zip(whole.origin, whole.origin[1:], strict=False))
    assert [origin.source for origin in whole.origin] == [None, None, bridge_on().source]
    assert whole.text[whole.origin[2].start : whole.origin[2].end] == BRIDGE_ON


def test_a_joined_article_is_no_surer_than_its_parts() -> None:
    whole = only(bridge(confidence=0.9), bridge_on(confidence=0.7)).article
    assert 0.6 < whole.confidence <= 0.7


def test_halves_of_one_article_have_more_in_common_than_two_articles() -> None:
    assert similarity(bridge(), bridge_on()) > 0.03 > similarity(bridge(), tea_on())


parts_of_an_issue = st.lists(
    st.sampled_from([bridge(), bridge_on(), tea(), tea_on(), bridge_end()]),
    max_size=6,
    unique_by=lambda item: item.id,
)


@settings(max_examples=60, deadline=None)
@given(parts_of_an_issue)
def test_whatever_the_parts_each_is_in_one_article(parts: list[Article]) -> None:
    joined = join_continued(parts)
    assert sorted(row for item in joined for row in item.rows) == list(range(len(parts)))
    assert all(parts[row].text in item.article.text for item in joined for row in item.rows)
    assert all(is_continued(item.article) for item in joined)


# ---- from files


def test_the_sample_article_that_goes_on_on_page_3_is_whole(sample_pages: Path) -> None:
    found = [item for item in read_articles([sample_pages]) if isinstance(item, Article)]
    (whole,) = [item for item in found if item.continued_to]
    assert "PM2.5年均浓度为42微克" in whole.text
    assert "每日机械化清扫4次" in whole.text
    assert "把重点放在夜间和路口" in whole.text.split("\n")
    assert not [item for item in found if item.continued_from]


def test_a_joined_article_knows_the_pages_of_all_its_files() -> None:
    def part(source: str, *sheets: list[int]) -> Article:
        return Article(source, source, source, 0, "公园昨天开放。", page="1", metadata={SHEETS: {source: list(sheets)}})

    joined = append_part(part("a.pdf", [1, 0]), part("b.pdf", [3, 410]), 1.0, "by hand")
    again = append_part(joined, part("a.pdf", [1, 0], [2, 90]), 1.0, "by hand")
    assert again.metadata[SHEETS] == {"a.pdf": [[1, 0], [2, 90]], "b.pdf": [[3, 410]]}
