"""Statements → verified quotes, or what is wrong with them. No second LLM call, no trust in the first.

    completion ─ statements ─► one statement ─┐                         ┌─ support: exact rules ─► problems
    passages ─── passages ─► sentences ───────┴─ alignment ─► evidence ─┤
                                                                        └─ judgement: learnt ───► probability
                                                                                 ▼
                      verifier: no problem and likely enough ─► the quotes that carry it ─ citations ─► Citation

excess knows what is no sentence before it is held against anything, so that no statement takes long.

words takes a text apart into words, clauses and whom they are about; claims finds what a text claims: figures, days, names,
offices (offices), denials · comparison is a statement beside the sentences of a passage · native_trials tries a statement on passages of
its language, foreign_trials an English one on Chinese passages by what it means there (cross_language); trials is what both
have, archive what is known beside the passages; said_rows says a table's rows in words; stretches tells what begins where.

The exact rules: check_quantities · check_names · check_polarity · check_modality · check_rows (of which row of a table) ·
agents (whose deed it is). What may be so
and need not is weighed by judgement: bindings (what a figure counts, who holds which office) · check_marks (how surely, how far).
computed derives figures from printed ones; absence finds what the reports are said not to tell.
"""
