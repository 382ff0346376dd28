"""Word's equations (Office Math) as one line of text: a/b, √x, x², ∑(i=1, n)x."""

import re
from collections.abc import Callable
from typing import Any, Final

from index.read.office.raised import raise_text

M: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_W_TEXT: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t"
_OPERATORS: Final = frozenset("+-−±×÷=<>≤≥≈,，;； /")
_PRODUCT: Final = re.compile(r"\A(?:\d++[^\W\d_].*|[A-Za-zα-ω]{2,})", re.DOTALL)
_OMITTED: Final = frozenset({"ctrlPr", "rPr"})


def read_equation(node: Any) -> str:
    """Return an equation's linear reading; structures that are not known are read from left to right."""
    pieces = []
    for child in node:
        tag = child.tag if isinstance(child.tag, str) else ""
        if tag in (f"{M}t", _W_TEXT):
            pieces.append(child.text or "")
        elif tag.startswith(M) and not (name := tag[len(M) :]).endswith("Pr") and name not in _OMITTED:
            pieces.append(_READERS.get(name, read_equation)(child))
        elif tag and not tag.startswith(M) and not tag.endswith(("}rPr", "}del", "}moveFrom")):
            pieces.append(read_equation(child))
    return "".join(pieces)


def _of(node: Any, name: str) -> str:
    child = node.find(f"{M}{name}")
    return "" if child is None else read_equation(child).strip()


def _property(node: Any, kind: str, name: str, default: str) -> str:
    found = node.find(f"{M}{kind}/{M}{name}")
    return default if found is None else found.get(f"{M}val") or ""


def _bracketed(text: str) -> str:
    is_simple = not any(character in _OPERATORS for character in text[1:]) or (
        text[:1] in "(（" and text[-1:] in ")）" and text.count(text[0]) == 1
    )
    return text if is_simple else f"({text})"


def _fraction(node: Any) -> str:
    upper, lower = _bracketed(_of(node, "num")), _bracketed(_of(node, "den"))
    if _PRODUCT.fullmatch(lower):  # 1/2a is half of a to many readers
        lower = f"({lower})"
    if _property(node, "fPr", "type", "bar") == "noBar":  # a binomial, one over the other
        return f"{upper}, {lower}"
    return f"{upper}/{lower}"


def _power(node: Any) -> str:
    exponent = _of(node, "sup")
    raised = raise_text(exponent)
    if raised == exponent and exponent.strip("′″'*°"):
        raised = f"^{exponent}" if len(exponent) == 1 else f"^({exponent})"
    base = _of(node, "e")
    return f"{_bracketed(base)}{_of(node, 'sub')}{raised}" if exponent else f"{base}{_of(node, 'sub')}"


def _root(node: Any) -> str:
    degree = _of(node, "deg")
    sign = {"": "√", "2": "√", "3": "∛", "4": "∜"}.get(degree, f"{raise_text(degree)}√")
    inner = _of(node, "e")
    return f"{sign}{inner}" if len(inner) == 1 or inner.isdigit() else f"{sign}({inner})"


def _many(node: Any) -> str:
    sign = _property(node, "naryPr", "chr", "∫")
    bounds = ", ".join(bound for bound in (_of(node, "sub"), _of(node, "sup")) if bound)
    return f"{sign}({bounds}){_of(node, 'e')}" if bounds else f"{sign}{_of(node, 'e')}"


def _delimited(node: Any) -> str:
    begin, end = _property(node, "dPr", "begChr", "("), _property(node, "dPr", "endChr", ")")
    between = _property(node, "dPr", "sepChr", "|")
    return begin + between.join(read_equation(child).strip() for child in node.findall(f"{M}e")) + end


def _function(node: Any) -> str:
    return f"{_of(node, 'fName')} {_of(node, 'e')}"


def _limit(node: Any) -> str:
    return f"{_of(node, 'e')}({_of(node, 'lim')})"


def _rows(node: Any) -> str:
    rows = node.findall(f"{M}mr")
    if rows:
        return "[" + "; ".join(", ".join(read_equation(cell).strip() for cell in row) for row in rows) + "]"
    return "; ".join(read_equation(line).strip() for line in node.findall(f"{M}e"))


def _phantom(node: Any) -> str:
    return "" if _property(node, "phantPr", "show", "1") in ("0", "off", "false") else _of(node, "e")


_READERS: Final[dict[str, Callable[[Any], str]]] = {
    "f": _fraction,
    "sSup": _power,
    "sSub": _power,
    "sSubSup": _power,
    "rad": _root,
    "nary": _many,
    "d": _delimited,
    "func": _function,
    "limLow": _limit,
    "limUpp": _limit,
    "m": _rows,
    "eqArr": _rows,
    "phant": _phantom,
}
