"""Which styles hide or strike what an element holds: inline ones, and a page's own rules for one class or id."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Final

from index.read.html_tree import Element

_DECLARATION: Final = re.compile(r"([a-z-]{2,40})[ \t\n]{0,9}:([^;]{0,200})")
_SIMPLE: Final = re.compile(r"[a-z0-9]{0,20}([.#][\w-]{1,80})")
_COMMENT: Final = re.compile(r"/\*(?>[^*]*+(?:\*(?!/)[^*]*+)*)(?:\*/|\Z)")
_NUMBER: Final = re.compile(r"-?\d{0,6}(?:\.\d{1,6})?(?=px|pt|em|rem|%|\s|!|\Z)")
MAX_STYLE_CHARS: Final = 1 << 20
MAX_ABOVE: Final = 30  # elements above one that are asked for their background
OFF_SCREEN_PX: Final = 500  # nobody shifts by so much what is to be seen
_HIDING_CLASSES: Final = frozenset(
    {"hidden", "hide", "d-none", "sr-only", "visually-hidden", "screen-reader-text", "visuallyhidden", "is-hidden"}
)
_WHITE: Final = "ffffff"
_COLOURS: Final[Mapping[str, str]] = {"white": _WHITE, "black": "000000", "red": "ff0000", "transparent": "none"}

Style = Mapping[str, str]


def style_of(element: Element) -> Style:
    """Return an element's inline declarations, names and values in lower case."""
    return declarations(element.attributes.get("style", ""))


def declarations(text: str) -> Style:
    """Return what a style says: "color: RED; top:0" → {"color": "red", "top": "0"}."""
    if not text:
        return {}
    return {name: value.strip() for name, value in _DECLARATION.findall(text[:4000].lower())}


def hiding_names(sheets: Iterable[str]) -> frozenset[str]:
    """Return the classes (".x") and ids ("#x") that a page's own rules never show.

    Rules under a condition (`@media print`) are passed over, and so are selectors of several parts.
    """
    return _names_with(
        sheets,
        is_unseen,
        lambda style: style.get("display", "none") != "none" or style.get("visibility") == "visible",
    )


def striking_names(sheets: Iterable[str]) -> frozenset[str]:
    """Return the classes (".x") and ids ("#x") that a page's own rules strike out."""
    return _names_with(sheets, _strikes, lambda style: "text-decoration" in style or "text-decoration-line" in style)


def _names_with(
    sheets: Iterable[str], has: Callable[[Style], bool], has_not: Callable[[Style], bool]
) -> frozenset[str]:
    """Return the classes and ids that some rule gives a style and no other one takes it from."""
    given: set[str] = set()
    taken: set[str] = set()
    for selectors, body in _rules(_COMMENT.sub(" ", "\n".join(sheets)[:MAX_STYLE_CHARS])):
        style = declarations(body)
        names = [match[1] for part in selectors.split(",") if (match := _SIMPLE.fullmatch(part.strip()))]
        if has(style):
            given.update(names)
        elif has_not(style):
            taken.update(names)
    return frozenset(given - taken)


def _rules(sheet: str) -> Iterator[tuple[str, str]]:
    depth = skipped_from = start = 0
    selectors = ""
    for mark in re.finditer("[{}]", sheet):
        if mark[0] == "{":
            depth += 1
            if not skipped_from:
                selectors = sheet[start : mark.start()].strip()
                skipped_from = depth if selectors.startswith("@") or len(selectors) > 2000 else 0
        else:
            if depth == 1 and not skipped_from:
                yield selectors, sheet[start : mark.start()]
            skipped_from = 0 if depth <= skipped_from else skipped_from
            depth = max(depth - 1, 0)
        start = mark.end()


