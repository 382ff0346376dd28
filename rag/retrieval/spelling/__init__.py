"""A name in a question that the archive does not print, but for one that it prints and that sounds or looks alike.

    question ─ pairs of characters that the archive lacks ─ sounds ─► what they may have been meant for
                 │ none                                                   │ printed: which of these it has, as names
                 ▼                                                        ▼
              as typed              speller: the one name that is meant, or several to choose from

organs knows the state's by all their names. Nothing else is listed beforehand: the lexical index knows of every pair of characters whether it has it.
"""
