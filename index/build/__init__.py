"""Composition of the offline side: the stages called top to bottom, incrementally, into one new generation.

    paths ─ pipeline ─► read, segment, join, chunk ─ indexes ─► vectors, terms ─► published generation
               ▲                                        ▲
               └──── incremental: what the generation ──┘
                     before spares: articles, chunks, embeddings, terms
    service ─ jobs: one job as JSON ─► worker, a process of its own ─► pipeline

pipeline is `build_index` and `read_articles` · incremental compares with the generation before · indexes embeds chunks
and sentences and makes their terms · jobs are the values that the service and its building process exchange · worker is
that process.
"""
