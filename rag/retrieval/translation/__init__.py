"""English questions in the words of the archive.

    question ─ words, phrases ┬─ dictionary: glossary.tsv, then CC-CEDICT turned round ─┐
                              └─ pinyin_names: Fengtai → the characters it has ─────────┴─► concepts ─► search, ranking

concepts keeps, for each word or phrase, every way in which this archive may say it, and how certain each is.
"""
