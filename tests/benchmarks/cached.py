"""The bundled embedder with a memory on disk, so that a text common to several pipelines is embedded once."""

import hashlib
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import platformdirs

from index.embedding.embedder import BUNDLED, BUNDLED_RECIPE, Embedder, EmbedderSpec, load_embedder
from index.records import Float32

BLOCK = 512
"""Texts between two writes to disk: half a minute's work that an interruption may lose."""


class CachedEmbedder:
    """An Embedder that computes only what the cache lacks. Several processes may fill one cache.

    The cache is a folder of .npz files: `keys` (n, 16) uint8, BLAKE2b of prompt and text; `vectors` (n, dim) float32.

    Args:
        inner: None loads the bundled model at the first text that the cache lacks.
        folder: None keeps vectors in memory only.
    """

    def __init__(self, folder: Path | None, inner: Embedder | None = None) -> None:
        self._folder = folder / BUNDLED_RECIPE if folder else None
        self._inner = inner
        self._known: dict[bytes, Float32] = {}
        self.seconds = 0.0
        """Of the processor, spent computing and looking up vectors so far; what is left of a run is the pipeline's own."""
        self.computed = 0
        if self._folder:
            self._folder.mkdir(parents=True, exist_ok=True)
            for file in sorted(self._folder.glob("*.npz")):
                with np.load(file) as held:
                    self._known.update(zip(map(bytes, held["keys"]), held["vectors"], strict=True))

    @property
    def spec(self) -> EmbedderSpec:
        """The bundled model's."""
        return self._model().spec

    def embed_queries(self, texts: Sequence[str]) -> Float32:
        """(n, dim); see Embedder."""
        return self._embed("query", texts, lambda missing: self._model().embed_queries(missing), None)

    def embed_passages(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Float32:
        """(n, dim); see Embedder."""
        return self._embed("passage", texts, lambda missing: self._model().embed_passages(missing), progress)

    def _embed(
        self,
        kind: str,
        texts: Sequence[str],
        compute: Callable[[Sequence[str]], Float32],
        progress: Callable[[int], None] | None,
    ) -> Float32:
        started = time.process_time()
        keys = [hashlib.blake2b(f"{kind}\0{text}".encode(), digest_size=16).digest() for text in texts]
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._known}
        # Long texts beside long ones: no worker waits for the other's last text.
        order = sorted(missing, key=lambda key: len(missing[key]))
        for start in range(0, len(order), BLOCK):
            block = order[start : start + BLOCK]
            vectors = compute([missing[key] for key in block])
            self._known.update(zip(block, vectors, strict=True))
            self._keep(block, vectors)
            self.computed += len(block)
            if progress:
                progress(len(block))
        if progress:
            progress(len(texts) - len(order))
        out = (
            np.array([self._known[key] for key in keys], np.float32)
            if keys
            else np.empty((0, self.spec.dim), np.float32)
        )
        self.seconds += time.process_time() - started
        return out

    def _model(self) -> Embedder:
        if self._inner is None:
            self._inner = load_embedder(BUNDLED, platformdirs.user_cache_path("wenju", appauthor=False))
        return self._inner

    def _keep(self, keys: Sequence[bytes], vectors: Float32) -> None:
        if not self._folder:
            return
        name = f"{time.time_ns()}-{os.getpid()}"
        scratch = self._folder / f"{name}.part"
        with scratch.open("wb") as file:
            np.savez(file, keys=np.frombuffer(b"".join(keys), np.uint8).reshape(-1, 16), vectors=vectors)
        scratch.rename(scratch.with_suffix(".npz"))  # whole or not at all: another process may be reading
