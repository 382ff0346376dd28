"""One clean article → its damaged lines and frames, with what is true about it."""

import random
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import typeset
from newsprint import CleanArticle
from typeset import Line

SIDE = 12
"""Characters before and after a place where an article's pieces join: together they prove the join."""

Role = Literal["headline", "kicker", "deck", "subheads", "body", "caption", "jump", "banner"]


@dataclass(frozen=True, slots=True)
class TrueArticle:
    """What a perfect segmenter gives for one article.

    Args:
        text: the body, sub-headings in their places, without headline, captions and jump lines.
        joins: for each place where its pieces meet, the characters on both sides, white space removed.
        kinds: the damage that hit it.
    """

    id: str
    text: str
    title: str | None
    kicker: str | None
    deck: str | None
    subheads: tuple[str, ...]
    captions: tuple[str, ...]
    joins: tuple[str, ...]
    kinds: frozenset[str]


@dataclass(frozen=True, slots=True)
class Frame:
    """A text frame: `lines` of a body, else the printed `rows` of anything else."""

    role: Role
    owner: int
    lines: tuple[Line, ...] = ()
    rows: tuple[str, ...] = ()


@dataclass(slots=True)
class Setting:
    """How a page is set, and which damage may be done to it."""

    mode: Literal["hard_wraps", "block_wraps", "long_lines", "clean"]
    allowed: Collection[str]
    doubles: bool
    half_width: bool
    digit_spaces: float
    kerns: bool

    def may(self, rng: random.Random, kind: str, share: float) -> bool:
        return kind in self.allowed and rng.random() < share


@dataclass(slots=True)
class Item:
    """An article while it is set."""

    owner: int
    article: CleanArticle
    kinds: set[str] = field(default_factory=set)
    lines: list[Line] = field(default_factory=list)
    widths: tuple[float, ...] = (60.0,)
    joins: list[str] = field(default_factory=list)
    parts: list[list[Line]] = field(default_factory=list)
    lifted: tuple[str, ...] = ()
    jump_from: str | None = None
    jump_to: str | None = None
    is_titled: bool = True
    begins_clearly: bool = True

    def truth(self) -> TrueArticle:
        article = self.article
        title = article.title if self.is_titled else None
        return TrueArticle(
            article.id,
            text_of(self.lines),
            title,
            article.kicker if title else None,
            article.deck if title else None,
            tuple(line.clean for line in self.lines if line.is_subhead),
            article.captions,
            tuple(self.joins),
            frozenset(self.kinds),
        )


def text_of(lines: Sequence[Line]) -> str:
    """The text of clean lines, a paragraph a line."""
    text = ""
    for line in lines:
        text += line.clean
        if line.ends:
            text += "\n"
        elif line.printed == line.clean and re.search(r"[A-Za-z0-9,.;:”\")]$", text) and text.isascii():
            text += " "
    return text.strip()


def squeezed(text: str) -> str:
    return "".join(text.split())


def set_item(
    item: Item, setting: Setting, rng: random.Random, previous: Sequence[float], *, jump: str | None, cut: bool
) -> None:
    """Typeset an article and damage its body; `previous` are the widths of the article before it."""
    _choose_widths(item, setting, rng, previous)
    kinds = {"long_lines" if setting.mode == "clean" else setting.mode} | ({"number_torn"} & set(setting.allowed))
    article = item.article
    item.lines = typeset.set_body(article.text.split("\n"), article.subheads, item.widths, rng, kinds)
    if setting.mode != "clean":
        item.kinds.add(setting.mode)
    if article.is_english:
        item.kinds.add("english")
    if len(item.widths) > 1 and len(item.lines) >= len(item.widths):
        item.kinds.add("column_change")
    if jump:
        _jump(item, jump, setting, rng)
    if setting.mode == "long_lines":
        _break_long_lines(item, setting, rng)
    if any(line.is_subhead for line in item.lines):
        item.kinds.add("subheads")
    item.begins_clearly = item.article.has_dateline and item.jump_from is None
    if not item.article.has_dateline and item.jump_from is None:
        item.kinds.add("no_dateline" if item.article.title else "notice")
        if re.search(r"（[^（）]{2,14}）$", item.article.text):
            item.kinds.add("signed")
    if typeset.tears_number(item.lines):
        item.kinds.add("number_torn")
    item.parts = _cut(item, setting, rng) if cut else [item.lines]
    if len(item.parts) == 1 and article.subheads and setting.may(rng, "subheads_lifted", 0.15):
        _lift_subheads(item)
    item.parts = [[_worn(line, item, setting, rng) for line in part] for part in item.parts]
    _kern(item, setting, rng)
    if setting.mode == "block_wraps":
        _open_gaps(item, setting, rng)


