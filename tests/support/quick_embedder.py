"""An embedder that counts characters: of the bundled one's spec, for tests that build hundreds of indexes."""

import hashlib
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from index.embedding.embedder import EmbedderSpec
from index.records import Float32


class QuickEmbedder:
    """Texts with the same characters are near each other."""

    spec = EmbedderSpec("bundled", 384, 512, "query: ", "passage: ")

    def _embed(self, texts: Sequence[str]) -> Float32:
        rows = np.full((len(texts), self.spec.dim), 1e-3, np.float32)
        for row, text in enumerate(texts):
            for character in text:
                digest = hashlib.blake2b(character.encode(), digest_size=2).digest()
                rows[row, int.from_bytes(digest, "big") % self.spec.dim] += 1
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)

    def embed_queries(self, texts: Sequence[str]) -> Float32:
        return self._embed(texts)

    def embed_passages(self, texts: Sequence[str], progress: Callable[[int], Any] | None = None) -> Float32:
        if progress:
            progress(len(texts))
        return self._embed(texts)
