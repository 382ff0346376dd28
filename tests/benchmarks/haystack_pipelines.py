"""Haystack's hybrid retrieval (haystack-ai 3.4.0).

Read: the docstrings of the components in the package, and the tutorial "Creating a Hybrid Retrieval Pipeline"
(haystack.deepset.ai/tutorials/33_hybrid_retrieval), without its reranker, which is a further model.

haystack          DocumentSplitter() → InMemoryDocumentStore(); InMemoryBM25Retriever and InMemoryEmbeddingRetriever →
                  DocumentJoiner(): all classes' defaults: 200 words parted by blanks, BM25L (k1 1.5, b .75, delta .5),
                  dot product, join mode "concatenate" (the higher of the two scores, BM25 being unscaled)
haystack-rrf      the same with join_mode="reciprocal_rank_fusion", as the documentation recommends for hybrid retrieval
haystack-bigrams  haystack-rrf with bm25_tokenization_regex for character bigrams instead of single characters

Default BM25 tokens of 3.4.0 are single characters in Chinese; before, a whole run between punctuation marks was one.
The default splitter counts blanks: a Chinese document is one chunk, however long. The Chinese splitter that the
integrations have (hanlp-haystack) downloads a model at its first use and is therefore not among these. top_k of each
retriever is 20 instead of 10, so that a run has its 20 documents.
"""

import dataclasses
import os
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

from benchmarks.material import BIGRAMS
from benchmarks.rank import Built, Material, main

TOP_K = 20


def _store(material: Material, **options: Any) -> Any:
    from haystack import Document, Pipeline, component
    from haystack.components.preprocessors import DocumentSplitter
    from haystack.components.writers import DocumentWriter
    from haystack.document_stores.in_memory import InMemoryDocumentStore

    @component
    class PassageEmbedder:
        @component.output_types(documents=list[Document])  # type: ignore[untyped-decorator]
        def run(self, documents: list[Document]) -> dict[str, list[Document]]:
            vectors = material.embedder.embed_passages([document.content or "" for document in documents])
            return {
                "documents": [
                    dataclasses.replace(document, embedding=vector.tolist())
                    for document, vector in zip(documents, vectors, strict=True)
                ]
            }

    store = InMemoryDocumentStore(**options)
    indexing = Pipeline()
    indexing.add_component("splitter", DocumentSplitter())
    indexing.add_component("embedder", PassageEmbedder())
    indexing.add_component("writer", DocumentWriter(store))
    indexing.connect("splitter", "embedder")
    indexing.connect("embedder", "writer")
    indexing.run(
        {
            "splitter": {
                "documents": [Document(content=text.text, meta={"doc_id": text.doc_id}) for text in material.texts]
            }
        }
    )
    return store


def _text_embedder(material: Material) -> Any:
    from haystack import component

    @component
    class QueryEmbedder:
        @component.output_types(embedding=list[float])  # type: ignore[untyped-decorator]
        def run(self, text: str) -> dict[str, list[float]]:
            return {"embedding": material.embedder.embed_queries([text])[0].tolist()}

    return QueryEmbedder()


def hybrid(material: Material, store_options: dict[str, Any], joiner_options: dict[str, Any]) -> Built:
    """Both retrievers and the joiner, as the tutorial connects them."""
    os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "False"
    from haystack import Pipeline
    from haystack.components.joiners import DocumentJoiner
    from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever

    store = _store(material, **store_options)
    asking = Pipeline()
    asking.add_component("text_embedder", _text_embedder(material))
    asking.add_component("embedding_retriever", InMemoryEmbeddingRetriever(store, top_k=TOP_K))
    asking.add_component("bm25_retriever", InMemoryBM25Retriever(store, top_k=TOP_K))
    asking.add_component("joiner", DocumentJoiner(**joiner_options))
    asking.connect("text_embedder", "embedding_retriever")
    asking.connect("bm25_retriever", "joiner")
    asking.connect("embedding_retriever", "joiner")

    def search(question: str) -> list[str]:
        found = asking.run({"text_embedder": {"text": question}, "bm25_retriever": {"query": question}})
        return [document.meta["doc_id"] for document in found["joiner"]["documents"]]

    return Built(search, store.count_documents())


_RRF = {"join_mode": "reciprocal_rank_fusion"}
PIPELINES: dict[str, Callable[[Material], Built]] = {
    "haystack": partial(hybrid, store_options={}, joiner_options={}),
    "haystack-rrf": partial(hybrid, store_options={}, joiner_options=_RRF),
    "haystack-bigrams": partial(hybrid, store_options={"bm25_tokenization_regex": BIGRAMS}, joiner_options=_RRF),
}

if __name__ == "__main__":
    sys.exit(main(__doc__, PIPELINES))
