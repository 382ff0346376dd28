"""index.build.pipeline: files → generations, incrementally, with every input accounted for."""

import gzip
import json
import os
import shutil
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.build import BuildOptions, BuildSteps, Built, build_index, open_writer, read_articles
from index.build.incremental import CURRENT_VERSIONS, Versions
from index.build.outcomes import FileContents
from index.build.readers import Scans, read_contents
from index.build.reading_process import Limits
from index.chunking import chunk_article
from index.embedding.embedder import Embedder, EmbedderSpec
from index.errors import IndexBusyError, IndexingError, IndexMismatchError, IndexNotFoundError
from index.language.normalise import simplify
from index.language.terms import TERMS_VERSION, Lexicon, extract_terms
from index.language.user_dictionary import Dictionary
from index.read import SourceFile
from index.records import Article, Chunk, Float32, Rejected
from index.store import Generation, open_generation
from index.store.uploads import read_upload

PARK = "本报讯（记者 林亦舟）白鹭湿地公园昨日建成开放，公园占地六十二公顷，市民可以免费入园。"
BRIDGE = "本报讯（通讯员 简知宁）望津桥今年启动重建，新桥全长四百一十二米，双向四车道。"
SCHOOL = "本报讯（记者 苏见清）区实验小学南渡校区开工建设，设计二十四个教学班。"
BRIDGE_ON = (
    "望津桥重建期间，将在新桥下游架设临时钢便桥。旧桥的四根灯柱编号保存，新桥全长不变，双向四车道，建成后安放灯柱。"
)
FIRST_PAGE, SECOND_PAGE = "云汀报_2023-04-06_01版", "云汀报_2023-04-06_02版"
JUMPING = {
    FIRST_PAGE: f"望津桥启动重建\n\n{BRIDGE}\n\n（下转02版）\n\n湿地公园建成开放\n\n{PARK}",
    SECOND_PAGE: f"（上接01版）\n\n{BRIDGE_ON}\n\n区实验小学南渡校区开工\n\n{SCHOOL}",
}
WHOLE = f"{BRIDGE}\n{BRIDGE_ON}"


