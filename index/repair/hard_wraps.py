"""Hard-wrapped lines → paragraphs, by the column's learnt width and by whether the sentence goes on."""

import itertools
import re
from collections import Counter
from collections.abc import Collection, Sequence

from index.language.terms import cuts_word
from index.records import Fix
from index.repair.lines import KERNING, Line, Paragraph, is_closed, measure, measure_lines
from index.repair.mapped_text import replayed

MIN_COLUMN = 12.0
"""Narrower than any newspaper column seen (17 characters); what is shorter is a headline or a caption."""
UNWRAPPED = 60.0
"""Wider than any newspaper column seen (30 characters): a line like this holds a whole paragraph."""
NEIGHBOURS = 4
INDENT = 2.0
"""Width of the indent that dumps drop in front of a paragraph's first line."""
SLACK = 1.6
"""Full lines of a column differ by at most one Han character and a half-width one."""
RAGGED = 6.0
"""A full line of Latin words falls short by the word that did not fit: a dozen half-width letters."""
DISPLAY_WIDTH = 60.0
DISPLAY_LINES = 3

_LEADS_ON = re.compile(r"[，、,“‘《（(「『—][”’」』]?$")
_FOLLOWS = re.compile(r"[，。、；：！？,;!?）》〉」』”’】％%]")
_STARTS_BLOCK = re.compile(
    r"本报讯|本报(?:记者|北京|通讯员)|[（(]?[上下][接转]\s*[\dA-Z一二三四五六七八九十第]|编者按|编者的话|开栏的话|[▼▲◀▶■●◆◇□]"
    r"|新华社\S{1,8}\d+月\d+日电|By [A-Z][a-z]"
)
_LIST_ITEM = re.compile(
    r"[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,2}[）)]|\d{1,2}[.、．](?!\d)|[问答][：:]"
)
_UNIT = re.compile(r"[年月日时点分秒个万亿元吨米人名件户次项家处岁届号度%％℃]|微克|平方|公里|千克|公顷|[.．]\d")
_REST_OF_NUMBER = re.compile(
    r"\d{1,4}(?:[.．]\d{1,4})?[万亿余多]{0,2}(?:[人个元吨米名件户次项家处号度%％℃辆栋座亩只]|微克|平方|公里|千克|公顷)"
)
_FIRST_UNIT = re.compile(r"[“‘《（(「『]*(?:[A-Za-z0-9.,:%/+-]+|.)[，。、；：！？）》」』”’】％]*")
_CREDITED = re.compile(
    r"(?:[\s。）/／]\S{1,4}|\S{2,4}\s?[/／]?\s?)摄[）)]?$|[（(][\u4e00-\u9fff]{2,12}(?:供图|摄)[）)]$"
)
_PICTURED = re.compile(r"图为|[▼▲◀▶]")
_LATIN_END = re.compile(r"[A-Za-z][,.;:)”\"]?$|[A-Za-z,] [\d,.]+[,.;:]?$|^[\d,.]+$")
_LATIN_WORD_END = re.compile(r"[A-Za-z0-9-]")
_LATIN_START = re.compile(r"\A(?:[A-Za-z(“\"]|\d[\d,.]*(?: [a-z]|[,.;]?$))")
_CONTINUATION_LINE_END = re.compile(r"[（(][上下][接转][^（）()]{1,8}[）)]$")
_SMALL_WORD = r"(?:a|an|the|of|in|on|at|for|to|and|as|with|by|from)"
_TITLE_CASE = re.compile(
    rf"""
    \A(?:[A-Z][A-Za-z'’-]*|\d[\d.,%]*|{_SMALL_WORD}[ ](?=[A-Z\d]))
    (?:[ ](?:[A-Z][A-Za-z'’-]*|\d[\d.,%]*|{_SMALL_WORD}(?=[ ][A-Z\d]))){{2,}}$
    """,
    re.VERBOSE,
)
_CLAUSE_MARK = re.compile(r"[，。；：]")
_MARK = re.compile(r"[，。；]|[a-z]{2}[.;,](?:\s|$)")
_LOWER = re.compile(r"[a-z]")
_HYPHENATED = re.compile(r"[A-Za-z]-$")
# Prefixes that keep their hyphen: a compound broken at its own hyphen (Merriam-Webster lists them as first elements).
_COMPOUND = re.compile(
    r"\b(?:long|short|high|low|well|self|co|non|mid|full|part|first|second|third|so|far|old|new|two|three)-$",
    re.IGNORECASE,
)


