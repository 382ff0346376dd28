"""Raised and lowered characters as plain text: 10² is not 102."""

import re
from typing import Final

_SUPERSCRIPTS: Final = str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
_HAS_SUPERSCRIPTS: Final = re.compile(r"[0-9+\-−=()n]+")
# Words and marks that are raised for looks: 1st, 商标TM, a note's [1] or ①.
_FOR_LOOKS: Final = re.compile(r"[A-Za-z]{2,}|[^\x00-\x7f]+|[\[［【〔].*|\W+", re.DOTALL)


def raise_text(text: str) -> str:
    """Return what a superscript says: in Unicode's own characters where there are such, else after "^".

    What is raised for looks only stays as it is.
    """
    inner = text.strip()
    if _HAS_SUPERSCRIPTS.fullmatch(inner):
        return text.replace(inner, inner.translate(_SUPERSCRIPTS))
    if not inner or _FOR_LOOKS.fullmatch(inner):
        return text
    return f"^{inner}" if inner.isalnum() or re.fullmatch(r"[\w.]+", inner) else f"^({inner})"
