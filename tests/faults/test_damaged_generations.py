"""Files of an index flipped, cut, emptied, removed, zeroed, swapped: found before anything is served, and got over.

More flips with --hypothesis-profile=long: 3,500 damages to files of an index instead of 370.
"""

import contextlib
import json
import os
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest
from fault_figures import Tried

from index.build import build_index
from index.embedding.embedder import Embedder
from index.errors import IndexCorruptError, IndexingError
from index.files import load_array, load_arrays
from index.search.lexical_index import LexicalIndex
from index.search.sentence_vectors import SentenceVectors
from index.search.vector_index import VectorIndex
from index.store import open_generation
from index.store.catalogue import Catalogue
from index.store.generations import CURRENT, GENERATIONS
from rag.cli import main

pytestmark = pytest.mark.fault

FLIPS = max(12, hypothesis.settings().max_examples // 16)
"""A file."""
OLD = "本报讯（记者 林亦舟）白鹭湿地公园昨日建成开放，占地六十二公顷。"
NEW = "本报讯（通讯员 简知宁）望津桥今年启动重建，新桥全长四百一十二米。区长沈若兰出席。"
QUESTION = "望津桥新桥全长多少米？"
Damage = Callable[[Path], object]


class Index:
    """An index of two generations, the second with one page more."""

    def __init__(self, folder: Path, embedder: Embedder) -> None:
        self.pages, self.folder, self.whole = folder / "pages", folder / "index", folder / "whole"
        self.pages.mkdir()
        names = []
        for name, text in (("a.txt", OLD), ("b.txt", NEW)):
            (self.pages / name).write_text(text, "utf-8")
            names.append(build_index([self.pages], self.folder, embedder).manifest.generation)
        self.before, self.current = names
        shutil.copytree(self.folder, self.whole)

    @property
    def files(self) -> list[Path]:
        """Those of the current generation."""
        return sorted((self.folder / GENERATIONS / self.current).iterdir())

    @contextlib.contextmanager
    def damaged(self, path: Path, damage: Damage) -> Iterator[bool]:
        """Do the damage until the block ends; yields whether the file is another one now."""
        whole = path.read_bytes()
        damage(path)
        try:
            yield not path.exists() or path.read_bytes() != whole
        finally:
            path.write_bytes(whole)


@pytest.fixture(scope="module")
def index(embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Index:
    return Index(tmp_path_factory.mktemp("damaged"), embedder)


def flipped(place: int, mask: int) -> Damage:
    def flip(path: Path) -> None:
        data = bytearray(path.read_bytes())
        data[place] ^= mask
        path.write_bytes(data)

    return flip


def cut_to(length: int) -> Damage:
    return lambda path: os.truncate(path, length)


def damages(path: Path, index: Index) -> Iterator[Damage]:
    """Yield what may happen to a file."""
    size = path.stat().st_size
    chance = random.Random(path.name)
    for place in {0, size - 1, *(chance.randrange(size) for _ in range(FLIPS - 2))}:
        yield flipped(place, 1 << chance.randrange(8))
    for length in (0, size // 2, size - 1):
        yield cut_to(length)
    yield Path.unlink
    yield lambda damaged: damaged.write_bytes(bytes(min(4096, size)) + damaged.read_bytes()[4096:])
    yield lambda damaged: damaged.write_bytes(damaged.read_bytes() + b"\0")
    others = [*index.files, index.folder / CURRENT]
    yield lambda damaged: shutil.copy(others[others.index(damaged) - 1], damaged)
    if path.name != CURRENT:
        yield lambda damaged: shutil.copy(index.folder / GENERATIONS / index.before / damaged.name, damaged)


def opened(index: Index) -> tuple[str, bool]:
    """Return the generation that is opened, and whether it says that it is not the one published last, or by its name."""
    generation = open_generation(index.folder)
    try:
        texts = {
            article.text
            for source in generation.catalogue.files()
            for article in generation.catalogue.articles_of(source)
        }
        assert any(OLD[10:] in text for text in texts)
        return generation.manifest.generation, generation.damage is not None
    finally:
        generation.close()


def test_a_damaged_file_is_found_before_it_is_served_and_the_generation_before_is_served(
    index: Index, tried: Tried
) -> None:
    right = of = 0
    for path in index.files:
        for damage in damages(path, index):
            with index.damaged(path, damage) as has_changed:
                of += has_changed
                right += has_changed and opened(index) == (index.before, True)
    assert opened(index) == (index.current, False)
    tried("a file of the index damaged: the generation before is served", right, of)


def test_where_current_is_damaged_the_newest_generation_is_served(index: Index, tried: Tried) -> None:
    right = of = 0
    for damage in damages(index.folder / CURRENT, index):
        with index.damaged(index.folder / CURRENT, damage):
            of += 1
            name, is_told = opened(index)
            # A blank before or behind the name says nothing else.
            right += name == index.current and (
                is_told or (index.folder / CURRENT).read_text().strip() == index.current
            )
    tried("CURRENT damaged: the newest generation is served", right, of)


def test_indexing_repairs_every_file(index: Index, embedder: Embedder, tried: Tried) -> None:
    right = of = 0
    for name in [*(path.name for path in index.files), CURRENT]:
        shutil.rmtree(index.folder)
        shutil.copytree(index.whole, index.folder)
        damage = Path.unlink if of % 2 else flipped(3, 0x20)
        damage(index.folder / CURRENT if name == CURRENT else index.folder / GENERATIONS / index.current / name)
        built = build_index([index.pages], index.folder, embedder)
        of += 1
        right += opened(index) == (built.manifest.generation, False) and built.manifest.counts.articles == 2
    shutil.rmtree(index.folder)
    shutil.copytree(index.whole, index.folder)
    tried("a damaged file of the index: indexing repairs it", right, of)


def test_what_lies_is_an_error_of_ours_also_where_nothing_checked_it_before(index: Index, tried: Tried) -> None:
    """Readers of single files, without the manifest's checksums: a typed error, or what can be read."""
    folder = index.folder / GENERATIONS / index.current
    readers: dict[str, Callable[[], object]] = {
        "vectors.faiss": lambda: VectorIndex.open(folder),
        "vector_moments.npy": lambda: VectorIndex.open(folder),
        "sentence_codes.npy": lambda: SentenceVectors.open(folder),
        "sentence_starts.npy": lambda: SentenceVectors.open(folder),
        "lexical_starts.npy": lambda: LexicalIndex.open(folder, 2),
        "article_rows.npy": lambda: load_array(folder / "article_rows.npy"),
        "centre.npz": lambda: load_arrays(folder / "centre.npz"),
        "catalogue.sqlite": lambda: read_all(folder / "catalogue.sqlite"),
    }
    right = of = 0
    for name, read in readers.items():
        for damage in damages(folder / name, index):
            with index.damaged(folder / name, damage):
                of += 1
                with contextlib.suppress(IndexingError):
                    read()
                right += 1  # any other error has ended this test
    tried("a damaged file read without its checksum: a typed error", right, of)


def read_all(path: Path) -> None:
    catalogue = Catalogue(path)
    try:
        for source in catalogue.files():
            catalogue.articles_of(source)
        catalogue.chunks([0, 1])
        catalogue.days()
        catalogue.table_digests()
    finally:
        catalogue.close()


@pytest.mark.parametrize(
    "header", [b"(9999999999999,)", b"(-1,)", b"(2, 999999999999999999999)", b"('a',)", b"()", b"(3,"]
)
def test_a_header_that_lies_of_the_size_is_damage_and_takes_no_memory(
    header: bytes, index: Index, tmp_path: Path
) -> None:
    whole = (index.folder / GENERATIONS / index.current / "lexical_rows.npy").read_bytes()
    start, end = whole.index(b"("), whole.index(b")") + 1
    path = tmp_path / "lexical_rows.npy"
    path.write_bytes(whole[:start] + header + whole[end:])
    for mapped in (True, False):
        with pytest.raises(IndexCorruptError, match=path.name):
            load_array(path, mapped=mapped)


def test_the_command_line_says_in_words_what_is_damaged(
    index: Index, tmp_path: Path, tried: Tried, capsys: pytest.CaptureFixture[str]
) -> None:
    alone, beside = tmp_path / "alone", tmp_path / "beside"
    questions = tmp_path / "questions.jsonl"
    questions.write_text(json.dumps({"id": "1", "question": QUESTION, "answers": ["412"]}), "utf-8")
    right = of = 0
    for name in ("catalogue.sqlite", "article_rows.npy"):
        for folder in (alone, beside):
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(index.folder, folder)
            os.truncate(folder / GENERATIONS / index.current / name, 100)
        shutil.rmtree(alone / GENERATIONS / index.before)
        place = ["--index-dir"]
        commands = {
            ("ask", QUESTION, "--no-llm"): (5, 0),
            ("search", QUESTION): (5, 0),
            ("eval", "answers", str(questions), "--no-llm"): (5, 0),
            ("doctor",): (1, 1),
            ("index", str(index.pages)): (0, 0),
        }
        for command, codes in commands.items():
            for folder, code in zip((alone, beside), codes, strict=True):
                of += 1
                got = main([*command, *place, str(folder)])
                said = "".join(capsys.readouterr())
                right += (
                    got == code and "Traceback" not in said and (command[0] == "index" or code == 0 or name in said)
                )
    tried("the command line over a damaged index", right, of)