def find_paragraphs(text: str, alone: Collection[int] = ()) -> list[Paragraph]:
    """Return the paragraphs, headings and other blocks that the printed lines make up, in order.

    A line goes on in the next one when its sentence is open and it fills its column, or when a word, a number or a
    bracket would be torn. The column's width is learnt from the lines around it, since it changes within a page and
    within an article. After a full line that ends a sentence the next line tells: the first line of a paragraph lacks
    the width of its indent.

    Args:
        alone: starts of lines that hang together with no other, since they were printed twice.
    """
    return chain_lines(measure_lines(text), alone)


def chain_lines(lines: Sequence[Line], alone: Collection[int] = (), opening: Collection[int] = ()) -> list[Paragraph]:
    """Return the paragraphs of a page's lines, as find_paragraphs does.

    Args:
        opening: starts of lines that begin a paragraph, e.g. an item of a list.
    """
    wrap_gap = _wrap_gap(lines)
    chains: list[list[Line]] = []
    for number, line in enumerate(lines):
        before = lines[number - 1] if number else line
        is_alone = line.start in alone or before.start in alone or line.start in opening
        is_item = number and chains[-1][0].start in opening
        if (
            number
            and not is_alone
            and (_goes_on(lines, number - 1, wrap_gap, chains[-1]) or (is_item and _tears_item(before, line)))
        ):
            chains[-1].append(line)
        else:
            chains.append([line])
    parts = (part for chain in chains for part in ([chain] if chain[0].start in opening else _part_display(chain)))
    return [Paragraph(tuple(part)) for part in parts]


def _tears_item(line: Line, after: Line) -> bool:
    """Whether a word of a list's item goes on in the next line, however short that is."""
    return line.width >= MIN_COLUMN and after.gap <= 1 and cuts_word(line.text[-6:], after.text[:6])


def rejoin_lines(text: str) -> tuple[str, tuple[Fix, ...]]:
    """Undo hard wraps: every line of the result is a whole paragraph, a headline or the like."""
    fixes = tuple(fix for paragraph in find_paragraphs(text) for fix in find_wraps(text, paragraph))
    return replayed(text, fixes), fixes


def find_wraps(text: str, paragraph: Paragraph, base: int = 0) -> list[Fix]:
    """Return what joins the lines of a paragraph, with starts that count from `base` in the page's text."""
    fixes = []
    for line, after in itertools.pairwise(paragraph.lines):
        if _HYPHENATED.search(line.text[-2:]) and _LOWER.match(after.text):
            start = line.end if _COMPOUND.search(line.text) else line.end - 1
            fixes.append(Fix("hyphenation", start - base, text[start : after.start], ""))
        else:
            glue = _glue(line.text, after.text)
            fixes.append(Fix("hard_wrap", line.end - base, text[line.end : after.start], glue))
    return fixes


def _wrap_gap(lines: Sequence[Line]) -> int:
    """How many newlines part the lines of a column on this page: one, or two where the dump doubled them."""
    gaps = Counter(
        min(after.gap, 2)
        for line, after in itertools.pairwise(lines)
        if MIN_COLUMN <= line.width <= UNWRAPPED and abs(line.width - after.width) <= SLACK and not is_closed(line.text)
    )
    return 2 if gaps[2] > gaps[1] else 1


def _goes_on(lines: Sequence[Line], number: int, wrap_gap: int, chain: Sequence[Line]) -> bool:
    line, after = lines[number], lines[number + 1]
    if _is_parted(line, after):
        return False
    if _tears_number(line, after):
        return True
    if line.width > UNWRAPPED:
        return not is_closed(line.text) and after.width >= MIN_COLUMN / 2
    if _TITLE_CASE.match(after.text):
        return False
    if is_closed(line.text):
        return _goes_on_in_next_sentence(lines, number, wrap_gap, is_first=len(chain) == 1)
    if _LIST_ITEM.match(after.text) and line.text[-1] in "；;：:":
        return False
    return _goes_on_in_sentence(lines, number, wrap_gap, chain)


