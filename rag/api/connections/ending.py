"""How a process that serves ends without finishing what it is at: by a second signal, and by the death of its parent."""

import multiprocessing
import os
import signal
import threading

ORPHANED = 1
"""Exit code of a process whose parent is gone."""


def end_at_once(number: int) -> None:
    """End this process as the signal would have it, had nobody heard of it."""
    signal.signal(number, signal.SIG_DFL)
    signal.raise_signal(number)


def end_with_parent() -> None:
    """End this process as soon as the one that started it has ended, by kill -9 for example; a first process goes on."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def wait() -> None:
        parent.join()
        os._exit(ORPHANED)

    threading.Thread(target=wait, name="parent", daemon=True).start()
