"""What the service has its building process do, and what that reports."""

from typing import Any

import msgspec

from index.store.manifest import Counts


class BuildJob(msgspec.Struct, frozen=True):
    """What is to be done: documents as they were sent, or a name to withdraw.

    Args:
        wait_s: how long to wait for another process that writes the index.
        deadline_s: after how long the job is given up, and undone; 0 never.
    """

    index_dir: str
    cache_dir: str
    embedding_model: str
    dictionary: str | None = None
    wait_s: float = 0.0
    documents: list[dict[str, Any]] = []
    withdraw: str | None = None
    deadline_s: float = 0.0


class DocumentResult(msgspec.Struct, frozen=True):
    """What became of one document.

    Args:
        source: the name that was sent.
        status: "kept", or "rejected" with reason, message and remedy.
        file: how citations name its file; the name to withdraw it by.
        rejected_lines: objects of a corpus file that could not be read, while others could.
    """

    source: str
    status: str
    file: str | None = None
    rejected_lines: int = 0
    reason: str | None = None
    message: str | None = None
    remedy: str | None = None


class Failure(msgspec.Struct, frozen=True):
    """Why nothing was done.

    Args:
        kind: the class of index.errors.
        code, remedy: of an UnreadableError.
    """

    kind: str
    message: str
    code: str | None = None
    remedy: str = ""


class Outcome(msgspec.Struct, frozen=True):
    """What was done.

    Args:
        generation: the current one afterwards; None where nothing of what was sent could be kept.
        failure: why nothing was done, where it failed.
    """

    generation: str | None = None
    counts: Counts | None = None
    documents: list[DocumentResult] = []
    failure: Failure | None = None
