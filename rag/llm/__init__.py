"""Messages → completion stream, from any OpenAI-compatible server. Importing the package loads no module of it.

messages ─ request ─► openai ─ transport ─► server
                        │
text ◄─ reasoning ◄─ dialects ◄─ sse ◄─ response (deadlines)

protocol: what the rest of the service asks of a model · openai: one completion with its retries · request: the body, what is
left out when it is refused, when to ask again · transport: bytes without TLS, cheaply · response: one reply within its
deadlines · sse: bytes → events · dialects: bytes of a reply → text, whatever server sent them · reasoning: takes a model's
thoughts out · templates: the prompts, the operator's or the shipped ones
"""
