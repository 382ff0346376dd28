"""Raised, lowered and mathematical text on one line: 10², CO2, x_i, (a+b)/2."""

import re
import unicodedata
from typing import Final

from index.read.html_tree import Element

RAISED, LOWERED, END = "\x01", "\x02", "\x03"  # no page's text has them: they are stripped from it
SCRIPT_MARKS: Final = re.compile(r"[\x01-\x04]")
_SPAN: Final = re.compile(r"([\x01\x02])([^\x01-\x03]*)\x03")
_HIGH: Final = str.maketrans("0123456789+-−()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁽⁾ⁿ")
_LOW: Final = str.maketrans("0123456789+-−()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₍₎")
_DIGITS: Final = re.compile(r"[0-9+\-−()n]{1,12}")
_PLAIN: Final = re.compile(r"[\[［【〔(（*†‡®™©]|(?:st|nd|rd|th|er|TM|SM)\Z")
MAX_FORMULA_DEPTH: Final = 40
MAX_PASSES: Final = 4  # levels of raised text within raised text


def written(line: str) -> str:
    """Return a line in which raised and lowered text stands between marks as it is written on one line.

    Raised digits become raised characters, so that 10² is not 102; other raised text "^(…)", but for what is
    no power: references "[1]", "1st", "®". Lowered digits after a letter stand as they are said (CO2, PM2.5), before
    another digit as lowered characters (log₂8).
    """
    for _level in range(MAX_PASSES):
        if RAISED not in line and LOWERED not in line:
            break
        line = _SPAN.sub(_one, line)
    return SCRIPT_MARKS.sub("", line)


def _one(match: re.Match[str]) -> str:
    text = match[2].strip()
    before, after = match.string[: match.start()][-1:], match.string[match.end() : match.end() + 1]
    if not text or not before.strip() or _PLAIN.match(text):
        return text
    if match[1] == RAISED:
        if _DIGITS.fullmatch(text):
            return text.translate(_HIGH)
        return f"^{text}" if len(text) == 1 else f"^({text})"
    is_said = before.isalpha() and not after.isdigit()
    if _DIGITS.fullmatch(text) and "n" not in text:
        return text if is_said or before in ")）]" else text.translate(_LOW)
    return text if unicodedata.category(before) == "Lo" else f"_{text}" if len(text) == 1 else f"_({text})"


def formula(math: Element, depth: int = 0) -> str:
    """Return a MathML element on one line, with the marks of `written`."""
    parts = [child for child in math.children if not isinstance(child, str)]
    if depth > MAX_FORMULA_DEPTH:
        return SCRIPT_MARKS.sub("", math.text())
    if math.tag in ("annotation", "annotation-xml", "mphantom", "mspace"):
        return ""
    if not parts:
        return "".join(SCRIPT_MARKS.sub("", math.text()).split())
    inner = [formula(part, depth + 1) for part in parts]
    return _composed(math, inner)


def _composed(math: Element, inner: list[str]) -> str:
    """Return an element of several parts on one line, each of them written already."""
    joint = {"mtable": "; ", "mtr": ", "}.get(math.tag, "")
    match math.tag, inner:
        case "mfrac", [above, below]:
            return f"{_grouped(above)}/{_grouped(below)}"
        case (("msup" | "mover"), [base, raised]):
            return f"{_grouped(base)}{RAISED}{raised}{END}"
        case (("msub" | "munder"), [base, lowered]):
            return f"{base}{LOWERED}{lowered}{END}"
        case (("msubsup" | "munderover"), [base, lowered, raised]):
            return f"{base}{LOWERED}{lowered}{END}{RAISED}{raised}{END}"
        case "msqrt", _:
            return f"√{_grouped(''.join(inner))}"
        case "mroot", [base, degree]:
            return f"{RAISED}{degree}{END}√{_grouped(base)}"
        case "mfenced", _:
            return f"{math.attributes.get('open', '(')}{','.join(inner)}{math.attributes.get('close', ')')}"
    return joint.join(inner)


def _grouped(text: str) -> str:
    return text if re.fullmatch(r"[\w.%]*|\([^()]*\)|[\w.]+[\x01\x02]\w*\x03", text) else f"({text})"
