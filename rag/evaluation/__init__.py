"""Questions with known answers → figures with intervals, reports, a gate. Used by the command line only.

    question files ─ questions ─► Question ─ retrieval: ranked documents ─ metrics ─┐
                                           ─ answers: replies ─ scoring ────────────┴► rows ─ summary ─► Result
    Result ─ report ─► folder with page          two Results ─ compare ─► differences, gate

intervals draws the bootstrap samples · normalise and overlap compare strings · source_quotes finds a quote as its file
has it · judge asks the LLM. How to: rag/evaluation/README.md.
"""
