"""What is made once of the dictionary and kept in the cache folder, with its own digest: a damaged copy is made anew."""

import hashlib
import json
import logging
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)


def keep(path: Path | None, make: Callable[[], Any]) -> Any:
    """Return what `make` makes, as JSON gives it back; read from the file where that has it.

    Args:
        path: where it is kept; None keeps it nowhere.
    """
    if path is None:
        return make()
    try:
        digest, _, content = path.read_text("utf-8").partition("\n")
        if digest == hashlib.sha256(content.encode()).hexdigest():
            return json.loads(content)
        log.warning("%s is damaged and is written again", path)
    except OSError:
        pass  # not yet there
    made = make()
    content = json.dumps(made, ensure_ascii=False)
    try:
        _write(path, f"{hashlib.sha256(content.encode()).hexdigest()}\n{content}")
    except OSError as error:  # a folder that cannot be written to costs time, no answer
        log.warning("the English dictionary cannot be kept in %s (%s): it is made anew for each process", path, error)
    return made


def _write(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as file:
        file.write(text)
    Path(file.name).replace(path)
