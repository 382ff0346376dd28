"""Offices that a text gives to persons: 乡长是郭新占, 沈若兰当选区长, district head Ji Changfeng."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.language.vocabulary import OFFICES, offices, pattern_of

_TITLES = pattern_of(OFFICES - offices("government"), r"首席\S{1,3}官")
_POST = re.compile(
    rf"(?P<of>(?:(?!副|{_TITLES})[\u4e00-\u9fff]){{0,2}})局?(?P<title>副?{_TITLES})|(?P<head>副?{pattern_of(offices('government'))})"
)
_HELD = re.compile(r"[^，。；、和与]{0,12}?(?:为|任|当选|是|担任|兼任|出任)(?P<held>[^，。；、]{0,16})")
POST_EN = re.compile(r"\b(?:head|secretary|director|mayor|manager|president|chairman|chair|chief|principal|operator|governor)\b", re.IGNORECASE)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Office:
    """An office: its title (副书记), and the last two characters of whose it is ("" where the text does not say)."""

    title: str
    of: str

    def agrees_with(self, other: "Office") -> bool:
        """Whether two offices may be one: the same title, and where both say whose office, the same."""
        return self.title == other.title and (not self.of or not other.of or self.of == other.of)


def offices_of(person: str, text: str) -> Iterator[Office]:
    """Yield the offices that stand right before a person's name, or that the person is said to hold."""
    for match in re.finditer(re.escape(person), text):
        yield from offices_at(person, match.start(), text)


def offices_at(person: str, start: int, text: str) -> Iterator[Office]:
    """Yield the offices that one mention of a person, which begins at a place, comes with."""
    end = start + len(person)
    if person.isascii():
        yield from (Office(word.lower(), "") for word in POST_EN.findall(text[max(0, start - 30) : end + 50]))
        return
    before = re.split(r"[，。；：（(“\n]", text[max(0, start - 20) : start])[-1]
    for part in reversed(re.split(r"[、和与及]|兼", re.sub(r"(?:是|为|由|叫)$", "", before))):
        found = list(_POST.finditer(part))
        if not found or found[-1].end() < len(part):
            break
        yield _post(found[-1])
    behind = _HELD.match(text, end)
    if behind and (held := _POST.search(behind["held"])):
        yield _post(held)


def _post(match: re.Match[str]) -> Office:
    return Office(match["head"], "") if match["head"] else Office(match["title"], match["of"].removesuffix("局"))