class CountingEmbedder:
    """The bundled model, and what it was given."""

    def __init__(self, embedder: Embedder, name: str = "bundled") -> None:
        self._embedder = embedder
        known = embedder.spec
        self.spec = EmbedderSpec(name, known.dim, known.max_tokens, known.query_prompt, known.passage_prompt)
        self.passages: list[str] = []

    def embed_queries(self, texts: Sequence[str]) -> Float32:
        return self._embedder.embed_queries(texts)

    def embed_passages(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Float32:
        self.passages += texts
        return self._embedder.embed_passages(texts, progress)


class Archive:
    """A folder of pages and its index."""

    def __init__(self, folder: Path, embedder: Embedder) -> None:
        self.pages = folder / "丰台时报"
        self.pages.mkdir()
        self.index_dir = folder / "index"
        self.embedder = CountingEmbedder(embedder)
        self.steps = BuildSteps()

    def write(self, **texts: str) -> None:
        for name, text in texts.items():
            (self.pages / f"{name}.txt").write_text(text, encoding="utf-8")

    def build(
        self,
        *paths: Path,
        rebuild: bool = False,
        words: Mapping[str, str] | None = None,
        versions: Versions = CURRENT_VERSIONS,
    ) -> Built:
        self.embedder.passages.clear()
        options = BuildOptions(Dictionary(words or {}), rebuild, versions=versions, steps=self.steps)
        return build_index(paths or [self.pages], self.index_dir, self.embedder, options)

    @contextmanager
    def counted(self) -> Iterator[dict[str, int]]:
        """How often a build reads a file, cuts an article into chunks, and a chunk into terms."""
        calls = {"read": 0, "chunked": 0, "terms": 0}

        def count_read(
            files: Sequence[SourceFile], limits: Limits | None, scans: Scans | None
        ) -> Generator[FileContents, None, None]:
            calls["read"] += len(files)
            return read_contents(files, limits, scans)

        def count_chunked(article: Article) -> list[Chunk]:
            calls["chunked"] += 1
            return chunk_article(article)

        class CountingLexicon(Lexicon):
            def extract_terms(self, text: str) -> list[str]:
                calls["terms"] += 1
                return super().extract_terms(text)

        self.steps = BuildSteps(count_read, count_chunked, CountingLexicon)
        yield calls
        self.steps = BuildSteps()

    def texts(self) -> list[str]:
        """Texts of all articles of the current generation, in order of their files."""
        generation = open_generation(self.index_dir)
        try:
            files = sorted(generation.catalogue.files())
            return [article.text for file in files for article in generation.catalogue.articles_of(file)]
        finally:
            generation.close()


@pytest.fixture
def archive(tmp_path: Path, embedder: Embedder) -> Archive:
    return Archive(tmp_path, embedder)


def ids_by_text(archive: Archive) -> dict[str, str]:
    """The id of every article of the current generation, by its text."""
    generation = open_generation(archive.index_dir)
    try:
        files = generation.catalogue.files()
        return {article.text: article.id for file in files for article in generation.catalogue.articles_of(file)}
    finally:
        generation.close()


def rows_of(generation: Generation) -> range:
    return range(generation.manifest.counts.chunks)


def chunk_texts(generation: Generation) -> list[str]:
    """What was embedded of every chunk, in row order."""
    chunks = generation.catalogue.chunks(rows_of(generation))
    articles = generation.catalogue.articles(chunk.article_id for chunk in chunks)
    return [f"{chunk.header}\n{articles[chunk.article_id].text[chunk.start : chunk.end]}".strip() for chunk in chunks]


def test_everything_read_is_either_kept_or_rejected_with_a_reason(archive: Archive) -> None:
    archive.write(a=PARK, b=BRIDGE, empty="")
    (archive.pages / "binary.txt").write_bytes(b"\x7fELF\0\0\0" * 9)
    (archive.pages / "picture.jpg").write_bytes(b"\xff\xd8\xff")
    (archive.pages / "broken.pdf").write_bytes(b"%PDF-1.7\n1 0 obj\n<< /Type")
    corpus = [{"_id": "c1", "text": "区图书馆闭馆。"}, {"_id": "c1", "text": "重复的编号。"}, {"_id": "c2"}]
    (archive.pages / "corpus.jsonl").write_text("\n".join(map(json.dumps, corpus)) + "\n{broken\n")
    built = archive.build(archive.pages, archive.pages / "missing.txt")
    counts = built.manifest.counts
    assert (counts.read, counts.kept, counts.rejected) == (10 + 1, 3, 8)
    assert counts.read == counts.kept + counts.rejected
    assert Counter(rejected.reason for rejected in built.rejections) == Counter(
        ["empty", "binary", "unsupported", "corrupt", "duplicate_id", "no_text", "broken_json", "not_found"]
    )
    with_generation = open_generation(archive.index_dir)
    assert len(with_generation.catalogue.rejections()) == 8
    assert [rejected.line for rejected in with_generation.catalogue.rejections("corpus.jsonl")] == [2, 3, 4]
    with_generation.close()


def test_a_second_build_counts_the_same_inputs_and_reads_no_vector_anew(archive: Archive) -> None:
    archive.write(a=PARK, b=BRIDGE, empty="")
    first = archive.build().manifest.counts
    second = archive.build()
    assert (second.manifest.counts.read, second.manifest.counts.rejected) == (first.read, first.rejected) == (3, 1)
    assert [rejected.reason for rejected in second.rejections] == ["empty"]


def test_unchanged_files_are_not_embedded_again(archive: Archive) -> None:
    archive.write(a=PARK, b=BRIDGE)
    assert archive.build().manifest.counts.embedded == 2
    assert archive.build().manifest.counts.embedded == 0
    assert archive.embedder.passages == []
    archive.write(c=SCHOOL)
    assert archive.build().manifest.counts.embedded == 1
    assert archive.embedder.passages
    assert all(SCHOOL in passage or passage in SCHOOL for passage in archive.embedder.passages)
    assert archive.texts() == [PARK, BRIDGE, SCHOOL]


def test_the_vectors_of_reused_chunks_are_the_same_to_the_bit(archive: Archive) -> None:
    archive.write(b=BRIDGE, c=SCHOOL)
    archive.build()
    before = open_generation(archive.index_dir)
    archive.write(a=PARK)  # sorts first: every row moves
    archive.build()
    after = open_generation(archive.index_dir)
    rows = [chunk_texts(after).index(text) for text in chunk_texts(before)]
    assert rows == [1, 2]
    np.testing.assert_array_equal(after.vectors.vectors(rows), before.vectors.vectors([0, 1]))
    before.close()
    after.close()


def test_a_file_under_a_new_name_keeps_its_vectors(archive: Archive) -> None:
    archive.write(a=PARK)
    archive.build()
    (archive.pages / "a.txt").rename(archive.pages / "z.txt")
    assert archive.build().manifest.counts.embedded == 0
    generation = open_generation(archive.index_dir)
    assert list(generation.catalogue.files()) == ["z.txt"]
    generation.close()


def test_a_changed_file_replaces_its_articles(archive: Archive) -> None:
    archive.write(a=f"{PARK}\n\n{BRIDGE}", b=SCHOOL)
    archive.build()
    archive.write(a=PARK.replace("六十二", "五十八"))
    built = archive.build()
    assert archive.texts() == [PARK.replace("六十二", "五十八"), SCHOOL]
    assert (built.manifest.counts.articles, built.manifest.counts.embedded) == (2, 1)


def test_a_file_that_became_unreadable_is_rejected_and_its_articles_are_gone(archive: Archive) -> None:
    archive.write(a=PARK, b=BRIDGE)
    archive.build()
    archive.write(a="")
    assert archive.build().manifest.counts.rejected == 1
    assert archive.texts() == [BRIDGE]


def test_the_articles_of_a_deleted_file_are_gone_from_the_next_generation(archive: Archive) -> None:
    archive.write(a=PARK, b=BRIDGE)
    archive.build()
    (archive.pages / "a.txt").unlink()
    archive.build()
    assert archive.texts() == [BRIDGE]
    generation = open_generation(archive.index_dir)
    assert not generation.lexical.known(["_湿地"]).any()
    assert len(generation.vectors) == 1
    generation.close()


def test_another_folder_is_added_to_the_first(archive: Archive, tmp_path: Path) -> None:
    archive.write(a=PARK)
    archive.build()
    more = tmp_path / "云汀报"
    more.mkdir()
    (more / "b.txt").write_text(BRIDGE, encoding="utf-8")
    built = archive.build(more)
    assert sorted(archive.texts()) == sorted([PARK, BRIDGE])
    assert built.manifest.roots == (str(archive.pages), str(more))
    assert built.manifest.counts.embedded == 1


def test_files_of_one_name_in_two_folders_are_told_apart(archive: Archive, tmp_path: Path) -> None:
    archive.write(a=PARK)
    archive.build()
    more = tmp_path / "more"
    more.mkdir()
    (more / "a.txt").write_text(BRIDGE, encoding="utf-8")
    archive.build(more)
    generation = open_generation(archive.index_dir)
    assert sorted(generation.catalogue.files()) == ["more/a.txt", "丰台时报/a.txt"]
    generation.close()
    assert sorted(archive.texts()) == sorted([PARK, BRIDGE])


def test_a_rebuild_starts_from_the_given_paths_alone_and_reuses_nothing(archive: Archive, tmp_path: Path) -> None:
    archive.write(a=PARK)
    archive.build()
    more = tmp_path / "more"
    more.mkdir()
    (more / "b.txt").write_text(BRIDGE, encoding="utf-8")
    archive.build(more)
    built = archive.build(more, rebuild=True)
    assert archive.texts() == [BRIDGE]
    assert built.manifest.roots == (str(more),)
    assert built.manifest.counts.embedded == 1


def test_an_earlier_folder_that_vanished_is_an_error_that_says_so(archive: Archive, tmp_path: Path) -> None:
    archive.write(a=PARK)
    archive.build()
    more = tmp_path / "more"
    more.mkdir()
    (more / "b.txt").write_text(BRIDGE, encoding="utf-8")
    drive = archive.pages.parent / "drive"
    drive.mkdir()
    shutil.move(archive.pages, drive / "pages")
    archive.build(drive / "pages", rebuild=True)
    shutil.move(drive, tmp_path / "elsewhere")  # the folder around it has gone too: a drive that is not mounted
    with pytest.raises(IndexingError, match=rf"{drive / 'pages'}.* is not there.*--rebuild"):
        archive.build(more)
    assert archive.texts() == [PARK]  # the index is as it was


def test_a_path_that_is_not_there_is_told_and_not_remembered(archive: Archive, tmp_path: Path) -> None:
    archive.write(a=PARK)
    built = archive.build(archive.pages, tmp_path / "nope")
    assert [rejected.reason for rejected in built.rejections] == ["not_found"]
    assert built.manifest.roots == (str(archive.pages),)
    with pytest.raises(IndexNotFoundError, match="no such file or folder"):
        archive.build(tmp_path / "nope")


def test_a_deleted_path_is_gone_from_the_next_generation(archive: Archive, tmp_path: Path) -> None:
    archive.write(a=PARK)
    single = tmp_path / "single.txt"
    single.write_text(BRIDGE, encoding="utf-8")
    archive.build(archive.pages, single)
    single.unlink()
    built = archive.build(archive.pages)
    assert archive.texts() == [PARK]
    assert built.manifest.roots == (str(archive.pages),)


def test_the_same_archive_again_publishes_nothing(archive: Archive) -> None:
    archive.write(a=PARK)
    first = archive.build()
    again = archive.build()
    assert again.folder == first.folder
    assert again.manifest.counts.embedded == 0


def lexical_files(built: Built) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in built.folder.glob("*.npy")}


