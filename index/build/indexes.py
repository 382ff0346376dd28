"""Chunks → what both retrievers of a search need: vectors of chunks and sentences, terms of chunks and articles.

What the generation before has already is taken from it.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.build.incremental import PreviousGeneration
from index.embedding.centering import EmbeddingCentering, mean_of, read_typical_questions
from index.embedding.embedder import Embedder
from index.language.normalise import simplify
from index.language.terms import Lexicon
from index.records import Float32
from index.search.lexical_index import LexicalIndex
from index.search.sentence_vectors import SentenceVectors
from index.search.vector_index import VectorIndex
from index.store.generations import ARTICLE_ROWS


def write_vector_indexes(
    texts: Sequence[str],
    statements: Sequence[Sequence[str]],
    kept: npt.NDArray[np.int64],
    embedder: Embedder,
    earlier: PreviousGeneration | None,
    folder: Path,
    report: Callable[[str, int, int], None],
) -> int:
    """Write the vectors of all chunks and of their statements; return how many chunks were embedded for it.

    Args:
        texts: (n,) of the chunks, as they are indexed.
        statements: (n,) the sentences of each chunk that are embedded by themselves.
        kept: (n,) for each chunk its row in the previous generation, -1 for a new one.
        report: called with ("embed", texts done, texts in all).
    """
    old, new = np.flatnonzero(kept >= 0), np.flatnonzero(kept < 0).tolist()
    apart = [sentence for row in new for sentence in statements[row]]
    distinct = {sentence: place for place, sentence in enumerate(dict.fromkeys(apart))}
    done = 0

    def advance(count: int) -> None:
        nonlocal done
        done += count
        report("embed", done, len(new) + len(distinct))

    def embed(some: Sequence[str]) -> Float32:
        vectors = embedder.embed_passages([simplify(text) for text in some], advance)
        return vectors.reshape(len(some), embedder.spec.dim)

    vectors = np.empty((len(kept), embedder.spec.dim), np.float32)
    vectors[new] = embed([texts[row] for row in new])
    counts = np.array([len(statements[row]) for row in new], np.int64)
    places = [distinct[sentence] for sentence in apart]
    sentences = SentenceVectors.build(embed(list(distinct))[places], counts)
    if earlier:
        vectors[old] = earlier.generation.vectors.vectors(kept[old])
        sentences = earlier.generation.sentences.updated(kept, sentences)
    VectorIndex.build(vectors).save(folder)
    sentences.save(folder)
    typical = _typical(embedder)  # type: ignore[arg-type]  # hashed by identity, as every object
    EmbeddingCentering(typical, mean_of(vectors), sentences.mean()).save(folder)
    return len(new)


@lru_cache(maxsize=1)
def _typical(embedder: Embedder) -> dict[str, Float32]:
    """The mean of each language's typical questions, a quarter of a second that one process pays once."""
    return {name: mean_of(embedder.embed_queries(asked)) for name, asked in read_typical_questions().items()}


def build_lexical_index(
    texts: Sequence[str], kept: npt.NDArray[np.int64], lexicon: Lexicon, earlier: PreviousGeneration | None
) -> LexicalIndex:
    """Return the lexical index: known chunks keep their terms, unless terms are made in another way now.

    Args:
        texts, kept: see write_vector_indexes.
    """
    if not earlier or not earlier.has_terms:
        return LexicalIndex.build(lexicon.extract_terms(text) for text in texts)
    new = (lexicon.extract_terms(texts[row]) for row in np.flatnonzero(kept < 0).tolist())
    return earlier.generation.lexical.updated(kept, new)


def write_lexical_indexes(lexical: LexicalIndex, article_rows: npt.NDArray[np.int32], scratch: Path) -> None:
    """Write the lexical index of the chunks and, derived from it, that of their articles.

    Args:
        article_rows: (n,) number of each chunk's article, ascending from 0 without a gap.
    """
    lexical.save(scratch)
    lexical.grouped(article_rows).save(scratch, "articles", updatable=False)
    np.save(scratch / ARTICLE_ROWS, article_rows)
