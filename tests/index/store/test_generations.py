"""index.store: whatever breaks while writing, a reader gets one whole generation or a typed error."""

import functools
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import pytest
from repository import ROOT

from index.build import BuildOptions, build_index, pipeline, trial
from index.embedding.embedder import Embedder, EmbedderSpec
from index.errors import (
    IndexAccessError,
    IndexBusyError,
    IndexCorruptError,
    IndexMismatchError,
    IndexNotFoundError,
    IndexWriteError,
)
from index.files import NewFiles
from index.store.generations import CURRENT, GENERATIONS, generation_folders, generation_number, open_generation
from index.store.ledger import WITHDRAWN, Ledger
from index.store.manifest import MANIFEST, read_manifest
from index.store.publishing import writing
from index.store.withdrawals import Withdrawn

OLD = "本报讯（记者 林亦舟）白鹭湿地公园昨日建成开放，占地六十二公顷。"
NEW = "本报讯（通讯员 简知宁）望津桥今年启动重建，新桥全长四百一十二米。"
BOTH = sorted([OLD, NEW])
FILES = [
    "article_rows.npy",
    "articles_impacts.npy",
    "articles_keys.npy",
    "articles_rows.npy",
    "articles_starts.npy",
    "catalogue.sqlite",
    "centre.npz",
    "lexical_counts.npy",
    "lexical_impacts.npy",
    "lexical_keys.npy",
    "lexical_rows.npy",
    "lexical_starts.npy",
    "sentence_codes.npy",
    "sentence_scales.npy",
    "sentence_starts.npy",
    "vector_moments.npy",
    "vectors.faiss",
]


