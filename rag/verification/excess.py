"""Statements that nobody could check, known before they are held against anything: too long, too much in one, one thing again and again.

So no statement takes long, whatever an LLM writes.
"""

import zlib
from collections.abc import Iterator

from rag.verification.claims import Claims
from rag.verification.statements import ModelStatement

MAX_VALUES = 40
"""Figures and dates in one statement: a table of ten rows."""
MAX_CLAUSES = 60
"""Clauses in one statement, or names."""
MAX_COMPRESSION = 3.5
"""Times that a statement may become shorter when it is compressed: nothing that was printed becomes 2.5 times so. Models that go
round in circles are known by it (Radford et al. 2022, section 4.5)."""


def find_excess(statement: ModelStatement, claims: Claims) -> Iterator[str]:
    """Yield what makes a statement no sentence; what is asked of it first takes least.

    Args:
        claims: of it.
    """
    if statement.is_too_long:
        yield "too_long"
        return
    written = claims.text.encode("utf-8", "replace")
    if len(written) > MAX_COMPRESSION * len(zlib.compress(written)):
        yield "repeats_itself"
    elif (
        len(claims.clauses) > MAX_CLAUSES
        or len(claims.figures) + len(claims.days) > MAX_VALUES
        or len(claims.people_and_places) > MAX_CLAUSES
    ):
        yield "too_much_in_one"
