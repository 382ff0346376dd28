"""Answers as server-sent events, and what may happen to their clients.

rag.answer ─► idempotency ─► events ─► client
               │ the same     └ heartbeat, error event, end on shutdown
               ▼ again
        finished answers       disconnect: whole answers, ended with their client

events: events of an answer → server-sent events · idempotency: a request repeated under its id gets the answer that it got ·
disconnect: an answer that nobody waits for any more is not written on
"""
