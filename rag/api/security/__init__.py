"""Who may ask what, how often, from where. One gate that every request passes, in this order:

request ─► cors ─────► limits ────► callers ──► limits ──────────► gate ─────► routes
           its page    per address  key, role   per key, body,     role of the
                                                answers at a time  route
                           audit: one line for each request, however it ended

gate: the order of it all, and what routes rely on · callers: address and key · cors: which pages may call · limits: requests
a minute, bytes and time of a body · admission: answers at a time, and whether one more can be begun in time · audit: who asked for what, without texts
"""
