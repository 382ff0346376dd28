"""Statements → verified quotes, or what is wrong with them. No second LLM call, no trust in the first.

    completion ─ statements ─► one statement at a time ─┐
    passages ─── passages ───► quote candidates ────────┴─ verifier ─► the quotes that carry it ─ citations ─► Citation
                                                               │ support: claim by claim
                                                               ▼
                        check_quantities · check_names · check_polarity ─► problems, none where it holds

claims finds what a text claims: figures, days, names, offices, denials · comparison is a statement beside the passage's
words that may carry it · passages reads each passage once, for all questions.
"""
