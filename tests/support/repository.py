"""Where the tests find the repository's files, and their own cases."""

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests" / "cases"


def read_cases(name: str) -> Any:
    """Return what tests/cases has under this name, without its ending."""
    return json.loads((CASES / f"{name}.json").read_text("utf-8"))
