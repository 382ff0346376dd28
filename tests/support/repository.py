"""Where the tests find the repository's files, and their own cases."""

import json
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests" / "cases"


def read_cases(name: str) -> Any:
    """Return what tests/cases has under this name, without its ending."""
    return json.loads((CASES / f"{name}.json").read_text("utf-8"))


def readme_python() -> str:
    """Return README's one block of Python, for the test that runs it as it stands."""
    blocks = re.findall(r"^```python\n(.*?)^```", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert len(blocks) == 1, f"README has {len(blocks)} blocks of Python"
    return str(blocks[0])
