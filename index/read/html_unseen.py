"""What a reader of a page does not see is taken out of its tree: hidden, struck, readings above characters, controls."""

import re
from collections import Counter
from typing import Final

from index.read.html_styles import Style, hides, hiding_names, is_struck, striking_names, style_of
from index.read.html_tree import Element, Page, parse

Reason = str
_CONTROLS: Final = frozenset({"button", "select", "option", "datalist", "input", "optgroup", "progress", "meter"})
_MEDIA: Final = frozenset({"svg", "canvas", "audio", "video", "map", "embed", "applet", "param"})
_READINGS: Final = frozenset({"rt", "rp", "rtc"})
STRUCK: Final = "\x04"  # stands where something was struck: what is left of it and right of it are not one number
_PROSE: Final = re.compile(r"[。！？；，、]|[.,;!?] ")
_NEEDS_SCRIPTS: Final = re.compile(r"java ?script|脚本|浏览器", re.IGNORECASE)
_OTHER_FIELDS: Final = re.compile(r"comment|reply|message|share|embed|code|pinglun|liuyan|feedback", re.IGNORECASE)
_BODIES: Final = re.compile(r"content|article|detail|zoom|body|text|editor|main", re.IGNORECASE)
MIN_FIELD_CHARS: Final = 30  # a form's field says less
# A page that shows less in sentences than this has its article where its script would show it.
MIN_SHOWN_CHARS: Final = 30
HIDDEN_TIMES: Final = 3
MAX_REVEALED: Final = 4
MAX_FIELDS: Final = 200  # of a page that are read as text


def take_out_unseen(page: Page, depth: int = 0) -> Counter[Reason]:
    """Take out of a page's tree what a reader does not see; return how many characters, by reason.

    What is hidden stays where it is the page's only text: its script shows it later (WeChat).

    Args:
        depth: how many hidden elements that were kept stand above the page's body.
    """
    left_out: Counter[Reason] = Counter()
    names, struck = hiding_names(page.styles), striking_names(page.styles)
    hidden: list[Element] = []
    pending = [page.body]
    while pending:
        element = pending.pop()
        kept: list[Element | str] = []
        for child in element.children:
            if isinstance(child, str):
                kept.append(child)
                continue
            style = style_of(child)
            if hides(child, style, names):
                hidden.append(child)
                kept.append(child)
                continue
            reason = _reason(child, style, struck)
            if reason is None:
                kept.append(child)
                pending.append(child)
            else:
                left_out[reason] += size_of(child)
                if reason == "struck":
                    kept.append(STRUCK)
        element.children = kept
    _read_fields(page.body, left_out)
    _take_out_hidden(page, hidden, left_out, depth)
    return left_out


def size_of(element: Element) -> int:
    """Return how many characters, blanks not counted, an element holds."""
    return len("".join(element.text().split()))


def _reason(element: Element, style: Style, struck: frozenset[str]) -> Reason | None:
    if element.tag in _CONTROLS:
        return "controls"
    if element.tag in _MEDIA:
        return "media"
    if element.tag in _READINGS:
        return "readings"
    if element.tag == "dialog" and "open" not in element.attributes:
        return "hidden"
    return "struck" if is_struck(element, style, struck) else None


def prose_chars(element: Element) -> int:
    """Return how many characters stand in pieces of text with marks of sentences, links left out."""
    found = 0
    pending: list[Element | str] = [element]
    while pending:
        item = pending.pop()
        if isinstance(item, str):
            found += len(item.strip()) if _PROSE.search(item) else 0
        elif item.tag not in ("a", "nav", "textarea", "noscript"):
            pending.extend(item.children)
    return found


def _take_out_hidden(page: Page, hidden: list[Element], left_out: Counter[Reason], depth: int) -> None:
    if not hidden:
        return
    sizes = {id(element): prose_chars(element) for element in hidden}
    shown = prose_chars(page.body) - sum(sizes.values())
    gone: list[Element] = []
    largest = max(hidden, key=lambda element: sizes[id(element)])
    for element in hidden:
        size = sizes[id(element)]
        is_needed = shown < MIN_SHOWN_CHARS <= size and element is largest
        is_delayed = size >= HIDDEN_TIMES * shown and bool(_BODIES.search(element.names)) and not _is_gone(element)
        if (is_needed or is_delayed) and depth < MAX_REVEALED:
            left_out.update(take_out_unseen(Page(element, {}, None, (), page.styles, None), depth + 1))
        else:
            left_out["hidden"] += size_of(element)
            gone.append(element)
    _remove(gone)


def _is_gone(element: Element) -> bool:
    return "hidden" in element.attributes or style_of(element).get("display", "").startswith("none")


def _remove(elements: list[Element]) -> None:
    """Take elements out of their tree."""
    gone = {id(element) for element in elements}
    parents = {id(element.parent): element.parent for element in elements}
    for parent in parents.values():
        if parent is not None:
            parent.children = [child for child in parent.children if id(child) not in gone]


def _read_fields(body: Element, left_out: Counter[Reason]) -> None:
    """Keep `<noscript>` and `<textarea>` where a page has its text there, once."""
    fields = [element for element in body.elements() if element.tag in ("noscript", "textarea")]
    if not fields:
        return
    shown: str | None = None
    gone: list[Element] = []
    for number, field in enumerate(fields):
        text = "".join(field.text().split())
        is_other = field.tag == "textarea" and _OTHER_FIELDS.search(f"{field.names} {field.attributes.get('name', '')}")
        says = len(text) >= MIN_FIELD_CHARS and _PROSE.search(text)
        is_left_out = is_other or not says or number >= MAX_FIELDS or (_NEEDS_SCRIPTS.search(text) and len(text) < 200)
        if not is_left_out and shown is None:
            shown = "".join("".join(element.text().split()) for element in _outside(body))
        if is_left_out or text[:40] in (shown or ""):
            left_out["controls" if field.tag == "textarea" else "scripts"] += len(text)
            gone.append(field)
        elif field.tag == "textarea":
            _open(field)
        else:
            field.tag = "div"
    _remove(gone)


def _outside(body: Element) -> list[Element]:
    """Return elements whose texts together are the page's, those of fields apart."""
    found: list[Element] = []
    pending = [body]
    while pending:
        element = pending.pop()
        if element.tag in ("noscript", "textarea"):
            continue
        texts: list[Element | str] = [child for child in element.children if isinstance(child, str)]
        if texts:
            found.append(Element(element.tag, {}, None, texts))
        pending.extend(child for child in reversed(element.children) if not isinstance(child, str))
    return found


def _open(field: Element) -> None:
    """Read a text field as lines, or as the markup that it holds."""
    text = field.text()
    inner = parse(text).body if re.search(r"</?(?:p|br|div|span)\b", text, re.IGNORECASE) else None
    field.tag = "div" if inner is not None else "pre"
    if inner is not None:
        field.children = inner.children
        for child in field.children:
            if not isinstance(child, str):
                child.parent = field
