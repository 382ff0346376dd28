"""What is asked.

    question, history ─ conversation ─► a question that stands alone ─ preamble ─► what it asks
                                                 ┌─────────────────────────────────────┘
                                                 └─ decompose ─► the questions in it, mostly one
                                                                                                  │ analysis
                   ┌──────────────────────┬────────────────────────┬──────────────────────┬───────┘
                   ▼                      ▼ time_range             ▼ freshness            ▼ intent
                   kind, terms, names     days asked about         does it change?        summary, list, opinion?

time_spellings writes 22年8月 and 2024Q1 as articles do. preamble leaves out greetings, thanks and what tells of the asker, opening has what a question opens with; catchwords makes 2023年财政收入 a question. analysis makes one QuestionAnalysis of all of these, which
every later stage is given. language tells the language and
the script of a question, persons whom it names, small_talk what asks nothing of the archive, limits how long it may be and from when to when; refusals has the service's words for them,
by which an earlier one is known again; yes_no puts what is to be confirmed as a statement, calculation/ reads what it has reckoned. Rules only, the same for the same text; an
LLM rewrites follow-ups where there is one.
"""
