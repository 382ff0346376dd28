"""What a text states, found by rules of surface: the ground on which sentences are ranked and statements verified.

    sentence ┬─ answer_spans ─────► stretches that could answer: figures in the unit asked for, persons, offices, days
             │  (english_spans: of an English sentence)
             ├─ quantities ───────► figures with unit, bound, rise or fall
             ├─ valid_time ───────► the day for which it holds
             ├─ asked_kind ───────► whether a statement is of the kind that a question asks for
             ├─ table_cells ──────► rows and columns of a table that a question names
             ├─ contacts ─────────► addresses, telephone numbers, names in messengers
             └─ planted ──────────► what was planted for a language model: no evidence of anything
                 └─ prompt_injection: a sentence that commands the assistant

Precise rather than complete: what is not found here is left to the probability, or to the reader.
"""
