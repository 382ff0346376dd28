"""Messages → completion stream, from any OpenAI-compatible server. Door to httpx."""

from rag.llm.model import ChatModel, OpenAIChatModel

__all__ = ["ChatModel", "OpenAIChatModel"]
