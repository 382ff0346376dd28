"""Takes off embeddings half of what they all have in common, so that what tells them apart counts.

The vectors of a multilingual model share a large part that says only "a question", "a passage", "English". Half of the
mean of a few typical questions is taken off a question, half of the archive's mean off a passage. Measured on XQuAD,
English questions over Chinese paragraphs, hit@1 of the dense retriever: .73 without, .76 with it; Chinese ones .907 and .909.
Taking off the whole mean costs the Chinese ones a point. (Related: all-but-the-top, Mu & Viswanath 2018.)
"""

import json
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from weakref import WeakKeyDictionary

import numpy as np

from index.embedding.embedder import Embedder
from index.errors import IndexCorruptError
from index.files import REPAIR, NewFiles, load_arrays
from index.records import Float32

CENTERING_FILE = "centre.npz"
REMOVED_SHARE = 0.5
"""Of the mean, that is taken off; see above for what the whole of it costs."""


def read_typical_questions() -> dict[str, list[str]]:
    """Return the typical questions of each language that the package ships: "zh", "en"."""
    text = (resources.files(__package__) / "typical_questions.json").read_text("utf-8")
    return json.loads(text)  # type: ignore[no-any-return]


# An entry lives as long as its embedder. A quarter of a second each, which every build of an embedder needs.
_TYPICAL_MEANS: WeakKeyDictionary[Embedder, dict[str, Float32]] = WeakKeyDictionary()


def typical_question_means(embedder: Embedder) -> dict[str, Float32]:
    """Return language → (dim,) mean of its typical questions, as this embedder has them."""
    means = _TYPICAL_MEANS.get(embedder)
    if means is None:
        means = {name: mean_of(embedder.embed_queries(asked)) for name, asked in read_typical_questions().items()}
        _TYPICAL_MEANS[embedder] = means
    return means


class EmbeddingCentering:
    """The means of typical questions, of all chunks and of all sentences of an archive.

    Args:
        questions: language → (dim,) mean.
        chunks, sentences: (dim,) means.
    """

    def __init__(self, questions: Mapping[str, Float32], chunks: Float32, sentences: Float32) -> None:
        self._questions = dict(questions)
        self._chunks, self._sentences = chunks, sentences

    def save(self, files: NewFiles) -> None:
        """Write the means."""
        means = {**self._questions, "chunks": self._chunks, "sentences": self._sentences}
        files.add_arrays(CENTERING_FILE, means)

    @classmethod
    def open(cls, folder: Path) -> "EmbeddingCentering":
        """Open what `save` wrote.

        Raises:
            IndexCorruptError: it is missing or damaged, or lacks a mean.
        """
        means = load_arrays(folder / CENTERING_FILE)
        if missing := {"chunks", "sentences", *read_typical_questions()} - means.keys():
            raise IndexCorruptError(f"{folder / CENTERING_FILE} lacks {', '.join(sorted(missing))}; {REPAIR}")
        return cls(means, means.pop("chunks"), means.pop("sentences"))

    def centre_question(self, vector: Float32, language: str) -> Float32:
        """Return (dim,) of length 1, from a question's vector and the language it is in."""
        return _without_mean(vector, self._questions[language])

    def centre_chunks(self, vectors: Float32) -> Float32:
        """Return (n, dim) with rows of length 1, from those of chunks."""
        return _without_mean(vectors, self._chunks)

    def centre_sentences(self, vectors: Float32) -> Float32:
        """Return (n, dim) with rows of length 1, from those of sentences."""
        return _without_mean(vectors, self._sentences)


def mean_of(vectors: Float32 | Sequence[Float32]) -> Float32:
    """Return the (dim,) mean of (n, dim) vectors."""
    return np.asarray(np.mean(vectors, axis=0), np.float32)


def _without_mean(vectors: Float32, mean: Float32) -> Float32:
    rest = vectors - REMOVED_SHARE * mean
    length = np.linalg.norm(rest, axis=-1, keepdims=True)
    return np.asarray(rest / np.maximum(length, np.finfo(np.float32).tiny), np.float32)
