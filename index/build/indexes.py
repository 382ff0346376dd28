"""Chunks → what both retrievers of a search need: vectors of chunks and sentences, terms of chunks and articles.

What the generation before has already is taken from it.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from index.build.contents import ChunkTexts
from index.build.incremental import PreviousGeneration
from index.build.kept_vectors import KeptVectors
from index.build.options import Progress
from index.embedding.centering import EmbeddingCentering, mean_of, typical_question_means
from index.files import NewFiles
from index.language.normalise import simplify
from index.language.terms import Lexicon
from index.records import Float32
from index.search.lexical_index import LexicalIndex
from index.search.sentence_vectors import SentenceVectors
from index.search.vector_index import VectorIndex
from index.store.generations import ARTICLE_ROWS


def find_reused_rows(chunks: ChunkTexts, previous: PreviousGeneration | None) -> npt.NDArray[np.int64]:
    """Return (n,) for each chunk the row of the same text in the previous generation, -1 for a new one."""
    return previous.reused_rows(chunks.digests) if previous else np.full(len(chunks.digests), -1)


def write_vector_indexes(
    chunks: ChunkTexts,
    reused_rows: npt.NDArray[np.int64],
    embedder: KeptVectors,
    previous: PreviousGeneration | None,
    into: NewFiles,
    report: Progress,
) -> int:
    """Write the vectors of all chunks and of their statements; return how many chunks were embedded for it.

    Args:
        chunks: n of them.
        reused_rows: (n,) as `find_reused_rows` returns them.
        embedder: knows what a run that was stopped has embedded.
        into: where they are written.
        report: called with ("embed", texts done, texts in all).
    """
    known = previous.remains if previous else None
    if not known or not known.vectors or not known.sentences:
        known, reused_rows = None, np.full(len(reused_rows), -1)
    old, new = np.flatnonzero(reused_rows >= 0), np.flatnonzero(reused_rows < 0).tolist()
    apart = [sentence for row in new for sentence in chunks.statements[row]]
    distinct = {sentence: place for place, sentence in enumerate(dict.fromkeys(apart))}
    done = 0

    def advance(count: int) -> None:
        nonlocal done
        done += count
        report("embed", done, len(new) + len(distinct))

    def embed(some: Sequence[str]) -> Float32:
        vectors = embedder.embed_passages([simplify(text) for text in some], advance)
        return vectors.reshape(len(some), embedder.spec.dim)

    made = sum(not embedder.has(simplify(chunks.texts[row])) for row in new)
    vectors = np.empty((len(reused_rows), embedder.spec.dim), np.float32)
    vectors[new] = embed([chunks.texts[row] for row in new])
    counts = np.array([len(chunks.statements[row]) for row in new], np.int64)
    places = [distinct[sentence] for sentence in apart]
    sentences = SentenceVectors.build(embed(list(distinct))[places], counts)
    if known and known.vectors and known.sentences:
        vectors[old] = known.vectors.vectors(reused_rows[old])
        sentences = known.sentences.updated(reused_rows, sentences)
    VectorIndex.build(vectors).save(into)
    sentences.save(into)
    EmbeddingCentering(typical_question_means(embedder), mean_of(vectors), sentences.mean()).save(into)
    return made


def build_lexical_index(
    texts: Sequence[str], reused_rows: npt.NDArray[np.int64], lexicon: Lexicon, previous: PreviousGeneration | None
) -> LexicalIndex:
    """Return the lexical index: known chunks keep their terms, unless terms are made in another way now.

    Args:
        texts: (n,) of the chunks, as they are indexed.
        reused_rows: (n,) as `find_reused_rows` returns them.
    """
    known = previous.terms if previous else None
    if known is None:
        return LexicalIndex.build(lexicon.extract_terms(text) for text in texts)
    new = (lexicon.extract_terms(texts[row]) for row in np.flatnonzero(reused_rows < 0).tolist())
    return known.updated(reused_rows, new)


def write_lexical_indexes(lexical: LexicalIndex, article_rows: npt.NDArray[np.int32], into: NewFiles) -> None:
    """Write the lexical index of the chunks and, derived from it, that of their articles.

    Args:
        article_rows: (n,) number of each chunk's article, ascending from 0 without a gap.
        into: where they are written.
    """
    lexical.save(into)
    lexical.grouped(article_rows).save(into, "articles", updatable=False)
    into.add_array(ARTICLE_ROWS, article_rows)