def test_where_nothing_has_changed_a_build_returns_without_reading_anything(archive: Archive) -> None:
    archive.write(a=PARK, b=BRIDGE, empty="")
    first = archive.build()
    with archive.counted() as calls:
        again = archive.build()
    assert calls == {"read": 0, "chunked": 0, "terms": 0}
    assert again.folder == first.folder
    assert again.rejections == first.rejections != ()
    assert again.manifest.counts == replace(first.manifest.counts, embedded=0)


@pytest.mark.slow
@pytest.mark.parametrize("change", ["added", "removed", "changed", "renamed", "passed over", "dictionary"])
def test_any_change_publishes_a_new_generation(archive: Archive, change: str) -> None:
    archive.write(a=PARK, b=BRIDGE)
    first = archive.build()
    words = {}
    if change == "added":
        archive.write(c=SCHOOL)
    elif change == "removed":
        (archive.pages / "b.txt").unlink()
    elif change == "changed":
        archive.write(b=SCHOOL)
    elif change == "renamed":
        (archive.pages / "b.txt").rename(archive.pages / "c.txt")
    elif change == "passed over":
        (archive.pages / "table.xls").write_bytes(b"x")
    else:
        words = {"白鹭湿地公园": "ns"}
    second = archive.build(words=words)
    assert second.folder != first.folder
    assert archive.build(words=words).folder == second.folder


