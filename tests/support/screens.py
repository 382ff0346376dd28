"""Pictures of what readers see, kept where the environment variable SCREENS names a folder; else nothing is written.

SCREENS=DIR pytest tests/rag/widget/test_accessibility.py -m slow
"""

import os
from pathlib import Path

from playwright.sync_api import Page


def keep(page: Page, name: str) -> None:
    """Write DIR/name.png, the viewport as it is, with nothing half way through a movement."""
    folder = os.environ.get("SCREENS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png", animations="disabled", caret="hide")
