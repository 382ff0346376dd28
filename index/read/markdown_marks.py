"""Marks inside the lines of Markdown → what a reader sees: struck text is gone, notes and pictures' words stay, lists count."""

import re
from collections.abc import Iterator
from typing import Final

_STRUCK: Final = re.compile(r"(?<![\d~])~~(?=[^\s~])[^~\n]{1,400}~~")
_IMAGE: Final = re.compile(r"!\[(?P<words>[^\]\n]{0,300})\]\([^()\s]{0,500}(?:\s[^()\n]{0,200})?\)")
_LINK: Final = re.compile(
    r"\[(?P<words>[^\[\]\n]{1,300})\]\((?:https?:|mailto:|[#/.])[^()\s]{0,500}(?:\s\"[^\"\n]{0,200}\")?\)"
)
_NO_WORDS: Final = re.compile(
    r"(?:图片?|照片|image|img|photo|picture)?[\s\d_-]{0,20}|[\w -]{1,100}\.[A-Za-z]{2,4}", re.IGNORECASE
)
_NOTE: Final = re.compile(r"^\[\^[^\]\s]{1,40}\]:[ \t]{0,8}", re.MULTILINE)
_NOTE_MARK: Final = re.compile(r"\[\^[^\]\s]{1,40}\](?!:)")
_STRONG: Final = re.compile(
    r"\*\*(?=\S)(?P<words>[^*\n]{1,400})(?<=\S)\*\*|(?<![A-Za-z0-9_])__(?=\S)(?P<more>[^_\n]{1,400})(?<=\S)__(?![A-Za-z0-9_])"
)
_ALL_STRONG: Final = re.compile(r"\s{0,3}(?:\*\*|__)[^\n*_]{2,60}(?:\*\*|__)\s{0,3}")
_ITEM: Final = re.compile(r"(?P<indent>[ \t]{0,12})(?P<number>\d{1,3})(?P<mark>[.)])[ \t]")
_FENCES: Final = ("```", "~~~")


def show_marks(text: str) -> str:
    """Return a text without the marks inside its lines; those that make headings, tables and lists stay, blocks of code too.

    A paragraph all bold keeps its marks, since it may be a heading. A note stands where it is written, as "注：…".
    """
    lines: list[str] = []
    in_code = False
    for line in _numbered(text.split("\n")):
        is_fence = line.lstrip().startswith(_FENCES)
        in_code ^= is_fence
        lines.append(line if in_code or is_fence else _shown(line))
    return "\n".join(lines)


def _shown(line: str) -> str:
    line = _STRUCK.sub("", line) if "~~" in line else line
    if "](" in line:
        line = _IMAGE.sub(lambda match: "" if _NO_WORDS.fullmatch(match["words"]) else match["words"], line)
        line = _LINK.sub(lambda match: match["words"], line)
    if "[^" in line:
        line = _NOTE_MARK.sub("", _NOTE.sub("注：", line))
    if ("**" in line or "__" in line) and not _ALL_STRONG.fullmatch(line):
        line = _STRONG.sub(lambda match: match["words"] or match["more"], line)
    return line


def _numbered(lines: list[str]) -> Iterator[str]:
    """Yield the lines, the items of lists that all have one number counted on from it, as Markdown shows them."""
    counts: dict[str, tuple[int, int]] = {}  # by indent: the number that is written, and the one to show
    for line in lines:
        item = _ITEM.match(line)
        if item is None:
            if line.strip() and not line.startswith((" ", "\t")):
                counts.clear()
            yield line
            continue
        written = int(item["number"])
        before = counts.get(item["indent"])
        shown = before[1] + 1 if before and before[0] == written else written
        for deeper in [indent for indent in counts if len(indent) > len(item["indent"])]:
            del counts[deeper]
        counts[item["indent"]] = (written, shown)
        yield f"{item['indent']}{shown}{item['mark']}{line[item.end('mark') :]}"
