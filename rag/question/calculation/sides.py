"""Several things named together, the later ones in short → each able to be asked for by itself.

成都大运会男运动员 and 女运动员 → 成都大运会女运动员; 武汉2022年GDP and 杭州 → 杭州2022年GDP; 辽宁省级乡村旅游重点村镇 and
国家级的 → 辽宁国家级乡村旅游重点村镇.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.language.terms import split_words, tag_words

_WHOLE = 6
"""Characters from which on a thing says by itself what it is."""
_NAME_TAGS = ("ns", "nr", "nt", "nz", "nrt", "j", "s")
_WIDE = re.compile(r"^(?:全[国省市区县镇球年]|[本我]?[市区县省])$")
_PER = re.compile(r"每[\u4e00-\u9fff]$")
_LEAD = re.compile(r"^.*(?:的|有|出|了)(?=..)")


@dataclass(frozen=True, slots=True)
class Side:
    """One of the things.

    Args:
        name: in full.
        label: as the question has it.
        own: its words that not all of them have, with the character behind these: 男运 of 男运动员, 省级 of 省级重点村镇.
        shared: those that all have.
    """

    name: str
    label: str
    own: str
    shared: str


def take_sides(members: Sequence[str], *, is_compared: bool = False) -> tuple[Side, ...]:
    """Return the things in full.

    Args:
        members: as the question lists them, the first one in full.
        is_compared: whether one is compared with the other (A比B), so that the other may be one word of it: 武汉GDP比杭州.
    """
    first, *others = [_PER.sub("", member.strip("，, ")) for member in members]
    owner, of, head = others[-1].partition("的")
    if of and head and not is_compared and "的" not in first and not any("的" in other for other in others[:-1]):
        first = f"{first}的{head}"
        others = [*(f"{other}的{head}" for other in others[:-1]), f"{owner}的{head}"]
    names = [first, *(_in_full(first, other, is_compared=is_compared) for other in others)]
    labels = [first, *(other.removesuffix("的") for other in others)]
    start = len(_shared_beginning(names))
    while start and names[0][start - 1].isdecimal():
        start -= 1
    end = min(len(_shared_beginning([name[::-1] for name in names])), *(len(name) - start for name in names))
    owns = [name[start : len(name) - end + (1 if end else 0)] for name in names]
    shared = first[:start] + (first[len(first) - end :] if end else "")
    return tuple(Side(*values, shared) for values in zip(names, labels, owns, strict=True))


def _in_full(first: str, other: str, *, is_compared: bool) -> str:
    """The other thing with what it shares with the first put back."""
    is_short = other.endswith("的")
    other = other.removesuffix("的")
    shared = _shared_beginning([first, other])
    if len(shared) > 1:
        rest = split_words(first[len(shared) :])
        behind = "".join(rest[1:]) if len(rest) > 1 and len(first) > len(other) + 1 else ""
        return other if other.endswith(behind[-1:]) else other + behind
    ending = _common_ending(first, other)
    if ending and not is_short:
        stem = first[: -len(ending)]
        return other if len(other) - len(ending) >= _WHOLE else _before_own(stem, len(other) - len(ending)) + other
    names = [(word, tag) for word, tag in tag_words(other) if tag in _NAME_TAGS]
    if is_compared and (names or _WIDE.match(other)):
        named = next((word for word, tag in tag_words(first) if tag in _NAME_TAGS), None)
        if named and (len("".join(word for word, _tag in names)) == len(other) or _WIDE.match(other)):
            return first.replace(named, other, 1)
    for size in range(len(other) - 1, 0, -1):  # 国家级 of 省级…: the head that both have
        place = first.rfind(other[-size:])
        if place > 0 and (is_short or size > 1):
            return _before_own(first[:place], len(other) - size) + other + first[place + size :]
    if len(other) >= _WHOLE:
        return other
    lead = _LEAD.match(first)
    return (lead[0] if lead else "".join(split_words(first)[:-1])) + other


def _common_ending(first: str, other: str) -> str:
    return _shared_beginning([first[::-1], other[::-1]])[::-1]


def _before_own(stem: str, size: int) -> str:
    """The stem without its last words that are about as long as the other thing's own."""
    words = split_words(stem)
    taken = 0
    while words and taken < max(1, size - 1):
        taken += len(words.pop())
    return "".join(words)


def _shared_beginning(texts: Sequence[str]) -> str:
    least, most = min(texts), max(texts)
    return least[: next((place for place, sign in enumerate(least) if sign != most[place : place + 1]), len(least))]
