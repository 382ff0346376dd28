"""Statements → verified quotes, or what is wrong with them. No second LLM call, no trust in the first.

    completion ─ statements ─► one statement at a time ─ verifier ─► quote ─ citations ─► Citation
    passages ── passages ───► stretches to be quoted ──────┘ │
                                                             ▼ support: claim by claim, a statement beside a stretch
                       check_quantities · check_names · check_polarity ─► problems, [] where it holds

claims finds what a text claims: figures, days, names, offices, denials · comparison is a statement beside a stretch of a
passage · passages makes ready what is read in each, once for all questions.
"""
