"""One retriever alone, two fused by rank, and Wenju itself, over Wenju's own chunks.

dense           exact cosine over the chunks' vectors, best chunk first
bm25-bigrams    BM25 over character bigrams (Latin words and numbers whole, and the spellings that `index.language.terms` unifies)
bm25-words      BM25 over the words that the segmenter finds (search mode: long words with the short ones in them)
bm25-both       BM25 over both, as Wenju's lexical retriever has them
rrf             dense and bm25-both, fused by reciprocal ranks, k = 60, the best 200 chunks of each
rrf-words       dense and bm25-words, likewise
wenju           rag.retrieval.retriever: both retrievers standardised and summed, the lexical share by coverage

All share width folding, traditional → simplified and the list of function words of `index.language.terms`.
"""

import sys
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.fusion import fuse_ranks
from benchmarks.rank import Built, Material, main
from index.build import build_index
from index.language.normalise import simplify
from index.language.terms import extract_terms
from index.records import Float32
from index.search.lexical_index import LexicalIndex
from index.store import Generation, open_generation
from rag.evaluation.retrieval import PASSAGES, rank_documents
from rag.records import Query
from rag.retrieval.retriever import Retriever

DEPTH = 200
"""Best chunks of each retriever that are fused or collapsed to documents: 20 documents of up to ten chunks."""

Search = Callable[[str], Sequence[int]]
"""Question → rows of chunks, best first."""


def dense_search(generation: Generation, material: Material) -> Search:
    """Exact cosine."""

    def search(question: str) -> Sequence[int]:
        vector = material.embedder.embed_queries([simplify(question)])[0]
        return [int(row) for row in generation.vectors.search(vector, DEPTH)]

    return search


def lexical_search(index: LexicalIndex, terms_of: Callable[[str], list[str]]) -> Search:
    """BM25; chunks that share no term with the question are not found."""
    return lambda question: _best(index.scores(terms_of(question)))


def fused_search(first: Search, second: Search) -> Search:
    """Both by reciprocal ranks."""
    return lambda question: fuse_ranks([first(question), second(question)])


def bigrams_of(text: str) -> list[str]:
    """Bigrams, Latin words, unified spellings: all but words, which `extract_terms` marks with an underscore."""
    return [term for term in extract_terms(text) if term.startswith("_")]


def words_of(text: str) -> list[str]:
    """The segmenter's words."""
    return [term for term in extract_terms(text) if not term.startswith("_")]


def _best(scores: Float32) -> list[int]:
    count = min(DEPTH, len(scores))
    best = np.argpartition(-scores, count - 1)[:count] if count < len(scores) else np.arange(count)
    # Equal scores in the order of the corpus, so that a run is the same every time.
    order = np.lexsort((best, -scores[best]))
    return [int(row) for row in best[order] if scores[row] > 0]


def _open(material: Material) -> Generation:
    if material.index_dir:
        return open_generation(material.index_dir)
    with tempfile.TemporaryDirectory() as folder:  # what is mapped from there stays readable when it is gone
        build_index([material.corpus], Path(folder), material.embedder)
        return open_generation(Path(folder))


def _over_rows(material: Material, make: Callable[[Generation, Material], Search]) -> Built:
    generation = _open(material)
    rows = range(generation.manifest.counts.chunks)
    doc_ids: dict[str, str] = {}
    owners = []
    for chunk in generation.catalogue.chunks(rows):
        if chunk.article_id not in doc_ids:
            article = generation.catalogue.article(chunk.article_id)
            assert article is not None, "every chunk has an article"
            doc_ids[article.id] = article.doc_id
        owners.append(doc_ids[chunk.article_id])
    search = make(generation, material)
    return Built(lambda question: [owners[row] for row in search(question)], len(rows))


def _index_terms(generation: Generation, terms_of: Callable[[str], list[str]]) -> LexicalIndex:
    """BM25 over other terms of the same chunks, header and text."""

    def texts() -> list[str]:
        articles = generation.catalogue.articles
        chunks = generation.catalogue.chunks(range(generation.manifest.counts.chunks))
        text_of = {name: article.text for name, article in articles(chunk.article_id for chunk in chunks).items()}
        return [f"{chunk.header}\n{text_of[chunk.article_id][chunk.start : chunk.end]}" for chunk in chunks]

    return LexicalIndex.build(terms_of(text) for text in texts())


def _lexical(generation: Generation, _material: Material, terms_of: Callable[[str], list[str]]) -> Search:
    return lexical_search(_index_terms(generation, terms_of), terms_of)


def _both(generation: Generation, _material: Material) -> Search:
    return lexical_search(generation.lexical, extract_terms)


def _rrf(generation: Generation, material: Material, second: Callable[[Generation, Material], Search]) -> Search:
    return fused_search(dense_search(generation, material), second(generation, material))


def _wenju(material: Material) -> Built:
    generation = _open(material)
    retriever = Retriever(generation, material.embedder)

    def search(question: str) -> Sequence[str]:
        return rank_documents(retriever.retrieve(Query(question, top_k=PASSAGES)).passages)

    return Built(search, generation.manifest.counts.chunks)


_words = partial(_lexical, terms_of=words_of)
PIPELINES: dict[str, Callable[[Material], Built]] = {
    "dense": partial(_over_rows, make=dense_search),
    "bm25-bigrams": partial(_over_rows, make=partial(_lexical, terms_of=bigrams_of)),
    "bm25-words": partial(_over_rows, make=_words),
    "bm25-both": partial(_over_rows, make=_both),
    "rrf": partial(_over_rows, make=partial(_rrf, second=_both)),
    "rrf-words": partial(_over_rows, make=partial(_rrf, second=_words)),
    "wenju": _wenju,
}

if __name__ == "__main__":
    sys.exit(main(__doc__, PIPELINES))
