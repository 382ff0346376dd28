"""The table of offices: written with the catalogue, taken over, gone with its article, and missing in an old index."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from archive import Lines

from index.build import build_index
from index.build.incremental import CURRENT_VERSIONS
from index.build.options import BuildOptions
from index.embedding.embedder import Embedder
from index.store import Generation, open_generation
from index.store.catalogue import CATALOGUE, Catalogue

PAGE = "本报讯 6月2日，区委书记沈若兰到南渡镇调研，区长江怀瑾参加。\n"


def people(generation: Generation) -> set[str]:
    return {report.holding.person for report in generation.catalogue.holdings.of_offices(["书记", "区长"])}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "云汀报_2023-06-06_01版.txt").write_text(PAGE, "utf-8")
    return pages


def test_rows_are_found_by_office_and_by_person(make_archive: Callable[[Lines], Generation]) -> None:
    generation = make_archive([{"_id": "a", "date": "2023-06-06", "title": "调研", "text": PAGE}])
    table = generation.catalogue.holdings
    (report,) = table.of_persons(["沈若兰"])
    assert (report.holding.unit, report.holding.office) == ("区委", "书记")
    assert report.date
    assert report.date.value == "2023-06-06"
    article = generation.catalogue.article(report.article_id)
    assert article
    assert "沈若兰" in article.text[report.holding.start : report.holding.end]
    assert [held.person for held in table.of_article(report.article_id)] == ["沈若兰", "江怀瑾"]
    assert table.of_offices(["镇长"]) == []


def test_what_has_not_changed_is_taken_over_and_what_is_gone_is_gone(
    folder: Path, tmp_path: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    index_dir = tmp_path / "index"
    build_index([folder], index_dir, embedder)
    other = folder / "云汀报_2023-07-07_01版.txt"
    other.write_text(PAGE.replace("沈若兰", "宋知秋"), "utf-8")
    read: list[str] = []
    find = build_contents_find(monkeypatch, read)
    build_index([folder], index_dir, embedder)
    assert find
    assert len(read) == 1  # the other one's rows were there
    with_both = open_generation(index_dir)
    assert people(with_both) == {"沈若兰", "宋知秋", "江怀瑾"}
    with_both.close()
    other.unlink()
    build_index([folder], index_dir, embedder)
    with_one = open_generation(index_dir)
    assert people(with_one) == {"沈若兰", "江怀瑾"}
    with_one.close()


def build_contents_find(monkeypatch: pytest.MonkeyPatch, read: list[str]) -> bool:
    """Count the articles that are read for their offices."""
    from index.build import contents
    from index.offices import find_holdings
    from index.records import Article

    def counted(article: Article, *rest: object) -> object:
        read.append(article.id)
        return find_holdings(article, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(contents, "find_holdings", counted)
    return True


def test_an_earlier_versions_generation_gets_the_table_at_the_next_indexing(
    folder: Path, tmp_path: Path, embedder: Embedder
) -> None:
    from dataclasses import replace

    index_dir = tmp_path / "index"
    old = BuildOptions(versions=replace(CURRENT_VERSIONS, offices=0))
    build_index([folder], index_dir, embedder, old)
    before = open_generation(index_dir)
    assert not before.has_current_offices
    before.close()
    built = build_index([folder], index_dir, embedder)
    assert built.manifest.counts.embedded == 0
    after = open_generation(index_dir)
    assert after.has_current_offices
    assert people(after) == {"沈若兰", "江怀瑾"}
    after.close()


def test_a_catalogue_without_the_table_says_so_and_knows_nobody(
    folder: Path, tmp_path: Path, embedder: Embedder
) -> None:
    build_index([folder], tmp_path / "index", embedder)
    generation = open_generation(tmp_path / "index")
    old = tmp_path / CATALOGUE
    old.write_bytes((generation.folder / CATALOGUE).read_bytes())
    generation.close()
    connection = sqlite3.connect(old)
    connection.execute("DROP TABLE offices")
    connection.commit()
    connection.close()
    catalogue = Catalogue(old)
    assert not catalogue.holdings.is_there
    assert catalogue.holdings.of_offices(["区长"]) == []
    assert catalogue.holdings.of_persons(["沈若兰"]) == []
    assert catalogue.holdings.territories == {}
    catalogue.close()
