"""Paragraphs → lines of a column as a text extractor hands them out, and what it does to their characters."""

import random
import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import rjieba

NO_START = set("，。、；：！？”’）》』」】%％·,.;:!?)…")
NO_END = set("“‘（《『「【(")
_TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9.,%℃+_/-]*[A-Za-z0-9%℃]|\s+|.", re.S)
_UNITS = "年月日时点分秒个万亿元吨米人名件户次项家处岁届号度%％℃公"
_TIED = re.compile(rf"\d[\d.]*[{_UNITS}]|[A-Za-z0-9][A-Za-z0-9.,%℃+_/-]*|\s+|.", re.S)
HALF_WIDTH = str.maketrans("，；：（）？！", ",;:()?!")
INDENT = 2


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a body.

    Args:
        clean: what was written; `printed`: what the dump shows.
        ends: whether a paragraph ends with it.
        is_subhead: whether it is a sub-heading.
        wide: whether an empty line may follow it although no paragraph ends.
    """

    clean: str
    printed: str
    ends: bool
    is_subhead: bool = False
    wide: bool = False


def measure(text: str) -> float:
    """Width in Han characters."""
    return sum(1.0 if unicodedata.east_asian_width(character) in "WFA" else 0.5 for character in text)


def wrapped(text: str, widths: Sequence[float], *, may_tear: bool) -> list[str]:
    """The lines of a paragraph; line n is as wide as `widths[n]`, the last width holds for all further ones.

    The first line is indented. No line begins with a closing mark or ends with an opening one: the line before is
    squeezed for a closing mark or gives up its last character.
    """
    lines: list[str] = []
    line: list[str] = []
    for token in (_TOKEN if may_tear else _TIED).findall(text):
        limit = widths[min(len(lines), len(widths) - 1)] - (0 if lines else INDENT)
        width = measure("".join(line)) + measure(token)
        squeezed = token in NO_START and width <= limit + 1.0 and sum(mark in NO_START for mark in line) > 0
        if width <= limit or squeezed or not line:
            line.append(token)
            continue
        carried = [token]
        while len(line) > 1 and (carried[0] in NO_START or line[-1] in NO_END):
            carried.insert(0, line.pop())
        lines.append("".join(line))
        line = carried if not carried[0].isspace() else carried[1:]
    return [*lines, "".join(line)]


def wrapped_english(text: str, width: float, rng: random.Random) -> list[tuple[str, str]]:
    """Lines of an English paragraph, (clean, printed): some words are hyphenated at the line's end."""
    lines: list[tuple[str, str]] = []
    room, line = int(2 * width), ""
    for word in text.split():
        if len(line) + len(word) + 1 <= room:
            line = f"{line} {word}" if line else word
            continue
        left = room - len(line) - 2
        if word.isalpha() and 3 <= left <= len(word) - 3 and rng.random() < 0.35:
            lines.append((f"{line} {word[:left]}", f"{line} {word[:left]}-"))
            line = word[left:]
        else:
            lines.append((line, line))
            line = word
    return [*lines, (line, line)]


def set_body(
    paragraphs: Sequence[str], subheads: Collection[str], widths: Sequence[float], rng: random.Random, kinds: set[str]
) -> list[Line]:
    """The body in lines of the widths given; "long_lines" among the kinds: one line a paragraph."""
    lines: list[Line] = []
    for paragraph in paragraphs:
        if paragraph in subheads:
            lines.append(Line(paragraph, paragraph, ends=True, is_subhead=True))
            continue
        if "long_lines" in kinds:
            blocks = [(paragraph, paragraph)]
        elif re.search(r"[\u4e00-\u9fff]", paragraph):
            left = widths[min(len(lines), len(widths) - 1) :]
            blocks = [(line, line) for line in wrapped(paragraph, left, may_tear="number_torn" in kinds)]
        else:
            blocks = wrapped_english(paragraph, widths[0], rng)
        lines += [Line(clean, printed, ends=False) for clean, printed in blocks[:-1]]
        lines.append(Line(*blocks[-1], ends=True))
    return lines


def broken_at(line: Line, place: int) -> tuple[Line, Line]:
    """A long line broken at a column's edge."""
    left, right = line.clean[:place], line.clean[place:]
    return replace(line, clean=left, printed=left, ends=False, wide=True), replace(line, clean=right, printed=right)


def tears_number(lines: Sequence[Line]) -> bool:
    return any(a.clean[-1:].isdigit() and b.clean[:1] in _UNITS for a, b in pairwise(lines))


def kerned(line: str, rng: random.Random, *, heavy: bool) -> str:
    """Gaps of a justified line read as spaces."""
    share = rng.choice((0.5, 0.75, 1.0)) if heavy else rng.choice((0.06, 0.12, 0.25))
    spaced = "".join(mark + (" " if rng.random() < share else "") for mark in line)
    return re.sub(r"(\d)\s(?=\d)", r"\1", spaced).rstrip() if not heavy else spaced.rstrip()


def spaced_digits(line: str, rng: random.Random, share: float) -> str:
    """Spaces between numbers or Latin words and the Han characters beside them."""

    def gap(match: re.Match[str]) -> str:
        return " " if rng.random() < share else ""

    return re.sub(r"(?<=[\u4e00-\u9fff])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9])(?=[\u4e00-\u9fff])", gap, line)


def halved(line: str) -> str:
    return line.translate(HALF_WIDTH)


def headline_lines(title: str, rng: random.Random) -> list[str]:
    """A headline over two or three lines, none breaking a word."""
    parts = title.split(" ") if " " in title else list(rjieba.cut(title))
    count = min(len(parts), rng.choice((2, 2, 3)) if len(title) > 14 else 2)
    lines = [""]
    for part in parts:
        if lines[-1] and len(lines) < count and len(lines[-1]) + len(part) / 2 > len(title) / count:
            lines.append("")
        lines[-1] += part
    joined = [line for line in lines if line]
    if " " in title and len(parts) > len(joined):
        return title.split(" ", 1)
    return [line.strip() for line in joined]


def doubled(text: str) -> str:
    return text + text


def doubled_piecewise(text: str) -> str:
    """Each run of the type printed twice: the extractor sees a new run behind a gap, a closing quotation mark, a number."""
    runs = [run for run in re.split(r"(?<=[”』」])|(?=[”』」])|(?<=。)|\s+|(?<=[\u4e00-\u9fff])(?=\d{2})", text) if run]
    if len(runs) == 1:
        words = list(rjieba.cut(text))
        runs = ["".join(words[: len(words) // 2]), "".join(words[len(words) // 2 :])]
    return "".join(run + run for run in runs if run)


def truncated(text: str) -> str:
    """A headline that has lost its beginning: what stands after the first word or words."""
    words = list(rjieba.cut(text))
    while len(words) > 1 and sum(map(len, words)) > max(6, 2 * len(text) // 3):
        del words[0]
    return "".join(words).strip()
