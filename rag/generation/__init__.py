"""The answer is written: by the LLM, statement by statement verified, or by extraction.

    passages ─ context ─ prompt ─► messages ─ writer ─ checking ─► statement_queue ─┐ in its order
                                                 ▲        │ what fails              ▼
                                                 └─ mending ─► its place     answer_builder ─► Answer
                                                                                    ▲
    quotes ── extractive ─► sentences as printed, led or framed ────────────────────┘

context widens what was found to its article · checking has a statement verified, off the event loop, when it is its answer's turn (turns) ·
completion is what an LLM has said, and how much is read of it · mending asks for one statement again and reads the reply ·
to_the_point lets none through that has nothing of the kind asked for · scope is what a question confines its answer to, which a mended statement may not drop ·
cohesion tells what leans on the sentence before it, and what lists are made of · service_words takes out what speaks of the
prompt · messages are the service's own words, refusals among them, in the question's language and script · nearest has the
articles that a refusal names, and what may be asked instead · carried_over says English figures and days in Chinese · markers puts [1] into a text and takes
it out · composition is an answer that code puts together,
of lines with their quotes; yes_no puts one together that begins with yes or no, tabled one of a table's cells (of an English question: tabled_english) · asked is one question on its way, and what its
Answer says of it · asking_back is the clarifying question as an answer ·
options is what an operator sets.
"""
