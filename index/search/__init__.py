"""What a question is looked up in: vectors of chunks and sentences, and BM25 over terms.

    embeddings ─ vector_index ─────► exact inner products over all chunks (FAISS)
    sentences ── sentence_vectors ─► eight bits each, read for the candidates only
    terms ────── lexical_index ────► BM25 of chunks and of articles, updatable

vector_index is the only importer of faiss.
"""
