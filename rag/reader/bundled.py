"""The bundled reader: whether a passage answers a question, where, and whether a quote bears a statement out.

One model for all of it: the bundled encoder's layers, trained further with three heads (README.md). What it has read it
remembers, so that who asks the same of the same passage waits for nothing.
"""

import functools
import hashlib
import logging
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import lru_cache
from importlib import resources
from pathlib import Path

import numpy as np

from index.embedding.embedder import materialise, usable_cores
from index.embedding.token_embeddings import TokenEmbeddings, load_token_embeddings, open_session
from rag.errors import RerankerError
from rag.reader.encoding import make_pair, tokenize
from rag.reader.readings import MAX_READ_PASSAGES, Reading

log = logging.getLogger(__name__)

BUNDLED = "bundled"
"""The setting that names it."""
BUDGET_MS = 1000
READER_FILE = "reader.onnx"
READER_SHA256 = "a395846ed0f0aa947ef9e45a51722703d523ee477143dc0c7d125056cd23ca05"
REMEMBERED = 4096
"""Readings that are kept, two or three kilobytes each."""
TRIAL_QUESTION = "老旧小区加装电梯补贴多少？"
TRIAL_PASSAGE = (
    "关于老旧小区加装电梯补贴标准的问题，区住房城乡建设委有关负责人表示，今年的补贴将按照每部电梯的投资额核定，分两次拨付。"
    * 5
)
"""270 characters, as long as a chunk."""


class BundledReader:
    """Reads passages with the bundled model, which is opened at the first one. Thread-safe.

    Args:
        cache_dir: where the bundled encoder is written at its first use.
        budget_ms: milliseconds that it may take for one question: a machine too slow reads fewer passages.
    """

    def __init__(self, cache_dir: Path, budget_ms: int = BUDGET_MS) -> None:
        self._cache_dir = cache_dir
        self._budget_ms = budget_ms
        self._model: ReaderModel | None = None

    @property
    def limit(self) -> int:
        """Passages that it has time to read for one question, from 1 on."""
        return max(1, min(MAX_READ_PASSAGES, int(self._budget_ms / self.model.passage_ms)))

    @property
    def model(self) -> "ReaderModel":
        """The one model of this process; raises what open_model raises."""
        if self._model is None:
            self._model = load_model(self._cache_dir)
        return self._model

    def read(self, question: str, passages: Sequence[str]) -> Generator[Reading, None, None]:
        """Yield the reading of each passage; of one longer than fits, that of its beginning.

        While a core has nothing to do it reads the next one.
        """
        model, begun = self.model, None
        for number, passage in enumerate(passages):
            own: Future[Reading] | None = begun
            begun = None
            if number + 1 < len(passages) and model.cores.are_free:
                begun = model.ahead.submit(model.read, question, passages[number + 1])
            yield own.result() if own else model.read(question, passage)

    def bears_out(self, statement: str, quote: str) -> float:
        """Return the log odds that a quote, with what stands around it, bears a statement out."""
        return self.model.judge(statement, quote).borne_out


class ReaderModel:
    """The opened model; as many passages are read at once as there are cores, in the order of their coming.

    `cores` are shared by whoever reads, `ahead` reads what will be asked for next.

    Args:
        tokens: the bundled encoder's tokenizer and token vectors.
        layers: the ONNX graph of layers and heads: `embedded` (1, n, 384) → `spans` (1, n, 2), `pair` (1, 1, 2).
        clock: seconds, by which its speed is measured: the processor's own, so that what else runs at that moment does not make
            it read less for as long as it lives. (A run has one thread, this one.)
    """

    def __init__(self, tokens: TokenEmbeddings, layers: Path, clock: Callable[[], float] = time.thread_time) -> None:
        self._tokens = tokens
        self._session = open_session(layers)
        self.cores = Cores(usable_cores())
        self.ahead = ThreadPoolExecutor(usable_cores(), "reader")
        self.read = lru_cache(REMEMBERED)(self._read)
        """(question, passage) → Reading; what was read lately is not read again."""
        self.judge = lru_cache(REMEMBERED)(functools.partial(self._read, is_waited_for=True))
        """(statement, quote) → Reading; before what is read for questions."""
        self._read(TRIAL_QUESTION, TRIAL_PASSAGE)  # the first one also warms up
        started = clock()
        self._read(TRIAL_QUESTION, TRIAL_PASSAGE)
        self.passage_ms = (clock() - started) * 1000
        """Milliseconds that a passage takes on a core of this machine."""

    def _read(self, query: str, passage: str, *, is_waited_for: bool = False) -> Reading:
        tokenizer = self._tokens.tokenizer
        pair = make_pair(tokenize(tokenizer, query), tokenize(tokenizer, passage))
        # In turn: a question among others gets a core for a passage, not for all of its passages.
        with self.cores.one(is_first=is_waited_for):
            embedded = self._tokens.embed(list(pair.ids))
            places, judged = self._session.run(None, {"embedded": embedded})
        logits = places[0, pair.first : pair.first + len(pair.spans)]
        powers = np.exp(logits - logits.max(axis=0, initial=0.0))
        starts, ends = (powers / np.maximum(powers.sum(axis=0), np.finfo(np.float32).tiny)).T
        odds, borne_out = map(float, judged[0, 0])
        return Reading(odds, borne_out, pair.spans, starts, ends)


class Cores:
    """So many that may compute at a time; who is in the middle of an answer goes before who has not seen any of his."""

    def __init__(self, count: int) -> None:
        self._free = count
        self._first_waiting = 0
        self._changed = threading.Condition()

    @property
    def are_free(self) -> bool:
        """Whether one has nothing to do, and nobody waits for it."""
        return self._free > 0 and not self._first_waiting

    @contextmanager
    def one(self, *, is_first: bool) -> Iterator[None]:
        """Have one until the block ends."""
        with self._changed:
            self._first_waiting += is_first
            self._changed.wait_for(lambda: self._free and (is_first or not self._first_waiting))
            self._first_waiting -= is_first
            self._free -= 1
        try:
            yield
        finally:
            with self._changed:
                self._free += 1
                self._changed.notify_all()


@lru_cache(maxsize=1)
def load_model(cache_dir: Path) -> ReaderModel:
    """Return the one model of this process; see open_model."""
    return open_model(cache_dir)


def open_model(cache_dir: Path) -> ReaderModel:
    """Check and open the weights that come with the package.

    Raises:
        RerankerError: the file is missing, or is not the one that it should be.
        EmbeddingModelError: the bundled encoder, on which they stand, cannot be had.
    """
    path = Path(str(resources.files(__package__) / READER_FILE))
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise RerankerError(
            f"{path}: the reader's weights cannot be read: {error}; install the package again"
        ) from error
    if found != READER_SHA256:
        raise RerankerError(f"{path}: not the reader's weights (SHA-256 differs); install the package again")
    model = ReaderModel(load_token_embeddings(materialise(cache_dir)), path)
    log.info("reader: %.0f ms a passage", model.passage_ms)
    return model
