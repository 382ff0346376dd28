"""A paragraph of a Word file → the text that is shown of it, and how it is set."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final

from index.read.office.equations import M, read_equation
from index.read.office.package import FALLBACK
from index.read.office.raised import raise_text
from index.read.office.word_styles import VALUE, RunLook, Style, Styles, W

_INLINE: Final = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-", f"{W}ptab": "\t"}
# Deleted and moved-away text of tracked changes; a text box's copy for old programs; layout settings (their
# tab stops are called "tab" too); the reading above a character.
_PASSED_OVER: Final = frozenset(
    {f"{W}del", f"{W}moveFrom", f"{W}pPr", f"{W}rPr", f"{W}rt", f"{W}rubyPr", f"{W}instrText", f"{W}sdtPr", FALLBACK}
)
# Marks that offices set in symbol fonts; others of these fonts are ornaments.
_SYMBOLS: Final = {
    "F0FE": "☑",
    "F052": "☑",
    "F0FC": "✓",
    "F0A8": "□",
    "F06F": "□",
    "F0A3": "□",
    "F0B7": "•",
    "F0B0": "°",
}
HIDDEN: Final = "hidden"


@dataclass(slots=True)
class Shown:
    """What is shown of a paragraph.

    Args:
        pieces: its text.
        boxes: the text boxes anchored in it.
        notes: kind and id of the notes that it refers to: ("footnote", "2").
        characters: how many are set how: (bold, size in half points) → number.
        hides_mark: its end is hidden or deleted, so that the next paragraph goes on in its line.
    """

    pieces: list[str] = field(default_factory=list)
    boxes: list[Any] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    characters: Counter[tuple[bool, int]] = field(default_factory=Counter)
    hides_mark: bool = False

    @property
    def text(self) -> str:
        """Its text, line breaks as line feeds."""
        return "".join(self.pieces)


@dataclass(slots=True)
class RunReader:
    """Reads the paragraphs of a file in order: a field may begin in one and end in another.

    Args:
        left_out: what readers do not see as valid → how many runs of it.
    """

    styles: Styles
    left_out: Counter[str] = field(default_factory=Counter)
    _fields: list[bool] = field(default_factory=list)  # for each open field, whether its instruction goes on

    def read(self, paragraph: Any, style: Style) -> Shown:
        """Return what is shown of a paragraph of this style."""
        shown = Shown()
        mark = paragraph.find(f"{W}pPr/{W}rPr")
        if mark is not None:
            is_deleted = mark.find(f"{W}del") is not None or mark.find(f"{W}moveFrom") is not None
            shown.hides_mark = is_deleted or bool(self.styles.look_of(mark, Style()).is_hidden)
        self._inside(paragraph, style, shown)
        return shown

    def _inside(self, node: Any, style: Style, shown: Shown) -> None:
        for inner in node:
            tag = inner.tag
            if tag == f"{W}r":
                self._run(inner, style, shown)
            elif tag in (f"{M}oMath", f"{M}oMathPara"):
                if not any(self._fields):
                    shown.pieces.append(read_equation(inner))
            elif tag == f"{W}sdt" and inner.find(f"{W}sdtPr/{W}showingPlcHdr") is not None:
                continue  # "click here to enter text"
            elif tag not in _PASSED_OVER:
                self._inside(inner, style, shown)

    def _run(self, run: Any, style: Style, shown: Shown) -> None:
        look = self.styles.look_of(run.find(f"{W}rPr"), style)
        reason = HIDDEN if look.is_hidden else "struck out" if look.is_struck else None
        before = len(shown.pieces)
        self._content(run, style, shown, look)
        text = "".join(shown.pieces[before:])
        if reason:
            del shown.pieces[before:]
            self.left_out[reason] += bool(text.strip())
        elif text:
            shown.characters[bool(look.is_bold), look.size or 0] += len(text.strip())

    def _content(self, node: Any, style: Style, shown: Shown, look: RunLook) -> None:
        for inner in node:
            tag = inner.tag
            if tag == f"{W}fldChar":
                self._field(inner.get(f"{W}fldCharType"))
            elif tag == f"{W}txbxContent":
                shown.boxes.append(inner)
            elif tag in (f"{W}ruby", f"{W}rubyBase"):
                self._inside(inner, style, shown)
            elif tag == f"{W}r":
                self._run(inner, style, shown)
            elif tag not in _PASSED_OVER and not any(self._fields):
                if tag == f"{W}t":
                    text = inner.text or ""
                    shown.pieces.append(raise_text(text) if look.raised == "superscript" else text)
                elif tag in (f"{W}footnoteReference", f"{W}endnoteReference"):
                    shown.notes.append((tag[len(W) : -len("Reference")], inner.get(f"{W}id") or ""))
                elif tag == f"{W}sym":
                    shown.pieces.append(_SYMBOLS.get((inner.get(f"{W}char") or "").upper(), ""))
                elif tag in _INLINE:
                    shown.pieces.append(_INLINE[tag])
                else:
                    self._content(inner, style, shown, look)

    def _field(self, step: str | None) -> None:
        if step == "begin":
            self._fields.append(True)
        elif self._fields and step == "separate":
            self._fields[-1] = False
        elif self._fields and step == "end":
            self._fields.pop()


def style_id(paragraph: Any) -> str | None:
    """Return the id of the style that a paragraph states."""
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    return None if style is None else style.get(VALUE)
