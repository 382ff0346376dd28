"""Styles of a Word file: what a paragraph or a run is set in, through the chain of styles that each builds upon."""

import re
from dataclasses import dataclass, field
from typing import Any, Final

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
VALUE: Final = f"{W}val"
OFF: Final = frozenset({"0", "false", "off", "none"})
_HEADING_NAME: Final = re.compile(r"(?:heading|标题)\s*([1-6])")
_TITLE_NAMES: Final = frozenset({"title", "标题"})
_CENTRED: Final = frozenset({"center", "centre", "distribute"})
MAX_STYLE_CHAIN: Final = 20  # Word allows 11 styles in a chain


@dataclass(frozen=True, slots=True)
class RunLook:
    """How a run's characters are set; None where nothing says so.

    Args:
        is_struck: by one line or two.
        size: in half points.
        raised: "superscript", "subscript", "baseline".
    """

    is_bold: bool | None = None
    is_hidden: bool | None = None
    is_struck: bool | None = None
    size: int | None = None
    raised: str | None = None

    def over(self, below: "RunLook") -> "RunLook":
        """What a run is set in that states this itself, in a style that states the other."""
        return RunLook(
            below.is_bold if self.is_bold is None else self.is_bold,
            below.is_hidden if self.is_hidden is None else self.is_hidden,
            below.is_struck if self.is_struck is None else self.is_struck,
            below.size if self.size is None else self.size,
            below.raised if self.raised is None else self.raised,
        )


@dataclass(frozen=True, slots=True)
class Style:
    """A style with all that the styles below it give it.

    Args:
        heading: level as `Heading.level` has it; None for what is no heading.
        numbering: id of the list and level in it, each None where the style states none.
    """

    name: str = ""
    look: RunLook = RunLook()
    heading: int | None = None
    is_centred: bool = False
    numbering: tuple[str | None, int | None] = (None, None)


@dataclass(slots=True)
class Styles:
    """The styles of a file by their ids.

    Args:
        root: of the part with the styles; None where a file has none.
    """

    root: Any
    default_paragraph: str = ""
    _elements: dict[str, Any] = field(default_factory=dict)
    _known: dict[str, Style] = field(default_factory=dict)
    _base: RunLook = RunLook()

    def __post_init__(self) -> None:
        """Enter the styles; they are put together when they are asked for."""
        if self.root is None:
            return
        self._base = read_look(self.root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr"))
        for element in self.root.iter(f"{W}style"):
            style_id = element.get(f"{W}styleId") or ""
            self._elements.setdefault(style_id, element)
            if element.get(f"{W}type") == "paragraph" and (element.get(f"{W}default") or "0") not in OFF:
                self.default_paragraph = style_id

    def of(self, style_id: str | None) -> Style:
        """Return a style; of one that the file does not have, one that states nothing."""
        return self._style(style_id or "", 0)

    def _style(self, style_id: str, depth: int) -> Style:
        if style_id in self._known:
            return self._known[style_id]
        element = self._elements.get(style_id)
        if element is None or depth > MAX_STYLE_CHAIN:
            return Style()
        below_id = _value(element, "basedOn")
        below = self._style(below_id, depth + 1) if below_id and below_id != style_id else Style()
        name = (_value(element, "name") or "").strip().lower()
        properties = element.find(f"{W}pPr")
        stated = read_numbering(properties)
        style = Style(
            name,
            read_look(element.find(f"{W}rPr")).over(below.look),
            _heading_of(name, properties, below.heading),
            is_centred(properties, below.is_centred),
            (stated[0] or below.numbering[0], below.numbering[1] if stated[1] is None else stated[1]),
        )
        self._known[style_id] = style
        return style

    def look_of(self, properties: Any, paragraph: Style) -> RunLook:
        """Return how a run is set whose properties these are, in a paragraph of this style."""
        stated = read_look(properties)
        style_id = _value(properties, "rStyle") if properties is not None else None
        below = paragraph.look.over(self._base)
        return stated.over(self.of(style_id).look.over(below) if style_id else below)


def read_look(properties: Any) -> RunLook:
    """Return what a run's properties state themselves."""
    if properties is None:
        return RunLook()
    struck = [state for name in ("strike", "dstrike") if (state := _toggle(properties, name)) is not None]
    size = _value(properties, "sz") or ""
    return RunLook(
        _toggle(properties, "b"),
        _toggle(properties, "vanish"),
        any(struck) if struck else None,
        int(size) if size.isdecimal() and len(size) < 5 else None,
        _value(properties, "vertAlign"),
    )


def read_numbering(properties: Any) -> tuple[str | None, int | None]:
    """Return the list and the level that a paragraph's properties state."""
    found = properties.find(f"{W}numPr") if properties is not None else None
    if found is None:
        return None, None
    level = _value(found, "ilvl") or ""
    return _value(found, "numId"), int(level) if level.isdecimal() and len(level) == 1 else None


def is_centred(properties: Any, below: bool) -> bool:
    """Whether a paragraph's lines are centred: as its properties say, else as its style does."""
    stated = _value(properties, "jc") if properties is not None else None
    return below if stated is None else stated in _CENTRED


def outline_level(properties: Any) -> int | None:
    """Return the heading level that a paragraph's properties state; 0 for body text, None where they state none."""
    stated = _value(properties, "outlineLvl") if properties is not None else None
    if stated is None:
        return None
    return int(stated) + 1 if stated in {"0", "1", "2", "3", "4", "5"} else 0


def _heading_of(name: str, properties: Any, below: int | None) -> int | None:
    if name in _TITLE_NAMES:
        return 0
    named = _HEADING_NAME.fullmatch(name)
    if named:
        return int(named[1])
    stated = outline_level(properties)
    return below if stated is None else stated or None


def _value(parent: Any, name: str) -> str | None:
    child = parent.find(f"{W}{name}")
    return None if child is None else child.get(VALUE)


def _toggle(properties: Any, name: str) -> bool | None:
    child = properties.find(f"{W}{name}")
    return None if child is None else (child.get(VALUE) or "1") not in OFF
