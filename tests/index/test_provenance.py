"""index.provenance: where a quote was printed."""

from pathlib import Path

import pytest

from index.build import read_articles
from index.provenance import Place, find_place
from index.records import Article, Origin

FIRST, SECOND = "云汀报_2023-04-06_01版.txt", "云汀报_2023-04-06_02版.txt"
# 0-9 as printed at 100; 10-11 for a mark of three characters; 12 the newline between the pages; 13-20 at 120 of the other file,
# 21-24 far below, behind another article.
ORIGIN = (
    Origin(0, 10, 100, 110),
    Origin(10, 12, 110, 113),
    Origin(12, 13, 113, 113),
    Origin(13, 21, 120, 128, SECOND),
    Origin(21, 25, 900, 904, SECOND),
)
ARTICLE = Article("id", FIRST, FIRST, 0, "字" * 25, page="01", origin=ORIGIN, metadata={"pages": {SECOND: "02"}})


@pytest.mark.parametrize(
    ("start", "end", "place"),
    [
        (2, 5, Place(FIRST, "01", 102, 105)),
        (2, 11, Place(FIRST, "01", 102, 113)),
        (11, 12, Place(FIRST, "01", 110, 113)),
        (15, 18, Place(SECOND, "02", 122, 125)),
        (5, 18, Place(FIRST, "01", 105, 113)),
        (15, 24, Place(SECOND, "02", 122, 128)),
        (22, 24, Place(SECOND, "02", 901, 903)),
    ],
    ids=["exact", "to a mark", "a mark", "other page", "across pages", "resumed far below", "far below"],
)
def test_a_slice_has_its_place_in_the_file_where_it_begins(start: int, end: int, place: Place) -> None:
    assert find_place(ARTICLE, start, end) == place


def test_an_article_without_origins_has_only_a_file() -> None:
    assert find_place(Article("id", "corpus.jsonl", "7", 0, "公园开放。", page="3"), 0, 5) == Place("corpus.jsonl", "3")


def test_every_sentence_of_the_sample_is_found_where_it_was_printed(sample_pages: Path) -> None:
    """But for the spaces and marks that repair changes, the characters there are the quote's."""
    texts: dict[str, str] = {}
    for path in sample_pages.iterdir():
        raw = path.read_bytes()
        try:
            texts[path.name] = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            texts[path.name] = raw.decode("gb18030")
    found = missed = 0
    for article in read_articles([sample_pages]):
        assert isinstance(article, Article)
        for start in range(0, len(article.text) - 12, 12):
            place = find_place(article, start, start + 12)
            quote = "".join(article.text[start : start + 12].split())
            printed = "".join(texts[place.source].replace("\r\n", "\n")[place.start : place.end].split())
            found += 1
            missed += quote != printed
    assert found > 800
    assert missed / found < 0.1
