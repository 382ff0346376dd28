"""HTML and SVG as elements, so that whatever is put into them is escaped."""

from importlib import resources
from xml.etree.ElementTree import Element, SubElement, tostring

_CONTROLS = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127))


def add(parent: Element, tag: str, text: str | None = None, /, **attributes: str | float) -> Element:
    """Append an element and return it.

    Args:
        attributes: "class_" for class, "_" for "-".
    """
    names = {name.rstrip("_").replace("_", "-"): _plain(str(value)) for name, value in attributes.items()}
    child = SubElement(parent, tag, names)
    child.text = _plain(text) if text is not None else None
    return child


def to_page(title: str, body: Element) -> bytes:
    """Return a whole page in UTF-8 that loads nothing from anywhere: its style is in it, scripts there are none."""
    html = Element("html", lang="en")
    head = add(html, "head")
    add(head, "meta", charset="utf-8")
    # Whatever slipped through the escaping could still load or run nothing.
    policy = {"http-equiv": "Content-Security-Policy", "content": "default-src 'none'; style-src 'unsafe-inline'"}
    SubElement(head, "meta", policy)
    add(head, "meta", name="viewport", content="width=device-width, initial-scale=1")
    add(head, "meta", name="color-scheme", content="light dark")
    add(head, "title", title)
    add(head, "style", (resources.files(__package__) / "report.css").read_text("utf-8"))
    html.append(body)
    return ("<!doctype html>\n" + tostring(html, encoding="unicode", method="html")).encode("utf-8", "replace")


def _plain(text: str) -> str:
    return text.translate(_CONTROLS)
