from dataclasses import replace
from pathlib import Path

import anyio
import pytest

from index.build import build_index
from index.embedding.embedder import Embedder
from index.store import Generation, open_generation
from rag.answer import Answerer
from rag.evaluation.source_quotes import Printed, PrintedFiles
from rag.records import Citation, Query

# Hard-wrapped, with half-width marks, as dumps of newspaper pages are.
PAGE = """云汀区新建三座口袋公园

本报讯(记者 林溪)昨日,记者从区园林绿化局获悉,今年云汀区将新建
三座口袋公园,总面积约2.6万平方米,分别位于柳岸街道、槐荫街道和石
桥镇,预计10月底前全部开放,届时周边六个小区的居民出门走五分钟就能
到公园。

据介绍,口袋公园将保留原有的大树四百余棵,并增设健身步道和儿童活动
场地。
"""
PRINTED = "总面积约2.6万平方米,分别位于柳岸街道、槐荫街道和石\n桥镇"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "一版.txt").write_text(PAGE, "utf-8")
    (pages / "corpus.jsonl").write_text(
        '{"_id": "d1", "text": "云汀河大桥全长812米。"}\n{"_id": "d2", "text": "云汀河边有步道。"}\n', "utf-8"
    )
    return pages


@pytest.fixture
def generation(folder: Path, tmp_path: Path, embedder: Embedder) -> Generation:
    build_index([folder], tmp_path / "index", embedder)
    return open_generation(tmp_path / "index", embedder=embedder.spec)


def cite(generation: Generation, embedder: Embedder, question: str) -> Citation:
    return anyio.run(Answerer(generation, embedder).answer, Query(question)).citations[0]


def test_a_quote_is_given_as_its_file_has_it(generation: Generation, embedder: Embedder) -> None:
    citation = cite(generation, embedder, "三座口袋公园总面积多大？")
    assert PRINTED not in citation.quote
    printed = PrintedFiles(generation).find(citation, "一版.txt")
    assert PRINTED in printed.quote
    assert printed.quote in PAGE
    assert printed.in_file


def test_a_file_that_was_changed_or_is_gone_leaves_the_article_to_be_quoted(
    generation: Generation, embedder: Embedder, folder: Path
) -> None:
    citation = cite(generation, embedder, "三座口袋公园总面积多大？")
    with (folder / "一版.txt").open("a", encoding="utf-8") as file:
        file.write("又及。\n")
    assert PrintedFiles(generation).find(citation, "一版.txt") == Printed(citation.quote, None)
    (folder / "一版.txt").unlink()
    assert PrintedFiles(generation).find(citation, "一版.txt") == Printed(citation.quote, None)


def test_a_line_of_a_corpus_is_looked_up_in_its_own_document(generation: Generation, embedder: Embedder) -> None:
    citation = cite(generation, embedder, "云汀河大桥全长多少米？")
    assert citation.source == "corpus.jsonl"
    files = PrintedFiles(generation)
    assert files.find(citation, "d1") == Printed("云汀河大桥全长812米。", True)
    moved = replace(citation, source_start=None, source_end=None)
    assert files.find(moved, "d2") == Printed(citation.quote, False)
