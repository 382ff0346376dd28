"""Writes the answer, by the LLM or by extraction."""