def test_one_page_more_is_read_and_cut_alone_and_gives_the_index_of_a_rebuild(archive: Archive) -> None:
    archive.write(a=f"{PARK}\n\n{BRIDGE}", b=f"{BRIDGE_ON}" * 9, **JUMPING)
    archive.build()
    archive.write(aa=SCHOOL)
    with archive.counted() as calls:
        added = archive.build()
    assert calls == {"read": 1, "chunked": 1, "terms": 1}
    rebuilt = archive.build(rebuild=True)
    assert lexical_files(added) == lexical_files(rebuilt)
    assert (added.folder / "catalogue.sqlite").read_bytes() == (rebuilt.folder / "catalogue.sqlite").read_bytes()


def test_without_a_page_the_index_is_that_of_a_rebuild_and_nothing_is_cut(archive: Archive) -> None:
    archive.write(a=PARK, b=BRIDGE, c=SCHOOL, d=PARK)
    archive.build()
    (archive.pages / "b.txt").unlink()
    with archive.counted() as calls:
        left = archive.build()
    assert calls == {"read": 0, "chunked": 0, "terms": 0}
    assert lexical_files(left) == lexical_files(archive.build(rebuild=True))


@pytest.mark.slow
@settings(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.dictionaries(st.sampled_from("abcd"), st.sampled_from([PARK, BRIDGE, SCHOOL]), min_size=1), max_size=4)
)
def test_after_any_changes_the_lexical_index_is_that_of_a_rebuild(
    embedder: Embedder, tmp_path_factory: pytest.TempPathFactory, states: list[dict[str, str]]
) -> None:
    archive = Archive(tmp_path_factory.mktemp("archive"), embedder)
    archive.write(e=PARK)
    archive.build()
    for pages in states:
        for path in archive.pages.glob("[a-d].txt"):
            path.unlink()
        archive.write(**pages)
        archive.build()
    assert lexical_files(archive.build()) == lexical_files(archive.build(rebuild=True))


