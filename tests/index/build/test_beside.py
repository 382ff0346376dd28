"""index.build.beside: kicker, deck and captions are in the text of an index, once, with their places, and found there."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from quick_embedder import QuickEmbedder

from index.build import build_index, read_articles
from index.build.beside import with_beside, without_beside
from index.chunking import body_end
from index.provenance import Place, find_place
from index.records import Article, Beside, Origin
from index.store import open_generation

PAGE = "云汀报_2023-04-06_01版.txt"
BODY = "本报讯（记者 林亦舟）白鹭湿地公园昨日建成开放，公园占地六十二公顷，市民可以免费入园，区园林局安排专人值守。"
DECK = "全年可接待游客四十万人次"
CAPTION = "▲图为孩子们在白鹭湿地公园数到苍鹭37只。林亦舟 摄"
ARTICLE = Article(
    "id",
    PAGE,
    PAGE,
    0,
    BODY,
    origin=(Origin(0, len(BODY), 40, 40 + len(BODY)),),
    beside=(Beside("deck", DECK), Beside("caption", CAPTION, (Origin(0, len(CAPTION), 300, 300 + len(CAPTION)),))),
)


def test_what_is_beside_the_text_stands_behind_it_and_its_offsets_stay() -> None:
    indexed = with_beside(ARTICLE)
    assert indexed.text == f"{BODY}\n{DECK}\n{CAPTION}"
    assert indexed.id == ARTICLE.id
    assert [indexed.text[one.start : one.start + len(one.text)] for one in indexed.beside if one.start is not None] == [
        DECK,
        CAPTION,
    ]
    assert body_end(indexed) == len(BODY)
    assert without_beside(indexed) == ARTICLE


def test_a_caption_is_found_where_it_was_printed_and_a_deck_without_a_place_claims_none() -> None:
    indexed = with_beside(ARTICLE)
    deck, caption = indexed.text.index(DECK), indexed.text.index("苍鹭")
    assert find_place(indexed, caption, caption + 2) == Place(
        PAGE, None, 300 + CAPTION.index("苍鹭"), 302 + CAPTION.index("苍鹭")
    )
    assert find_place(indexed, deck, deck + 4) == Place(PAGE, None)


def test_what_the_text_says_already_is_not_said_again() -> None:
    repeated = replace(
        ARTICLE, beside=(Beside("kicker", "公园占地六十二公顷"), Beside("caption", DECK), Beside("deck", DECK))
    )
    assert with_beside(repeated).text == f"{BODY}\n{DECK}"


@given(st.lists(st.sampled_from([BODY[:12], DECK, CAPTION, " ", "公园"])), st.sampled_from(["", BODY, "公园"]))
def test_adding_and_taking_off_is_nothing(texts: list[str], body: str) -> None:
    article = replace(ARTICLE, text=body, origin=(), beside=tuple(Beside("caption", text) for text in texts))
    indexed = with_beside(article)
    assert without_beside(indexed) == article
    assert with_beside(without_beside(indexed)) == indexed


def write(folder: Path, **pages: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in pages.items():
        (folder / f"{name}.txt").write_text(text, "utf-8")
    return folder


FIRST = (
    f"白鹭湿地公园建成开放\n{DECK}\n\n　　{BODY}\n　　湿地公园的观鸟步道全长三公里，沿途设有六处观景台。\n\n{CAPTION}\n"
)


def test_the_article_of_an_index_has_them_and_the_one_that_is_shown_has_not(tmp_path: Path) -> None:
    pages = write(tmp_path / "pages", **{"云汀报_2023-04-06_01版": FIRST})
    (shown,) = [item for item in read_articles([pages]) if isinstance(item, Article)]
    assert "苍鹭" not in shown.text
    built = build_index([pages], tmp_path / "index", QuickEmbedder())
    generation = open_generation(tmp_path / "index")
    article = generation.catalogue.article(shown.id)
    assert article
    assert article.text.startswith(shown.text + "\n")
    assert "苍鹭37只" in article.text
    quote = article.text.index("苍鹭37只")
    place = find_place(article, quote, quote + 5)
    assert FIRST[place.start : place.end] == "苍鹭37只"
    generation.close()
    again = build_index([pages], tmp_path / "index", QuickEmbedder())
    assert again.manifest.generation == built.manifest.generation


@pytest.mark.parametrize("order", [("01", "02"), ("02", "01")])
def test_a_page_that_comes_later_finds_the_text_without_them(tmp_path: Path, order: tuple[str, str]) -> None:
    texts = {
        "01": f"望津桥启动重建\n\n　　本报讯（通讯员 简知宁）望津桥今年启动重建，新桥全长四百一十二米，双向四车道。\n\n{CAPTION}\n\n（下转02版）\n",
        "02": "（上接01版）\n\n　　望津桥重建期间，将在新桥下游架设临时钢便桥。旧桥的四根灯柱编号保存，新桥全长不变，双向四车道，建成后安放灯柱。\n",
    }
    pages = tmp_path / "pages"
    for page in order:
        write(pages, **{f"云汀报_2023-04-06_{page}版": texts[page]})
        build_index([pages], tmp_path / "index", QuickEmbedder())
    build_index([pages], tmp_path / "anew", QuickEmbedder())
    one, other = open_generation(tmp_path / "index"), open_generation(tmp_path / "anew")
    assert list(one.catalogue.records()) == list(other.catalogue.records())
    (whole,) = one.catalogue.articles_of("云汀报_2023-04-06_02版.txt")
    assert "双向四车道。\n望津桥重建期间" in whole.text
    assert whole.text.endswith(CAPTION)
    one.close()
    other.close()
