"""A build on a disk that fills up, fails or forgets: a typed error, and the generation before goes on being served.

More places with --hypothesis-profile=long: every write instead of one in six, every size of a file that is allowed.
"""

import json
import os
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import hypothesis
import pytest
from fault_figures import Tried
from repository import ROOT

from index.build import build_index
from index.embedding.embedder import Embedder
from index.errors import IndexCorruptError, IndexWriteError
from index.files import HashedFile
from index.store import open_generation
from rag.cli import main

pytestmark = pytest.mark.fault

EVERY = 1 if hypothesis.settings().max_examples > 1000 else 6
OLD = "本报讯（记者 林亦舟）白鹭湿地公园昨日建成开放，占地六十二公顷。"
NEW = "本报讯（通讯员 简知宁）望津桥今年启动重建，新桥全长四百一十二米。"


class Site:
    """An index of one page, and a second page that a build is to add."""

    def __init__(self, folder: Path, embedder: Embedder) -> None:
        self.embedder, self.pages, self.index_dir = embedder, folder / "pages", folder / "index"
        self._whole = folder / "whole"
        self.pages.mkdir()
        (self.pages / "a.txt").write_text(OLD, "utf-8")
        build_index([self.pages], self._whole, embedder)
        (self.pages / "b.txt").write_text(NEW, "utf-8")
        self.reset()

    def reset(self) -> None:
        shutil.rmtree(self.index_dir, ignore_errors=True)
        shutil.copytree(self._whole, self.index_dir)

    def build(self) -> None:
        build_index([self.pages], self.index_dir, self.embedder)

    @property
    def served(self) -> list[str]:
        generation = open_generation(self.index_dir)
        try:
            assert generation.damage is None
            return sorted(generation.catalogue.files())
        finally:
            generation.close()

    def is_got_over(self) -> bool:
        """Whether the old generation is served, nothing of the new one is left, and the next build succeeds."""
        kept = self.served == ["a.txt"] and len(list((self.index_dir / "generations").iterdir())) == 1
        self.build()
        return kept and self.served == ["a.txt", "b.txt"]


@pytest.fixture(scope="module")
def site(embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Site:
    return Site(tmp_path_factory.mktemp("lost"), embedder)


def counted(site: Site, patch: Callable[[pytest.MonkeyPatch, int, list[int]], None]) -> int:
    """Return how many calls a build makes of what is patched."""
    site.reset()
    calls = [0]
    with pytest.MonkeyPatch.context() as monkeypatch:
        patch(monkeypatch, 0, calls)
        site.build()
    return calls[0]


def forgetting(monkeypatch: pytest.MonkeyPatch, at: int, calls: list[int]) -> None:
    """Let the disk forget the last byte of the n-th file that it has said to have, without an error."""
    real = os.fsync

    def sync(handle: int) -> None:
        real(handle)
        path = Path(f"/proc/self/fd/{handle}").resolve()
        if path.parent.name == ".scratch" and path.is_file():
            calls[0] += 1
            if calls[0] == at:
                os.truncate(path, path.stat().st_size - 1)

    monkeypatch.setattr(os, "fsync", sync)


def failing(monkeypatch: pytest.MonkeyPatch, at: int, calls: list[int]) -> None:
    """Let the n-th write to an array find a full disk."""
    real = HashedFile.write

    def write(file: HashedFile, data: bytes) -> int:
        calls[0] += 1
        if calls[0] == at:
            raise OSError(28, "No space left on device")
        return real(file, data)

    monkeypatch.setattr(HashedFile, "write", write)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="Linux tells which file a handle is")
def test_what_the_disk_forgot_without_an_error_is_not_published(site: Site, tried: Tried) -> None:
    right = of = 0
    for at in range(1, counted(site, forgetting) + 1):
        site.reset()
        with pytest.MonkeyPatch.context() as monkeypatch:
            forgetting(monkeypatch, at, [0])
            with pytest.raises(IndexCorruptError, match=r"is not published|manifest\.json"):
                site.build()
        of += 1
        right += site.is_got_over()
    tried("the end of a file lost without an error: not published", right, of)


def test_a_full_disk_is_told_and_changes_nothing(site: Site, tried: Tried) -> None:
    right = of = 0
    for at in range(1, counted(site, failing) + 1, EVERY):
        site.reset()
        with pytest.MonkeyPatch.context() as monkeypatch:
            failing(monkeypatch, at, [0])
            with pytest.raises(IndexWriteError, match=f"{site.index_dir}.* the disk is full"):
                site.build()
        of += 1
        right += site.is_got_over()
    tried("the n-th write finds a full disk", right, of)


LIMITED = textwrap.dedent("""
    import json, resource, shutil, sys
    from pathlib import Path

    import numpy as np

    from index.build import build_index
    from index.embedding.embedder import EmbedderSpec
    from index.store import open_generation

    pages, whole, index_dir, sizes = Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), json.loads(sys.argv[4])

    class Embedder:
        spec = EmbedderSpec("bundled", 384, 512, "query: ", "passage: ")

        def embed_passages(self, texts, progress=None):
            return np.full((len(texts), 384), 384 ** -0.5, np.float32)

        embed_queries = embed_passages

    for size in sizes:
        shutil.rmtree(index_dir, ignore_errors=True)
        shutil.copytree(whole, index_dir)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
        try:
            build_index([pages], index_dir, Embedder())
            said = "done"
        except Exception as error:
            said = type(error).__name__
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        generation = open_generation(index_dir)
        print(json.dumps([said, len(generation.catalogue.files()), generation.damage is None]))
        generation.close()
""")


@pytest.mark.skipif(sys.platform != "linux", reason="Linux limits the size of files")
def test_files_that_may_not_grow_are_told_and_change_nothing(site: Site, tmp_path: Path, tried: Tried) -> None:
    sizes = [*range(0, 16_384, 256 * EVERY), *range(16_384, 240_000, 8192 * EVERY), 1_200_000]
    places = map(str, (site.pages, site._whole, tmp_path / "index"))
    command = [sys.executable, "-c", LIMITED, *places, json.dumps(sizes)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    outcomes = [tuple(json.loads(line)) for line in done.stdout.splitlines()]
    assert outcomes[-1] == ("done", 2, True)
    right = sum(outcome in {("IndexWriteError", 1, True), ("done", 2, True)} for outcome in outcomes)
    tried("files that may not grow beyond a size", right, len(sizes))


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may mount a small disk")
def test_the_command_line_names_the_folder_and_the_full_disk(
    site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str], tried: Tried
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    size_kb = sum(file.stat().st_size for file in site._whole.rglob("*") if file.is_file()) // 1024
    right = of = 0
    for more_kb in (300, 900):
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={size_kb + more_kb}k", "tmpfs", disk],
            check=False,
            capture_output=True,
        )
        if mounted.returncode:
            pytest.skip("may not mount")
        try:
            shutil.copytree(site._whole, disk / "index")
            code = main(["index", str(site.pages), "--index-dir", str(disk / "index")])
            said = capsys.readouterr().err
            asked = main(["ask", "白鹭湿地公园占地多少公顷？", "--no-llm", "--index-dir", str(disk / "index")])
            capsys.readouterr()
        finally:
            subprocess.run(["umount", "-l", disk], check=True)
        of += 1
        is_told = code == 3 and "the disk is full" in said and str(disk / "index") in said and "Traceback" not in said
        right += asked == 0 and (code == 0 or is_told)
    tried("a disk that is too small: told in words, and questions go on", right, of)
