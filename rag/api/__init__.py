"""The HTTP service: the only importer of litestar; it holds no logic of its own.

request ─► runtime (counted, timed) ─► security (who, how often, how much) ─► routes ─► ask ─► rag.answer
                                                                                │        │
response ◄── problems (errors → statuses) ◄── schemas (bodies) ◄────────────────┴──◄── streaming (events) · openai (chunks)

server puts it together and runs it · ask: what every shape of asking does alike · routes: one module a subject ·
openai: the OpenAI-compatible shape · security: keys, origins, limits, audit · streaming: events, disconnects, repeats ·
connections: how they come and end · runtime: the process that serves · schemas: bodies as the contract names them · problems: errors → statuses and the
contract's error body · openapi: the OpenAPI document; examples.json and docs/ are its examples and its page
"""
