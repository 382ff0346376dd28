"""Prompt templates, one a file, which an operator may edit; rag.prompt reads them and adds the protocol."""
