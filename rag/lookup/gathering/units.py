"""What an article says of each of several bodies in turn: the stretch of text whose subject one of them is.

会上逐一点评。甲街道…。但在…方面仍存不足。乙镇…。但…。      →  甲街道: two sentences, 乙镇: two sentences
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.language.sentences import split_sentences
from index.language.vocabulary import divisions, pattern_of
from rag.evidence.lists import trimmed

BODY = pattern_of(
    divisions("local", "territory") - {"区", "市", "省", "县", "旗"},
    "管委会?|委员会|[局办委厅处]|中心|公司|集团|医院|学校|大学|[中小]学|园区",
)
_NAME = re.compile(rf"[\u4e00-\u9fffA-Za-z0-9·]{{1,14}}?{BODY}")
LONGEST_NAME = 14
"""Characters of a body's name."""
_OPENS = re.compile(r"[\s“（(一二三四五六七八九十、.．\d）)]*")
_RUN = re.compile(r"(?:[\u4e00-\u9fffA-Za-z0-9·]{2,14}、){1,}[\u4e00-\u9fffA-Za-z0-9·]{2,20}")
_NO_NAME = re.compile(r"^[但对在该各全本从为以将要同我其此这那和与及并由按到向把使让据会近截]|[的了]")


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of an article about one body.

    Args:
        unit: its name as the article has it.
        sentences: (start, end) of each sentence, the first one with the name as its subject.
    """

    unit: str
    sentences: tuple[tuple[int, int], ...]


def find_sections(text: str, asked: str | None = None) -> list[Section]:
    """Return the stretches of a text that each have one body as their subject, in order.

    Args:
        asked: a body that may be one of them, as a question names it. Else only those that the text enumerates are.
    """
    listed = _named_in_runs(text)
    if asked is None and len(listed) < 2:
        return []
    bounds = [trimmed(text, start, end) for start, end in split_sentences(text)]
    bounds = [span for span in bounds if span[0] < span[1]]
    sections: list[tuple[str, list[tuple[int, int]]]] = []
    for place, (start, end) in enumerate(bounds):
        before = text[bounds[place - 1][1] - 1 : start] if place else "\n"
        unit = _subject(text, start, end, listed, asked) if before[0] not in "；;" else None
        if unit:
            if sections and sections[-1][0] == unit and "\n" not in before:
                sections[-1][1].append((start, end))
            else:
                sections.append((unit, [(start, end)]))
        elif "\n" in before and not (sections and _is_heading(text, sections[-1][1])):
            sections.append(("", []))
        elif sections:
            sections[-1][1].append((start, end))
    return [Section(unit, tuple(spans)) for unit, spans in sections if unit]


def matches(asked: str, unit: str) -> bool:
    """Whether a question's name is the name that an article has: 区金融办 and 金融办, 长辛店 and 长辛店街道, no more."""
    short, full = (re.sub(r"^[区市县](?=[\u4e00-\u9fff]{2})", "", name) for name in (asked, unit))
    if short == full or asked == unit:
        return True
    return len(short) > 1 and full.startswith(short) and re.fullmatch(BODY, full[len(short) :]) is not None


def _subject(text: str, start: int, end: int, listed: Sequence[str], asked: str | None) -> str | None:
    """The body that a sentence begins with: one of those enumerated, the one asked for, or one of its sort."""
    opening = _OPENS.match(text, start, end)
    place = opening.end() if opening else start
    name = next((name for name in listed if text.startswith(name, place)), None)
    if name is None and asked:
        match = _NAME.match(text, place, min(end, place + LONGEST_NAME))
        if match and (matches(asked, match[0]) or (_sort(match[0]) == _sort(asked) and not _NO_NAME.search(match[0]))):
            name = match[0]
        elif text.startswith(asked, place):
            name = asked
    if name is None:
        return None
    behind = text[place + len(name) : place + len(name) + 1]
    return name if behind and behind not in "的、及和与等" else None


def _sort(name: str) -> str:
    match = re.search(rf"{BODY}$", name)
    return match[0] if match else ""


def _named_in_runs(text: str) -> list[str]:
    """Bodies that the text enumerates: 甲街道、乙镇、丙办依次发言; the longest first."""
    found: set[str] = set()
    for run in _RUN.finditer(text):
        for piece in run[0].split("、"):
            match = _NAME.match(piece)
            if match and not _NO_NAME.search(match[0]) and len(match[0]) > 2:
                rest = piece[match.end() :]
                longer = _NAME.fullmatch(piece)
                found.add(piece if longer and rest else match[0])
    return sorted(found, key=lambda name: -len(name))


def _is_heading(text: str, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether a body's name stands on a line of its own so far."""
    return len(spans) == 1 and not re.search(r"[。；！？]$", text[spans[0][0] : spans[0][1]])
