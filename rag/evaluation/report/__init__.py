"""A folder with the result and one page to read it on.

    Result ─ write ─► summary.json, questions.jsonl, report.html
               │                                         ▲
               └─ page ─ plots: figures and histograms ──┤
                       ─ failures: one to be read through┘

html makes elements that are escaped, one page with its style · table shows a result or a comparison as text.
"""
