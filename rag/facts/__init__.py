"""What a text states, found by rules of surface: the ground on which sentences are ranked and statements verified.

    sentence ┬─ answer_spans ─────► stretches that could answer: figures in the unit asked for, persons, offices, days
             ├─ quantities ───────► figures with unit, bound, rise or fall
             ├─ valid_time ───────► the day for which it holds
             └─ prompt_injection ─► commands to the assistant, links, markup: no evidence of anything

Precise rather than complete: what is not found here is left to the probability, or to the reader.
"""
