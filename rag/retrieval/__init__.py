"""Question → passages.

    question ─ hybrid_search ─► candidates of the dense and the lexical retriever ─ fused ─► the best forty
             ▲                                                                                 │ features
             └─ translation: an English question in the archive's words                        ▼
    passages ◄─ reading ─ the best read ◄─ deduplicate ─ reprints take one place ◄─ a linear reranker ◄─ numbers

    before it: spelling ─ a name that is nowhere in the archive → the one that is meant

retriever composes them · passages makes one of an article's chunk · foreign searches the English chunks for Chinese questions, and those of each language apart ·
linear_model holds the learnt weights (weights.json), mixed by the question's
out-of-vocabulary share · home knows the archive's own district · overlap counts what question and text have in common, wording puts the question as a
report would, recency how well a passage fits the time
asked about. Results: rag/retrieval/README.md.
"""
