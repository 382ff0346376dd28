"""The numbers that items of a list begin with: 1. （二） ③ 第四步."""

import re
from collections.abc import Sequence

from index.repair.lines import Line

ITEM_LINES = 5
"""Lines of a list's item: where the next number comes later, numbers head sections."""
_NUMBERED = re.compile(
    r"""
    (?P<open>[（(【]|第|步骤|Step[ ])?
    (?P<number>\d{1,2}|[一二三四五六七八九十]{1,3}|[①-⑳])
    (?P<close>[）)】]|步[骤：:，、]?|[、．]|[：:](?!\d)|\.(?!\d))?  # 8:30 begins no item
    """,
    re.VERBOSE,
)
_NUMBER_STARTS = frozenset("0123456789一二三四五六七八九十①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳（(【第步S")
_HAN_NUMBERS = "一二三四五六七八九十"


def find_items(lines: Sequence[Line]) -> set[int]:
    """Return the starts of the lines that begin an item of a numbered list: the next number stands a few lines off."""
    found: set[int] = set()
    last: dict[str, tuple[int, int]] = {}  # of each kind of number: where it was seen last, and which it was
    for place, line in enumerate(lines):
        item = item_number(line.text)
        if item is None:
            continue
        kind, number = item
        before = last.get(kind)
        if before is not None and before[1] + 1 == number and place - before[0] <= ITEM_LINES:
            found.update((lines[before[0]].start, line.start))
        last[kind] = place, number
    return found


def item_number(text: str) -> tuple[str, int] | None:
    """Return the kind of number that a line begins with as an item of a list, and the number; None for others."""
    found = _NUMBERED.match(text) if text[0] in _NUMBER_STARTS else None
    if not found or found.end() == len(text):
        return None
    number = found["number"]
    if number[0] in "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳":
        return ("①", ord(number) - ord("①") + 1) if len(number) == 1 else None
    if not found["close"] or (found["open"] == "第" and found["close"][0] != "步"):
        return None
    kind = f"{found['open'] or ''}{'1' if number.isdigit() else '一'}{found['close'][0]}"
    return kind, int(number) if number.isdigit() else _han_number(number)


def _han_number(text: str) -> int:
    tens, _ten, ones = text.rpartition("十")
    if "十" not in text:
        return _HAN_NUMBERS.index(text) + 1 if len(text) == 1 else 0
    return 10 * (_HAN_NUMBERS.index(tens) + 1 if tens else 1) + (_HAN_NUMBERS.index(ones) + 1 if ones else 0)