def test_another_dictionary_makes_terms_anew_and_embeds_nothing(archive: Archive) -> None:
    archive.write(a=PARK, b=BRIDGE)
    archive.build()
    with archive.counted() as calls:
        built = archive.build(words={"白鹭湿地公园": "ns"})
    assert calls == {"read": 0, "chunked": 0, "terms": built.manifest.counts.chunks}
    assert archive.embedder.passages == []
    generation = open_generation(archive.index_dir)
    assert generation.lexical.frequency(["_白鹭湿地公园"]).tolist() == [1]
    assert "_白鹭湿地公园" in generation.lexicon.extract_query_terms("白鹭湿地公园在哪里？")
    assert "白鹭湿地公园" in generation.lexicon.find_names("白鹭湿地公园在哪里？")
    generation.close()
    assert lexical_files(built) == lexical_files(archive.build(words={"白鹭湿地公园": "ns"}, rebuild=True))


def test_without_its_dictionary_an_archive_is_as_before(archive: Archive) -> None:
    archive.write(a=PARK)
    before = lexical_files(archive.build())
    assert (archive.build(words={"白鹭湿地公园": ""}).folder / "dictionary.txt").read_text("utf-8") == "白鹭湿地公园\n"
    after = archive.build()
    assert not (after.folder / "dictionary.txt").exists()
    assert lexical_files(after) == before


@pytest.mark.parametrize("name", ["terms", "pipeline"])
def test_a_generation_of_an_earlier_version_keeps_its_vectors_alone(archive: Archive, name: str) -> None:
    archive.write(a=PARK, b=BRIDGE)
    old = archive.build(versions=replace(CURRENT_VERSIONS, **{name: 0}))
    with archive.counted() as calls:
        new = archive.build()
    assert new.folder != old.folder
    assert archive.embedder.passages == []
    assert (
        calls
        == {"terms": {"read": 0, "chunked": 0, "terms": 2}, "pipeline": {"read": 2, "chunked": 2, "terms": 0}}[name]
    )


def test_a_generation_knows_whether_its_terms_are_made_as_a_query_s_are(archive: Archive) -> None:
    archive.write(a=PARK)
    for version, expected in ((0, False), (TERMS_VERSION, True)):
        archive.build(versions=replace(CURRENT_VERSIONS, terms=version))
        generation = open_generation(archive.index_dir)
        assert generation.has_current_terms is expected
        generation.close()


def test_a_vanished_path_that_is_given_again_is_withdrawn(archive: Archive) -> None:
    archive.write(a=PARK, b=BRIDGE)
    first, second = archive.pages / "a.txt", archive.pages / "b.txt"
    archive.build(first, second)
    first.unlink()
    built = archive.build(first)
    assert archive.texts() == [BRIDGE]
    assert built.manifest.roots == (str(second),)


@pytest.mark.parametrize("given", ["丰台时报", "丰台时报/empty.txt"])
def test_nothing_to_index_is_an_error_that_leaves_the_index_as_it_was(
    archive: Archive, tmp_path: Path, given: str
) -> None:
    archive.write(a=PARK)
    archive.build()
    (archive.pages / "a.txt").unlink()
    archive.write(empty="")
    with pytest.raises(IndexingError, match="nothing to index"):
        archive.build(tmp_path / given, rebuild=True)
    assert archive.texts() == [PARK]


def test_a_first_build_of_nothing_leaves_no_index(archive: Archive) -> None:
    with pytest.raises(IndexingError, match="nothing to index"):
        archive.build()
    assert not (archive.index_dir / "CURRENT").exists()


def test_another_model_needs_a_rebuild(archive: Archive, embedder: Embedder) -> None:
    archive.write(a=PARK)
    archive.build()
    archive.embedder = CountingEmbedder(embedder, "bge-m3")
    with pytest.raises(IndexMismatchError, match=r"'bundled'.*'bge-m3'"):
        archive.build()
    assert archive.build(rebuild=True).manifest.embedder.name == "bge-m3"


def test_an_opened_generation_keeps_answering_while_newer_ones_replace_it(archive: Archive, embedder: Embedder) -> None:
    archive.write(a=PARK, b=BRIDGE)
    archive.build()
    old = open_generation(archive.index_dir)
    query = embedder.embed_queries(["湿地公园占地多少？"])[0]
    for number in range(3):
        archive.write(a=SCHOOL + "续" * number)
        archive.build()
    assert not old.folder.exists()
    (best,) = old.vectors.search(query, 1)
    (chunk,) = old.catalogue.chunks([best])
    article = old.catalogue.article(chunk.article_id)
    assert article is not None
    assert article.text == PARK
    assert int(np.argmax(old.lexical.scores(extract_terms("湿地公园")))) == best
    old.close()


