"""Questions in one language in the words of articles in the other.

English questions, Chinese articles:

    question ─ words, phrases ┬─ dictionary: glossary.tsv, then CC-CEDICT turned round ─┐
                              └─ pinyin_names: Fengtai → the characters it has ─────────┴─► concepts ─► search, ranking

Chinese questions, English articles:

    question ─ words, names ─┬─ glosses: glossary.tsv, then CC-CEDICT as it stands ─┬─► way_back ─► search, ranking,
                             └─ the sound of names: 丰台 → fengtai ───────────────────┘              what the reader is asked

english_question is what the reader is asked, a passage's words in the question's order · spelled_numbers has 第八届 as 8th and
eighth · kept_files has what is made of the dictionary once · concepts keeps, for each word or phrase, every way in which this archive may say it, and how certain each is.
"""
