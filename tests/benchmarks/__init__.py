"""What people would pick instead of Wenju, on the same corpora, questions and embedding weights. Run by hand.

Nothing here is a dependency of the product, and pytest collects nothing of it; `tests/benchmarks/test_benchmarks.py` tests what
needs no framework. An environment of their own, from the root of the repository (no GPU build of torch comes along):

    python3 -m venv .venv-bench && .venv-bench/bin/pip install . -r tests/benchmarks/requirements.txt

All pipelines on one corpus, each in a process of its own, one table:

    PYTHONPATH=tests .venv-bench/bin/python -m benchmarks.compare_all CORPUS QUESTIONS... --cache DIR --runs DIR

One pipeline, one run:

    PYTHONPATH=tests .venv-bench/bin/python -m benchmarks.plain CORPUS QUESTIONS --run RUN.jsonl --pipeline bm25-words

`benchmarks.haystack_pipelines`, `benchmarks.llamaindex_pipelines` and `benchmarks.txtai_pipelines` take the same
arguments; without --pipeline they list what they offer. Corpus, questions and run have the forms that `wenju eval
retrieval` reads and writes. --cache keeps every embedded text's vector, so that a text which several pipelines have
in common is embedded once; --index-dir gives an index that `wenju index CORPUS` built, instead of building one.

What is alike for all, so that only the pipeline differs:

- Embeddings are the bundled model's, with its prompts, through each framework's own hook. Texts over 512 of its tokens
  are cut off by the model, as any user's would be.
- A document's text is "title\ntext"; dates and other keys are given to no framework (Wenju puts newspaper, date and
  title before every chunk: that is part of its pipeline).
- Every pipeline is asked for so many chunks that 20 different documents come together; the frameworks' own defaults
  (2, 3 or 10) would cut the run short. Where a default depends on it, the docstring says so.
- No LLM: LlamaIndex's generated queries are switched off. No reranker: none is part of the defaults.
- Seconds and milliseconds are the processor's, without those spent embedding, which is the same model for all.

A row named like its framework is the framework's default; "-bigrams", "-jieba", "-rrf" rows are stronger settings
that its documentation or its maintainers give for Chinese or for hybrid retrieval.
"""
