"""A question that refers back → one that stands alone; everything else stays as typed.

    history ─ history ─► turns, failed ones without their answer
                            │
    question ─ followup ────┼─ substitution: 那2021年呢？ → the question before, with another year, place or thing
        │                   └─ pronouns: 他, 那里, 这个社区 → what antecedents finds for them
        └─ english ─ english_topic: the same for English questions

rewrite takes the LLM's line where there is one and the rules see a reference, holds it against the conversation, and
else takes what followup made of the question.
"""
