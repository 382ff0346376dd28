"""Passages → ranked sentences → whether they answer, or why not.

    passages, read ─ sentence_ranking ─► sentences, best first ─ constraints ─► those of the place, time and body asked for
                                                                             │
      rules: false premise, out of range ─► decision ◄─ answerability: a calibrated probability
                                                        │
                        refused, with a reason ◄────────┴─► selection: a sentence, a whole list, a story

grounding composes all of it for one question, several of them in turn, and refuses opinions · lists finds 一是 … 五是 through an article ·
conflicts finds newer and older values, and sources that disagree. Results: rag/evidence/README.md.
"""