def _choose_widths(item: Item, setting: Setting, rng: random.Random, previous: Sequence[float]) -> None:
    choices = [width for width in range(17, 31) if item.article.has_dateline or abs(width - previous[-1]) >= 4]
    if item.article.title is None:
        choices = [width for width in (13, 14, 15) if abs(width - previous[-1]) >= 4] or [12]
    first = float(rng.choice(choices)) + rng.choice((0.0, 0.0, 0.5))
    item.widths = (first,)
    if setting.may(rng, "column_change", 0.2) and item.article.title:
        second = float(rng.choice([width for width in range(17, 31) if abs(width - first) >= 3]))
        item.widths = (*([first] * rng.randrange(6, 18)), second)


def _jump(item: Item, jump: str, setting: Setting, rng: random.Random) -> None:
    """Leave out what stands on another page."""
    count = len(item.lines)
    places = list(range(1, count) if setting.mode == "long_lines" else range(count // 3, 2 * count // 3))
    if jump == "jump_from":  # goes on where the first page stopped: mostly at a paragraph
        places = [n for n in places if item.lines[n - 1].ends and not item.lines[n - 1].is_subhead] or places
    places = [n for n in places if 0 < n < count and not item.lines[n - 1].is_subhead]
    if not places or item.article.is_english:
        return
    place = rng.choice(places)
    sections = [n for n in range(1, count) if item.lines[n].is_subhead]
    if jump == "jump_from" and sections and rng.random() < 0.5:
        place = rng.choice(sections)
    item.kinds.add(jump)
    page = rng.choice(("01", "02", "03", "04", "一", "二"))
    style = rng.choice(("（{}{}版）", "({}{}版)", "（{}{}版）"))
    if jump == "jump_to":
        item.lines = item.lines[:place]
        item.jump_to = style.format("下转", page)
        return
    item.lines = item.lines[place:]
    item.jump_from = style.format("上接", page)
    first = item.lines[0]
    if first.is_subhead and setting.may(rng, "subhead_truncated", 0.5):
        rest = typeset.truncated(first.clean)
        item.lines[0] = replace(first, clean=rest, printed=rest)
        item.kinds.add("subhead_truncated")
    if setting.may(rng, "untitled_rest", 0.35):
        item.is_titled = False
        item.kinds.add("untitled_rest")


def _break_long_lines(item: Item, setting: Setting, rng: random.Random) -> None:
    for _ in range(rng.choice((0, 1, 1, 2))):
        long = [n for n, line in enumerate(item.lines) if len(line.clean) > 60]
        if long and "column_edge" in setting.allowed:
            number = rng.choice(long)
            text = item.lines[number].clean
            places = [n for n in range(20, len(text) - 20) if _breakable(text, n)]
            if places:
                item.lines[number : number + 1] = typeset.broken_at(item.lines[number], rng.choice(places))
                item.kinds.add("column_edge")


def _breakable(text: str, place: int) -> bool:
    left, right = text[place - 1], text[place]
    if left in typeset.NO_END or right in typeset.NO_START or left.isspace() or right.isspace():
        return False
    return not (left.isascii() and right.isascii())


def _cut(item: Item, setting: Setting, rng: random.Random) -> list[list[Line]]:
    """Two pieces that other articles will part: inside a sentence, inside a title, or between two paragraphs."""
    if setting.mode in ("long_lines", "clean") and "cut_mid_sentence" in setting.allowed and rng.random() < 0.7:
        middle = max(range(len(item.lines)), key=lambda n: len(item.lines[n].clean))
        text = item.lines[middle].clean
        places = [n for n in range(len(text) // 4, 3 * len(text) // 4) if _breakable(text, n)]
        if places and not item.article.is_english:
            item.lines[middle : middle + 1] = typeset.broken_at(item.lines[middle], rng.choice(places))
    by_kind: dict[str, list[int]] = {"cut_mid_sentence": [], "cut_in_title": [], "cut_paragraph": []}
    for place in range(max(1, len(item.lines) // 5), 1 + 4 * len(item.lines) // 5):
        before, after = item.lines[place - 1 : place + 1] if place < len(item.lines) else (None, None)
        if before is None or after is None or before.is_subhead or after.is_subhead:
            continue
        written = text_of(item.lines[:place])
        if before.ends:
            by_kind["cut_paragraph"].append(place)
        elif written.count("《") > written.count("》"):
            by_kind["cut_in_title"].append(place)
        elif not before.clean.endswith(("。", "！", "？", "”")):
            by_kind["cut_mid_sentence"].append(place)
    kinds = [kind for kind, places in by_kind.items() if places and kind in setting.allowed]
    if not kinds:
        return [item.lines]
    kind = rng.choices(kinds, [{"cut_mid_sentence": 3, "cut_in_title": 9}.get(kind, 2) for kind in kinds])[0]
    place = rng.choice(by_kind[kind])
    item.kinds.add(kind)
    _note_join(item, place)
    return [item.lines[:place], item.lines[place:]]


def split_for_caption(item: Item, rng: random.Random) -> bool:
    """Part an uncut body where a caption will stand inside it."""
    places = [n for n in range(4, len(item.lines) - 4) if not item.lines[n - 1].ends and not item.lines[n].is_subhead]
    if len(item.parts) > 1 or item.lifted or not places:
        return False
    place = rng.choice(places)
    item.kinds.add("caption_inside")
    _note_join(item, place)
    item.parts = [item.parts[0][:place], item.parts[0][place:]]
    return True


def _note_join(item: Item, place: int) -> None:
    left = "".join(line.clean for line in item.lines[:place])
    right = "".join(line.clean for line in item.lines[place:])
    item.joins.append(squeezed(left)[-SIDE:] + squeezed(right)[:SIDE])


def _lift_subheads(item: Item) -> None:
    """The sub-headings stand in front of the body instead of in it."""
    for place, line in enumerate(item.lines):
        if line.is_subhead:
            for join in sorted({place, place + 1} - {0, len(item.lines)}):
                _note_join(item, join)
    item.lifted = tuple(line.clean for line in item.lines if line.is_subhead)
    item.parts = [[line for line in item.lines if not line.is_subhead]]
    item.kinds.add("subheads_lifted")


def _worn(line: Line, item: Item, setting: Setting, rng: random.Random) -> Line:
    """A line with the damage that hits characters."""
    printed = line.printed
    if item.article.is_english:
        return line
    if setting.digit_spaces:
        spaced = typeset.spaced_digits(printed, rng, setting.digit_spaces)
        if spaced != printed:
            item.kinds.add("digit_spaces")
        printed = spaced
    if setting.half_width:
        item.kinds.add("half_width")
        printed = typeset.halved(printed)
    if "PM2.5" in printed and setting.may(rng, "subscript", 0.6 if setting.half_width else 0.1):
        item.kinds.add("subscript")
        printed = printed.replace("PM2.5", "PM_{2.5}")
    return replace(line, printed=printed)


def _kern(item: Item, setting: Setting, rng: random.Random) -> None:
    if not setting.kerns or item.article.is_english or rng.random() < 0.5 or setting.mode == "long_lines":
        return
    for part in item.parts:
        for _ in range(rng.choice((1, 1, 2, 3))):
            heavy = "kerning_heavy" in setting.allowed and (rng.random() < 0.4 or "kerning" not in setting.allowed)
            start = rng.randrange(len(part))
            for number in range(start, min(start + rng.choice((1, 2, 4, 7)), len(part))):
                line = part[number]
                if not line.is_subhead:
                    part[number] = replace(line, printed=typeset.kerned(line.printed, rng, heavy=heavy))
                    item.kinds.add("kerning_heavy" if heavy else "kerning")


def _open_gaps(item: Item, setting: Setting, rng: random.Random) -> None:
    """Empty lines inside a sentence: at a column's edge, and before a line that begins with a quotation mark."""
    if "gap_in_sentence" not in setting.allowed:
        return
    for part in item.parts:
        edges = {rng.randrange(len(part)) for _ in range(rng.choice((0, 1, 1, 2)))}
        for number in range(len(part) - 1):
            quoted = part[number + 1].printed.startswith("“") and rng.random() < 0.4
            if not part[number].ends and (quoted or number in edges):
                part[number] = replace(part[number], wide=True)
                item.kinds.add("gap_in_sentence")