def test_every_row_of_every_part_is_the_same_chunk(archive: Archive, embedder: Embedder) -> None:
    archive.write(a=f"{PARK}\n\n{BRIDGE}", b=SCHOOL, c="　　豐臺區生態環境質量報告發佈，空氣優良。" * 40)
    archive.build()
    generation = open_generation(archive.index_dir)
    texts = chunk_texts(generation)
    assert len(texts) > 4
    expected = embedder.embed_passages([simplify(text) for text in texts])
    np.testing.assert_allclose(generation.vectors.vectors(rows_of(generation)), expected, atol=1e-5)
    for row, text in enumerate(texts[:3]):
        assert int(np.argmax(generation.lexical.scores(extract_terms(text)))) == row
    assert len(generation.days) == len(texts)
    generation.close()


def test_a_chunk_is_found_by_what_the_rest_of_its_article_says(
    archive: Archive,
) -> None:
    filler = "市民可以免费入园，沿岸步道同时开放，志愿者在现场引导游客有序参观。"
    archive.write(a="白鹭湿地公园。" + filler * 12 + "面积六十二公顷。", b=filler * 12 + "望津桥工地面积六十二公顷。")
    archive.build()
    generation = open_generation(archive.index_dir)
    chunks = generation.catalogue.chunks(rows_of(generation))
    assert generation.article_rows.tolist() == [
        0 if chunk.article_id == chunks[0].article_id else 1 for chunk in chunks
    ]
    last = max(chunk.row for chunk in chunks if chunk.article_id == chunks[0].article_id)
    terms = extract_terms("白鹭湿地公园")
    alone, of_article = generation.lexical.scores(terms), generation.articles.scores(terms)[generation.article_rows]
    assert alone[last] == alone[len(chunks) - 1] == 0
    assert of_article[last] > of_article[len(chunks) - 1] == 0
    assert int(np.argmax(alone)) == 0
    generation.close()


def test_a_chunk_knows_the_days_that_its_article_may_be_of(archive: Archive) -> None:
    archive.write(丰台时报20230705=PARK, 丰台时报2022年3月=BRIDGE, undated=SCHOOL)
    archive.build()
    generation = open_generation(archive.index_dir)
    days = dict(zip(chunk_texts(generation), generation.days.tolist(), strict=True))
    assert sorted(days.values()) == [[0, 0], [20220301, 20220331], [20230705, 20230705]]
    generation.close()


@pytest.mark.parametrize("zipped", [False, True])
def test_the_id_of_a_corpus_line_is_the_document_of_its_article(archive: Archive, *, zipped: bool) -> None:
    corpus = [
        {"_id": "doc-7", "title": "湿地", "text": "公园开放。\n\n（下转03版）", "date": "2021-01", "group": "g1"},
        {"_id": 8, "text": "大桥通车。"},
    ]
    data = "\n".join(json.dumps(line) for line in corpus).encode()
    name = "corpus.jsonl.gz" if zipped else "corpus.jsonl"
    (archive.pages / name).write_bytes(gzip.compress(data) if zipped else data)
    archive.build()
    generation = open_generation(archive.index_dir)
    first, second = generation.catalogue.articles_of(name)
    assert (first.doc_id, first.title, first.text) == ("doc-7", "湿地", "公园开放。\n\n（下转03版）")
    assert (first.metadata, second.doc_id) == ({"group": "g1"}, "8")
    generation.close()


def test_the_same_article_in_two_files_is_two_articles_under_their_own_names(archive: Archive) -> None:
    archive.write(a=PARK, b=PARK)
    counts = archive.build().manifest.counts
    assert (counts.kept, counts.articles, counts.chunks) == (2, 2, 2)
    generation = open_generation(archive.index_dir)
    first, second = (generation.catalogue.articles_of(name)[0] for name in ("a.txt", "b.txt"))
    assert first.text == second.text
    assert first.id != second.id
    np.testing.assert_array_equal(*generation.vectors.vectors([0, 1]))
    generation.close()