def _is_parted(line: Line, after: Line) -> bool:
    """Whether what is printed says that something else begins: a mark of a frame, the beginning of a block, a credit, a continuation line."""
    return bool(
        (after.opens_frame and not cuts_word(line.text[-6:], after.text[:6]))
        or _STARTS_BLOCK.match(after.text)
        or _PICTURED.match(after.text)
        or _is_credited(after)
        or _is_credited(line)
        or _CONTINUATION_LINE_END.search(line.text[-14:])
    )


def _tears_number(line: Line, after: Line) -> bool:
    """Whether the break tears a number from its unit or its decimals."""
    if line.text[-1].isdigit() and _UNIT.match(after.text):
        return True
    if line.text[-1].isdigit() and _REST_OF_NUMBER.match(after.text) and line.width >= MIN_COLUMN:
        return bool(_CLAUSE_MARK.search(line.text))  # else two figures below one another in a table
    decimal = line.text[-1] in ".．" and line.text[-2:-1].isdigit() and after.text[0].isdigit()
    return decimal and len(line.text) < UNWRAPPED


def _goes_on_in_next_sentence(lines: Sequence[Line], number: int, wrap_gap: int, *, is_first: bool) -> bool:
    """Whether the line after one that ends a sentence is of the same paragraph."""
    column = _column(lines, number, is_first=is_first)
    above = max(_columns(lines[max(0, number - NEIGHBOURS) : number], NEIGHBOURS), default=0.0)
    if column is None or column < above - SLACK:
        return False
    return not _is_first_line(lines[number + 1], column, wrap_gap)


def _goes_on_in_sentence(lines: Sequence[Line], number: int, wrap_gap: int, chain: Sequence[Line]) -> bool:
    """Whether an open sentence goes on in the next line, rather than being a headline's or cut off."""
    line, after = lines[number], lines[number + 1]
    if _is_headline_below(lines, number) and not cuts_word(line.text[-6:], after.text[:6]):
        return False
    if _is_broken_into(lines, number):
        return False
    if _tears(line, after):
        return True
    is_first = len(chain) == 1
    is_display = len(chain) <= DISPLAY_LINES and not any(_MARK.search(part.text) for part in chain)
    if is_display and ((is_first and wrap_gap == 1 < after.gap) or _is_heading_over(lines, number, is_first=is_first)):
        return False
    column = _column(lines, number, is_first=is_first)
    if column is not None:
        return not _looks_like_headline(lines, number + 1, column)
    return _is_running(lines, number, chain) and _is_running(lines, number + 1, ())


def _is_credited(line: Line) -> bool:
    """Whether a line ends in the credit of a picture."""
    return line.text[-1] in "摄）)图" and line.width < UNWRAPPED and bool(_CREDITED.search(line.text[-20:]))


def _tears(line: Line, after: Line) -> bool:
    """Whether a break between the lines would tear a word, a bracket or a clause of running text."""
    if min(line.width, max(after.width, line.width / 2)) < MIN_COLUMN:
        return False
    if _FOLLOWS.match(after.text) and not after.text.startswith("“"):
        return True
    if _LEADS_ON.search(line.text[-2:]) or (_HYPHENATED.search(line.text[-2:]) and after.text[:1].islower()):
        return True
    return cuts_word(line.text[-6:], after.text[:6])


def _column(lines: Sequence[Line], number: int, *, is_first: bool) -> float | None:
    """Width of the column that a line fills; None when the next line's first word would have fitted in."""
    columns = _columns(lines, number)
    if not columns:
        return None
    line, after = lines[number], lines[number + 1]
    unit = _FIRST_UNIT.match(after.text)
    short = max(measure(unit.group()) if unit else 1.0, 1.0) + 0.6 + KERNING * line.spaces
    if _LATIN_WORD_END.match(line.text[-1]):
        short += 0.5  # the space
    short = max(short, RAGGED if line.text.isascii() else SLACK) + (INDENT if is_first else 0)
    return max((column for column in columns if -short <= line.width - column <= SLACK), default=None)


