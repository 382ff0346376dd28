"""index.build.indexes through index.build: what a new generation takes over from the one before, and what it makes anew."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from index.build import BuildOptions, build_index
from index.embedding.embedder import EmbedderSpec
from index.records import Float32
from index.store import Generation, open_generation

PARK = "白鹭湿地公园昨日建成开放，公园占地六十二公顷。市民可以免费入园，园内有步道九公里。"
BRIDGE = "望津桥今年启动重建，新桥全长四百一十二米。双向四车道，两侧各有两米宽的人行道。"
SCHOOL = "区实验小学南渡校区开工建设，设计二十四个教学班。"
LANTERN = "傳統燈會在老街舉辦，共展出花燈三百盞。"  # traditional characters


class HashedEmbedder:
    """Counts of hashed character pairs, the same for a text whatever stands beside it; and what it was given.

    Args:
        salt: another one gives other vectors, as if the model had changed behind its name.
    """

    spec = EmbedderSpec("hashed", 32, 512, "query: ", "passage: ")

    def __init__(self, salt: str = "") -> None:
        self._salt = salt
        self.passages: list[str] = []

    def embed_queries(self, texts: Sequence[str]) -> Float32:
        return np.array([self._vector(text) for text in texts], np.float32)

    def embed_passages(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Float32:
        self.passages += texts
        if progress:
            progress(len(texts))
        return self.embed_queries(texts)

    def _vector(self, text: str) -> Float32:
        counts = np.full(self.spec.dim, 0.1, np.float32)
        for at in range(len(text)):
            counts[hashlib.blake2b((self._salt + text[at : at + 2]).encode()).digest()[0] % self.spec.dim] += 1
        return np.asarray(counts / np.linalg.norm(counts), np.float32)


class Archive:
    """A corpus file and the index of it."""

    def __init__(self, folder: Path) -> None:
        self._corpus, self._index_dir = folder / "corpus.jsonl", folder / "index"

    def build(self, texts: Mapping[str, str], embedder: HashedEmbedder, *, rebuild: bool = False) -> Generation:
        lines = [json.dumps({"_id": name, "text": text}, ensure_ascii=False) for name, text in texts.items()]
        self._corpus.write_text("\n".join(lines), "utf-8")
        build_index([self._corpus], self._index_dir, embedder, BuildOptions(rebuild=rebuild))
        return open_generation(self._index_dir)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path)


def rows_by_text(generation: Generation) -> dict[str, int]:
    chunks = generation.catalogue.chunks(range(generation.manifest.counts.chunks))
    articles = generation.catalogue.articles(chunk.article_id for chunk in chunks)
    return {articles[chunk.article_id].text[chunk.start : chunk.end]: chunk.row for chunk in chunks}


BEFORE = {"park": PARK, "bridge": BRIDGE, "school": SCHOOL}
AFTER = {"lantern": LANTERN, "school": SCHOOL, "bridge": BRIDGE.replace("四百一十二", "四百二十")}


def test_an_incremental_build_gives_what_a_rebuild_gives(archive: Archive) -> None:
    archive.build(BEFORE, HashedEmbedder()).close()
    updated = archive.build(AFTER, HashedEmbedder())
    anew = archive.build(AFTER, HashedEmbedder(), rebuild=True)
    ours, theirs = rows_by_text(updated), rows_by_text(anew)
    assert set(ours) == set(theirs) == set(AFTER.values())
    probe = anew.vectors.vectors([0])
    for text, row in ours.items():
        np.testing.assert_array_equal(updated.sentences.of(row), anew.sentences.of(theirs[text]))
        np.testing.assert_array_equal(updated.vectors.vectors([row]), anew.vectors.vectors([theirs[text]]))
        for terms in (["小学"], ["花灯"], ["望津"]):
            assert updated.lexical.scores(terms)[row] == anew.lexical.scores(terms)[theirs[text]]
    np.testing.assert_allclose(updated.centering.centre_chunks(probe), anew.centering.centre_chunks(probe), atol=1e-6)
    np.testing.assert_allclose(
        updated.centering.centre_sentences(probe), anew.centering.centre_sentences(probe), atol=1e-6
    )


def test_an_unchanged_chunk_keeps_its_vectors_and_a_changed_one_gets_new_ones(archive: Archive) -> None:
    first = archive.build(BEFORE, HashedEmbedder())
    second = archive.build(AFTER, HashedEmbedder("other"))
    old, new = rows_by_text(first), rows_by_text(second)
    np.testing.assert_array_equal(second.sentences.of(new[SCHOOL]), first.sentences.of(old[SCHOOL]))
    np.testing.assert_array_equal(second.vectors.vectors([new[SCHOOL]]), first.vectors.vectors([old[SCHOOL]]))
    # The second half of the bridge's report is as before, but its chunk is not.
    kept, made = first.sentences.of(old[BRIDGE])[-1], second.sentences.of(new[AFTER["bridge"]])[-1]
    assert float(kept @ made) < 0.9
    first.close()
    second.close()


def test_only_new_chunks_and_their_sentences_are_embedded_in_simplified_characters(archive: Archive) -> None:
    archive.build(BEFORE, HashedEmbedder()).close()
    embedder = HashedEmbedder()
    archive.build(BEFORE | {"lantern": LANTERN}, embedder).close()
    lantern = "传统灯会在老街举办，共展出花灯三百盏。"
    assert embedder.passages == [lantern]  # the chunk, which is its only sentence, too


def test_every_statement_of_a_chunk_has_a_vector(archive: Archive) -> None:
    embedder = HashedEmbedder()
    generation = archive.build({"park": PARK}, embedder)
    assert embedder.passages == [
        PARK,
        "白鹭湿地公园昨日建成开放，公园占地六十二公顷。",
        "市民可以免费入园，园内有步道九公里。",
    ]
    expected = embedder.embed_queries(embedder.passages[1:])
    np.testing.assert_allclose(generation.sentences.of(0), expected, atol=5e-3)


def test_a_chunk_that_says_nothing_has_no_sentence_and_still_its_vector(archive: Archive) -> None:
    generation = archive.build({"short": "丰收。"}, HashedEmbedder())
    assert generation.sentences.of(0).shape == (0, 32)
    assert len(generation.vectors) == 1
    assert not generation.sentences.mean().any()


def test_an_archive_can_shrink_to_one_chunk_and_grow_again(archive: Archive) -> None:
    archive.build(BEFORE, HashedEmbedder()).close()
    one = archive.build({"school": SCHOOL}, HashedEmbedder())
    assert rows_by_text(one) == {SCHOOL: 0}
    again = archive.build(BEFORE, HashedEmbedder())
    for text, row in rows_by_text(again).items():
        assert len(again.sentences.of(row)) == text.count("。")
    one.close()
    again.close()
