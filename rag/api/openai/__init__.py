"""The OpenAI-compatible shape of an answer, for programs that have an OpenAI client.

ChatRequest ─ messages ─► Query ─► rag.answer ─► Answer ─ annotations ─► ChatCompletion
                                       └───────► events ─ chunks ──────► ChatChunk …, [DONE]

schemas: the bodies, as the official clients send and read them · messages: a conversation → the question and its history ·
annotations: an Answer → one completion, its citations as `url_citation` · chunks: events → a streamed completion
"""
