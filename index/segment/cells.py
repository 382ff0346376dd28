"""What parts the cells of a table's printed rows; a word that was spaced out is one cell where the other rows say so.

名次　队伍　胜　负　积分 has five cells where the rows below it have five, and 序　号　队伍 two where they have two.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import groupby, pairwise
from typing import Literal

from index.language.terms import split_words
from index.language.vocabulary import surname_of

RowForm = Literal["table", "leader", "comma", "spaced", "pair", "name", "item", "like", "row", "cell"]
"""table: cells parted by a tab, a rule or a wide gap. leader: by dots or a rule that lead the eye (青溪东站……06:15). comma: as
in CSV. spaced: by single blanks. pair: 时间：9时. name: one name a line. item: begins with a bullet. like: lines of one
pattern with brackets or figures in them. row, cell: a cell a line, the first one of a row and another one."""

RULED = re.compile(r"[\t|｜│┃¦]")
# Begun at a run's first blank, or at the rule itself, only: linear. The second way: a blank cell's two rules.
_RULES = re.compile(r"(?:(?<![ \u3000])[ \u3000]++)?[\t|｜│┃¦][ \u3000]*+")
_WIDE_GAP = re.compile(r"\u3000[ \u3000]*+| [ \u3000]++")
_LEADERS = re.compile(r"(?<![ \u3000])[ \u3000]*+(?:…++|[.．]{3,}+|[·・]{3,}+|_{3,}+|[-－—–─]{3,}+)[ \u3000]*+")
_COMMA = re.compile(r"(?<![ \u3000])[ \u3000]*+[,，][ \u3000]*+")
_BLANK = re.compile(r"[ \u3000]")
PARTINGS = {"table": _WIDE_GAP, "leader": _LEADERS, "comma": _COMMA, "spaced": _BLANK}
_SPACED_OUT = ("table", "spaced")
"""Forms whose cells are parted by what a word is spaced out with, too."""
_HAN = re.compile(r"[\u4e00-\u9fff]+")
_HAN_NAME = re.compile(r"[\u4e00-\u9fff·]{2,4}")

Gap = tuple[int, int]
"""(start, end) in a row's text of what parts two cells."""


def is_ruled(form: RowForm | None, text: str) -> bool:
    """Whether tabs or rules part the cells of a row."""
    return form == "table" and RULED.search(text) is not None


def cells_of(form: RowForm, text: str) -> list[str]:
    """Return what stands between the gaps of a row by itself, white space at the ends left out; a list's line is one."""
    if is_ruled(form, text):
        return [cell.strip() for cell in _RULES.split(text.strip("|｜│┃¦ \u3000"))]
    parting = PARTINGS.get(form)
    return parting.split(text) if parting else [text]


def rows_of(form: RowForm, texts: Sequence[str]) -> list[list[str]]:
    """Return the cells of each row of one table."""
    return [
        cells_of(form, text) if is_ruled(form, text) else list(_parted(text, _all_gaps(form, text), kept))
        for text, kept in zip(texts, _gaps_of(form, texts), strict=True)
    ]


def cell_gaps(form: RowForm, texts: Sequence[str]) -> list[list[tuple[int, int, str]]]:
    """Return for each row of one table (start, end, what stands there instead) of what parts its cells, or their letters."""
    return [
        list(_rules(text))
        if is_ruled(form, text)
        else [(*gap, "\t" if gap in kept else "") for gap in _all_gaps(form, text)]
        for text, kept in zip(texts, _gaps_of(form, texts), strict=True)
    ]


def _rules(text: str) -> Iterator[tuple[int, int, str]]:
    for match in _RULES.finditer(text):
        first, last = match.span()
        is_edge = "\t" not in match[0] and (first == 0 or last == len(text))
        yield first, last, "" if is_edge else "\t"


def _all_gaps(form: RowForm, text: str) -> list[Gap]:
    parting = PARTINGS.get(form)
    return [match.span() for match in parting.finditer(text)] if parting and not is_ruled(form, text) else []


