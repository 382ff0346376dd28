"""Question and passage → whether the passage answers, and where; statement and quote → whether the quote bears it out.

    question ┐                                          ┌ log odds that it answers
             ├─ encoding ─► token ids ─► bundled model ─┼ for each token, whether the answer begins or ends there
    passage ─┘                                          └ log odds that it bears the statement out   ─► readings

readings says what a reader gives and what a reader is · bundled is the one that comes with the package (reader.onnx), trained by
tests/training/train_reader.py · cross_encoder and http_reranker are an operator's own, which give no places. The model card:
rag/reader/README.md.
"""
