"""What a text consists of: sentences, terms, numerals, in one form for what is printed in several.

    text ┬─ sentences ─► sentences, and places where no cut may fall
         ├─ tables ────► lines with tabs between their cells, a row as it would be said
         ├─ numerals ──► figures with their values ── canonical_forms: one spelling for each ──┐
         ├─ deceptive_characters ─► what shows a reader something else than it tells a machine
         └─ normalise ─► one width, script and case ── terms: words, character bigrams ────────┴─► terms
                                                           ▲
                                                           └─ user_dictionary: the operator's words

vocabulary has the language's lists (family names, offices, measure words, administrative divisions, acts), a file each, and
person_names tells by them whether characters are a name · token_count counts as LLMs do · memo keeps what was read in a text, bounded.
"""
