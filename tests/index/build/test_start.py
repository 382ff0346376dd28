"""index.build.start through the building process: a damaged index is repaired before it is changed."""

import os
from pathlib import Path

import pytest

from index.build import build_index
from index.build.jobs import BuildJob, Outcome
from index.build.worker import carry_out
from index.embedding.embedder import Embedder
from index.errors import IndexCorruptError
from index.store import current_folder, open_generation

PAGES = {
    "a.txt": "本报讯（记者 林亦舟）白鹭湿地公园昨日建成开放，占地六十二公顷。",
    "b.txt": "本报讯（通讯员 简知宁）望津桥今年启动重建，新桥全长四百一十二米。",
}


@pytest.fixture
def index_dir(tmp_path: Path, embedder: Embedder) -> Path:
    """An index whose second generation, with b.txt, is damaged."""
    (tmp_path / "pages").mkdir()
    for name, text in PAGES.items():
        (tmp_path / "pages" / name).write_text(text, "utf-8")
        build_index([tmp_path / "pages"], tmp_path / "index", embedder)
    damage(tmp_path / "index")
    return tmp_path / "index"


def damage(index_dir: Path) -> None:
    os.truncate(current_folder(index_dir) / "vectors.faiss", 100)


def held(index_dir: Path) -> list[str]:
    generation = open_generation(index_dir)
    try:
        assert generation.damage is None
        return sorted(generation.catalogue.files())
    finally:
        generation.close()


def done(index_dir: Path, embedder: Embedder, *documents: dict[str, str], withdraw: str | None = None) -> Outcome:
    job = BuildJob(str(index_dir), str(index_dir), "bundled", None, 0.0, list(documents), withdraw)
    return carry_out(job, lambda *_: embedder)


def test_what_only_the_damaged_generation_has_can_be_withdrawn_and_no_damage_brings_it_back(
    index_dir: Path, embedder: Embedder
) -> None:
    assert done(index_dir, embedder, withdraw="b.txt").failure is None
    assert held(index_dir) == ["a.txt"]
    damage(index_dir)
    with pytest.raises(IndexCorruptError, match=r"vectors\.faiss"):
        open_generation(index_dir)
    assert done(index_dir, embedder, {"source": "c.txt", "text": PAGES["b.txt"][:20] + "已通车。"}).failure is None
    assert held(index_dir) == ["a.txt", "c.txt"]


def test_a_name_that_only_the_damaged_generation_has_is_taken(index_dir: Path, embedder: Embedder) -> None:
    outcome = done(index_dir, embedder, {"source": "b.txt", "text": "望津桥重建完工。"})
    assert [document.reason for document in outcome.documents] == ["name_taken"]
    assert held(index_dir) == ["a.txt", "b.txt"]
