"""Composition of the offline side: the stages called top to bottom, incrementally, into one new generation.

    paths ─ pipeline ─► read, segment, join, chunk ─ indexes ─► vectors, terms ─ trial ─► published generation
               ▲           ▲                            ▲
               │           └─ readers: small texts here; all else ─ reading_process ×n, under limits
               │                └─ recognisers: scanned pages ─ recognising_process ×n, likewise
               └──── incremental: what the generation ──┘
                     before spares: articles, chunks, embeddings, terms
    service ─ jobs: one job as JSON ─► worker, a process of its own ─► pipeline

pipeline is `build_index`, and the writer within which uploads and withdrawals change · plan is what a build reads, reuses
and leaves out · outcomes are what comes of a file · articles rebuilds them from files, contents gathers what a generation
will hold, beside puts kicker, deck and captions behind an article's text · incremental compares with the generation before · start says which that is, and what is whole of a damaged one ·
trial asks the new one before it is believed · kept_vectors keeps what is embedded until it is published, indexes embeds chunks and sentences and makes their terms · options are an operator's
choices, and the steps that tests put in place of ours · bounded_process is a process under limits of time and memory · page_views has a page shown, for the service, by viewing_process · jobs are the values that the service and its building process
exchange · worker is that process.
"""

from index.build.articles import read_articles
from index.build.options import BuildOptions, BuildSteps
from index.build.pipeline import Built, IndexWriter, build_index, open_writer

__all__ = ["BuildOptions", "BuildSteps", "Built", "IndexWriter", "build_index", "open_writer", "read_articles"]
