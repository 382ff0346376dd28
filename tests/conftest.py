"""Fixtures shared by all tests: the network guard, one embedder, the sample's index."""

import functools
import ipaddress
import json
import os
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from archive import Lines
from fault_figures import pytest_terminal_summary, tried
from grounders import Ground, grounder_of
from hypothesis import settings
from llm_server import LLMServer, status, streamed
from town import TOWN

from index.build import build_index
from index.embedding.embedder import Embedder, load_embedder
from index.language.terms import Lexicon
from index.store import Generation, open_generation
from rag.config import Settings, default_cache_dir, load_settings
from rag.reader.bundled import BundledReader
from rag.records import Query, Timings
from rag.retrieval.translation.concepts import translate_query
from rag.retrieval.translation.dictionary import load_words
from rag.verification.archive import Archive, archive_of

if TYPE_CHECKING:
    from api_server import Service
    from page_server import Open
    from playwright.sync_api import Browser

__all__ = ["pytest_terminal_summary", "tried"]  # pytest takes both from here

LONG_EXAMPLES = 3000
"""Of what is fuzzed with --hypothesis-profile=long."""
settings.register_profile("long", max_examples=LONG_EXAMPLES, deadline=None)
# The same examples at every run: a new machine and CI see what was seen here. Others are looked for with the long profile.
settings.register_profile("steady", derandomize=True, database=None)
settings.load_profile("steady")

# Nothing that an operator's shell sets may change what the tests see.
for _name in [name for name in os.environ if name.startswith(("WENJU_", "OPENAI_"))]:
    del os.environ[_name]


@pytest.fixture(autouse=True)
def _nothing_beyond_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail any connection to another machine, and any look-up of another machine's name."""
    connect, look_up = socket.socket.connect, socket.getaddrinfo

    def is_local(host: object) -> bool:
        text = host.decode() if isinstance(host, bytes) else str(host)
        if text in {"", "localhost", "None"} or ".." in text:  # a name with an empty label is never sent anywhere
            return True
        try:
            return ipaddress.ip_address(text).is_loopback
        except ValueError:
            return False

    def guarded_connect(self: socket.socket, address: object) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6}:
            assert isinstance(address, tuple)
            assert is_local(address[0]), f"a test tried to reach {address}"
        connect(self, address)  # type: ignore[arg-type]

    def guarded_look_up(host: object, *arguments: object, **options: object) -> object:
        assert is_local(host), f"a test tried to look up {host!r}"
        return look_up(host, *arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded_connect)
    monkeypatch.setattr(socket, "getaddrinfo", guarded_look_up)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def cache_dir() -> Path:
    """The user's cache, so that the bundled model is written once for demo and tests."""
    return default_cache_dir()


@pytest.fixture(scope="session")
def embedder(cache_dir: Path) -> Embedder:
    return load_embedder("bundled", cache_dir)


@pytest.fixture(scope="session")
def reader(cache_dir: Path) -> BundledReader:
    """The reader that comes with the package."""
    return BundledReader(cache_dir)


@pytest.fixture(scope="session")
def sample_pages() -> Iterator[Path]:
    with resources.as_file(resources.files("rag") / "sample" / "pages") as pages:
        yield pages


@pytest.fixture(scope="session")
def sample_index_dir(embedder: Embedder, sample_pages: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the sample; tests that write make their own copy."""
    index_dir = tmp_path_factory.mktemp("sample-index")
    build_index([sample_pages], index_dir, embedder)
    return index_dir


@pytest.fixture(scope="session")
def base(sample_index_dir: Path, cache_dir: Path) -> Settings:
    """Settings over the sample's index, without an LLM; as many requests a minute as a test makes."""
    settings = load_settings({}, None)
    return replace(settings, index_dir=sample_index_dir, cache_dir=cache_dir, rate_per_address=0, rate_per_key=0)


@pytest.fixture(scope="session")
def sample(sample_index_dir: Path, embedder: Embedder) -> Iterator[Generation]:
    generation = open_generation(sample_index_dir, embedder=embedder.spec)
    yield generation
    generation.close()


@pytest.fixture(scope="module")
def site(base: Settings) -> Iterator["Service"]:
    """The service over the sample's index, without an LLM."""
    from api_server import running

    with running(base) as started:
        yield started


@pytest.fixture(scope="module")
def llm() -> Iterator[LLMServer]:
    """An LLM's server that says what is right, until a test has it play something else."""
    from api_server import RIGHT

    with LLMServer(streamed(RIGHT)) as server:
        yield server


@pytest.fixture
def server() -> Iterator[LLMServer]:
    """An LLM's server that is broken, until a test has it play something else."""
    with LLMServer(status(500)) as running:
        yield running


@pytest.fixture
def ground(sample: Generation, embedder: Embedder, reader: BundledReader) -> Ground:
    """What is found for a question in the sample's index."""
    return lambda question: grounder_of(sample, embedder, reader).ground(Query(question), question, Timings())


@pytest.fixture(scope="module")
def talking(base: Settings, llm: LLMServer) -> Iterator["Service"]:
    """The service over the sample's index, with that LLM."""
    from api_server import running

    with running(replace(base, openai_base_url=llm.base_url, openai_model="test-model")) as started:
        yield started


@pytest.fixture(scope="module")
def pulsing(base: Settings, llm: LLMServer) -> Iterator["Service"]:
    """The same with a heartbeat every twentieth of a second."""
    from api_server import PULSING, running

    settings = replace(base, openai_base_url=llm.base_url, openai_model="test-model")
    with running(settings, PULSING) as started:
        yield started


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """A Chromium; of one module only, since playwright's event loop would be in the way of other tests' loops."""
    from page_server import CHROMIUM, launched

    assert CHROMIUM
    with launched(CHROMIUM) as browser:
        yield browser


@pytest.fixture
def open_page(browser: "Browser") -> Iterator["Open"]:
    """Opens pages, which may not raise, break their policy or ask other origins."""
    from page_server import watched_pages

    with watched_pages(browser) as open_at:
        yield open_at


@pytest.fixture(scope="session")
def make_archive(
    embedder: Embedder, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[Lines], Generation]]:
    """Lines of a corpus (_id, title, date, text …) → an opened index of them."""
    opened: list[Generation] = []

    def make(lines: Lines) -> Generation:
        folder = tmp_path_factory.mktemp("archive")
        corpus = folder / "articles.jsonl"
        corpus.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), "utf-8")
        build_index([corpus], folder / "index", embedder)
        opened.append(open_generation(folder / "index", embedder=embedder.spec))
        return opened[-1]

    yield make
    for generation in opened:
        generation.close()


@pytest.fixture(scope="session")
def town(make_archive: Callable[[Lines], Generation]) -> Generation:
    """An index of the made-up reports of tests/support/town.py."""
    return make_archive(TOWN)


@pytest.fixture(scope="session")
def lexicon(town: Generation) -> Lexicon:
    """The town's."""
    return town.lexicon


@pytest.fixture(scope="session")
def town_archive(town: Generation, reader: BundledReader, cache_dir: Path) -> Archive:
    """What is known of the town beside its passages."""
    translate = functools.partial(
        translate_query, words=load_words(cache_dir), lexicon=town.lexicon, lexical=town.lexical
    )
    return archive_of(town, reader.bears_out, translate)
