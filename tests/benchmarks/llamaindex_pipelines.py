"""LlamaIndex's vector and fusion retrieval (llama-index-core 0.14.25, llama-index-retrievers-bm25 0.8.0).

Read: the classes in the packages; the quick start (VectorStoreIndex.from_documents); the example "Reciprocal Rerank
Fusion Retriever" (developers.llamaindex.ai); run-llama/llama_index issue 13866 on Chinese.

llamaindex           VectorStoreIndex.from_documents(documents), its retriever: SentenceSplitter with 1,024 tokens of
                     gpt-3.5-turbo's encoding and 200 of overlap, exact search in SimpleVectorStore. The quick start.
llamaindex-fusion    QueryFusionRetriever([vector, BM25Retriever]) with its default mode "simple": the scores as they
                     are, the higher one where both found a node
llamaindex-rrf       the same with mode="reciprocal_rerank", as in the example
llamaindex-rrf-top2  the same with the default similarity_top_k of 2 everywhere, so its runs end at 2 nodes
llamaindex-bigrams   llamaindex-rrf, BM25Retriever with a token_pattern for character bigrams, no stemming
llamaindex-jieba     llamaindex-rrf, BM25 over jieba's words, what users do since the issue; 0.8.0 has no argument for
                     a tokenizer any more, so a subclass segments what is indexed and what is asked

BM25Retriever's default pattern (two word characters and more) takes a Chinese run between punctuation marks for one
word, so it finds next to nothing; what it does not find it returns all the same, with score 0, and the fusion by
reciprocal ranks takes that for a ranking: the longer the lists, the more it drowns the vectors'. num_queries is 1: more
need an LLM. similarity_top_k is 50 instead of 2, so that a run has its 20 documents.
"""

import sys
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from benchmarks.material import BIGRAMS
from benchmarks.rank import Built, Material, main

TOP_K = 50


def _index(material: Material) -> Any:
    from llama_index.core import Document, VectorStoreIndex
    from llama_index.core.base.embeddings.base import BaseEmbedding

    class BundledEmbedding(BaseEmbedding):  # type: ignore[misc]
        def _get_query_embedding(self, query: str) -> list[float]:
            return list(map(float, material.embedder.embed_queries([query])[0]))

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return self._get_query_embedding(query)

        def _get_text_embedding(self, text: str) -> list[float]:
            return self._get_text_embeddings([text])[0]

        def _get_text_embeddings(self, texts: Sequence[str]) -> list[list[float]]:
            vectors: list[list[float]] = material.embedder.embed_passages(texts).tolist()
            return vectors

    documents = [Document(text=text.text, id_=text.doc_id) for text in material.texts]
    return VectorStoreIndex.from_documents(documents, embed_model=BundledEmbedding(embed_batch_size=512))


def _bm25(index: Any, top_k: int = TOP_K) -> Any:
    from llama_index.retrievers.bm25 import BM25Retriever

    return BM25Retriever.from_defaults(docstore=index.docstore, similarity_top_k=top_k)


def _bigram_bm25(index: Any) -> Any:
    from llama_index.retrievers.bm25 import BM25Retriever

    return BM25Retriever.from_defaults(
        docstore=index.docstore, similarity_top_k=TOP_K, token_pattern=BIGRAMS, skip_stemming=True
    )


def _jieba_bm25(index: Any) -> Any:
    import bm25s
    import jieba
    from llama_index.core.schema import QueryBundle
    from llama_index.core.vector_stores.utils import node_to_metadata_dict
    from llama_index.retrievers.bm25 import BM25Retriever

    def segmented(text: str) -> str:
        return " ".join(jieba.cut_for_search(text))

    class JiebaRetriever(BM25Retriever):  # type: ignore[misc]
        def _retrieve(self, query_bundle: Any) -> Any:
            return super()._retrieve(QueryBundle(segmented(query_bundle.query_str)))

    pattern = r"(?u)\b\w+\b"
    nodes = list(index.docstore.docs.values())
    scorer = bm25s.BM25(corpus=[node_to_metadata_dict(node) | {"node_id": node.node_id} for node in nodes])
    tokens = bm25s.tokenize(
        [segmented(node.get_content()) for node in nodes], token_pattern=pattern, show_progress=False
    )
    scorer.index(tokens, show_progress=False)
    return JiebaRetriever(existing_bm25=scorer, similarity_top_k=TOP_K, token_pattern=pattern, skip_stemming=True)


def _built(index: Any, retriever: Any) -> Built:
    def search(question: str) -> list[str]:
        return [found.node.ref_doc_id for found in retriever.retrieve(question)]

    return Built(search, len(index.docstore.docs))


def vector(material: Material) -> Built:
    """The quick start."""
    index = _index(material)
    return _built(index, index.as_retriever(similarity_top_k=TOP_K))


def fusion(material: Material, lexical: Callable[[Any], Any], options: dict[str, Any], top_k: int = TOP_K) -> Built:
    """Vector and BM25 retriever fused."""
    from llama_index.core.llms.mock import MockLLM
    from llama_index.core.retrievers import QueryFusionRetriever

    index = _index(material)
    retrievers = [index.as_retriever(similarity_top_k=top_k), lexical(index)]
    # Without an LLM named it would look for OpenAI's; with one query it never calls the mock one.
    return _built(
        index,
        QueryFusionRetriever(
            retrievers, llm=MockLLM(), similarity_top_k=top_k, num_queries=1, use_async=False, **options
        ),
    )


_RRF = {"mode": "reciprocal_rerank"}
PIPELINES: dict[str, Callable[[Material], Built]] = {
    "llamaindex": vector,
    "llamaindex-fusion": partial(fusion, lexical=_bm25, options={}),
    "llamaindex-rrf": partial(fusion, lexical=_bm25, options=_RRF),
    "llamaindex-rrf-top2": partial(fusion, lexical=partial(_bm25, top_k=2), options=_RRF, top_k=2),
    "llamaindex-bigrams": partial(fusion, lexical=_bigram_bm25, options=_RRF),
    "llamaindex-jieba": partial(fusion, lexical=_jieba_bm25, options=_RRF),
}

if __name__ == "__main__":
    sys.exit(main(__doc__, PIPELINES))
