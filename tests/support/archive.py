"""What tests write into an archive, and see of its index."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from index.store.generations import GENERATIONS

Lines = Sequence[Mapping[str, str | None]]
"""Of a corpus file."""


def mapped(pid: int | str = "self") -> set[str]:
    """The generations of which a process has files mapped or open."""
    lines = Path(f"/proc/{pid}/maps").read_text().splitlines()
    links = []
    for handle in Path(f"/proc/{pid}/fd").iterdir():
        try:
            links.append(str(handle.readlink()))
        except OSError:
            continue  # closed meanwhile
    names = [text.split(f"/{GENERATIONS}/")[1].split("/")[0] for text in [*lines, *links] if f"/{GENERATIONS}/" in text]
    return {name for name in names if name[0].isdigit()}
