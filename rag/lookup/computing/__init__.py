"""Answers that are reckoned: differences, sums, shares, comparisons of figures that are printed, each with its quote.

    question ─ question/calculation ─► terms, a plain question each
                  │ evidence: grounded one by one
                  ▼
    figures ─► what a sentence has as a term's figure ─ agreement ─► those that may be reckoned together
                                                                        │
    compute: the lookup   ◄── wording ◄── arithmetic: exact, in the unit that is printed

binding tells whose a figure is by what stands beside it · inside reckons within one sentence · trend, a lookup of its own,
follows a quantity over the years.
Nothing is reckoned of figures that are not the same quantity; a figure that is printed is quoted, never reckoned.
"""
