"""What is asked.

    question, history ─ conversation ─► a question that stands alone ─ decompose ─► the questions in it, mostly one
                                                                                                  │ analysis
                   ┌──────────────────────┬────────────────────────┬──────────────────────┬───────┘
                   ▼                      ▼ time_range             ▼ freshness            ▼ intent
                   kind, terms, names     days asked about         does it change?        summary, list, opinion?

analysis makes one QuestionAnalysis of all of these, which every later stage is given. language tells the language and
the script of a question, persons whom it names, limits how long it may be; refusals has the service's words for them,
by which an earlier one is known again. Rules only, the same for the same text; an
LLM rewrites follow-ups where there is one.
"""
