"""Damaged page text → what was printed: one pure function per fault, every change explained.

Each function takes a text and returns the repaired text with the Fixes that lead to it, whose starts count in the
text it was given; replaying them gives the result, and repairing a repaired text changes nothing. Hard wraps are
index.repair.hard_wraps' job. Cases with negatives and known failures: tests/cases/repair.json.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from index.language.deceptive_characters import find_look_alikes, find_unseen
from index.language.terms import split_words
from index.records import Fix
from index.repair.mapped_text import Mapped, replayed

MAX_COPIED_CHARACTERS = 120
"""A line longer than this, printed twice, is no headline."""
COPIES = (2, 3)
"""Outlined or shadowed type comes out of a layout as two or three copies of the text."""

_HAN = r"\u3400-\u4dbf\u4e00-\u9fff"
_CJK = rf"{_HAN}\u3000-\u303f\uff00-\uffef“”‘’…"

# Without braces only after a formula's letters (CO_2, PM_2.5): addresses hold underscores too.
_SUBSCRIPT = re.compile(r"(?<=[A-Za-z0-9)])_\{([0-9A-Za-z.+-]{1,6})\}")
_BARE_SUBSCRIPT = re.compile(r"(?<![A-Za-z0-9/.@_-])(?:PM|CO|NO|SO|NH|H|O|N)(_[0-9](?:\.[0-9])?)(?![0-9A-Za-z_@/])")
_SUPERSCRIPT = re.compile(r"(?<=[A-Za-z])\^(?:\{([23])\}|([23])(?!\d))")
_HALF_WIDTH = re.compile(r"[,:;?!()]|\.(?=\s|$|[”’）])")
_WIDE = {",": "，", ":": "：", ";": "；", "?": "？", "!": "！", "(": "（", ")": "）", ".": "。"}
_IS_HAN = re.compile(rf"[{_HAN}\u3001-\u3011”’）％]")
_IS_CJK = re.compile(rf"[{_CJK}]")

_CJK_GAP = re.compile(rf"(?<=[{_CJK}])[ \u3000]+(?=[{_CJK}])")
_ALONE = re.compile(rf"(?<![{_CJK}])[{_CJK}](?![{_CJK}])")
_GAP = re.compile(r"[ \u3000]+")
_LETTER = re.compile(rf"[{_HAN}]")
_LETTER_OR_WORD = re.compile(rf"[{_HAN}]|[A-Za-z]{{3}}")
_NUMBER_IN_TEXT = re.compile(r"(?<![\d.:：])(?<!\d )\d(?: ?[:：.] ?\d| \d)+(?! ?\d)")
_SPACED_DATE = re.compile(
    r"(?<!\d)(?:[12] \d \d \d|[12]\d? ?\d ?\d ?\d) ?年|月 ?[1-3] \d ?日|(?<!\d)\d ?[:：] ?\d \d|\d ?\. \d|\d \. ?\d"
)
_FIGURE_GAP = re.compile(r"(?<=\d) (?=\d)|(?<=\d) ?[:：] ?(?=\d)")
_UNIT = re.compile(r"[年月日时点分秒个万亿元吨米人名件户次项家处岁届号度条所辆栋座亩%％℃]|微克|平方|公里|千克|公顷")
# A gap that parts who from what: 记者 王蕾 通讯员 张思, 区委党史办 供稿, 葛一帆 摄.
_CREDIT = re.compile(r"(?:记者|通讯员|作者|责编|校对|版式|美编|摄影|(?:^|[（(/／])[文图摄])$")
_CREDIT_AFTER = re.compile(r"(?:[摄文图]|供图|供稿|整理|报道|口述|撰稿)(?=[）)\s]*$)|记者|通讯员|实习生")
_NAMES_CLOSED = re.compile(rf"[{_HAN} \u3000]{{1,20}}[）)]")
_RUNNING = re.compile(r"[，。；]")
GAP_CONTEXT_CHARACTERS = 80
"""Characters on either side that tell what a gap is for."""
CLAUSE = 3
"""A gap inside 《》 or “” stays between clauses of at least this many characters (凝心聚力 共谋发展)."""


def show_plainly(text: str) -> tuple[Mapped, tuple[Fix, ...]]:
    """Take out of a text what nobody sees, and give it the Latin letters that others stand for.

    Returns:
        as `mend`.
    """
    return _edited(text, (find_unseen, find_look_alikes))


def mend(text: str) -> tuple[Mapped, tuple[Fix, ...]]:
    """Repair what does not depend on how the lines hang together: deceptive characters, copies, subscripts, punctuation.

    Returns:
        the text, each character with its place in the one given, and all fixes with starts in the one given.
    """
    return _edited(text, (find_unseen, find_look_alikes, _find_copies, _find_scripts, _find_narrow))


def _edited(text: str, finders: Sequence[Callable[[str], Iterator[Fix]]]) -> tuple[Mapped, tuple[Fix, ...]]:
    mapped = Mapped.of(text)
    fixes: list[Fix] = []
    for find in finders:
        mapped, moved = mapped.edited(list(find(mapped.text)))
        fixes += moved
    return mapped, tuple(fixes)


def undouble_headlines(text: str) -> tuple[str, tuple[Fix, ...]]:
    """Keep one copy of a line that is printed two or three times, whole (A A) or piece by piece (A A B B)."""
    return _repaired(text, _find_copies)


def restore_subscripts(text: str) -> tuple[str, tuple[Fix, ...]]:
    """Write typesetting marks as plain text: PM_{2.5} → PM2.5, m^{2} → m²."""
    return _repaired(text, _find_scripts)


def widen_punctuation(text: str) -> tuple[str, tuple[Fix, ...]]:
    """Give Chinese text its full-width punctuation back; numbers, times and Latin text keep theirs."""
    return _repaired(text, _find_narrow)


def close_kerning(text: str) -> tuple[str, tuple[Fix, ...]]:
    """Drop the spaces that only justify a line; keep those between names, clauses of a headline and Latin words."""
    return _repaired(text, find_kerning)


def _repaired(text: str, find: Callable[[str], Iterator[Fix]]) -> tuple[str, tuple[Fix, ...]]:
    fixes = tuple(find(text))
    return replayed(text, fixes), fixes


def _find_copies(text: str) -> Iterator[Fix]:
    start = 0
    for line in re.split(r"[\n\f]", text):
        if 6 <= len(line) <= MAX_COPIED_CHARACTERS * max(COPIES):
            single = _single(line)
            if single:
                stripped = line.strip()
                yield Fix("doubled_headline", start + line.index(stripped[0]), stripped, single)
        start += len(line) + 1


def _single(line: str) -> str | None:
    """Return one copy of a line that consists of copied pieces only; None for every other line."""
    compact = "".join(line.split())
    if len(compact) < 2 * min(COPIES):
        return None
    for copies in COPIES:
        if len(compact) % copies or compact.count(compact[0]) % copies or compact.count(compact[-1]) % copies:
            continue
        if any(count % copies for count in Counter(compact).values()):
            continue
        pieces = _copied_pieces(compact, copies)
        # A word said twice (加油加油, 干干净净) is no headline printed twice.
        sizes = [len(set(piece)) for piece in pieces]
        if pieces and _LETTER_OR_WORD.search(compact) and (max(sizes) >= 3 or sum(size > 1 for size in sizes) > 1):
            single = _one_copy(line, pieces, copies)
            return _single(single) or single
    return None


def _copied_pieces(compact: str, copies: int) -> list[str]:
    """Split into pieces that each stand there `copies` times in a row; [] where that is impossible.

    The fewest pieces, so that 天天有蓝天天天有蓝天 is one. Quadratic in the line's length, which is bounded.
    """
    length = len(compact)
    best: list[tuple[int, int] | None] = [(0, 0), *[None] * length]  # per end: pieces so far, length of the last one
    for start in range(length):
        found = best[start]
        if found is None:
            continue
        for size in range(1, (length - start) // copies + 1):
            piece = compact[start : start + size]
            if compact.startswith(piece * (copies - 1), start + size):
                end = start + copies * size
                known = best[end]
                if known is None or found[0] + 1 < known[0]:
                    best[end] = (found[0] + 1, size)
    pieces: list[str] = []
    end = length
    while end:
        step = best[end]
        if step is None:
            return []
        end -= copies * step[1]
        pieces.append(compact[end : end + step[1]])
    return pieces[::-1]


def _one_copy(line: str, pieces: list[str], copies: int) -> str:
    """Take the first copy of each piece from the line, with the spaces inside it."""
    places = [place for place, character in enumerate(line) if not character.isspace()]
    kept = []
    done = 0
    for piece in pieces:
        first, last = places[done], places[done + len(piece) - 1]
        before = line[places[done - 1] + 1 : first] if done else ""
        kept.append((" " if before else "") + line[first : last + 1])
        done += copies * len(piece)
    return "".join(kept)


def _find_scripts(text: str) -> Iterator[Fix]:
    found = [(match.start(), match[0], match[1]) for match in _SUBSCRIPT.finditer(text)]
    found += [(match.start(1), match[1], match[1][1:]) for match in _BARE_SUBSCRIPT.finditer(text)]
    found += [(match.start(), match[0], "²" if "2" in match[0] else "³") for match in _SUPERSCRIPT.finditer(text)]
    for start, before, after in sorted(found):
        yield Fix("subscript", start, before, after)


def _find_narrow(text: str) -> Iterator[Fix]:
    if not _LETTER.search(text):
        return
    wide_open: list[bool] = []  # for each bracket that is open: whether it was widened
    widened_at = -1
    for match in _HALF_WIDTH.finditer(text):
        place, mark = match.start(), match.group()
        before, after = text[place - 1 : place], text[place + 1 : place + 2]
        if widened_at == place - 1 >= 0:
            before = _WIDE[before]
        widened = bool(_IS_HAN.match(before) or (_IS_HAN.match(after) and mark != "."))
        if mark in ":?!;." or (mark == "," and before.isascii() and not after.strip()):
            widened = bool(_IS_HAN.match(before))
        if mark == "(":
            inside = text[place + 1 : place + 40].split(")")[0]
            widened = widened or bool(_LETTER.search(inside))
            wide_open.append(widened)
        elif mark == ")":
            widened = wide_open.pop() if wide_open else widened
        if widened:
            widened_at = place
            yield Fix("half_width_punctuation", place, mark, _WIDE[mark])


def find_kerning(text: str) -> Iterator[Fix]:
    """Yield what close_kerning changes, line by line."""
    start = 0
    for line in text.split("\n"):
        if " " in line.strip() or "\u3000" in line.strip():
            for first, last, kind in _loose_gaps(line):
                yield Fix(kind, start + first, line[first:last], "")
        start += len(line) + 1


def _loose_gaps(line: str) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, kind) of the gaps in a line that no writer would have put there."""
    running = bool(_RUNNING.search(line))
    is_dense = _is_dense(line)
    # Figures side by side may be as many numbers (6 7 8年级), unless the line is spaced out or a year is plain.
    spaced_out = is_dense or len(_FIGURE_GAP.findall(line)) > 2 or bool(_SPACED_DATE.search(line))
    numbers = [match.span() for match in _NUMBER_IN_TEXT.finditer(line)] if spaced_out else []
    words = _WordBounds(line)
    for gap in _GAP.finditer(line):
        start, end = gap.span()
        before, after = line[max(0, start - GAP_CONTEXT_CHARACTERS) : start], line[end : end + GAP_CONTEXT_CHARACTERS]
        if not before or not after:
            continue
        left, right = before[-1], after[0]
        if any(first < start < last for first, last in numbers):
            yield start, end, "kerning"
        elif left.isdigit() and _UNIT.match(after):
            yield start, end, "torn_number"
        elif _IS_CJK.match(left) and _IS_CJK.match(right):
            if not _parts_names(before, after) and (
                is_dense or words.are_cut_at(start) or (running and not _parts_clauses(line, start, end))
            ):
                yield start, end, "kerning"
        elif running and ((right.isdigit() and _IS_CJK.match(left)) or (left.isdigit() and _IS_CJK.match(right))):
            yield start, end, "kerning"


