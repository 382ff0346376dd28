"""Markup → a tree of elements. The only importer of selectolax."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Final

from index.read.html_limits import check_markup

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

MAX_LOOKED_UP: Final = 60  # elements above one that are asked; heavy pages nest some 40 deep
MAX_SHORT_ELEMENTS: Final = 60
_NO_ATTRIBUTES: Final[Mapping[str, str]] = {}
_NOT_TEXT: Final = frozenset({"style", "iframe", "object", "head", "frameset"})  # their text is never shown


@dataclass(slots=True, eq=False)
class Element:
    """One element of a page. It is the same element only as itself.

    Args:
        tag: name in lower case.
        attributes: names in lower case; one without a value has "".
        children: elements and pieces of text, in the page's order.
    """

    tag: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    parent: "Element | None" = None
    children: "list[Element | str]" = field(default_factory=list)

    @property
    def names(self) -> str:
        """What its class and id call it, with a blank between; "" for nothing."""
        if not self.attributes:
            return ""
        return f"{self.attributes.get('class', '')} {self.attributes.get('id', '')}".strip()

    def above(self) -> "Iterator[Element]":
        """Yield its parent, the parent's parent and so on."""
        element = self.parent
        while element is not None:
            yield element
            element = element.parent

    def elements(self) -> "Iterator[Element]":
        """Yield it and all elements below it, in the page's order."""
        pending = [self]
        while pending:
            element = pending.pop()
            yield element
            if element.children:
                pending += [child for child in reversed(element.children) if not isinstance(child, str)]

    def is_within(self, *tags: str) -> bool:
        """Tell whether an element of these stands above it, not further than pages nest."""
        return any(element.tag in tags for element in islice(self.above(), MAX_LOOKED_UP))

    def is_short(self, chars: int) -> bool:
        """Tell whether it holds little: at most so many characters of markup's text, in few elements."""
        size = 0
        for number, below in enumerate(self.elements()):
            size += sum(len(child) for child in below.children if isinstance(child, str))
            if number > MAX_SHORT_ELEMENTS or size > chars:
                return False
        return True

    def text(self) -> str:
        """Return all text below it, in the page's order, as the markup has it."""
        pieces: list[str] = []
        pending: list[Element | str] = [self]
        while pending:
            item = pending.pop()
            if isinstance(item, str):
                pieces.append(item)
            else:
                pending.extend(reversed(item.children))
        return "".join(pieces)


@dataclass(frozen=True, slots=True)
class Page:
    """A parsed page.

    Args:
        body: what is shown.
        properties: content of its meta elements by name in lower case, the first of each.
        title: text of `<title>`.
        json_ld: texts of its JSON-LD scripts.
        styles: texts of its `<style>` elements.
        canonical: address that it names as its own.
    """

    body: Element
    properties: Mapping[str, str]
    title: str | None
    json_ld: tuple[str, ...]
    styles: tuple[str, ...]
    canonical: str | None


def parse(html: str) -> Page:
    """Return a page's tree. Text in `<noscript>` and `<textarea>` is part of it.

    Raises:
        UnreadableError: too_large (tags, attributes, nesting).
    """
    from selectolax.lexbor import LexborHTMLParser

    check_markup(html)
    tree = LexborHTMLParser(html)
    properties: dict[str, str] = {}
    for node in tree.css("meta"):
        given = node.attributes
        name = given.get("name") or given.get("property") or given.get("itemprop")
        if name and (content := given.get("content")):
            properties.setdefault(name.strip().lower(), content)
    title = tree.css_first("title")
    link = tree.css_first('link[rel="canonical"]')
    return Page(
        body=_copy(tree.body) if tree.body is not None else Element("body"),
        properties=properties,
        title=" ".join(title.text().split()) or None if title is not None else None,
        json_ld=tuple(node.text() for node in tree.css('script[type="application/ld+json" i]')[:40]),
        styles=tuple(node.text() for node in tree.css("style")[:40]),
        canonical=link.attributes.get("href") if link is not None else None,
    )


def _copy(root: "LexborNode") -> Element:
    """Return the tree below a node, without scripts and what else is no text."""
    top = Element(root.tag or "body", _attributes(root))
    # A stack instead of recursion: pages may nest deeper than Python's calls.
    pending = [(root, top)]
    while pending:
        node, element = pending.pop()
        for child in node.iter(include_text=True):
            if child.is_text_node:
                element.children.append(child.text_content or "")
                continue
            tag = child.tag or ""
            if tag == "script" or tag in _NOT_TEXT or tag[0] in "!-":
                continue
            copied = Element(tag, _attributes(child), element)
            element.children.append(copied)
            pending.append((child, copied))
    return top


def _attributes(node: "LexborNode") -> Mapping[str, str]:
    given = node.attributes
    return {name: value or "" for name, value in given.items()} if given else _NO_ATTRIBUTES
