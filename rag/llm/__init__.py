"""Messages → completion stream, from any OpenAI-compatible server."""
