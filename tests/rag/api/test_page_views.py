"""GET /v1/articles/{id}/page: the picture of a PDF's page and the places of a quote on it, over the real service."""

import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from api_server import Reply, Service, assert_problem, running
from news_pdf import COLUMNS, LEAD, LEAD_HEAD, NEWS_PAGE, RIGHT
from pdf_writer import HEIGHT, WIDTH, Show, write_pdf
from printed_pages import has_fonts

from index.build import build_index
from index.embedding.embedder import Embedder
from rag.config import Settings

ENGLISH = [
    "The district opened the wet-",
    "land park on Friday after a",
    "delay of two months, said",
    "its director, Wen Bochuan.",
]
SECOND = [
    Show(40, 50, 26, "Egret Park Opens After Delay", font="sans"),
    *(Show(40, 100 + 13 * row, 10, line, font="sans") for row, line in enumerate(ENGLISH)),
]


@dataclass(frozen=True)
class Archive:
    """A served archive: a PDF of two pages, one that is taken away, one that is changed, and a text."""

    site: Service
    folder: Path

    def article(self, title: str) -> dict[str, Any]:
        hits = self.site.post("/v1/search", {"query": title, "k": 5}).json["passages"]
        found = (self.site.get(f"/v1/articles/{hit['article_id']}").json for hit in hits)
        return next(article for article in found if title in (article["title"] or ""))

    def boxes(self, article: dict[str, Any], quote: str) -> Reply:
        start = article["text"].index(quote)
        return self.site.get(f"/v1/articles/{article['id']}/page/boxes?start={start}&end={start + len(quote)}")


