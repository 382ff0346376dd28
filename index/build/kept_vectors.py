"""Vectors of a build that is under way, kept in the index folder: one that is killed is not embedded again.

    texts ─ known by their digest? ─ yes ─► vector            every so many ─► .embedded/<SHA-256>.npz
                                     no ──► embedder ─► vector ──┘               │ the next build believes what its
                                                                                └─ name says; dropped when published

No reader of the index looks there, for the name begins with a dot.
"""

import contextlib
import hashlib
import io
import json
import logging
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np

from index.embedding.embedder import Embedder, EmbedderSpec
from index.files import private_file
from index.records import Float32
from index.store.durable import make_folder

KEPT = ".embedded"
BATCH = 64
"""Texts that are embedded between two looks at what is to be kept: a second's work, all that a kill costs."""
GROWTH = 16
"""A file has at least this part of what is kept already, so that a large build has hundreds of files and no thousands."""
MAX_KEPT_BYTES = 2**30
"""Of all files: a hundred thousand chunks with their sentences."""
ROOM = 4
"""Times the size of what is to be embedded must be free on the disk: the index itself comes first."""
DIGEST_BYTES = 16
log = logging.getLogger(__name__)


class KeptVectors:
    """An Embedder that keeps what it embeds until the generation is published. For one thread.

    Args:
        embedder: makes what is not kept.
        index_dir: the index folder; its writer's lock must be held.
    """

    def __init__(self, embedder: Embedder, index_dir: Path) -> None:
        self.spec = embedder.spec
        self._embedder = embedder
        self._folder = index_dir / KEPT
        self._vectors: dict[bytes, Float32] = {}
        self._size = 0
        self._pending: list[bytes] = []
        self._keeps = True
        for digests, vectors in self._read():
            self._vectors.update(zip(digests, vectors, strict=True))

    def has(self, text: str) -> bool:
        """Whether the vector of a text is known."""
        return _digest(text) in self._vectors

    def embed_queries(self, texts: Sequence[str]) -> Float32:
        """Return (n, dim); see Embedder. Nothing is kept of questions."""
        return self._embedder.embed_queries(texts)

    def embed_passages(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Float32:
        """Return (n, dim); see Embedder."""
        digests = [_digest(text) for text in texts]
        missing = [row for row, digest in enumerate(digests) if digest not in self._vectors]
        if progress and len(missing) < len(texts):
            progress(len(texts) - len(missing))
        self._keeps = self._keeps and self._has_room(len(missing))
        out = np.empty((len(texts), self.spec.dim), np.float32)
        for start in range(0, len(missing), BATCH):
            rows = missing[start : start + BATCH]
            out[rows] = self._embedder.embed_passages([texts[row] for row in rows], progress)
            if self._keeps:
                self._vectors.update((digests[row], out[row]) for row in rows)
                self._pending += [digests[row] for row in rows]
                self._flush()
        is_missing = set(missing)
        for row, digest in enumerate(digests):
            if row not in is_missing:
                out[row] = self._vectors[digest]
        return out

    def drop(self) -> None:
        """Remove what is kept: it is published, or the room is wanted."""
        self._vectors, self._pending, self._keeps = {}, [], False
        shutil.rmtree(self._folder, ignore_errors=True)

    def _has_room(self, count: int) -> bool:
        needed = count * self.spec.dim * 4
        with contextlib.suppress(OSError):
            free = shutil.disk_usage(self._folder.parent).free
            return free >= ROOM * needed and self._size + needed <= MAX_KEPT_BYTES
        return False

    def _flush(self) -> None:
        if len(self._pending) < max(BATCH, len(self._vectors) // GROWTH):
            return
        held = io.BytesIO()
        digests = np.frombuffer(b"".join(self._pending), np.uint8).reshape(-1, DIGEST_BYTES)
        vectors = np.stack([self._vectors[digest] for digest in self._pending])
        np.savez(held, allow_pickle=False, digests=digests, vectors=vectors, made_by=np.array(_made_by(self.spec)))
        content = held.getvalue()
        path = self._folder / f"{hashlib.sha256(content).hexdigest()}.npz"
        try:
            make_folder(self._folder)
            with private_file(path) as file:
                file.write(content)
        except OSError as error:
            log.warning("%s: what is embedded is not kept, should this run be stopped: %s", self._folder, error)
            self.drop()
            return
        self._size += len(content)
        self._pending = []

    def _read(self) -> Iterator[tuple[list[bytes], Float32]]:
        """What an earlier run kept, of the same model; a file that is not whole, or of another one, is removed."""
        for path in sorted(self._folder.glob("*")) if self._folder.is_dir() else ():
            try:
                content = path.read_bytes()
                if hashlib.sha256(content).hexdigest() != path.stem:
                    raise ValueError("not what was written")
                with np.load(io.BytesIO(content)) as held:
                    if str(held["made_by"]) != _made_by(self.spec):
                        raise ValueError("of another model")
                    digests, vectors = [bytes(row) for row in held["digests"]], held["vectors"]
                self._size += len(content)
                yield digests, vectors
            except (OSError, ValueError, KeyError) as error:
                log.warning("%s is not used: %s", path, error)
                with contextlib.suppress(OSError):
                    path.unlink()


def drop_kept(index_dir: Path) -> None:
    """Remove what an earlier run kept, unseen."""
    shutil.rmtree(index_dir / KEPT, ignore_errors=True)


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=DIGEST_BYTES).digest()


def _made_by(spec: EmbedderSpec) -> str:
    return json.dumps(asdict(spec), sort_keys=True)