def _columns(lines: Sequence[Line], number: int) -> list[float]:
    """Widths of the columns that a line may stand in: what at least two of the lines around it fill."""
    around = (*lines[max(0, number - NEIGHBOURS) : number], *lines[number + 1 : number + 1 + NEIGHBOURS])
    widths = sorted([other.width for other in around if MIN_COLUMN <= other.width <= UNWRAPPED])
    if len(widths) < 2:
        return []
    slack = RAGGED if number < len(lines) and lines[number].text.isascii() else SLACK
    return [
        width
        for width, below, above in zip(widths[1:], widths, [*widths[2:], 2 * UNWRAPPED], strict=False)
        if width - below <= slack and above - width > SLACK / 2
    ]


def _is_first_line(line: Line, column: float, wrap_gap: int) -> bool:
    """Whether the line after a full one that ends a sentence begins a paragraph: it lacks its indent's width."""
    if (wrap_gap == 1 and line.gap > 1) or _LIST_ITEM.match(line.text):
        return True
    return line.width <= column - SLACK / 2


def _is_heading_over(lines: Sequence[Line], number: int, *, is_first: bool) -> bool:
    """Whether an open line without a mark is a heading: the line below is the one with the indent, or a whole paragraph."""
    line, after = lines[number], lines[number + 1]
    if after.width > UNWRAPPED > 2 * line.width:
        return True
    if line.text.isascii():
        return bool(_TITLE_CASE.match(line.text))
    below = lines[number + 2].width if number + 2 < len(lines) else 0.0
    return is_first and MIN_COLUMN <= below <= UNWRAPPED and abs(below - INDENT - after.width) <= SLACK / 2


def _is_headline_below(lines: Sequence[Line], number: int) -> bool:
    """Whether the next lines are a headline, told by the article that begins below them: this sentence was cut."""
    for below in range(number + 1, min(number + 1 + DISPLAY_LINES, len(lines))):
        if _MARK.search(lines[below].text) or is_closed(lines[below].text):
            return False
        if below + 1 < len(lines) and _STARTS_BLOCK.match(lines[below + 1].text):
            return lines[below + 1].text.startswith(("本报", "新华社", "By "))
    return False


def _looks_like_headline(lines: Sequence[Line], number: int, column: float) -> bool:
    """Whether a line below a full one is too short to be of its column, and ends neither its sentence nor a clause."""
    line = lines[number]
    if line.width > column - RAGGED / 2 or is_closed(line.text) or _CLAUSE_MARK.search(line.text):
        return False
    below = lines[number + 1].text[:6] if number + 1 < len(lines) else ""
    return len(line.text) >= 2 * DISPLAY_LINES and not line.text.isascii() and not cuts_word(line.text[-6:], below)


def _is_broken_into(lines: Sequence[Line], number: int) -> bool:
    """Whether a caption stands between a line and the one that its last word goes on in."""
    line, after = lines[number], lines[number + 1]
    if number + 2 >= len(lines) or not is_closed(after.text) or cuts_word(line.text[-6:], after.text[:6]):
        return False
    return cuts_word(line.text[-6:], lines[number + 2].text[:6])


def _is_running(lines: Sequence[Line], number: int, chain: Sequence[Line]) -> bool:
    """Whether a line looks like running text by itself or by what it goes on from."""
    line = lines[number]
    if len(chain) > 1:
        return True
    widths = [other.width for other in lines[max(0, number - 2) : number + 3] if other.width <= UNWRAPPED]
    wide = line.width >= max(MIN_COLUMN, 0.8 * sorted(widths)[len(widths) // 2])
    return bool(_CLAUSE_MARK.search(line.text)) and (wide or (not chain and is_closed(line.text)))


def _part_display(chain: Sequence[Line]) -> list[list[Line]]:
    """Keep the lines of a headline apart: a few lines in which no sentence ends, unless a word would be torn."""
    text = "".join(line.text for line in chain)
    is_display = (
        1 < len(chain) <= DISPLAY_LINES
        and not is_closed(text)
        and not _MARK.search(text)
        and sum(line.width for line in chain) <= DISPLAY_WIDTH
    )
    if not is_display:
        return [list(chain)]
    parts = [[chain[0]]]
    for line, after in itertools.pairwise(chain):
        if _tears_number(line, after) or _tears(line, after):
            parts[-1].append(after)
        else:
            parts.append([after])
    return parts


def _glue(left: str, right: str) -> str:
    """What stands between two joined lines: nothing in Chinese, a space in Latin text."""
    return " " if _LATIN_START.match(right) and _LATIN_END.search(left) else ""