@pytest.fixture(scope="module")
def archive(base: Settings, embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    root = tmp_path_factory.mktemp("pages")
    folder, index_dir = root / "报纸", root / "ix"
    folder.mkdir()
    (folder / "云汀报_2023-06-06.pdf").write_bytes(write_pdf(NEWS_PAGE, SECOND))
    for name, title in (("拿走.pdf", "石桥街道修整便道"), ("改过.pdf", "青坞镇秋茶开采")):
        text = "本报讯 工程昨日完工，居民出行更加方便，全长三百二十米。"
        (folder / name).write_bytes(write_pdf([Show(40, 50, 24, title), Show(40, 90, 10, text)]))
    (folder / "云汀报_2023-06-07.txt").write_text("南渡码头复航\n\n本报讯 南渡码头昨日复航，每日二十班。\n", "utf-8")
    build_index([folder], index_dir, embedder)
    with running(replace(base, index_dir=index_dir)) as site:
        yield Archive(site, folder)


def _gray(png: bytes) -> tuple[int, int, bytes]:
    """Width, height and rows of a gray PNG without filters."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert png[12:16] == b"IHDR"
    width, height = (int.from_bytes(png[at : at + 4], "big") for at in (16, 20))
    size = int.from_bytes(png[33:37], "big")
    assert png[37:41] == b"IDAT"
    return width, height, zlib.decompress(png[41 : 41 + size])


@pytest.mark.skipif(not has_fonts(), reason="no Chinese fonts to print pages in")
def test_the_picture_is_the_page_and_what_a_box_holds_is_printed_there(archive: Archive) -> None:
    article = archive.article(LEAD_HEAD.text)
    reply = archive.site.get(f"/v1/articles/{article['id']}/page")
    assert (reply.status, reply.headers["content-type"]) == (200, "image/png")
    width, height, rows = _gray(reply.body)
    assert width / height == pytest.approx(WIDTH / HEIGHT, rel=0.01)
    (page,) = archive.boxes(article, "副区长叶知非参加").json["pages"]

    def darkest(box: list[float]) -> int:
        x0, y0, x1, y1 = (round(share * side) for share, side in zip(box, (width, height) * 2, strict=True))
        return min(min(rows[(width + 1) * y + 1 + x0 : (width + 1) * y + 1 + x1]) for y in range(y0, y1))

    assert all(darkest(box) < 128 for box in page["boxes"])
    assert darkest([0.0, 0.96, 1.0, 0.99]) == 255


def test_a_quote_over_two_columns_has_a_box_on_each_line(archive: Archive) -> None:
    article = archive.article(LEAD_HEAD.text)
    lines = [LEAD[0][-2].text, LEAD[0][-1].text, LEAD[1][0].text]
    reply = archive.boxes(article, lines[0][4:] + lines[1] + lines[2][:5])
    assert reply.status == 200
    (page,) = reply.json["pages"]
    assert (page["n"], page["page_of_file"], page["source"]) == (1, 1, "云汀报_2023-06-06.pdf")
    assert (page["width"], page["height"]) == (WIDTH, HEIGHT)
    places = [
        [round(share * side) for share, side in zip(box, (WIDTH, HEIGHT) * 2, strict=True)] for box in page["boxes"]
    ]
    assert len(places) == 3
    first, second, third = places
    assert first[2] > first[0] > COLUMNS[0] + 10
    assert second[0] == COLUMNS[0]
    assert (third[0], third[1]) == (COLUMNS[1], 140)
    assert third[2] - third[0] == pytest.approx(sum(5 if char.isascii() else 10 for char in lines[2][:5]), abs=2)
    assert second[1] - first[1] == 14


def test_a_word_hyphenated_at_a_lines_end_is_marked_on_both_lines(archive: Archive) -> None:
    article = archive.article("Egret Park")
    (page,) = archive.boxes(article, "wetland park").json["pages"]
    assert page["page_of_file"] == 2
    assert [round(box[1] * HEIGHT) for box in page["boxes"]] == pytest.approx([100, 113], abs=3)
    assert page["boxes"][0][0] > page["boxes"][1][0]
    assert archive.site.get(f"/v1/articles/{article['id']}/page?n=1").status == 200


def test_a_whole_article_is_marked_in_all_of_its_columns_and_in_no_other_article(archive: Archive) -> None:
    article = archive.article("复工复产调研")
    reply = archive.site.get(f"/v1/articles/{article['id']}/page/boxes?start=0&end={len(article['text'])}").json
    (page,) = reply["pages"]
    assert reply["quote"] == article["text"]
    assert len(page["boxes"]) == sum(line.text in article["text"] for column in RIGHT for line in column) > 20
    assert {round(box[0] * WIDTH) for box in page["boxes"]} == {COLUMNS[2], COLUMNS[3]}


def test_what_has_no_page_or_is_not_there_is_a_problem_that_says_why(archive: Archive) -> None:
    article = archive.article(LEAD_HEAD.text)
    at = f"/v1/articles/{article['id']}/page"
    assert_problem(archive.site.get(f"{at}?n=2"), 404, code="no_page")
    assert_problem(archive.site.get(f"{at}?n=0"), 422)
    assert_problem(archive.site.get(f"{at}/boxes?start=5&end=5"), 422, param="end", code="bad_offsets")
    assert_problem(archive.site.get(f"{at}/boxes?start=0&end={len(article['text']) + 1}"), 422, param="end")
    assert_problem(archive.site.get(f"{at}/boxes"), 422)
    assert_problem(archive.site.get("/v1/articles/0000000000000000/page"), 404)
    text = archive.article("南渡码头复航")
    assert_problem(archive.site.get(f"/v1/articles/{text['id']}/page"), 404, code="no_page")
    assert_problem(archive.site.get(f"/v1/articles/{text['id']}/page/boxes?start=0&end=3"), 404, code="no_page")


def test_a_file_that_is_gone_or_another_one_is_said_so_also_where_its_page_was_shown_before(archive: Archive) -> None:
    gone, changed = archive.article("石桥街道修整便道"), archive.article("青坞镇秋茶开采")
    assert archive.site.get(f"/v1/articles/{gone['id']}/page").status == 200
    (archive.folder / "拿走.pdf").unlink()
    (archive.folder / "改过.pdf").write_bytes(write_pdf([Show(40, 50, 24, "另一份文件")]))
    for article, code in ((gone, "source_gone"), (changed, "source_changed")):
        assert_problem(archive.site.get(f"/v1/articles/{article['id']}/page"), 404, code=code)
        assert_problem(archive.boxes(article, "工程昨日完工"), 404, code=code)


def test_a_posted_pdf_has_its_page_until_it_is_withdrawn(base: Settings, embedder: Embedder, tmp_path: Path) -> None:
    import base64

    folder = tmp_path / "报纸"
    folder.mkdir()
    (folder / "a.txt").write_text("南渡码头复航\n\n本报讯 南渡码头昨日复航，每日二十班。\n", "utf-8")
    build_index([folder], tmp_path / "ix", embedder)
    with running(replace(base, index_dir=tmp_path / "ix")) as site:
        data = io.BytesIO(write_pdf(NEWS_PAGE)).getvalue()
        posted = {"documents": [{"source": "b.pdf", "base64": base64.b64encode(data).decode()}]}
        assert site.post("/v1/documents", posted).status in (200, 201)
        archive = Archive(site, folder)
        article = archive.article(LEAD_HEAD.text)
        assert site.get(f"/v1/articles/{article['id']}/page").body.startswith(b"\x89PNG")
        assert archive.boxes(article, "副区长叶知非参加").json["pages"][0]["boxes"]
        assert site.send("DELETE", "/v1/documents/b.pdf").status == 200
        assert_problem(site.get(f"/v1/articles/{article['id']}/page"), 404)