def test_the_same_article_twice_on_a_page_is_kept_twice(archive: Archive) -> None:
    archive.write(a=f"{PARK}\n\n{PARK}")
    archive.build()
    assert archive.texts() == [PARK, PARK]


def test_a_file_given_twice_is_read_once(archive: Archive) -> None:
    archive.write(a=PARK)
    counts = archive.build(archive.pages, archive.pages / "a.txt", archive.pages).manifest.counts
    assert (counts.files, counts.articles) == (1, 1)


@pytest.mark.skipif(os.name == "nt", reason="names are bytes on POSIX only")
def test_files_and_folders_named_in_gbk_are_indexed_and_shown_in_chinese(archive: Archive, tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode("旧报".encode("gb18030"))
    try:
        folder.mkdir()
        (folder / os.fsdecode("丰台时报20230705.txt".encode("gb18030"))).write_text(PARK, encoding="utf-8")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    archive.build(folder)
    assert archive.build(folder).manifest.counts.embedded == 0
    generation = open_generation(archive.index_dir)
    assert list(generation.catalogue.files()) == ["丰台时报20230705.txt"]
    assert [Path(root) for root in generation.manifest.roots] == [folder]
    generation.close()


def test_progress_counts_files_then_chunks_and_statements_up_to_their_number(archive: Archive) -> None:
    archive.write(a=PARK, b=BRIDGE, c=SCHOOL)
    calls: list[tuple[str, int, int]] = []
    build_index(
        [archive.pages],
        archive.index_dir,
        archive.embedder,
        progress=lambda stage, done, total: calls.append((stage, done, total)),
    )
    assert calls[:3] == [("read", done, 3) for done in (1, 2, 3)]
    total = calls[-1][2]
    assert total > 3, "each page is one chunk of one statement or more"
    assert calls[3:] == [("embed", done, total) for done in range(1, total + 1)]


def test_articles_read_without_indexing_are_those_of_the_index(archive: Archive) -> None:
    archive.write(a=f"{PARK}\n\n{BRIDGE}", empty="")
    outcomes = list(read_articles([archive.pages]))
    archive.build()
    generation = open_generation(archive.index_dir)
    assert [item for item in outcomes if isinstance(item, Article)] == generation.catalogue.articles_of("a.txt")
    assert [item for item in outcomes if isinstance(item, Rejected)] == generation.catalogue.rejections()
    generation.close()


# ---- articles that go on on another page


def test_an_article_is_indexed_whole_with_its_other_page(archive: Archive) -> None:
    archive.write(**JUMPING)
    counts = archive.build().manifest.counts
    assert (counts.kept, counts.articles) == (2, 3)
    generation = open_generation(archive.index_dir)
    whole, park = generation.catalogue.articles_of(f"{FIRST_PAGE}.txt")
    assert (whole.text, park.text) == (WHOLE, PARK)
    assert generation.catalogue.articles_of(f"{SECOND_PAGE}.txt")[0] == whole  # it has text from there, too
    assert "\n".join(chunk_texts(generation)).count(BRIDGE_ON) == 1
    generation.close()


def test_every_character_of_a_whole_article_is_found_in_its_files(archive: Archive) -> None:
    archive.write(**JUMPING)
    archive.build()
    generation = open_generation(archive.index_dir)
    whole = generation.catalogue.articles_of(f"{FIRST_PAGE}.txt")[0]
    generation.close()
    printed = {None: JUMPING[FIRST_PAGE], f"{SECOND_PAGE}.txt": JUMPING[SECOND_PAGE]}
    assert {origin.source for origin in whole.origin} == set(printed)
    for origin in whole.origin:
        if origin.end - origin.start == origin.source_end - origin.source_start:
            slice_ = printed[origin.source][origin.source_start : origin.source_end]
            assert slice_ == whole.text[origin.start : origin.end]


def test_unchanged_pages_are_joined_again_without_embedding_anything(archive: Archive) -> None:
    archive.write(**JUMPING)
    first = archive.build()
    again = archive.build()
    assert again.folder == first.folder  # the same to the byte
    archive.write(later=PARK.replace("白鹭", "青坞"))
    assert archive.build().manifest.counts.embedded == 1
    assert WHOLE in archive.texts()


def test_without_its_other_page_an_article_is_its_first_part_again_under_the_same_id(archive: Archive) -> None:
    archive.write(**JUMPING)
    archive.build()
    ids = ids_by_text(archive)
    (archive.pages / f"{SECOND_PAGE}.txt").unlink()
    archive.build()
    assert sorted(archive.texts()) == sorted([BRIDGE, PARK])
    assert ids_by_text(archive)[BRIDGE] == ids[WHOLE]
    archive.write(**JUMPING)
    archive.build()
    assert ids_by_text(archive) == ids


def test_without_its_first_page_the_rest_is_an_article(archive: Archive) -> None:
    archive.write(**JUMPING)
    archive.build()
    (archive.pages / f"{FIRST_PAGE}.txt").unlink()
    archive.build()
    assert sorted(archive.texts()) == sorted([BRIDGE_ON, SCHOOL])


@pytest.mark.parametrize("page", [FIRST_PAGE, SECOND_PAGE])
def test_a_change_on_either_page_changes_the_whole_article(archive: Archive, page: str) -> None:
    archive.write(**JUMPING)
    archive.build()
    archive.write(**{page: JUMPING[page].replace("新桥全长", "大桥全长")})
    built = archive.build()
    assert sum("大桥全长" in text for text in set(archive.texts())) == 1
    assert built.manifest.counts.articles == 3
    incremental = sorted(archive.texts())
    archive.build(rebuild=True)
    assert sorted(archive.texts()) == incremental


def test_the_other_page_may_come_later_and_in_another_folder(archive: Archive, tmp_path: Path) -> None:
    archive.write(**{FIRST_PAGE: JUMPING[FIRST_PAGE]})
    archive.build()
    assert BRIDGE in archive.texts()
    more = tmp_path / "more"
    more.mkdir()
    (more / f"{SECOND_PAGE}.txt").write_text(JUMPING[SECOND_PAGE], encoding="utf-8")
    archive.build(more)
    assert WHOLE in archive.texts()


# ---- the writer


def test_while_a_writer_is_open_nobody_else_builds_and_what_is_not_built_changes_nothing(archive: Archive) -> None:
    archive.write(a=PARK)
    first = archive.build()
    archive.write(b=BRIDGE)
    with open_writer(archive.index_dir, archive.embedder) as writer:
        assert writer.current is not None
        assert writer.current.folder == first.folder
        with pytest.raises(IndexBusyError):
            archive.build()
    assert archive.texts() == [PARK]
    archive.build()
    assert archive.texts() == [PARK, BRIDGE]


def test_a_writer_that_makes_everything_anew_starts_from_no_generation(archive: Archive) -> None:
    archive.write(a=PARK)
    archive.build()
    with open_writer(archive.index_dir, archive.embedder, BuildOptions(rebuild=True)) as writer:
        assert writer.current is None
        built = writer.build([archive.pages])
    assert built.manifest.counts.embedded == built.manifest.counts.chunks > 0


def test_what_changes_within_a_writer_belongs_to_its_build(archive: Archive) -> None:
    archive.write(a=PARK)
    archive.build()
    with open_writer(archive.index_dir, archive.embedder) as writer:
        _path, digest = writer.documents.stage(read_upload({"source": "桥.txt", "text": BRIDGE}))
        writer.build([], ledger=writer.ledger.with_posted({"桥.txt": digest}))
    assert sorted(archive.texts()) == sorted([PARK, BRIDGE])


@pytest.mark.parametrize("held", [2000, 0])
def test_articles_read_without_indexing_are_whole_too(archive: Archive, held: int) -> None:
    archive.write(**JUMPING, later=PARK.replace("白鹭", "青坞"))
    found = [item for item in read_articles([archive.pages], held) if isinstance(item, Article)]
    archive.build()
    generation = open_generation(archive.index_dir)
    files = generation.catalogue.files()
    indexed = {article.id: article for file in files for article in generation.catalogue.articles_of(file)}
    generation.close()
    assert {article.id: article for article in found} == indexed
    assert found[1 if held else -1].text == WHOLE


def test_pages_that_hold_their_parts_give_them_back_unjoined(archive: Archive) -> None:
    archive.write(**JUMPING)
    archive.build()
    generation = open_generation(archive.index_dir)
    first, second = (generation.catalogue.parts_of(f"{page}.txt") for page in (FIRST_PAGE, SECOND_PAGE))
    generation.close()
    assert [part.text for part in (*first, *second)] == [BRIDGE, PARK, BRIDGE_ON, SCHOOL]
    assert (first[0].continued_to, second[0].continued_from) == ("02版", "01版")