def _is_dense(line: str) -> bool:
    """Whether a line is set with a gap after every character or two."""
    gaps = len(_CJK_GAP.findall(line))
    alone = len(_ALONE.findall(line))
    return alone >= 3 and (len(_LETTER.findall(line)) <= 4 * gaps or alone == gaps + 1)


class _WordBounds:
    """Where the words of a line end once its gaps are closed; found when first asked for."""

    def __init__(self, line: str) -> None:
        self._line = line
        self._bounds: set[int] | None = None
        self._seen = self._closed = 0

    def are_cut_at(self, place: int) -> bool:
        """Whether the gap at this offset of the line is inside a word; offsets must not fall from call to call."""
        if self._bounds is None:
            self._bounds, end = set(), 0
            for word in split_words(_GAP.sub("", self._line)):
                end += len(word)
                self._bounds.add(end)
        self._closed += place - self._seen - sum(len(gap) for gap in _GAP.findall(self._line[self._seen : place]))
        self._seen = place
        return self._closed not in self._bounds


def _parts_names(before: str, after: str) -> bool:
    """Whether a gap stands between a function and a name, or between two names of a byline or credit."""
    if _CREDIT.search(before[-4:]) or _CREDIT_AFTER.match(after):
        return True
    opened = max(before.rfind("（"), before.rfind("("))
    inside = before[opened + 1 :] if opened >= 0 and not re.search(r"[）)]", before[opened:]) else ""
    closing = _NAMES_CLOSED.match(after)
    return bool(inside and closing and len(inside) <= 40 and not _RUNNING.search(inside))


def _parts_clauses(line: str, start: int, end: int) -> bool:
    """Whether a gap parts two clauses inside 《》 or “”: 《重温光辉历史 弘扬伟大精神》."""
    for opener, closer in (("《", "》"), ("“", "”"), ("『", "』"), ("「", "」")):
        first = line.rfind(opener, max(0, start - GAP_CONTEXT_CHARACTERS), start)
        last = line.find(closer, end, end + GAP_CONTEXT_CHARACTERS)
        if first >= 0 and last >= 0 and closer not in line[first:start] and opener not in line[end:last]:
            parts = _GAP.split(line[first + 1 : last])
            return min(map(len, parts)) >= CLAUSE and len(parts) <= 4
    return False