def _gaps_of(form: RowForm, texts: Sequence[str]) -> list[list[Gap]]:
    """The gaps of each row that part cells: those inside spaced out words are closed so that most rows have as many cells."""
    gaps = [_all_gaps(form, text) for text in texts]
    if form not in _SPACED_OUT:
        return gaps
    choices = [list(_choices(text, own)) for text, own in zip(texts, gaps, strict=True)]
    widths = Counter(width for ways in choices for width in {len(way) for way in ways[:2]})
    usual = max(widths, key=lambda width: (widths[width], width), default=0)
    return [_choose(text, ways, usual) for text, ways in zip(texts, choices, strict=True)]


def _choices(text: str, gaps: Sequence[Gap]) -> Iterator[list[Gap]]:
    """Yield the ways to read a row: all gaps part cells; letters side by side are words; they are words of two."""
    yield list(gaps)
    alone = _alone(text, gaps)
    if len(alone) > 1:
        for inside in (set(_inside_words(text, gaps, alone)), set(_pairs(alone))):
            yield [gap for number, gap in enumerate(gaps) if number not in inside]


def _alone(text: str, gaps: Sequence[Gap]) -> list[int]:
    """The numbers of the cells of one Han character, all gaps parting cells; cell n stands before gap n."""
    return [number for number, cell in enumerate(_parted(text, gaps, gaps)) if len(cell) == 1 and _HAN.fullmatch(cell)]


def _inside_words(text: str, gaps: Sequence[Gap], alone: Sequence[int]) -> Iterator[int]:
    """Yield the gaps inside the words that letters side by side make: two are one, of more the dictionary tells."""
    cells = list(_parted(text, gaps, gaps))
    for _place, run in groupby(enumerate(alone), key=lambda item: item[1] - item[0]):
        numbers = [number for _at, number in run]
        letters = "".join(cells[number] for number in numbers)
        for word in [letters] if len(letters) == 2 else split_words(letters):
            yield from numbers[: len(word) - 1]
            numbers = numbers[len(word) :]


def _pairs(alone: Sequence[int]) -> Iterator[int]:
    """Yield the gaps inside letters taken two by two."""
    done = -1
    for before, after in pairwise(alone):
        if after == before + 1 and before > done:
            yield before
            done = after


def _choose(text: str, ways: Sequence[list[Gap]], usual: int) -> list[Gap]:
    """The way that makes a row of names, else one with the usual number of cells, else names alone are closed up.

    Pairs of letters are tried as names only: 胜　平　负　积　分 would be cut into 胜平, 负积 and 分.
    """
    if len(ways) == 1:
        return ways[0]
    if all(map(is_name, _parted(text, ways[0], ways[-1]))):
        return ways[-1]
    for way in ways[:2]:
        if len(way) == usual:
            return way
    inside = [gap for gap in ways[0] if gap not in ways[-1]]
    names = {(first, last) for first, last in inside if is_name(text[first - 1] + text[last])}
    return [gap for gap in ways[0] if gap not in names]


def _parted(text: str, gaps: Sequence[Gap], kept: Collection[Gap]) -> Iterator[str]:
    """Yield the cells of a row, of whose gaps those that are kept part them."""
    cell, place = "", 0
    for first, last in gaps:
        cell += text[place:first]
        if (first, last) in kept:
            yield cell
            cell = ""
        place = last
    yield cell + text[place:]


def spaced_names(text: str, parting: re.Pattern[str]) -> list[str]:
    """Return the words of a line of names, those of two characters that are spaced out to the width of three closed up."""
    words = parting.split(text)
    joined: list[str] = []
    is_joined = False
    for word in words:
        is_joined = bool(joined) and not is_joined and len(word) == len(joined[-1]) == 1 and _is_han(word + joined[-1])
        if is_joined:
            joined[-1] += word
        else:
            joined.append(word)
    return joined


def _is_han(text: str) -> bool:
    return _HAN.fullmatch(text) is not None


def is_name(text: str) -> bool:
    """Whether a text of two to four characters may be a person's name and nothing else."""
    return _HAN_NAME.fullmatch(text) is not None and bool(surname_of(text)) and len(text) - len(surname_of(text)) <= 2
