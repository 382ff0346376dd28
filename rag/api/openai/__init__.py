"""The OpenAI-compatible shape of an answer."""
