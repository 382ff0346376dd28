"""What a running service keeps, for the command line and the HTTP service alike.

settings ─ factory ─► model, LLM, options ─► live_index ─► rag.answer
                                               ▲     └────► suggestions
posted documents ─► administration ─ builds ───┘
rated answers ────► feedback

factory: settings → the parts · live_index: the answerer over the current generation, swapped without a restart ·
administration: documents added, withdrawn, listed · upkeep: whether what was posted and withdrawn is whole · page_views: the page behind a quote, and where it stands on it · suggestions: questions to try, made from the archive · feedback: what
readers said of answers
"""
