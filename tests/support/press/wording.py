"""Headlines, kickers and section headings out of an article's own words, as a sub-editor writes them."""

import re
from collections import Counter
from random import Random

_CLAUSE = re.compile(r"[，。；：！？、\s—…]+")
_OPENING = re.compile(
    r"^(?:(?:近日|日前|昨日|昨天|今天|当天|目前|近年来|据悉|此外|同时|其中|随后|截至目前|为此|另外|记者(?:从[^，]{2,18})?(?:了解到|获悉))"
    r"|(?:\d{4}年)?(?:\d{1,2}月)?\d{1,2}日(?:上午|下午|晚|起)?|[但而并且也还又将在从对把被让使])+"
)
_LEFT_OUT = ("的", "了", "将", "已", "等", "这", "也", "正")
_NOT_ALONE = re.compile(
    r"^(?:记者|来源|编辑|图|据|他|她|我|你|它|该|此|这|那|如|由|是|和|与|及|以|为)|[的和与及在对为是从把]$|(?:表示|说|介绍|称|认为|指出|日前|显示)$"
)
_PLAIN = re.compile(r"[\u4e00-\u9fff“”《》0-9A-Za-z.%]+$")
_PAIRS = (("“", "”"), ("《", "》"))


def _whole(text: str) -> bool:
    return all(text.count(a) == text.count(b) for a, b in _PAIRS)


def clauses(text: str, shortest: int, longest: int) -> list[str]:
    """Return the text's clauses that could stand alone, without their openings, in order, none twice."""
    found = []
    for raw in _CLAUSE.split(text):
        clause = _OPENING.sub("", raw)
        if (
            shortest <= len(clause) <= longest
            and _whole(clause)
            and _PLAIN.match(clause)
            and not _NOT_ALONE.search(clause)
        ):
            found.append(clause)
    return list(dict.fromkeys(found))


def shortened(clause: str, rng: Random) -> str:
    """Leave out the small words that headlines do without, most of the time."""
    for word in _LEFT_OUT:
        if rng.random() < 0.7:
            clause = clause.replace(word, "")
    return clause


def telling(candidates: list[str], text: str) -> list[str]:
    """Order clauses by how much of them the text says again: what it is about comes first."""
    counts = Counter(text[i : i + 2] for i in range(len(text) - 1))

    def weight(clause: str) -> float:
        pairs = [clause[i : i + 2] for i in range(len(clause) - 1)]
        return sum(min(counts[p], 6) - 1 for p in pairs) / float(len(pairs) ** 0.7)

    return sorted(candidates, key=lambda c: -weight(c))


def headline_of(text: str, rng: Random) -> str:
    """Word a headline of 7 to 26 characters: one telling clause of its opening, or two short ones with a gap."""
    opening = text[:180]
    opening = opening[: max(opening.rfind("，"), opening.rfind("。")) + 1]
    found = telling(clauses(opening, 7, 24), text) or telling(clauses(text, 7, 24), text)
    if not found:
        return text[:12].strip("，。：；“”")
    best = shortened(found[0], rng)
    second = next((c for c in found[1:4] if len(c) <= 12), None)
    if second and len(best) <= 12 and rng.random() < 0.5:
        return f"{best} {shortened(second, rng)}"
    return best


def second_line_of(text: str, headline: str, rng: Random) -> str | None:
    """Word a kicker or deck of 8 to 24 characters that says something else than the headline; None if there is none."""
    used = {headline[i : i + 4] for i in range(len(headline) - 3)}
    for clause in telling(clauses(text, 8, 24), text)[1:8]:
        if not any(clause[i : i + 4] in used for i in range(len(clause) - 3)):
            return shortened(clause, rng)
    return None


def subhead_of(section: str, rng: Random) -> str | None:
    """Word a section heading of 6 to 16 characters; None where the section has no clause for it."""
    found = telling(clauses(section, 6, 15), section)
    return shortened(rng.choice(found[:3]), rng) if found else None