@pytest.fixture(scope="module")
def published(embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one page and its index; tests work on copies."""
    folder = tmp_path_factory.mktemp("published")
    (folder / "pages").mkdir()
    (folder / "pages" / "a.txt").write_text(OLD, encoding="utf-8")
    build_index([folder / "pages"], folder / "index", embedder)
    return folder


@pytest.fixture
def index_dir(published: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(published / "index", tmp_path / "index"))


@pytest.fixture
def new_pages(tmp_path: Path) -> Path:
    """A page that the index does not hold yet."""
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "b.txt").write_text(NEW, encoding="utf-8")
    return tmp_path / "more"


def served(index_dir: Path) -> list[str]:
    """Open the index as a reader does, and return its texts after a look into every part of it."""
    generation = open_generation(index_dir)
    try:
        count = generation.manifest.counts.chunks
        chunks = generation.catalogue.chunks(range(count))
        articles = generation.catalogue.articles(chunk.article_id for chunk in chunks)
        assert len(generation.vectors) == generation.lexical.size == len(generation.days) == len(chunks) == count
        assert len(generation.vectors.search(generation.vectors.vectors([0])[0], count)) == count
        assert generation.lexical.known(["_本报"]).all()
        return sorted(article.text for article in articles.values())
    finally:
        generation.close()


def current(index_dir: Path) -> Path:
    return index_dir / GENERATIONS / (index_dir / CURRENT).read_text()


def flip(path: Path, place: int, mask: int = 0xFF) -> None:
    data = bytearray(path.read_bytes())
    data[place] ^= mask
    path.write_bytes(data)


def begun(write: Callable[[bytes], int]) -> None:
    write(b"\x93NUMPY")


STEPS: dict[str, tuple[object, str, Callable[..., None] | None]] = {
    "fsync": (os, "fsync", None),
    "rename": (Path, "rename", None),
    "replace": (Path, "replace", None),
    "save an array": (np.lib.format, "write_array", lambda file, *_arguments: begun(file.write)),
    "write the vectors": (faiss, "write_index", lambda *_arguments: None),
}
"""Name → owner and name of the function that fails, and what it leaves behind when it does."""


class Failing:
    """Stands in for one function: its n-th call finds a full disk; before each call a reader opens the index."""

    def __init__(self, real: Callable[..., Any], index_dir: Path, fails_at: int, mess: Callable[..., None] | None):
        self.real, self.index_dir, self.fails_at, self.mess = real, index_dir, fails_at, mess
        self.calls = 0
        self.seen: set[tuple[str, ...]] = set()

    def __get__(self, owner: Any, _kind: type | None = None) -> Callable[..., Any]:
        return functools.partial(self, owner) if owner is not None else self

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        self.seen.add(tuple(served(self.index_dir)))
        self.calls += 1
        if self.calls == self.fails_at:
            if self.mess:
                self.mess(*arguments)
            raise OSError(28, "No space left on device")
        return self.real(*arguments, **options)


@pytest.mark.slow
@pytest.mark.parametrize("killed", [False, True], ids=["failing", "killed before it could clean up"])
@pytest.mark.parametrize("step", STEPS)
def test_a_reader_has_the_old_or_the_new_generation_wherever_writing_stops(
    step: str, killed: bool, published: Path, new_pages: Path, embedder: Embedder, tmp_path: Path
) -> None:
    owner, name, mess = STEPS[step]
    fails_at = calls = 1
    while fails_at <= calls:
        copy = Path(shutil.copytree(published / "index", tmp_path / f"index-{fails_at}"))
        with pytest.MonkeyPatch.context() as patch:
            failing = Failing(getattr(owner, name), copy, fails_at, mess)
            patch.setattr(owner, name, failing)
            if killed:
                patch.setattr(shutil, "rmtree", lambda *_arguments, **_options: None)
            failure = None
            try:
                build_index([new_pages], copy, embedder)
            except IndexWriteError as error:
                failure = str(error)
        # Behind the one rename of CURRENT it is published, whatever fails then; before it nothing is.
        assert failure is None or "the disk is full" in failure
        assert served(copy) == (BOTH if failure is None else [OLD])
        assert failure or fails_at > 1
        assert failure is None or failing.calls <= fails_at + 2  # nothing goes on after a failure
        assert failing.seen <= {(OLD,), tuple(BOTH)}
        assert killed or not (copy / GENERATIONS / ".scratch").exists()
        build_index([new_pages], copy, embedder)
        assert served(copy) == BOTH
        assert len(generation_folders(copy)) == 2
        if fails_at == 1:  # how many calls there are without a failure
            calls = count_calls(owner, name, published, new_pages, embedder, tmp_path)
        fails_at += 1
    assert calls >= 1


def count_calls(owner: object, name: str, published: Path, pages: Path, embedder: Embedder, tmp_path: Path) -> int:
    copy = Path(shutil.copytree(published / "index", tmp_path / "index-whole"))
    with pytest.MonkeyPatch.context() as patch:
        counting = Failing(getattr(owner, name), copy, 0, None)
        patch.setattr(owner, name, counting)
        build_index([pages], copy, embedder)
    assert served(copy) == BOTH
    return counting.calls


@pytest.mark.parametrize("said", ["", "0", "000001", "999999-00000000"])
def test_a_damaged_name_of_the_current_generation_costs_no_generation(index_dir: Path, said: str) -> None:
    (index_dir / CURRENT).write_text(said)
    before = generation_folders(index_dir)
    with writing(index_dir):
        assert generation_folders(index_dir) == before != []


def test_what_was_finished_and_not_published_is_removed(index_dir: Path) -> None:
    published = current(index_dir)
    shutil.copytree(published, published.with_name("000002-killed00"))
    with writing(index_dir):
        assert generation_folders(index_dir) == [published]


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="Linux tells which file a handle is")
def test_everything_is_on_disk_before_the_generation_is_served(
    index_dir: Path, new_pages: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    events: list[str] = []
    real_sync, real_replace = os.fsync, Path.replace

    def sync(handle: int) -> None:
        events.append(Path(f"/proc/self/fd/{handle}").readlink().name)
        real_sync(handle)

    def replace(path: Path, target: Path) -> Path:
        events.append("PUBLISHED")
        return real_replace(path, target)

    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(Path, "replace", replace)
    build_index([new_pages], index_dir, embedder)
    before = events[: events.index("PUBLISHED")]
    assert {*FILES, MANIFEST, ".scratch", GENERATIONS, f"{CURRENT}.new"} <= set(before)
    assert events[-1] == index_dir.name


def test_a_generation_tells_what_it_keeps_in_memory(index_dir: Path) -> None:
    generation = open_generation(index_dir)
    before = generation.cache_sizes()
    assert {before[name] for name in ("catalogue.article", "catalogue.chunk", "lexical_index.hash")} == {0}
    (chunk,) = generation.catalogue.chunks([0])
    generation.catalogue.article(chunk.article_id)
    generation.lexical.scores(["公园", "湿地"])
    generation.articles.scores(["公园"])
    generation.lexicon.distinct_terms(OLD)
    after = generation.cache_sizes()
    generation.close()
    changed = {name: after[name] - before[name] for name in after if after[name] != before[name]}
    own = {"catalogue.article": 1, "catalogue.chunk": 1, "lexical_index.hash": 3, "terms.find_distinct": 1}
    assert changed == own | {name: count for name, count in changed.items() if name not in own}
    assert "sentences.split" in after


def test_the_files_of_a_generation_are_those_this_test_damages(index_dir: Path) -> None:
    assert sorted(path.name for path in current(index_dir).iterdir()) == sorted([*FILES, MANIFEST])
    assert sorted(read_manifest(current(index_dir)).files) == FILES


@pytest.mark.parametrize("name", FILES)
def test_one_flipped_byte_in_a_file_is_found_before_it_is_served(index_dir: Path, name: str) -> None:
    path = current(index_dir) / name
    size = path.stat().st_size
    for place in sorted({0, 1, size // 3, size // 2, size - 2, size - 1}):
        flip(path, place)
        with pytest.raises(IndexCorruptError, match=re.escape(name)):
            open_generation(index_dir)
        flip(path, place)
    assert served(index_dir) == [OLD]


def test_one_flipped_bit_anywhere_in_the_manifest_is_found_before_it_is_served(
    index_dir: Path, embedder: Embedder
) -> None:
    path = current(index_dir) / MANIFEST
    whole = path.read_bytes()
    values = json.loads(whole)
    for place in range(0, len(whole), 3):
        flip(path, place, 1 << place % 8)
        try:
            same = json.loads(path.read_bytes()) == values  # one blank for another between the values
        except ValueError:
            same = False
        if not same:
            with pytest.raises((IndexCorruptError, IndexMismatchError), match=rf"{MANIFEST}|format \d"):
                open_generation(index_dir, embedder=embedder.spec)
        path.write_bytes(whole)


@pytest.mark.parametrize("name", [*FILES, MANIFEST])
@pytest.mark.parametrize("share", [0, 0.5, 1], ids=["emptied", "half", "one byte short"])
def test_a_truncated_file_is_found_before_it_is_served(index_dir: Path, name: str, share: float) -> None:
    path = current(index_dir) / name
    data = path.read_bytes()
    path.write_bytes(data[: int((len(data) - 1) * share)])
    with pytest.raises(IndexCorruptError, match=re.escape(name)):
        open_generation(index_dir)


@pytest.mark.parametrize("name", [*FILES, MANIFEST])
def test_a_missing_file_is_found_before_it_is_served(index_dir: Path, name: str) -> None:
    (current(index_dir) / name).unlink()
    with pytest.raises(IndexCorruptError, match=re.escape(name)):
        open_generation(index_dir)


def test_where_current_names_nothing_the_newest_generation_is_served_and_says_so(
    index_dir: Path, new_pages: Path, embedder: Embedder
) -> None:
    newest = build_index([new_pages], index_dir, embedder).manifest.generation
    path = index_dir / CURRENT
    for name in (b"", b"\n", b"\0" * 15, b"\xff\xfe", b"../../etc", newest.encode()[:-1], b"9" * 5000 + b"-0", None):
        path.unlink() if name is None else path.write_bytes(name)
        generation = open_generation(index_dir)
        assert generation.manifest.generation == newest
        assert CURRENT in str(generation.damage)
        generation.close()
        path.write_text(newest)
    for place in range(path.stat().st_size):
        flip(path, place, 0x01)
        assert served(index_dir) == BOTH
        flip(path, place, 0x01)


def test_where_the_current_generation_is_damaged_the_one_before_is_served_and_says_why(
    index_dir: Path, new_pages: Path, embedder: Embedder
) -> None:
    before = current(index_dir).name
    build_index([new_pages], index_dir, embedder)
    flip(current(index_dir) / "catalogue.sqlite", 100)
    generation = open_generation(index_dir)
    assert generation.manifest.generation == before
    assert re.search(r"catalogue\.sqlite has another SHA-256 .*wenju index PATH", str(generation.damage))
    generation.close()
    with pytest.raises(IndexCorruptError, match=r"catalogue\.sqlite"):
        open_generation(index_dir, fall_back=False)
    flip(current(index_dir) / "catalogue.sqlite", 100)
    assert served(index_dir) == BOTH


def test_no_generation_is_served_that_may_hold_what_was_withdrawn_since(
    index_dir: Path, new_pages: Path, embedder: Embedder
) -> None:
    build_index([new_pages], index_dir, embedder)
    flip(current(index_dir) / "centre.npz", 100)
    since = Withdrawn(until=generation_number(generation_folders(index_dir)[0].name))
    (index_dir / WITHDRAWN).write_bytes(Ledger(withdrawn=since, revision=1).encode())
    with pytest.raises(IndexCorruptError, match=r"centre\.npz"):
        open_generation(index_dir)
    (index_dir / WITHDRAWN).write_text("{")
    with pytest.raises(IndexCorruptError, match=f"No earlier generation is used.*{WITHDRAWN}"):
        open_generation(index_dir)


@pytest.mark.skipif(sys.platform != "linux", reason="Linux limits open files to the lowest numbers")
def test_too_many_open_files_are_no_damage(index_dir: Path, new_pages: Path, embedder: Embedder) -> None:
    import resource

    build_index([new_pages], index_dir, embedder)
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, before[1]))
    try:
        with pytest.raises(IndexAccessError, match="Too many open files"):
            open_generation(index_dir)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


@pytest.mark.parametrize("name", ["catalogue.sqlite", MANIFEST, CURRENT])
def test_indexing_repairs_what_is_damaged(name: str, index_dir: Path, new_pages: Path, embedder: Embedder) -> None:
    before = current(index_dir)
    build_index([new_pages], index_dir, embedder)
    damaged = current(index_dir)
    flip(index_dir / name if name == CURRENT else damaged / name, 5, 0x10)
    build_index([new_pages], index_dir, embedder)
    generation = open_generation(index_dir)
    assert generation.damage is None
    generation.close()
    assert served(index_dir) == BOTH
    # What is whole stays, to fall back to.
    assert generation_folders(index_dir)[0] == (damaged if name == CURRENT else before)


@pytest.mark.parametrize(
    ("name", "embedded"),
    [("articles_keys.npy", 0), ("lexical_rows.npy", 0), ("vectors.faiss", 1)],
)
def test_the_only_generation_is_repaired_from_what_of_it_is_whole(
    name: str, embedded: int, index_dir: Path, published: Path, embedder: Embedder
) -> None:
    flip(current(index_dir) / name, 100)
    built = build_index([published / "pages"], index_dir, embedder)
    assert built.manifest.counts.embedded == embedded
    assert served(index_dir) == [OLD]
    assert len(generation_folders(index_dir)) == 1


def test_an_index_without_a_whole_manifest_is_repaired_from_the_paths_given_and_refused_without(
    index_dir: Path, published: Path, embedder: Embedder
) -> None:
    (current(index_dir) / MANIFEST).unlink()
    with pytest.raises(IndexCorruptError, match=MANIFEST):
        build_index([], index_dir, embedder)
    build_index([published / "pages"], index_dir, embedder)
    assert served(index_dir) == [OLD]
    assert len(list((index_dir / GENERATIONS).iterdir())) == 1


def test_paths_indexed_before_are_known_where_a_file_of_the_generation_is_damaged(
    index_dir: Path, new_pages: Path, embedder: Embedder
) -> None:
    build_index([new_pages], index_dir, embedder)
    flip(current(index_dir) / "vectors.faiss", 100)
    build_index([], index_dir, embedder)
    assert served(index_dir) == BOTH


@pytest.mark.parametrize("lost", ["catalogue.sqlite", "vectors.faiss"])
def test_a_file_that_is_not_what_was_meant_is_not_published(
    lost: str, index_dir: Path, new_pages: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = trial.try_out

    def lose(files: NewFiles, *arguments: Any) -> None:
        path = files.folder / lost
        os.truncate(path, path.stat().st_size - 1)
        real(files, *arguments)

    monkeypatch.setattr(pipeline, "try_out", lose)
    with pytest.raises(IndexCorruptError, match=f"is not published .*{lost}"):
        build_index([new_pages], index_dir, embedder)
    assert served(index_dir) == [OLD]
    assert len(generation_folders(index_dir)) == 1


def test_two_generations_are_kept(index_dir: Path, new_pages: Path, embedder: Embedder) -> None:
    names = [current(index_dir).name]
    for number in range(3):
        (new_pages / "b.txt").write_text(NEW + "续" * number, encoding="utf-8")
        names.append(build_index([new_pages], index_dir, embedder).folder.name)
    assert [folder.name for folder in generation_folders(index_dir)] == names[-2:]
    assert sorted(path.name for path in (index_dir / GENERATIONS).iterdir()) == names[-2:]
    assert [name.split("-")[0] for name in names] == ["000001", "000002", "000003", "000004"]
    assert current(index_dir).name == names[-1]


def test_an_index_of_another_format_says_both_versions(index_dir: Path) -> None:
    path = current(index_dir) / MANIFEST
    values = {**json.loads(path.read_text()), "format": 7}
    del values["seal"]
    seal = hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()
    path.write_text(json.dumps({**values, "seal": seal}))
    with pytest.raises(IndexMismatchError, match=r"format 7, this version reads 2: rebuild"):
        open_generation(index_dir)


def test_the_index_of_another_model_names_both_and_says_what_to_do(index_dir: Path) -> None:
    other = EmbedderSpec("bge-m3", 1024, 8192, "", "")
    with pytest.raises(IndexMismatchError, match=r"'bundled' \(384.*'bge-m3' \(1024 .*--rebuild"):
        open_generation(index_dir, embedder=other)


def test_other_prompts_of_the_same_model_are_a_mismatch(index_dir: Path, embedder: Embedder) -> None:
    spec = embedder.spec
    open_generation(index_dir, embedder=spec).close()
    with pytest.raises(IndexMismatchError):
        open_generation(index_dir, embedder=EmbedderSpec(spec.name, spec.dim, spec.max_tokens, "", ""))


def test_a_folder_without_an_index_says_how_to_make_one_and_stays_as_it_was(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(IndexNotFoundError, match=f"wenju index PATH --index-dir {folder}"):
            open_generation(folder)
    assert list(tmp_path.iterdir()) == []


def test_a_second_writer_is_told_to_wait_and_changes_nothing(
    index_dir: Path, new_pages: Path, embedder: Embedder
) -> None:
    with writing(index_dir) as scratch:
        (scratch / "half").write_text("done")
        with pytest.raises(IndexBusyError, match="another process"):
            build_index([new_pages], index_dir, embedder)
        assert (scratch / "half").exists()
    assert served(index_dir) == [OLD]
    assert not scratch.exists()
    build_index([new_pages], index_dir, embedder)


CHILD = textwrap.dedent("""
    import os, signal, sys, time
    from pathlib import Path

    import numpy as np

    from index.build import build_index
    from index.embedding.embedder import EmbedderSpec

    pages, index_dir, stop_at = sys.argv[1:]

    def stop(*_arguments):
        print("here", flush=True)
        time.sleep(600)

    class Embedder:
        spec = EmbedderSpec("bundled", 384, 512, "query: ", "passage: ")

        def embed_passages(self, texts, progress=None):
            if stop_at == "embedding":
                stop()
            return np.full((len(texts), 384), 384 ** -0.5, np.float32)

        embed_queries = embed_passages

    real = Path.replace
    if stop_at == "before the swap":
        Path.replace = stop
    if stop_at == "after the swap":
        Path.replace = lambda path, target: (real(path, target), stop())
    build_index([Path(pages)], Path(index_dir), Embedder())
""")


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="POSIX only")
@pytest.mark.parametrize(
    ("stop_at", "served_after"),
    [("embedding", [OLD]), ("before the swap", [OLD]), ("after the swap", BOTH)],
)
def test_a_killed_build_leaves_a_whole_generation_and_the_next_build_works(
    stop_at: str, served_after: list[str], index_dir: Path, new_pages: Path, embedder: Embedder
) -> None:
    command = [sys.executable, "-c", CHILD, str(new_pages), str(index_dir), stop_at]
    root = ROOT
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=root) as child:
        try:
            assert child.stdout is not None
            assert child.stdout.readline() == b"here\n"
            assert served(index_dir) == served_after
            with pytest.raises(IndexBusyError):
                build_index([new_pages], index_dir, embedder)
        finally:
            child.send_signal(signal.SIGKILL)
    assert child.returncode == -signal.SIGKILL
    assert served(index_dir) == served_after
    is_anew = stop_at == "after the swap"  # the child's vectors are none
    build_index([new_pages], index_dir, embedder, BuildOptions(rebuild=is_anew))
    assert NEW in served(index_dir)
