"""What readers said of answers: an answer waits for its rating, and only what was rated is kept.

Answer ─ ratings ─► RateableAnswer ─► pending ── minutes ──► dropped
                                         │ rated
                                         ▼
                                    Rating ─► store ─► wenju feedback, wenju eval

ratings: the values, and what of an answer is kept · pending: answers that may yet be rated, in memory · store: rated answers
in SQLite
"""
