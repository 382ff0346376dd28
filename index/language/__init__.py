"""What a text consists of: sentences, terms, numerals, in one form for what is printed in several.

    text ┬─ sentences ─► sentences, and places where no cut may fall
         ├─ numerals ──► figures with their values ── canonical_forms: one spelling for each ──┐
         └─ normalise ─► one width, script and case ── terms: words, character bigrams ────────┴─► terms
                                                           ▲
                                                           └─ user_dictionary: the operator's words

token_count counts as LLMs do · memo keeps what was read in a text, bounded.
"""
