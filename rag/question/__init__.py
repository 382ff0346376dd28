"""What is asked.

    question, history ─ conversation ─► a question that stands alone ─ decompose ─► the questions in it, mostly one
                                                                           │
                                      ┌────────────────────────────────────┼────────────────────────┐
                                      ▼ analysis                           ▼ time_range             ▼ freshness
                                      kind of answer, terms, names         days asked about         does it change?

language tells the language and the script of a question. Rules only, the same for the same text; an LLM rewrites
follow-ups where there is one.
"""
