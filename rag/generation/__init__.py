"""The answer is written: by the LLM, statement by statement verified, or by extraction.

    passages ─ prompt ─► messages ─ writer ─► verified statements ──────┐
                                     │ what fails: asked once more      ▼
    quotes ── extractive ─► sentences as printed, led or framed ─► answer_builder ─► Answer

messages are the service's own words, refusals among them, in the question's language and script · nearest has the articles
that a refusal names · markers puts [1] into a text and takes it out.
"""
