"""The command line: `wenju`. Results go to stdout, messages to stderr."""

from rag.cli.main import main

__all__ = ["main"]
