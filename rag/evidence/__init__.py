"""Passages → ranked sentences → whether they answer, or why not.

    passages, read ─ sentence_ranking ─► sentences, best first ─ constraints, periods ─► those of the place, time and body asked for
                                                                             │
      rules: false premise, out of range ─► decision ◄─ answerability: a calibrated probability
                                                        │  ◄─ conditions ◄─ hypothesis: question and answer as one statement
                                                        │
                        refused, with a reason ◄────────┴─► selection: a sentence, a whole list, a story

table_rows leaves out rows of tables that are of something else · grounding composes all of it for one question, several of them in turn, and refuses opinions · bilingual asks articles of the
other language where those in Chinese do not answer · lists finds 一是 … 五是 through an article ·
conflicts finds newer and older values, and sources that disagree · ambiguity finds two readings that answer equally well, to be
asked which is meant ·
settlement says yes or no to a question that asks for it: by the stance of each of its best passages to what is asked about, by the
contrast between what is asked and what stands in its place, by the amendment that is borne out instead. Results: rag/evidence/README.md.
"""
