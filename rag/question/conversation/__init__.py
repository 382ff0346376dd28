"""A question that refers back → one that stands alone; everything else stays as typed.

    history ─ history ─► turns, failed ones without their answer; thanks are none (remarks), what was asked back is kept (offers)
                            │
    question ─ followup ────┼─ replies: 第二个, 2019年 → the reading chosen of those offered
        │                   ├─ substitution: 那2021年呢？ → the question before, with another year, place or thing
        │                   └─ pronouns: 他, 那里, 这个社区 → what antecedents finds for them
        └─ english ─ english_topic: the same for English questions

rewrite takes the LLM's line where there is one and the rules see a reference, or completeness sees no subject; it holds the line
against the conversation, and else takes what followup made of the question.
"""
