"""The numbers and marks of list items, as a reader of the page sees them."""

import re
from typing import Final

from index.read.html_styles import style_of
from index.read.html_tree import Element
from index.read.list_numbers import MAX_LIST_NUMBER, write_number

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
_OWN_MARK: Final = re.compile(
    r"(?:[（(]?(?:\d{1,3}|[一二三四五六七八九十]{1,4})[)）.．、](?!\d)|[①-⑳]|第[一二三四五六七八九十\d]{1,4}[条项章]|[•·●■◆○▪-]\s)"
)

_FORMS: Final = {"i": "lowerRoman", "I": "upperRoman"}


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
    if kind == "一" and number < MAX_LIST_NUMBER:
        return f"{write_number(number, 'chineseCounting')}、"
    return f"{write_number(number, _FORMS.get(kind, 'decimal'))}. "
