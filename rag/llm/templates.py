"""Prompt templates, the operator's or the shipped ones. The only reader of prompts/."""

import re
from importlib import resources
from pathlib import Path

from rag.errors import PromptError


def read_template(name: str, prompts_dir: Path | None = None) -> tuple[str, str]:
    """Return (version, text) of a template: the operator's where there is one of this name, else the shipped one.

    Raises:
        PromptError: it cannot be read, or its first line is not "version: …".
    """
    path = (prompts_dir / name) if prompts_dir else None
    try:
        text = path.read_text("utf-8") if path and path.exists() else _shipped(name)
    except (OSError, UnicodeDecodeError) as error:
        raise PromptError(f"prompt template {path or name} cannot be read: {error}") from error
    head, _, body = text.partition("\n")
    match = re.fullmatch(r"version:\s*(\S+)\s*", head)
    if not match or not body.strip():
        raise PromptError(
            f"prompt template {path or name}: the first line must be 'version: NAME', the text follows it"
        )
    return match.group(1), body.strip()


def _shipped(name: str) -> str:
    return (resources.files("prompts") / name).read_text("utf-8")
