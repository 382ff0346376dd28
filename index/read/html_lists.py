"""The numbers and marks of list items, as a reader of the page sees them."""

import re
from typing import Final

from index.read.html_styles import style_of
from index.read.html_tree import Element

BULLET: Final = "• "
_TYPES: Final = {
    "lower-alpha": "a",
    "lower-latin": "a",
    "upper-alpha": "A",
    "upper-latin": "A",
    "lower-roman": "i",
    "upper-roman": "I",
    "cjk-ideographic": "一",
    "simp-chinese-informal": "一",
    "trad-chinese-informal": "一",
}
_ROMAN: Final = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl")),
    *((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
_NUMERALS: Final = "〇一二三四五六七八九"
_OWN_MARK: Final = re.compile(
    r"(?:[（(]?(?:\d{1,3}|[一二三四五六七八九十]{1,4})[)）.．、](?!\d)|[①-⑳]|第[一二三四五六七八九十\d]{1,4}[条项章]|[•·●■◆○▪-]\s)"
)


class Lists:
    """Counts the items of the lists of a page, each in its own."""

    def __init__(self) -> None:
        """Begin with no list."""
        self._next: dict[int, int] = {}

    def mark(self, item: Element, text: str) -> str:
        """Return what stands before an item's text: "3. ", "c. ", "• "; "" where its list shows nothing.

        Args:
            text: of the item, which may bring its own number.
        """
        above = item.parent
        if above is None or above.tag not in ("ol", "ul", "menu"):
            return ""
        number = self._number(above, item) if above.tag == "ol" else 0
        shown = next((kind for each in (item, above) if (kind := _kind(each)) is not None), None)
        if shown == "none" or _OWN_MARK.match(text):
            return ""
        return f"{_written(number, shown or '1')}" if above.tag == "ol" else BULLET

    def _number(self, above: Element, item: Element) -> int:
        given = _integer(item.attributes.get("value"))
        is_reversed = "reversed" in above.attributes
        if given is None:
            given = self._next.get(id(above))
        if given is None:
            given = _integer(above.attributes.get("start"))
        if given is None:
            given = (
                sum(child.tag == "li" for child in above.children if not isinstance(child, str)) if is_reversed else 1
            )
        self._next[id(above)] = given - 1 if is_reversed else given + 1
        return given


def _integer(value: str | None) -> int | None:
    value = (value or "").strip()
    return int(value) if re.fullmatch(r"-?\d{1,6}", value, re.ASCII) else None


def _kind(element: Element) -> str | None:
    style = style_of(element)
    words = f"{style.get('list-style-type', '')} {style.get('list-style', '')}".split()
    if "none" in words:
        return "none"
    for word in words:
        if word in _TYPES:
            return _TYPES[word]
    given = element.attributes.get("type", "")
    return given if given in ("1", "a", "A", "i", "I") else None


def _written(number: int, kind: str) -> str:
    if kind in "aA" and number > 0:
        letters = ""
        while number > 0:
            number, rest = divmod(number - 1, 26)
            letters = chr(ord(kind) + rest) + letters
        return f"{letters}. "
    if kind in "iI" and 0 < number < 4000:
        roman = _roman(number)
        return f"{roman.upper() if kind == 'I' else roman}. "
    if kind == "一" and 0 < number < 100:
        tens, ones = divmod(number, 10)
        head = ("" if tens == 1 else _NUMERALS[tens]) + "十" if tens else ""
        return f"{head}{_NUMERALS[ones] if ones else ''}、"
    return f"{number}. "


def _roman(number: int) -> str:
    written = ""
    for value, letters in _ROMAN:
        times, number = divmod(number, value)
        written += letters * times
    return written