def is_unseen(style: Style) -> bool:
    """Tell whether a style shows nothing of an element: not displayed, of no size, outside of the page."""
    if not style:
        return False
    if style.get("display", "").startswith("none") or style.get("visibility", "").startswith(("hidden", "collapse")):
        return True
    if _number(style.get("opacity")) == 0 or style.get("color", "").startswith("transparent"):
        return True
    if style.get("overflow", "").startswith(("hidden", "clip")) or "clip" in style or "clip-path" in style:
        sizes = [_number(style.get(name)) for name in ("width", "height", "max-height", "max-width")]
        if any(size is not None and 0 <= size <= 1 for size in sizes):
            return True
    if style.get("position", "").startswith(("absolute", "fixed")):
        places = [_number(style.get(name)) for name in ("left", "top", "right", "bottom")]
        if any(place is not None and place <= -OFF_SCREEN_PX for place in places):
            return True
    shifts = [_number(style.get(name)) for name in ("text-indent", "margin-left", "margin-top")]
    return any(shift is not None and shift <= -OFF_SCREEN_PX for shift in shifts)


def _number(value: str | None) -> float | None:
    match = _NUMBER.match(value) if value else None
    if match is None or not match[0].strip("-."):
        return None
    return float(match[0])


def is_struck(element: Element, style: Style, names: frozenset[str]) -> bool:
    """Tell whether what an element holds is struck out: it was, and is no more.

    Args:
        names: what `striking_names` found.
    """
    return element.tag in ("del", "s", "strike") or _strikes(style) or _is_named(element, names)


def _strikes(style: Style) -> bool:
    return "line-through" in style.get("text-decoration", "") + style.get("text-decoration-line", "")


def _is_named(element: Element, names: frozenset[str]) -> bool:
    """Tell whether an element has one of the classes (".x") or ids ("#x")."""
    given = element.attributes
    classes = given.get("class", "").split() if names else ()
    return bool(names) and (f"#{given.get('id', '')}" in names or any(f".{name}" in names for name in classes))


def hides(element: Element, style: Style, names: frozenset[str]) -> bool:
    """Tell whether an element is not shown.

    Args:
        names: what `hiding_names` found.
    """
    given = element.attributes
    if not given:
        return False
    if "hidden" in given and given["hidden"] != "until-found":
        return True
    if given.get("aria-hidden", "").lower() == "true" or is_unseen(style):
        return True
    if _HIDING_CLASSES.intersection(given.get("class", "").split()) or _is_named(element, names):
        return True
    return _has_no_size(element, style) or _is_of_its_background(element, style)


def _has_no_size(element: Element, style: Style) -> bool:
    """Tell of text of size 0; its parts may have a size of their own (blanks between boxes are removed so)."""
    if _number(style.get("font-size")) != 0:
        return False
    return not any("font-size" in style_of(below) for below in element.elements() if below is not element)


def _is_of_its_background(element: Element, style: Style) -> bool:
    colour = _colour(style.get("color") or (element.attributes.get("color") if element.tag == "font" else None))
    if not colour:
        return False
    around = (element, *islice(element.above(), MAX_ABOVE))
    return colour == next((ground for each in around if (ground := _background(each)) is not None), None)


def _background(element: Element) -> str | None:
    style = style_of(element)
    value = style.get("background-color") or style.get("background") or element.attributes.get("bgcolor")
    return _colour(value.lower()) or "none" if value else None


def _colour(value: str | None) -> str | None:
    """Return a colour as six digits; None where it is none that can be told."""
    if not value:
        return None
    value = value.strip().lower().split("!")[0].strip()
    if value in _COLOURS:
        return _COLOURS[value]
    if match := re.fullmatch(r"rgba?\((\d{1,3}),\s*(\d{1,3}),\s*(\d{1,3})(?:,[\s\d.]{1,9})?\)", value):
        return "".join(f"{min(int(part), 255):02x}" for part in match.groups())
    if match := re.fullmatch(r"#([0-9a-f]{3})(?:[0-9a-f]{3})?", value):
        return "".join(digit * 2 for digit in match[1]) if len(value) == 4 else value[1:]
    return None
