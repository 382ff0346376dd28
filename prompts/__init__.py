"""Prompt templates, one a file, which an operator may edit; rag.generation.prompt reads them and adds the protocol."""
