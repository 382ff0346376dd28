"""Messages → completion stream, from any OpenAI-compatible server. Importing the package loads no module of it.

messages ─► guarded ─ request ─► openai ─ transport ─► server
           (breaker)            (retries)  │
text ◄─────── reasoning ◄─ dialects ◄─ sse ◄─ response (deadlines)

protocol: what the rest of the service asks of a model · guarded: asks no LLM that is known to fail, and tries whether it
answers again · breaker: when that is so · openai: one completion · retries: when it is asked for again, which nobody else
decides · request: the body, what is left out when it is refused · transport: bytes without TLS, cheaply · response: one reply within its
deadlines · sse: bytes → events · dialects: bytes of a reply → text, whatever server sent them · reasoning: takes a model's
thoughts out · templates: the prompts, the operator's or the shipped ones
"""
