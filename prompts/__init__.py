"""Prompt templates, one a file, which an operator may edit; rag.llm.templates reads them, rag.generation.prompt adds the protocol."""
